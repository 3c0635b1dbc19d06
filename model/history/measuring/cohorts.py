"""Retention as it was seen: what is left of each cohort by age, and how long customers stay, with its interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from model.company import Numbers
from model.history.asking.facts import PARTS, Facts
from model.history.measuring.book import CUSTOMERS, SIGN
from model.history.measuring.intervals import jackknife

Weight = Literal["arr", "customers"]
LEAST_FOLLOWED = 10
"""A curve ends where fewer customers were followed."""


def of_segment(table: pd.DataFrame, segment: str) -> pd.DataFrame:
    """Return the rows of a segment, "" for all."""
    return table[table["segment"] == segment] if segment else table


@dataclass(frozen=True)
class Cohorts:
    """What is left of the customers of each quarter or year of sale.

    Attributes
    ----------
    firsts : tuple of int
        First month of each cohort, counted from 1970-01.
    months : int
        How long a cohort and a step of age are: 3 or 12.
    opening : array, (cohorts,)
        ARR in cents, or customers, at the end of the sale months.
    left : array, (cohorts, ages)
        Share of it that is there after 0, 1, … steps; NaN where not all of the cohort is that old yet.
    customers : array, (cohorts,)
        How many customers each began with.
    """

    firsts: tuple[int, ...]
    months: int
    opening: Numbers
    left: Numbers
    customers: Numbers

    @property
    def together(self) -> Numbers:
        """Share left of all cohorts that are that old, by age, (ages,)."""
        known = np.isfinite(self.left)
        there = np.where(known, self.left, 0.0) * self.opening[:, np.newaxis]
        return np.asarray(there.sum(axis=0) / (known * self.opening[:, np.newaxis]).sum(axis=0))


def cohorts(facts: Facts, segment: str, months: int, weight: Weight) -> Cohorts:
    """Return what is left of each cohort by age, each customer's age counted from the month of its own sale.

    A cohort is as old as its youngest sale; what grew counts, so that more than all can be left of ARR.
    """
    rows = of_segment(facts.movements, segment)
    first = int(rows["month"].min()) if len(rows) else facts.until
    balances = _balances(rows, weight, first, facts.until)
    begun = rows[rows["movement"] == "new"].groupby("sold")["customers"].sum()
    starts = sorted({sold - sold % months for sold in balances})
    ages = range(0, facts.until - min(starts, default=facts.until) + 1, months)
    opening, left, customers = np.zeros(len(starts)), np.full((len(starts), len(ages)), np.nan), np.zeros(len(starts))
    for place, start in enumerate(starts):
        own = {sold: held for sold, held in balances.items() if sold - sold % months == start}
        opening[place] = sum(float(held[sold - first]) for sold, held in own.items())
        customers[place] = sum(float(begun.get(sold, 0)) for sold in own)
        for step, age in enumerate(ages):
            if max(own) + age <= facts.until and opening[place] > 0:
                left[place, step] = sum(held[sold + age - first] for sold, held in own.items()) / opening[place]
    known = np.isfinite(left)
    return Cohorts(tuple(starts), months, opening, left[:, known.any(axis=0)], customers)


def _balances(rows: pd.DataFrame, weight: Weight, first: int, until: int) -> dict[int, Numbers]:
    """Return ARR (cents) or customers at each month's end from the first on, by sale month."""
    sign = rows["movement"].map(SIGN if weight == "arr" else CUSTOMERS)
    change = (rows[weight] * sign).groupby([rows["sold"], rows["month"]]).sum().reset_index(name="change")
    found: dict[int, Numbers] = {}
    for sold, month, value in change.itertuples(index=False):
        found.setdefault(int(sold), np.zeros(until - first + 1))[month - first] = value
    return {sold: values.cumsum() for sold, values in sorted(found.items())}


@dataclass(frozen=True)
class Curve:
    """A share by time, with the ends of its 90 % interval (NaN where they are not known)."""

    times: Numbers
    share: Numbers
    low: Numbers
    high: Numbers

    @staticmethod
    def of(times: Numbers, found: list[tuple[float, tuple[float, float]]]) -> Curve:
        """Return a curve from estimates with their intervals, kept within 0 and 1."""
        ends = np.clip([ends for _, ends in found] or np.empty((0, 2)), 0.0, 1.0)
        return Curve(times, np.array([value for value, _ in found]), ends[:, 0], ends[:, 1])


def staying(facts: Facts, segment: str, weight: Weight) -> Curve:
    """Return the share still there by full months since the sale, as long as ten customers were followed.

    Kaplan and Meier 1958: who is there at the end of the data counts as not lost yet. Each customer counts once, or
    with its first ARR.
    """
    rows = of_segment(facts.lifetimes, segment)
    ages = int(rows["age"].max()) + 1 if len(rows) else 0
    sums = np.zeros((PARTS, ages, 3))  # lost at this age, followed to it, and customers of the latter
    part, age = rows["part"].to_numpy(np.int64), rows["age"].to_numpy(np.int64)
    weights = rows[weight].to_numpy(float)
    for column, values in enumerate(
        (weights * rows["lost"].to_numpy(bool), weights, rows["customers"].to_numpy(float))
    ):
        np.add.at(sums[:, :, column], (part, age), values)
    long = int((_watched(sums[:, :, 2].sum(axis=0)) >= LEAST_FOLLOWED).sum())
    return Curve.of(np.arange(float(long)), jackknife(sums, lambda part: _survival(part)[:long].tolist()))


def _survival(sums: Numbers) -> Numbers:
    watched = _watched(sums[:, 1])
    lost = np.divide(sums[:, 0], watched, out=np.zeros_like(watched), where=watched > 0)
    return np.asarray(np.cumprod(1 - lost))


def _watched(followed_to: Numbers) -> Numbers:
    """Return how many are followed to each age or beyond."""
    return np.asarray(followed_to[::-1].cumsum()[::-1])
