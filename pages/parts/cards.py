"""Cards: figures side by side, each with label, value, difference and curve, in one element of HTML for all."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

import numpy as np
import streamlit as st

from model.company import Numbers
from pages.parts.theme import text_colour

Colour = Literal["green", "red", "gray"]
CURVE_POINTS = 24
STEADY = 1e-6
"""A figure that varies by less than this share of itself is drawn level: rounding is no news."""


@dataclass(frozen=True)
class Card:
    """A figure: what it is called and comes to, how it differs from what, whether that is good, and what it means."""

    label: str
    value: str
    delta: str
    colour: Colour
    told: str
    against: str = ""
    curve: Numbers | None = None


def row(cards: Sequence[Card], *, across: int, name: str = "") -> None:
    """Draw figures in a grid; `name` is a class of its own for the page's CSS."""
    body = "".join(_card(card) for card in cards)
    st.html(f'<div class="cards {name}" style="--across:{across}">{body}</div>')


def _card(card: Card) -> str:
    """Return a figure; all texts are escaped, whoever wrote them."""
    label, value, delta, against, told = map(html.escape, (card.label, card.value, card.delta, card.against, card.told))
    return (
        f'<div class="card"><div class="label">{label}<span class="told" tabindex="0" role="img" aria-label="{told}">'
        f'?</span></div><div class="value">{value}</div><span class="delta {card.colour}">{delta}</span>'
        f'<span class="against">{against}</span>{_curve(card)}</div>'
    )


def _curve(card: Card) -> str:
    """Return a small line of the figure over time; only a picture passes the sanitiser."""
    known = card.curve[np.isfinite(card.curve)] if card.curve is not None else np.empty(0)
    if known.size < 2:
        return ""
    values = known[np.linspace(0, known.size - 1, min(CURVE_POINTS, known.size)).round().astype(int)]
    low, high = float(values.min()), float(values.max())
    level = high - low <= STEADY * max(abs(low), abs(high))
    heights = np.full(values.size, 15.0) if level else 29 - 28 * (values - low) / (high - low)
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(np.linspace(1, 99, values.size), heights, strict=True))
    picture = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 30" preserveAspectRatio="none">'
        f'<polyline points="{points}" fill="none" stroke="{text_colour(card.colour)}" stroke-width="2" '
        'stroke-linejoin="round" vector-effect="non-scaling-stroke"/></svg>'
    )
    return f'<img class="curve" alt="" decoding="sync" src="data:image/svg+xml,{quote(picture)}">'
