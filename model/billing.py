"""Billing and cash: when what is earned is invoiced, and when an invoice is paid.

All ARR is looked at as contracts of one year that begin in the middle of a month and are renewed, changed or ended at
their anniversary. Of what begins in a month a share is invoiced a year ahead; the rest of the revenue is invoiced month
by month as it is earned. An invoice is paid a number of days later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from model.company import Numbers
from model.inputs import Inputs
from model.opening import ARR
from model.rates import YEAR

DAYS_A_MONTH = 365 / 12


@dataclass(frozen=True, eq=False)
class Billing:
    """Invoices, deferred revenue and receivables of R runs; months before the first have base values.

    Attributes
    ----------
    inputs : Inputs
        For the opening book, and the assumptions before and after the opening day.
    arr : array, (T + 1, S, R)
        ARR at the end of each month, the opening day first.
    revenue : array, (T, S, R)
        Revenue by month, after leakage.

    Notes
    -----
    Contracts that begin in month t: C(t) = C(t − 12) + ARR(t) − ARR(t − 1), so that those of the last 12 months add up
    to ARR, and a month's revenue is half a month of those that begin or end in it and a whole one of those between.
    Where ARR is lost outside an anniversary, C may be below zero: a credit note for what was invoiced ahead.
    """

    inputs: Inputs
    arr: Numbers
    revenue: Numbers

    @cached_property
    def invoiced_ahead(self) -> Numbers:
        """What is invoiced a year ahead by month, (T + 12, S, R): the 12 months up to the opening day first."""
        by_age = self.inputs.opening[:, ARR]
        history = by_age.reshape(-1, YEAR, *by_age.shape[1:]).sum(axis=0)[::-1]
        found = np.empty((YEAR + len(self.revenue), *self.arr.shape[1:]))
        found[:YEAR], found[YEAR:] = history, self.arr[1:] - self.arr[:-1]
        for first in range(YEAR, len(found), YEAR):
            found[first : first + YEAR] += found[first - YEAR : first][: len(found) - first]
        found[:YEAR] *= _share_ahead(self.inputs.base)
        found[YEAR:] *= _share_ahead(self.inputs.path)
        return found

    @cached_property
    def deferred(self) -> Numbers:
        """What was invoiced and is not yet earned at the end of each month, (T + 1, S, R), the opening day first.

        Half a month of a contract is over at the end of the month in which it began.
        """
        found = np.zeros_like(self.arr)
        for age in range(YEAR):
            last = len(self.invoiced_ahead) - age
            found += (1 - (age + 0.5) / YEAR) * self.invoiced_ahead[last - len(found) : last]
        return found

    @cached_property
    def billings(self) -> Numbers:
        """What is invoiced in each month, (T, S, R)."""
        found: Numbers = self.revenue + (self.deferred[1:] - self.deferred[:-1])
        return found

    @cached_property
    def receivables(self) -> Numbers:
        """What is invoiced and not yet paid at the end of each month, (T + 1, S, R), the opening day first."""
        before, since = (_months_to_pay(values) for values in (self.inputs.base, self.inputs.path))
        oldest = int(np.ceil(max(before.max(), since.max())))
        found = np.zeros_like(self.arr)
        to_pay = np.empty((oldest + len(self.billings), self.arr.shape[1], max(before.shape[-1], since.shape[-1])))
        to_pay[:oldest], to_pay[oldest:] = before, since
        invoices = np.concatenate([self._before(oldest), self.billings])
        for age in range(oldest):
            last = len(invoices) - age
            span = slice(last - len(found), last)
            found += invoices[span] * np.minimum(np.maximum(to_pay[span] - age, 0), 1)
        return found

    def _before(self, months: int) -> Numbers:
        """Return what was invoiced in the months up to the opening day: the same every year, revenue being even."""
        base = self.inputs.base
        ahead = self.invoiced_ahead[:YEAR]
        as_earned = base["opening_arr"] / YEAR * (1 - base["revenue_leakage"]) * (1 - base["annual_prepay_share"])
        found: Numbers = ahead[np.arange(-months, 0) % YEAR] + as_earned
        return found


def _share_ahead(values: Mapping[str, Numbers]) -> Numbers:
    """Return the share of a contract's value that is invoiced a year ahead; what leaks is in no invoice."""
    found: Numbers = values["annual_prepay_share"] * (1 - values["revenue_leakage"])
    return found


def _months_to_pay(values: Mapping[str, Numbers]) -> Numbers:
    """Return the months that pass from the day a bill is due to go out to the cash."""
    found: Numbers = (values["days_to_collect"] + values["invoicing_delay_days"]) / DAYS_A_MONTH
    return found
