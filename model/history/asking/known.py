"""What was known at the end of a month: the tables without what came later, and how far their rows reach."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import ibis

Table: TypeAlias = Any  # Ibis carries no types
Value: TypeAlias = Any

YEAR = 12
MONTH_DAYS = 31
"""The days of a month at most."""


def month_of(day: Value) -> Value:
    """Return the month of a day, counted from 1970-01."""
    return ((day.year() - 1970) * YEAR + day.month() - 1).cast("int64")


def last_day(month: int) -> datetime.date:
    """Return the last day of a month counted from 1970-01.

    >>> last_day(1).isoformat(), last_day(659).isoformat()
    ('1970-02-28', '2024-12-31')
    """
    following = month + 1
    return datetime.date(1970 + following // YEAR, following % YEAR + 1, 1) - datetime.timedelta(1)


def known_at(tables: Mapping[str, Table], month: int) -> dict[str, Table]:
    """Return the tables as they were known at the end of a month: what came later is not there, what ended later runs.

    Tables that nothing is asked about (actual months) are left out.
    """
    return {kind: known_by(table, kind, last_day(month)) for kind, table in tables.items() if kind in _KNOWN}


def known_by(table: Table, kind: str, day: datetime.date) -> Table:
    """Return a table as it was known at the end of a day."""
    return _KNOWN[kind](table, ibis.literal(day))


def _opportunities_at(table: Table, last: Value) -> Table:
    decided = (table.outcome != "open") & (table.closed <= last).fill_null(False)
    return table.filter(table.created <= last).mutate(
        outcome=decided.ifelse(table.outcome, "open"), closed=decided.ifelse(table.closed, ibis.null("date"))
    )


def _unless_later(day: Value, last: Value) -> Value:
    return (day <= last).ifelse(day, ibis.null("date"))


_KNOWN: Mapping[str, Callable[[Table, Value], Table]] = {
    "opportunities": _opportunities_at,
    "subscriptions": lambda rows, last: rows.filter(rows.started <= last).mutate(ended=_unless_later(rows.ended, last)),
    "leads": lambda rows, last: rows.filter(rows.created <= last),
    "payments": lambda rows, last: rows.filter(rows.day <= last),
    "people": lambda rows, last: rows.filter(rows.started <= last).mutate(left=_unless_later(rows.left, last)),
    "forecasts": lambda rows, last: rows.filter(rows.quarter <= last),
}

DAYS = {
    "subscriptions": ("started",),
    "opportunities": ("created", "closed"),
    "payments": ("day",),
    "leads": ("created",),
    "people": ("started",),
    "forecasts": ("quarter",),
}
"""The days that tell how far a table reaches; the first table that has rows sets the opening month."""


def reach(table: Table, kind: str) -> Table:
    """Return rows, how many begin on the first of a month, and the first and last day: one row, days null without rows."""
    first, last = (_furthest(table, DAYS[kind], way) for way in ("min", "max"))
    on_first = (table[DAYS[kind][0]].day() == 1).sum().coalesce(0)
    return table.aggregate(rows=table.count(), on_first=on_first, first=first, last=last)


def ends_after(table: Table, month: int) -> Table:
    """Return how many subscriptions end after a month, and the last day on which one ends: one row.

    Rows of a single month each, as invoice lines are, end with every month and say nothing of who leaves.
    """
    of_a_month = table.ended.delta(table.started, unit="day") <= MONTH_DAYS
    ends = (table.ended > last_day(month)) & ~of_a_month
    return table.aggregate(ends=ends.sum().coalesce(0), last=table.ended.max())


def starts(table: Table) -> Table:
    """Return started, rows: how many subscriptions begin on each day."""
    return table.group_by("started").agg(rows=table.count())


def ends_between(table: Table, day: datetime.date, last: datetime.date) -> Table:
    """Return how many of the subscriptions begun by a day end after it up to a last one, and how many after that: one row."""
    begun = table.filter(table.started <= ibis.literal(day))
    between = ((begun.ended > ibis.literal(day)) & (begun.ended <= ibis.literal(last))).sum().coalesce(0)
    return begun.aggregate(between=between, after=(begun.ended > ibis.literal(last)).sum().coalesce(0))


def _furthest(table: Table, names: Sequence[str], way: str) -> Value:
    """Return the first or last day in any of the columns; one of them may hold none."""
    days = [getattr(table[name], way)() for name in names]
    found = days[0]
    for day in days[1:]:
        found = (ibis.least if way == "min" else ibis.greatest)(found, ibis.coalesce(day, found))
    return found
