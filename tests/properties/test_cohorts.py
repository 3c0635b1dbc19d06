"""Cohorts and the curve of who stays: a case worked by hand, laws, and the sample's true rates."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from model.company import Numbers
from model.history.asking.engine import in_process
from model.history.asking.facts import Facts
from model.history.asking.gather import gather
from model.history.measuring.cohorts import Weight, cohorts, staying
from model.history.reading.files import GivenFile, read_files
from tests.sample_exports import FOLDER, SMALL

WEIGHTS: tuple[Weight, ...] = ("arr", "customers")
JANUARY = 24 * 12
"""January 1994, counted from 1970-01."""


@pytest.fixture(scope="module")
def sample() -> Facts:
    imported = read_files([GivenFile("", "subscriptions.csv", FOLDER / "subscriptions.csv")])
    with in_process(imported.tables) as engine:
        return gather(engine)


def moved(sample: Facts, until: int, rows: list[tuple[int, int, str, int, int]]) -> Facts:
    """Return facts with movements of one segment: month, month of sale, movement, customers, cents."""
    table = pd.DataFrame(rows, columns=["month", "sold", "movement", "customers", "arr"]).assign(segment="one")
    return replace(sample, until=until, segments={"one": "One"}, movements=table)


def test_a_cohort_worked_by_hand(sample: Facts) -> None:
    facts = moved(sample, JANUARY + 15, [
        (JANUARY, JANUARY, "new", 10, 1000), (JANUARY + 2, JANUARY + 2, "new", 1, 200),
        (JANUARY + 3, JANUARY, "churn", 4, 400), (JANUARY + 5, JANUARY, "expansion", 2, 100), (JANUARY + 5, JANUARY + 2, "churn", 1, 200),
        (JANUARY + 9, JANUARY, "reactivation", 1, 50),
    ])  # fmt: skip
    found = cohorts(facts, "", 3, "arr")
    assert (found.firsts, found.customers.tolist(), found.opening.tolist()) == ((JANUARY,), [11.0], [1200.0])
    assert found.left[0].tolist() == pytest.approx([1, 600 / 1200, 700 / 1200, 750 / 1200, 750 / 1200])
    assert cohorts(facts, "", 3, "customers").left[0].tolist() == pytest.approx([1, 6 / 11, 6 / 11, 7 / 11, 7 / 11])
    assert cohorts(facts, "", 12, "arr").left[0].tolist() == pytest.approx([1, 750 / 1200])
    assert found.together.tolist() == pytest.approx(found.left[0].tolist())


def test_a_cohort_is_as_old_as_its_youngest_sale(sample: Facts) -> None:
    rows = [(JANUARY, JANUARY, "new", 1, 100), (JANUARY + 11, JANUARY + 11, "new", 1, 100)]
    assert cohorts(moved(sample, JANUARY + 22, rows), "", 12, "arr").left.shape == (1, 1)
    assert cohorts(moved(sample, JANUARY + 23, rows), "", 12, "arr").left.tolist() == [[1.0, 1.0]]


def lives(sample: Facts, rows: list[tuple[int, bool, int]]) -> Facts:
    """Return facts with lifetimes: age, whether lost, customers; dealt into the groups one by one."""
    single = [(age, lost, 1) for age, lost, count in rows for _ in range(count)]
    table = pd.DataFrame(single, columns=["age", "lost", "customers"])
    table = table.assign(segment="one", part=np.arange(len(table)) % 16, sold=JANUARY, arr=100)
    return replace(sample, segments={"one": "One"}, lifetimes=table)


def test_the_curve_of_who_stays_is_the_product_limit(sample: Facts) -> None:
    found = staying(lives(sample, [(1, True, 8), (1, False, 12), (2, True, 10), (2, False, 10)]), "", "customers")
    assert found.share.tolist() == pytest.approx([1, 1 - 8 / 40, (1 - 8 / 40) * (1 - 10 / 20)])
    assert found.times.tolist() == [0, 1, 2]


def test_without_censoring_it_is_the_share_left(sample: Facts) -> None:
    ages = [1, 1, 2, 3, 3, 3, 4, 6, 6, 7] * 4
    found = staying(lives(sample, [(age, True, 1) for age in ages]), "", "customers")
    left: Numbers = np.array([np.mean(np.array(ages) > age) for age in range(len(found.share))])
    assert found.share == pytest.approx(left)


def test_intervals_hold_the_value_and_the_curve_never_rises(sample: Facts) -> None:
    for segment in ("", *sample.segments):
        for weight in WEIGHTS:
            found = staying(sample, segment, weight)
            known = np.isfinite(found.low)
            assert (found.low[known] <= found.share[known]).all()
            assert (found.share[known] <= found.high[known]).all()
            assert (np.diff(found.share) <= 0).all()
            assert ((found.low[known] >= 0) & (found.high[known] <= 1)).all()


def test_the_curve_holds_the_rate_the_sample_was_made_with(sample: Facts) -> None:
    found = staying(sample, "small-business", "customers")
    assert found.low[12] <= SMALL.retention_rate <= found.high[12]


def test_segments_add_up_to_all(sample: Facts) -> None:
    whole = cohorts(sample, "", 12, "arr")
    parts = [cohorts(sample, segment, 12, "arr") for segment in sample.segments]
    assert sum(part.opening for part in parts) == pytest.approx(whole.opening)
    last = sum(np.nansum(part.left[:, 1] * part.opening) for part in parts)
    assert last == pytest.approx(np.nansum(whole.left[:, 1] * whole.opening))


def test_nothing_is_left_of_nothing(sample: Facts) -> None:
    empty = replace(sample, movements=sample.movements.iloc[:0], lifetimes=sample.lifetimes.iloc[:0])
    assert cohorts(empty, "", 12, "arr").left.size == 0
    assert staying(empty, "", "arr").share.size == 0
