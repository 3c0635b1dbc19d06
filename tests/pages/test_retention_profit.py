"""Retention and profit: the answer says plainly which years have no profit that could be raised by a share."""

from __future__ import annotations

from tests.pages.test_overview import COSTLY
from tests.pages.test_pages import opened


def test_a_year_of_loss_is_told_as_one_and_base_means_the_present_course_alone() -> None:
    app = opened("retention-profit", COSTLY)
    said = app.title[0].value.replace("\\", "")
    assert said == "Yes, from year 2: profit changes by +51\u202f%; year 1 has no profit to raise"
    shown = " ".join([*(text.value for text in app.markdown), *(chart.proto.spec for chart in app.get("plotly_chart"))])
    for words in ("by no profit", "no profit at base", "loss at base", "ase retention"):
        assert words not in shown
