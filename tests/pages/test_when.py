"""A figure of twelve months is told as one of twelve months on every page, and one of a month as of that month."""

from __future__ import annotations

import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from model import Scenario, load_shipped, project, read_link, write_link
from model.catalogue import metrics
from model.command_line import main
from model.company_file import company_from, company_raw
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


def titles(app: AppTest) -> list[str]:
    """Return the titles of a page and its charts."""
    charts = [
        text.value.partition("\n")[0].removeprefix("## ") for text in app.markdown if text.value.startswith("## ")
    ]
    return [text.replace("\\", "").replace("\u2060", "") for text in (app.title[0].value, *charts)]


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


NAMED = {
    "explain": ("ARR of Enterprise in Jun 2027 ",),
    "uncertainty": ("ARR of Enterprise in Jun 2027: ", "ARR of Enterprise lies between "),
    "drivers": (" ARR of Enterprise in Jun 2027: ",),
    "sensitivity": (" ARR of Enterprise in Jun 2027 most",),
    "aim": (" for Enterprise",),
}


@pytest.mark.parametrize("page", STUDIES)
def test_titles_say_of_which_segment_they_speak(page: str) -> None:
    app = opened(page, f"{MOVED}&kpi=arr.entat18&target=15000000")
    told = titles(app)
    assert all(any(part in text for text in told) for part in NAMED[page])
    assert max(map(len, told)) <= 90


LONG = company_from(
    company_raw(load_shipped("midmarket-saas"))
    | {"id": "long", "segments": {"smb": "Small", "mid": "Mid", "ent": "Enterprises of more than a thousand people"}}
)
LONG_LINK = write_link(Scenario.of(LONG)).partition("?")[2].replace("horizon=36", "horizon=24")


@pytest.mark.parametrize("page", STUDIES)
@pytest.mark.parametrize("kpi", ["churned_arr.entat18&target=900000", "effective_retention.ent&target=0.95", "arr.entat30&target=1",
                                 "arr.ent&target=900000000", "cac.entat18", "nrr.entat3"])  # fmt: skip
def test_titles_have_room_for_long_names(page: str, kpi: str) -> None:
    app = opened(
        page,
        f"{LONG_LINK}&retention_rate=0.901667in0.88to0.92&retention_rate.ent=0.95in0.9to0.97&sales_reps=31&kpi={kpi}",
    )
    assert not app.exception
    assert max(map(len, titles(app))) <= 90


@pytest.mark.parametrize(("kpi", "span"), [("operating_profitat12", "in 2027"), ("operating_profit_to_dateat12", "by Dec 2027"),
                                           ("arrat12", "in Dec 2027")])  # fmt: skip
def test_the_band_is_told_at_its_end_as_the_figure_is(kpi: str, span: str) -> None:
    (band,) = (text for text in titles(opened("uncertainty", f"{MOVED}&kpi={kpi}")) if "lies between" in text)
    assert re.search(rf" {span}(, 8 times in 10)?$", band)


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
