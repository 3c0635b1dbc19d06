"""Rates: what decides a month of a segment, worked out from its assumptions for the loop over months."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.company import Numbers
from model.inputs import Inputs
from model.renewals import saved_share

YEAR = 12
CYCLE_MONTHS = 36
BEFORE = CYCLE_MONTHS - 1
LANES = 8
"""How many runs go through the months side by side."""

RESULTS = ("opportunities", "decided", "waiting", "undecided", "due_next_quarter", "arr_due", "arr_kept", "arr_kept_net",
           "arr_kept_gross", "customers_sold", "arr_sold", "customers_held", "arr_held", "customers_at_risk",
           "arr_at_risk", "customers", "arr")  # fmt: skip
"""What a month leads to. Opportunities created and decided, won ones that wait for capacity, open ones to be decided in
any later month and in the next 3; ARR due for renewal and renewed, before contraction and uplift; ARR today of the
customers of 12 months ago, and the same without growth and uplifts since (NaN before month 12); then customers and ARR
sold, held without what was sold, due and unwilling to renew before any is saved, and all at the month's end."""


class Rates(NamedTuple):
    """What decides a month, each array of the shape (1 or T, S, 1 or R).

    Attributes
    ----------
    created, referred : array
        Opportunities created without referrals; those each customer refers in a month.
    sales_cycle_months, slip_rate, win_rate : array
        As the assumptions of these names.
    capacity : array
        Deals that can be won in a month.
    price : array
        ARR of a new customer after discount.
    failed, growth : array
        Share lost to failed cards in a month; monthly factor of expansion.
    contracted, uplifted : array
        Share of renewed ARR contracted at a renewal; share of the rest that price uplift adds to it.
    unsaved : array
        Share of the customers unwilling to renew that is lost.
    retention_rate, loyalty_spread : array
        As the assumptions of these names.
    """

    created: Numbers
    referred: Numbers
    sales_cycle_months: Numbers
    slip_rate: Numbers
    win_rate: Numbers
    capacity: Numbers
    price: Numbers
    failed: Numbers
    growth: Numbers
    contracted: Numbers
    uplifted: Numbers
    unsaved: Numbers
    retention_rate: Numbers
    loyalty_spread: Numbers


class Before(NamedTuple):
    """Opportunities created in months −34..0, (35, S, 1 or R), and when they are decided, (1, S, 1 or R)."""

    created: Numbers
    sales_cycle_months: Numbers
    slip_rate: Numbers


def rates_of(inputs: Inputs, leads: Numbers) -> Rates:
    """Return the rates of all months of the plan, given its leads."""
    path = inputs.path
    years = np.array(inputs.terms)[:, np.newaxis] / YEAR
    expansion = path["upsell_rate"] + path["cross_sell_rate"] + path["self_serve_expansion"]
    rates = Rates(
        created=leads * path["lead_conversion"] + _outbound(path),
        referred=path["referral_rate"] / YEAR,
        sales_cycle_months=path["sales_cycle_months"],
        slip_rate=path["slip_rate"],
        win_rate=path["win_rate"],
        capacity=path["sales_reps"] * path["deals_per_rep_month"],
        price=path["average_selling_price"] * (1 - path["price_discount"]),
        failed=path["card_share"] * path["payment_failure_rate"] * (1 - path["dunning_recovery"]),
        growth=(1 + expansion) ** (1 / YEAR),
        contracted=1 - (1 - path["contraction_rate"]) ** years,
        uplifted=(1 + path["price_uplift"]) ** years - 1,
        unsaved=1 - saved_share(path),
        retention_rate=path["retention_rate"],
        loyalty_spread=path["loyalty_spread"],
    )
    return Rates(*map(_own, rates))


@cache
def deciding() -> frozenset[str]:
    """Return the names of the assumptions that rates follow from; all others act once the months are known."""
    asked: dict[str, Numbers] = defaultdict(lambda: np.ones((1, 1, 1)))
    rates_of(Inputs(1, (YEAR,), 1, {}, asked, np.ones((1, 1, 1))), leads(asked, np.zeros(1, int)))
    return frozenset(asked)


def before(inputs: Inputs) -> Before:
    """Return what was under way on the opening day."""
    base = inputs.base
    grown = yearly_growth(base["lead_growth"][np.newaxis], np.arange(-BEFORE, 0))
    referred = base["opening_customers"] * base["referral_rate"] / YEAR
    created = base["leads_per_month"] * grown * base["lead_conversion"] + (_outbound(base) + referred)
    return Before(created, *(_own(base[name][np.newaxis]) for name in Before._fields[1:]))


def leads(path: Mapping[str, Numbers], months: NDArray[np.integer]) -> Numbers:
    """Return the leads of evenly spaced months, counted from the first as 0."""
    return path["leads_per_month"] * yearly_growth(path["lead_growth"], months)


def yearly_growth(rate: Numbers, months: NDArray[np.integer]) -> Numbers:
    """Return (1 + rate)^(months/12) along a new or existing first axis of evenly spaced months."""
    return np.exp(np.log1p(np.ascontiguousarray(rate)) * (months / YEAR)[:, np.newaxis, np.newaxis])


def _outbound(path: Mapping[str, Numbers]) -> Numbers:
    return path["target_accounts"] * path["account_engagement"] * path["engagement_conversion"]


def _own(values: Numbers) -> Numbers:
    """Return values side by side in memory, writable, a copy if need be: the one array that the kernel is compiled for."""
    ready = values.flags.c_contiguous and values.flags.writeable
    return values if ready else np.array(values, order="C")
