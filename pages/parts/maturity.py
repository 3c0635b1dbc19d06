"""The maturity of one element: where it stands and is to be, when, and what each level does, all editable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from model import assumptions
from model.frameworks.framework import (
    LARGEST_STEP,
    LEVELS,
    STRENGTHS,
    Element,
    LevelEffect,
    elements,
    framework_of,
    frameworks,
)
from model.frameworks.maturity import Maturity, Step, level_shown, maturity_of
from model.moves import MAX_MONTH
from model.text import counted, money, month_name, number, signed
from pages.parts.blocks import escaped, small
from pages.parts.inputs import line
from pages.parts.maturity_charts import STRENGTH_NAMES, element_map, per_level, radar, worth
from pages.parts.periods import years_name
from pages.parts.state import Session, projected

TWICE = (
    "Steps of two frameworks are planned. Their effects add up, and much of what they describe is the same work: "
    "plan with one of them, or it counts twice."
)


def answer(session: Session, key: str) -> str:
    """Say what the planned step of an element adds, or what one level would."""
    plan, element = maturity_of(session.scenario), elements()[key]
    currency, step = session.scenario.company.currency, plan.step(key)
    if step.levels:
        now, without = session.projection, projected(session.scenario.with_plan(plan.with_target(key, step.today)))
        profit = float(now.total("operating_profit").sum() - without.total("operating_profit").sum())
        arr = float(now.of("arr_closing", session.segment)[-1] - without.of("arr_closing", session.segment)[-1])
        verb, told = (
            "adds" if profit >= 0 else "costs",
            f"{money(abs(profit), currency)} of profit over {years_name(session.projection)}",
        )
        of = f"{session.scenario.company.segments[session.segment]} " if session.segment else ""
        return f"{element.label} to level {level_shown(step.aim)} {verb} {told}; {of}ARR {signed(money(arr, currency))}"
    found = next(entry for entry in worth(session.scenario, key.partition(".")[0]) if entry.key == key)
    low, likely, high = (money(float(amount), currency) for amount in sorted(found.profit))
    if not found.levels:
        return f"{element.label} stands at the top; there is no level more"
    return f"One level more in {element.label.lower()}: {likely} of profit over {years_name(session.projection)}, from {low} to {high}"


def warn_of_two(plan: Maturity) -> None:
    """Say so if steps of several frameworks are planned."""
    if sum(bool(plan.moving(f"{name}.")) for name in frameworks()) > 1:
        st.warning(escaped(TWICE), icon=":material/warning:")


def draw(session: Session, key: str) -> None:
    """Draw the sliders of an element with the radar of its framework, then its effects with the map of them."""
    warn_of_two(maturity_of(session.scenario))
    framework = key.partition(".")[0]
    left, right = st.columns([5, 7], gap="medium")
    with right:
        radar(session, framework, f"radar:{framework}")
    with left:
        _levels(session, key)
    left, right = st.columns([5, 7], gap="medium")
    with right:
        element_map(session, key, f"map:{key}")
    with left:
        _effects(session, key)


def plan_widget(session: Session, key: str, value: Any, draw_it: Callable[[], Any],
                change: Callable[[Maturity, Any], Maturity]) -> None:  # fmt: skip
    """Draw a widget that changes the plan of maturity."""
    session.widget(key, value, draw_it, lambda s, given: s.set_plan(change(maturity_of(s.scenario), given)))


def _levels(session: Session, key: str) -> None:
    """Draw today and target of an element, and the timing once there is a step."""
    plan, element = maturity_of(session.scenario), elements()[key]
    step = plan.step(key)
    st.markdown(f"## {escaped(element.label)}")
    small(element.question)
    answered = sum(map(bool, plan.answers_of(key)))
    with st.container(gap="xxsmall"):
        if answered:
            told = f"mean of {counted(answered, 'answer').lower()}"
            st.markdown(f"Today :gray[:small[{told}]] **{level_shown(step.today)}**")
        else:
            _slider(session, key, "today", "Today", step.today, step.today, lambda p, level: p.with_today(key, level))
        small(element.levels[int(step.today) - 1])
        _slider(session, key, "target", "Target", step.aim, step.today, lambda p, level: p.with_target(key, level))
        small(element.levels[int(step.aim) - 1] if step.levels else "Move it, and the projection follows.")
    if step.levels:
        _timing(session, key, step)
    if framework_of(key).answers:
        page = st.session_state["pages"]["assessment"]
        st.page_link(page, label="Find today's level by the self-assessment", icon=":material/checklist:",
                     query_params=session.address())  # fmt: skip


def _slider(session: Session, key: str, what: str, name: str, value: float, mark: float,
            change: Callable[[Maturity, float], Maturity]) -> None:  # fmt: skip
    """Draw one slider of levels like a lever, with today marked on it."""
    widget = f"maturity:{key}:{what}"
    step = maturity_of(session.scenario).step(key)
    moved = signed(number(step.levels, 1)) if what == "target" and step.levels else ""
    st.html(line(name, "level 1 to 5", moved, level_shown(value), (mark - LEVELS[0]) / (LEVELS[1] - LEVELS[0])))
    plan_widget(
        session, widget, float(value),
        lambda: st.slider(f"{name}, {elements()[key].label}", *LEVELS, float(value), 0.1, key=widget, format="%.1f",
                          label_visibility="collapsed"),
        lambda plan, level: change(plan, round(level, 1)),
    )  # fmt: skip


def _timing(session: Session, key: str, step: Step) -> None:
    """Draw when the way to the target begins and how many months it takes."""
    company = session.scenario.company

    def with_timing(plan: Maturity, **timing: int) -> Maturity:
        return plan.with_step(key, replace(plan.stated(key), **timing))

    start, ramp = st.columns(2, wrap=False)
    with start:
        plan_widget(
            session, f"maturity:{key}:from", step.start,
            lambda: st.number_input("From month", 1, MAX_MONTH, step.start, 1, key=f"maturity:{key}:from"),
            lambda plan, month: with_timing(plan, start=int(month)),
        )  # fmt: skip
    with ramp:
        plan_widget(
            session, f"maturity:{key}:over", step.ramp,
            lambda: st.number_input("Over months", 0, MAX_MONTH, step.ramp, 1, key=f"maturity:{key}:over"),
            lambda plan, months: with_timing(plan, ramp=int(months)),
        )  # fmt: skip
    begins, ends = (month_name(*company.month(month)) for month in (step.start, step.start + step.ramp))
    late = "; it acts once the horizon is longer" if step.start > session.scenario.horizon else ""
    small(f"Begins in {begins}, complete in {ends}{late}" if step.ramp else f"Complete from {begins} on{late}")


def _effects(session: Session, key: str) -> None:
    """Draw what one level changes: the declared range with its reason, and the reader's own number."""
    element, plan = elements()[key], maturity_of(session.scenario)
    st.markdown(f"## What one level {'more ' if plan.step(key).aim < LEVELS[1] else ''}changes")
    small(f"{framework_of(key).framework} names the element and gives no effect sizes. The ranges are our judgement, not "
          "evidence: cautious, likely, hopeful. Enter your own where you know better.")  # fmt: skip
    plan_widget(
        session, f"maturity:{key}:range", plan.strength,
        lambda: st.segmented_control("Which acts", STRENGTHS, default=plan.strength, required=True,
                                     format_func=STRENGTH_NAMES.__getitem__, key=f"maturity:{key}:range",
                                     label_visibility="collapsed"),
        lambda plan, strength: replace(plan, strength=strength),
    )  # fmt: skip
    with st.container(gap="xsmall"):
        for effect in element.effects:
            _effect(session, key, element, effect)
    if any(entry.startswith(f"{key}.") for entry, _ in plan.edits):
        st.button("Back to the declared effects", key=f"maturity:{key}:back", icon=":material/undo:",
                  on_click=session.operations.append, args=(lambda s: _forget(s, key),))  # fmt: skip


def _effect(session: Session, key: str, element: Element, effect: LevelEffect) -> None:
    """Draw one effect: its range and reason, and a number that takes its place."""
    plan = maturity_of(session.scenario)
    own = f"{key}.{effect.name}" in dict(plan.edits)
    entry, value = assumptions()[effect.name], plan.per_level(key, effect)
    shown = round(100 * value, 6)
    words, field = st.columns([7, 4], wrap=False, gap="small", vertical_alignment="center")
    with words:
        told = " · ".join(per_level(effect, effect.at(strength)) for strength in STRENGTHS)
        mark = " :blue-badge[your own]" if own else ""
        st.markdown(
            f"**{escaped(entry.label)}** :gray[:small[{escaped(told)}]]{mark}  \n:gray[:small[{escaped(effect.reason)}]]"
        )
    with field:
        plan_widget(
            session, f"maturity:{key}:{effect.name}", shown,
            lambda: st.number_input(f"{element.label} on {entry.label.lower()}, {'%' if effect.relative else 'points'} a level",
                                    -100 * LARGEST_STEP, 100 * LARGEST_STEP, shown, 0.1, format="%.2f",
                                    key=f"maturity:{key}:{effect.name}", label_visibility="collapsed"),
            lambda plan, given: plan.with_edit(key, effect.name, _own(plan, effect, given)),
        )  # fmt: skip


def _own(plan: Maturity, effect: LevelEffect, shown: float) -> float | None:
    """Return the reader's number as the model takes it, none if it is the declared one."""
    amount = round(shown / 100, 10)
    return None if amount == round(effect.at(plan.strength), 10) else amount


def _forget(session: Session, key: str) -> None:
    plan = maturity_of(session.scenario)
    for effect in elements()[key].effects:
        plan = plan.with_edit(key, effect.name, None)
    session.set_plan(plan)
