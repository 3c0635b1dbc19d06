"""Draws are what the scenario says, and what comes of them is as exact as it claims to be."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from model import Scenario, ScenarioError, load_shipped, project, threads
from model.inputs import inputs_of
from model.links import read_link
from model.outcomes import Outcome, over_time
from model.studies.draws import drawn, missed, quarters, scores
from model.studies.ranges import ranges_of
from model.studies.uncertainty import FORECAST, LOSS, Uncertainty, asked_with, run_batch, uncertainty

COMPANY = load_shipped("midmarket-saas")
RANGES = (
    "retention_rate=0.93in0.88to0.96&win_rate=0.3in0.2to0.4from6over3&average_selling_price.ent=90000in70000to120000"
)
COSTS = "fixed_cost_growth=0&fixed_costs=5000000in4000000to8000000&range.forecast=off"
ASKED = (Outcome("arr"), Outcome("revenue"), LOSS, Outcome("nrr", "ent"))


def scenario(query: str) -> Scenario:
    reading = read_link(f"?horizon=24&{query}")
    assert reading.problems == ()
    return reading.scenario


def studied(query: str = RANGES, batches: int = 10) -> Uncertainty:
    return uncertainty(scenario(query), ASKED, batches)


def test_drawn_targets_have_the_quantiles_of_their_ranges() -> None:
    of = scenario(RANGES)
    found = np.concatenate([scores(of, batch) for batch in range(10)])
    for column, limits in enumerate(ranges_of(of).values()):
        values = limits.at(found[:, column])
        chances = [(values <= end).mean() for end in (limits.low, limits.likely, limits.high)]
        np.testing.assert_allclose(chances, [0.1, 0.5, 0.9], atol=5e-4)


@pytest.mark.parametrize("asked", [-0.9, -0.3, 0.5, 0.8])
def test_draws_have_the_rank_correlations_asked_for(asked: float) -> None:
    of = scenario(
        f"{RANGES}&range.retention_rate~win_rate={asked}&range.win_rate~average_selling_price.ent={asked / 3}"
    )
    found = np.concatenate([scores(of, batch) for batch in range(10)])[:, :3]
    measured = stats.spearmanr(found).statistic
    assert measured[0, 1] == pytest.approx(asked, abs=0.005)
    assert measured[1, 2] == pytest.approx(asked / 3, abs=0.005)
    assert measured[0, 2] == pytest.approx(0, abs=0.005)
    assert all(abs(stats.norm.cdf(column).mean() - 0.5) < 1e-3 for column in found.T)


@pytest.mark.parametrize("asked", [-1, 1])
def test_levers_may_vary_as_one(asked: int) -> None:
    of = scenario(f"{RANGES}&range.retention_rate~win_rate={asked}")
    found = scores(of, 0)
    np.testing.assert_allclose(found[:, 0], asked * found[:, 1], atol=1e-3)


def test_correlations_that_contradict_each_other_are_taken_at_the_largest_share_that_is_possible() -> None:
    pairs = "retention_rate~win_rate", "win_rate~average_selling_price.ent", "retention_rate~average_selling_price.ent"
    asked = dict(zip(pairs, (0.9, 0.9, -0.9), strict=True))
    reading = read_link(f"?{RANGES}&" + "&".join(f"range.{pair}={value}" for pair, value in asked.items()))
    normal = 2 * math.sin(math.pi * 0.9 / 6)
    assert reading.problems == (
        "The correlations between Retention, Win rate, Selling price of Enterprise contradict each other: no values can "
        f"vary together like that. All are taken at {1 / (2 * normal):.3f} of what is given, the most that is possible.",
    )
    keys = reading.scenario.ranged
    matrix, share = reading.scenario.doubt.scores_of(keys)
    assert share == pytest.approx(1 / (2 * normal))
    assert 0 <= np.linalg.eigvalsh(matrix)[0] < 1e-8
    assert [value for _, _, value in reading.scenario.doubt.together] == [*asked.values()]
    measured = stats.spearmanr(
        np.concatenate([scores(reading.scenario, batch) for batch in range(10)])[:, :3]
    ).statistic
    assert np.sign(measured[0]).tolist() == [1, 1, -1]
    assert np.abs(measured[np.triu_indices(3, 1)]) == pytest.approx(6 / math.pi * math.asin(0.25), abs=0.005)


def test_new_arr_of_a_quarter_misses_by_the_forecast_band_and_its_mean_is_the_plan() -> None:
    of = scenario("sales_reps=6")  # capacity binds, and yet the band is what forecast_accuracy says
    lines = project(of)
    assert lines.total("deals_waiting").max() > 1
    found = np.concatenate([scores(of, batch) for batch in range(10)])
    (new,) = over_time(of, drawn(of, found), [Outcome("new_arr")])
    plan = project(of).total("arr_new")
    quarter = plan[3:6].sum()
    sigma = (1 - COMPANY.mean("forecast_accuracy")) * math.sqrt(math.pi / 2)
    assert new[5].mean() == pytest.approx(quarter, rel=1e-4)
    assert new[5].std() == pytest.approx(sigma * quarter, rel=5e-3)
    assert new[2:].min() > 0
    assert np.corrcoef(new[5], new[8])[0, 1] == pytest.approx(0, abs=0.01)


def test_a_forecast_that_never_misses_leaves_the_plan() -> None:
    of = scenario("forecast_accuracy=1")
    (arr,) = over_time(of, drawn(of, scores(of, 0)), [Outcome("arr")])
    np.testing.assert_allclose(arr, np.broadcast_to(project(of).total("arr_closing")[:, None], arr.shape), rtol=1e-12)


def test_each_month_of_a_quarter_has_the_same_factor_whether_or_not_the_accuracy_changes() -> None:
    of = scenario("win_rate=0.3")
    found = scores(of, 0)
    one = missed(inputs_of(of), COMPANY, found)
    changed = inputs_of(scenario("forecast_accuracy=0.850000001from5over3"))
    other = missed(changed, COMPANY, found)
    np.testing.assert_allclose(one.path["price_discount"], other.path["price_discount"], atol=1e-2)
    assert len(one.path["price_discount"]) == 24
    assert quarters(COMPANY, 7).tolist() == [0, 0, 0, 1, 1, 1, 2]


def test_quantiles_and_chances_are_those_of_a_cost_that_comes_straight_off_profit() -> None:
    study = studied(COSTS)
    plan, loss = study.plan(LOSS)[11], study.loses
    costs = ranges_of(study.scenario)["fixed_costs"]
    shares = (0.1, 0.25, 0.5, 0.75, 0.9)
    found = study.quantiles(LOSS, shares)
    exact = plan + 5e6 - costs.ppf(1 - np.array(shares))
    assert (np.abs(found.value[:, 11] - exact) <= np.maximum(found.error[:, 11], 1e-9 * abs(plan))).all()
    assert (found.error[:, 11] < 0.01 * abs(plan)).all()
    target = plan - 1e6
    reached = study.reaches(LOSS, target)
    chance = stats.norm.cdf(stats.norm.ppf(0.9) * _steps(6e6))
    assert abs(reached.value[11] - chance) <= reached.error[11]
    assert np.isnan(loss.value[:11]).all()
    assert loss.value[11] == study.chance(LOSS, lambda profit: profit < 0).value[11]


def _steps(value: float) -> float:
    """Return how many ends of its range above the likely value a cost lies, on the log-odds."""
    return math.log(value / 5e6) / math.log(8e6 / 5e6)


@pytest.mark.parametrize("query", [RANGES, COSTS, f"{RANGES}&range.retention_rate~win_rate=0.6&range=0.9"])
def test_doubling_the_runs_moves_no_figure_by_more_than_its_error(query: str) -> None:
    few, many = (studied(query, batches) for batches in (10, 20))
    for outcome in ASKED:
        one, other = few.quantiles(outcome), many.quantiles(outcome)
        known = np.isfinite(one.value)
        moved = np.abs(one.value - other.value) <= one.error + 1e-12 * np.abs(one.value)
        assert moved[:, -1].all()
        assert moved[known].mean() > 0.99
        target = float(one.value[2, -1])
        before, after = (study.reaches(outcome, target) for study in (few, many))
        assert abs(before.value[-1] - after.value[-1]) <= before.error[-1]
        assert 0.45 < before.value[-1] < 0.55 or np.ptp(one.value[:, -1]) < 1e-9 * target


def test_errors_shrink_with_the_runs() -> None:
    few, many = (studied(batches=batches).quantiles(Outcome("arr")).error[:, -1].mean() for batches in (5, 40))
    assert many < few / 2


def test_more_processors_than_months_share_the_months(monkeypatch: pytest.MonkeyPatch) -> None:
    study = studied(batches=2)
    alone = study.quantiles(LOSS).value
    monkeypatch.setattr(threads, "THREADS", 200)
    np.testing.assert_array_equal(study.quantiles(LOSS).value, alone)


def test_quantiles_are_those_of_numpy_and_skip_runs_without_a_value() -> None:
    study = studied()
    values = study.values(Outcome("arr")).reshape(24, -1)
    np.testing.assert_allclose(
        study.quantiles(Outcome("arr")).value, np.quantile(values, (0.1, 0.25, 0.5, 0.75, 0.9), axis=1, method="hazen")
    )
    profit = study.quantiles(LOSS)
    assert np.isnan(profit.value[:, :11]).all()
    assert np.isfinite(profit.value[:, 11:]).all()


def test_the_same_scenario_gives_the_same_figures_again() -> None:
    first = studied(batches=2)
    run_batch.cache_clear()
    again = studied(batches=2)
    for one, other in zip(first.batches, again.batches, strict=True):
        np.testing.assert_array_equal(one.values, other.values)
        np.testing.assert_array_equal(one.scores, other.scores)


def test_a_study_tells_how_far_it_is_and_can_be_stopped() -> None:
    told: list[float] = []

    def stop(share: float) -> None:
        told.append(share)
        if share > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        uncertainty(scenario(RANGES), ASKED, 4, stop)
    assert told == [0.25, 0.5, 0.75]


def test_what_matters_is_ranked_and_shares_of_independent_causes_add_up_to_about_one() -> None:
    query = "retention_rate=0.88in0.84to0.91&average_selling_price.ent=90000in70000to120000"
    rows = studied(query).matters(Outcome("arr"))
    assert {row.key for row in rows} == {"retention_rate", "average_selling_price.ent", FORECAST}
    assert [row.share for row in rows] == sorted((row.share for row in rows), reverse=True)
    assert sum(row.share for row in rows) == pytest.approx(1, abs=0.05)
    assert all(row.correlation > 0 for row in rows)
    (cost,) = studied(COSTS).matters(LOSS)
    assert (cost.correlation, cost.share) == (pytest.approx(-1), pytest.approx(1))
    assert studied(COSTS).matters(Outcome("arr")) == ()


def test_a_target_of_a_cost_is_reached_from_above() -> None:
    of = scenario("cost_per_lead=200in100to400&range.forecast=off")
    study = uncertainty(of, [Outcome("cac")], 2)
    median = float(study.quantiles(Outcome("cac"), (0.5,)).value[0, -1])
    assert study.reaches(Outcome("cac"), 2 * median).value[-1] > 0.9
    assert study.reaches(Outcome("cac"), median / 2).value[-1] < 0.1


def test_where_nothing_is_uncertain_it_says_so() -> None:
    with pytest.raises(ScenarioError) as error:
        uncertainty(scenario("win_rate=0.3&range.forecast=off"), ASKED)
    assert error.value.problems == (
        "Nothing here is uncertain: no move has a range, as in retention_rate=0.93in0.88to0.96, "
        "and forecasts do not miss (range.forecast=off).",
    )


def test_the_outcome_comes_with_the_headline_figures() -> None:
    assert asked_with(Outcome("revenue", month=9)) == (Outcome("arr"), Outcome("revenue"), LOSS)
    assert asked_with(Outcome("nrr", "ent", 9))[3:] == (Outcome("nrr", "ent"),)


def test_a_plan_that_nothing_moves_is_reached_for_certain_however_numbers_round() -> None:
    found = uncertainty(read_link(f"?horizon=24&{COSTS}").scenario, [Outcome("arr"), Outcome("cac")], 2)
    for outcome, sign in ((Outcome("arr"), 1), (Outcome("cac"), -1)):
        plan = float(found.plan(outcome)[-1])
        assert found.reaches(outcome, plan * (1 + sign * 1e-12)).value[-1] == 1
        assert found.reaches(outcome, plan * (1 + sign * 1e-6)).value[-1] == 0
