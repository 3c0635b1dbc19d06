"""The editor of lead scores: the order, the share of leads worked, and the bands."""

from __future__ import annotations

from dataclasses import dataclass, replace

import streamlit as st

from model.frameworks.scoring import CONVERSION, COUNT, DEFAULT_BANDS, DIGITS, SHARE, WORD, WORKED, Band, LeadScores
from model.scenario import Scenario
from model.text import number, rate
from pages.parts.blocks import small
from pages.parts.inputs import line
from pages.parts.state import Session

ORDERS = {False: "First come", True: "Score order"}


@dataclass(frozen=True)
class Column:
    """A column of the editor: which part of a band, as it is shown (per cent for shares)."""

    part: str
    label: str
    factor: float
    bounds: tuple[float, float]
    step: float


COLUMNS = (
    Column("share", "Share of leads, %", 100.0, SHARE, 1.0),
    Column("conversion", "Conversion, times the mean", 1.0, CONVERSION, 0.1),
)


def scores_of(scenario: Scenario) -> LeadScores:
    """Return the lead scores of a scenario, or the default ones, not in use."""
    plan = scenario.plan(WORD)
    return plan if isinstance(plan, LeadScores) else LeadScores()


def draw(session: Session) -> None:
    """Draw the editor; what is changed in it becomes the plan of the scenario."""
    scores = scores_of(session.scenario)
    st.markdown("## Order, capacity and bands")
    with st.container(gap="xsmall"):
        with st.container(horizontal=True, gap="medium"):
            _order(session, scores)
            _count(session, scores)
        _worked(session, scores)
        _bands(session, scores)
        _told(scores)


def _set(session: Session, **parts: bool | float) -> None:
    present = scores_of(session.scenario)
    session.set_plan(LeadScores(present.bands, float(parts.get("worked", present.worked)),
                                bool(parts.get("ordered", present.ordered))))  # fmt: skip


def _order(session: Session, scores: LeadScores) -> None:
    session.widget(
        "scores:order", scores.ordered,
        lambda: st.segmented_control("Leads are worked", list(ORDERS), default=scores.ordered, key="scores:order", required=True,
                                     format_func=ORDERS.__getitem__),
        lambda s, ordered: _set(s, ordered=ordered),
    )  # fmt: skip


def _count(session: Session, scores: LeadScores) -> None:
    counts = list(range(COUNT[0], COUNT[1] + 1))
    session.widget(
        "scores:count", len(scores.bands),
        lambda: st.segmented_control("Bands", counts, default=len(scores.bands), key="scores:count", required=True),
        lambda s, count: s.set_plan(scores_of(s.scenario).with_count(int(count))),
    )  # fmt: skip


def _worked(session: Session, scores: LeadScores) -> None:
    """Draw the share of leads worked, in per cent."""
    key, low, high = f"slider:{WORD}.worked", 100 * WORKED[0], 100 * WORKED[1]
    present, default = round(100 * scores.worked, DIGITS), 100 * LeadScores().worked
    st.html(line("Worked", "% of leads the team can work", "", rate(scores.worked), (default - low) / (high - low)))
    session.widget(
        key, present,
        lambda: st.slider("Share of leads the team can work", low, high, present, 1.0, key=key, format="%.0f %%",
                          label_visibility="collapsed"),
        lambda s, shown: _set(s, worked=round(shown / 100, DIGITS)),
    )  # fmt: skip


def _bands(session: Session, scores: LeadScores) -> None:
    """Draw a row for each band; the names of the columns stand over the first."""
    for place, band in enumerate(scores.bands):
        for box, column in zip(st.columns(2, gap="small", wrap=False), COLUMNS, strict=True):
            with box:
                _cell(session, column, place, band)


def _cell(session: Session, column: Column, place: int, band: Band) -> None:
    key, (low, high) = f"scores:{column.part}:{place}", column.bounds
    value = round(column.factor * getattr(band, column.part), DIGITS)
    label = f"Band {place + 1}: {column.label.lower()}" if place else column.label
    session.widget(
        key, value,
        lambda: st.number_input(label, column.factor * low, column.factor * high, value, column.step, key=key, format="%.6g",
                                label_visibility="collapsed" if place else "visible"),
        lambda s, shown: _take(s, place, column.part, round(shown / column.factor, DIGITS)),
    )  # fmt: skip


def _take(session: Session, place: int, part: str, value: float) -> None:
    """Take one value of a band over, unless the band is gone or no band would convert any more."""
    scores = scores_of(session.scenario)
    if place >= len(scores.bands):
        return
    changed = scores.with_band(place, replace(scores.bands[place], **{part: value}))
    if changed is scores:
        session.notices = (f"At least one band must convert; band {place + 1} stays as it is.",)
    else:
        session.set_plan(changed)


def _told(scores: LeadScores) -> None:
    """Say what the bands are taken as, and that the default ones are judgement."""
    total = sum(band.share for band in scores.bands)
    scaled = max(abs(relative - band.conversion) for relative, band in zip(scores.relative, scores.bands, strict=True))
    if abs(total - 1) > 5e-4:
        small(f"Shares add up to {rate(total)}; each is divided by that.")
    if scaled > 5e-3:
        relative = ", ".join(f"{number(value, 2)}×" for value in scores.relative)
        small(f"So that their mean is 1, conversions count as {relative}.")
    if scores.bands == DEFAULT_BANDS:
        small(
            "These bands are judgement: a score worth having, far from what vendors claim. Enter your own counts by score."
        )
