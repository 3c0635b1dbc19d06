"""Laws of maturity: nothing moves at target = today, effects are levels times change, links and money are exact."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import LINES, Scenario, assumptions, load_shipped, project, read_link, read_move, shipped, write_link
from model.frameworks.framework import LARGEST_STEP, STRENGTHS, elements, frameworks
from model.frameworks.level_worth import reach, worth_of_a_level
from model.frameworks.life_cycle import functions
from model.frameworks.maturity import Maturity, Step, maturity_of, one_level_more
from model.frameworks.scoreboard import conflict, scoreboard, spending
from model.metrics import METRICS, View

COMPANY = load_shipped("midmarket-saas")
BASE = Scenario.of(COMPANY)
KEYS = st.sampled_from(list(elements()))
LEVELS = st.integers(10, 50).map(lambda tenths: tenths / 10)
STEPS = st.builds(Step, LEVELS, st.none() | LEVELS, st.integers(1, 120), st.integers(0, 120))
EFFECTS = [(key, effect.name) for key, element in elements().items() for effect in element.effects]
AMOUNTS = st.floats(-LARGEST_STEP, LARGEST_STEP, allow_nan=False)
ANSWERED = [key for key, element in elements().items() if element.statements]
FEW = settings(max_examples=60, deadline=None, derandomize=True, database=None)


@st.composite
def plans(draw: st.DrawFn) -> Maturity:
    """Draw any plan of maturity that the pages could make."""
    plan = Maturity(strength=draw(st.sampled_from(STRENGTHS)))
    for key, step in draw(st.lists(st.tuples(KEYS, STEPS), max_size=6)):
        plan = plan.with_step(key, step)
    for (key, name), amount in draw(st.lists(st.tuples(st.sampled_from(EFFECTS), AMOUNTS), max_size=5)):
        plan = plan.with_edit(key, name, amount)
    for key in draw(st.lists(st.sampled_from(ANSWERED), max_size=4)):
        plan = plan.with_answers(key, draw(st.tuples(*[st.integers(0, 5)] * 5)))
    return plan


def same(some: Scenario, other: Scenario) -> bool:
    one, two = project(some), project(other)
    return all(np.array_equal(one[line], two[line], equal_nan=True) for line in LINES)


def last(scenario: Scenario, name: str) -> np.ndarray:
    return scenario.path(name)[-1]


@FEW
@given(plans())
def test_a_link_carries_a_plan_exactly(plan: Maturity) -> None:
    scenario = BASE.with_plan(plan)
    reading = read_link(write_link(scenario))
    assert reading.problems == reading.scenario.late_starts()
    assert reading.scenario == scenario
    assert maturity_of(reading.scenario) == plan
    assert write_link(reading.scenario) == write_link(scenario)


@FEW
@given(plans(), KEYS)
def test_any_plan_projects_within_bounds_and_taking_it_back_restores_the_base(plan: Maturity, key: str) -> None:
    scenario = BASE.with_plan(plan)
    for name in scenario.effects:
        assert scenario.path(name).min() >= assumptions()[name].min
        assert scenario.path(name).max() <= assumptions()[name].max
    assert np.isfinite(project(scenario)["arr_closing"]).all()
    assert same(scenario.without_plan("maturity"), BASE)
    back = plan.with_target(key, plan.step(key).today)
    assert back.step(key).levels == 0
    assert key not in back.moving()


@FEW
@given(plans())
def test_at_target_equals_today_nothing_moves(plan: Maturity) -> None:
    still = plan
    for key in elements():
        still = still.with_target(key, plan.step(key).today)
    assert still.effects(COMPANY, 36) == []
    assert same(BASE.with_plan(still), BASE)


@pytest.mark.parametrize("key", elements())
@pytest.mark.parametrize("strength", STRENGTHS)
def test_effects_are_levels_times_the_change_of_one(key: str, strength: str) -> None:
    def amounts(levels: float) -> dict[str, float]:
        plan = Maturity(strength=strength).with_step(key, Step(1.0, 1.0 + levels))
        return {effect.name: effect.amount for effect in plan.effects(COMPANY, 36)}

    for effect in elements()[key].effects:
        of = COMPANY.mean("revops_cost") if effect.name == "revops_cost" else 1.0
        assert amounts(1)[effect.name] == pytest.approx(effect.at(strength) * of)
    for levels in (0.1, 0.5, 2, 4):
        assert amounts(levels) == pytest.approx({name: levels * amount for name, amount in amounts(1).items()})


@pytest.mark.parametrize(("key", "name"), [pair for pair in EFFECTS if assumptions()[pair[1]].across == "shift"])
def test_a_rate_moves_in_proportion_until_its_bound(key: str, name: str) -> None:
    def moved(levels: float) -> np.ndarray:
        plan = Maturity().with_step(key, Step(1.0, 1.0 + levels, 1, 0)).with_edit(key, name, amount)
        return last(BASE.with_plan(plan), name) - COMPANY.base(name)

    amount = next(effect.likely for effect in elements()[key].effects if effect.name == name)
    entry = assumptions()[name]
    for levels in (1.0, 2.0, 3.5):
        wanted = np.clip(COMPANY.base(name) + levels * amount, entry.min, entry.max) - COMPANY.base(name)
        assert moved(levels) == pytest.approx(wanted, abs=1e-12)


def test_a_hand_worked_step() -> None:
    """Data from 2 to 4, from month 3 over 6 more: two levels of 0.0075 are 1.5 points, a seventh of it in month 3."""
    scenario = read_link("?company=midmarket-saas&maturity.gartner.data=2to4from3over6").scenario
    accuracy = scenario.path("forecast_accuracy")[:, 0]
    assert accuracy[:2] == pytest.approx([0.85, 0.85])
    assert accuracy[2:9] == pytest.approx([0.85 + 0.015 * month / 7 for month in range(1, 8)])
    assert accuracy[9:] == pytest.approx(0.865)
    assert last(scenario, "renewal_coverage") == pytest.approx([0.56, 0.76, 0.96])
    own = read_link("?company=midmarket-saas&maturity.gartner.data=2to4&maturity.gartner.data.forecast_accuracy=0.03")
    assert last(own.scenario, "forecast_accuracy") == pytest.approx([0.91] * 3)
    assert own.scenario.path("forecast_accuracy")[0] == pytest.approx([0.91] * 3)


def test_counts_money_and_time_change_in_proportion() -> None:
    plan = Maturity().with_step("gartner.workflow", Step(2.0, 4.0)).with_step("gartner.technology", Step(2.0, 4.0))
    scenario = BASE.with_plan(plan)
    assert last(scenario, "sales_cycle_months") == pytest.approx(COMPANY.base("sales_cycle_months") * 0.97)
    assert last(scenario, "cost_to_serve") == pytest.approx(COMPANY.base("cost_to_serve") * 0.97)
    assert last(scenario, "revops_cost") == pytest.approx([600_000 * 1.1])


def test_a_decline_takes_away_what_a_rise_brings() -> None:
    fall = BASE.with_plan(Maturity().with_step("gartner.data", Step(4.0, 2.0)))
    assert last(fall, "forecast_accuracy") == pytest.approx([0.835] * 3)
    assert project(fall).total("operating_profit").sum() < project(BASE).total("operating_profit").sum()


def test_effects_of_two_frameworks_add_up() -> None:
    one, two = (Maturity().with_step(key, Step(2.0, 3.0)) for key in ("gartner.analytics", "mcalign.insights"))
    both = one.with_step("mcalign.insights", Step(2.0, 3.0))
    change = [
        last(BASE.with_plan(plan), "risk_detection") - COMPANY.base("risk_detection") for plan in (one, two, both)
    ]
    assert change[0] + change[1] == pytest.approx(change[2])
    assert len(BASE.with_plan(both).effects["risk_detection"]) == 2


def test_effects_come_on_top_of_moves() -> None:
    moved = BASE.with_move(read_move("forecast_accuracy", "0.9", COMPANY))
    plan = Maturity().with_step("gartner.analytics", Step(2.0, 3.0, 1, 0))
    assert last(moved.with_plan(plan), "forecast_accuracy") == pytest.approx([0.915] * 3)


def test_today_is_the_mean_of_the_answers_and_the_slider_s_otherwise() -> None:
    plan = Maturity().with_today("mcalign.people", 4.0)
    assert plan.step("mcalign.people").today == 4.0
    answered = plan.with_answers("mcalign.people", (3, 2, 4, 1, 5))
    assert answered.step("mcalign.people").today == 3.0
    assert answered.with_answers("mcalign.people", (1, 2, 2, 0, 0)).step("mcalign.people").today == 1.7
    assert answered.with_answers("mcalign.people", (0, 0, 0, 0, 0)) == plan


def test_what_moves_nothing_still_travels() -> None:
    for plan in (Maturity().with_today("gartner.data", 3.0), Maturity(strength="low"),
                 Maturity().with_answers("mcalign.people", (1, 0, 0, 0, 0)),
                 Maturity().with_edit("gartner.data", "forecast_accuracy", 0.02)):  # fmt: skip
        scenario = BASE.with_plan(plan)
        assert read_link(write_link(scenario)).scenario == scenario != BASE
        assert same(scenario, BASE)
    assert BASE.with_plan(Maturity()) == BASE


@pytest.mark.parametrize("company", shipped())
@pytest.mark.parametrize("framework", frameworks())
def test_the_worth_of_a_level_is_the_difference_of_two_projections(company: str, framework: str) -> None:
    scenario = Scenario.of(load_shipped(company)).with_plan(Maturity().with_target("gartner.data", 4.6))
    for entry in worth_of_a_level(scenario, framework):
        for column, strength in enumerate(STRENGTHS):
            plan = replace(maturity_of(scenario), strength=strength)
            before, after = (project(scenario.with_plan(p)) for p in (plan, one_level_more(plan, entry.key)))
            profit = after.total("operating_profit").sum() - before.total("operating_profit").sum()
            arr = after.total("arr_closing")[-1] - before.total("arr_closing")[-1]
            assert entry.profit[column] == pytest.approx(profit, rel=1e-6, abs=1e-3)
            assert entry.arr[column] == pytest.approx(arr, rel=1e-6, abs=1e-3)
        assert entry.levels == (0.4 if entry.key == "gartner.data" else 1.0)


def test_at_the_top_there_is_no_level_more() -> None:
    plan = Maturity().with_today("gartner.data", 5.0)
    found = {entry.key: entry for entry in worth_of_a_level(BASE.with_plan(plan), "gartner")}
    assert found["gartner.data"].levels == 0
    assert not found["gartner.data"].profit.any()


@pytest.mark.parametrize("framework", frameworks())
def test_where_all_are_at_the_top_there_is_no_level_more_of_any(framework: str) -> None:
    plan = Maturity()
    for key in frameworks()[framework].keys:
        plan = plan.with_today(key, 5.0)
    for entry in worth_of_a_level(BASE.with_plan(plan), framework):
        assert (entry.levels, entry.profit.tolist(), entry.arr.tolist()) == (0.0, [0.0] * 3, [0.0] * 3)


@pytest.mark.parametrize("key", elements())
def test_an_element_without_any_effect_moves_nothing(key: str) -> None:
    plan = Maturity()
    for effect in elements()[key].effects:
        plan = plan.with_edit(key, effect.name, 0.0)
    found = reach(BASE.with_plan(plan), key, ("win_rate", "arr", "nrr"))
    assert found.paths == ()
    assert not any(found.whole.values())


def test_an_edited_effect_is_one_number_and_has_no_range() -> None:
    plan = Maturity()
    for effect in elements()["gartner.analytics"].effects:
        plan = plan.with_edit("gartner.analytics", effect.name, 0.02)
    found = {entry.key: entry.profit for entry in worth_of_a_level(BASE.with_plan(plan), "gartner")}
    assert found["gartner.analytics"] == pytest.approx([found["gartner.analytics"][0]] * 3)
    assert found["gartner.data"][0] < found["gartner.data"][1] < found["gartner.data"][2]


def test_a_path_moves_its_metric_as_that_assumption_alone_would() -> None:
    found = {(path.assumption, path.metric): path for path in reach(BASE, "mcalign.people", ("win_rate", "arr")).paths}
    higher = BASE.with_plan(Maturity().with_step("mcalign.people", Step(2.0, 3.0, 1, 6))
                            .with_edit("mcalign.people", "save_rate", 0.0)
                            .with_edit("mcalign.people", "revops_cost", 0.0))  # fmt: skip
    change = project(higher).total("arr_closing")[-1] - project(BASE).total("arr_closing")[-1]
    assert found["win_rate", "arr"].change == pytest.approx(float(change))
    assert ("revops_cost", "arr") not in found
    late = BASE.with_plan(Maturity().with_step("mcalign.people", Step(2.0, None, 120, 12)))
    assert reach(late, "mcalign.people", ("win_rate", "arr")).paths == ()


@pytest.mark.parametrize(
    "step", [Step(), Step(2.0, 3.0, 4, 9), Step(1.0, 4.6, 1, 0), Step(3.0, None, 30, 6), Step(3.0, 2.0)]
)
@pytest.mark.parametrize("key", elements())
def test_the_map_of_a_level_is_worth_what_the_bar_of_it_is(key: str, step: Step) -> None:
    scenario = BASE.with_plan(Maturity().with_step(key, step))
    bar = next(entry for entry in worth_of_a_level(scenario, key.partition(".")[0]) if entry.key == key)
    found = reach(scenario, key, ("arr", "operating_profit", "win_rate"))
    assert not found.last
    assert found.whole["operating_profit"] == pytest.approx(bar.profit[1], rel=1e-9, abs=1e-6)
    assert found.whole["arr"] == pytest.approx(bar.arr[1], rel=1e-9, abs=1e-6)


def test_where_there_is_no_level_more_the_map_is_that_of_the_last_one() -> None:
    metrics = ("arr", "operating_profit")
    top = BASE.with_plan(Maturity().with_step("mcalign.people", Step(2.0, 5.0)))
    found, below = (
        reach(top, "mcalign.people", metrics),
        BASE.with_plan(Maturity().with_step("mcalign.people", Step(2.0, 4.0))),
    )
    assert found.last
    assert found.whole == reach(below, "mcalign.people", metrics).whole
    stands = reach(BASE.with_plan(Maturity().with_today("mcalign.people", 5.0)), "mcalign.people", metrics)
    assert stands.last
    assert stands.whole["arr"] > 0


def test_the_scoreboard_holds_every_metric_of_every_function_as_the_metric_itself() -> None:
    now = project(BASE.with_move(read_move("leads_per_month", "2500", COMPANY)))
    scores = scoreboard(now, project(BASE))
    assert [(score.function.id, score.metric.id) for score in scores] == [
        (function.id, name) for function in functions().values() for name in function.metrics
    ]
    for score in scores:
        values = METRICS[score.metric.id](View(now))
        assert score.value == values[np.isfinite(values)][-1]


@FEW
@given(plans(), st.floats(0.1, 0.4), st.integers(800, 4000))
def test_what_is_earned_less_what_all_spend_is_the_profit(plan: Maturity, win_rate: float, leads: int) -> None:
    moves = [read_move("win_rate", str(round(win_rate, 3)), COMPANY), read_move("leads_per_month", str(leads), COMPANY)]
    found = spending(project(Scenario.of(COMPANY, moves, plans=[plan])), project(BASE))
    assert found.earned - sum(found.spent.values()) == pytest.approx(found.profit, abs=1)
    assert set(found.spent) == set(functions())


def test_more_leads_than_sales_can_close_are_a_conflict_and_better_saves_are_none() -> None:
    leads, saves = (scoreboard(project(BASE.with_move(read_move(name, target, COMPANY))), project(BASE))
                    for name, target in (("leads_per_month", "2500"), ("save_rate", "0.5")))  # fmt: skip
    found = conflict(leads)
    assert found is not None
    assert (found[0].metric.id, found[1].metric.id) == ("pipeline_created", "win_rate")
    assert conflict(saves) is None
    assert conflict(scoreboard(project(BASE), project(BASE))) is None
    assert {score.function.id for score in saves if score.gain > 0} >= {"customer-success", "revenue-operations"}
