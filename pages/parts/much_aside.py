"""A warning beside every headline that rests on a file of which much was set aside."""

from __future__ import annotations

import streamlit as st

from pages.parts.blocks import escaped
from pages.parts.own_data import Result


def much_set_aside(result: Result) -> None:
    """Say of each file of which more than a tenth of the rows, or of the money, is not in what was measured."""
    from model.history.reading.unused import much_aside

    for told in filter(None, map(much_aside, result.accounts)):
        st.warning(escaped(told), icon=":material/warning:")
