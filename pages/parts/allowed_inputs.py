"""The levers that a mix may use, and of each its bounds and how much an effort there weighs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from model.studies.aim_link import MOST_LEVERS, WEIGHTS, Allowed
from model.studies.levers import Lever, lever_of, levers_of
from pages.parts.blocks import escaped, labelled, small
from pages.parts.choices import key_of
from pages.parts.state import Session


def draw(session: Session, allowed: tuple[Allowed, ...]) -> None:
    """Draw the choice of levers, and behind a heading their bounds and weights."""
    options = list(dict.fromkeys([*(one.key for one in allowed),
                                  *(lever.key for lever in levers_of(session.scenario, session.segment))]))  # fmt: skip
    levers = {key: lever_of(session.scenario, key) for key in options}
    known = {one.key: one for one in allowed}
    chosen = [one.key for one in allowed]
    labels = {key: escaped(lever.title) for key, lever in levers.items()}
    widget = key_of("aim:levers", labels)
    session.widget(
        widget, chosen,
        lambda: st.multiselect("Levers that a mix may use", options, chosen, key=widget, max_selections=MOST_LEVERS,
                               format_func=labels.__getitem__),
        lambda s, keys: s.set_allowed(tuple(known.get(key, Allowed(key)) for key in keys)),
    )  # fmt: skip
    folded = st.expander("Bounds and weights", icon=":material/tune:", key="aim:bounds", on_change="rerun")
    if folded.open:
        with folded:
            small("A weight of 2 says that the same way is twice as hard to go for a lever.")
            for one in allowed:
                _lever(session, one, levers[one.key], allowed)


def _lever(session: Session, one: Allowed, lever: Lever, allowed: tuple[Allowed, ...]) -> None:
    """Draw lower bound, upper bound and weight of a lever."""
    entry, (low, high) = lever.entry, one.bounds(lever)
    factor, unit = (100.0, ", %") if entry.shown_as == "rate" else (1.0, "")
    ends = entry.min * factor, entry.max * factor

    def take(part: str) -> Callable[[Session, float], None]:
        return lambda s, given: _put(s, allowed, lever, part, given if part == "weight" else given / factor)

    with st.grid(3, min_column_width=110, gap="small"):
        _number(session, f"aim:low:{one.key}", f"{lever.title} from{unit}", round(low * factor, 9), *ends, take("low"))
        _number(session, f"aim:high:{one.key}", f"to{unit}", round(high * factor, 9), *ends, take("high"))
        _number(session, f"aim:weight:{one.key}", "Weight", one.weight, *WEIGHTS, take("weight"))


def _number(session: Session, key: str, label: str, value: float, least: float, most: float,
            apply: Callable[[Session, float], None]) -> None:  # fmt: skip
    session.widget(key, value, lambda: st.number_input(labelled(label), least, most, value, key=key, format="%.6g", step=None),
                   lambda s, given: apply(s, round(float(given), 12)) if given is not None else None)  # fmt: skip


def _put(session: Session, allowed: tuple[Allowed, ...], lever: Lever, part: str, given: float) -> None:
    """Take one number of a lever over, on top of what else was changed in the same run."""
    present = allowed if session.allowed is None else session.allowed
    for one in (one for one in present if one.key == lever.key):
        low, high = one.bounds(lever)
        if part == "weight":
            changed = replace(one, weight=given)
        elif part == "low":
            changed = replace(one, low=given, high=high)
        else:
            changed = replace(one, low=low, high=given)
        least, most = changed.bounds(lever)
        if least < most:
            session.set_allowed(tuple(changed if other is one else other for other in present))
        else:
            session.notices = (f"{lever.title}: the lower bound must be below the upper one; both stay as they were.",)
