"""What rows say: opportunities of win rate, price and cycle, subscriptions of the book, its churn and its growth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.company import Book, Numbers
from model.history.cells import Days, amounts, by_value, dates, empty, flags, names
from model.history.schema import month_text as month_text
from model.history.tables import Export, Mask, Texts, matched, terms, words

DAYS_PER_MONTH = 30.4375
YEAR = 12
LAST_DAY = np.datetime64("2099-12-31")
ONE_DAY = np.timedelta64(1, "D")

Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Measured:
    """A value found in the rows of an export.

    Attributes
    ----------
    assumption, segment : str
        What was measured; segment "" is the value of all segments.
    value : float
        The value as measured, NaN if there was nothing to divide by.
    rows : int
        How many rows (or customers, where the method says so) it rests on.
    noun : str
        What was counted: "decided opportunities".
    method : str
        One sentence.
    """

    assumption: str
    segment: str
    value: float
    rows: int
    noun: str
    method: str


@dataclass(frozen=True)
class Opportunities:
    """The opportunities that can be used, one array element each; days are NaT where open."""

    created: Days
    closed: Days
    won: Mask
    decided: Mask
    amount: Numbers
    accounts: Codes
    owners: Codes
    segments: Codes
    segment_names: tuple[str, ...]

    @property
    def weights(self) -> Numbers:
        """What the segments are ranked by: the amounts won."""
        return np.where(self.won, np.nan_to_num(self.amount), 0.0)


@dataclass(frozen=True)
class Subscriptions:
    """The subscriptions that can be used, one array element each; `yearly` is 0 for trials, `term` where unknown."""

    customers: Codes
    started: Days
    ended: Days
    yearly: Numbers
    term: Codes
    segments: Codes
    segment_names: tuple[str, ...]

    @property
    def weights(self) -> Numbers:
        """What the segments are ranked by: the yearly amounts."""
        return self.yearly


def read_opportunities(export: Export, day_first: bool | None) -> Opportunities:
    """Return the opportunities of an export; rows that lack what they need are set aside in it."""
    created, closed = (dates(export, name, day_first) for name in ("created", "closed"))
    amount = amounts(export, "amount")
    won, lost = (flags(export.cells["outcome"], words(word)) for word in ("won", "lost"))
    decided = won | lost
    _need_own_id(export)
    export.set_aside("outcome", empty(export.cells["outcome"]), "is empty")
    _need_day(export, "created", created, np.ones(len(won), bool), may_be_empty=False)
    _need_day(export, "closed", closed, decided, may_be_empty=False)
    export.set_aside("closed", decided & (closed < created), "is before the day it was created")
    _need_amount(export, "amount", amount, won, may_be_empty=True)
    _note_stages(export, decided)
    export.finish()
    closed[~decided] = np.datetime64("NaT", "D")
    segments, segment_names = _named(export, "segment")
    used = export.used
    return Opportunities(
        created[used], closed[used], won[used], decided[used], amount[used],
        _named(export, "account")[0], _named(export, "owner")[0], segments, segment_names,
    )  # fmt: skip


def read_subscriptions(export: Export, day_first: bool | None) -> Subscriptions:
    """Return the subscriptions of an export; rows that lack what they need are set aside in it."""
    started, ended = (dates(export, name, day_first) for name in ("started", "ended"))
    name, times = ("yearly_amount", 1) if "yearly_amount" in export.cells else ("monthly_amount", YEAR)
    yearly = amounts(export, name) * times
    everyone = np.ones(len(yearly), bool)
    trial = flags(export.cells["trial"], words("trial")) if "trial" in export.cells else ~everyone
    _need_own_id(export)
    export.set_aside("customer", empty(export.cells["customer"]), "is empty")
    _need_day(export, "started", started, everyone, may_be_empty=False)
    _need_day(export, "ended", ended, everyone, may_be_empty=True)
    export.set_aside("ended", ended < started, "is before the day it started")
    _need_amount(export, name, yearly, ~trial, may_be_empty=False)
    yearly = np.where(trial, 0.0, yearly)
    term = _terms(export.cells["term"]) if "term" in export.cells else np.zeros(len(yearly), np.int64)
    _note_unpaid(export, yearly)
    export.finish()
    segments, segment_names = _named(export, "segment")
    used = export.used
    return Subscriptions(
        _named(export, "customer")[0], started[used], ended[used], yearly[used], term[used], segments, segment_names
    )


def _need_own_id(export: Export) -> None:
    """Set rows aside whose id is empty or stands in an earlier row."""
    import pandas as pd

    ids = export.cells["id"]
    export.set_aside("id", empty(ids), "is empty")
    export.set_aside("id", pd.Series(ids).duplicated().to_numpy(), "stands in an earlier row")


def _need_day(export: Export, name: str, days: Days, rows: Mask, *, may_be_empty: bool) -> None:
    if export.problems:
        return
    blank = empty(export.cells[name])
    if not may_be_empty:
        export.set_aside(name, rows & blank, "is empty")
    export.set_aside(name, rows & ~blank & np.isnat(days), "is not a date")
    if not may_be_empty:
        export.set_aside(name, rows & (days > LAST_DAY), "lies after 2099")
        _note_gap(export, name, days[rows & export.used])


def _note_gap(export: Export, name: str, days: Days) -> None:
    """Note a last date that stands alone, a year or more after all others: it sets the opening month."""
    months = np.unique(month_of(days))
    if len(months) > 1 and months[-1] - months[-2] > YEAR:
        export.notes.append(f"{export.file}: {export.headers[name]} ends with {days.max()}, more than a year after all "
                            "other dates; it sets the opening month, so check it.")  # fmt: skip


def _need_amount(export: Export, name: str, amount: Numbers, rows: Mask, *, may_be_empty: bool) -> None:
    blank = empty(export.cells[name])
    if not may_be_empty:
        export.set_aside(name, rows & blank, "is empty")
    export.set_aside(name, rows & ~blank & np.isnan(amount), "is not an amount")
    export.set_aside(name, rows & (amount < 0), "is below zero")
    export.set_aside(name, rows & (amount > 1e12), "is above 1e12")


def _note_stages(export: Export, decided: Mask) -> None:
    stages = names(export.cells["outcome"][~decided])[1]
    if stages:
        listed = ", ".join(stages[:12]) + (" and others" if len(stages) > 12 else "")
        export.notes.append(f"{export.file}: neither won nor lost, so still open: {listed}.")


def _note_unpaid(export: Export, yearly: Numbers) -> None:
    unpaid = int((yearly[export.used] == 0).sum())
    if unpaid and unpaid == export.used.sum():
        export.problems.append(
            f"{export.file}: all {unpaid:,} rows are trials or have the amount 0; nobody is a customer."
        )
    elif unpaid:
        export.notes.append(f"{export.file}: {unpaid:,} trials and zero amounts are not customers.")


def _named(export: Export, name: str) -> tuple[Codes, tuple[str, ...]]:
    """Return the names in a column of the rows used; zeros and no names if there is no such column or nothing in it."""
    if name not in export.cells:
        return np.zeros(int(export.used.sum()), np.int64), ()
    codes, found = names(export.cells[name][export.used])
    return codes.astype(np.int64), tuple(found) if any(found) else ()


def _terms(texts: Texts) -> Codes:
    """Return contract terms in months, 0 where the word is unknown."""
    places, months = by_value(texts, lambda text: terms().get(matched(text), 0))
    return np.array(months, np.int64)[places]


def month_of(days: Days) -> Codes:
    """Return calendar months counted from 1970-01; NaT gives a number far below all months."""
    return days.astype("datetime64[M]").astype(np.int64)


def last_full_month(days: Days) -> int:
    """Return the last month that the days reach the end of; the first month if they end within it."""
    known = days[~np.isnat(days)]
    month = int(month_of(known).max())
    ends = int(month_of(known + ONE_DAY).max()) > month
    return max(month if ends else month - 1, int(month_of(known).min()))


def opportunity_measures(rows: Opportunities, groups: Mapping[str, Mask]) -> Iterator[Measured]:
    """Yield what opportunities say of each group of them: win rate, price, cycle and how many are created."""
    last = opportunities_until(rows)
    created = month_of(rows.created)
    months = min(YEAR, last - int(created.min()) + 1)
    recent = (created > last - months) & (created <= last)
    cycle = (rows.closed - rows.created).astype(float) / DAYS_PER_MONTH
    since = f"{month_text(last - months + 1)} to {month_text(last)}"
    for segment, group in groups.items():
        decided, priced = group & rows.decided, group & rows.won & ~np.isnan(rows.amount)
        count = int((group & recent).sum())
        yield Measured("win_rate", segment, _ratio(int((group & rows.won).sum()), int(decided.sum())), int(decided.sum()),
                       "decided opportunities", "Won of the opportunities won or lost.")  # fmt: skip
        yield Measured("average_selling_price", segment, _mean(rows.amount[priced]), int(priced.sum()),
                       "won opportunities", "Mean amount of the opportunities won, taken as yearly.")  # fmt: skip
        yield Measured("sales_cycle_months", segment, _mean(cycle[decided]), int(decided.sum()),
                       "decided opportunities", "Mean days from created to won or lost, ÷ 30.4375.")  # fmt: skip
        yield Measured("leads_per_month", segment, count / months, count,
                       "opportunities created", f"Opportunities created a month, {since}.")  # fmt: skip


def opportunities_until(rows: Opportunities) -> int:
    """Return the last full month of the opportunities: of days of creation and of decision."""
    return last_full_month(np.concatenate([rows.created, rows.closed]))


def recent_owners(rows: Opportunities) -> int:
    """Return how many representatives had an opportunity decided in the last 12 full months, 0 if none is named."""
    closed, last = month_of(rows.closed), opportunities_until(rows)
    recent = rows.decided & (closed > last - YEAR) & (closed <= last)
    return len(np.unique(rows.owners[recent])) if rows.owners.any() else 0


@dataclass(frozen=True)
class CustomerBook:
    """The customers of some subscriptions on the last day of a month.

    Attributes
    ----------
    rows : Subscriptions
        Those the book is made from.
    month : int
        The opening month, counted from 1970-01.
    count : int
        Number of customers C, those of trials included.
    sold : array of int, (C,)
        Month of the first paid subscription.
    """

    rows: Subscriptions
    month: int
    count: int
    sold: Codes

    @staticmethod
    def of(rows: Subscriptions) -> CustomerBook:
        """Return the book on the last day of the last full month."""
        count = int(rows.customers.max()) + 1
        paid = rows.yearly > 0
        sold = np.full(count, np.iinfo(np.int64).max)
        np.minimum.at(sold, rows.customers[paid], month_of(rows.started)[paid])
        return CustomerBook(rows, last_full_month(rows.started), count, sold)

    def arr(self, month: int) -> Numbers:
        """Return the ARR of each customer on the last day of a month, (C,)."""
        day = np.datetime64(month + 1, "M").astype("datetime64[D]") - ONE_DAY
        running = (self.rows.started <= day) & ~(self.rows.ended <= day)
        return self.by_customer(np.where(running, self.rows.yearly, 0.0))

    def by_customer(self, amounts_by_row: Numbers) -> Numbers:
        """Return the sum of a customer's rows, (C,)."""
        return np.bincount(self.rows.customers, amounts_by_row, self.count).astype(float)

    def table(self, group: Mask) -> Book:
        """Return opening ARR and customers of a group by the month of their first paid subscription."""
        arr = np.where(group, self.arr(self.month), 0.0)
        months, places = np.unique(self.sold[arr > 0], return_inverse=True)
        texts = [month_text(month) for month in months.tolist()]
        sums = np.bincount(places, arr[arr > 0], len(months)).round(2)
        counts = np.bincount(places, minlength=len(months)).astype(float)
        return {
            "arr": dict(zip(texts, sums.tolist(), strict=True)),
            "customers": dict(zip(texts, counts.tolist(), strict=True)),
        }


def subscription_measures(book: CustomerBook, groups: Mapping[str, Mask]) -> Iterator[Measured]:
    """Yield what subscriptions say of each group of customers: the opening book, its term, churn and growth."""
    arr = book.arr(book.month)
    on = f"at the end of {month_text(book.month)}"
    for segment, group in groups.items():
        customers = int((group & (arr > 0)).sum())
        yield Measured("opening_arr", segment, float(arr[group].sum()), customers, "customers",
                       f"Yearly amounts of the subscriptions running {on}.")  # fmt: skip
        yield Measured("opening_customers", segment, customers, customers, "customers",
                       f"Customers with a paid subscription running {on}.")  # fmt: skip
        yield from _term_measure(book, segment, group[book.rows.customers])
    yield from _change_measures(book, groups)


def _term_measure(book: CustomerBook, segment: str, rows: Mask) -> Iterator[Measured]:
    """Yield the contract term that most ARR has, if the export names terms."""
    subscriptions = book.rows
    day = np.datetime64(book.month + 1, "M").astype("datetime64[D]")
    known = rows & (subscriptions.term > 0) & (subscriptions.started < day) & ~(subscriptions.ended < day)
    known &= subscriptions.yearly > 0
    if known.any():
        by_term = np.bincount(subscriptions.term[known], subscriptions.yearly[known])
        yield Measured("contract_term_months", segment, int(by_term.argmax()), int(known.sum()), "subscriptions",
                       "The billing period or term that most ARR has.")  # fmt: skip


def _change_measures(book: CustomerBook, groups: Mapping[str, Mask]) -> Iterator[Measured]:
    """Yield retention, contraction and growth: each of the last 12 month ends against 12 months before, added up."""
    before, lost, grown, shrunk = (np.zeros(book.count) for _ in range(4))
    ever_stayed = np.zeros(book.count, bool)
    for month in range(book.month - YEAR + 1, book.month + 1):
        was, now = book.arr(month - YEAR), book.arr(month)
        stayed = (was > 0) & (now > 0)
        ever_stayed |= stayed
        before += was
        lost += np.where(now > 0, 0.0, was)
        grown += np.where(stayed, np.maximum(now - was, 0.0), 0.0)
        shrunk += np.where(stayed, np.maximum(was - now, 0.0), 0.0)
    span = "over 12 months, at each of the last 12 month ends that has a year before it"
    for segment, group in groups.items():
        whole, gone = before[group].sum(), lost[group].sum()
        rows, staying = int((group & (before > 0)).sum()), int((group & ever_stayed).sum())
        yield Measured("retention_rate", segment, 1 - _ratio(gone, whole), rows, "customers",
                       f"1 − ARR of customers with nothing running any more ÷ their ARR before, {span}.")  # fmt: skip
        yield Measured("contraction_rate", segment, _ratio(shrunk[group].sum(), whole - gone), staying, "customers",
                       f"ARR given up by customers who stayed ÷ their ARR before, {span}.")  # fmt: skip
        yield Measured("upsell_rate", segment, _ratio(grown[group].sum(), whole - gone), staying, "customers",
                       f"ARR added by customers who stayed ÷ their ARR before, {span}.")  # fmt: skip


def new_customer_measures(book: CustomerBook, groups: Mapping[str, Mask]) -> Iterator[Measured]:
    """Yield the first ARR of new customers, and as leads_per_month how many come a month (each a won opportunity)."""
    first = int(book.sold.min())
    months = max(1, min(YEAR, book.month - first + 1))
    recent = (book.sold > book.month - months) & (book.sold <= book.month)
    with_first = month_of(book.rows.started) == book.sold[book.rows.customers]
    arr = book.by_customer(np.where(with_first, book.rows.yearly, 0.0))
    since = f"{month_text(book.month - months + 1)} to {month_text(book.month)}"
    for segment, group in groups.items():
        new = group & recent
        yield Measured("average_selling_price", segment, _mean(arr[new]), int(new.sum()), "new customers",
                       f"Mean yearly amount new customers began with, {since}.")  # fmt: skip
        yield Measured("leads_per_month", segment, new.sum() / months, int(new.sum()), "new customers",
                       f"New customers a month, {since}, ÷ win rate.")  # fmt: skip


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0 else float("nan")


def _mean(values: Numbers) -> float:
    return float(values.mean()) if len(values) else float("nan")
