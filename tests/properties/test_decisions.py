"""What becomes of opportunities: laws, and a second way to the same curves."""

from __future__ import annotations

import numpy as np
import pytest

from model.history.measuring.decisions import curve
from model.history.measuring.measures import measured
from tests.histories import Deal, deal_tables, facts


def random_counts(seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    days = np.sort(rng.choice(200, size=int(rng.integers(2, 30)), replace=False)).astype(float)
    return days, rng.integers(0, 4, size=(len(days), 3)) + np.eye(1, 3, dtype=np.int64)


def to_the_right(counts: np.ndarray) -> np.ndarray:
    """Return shares won and lost by day: what is still open is dealt out evenly to all seen later (Efron 1967)."""
    people = [
        (day, outcome) for day, row in enumerate(counts) for outcome in range(3) for _ in range(int(row[outcome]))
    ]
    weight = np.full(len(people), 1 / len(people))
    shares = np.zeros((len(counts), 2))
    for place, (day, outcome) in enumerate(people):
        if outcome < 2:
            shares[day, outcome] += weight[place]
        elif later := len(people) - place - 1:
            weight[place + 1 :] += weight[place] / later
    return shares.cumsum(axis=0)


@pytest.mark.parametrize("seed", range(40))
def test_open_ones_dealt_out_to_the_right_give_the_same_curves(seed: int) -> None:
    days, counts = random_counts(seed)
    seen = curve(days, counts)
    assert np.stack([seen.won, seen.lost], axis=1) == pytest.approx(to_the_right(counts))
    assert seen.won + seen.lost + seen.undecided == pytest.approx(np.ones(len(days)))


@pytest.mark.parametrize("seed", range(10))
def test_without_open_ones_they_are_plain_shares(seed: int) -> None:
    days, counts = random_counts(seed)
    counts[:, 2] = 0
    seen = curve(days, counts)
    assert seen.won == pytest.approx(counts[:, 0].cumsum() / counts.sum())
    assert seen.undecided[-1] == pytest.approx(0)


def test_worked_by_hand() -> None:
    """Six opportunities: won on day 10, open since 20, lost on 30, won on 40, open since 50 and 60.

    Undecided: 5/6, then × 3/4 = 5/8, then × 2/3 = 5/12. Won: 1/6, then + 5/8 × 1/3 = 3/8. Lost: 5/6 × 1/4 = 5/24.
    """
    deals = [Deal(0, 10, "won"), Deal(100, None, "open"), Deal(0, 30, "lost"), Deal(0, 40, "won"), Deal(70, None, "open"),
             Deal(60, None, "open")]  # fmt: skip
    found = {one.measure: one for one in measured(facts(4, **deal_tables(deals, 120)))}
    assert found["eventual_win_rate"].value == pytest.approx(3 / 8)
    assert found["decided_share"].value == pytest.approx(7 / 12)
    assert found["decided_share"].n == 2
    assert found["win_rate"].value == pytest.approx(2 / 3)
    days = (10 / 6 + 30 * 5 / 24 + 40 * 5 / 24) / (7 / 12)
    assert found["sales_cycle"].value == pytest.approx(days / 30.4375)
    assert found["cycle_median"].value == pytest.approx(40 / 30.4375)
    assert not found["win_rate"].enough
