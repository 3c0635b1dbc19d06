"""Ranges as inputs: what they mean, what is to be reached, which levers have one and which vary together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations

import streamlit as st

from model.catalogue import assumptions
from model.text import rate
from pages.parts import goal_input, inputs
from pages.parts.blocks import escaped, small
from pages.parts.state import Session

CONFIDENCES = (0.5, 0.8, 0.9, 0.95)


def meaning(session: Session, runs: Mapping[int, str]) -> int:
    """Draw the target, how sure ranges are meant to be, whether forecasts miss and how many runs; return batches of runs."""
    doubt = session.scenario.doubt
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        with st.container(width=190):
            goal_input.draw(session, empty="the plan")
        options = sorted({*CONFIDENCES, doubt.confidence})
        session.widget(
            "confidence", doubt.confidence,
            lambda: st.segmented_control("Ranges hold with", options, default=doubt.confidence, required=True, key="confidence",
                                         format_func=lambda share: rate(share, 0)),
            lambda s, share: s.set_doubt(replace(s.scenario.doubt, confidence=float(share))),
        )  # fmt: skip
        batches = st.segmented_control("Runs", list(runs), default=next(iter(runs)), required=True, key="runs",
                                       format_func=runs.__getitem__, persist_state="session")  # fmt: skip
        session.widget("noise", doubt.noise, lambda: st.toggle("Forecasts miss", doubt.noise, key="noise"),
                       lambda s, on: s.set_doubt(replace(s.scenario.doubt, noise=bool(on))))  # fmt: skip
    return batches or next(iter(runs))


def levers(session: Session) -> None:
    """Draw one lever at a time with its range, those that have one first, and which of them vary together."""
    ranged = list(session.scenario.ranged)
    of_view = [f"{name}.{session.segment}" if session.segment and entry.scope == "segment" else name
               for name, entry in assumptions().items() if entry.across != "fact"]  # fmt: skip
    keys = [*ranged, *(key for key in of_view if key not in ranged)]
    st.markdown(f"## Ranges :gray[{len(ranged) or ''}]")
    key = st.selectbox("Lever", keys, key="ranged-lever", format_func=lambda key: _named(session, key))
    if key in keys:
        inputs.details(session, key)
    if len(ranged) > 1:
        _together(session, ranged)


def _named(session: Session, key: str) -> str:
    """Return a lever's name, and its range if it has one."""
    move, entry = session.scenario.by_key.get(key), assumptions()[key.partition(".")[0]]
    ends = " to ".join(
        entry.show(end, session.scenario.company.currency) for end in (move.range if move else None) or ()
    )
    return escaped(session.scenario.title_of(key)) + (f": {ends}" if ends else "")


def _together(session: Session, ranged: list[str]) -> None:
    """Draw the correlation of one pair of levers at a time."""
    doubt = session.scenario.doubt
    known = {pair[:2]: pair[2] for pair in doubt.together}
    pairs = sorted(((min(pair), max(pair)) for pair in combinations(ranged, 2)), key=lambda pair: pair not in known)
    st.markdown(f"## Vary together :gray[{len(known) or ''}]")

    def named(pair: tuple[str, str]) -> str:
        told = f": {known[pair]:g}".replace("-", "−") if pair in known else ""
        return escaped(" with ".join(map(session.scenario.title_of, pair))) + told

    pair = st.selectbox("Pair", pairs, key="pair", format_func=named)
    if pair in pairs:
        value, key = known.get(pair, 0.0), f"together:{'~'.join(pair)}"
        session.widget(
            key, value,
            lambda: st.slider("Rank correlation", -1.0, 1.0, value, 0.05, key=key),
            lambda s, given: s.set_doubt(s.scenario.doubt.correlated(*pair, float(given))),
        )  # fmt: skip
        small("1: both high or both low. 0: one says nothing about the other. −1: one high where the other is low.")
