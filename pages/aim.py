"""Aim: what it would take to reach a target, with one lever or with several."""

from __future__ import annotations

from functools import partial

import numpy as np
import streamlit as st

from model import Scenario, ScenarioError
from model.outcomes import Outcome
from model.studies.aim import BEST, FEWER, Aim, Mix, Part, aim, aim_csv, offered
from model.studies.aim_link import Allowed
from model.studies.needs import Goal, Need
from model.text import agreeing, counted, difference, glance, month_name, number, plus, rate
from pages.parts import aim_charts, allowed_inputs, goal_input, outcome_input
from pages.parts.blocks import chart, escaped, head, heading, small
from pages.parts.goal_input import told
from pages.parts.state import Session, projected
from pages.parts.tables import Cell, Column, table

QUESTION = "What would it take to reach a target, with one lever or with several?"
PROFIT = Outcome("operating_profit")
MOST_NEEDS, MOST_SHORT, MOST_BUTTONS, SHORT = 14, 8, 4, 24


def page(session: Session) -> None:
    """Draw the page."""
    place = st.container()
    outcome_input.draw(session)
    present = session.outcome.of(projected(session.scenario))
    if not np.isfinite(present):
        with place:
            head(
                f"{session.outcome.entry.label} has no value in {_when(session)}: choose another month or metric",
                "Aim",
                QUESTION,
            )
        return
    suggested = goal_input.offer(session.outcome, present)
    with st.container(width=260):
        goal_input.draw(session, suggested)
    target = suggested if session.target is None else session.target
    allowed = (
        offered(session.scenario, session.outcome, session.segment) if session.allowed is None else session.allowed
    )
    try:
        found = aim(session.scenario, session.outcome, target, allowed, session.segment)
    except ScenarioError as error:  # a lever that a link chose, and that went with its segment
        with place:
            head(error.problems[0], "Aim", QUESTION)
        return
    with place:
        head(_answer(session, found), "Aim", QUESTION)
    if found.goal.is_met:
        _further(session, suggested)
        return
    _mixes(session, found, allowed)
    _alone(session, found)
    st.download_button("CSV", partial(aim_csv, found), "aim.csv", "text/csv", key="csv:aim", icon=":material/download:",
                       on_click="ignore")  # fmt: skip


def _further(session: Session, suggested: float) -> None:
    """Offer a target that is not met yet, where the one given is."""
    present = told(session, session.outcome.of(projected(session.scenario)))
    small(f"{session.outcome.entry.label} stands at {present} in {_when(session)}. With a target that is out of reach today, what it "
          "takes is shown here.")  # fmt: skip
    st.button(f"Aim at {escaped(told(session, suggested))}", key="aim:further", icon=":material/target:",
              on_click=session.operations.append, args=(lambda s: setattr(s, "target", suggested),))  # fmt: skip


def _when(session: Session) -> str:
    return month_name(*session.scenario.company.month(session.outcome.row(session.scenario.horizon) + 1))


def _answer(session: Session, found: Aim) -> str:
    """Say the shortest way to the target: one lever, several, or none."""
    target, what = told(session, found.goal.target), session.outcome.entry.label
    if found.goal.is_met:
        return f"Nothing is needed: {what} of {told(session, found.goal.present)} reaches {target} already"
    usual = [need for need in found.needs if need.is_usual]
    if usual:
        first = usual[0]
        others = (
            "no other lever does" if len(usual) == 1 else f"{counted(len(usual) - 1, 'other lever').lower()} could, too"
        )
        if len(usual) == 2:
            others = f"so does {glance(usual[1].lever.title, SHORT)} at {usual[1].lever.show(usual[1].value)}"
        title = glance(first.lever.title, SHORT)
        return f"{title} at {first.lever.show(first.value)} alone {agreeing(title, 'reach')} {target}; {others}"
    mix = found.mixes[0] if found.mixes else None
    if mix and mix.reached:
        return f"No lever alone reaches {target} in its usual range; {counted(len(mix.used), 'lever').lower()} together can"
    if mix:
        return f"{target} is out of reach within these bounds: all levers bring {told(session, mix.outcome)}"
    return f"No lever alone reaches {target} in its usual range"


def _mixes(session: Session, found: Aim, allowed: tuple[Allowed, ...]) -> None:
    """Draw the choice of levers and the mixes of them."""
    allowed_inputs.draw(session, allowed)
    if not found.mixes:
        small("No lever is chosen, so there is no mix; each lever alone is below.")
        return
    small("Effort: how far a lever goes of its usual range, squared, times its weight. It is no money: what it costs to move a lever is "
          "not in the model, only what follows in profit.")  # fmt: skip
    with st.grid(3, min_column_width=300, gap="medium"):
        for mix in found.mixes:
            with st.container(gap="xsmall"):
                _mix(session, found.goal, mix, found.mixes[0])


def _mix(session: Session, goal: Goal, mix: Mix, best: Mix) -> None:
    title = _title(session, mix, best)
    heading(title, _subtitle(session, goal, mix))
    rows = [(Cell(part.lever.title, _stopped(session, mix, part)),
             [Cell(part.lever.show(part.lever.today)), Cell(part.lever.show(part.move.target)), Cell(rate(part.share, 0))])
            for part in mix.used]  # fmt: skip
    table(
        title,
        "Lever",
        [Column("Today"), Column("Needed" if mix.reached else "At best", "scenario"), Column("Of the effort")],
        rows,
    )
    st.button("Apply", key=f"apply:{mix.kind}", icon=":material/check:", on_click=session.operations.append,
              args=(partial(_apply, scenario=mix.scenario, target=goal.target),))  # fmt: skip


def _title(session: Session, mix: Mix, best: Mix) -> str:
    many = counted(len(mix.used), "lever")
    if not mix.reached:
        return f"{told(session, mix.outcome)} is the most they reach"
    if mix.kind == BEST:
        return f"Least effort: {many.lower()}"
    times = f"{number(mix.effort / best.effort, 1)}× the effort"
    return f"{many}: {times}" if mix.kind == FEWER else f"Without {glance(best.parts[0].lever.title, SHORT)}: {times}"


def _subtitle(session: Session, goal: Goal, mix: Mix) -> str:
    reached = f"Projected: {told(session, mix.outcome)} in {_when(session)}"
    profit = "" if session.outcome.metric == PROFIT.metric else f". {_profit(session, mix)}"
    if not mix.reached:
        return f"{reached}, {told(session, abs(goal.target - mix.outcome))} short{profit}"
    more = mix.price * abs(goal.target - goal.present) * 0.01 / mix.effort if mix.effort else 0.0
    return f"{reached}{profit}. To go 1\u202f% further takes {rate(more, 1)} more effort"


def _profit(session: Session, mix: Mix) -> str:
    """Say what a mix does to the profit of the last twelve months."""
    now, then = (PROFIT.of(projected(scenario)) for scenario in (session.scenario, mix.scenario))
    if not np.isfinite([now, then]).all():
        return ""
    currency = session.scenario.company.currency
    return f"Profit, last 12 months: {plus(difference(then - now, 'money', currency).lstrip('+'))}"


def _stopped(session: Session, mix: Mix, part: Part) -> str:
    """Say what a bound costs, where one stops a lever."""
    if part.relaxed <= 0:
        return ""
    if mix.reached:
        return f"at its bound; a step more saves {rate(part.relaxed / mix.effort, 1)} of the effort"
    gain = difference(mix.goal.sense * part.relaxed, session.outcome.entry.shown_as, session.scenario.company.currency)
    return f"at its bound; a step more: {gain}"


def _apply(session: Session, *, scenario: Scenario, target: float) -> None:
    """Make the moves of an answer; the target stays, so that the page says that it is reached."""
    session.target = target
    session.change(scenario)


def _alone(session: Session, found: Aim) -> None:
    """Draw what each lever would have to be alone, and the best of those that fall short."""
    reached = [need for need in found.needs if need.reached]
    short = [need for need in found.needs if not need.reached and not need.does_nothing]
    left, right = st.columns([7, 5], gap="medium")
    with left:
        if reached:
            _reached(session, found, reached)
        else:
            heading(
                f"No lever alone reaches {told(session, found.goal.target)}",
                "Within its hard bounds, all else as it stands",
            )
    with right:
        if short:
            _short(session, short)
    if idle := [need for need in found.needs if need.does_nothing]:
        small(f"Bringing it no nearer: {', '.join(need.lever.entry.label for need in idle)}.")


def _reached(session: Session, found: Aim, reached: list[Need]) -> None:
    usual = sum(need.is_usual for need in reached)
    title = (f"{counted(usual, 'lever')} alone could reach {told(session, found.goal.target)}" if usual
             else f"Only beyond its usual range could a lever alone reach {told(session, found.goal.target)}")  # fmt: skip
    chart(title, "Each over its usual range: today, and where it reaches the target. Grey: only beyond that range",
          aim_charts.alone(reached[:MOST_NEEDS]), "alone",
          "; ".join(f"{need.lever.title} {need.lever.show(need.value)}" for need in reached[:MOST_NEEDS]))  # fmt: skip
    with st.container(horizontal=True, gap="small"):
        for need in [need for need in reached if need.is_usual][:MOST_BUTTONS]:
            st.button(escaped(f"{glance(need.lever.title, SHORT)} {need.lever.show(need.value)}"), key=f"apply:{need.lever.key}",
                      icon=":material/check:", help="Apply this one", on_click=session.operations.append,
                      args=(partial(_apply, scenario=session.scenario.with_move(need.move), target=found.goal.target),))  # fmt: skip


def _short(session: Session, short: list[Need]) -> None:
    best, nearest = short[0], glance(short[0].lever.title, SHORT)
    heading(f"{counted(len(short), 'lever')} cannot, whatever {'their' if len(short) > 1 else 'its'} value",
            f"Not reachable within hard bounds. {nearest} {agreeing(nearest, 'come')} nearest: {told(session, best.best)}")  # fmt: skip
    table("Falls short", "Lever", [Column("Best outcome"), Column("With the lever at")],
          [(Cell(need.lever.title), [Cell(told(session, need.best)), Cell(need.lever.show(need.at_best))])
           for need in short[:MOST_SHORT]])  # fmt: skip
    if len(short) > MOST_SHORT:
        small(f"Further off: {', '.join(need.lever.entry.label for need in short[MOST_SHORT:])}.")
