"""The target of studies: what the outcome is to reach, in per cent where it is a rate."""

from __future__ import annotations

import math

import streamlit as st

from model.outcomes import MOST_TARGET, Outcome
from model.text import shown, symbol
from pages.parts.blocks import escaped
from pages.parts.state import Session

NEAR = 0.1
"""A target that is offered is a tenth away from where the outcome stands."""


def draw(session: Session, offered: float | None = None, empty: str = "none") -> None:
    """Draw the target; where none is given, the one that is offered stands there, or what it means to be empty."""
    entry, currency = session.outcome.entry, session.scenario.company.currency
    factor, unit = (100.0, "%") if entry.shown_as == "rate" else (1.0, "")
    unit = symbol(currency).strip() if entry.shown_as == "money" else unit
    value = session.target if session.target is not None else offered
    present = None if value is None else round(value * factor, 6)
    session.widget(  # its value is that of the session alone: a default of its own could not be cleared
        "goal", present,
        lambda: st.number_input(escaped(f"Target, {unit}" if unit else "Target"), -MOST_TARGET, MOST_TARGET, None, key="goal",
                                format="%.2f" if entry.shown_as != "money" else "%.0f", placeholder=empty),
        lambda s, given: setattr(s, "target", None if given is None or not math.isfinite(given) else round(given / factor, 12)),
    )  # fmt: skip


def offer(outcome: Outcome, present: float) -> float:
    """Return a round target that is better than where an outcome stands by about a tenth."""
    way = -1 if outcome.entry.better == "down" else 1
    wanted = present + way * NEAR * (abs(present) or 1.0)
    digits = 1 - math.floor(math.log10(abs(wanted))) if wanted else 0
    return round(wanted, digits)


def told(session: Session, value: float) -> str:
    """Return a value of the outcome as people read it."""
    return shown(value, session.outcome.entry.shown_as, session.scenario.company.currency)
