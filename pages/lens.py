"""A lens: one stage of a framework, drawn from its file in data/lenses."""

from __future__ import annotations

import streamlit as st

from model import Projection, Scenario, assumptions
from model.lens import Lens
from model.scenario import Move
from model.text import counted, money
from pages.parts import inputs, lens_charts
from pages.parts.blocks import head, kpi_strip, small, sources_of
from pages.parts.lens_charts import end_name
from pages.parts.state import Session, projected


def page(session: Session, lens: Lens) -> None:
    """Draw the page of a lens."""
    title, rows = st.container(), [st.columns([5, 7], gap="medium") for _ in lens.groups]
    for number, (group, (left, right)) in enumerate(zip(lens.groups, rows, strict=True)):
        with right:  # first, so that the charts are on their way while the rest is worked out
            lens_charts.draw(session, group.chart, f"{lens.id}:{number}")
        with left:
            inputs.levers(session, group.title, group.levers)
    with title:
        head(_answer(session, lens), lens.title, lens.question)
    kpi_strip(session, lens.kpis)
    small(f"{lens.framework}: {lens.about} Owner: {lens.owner}. Tools: {', '.join(lens.tools)}.")
    sources_of([*lens.levers, *lens.kpis])


def _answer(session: Session, lens: Lens) -> str:
    """Say what the moves of this lens add together, or what its first lever is worth."""
    scenario, currency = session.scenario, session.scenario.company.currency
    own = [move for move in scenario.moves if move.name in lens.levers]
    when = end_name(session.projection)
    if not own:
        return f"Nothing moved here yet. {_worth(session, lens.levers[0])}"
    without = Scenario.of(scenario.company, [move for move in scenario.moves if move not in own], scenario.horizon)
    arr, profit = (_difference(session, projected(without), line) for line in ("arr_closing", "operating_profit"))
    subject, s = ("This move", "s") if len(own) == 1 else (f"These {counted(len(own), 'move').lower()}", "")
    of = f"{scenario.company.segments[session.segment]} ARR" if session.segment else "ARR"
    first = f"{'add' if arr >= 0 else 'cost'}{s} {money(abs(arr), currency)} of {of}"
    span = f"over {scenario.horizon / 12:.3g} years"
    if profit * arr >= 0:
        return f"{subject} {first} by {when} and {money(abs(profit), currency)} of profit {span}"
    second = f"{'add' if profit >= 0 else 'cost'}{s} {money(abs(profit), currency)} of profit {span}"
    return f"{subject} {first} by {when} but {second}"


def _difference(session: Session, other: Projection, line: str) -> float:
    """Return ARR of the segment in view at the end, or profit in total, less that of another projection."""
    now, then = (projection.of(line, session.segment) for projection in (session.projection, other))
    return float(now[-1] - then[-1]) if line == "arr_closing" else float(now.sum() - then.sum())


def _worth(session: Session, name: str) -> str:
    """Say what a small step of a lever brings in ARR by the end: one point of a rate, a tenth of a count."""
    scenario, entry = session.scenario, assumptions()[name]
    key = f"{name}.{session.segment}" if session.segment and entry.scope == "segment" else name
    base = session.base_of(key)
    step, told = (0.01, "One point of") if entry.shown_as == "rate" else (0.1 * base, "A tenth more")
    moved = projected(scenario.with_move(Move(name, min(entry.max, base + step), key.partition(".")[2])))
    worth = moved.of("arr_closing", session.segment)[-1] - session.projection.of("arr_closing", session.segment)[-1]
    amount = money(float(worth), scenario.company.currency)
    return f"{told} {entry.label.lower()} is worth {amount} of ARR by {end_name(session.projection)}"
