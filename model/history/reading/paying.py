"""What subscriptions bring in a year and from which day: billing periods, trials, discounts."""

from __future__ import annotations

import numpy as np
import pyarrow.compute as pc

from model.history.reading import told
from model.history.reading.column import Days, Mask, Numbers
from model.history.reading.rows import FIRST_DAY, Rows

YEAR = 12


def times(rows: Rows, name: str, interval: Numbers) -> Numbers:
    """Return what an amount is multiplied by to be a year's."""
    if name != "period_amount":
        return np.full(len(rows.lines), 1.0 if name == "yearly_amount" else YEAR)
    if "interval" not in rows:
        rows.problems.append(f"{rows.file}: {rows.header(name)} is an amount of a billing period, and no column says how "
                             "long that is. Name the right one: HEADER=interval, HEADER=monthly_amount or "
                             "HEADER=yearly_amount.")  # fmt: skip
    quantity = rows.numbers("quantity")
    rows.notes.append(f"{rows.file}: {rows.header(name)} is taken as the amount of one billing period"
                      + (f", times {rows.header('quantity')}." if "quantity" in rows else "."))  # fmt: skip
    return np.nan_to_num(quantity, nan=1.0) * YEAR / interval


def after_trials(rows: Rows, started: Days, ended: Days, yearly: Numbers) -> tuple[Days, Mask]:
    """Return the days from which subscriptions are paid, those with a trial from its end, and which are not paid; both are told."""
    ends = rows.days("trial_ends")
    rows.optional("trial_ends", ends, "dates")
    those, last = rows.used & (ends > started), np.append(started[rows.used & ~np.isnat(started)], FIRST_DAY).max()
    unpaid = those & ((ended <= ends) | (ends > last))
    for found, say in ((those & ~unpaid, told.after_trial), (unpaid, told.within_trial)):
        paid = found & (yearly > 0)
        if paid.any():
            rows.notes.append(f"{rows.file}: {say(int(paid.sum()), float(yearly[paid].sum()))}")
    return np.where(those & ~unpaid, ends, started), unpaid


def discounts(rows: Rows, name: str, yearly: Numbers) -> Mask:
    """Return which amounts below zero are discounts, those of customers who also have one above; others are set aside. Both are told."""
    below = rows.used & (yearly < 0)
    if not below.any():
        return below
    customer = pc.dictionary_encode(pc.utf8_lower(rows.name("customer"))).indices.to_numpy()
    found = below & np.isin(customer, customer[rows.used & (yearly > 0)])
    for those, say in ((found, told.discounted), (below & ~found, told.uncovered)):
        if those.any():
            rows.notes.append(f"{rows.file}: {say(int(those.sum()), float(-yearly[those].sum()))}")
    rows.set_aside(name, below & ~found, told.UNCOVERED)
    return found
