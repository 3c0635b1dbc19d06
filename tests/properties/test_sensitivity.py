"""Sensitivity: every bar, point and cell is a projection of its own, and what does nothing is said to do nothing."""

from __future__ import annotations

import random
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

import numpy as np
import pytest

from model import Move, Scenario, ScenarioError, load_shipped, project, read_link
from model.catalogue import assumptions
from model.company_file import company_from
from model.links import write_query
from model.moves import read_move
from model.outcomes import Outcome
from model.studies.levers import Lever, lever_of, levers_of, moved
from model.studies.sensitivity import STEP, TENTH, USUAL, Looking, curve, looking_of_link, surface, tornado
from tests.quiet_company import quiet_company
from tests.random_companies import random_company, random_moves

COMPANY = load_shipped("midmarket-saas")
BASE = Scenario.of(COMPANY)
MOVED = read_link(
    "company=midmarket-saas&horizon=36&retention_rate=0.9from6over3&win_rate.ent=0.25&leads_per_month=1600"
).scenario


def with_lever(scenario: Scenario, lever: Lever, value: float, outcome: Outcome) -> float:
    return outcome.of(project(scenario.with_move(lever.move.to(value))))


@pytest.mark.parametrize("scenario", [BASE, MOVED])
@pytest.mark.parametrize(
    "outcome", [Outcome(), Outcome("operating_profit", "", 24), Outcome("nrr", "ent", 18)], ids=str
)
@pytest.mark.parametrize("segment", ["", "ent"])
def test_bars_are_projections_of_their_own(scenario: Scenario, outcome: Outcome, segment: str) -> None:
    found = tornado(scenario, outcome, segment, USUAL)
    assert found.present == pytest.approx(outcome.of(project(scenario)), rel=1e-12)
    assert {bar.lever.key for bar in found.bars} | {lever.key for lever in found.idle} == {
        lever.key for lever in levers_of(scenario, segment)
    }
    assert [bar.span for bar in found.bars] == sorted((bar.span for bar in found.bars), reverse=True)
    for bar in found.bars[::4]:
        assert bar.at_low == pytest.approx(with_lever(scenario, bar.lever, bar.low, outcome), rel=1e-9)
        assert bar.at_high == pytest.approx(with_lever(scenario, bar.lever, bar.high, outcome), rel=1e-9)
    for lever in found.idle[::5]:
        for end in lever.usual:
            assert with_lever(scenario, lever, end, outcome) == pytest.approx(found.present, rel=1e-9)


def test_levers_stand_where_the_scenario_has_them_and_moving_them_there_changes_nothing() -> None:
    for segment in ("", "smb", "ent"):
        for lever in levers_of(MOVED, segment):
            assert lever.usual[0] <= lever.today <= lever.usual[1]
            assert lever.usual[0] < lever.usual[1]
            assert lever.entry.min <= lever.usual[0]
            assert lever.usual[1] <= lever.entry.max
            kept = project(moved(MOVED, [lever.move]))
            assert kept.total("arr_closing") == pytest.approx(project(MOVED).total("arr_closing"), rel=1e-12)
    assert (lever_of(MOVED, "retention_rate").move.start, lever_of(MOVED, "retention_rate").move.ramp) == (6, 3)
    of_segment = lever_of(MOVED, "retention_rate.ent")
    assert (of_segment.move.start, of_segment.move.ramp) == (6, 3)
    assert of_segment.today == pytest.approx(0.93 + 0.9 - COMPANY.mean("retention_rate"))
    assert lever_of(MOVED, "win_rate.ent").today == 0.25


@pytest.mark.parametrize("seed", range(12))
def test_any_company_has_a_tornado_or_is_told_why_not(seed: int) -> None:
    chance = random.Random(seed)
    raw = random_company(chance)
    company = company_from(raw)
    moves = [read_move(*text.split("=", 1), company) for text in random_moves(chance, raw)]
    scenario = Scenario.of(company, moves)
    for outcome in (Outcome("operating_profit"), Outcome("ltv_cac"), Outcome("burn_multiple")):
        if not np.isfinite(outcome.of(project(scenario))):
            with pytest.raises(ScenarioError, match="has no value in"):
                tornado(scenario, outcome)
            continue
        found = tornado(scenario, outcome)
        assert np.isfinite(found.present)
        assert all(bar.span > 0 or not bar.is_known for bar in found.bars)


def test_a_step_is_one_of_the_slider_within_the_bounds() -> None:
    scenario = Scenario.of(COMPANY, [Move("risk_detection", 1.0)])
    bars = {bar.lever.key: bar for bar in tornado(scenario, Outcome(), vary=STEP).bars}
    win_rate = bars["win_rate"]
    assert win_rate.high - win_rate.lever.today == pytest.approx(assumptions()["win_rate"].step)
    assert win_rate.lever.today - win_rate.low == pytest.approx(assumptions()["win_rate"].step)
    assert bars["risk_detection"].high == 1.0


def test_a_tenth_is_of_the_value_or_of_what_a_share_lacks_and_a_range_given_goes_first() -> None:
    moves = [Move("lead_conversion", 0.5, range=(0.4, 0.7)), Move("retention_rate", 0.9), Move("upsell_rate", 0.0)]
    scenario = Scenario.of(COMPANY, [*moves, Move("risk_detection", 1.0)])

    def ends(vary: str) -> dict[str, tuple[float, float]]:
        return {bar.lever.key: (bar.low, bar.high) for bar in tornado(scenario, Outcome(), "", vary).bars}

    found, step = ends(TENTH), {name: entry.step for name, entry in assumptions().items()}
    price = COMPANY.mean("average_selling_price")
    assert found["average_selling_price"] == pytest.approx((0.9 * price, 1.1 * price))
    assert found["retention_rate"] == pytest.approx((0.89, 0.91))
    assert found["upsell_rate"] == pytest.approx((0, step["upsell_rate"]))
    assert found["risk_detection"] == pytest.approx((1 - step["risk_detection"], 1))
    assert found["lead_conversion"] == ends(USUAL)["lead_conversion"] == (0.4, 0.7)
    assert ends(USUAL)["win_rate"] == lever_of(scenario, "win_rate").usual
    assert ends(STEP)["lead_conversion"] == pytest.approx(
        (0.5 - step["lead_conversion"], 0.5 + step["lead_conversion"])
    )


def test_a_longer_slider_makes_no_lever_lead() -> None:
    found = tornado(BASE, Outcome())
    usual = tornado(BASE, Outcome(), "", USUAL)
    assert usual.bars[0].lever.key == "cross_sell_rate"  # ten times today's value lies on its slider
    assert found.bars[0].lever.key != "cross_sell_rate"
    widths = [(bar.high - bar.low) / abs(bar.lever.today) for bar in found.bars if bar.lever.today]
    assert max(widths) <= 0.2 + 1e-12


def test_price_times_win_rate_is_the_known_plane_and_its_crossing_the_known_point() -> None:
    company = quiet_company(leads_per_month=10, average_selling_price=1_000, sales_reps=10)
    scenario = Scenario.of(company)
    found = curve(scenario, Outcome("new_arr"), "average_selling_price", 33_000)
    assert found.values == pytest.approx(30 * found.at, rel=1e-9)  # a quarter's leads, all won
    assert found.crossings == pytest.approx([1_100], rel=1e-9)
    assert (found.lever.usual, found.present) == ((500, 1_500), pytest.approx(30_000))
    both = surface(scenario, Outcome("new_arr"), "average_selling_price", "win_rate")
    assert both.values == pytest.approx(30 * np.outer(both.y, both.x), rel=1e-9)
    assert (both.values.shape, both.x[0], both.x[-1], both.y[0], both.y[-1]) == ((25, 25), 500, 1500, 0.05, 1)


def test_a_curve_holds_today_and_every_crossing() -> None:
    found = curve(MOVED, Outcome("operating_profit"), "sales_reps", 6.1e6)
    assert found.lever.today in found.at
    assert len(found.at) == 100
    assert found.values[found.at == found.lever.today][0] == pytest.approx(found.present, rel=1e-9)
    assert len(found.crossings) == 2  # too few sellers leave deals waiting, too many cost more than they bring
    for at in found.crossings:
        assert with_lever(MOVED, found.lever, at, found.outcome) == pytest.approx(6.1e6, rel=1e-9)
    assert curve(MOVED, Outcome(), "retention_rate", 1e15).crossings == ()
    assert curve(MOVED, Outcome(), "retention_rate").crossings == ()


def test_a_metric_without_a_value_says_so_and_an_end_without_one_is_named() -> None:
    with pytest.raises(ScenarioError) as error:
        tornado(BASE, Outcome("nrr", month=3))
    assert error.value.problems == (
        "NRR has no value in Mar 2026, so nothing can be said about what moves it; choose another month or metric.",
    )
    company = quiet_company(leads_per_month=10, average_selling_price=1_000, cost_per_lead=5, win_rate=0.4, months=60)
    bars = {bar.lever.key: bar for bar in tornado(Scenario.of(company), Outcome("cac"), "", USUAL).bars}
    nobody = curve(Scenario.of(company), Outcome("cac"), "lead_conversion", 20.0)
    assert np.isnan(nobody.values[0])  # nobody is won
    assert np.isnan(bars["lead_conversion"].at_low)
    assert not bars["lead_conversion"].is_known
    assert nobody.crossings == pytest.approx([0.625])  # 5 a lead / (0.4 × share)


@pytest.mark.parametrize(("key", "problem"), [
    ("no<b>thing", "There is no lever 'no<b>thing'; `revlens assumptions` lists them."),
    ("opening_arr", "Opening ARR (opening_arr) is a fact of the company and no lever."),
    ("fixed_costs.ent", "Fixed costs (fixed_costs.ent) is one value for the company, not by segment."),
    ("win_rate.moon", "Mid-market SaaS has no segment 'moon'; it has smb, mid, ent."),
    ("win_rate." + "x" * 90, f"Mid-market SaaS has no segment '{'x' * 39}…'; it has smb, mid, ent."),
])  # fmt: skip
def test_what_is_no_lever_is_named(key: str, problem: str) -> None:
    with pytest.raises(ScenarioError) as error:
        lever_of(BASE, key)
    assert error.value.problems == (problem,)
    looking, problems = looking_of_link({"levers": f"{key}~upsell_rate"}, BASE)
    assert (looking, problems) == (Looking(one="upsell_rate"), (f"levers: {problem} It is left out.",))


def test_a_map_needs_two_levers_and_a_curve_a_finite_target() -> None:
    with pytest.raises(ScenarioError) as error:
        surface(BASE, Outcome(), "win_rate", "win_rate")
    assert error.value.problems == ("A map needs two different levers; win_rate is given twice.",)
    with pytest.raises(ScenarioError) as error:
        curve(BASE, Outcome(), "win_rate", float("nan"))
    assert error.value.problems == ("The target must be a finite number.",)


@pytest.mark.parametrize(
    "looking", [Looking(), Looking(STEP), Looking(one="win_rate"), Looking(STEP, "win_rate.ent", "fixed_costs")]
)
def test_what_is_looked_at_is_read_as_it_was_written(looking: Looking) -> None:
    query = dict(parse_qsl(urlencode(write_query(BASE) | looking.written())))
    assert "%" not in urlencode(looking.written()).replace("%7E", "~")
    assert looking_of_link(query, BASE) == (looking, ())
    reading = read_link("?" + urlencode(query))
    assert (reading.scenario, reading.problems) == (BASE, ())


def test_hostile_settings_are_refused_and_the_rest_stands() -> None:
    found, problems = looking_of_link({"vary": "<b>", "levers": "~~~win_rate"}, BASE)
    assert (found, problems) == (Looking(), ("vary=<b> must be tenth, usual or step; tenth is used.",))
    assert looking_of_link({"levers": "win_rate~win_rate"}, BASE) == (Looking(one="win_rate"), ())


def test_a_lever_that_stands_at_zero_varies_over_its_declared_range() -> None:
    lever = lever_of(Scenario.of(quiet_company()), "target_accounts")
    assert lever.usual == assumptions()["target_accounts"].usual
    assert replace(lever.move, target=1.0) == Move("target_accounts", 1.0)
