"""Laws of the back-test: no error without chance, nothing leaks, bands that hold about what they promise."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

from model import Company, assumptions, load_shipped
from model.history.trust.backtest import RULES, BackTest, Forecast, Trial, back_test, backtest_csv, score
from model.history.trust.band import Sizes, compound, draw, sizes
from model.history.trust.naive import WITHIN, last_growth, last_value
from tests.histories import facts
from tests.simulated import Tables, simulated, steady

TEMPLATE = load_shipped("midmarket-saas")
GROWTH = ("upsell_rate", "cross_sell_rate", "self_serve_expansion", "price_uplift", "contraction_rate")
STILL = replace(
    TEMPLATE, assumptions={**TEMPLATE.assumptions, **{name: dict.fromkeys(TEMPLATE.segments, 0.0) for name in GROWTH}}
)
"""Nobody pays more or less here: subscriptions of one amount each cannot tell, and the template's growth is taken."""


def trials_of(tables: Tables, *hidden: int, runs: int = 200, template: Company = TEMPLATE) -> BackTest:
    return back_test(tables, template=template, hidden=hidden, runs=runs)


def only(found: BackTest) -> Trial:
    (trial,) = found.trials
    return trial


def test_a_history_without_loss_or_chance_is_projected_to_the_cent() -> None:
    for trial in trials_of(steady(10, kept=1.0), 6, 12, template=STILL).trials:
        done = trial.score("plan")
        assert (done.missed, done.at_end, done.bias, done.held) == (pytest.approx(0.0, abs=1e-12),) * 3 + (1.0,)
        actual, plan = trial.movements["new"]
        assert plan == pytest.approx(actual)
        assert actual.tolist() == [120_000.0] * trial.hidden


def test_a_history_that_renews_as_the_model_does_is_missed_by_its_rounding_alone() -> None:
    for trial in trials_of(steady(), 6, 12, template=STILL).trials:
        assert trial.score("plan").at_end < 0.002
        actual, plan = trial.movements["churn"]
        assert plan.sum() == pytest.approx(actual.sum(), rel=0.015)


def test_months_are_hidden_before_the_opening_month_and_what_comes_after_it_is_not_known() -> None:
    tables, day = steady(10, kept=1.0), date(2024, 6, 30)
    until = (2024 - 1970) * 12 + 5

    def trial(changed: Tables) -> Trial:
        return only(back_test(changed, template=TEMPLATE, hidden=[6], until=until, runs=20))

    found = trial(tables)
    assert (found.months[0], found.months[-1]) == ("2024-01", "2024-06")
    assert trial(after(tables, day, 1)).actual.tolist() == found.actual.tolist()


def after(tables: Tables, day: date, seed: int) -> Tables:
    """Return tables with everything changed that comes after a day, but how far they reach."""
    random = np.random.default_rng(seed)
    found: Tables = {}
    for kind, table in tables.items():
        rows = table.to_pylist()
        for row in rows[:-1]:
            began = row["started" if kind == "subscriptions" else "created"]
            if began > day:
                row["yearly" if kind == "subscriptions" else "amount"] = int(random.integers(1, 10**8))
                row["segment"] = random.choice(["Elsewhere", "Enterprise", ""])
            if kind == "subscriptions" and (row["ended"] is None or row["ended"] > day) and random.random() < 0.5:
                row["ended"] = max(began, day) + timedelta(1)
            if kind == "opportunities" and (row["closed"] is None or row["closed"] > day):
                row["outcome"] = str(random.choice(["won", "lost"]))
                row["closed"] = max(began, day) + timedelta(1)
        found[kind] = pa.Table.from_pylist(rows, table.schema)
    return found


@pytest.mark.parametrize("seed", range(2))
def test_nothing_after_the_last_known_day_reaches_the_projection(seed: int) -> None:
    tables = simulated(seed)
    before, changed = (only(trials_of(one, 12)) for one in (tables, after(tables, date(2024, 12, 31), seed)))
    assert before.months == changed.months
    assert not np.allclose(before.actual, changed.actual)
    assert np.array_equal(before.known, changed.known)
    for rule in RULES:
        for values in ("arr", "low", "high"):
            assert np.array_equal(*(getattr(trial.forecasts[rule], values) for trial in (before, changed)))
    for movement in before.movements:
        assert np.array_equal(before.movements[movement][1], changed.movements[movement][1])


def test_the_band_holds_about_what_it_promises_on_simulated_companies() -> None:
    trials = [trial for seed in range(100, 105) for trial in trials_of(simulated(seed), 12, runs=500).trials]
    held = np.average([trial.score("plan").held for trial in trials], weights=[trial.hidden for trial in trials])
    missed = {rule: np.mean([trial.score(rule).missed for trial in trials]) for rule in RULES}
    assert 0.6 <= held <= 0.95
    assert missed["plan"] < missed["last_growth"] < missed["last_value"]


def test_errors_of_forecasts_by_hand() -> None:
    actual = np.array([100.0, 200.0])
    found = score(Forecast(np.array([110.0, 180.0]), np.array([90.0, 210.0]), np.array([120.0, 220.0])), actual)
    assert (found.missed, found.at_end, found.bias, found.held) == pytest.approx((0.10, 0.10, 0.0, 0.5))
    found = score(Forecast(np.array([90.0, 240.0]), actual, actual), actual)
    assert (found.missed, found.at_end, found.bias, found.held) == pytest.approx((0.15, 0.20, 0.05, 1.0))


def test_the_simple_rules_by_hand() -> None:
    doubled = 100 * 2 ** (np.arange(25) / 12)
    arr, low, high = last_growth(doubled, 12)
    assert arr[-1] == pytest.approx(800)
    assert low == pytest.approx(high)
    arr, low, high = last_value(doubled, 4)
    assert arr.tolist() == [doubled[-1]] * 4
    spread = np.log(2) / 12  # every month's change, so the root of the mean square too
    assert np.log(high / arr) == pytest.approx(WITHIN * spread * np.array([1, 2**0.5, 3**0.5, 2]))
    assert low * high == pytest.approx(arr**2)
    flat = score(Forecast(*last_value(np.full(13, 100.0), 2)), np.array([110.0, 125.0]))
    assert (flat.missed, flat.at_end, flat.bias, flat.held) == pytest.approx(
        ((10 / 110 + 0.2) / 2, 0.2, -(10 / 110 + 0.2) / 2, 0)
    )


@pytest.mark.parametrize(("name", "value", "ends"), [("win_rate", 0.25, (0.2, 0.32)), ("average_selling_price", 9e3, (8e3, 11e3)),
                                                     ("lead_growth", 0.1, (-0.05, 0.2)), ("leads_per_month", 40, (31, 55))])  # fmt: skip
def test_draws_leave_5_per_cent_beyond_each_end_of_an_interval(
    name: str, value: float, ends: tuple[float, float]
) -> None:
    normal = np.random.default_rng(1).standard_normal(200_000)
    drawn = draw(np.full((1, len(normal)), value), value, ends, assumptions()[name], normal)[0]
    assert np.quantile(drawn, [0.05, 0.95]) == pytest.approx(ends, rel=0.01)
    assert np.median(drawn) == pytest.approx(value, rel=0.01)
    assert assumptions()[name].min <= drawn.min()
    assert drawn.max() <= assumptions()[name].max


def test_chance_has_the_mean_and_spread_of_a_compound_poisson() -> None:
    of = Sizes(mean=5_000.0, spread=0.6)
    expected = np.full(200_000, 40_000.0)
    found = compound(expected, of, np.random.default_rng(1))
    assert found.mean() == pytest.approx(40_000, rel=0.01)
    assert found.var() == pytest.approx(40_000 * 5_000 * 1.6, rel=0.02)  # λ·E[x²], λ = 8 customers
    assert set(compound(expected[:99], Sizes(5_000.0, 0.0), np.random.default_rng(1)) % 5_000) == {0.0}


def test_sizes_are_those_of_customers_whatever_cells_they_are_counted_in() -> None:
    random = np.random.default_rng(1)
    amounts = random.gamma(2.0, 300_000, 6_000)  # cents: mean 6,000, variance over squared mean ½
    alone = [(640, "all", 640, "new", 1, round(amount)) for amount in amounts]
    together = [(640, "all", 640, "new", 3, round(amount)) for amount in amounts.reshape(-1, 3).sum(axis=1)]
    for rows in (alone, together):
        found = sizes(facts(640, movements=rows).movements)
        assert found is not None
        assert (found.mean, found.spread) == (pytest.approx(6_000, rel=0.05), pytest.approx(0.5, rel=0.1))
    assert sizes(facts(640).movements) is None


def test_the_csv_has_every_hidden_month_in_full() -> None:
    found = trials_of(steady(10, kept=1.0), 3, 6)
    rows = list(csv.DictReader(backtest_csv(found).decode().splitlines()))
    assert [(row["hidden"], row["date"]) for row in rows] == [
        (str(trial.hidden), month) for trial in found.trials for month in trial.months
    ]
    assert [float(row["plan"]) for row in rows[:3]] == found.trials[0].forecasts["plan"].arr.tolist()
    assert [float(row["churn_actual"]) for row in rows] == [0.0] * 9
