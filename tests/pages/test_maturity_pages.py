"""The pages of maturity: every stage's sliders, timing and effects, the scoreboard, and the self-assessment."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from model import load_shipped, read_link
from model.frameworks.framework import elements, frameworks
from model.frameworks.layers import LAYERS
from model.frameworks.lens import lenses
from model.frameworks.maturity import Maturity, maturity_of
from model.text import signed
from pages.parts import turn
from tests.pages.cards import cards
from tests.pages.test_answers import drawn, opened, plain, shown

STAGES = {stage.element: (lens.id, stage.id) for lens in lenses().values() for stage in lens.stages if stage.element}
SCORES = ["Marketing", "Sales", "Customer success", "Revenue operations"]


def at(key: str, **query: str) -> AppTest:
    """Return the stage of an element after its first run."""
    lens, stage = STAGES[key]
    return opened(lens, company="midmarket-saas", stage=stage, **query)


def plan(app: AppTest) -> Maturity:
    """Return the plan that the address of a page holds."""
    reading = read_link("&".join(f"{key}={value}" for key, value in app.query_params.items()))
    assert reading.problems == ()
    return maturity_of(reading.scenario)


def headings(app: AppTest) -> list[str]:
    return [
        plain(text.value.removeprefix("## ").partition("\n")[0])
        for text in app.markdown
        if text.value.startswith("## ")
    ]


@pytest.mark.parametrize("key", STAGES)
def test_target_today_and_range_move_what_the_stage_shows(key: str) -> None:
    app = at(key)
    before = shown(app)
    drawn(app.slider(key=f"maturity:{key}:target").set_value(4.0).run())
    assert app.query_params[f"maturity.{key}"] == "2to4from1over6"
    planned = shown(app)
    assert planned[0] != before[0]
    assert planned[1] != before[1]
    drawn(app.slider(key=f"maturity:{key}:today").set_value(3.5).run())
    assert app.query_params[f"maturity.{key}"] == "3.5to4from1over6"
    assert shown(app)[0] != planned[0]
    drawn(app.slider(key=f"maturity:{key}:target").set_value(3.5).run())
    assert app.query_params[f"maturity.{key}"] == "3.5"
    assert [card.delta for card in cards(app)[:4]] == ["Base"] * 4


@pytest.mark.parametrize("key", STAGES)
def test_the_ends_of_the_range_act(key: str) -> None:
    low, high = (at(key, **{f"maturity.{key}": "2to5", "maturity.range": end}) for end in ("low", "high"))
    assert shown(low)[0] != shown(high)[0]


@pytest.mark.parametrize("key", STAGES)
def test_each_effect_can_be_edited_is_marked_and_can_be_had_back(key: str) -> None:
    app = at(key, **{f"maturity.{key}": "2to4"})
    declared = shown(app)[1]
    for effect in elements()[key].effects:
        assert any(effect.reason in plain(text.value) for text in app.markdown), "the reason stands beside the effect"
        drawn(app.number_input(key=f"maturity:{key}:{effect.name}").set_value(7.25).run())
        assert app.query_params[f"maturity.{key}.{effect.name}"] == "0.0725"
    assert shown(app)[1] != declared
    assert sum("badge[your own]" in text.value for text in app.markdown) == len(elements()[key].effects)
    drawn(app.button(key=f"maturity:{key}:back").click().run())
    assert plan(app).edits == ()
    assert shown(app)[1] == declared


def test_in_view_of_a_segment_the_title_names_its_arr() -> None:
    query = {"maturity.gartner.process": "2to4"}
    whole, ent = (
        plain(at("gartner.process", **query, **segment).title[0].value) for segment in ({}, {"segment": "ent"})
    )
    assert whole.startswith("Process to level 4 adds $")
    assert "; ARR +$" in whole
    assert "; Enterprise ARR +$" in ent
    assert whole.partition(";")[0] == ent.partition(";")[0]


def test_the_declared_number_typed_is_no_edit() -> None:
    app = at("gartner.data", **{"maturity.gartner.data.forecast_accuracy": "0.03"})
    field = app.number_input(key="maturity:gartner.data:forecast_accuracy")
    assert field.value == 3.0
    drawn(field.set_value(0.75).run())
    assert plan(app).edits == ()


def test_timing_is_typed_once_there_is_a_step() -> None:
    key = "gartner.data"
    app = at(key)
    assert not [field for field in app.number_input if field.key.endswith((":from", ":over"))]
    app.slider(key=f"maturity:{key}:target").set_value(4.0).run()
    app.number_input(key=f"maturity:{key}:from").set_value(3).run()
    drawn(app.number_input(key=f"maturity:{key}:over").set_value(9).run())
    assert app.query_params[f"maturity.{key}"] == "2to4from3over9"
    assert any("Begins in Mar 2026, complete in Dec 2026" in text.value for text in app.markdown)
    drawn(app.number_input(key=f"maturity:{key}:from").set_value(90).run())
    assert any("it acts once the horizon is longer" in text.value for text in app.markdown)


def test_undo_reset_and_the_chip_take_the_plan_back() -> None:
    app = at("mcalign.people", **{"maturity.mcalign.people": "2to4"})
    target = "maturity:mcalign.people:target"
    app.slider(key=target).set_value(5.0).run()
    drawn(app.button(key="undo").click().run())
    assert app.slider(key=target).value == 4.0
    assert app.button(key="chip:maturity").label == "People 2 → 4"
    drawn(app.button(key="chip:maturity").click().run())
    assert not [key for key in app.query_params if key.startswith("maturity")]
    app.slider(key=target).set_value(3.0).run()
    drawn(app.button(key="reset").click().run())
    assert app.slider(key=target).value == 2.0


def test_steps_of_two_frameworks_are_said_to_count_twice() -> None:
    both = {"maturity.gartner.data": "2to3", "maturity.mcalign.people": "2to3"}
    for place in ("six-elements", "four-pillars", "assessment"):
        assert any("it counts twice" in warning.value for warning in opened(place, company="launchpad", **both).warning)
        one = opened(place, company="launchpad", **{"maturity.gartner.data": "2to3"})
        assert not any("counts twice" in warning.value for warning in one.warning)


def test_every_page_says_that_effects_are_judgement() -> None:
    for place in ("six-elements", "four-pillars", "assessment"):
        assert any("judgement" in plain(text.value) for text in opened(place, company="launchpad").markdown)


def test_a_step_planned_in_one_lens_shows_on_the_pages_of_the_others() -> None:
    app = opened("expand", company="midmarket-saas", **{"maturity.mcalign.people": "2to5"})
    assert any("with plans" in block.proto.body for block in app.get("html"))
    overview = opened("overview", company="midmarket-saas", **{"maturity.mcalign.people": "2to5"})
    assert plain(overview.title[0].value).startswith("One move adds")


def test_what_is_only_judged_is_no_move_on_the_overview() -> None:
    app = opened("overview", company="midmarket-saas", **{"maturity.mcalign.answers": "32415.22222.11111.34333"})
    assert plain(app.title[0].value).startswith("On its present course")
    assert not any("above base" in text.value for text in app.markdown)


def test_the_scoreboard_names_the_conflict_and_the_functions() -> None:
    app = opened("four-pillars", company="midmarket-saas", leads_per_month="2500")
    assert "Marketing gains on pipeline created while sales loses on win rate achieved" in headings(app)
    texts = [
        note["text"]
        for chart in app.get("plotly_chart")
        for note in json.loads(chart.proto.spec)["layout"].get("annotations", [])
    ]
    assert all(f"<b>{title}</b>" in texts for title in SCORES)
    calm = opened("four-pillars", company="midmarket-saas")
    assert "Nobody gains and nobody pays: every figure is the base" in headings(calm)


def test_the_attributes_of_the_definition_are_shown_with_their_meaning() -> None:
    app = opened("six-elements", company="midmarket-saas")
    found = {card.label: card.value for card in cards(app)}
    assert found["End to end"] == "6 of 7 parts"
    assert found["Unifying workflows"] == "2.5 of 4 functions"
    assert found["Visibility"] == "24\u202f%"
    assert "Six parts of a customer's life can be moved; onboard has no lever yet" in headings(app)


def choice(app: AppTest, key: str, row: int) -> Any:
    return next(group for group in app.get("button_group") if group.key == f"answer:{key}:{row}")


def test_an_answer_is_one_run_and_moves_today(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened("assessment", company="midmarket-saas")
    runs, begin = [], turn.begin
    monkeypatch.setattr(turn, "begin", lambda: (runs.append(1), begin())[1])
    choice(app, "mcalign.people", 0).set_value(3).run()
    assert len(runs) == 1
    drawn(choice(app, "mcalign.people", 4).set_value(4).run())
    assert len(runs) == 2
    assert app.query_params["maturity.mcalign.answers"] == "30004.00000.00000.00000"
    assert plan(app).step("mcalign.people").today == 3.5
    drawn(choice(app, "mcalign.people", 0).set_value(None).run())
    assert app.query_params["maturity.mcalign.answers"] == "00004.00000.00000.00000"
    drawn(choice(app, "mcalign.people", 4).set_value(None).run())
    assert "maturity.mcalign.answers" not in app.query_params


def test_the_assessment_names_the_weakest_pillar_and_plans_one_level_more() -> None:
    app = opened("assessment", company="midmarket-saas", **{"maturity.mcalign.answers": "32415.22222.11000.00000"})
    assert plain(app.title[0].value).startswith("Platform is weakest, at 1; one level more in people pays most, $")
    assert "12 of 20 answered" in json.dumps([bar.proto.text for bar in app.get("progress")])
    drawn(app.button(key="plan:mcalign.process").click().run())
    assert app.query_params["maturity.mcalign.process"] == "2to3from1over6"
    drawn(app.button(key="plan:mcalign.process").click().run())
    assert plan(app).step("mcalign.process").aim == 4.0
    assert cards(app)[2].delta != "Base"


def test_at_the_top_there_is_nothing_more_to_plan() -> None:
    app = opened("assessment", company="midmarket-saas", **{"maturity.mcalign.people": "2to5"})
    assert app.button(key="plan:mcalign.people").disabled
    assert app.button(key="plan:mcalign.people").label == "No level more in people"
    assert not app.button(key="plan:mcalign.process").disabled
    top = at("mcalign.people", **{"maturity.mcalign.people": "5"})
    assert plain(top.title[0].value) == "People stands at the top; there is no level more"


@pytest.mark.parametrize("page", ["assessment", "four-pillars", "six-elements", "billing-layers"])
def test_pages_are_drawn_where_everything_is_at_its_top(page: str) -> None:
    at_the_top = {f"maturity.{key}": "5" for key in elements()}
    best = {f"{name}.{segment}": str(value) for layer in LAYERS.values() for name, value in layer.items()
            for segment in load_shipped("midmarket-saas").segments}  # fmt: skip
    opened(page, company="midmarket-saas", horizon="24", **at_the_top, **best)


def test_a_level_whose_effects_were_all_set_to_nothing_moves_nothing() -> None:
    none = {f"maturity.mcalign.people.{effect.name}": "0" for effect in elements()["mcalign.people"].effects}
    assert "One level more in people moves nothing here" in headings(at("mcalign.people", **none))


def test_the_last_answer_that_brings_all_to_the_top_is_drawn_and_travels() -> None:
    app = opened("assessment", company="midmarket-saas", **{"maturity.mcalign.answers": "55555.55555.55555.55550"})
    drawn(choice(app, "mcalign.insights", 4).set_value(5).run())
    assert app.query_params["maturity.mcalign.answers"] == "55555.55555.55555.55555"
    assert plain(app.title[0].value) == TOP


TOP = "All stand at the top; there is no level more"
REACHED = "With the plan all reach the top; there is no level more"
STATES = {
    "55555.55555.55555.55555": (TOP, TOP, "All stand at 5"),
    "55555.55555.55555.00000": ("All judged so far stand at 5; one level more in insights pays most, $", "Insights is worth most: $",
                                "All judged so far stand at 5"),
    "55555.44444.55555.44444": ("Process and insights are weakest, at 4; one level more in ", "",
                                "Process and insights are weakest, at 4"),
    "55555.44444.44444.44444": ("3 of 4 are weakest, at 4; one level more in ", "", "3 of 4 are weakest, at 4"),
    "00000.33333.00000.00000": ("Only process is judged, at 3; one level more in ", "",
                                "Only process is judged, at 3"),
}  # fmt: skip
"""Answers, and how the title, the worth of a level and the radar begin."""


@pytest.mark.parametrize("answers", STATES)
def test_title_and_charts_of_the_assessment_say_the_same_of_where_pillars_stand(answers: str) -> None:
    app = opened("assessment", company="midmarket-saas", **{"maturity.mcalign.answers": answers})
    title, worth, radar = STATES[answers]
    assert plain(app.title[0].value).startswith(title)
    assert radar in headings(app)
    assert any(heading.startswith(worth) for heading in headings(app))


def test_where_the_plan_leads_all_to_the_top_no_level_is_left_and_all_are_named() -> None:
    pillars = frameworks()["mcalign"].keys
    app = opened("assessment", company="midmarket-saas", **{f"maturity.{key}": "2to5from1over6" for key in pillars})
    assert plain(app.title[0].value) == REACHED
    assert {REACHED, "All stand at 2; all are to reach 5"} <= set(headings(app))
    some = {f"maturity.{key}": f"2to{level}from1over6" for key, level in zip(pillars, (5, 4, 2, 2), strict=True)}
    app = opened("assessment", company="midmarket-saas", **some)
    assert "All stand at 2; 2 of 4 are to rise, to 5 at most" in headings(app)
    some = {f"maturity.{key}": "2to4from1over6" for key in pillars[:2]}
    assert "All judged so far stand at 2; people and process are to reach 4" in headings(
        opened("assessment", company="midmarket-saas", **some)
    )


def texts(app: AppTest) -> list[str]:
    """Return what is written within the charts of a page."""
    specs = [json.loads(chart.proto.spec)["layout"].get("annotations", []) for chart in app.get("plotly_chart")]
    return [note["text"] for notes in specs for note in notes]


@pytest.mark.parametrize("key", STAGES)
def test_a_level_is_worth_the_same_in_title_bars_and_map(key: str) -> None:
    moved = {"sales_reps": "31", "retention_rate": "0.901667", "average_selling_price": "64968.75"}
    app = at(key, horizon="24", **moved)
    worth = re.search(
        r"(-?[$][0-9.]+[KM]?) of profit over 2 years", plain(app.title[0].value).replace("−", "-").replace("\u2060", "")
    )
    assert worth
    gain = signed(worth[1].replace("-", "−"))
    assert any(
        f"Operating profit</b><br><span style='font-size:12px'>{gain} over 2 years" in text for text in texts(app)
    )


@pytest.mark.parametrize(("step", "title"), [
    ("5to5", "The last level of people moves operating profit most"),
    ("2to5from1over6", "The last level of people moves operating profit most"),
    ("4to4", "One level more in people moves operating profit most"),
])  # fmt: skip
def test_where_there_is_no_level_more_none_is_spoken_of(step: str, title: str) -> None:
    app = at("mcalign.people", **{"maturity.mcalign.people": step})
    more = " more" if "4to4" in step else ""
    assert {title, f"What one level{more} changes"} <= set(headings(app))


def test_answers_take_the_place_of_the_slider_of_today() -> None:
    app = at("mcalign.people", **{"maturity.mcalign.answers": "32415.00000.00000.00000"})
    assert [slider.key for slider in app.slider if slider.key.startswith("maturity:")] == [
        "maturity:mcalign.people:target"
    ]
    assert app.slider(key="maturity:mcalign.people:target").value == 3.0
    other = at("mcalign.process", **{"maturity.mcalign.answers": "32415.00000.00000.00000"})
    assert other.slider(key="maturity:mcalign.process:today").value == 2.0


@pytest.mark.parametrize("horizon", ["12", "120"])
@pytest.mark.parametrize("company", ["launchpad", "enterprise-multiyear"])
def test_the_shortest_and_the_longest_plans_are_drawn(company: str, horizon: str) -> None:
    query = {f"maturity.{key}": "1to5from2over12" for key in elements()} | {"maturity.range": "high"}
    for lens in ("six-elements", "four-pillars"):
        for stage in lenses()[lens].stages:
            drawn(opened(lens, company=company, horizon=horizon, stage=stage.id, **query))
    assert set(frameworks()) == {"gartner", "mcalign"}
