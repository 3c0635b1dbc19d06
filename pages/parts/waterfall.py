"""The waterfall: from one value to another by steps, each with a whisker where it may be more or less."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from model.text import glance
from pages.parts.charts import Figure, layout_of
from pages.parts.theme import colours

ROW = 30
LONGEST_LABEL = 26
CUT = 0.6
"""The axis is cut where all steps together span less than this share of the larger end."""


@dataclass(frozen=True)
class Step:
    """A step: what it is called, how far it goes, what is written beside it, and between what it may lie."""

    label: str
    amount: float
    text: str
    role: str = ""
    ends: tuple[float, float] | None = None

    @property
    def colour(self) -> str:
        """The role whose colour it has: its own, else by its sign."""
        return self.role or ("expansion" if self.amount >= 0 else "churn")


def is_cut(first: Step, steps: Sequence[Step], last: Step) -> bool:
    """Say whether the bars of both ends are shown in part only, so that the steps can be seen."""
    low, high = _span(first, steps, last)
    return high - low < CUT * max(abs(first.amount), abs(last.amount)) and not low < 0 < high


def waterfall(first: Step, steps: Sequence[Step], last: Step) -> Figure:
    """Return horizontal bars from a first value by steps to a last one, the first on top."""
    colour = colours()
    rows = [first, *steps, last]
    low, high = _span(first, steps, last)
    room = (high - low) * 0.06 or abs(high) or 1.0
    if is_cut(first, steps, last):
        low, high = (low - 4 * room, high) if first.amount > 0 else (low, high + 4 * room)
    else:
        low, high = min(low, 0.0), max(high, 0.0)
    starts = [0.0, *_reached(first, steps)[:-1], 0.0]
    bar = {
        "type": "bar", "orientation": "h", "y": list(range(len(rows))), "x": [row.amount for row in rows], "base": starts,
        "marker": {"color": [colour[row.colour] for row in rows]}, "hoverinfo": "skip", "width": 0.66,
    }  # fmt: skip
    layout = layout_of(ROW * len(rows) + 8)
    layout |= {"margin": {"l": 172, "r": 74, "t": 2, "b": 2}}
    layout["shapes"] = _connectors(_reached(first, steps), colour) + _whiskers(rows, starts, colour)
    layout["annotations"] = [_text(row, start, at, colour, end=at in (0, len(rows) - 1))
                             for at, (row, start) in enumerate(zip(rows, starts, strict=True))]  # fmt: skip
    layout["yaxis"] |= {"range": [len(rows) - 0.5, -0.5], "showgrid": False, "tickvals": list(range(len(rows))),
                        "ticktext": [html.escape(glance(row.label, LONGEST_LABEL)) for row in rows],
                        "tickfont": {"size": 13, "color": colour["ink"]}}  # fmt: skip
    layout["xaxis"] |= {"visible": False, "range": [low, high]}
    return {"data": [bar], "layout": layout}


def _reached(first: Step, steps: Sequence[Step]) -> list[float]:
    """Return what is reached before each step and after the last."""
    found = [first.amount]
    for step in steps:
        found.append(found[-1] + step.amount)
    return found


def _span(first: Step, steps: Sequence[Step], last: Step) -> tuple[float, float]:
    """Return the least and the most that is reached, whiskers included."""
    reached = _reached(first, steps)
    ends = [start + end for start, step in zip(reached, steps, strict=False) for end in step.ends or ()]
    found = [*reached, last.amount, *ends]
    return min(found), max(found)


def _connectors(reached: Sequence[float], colour: dict[str, str]) -> list[dict[str, Any]]:
    return [{"type": "line", "x0": x, "x1": x, "y0": row, "y1": row + 1, "layer": "below",
             "line": {"width": 1, "color": colour["base"]}} for row, x in enumerate(reached)]  # fmt: skip


def _whiskers(rows: Sequence[Step], starts: Sequence[float], colour: dict[str, str]) -> list[dict[str, Any]]:
    """Return a line with two caps on each step that may be more or less, each on a wider one that sets it off."""
    found: list[dict[str, Any]] = []
    for at, (row, start) in enumerate(zip(rows, starts, strict=True)):
        if row.ends and row.ends[0] < row.ends[1]:
            low, high = start + row.ends[0], start + row.ends[1]
            strokes = [{"x0": low, "x1": high, "y0": at, "y1": at},
                       *({"x0": x, "x1": x, "y0": at - 0.14, "y1": at + 0.14} for x in (low, high))]  # fmt: skip
            found += [{"type": "line", "line": {"width": width, "color": colour[role]}} | stroke
                      for width, role in ((4, "page"), (1.5, "ink")) for stroke in strokes]  # fmt: skip
    return found


def _text(row: Step, start: float, at: int, colour: dict[str, str], *, end: bool) -> dict[str, Any]:
    right = max(start, start + row.amount, *(start + one for one in row.ends or ()))
    return {"x": right, "y": at, "text": f"<b>{row.text}</b>" if end else row.text, "showarrow": False, "xanchor": "left",
            "xshift": 5, "font": {"color": colour["ink"], "size": 13}}  # fmt: skip
