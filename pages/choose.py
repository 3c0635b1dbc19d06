"""Choose a lens: three questions, and the pages to begin with, with the company's own figures as the reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import streamlit as st

from model.frameworks.choosing import Advice, Recommendation
from model.frameworks.goals import goals
from model.frameworks.lens import Lens
from model.metrics import View
from model.text import money, rate
from pages.parts import charts
from pages.parts.blocks import chart, escaped, head, small
from pages.parts.state import Session

STRUCTURES = {"one-team": "One team", "by-function": "Each function", "none-yet": "Nobody yet"}
PHASES = {"early": "Early", "scaling": "Scaling", "mature": "Mature"}
BARS = 258


def page(session: Session) -> None:
    """Draw the page."""
    advice = Advice(View(session.projection), session.choice)
    ranked = advice.ranked()
    amount = _money(session, advice.stakes[advice.goal])
    head(f"Begin with {ranked[0].page.title}: {amount} a year hangs on “{goals()[advice.goal].label.lower()}”",
         "Choose a lens", "Which page should we begin with?")  # fmt: skip
    left, right = st.columns([5, 7], gap="medium")
    with right:
        _stakes(session, advice)
    with left:
        _questions(session, advice)
    asked_for = [one for one in ranked if one.asked_for]
    st.markdown(f"## {escaped(goals()[advice.goal].label)}")
    _list(session, asked_for)
    if others := [one for one in ranked if not one.asked_for]:
        st.markdown("## For other goals")
        _list(session, others)


def _questions(session: Session, advice: Advice) -> None:
    """Draw the three questions; goal and phase are answered by the company's figures until a person does."""
    with st.container(gap="small"):
        _answer(session, "goal", advice.goal,
                lambda: st.selectbox("What matters most now?", list(goals()), list(goals()).index(advice.goal),
                                     lambda name: goals()[name].label, key="choose-goal"))  # fmt: skip
        if not session.choice.goal:
            small("Filled in for you: most money hangs on it here.")
        _answer(session, "structure", session.choice.structure or None,
                lambda: _segments("Who owns RevOps?", STRUCTURES, session.choice.structure or None, "choose-structure"))  # fmt: skip
        _answer(session, "phase", advice.phase,
                lambda: _segments("How far has the company come?", PHASES, advice.phase, "choose-phase"))  # fmt: skip
        if not session.choice.phase:
            small(f"{PHASES[advice.phase]}, by {_money(session, advice.opening_arr)} of opening ARR that grows by "
                  f"{rate(advice.growth, 0)} in a year. The bounds are our judgement.")  # fmt: skip


def _segments(label: str, options: Mapping[str, str], present: str | None, key: str) -> str | None:
    chosen: str | None = st.segmented_control(
        label, list(options), default=present, format_func=options.__getitem__, key=key, width="stretch"
    )
    return chosen


def _answer(session: Session, question: str, present: str | None, draw: Callable[[], str | None]) -> None:
    def take(s: Session, answer: str | None) -> None:
        s.choice = replace(s.choice, **{question: answer or ""})

    session.widget(f"choose-{question}", present, draw, take)


def _stakes(session: Session, advice: Advice) -> None:
    """Draw the money that hangs on each goal, the most on top."""
    names = [goals()[name].label for name in advice.stakes]
    amounts = list(advice.stakes.values())
    texts = [_money(session, amount) for amount in amounts]
    title = f"Most money hangs on “{names[0].lower()}”: {texts[0]} in the first twelve months"
    alt = "; ".join(f"{name} {text}" for name, text in zip(names, texts, strict=True))
    chart(title, "ARR, cost of capital or cost that each goal decides over; the clauses below say what is counted",
          charts.ranked(names, amounts, texts, height=BARS, left=176), "stakes", alt)  # fmt: skip


def _list(session: Session, recommended: list[Recommendation]) -> None:
    """Draw recommendations, the best fit first, each with the way to its page."""
    pages: Mapping[str, st.Page] = st.session_state["pages"]
    with st.grid(2, min_column_width=320, gap="small"):
        for one in recommended:
            with st.container(border=True, gap="xxsmall", height="stretch"):
                origin = f" · {one.page.framework}" if isinstance(one.page, Lens) else ""
                st.page_link(pages[one.page.id], label=f"**{escaped(one.page.title)}**{escaped(origin)}",
                             icon=one.page.icon, query_params=session.address())  # fmt: skip
                st.markdown(escaped(one.reason))
                small(_for_whom(one))


def _for_whom(one: Recommendation) -> str:
    """Say whom a page is for."""
    structures = ", ".join(STRUCTURES[name].lower() for name in one.page.structures) or "any"
    phases = ", ".join(PHASES[name].lower() for name in one.page.phases) or "any"
    return f"RevOps owned by: {structures}. Company: {phases}."


def _money(session: Session, amount: float) -> str:
    return money(amount, session.scenario.company.currency)
