"""How long customers stay: the shifted beta-geometric model beside one constant rate, and the gap in money."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from model.company import Numbers
from model.history.asking.facts import PARTS, Facts
from model.history.measuring.book import SIGN
from model.history.measuring.intervals import jackknife
from model.history.measuring.measure import Measured, found
from model.history.measuring.slices import by_segment, money, span, total
from model.rates import YEAR
from model.retention import Fit, fit_lives, survival

LONGEST = 40
LEAST_YEARS = 3
LEAST_IN_YEAR = 10
LEAST_LOST = 10
AHEAD = 5
SURE = 0.05


@dataclass(frozen=True)
class Lives:
    """The lives of a segment's customers, and what was fitted to them.

    Attributes
    ----------
    segment : str
        "" for all segments together.
    lost, kept : array, (years,)
        Customers lost in year of life 1, 2, …; customers still there after so many full years, followed no longer.
    by_customer, by_arr : Fit
        Each customer counted once (its likelihoods are a test), and weighed by first ARR (what money does).
    book : mapping of int to float
        Today's ARR by full years of age.
    """

    segment: str
    lost: Numbers
    kept: Numbers
    by_customer: Fit
    by_arr: Fit
    book: dict[int, float]

    @property
    def differ(self) -> bool:
        """Whether customers differ: the spread fits better than one rate, beyond chance at 5 %."""
        return self.by_customer.chance_if_alike <= SURE

    def left(self, years: int) -> tuple[float, float]:
        """Return today's ARR that is left after some years: by the fitted model, and were all alike."""
        return _left(self.by_arr, self.book, years)

    def remaining_margin(self, margin: float, discount: float, years: int = 50) -> tuple[float, float]:
        """Return the discounted margin of today's book without growth: by the fitted model, and were all alike."""
        pairs = np.array([self.left(year) for year in range(1, years + 1)])
        fitted, constant = (margin * (1 + discount) ** -np.arange(1, years + 1.0)) @ pairs
        return float(fitted), float(constant)


def lives(facts: Facts) -> Iterator[Lives]:
    """Yield the lives of all customers and of each segment, where enough of them was seen."""
    for segment, rows in by_segment(facts, facts.lifetimes):
        counts = by_year(rows, facts.until, "customers").sum(axis=0)
        if _enough(counts):
            weights = by_year(rows, facts.until, "arr").sum(axis=0)
            scaled = weights * counts.sum() / weights.sum() if weights.sum() > 0 else counts
            lost, kept = counts.T
            by_customer = fit_lives(lost, kept)
            by_arr = fit_lives(scaled[:, 0], scaled[:, 1]) if scaled[:, 0].any() else by_customer
            yield Lives(segment, lost, kept, by_customer, by_arr, book_by_age(facts, segment))


def by_year(rows: pd.DataFrame, until: int, weight: str) -> Numbers:
    """Return lives as sums of `weight`, (PARTS, years, 2): lost in year 1, 2, …, and kept for 1, 2, … full years.

    Everybody is followed for the full years since the sale and no longer: within a year not yet over, losses are known
    and survivors are not, and counting the one without the other would make customers look less loyal.
    """
    followed = np.minimum((until - rows["sold"].to_numpy(np.int64)) // YEAR, LONGEST)
    year = np.maximum(-(-rows["age"].to_numpy(np.int64) // YEAR), 1)
    lost = rows["lost"].to_numpy(bool) & (year <= followed)
    used = followed >= 1
    sums = np.zeros((PARTS, max(int(followed.max(initial=0)), 1), 2))
    place = np.where(lost, year, followed)[used] - 1
    columns = np.where(lost, 0, 1)[used]
    np.add.at(sums, (rows["part"].to_numpy(np.int64)[used], place, columns), rows[weight].to_numpy(float)[used])
    return sums


def book_by_age(facts: Facts, segment: str) -> dict[int, float]:
    """Return today's ARR by full years since the sale."""
    rows = facts.movements
    own = rows[rows["segment"] == segment] if segment else rows
    age = (facts.until - own["sold"]) // YEAR
    arr = (own["arr"] * own["movement"].map(SIGN)).groupby(age).sum()
    pairs = zip(arr.index.tolist(), arr.tolist(), strict=True)
    return {int(years): money(float(cents)) for years, cents in pairs if cents > 0}


def life_measures(facts: Facts, fitted: Sequence[Lives]) -> Iterator[Measured]:
    """Yield first-year retention and spread as fitted, the constant rate, and what either says of five years ahead."""
    rows = dict(by_segment(facts, facts.lifetimes))
    for one in fitted:
        own = rows[one.segment]
        parts = by_year(own, facts.until, "arr") * total(own, "customers") / max(total(own, "arr"), 1.0)
        n = int(one.lost.sum() + one.kept.sum())
        period = span(int(own["sold"].min()), facts.until)
        for name, (value, ends) in zip(_NAMES, jackknife(parts, partial(_values, one)), strict=True):
            yield from found(name, one.segment, value, n, period, ends)


_NAMES = (
    "first_year_retention",
    "loyalty_spread",
    "constant_retention",
    "arr_in_5_years",
    "arr_in_5_years_constant",
)


def _values(one: Lives, sums: Numbers) -> tuple[float, ...]:
    if sums[:, 0].sum() <= 0:
        return (np.nan,) * len(_NAMES)
    fit = fit_lives(sums[:, 0], sums[:, 1], one.by_arr)
    return fit.retention_rate, fit.loyalty_spread, fit.constant_rate, *_left(fit, one.book, AHEAD)


def _left(fit: Fit, book: dict[int, float], years: int) -> tuple[float, float]:
    alive = survival(fit.alpha, fit.beta, max(book, default=0) + years)
    fitted = sum(arr * alive[age + years] / alive[age] for age, arr in book.items())
    return float(fitted), float(sum(book.values()) * fit.constant_rate**years)


def _enough(counts: Numbers) -> bool:
    """Return whether three years of life were seen of enough customers, and enough were lost."""
    at_risk = counts.sum(axis=1)[::-1].cumsum()[::-1]
    years = int((at_risk >= LEAST_IN_YEAR).sum())
    return years >= LEAST_YEARS and counts[:, 0].sum() >= LEAST_LOST
