"""Figures of maturity: a radar, bars with whiskers, a map from levers to figures, and bars that gain or lose."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pages.parts.charts import Figure, layout_of
from pages.parts.theme import colours


def radar(labels: Sequence[str], today: Sequence[float], aim: Sequence[float], *, height: int = 250) -> Figure:
    """Return levels 1 to 5 around a circle: today in grey, what is planned in the scenario's colour."""
    colour = colours()

    def ring(values: Sequence[float], role: str, name: str, width: float) -> dict[str, Any]:
        shade = colour[role]
        return {
            "type": "scatterpolar", "r": [*values, values[0]], "theta": [*labels, labels[0]], "mode": "lines+markers",
            "line": {"color": shade, "width": width}, "marker": {"color": shade, "size": 6}, "name": name,
            "hovertemplate": "%{theta}: %{r:.1f}<extra>%{fullData.name}</extra>",
        }  # fmt: skip

    rings = [ring(today, "base", "Today", 1.75)]
    if list(today) != list(aim):
        rings.append(ring(aim, "scenario", "Planned", 2.75))
    layout = layout_of(height) | {"margin": {"l": 70, "r": 70, "t": 24, "b": 22}}
    line = {"gridcolor": colour["grid"], "linecolor": colour["grid"]}
    layout["polar"] = {
        "bgcolor": "rgba(0,0,0,0)",
        "radialaxis": line | {"range": [0, 5], "tickvals": [1, 2, 3, 4, 5], "angle": 90, "tickangle": 90, "ticks": "",
                              "tickfont": {"size": 11, "color": colour["grey"]}},
        "angularaxis": line | {"rotation": 90, "direction": "clockwise", "ticks": "",
                               "tickfont": {"size": 13, "color": colour["ink"]}},
    }  # fmt: skip
    return {"data": rings, "layout": layout}


@dataclass(frozen=True)
class Ranged:
    """A bar with whiskers: its name, low, likely and high, and what is written beside it in two lines."""

    label: str
    low: float
    likely: float
    high: float
    text: str
    below: str


def whiskers(bars: Sequence[Ranged], *, left: int = 96) -> Figure:
    """Return horizontal bars, the first on top, each with its range as whiskers."""
    colour = colours()
    names = [html.escape(bar.label) for bar in bars]
    trace = {
        "type": "bar", "orientation": "h", "y": names, "x": [bar.likely for bar in bars], "width": 0.5,
        "marker": {"color": [colour["scenario"] if bar.likely >= 0 else colour["churn"] for bar in bars]},
        "hoverinfo": "skip",
        "error_x": {"type": "data", "array": [bar.high - bar.likely for bar in bars], "symmetric": False,
                    "arrayminus": [bar.likely - bar.low for bar in bars], "color": colour["base"], "thickness": 1.75,
                    "width": 5},
    }  # fmt: skip
    low = min(0.0, *(bar.low for bar in bars))
    high = max(0.0, *(bar.high for bar in bars)) or 1.0
    layout = layout_of(42 * len(bars) + 12) | {"margin": {"l": left, "r": 112, "t": 2, "b": 2}}
    layout["annotations"] = [
        {"xref": "paper", "x": 1, "xanchor": "left", "xshift": 6, "y": name, "showarrow": False, "align": "left",
         "text": f"<b>{bar.text}</b><br><span style='font-size:12px;color:{colour['grey']}'>{bar.below}</span>",
         "font": {"color": colour["ink"], "size": 13}}
        for name, bar in zip(names, bars, strict=True)
    ]  # fmt: skip
    layout["yaxis"] |= _names(colour)
    layout["xaxis"] |= {"visible": False, "range": [low * 1.02, high * 1.02], "zeroline": True,
                        "zerolinecolor": colour["base"]}  # fmt: skip
    return {"data": [trace], "layout": layout}


def parts(labels: Sequence[str], acted_on: Sequence[int], levers: Sequence[int], texts: Sequence[str]) -> Figure:
    """Return a bar for each part of a whole: how many levers it has, and on how many of them something acts."""
    colour = colours()
    common = {"type": "bar", "orientation": "h", "y": list(labels), "hoverinfo": "skip", "width": 0.56}
    rest = [total - some for total, some in zip(levers, acted_on, strict=True)]
    bars = [common | {"x": list(acted_on), "marker": {"color": colour["scenario"]}},
            common | {"x": rest, "marker": {"color": colour["grid"]}}]  # fmt: skip
    layout = layout_of(34 * len(labels) + 12) | {"barmode": "stack", "margin": {"l": 112, "r": 96, "t": 2, "b": 2}}
    layout["annotations"] = [
        {"x": total, "y": label, "text": text, "showarrow": False, "xanchor": "left", "xshift": 6,
         "font": {"color": colour["ink"] if total else colour["churn"], "size": 13}}
        for label, total, text in zip(labels, levers, texts, strict=True)
    ]  # fmt: skip
    layout["yaxis"] |= _names(colour)
    layout["xaxis"] |= {"visible": False, "range": [0, max(levers)]}
    return {"data": bars, "layout": layout}


@dataclass(frozen=True)
class Row:
    """A bar that gains or loses, a share of the base, with a text at its right; a heading has no gain."""

    label: str
    text: str
    gain: float | None = None


def gains_and_losses(rows: Sequence[Row]) -> Figure:
    """Return bars to the right for what got better and to the left for what got worse, under headings."""
    colour = colours()
    bars = [(number, row.gain) for number, row in enumerate(rows) if row.gain]
    lengths = [(1 if gain > 0 else -1) * min(1.0, abs(gain)) ** 0.5 for _, gain in bars]
    bar = {
        "type": "bar", "orientation": "h", "y": [number for number, _ in bars], "x": lengths, "width": 0.6,
        "hoverinfo": "skip",
        "marker": {"color": [colour["profit"] if length > 0 else colour["churn"] for length in lengths]},
    }  # fmt: skip
    most = max([0.05, *map(abs, lengths)])
    layout = layout_of(22 * len(rows) + 8) | {"margin": {"l": 136, "r": 82, "t": 4, "b": 4}}
    layout["yaxis"] |= {"visible": False, "range": [len(rows) - 0.4, -0.6]}
    layout["xaxis"] |= {"visible": False, "range": [-most * 1.05, most * 1.05]}
    layout["shapes"] = [{"type": "line", "x0": 0, "x1": 0, "yref": "paper", "y0": 0, "y1": 1,
                         "line": {"width": 1, "color": colour["base"]}}]  # fmt: skip
    layout["annotations"] = []
    for number, row in enumerate(rows):
        heading = row.gain is None
        shade = colour["grey"] if heading or not row.gain else colour["ink"]
        left = (-134, "left") if heading else (-8, "right")
        name = f"<b>{row.label}</b>" if heading else row.label
        layout["annotations"] += [_edge(number, name, colour["ink"], 0, left[1], left[0]),
                                  _edge(number, row.text, shade, 1, "left", 6)]  # fmt: skip
    return {"data": [bar], "layout": layout}


def _edge(row: float, text: str, shade: str, x: float, anchor: str, shift: int) -> dict[str, Any]:
    return {"xref": "paper", "x": x, "xanchor": anchor, "xshift": shift, "y": row, "showarrow": False, "text": text,
            "font": {"size": 13, "color": shade}}  # fmt: skip


@dataclass(frozen=True)
class Node:
    """A box of a map: its name and a line under it."""

    label: str
    below: str


@dataclass(frozen=True)
class Flow:
    """A line of a map, from a node at the left to one at the right: 0 to 1 strong, for better or worse."""

    left: int
    right: int
    strength: float
    better: bool


def flow_map(left: Sequence[Node], right: Sequence[Node], flows: Sequence[Flow]) -> Figure:
    """Return a map of two columns of nodes with lines between, as wide as the flow is strong."""
    colour = colours()
    height = 48 * max(len(left), len(right), 1) + 8
    ends = (0.40, 0.60)
    places = [[(row + 0.5) / len(nodes) for row in range(len(nodes))] for nodes in (left, right)]
    shapes: list[dict[str, Any]] = []
    for flow in flows:
        y0, y1 = 1 - places[0][flow.left], 1 - places[1][flow.right]
        middle = sum(ends) / 2
        shapes.append({
            "type": "path", "xref": "paper", "yref": "paper", "opacity": 0.6, "layer": "below",
            "path": f"M {ends[0]} {y0:.4f} C {middle} {y0:.4f} {middle} {y1:.4f} {ends[1]} {y1:.4f}",
            "line": {"width": 1.5 + 10 * flow.strength**0.5, "color": colour["expansion" if flow.better else "churn"]},
        })  # fmt: skip
    notes = []
    for column, nodes in enumerate((left, right)):
        for place, node in zip(places[column], nodes, strict=True):
            text = f"<b>{html.escape(node.label)}</b><br><span style='font-size:12px'>{html.escape(node.below)}</span>"
            notes.append({
                "xref": "paper", "x": ends[column], "xanchor": ("right", "left")[column], "xshift": (-6, 6)[column],
                "yref": "paper", "y": 1 - place, "yanchor": "middle", "showarrow": False, "text": text,
                "align": ("right", "left")[column], "font": {"size": 13, "color": colour["ink"]},
            })  # fmt: skip
    layout = layout_of(height) | {"margin": {"l": 2, "r": 2, "t": 4, "b": 4}, "shapes": shapes, "annotations": notes}
    for axis in ("xaxis", "yaxis"):
        layout[axis] |= {"visible": False, "range": [0, 1]}
    empty = {"type": "scatter", "x": [], "y": [], "hoverinfo": "skip"}  # a figure without a trace draws no plot area
    return {"data": [empty], "layout": layout}


def _names(colour: dict[str, str]) -> dict[str, Any]:
    return {"autorange": "reversed", "type": "category", "showgrid": False, "dtick": 1,
            "tickfont": {"size": 13, "color": colour["ink"]}}  # fmt: skip
