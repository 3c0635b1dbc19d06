"""Charts of what may come: a histogram parted by a target, causes ranked by what they explain, indices with intervals."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from model.company import Numbers
from model.text import rate
from pages.parts.charts import Figure, layout_of, ticks_of
from pages.parts.theme import colours

BINS = 48
SHOWN_PART = (0.002, 0.998)


@dataclass(frozen=True)
class Histogram:
    """Values of many runs, the marks drawn over them with their words, and which values reach the target.

    Attributes
    ----------
    values : array, (runs,)
    target : float
        Where the colour changes.
    below : bool
        Whether the target is reached below it.
    marks : pairs of value and words
    money : str
        Currency symbol, if the values are money.
    rate : bool
        Whether they are fractions to be read as per cent.
    """

    values: Numbers
    target: float
    below: bool
    marks: Sequence[tuple[float, str]]
    money: str = ""
    rate: bool = False


def histogram(shown: Histogram, *, height: int = 318) -> Figure:
    """Return how often each value comes; the few farthest out on either side are drawn in the last bar."""
    colour = colours()
    ends = np.quantile(shown.values, SHOWN_PART)
    marked = [value for value, _ in shown.marks]
    low, high = min(ends[0], *marked), max(ends[1], *marked)
    room = (high - low or abs(high) or 1.0) * 0.02
    low, high = low - room, high + room
    edges = np.linspace(low, high, BINS + 1)
    counts, _ = np.histogram(np.clip(shown.values, low, high), edges)
    middles = edges[1:] / 2 + edges[:-1] / 2  # the sum of two could be too large for a number
    reached = middles <= shown.target if shown.below else middles >= shown.target
    bars = {
        "type": "bar", "x": middles.tolist(), "y": (counts / shown.values.size).tolist(), "width": (high - low) / BINS * 0.9,
        "marker": {"color": [colour["scenario"] if one else colour["below_high"] for one in reached]}, "hoverinfo": "skip",
    }  # fmt: skip
    layout = layout_of(height) | {"margin": {"l": 8, "r": 8, "t": 18 * len(shown.marks) + 8, "b": 26}, "bargap": 0}
    top = float(counts.max() / shown.values.size) * 1.02
    layout["yaxis"] |= {"visible": False, "range": [0, top]}
    layout["xaxis"] |= {"range": [low, high]} | (
        {"tickformat": ".0%", "nticks": 6} if shown.rate else ticks_of(low, high, shown.money)
    )
    layout["shapes"] = [_line(value, row, colour["ink"]) for row, (value, _) in enumerate(shown.marks)]
    layout["annotations"] = [
        _note(value, text, row, low, high, colour["ink"]) for row, (value, text) in enumerate(shown.marks)
    ]
    return {"data": [bars], "layout": layout}


def _line(value: float, row: int, colour: str) -> dict[str, Any]:
    """Return an upright line at a value, the first whole, the others dotted."""
    return {"type": "line", "x0": value, "x1": value, "yref": "paper", "y0": 0, "y1": 1,
            "line": {"width": 1.5, "color": colour, "dash": "dot" if row else "solid"}}  # fmt: skip


def _note(value: float, text: str, row: int, low: float, high: float, colour: str) -> dict[str, Any]:
    """Return the words over a line, on the side where there is room."""
    right = value < (low + high) / 2
    return {"x": value, "yref": "paper", "y": 1, "yanchor": "bottom", "yshift": 18 * row, "text": html.escape(text),
            "showarrow": False, "xanchor": "left" if right else "right", "font": {"size": 13, "color": colour}}  # fmt: skip


def indices(
    labels: Sequence[str],
    firsts: Numbers,
    first_ends: Numbers,
    totals: Numbers,
    total_ends: Numbers,
    *,
    left: int = 150,
) -> Figure:
    """Return bars of what each lever causes alone (dark) and takes part in (light), with intervals, the largest on top.

    Parameters
    ----------
    labels : names of levers
    firsts, totals : array, (levers,)
    first_ends, total_ends : array, (2, levers)
        Low and high of their intervals.
    """
    colour, names = colours(), [html.escape(label) for label in labels]
    pairs = (("core", totals, total_ends, 0.19), ("scenario", firsts, first_ends, -0.19))
    rows = np.arange(len(names))
    bars = [{
        "type": "bar", "orientation": "h", "y": (rows + shift).tolist(), "x": values.tolist(), "width": 0.36, "hoverinfo": "skip",
        "marker": {"color": colour[role]},
        "error_x": {"type": "data", "symmetric": False, "array": (ends[1] - values).tolist(), "thickness": 1.5, "width": 3,
                    "arrayminus": (values - ends[0]).tolist(), "color": colour["grey"]},
    } for role, values, ends, shift in pairs]  # fmt: skip
    layout = layout_of(max(120, 46 * len(names) + 30)) | {
        "barmode": "overlay",
        "margin": {"l": left, "r": 52, "t": 2, "b": 26},
    }
    layout["annotations"] = [
        {"x": max(high, value, 0.0), "y": row + shift, "text": rate(value, 0),
         "showarrow": False, "xanchor": "left", "xshift": 6, "font": {"size": 12, "color": colour["ink"]}}
        for _, values, ends, shift in pairs for row, (value, high) in enumerate(zip(values, ends[1], strict=True))
    ]  # fmt: skip
    layout["yaxis"] |= {"tickvals": rows.tolist(), "ticktext": names, "range": [len(names) - 0.5, -0.5], "showgrid": False,
                        "tickfont": {"size": 13, "color": colour["ink"]}}  # fmt: skip
    layout["xaxis"] |= {"range": [min(0.0, float(first_ends.min())), max(float(total_ends.max()), float(first_ends.max()), 0.01)],
                        "tickformat": ".0%", "nticks": 6, "showgrid": True}  # fmt: skip
    return {"data": bars, "layout": layout}
