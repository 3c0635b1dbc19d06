"""Laws of a delivery: the same work by the same people, nothing twice, nothing undone, and money that adds up."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import Move, Scenario, load_shipped, project, read_link, shipped
from model.company_file import company_from
from model.frameworks.delivery import Delivery, cost, finish, schedule, shipped_share, work
from model.frameworks.delivery_case import ROUNDING, Case, Outcome, band, case, crossings, ways
from model.frameworks.initiatives import initiatives, stages
from model.links import read_query, write_query
from tests.quiet_company import quiet_company
from tests.random_companies import random_company
from tests.random_deliveries import random_delivery

SEEDS = st.integers(0, 10**9)
MANY = settings(max_examples=60, deadline=None, derandomize=True, database=None)
FEW = settings(max_examples=12, deadline=None, derandomize=True, database=None)
MONTHS = 120


def drawn(seed: int) -> Delivery:
    return random_delivery(random.Random(seed))


@MANY
@given(SEEDS)
def test_both_ways_do_the_same_work_with_the_same_people(seed: int) -> None:
    delivery = drawn(seed)
    wanted = sum(delivery.effort(key) for key in delivery.order)
    waterfall, agile = (schedule(way) for way in ways(delivery))
    for steps, people in ((waterfall, delivery.team), (agile, delivery.team * (1 - delivery.overhead))):
        assert people * sum(step.end - step.start for step in steps) == pytest.approx(wanted, rel=1e-9)
        assert steps[0].start == delivery.start - 1
        assert all(before.end == after.start for before, after in pairwise(steps)), (
            "the team is never idle, never at two places"
        )
        for key in delivery.order:
            assert sum(step.ships for step in steps if step.initiative == key) == pytest.approx(1)


@MANY
@given(SEEDS)
def test_waterfall_releases_nothing_before_everything_is_tested(seed: int) -> None:
    delivery = drawn(seed)
    steps = schedule(ways(delivery)[0])
    by_stage = [[step for step in steps if step.part == stage.label] for stage in stages().values()]
    for before, after in pairwise(by_stage):
        assert [step.initiative for step in before] == list(delivery.order)
        assert max(step.end for step in before) <= min(step.start for step in after) + 1e-9
    assert all(step.ships == (step in by_stage[-1]) for step in steps)


@MANY
@given(SEEDS)
def test_what_ships_stays_and_is_never_more_than_all(seed: int) -> None:
    delivery = drawn(seed)
    for way in ways(delivery):
        for key in delivery.order:
            shares = shipped_share(schedule(way), key, MONTHS)
            assert shares.min() >= 0
            assert shares.max() <= 1
            assert np.all(np.diff(shares) >= -1e-12)
            last = int(np.ceil(finish(schedule(way), key))) + 1
            assert last > MONTHS or shares[last - 1] == pytest.approx(1)


@MANY
@given(SEEDS, st.floats(1.01, 5))
def test_more_people_never_finish_later(seed: int, factor: float) -> None:
    delivery = drawn(seed)
    for few, many in zip(ways(delivery), ways(replace(delivery, team=factor * delivery.team)), strict=True):
        for key in delivery.order:
            assert finish(schedule(many), key) < finish(schedule(few), key)
            more, less = (shipped_share(schedule(way), key, MONTHS) for way in (many, few))
            assert np.all(more >= less - 1e-9)


@MANY
@given(SEEDS, st.floats(0, 0.8), st.floats(0, 0.8))
def test_more_overhead_never_finishes_earlier_and_is_nothing_to_waterfall(seed: int, one: float, other: float) -> None:
    delivery, (low, high) = drawn(seed), sorted((one, other))
    less, more = (ways(replace(delivery, overhead=share)) for share in (low, high))
    assert schedule(less[0]) == schedule(more[0])
    for key in delivery.order:
        assert finish(schedule(less[1]), key) <= finish(schedule(more[1]), key)


@MANY
@given(SEEDS)
def test_the_band_of_agile_holds_its_plan(seed: int) -> None:
    delivery = drawn(seed)
    early, late = (finish(schedule(way)) for way in band(delivery))
    planned, begins = finish(schedule(ways(delivery)[1])), delivery.start - 1
    assert early - begins == pytest.approx((1 - delivery.uncertainty) * (planned - begins), rel=1e-9)
    assert late - begins == pytest.approx((1 + delivery.uncertainty) * (planned - begins), rel=1e-9)


@MANY
@given(SEEDS, st.sampled_from(list(initiatives())))
def test_one_initiative_in_one_increment_without_overhead_is_waterfall(seed: int, key: str) -> None:
    alone = replace(drawn(seed), order=(key,), overhead=0.0, increments=1.0)
    (waterfall, agile), company = ways(alone), load_shipped("launchpad")
    assert finish(schedule(agile)) == pytest.approx(finish(schedule(waterfall)), rel=1e-12)
    for of in (
        lambda way: shipped_share(schedule(way), key, MONTHS),
        lambda way: cost(way, schedule(way), company, MONTHS),
    ):
        assert of(agile) == pytest.approx(of(waterfall), rel=1e-9, abs=1e-9)
    for increments in (2.0, 12.0):
        parts = schedule(replace(agile, increments=increments))
        assert np.all(shipped_share(parts, key, MONTHS) >= shipped_share(schedule(waterfall), key, MONTHS) - 1e-9)


def test_one_initiative_in_one_increment_without_overhead_is_worth_the_same() -> None:
    found = case(Scenario.of(load_shipped("launchpad")), Delivery(order=("dunning",), overhead=0, increments=1))
    assert found.lead == pytest.approx(0, abs=1e-6)
    assert found.break_even == (0.0,)
    assert found.stretches == ((0.0, False),)


def test_a_plan_is_undone_without_a_trace() -> None:
    company = load_shipped("midmarket-saas")
    before = Scenario.of(company, [Move("win_rate", 0.25)])
    with_it = before.with_plan(Delivery("agile"))
    assert project(with_it)["arr_closing"].sum() != project(before)["arr_closing"].sum()
    assert with_it.without_plan("delivery") == before
    assert before.with_plan(Delivery()) == before, "a delivery that nobody touched is none"
    compared = before.with_plan(Delivery(team=9))
    assert compared != before
    for name, values in project(before).lines.items():
        np.testing.assert_array_equal(project(compared)[name], values)


@FEW
@given(SEEDS)
def test_effects_and_costs_reach_the_projection_as_declared(seed: int) -> None:
    chance = random.Random(seed)
    delivery = replace(random_delivery(chance), method=chance.choice(["waterfall", "agile"]), team=500.0, start=1.0)
    scenario = Scenario.of(load_shipped("midmarket-saas"), horizon=60).with_plan(delivery)
    company = scenario.company
    spent = project(scenario)["revops_cost"] - project(scenario.base)["revops_cost"]
    assert spent == pytest.approx(cost(delivery, schedule(delivery), company, 60), rel=1e-9, abs=1e-6)
    wanted = sum(delivery.strength(key) * effect.change for key in delivery.order for effect in initiatives()[key].effects
                 if effect.assumption == "win_rate")  # fmt: skip
    assert finish(schedule(delivery)) < 59
    assert scenario.path("win_rate")[-1] == pytest.approx(company.base("win_rate") + wanted)


@FEW
@given(SEEDS)
def test_costs_over_a_long_horizon_are_one_off_running_and_team(seed: int) -> None:
    delivery = replace(drawn(seed), team=500.0, start=1.0)
    company = quiet_company(opening_arr=1_000_000)
    for way in ways(delivery):
        steps = schedule(way)
        worked, spent = work(steps, MONTHS), cost(way, steps, company, MONTHS)
        assert worked.sum() == pytest.approx(finish(steps))
        one_off = sum(1e6 * initiatives()[key].one_off for key in way.order)
        running = sum(
            1e6 * initiatives()[key].running / 12 * shipped_share(steps, key, MONTHS).sum() for key in way.order
        )
        assert spent.sum() == pytest.approx(one_off + running + way.pay * way.team * finish(steps))


def test_a_schedule_and_its_cost_worked_by_hand() -> None:
    """Two initiatives of 8 and 4 person-months; 4 people. Agile: 2 increments, a quarter of the time for coordination."""
    delivery = Delivery(order=("data", "dunning"), increments=2, overhead=0.25, pay=1_000).with_effort("dunning", 4)
    waterfall, agile = ways(delivery)
    assert [(s.initiative, s.part, round(s.start, 9), round(s.end, 9)) for s in schedule(waterfall)] == [
        ("data", "Design", 0.0, 0.4), ("dunning", "Design", 0.4, 0.6),
        ("data", "Build", 0.6, 1.6), ("dunning", "Build", 1.6, 2.1),
        ("data", "Test", 2.1, 2.5), ("dunning", "Test", 2.5, 2.7),
        ("data", "Release", 2.7, 2.9), ("dunning", "Release", 2.9, 3.0),
    ]  # fmt: skip
    assert shipped_share(schedule(waterfall), "data", 5) == pytest.approx([0, 0, 0.1, 1, 1])
    assert shipped_share(schedule(waterfall), "dunning", 5) == pytest.approx([0, 0, 0, 1, 1])
    third = 1 / 3  # three people are left for the work: 4, 2, 4 and 2 person-months take 1⅓, ⅔, 1⅓ and ⅔ months
    assert [step.end for step in schedule(agile)] == pytest.approx([1 + third, 2, 3 + third, 4])
    assert shipped_share(schedule(agile), "data", 5) == pytest.approx([0, third, 0.5, 0.5 + third, 1])
    assert shipped_share(schedule(agile), "dunning", 5) == pytest.approx([0, 0, 0.5, 0.5, 1])
    company = quiet_company(opening_arr=12_000_000)
    data, dunning = (initiatives()[key] for key in ("data", "dunning"))
    assert (data.one_off, data.running, dunning.one_off, dunning.running) == (0.003, 0.002, 0.0005, 0.0005)
    # one-off 36,000 over 2⅔ months of work and 6,000 over 1⅓; running 2,000 and 500 a month; the team 4,000 a month
    assert cost(agile, schedule(agile), company, 5) == pytest.approx([
        4_000 + 36_000 * 3 / 8,
        4_000 + 36_000 / 8 + 6_000 / 2 + 2_000 * third,
        4_000 + 36_000 * 3 / 8 + 2_000 / 2 + 500 / 2,
        4_000 + 36_000 / 8 + 6_000 / 2 + 2_000 * (0.5 + third) + 500 / 2,
        2_000 + 500,
    ])  # fmt: skip


def by_hand(scenario: Scenario, delivery: Delivery) -> tuple[float, int | None]:
    """Return present value and payback month of a delivery by a plain loop over months."""
    profits = [project(each)["operating_profit"] for each in (scenario, scenario.with_plan(delivery))]
    rate, value, reached, paid = float(scenario.company.base("cost_of_capital")[0]), 0.0, 0.0, None
    for month in range(1, scenario.horizon + 1):
        added = float(profits[1][month - 1] - profits[0][month - 1])
        value += added / (1 + rate) ** (month / 12)
        reached += added
        paid = None if reached < 0 else paid or month
    return value, paid


@pytest.mark.parametrize("company", shipped())
def test_present_value_payback_and_cost_of_delay_against_a_plain_loop(company: str) -> None:
    scenario, delivery = Scenario.of(load_shipped(company)), Delivery(pay=100.0, start=2.0)
    found = case(scenario, delivery)
    for outcome, way in zip((found.waterfall, found.agile), ways(delivery), strict=True):
        value, paid = by_hand(scenario, way)
        assert outcome.npv == pytest.approx(value, rel=1e-9)
        assert outcome.payback_month == paid
        assert outcome.delay == pytest.approx(value - by_hand(scenario, replace(way, start=3.0))[0], rel=1e-6)
        spent = cost(way, schedule(way), scenario.company, scenario.horizon) @ outcome.discount
        assert outcome.return_on_cost == pytest.approx(value / spent)


@pytest.mark.parametrize("company", shipped())
def test_at_the_break_even_overhead_both_are_worth_the_same(company: str) -> None:
    scenario, delivery = Scenario.of(load_shipped(company)), Delivery()
    found = case(scenario, delivery)
    (level,) = found.break_even
    assert found.stretches == ((0.0, True), (level, False))

    def lead(overhead: float) -> float:
        waterfall, agile = ways(replace(delivery, overhead=overhead))
        return by_hand(scenario, agile)[0] - by_hand(scenario, waterfall)[0]

    assert abs(lead(level)) < 1e-4 * abs(found.lead)
    assert lead(level - 0.02) > 0 > lead(level + 0.02)
    assert case(scenario, replace(delivery, overhead=level)).lead == pytest.approx(lead(level), abs=1)


@pytest.mark.parametrize("company", ["launchpad", "midmarket-saas"])
def test_the_lead_falls_with_overhead_where_each_initiative_pays_within_the_horizon(company: str) -> None:
    found = case(Scenario.of(load_shipped(company), horizon=60), Delivery())
    assert np.all(np.diff(found.advantage) < 0)
    assert found.advantage[0] > 0 > found.advantage[-1]


def test_no_overhead_is_too_much_where_waterfall_never_leads() -> None:
    """Four people need 21 years for the second initiative; waterfall brings the first after most of that."""
    scenario = Scenario.of(load_shipped("midmarket-saas"), horizon=120)
    found = case(scenario, Delivery(order=("data", "pricing"), increments=1).with_effort("pricing", 1000))
    assert found.break_even == ()
    assert found.advantage.min() > 0


def test_where_the_initiatives_lose_money_agile_leads_above_an_overhead() -> None:
    found = case(Scenario.of(load_shipped("enterprise-multiyear"), horizon=12), Delivery(overhead=0))
    assert found.better.npv < 0
    assert [leads for _, leads in found.stretches] == [False, True]
    assert found.advantage[0] < 0 < found.advantage[-1]


TWICE = "?company=midmarket-saas&v=1&horizon=24&sales_reps=31&retention_rate=0.901667&average_selling_price=64968.75"


def test_where_the_lead_changes_twice_each_stretch_is_led_by_one() -> None:
    found = case(read_link(TWICE).scenario, Delivery())
    one, two = found.turning_points
    assert found.stretches == ((0.0, True), (one, False), (two, True))
    for overhead, ahead in zip(found.overheads, found.advantage, strict=True):
        assert (ahead > 0) == (not one < overhead < two)


@pytest.mark.parametrize(
    ("level", "advantage", "stretches"),
    [
        ((), (1, 2, 3), ((0.0, True),)),
        ((0.4,), (1, 0, 2), ((0.0, True),)),  # touches and leads on
        ((0.0,), (0, -1, -2), ((0.0, False),)),
        ((0.8,), (2, 1, 0), ((0.0, True),)),
        ((0.4, 0.8), (1, 0, 0), ((0.0, True), (0.4, False))),
        ((0.1, 0.5), (-1, 2, -3), ((0.0, False), (0.1, True), (0.5, False))),
    ],
)
def test_a_lead_changes_only_where_the_other_way_leads_next(
    level: tuple[float, ...], advantage: tuple[float, ...], stretches: tuple[tuple[float, bool], ...]
) -> None:
    none = np.zeros(1)
    found = Case(outcome_of(0), outcome_of(0), none, none, np.array([0.0, 0.4, 0.8]), np.array(advantage, float), level)
    assert found.stretches == stretches


def test_crossings_are_found_on_both_sides_and_at_the_ends() -> None:
    at = np.linspace(0, 1, 5)

    def wave(x: float) -> float:
        return (x - 0.1) * (x - 0.6)

    assert crossings(wave, at, np.array([wave(x) for x in at])) == pytest.approx((0.1, 0.6), abs=1e-5)
    assert crossings(lambda x: x, at, at) == (0.0,)
    assert crossings(lambda x: x + 1, at, at + 1) == ()
    assert crossings(lambda _: 0.0, at, np.zeros(5)) == ()
    assert crossings(lambda x: x, at, np.array([ROUNDING / 2, 0.3, 0.5, 0.7, 1])) == (0.0,)


def outcome_of(*profit: float) -> Outcome:
    return Outcome(np.array(profit), np.zeros(len(profit)), np.ones(len(profit)), 0.0)


@pytest.mark.parametrize(
    ("profit", "month"),
    [((-1, -1, 3), 3), ((-1, 1, 0), 2), ((1, 1, 1), 1), ((-1, 2, -3), None), ((2, -3, 5), 3), ((0, 0, 0), 1)],
)
def test_payback_is_when_profit_added_stays_above_zero(profit: tuple[float, ...], month: int | None) -> None:
    assert outcome_of(*profit).payback_month == month


def test_nothing_delivered_is_worth_nothing() -> None:
    found: Case = case(Scenario.of(load_shipped("launchpad")), Delivery(order=()))
    assert (found.waterfall.npv, found.agile.npv, found.lead, found.break_even) == (0, 0, 0, ())
    assert np.isnan(found.agile.return_on_cost)


@FEW
@given(SEEDS)
def test_no_delivery_breaks_a_projection(seed: int) -> None:
    chance = random.Random(seed)
    scenario = Scenario.of(company_from(random_company(chance))).with_plan(random_delivery(chance))
    base = project(scenario.base)
    for name, values in project(scenario).lines.items():
        assert np.all(np.isfinite(values) | np.isnan(base[name])), name


def test_work_after_the_horizon_is_worth_nothing_yet() -> None:
    found = case(Scenario.of(load_shipped("launchpad"), horizon=12), Delivery(start=40))
    assert (found.agile.npv, found.waterfall.npv, found.break_even) == (0, 0, ())
    assert not found.advantage.any()


@MANY
@given(SEEDS)
def test_a_link_gives_the_same_delivery_back(seed: int) -> None:
    delivery, company = drawn(seed), load_shipped("launchpad")
    reading = read_query(list(write_query(Scenario.of(company, plans=[delivery])).items()))
    assert reading.problems == reading.scenario.late_starts()
    assert reading.scenario.plan("delivery") == (delivery if delivery.written() else None)
