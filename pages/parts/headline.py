"""The four figures that stay on top of every page."""

from __future__ import annotations

import numpy as np
import streamlit as st

from model.catalogue import metrics
from model.metrics import View
from model.text import shown
from pages.parts.blocks import delta, escaped_dollars, last_known, period_name
from pages.parts.state import Session

FIGURES = (("arr", 1), ("revenue", 12), ("operating_profit", 12), ("nrr", 1))
CURVE_POINTS = 24


def draw(session: Session) -> None:
    """Draw the headline figures with their change against the base and a small curve."""
    currency = session.scenario.company.currency
    now, then = View(session.projection, session.segment), View(session.base, session.segment)
    with st.container(key="headline"), st.grid(4, min_column_width=150, gap="xsmall"):
        for name, months in FIGURES:
            entry = metrics()[name]
            series = now.metric(name)
            value, base = last_known(series), last_known(then.metric(name))
            text, colour = delta(entry, value, base, currency)
            title = "Company profit" if session.segment and name == "operating_profit" else entry.label
            label = f"{title}, {period_name(session.projection, months)}"
            st.metric(
                label, escaped_dollars(shown(value, entry.shown_as, currency)), escaped_dollars(text),
                delta_color=colour, delta_arrow="off", delta_description=None if text == "Base" else "vs base",
                help=_help(session, name), border=True, chart_data=_curve(series),
            )  # fmt: skip


def _help(session: Session, name: str) -> str:
    told = metrics()[name].definition
    return (
        f"{told} Of the whole company, whatever the segment."
        if session.segment and name == "operating_profit"
        else told
    )


def _curve(series: np.ndarray) -> list[float] | None:
    known = series[np.isfinite(series)]
    if known.size < 2:
        return None
    points = np.linspace(0, known.size - 1, min(CURVE_POINTS, known.size)).round().astype(int)
    return [float(value) for value in known[points]]
