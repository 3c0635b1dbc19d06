"""Charts of a delivery: the plan as bars over time, and how overhead uses up the lead of agile delivery."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from model.company import Company, Numbers
from model.frameworks.delivery import Step
from model.frameworks.initiatives import initiatives, stages
from model.text import MONTHS, month_name, rate
from pages.parts.charts import MARGIN, Figure, end_labels, layout_of
from pages.parts.theme import colours

ROW = 39
"""Height of a row of bars, pixels."""
CLOSE = 0.12
"""Overheads so near to each other that their texts would touch."""
LIGHTEST = 0.3
"""Opacity of the first stage; the last is opaque."""


@dataclass(frozen=True)
class PlanBars:
    """What the plan as bars shows: both ways, when agile may be done, how far the axis goes."""

    company: Company
    order: tuple[str, ...]
    waterfall: tuple[Step, ...]
    agile: tuple[Step, ...]
    early: float
    late: float
    months: float


def plan_bars(plan: PlanBars) -> Figure:
    """Return a row for each initiative: waterfall by stage above, agile by increment below."""
    colour, labels = colours(), list(stages().values())
    traces = [
        _bars(plan, [step for step in plan.waterfall if step.part == stage.label], -0.18, colour["waterfall"],
              LIGHTEST + (1 - LIGHTEST) * number / max(1, len(labels) - 1))
        for number, stage in enumerate(labels)
    ]  # fmt: skip
    traces.append(_bars(plan, plan.agile, 0.18, colour["agile"], 1.0))
    rows = len(plan.order)
    layout = layout_of(ROW * rows + 56) | {"barmode": "overlay", "hovermode": "closest"}
    layout["margin"] = {"l": 142, "r": 88, "t": 6, "b": 26}
    names = [html.escape(initiatives()[key].label) for key in plan.order]
    layout["yaxis"] |= {"tickvals": list(range(rows)), "ticktext": names, "range": [rows - 0.5, -0.5], "showgrid": False,
                        "tickfont": {"size": 13, "color": colour["ink"]}}  # fmt: skip
    layout["xaxis"] |= {"range": [0, plan.months], "showgrid": True} | _years(plan.company, plan.months)
    layout["shapes"] = [{"type": "rect", "xref": "x", "yref": "paper", "x0": plan.early, "x1": min(plan.late, plan.months),
                         "y0": 0, "y1": 1, "fillcolor": colour["band"], "line": {"width": 0}, "layer": "below"}]  # fmt: skip
    layout["annotations"] = [_beside(0, -0.18, "Waterfall", colour["waterfall"], colour),
                             _beside(0, 0.18, "Agile", colour["agile"], colour)]  # fmt: skip
    return {"data": traces, "layout": layout}


def _bars(plan: PlanBars, steps: Sequence[Step], shift: float, fill: str, opacity: float) -> dict[str, Any]:
    """Return the bars of some pieces of work, each telling what and when if pointed at."""
    return {
        "type": "bar", "orientation": "h", "width": 0.3, "y": [plan.order.index(step.initiative) + shift for step in steps],
        "base": [step.start for step in steps], "x": [step.end - step.start for step in steps],
        "marker": {"color": fill, "opacity": opacity, "line": {"color": colours()["page"], "width": 0.75}},
        "text": [_told(plan.company, step) for step in steps], "textposition": "none",
        "hovertemplate": "%{text}<extra></extra>",
    }  # fmt: skip


def _told(company: Company, step: Step) -> str:
    first, last = (month_name(*company.month(month)) for month in (math.floor(step.start) + 1, math.ceil(step.end)))
    when = first if first == last else f"{first} to {last}"
    return f"{html.escape(initiatives()[step.initiative].label)}<br>{step.part}, {when}"


def _years(company: Company, months: float) -> dict[str, Any]:
    """Return an axis of months from the opening day: a mark each January, each quarter if there are few."""
    quarters = months < 18
    marks = [month for month in range(1, math.floor(months) + 1)
             if (company.month(month)[1] - 1) % (3 if quarters else 12) == 0]  # fmt: skip
    marks = marks[:: math.ceil(len(marks) / 7)] if marks else marks
    dates = [company.month(month) for month in marks]
    texts = [str(year) if month == 1 else MONTHS[month - 1] for year, month in dates]
    return {"tickvals": [month - 1 for month in marks], "ticktext": texts, "tickangle": 0}


def _beside(row: int, shift: float, text: str, square: str, colour: dict[str, str]) -> dict[str, Any]:
    return {"xref": "paper", "x": 1, "xanchor": "left", "xshift": 6, "y": row + shift, "showarrow": False,
            "text": f'<span style="color:{square}">■</span> {text}', "font": {"size": 13, "color": colour["ink"]}}  # fmt: skip


@dataclass(frozen=True)
class Lead:
    """By how much agile delivery leads at each overhead, where it is level, and where the plan stands."""

    overheads: Numbers
    amounts: Numbers
    texts: tuple[str, str]
    level: tuple[float, ...]
    here: tuple[float, float]
    here_text: str


def lead(found: Lead, *, height: int = 226) -> Figure:
    """Return the lead over overhead: the ends say how much, a ring where both are worth the same, a mark for the plan."""
    colour, layout = colours(), layout_of(height)
    line = {"type": "scatter", "mode": "lines", "x": found.overheads.tolist(), "y": found.amounts.tolist(),
            "line": {"color": colour["agile"], "width": 2.75}, "hoverinfo": "skip"}  # fmt: skip
    rings = {"type": "scatter", "mode": "markers", "x": list(found.level), "y": [0.0] * len(found.level), "hoverinfo": "skip",
             "marker": {"size": 13, "color": colour["page"], "line": {"width": 2.5, "color": colour["ink"]}}}  # fmt: skip
    mark = {"type": "scatter", "mode": "markers", "x": [found.here[0]], "y": [found.here[1]], "hoverinfo": "skip",
            "marker": {"size": 13, "color": colour["scenario"], "line": {"width": 2.5, "color": colour["page"]}}}  # fmt: skip
    low, high = min(0.0, float(found.amounts.min())), max(0.0, float(found.amounts.max()))
    room = (high - low or 1.0) * 0.2
    layout["margin"] = {"l": 12, "r": 64, "t": 6, "b": 42}
    layout["yaxis"] |= {"range": [low - room, high + room], "showticklabels": False, "showgrid": False, "zeroline": True,
                        "zerolinecolor": colour["base"], "zerolinewidth": 1}  # fmt: skip
    layout["xaxis"] |= {"range": [-0.01, float(found.overheads[-1])], "tickformat": ".0%",
                        "title": {"text": "Overhead, share of the team's time", "standoff": 8,
                                  "font": {"size": 12, "color": colour["grey"]}}}  # fmt: skip
    (x, y), near = found.here, [at for at in found.level if abs(at - found.here[0]) < CLOSE]
    notes = [(x, y, found.here_text, "right" if near else "left", -10 if near else 10, -14 if near else 14)]
    notes += [(at, 0.0, f"<b>{rate(at)}</b>", *_beside_the_ring(found, at, following))
              for at, following in pairwise((*found.level, math.inf))]  # fmt: skip
    if x >= CLOSE:
        notes.append((0.0, float(found.amounts[0]), found.texts[0], "left", 8, 14))
    layout["annotations"] = [
        {
            "x": x,
            "y": float(y),
            "text": text,
            "showarrow": False,
            "xanchor": anchor,
            "xshift": right,
            "yshift": up,
            "font": {"size": 13, "color": colour["ink"]},
        }
        for x, y, text, anchor, right, up in notes
    ]
    ends = [(found.texts[1], float(found.amounts[-1]), "ink", False), ("The same", 0.0, "base", False)]
    taller = layout["margin"]["b"] - MARGIN["b"]
    layout["annotations"] += end_labels(ends, low - room, high + room, height - taller)
    return {"data": [line, rings, mark], "layout": layout}


def _beside_the_ring(found: Lead, at: float, following: float) -> tuple[str, int, int]:
    """Return where a text at a ring stands, with its shifts: clear of the line, of the right edge and of the next text."""
    falls = found.amounts[max(0, int(np.searchsorted(found.overheads, at)) - 1)] > 0
    left = at > found.overheads[-1] - CLOSE or (at > CLOSE and following - at < 2 * CLOSE)
    return ("right", -10, -14 if falls else 14) if left else ("left", 10, 14 if falls else -14)
