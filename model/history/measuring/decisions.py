"""Time to a decision, where some opportunities are still open: Kaplan-Meier and Aalen-Johansen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from model.company import Numbers
from model.history.asking.facts import PARTS, Facts
from model.history.measuring.intervals import jackknife
from model.history.measuring.measure import Measured, found
from model.history.measuring.slices import by_segment, ratio, span, total

DAYS_PER_MONTH = 30.4375
OUTCOMES = ("won", "lost", "open")


@dataclass(frozen=True)
class Curve:
    """What becomes of opportunities with the days.

    Attributes
    ----------
    days : array, (D,)
        Days after creation, rising.
    undecided : array, (D,)
        Share not decided by the end of that day (Kaplan-Meier).
    won, lost : array, (D,)
        Share won, lost by the end of that day (Aalen-Johansen); with `undecided` they add up to 1.
    """

    days: Numbers
    undecided: Numbers
    won: Numbers
    lost: Numbers

    @property
    def decided_on(self) -> Numbers:
        """Share decided on each day, (D,)."""
        return -np.diff(self.undecided, prepend=1.0)


def curve(days: Numbers, counts: Numbers) -> Curve:
    """Return what becomes of opportunities, those still open counted as not decided yet.

    Kaplan and Meier 1958; for one of several outcomes Aalen and Johansen 1978: the share won on a day is the share
    undecided before it × won on it ÷ those watched. An opportunity open on a day was watched through that day.

    Parameters
    ----------
    days : array, (D,)
        Rising.
    counts : array, (D, 3)
        Opportunities won, lost and open (last seen so) on each day.
    """
    watched = np.maximum(counts.sum(axis=1)[::-1].cumsum()[::-1], 1e-300)
    decided = counts[:, 0] + counts[:, 1]
    undecided = np.cumprod(1 - np.minimum(decided / watched, 1.0))
    before = np.concatenate([[1.0], undecided[:-1]])
    won, lost = (np.cumsum(before * counts[:, outcome] / watched) for outcome in (0, 1))
    return Curve(days, undecided, won, lost)


def decision_measures(facts: Facts) -> Iterator[Measured]:
    """Yield what becomes of opportunities in the end, and times to a decision and to a win."""
    if not len(facts.prices) or not total(facts.prices, "won"):
        return
    last = max(int(facts.created["month"].max()), int(facts.prices["month"].max()))
    period = span(int(facts.created["month"].min()), min(last, facts.until))
    for segment, rows in by_segment(facts, facts.decisions):
        count = {word: int(total(rows[rows["outcome"] == word], "opportunities")) for word in OUTCOMES}
        decided = count["won"] + count["lost"]
        if not decided:
            continue
        days, parts = by_day(rows)
        long_open = int(rows.loc[rows["days"] > days[_last_decision(parts)], "opportunities"].sum())
        numbers = {"eventual_win_rate": decided + count["open"], "decided_share": long_open,
                   "cycle_median": decided + count["open"], "time_to_won": count["won"]}  # fmt: skip
        found_here = jackknife(parts, partial(_values, days))
        for name, (value, ends) in zip(_NAMES, found_here, strict=True):
            yield from found(name, segment, value, numbers.get(name, decided), period, ends)


def by_day(rows: pd.DataFrame) -> tuple[Numbers, Numbers]:
    """Return the days that occur, rising, and the counts by group of customers, (PARTS, D, 3)."""
    days, places = np.unique(rows["days"].to_numpy(float), return_inverse=True)
    outcome = rows["outcome"].map({word: place for place, word in enumerate(OUTCOMES)}).to_numpy(np.int64)
    counts = np.zeros((PARTS, len(days), len(OUTCOMES)))
    np.add.at(counts, (rows["part"].to_numpy(np.int64), places, outcome), rows["opportunities"].to_numpy(float))
    return days, counts


def _last_decision(parts: Numbers) -> int:
    return int(np.flatnonzero(parts[:, :, :2].sum(axis=(0, 2)))[-1])


_NAMES = ("eventual_win_rate", "decided_share", "sales_cycle", "time_to_won", "cycle_spread", "cycle_median")


def _values(days: Numbers, counts: Numbers) -> tuple[float, ...]:
    """Return share won and decided in the end; in months, mean time to it and to a win, spread and median of the first."""
    seen = curve(days, counts)
    decided = float(1 - seen.undecided[-1])
    months = seen.days / DAYS_PER_MONTH
    mean = ratio(float(seen.decided_on @ months), decided)
    spread = ratio(float(seen.decided_on @ (months - mean) ** 2), decided)
    to_won = ratio(float(np.diff(seen.won, prepend=0.0) @ months), float(seen.won[-1]))
    half = np.flatnonzero(seen.undecided <= 0.5)
    median = float(months[half[0]]) if len(half) else np.nan
    return float(seen.won[-1]), decided, mean, to_won, float(np.sqrt(spread)), median
