"""The target of studies: what the outcome is to reach, in per cent where it is a rate."""

from __future__ import annotations

import math

import streamlit as st

from model.outcomes import MOST_TARGET
from model.text import shown, symbol
from pages.parts.blocks import labelled
from pages.parts.state import Session

DIGITS = 6
"""A target that comes from a change is rounded to so many digits, so that a link stays readable."""


def draw(session: Session, offered: float | None = None, empty: str = "none") -> None:
    """Draw the target; where none is given, the one that is offered stands there, or what it means to be empty."""
    entry, currency = session.outcome.entry, session.scenario.company.currency
    factor, unit = (100.0, "%") if entry.shown_as == "rate" else (1.0, "")
    unit = symbol(currency).strip() if entry.shown_as == "money" else unit
    value = session.target if session.target is not None else offered
    present = None if value is None else round(value * factor, 6)
    session.widget(  # its value is that of the session alone: a default of its own could not be cleared
        "goal", present,
        lambda: st.number_input(labelled(f"Target, {unit}" if unit else "Target"), -MOST_TARGET * factor, MOST_TARGET * factor, None,
                                key="goal", format="%.2f" if entry.shown_as != "money" else "%.0f", placeholder=empty),
        lambda s, given: s.aim_for(None if given is None or not math.isfinite(given) else round(given / factor, 12)),
    )  # fmt: skip


def change(session: Session, target: float, base: float) -> None:
    """Draw the target once more as a change against the base: points of a share, else per cent. What is typed is the target."""
    in_points = session.outcome.entry.shown_as == "rate"
    if not math.isfinite(base) or not (in_points or base):
        return
    whole = 1.0 if in_points else abs(base)
    present, least, most = (round(100 * (value - base) / whole, 2) for value in (target, -MOST_TARGET, MOST_TARGET))
    session.widget(
        "goal:change", present,
        lambda: st.number_input("Or against base, points" if in_points else "Or against base, %", least, most, None, key="goal:change",
                                format="%.2f", placeholder="none",
                                help="Against the base, that is without any move. It fills the target in; the link holds that."),
        lambda s, given: s.aim_for(None if given is None or not math.isfinite(given)
                                   else float(f"{base + given / 100 * whole:.{DIGITS}g}")),
    )  # fmt: skip


def told(session: Session, value: float) -> str:
    """Return a value of the outcome as people read it."""
    return shown(value, session.outcome.entry.shown_as, session.scenario.company.currency)
