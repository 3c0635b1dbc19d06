"""The heat map: a value over two others, with the level that was claimed drawn as a line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from model.company import Numbers
from pages.parts.charts import Figure, layout_of
from pages.parts.theme import colours


@dataclass(frozen=True)
class Heat:
    """What a heat map shows: values over x and y, the level at which its colour breaks, and where one stands."""

    x: Numbers
    y: Numbers
    values: Numbers
    level: float
    x_title: str
    y_title: str
    here: tuple[float, float]
    here_text: str


def heat_map(heat: Heat, *, height: int = 318, percent_up: bool = True) -> Figure:
    """Return a heat map with the claimed level drawn as a line, and a mark for where the company stands."""
    colour = colours()
    top = 2 * heat.level
    scale = [
        [0, colour["below_low"]],
        [0.4999, colour["below_high"]],
        [0.5, colour["above_low"]],
        [1, colour["above_high"]],
    ]
    shown = np.where(np.isfinite(heat.values), np.clip(heat.values, 0, top), np.nan)
    cells = [[None if np.isnan(value) else float(value) for value in row] for row in shown]
    common = {"x": heat.x.tolist(), "y": heat.y.tolist(), "z": cells, "showscale": False}
    told = [["no profit to raise" if np.isnan(value) else f"{value:+.0%}" for value in row] for row in heat.values]
    across = "%{y:.0%}" if percent_up else "%{y:.0f}"
    surface = common | {
        "type": "heatmap", "colorscale": scale, "zmin": 0, "zmax": top, "zsmooth": "best", "text": told,
        "hovertemplate": f"{heat.x_title} %{{x:.0%}}<br>{heat.y_title} {across}<br><b>%{{text}}</b><extra></extra>",
        "hoverongaps": True,
    }  # fmt: skip
    if any(value is None for row in cells for value in row):
        surface["zsmooth"] = False
    line = common | {
        "type": "contour", "contours": {"coloring": "lines", "start": heat.level, "end": heat.level, "size": 1},
        "colorscale": [[0, colour["ink"]], [1, colour["ink"]]], "line": {"width": 2.5}, "hoverinfo": "skip",
    }  # fmt: skip
    here = {
        "type": "scatter", "mode": "markers", "x": [heat.here[0]], "y": [heat.here[1]], "hoverinfo": "skip",
        "marker": {"size": 13, "color": colour["scenario"], "line": {"width": 2.5, "color": colour["page"]}},
    }  # fmt: skip
    left = heat.here[0] > float(heat.x.mean())
    note = {
        "x": heat.here[0], "y": heat.here[1], "text": heat.here_text, "showarrow": False,
        "xanchor": "right" if left else "left", "xshift": -12 if left else 12,
        "bgcolor": colour["page"], "borderpad": 3, "font": {"color": colour["ink"], "size": 13},
    }  # fmt: skip
    layout = layout_of(height) | {"annotations": [note, *_region_notes(heat, colour)], "hovermode": "closest"}
    layout["margin"] = {"l": 58, "r": 10, "t": 6, "b": 42}
    layout["xaxis"] |= {"tickformat": ".0%", "title": _axis_title(heat.x_title, colour), "showgrid": False,
                        "range": [float(heat.x[0]), float(heat.x[-1])]}  # fmt: skip
    layout["yaxis"] |= {"tickformat": ".0%" if percent_up else "d", "title": _axis_title(heat.y_title, colour),
                        "showgrid": False, "range": [float(heat.y[0]), float(heat.y[-1])]}  # fmt: skip
    return {"data": [surface, line, here], "layout": layout}


def _region_notes(heat: Heat, colour: dict[str, str]) -> list[dict[str, Any]]:
    """Name the regions of a heat map, each in its middle, where it is large enough to hold the words."""
    level = f"{heat.level:.0%}".replace("%", "\u202f%")
    regions = (
        (heat.values >= heat.level, f"{level} or more"),
        (heat.values < heat.level, f"Less than {level}"),
        (np.isnan(heat.values), "No profit to raise"),
    )
    notes = []
    for inside, text in regions:
        if inside.mean() >= 0.12:
            row, column = _middle(inside, _near(heat))
            notes.append({"x": float(heat.x[column]), "y": float(heat.y[row]), "text": text, "showarrow": False,
                          "font": {"color": colour["ink"], "size": 13}})  # fmt: skip
    return notes


def _near(heat: Heat) -> np.ndarray:
    """Return which cells are too near to the mark of the company for other words."""
    across = np.abs(heat.x - heat.here[0]) < 0.55 * np.ptp(heat.x)
    up = np.abs(heat.y - heat.here[1]) < 0.13 * np.ptp(heat.y)
    return np.outer(up, across)


def _middle(inside: np.ndarray, taken: np.ndarray) -> tuple[int, int]:
    """Return the cell inside a region that lies farthest from its edges, away from what is taken."""
    from scipy.ndimage import distance_transform_edt

    depth = distance_transform_edt(np.pad(inside, 1))[1:-1, 1:-1]
    depth = depth - 0.05 * np.abs(np.arange(inside.shape[1]) - inside.shape[1] / 2) * inside
    free = np.where(taken, 0.0, depth)
    row, column = np.unravel_index(int((free if free.any() else depth).argmax()), depth.shape)
    return int(row), int(column)


def _axis_title(text: str, colour: dict[str, str]) -> dict[str, Any]:
    return {"text": text, "standoff": 8, "font": {"size": 12, "color": colour["grey"]}}
