"""RevLens. `streamlit run app.py` starts it; the frame of all pages is pages/frame.py.

The script is named here, and is not this file, because a folder pages/ beside the script that runs would switch on
Streamlit's older way of finding pages.
"""

import gc
from pathlib import Path

import pandas  # noqa: F401  imported before the freeze, so that no session pays for it
import plotly.io  # noqa: F401  the same
import streamlit as st

import model.kernel  # noqa: F401  compiled, or loaded, before anybody waits for it
from pages import (  # noqa: F401  the same
    assessment,
    choose,
    company,
    delivery,
    history,
    lens,
    method,
    overview,
    own_lens,
    retention_profit,
    scores,
)  # fmt: skip

gc.collect()
gc.freeze()

app = st.App(Path(__file__).parent / "pages" / "frame.py")
