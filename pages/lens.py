"""A lens: a framework, drawn from its file in data/lenses."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from model import Projection, assumptions
from model.frameworks.lens import Lens, Stage
from model.moves import Move
from model.text import counted, glance, money
from pages.parts import inputs, lens_charts, maturity
from pages.parts.blocks import head, kpi_strip, send_so_far, small, sources_of
from pages.parts.periods import end_name, years_name
from pages.parts.state import Session, projected

LEAST = 0.5
"""Money that is shown as nothing."""


def page(session: Session, lens: Lens) -> None:
    """Draw the page of a lens: the stage in view, its figures, then what the framework shows as a whole.

    Charts come first, and the first of all is sent at once, so that it is drawn while the rest is worked out.
    """
    stage = lens.stage(session.stage)
    if session.adopted and session.stage not in ("", stage.id):
        session.notices += (_no_stage(session.stage, lens, stage),)
    session.stage = stage.id if len(lens.stages) > 1 else ""
    top, rows = st.container(), [st.columns([5, 7], gap="medium") for _ in stage.groups]
    for number, (group, (left, right)) in enumerate(zip(stage.groups, rows, strict=True)):
        with right:
            lens_charts.draw(session, group.chart, f"{lens.id}:{stage.id}:{number}")
        if number == 0:
            send_so_far()
        with left:
            inputs.levers(session, group.title, group.levers)
    with top:
        answer = maturity.answer(session, stage.element) if stage.element else _answer(session, stage)
        head(answer, lens.title, lens.question)
        if len(lens.stages) > 1:
            _choice(session, lens, stage)
        if stage.element:
            maturity.draw(session, stage.element)
    kpi_strip(session, stage.kpis)
    if about := _about(stage):
        small(f"{lens.framework}: {about}")
    for first in range(0, len(lens.charts), 2):
        row = lens.charts[first : first + 2]
        for column, wanted in zip(st.columns(len(row), gap="medium"), row, strict=True):
            with column:
                lens_charts.draw(session, wanted, f"{lens.id}:{first}:{wanted.kind}:{wanted.of}")
    sources_of([*stage.levers, *stage.kpis])


def _no_stage(asked: str, lens: Lens, shown: Stage) -> str:
    """Say that a lens has no such stage as a link asks for, and what it has."""
    known = [stage.id for stage in lens.stages]
    there = f"there is {', '.join(known)}. {shown.title} is shown." if len(known) > 1 else "it has no stages."
    return f"{lens.title} has no stage {glance(asked)!r} (stage=…); {there}"


def _about(stage: Stage) -> str:
    """Return what a stage is about, who owns it and with which tools, as far as its file says so."""
    owner = f"Owner: {stage.owner}." if stage.owner else ""
    tools = f"Tools: {', '.join(stage.tools)}." if stage.tools else ""
    return " ".join(filter(None, (stage.about, owner, tools)))


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
    if not own:
        return f"{'Nothing moved here yet. ' if scenario.is_base else ''}{_worth(session, stage)}"
    without = projected(replace(scenario, moves=tuple(move for move in scenario.moves if move not in own)))
    subject, s = ("This move", "s") if len(own) == 1 else (f"These {counted(len(own), 'move').lower()}", "")
    of = f"{scenario.company.segments[session.segment]} ARR" if session.segment else "ARR"
    gains = _gains(session.projection, without, stage, session.segment, of)
    if not gains:
        return f"{subject} change{s} neither ARR, profit nor cash by {end_name(session.projection)}"
    (first, what, when), *rest = gains
    answer = f"{subject} {_verb(first)}{s} {money(abs(first), currency)} of {what}"
    answer += "" if rest and rest[0][2] == when else f" {when}"
    for second, what, when in rest:
        more = "and" if first * second > 0 else f"but {_verb(second)}{s}"
        answer += f" {more} {money(abs(second), currency)} of {what} {when}"
    return answer


def _verb(amount: float) -> str:
    return "add" if amount >= 0 else "cost"


def _gains(
    now: Projection, other: Projection, stage: Stage, segment: str, arr: str = "ARR"
) -> list[tuple[float, str, str]]:
    """Return what one projection has more than another, of what and when: the first two that differ.

    ARR comes first, then profit and cash; cash before profit in a stage that shows it.
    """
    end, span = f"by {end_name(now)}", f"over {years_name(now)}"
    told = {"arr_closing": (arr, end), "operating_profit": ("profit", span), "cash_collected": ("cash", span)}
    found = {line: now.of(line, segment) - other.of(line, segment) for line in told}
    amounts = {line: float(more[-1] if line == "arr_closing" else more.sum()) for line, more in found.items()}
    order = sorted(told, key=["arr_closing", *stage.kpis, "operating_profit", "cash_collected"].index)
    return [(amounts[line], *told[line]) for line in order if abs(amounts[line]) >= LEAST][:2]


def _worth(session: Session, stage: Stage) -> str:
    """Say what a small step of the first lever brings: one point of a rate, a tenth of a count."""
    name = stage.levers[0]
    scenario, entry = session.scenario, assumptions()[name]
    key = f"{name}.{session.segment}" if session.segment and entry.scope == "segment" else name
    base = session.base_of(key)
    step, told = (0.01, "One point of") if entry.shown_as == "rate" else (0.1 * base, "A tenth more")
    moved = projected(scenario.with_move(Move(name, min(entry.max, base + step), key.partition(".")[2])))
    subject = f"{told} {entry.label.lower()}"
    gains = _gains(moved, session.projection, stage, session.segment)
    if not gains:
        return f"{subject} changes neither ARR, profit nor cash by {end_name(session.projection)}"
    worth, what, when = gains[0]
    return f"{subject} is worth {money(worth, scenario.company.currency)} of {what} {when}"
