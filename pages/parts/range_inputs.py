"""Ranges as inputs: what they mean, what is to be reached, which levers have one and which vary together."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from itertools import combinations

import streamlit as st

from model.catalogue import assumptions
from model.studies.draws import POINTS
from model.text import rate
from pages.parts import goal_input, inputs
from pages.parts.blocks import escaped, small
from pages.parts.choices import key_of
from pages.parts.state import Session

CONFIDENCES = (0.5, 0.8, 0.9, 0.95)


def meaning(session: Session, offered: Collection[int]) -> None:
    """Draw the target, how sure ranges are meant to be, whether forecasts miss and how many runs."""
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
        batches = sorted({*offered, session.exactness.batches})
        session.widget(
            "runs", session.exactness.batches,
            lambda: st.segmented_control("Runs", batches, default=session.exactness.batches, required=True, key="runs",
                                         format_func=lambda count: f"{count * POINTS:,}"),
            lambda s, chosen: setattr(s, "exactness", replace(s.exactness, batches=int(chosen))),
        )  # fmt: skip
        session.widget("noise", doubt.noise, lambda: st.toggle("Forecasts miss", doubt.noise, key="noise"),
                       lambda s, on: s.set_doubt(replace(s.scenario.doubt, noise=bool(on))))  # fmt: skip


def levers(session: Session) -> None:
    """Draw one lever at a time with its range, those that have one first, and which of them vary together."""
    ranged = list(session.scenario.ranged)
    of_view = [f"{name}.{session.segment}" if session.segment and entry.scope == "segment" else name
               for name, entry in assumptions().items() if entry.across != "fact"]  # fmt: skip
    keys = [*ranged, *(key for key in of_view if key not in ranged)]
    st.markdown(f"## Ranges :gray[{len(ranged) or ''}]")
    labels = {key: escaped(session.scenario.title_of(key)) for key in keys}
    key = st.selectbox("Lever", keys, key=key_of("ranged-lever", labels), format_func=labels.__getitem__)
    if key in keys:
        inputs.details(session, key)
    if len(ranged) > 1:
        _together(session, ranged)


def _together(session: Session, ranged: list[str]) -> None:
    """Draw the correlation of one pair of levers at a time."""
    doubt = session.scenario.doubt
    known = {pair[:2]: pair[2] for pair in doubt.together}
    pairs = sorted(((min(pair), max(pair)) for pair in combinations(ranged, 2)), key=lambda pair: pair not in known)
    st.markdown(f"## Vary together :gray[{len(known) or ''}]")

    labels = {pair: escaped(" with ".join(map(session.scenario.title_of, pair))) for pair in pairs}
    pair = st.selectbox("Pair", pairs, key=key_of("pair", labels), format_func=labels.__getitem__)
    if pair in pairs:
        value, key = known.get(pair, 0.0), f"together:{'~'.join(pair)}"
        session.widget(
            key, value,
            lambda: st.slider("Rank correlation", -1.0, 1.0, value, 0.05, key=key),
            lambda s, given: s.set_doubt(s.scenario.doubt.correlated(*pair, float(given))),
        )  # fmt: skip
        small("1: both high or both low. 0: one says nothing about the other. −1: one high where the other is low.")
