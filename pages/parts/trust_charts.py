"""Charts of plan and actual: dark is what happened, the scenario's colour what was said, grey the simple rules."""

from __future__ import annotations

import html
from collections.abc import Sequence
from textwrap import wrap

import numpy as np

from pages.parts import charts
from pages.parts.charts import Figure
from pages.parts.theme import colours

ACTUAL, PLAN = "ink", "scenario"


def pairs(labels: Sequence[str], amounts: Sequence[tuple[float, float]], texts: Sequence[tuple[str, str]], *,
          height: int = 258) -> Figure:  # fmt: skip
    """Return upright bars in pairs, what was said beside what happened, each with its amount over it.

    Parameters
    ----------
    labels : what is compared
    amounts : of each, what happened and what was said
    texts : the same as it is written
    """
    role = colours()
    traces = [
        {"type": "bar", "x": [_wrapped(label) for label in labels], "y": [pair[place] for pair in amounts], "name": name,
         "text": [pair[place] for pair in texts], "textposition": "outside", "textangle": 0, "cliponaxis": False,
         "textfont": {"color": role["ink"], "size": 12}, "marker": {"color": role[colour]}, "hoverinfo": "skip"}
        for place, name, colour in ((1, "Plan", PLAN), (0, "Actual", ACTUAL))
    ]  # fmt: skip
    known = [0.0, *(amount for pair in amounts for amount in pair)]
    high, low = max(known), min(known)
    room = (high - low or 1.0) * 0.16
    layout = charts.layout_of(height) | {
        "barmode": "group",
        "bargap": 0.3,
        "bargroupgap": 0.06,
        "margin": {"l": 8, "r": 8, "t": 8, "b": 44},
    }
    layout["yaxis"] |= {"visible": False, "range": [low - (room if low < 0 else 0), high + room]}
    layout["xaxis"] |= {"type": "category", "tickangle": 0, "tickfont": {"size": 12, "color": role["ink"]}}
    return {"data": traces, "layout": layout}


def _wrapped(label: str) -> str:
    """Return a label on lines so short that four labels fit a phone."""
    return "<br>".join(html.escape(line) for line in wrap(label, 15))


def at_end(figure: Figure, date: str, value: float, text: str) -> None:
    """Write a text at the end of a line that ends before the others."""
    figure["layout"]["annotations"].append({
        "x": date, "y": value, "text": f"<b>{html.escape(text)}</b>", "showarrow": False, "xanchor": "left", "yanchor": "top",
        "xshift": 4, "yshift": -4, "font": {"size": 13, "color": colours()[ACTUAL]},
    })  # fmt: skip


def misses(labels: Sequence[str], values: Sequence[float], texts: Sequence[str]) -> Figure:
    """Return horizontal bars of how far rules missed: the model's in its colour, the others grey."""
    role = colours()
    figure = charts.ranked(labels, values, texts, height=132, left=104)
    figure["data"][0]["marker"]["color"] = [role[PLAN] if row == 0 else role["base"] for row in range(len(labels))]
    return figure


def variance(steps: Sequence[tuple[str, float, str]], texts: Sequence[str], *, height: int = 300) -> Figure:
    """Return a bridge from planned to actual ARR; the two balances are cut so that the steps between can be read."""
    figure = charts.bridge(steps, texts, height=height)
    amounts = [amount for _, amount, _ in steps[1:-1]]
    reached = np.cumsum([steps[0][1], *amounts])
    ends = np.append(reached, steps[-1][1])
    span = float(ends.max() - ends.min()) or abs(steps[0][1]) or 1.0
    low = float(ends.min()) - span * 0.35
    figure["layout"]["xaxis"]["range"] = [max(low, 0.0) if ends.min() >= 0 else low, float(ends.max()) + span * 0.05]
    figure["layout"]["margin"]["l"] = 172
    return figure
