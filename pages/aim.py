"""Aim: what it would take to reach a target, with one lever or with several."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import streamlit as st

from model import Move, Scenario, ScenarioError
from model.catalogue import assumptions
from model.studies.aim import BEST, FEWER, Aim, Mix, Part, aim, aim_csv, with_room, with_target
from model.studies.needs import Goal, Need, offered_target, why_offered
from model.text import (
    agreeing,
    apart_by,
    counted,
    difference,
    glance,
    money,
    month_name,
    number,
    plus,
    rate,
    worded,
)
from pages.parts import aim_charts, allowed_inputs, goal_input, outcome_input
from pages.parts.blocks import capacity, chart, escaped, few, fitting, head, heading, small
from pages.parts.goal_input import told
from pages.parts.state import Session, projected
from pages.parts.tables import Cell, Column, table

QUESTION = "What would it take to reach a target, with one lever or with several?"
MOST_NEEDS, MOST_SHORT, MOST_BUTTONS, MOST_ROOMS = 12, 8, 4, 3
SHORT = 24
LITTLE = 0.01
"""What part of the way to the target counts as a little more."""
NO_RATE = rate(0.0)
LEAST = 1.0
"""Money that is shown as nothing."""


def page(session: Session) -> None:
    """Draw the page."""
    place = st.container()
    outcome_input.draw(session)
    present = session.outcome.of(projected(session.scenario))
    if not np.isfinite(present):
        with place:
            head(fitting(f"{outcome_input.name(session)} has no value {outcome_input.when(session)}: choose another month or metric"),
                 "Aim", QUESTION)  # fmt: skip
        return
    target = _target(session, present)
    try:
        found = aim(session.scenario, session.outcome, target, session.allowed, session.segment)
    except ScenarioError as error:  # a lever that a link chose, and that went with its segment
        with place:
            head(error.problems[0], "Aim", QUESTION)
        return
    with place:
        head(_answer(session, found), "Aim", QUESTION)
    if found.goal.question:
        st.warning(escaped(found.goal.question), icon=":material/help:")
    if found.goal.is_met:
        _met(session, found.goal)
        return
    _mixes(session, found)
    _alone(session, found)
    st.download_button("CSV", partial(aim_csv, found), "aim.csv", "text/csv", key="csv:aim", icon=":material/download:",
                       on_click="ignore")  # fmt: skip


def _target(session: Session, present: float) -> float:
    """Draw the target, as it is and as a change against the base, and return it; an offered one says what it is."""
    suggested = offered_target(session.outcome, present)
    with st.grid(4, min_column_width=160, gap="small"):
        goal_input.draw(session, suggested)
        target = suggested if session.target is None else session.target
        goal_input.change(session, target, session.outcome.of(session.base))
    if session.target is None:
        small(why_offered(session.outcome, present, suggested, session.scenario.company.currency))
    return target


def _met(session: Session, goal: Goal) -> None:
    """Say what reaches a target that is met, and offer to take it back."""
    now = f"{outcome_input.name(session)} stands at {told(session, goal.present)} {outcome_input.when(session)}"
    if not _by_moves(session, goal):
        small(f"{now}. With a target that is out of reach today, what it takes is shown here.")
        further = offered_target(session.outcome, goal.present)
        st.button(f"Aim at {escaped(told(session, further))}", key="aim:further", icon=":material/target:",
                  on_click=session.operations.append, args=(lambda s: s.aim_for(further),))  # fmt: skip
        return
    small(
        f"{now}, and at {told(session, session.outcome.of(session.base))} without {'it' if _made(session) == 1 else 'them'}."
    )
    company, scenario = session.scenario.company, session.scenario
    with st.container(width=720):
        table("What reaches it", "Move", [Column("Base", "base"), Column("Now", "scenario")],
              [*((Cell(scenario.title_of(move.key)), [Cell(_shown(move, session.base_of(move.key), company.currency)),
                                                     Cell(_shown(move, move.target, company.currency))]) for move in scenario.moves),
               *((Cell(plan.label), [Cell(""), Cell("made")]) for plan in scenario.plans)])  # fmt: skip
    st.button("Take it back" if _made(session) == 1 else "Take them back", key="aim:reset", icon=":material/undo:",
              on_click=session.operations.append, args=(Session.reset,))  # fmt: skip


def _by_moves(session: Session, goal: Goal) -> bool:
    """Say whether a target that is met would not be without the moves made."""
    base = session.outcome.of(session.base)
    return bool(_made(session)) and not (np.isfinite(base) and goal.reached(base))


def _made(session: Session) -> int:
    """Return how many moves and plans there are."""
    return len(session.scenario.moves) + len(session.scenario.plans)


def _shown(move: Move, value: float, currency: str) -> str:
    return assumptions()[move.name].show(value, currency)


def _month(session: Session, number: int) -> str:
    return month_name(*session.scenario.company.month(number))


def _until(session: Session) -> str:
    return _month(session, session.outcome.row(session.scenario.horizon) + 1)


def _from_when(session: Session, found: Aim) -> str:
    """Say from which month answers act; a lever that moves already keeps its timing."""
    levers = {need.lever.key: need.lever for need in found.needs}
    levers |= {part.lever.key: part.lever for mix in found.mixes for part in mix.parts}
    later = [f"{lever.title} in full from {_month(session, lever.move.full)}, as its move does"
             for lever in levers.values() if lever.move.full > 1]  # fmt: skip
    return "; ".join([f"Answers act in full from month 1, {_month(session, 1)}", *few(later)]) + "."


def _answer(session: Session, found: Aim) -> str:
    """Say what reaches the target: the mix of least effort, one lever, or none."""
    whose = session.scenario.company.segments.get(session.outcome.segment, "")
    target = told(session, found.goal.target) + (f" for {glance(whose, SHORT)}" if whose else "")
    if found.goal.is_met:
        present, count = told(session, found.goal.present), _made(session)
        if not _by_moves(session, found.goal):
            reaches = f"reaches {told(session, found.goal.target)} already"
            nothing = f"Nothing is needed: {outcome_input.name(session)}"
            return fitting(f"{nothing} at {present} {reaches}", f"{nothing} {reaches}")
        these, s = ("This move", "s") if count == 1 else (f"These {counted(count, 'move').lower()}", "")
        reach = "reaches" if s else "reach"
        brings = f"and {_brings(session, found.goal.made, s)}"
        return fitting(
            f"{these} {reach} {target} {outcome_input.when(session)} {brings} up to then",
            f"{these} {reach} {target} {brings}",
        )
    alone = [need for need in found.needs if need.is_usual and need.lever.key not in found.beyond]
    mix = found.mixes[0] if found.mixes else None
    if mix and session.allowed and not mix.reached:
        return _falls_short(session, mix)
    if mix and mix.reached and len(mix.used) > 1:
        first, others = mix.used[0], counted(len(mix.used) - 1, "other lever").lower()
        together = f"{glance(first.lever.title, SHORT)} at {first.lever.from_today(first.move.target)[1]} and {others} reach {target}"
        also = "" if any(need.reached for need in found.needs) else "; no lever alone does"
        if alone and alone[0].distance <= 1:  # what would have to more than double is no shorter way
            lever, title = alone[0].lever, glance(alone[0].lever.title, SHORT)
            also = f"; {title} alone {agreeing(title, 'do')} at {lever.from_today(alone[0].value)[1]}"
        return fitting(together + also, together)
    one = mix.used[0] if mix and mix.reached and mix.used else None
    if one or alone:
        lever, at = (one.lever, one.move.target) if one else (alone[0].lever, alone[0].value)
        title = glance(lever.title, SHORT)
        return f"{title} at {lever.from_today(at)[1]} alone {agreeing(title, 'reach')} {target}"
    if mix:
        these = f"{_those('These', mix, 'reach').lower()} {told(session, mix.outcome)}"
        return fitting(f"{target} is out of reach within these bounds: {these}", f"{target} is out of reach: {these}")
    return f"No lever alone reaches {target} in its usual range"


def _falls_short(session: Session, mix: Mix) -> str:
    """Say how near the levers come that somebody chose."""
    target, gap = told(session, mix.goal.target), _apart(session, mix.goal.target - mix.outcome)
    if not mix.used:
        return f"{_those('Your', mix, 'bring')} it no nearer to {target}"
    if not gap:
        return f"{_those('Your', mix, 'come')} close to {target} without reaching it"
    return f"{_those('Your', mix, 'reach')} {told(session, mix.outcome)}, {gap} short of {target}"


def _those(whose: str, mix: Mix, verb: str) -> str:
    """Return all levers that a mix may use, as a sentence begins with them: "Your two levers reach"."""
    levers = counted(len(mix.parts), "lever").lower()
    return f"{whose} {levers} {agreeing('levers' if len(mix.parts) > 1 else 'lever', verb)}"


def _mixes(session: Session, found: Aim) -> None:
    """Draw the choice of levers and the mixes of them."""
    allowed_inputs.draw(session, found.allowed)
    small(_from_when(session, found))
    small(f"Operating profit: what each answer changes from the first month up to {_until(session)}, the month of the target, as "
          "projected. What it costs to get there is not included, unless it is an assumption that moves.")  # fmt: skip
    if not found.mixes:
        why = "No lever is chosen" if session.allowed is not None else "No lever brings it nearer without costing ARR"
        small(f"{why}, so there is no mix; each lever alone is below.")
        return
    small("Effort is not money. Each lever counts by how far it goes as a part of where it stands, or for a share above a half of "
          "what it is short of the whole; squared, times its weight: a little of many levers is less than a lot of one.")  # fmt: skip
    with st.grid(3, min_column_width=300, gap="medium"):
        for mix in found.mixes:
            with st.container(gap="xsmall"):
                _mix(session, mix, found.mixes[0])


def _mix(session: Session, mix: Mix, best: Mix) -> None:
    title = _title(session, mix, best)
    heading(title, _subtitle(session, mix))
    if not mix.used:
        small("None of them brings it nearer.")
        return
    rows = [(Cell(part.lever.title), [*map(Cell, part.lever.from_today(part.move.target)), Cell(rate(part.share, 0))])
            for part in mix.used]  # fmt: skip
    table(
        title,
        "Lever",
        [Column("Today"), Column("Needed" if mix.reached else "At best", "scenario"), Column("Of the effort")],
        rows,
    )
    for sentence in (*_rooms(session, mix), *_longer(session, mix)):
        small(sentence)
    for warning in _warnings(session, mix.scenario):
        st.markdown(f":material/warning: :small[{escaped(warning)}]")
    st.button("Apply", key=f"apply:{mix.kind}", icon=":material/check:", on_click=session.operations.append,
              args=(partial(_apply, scenario=mix.scenario, target=mix.goal.target),))  # fmt: skip


def _title(session: Session, mix: Mix, best: Mix) -> str:
    many = counted(len(mix.used), "lever")
    if not mix.reached:
        return f"{told(session, mix.outcome)} is the {'most' if mix.goal.sense > 0 else 'least'} they reach"
    if mix.kind == BEST:
        return f"Least effort: {many.lower()}"
    times = f"{number(mix.effort / best.effort, 1)}× the effort"
    return f"{many}: {times}" if mix.kind == FEWER else f"Without {glance(best.parts[0].lever.title, SHORT)}: {times}"


def _subtitle(session: Session, mix: Mix) -> str:
    gap = "" if mix.reached else _apart(session, mix.goal.target - mix.outcome)
    short = f", {gap} short" if gap else ""
    return f"{told(session, mix.outcome)} {outcome_input.when(session)}{short}. Operating profit up to then {_profit(session, mix.profit)}"


def _profit(session: Session, value: float) -> str:
    """Return a change of operating profit as people read it."""
    return plus(money(value if abs(value) >= LEAST else 0.0, session.scenario.company.currency))


def _brings(session: Session, value: float, s: str) -> str:
    """Say what moves do to profit, as a title goes on: "add $8.49M of profit"."""
    amount = money(abs(value), session.scenario.company.currency)
    return f"{'add' if value > 0 else 'cost'}{s} {amount} of profit" if abs(value) >= LEAST else f"change{s} no profit"


def _longer(session: Session, mix: Mix) -> list[str]:
    """Say what a little more than the target would take, solved again; nothing where it reads as nothing."""
    way = LITTLE * (mix.goal.target - mix.goal.present)
    further = _apart(session, way)
    if not mix.reached or not mix.effort or not further:
        return []
    if_so = f"If the target were {further} further (1\u202f% of the way), the mix would"
    again = with_target(mix, mix.goal.target + way)
    if not again.reached:
        return [f"{if_so} not reach it."]
    more = rate(again.effort / mix.effort - 1, 1)
    return [f"{if_so} take {more} more effort."] if again.effort > mix.effort and more != NO_RATE else []


def _rooms(session: Session, mix: Mix) -> list[str]:
    """Say what the bounds cost that stop levers and may be moved, of those with the highest price the one first that costs most."""
    stopped = sorted((part for part in mix.used if part.relaxed > 0), key=lambda part: -part.relaxed)
    free = [part for part in stopped if part.lever.entry.min <= part.further <= part.lever.entry.max]
    solved = [(part, with_room(mix, part)) for part in free[:MOST_ROOMS]]
    solved.sort(key=lambda pair: pair[1].effort if mix.reached else -mix.goal.sense * pair[1].outcome)
    return [*filter(None, (_room(session, mix, part, again) for part, again in solved))]


def _room(session: Session, mix: Mix, part: Part, again: Mix) -> str:
    """Say what the bound of a lever costs, solved again with a step more room, or nothing where it reads as nothing."""
    at = part.lever.show
    if_so = f"If {part.lever.title} could go to {at(part.further)} instead of {at(part.bound)}, the mix would"
    if mix.reached:
        less = rate(1 - again.effort / mix.effort, 1)
        return f"{if_so} take {less} less effort." if again.effort < mix.effort and less != NO_RATE else ""
    if again.reached:
        return f"{if_so} reach {told(session, mix.goal.target)}."
    gain = again.outcome - mix.outcome
    if mix.goal.sense * gain <= 0 or not _apart(session, gain):
        return ""
    return f"{if_so} bring {difference(gain, session.outcome.entry.shown_as, session.scenario.company.currency)}."


def _apart(session: Session, value: float) -> str:
    """Return how far two outcomes are apart as people read it, or nothing."""
    return apart_by(value, session.outcome.entry.shown_as, session.scenario.company.currency)


def _warnings(session: Session, scenario: Scenario) -> list[str]:
    """Return what an answer would be warned of once it is applied, and what is said already left out."""
    said = {*session.scenario.warnings(), *capacity(session.projection)}
    return few([text for text in (*scenario.warnings(), *capacity(projected(scenario))) if text not in said])


def _apply(session: Session, *, scenario: Scenario, target: float) -> None:
    """Make the moves of an answer; the target stays, so that the page says that it is reached."""
    session.target = target
    session.change(scenario)


def _alone(session: Session, found: Aim) -> None:
    """Draw what each lever would have to be alone, and the best of those that fall short."""
    reached = [need for need in found.needs if need.reached]
    short = [need for need in found.needs if not need.reached and not need.does_nothing]
    idle = [need for need in found.needs if need.does_nothing]
    left, right = st.columns([6, 6], gap="medium")
    with left:
        if reached:
            _reached(session, found, reached)
        else:
            heading(f"No lever alone reaches {told(session, found.goal.target)}",
                    "Tried over its usual range, and from a tenth to ten times of where it stands")  # fmt: skip
    with right:
        if short:
            _short(session, short, len(idle))
        if idle:
            small(f"Bringing it no nearer: {_labels(idle)}.")


def _labels(needs: Sequence[Need]) -> str:
    return ", ".join(need.lever.title for need in needs)


def _reached(session: Session, found: Aim, reached: list[Need]) -> None:
    usual = sum(need.is_usual for need in reached)
    beyond = len(reached) - usual
    more = (
        f", {worded(beyond).lower()} more only beyond {'its' if beyond == 1 else 'their'} usual range" if beyond else ""
    )
    title = (f"{counted(usual, 'lever')} alone could reach {told(session, found.goal.target)}{more}" if usual
             else f"Only beyond its usual range could a lever alone reach {told(session, found.goal.target)}")  # fmt: skip
    drawn = reached[:MOST_NEEDS]
    profits = [_profit(session, need.profit) for need in drawn]
    chart(title, f"Each over its usual range, grey: only beyond it. Right: operating profit up to {_until(session)}", aim_charts.alone(drawn, profits), "alone",
          "; ".join(f"{need.lever.title} {need.lever.from_today(need.value)[1]}, operating profit up to {_until(session)} {profit}"
                    for need, profit in zip(drawn, profits, strict=True)))  # fmt: skip
    for which, those in (
        ("", reached[MOST_NEEDS:usual]),
        (", only beyond their usual range", reached[max(usual, MOST_NEEDS) :]),
    ):
        if those:
            values = ", ".join(f"{need.lever.title} {need.lever.from_today(need.value)[1]}" for need in those)
            small(f"{worded(len(those))} more, not drawn{which}: {values}.")
    _beyond(found, reached)
    buttons = [need for need in reached if need.is_usual and need.lever.key not in found.beyond][:MOST_BUTTONS]
    with st.container(horizontal=True, gap="small"):
        for need in buttons:
            st.button(escaped(f"{glance(need.lever.title, SHORT)} {need.lever.from_today(need.value)[1]}"), key=f"apply:{need.lever.key}",
                      icon=":material/check:", help="Apply this one", on_click=session.operations.append,
                      args=(partial(_apply, scenario=session.scenario.with_move(need.move), target=found.goal.target),))  # fmt: skip
    for need in buttons:
        for warning in _warnings(session, session.scenario.with_move(need.move)):
            st.markdown(f":material/warning: :small[{escaped(f'{need.lever.title}: {warning}')}]")


def _beyond(found: Aim, reached: Sequence[Need]) -> None:
    """Say which levers would have to leave the bounds that a mix keeps them to."""
    values = [f"{need.lever.title} {need.lever.from_today(need.value)[1]} ({' to '.join(map(need.lever.show, found.beyond[need.lever.key]))})"
              for need in reached if need.lever.key in found.beyond]  # fmt: skip
    if values:
        small(f"Beyond the bounds that a mix keeps to: {', '.join(values)}.")


def _short(session: Session, short: list[Need], idle: int) -> None:
    best, nearest = short[0], glance(short[0].lever.title, SHORT)
    count, none = (
        len(short) + idle,
        f"; {worded(idle).lower()} of them bring{'s' * (idle == 1)} it no nearer" if idle else "",
    )
    heading(f"{counted(count, 'lever')} cannot, even far beyond {'their' if count > 1 else 'its'} usual range{none}",
            f"Tried to a tenth and ten times of today. {nearest} {agreeing(nearest, 'come')} nearest: {told(session, best.best)}")  # fmt: skip
    table("Falls short", "Lever", [Column("Best outcome"), Column("With the lever at"), Column(f"Profit to {_until(session)}")],
          [(Cell(need.lever.title), [Cell(told(session, need.best)), Cell(need.lever.show(need.at_best)),
                                     Cell(_profit(session, need.profit))]) for need in short[:MOST_SHORT]])  # fmt: skip
    if len(short) > MOST_SHORT:
        small(f"{worded(len(short) - MOST_SHORT)} more further off: {_labels(short[MOST_SHORT:])}.")
