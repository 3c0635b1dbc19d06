"""The outcome a study is about: any metric, in any month, of the company or a segment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

import streamlit as st

from model.catalogue import metrics
from model.text import month_name
from pages.parts.blocks import escaped
from pages.parts.state import Session

Part = TypeVar("Part", str, int)


def draw(session: Session) -> None:
    """Draw the three choices: what, when, of whom."""
    company, horizon, outcome = session.scenario.company, session.scenario.horizon, session.outcome
    with st.grid(3, min_column_width=160, gap="small"):
        _choice(session, "metric", "What", list(metrics()), outcome.metric, lambda name: metrics()[name].label)
        months = [0, *range(1, horizon)]
        _choice(session, "month", "When", months, outcome.month if outcome.month < horizon else 0,
                lambda month: month_name(*company.month(month or horizon)), of=f"{company.first_month}:{horizon}")  # fmt: skip
        if len(company.segments) > 1:
            alone = outcome.entry.scope == "company"
            _choice(session, "segment", "Of", ["", *company.segments], outcome.segment,
                    lambda segment: escaped(company.segments.get(segment, "The company alone" if alone else "All segments")),
                    off=alone)  # fmt: skip


def _choice(
    session: Session,
    part: str,
    label: str,
    options: Sequence[Part],
    value: Part,
    shown: Callable[[Part], str],
    *,
    off: bool = False,
    of: str = "",
) -> None:
    """Draw a choice; `of` is what the names of its options depend on, by which alone a browser knows them."""
    key = f"outcome:{part}:{of}" if of else f"outcome:{part}"
    session.widget(key, value, lambda: st.selectbox(label, options, format_func=shown, key=key, disabled=off),
                   lambda s, chosen: s.ask(replace(s.outcome, **{part: chosen})))  # fmt: skip
