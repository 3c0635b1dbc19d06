"""Figures of the history: what was seen with its interval, as points, bars, bands, and a map of cohorts."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from model.company import Numbers
from pages.parts.charts import Figure, Series, end_labels, layout_of, marks, ticks_of
from pages.parts.theme import colours

FAINT, SHADE = 0.45, 0.16


@dataclass(frozen=True)
class Point:
    """A value with the ends of its interval (NaN where there is none), and whether it rests on enough rows.

    `text` is written beside it, `told` appears when it is pointed at.
    """

    label: str
    value: float
    low: float
    high: float
    enough: bool = True
    text: str = ""
    told: str = ""


def dots(points: Sequence[Point], *, role: str = "scenario", height: int = 0, left: int = 150, right: int = 96,
         span: tuple[float, float] | None = None, at: float | None = None, rate: bool = True) -> Figure:  # fmt: skip
    """Return a row for each value: a dot with its interval as a whisker, grey where too little was seen.

    Parameters
    ----------
    points : values, the first on top
    span : ends of the axis; what lies beyond is drawn at its edge
    at : where a line stands that the values are compared with
    rate : whether the axis is in per cent
    """
    colour = colours()
    height = height or 34 + 27 * len(points)
    low, high = span or _span(points, at)
    rows = list(range(len(points)))
    shades = [colour[role] if one.enough else colour["base"] for one in points]
    whiskers = [{
        "type": "scatter", "mode": "lines", "x": [min(max(end, low), high) for end in (one.low, one.high)], "y": [row, row],
        "line": {"color": shade, "width": 2}, "hoverinfo": "skip",
    } for row, one, shade in zip(rows, points, shades, strict=True) if np.isfinite(one.low)]  # fmt: skip
    marks = {
        "type": "scatter", "mode": "markers", "x": [min(max(one.value, low), high) for one in points], "y": rows,
        "marker": {"size": 9, "color": shades, "symbol": [_symbol(one, high) for one in points]},
        "cliponaxis": False,
        "text": [html.escape(one.told) for one in points], "hovertemplate": "%{text}<extra></extra>",
    }  # fmt: skip
    layout = layout_of(height) | {"hovermode": "closest", "margin": {"l": left, "r": right, "t": 4, "b": 26}}
    layout["annotations"] = [
        {"xref": "paper", "x": 1, "xanchor": "left", "xshift": 8, "y": row, "text": html.escape(one.text), "showarrow": False,
         "font": {"size": 13, "color": colour["ink" if one.enough else "grey"]}}
        for row, one in zip(rows, points, strict=True)
    ]  # fmt: skip
    if at is not None:
        layout["shapes"] = [{"type": "line", "x0": at, "x1": at, "yref": "paper", "y0": 0, "y1": 1, "layer": "below",
                             "line": {"color": colour["base"], "width": 1.5}}]  # fmt: skip
    layout["xaxis"] |= {"range": [low, high], "showgrid": True, "nticks": 4, "tickangle": 0} | (
        {"tickformat": ".0%"} if rate else {}
    )
    layout["yaxis"] |= {
        "range": [len(points) - 0.5, -0.5], "tickvals": rows, "ticktext": [html.escape(one.label) for one in points],
        "showgrid": False, "tickfont": {"size": 13, "color": colour["ink"]},
    }  # fmt: skip
    return {"data": [*whiskers, marks], "layout": layout}


def _symbol(one: Point, most: float) -> str:
    shape = "circle" if one.value <= most else "triangle-right"
    return shape if one.enough else f"{shape}-open"


def _span(points: Sequence[Point], at: float | None) -> tuple[float, float]:
    values = [end for one in points for end in (one.value, one.low, one.high)] + ([] if at is None else [at])
    known = [value for value in values if np.isfinite(value)] or [0.0, 1.0]
    pad = 0.05 * (max(known) - min(known) or 1.0)
    return min(known) - pad, max(known) + pad


def bars(points: Sequence[Point], *, role: str, money: str = "", rate: bool = False, height: int = 198,
         line: Numbers | None = None, band: tuple[Numbers, Numbers] | None = None, line_label: str = "",
         line_role: str = "ink") -> Figure:  # fmt: skip
    """Return upright bars with whiskers, faint where too little was seen; a line with its band over them if given."""
    colour = colours()
    names = [one.label for one in points]
    values = np.array([one.value for one in points], float)
    ends = np.array([[one.low, one.high] for one in points], float).reshape(-1, 2)
    bar: dict[str, Any] = {
        "type": "bar", "x": names, "y": [None if np.isnan(value) else float(value) for value in values],
        "marker": {"color": colour[role], "opacity": [1.0 if one.enough else FAINT for one in points], "line": {"width": 0}},
        "customdata": [html.escape(one.told) for one in points], "hovertemplate": "%{customdata}<extra></extra>",
    }  # fmt: skip
    if np.isfinite(ends).any():
        bar["error_y"] = {"type": "data", "symmetric": False, "thickness": 1.5, "width": 4, "color": colour["ink"],
                          "array": _known(ends[:, 1] - values), "arrayminus": _known(values - ends[:, 0])}  # fmt: skip
    traces: list[dict[str, Any]] = [bar]
    tops = [values, ends[:, 1], *(band or ()), *([] if line is None else [line])]
    known = np.concatenate([np.atleast_1d(part) for part in tops] or [np.zeros(1)])
    low = min(0.0, float(np.nanmin(np.append(np.concatenate([values, ends[:, 0]]), 0.0))))
    high = float(np.nanmax(np.append(known, 0.0))) * 1.06 or 1.0
    layout = layout_of(height) | {"bargap": 0.35, "hovermode": "x unified"}
    if line is not None and band is not None:
        shade = {"type": "scatter", "mode": "lines", "x": names, "hoverinfo": "skip", "fillcolor": clear(colour[line_role]),
                 "line": {"width": 0}}  # fmt: skip
        traces += [shade | {"y": band[0].tolist()}, shade | {"y": band[1].tolist(), "fill": "tonexty"}]
    if line is not None:
        traces.append({"type": "scatter", "mode": "lines", "x": names, "y": line.tolist(), "hoverinfo": "skip",
                       "line": {"color": colour[line_role], "width": 2.25}})  # fmt: skip
        layout["annotations"] = end_labels([(line_label, float(line[-1]), line_role, True)], low, high, height)
    layout["xaxis"] |= {
        "type": "category",
        "tickangle": 0,
        "tickvals": marks(names),
        "tickfont": {"size": 12, "color": colour["grey"]},
    }
    layout["yaxis"] |= {"range": [low, high], "zeroline": True, "zerolinecolor": colour["base"], "zerolinewidth": 1}
    layout["yaxis"] |= {"tickformat": ".0%"} if rate else ticks_of(low, high, money)
    layout["margin"] |= {"r": 88 if line is not None else 12}
    return {"data": traces, "layout": layout}


def _known(values: Numbers) -> list[float | None]:
    return [None if np.isnan(value) else max(float(value), 0.0) for value in values]


def clear(colour: str, opacity: float = SHADE) -> str:
    """Return a colour that lets through what lies under it."""
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:.2f})"


def shares(times: Numbers, series: Sequence[Series], *, bands: Sequence[tuple[Numbers, Numbers, str]] = (), every: float,
           unit: str, height: int = 258, steps: Sequence[str] = ()) -> Figure:  # fmt: skip
    """Return shares over a time that is not a date: bands first, then lines, each labelled at its end.

    Parameters
    ----------
    times : (T,) the longest axis; a shorter series begins with it
    bands : lower edge, upper edge and role of each
    every : distance of the marks on the axis
    unit : what the times are, for who points at them
    steps : names of the series that are drawn as stairs
    """
    colour = colours()
    traces: list[dict[str, Any]] = []
    for low, high, role in bands:
        known = np.isfinite(low) & np.isfinite(high)
        common = {"type": "scatter", "mode": "lines", "x": times[: len(low)][known].tolist(), "hoverinfo": "skip",
                  "line": {"width": 0, "shape": "hv" if steps else "linear"}, "fillcolor": clear(colour[role])}  # fmt: skip
        traces += [common | {"y": low[known].tolist()}, common | {"y": high[known].tolist(), "fill": "tonexty"}]
    for line in series:
        traces.append({
            "type": "scatter", "mode": "lines", "x": times[: len(line.values)].tolist(), "y": line.values.tolist(),
            "name": html.escape(line.name or line.label), "hovertemplate": "%{y:.1%}<extra>%{fullData.name}</extra>",
            "line": {"color": colour[line.role], "width": line.width, "shape": "hv" if line.name in steps else "linear"},
        })  # fmt: skip
    layout = layout_of(height) | {"hovermode": "x unified"}
    layout["annotations"] = end_labels(
        [(line.label, float(line.values[-1]), line.role, line.bold) for line in series if line.label], 0.0, 1.04, height
    )
    layout["xaxis"] |= {
        "range": [0, float(times[-1])],
        "dtick": every,
        "hoverformat": ".0f",
        "ticksuffix": f" {unit}",
        "tickangle": 0,
    }
    layout["yaxis"] |= {"range": [0, 1.04], "tickformat": ".0%", "dtick": 0.25}
    return {"data": traces, "layout": layout}


def cohort_map(names: Sequence[str], ages: Sequence[str], left: Numbers, customers: Numbers, *, few: int,
               written: bool, height: int = 0) -> Figure:  # fmt: skip
    """Return what is left of each cohort by age as a map; cohorts of few customers are faint, cells not yet seen empty."""
    colour = colours()
    scale = [
        [0, colour["below_high"]],
        [0.4999, colour["below_low"]],
        [0.5, colour["above_low"]],
        [1, colour["above_high"]],
    ]
    enough = customers >= few
    far = float(np.clip(np.nanmax(np.abs(left - 1), initial=0.0), 0.25, 1.0))
    layers = []
    for rows, opacity in ((enough, 1.0), (~enough, FAINT)):
        cells = [[float(value) if shown and np.isfinite(value) else None for value in row]
                 for row, shown in zip(left, rows, strict=True)]  # fmt: skip
        told = [[_cohort(name, int(count), few)] * len(ages) for name, count in zip(names, customers, strict=True)]
        layers.append({
            "type": "heatmap", "x": list(ages), "y": [html.escape(name) for name in names], "z": cells, "zmin": 1 - far, "zmax": 1 + far,
            "colorscale": scale, "showscale": False, "opacity": opacity, "xgap": 1, "ygap": 1, "customdata": told,
            "texttemplate": "%{z:.0%}" if written else "", "textfont": {"size": 12, "color": colour["ink"]},
            "hovertemplate": "%{customdata}<br>%{x}: <b>%{z:.1%}</b> left<extra></extra>", "hoverongaps": False,
        })  # fmt: skip
    layout = layout_of(height or max(180, 40 + 22 * len(names))) | {"hovermode": "closest"}
    layout["margin"] = {"l": 64, "r": 8, "t": 6, "b": 26}
    layout["xaxis"] |= {"type": "category", "tickangle": 0, "nticks": 12}
    layout["yaxis"] |= {"type": "category", "autorange": "reversed", "showgrid": False, "nticks": 30}
    return {"data": layers, "layout": layout}


def _cohort(name: str, count: int, few: int) -> str:
    customers = f"{count:,} customer{'s' if count != 1 else ''}"
    return f"Sold {html.escape(name)}, {customers}{', few' if count < few else ''}"
