"""Facts: what the rows say, counted and added up, before anything is divided or estimated.

Every table is small (no row of a customer's own survives in it) and exact: counts and cents. Months are counted from
1970-01. `part` deals customers (accounts, invoices) at random, but always alike, into 16 parts; leaving one out at a
time gives the interval of any ratio (a delete-a-group jackknife).

Everything is as it was known at the end of `until`: rows that begin later are not there, what was decided or ended later
is open or runs. `segment` is an id of `segments`, or "" where the table does not tell segments. Rows stand in the order of
their columns; counts, cents and months are int64.
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
        month, segment (that of the customer: the one most of its yearly amounts are in, the larger one in a tie; by size,
        that of its largest ARR), sold (first month with ARR at its end), movement (one of MOVEMENTS), customers, arr (cents a
        year, never negative). Months up to `until`. Cumulated over months it gives every balance: ARR and customers by
        month end, the opening book by sale month, retention by cohort and age.
    year_on_year : DataFrame
        month (each of the last 12 month ends), segment, part, customers, arr (running 12 months before), lost_customers,
        lost, grown, shrunk (cents a year of these: of those with nothing running now, added and given up by the rest).
    lifetimes : DataFrame
        segment, part, sold, age (full months from sale month to the first month end without ARR, or to `until`), lost
        (whether it ended so), customers, arr (cents a year at the end of the sale month).
    terms : DataFrame
        segment (of the customer), part, term (months, 0 if not known), billed (months an invoice pays for, 0 if not known), due (month of
        the next renewal after `until`, -1 where the term is not known), subscriptions, arr (cents a year running at the end of `until`).
    decisions : DataFrame
        segment, part, outcome (won, lost, open), days (from created to the decision; open: to the last day, up to the
        end of `until`, on which any opportunity was created or decided), opportunities.
    created : DataFrame
        segment, month, opportunities, priced (with an amount), amount (cents of these).
    prices : DataFrame
        segment, part, month (of the decision), decided (won or lost), won, named (won, with an account), accounts (of these,
        the first that the account won), priced (won, with an amount), amount, listed (won, with both amounts), list_amount,
        listed_amount (the amount of these).
    slips : DataFrame
        segment, quarters (between the quarter first due and that of the decision, 0 if not later; of those still open at the
        end of the last full quarter, the quarters up to it), still_open, opportunities (with a first due day; those still open
        that were not due yet are not there).
    owners : DataFrame
        month (of the decision), owners (different ones that month), year_owners (different ones in the 12 months to it).
    leads : DataFrame
        month, segment, band (quintile of the score, 1 the lowest, equal scores in the same; 0 without a score), leads,
        converted, score_low, score_high (of the band; NaN for 0).
    payments : DataFrame
        month (of the first attempt), segment (where payments do not tell, that of the customer), part (of the customer),
        card (null if not told), term, invoices, amount (of the first attempt, as the others), failed_invoices, failed (whose first attempt
        failed), recovered_invoices, recovered (of these, paid by a later attempt).
    people : DataFrame
        month (every one from the first joining), segment, people (there at the month's end), joined, left, quota (cents,
        the sum of those there), quota_people (there, with a quota), cost (cents), cost_people.
    forecasts : DataFrame
        quarter (its first month; only quarters that are over), segment, forecast (cents), actual (new ARR of the quarter
        by `movements`' new and reactivation, else by the opportunities won; cents; of all segments where it is "").
    notes : tuple of str
        What the reader should know about the segments.
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
    notes: tuple[str, ...] = ()
