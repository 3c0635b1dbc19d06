"""Figures go to the browser unchecked, for speed; here Plotly checks each kind."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from model.frameworks.scoring import LeadScores
from pages.parts import charts
from pages.parts.charts import Ready, Series
from pages.parts.gains import gains_curve
from pages.parts.heat import Heat, heat_map

YEARS = np.array([1.0, 2.0, 3.0])
MONTHS = ["2026-01", "2026-02", "2026-03"]
LINE = Series("ARR", YEARS, "scenario")
MAP = Heat(YEARS / 4, YEARS / 5, np.outer(YEARS, YEARS) / 9, 0.25, "Retention", "Margin", (0.5, 0.4), "Here")
FIGURES: dict[str, Any] = {
    "over_time": lambda: charts.over_time(MONTHS, [LINE], band=(YEARS / 2, YEARS * 2), rate=True, zero=True),
    "stacked": lambda: charts.stacked(["2026 Q1", "2026 Q2", "2026 Q3"], [LINE], [LINE], money="$"),
    "columns": lambda: charts.columns(["1", "2", "3"], YEARS, ["a", "b", "c"], role="profit", base=YEARS),
    "bridge": lambda: charts.bridge(
        [("Base", 2.0, "base"), ("Lost", -1.0, "churn"), ("End", 1.0, "base")], ["", "", ""]
    ),
    "ranked": lambda: charts.ranked(["Leads", "Won"], [3.0, -1.0], ["3", "−1"]),
    "heat_map": lambda: heat_map(MAP),
    "gains_curve": lambda: gains_curve(LeadScores(worked=0.4)),
}


@pytest.mark.parametrize("kind", FIGURES)
def test_plotly_accepts_the_figure(kind: str) -> None:
    figure = FIGURES[kind]()
    assert figure["data"]
    assert len(go.Figure(**figure).to_dict()["data"]) == len(figure["data"])


@pytest.mark.parametrize("count", range(1, 121))
def test_names_of_periods_under_bars_have_room_on_a_phone(count: int) -> None:
    names = [f"{2026 + place // 4} Q{place % 4 + 1}" for place in range(count)]
    bars = charts.stacked(names, [Series("Won", np.ones(count), "new")], [], money="$")
    marks = bars["layout"]["xaxis"]["tickvals"]
    plot = 390 - 2 * 16 - 46 - 88
    assert marks[0] == names[0]
    assert len(marks) == 1 or (names.index(marks[1]) - names.index(marks[0])) / count * plot >= 7 * 7 - 1


def test_a_ready_figure_is_sent_as_it_is() -> None:
    figure = FIGURES["ranked"]()
    assert Ready(figure).to_dict() is figure
