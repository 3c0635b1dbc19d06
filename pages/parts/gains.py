"""The gains curve: how many of the conversions the best leads hold, against leads in random order."""

from __future__ import annotations

from typing import Any

from model.frameworks.scoring import LeadScores
from model.text import rate
from pages.parts.charts import Figure, layout_of
from pages.parts.theme import colours


def gains_curve(scores: LeadScores, *, height: int = 296) -> Figure:
    """Return the gains curve of lead scores, random order in grey, the present capacity marked."""
    colour = colours()
    leads, conversions = (values.tolist() for values in scores.curve)
    here = {"x": scores.worked, "y": scores.reached}
    hover = "Best %{x:.0%} of leads: %{y:.0%} of conversions<extra></extra>"
    line = {"type": "scatter", "hoverinfo": "skip"}
    traces: list[dict[str, Any]] = [
        line | {"mode": "lines", "x": [0, 1], "y": [0, 1], "line": {"color": colour["base"], "width": 1.75}},
        line | {"mode": "lines", "x": [scores.worked] * 2, "y": [scores.worked, scores.reached],
                "line": {"color": colour["scenario"], "width": 1.75, "dash": "dot"}},
        {"type": "scatter", "mode": "lines+markers", "x": leads, "y": conversions, "hovertemplate": hover,
         "line": {"color": colour["scenario"], "width": 2.75}, "marker": {"size": 6}},
        {"type": "scatter", "mode": "markers", "x": [here["x"]], "y": [here["y"]], "hovertemplate": hover,
         "marker": {"size": 13, "color": colour["scenario"], "line": {"width": 2.5, "color": colour["page"]}}},
    ]  # fmt: skip
    layout = layout_of(height) | {"annotations": _notes(scores, colour), "hovermode": "closest"}
    layout["margin"] = {"l": 58, "r": 24, "t": 6, "b": 42}
    layout["xaxis"] |= {
        "tickformat": ".0%",
        "range": [0, 1],
        "dtick": 0.25,
        "title": _title("Share of leads worked", colour),
    }
    layout["yaxis"] |= {
        "tickformat": ".0%",
        "range": [0, 1.04],
        "dtick": 0.25,
        "title": _title("Conversions reached", colour),
    }
    return {"data": traces, "layout": layout}


def _notes(scores: LeadScores, colour: dict[str, str]) -> list[dict[str, Any]]:
    """Name the present capacity and the random order below its line, where no curve ever runs."""
    mark = f'<span style="color:{colour["scenario"]}">●</span>'
    here = f"{mark} <b>{rate(scores.worked, 0)} of leads</b><br>{rate(scores.reached, 0)} of conversions"
    plain = {"showarrow": False, "align": "right"}
    return [
        plain | {"x": 1, "y": 0.04, "text": here, "xanchor": "right", "yanchor": "bottom",
                 "font": {"color": colour["ink"], "size": 13}},
        plain | {"x": 0.6, "y": 0.6, "text": "Random order", "xanchor": "left", "xshift": 12, "yshift": -8,
                 "font": {"color": colour["grey"], "size": 13}},
    ]  # fmt: skip


def _title(text: str, colour: dict[str, str]) -> dict[str, Any]:
    return {"text": text, "standoff": 8, "font": {"size": 12, "color": colour["grey"]}}
