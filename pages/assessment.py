"""Self-assessment: twenty statements, where the company stands, and what one level more would be worth here."""

from __future__ import annotations

import streamlit as st

from model.frameworks.framework import Element, Framework, elements, frameworks
from model.frameworks.maturity import Maturity, level_shown, maturity_of, one_level_more
from model.text import counted, money
from pages.parts.blocks import escaped, head, small
from pages.parts.maturity import plan_widget, warn_of_two
from pages.parts.maturity_charts import level_worth, no_level_more, radar, standing, worth
from pages.parts.state import Session

FRAMEWORK = "mcalign"


def page(session: Session) -> None:
    """Draw the page."""
    framework, plan = frameworks()[FRAMEWORK], maturity_of(session.scenario)
    head(
        _answer(session, framework, plan),
        "Self-assessment",
        "Where do we stand, and where does one level more pay first?",
    )
    warn_of_two(plan)
    left, right = st.columns([6, 5], gap="medium")
    with right:
        radar(session, FRAMEWORK, "assessment:radar")
        level_worth(session, FRAMEWORK, "assessment:worth")
        _plan_one_more(session, framework, plan)
    with left:
        _progress(framework, plan)
        for key, element in zip(framework.keys, framework.elements, strict=True):
            _pillar(session, framework, key, element)
    small(f"{framework.framework} names the four pillars. Statements, levels and what a level changes are ours and are judgement. "
          "A level is taken to be worth the same wherever you stand; answers say where you stand and which levels are left. "
          "Answers travel in the link.")  # fmt: skip


def answered(framework: Framework, plan: Maturity) -> list[int]:
    """Return how many statements of each element have an answer."""
    return [sum(map(bool, plan.answers_of(key))) for key in framework.keys]


def _answer(session: Session, framework: Framework, plan: Maturity) -> str:
    """Name the weakest pillar that has answers, and where a level more pays most."""
    if top := no_level_more(plan, FRAMEWORK):
        return top
    best = worth(session.scenario, FRAMEWORK)[0]
    pays = f"one level more in {elements()[best.key].label.lower()} pays most, {_money(session, best.profit[1])}"
    if best.profit[1] <= 0:
        pays = "no level more brings a profit here"
    told = standing(plan, FRAMEWORK) if any(answered(framework, plan)) else "Nothing answered yet"
    return f"{told}; {pays}"


def _money(session: Session, amount: float) -> str:
    return money(float(amount), session.scenario.company.currency)


def _progress(framework: Framework, plan: Maturity) -> None:
    """Say how many statements are answered and what the answers mean."""
    done, of = sum(answered(framework, plan)), sum(len(element.statements) for element in framework.elements)
    st.progress(done / of, text=f"{done} of {of} answered" + ("" if done else "; stop and come back as you like"))
    small("; ".join(f"{level} {told.lower()}" for level, told in enumerate(framework.answers, 1)))


def _pillar(session: Session, framework: Framework, key: str, element: Element) -> None:
    """Draw the statements of a pillar, each with its five answers in one row."""
    plan = maturity_of(session.scenario)
    count = sum(map(bool, plan.answers_of(key)))
    level = f"{level_shown(plan.step(key).today)} from {counted(count, 'answer').lower()}" if count else "no answer yet"
    st.markdown(f"## {escaped(element.label)} :gray[:small[{escaped(level)}]]")
    with st.container(gap="xsmall", key=f"statements_{element.id}"):
        for row, statement in enumerate(element.statements):
            _statement(session, framework, key, row, statement)


def _statement(session: Session, framework: Framework, key: str, row: int, statement: str) -> None:
    """Draw one statement; choosing the answer again takes it back."""
    given = maturity_of(session.scenario).answers_of(key)[row] or None
    widget = f"answer:{key}:{row}"

    def answer(plan: Maturity, level: int | None) -> Maturity:
        held = list(plan.answers_of(key))
        held[row] = level or 0
        return plan.with_answers(key, held)

    words, choice = st.columns([7, 5], gap="small", vertical_alignment="center")
    with words:
        st.markdown(escaped(statement))
    with choice:
        plan_widget(
            session, widget, given,
            lambda: st.segmented_control(statement, range(1, len(framework.answers) + 1), default=given, key=widget,
                                         label_visibility="collapsed", width="stretch"),
            answer,
        )  # fmt: skip


def _plan_one_more(session: Session, framework: Framework, plan: Maturity) -> None:
    """Offer to plan one level more in each pillar, the one that pays most first."""
    labels = {key: element.label for key, element in zip(framework.keys, framework.elements, strict=True)}
    for entry in worth(session.scenario, FRAMEWORK):
        aim, to = (level_shown(one.step(entry.key).aim) for one in (plan, one_level_more(plan, entry.key)))
        label = f"Plan one level more in {labels[entry.key].lower()}: {aim} → {to}"
        st.button(label if entry.levels else f"No level more in {labels[entry.key].lower()}", key=f"plan:{entry.key}",
                  width="stretch", icon=":material/trending_up:", disabled=not entry.levels,
                  on_click=session.operations.append, args=(lambda s, key=entry.key: _rise(s, key),))  # fmt: skip
    st.page_link(st.session_state["pages"]["four-pillars"], label="Targets, timing and effects of each pillar",
                 icon=":material/arrow_forward:", query_params=session.address())  # fmt: skip


def _rise(session: Session, key: str) -> None:
    session.set_plan(one_level_more(maturity_of(session.scenario), key))
