"""A chart of needs: where each lever stands in its usual range, and where it would have to be."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

from model.studies.needs import Need
from model.text import glance
from pages.parts.charts import Figure, layout_of
from pages.parts.theme import colours

ROW, SHORT = 38, 20
PAST_THE_END = 1.06
"""A value beyond the usual range is drawn there, as a mark that points on."""


def alone(needs: Sequence[Need], told: Sequence[str]) -> Figure:
    """Return a line for each lever over its usual range, grey where it stands, coloured where it would reach the target.

    `told` is what stands to the right of each.
    """
    colour = colours()
    rows = range(len(needs))
    today = [(need.lever.today - need.lever.usual[0]) / need.lever.span for need in needs]
    wanted = [
        min(max((need.value - need.lever.usual[0]) / need.lever.span, 1 - PAST_THE_END), PAST_THE_END) for need in needs
    ]
    shapes = [{"type": "line", "x0": 0, "x1": 1, "y0": row, "y1": row, "layer": "below",
               "line": {"width": 1, "color": colour["grid"]}} for row in rows]  # fmt: skip
    shapes += [{"type": "line", "x0": today[row], "x1": wanted[row], "y0": row, "y1": row, "layer": "below",
                "line": {"width": 4, "color": colour["scenario" if needs[row].is_usual else "base"]}} for row in rows]  # fmt: skip
    before = {
        "type": "scatter", "mode": "markers", "x": today, "y": list(rows), "hoverinfo": "skip", "cliponaxis": False,
        "marker": {"size": 9, "color": colour["base"], "line": {"width": 2, "color": colour["page"]}},
    }  # fmt: skip
    after = before | {"x": wanted, "hoverinfo": "text", "marker": {
        "size": 12, "color": [colour["scenario" if need.is_usual else "base"] for need in needs],
        "symbol": ["circle" if need.is_usual else "triangle-right" if need.value > need.lever.today else "triangle-left"
                   for need in needs],
        "line": {"width": 2, "color": colour["page"]}},
        "hovertext": ["{}: {} to <b>{}</b>".format(html.escape(need.lever.title), *need.lever.from_today(need.value))
                      for need in needs]}  # fmt: skip
    layout = layout_of(ROW * len(needs) + 8) | {"shapes": shapes, "hovermode": "closest"}
    layout["margin"] = {"l": 152, "r": 76, "t": 4, "b": 4}
    layout["annotations"] = [
        {"xref": "paper", "x": 1, "xanchor": "left", "xshift": 8, "y": row, "showarrow": False, "text": text,
         "font": {"size": 13, "color": colour["ink"]}}
        for row, text in enumerate(told)
    ]  # fmt: skip
    layout["xaxis"] |= {"visible": False, "range": [1 - PAST_THE_END - 0.02, PAST_THE_END + 0.02]}
    layout["yaxis"] |= {"range": [len(needs) - 0.5, -0.5], "showgrid": False, "tickvals": list(rows),
                        "ticktext": [_label(need, colour) for need in needs], "tickfont": {"size": 13, "color": colour["ink"]}}  # fmt: skip
    return {"data": [before, after], "layout": layout}


def _label(need: Need, colour: Mapping[str, str]) -> str:
    """Return the name of a lever, and below it today's value and the one it would need."""
    lever = need.lever
    values = "{} → <b>{}</b>".format(*lever.from_today(need.value))
    grey = colour["ink" if need.is_usual else "grey"]
    return (
        f'{html.escape(glance(lever.entry.label, SHORT))}<br><span style="font-size:12px;color:{grey}">{values}</span>'
    )
