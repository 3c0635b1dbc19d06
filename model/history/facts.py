"""Facts: what the rows say, counted and added up, before anything is divided or estimated.

Every table is small (no row of a customer's own survives in it) and exact: counts and cents. Months are counted from
1970-01. `part` deals customers (accounts, invoices) at random, but always alike, into 16 parts; leaving one out at a
time gives the interval of any ratio (a delete-a-group jackknife).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

PARTS = 16
MOVEMENTS = ("new", "expansion", "contraction", "churn", "reactivation")


@dataclass(frozen=True)
class Facts:
    """The answers to all expressions; a table whose file was not given has no rows.

    Attributes
    ----------
    until : int
        The opening month: the last one that the rows reach the end of.
    segments : mapping of str to str
        Title by id, the largest first.
    movements : DataFrame
        month, segment, sold (month of the customer's first ARR), movement (one of MOVEMENTS), customers, arr (cents a
        year, never negative). Months up to `until`. Cumulated over months it gives every balance: ARR and customers by
        month end, the opening book by sale month, retention by cohort and age.
    year_on_year : DataFrame
        month (each of the last 12 month ends), segment, part, customers, arr (running 12 months before), lost_customers,
        lost, grown, shrunk (cents a year of these: of those with nothing running now, added and given up by the rest).
    lifetimes : DataFrame
        segment, part, sold, age (full months from sale month to the first month end without ARR, or to `until`), lost
        (whether it ended so), customers, arr (cents a year at the end of the sale month).
    terms : DataFrame
        segment, term (months, 0 if not known), due (month of the next renewal after `until`, -1 where the term is not
        known), subscriptions, arr (cents a year running at the end of `until`).
    decisions : DataFrame
        segment, part, outcome (won, lost, open), days (from created to the decision; open: to the last day of the rows),
        opportunities.
    created : DataFrame
        segment, month, opportunities, amount (cents of those with an amount).
    prices : DataFrame
        segment, part, month (of the decision), won, priced (won, with an amount), amount, listed (won, with both
        amounts), list_amount, listed_amount (the amount of these).
    slips : DataFrame
        segment, quarters (between the quarter first due and that of the decision, 0 if not later), opportunities
        (decided, with a first due day).
    owners : DataFrame
        month (of the decision), owners (different ones that month), year_owners (different ones in the 12 months to it).
    leads : DataFrame
        month, segment, band (quintile of the score, 1 the lowest; 0 without a score), leads, converted, score_low,
        score_high (of the band).
    payments : DataFrame
        month, segment, part, card, term, invoices, amount, failed_invoices, failed (whose first attempt failed),
        recovered_invoices, recovered (of these, paid by a later attempt).
    people : DataFrame
        month, segment, people (there at the month's end), joined, left, quota (cents, sum), quota_people, cost (cents,
        sum), cost_people.
    forecasts : DataFrame
        quarter (its first month), segment, forecast (cents), actual (new ARR of the quarter by `movements`' new and
        reactivation, else by the opportunities won; cents).
    """

    until: int
    segments: Mapping[str, str]
    movements: pd.DataFrame
    year_on_year: pd.DataFrame
    lifetimes: pd.DataFrame
    terms: pd.DataFrame
    decisions: pd.DataFrame
    created: pd.DataFrame
    prices: pd.DataFrame
    slips: pd.DataFrame
    owners: pd.DataFrame
    leads: pd.DataFrame
    payments: pd.DataFrame
    people: pd.DataFrame
    forecasts: pd.DataFrame
