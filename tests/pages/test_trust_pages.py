"""Back-test and plan and actuals on screen: nothing given, the samples, files with faults; and nothing leaves the tab."""

from __future__ import annotations

import json
import time
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from model import load_shipped, project
from model.export import projection_csv
from model.history.reading.files import GivenFile, read_files
from model.history.trust.actual_rows import read_actuals
from model.history.trust.variance import plan_and_actuals
from model.scenario import Scenario
from model.text import money, rate
from pages.parts import actual_months, back_testing
from pages.parts.actual_months import FILE, ActualMonths
from pages.parts.back_testing import BackTesting
from pages.parts.background import Work
from pages.parts.own_data import KEPT, Result
from tests.pages.cards import cards
from tests.pages.test_own_data import given, own, result, settled, to
from tests.pages.test_pages import figures, opened

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
SAMPLE, SUBSCRIPTIONS = ((SAMPLES / f"{name}.csv").read_bytes() for name in ("actuals", "subscriptions"))


def with_months(content: bytes, query: str = "", name: str = "ours.csv") -> AppTest:
    """Return the page once a file was given."""
    app = opened("actuals", query)
    (uploader,) = app.get("file_uploader")
    uploader.set_value([(name, content, "text/csv")])
    return app.run()


def back_test_of(app: AppTest) -> BackTesting:
    found: BackTesting = app.session_state[KEPT][back_testing.KEY]
    return found


def months_of(app: AppTest) -> ActualMonths:
    found: ActualMonths = app.session_state[KEPT][actual_months.KEY]
    return found


def words(app: AppTest) -> str:
    return " ".join(block.value for block in (*app.title, *app.markdown, *app.error, *app.warning)).replace("\\", "")


def of_months(unit: int) -> bytes:
    """Return six months that open where the plan does, in amounts that are 1,000 of some unit."""
    rows = [f"2026-{place + 1:02},{(24000 + 400 * place) * unit},{500 * unit},0,0,{100 * unit},{(24400 + 400 * place) * unit}"
            for place in range(6)]  # fmt: skip
    return "\n".join(["month,Opening ARR,New ARR,Expansion,Contraction,Churn,Closing ARR", *rows]).encode()


NEAR = of_months(1000)


@cache
def compared() -> AppTest:
    return with_months(SAMPLE)


def test_pages_without_data_say_what_they_need() -> None:
    app = opened("back-test")
    assert (
        app.title[0].value.replace("\\", "") == "A back-test needs a history: give your own, or try the sample exports"
    )
    assert not figures(app)
    app = opened("actuals")
    assert (
        app.title[0].value.replace("\\", "")
        == "No actual months yet: give a file of them, and see where the plan stands"
    )
    assert not figures(app)


def test_the_samples_are_tested_in_one_click_and_a_choice_of_months_changes_the_answer() -> None:
    app = opened("back-test")
    settled(app.button(key="back-test-samples").click().run())
    assert not app.exception
    assert "Sample exports, made up, up to Dec 2025" in words(app)
    found = back_test_of(app).found
    assert found is not None
    assert [trial.hidden for trial in found.trials] == [6, 9, 12, 15, 18]
    months = sum(trial.hidden for trial in found.trials)
    missed = sum(trial.score("plan").missed * trial.hidden for trial in found.trials) / months
    title = app.title[0].value
    assert title.startswith(f"Over 5 trials, the model missed ARR by {rate(missed)}; carrying growth on, by")
    for trial in (found.trials[2], found.trials[0]):
        app.segmented_control(key="hidden").set_value(trial.hidden).run()
        assert app.title[0].value == title
        lines = {trace.get("name"): trace["y"] for trace in figures(app)[0]["data"]}
        assert lines["Actual"][-trial.hidden :] == trial.actual.tolist()
        assert lines["Model"][-trial.hidden :] == pytest.approx(trial.forecasts["plan"].arr.tolist())
    address = json.dumps(dict(app.query_params))
    assert not any(word in address for word in ("sample", "ARR", "hidden"))


def test_the_sample_months_are_held_against_the_company_they_belong_to() -> None:
    app = opened("actuals")
    settled(app.button(key="actuals-samples").click().run())
    assert not app.exception
    company = app.session_state["session"].scenario.company
    assert company.title == "Sample company, made up"
    assert "Sample months, made up" in words(app)
    assert app.dataframe[0].value.set_index("Line").loc["Opening ARR", "Variance"] == "$0"


def test_the_charts_show_actual_plan_and_a_bridge_that_adds_up() -> None:
    app = compared()
    assert not app.exception
    scenario = Scenario.of(load_shipped("midmarket-saas"))
    actuals = read_actuals(read_files([GivenFile("actuals", "a.csv", SAMPLE)]), scenario)
    found = plan_and_actuals(actuals, project(scenario))
    path, movements, bridge = figures(app)
    lines = {trace.get("name"): trace["y"] for trace in path["data"]}
    assert [value for value in lines["Actual"] if value is not None] == found.closing.actual.tolist()
    assert lines["Re-planned"][-1] == pytest.approx(found.replanned[-1])
    (bar,) = bridge["data"]
    assert bar["y"][0], bar["y"][-1] == ("Plan", "Actual")
    assert sum(bar["x"][:-1]) == pytest.approx(bar["x"][-1])
    assert bar["x"][-1] == found.closing.actual[-1]
    plan, actual = movements["data"]
    assert plan["y"] == pytest.approx([one.total[1] for one in found.movements])
    assert actual["y"] == pytest.approx([one.total[0] for one in found.movements])
    shown = {card.label: card.value for card in cards(app)}
    assert shown["Closing ARR"] == money(found.closing.actual[-1])
    assert shown["Churn and failed payments"] == money(found.movements[-1].total[0])
    table = app.dataframe[0].value
    assert table["Line"].tolist() == [one.label for one in found.rows]


def test_the_headline_gives_the_arr_and_how_far_it_is_from_plan() -> None:
    scenario = Scenario.of(load_shipped("midmarket-saas"))
    found = plan_and_actuals(
        read_actuals(read_files([GivenFile("actuals", "ours.csv", SAMPLE)]), scenario), project(scenario)
    )
    actual, plan = found.closing.total
    gap = f"{money(abs(actual - plan), 'USD')} ({rate(abs(actual - plan) / plan)}) {'above' if actual > plan else 'below'} plan"
    title = compared().title[0].value.replace("\\", "")
    assert title.startswith(f"After six months, ARR of {money(actual, 'USD')} is {gap}, mostly by ")
    assert len(title) <= 90


def test_one_month_can_be_looked_at_alone() -> None:
    app = with_months(SAMPLE)
    app.selectbox(key="actuals-period").set_value("2026-03").run()
    table = app.dataframe[0].value.set_index("Line")
    assert table.loc["New customers", "Actual"] == money(153_800)


def test_months_that_came_as_planned_are_said_to_have() -> None:
    app = with_months(projection_csv(project(Scenario.of(load_shipped("midmarket-saas"), horizon=12))))
    assert app.title[0].value.startswith("After 12 months, ARR is on plan at ")
    assert {card.delta for card in cards(app) if card.label == "Closing ARR"} == {"On plan"}
    assert "Every movement came as planned" in words(app)
    assert set(app.dataframe[0].value["Verdict"]) == {"as planned"}


def test_months_across_as_a_p_and_l_has_them_are_compared() -> None:
    app = with_months(b",Jan 2026,Feb 2026,Mar 2026\nNew ARR,100000,200000,x\nChurn,-5,-5,-5\nLogos,7,8,9\n")
    assert not app.exception
    table = app.dataframe[0].value.set_index("Line")
    assert table.loc["New customers", "Actual"] == money(300_000)
    assert "taken as empty: 1, the first in line 2, Mar 2026: 'x'." in words(app)


def test_the_accuracy_measured_becomes_a_move_and_can_be_undone() -> None:
    scenario = Scenario.of(load_shipped("midmarket-saas"))
    actuals = read_actuals(read_files([GivenFile("actuals", "ours.csv", NEAR)]), scenario)
    near = plan_and_actuals(actuals, project(scenario)).accuracy
    assert near is not None
    app = with_months(NEAR)
    app.button(key="use-accuracy").click().run()
    session = app.session_state["session"]
    assert session.scenario.by_key["forecast_accuracy"].target == pytest.approx(round(near.value, 3))
    assert app.query_params["forecast_accuracy"] in (found := str(round(near.value, 3)), [found])
    assert "The scenario uses it" in words(app)
    app.button(key="undo").click().run()
    assert "forecast_accuracy" not in app.query_params


def test_a_segment_in_view_is_compared_alone() -> None:
    rows = "\n".join(f"2026-01,{segment},{amount}" for segment, amount in (("smb", 5e6), ("mid", 9e6), ("ent", 1e7)))
    app = with_months(f"month,segment,arr_closing\n{rows}\n".encode(), "segment=ent")
    assert not app.exception
    assert "Enterprise" in words(app)
    assert app.dataframe[0].value.set_index("Line").loc["Closing ARR", "Actual"] == money(1e7)


def test_what_is_wrong_with_a_file_is_said_and_what_is_open_is_asked() -> None:
    app = with_months(b"month,arr_new\n2019-01,5\n")
    assert "ours.csv line 2: month '2019-01' is not in the plan, 2026-01 to 2028-12." in words(app)
    app = with_months(b"Calendar,New\n2026-01,5\n")
    needed = next(one for one in app.selectbox if one.label.endswith("the month, or a day in it (needed)"))
    needed.select("Calendar").run()
    assert app.dataframe[0].value.set_index("Line").loc["New customers", "Actual"] == "$5.00"
    app = with_months(b'month,arr_new\n2026-01,"12,500"\n2026-02,"13,250"\n')
    assert not app.exception
    select = next(one for one in app.selectbox if one.key and ":decimal" in one.key)
    select.select(next(option for option in select.options if option.startswith("a point"))).run()
    assert own(app).files[FILE].habits == (("decimal", "."),)
    assert app.dataframe[0].value.set_index("Line").loc["New customers", "Actual"] == money(25_750)


ODD = "<img src=x onerror=alert(1)> **b** $x$ :material/home: [l](http://x)"


def test_names_of_a_file_and_its_cells_are_never_markup() -> None:
    app = with_months(f'month,segment,arr_new\n2026-01,"{ODD}",5\n2026-01,,5\n'.encode(), name=f"{ODD}.csv")
    assert not app.exception
    assert "<img" not in json.dumps(figures(app))
    for block in (*app.markdown, *app.title, *app.error):
        assert "<img" not in block.value.replace("\\<", "")
        assert ":material/home:" not in block.value


def test_months_of_some_segments_are_not_known_for_the_company() -> None:
    content = b"month,segment,arr_new,arr_closing\n2026-01,smb,5,6000000\n2026-02,smb,5,6100000\n2026-03,mars,5,1\n"
    app = with_months(content)
    assert not app.exception
    assert app.title[0].value == "None of these months is known as a whole for the company"
    assert {card.colour for card in cards(app) if card.label == "Closing ARR"} == {"gray"}
    assert "1 row is set aside" in [expander.label for expander in app.expander]
    app = with_months(content, "segment=ent")
    assert app.title[0].value == "None of these months is known as a whole for Enterprise"


def test_forgetting_removes_the_months() -> None:
    app = with_months(SAMPLE)
    app.button(key="actuals-forget").click().run()
    assert app.title[0].value.startswith("No actual months yet")
    assert own(app).files == {}


def test_months_given_here_are_listed_with_the_exports_and_can_be_corrected_there() -> None:
    app = to(with_months(SAMPLE), "company")
    assert [file.name for file in own(app).files.values()] == ["ours.csv"]
    assert any("ours.csv" in one.label.replace("\\", "") for one in app.expander)
    app = given(app, ("subscriptions.csv", SUBSCRIPTIONS))
    settled(app.button(key="own-measure").click().run())
    assert [account.kind for account in result(app).accounts] == ["subscriptions"]
    assert to(app, "actuals").title[0].value.startswith("After six months")


def test_months_of_two_files_are_refused_by_name_and_one_can_be_removed() -> None:
    app = given(to(with_months(SAMPLE), "company"), ("second.csv", SAMPLE))
    app = to(app, "actuals")
    assert app.title[0].value == "These actual months cannot be compared yet"
    assert "ours.csv and second.csv are both read as actuals" in words(app)


def test_the_opening_month_set_at_the_import_is_that_of_the_back_test() -> None:
    app = given(opened("company"), ("subscriptions.csv", SUBSCRIPTIONS))
    app.text_input(key="own:0:until").set_value("2025-06").run()
    settled(app.button(key="own-measure").click().run())
    app = to(app, "back-test")
    settled(app.button(key="back-test-run").click().run())
    found = back_test_of(app).found
    assert found is not None
    assert {trial.months[-1] for trial in found.trials} == {"2025-06"}
    assert "Your own data, in this tab only, up to Jun 2025" in words(app)


def test_movements_alone_are_compared_where_arr_is_not_known() -> None:
    app = with_months(b"month,arr_new\n2026-04,500000\n2026-05,400000\n")
    assert not app.exception
    assert "ARR is not known" in app.title[0].value
    assert np.isfinite([bar["y"] for bar in figures(app)[1]["data"]]).all()


def test_counting_the_months_of_a_history_can_be_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    def whole(_: Result, work: Work) -> None:
        while True:
            work.tell(0.4, "Movements")
            time.sleep(0.005)

    monkeypatch.setattr(actual_months, "_whole", whole)
    app = given(opened("company"), ("subscriptions.csv", SUBSCRIPTIONS))
    settled(app.button(key="own-measure").click().run())
    app = to(app, "actuals")
    app.button(key="actuals-history").click().run()
    work = months_of(app).work
    assert work is not None
    app.button(key="stop-work").click().run()
    assert work.wait(1.0)
    assert "Counting was stopped; nothing was changed." in words(app)
    assert (months_of(app).work, months_of(app).source) == (None, "")
    assert app.button(key="actuals-history").label == "Use my history"


def test_the_months_of_a_history_after_its_opening_month_are_compared() -> None:
    app = given(opened("company"), ("subscriptions.csv", SUBSCRIPTIONS))
    app.text_input(key="own:0:until").set_value("2025-06").run()
    settled(app.button(key="own-measure").click().run())
    app.button(key="use-measured").click().run()
    app = to(app, "actuals")
    app.button(key="actuals-history").click().run()
    assert (
        app.title[0].value == "The months of your history are being counted; they are compared as soon as that is done"
    )
    settled(app)
    assert not app.exception
    assert "Your own history" in words(app)
    actual = [value for value in figures(app)[0]["data"][2]["y"] if value is not None]
    assert len(actual) == 6
    assert actual[-1] == pytest.approx(6_248_690)
    assert app.dataframe[0].value.set_index("Line").loc["Opening ARR", "Variance"] == "$0"


def test_months_far_from_the_plan_are_asked_about_with_the_units_to_choose() -> None:
    app = with_months(of_months(1))
    assert "are they of this company, and not in thousands?" in words(app)
    assert not [one for one in app.button if one.key == "use-accuracy"]
    (choice,) = (one for one in app.selectbox if "what its amounts are in" in one.label)
    choice.set_value("thousands").run()
    assert not app.exception
    assert "not in thousands?" not in words(app)
    assert app.dataframe[0].value.set_index("Line").loc["Opening ARR", "Actual"] == "$24.0M"
    assert [one for one in app.button if one.key == "use-accuracy"]
