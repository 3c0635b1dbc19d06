"""All measures as a table: value, interval, what it rests on, period, mark and method."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from model.text import numbered
from pages.parts.blocks import small
from pages.parts.history_seen import Seen

TALLEST = 420


def measures_table(seen: Seen, key: str, asked: str = "") -> None:
    """Draw the measures that contain all words asked for."""
    words = asked.lower().split()
    found = [row for row in _rows(seen) if all(word in " ".join(row.values()).lower() for word in words)]
    if not found:
        small("Nothing here has all of these words.")
        return
    told = [name for name in found[0] if any(row[name] for row in found)]  # a column without a word is none
    st.dataframe(pd.DataFrame(found)[told], hide_index=True, column_config={"How": st.column_config.TextColumn(width="large")},
                 height=min(TALLEST, 38 + 35 * len(found)), key=key)  # fmt: skip


def _rows(seen: Seen) -> list[dict[str, str]]:
    titles = seen.facts.segments
    return [
        {"Measure": one.declared.label, "Part": one.of, "Segment": titles.get(one.segment, "All"), "Value": seen.shown(one),
         "90 % interval": seen.between(one) or "counted", "Rests on": numbered(one.n, one.declared.noun), "Period": one.period,
         "Mark": one.mark, "How": one.declared.how}
        for one in seen.result.calibration.measured
    ]  # fmt: skip
