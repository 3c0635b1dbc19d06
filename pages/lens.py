"""A lens: a framework, drawn from its file in data/lenses."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from model import Projection, assumptions
from model.lens import Lens, Stage
from model.scenario import Move
from model.text import counted, money
from pages.parts import inputs, lens_charts, maturity
from pages.parts.blocks import escaped, head, kpi_strip, small, sources_of
from pages.parts.lens_charts import end_name
from pages.parts.state import Session, projected


def page(session: Session, lens: Lens) -> None:
    """Draw the page of a lens: the stage in view, its figures, then what the framework shows as a whole."""
    stage = lens.stage(session.stage)
    session.stage = stage.id if len(lens.stages) > 1 else ""
    head(
        maturity.answer(session, stage.element) if stage.element else _answer(session, stage), lens.title, lens.question
    )
    if len(lens.stages) > 1:
        _choice(session, lens, stage)
    if stage.element:
        maturity.draw(session, stage.element)
    for number, group in enumerate(stage.groups):
        left, right = st.columns([5, 7], gap="medium")
        with right:  # first, so that the chart is on its way while the levers are drawn
            lens_charts.draw(session, group.chart, f"{lens.id}:{stage.id}:{number}")
        with left:
            st.markdown(f"## {escaped(group.title)}")
            inputs.levers(session, list(group.levers))
    kpi_strip(session, stage.kpis)
    small(f"{lens.framework}: {stage.about} Owner: {stage.owner}. Tools: {', '.join(stage.tools)}.")
    for first in range(0, len(lens.charts), 2):
        row = lens.charts[first : first + 2]
        for column, wanted in zip(st.columns(len(row), gap="medium"), row, strict=True):
            with column:
                lens_charts.draw(session, wanted, f"{lens.id}:{first}:{wanted.kind}:{wanted.of}")
    sources_of([*stage.levers, *stage.kpis])


def _choice(session: Session, lens: Lens, stage: Stage) -> None:
    """Offer the stages of a lens, the present one chosen."""
    titles = {entry.id: entry.title for entry in lens.stages}

    def look_at(s: Session, chosen: str) -> None:
        s.stage = chosen

    session.widget(
        f"stage:{lens.id}", stage.id,
        lambda: st.segmented_control("Stage", list(titles), default=stage.id, format_func=titles.__getitem__,
                                     key=f"stage:{lens.id}", required=True, label_visibility="collapsed"),
        look_at,
    )  # fmt: skip


def _answer(session: Session, stage: Stage) -> str:
    """Say what the moves of this stage add together, or what its first lever is worth."""
    scenario, currency = session.scenario, session.scenario.company.currency
    own = [move for move in scenario.moves if move.name in stage.levers]
    when = end_name(session.projection)
    if not own:
        return f"Nothing moved here yet. {_worth(session, stage.levers[0])}"
    without = replace(scenario, moves=tuple(move for move in scenario.moves if move not in own))
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
