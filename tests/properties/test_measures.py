"""Measures: intervals hold what they say, money scales, segments add up, and what is too little is marked."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from model.history.asking.facts import Facts
from model.history.measuring.intervals import student, trend, wilson
from model.history.measuring.measures import Measured, measured, measures
from tests.histories import Deal, Held, book_tables, deal_tables, facts

TWO = {"large": "Large", "small": "Small"}
UNTIL, RETENTION = 659, 0.85
TRUTH = {
    "arr_retention": RETENTION, "logo_retention": RETENTION, "grr": RETENTION, "first_year_retention": RETENTION,
    "constant_retention": RETENTION, "win_rate": 0.3, "eventual_win_rate": 0.27, "decided_share": 0.9,
    "sales_cycle": 59.5 / 30.4375, "cycle_spread": 30 * 2**0.5 / 30.4375, "average_selling_price": np.exp(11.32) / 100,
    "opportunities_per_month": 250 / 24, "opportunity_trend": 0.0, "slip_rate": 0.25,
}  # fmt: skip


def history(seed: int, scale: int = 1) -> Facts:
    """Return a company of 150 customers and some 250 opportunities of which a tenth is never decided."""
    rng = np.random.default_rng(seed)
    held, deals = [], []
    for customer in range(150):
        sold, life = int(rng.integers(590, 657)), 12 * int(rng.geometric(1 - RETENTION))
        arr, grows = int(rng.lognormal(9, 1) * 100), sold + 13 + int(rng.integers(0, 12))
        segment = "large" if customer % 3 else "small"
        held.append(Held(customer, sold, sold + life, arr * scale, segment, 12))
        if rng.random() < 0.3 and grows < sold + life:
            held.append(Held(customer, grows, sold + life, arr // 5 * scale, segment, 12))
    for number in range(int(rng.poisson(250))):
        created, days = int(rng.integers(636 * 30, 660 * 30)), rng.gamma(2, 30)
        won, never, price = rng.random() < 0.3, rng.random() < 0.1, int(rng.lognormal(11, 0.8))
        closed = None if never or created + days >= 660 * 30 else int(created + days)
        outcome = "open" if closed is None else "won" if won else "lost"
        deals.append(Deal(created, closed, outcome, price * scale, "large" if number % 2 else "small"))
    slips = [("large" if n % 2 else "small", q, False, 1) for n, q in enumerate(rng.geometric(0.75, size=60) - 1)]
    return facts(UNTIL, TWO, **book_tables(held, UNTIL), **deal_tables(deals, 660 * 30), slips=slips)


@cache
def found(seed: int, scale: int = 1) -> dict[tuple[str, str], Measured]:
    return {(one.measure, one.segment): one for one in measured(history(seed, scale))}


def as_one(given: Facts) -> Facts:
    """Return the facts without segments."""
    tables = {
        name: table.assign(segment="customers")
        for name, table in vars(given).items()
        if isinstance(table, pd.DataFrame) and "segment" in table
    }
    return replace(given, segments={"customers": "All customers"}, **tables)


def test_nine_in_ten_intervals_hold_the_truth() -> None:
    """200 companies drawn from the same truth, 90 % intervals."""
    held = defaultdict(list)
    for seed in range(200):
        for one in measured(as_one(history(seed))):
            if one.measure in TRUTH:
                held[one.measure].append(one.low <= TRUTH[one.measure] <= one.high)
    assert held.keys() == TRUTH.keys()
    assert {name: len(hits) for name, hits in held.items()} == dict.fromkeys(held, 200)
    shares = {name: float(np.mean(hits)) for name, hits in held.items()}
    assert {name: share for name, share in shares.items() if not 0.82 <= share <= 0.97} == {}


@pytest.mark.parametrize("seed", range(8))
def test_an_interval_holds_its_value_and_stays_within_the_ends_of_its_measure(seed: int) -> None:
    for one in found(seed).values():
        if one.has_interval:
            assert one.low <= one.value <= one.high
            assert one.low >= (one.declared.min if one.declared.min is not None else -np.inf)
            assert one.high <= (one.declared.max if one.declared.max is not None else np.inf)
        else:
            assert one.declared.interval == "none" or one.n < 60


@pytest.mark.parametrize("seed", range(3))
def test_twice_the_money_is_twice_the_money_and_nothing_else(seed: int) -> None:
    once, twice = found(seed), found(seed, 2)
    assert once.keys() == twice.keys()
    for key, one in once.items():
        times, within = (2 if one.declared.shown_as == "money" else 1), 5e-3 if "spread" in key[0] else 1e-3
        assert twice[key].value == pytest.approx(times * one.value, rel=within, abs=1e-9)
        assert (twice[key].n, twice[key].period) == (one.n, one.period)
        assert twice[key].low == pytest.approx(times * one.low, rel=0.03, abs=0.003, nan_ok=True)


@pytest.mark.parametrize("seed", range(8))
def test_segments_add_up(seed: int) -> None:
    by = found(seed)
    for name in ("opening_arr", "opening_customers", "opportunities_per_month", "pipeline_per_month", "new_customers",
                 "due_in_3_months", "due_in_12_months"):  # fmt: skip
        assert by[name, "large"].value + by[name, "small"].value == pytest.approx(by[name, ""].value)
    for name in ("win_rate", "slip_rate", "opening_arr"):
        assert by[name, "large"].n + by[name, "small"].n == by[name, ""].n
    for name in ("first_arr", "average_selling_price"):
        all_of_them, parts_of_it = by[name, ""], (by[name, "large"], by[name, "small"])
        longer = [
            one for one in parts_of_it if one.period != all_of_them.period
        ]  # a segment with few goes further back
        assert sum(one.n for one in parts_of_it) >= all_of_them.n
        assert longer or sum(one.n for one in parts_of_it) == all_of_them.n
    for name in ("win_rate", "arr_retention", "grr", "nrr"):
        parts = sorted([by[name, "large"].value, by[name, "small"].value])
        assert parts[0] <= by[name, ""].value <= parts[1]


def test_what_rests_on_too_little_is_marked() -> None:
    deals = [Deal(0, 20, "won")] * 9
    few = {one.measure: one for one in measured(facts(0, **deal_tables(deals, 30)))}
    assert not few["win_rate"].enough
    assert (
        few["win_rate"].shown("USD")
        == "100.0\u202f% of decided (76.9\u202f% to 100.0\u202f%); 9 decided opportunities: too few, 10 are needed"
    )
    enough = {one.measure: one for one in measured(facts(0, **deal_tables([*deals, Deal(1, 20, "lost")], 30)))}
    assert enough["win_rate"].enough


def test_that_nobody_was_lost_is_no_proof_that_nobody_leaves() -> None:
    held = [Held(customer, 600, 900, 100_000) for customer in range(20)]
    by = {one.measure: one for one in measured(facts(UNTIL, **book_tables(held, UNTIL)))}
    assert by["arr_retention"].value == by["logo_retention"].value == 1
    assert (by["arr_retention"].low, by["arr_retention"].high) == (pytest.approx(wilson(20, 20)[0]), 1)
    assert by["arr_retention"].low < 0.9


@pytest.mark.parametrize("seed", range(6))
def test_grr_of_amounts_of_today_alone_is_at_most_that_of_the_history(seed: int) -> None:
    """Customers grow and give up; an export that has the last amount of each for its whole life shows at least their GRR."""
    rng = np.random.default_rng(seed)
    real, alone = [], []
    for customer in range(200):
        sold, first = int(rng.integers(600, 640)), int(rng.integers(100, 900)) * 100
        end = int(rng.integers(UNTIL - 11, UNTIL)) if customer % 8 == 0 else UNTIL + 12
        turn = int(rng.integers(UNTIL - 11, UNTIL))
        last = round(first * rng.choice([0.5, 1, 1.5])) if end > UNTIL else first
        real += [Held(customer, sold, min(turn, end), first), Held(customer, turn, end, last)]
        alone.append(Held(customer, sold, end, last))
    whole, today = (
        {one.measure: one for one in measured(facts(UNTIL, **book_tables(held, UNTIL)))} for held in (real, alone)
    )
    for name in ("grr", "grr_movements", "grr_monthly"):
        assert (whole[name].bound, today[name].bound) == ("", "at most")
        assert today[name].value > whole[name].value


@pytest.mark.parametrize(("last", "more"), [(150, False), (50, True)])
def test_the_quick_ratio_of_amounts_of_today_alone_may_be_too_high_or_too_low(last: int, more: bool) -> None:
    """Of 20 customers at 100 one leaves and one comes; another now pays more, or less: 1 becomes 3 ÷ 2 or 2 ÷ 3 of it, which today alone leaves out."""
    old = [Held(customer, UNTIL - 30, UNTIL - 5 if not customer else UNTIL + 12, 100) for customer in range(19)]
    new = Held(19, UNTIL - 5, UNTIL + 12, 100)
    changed = [Held(20, UNTIL - 30, UNTIL - 5, 100), Held(20, UNTIL - 5, UNTIL + 12, last)]
    whole, today = (
        {one.measure: one for one in measured(facts(UNTIL, **book_tables([*old, new, *of], UNTIL)))}
        for of in (changed, [Held(20, UNTIL - 30, UNTIL + 12, last)])
    )
    assert today["quick_ratio"].value == 1
    assert (today["quick_ratio"].bound, whole["quick_ratio"].bound) == ("not exact", "")
    assert whole["quick_ratio"].value == pytest.approx(2 / 3 if more else 3 / 2)


def test_wilson_by_hand() -> None:
    """8 of 10 at z = 1.6449: middle (0.8 + 0.13528)/1.27055, half 1.6449·√(0.016 + 0.0067639)/1.27055."""
    assert wilson(8, 10) == (pytest.approx(0.7361 - 0.1953, abs=2e-4), pytest.approx(0.7361 + 0.1953, abs=2e-4))
    assert all(np.isnan(end) for end in wilson(0, 0))


def test_the_t_interval_by_hand() -> None:
    """1, 2, 3: mean 2, error 1/√3, t(2) = 2.920."""
    assert student([1, 2, 3]) == (
        pytest.approx(2 - 2.91999 / 3**0.5, abs=1e-4),
        pytest.approx(2 + 2.91999 / 3**0.5, abs=1e-4),
    )


@pytest.mark.parametrize("yearly", [-0.4, 0.0, 0.8])
def test_a_trend_is_found_again(yearly: float) -> None:
    growth, (low, high) = trend(50 * (1 + yearly) ** (np.arange(36) / 12))
    assert growth == pytest.approx(yearly, abs=1e-6)
    assert low < yearly < high


def test_a_trend_bears_months_without_any() -> None:
    growth, (low, high) = trend([0, 0, 1, 0, 2, 1, 0, 3, 2, 4, 3, 5])
    assert low < growth < high
    assert low > 0
    assert np.isnan(trend([0, 0, 0, 0])[0])


def test_no_facts_give_no_measures() -> None:
    assert measured(facts(UNTIL)) == ()


@pytest.mark.parametrize("name", measures())
def test_a_measure_is_declared_in_full(name: str) -> None:
    entry = measures()[name]
    assert entry.method.endswith(".")
    assert not entry.wants.endswith(".")
    assert not entry.label.endswith(".")
    assert entry.least >= 1
