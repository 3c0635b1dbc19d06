"""Bars in order of size, each name above its bars: the whole width is theirs, on a phone too."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pages.parts.charts import Figure, layout_of
from pages.parts.theme import colours

NAME, BAR = 21, 19
"""Pixels of a line of a name, and of a bar with the room around it."""
ROOM = 0.34
"""Of the width, for the words behind a bar."""


@dataclass(frozen=True)
class Row:
    """A name and its bars below it: of each the value, what is written behind it, and the role whose colour it has."""

    name: str
    bars: Sequence[tuple[float, str, str]]


def named_above(rows: Sequence[Row], *, room: float = ROOM) -> Figure:
    """Return bars from zero, negative ones to the left, the words behind each; `room` is theirs, as a part of the width."""
    colour, top = colours(), 0
    values, heights, notes = [], [], []
    for row in rows:
        notes.append(_note(row.name, 0, top + NAME / 2 + 2, colour["ink"]) | {"xref": "paper", "xanchor": "left"})
        top += NAME
        for value, text, role in row.bars:
            notes.append(
                _note(text, max(value, 0.0), top + BAR / 2, colour["grey" if len(row.bars) > 1 else "ink"])
                | {"xshift": 5}
            )
            values.append((value, colour[role if value >= 0 else "churn"]))
            heights.append(top + BAR / 2)
            top += BAR
        top += 4
    low, high = min(0.0, *(value for value, _ in values)), max(0.0, *(value for value, _ in values))
    span = (high - low or 1.0) / (1 - room)
    bar = {"type": "bar", "orientation": "h", "x": [value for value, _ in values], "y": heights, "width": BAR - 5,
           "marker": {"color": [shade for _, shade in values]}, "hoverinfo": "skip"}  # fmt: skip
    layout = layout_of(top + 4) | {"annotations": notes, "margin": {"l": 2, "r": 2, "t": 2, "b": 2}}
    layout["xaxis"] |= {"visible": False, "range": [low, max(low + span, high)]}
    layout["yaxis"] |= {"visible": False, "range": [top, 0]}
    return {"data": [bar], "layout": layout}


def _note(text: str, x: float, y: float, shade: str) -> dict[str, Any]:
    return {"x": x, "y": y, "text": html.escape(text), "showarrow": False, "xanchor": "left", "yanchor": "middle",
            "font": {"color": shade, "size": 13}}  # fmt: skip
