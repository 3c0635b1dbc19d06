"""The existing book: customers and ARR by sale month, what renews, what is lost, what grows.

A cohort is touched only in the months in which it is due. Between two renewals it changes as all others do,
so its amount is kept as at its last renewal (or sale) and brought to date when it is due again.
Cohorts lie in a table of rows (one row a term) and phases (the month within the term):
all cohorts due in a month are one column of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np

from model.company import BOOK_MONTHS, Numbers

CUSTOMERS, ARR = 0, 1
YEAR = 12


@dataclass
class Renewals:
    """What the renewals of some months do; each array has the shape (months, segments, runs).

    `after` is customers and ARR renewed, (months, 2, segments, runs), at the month's end; `immature` the part of that
    ARR which was sold in the last 12 months.
    """

    due: Numbers
    churn: Numbers
    customers_churned: Numbers
    contraction: Numbers
    uplift: Numbers
    immature: Numbers
    after: Numbers

    @staticmethod
    def empty(months: int, segments: int, runs: int) -> Renewals:
        """Return room for the renewals of all months."""
        single, pair = (months, segments, runs), (months, 2, segments, runs)
        return Renewals(*(np.empty(single) for _ in fields(Renewals)[:-1]), after=np.empty(pair))

    def put(self, months: slice, columns: slice | list[int], part: Renewals) -> None:
        """Put the renewals of some months and segments in their place."""
        for name, values in vars(part).items():
            getattr(self, name)[months, ..., columns, :] = values


class Cohorts:
    """Cohorts of the segments that share one contract term.

    Parameters
    ----------
    term : int
        Contract term m, months.
    horizon, runs : int
        Months T and runs R.
    opening : array, (120, 2, S, R or 1)
        Customers and ARR by age.
    path : mapping of str to array, (1 or T, S, R or 1)
        The assumptions, of these segments only.
    failed, growth : array, (1 or T, S, R or 1)
        Share lost to failed cards in a month; monthly factor of expansion.
    """

    def __init__(
        self, term: int, horizon: int, runs: int, opening: Numbers, path: Mapping[str, Numbers],
        failed: Numbers, growth: Numbers,
    ) -> None:  # fmt: skip
        self.term = term
        self.opening_rows = -(-BOOK_MONTHS // term)
        cycles = -(-horizon // term)
        rows, segments = self.opening_rows + cycles, opening.shape[2]
        self.amounts = np.zeros((rows, term, 2, segments, runs))
        self._by_sale = self.amounts.reshape(rows * term, 2, segments, runs)
        first_month = self.opening_rows * term
        self._by_sale[first_month - BOOK_MONTHS : first_month] = opening[::-1]
        self.level = np.add.reduce(self.amounts, axis=0)
        saved = path["renewal_coverage"] * path["risk_detection"] * path["renewal_outreach"] * path["save_rate"]
        self.loss = (1 - renewal_chance(path, term, rows)) * (1 - saved)
        self.keep = 1 - self.loss
        self.contracted = 1 - (1 - path["contraction_rate"]) ** (term / 12)
        self.uplifted = (1 + path["price_uplift"]) ** (term / 12) - 1
        stays, grows = _pair(1 - failed, 1 - failed), _pair(1.0, growth)
        self.carried, self.through, self.reached = _between_renewals(term, cycles, stays, grows)
        self.after = grows * _pair(1.0, (1 - self.contracted) * (1 + self.uplifted))

    def begin(self, cycle: int) -> Numbers:
        """Bring all cohorts to the start of a term; return what of them is not yet renewed at the end of each month.

        The result has the shape (term, 2, S, R).
        """
        self.level *= _cycle(self.carried, cycle)
        later = np.zeros_like(self.level)
        np.cumsum(self.level[:0:-1], axis=0, out=later[-2::-1])
        later *= _cycle(self.through, cycle)
        return later

    def renew(self, months: slice, *, by_maturity: bool) -> Renewals:
        """Renew all cohorts due in some months (from 0), none of which is due twice in them."""
        cycle, phase = divmod(months.start, self.term)
        phases = slice(phase, phase + months.stop - months.start)
        rows = self.opening_rows + cycle
        due, reached = self.amounts[:rows, phases], _cycle(self.reached, cycle)[phases]
        since = _cycle(self.carried, cycle)[phases] * reached
        loss, keep = (
            _part(values, months, 1)[len(values) - rows :, :, np.newaxis] for values in (self.loss, self.keep)
        )
        before = self.level[phases] * reached
        lost = np.add.reduce(due * loss, axis=0) * since
        due *= keep
        kept = np.add.reduce(due, axis=0)[:, ARR] * since[:, ARR]
        due *= since * _part(self.after, months)
        after = np.add.reduce(due, axis=0)
        self.level[phases] = after
        young = max(0, YEAR // self.term - 1) if by_maturity else 0
        immature = np.add.reduce(due[rows - young :, :, ARR], axis=0)
        contraction = kept * _part(self.contracted, months)
        uplift = (kept - contraction) * _part(self.uplifted, months)
        return Renewals(before[:, ARR], lost[:, ARR], lost[:, CUSTOMERS], contraction, uplift, immature, after)

    def add(self, first: int, sold: Numbers) -> None:
        """Add the cohorts sold from month `first` (from 0) on; `sold` has the shape (months, 2, S, R)."""
        start = self.opening_rows * self.term + first
        self._by_sale[start : start + len(sold)] = sold
        phase = first % self.term
        self.level[phase : phase + len(sold)] += sold


def renewal_chance(path: Mapping[str, Numbers], term: int, renewals: int) -> Numbers:
    """Return the chance of each renewal, the latest of a customer's life first: shape (renewals, 1 or T, S, R).

    Shifted beta-geometric: the chance of year y of life is (R·K + y − 1)/(K + y − 1) with K = 1/spread − 1,
    written here without the division by the spread. Source: Fader and Hardie 2007, equation 7.
    """
    years = np.arange(-(-renewals * term // 12))[:, np.newaxis, np.newaxis, np.newaxis]
    mean, spread = path["retention_rate"], path["loyalty_spread"]
    aged = spread * years
    of_year = ((1 - spread) * mean + aged) / ((1 - spread) + aged)
    if term <= 12:
        of_term = np.repeat(of_year ** (term / 12), 12 // term, axis=0)[:renewals]
    else:
        of_term = of_year.reshape(renewals, term // 12, *of_year.shape[1:]).prod(axis=1)
    return of_term[::-1]


def _between_renewals(term: int, cycles: int, stays: Numbers, grows: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Return what becomes of one unit of customers and ARR between two renewals, as three products of monthly factors.

    Each has the shape (terms, term, 2, S, R); the second axis is the month of the term:
    `carried` from after that month of the term before to its end (1 in the first term),
    `through` from the start of the term through that month,
    `reached` from the start of the term to the renewals of that month: after its failed cards, before its growth.
    Where no factor changes over time, two terms stand for all: the first and any other.
    """
    monthly = stays * grows
    if len(monthly) == 1:
        shape = (2, term, *monthly.shape[1:])
        monthly, stays = np.broadcast_to(monthly, shape), np.broadcast_to(stays, shape)
    else:
        pad = ((0, cycles * term - len(monthly)), *[(0, 0)] * 3)
        shape = (cycles, term, *monthly.shape[1:])
        stays = np.pad(np.broadcast_to(stays, monthly.shape), pad, constant_values=1.0).reshape(shape)
        monthly = np.pad(monthly, pad, constant_values=1.0).reshape(shape)
    through = np.cumprod(monthly, axis=1)
    carried, reached = np.ones_like(through), np.array(stays)
    np.cumprod(monthly[:-1, :0:-1], axis=1, out=carried[1:, -2::-1])
    reached[:, 1:] *= through[:, :-1]
    return carried, through, reached


def _cycle(values: Numbers, cycle: int) -> Numbers:
    """Return the factors of one term, numbered from 0."""
    part: Numbers = values[min(cycle, len(values) - 1)]
    return part


def _pair(customers: Numbers | float, arr: Numbers) -> Numbers:
    """Put what holds for customers and for ARR side by side: (months, S, R) twice becomes (months, 2, S, R)."""
    return np.stack(np.broadcast_arrays(customers, arr), axis=1)


def _part(values: Numbers, months: slice, axis: int = 0) -> Numbers:
    """Return the months asked for, or the one value that holds in all."""
    if values.shape[axis] == 1:
        return values
    return values[(slice(None),) * axis + (months,)]
