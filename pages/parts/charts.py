"""Charts: each a Plotly figure as a plain dict, in the project's colours, with direct labels and no chart junk."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from plotly.basedatatypes import BaseFigure

from model.company import Numbers
from model.text import HUGE, MINUS, SCALES
from pages.parts.theme import TEXT_ROLES, colours

Figure = dict[str, Any]


class Ready(BaseFigure):
    """A figure that Streamlit sends as it is: checking a plain dict takes longer than all else in a run."""

    def __init__(self, figure: Figure) -> None:
        self._figure = figure

    def to_dict(self) -> Figure:
        """Return what is drawn."""
        return self._figure


MARGIN = {"l": 46, "r": 88, "t": 6, "b": 26}
LABEL_GAP = 16
LETTER = 7.2
"""How wide a letter of such a name is on average where it is bold, in pixels."""
RATE_SPAN = 0.05
MONEY_SPAN = 0.1
MOST_MARKS = 4.5
"""How many names of periods, side by side, are as wide as a chart on a phone."""


@dataclass(frozen=True)
class Series:
    """A line or a stack of bars: how it is called at its end, its values, the role whose colour it has.

    `name` is what it is called when pointed at, where that differs.
    """

    label: str
    values: Numbers
    role: str
    width: float = 2.0
    bold: bool = False
    name: str = ""


def over_time(dates: Sequence[str], series: Sequence[Series], *, money: str = "", height: int = 226,
              band: tuple[Numbers, Numbers] | None = None, core: tuple[Numbers, Numbers] | None = None,
              rate: bool = False, zero: bool = False) -> Figure:  # fmt: skip
    """Return lines over months, each labelled at its end.

    Parameters
    ----------
    dates : months as "2026-01"
    series : lines, the first drawn first
    money : currency symbol of the y axis, if it is money
    band, core : lower and upper edge of a shaded band, and of a darker one within it
    rate : whether values are fractions to be read as per cent
    zero : whether zero must be in view
    """
    role = colours()
    low, high = _span([line.values for line in series] + list(band or ()), rate=rate, zero=zero)
    traces: list[dict[str, Any]] = []
    for name, edges in (("band", band), ("core", core)):
        if edges is not None:
            shade = {"fillcolor": role[name], "hoverinfo": "skip"}
            traces += [_line(dates, edges[0], role[name], 0) | shade,
                       _line(dates, edges[1], role[name], 0) | shade | {"fill": "tonexty"}]  # fmt: skip
    hover = "%{y:.1%}" if rate else f"{money}%{{y:,.3s}}" if money else "%{y:,.3~s}"
    for line in series:
        traces.append(_line(dates, line.values, role[line.role], line.width) | {
            "name": html.escape(line.name or line.label), "hovertemplate": f"{hover}<extra>%{{fullData.name}}</extra>",
        })  # fmt: skip
    labels = end_labels([(line.label, _last(line.values), line.role, line.bold) for line in series], low, high, height)
    layout = layout_of(height) | {"annotations": labels, "hovermode": "x unified"}
    layout["xaxis"] |= _months(dates)
    layout["yaxis"] |= {"range": [low, high]} | ({"tickformat": ".0%"} if rate else ticks_of(low, high, money))
    layout["yaxis"] |= {"zeroline": low < 0 < high, "zerolinecolor": role["base"], "zerolinewidth": 1}
    return {"data": traces, "layout": layout}


def stacked(
    periods: Sequence[str], gains: Sequence[Series], losses: Sequence[Series], *, money: str, height: int = 198
) -> Figure:
    """Return bars by period: gains upwards, losses downwards, each part labelled at the right."""
    role = colours()
    traces, labels = [], []
    parts = [(part, 1) for part in gains] + [(part, -1) for part in losses]
    for part, sign in parts:
        traces.append({
            "type": "bar", "x": list(periods), "y": (sign * part.values).tolist(), "name": part.label,
            "marker": {"color": role[part.role], "line": {"width": 0}}, "hovertemplate": f"{money}%{{y:,.3s}}",
        })  # fmt: skip
    top, bottom = (sum((part.values for part in side), np.zeros(len(periods))) for side in (gains, losses))
    high, low = float(top.max(initial=0)) * 1.08 or 1.0, -float(bottom.max(initial=0)) * 1.08
    for side, sign in ((gains, 1), (losses, -1)):
        reached = 0.0
        for part in side:
            middle = sign * (reached + part.values[-1] / 2)
            reached += part.values[-1]
            labels.append((f"■ {part.label}", middle, part.role, False))
    layout = layout_of(height) | {"barmode": "relative", "bargap": 0.35, "hovermode": "x unified"}
    layout["annotations"] = end_labels(labels, low, high, height, gap=15)
    layout["xaxis"] |= {
        "type": "category",
        "tickfont": {"size": 12, "color": role["grey"]},
        "tickvals": marks(periods),
        "tickangle": 0,
    }
    layout["yaxis"] |= {"range": [low, high], "zeroline": True, "zerolinecolor": role["base"], "zerolinewidth": 1}
    layout["yaxis"] |= ticks_of(low, high, money)
    return {"data": traces, "layout": layout}


def marks(names: Sequence[str]) -> list[str]:
    """Return the names that stand on an axis, so few that they have room on a phone."""
    step = next((step for step in (1, 2, 4, 6, 12, 24) if len(names) / step <= MOST_MARKS), max(1, len(names) // 4))
    return list(names[::step])


def columns(labels: Sequence[str], values: Numbers, texts: Sequence[str], *, role: str, height: int = 318,
            base: Numbers | None = None) -> Figure:  # fmt: skip
    """Return upright bars with a text over each; `base` is drawn as a grey bar beside, if given."""
    colour = colours()
    bars = [{
        "type": "bar", "x": list(labels), "y": values.tolist(), "text": list(texts), "textposition": "outside",
        "marker": {"color": [colour[role] if value >= 0 else colour["churn"] for value in values]}, "textfont": {"color": colour["ink"]}, "cliponaxis": False, "hoverinfo": "skip",
    }]  # fmt: skip
    if base is not None:
        bars.insert(0, {"type": "bar", "x": list(labels), "y": base.tolist(), "marker": {"color": colour["base"]},
                        "hoverinfo": "skip"})  # fmt: skip
    layout = layout_of(height) | {"bargap": 0.45, "margin": {"l": 8, "r": 8, "t": 8, "b": 26}}
    known = np.concatenate([values, base if base is not None else [0.0]])
    high, low = max(0.0, float(np.nanmax(known))), min(0.0, float(np.nanmin(known)))
    room = (high - low or 1.0) * 0.24
    layout["yaxis"] |= {"visible": False, "range": [low - (room if low < 0 else 0), high + room]}
    layout["xaxis"] |= {"type": "category", "tickfont": {"size": 13, "color": colour["ink"]}}
    return {"data": bars, "layout": layout}


def bridge(steps: Sequence[tuple[str, float, str]], texts: Sequence[str], *, height: int = 258) -> Figure:
    """Return a bridge from an opening to a closing balance, start on top.

    Parameters
    ----------
    steps : label, amount and role; first and last are balances, those between are changes
    texts : what is written beside each bar
    """
    colour = colours()
    starts, reached = [], 0.0
    for number, (_, amount, _) in enumerate(steps):
        total = number in (0, len(steps) - 1)
        starts.append(0.0 if total else reached)
        reached = amount if total else reached + amount
    ends = [start + amount for start, (_, amount, _) in zip(starts, steps, strict=True)]
    names = [label for label, _, _ in steps]
    bar = {
        "type": "bar", "orientation": "h", "y": names, "x": [amount for _, amount, _ in steps], "base": starts,
        "marker": {"color": [colour[role] for _, _, role in steps]}, "hoverinfo": "skip", "width": 0.72,
    }  # fmt: skip
    lines = [{"type": "line", "x0": end, "x1": end, "y0": row, "y1": row + 1, "layer": "below",
              "line": {"width": 1, "color": colour["base"]}} for row, end in enumerate(ends[:-1])]  # fmt: skip
    layout = layout_of(height) | {"shapes": lines, "margin": {"l": 116, "r": 64, "t": 2, "b": 2}}
    layout["annotations"] = [
        {"x": max(start, end), "y": name, "text": f"<b>{text}</b>" if row in (0, len(steps) - 1) else text,
         "showarrow": False, "xanchor": "left", "xshift": 5, "font": {"color": colour["ink"], "size": 13}}
        for row, (name, text, start, end) in enumerate(zip(names, texts, starts, ends, strict=True))
    ]  # fmt: skip
    layout["yaxis"] |= _names_axis(colour)
    layout["xaxis"] |= {"visible": False, "range": _room(starts + ends)}
    return {"data": [bar], "layout": layout}


def ranked(labels: Sequence[str], values: Sequence[float], texts: Sequence[str], *, height: int = 226,
           left: int = 150, right: int = 72) -> Figure:  # fmt: skip
    """Return horizontal bars, the largest on top, with a text beside each."""
    colour = colours()
    bar = {
        "type": "bar", "orientation": "h", "y": [html.escape(label) for label in labels], "x": list(values),
        "marker": {"color": [colour["scenario"] if value >= 0 else colour["churn"] for value in values]},
        "hoverinfo": "skip", "width": 0.6,
    }  # fmt: skip
    layout = layout_of(height) | {"margin": {"l": left, "r": right, "t": 2, "b": 2}}
    layout["annotations"] = [
        {"x": max(value, 0.0), "y": html.escape(label), "text": text, "showarrow": False, "xanchor": "left", "xshift": 5,
         "font": {"color": colour["ink"], "size": 13}}
        for label, value, text in zip(labels, values, texts, strict=True)
    ]  # fmt: skip
    layout["yaxis"] |= _names_axis(colour)
    layout["xaxis"] |= {"visible": False, "range": _room([0.0, *values])}
    return {"data": [bar], "layout": layout}


def layout_of(height: int) -> dict[str, Any]:
    """Return the layout that all charts begin with."""
    colour = colours()
    axis = {
        "fixedrange": True, "gridcolor": colour["grid"], "gridwidth": 1, "linewidth": 0, "showline": False, "ticks": "",
        "tickfont": {"size": 12, "color": colour["grey"]}, "zeroline": False, "automargin": False,
    }  # fmt: skip
    return {
        "height": height, "margin": dict(MARGIN), "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": '"Source Sans", sans-serif', "size": 13, "color": colour["ink"]}, "showlegend": False,
        "dragmode": False, "xaxis": axis | {"showgrid": False}, "yaxis": axis | {"nticks": 5, "ticklabelstandoff": 4},
        "hoverlabel": {"bgcolor": colour["page"], "bordercolor": colour["grid"], "font": {"color": colour["ink"]}},
    }  # fmt: skip


def _line(dates: Sequence[str], values: Numbers, colour: str, width: float) -> dict[str, Any]:
    ys = [None if np.isnan(value) else float(value) for value in values]
    return {"type": "scatter", "mode": "lines", "x": list(dates), "y": ys, "line": {"color": colour, "width": width}}


def _months(dates: Sequence[str]) -> dict[str, Any]:
    """Return an axis of months: a mark each January, each quarter if there are few, each second year if there are many."""
    first, last = (int(date[:4]) * 12 + int(date[5:7]) for date in (dates[0], dates[-1]))
    every, shape = ("M3", "%b %Y") if last - first < 18 else ("M12", "%Y") if last - first < 60 else ("M24", "%Y")
    return {"type": "date", "range": [f"{dates[0]}-01", f"{dates[-1]}-01"], "dtick": every,
            "tick0": f"{dates[0][:4]}-01-01", "tickformat": shape}  # fmt: skip


def ticks_of(low: float, high: float, money: str) -> dict[str, Any]:
    """Return at most five round marks on an axis, written as everywhere else: "−$500K"."""
    if not low < high:
        return {}
    rough = (high - low) / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(size * power for size in (1, 2, 2.5, 5, 10) if size * power >= rough * (1 - 1e-9))
    marks = [number * step for number in range(math.ceil(low / step), math.floor(high / step) + 1)]
    return {"tickvals": marks, "ticktext": [amount_mark(mark, money) for mark in marks]}


def amount_mark(value: float, money: str) -> str:
    """Return a round amount as axes have it: "−$500K"."""
    sign, size = (MINUS if value < 0 else ""), abs(value)
    if size >= HUGE:
        return f"{sign}{money}{size:.10g}".replace("e+", "e")
    scale, letter = next(((s, n) for s, n in SCALES if size >= s), (1.0, ""))
    return f"{sign}{money}{size / scale:.10g}{letter}"


def _span(arrays: Sequence[Numbers], *, rate: bool, zero: bool) -> tuple[float, float]:
    """Return the ends of a y axis: all values, zero if asked for, and never so close that noise looks like news."""
    known = np.concatenate([np.asarray(values, float) for values in arrays])
    known = known[np.isfinite(known)]
    if not known.size:
        return 0.0, 1.0
    low, high = float(known.min()), float(known.max())
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    least = RATE_SPAN if rate else MONEY_SPAN * max(abs(low), abs(high)) or 1.0
    if high - low < least:
        middle = (low + high) / 2
        low, high = middle - least / 2, middle + least / 2
    pad = (high - low) * 0.06
    return low - pad, high + pad


def room_of(series: Sequence[Series]) -> float:
    """Return how wide the right margin must be for the names at the ends of lines, in pixels."""
    return max(MARGIN["r"], 12 + LETTER * max(len(line.label) for line in series))


def end_labels(
    labels: Sequence[tuple[str, float, str, bool]], low: float, high: float, height: int, gap: int = LABEL_GAP
) -> list[dict[str, Any]]:
    """Return a label at the right end of each line, pushed apart so that none covers another."""
    colour = colours()
    plot = height - MARGIN["t"] - MARGIN["b"]
    wanted = [
        (plot * (value - low) / (high - low), index)
        for index, (_, value, _, _) in enumerate(labels)
        if np.isfinite(value)
    ]
    wanted.sort()
    placed: list[float] = []
    for at, _ in wanted:
        placed.append(max(at, placed[-1] + gap) if placed else at)
    over = max(0.0, placed[-1] - plot) if placed else 0.0
    for number in reversed(range(len(placed))):
        limit = placed[number + 1] - gap if number + 1 < len(placed) else plot
        placed[number] = min(placed[number], limit) if over else placed[number]
    notes = []
    for place, (_, index) in zip(placed, wanted, strict=True):
        text, _, role, bold = labels[index]
        body = html.escape(text)
        if body.startswith("■ "):
            body = f'<span style="color:{colour[role]}">■</span> {body[2:]}'
        shade = colour[role] if role in TEXT_ROLES else colour["grey"] if role == "base" else colour["ink"]
        notes.append({
            "xref": "paper", "x": 1, "xanchor": "left", "xshift": 6, "yref": "paper", "y": place / plot, "yanchor": "middle",
            "text": f"<b>{body}</b>" if bold else body, "showarrow": False, "align": "left",
            "font": {"size": 13, "color": shade},
        })  # fmt: skip
    return notes


def _names_axis(colour: dict[str, str]) -> dict[str, Any]:
    return {
        "autorange": "reversed",
        "type": "category",
        "showgrid": False,
        "dtick": 1,
        "tickfont": {"size": 13, "color": colour["ink"]},
    }


def _room(values: Sequence[float]) -> list[float]:
    """Return a range that holds all values, with zero at its edge unless something is negative."""
    return [min(0.0, *values), max(0.0, *values) or 1.0]


def _last(values: Numbers) -> float:
    known = values[np.isfinite(values)]
    return float(known[-1]) if known.size else float("nan")
