"""The levers that a mix may use, and of each its bounds and how much an effort there weighs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from model.studies.aim_link import MOST_LEVERS, WEIGHTS, Allowed
from model.studies.levers import Lever, lever_of, levers_of
from pages.parts.blocks import escaped, small
from pages.parts.state import Session


def draw(session: Session, allowed: tuple[Allowed, ...]) -> None:
    """Draw the choice of levers, and behind a heading their bounds and weights."""
    options = list(dict.fromkeys([*(one.key for one in allowed),
                                  *(lever.key for lever in levers_of(session.scenario, session.segment))]))  # fmt: skip
    levers = {key: lever_of(session.scenario, key) for key in options}
    known = {one.key: one for one in allowed}
    chosen = [one.key for one in allowed]
    session.widget(
        "aim:levers", chosen,
        lambda: st.multiselect("Levers that a mix may use", options, chosen, key="aim:levers", max_selections=MOST_LEVERS,
                               format_func=lambda key: escaped(levers[key].title)),
        lambda s, keys: s.set_allowed(tuple(known.get(key, Allowed(key)) for key in keys)),
    )  # fmt: skip
    folded = st.expander("Bounds and weights", icon=":material/tune:", key="aim:bounds", on_change="rerun")
    if folded.open:
        with folded:
            small("A weight of 2 says that the same part of a lever's usual range is twice as hard to go.")
            for one in allowed:
                _lever(session, one, levers[one.key], allowed)


def _lever(session: Session, one: Allowed, lever: Lever, allowed: tuple[Allowed, ...]) -> None:
    """Draw lower bound, upper bound and weight of a lever."""
    entry, (low, high) = lever.entry, one.bounds(lever)
    factor, unit = (100.0, ", %") if entry.shown_as == "rate" else (1.0, "")

    def bounded(s: Session, least: float, most: float) -> None:
        least, most = max(least, entry.min), min(most, entry.max)
        if least < most:
            _put(s, allowed, replace(one, low=least, high=most))
        else:
            s.notices = (f"{lever.title}: the lower bound must be below the upper one; both stay as they were.",)

    with st.grid(3, min_column_width=110, gap="small"):
        for part, label, value in (("low", f"{lever.title} from{unit}", low), ("high", f"to{unit}", high)):
            _number(session, f"aim:{part}:{one.key}", label, round(value * factor, 9), entry.min * factor, entry.max * factor,
                    lambda s, given, part=part: bounded(s, given / factor if part == "low" else low,  # type: ignore[misc]
                                                        high if part == "low" else given / factor))  # fmt: skip
        _number(session, f"aim:weight:{one.key}", "Weight", one.weight, *WEIGHTS,
                lambda s, given: _put(s, allowed, replace(one, weight=given)))  # fmt: skip


def _number(session: Session, key: str, label: str, value: float, least: float, most: float,
            apply: Callable[[Session, float], None]) -> None:  # fmt: skip
    session.widget(key, value, lambda: st.number_input(escaped(label), least, most, value, key=key, format="%.6g", step=None),
                   lambda s, given: apply(s, round(float(given), 12)) if given is not None else None)  # fmt: skip


def _put(session: Session, allowed: tuple[Allowed, ...], changed: Allowed) -> None:
    """Take a lever over in place of the one of its key, on top of what else was changed in the same run."""
    present = allowed if session.allowed is None else session.allowed
    session.set_allowed(tuple(changed if one.key == changed.key else one for one in present))
