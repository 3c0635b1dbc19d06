"""The outcome a study is about: any metric, in any month, of the company or a segment; how it is chosen, and how it is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

import streamlit as st

from model import Company
from model.catalogue import metrics
from model.text import month_name
from pages.parts.blocks import escaped
from pages.parts.choices import apart, key_of
from pages.parts.state import Session

Part = TypeVar("Part", str, int)


def draw(session: Session) -> None:
    """Draw the three choices: what, when, of whom."""
    company, horizon, outcome = session.scenario.company, session.scenario.horizon, session.outcome
    with st.grid(3, min_column_width=160, gap="small"):
        _choice(session, "metric", "What", list(metrics()), outcome.metric, lambda name: metrics()[name].label)
        late = [outcome.month] if outcome.month > horizon else []
        _choice(session, "month", "When", [0, *range(1, horizon), *late], outcome.month if outcome.month != horizon else 0,
                lambda month: _month(company, month, horizon))  # fmt: skip
        if len(company.segments) > 1:
            alone = outcome.entry.scope == "company"
            _choice(session, "segment", "Of", ["", *company.segments], outcome.segment,
                    lambda segment: escaped(company.segments.get(segment, "The company alone" if alone else "All segments")),
                    off=alone)  # fmt: skip
    if instead := outcome.instead(company, horizon):
        st.warning(escaped(instead), icon=":material/warning:")


def _month(company: Company, month: int, horizon: int) -> str:
    """Return what a month is called; one after the last says so."""
    name = month_name(*company.month(month or horizon))
    return f"{name}, after the last" if month > horizon else name


def name(session: Session) -> str:
    """Return what is asked for: "ARR", or "ARR of Enterprise"."""
    return session.outcome.name(session.scenario.company)


def what(session: Session) -> str:
    """Return what is asked for, and when: "ARR of Enterprise in Dec 2028"."""
    return session.outcome.what(session.scenario.company, session.scenario.horizon)


def when(session: Session) -> str:
    """Return when it is asked for: "in Dec 2028", or "in 2028" of a figure of twelve months."""
    return session.outcome.when(session.scenario.company, session.scenario.horizon)


def _choice(
    session: Session,
    part: str,
    label: str,
    options: Sequence[Part],
    value: Part,
    shown: Callable[[Part], str],
    *,
    off: bool = False,
) -> None:
    labels = apart({option: shown(option) for option in options})
    key = key_of(f"outcome:{part}", labels)
    session.widget(key, value, lambda: st.selectbox(label, options, format_func=labels.__getitem__, key=key, disabled=off),
                   lambda s, chosen: s.ask(replace(s.outcome, **{part: chosen})))  # fmt: skip
