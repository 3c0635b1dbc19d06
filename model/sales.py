"""From leads, target accounts and customers to opportunities, decisions and new customers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from model.company import Numbers

CYCLE_MONTHS = 36
CYCLE_SHAPE = 4
SLIP_MONTHS = 3
BEFORE = CYCLE_MONTHS - 1


def decision_shares(sales_cycle_months: Numbers, slip_rate: Numbers) -> Numbers:
    """Return which share of the opportunities created in a month is decided 0, 1, … 35 months later.

    A gamma distribution of shape 4 and the given mean, so in closed form (Erlang), by whole months;
    a slip moves a decision by three months, again and again; the shares add up to 1.

    Parameters
    ----------
    sales_cycle_months, slip_rate : arrays of one shape (…)

    Returns
    -------
    array, (36, …)

    Examples
    --------
    >>> decision_shares(np.array(2.0), np.array(0.0)).round(3)[:4]
    array([0.019, 0.334, 0.382, 0.183])
    """
    cycle, slip = np.broadcast_arrays(sales_cycle_months, slip_rate)
    edges = np.maximum(np.arange(CYCLE_MONTHS + 1) - 0.5, 0.0).reshape(-1, *(1,) * cycle.ndim)
    x = edges * (CYCLE_SHAPE / cycle)
    later = np.exp(-x) * (1 + x * (1 + x / 2 * (1 + x / 3)))
    shares: Numbers = later[:-1] - later[1:]
    if slip.any():
        quarters = shares.reshape(-1, SLIP_MONTHS, *cycle.shape) * (1 - slip)
        for quarter in range(1, len(quarters)):
            quarters[quarter] += slip * quarters[quarter - 1]
        shares = quarters.reshape(CYCLE_MONTHS, *cycle.shape)
    normalised: Numbers = shares / shares.sum(axis=0)
    return normalised


def yearly_growth(rate: Numbers, months: NDArray[np.integer]) -> Numbers:
    """Return (1 + rate)^(months/12) along a new or existing first axis of evenly spaced months."""
    exponents = (months / 12)[:, np.newaxis, np.newaxis]
    if rate.shape[-1] < 50 or len(rate) > 1:
        return (1 + rate) ** exponents
    steps = np.repeat((1 + rate) ** (1 / 12), len(months), axis=0)
    steps[0] = (1 + rate[0]) ** exponents[0]
    return np.multiply.accumulate(steps, axis=0)


class Funnel:
    """The funnel of all segments, month by month; `created`, `decided` and `waiting` have the shape (T, S, R).

    Parameters
    ----------
    base, path : mappings of str to array
        As in `Inputs`.
    shape : tuple of int
        Months T, segments S, runs R.
    """

    def __init__(self, base: Mapping[str, Numbers], path: Mapping[str, Numbers], shape: tuple[int, int, int]) -> None:
        self.leads = path["leads_per_month"] * yearly_growth(path["lead_growth"], np.arange(shape[0]))
        created = self.leads * path["lead_conversion"] + _outbound(path)
        earlier = _created_earlier(base)
        self._earlier = np.concatenate([earlier, np.zeros((shape[0], *earlier.shape[1:]))])
        self._since = np.zeros((BEFORE + shape[0], *shape[1:]))
        self.created = self._since[BEFORE:]
        self.created[:] = created
        self._earlier_shares = decision_shares(base["sales_cycle_months"], base["slip_rate"])[:, np.newaxis]
        self._shares = decision_shares(path["sales_cycle_months"], path["slip_rate"])
        self.decided = np.empty(shape)
        self.decided[:] = _weighed(self._earlier, self._earlier_shares[np.newaxis])[0]
        weights = _by_decision_month(self._shares, shape[0])
        weights = np.broadcast_to(weights, (shape[0], *weights.shape[1:]))
        self.waiting = np.empty(shape)
        self._before = np.zeros(shape[1:])
        given = (path["referral_rate"] / 12, path["win_rate"], path["sales_reps"] * path["deals_per_rep_month"])
        by_month = (np.broadcast_to(values, shape) for values in given)
        self._months = list(zip(self.created, self.decided, self.waiting, weights, *by_month, strict=True))
        self._buffer = np.empty(shape[1:])

    def month(self, t: int, customers: Numbers, won: Numbers) -> None:
        """Create, decide and win the opportunities of month `t` (from 0); `won` takes the new customers, (S, R)."""
        created, decided, waiting, weights, referring, win_rate, capacity = self._months[t]
        buffer = np.multiply(referring, customers, out=self._buffer)
        np.add(created, buffer, out=created)
        np.einsum("jsr,jsr->sr", weights, self._since[t : t + CYCLE_MONTHS], out=buffer)
        np.add(decided, buffer, out=decided)
        np.multiply(decided, win_rate, out=waiting)
        np.add(waiting, self._before, out=waiting)
        np.minimum(waiting, capacity, out=won)
        self._before = np.subtract(waiting, won, out=waiting)

    @cached_property
    def undecided(self) -> Numbers:
        """The opportunities created so far and to be decided in any later month, and in the next 3, (2, T, S, R)."""
        earlier, since = _still_ahead(self._earlier_shares), _still_ahead(self._shares)
        return _weighed(self._earlier, earlier) + _weighed(self._since, since)


def _still_ahead(shares: Numbers) -> Numbers:
    """Return by age the share that is decided in any later month, and in the next three, (2, 36, …)."""
    found = np.zeros((2, *shares.shape))
    np.add.accumulate(shares[:0:-1], axis=0, out=found[0, -2::-1])
    for month in range(1, 4):
        found[1, :-month] += shares[month:]
    return found


def _weighed(created: Numbers, shares: Numbers) -> Numbers:
    """Return for each month the opportunities of the last 36 months, each weighed by its age, (k, T, S, R).

    `created` begins 35 months before the first month, (35 + T, S, R); `shares` are k kinds by age,
    (k, 36, 1 or T, S, R).
    """
    windows = np.lib.stride_tricks.sliding_window_view(created, CYCLE_MONTHS, axis=0)
    if shares.shape[2] == 1:
        return np.asarray(np.einsum("tsrj,kjsr->ktsr", windows, shares[:, ::-1, 0]))
    return np.asarray(
        np.einsum("tsrj,ktjsr->ktsr", windows, np.stack([_by_decision_month(kind, len(windows)) for kind in shares]))
    )


def _created_earlier(base: Mapping[str, Numbers]) -> Numbers:
    """Return the opportunities of months −34..0, (35, S, R)."""
    leads = base["leads_per_month"] * yearly_growth(base["lead_growth"][np.newaxis], np.arange(-BEFORE, 0))
    referred = base["opening_customers"] * base["referral_rate"] / 12
    return leads * base["lead_conversion"] + _outbound(base) + referred


def _outbound(values: Mapping[str, Numbers]) -> Numbers:
    return values["target_accounts"] * values["account_engagement"] * values["engagement_conversion"]


def _by_decision_month(shares: Numbers, horizon: int) -> Numbers:
    """Return the weights of the opportunities of the last 36 months, oldest first, (1 or T, 36, S, R).

    By month of decision where cycle or slip change over time, since those of the month of creation count.
    """
    if shares.shape[1] == 1:
        return shares[np.newaxis, ::-1, 0]
    ages = np.arange(CYCLE_MONTHS)[::-1]
    created = np.maximum(np.arange(horizon)[:, np.newaxis] - ages, 0)
    found: Numbers = shares[ages, created]
    return found
