"""The pages Uncertainty and What drives it: what they show is what the studies say, and all they ask travels in the link."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from model import Move, Scenario, load_shipped, read_link
from model.doubt import Doubt
from model.outcomes import Outcome
from model.studies.sobol import drivers
from model.studies.uncertainty import asked_with, uncertainty
from model.text import money
from pages.parts.state import Session
from pages.parts.uncertainty_charts import Histogram, histogram
from tests.pages.cards import cards
from tests.pages.lists import named
from tests.pages.test_pages import figures, held, opened

QUERY = "horizon=24&retention_rate=0.9in0.86to0.93&win_rate=0.25in0.18to0.3from6over3"


def scenario(app: AppTest) -> Scenario:
    found: Scenario = app.session_state["session"].scenario
    return found


def warnings(app: AppTest) -> list[str]:
    told = (warning.value.replace("\\", "") for warning in app.warning)
    return [text for text in told if not text.startswith("Sales capacity binds")]


def study(query: str = QUERY, outcome: Outcome = Outcome()) -> Any:  # noqa: B008 - it is frozen
    return uncertainty(read_link(f"?{query}").scenario, asked_with(outcome))


def figure(app: AppTest, label: str) -> str:
    """Return a figure of the page by its label."""
    return next(card.value for card in cards(app) if card.label == label)


def test_the_fan_is_that_of_the_study_and_the_title_says_its_ends() -> None:
    app = opened("uncertainty", QUERY)
    assert not app.exception
    low, quarter, middle, three, high = study().fan(Outcome()).value
    traces = figures(app)[0]["data"]
    for trace, values in zip(traces, (low, high, quarter, three, low, high, None, middle), strict=True):
        if values is not None:
            assert trace["y"] == pytest.approx(values.tolist())
    assert f"{money(low[-1])} to {money(high[-1])}" in app.title[0].value.replace("\\", "")
    reached = study().reaches(Outcome(), float(study().plan(Outcome())[-1])).value[-1]
    assert figure(app, "Chance of the plan") == f"{reached:.0%}".replace("%", "\u202f%")


def test_the_lines_of_the_fan_are_named_with_their_figures_and_have_room_for_them() -> None:
    """The plan and the middle lie close together: a figure beside the name of the other would be taken for its own."""
    app = opened("uncertainty", QUERY)
    layout = figures(app)[0]["layout"]
    texts = [note["text"] for note in layout["annotations"]]
    plan, middle = float(study().plan(Outcome())[-1]), float(study().fan(Outcome()).value[2, -1])
    assert {f"Plan {money(plan)}", f"<b>Middle {money(middle)}</b>"} < set(texts)
    months = figures(opened("uncertainty", f"{QUERY}&kpi=cac_payback"))[0]["layout"]
    for drawn in (layout, months):
        longest = max(len(note["text"].replace("<b>", "").replace("</b>", "")) for note in drawn["annotations"])
        assert drawn["margin"]["r"] >= 7 * longest


def test_a_target_travels_in_the_link_and_stays_with_its_metric() -> None:
    app = opened("uncertainty", f"{QUERY}&target=30000000")
    assert figure(app, "Chance of the target").endswith("%")
    app.number_input(key="goal").set_value(35_000_000.0).run()
    assert held(app, "target") == "35000000"
    named(app.selectbox, "outcome:metric").set_value("nrr").run()
    assert "target" not in app.query_params
    app.number_input(key="goal").set_value(105.0).run()
    assert held(app, "target") == "1.05"
    assert not app.exception


@pytest.mark.parametrize("text", ["nan", "1e999", "<b>", ""])
def test_a_target_that_is_none_is_named(text: str) -> None:
    app = opened("uncertainty", f"company=midmarket-saas&{QUERY}" + (f"&target={text}" if text else ""))
    told = [warning.value.replace("\\", "") for warning in app.warning]
    wanted = f"The target (target={text}) must be a finite number, rates as fractions. It is left out."
    assert (wanted in told) == bool(text)


def test_what_ranges_mean_is_chosen_undone_and_in_the_link() -> None:
    app = opened("uncertainty", QUERY)
    app.segmented_control(key="confidence").set_value(0.9).run()
    app.toggle(key="noise").set_value(False).run()
    app.slider(key="together:retention_rate~win_rate").set_value(0.5).run()
    assert scenario(app).doubt == Doubt(0.9, (("retention_rate", "win_rate", 0.5),), noise=False)
    assert (held(app, "range"), held(app, "range.forecast"), held(app, "range.retention_rate~win_rate")) == (
        "0.9",
        "off",
        "0.5",
    )
    for _ in range(3):
        app.button(key="undo").click().run()
    assert scenario(app).doubt == Doubt()
    assert not app.exception


def test_a_range_is_given_beside_the_exact_value_and_taken_back_and_the_move_stays() -> None:
    app = opened("uncertainty", "win_rate=0.25from6over3")
    named(app.selectbox, "ranged-lever").set_value("win_rate").run()
    app.number_input(key="low:win_rate").set_value(20.0).run()
    assert scenario(app).moves == (Move("win_rate", 0.25, "", 6, 3, (0.2, 0.3)),)
    assert app.number_input(key="high:win_rate").value == 30
    app.number_input(key="high:win_rate").set_value(40.0).run()
    assert held(app, "win_rate") == "0.25in0.2to0.4from6over3"
    app.number_input(key="exact:win_rate").set_value(45.0).run()
    assert scenario(app).moves == (Move("win_rate", 0.45, "", 6, 3, (0.2, 0.45)),)
    app.button(key="undo").click().run()
    app.number_input(key="low:win_rate").set_value(90.0).run()
    assert scenario(app).moves[0].range == (0.25, 0.4)
    held_there = "It is held there; move the value first to go on."
    assert f"The low end of Win rate, 90.0\u202f%, lies above its value, 25.0\u202f%. {held_there}" in warnings(app)
    app.number_input(key="high:win_rate").set_value(20.0).run()
    assert f"The high end of Win rate, 20.0\u202f%, lies below its value, 25.0\u202f%. {held_there}" in warnings(app)
    app.button(key="undo").click().run()
    assert not warnings(app)
    assert scenario(app).moves[0].range == (0.25, 0.4)
    app.number_input(key="high:win_rate").set_value(None).run()
    assert scenario(app).moves == (Move("win_rate", 0.25, "", 6, 3),)
    assert not app.exception


def test_a_lever_that_does_not_move_may_have_a_range_around_its_base() -> None:
    app = opened("uncertainty")
    named(app.selectbox, "ranged-lever").set_value("retention_rate").run()
    base = load_shipped("midmarket-saas").mean("retention_rate")
    app.number_input(key="low:retention_rate").set_value(80.0).run()
    (move,) = scenario(app).moves
    assert (move.target, move.range) == (pytest.approx(base), (0.8, pytest.approx(2 * base - 0.8)))
    chip = next(button for button in app.button if button.key == "chip:retention_rate")
    assert "80.0\u202f%" in chip.label.replace("\\", "")
    app.number_input(key="low:retention_rate").set_value(None).run()
    assert scenario(app).is_base


def test_the_slider_line_shows_the_range() -> None:
    app = opened("expand", "retention_rate=0.9in0.86to0.93")
    lines = [block.value for block in app.get("html") if 'class="lever ranged"' in block.value]
    assert len(lines) == 1
    assert "--low:" in lines[0]


def test_a_long_study_can_be_stopped_and_go_on() -> None:
    app = opened("uncertainty", QUERY)
    app.segmented_control(key="runs").set_value(40).run()
    assert any("40,960 runs in 40 independent batches" in block.value for block in app.markdown)
    question = app.session_state["drawn"]
    app.session_state["study-stopped"] = (question, 7)
    app.run()
    told = " ".join(block.value.replace("\\", "") for block in app.markdown)
    assert not app.exception
    assert "Stopped after 7,168 of 40,960 runs." in told
    assert "7,168 runs in 7 independent batches" in told
    app.button(key="go-on").click().run()
    assert any("40,960 runs in 40 independent batches" in block.value for block in app.markdown)
    assert not app.exception


def test_where_nothing_is_uncertain_the_page_says_how_to_change_that() -> None:
    app = opened("uncertainty", "range.forecast=off")
    assert app.title[0].value.replace("\\", "") == "Nothing is uncertain here: give a lever a range"
    assert not figures(app)
    assert not app.exception


@pytest.mark.parametrize(
    "outcome", ["nrrat5", "cac_payback", "customers.ent", "revenueat3", "burn_multiple", "clv.smb"]
)
def test_any_outcome_can_be_asked_for(outcome: str) -> None:
    for page in ("uncertainty", "drivers"):
        assert not opened(page, f"{QUERY}&kpi={outcome}").exception


def test_correlations_that_contradict_each_other_are_named_once_on_the_page() -> None:
    pairs = "range.retention_rate~win_rate=0.9&range.upsell_rate~win_rate=0.9&range.retention_rate~upsell_rate=-0.9"
    app = opened("uncertainty", f"{QUERY}&upsell_rate=0.06in0.03to0.1&{pairs}")
    assert sum("contradict each other" in warning.value for warning in app.warning) == 1
    app.slider(key="together:retention_rate~win_rate").set_value(0.95).run()
    assert sum("contradict each other" in warning.value for warning in app.warning) == 1
    assert not app.exception


def test_drivers_are_those_of_the_study_and_of_the_levers_chosen() -> None:
    app = opened("drivers", QUERY)
    found = drivers(read_link(f"?{QUERY}").scenario, Outcome())
    totals, firsts = figures(app)[0]["data"]
    order = list(found.order)
    assert totals["x"] == pytest.approx(found.total.value[order].tolist())
    assert firsts["x"] == pytest.approx(found.first.value[order].tolist())
    app.multiselect[0].set_value([]).run()
    assert any("No lever is chosen." in warning.value for warning in app.warning)
    app.multiselect[0].set_value(["fixed_costs"]).run()
    assert app.title[0].value.replace("\\", "") == "None of these levers moves ARR in Dec 2027"
    assert not app.exception


def test_what_drives_it_says_why_uncertainty_has_smaller_shares() -> None:
    """The same ranges: here the levers share the spread among themselves, there with forecasts that miss."""
    told = "Forecast misses are left out here. Uncertainty counts them, so the levers' shares are smaller there where misses matter."
    found, there = (
        drivers(read_link(f"?{QUERY}").scenario, Outcome()),
        {one.key: one.share for one in study().matters(Outcome())},
    )
    first = found.order[0]
    assert there[found.keys[first]] < found.first.value[first]
    for query, wanted in ((QUERY, True), (f"{QUERY}&range.forecast=off", False)):
        app = opened("drivers", query)
        assert any(told in block.value.replace("\\", "") for block in app.markdown) == wanted


def test_more_points_narrow_the_intervals() -> None:
    app = opened("drivers", QUERY)
    few = figures(app)[0]["data"][0]["error_x"]["array"]
    app.segmented_control(key="points").set_value(4096).run()
    many = figures(app)[0]["data"][0]["error_x"]["array"]
    assert max(many) < max(few)
    assert not app.exception


def test_without_ranges_common_levers_are_offered() -> None:
    app = opened("drivers")
    assert len(app.multiselect[0].value) == 6
    assert not app.exception


def test_the_levers_chosen_travel_in_the_link_and_undo_takes_them_back() -> None:
    app = opened("drivers", QUERY)
    named(app.multiselect, "drivers:levers").set_value(["win_rate", "fixed_costs"]).run()
    assert (held(app, "drivers.win_rate"), held(app, "drivers.fixed_costs")) == ("on", "on")
    again = opened("drivers", "&".join(f"{key}={held(app, key)}" for key in app.query_params))
    assert named(again.multiselect, "drivers:levers").value == ["win_rate", "fixed_costs"]
    assert figures(again) == figures(app)
    named(app.multiselect, "drivers:levers").set_value([]).run()
    assert (held(app, "drivers"), held(app, "drivers.win_rate")) == ("none", "")
    app.button(key="undo").click().run()
    assert named(app.multiselect, "drivers:levers").value == ["win_rate", "fixed_costs"]
    app.button(key="undo").click().run()
    assert named(app.multiselect, "drivers:levers").value == ["retention_rate", "win_rate"]
    assert not [key for key in app.query_params if key.startswith("drivers")]
    assert not app.exception


def test_undo_brings_the_levers_of_a_company_back_with_it() -> None:
    asked = (
        "company=midmarket-saas&kpi=nrr.ent&drivers.win_rate.ent=on&aim.win_rate.ent=x2&levers=win_rate.ent~slip_rate"
    )
    app = opened("drivers", asked)
    named(app.selectbox, "company").set_value("launchpad").run()
    assert (held(app, "kpi"), held(app, "levers")) == ("nrr", "")
    assert not [key for key in app.query_params if key.startswith(("drivers", "aim"))]
    app.button(key="undo").click().run()
    for part in asked.split("&"):
        key, _, value = part.partition("=")
        assert held(app, key) == value


@pytest.mark.parametrize("page", ["uncertainty", "aim"])
def test_what_is_asked_of_a_company_stays_with_it_and_undo_brings_it_back(page: str) -> None:
    asked = "company=midmarket-saas&horizon=12&win_rate=0.25&kpi=arr.entat10&target=15000000"
    app = opened(page, asked)
    named(app.selectbox, "company").set_value("launchpad").run()
    assert not app.exception
    assert (held(app, "kpi"), held(app, "target"), held(app, "horizon")) == ("arrat10", "", "12")
    assert warnings(app)[0] == (
        "One move, the target of $15.0M for ARR of Enterprise and the segment Enterprise stayed with Mid-market SaaS. Undo brings back "
        "that company and all that stayed with it."
    )
    app.button(key="undo").click().run()
    for part in asked.split("&"):
        key, _, value = part.partition("=")
        assert held(app, key) == value


def test_a_target_goes_with_its_company_where_scenarios_change_places() -> None:
    app = opened(
        "compare", "company=midmarket-saas&target=40000000&b.company=launchpad&c.win_rate=0.3&c.company=midmarket-saas"
    )
    app.button(key="swap:c").click().run()
    assert held(app, "target") == "40000000"
    app.button(key="swap:b").click().run()
    assert (held(app, "company"), held(app, "target")) == ("launchpad", "")
    assert "The target of $40.0M for ARR stayed with Mid-market SaaS." in warnings(app)[0]
    app.button(key="undo").click().run()
    assert (held(app, "company"), held(app, "target")) == ("midmarket-saas", "40000000")


@pytest.mark.parametrize(("horizon", "then"), [(36, 24), (12, 12), (60, 60)])
def test_a_horizon_that_was_chosen_stays_and_else_it_is_the_company_s_own(horizon: int, then: int) -> None:
    session = Session(Scenario.of(load_shipped("midmarket-saas"), horizon=horizon))
    session.show_company(replace(load_shipped("launchpad"), horizon_months=24))
    assert (session.scenario.horizon, session.notices) == (then, ())


REFUSED_DRIVERS = {
    "drivers.slip_rate=x2": "drivers.slip_rate=x2 must be on. It is left out.",
    "drivers.<b>=on": "drivers.<b>: There is no lever '<b>'; `revlens assumptions` lists them. It is left out.",
    "drivers.opening_arr=on": "drivers.opening_arr: Opening ARR (opening_arr) is a fact of the company and no lever. "
    "It is left out.",
    "drivers.win_rate.nope=on": "drivers.win_rate.nope: Mid-market SaaS has no segment 'nope'; it has smb, mid, ent. "
    "It is left out.",
    "drivers=1e999": "drivers=1e999 must be none, or name levers as in drivers.win_rate=on. It is left out.",
}


@pytest.mark.parametrize("part", REFUSED_DRIVERS)
def test_a_lever_of_a_link_that_is_none_is_named_and_the_rest_stands(part: str) -> None:
    app = opened("drivers", f"company=midmarket-saas&{part}&drivers.retention_rate=on&drivers.win_rate=on")
    assert not app.exception
    assert named(app.multiselect, "drivers:levers").value == ["retention_rate", "win_rate"]
    assert [warning.value.replace("\\", "") for warning in app.warning] == [REFUSED_DRIVERS[part]]


def test_how_exact_a_study_is_travels_in_the_link_and_what_it_cannot_be_is_named() -> None:
    app = opened("uncertainty", f"{QUERY}&runs=40960&points=256")
    assert app.segmented_control(key="runs").value == 40
    assert (held(app, "runs"), held(app, "points")) == ("40960", "256")
    app.segmented_control(key="runs").set_value(10).run()
    assert "runs" not in app.query_params
    app = opened("uncertainty", f"{QUERY}&runs=1e9&points=7")
    assert warnings(app) == [
        "The number of runs (runs=1e9) must be a multiple of 1,024 from 2,048 to 102,400. 10,240 are drawn.",
        "N (points=7) must be a power of 2 from 64 to 16,384, for example 1024. 1,024 is taken.",
    ]
    assert "runs" not in app.query_params


def test_the_words_over_two_lines_stand_away_from_each_other() -> None:
    values = np.linspace(0.0, 100.0, 1_001)
    for marks, wanted in (
        ([(40.0, "Target"), (60.0, "Plan")], [("right", 0), ("left", 0)]),
        ([(60.0, "Target"), (40.0, "Plan")], [("left", 0), ("right", 0)]),
        ([(5.0, "Target"), (20.0, "Plan")], [("left", 18), ("left", 0)]),
        ([(80.0, "Target"), (95.0, "Plan")], [("right", 0), ("right", 18)]),
        ([(95.0, "Plan")], [("right", 0)]),
        ([(5.0, "Plan")], [("left", 0)]),
    ):
        layout = histogram(Histogram(values, marks[0][0], below=False, marks=marks))["layout"]
        notes = {note["text"]: (note["xanchor"], note["yshift"]) for note in layout["annotations"]}
        assert [notes[text] for _, text in marks] == wanted
        lines = {line["x0"]: line["y1"] for line in layout["shapes"]}
        assert [lines[value] > 1 for value, _ in marks] == [row > 0 for _, row in wanted]


def test_a_metric_of_the_company_alone_has_no_choice_of_a_segment() -> None:
    app = opened("drivers", f"{QUERY}&kpi=nrr.ent")
    assert not named(app.selectbox, "outcome:segment").disabled
    named(app.selectbox, "outcome:metric").set_value("operating_margin").run()
    assert held(app, "kpi") == "operating_margin"
    assert named(app.selectbox, "outcome:segment").disabled
    assert named(app.selectbox, "outcome:segment").value == ""
    app = opened("uncertainty", f"{QUERY}&kpi=operating_profit.entat20")
    told = "Operating profit (operating_profit.entat20) is one value for the company, not by segment."
    assert warnings(app) == [f"{told} That of the company is shown."]
    assert held(app, "kpi") == "operating_profitat20"


@pytest.mark.parametrize(
    ("share", "words"), [(0.004, "In more than 99\u202f% of"), (0.996, "In less than 1\u202f% of")]
)
def test_what_nearly_all_or_no_runs_do_is_told_in_words_that_a_title_can_go_on_with(share: float, words: str) -> None:
    target = float(np.quantile(study().at(Outcome()), share))
    told = " ".join(text.value for text in opened("uncertainty", f"{QUERY}&target={target}").markdown)
    assert f"{words} the runs the target is reached" in told.replace("\\", "")


def test_a_month_without_a_value_is_said_to_have_none() -> None:
    app = opened("drivers", f"{QUERY}&kpi=operating_profitat4")
    none = "Operating profit has no value in the 12 months to Apr 2026, so there is no variance to share out; choose another month or metric."
    assert none in warnings(app)


def test_levers_are_said_to_act_together_only_beyond_the_intervals() -> None:
    """What first indices leave over is the rounding of the draw, unless some lever's total is surely above its first."""
    alone = "sales_reps=31&retention_rate=0.901667in0.88to0.92&average_selling_price=64968.75in62000to66000"
    asked = f"company=midmarket-saas&v=1&horizon=24&{alone}&kpi=operating_profitat24"
    found = drivers(read_link(f"?{asked}").scenario, Outcome("operating_profit", "", 24))
    assert found.alone < 0.995  # which by itself tells nothing
    assert not found.together
    told = [text.value for text in opened("drivers", asked).markdown]
    assert any(text.startswith("## Each lever acts by itself, as far as the intervals can tell") for text in told)
    assert not any("several together" in text for text in told)
    told = [
        text.value
        for text in opened("drivers", "win_rate=0.2in0.02to0.6&lead_conversion=0.02in0.002to0.2&kpi=new_arr").markdown
    ]
    assert any(text.startswith("## ") and text.partition("\n")[0].endswith("several together") for text in told)
