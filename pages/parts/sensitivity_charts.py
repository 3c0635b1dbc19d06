"""Charts of sensitivity: a tornado, a figure along one lever, and a figure over two."""

from __future__ import annotations

import html
from collections.abc import Callable, Collection, Sequence
from typing import Any

import numpy as np

from model.catalogue import Assumption, Metric
from model.company import Numbers
from model.studies.levers import Lever
from model.studies.sensitivity import Bar, Curve, Surface
from model.text import glance, rate, symbol
from pages.parts.charts import Figure, amount_mark, layout_of, ticks_of
from pages.parts.theme import colours

ROW, SHORT = 22, 18
LEVELS = 7
EDGE = 0.08
"""Of a map's width or height: names of lines so near its edge stand inwards of their place."""
Shown = Callable[[float], str]


def tornado(bars: Sequence[Bar], show: Shown, entry: Metric, starred: Collection[str] = ()) -> Figure:
    """Return a bar for each lever from where the outcome stands to both ends, each with the lever's value there.

    `starred` are the keys of levers that go over another range than the rest; a star stands behind their names.
    """
    colour, present = colours(), bars[0].present
    ends = [(row, at, value, bar) for row, bar in enumerate(bars)
            for at, value in ((bar.low, bar.at_low), (bar.high, bar.at_high))]  # fmt: skip
    known = sorted((end for end in ends if np.isfinite(end[2])), key=lambda end: -abs(end[2] - present))
    trace = {
        "type": "bar", "orientation": "h", "y": [row for row, *_ in known], "base": present, "width": 0.68,
        "x": [value - present for _, _, value, _ in known],
        "marker": {"color": [colour[_role(value - present, entry)] for _, _, value, _ in known], "line": {"width": 0}},
        "customdata": [f"{html.escape(bar.lever.title)} {bar.lever.show(at)}<br><b>{show(value)}</b>"
                       for _, at, value, bar in known],
        "hovertemplate": "%{customdata}<extra></extra>",
    }  # fmt: skip
    values = [value for _, _, value, _ in known] + [present]
    room = (max(values) - min(values) or abs(present) or 1.0) * 0.28
    low, high = min(values) - room, max(values) + room
    layout = layout_of(ROW * len(bars) + 34) | {"barmode": "overlay", "hovermode": "closest"}
    layout["margin"] = {"l": 128, "r": 8, "t": 2, "b": 26}
    layout["shapes"] = [{"type": "line", "x0": present, "x1": present, "y0": -0.6, "y1": len(bars) - 0.4,
                         "line": {"width": 1.5, "color": colour["base"]}}]  # fmt: skip
    layout["annotations"] = [note for row, bar in enumerate(bars) for note in _ends(row, bar, colour)]
    layout["yaxis"] |= {"range": [len(bars) - 0.5, -0.5], "showgrid": False, "tickvals": list(range(len(bars))),
                        "ticktext": [html.escape(glance(bar.lever.entry.label, SHORT)) + " *" * (bar.lever.key in starred) for bar in bars],
                        "tickfont": {"size": 13, "color": colour["ink"]}}  # fmt: skip
    layout["xaxis"] |= {"range": [low, high], "showgrid": True} | _axis(entry, low, high, bars[0].lever.currency)
    return {"data": [trace], "layout": layout}


def _role(change: float, entry: Metric) -> str:
    """Return the role of a change: gains are cool, losses warm; neither where the metric is neither good nor bad."""
    if entry.better == "neither":
        return "scenario" if change > 0 else "base"
    return "profit" if (change > 0) == (entry.better == "up") else "churn"


def _ends(row: int, bar: Bar, colour: dict[str, str]) -> list[dict[str, Any]]:
    """Return the lever's values at the ends of its bar; where both lie on one side, one after the other."""
    ends = [(bar.at_low, bar.lever.show(bar.low)), (bar.at_high, bar.lever.show(bar.high))]
    none = ", ".join(text for value, text in ends if not np.isfinite(value))
    known = [(value, text) for value, text in ends if np.isfinite(value)]
    left = sorted(end for end in known if end[0] < bar.present)
    right = sorted((end for end in known if end[0] >= bar.present), reverse=True)
    if len(right) == 2 and right[1][0] == bar.present:  # one end does nothing: its value stands on the other side
        left, right = [right[1]], right[:1]
    found = []
    for side, anchor, shift, after in (
        (left, "right", -4, ""),
        (right, "left", 4, f" · no value at {none}" if none else ""),
    ):
        if side or after:
            at = side[0][0] if side else bar.present
            text = " · ".join(text for _, text in side) + after
            found.append({"x": at, "y": row, "text": text.removeprefix(" · "), "showarrow": False, "xanchor": anchor,
                          "xshift": shift, "font": {"size": 12, "color": colour["grey"]}})  # fmt: skip
    return found


def curve(found: Curve, show: Shown, *, height: int = 236) -> Figure:
    """Return the outcome along a lever, today's point marked, and the target with the values where it is crossed."""
    colour, lever = colours(), found.lever
    known = found.values[np.isfinite(found.values)]
    reach = [*known.tolist(), found.present, *([] if found.target is None else [found.target])]
    low, high = min(reach), max(reach)
    pad = (high - low or abs(high) or 1.0) * 0.1
    low, high = low - pad, high + pad
    line = {
        "type": "scatter", "mode": "lines", "x": found.at.tolist(), "line": {"color": colour["scenario"], "width": 2.75},
        "y": [None if np.isnan(value) else float(value) for value in found.values],
        "customdata": [f"{html.escape(lever.title)} {lever.show(at)}<br><b>{show(value)}</b>"
                       for at, value in zip(found.at.tolist(), found.values.tolist(), strict=True)],
        "hovertemplate": "%{customdata}<extra></extra>",
    }  # fmt: skip
    today = _point(lever.today, found.present, colour, "scenario")
    layout = layout_of(height) | {"hovermode": "closest", "margin": {"l": 58, "r": 12, "t": 8, "b": 40}}
    rising = bool(np.interp(lever.today + lever.span / 50, found.at, found.values) >= found.present)
    today_text = f"Today {lever.show(lever.today)}"
    layout["annotations"] = [_note(lever.today, found.present, today_text, lever, colour, below=rising)
                             | {"bgcolor": colour["page"], "borderpad": 1}]  # fmt: skip
    layout["xaxis"] |= {"range": list(lever.usual)} | _lever_axis(lever, colour)
    layout["yaxis"] |= {"range": [low, high]} | _axis(found.outcome.entry, low, high, lever.currency)
    data = [line, today]
    if found.target is not None:
        data.insert(0, {"type": "scatter", "mode": "lines", "x": list(lever.usual), "y": [found.target] * 2, "hoverinfo": "skip",
                        "line": {"color": colour["ink"], "width": 1.5, "dash": "dash"}})  # fmt: skip
        data += [_point(at, found.target, colour, "profit") for at in found.crossings]
        rises = np.interp(np.add(found.crossings, lever.span / 50), found.at, found.values) > found.target
        layout["annotations"] += [_crossed(at, found.target, lever, colour, left=bool(rising))
                                  for at, rising in zip(found.crossings, rises, strict=True)]  # fmt: skip
    return {"data": data, "layout": layout}


def _point(x: float, y: float, colour: dict[str, str], role: str) -> dict[str, Any]:
    return {"type": "scatter", "mode": "markers", "x": [x], "y": [y], "hoverinfo": "skip", "cliponaxis": False,
            "marker": {"size": 11, "color": colour[role], "line": {"width": 2, "color": colour["page"]}}}  # fmt: skip


def _note(
    x: float, y: float, text: str, lever: Lever, colour: dict[str, str], *, below: bool = False
) -> dict[str, Any]:
    right = x < lever.usual[0] + 0.6 * lever.span
    return {"x": x, "y": y, "text": text, "showarrow": False, "xanchor": "left" if right else "right",
            "xshift": 9 if right else -9, "yshift": -11 if below == right else 11, "font": {"size": 13, "color": colour["ink"]}}  # fmt: skip


def _crossed(x: float, y: float, lever: Lever, colour: dict[str, str], *, left: bool) -> dict[str, Any]:
    """Return the value at a crossing, above the target and on the side where the curve is not."""
    return {"x": x, "y": y, "text": f"<b>{lever.show(x)}</b>", "showarrow": False, "xanchor": "right" if left else "left",
            "xshift": -2 if left else 2, "yshift": 13, "font": {"size": 13, "color": colour["ink"]}}  # fmt: skip


def surface(found: Surface, level: float, show: Shown, *, height: int = 318) -> Figure:
    """Return a map of the outcome over two levers: lines of equal outcome, the level drawn thick, today's point marked.

    Colours break at the level: green where it is reached.
    """
    colour, entry = colours(), found.outcome.entry
    known = found.values[np.isfinite(found.values)]
    low, high = float(known.min()), float(known.max())
    high = high if high > low else low + (abs(low) or 1.0)
    cells = [[None if np.isnan(value) else float(value) for value in row] for row in found.values]
    common: dict[str, Any] = {"x": found.x.tolist(), "y": found.y.tolist(), "z": cells, "showscale": False}
    across, up = found.across, found.up
    told = [[f"{html.escape(across.title)} {across.show(x)}<br>{html.escape(up.title)} {up.show(y)}<br><b>{show(value)}</b>"
             for x, value in zip(found.x, row, strict=True)] for y, row in zip(found.y, found.values, strict=True)]  # fmt: skip
    heat = common | {"type": "heatmap", "zmin": low, "zmax": high, "text": told, "hovertemplate": "%{text}<extra></extra>",
                     "colorscale": _scale(low, high, level, entry, colour),
                     "zsmooth": "best" if np.isfinite(found.values).all() else False}  # fmt: skip
    marks = ticks_of(low, high, "").get("tickvals", [])
    step = (marks[1] - marks[0]) / 2 if len(marks) > 1 else (high - low) / LEVELS
    levels = np.arange(np.ceil(low / step), high / step) * step
    lines = common | _lines(low, high, colour["grey"], 0.8)
    lines["contours"] = {
        "coloring": "none",
        "start": float(levels[0]) if levels.size else low,
        "end": high,
        "size": step,
    }
    target = common | _lines(low, high, colour["ink"], 2.5)
    target["contours"] = {"coloring": "none", "start": level, "end": level, "size": step}
    here = _point(across.today, up.today, colour, "scenario")
    layout = layout_of(height) | {"hovermode": "closest", "margin": {"l": 66, "r": 10, "t": 6, "b": 42}}
    layout["annotations"] = [_note(across.today, up.today, "Today", across, colour, below=True)
                             | {"bgcolor": colour["page"], "borderpad": 2}]  # fmt: skip
    layout["annotations"] += _level_names(found, levels, colour)
    layout["xaxis"] |= {"range": list(across.usual)} | _lever_axis(across, colour)
    layout["yaxis"] |= {"range": list(up.usual), "showgrid": False} | _lever_axis(up, colour)
    return {"data": [heat, lines, target, here], "layout": layout}


def _lines(low: float, high: float, colour: str, width: float) -> dict[str, Any]:
    return {"type": "contour", "hoverinfo": "skip", "autocontour": False, "line": {"width": width, "color": colour},
            "zmin": low, "zmax": high}  # fmt: skip


def _scale(low: float, high: float, level: float, entry: Metric, colour: dict[str, str]) -> list[list[Any]]:
    """Return colours from the lowest to the highest value that break at a level: grey short of it, green beyond."""
    grey, green = [colour["below_high"], colour["below_low"]], [colour["above_low"], colour["above_high"]]
    under, over = (green[::-1], grey[::-1]) if entry.better == "down" else (grey, green)
    at = (level - low) / (high - low)
    if not 0 < at < 1:
        return [[0, (over if at <= 0 else under)[0]], [1, (over if at <= 0 else under)[1]]]
    return [[0, under[0]], [at, under[1]], [at, over[0]], [1, over[1]]]


def _level_names(found: Surface, levels: Numbers, colour: dict[str, str]) -> list[dict[str, Any]]:
    """Return the names of lines of equal outcome, each where it first crosses the diagonal that rises or falls more."""
    entry, money = found.outcome.entry, symbol(found.across.currency) if found.outcome.entry.shown_as == "money" else ""
    ways = [(found.x, np.diagonal(found.values)), (found.x[::-1], np.diagonal(found.values[:, ::-1]))]
    x, values = max(ways, key=lambda way: abs(np.nan_to_num(way[1][-1] - way[1][0])))
    names = []
    for level in levels:
        crossed = np.flatnonzero((values[:-1] - level) * (values[1:] - level) < 0)
        if crossed.size:
            left = int(crossed[0])
            part = (level - values[left]) / (values[left + 1] - values[left])
            at = [line[left] + part * (line[left + 1] - line[left]) for line in (x, found.y)]
            text = rate(level, 0) if entry.shown_as == "rate" else amount_mark(level, money)
            across, up = (
                (place - line[0]) / (line[-1] - line[0]) for place, line in zip(at, (found.x, found.y), strict=True)
            )
            anchor = "left" if across < EDGE else "right" if across > 1 - EDGE else "center"
            names.append({"x": at[0], "y": at[1], "text": text, "showarrow": False, "xanchor": anchor,
                          "yshift": -8 if up > 1 - EDGE else 8, "font": {"size": 11, "color": colour["ink"]}})  # fmt: skip
    return names


def _axis(entry: Metric | Assumption, low: float, high: float, currency: str) -> dict[str, Any]:
    """Return the marks of an axis: per cent for a rate, an amount or a plain number otherwise."""
    if entry.shown_as == "rate":
        return {"tickformat": ".0%" if high - low > 0.03 else ".1%", "nticks": 5}
    return ticks_of(low, high, symbol(currency) if entry.shown_as == "money" else "")


def _lever_axis(lever: Lever, colour: dict[str, str]) -> dict[str, Any]:
    title = {"text": html.escape(lever.title), "standoff": 8, "font": {"size": 12, "color": colour["grey"]}}
    return {"title": title} | _axis(lever.entry, *lever.usual, lever.currency)
