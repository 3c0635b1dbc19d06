"""Sobol indices are the published ones, the exact ones and those of SciPy; and they say what they cannot tell."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from model import Scenario, ScenarioError
from model.company import Numbers
from model.links import read_link
from model.outcomes import Outcome
from model.studies.ranges import Even, ranges_of
from model.studies.sobol import SEED, cautions, drivers, sobol

PROFIT = Outcome("operating_profit")
COSTS = "fixed_cost_growth=0&fixed_costs=5000000in4000000to8000000&revops_cost=1000000in400000to1500000"


def scenario(query: str) -> Scenario:
    return read_link(f"?horizon=24&{query}").scenario


def ishigami(x: Numbers) -> Numbers:
    found: Numbers = np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])
    return found


TURN = {name: Even(-np.pi, np.pi) for name in ("x1", "x2", "x3")}


def test_ishigami_s_function_has_its_published_indices() -> None:
    a, b = 7.0, 0.1  # Ishigami and Homma 1990
    parts = 0.5 * (1 + b * np.pi**4 / 5) ** 2, a**2 / 8, b**2 * np.pi**8 * 8 / 225
    variance = sum(parts)
    found = sobol(ishigami, TURN, 8192)
    np.testing.assert_allclose(found.first.value, [parts[0] / variance, parts[1] / variance, 0], atol=2e-3)
    np.testing.assert_allclose(
        found.total.value, [(parts[0] + parts[2]) / variance, parts[1] / variance, parts[2] / variance], atol=2e-3
    )
    assert found.variance == pytest.approx(variance, rel=1e-3)
    assert found.together == ("x1", "x3")
    assert found.keys[found.order[0]] == "x1"
    assert found.overlapping == ()


@pytest.mark.parametrize("points", [64, 1024])
def test_indices_are_those_of_scipy(points: int) -> None:
    found = sobol(ishigami, TURN, points)
    theirs = stats.sobol_indices(func=ishigami, n=points, dists=[*TURN.values()], rng=np.random.default_rng(SEED))
    np.testing.assert_allclose(found.first.value, theirs.first_order, atol=1e-12)
    np.testing.assert_allclose(found.total.value, theirs.total_order, atol=1e-12)


def test_a_linear_model_has_its_exact_shares_first_and_total_alike() -> None:
    slopes = np.array([1.0, -2, 3, 0])
    spreads = {name: Even(0, 1) for name in "abcd"}
    found = sobol(lambda x: 5 + slopes @ x, spreads, 4096)
    shares = slopes**2 / (slopes**2).sum()
    np.testing.assert_allclose(found.first.value, shares, atol=2e-3)
    np.testing.assert_allclose(found.total.value, shares, atol=2e-3)
    assert found.together == ()
    assert found.alone == pytest.approx(1, abs=2e-3)
    assert ((found.first.low <= shares) & (shares <= found.first.high)).all()


def test_intervals_hold_the_indices_and_narrow_with_the_points() -> None:
    few, many = (sobol(ishigami, TURN, points) for points in (256, 4096))
    for index in (few.first, few.total, many.first, many.total):
        assert ((index.low <= index.value) & (index.value <= index.high)).all()
    assert (many.total.high - many.total.low).max() < (few.total.high - few.total.low).max() / 2


def test_costs_that_come_straight_off_profit_share_its_variance_as_they_vary() -> None:
    of = scenario(COSTS)
    found = drivers(of, PROFIT, points=4096)
    chance = (np.arange(200_000) + 0.5) / 200_000
    own = np.array([limits.ppf(chance).var() for limits in ranges_of(of).values()])
    assert found.keys == ("fixed_costs", "revops_cost")
    np.testing.assert_allclose(found.first.value, own / own.sum(), atol=5e-3)
    np.testing.assert_allclose(found.total.value, own / own.sum(), atol=5e-3)
    assert found.variance == pytest.approx(own.sum(), rel=0.01)
    assert cautions(of, found) == ()


def test_an_outcome_that_no_lever_moves_has_no_shares() -> None:
    found = drivers(scenario(COSTS), Outcome("arr"))
    assert found.variance == 0
    assert not found.first.value.any()
    assert found.overlapping == found.together == ()


def test_levers_are_chosen_over_their_usual_ranges_or_their_own() -> None:
    of = scenario("win_rate=0.3in0.29to0.31")
    found = drivers(of, Outcome("arr"), ["win_rate", "retention_rate", "win_rate"], 256)
    assert found.keys == ("win_rate", "retention_rate")
    assert found.total.value[1] > 0.9


def test_a_lever_of_a_segment_takes_the_timing_of_the_companys_move() -> None:
    late = scenario("win_rate=0.3from20")
    found = drivers(late, Outcome("arr", month=12), ["win_rate.ent", "retention_rate.ent"], 64)
    assert found.total.value[0] == 0  # nothing of it acts before month 20
    assert found.total.value[1] == pytest.approx(1, rel=1e-3)


def test_what_cannot_be_told_is_told() -> None:
    costs = "fixed_cost_growth=0&fixed_costs=1000000in800000to1200000&revops_cost=1000000in800000to1200000"
    of = scenario(f"{costs}&range.fixed_costs~revops_cost=0.5")
    assert cautions(of, drivers(of, PROFIT, points=64)) == (
        "These cannot be told apart: RevOps programme and Fixed costs. Take 256 points for each lever.",
        "Correlations between levers are left out here: these shares exist only for independent levers.",
    )


def test_levers_that_act_together_are_named() -> None:
    of = scenario("win_rate=0.2in0.02to0.6&lead_conversion=0.02in0.002to0.2")
    found = drivers(of, Outcome("new_arr"), points=1024)
    assert any(sentence.startswith(("Lead conversion", "Win rate")) and "depends on where other levers stand" in sentence
               for sentence in cautions(of, found))  # fmt: skip


def test_pages_are_told_and_can_be_stopped() -> None:
    told: list[float] = []
    sobol(ishigami, TURN, 4096, told.append)
    assert told == [pytest.approx(page / 5) for page in range(1, 6)]


@pytest.mark.parametrize(("levers", "points", "message"), [
    ((), 1024, "No lever is chosen: give moves a range, as in retention_rate=0.93in0.88to0.96, or choose levers, and "
     "their usual ranges are taken."),
    (("win_rate",), 1000, "N (points=1000) must be a power of 2 from 64 to 16,384, for example 1024."),
    (("win_rate",), 0, "N (points=0) must be a power of 2 from 64 to 16,384, for example 1024."),
    (("win_rate",), 2**20, "N (points=1048576) must be a power of 2 from 64 to 16,384, for example 1024."),
    (("nothing",), 1024, "There is no lever 'nothing'; `revlens assumptions` lists them."),
    (tuple(f"x{number}" for number in range(61)), 1024, "61 levers are too many; choose at most 60."),
])  # fmt: skip
def test_what_cannot_be_studied_is_refused(levers: tuple[str, ...], points: int, message: str) -> None:
    with pytest.raises(ScenarioError) as error:
        drivers(scenario("win_rate=0.3"), Outcome("arr"), levers, points)
    assert error.value.problems == (message,)


def test_a_metric_without_a_value_is_refused() -> None:
    with pytest.raises(ScenarioError) as error:
        drivers(scenario(COSTS), Outcome("nrr", month=5))
    assert error.value.problems == (
        "NRR has no value in May 2026, so there is no variance to share out; choose another month or metric.",
    )
    with pytest.raises(ScenarioError) as error:
        drivers(scenario(""), Outcome("burn_multiple"), ["retention_rate", "win_rate", "upsell_rate"], 256)
    assert error.value.problems == (
        "Burn multiple has no value in some of the runs, so it has no variance to share out; take another metric or a later month.",
    )


def test_resamples_that_are_all_alike_are_left_out() -> None:
    found = sobol(lambda x: (x[0] == x[0].max()).astype(float), TURN, 64)
    assert np.isfinite([found.first.low, found.first.high, found.total.low, found.total.high]).all()
