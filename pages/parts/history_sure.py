"""How sure the measures are: each with its interval beside what the company or the template says, and as tables."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import streamlit as st

from model import Company, assumptions
from model.text import numbered
from pages.parts import history_figures as figures
from pages.parts.blocks import chart, escaped, small
from pages.parts.history_figures import Point
from pages.parts.history_seen import Seen
from pages.parts.measures_table import measures_table
from pages.parts.state import Session

if TYPE_CHECKING:
    from model.history.measuring.measure import Measured

SPAN = (0.0, 2.0)


def answer(seen: Seen) -> str:
    """Say how many measures there are and how many rest on too little."""
    found = seen.result.calibration.measured
    few = sum(not one.enough for one in found)
    return f"{len(found):,} values are measured, {few or 'none'} of them on too few rows"


def draw(session: Session, seen: Seen) -> None:
    """Draw measures against the company, the table of all, what cannot be measured, and the downloads."""
    _against(session, seen)
    _table(seen)
    _missing(seen)
    _downloads(seen)


def compared_with(session: Session, seen: Seen) -> Company:
    """Return the company that the measures are held against: the one in view, or the template if that is the measured one."""
    return seen.result.template if session.scenario.company == seen.company else session.scenario.company


def _against(session: Session, seen: Seen) -> None:
    other = compared_with(session, seen)
    points = []
    for one in seen.result.calibration.measured:
        known = _value_in(other, one, seen.segment) if one.segment == seen.segment and not one.of else math.nan
        if one.n and math.isfinite(known) and known > 0:
            points.append(_point(seen, one, known, other))
    if not points:
        small(f"No measure sets a rate that {other.title} has.")
        return
    beside = sum(one.enough and (one.low > 1 or one.high < 1) for one in points)
    title = f"{beside} of {len(points)} values differ from {other.title} beyond chance"
    figure = figures.dots(points, left=172, right=66, span=SPAN, at=1.0)
    figure["layout"]["xaxis"] |= {"tickvals": [0, 1, 2], "ticktext": ["0", "same", "twice"]}
    chart(title[:90], f"Each rate as a multiple of what {other.title} has; whisker: 90 % interval, grey: too few rows{seen.of}",
          figure, "history-sure")  # fmt: skip


def _value_in(company: Company, one: Measured, segment: str) -> float:
    """Return what a company has where a measure would set it."""
    name = one.declared.sets
    if not name or one.declared.shown_as == "money" or assumptions()[name].across in ("sum", "fact"):
        return math.nan  # how large a company is says nothing about how sure its rates are
    if segment in company.segments and name in company.assumptions:
        return float(company.assumptions[name][segment])
    return float(company.mean(name))


def _point(seen: Seen, one: Measured, known: float, other: Company) -> Point:
    show, currency = one.declared.show, seen.company.currency
    ratio, there = one.value / known, show(known, other.currency)
    told = f"{one.declared.label}: {show(one.value, currency)} ({seen.between(one) or 'no interval'}), {numbered(one.n, one.declared.noun)}; {other.title}: {there}"
    return Point(one.declared.label, ratio, one.low / known, one.high / known, one.enough,
                 show(one.value, currency), told)  # fmt: skip


def _table(seen: Seen) -> None:
    st.markdown(f"## All measures :gray[{len(seen.result.calibration.measured)}]")
    asked = st.text_input("Search", key="history-search", placeholder="retention, enterprise, too few …", icon=":material/search:",
                          label_visibility="collapsed", persist_state="session")  # fmt: skip
    measures_table(seen, "history-table", asked)


def _missing(seen: Seen) -> None:
    """List what the files do not bear, and what it would take."""
    missing = seen.result.calibration.left
    with st.expander(f"{len(missing)} values stay the template's or cannot be measured, and what it would take"):
        for text in missing:
            st.markdown(f"- {escaped(text)}")


def _downloads(seen: Seen) -> None:
    from model.history.written import measures_csv, movements_csv

    with st.container(horizontal=True):
        st.download_button("Measures, CSV", measures_csv(seen.result.calibration), "measures.csv", "text/csv", key="measures-csv",
                           on_click="ignore", icon=":material/download:")  # fmt: skip
        st.download_button("Movements, CSV", movements_csv(seen.result.calibration), "movements.csv", "text/csv", key="movements-csv",
                           on_click="ignore", icon=":material/download:")  # fmt: skip
