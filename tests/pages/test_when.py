"""A figure of twelve months is told as one of twelve months on every page, and one of a month as of that month."""

from __future__ import annotations

import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from model import load_shipped, project, read_link
from model.catalogue import metrics
from model.command_line import main
from model.metrics import View
from model.outcomes import Outcome
from tests.pages.lists import named
from tests.pages.test_pages import opened

MOVED = "company=midmarket-saas&v=1&horizon=24&sales_reps=31&retention_rate=0.901667in0.88to0.92"
STUDIES = ("explain", "uncertainty", "drivers", "sensitivity", "aim")


def said(page: str, query: str) -> str:
    app = opened(page, query)
    assert not app.exception
    return " ".join(text.value.replace("\\", "") for text in (*app.title, *app.markdown))


def warnings(app: AppTest) -> list[str]:
    return [one.value.replace("\\", "").replace("\u2060", "") for one in app.warning]


@pytest.mark.parametrize("page", STUDIES)
@pytest.mark.parametrize(
    ("month", "when"), [(24, "Operating profit in 2027"), (18, "Operating profit in the 12 months to Jun 2027")]
)
def test_a_figure_of_twelve_months_is_told_as_one(page: str, month: int, when: str) -> None:
    told = said(page, f"{MOVED}&kpi=operating_profitat{month}&target=9000000")
    assert when in told or (page in ("explain", "aim") and when.removeprefix("Operating profit ") in told)
    assert not re.search(r"Operating profit in (Dec|Jun) 2027", told)


@pytest.mark.parametrize("page", STUDIES)
def test_a_figure_of_a_month_is_told_as_of_that_month(page: str) -> None:
    assert "in Jun 2027" in said(page, f"{MOVED}&kpi=arrat18&target=90000000")


LATE = (
    "ARR of Enterprise is asked for in Dec 2027 (month 24), after the last month, 12; until the horizon is longer it is shown in "
    "Dec 2026, and a target is held against that."
)


@pytest.mark.parametrize("page", STUDIES)
def test_a_month_after_the_last_is_shown_alike_by_link_and_by_click_and_said(page: str) -> None:
    query = f"{MOVED}&kpi=arr.entat24&target=15000000&aim.win_rate=x1"
    clicked = opened(page, query)
    assert LATE not in warnings(clicked)
    clicked.segmented_control(key="horizon").set_value(12).run()
    linked = opened(page, query.replace("horizon=24", "horizon=12"))
    for app in (clicked, linked):
        assert not app.exception
        assert warnings(app).count(LATE) == 1
        assert "arr.entat24" in app.query_params["kpi"]
        assert named(app.selectbox, "outcome:month").value == 24
    assert clicked.title[0].value == linked.title[0].value
    clicked.segmented_control(key="horizon").set_value(24).run()
    assert LATE not in warnings(clicked)
    named(linked.selectbox, "outcome:month").set_value(0).run()
    assert LATE not in warnings(linked)


def test_a_command_refuses_a_link_that_asks_for_a_month_after_the_last(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["study", "explain", "--link", f"?{MOVED.replace('=24', '=12')}&kpi=arr.entat24"]) == 2
    assert capsys.readouterr().err == f"revlens: {LATE}\nrevlens: Nothing was written.\n"


def test_every_metric_says_over_which_months_it_is() -> None:
    for entry in metrics().values():
        of = re.search(r"last (\d+ months)|(quarter to date)|from the (first month) on", entry.unit)
        if of:
            assert entry.over == (of[1] or of[2] or "plan to date"), entry.id


def test_profit_to_date_is_the_sum_of_the_months_of_the_company_alone() -> None:
    scenario = read_link(f"?{MOVED}").scenario
    profit = project(scenario).total("operating_profit")
    for segment in ("", *load_shipped("midmarket-saas").segments):
        assert View(project(scenario), segment).metric("operating_profit_to_date") == pytest.approx(np.cumsum(profit))
    asked = Outcome("operating_profit_to_date", "ent", 24)
    assert (asked.segment, asked.when(scenario.company, 24)) == ("", "by Dec 2027")
    assert asked.of(project(scenario)) == pytest.approx(profit.sum(), rel=1e-12)


@pytest.mark.parametrize("page", STUDIES)
def test_profit_to_date_can_be_asked_of_every_study(page: str) -> None:
    told = said(page, f"{MOVED}&kpi=operating_profit_to_dateat24&target=9000000")
    assert page == "aim" or "Operating profit to date" in told  # its answers name levers and the target
    assert "by Dec 2027" in told or "first month to Dec 2027" in told
