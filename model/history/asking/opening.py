"""The opening month: the last full one that is past by the rows' own evidence, and never one that is not over yet.

A contract signed to begin later is normal. Where the rows stop is where they begin as they always did: a few that begin after a
stretch emptier than any before it, or after the day it is, do not move the month, but are counted and told.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.errors import ExportError
from model.history.asking.engine import Engine
from model.history.asking.known import DAYS, YEAR, Table, ends_after, ends_between, known_by, last_day, reach, starts
from model.history.schema import month_text

BY_MONTH = 0.95
"""Subscriptions are kept by month, so that their last month is a full one, if so many begin on the first of one."""
EPOCH = datetime.date(1970, 1, 1)
FEW, LEAST_ROWS = 0.01, 10
"""So few rows may lie beyond the others, of so many at least."""
STRETCH, LONGEST, LOOKED_BACK, SLACK = 31, 365, 730, 3
"""Days: an empty stretch tells something from a month on, it is compared over a year at most, with those of the two years before it,
each longer by a few days, so that months of 28 to 31 days are alike."""

Dates = NDArray[np.int64]


@dataclass(frozen=True)
class _Reach:
    """How far a table reaches: its first and last day, whether it is kept by month."""

    first: datetime.date
    last: datetime.date
    by_month: bool

    @property
    def full(self) -> int:
        """The last full month."""
        return _month(self.last) if self.by_month else last_full_month(self.first, self.last)


def opening_month(engine: Engine, until: int | None, today: datetime.date | None) -> tuple[int, str]:
    """Return the month asked for, or the last full one of the first table that has rows, and what to know about it.

    Parameters
    ----------
    engine : Engine
        Where the tables are.
    until : int or None
        The month asked for, counted from 1970-01.
    today : date or None
        The day it is; None leaves it to the rows.

    Raises
    ------
    ExportError
        There are no rows, or they do not reach the month asked for.
    """
    for kind in (kind for kind in DAYS if kind in engine.tables):
        table = engine.tables[kind]
        if (whole := _reach(engine, table, kind)) is None:
            continue
        if until is None:
            return _last_past(engine, table, kind, whole, today)
        furthest = max(whole.full, _month(whole.last))
        if kind == "subscriptions" and (ends := _ends(engine, table, whole.full))[0]:
            furthest = max(furthest, last_full_month(whole.first, ends[1]))
        if not _month(whole.first) <= until <= furthest:
            raise ExportError(
                f"The opening month {month_text(until)} is outside the months of the {kind}, "
                f"{month_text(_month(whole.first))} to {month_text(furthest)}."
            )
        return until, ""
    raise ExportError("There is no row to measure.")


def _last_past(engine: Engine, table: Table, kind: str, whole: _Reach, today: datetime.date | None) -> tuple[int, str]:
    """Return the last full month that is past, and what to know about it."""
    found, month, why = whole, whole.full, ""
    if today and _month(whole.first) < _month(today) <= _month(whole.last):
        found = _reach(engine, known_by(table, kind, today), kind) or whole
        month, why = min(found.full, _month(today) - 1), f"up to {today}"
    if kind != "subscriptions":
        told = f"The opening month is {month_text(month)}, the last full one {why}; the {kind} reach to {whole.last}."
        return month, told if month < whole.full else ""
    days, rows = _starts(engine, table)
    reached = _reached(engine, table, days, rows, found.last)
    if reached < found.last:
        month = min(month, _Reach(found.first, reached, found.by_month).full)
        why = f"up to {reached}, after which hardly any begin for longer than ever before"
    ends, _ = _ends(engine, table, month)
    later = int(rows[days > _day(last_day(month))].sum())
    return month, _note(month, why if month < whole.full else "", later, whole.last, ends)


def _note(month: int, why: str, later: int, last: datetime.date, ends: int) -> str:
    """Return what to know about the opening month: which rows do not count, and which ends do not."""
    running = (
        ""
        if not ends
        else "1 that ends later counts as running"
        if ends == 1
        else f"{ends:,} that end later count as running"
    )
    if why:
        begin, they = (
            ("1 subscription begins", "it is") if later == 1 else (f"{later:,} subscriptions begin", "they are")
        )
        told = f"{begin} after it, the last on {last}; {they} not in the ARR" + (f", and {running}" if running else "")
        return f"The opening month is {month_text(month)}, the last full one {why}; {told}. To count on, give the opening month."
    if running:
        return (f"The opening month is {month_text(month)}, the last full one in which subscriptions start; {running}. "
                "Where these are past losses and no ends to come, give the opening month.")  # fmt: skip
    return ""


def _reach(engine: Engine, table: Table, kind: str) -> _Reach | None:
    """Return how far a table reaches, None if it has no rows."""
    found = engine.answer(reach(table, kind)).iloc[0]
    if not found["rows"]:
        return None
    first, last = (pd.Timestamp(found[name]).date() for name in ("first", "last"))
    return _Reach(first, last, kind == "subscriptions" and bool(found["on_first"] >= BY_MONTH * found["rows"]))


def _starts(engine: Engine, table: Table) -> tuple[Dates, Dates]:
    """Return the days on which subscriptions begin, in order, and how many do."""
    found = engine.answer(starts(table)).sort_values("started")
    days = pd.to_datetime(found["started"]).to_numpy().astype("datetime64[D]").astype(np.int64)
    return days, found["rows"].to_numpy(np.int64)


def _reached(engine: Engine, table: Table, days: Dates, rows: Dates, last: datetime.date) -> datetime.date:
    """Return the last day up to which subscriptions begin as they always did; ends that stop later show that the rows go on."""
    within = days <= _day(last)
    days, rows = days[within], rows[within]
    place = _beyond(days, rows)
    if place == len(days):
        return last
    reached = EPOCH + datetime.timedelta(int(days[place - 1]))
    found = engine.answer(ends_between(table, reached, last)).iloc[0]
    return last if found["between"] and not found["after"] else reached


def _beyond(days: Dates, rows: Dates) -> int:
    """Return the place of the first day that lies beyond all others, their number if none does."""
    end, few = len(days), max(1, int(FEW * rows.sum()))
    if rows.sum() < LEAST_ROWS:
        return end
    place = end - 1
    while place > 0 and int(rows[place:].sum()) <= few:
        if _emptier(days[:place], rows[:place], int(days[end - 1] - days[place - 1]), int(rows[place:end].sum())):
            end = place
        place -= 1
    return end


def _emptier(days: Dates, rows: Dates, stretch: int, few: int) -> bool:
    """Say whether no stretch as long had as few beginnings in the two years before."""
    length, last = min(stretch, LONGEST), int(days[-1])
    if stretch < STRETCH or last - int(days[0]) < 2 * length:
        return False
    begun = days[(days >= last - LOOKED_BACK) & (days + length <= last)]
    so_far = np.append(0, np.cumsum(rows))
    counts = (
        so_far[np.searchsorted(days, begun + length + SLACK, "right")] - so_far[np.searchsorted(days, begun, "right")]
    )
    return len(begun) > 0 and bool(counts.min() > few)


def _ends(engine: Engine, table: Table, month: int) -> tuple[int, datetime.date]:
    """Return how many subscriptions end after a month, and the last day on which one does."""
    found: Any = engine.answer(ends_after(table, month)).iloc[0]
    count = int(found["ends"])
    return count, pd.Timestamp(found["last"]).date() if count else last_day(month)


def last_full_month(first: datetime.date, last: datetime.date) -> int:
    """Return the last month that days from first to last reach the end of; the first month if they end within it.

    >>> last_full_month(datetime.date(2024, 1, 5), datetime.date(2024, 3, 30))  # 2024-02, counted from 1970-01
    649
    """
    ends = _month(last + datetime.timedelta(1)) > _month(last)
    return max(_month(last) if ends else _month(last) - 1, _month(first))


def _month(day: datetime.date) -> int:
    return (day.year - EPOCH.year) * YEAR + day.month - 1


def _day(day: datetime.date) -> int:
    return (day - EPOCH).days
