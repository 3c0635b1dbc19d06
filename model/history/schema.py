"""The tables that history is read from, whatever they were read out of: names, types, units.

Months are whole numbers counted from 1970-01 (`month_of` of a day); amounts are whole cents, so that every engine adds
them to the same sum; a year's amount is what the row is worth in a year. A name that is not known is "".
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pyarrow as pa

CENTS = 100
DAY, CENT, TEXT, WHOLE, SHARE, YES = pa.date32(), pa.int64(), pa.string(), pa.int64(), pa.float64(), pa.bool_()

OPPORTUNITIES = pa.schema({
    "id": TEXT,
    "account": TEXT,
    "owner": TEXT,
    "segment": TEXT,
    "outcome": TEXT,  # won, lost or open
    "created": DAY,
    "closed": DAY,  # the day of the decision; null while open
    "first_due": DAY,  # the day the decision was first expected; null if not known
    "amount": CENT,  # a year's; null if not known
    "list_amount": CENT,  # before discount; null if not known
    "line": WHOLE,
})  # fmt: skip

SUBSCRIPTIONS = pa.schema({
    "id": TEXT,
    "customer": TEXT,
    "segment": TEXT,
    "started": DAY,
    "ended": DAY,  # the first day it does not run; null while it runs
    "yearly": CENT,  # 0 for a trial; below zero for a discount
    "term": WHOLE,  # months; 0 if not known
    "billed": WHOLE,  # months that an invoice pays for; 0 if not known
    "line": WHOLE,
})  # fmt: skip
"""Subscriptions; an invoice line is one that runs for the period it bills."""

LEADS = pa.schema({
    "id": TEXT,
    "segment": TEXT,
    "created": DAY,
    "score": SHARE,  # as written, any scale; null if not known
    "converted": YES,
    "line": WHOLE,
})  # fmt: skip

PAYMENTS = pa.schema({
    "invoice": TEXT,  # attempts at the same invoice share it
    "customer": TEXT,
    "segment": TEXT,
    "day": DAY,
    "amount": CENT,
    "card": YES,
    "paid": YES,  # false: this attempt failed
    "term": WHOLE,  # months the invoice pays for; 0 if not known
    "line": WHOLE,
})  # fmt: skip

PEOPLE = pa.schema({
    "name": TEXT,
    "segment": TEXT,
    "started": DAY,
    "left": DAY,  # null while there
    "quota": CENT,  # new ARR a year; null if not known
    "cost": CENT,  # a year; null if not known
    "line": WHOLE,
})  # fmt: skip

FORECASTS = pa.schema({
    "quarter": DAY,  # its first day
    "segment": TEXT,
    "amount": CENT,  # new ARR forecast for the quarter, as said before it began
    "line": WHOLE,
})  # fmt: skip

ACTUALS = pa.schema({
    "month": DAY,  # its first day
    "segment": TEXT,
    "arr_opening": CENT,  # null where a column or cell is missing, here and below
    "arr_new": CENT,
    "arr_expansion": CENT,
    "arr_price_uplift": CENT,  # may be negative
    "arr_contraction": CENT,  # losses are positive numbers
    "arr_churn": CENT,
    "arr_churn_involuntary": CENT,
    "arr_closing": CENT,
    "revenue": CENT,  # may be negative
    "line": WHOLE,
})  # fmt: skip
"""Months as they happened, named like the lines of a projection, to be held against a plan."""

SCHEMAS: Mapping[str, pa.Schema] = MappingProxyType({
    "opportunities": OPPORTUNITIES,
    "subscriptions": SUBSCRIPTIONS,
    "leads": LEADS,
    "payments": PAYMENTS,
    "people": PEOPLE,
    "forecasts": FORECASTS,
    "actuals": ACTUALS,
})  # fmt: skip
"""Schema by table. The file kind `invoices` becomes rows of `subscriptions`."""


def month_text(month: int) -> str:
    """Return a month counted from 1970-01 as YYYY-MM.

    >>> month_text(0), month_text(659)
    ('1970-01', '2024-12')
    """
    return f"{1970 + month // 12:04d}-{month % 12 + 1:02d}"
