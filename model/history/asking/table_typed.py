"""Rows of a warehouse's table as the schema has them: what each kind of row needs, and what is worked out of it.

As `typed` does it with the rows of a file, by expressions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from operator import or_
from types import MappingProxyType

import ibis

from model.errors import ExportError
from model.history.asking.known import YEAR, Value, month_of
from model.history.asking.table_rows import LAST_DAY, MOST, Cells
from model.history.reading.columns import kinds
from model.history.reading.told import (
    NOT_NEW,
    STATES,
    UNCOVERED,
    after_trial,
    credited,
    discounted,
    uncovered,
    within_trial,
)
from model.history.reading.typed import BUSINESS, DAYS_PER_MONTH, NEAR_MONTH_DAYS
from model.history.schema import CENTS


def _opportunities(cells: Cells) -> dict[str, Value]:
    created, closed = cells.day("created"), cells.day("closed")
    won, lost = cells.says("outcome", "won"), cells.says("outcome", "lost")
    if "is_won" in cells and "is_closed" in cells:
        won = cells.says("is_won", "yes")
        lost = cells.says("is_closed", "yes") & ~won
    decided = won | lost
    cells.filled("created", *(("outcome",) if "outcome" in cells else ()))
    cells.set_aside("outcome", cells.says("outcome", "no_opportunity"), "is neither won, lost nor open")
    for name in BUSINESS:
        cells.set_aside(name, cells.says(name, "not_new"), NOT_NEW)
    cells.need_day("created", created)
    apart = lost & (cells.text("closed") == "") & (cells.text("closed_lost") != "")
    cells.set_aside("closed", decided & ~apart & (cells.text("closed") == ""), "is empty")
    cells.need_day("closed", closed, decided)
    cells.need_day("closed_lost", cells.day("closed_lost"), apart)
    closed = apart.ifelse(cells.day("closed_lost"), closed)
    cells.set_aside("closed", decided & (closed < created), "is before the day it was created")
    cells.need_amount("amount", won, filled=False)
    amount = won.ifelse(
        cells.cents("amount"), cells.cents("expected_amount" if "expected_amount" in cells else "amount")
    )
    return {
        "id": cells.text("id"), "account": cells.text("account"), "owner": cells.text("owner"),
        "segment": cells.text("segment"), "outcome": ibis.cases((won, "won"), (lost, "lost"), else_="open"),
        "created": created, "closed": decided.ifelse(closed, ibis.null("date")), "first_due": cells.day("first_due"),
        "amount": amount, "list_amount": cells.cents("list_amount"), "line": _no_line(),
    }  # fmt: skip


def _subscriptions(cells: Cells) -> dict[str, Value]:
    if "trial_ends" in cells:
        starts = cells.day("started")
        possible = (starts <= ibis.literal(LAST_DAY, "date")).ifelse(starts, ibis.null("date"))
        cells.with_columns(last_start=possible.max().over(ibis.window()))
    started, ended = cells.day("started"), cells.day("ended")
    name = next(name for name in kinds()["subscriptions"].one_of if name in cells)
    if name == "period_amount":
        raise ExportError(f"{cells.headers[name]} is an amount of a billing period; a table needs a column of amounts a "
                          "month or year. Name it: HEADER=monthly_amount or HEADER=yearly_amount.")  # fmt: skip
    trial = cells.says("trial", "trial", "yes")
    never = (ended > ibis.literal(LAST_DAY, "date")).fill_null(False)
    ended = never.ifelse(ibis.null("date"), ended)
    cells.filled("customer", "started")
    cells.need_day("started", started)
    cells.set_aside("ended", ~never & (cells.text("ended") != "") & ended.isnull(), "is not a date")
    cells.set_aside("ended", ended < started, "is before the day it started")
    each = cells.cents(name, 1 if name == "yearly_amount" else YEAR, -MOST)
    started, unpaid = _after_trials(cells, started, cells.first_day_without(ended), trial.ifelse(0, each))
    trial = trial | unpaid
    yearly = trial.ifelse(0, each).cast("int64")
    cells.need_amount(name, ~trial, signed=_discounts(cells, name, yearly))
    for group, say in STATES.items():
        there = cells.says("trial", group) & ended.isnull() & (yearly > 0)
        cells.told.append((there.ifelse(yearly, ibis.null("int64")), True, say))
    return {
        "id": cells.text("id"), "customer": cells.text("customer"), "segment": cells.text("segment"),
        "started": started, "ended": cells.first_day_without(ended), "yearly": yearly,
        "term": cells.term("term" if "term" in cells else "interval"), "billed": cells.term("interval"), "line": _no_line(),
    }  # fmt: skip


def _after_trials(cells: Cells, started: Value, ended: Value, yearly: Value) -> tuple[Value, Value]:
    """Return the days from which subscriptions are paid, and which are not paid, as `typed` has it."""
    if "trial_ends" not in cells:
        return started, ibis.literal(False)
    ends = cells.day("trial_ends")
    those = (ends > started).fill_null(False)
    unpaid = those & ((ended <= ends) | (ends > cells.table.last_start)).fill_null(False)
    nothing, pays = ibis.null("int64"), (yearly > 0).fill_null(False)
    cells.told.append(((those & ~unpaid & pays).ifelse(yearly, nothing), True, after_trial))
    cells.told.append(((unpaid & pays).ifelse(yearly, nothing), True, within_trial))
    return (those & ~unpaid).ifelse(ends, started), unpaid


def _discounts(cells: Cells, name: str, yearly: Value) -> Value:
    """Return which amounts below zero are discounts, as `typed` has it."""
    below = (yearly < 0).fill_null(False)
    customer = ibis.window(group_by=cells.text("customer").lower())
    used = ~reduce(or_, [rows for _, rows, _ in cells.checks])
    pays = (used & (yearly > 0).fill_null(False)).ifelse(1, 0).max().over(customer) > 0
    cells.set_aside(name, below & ~pays, UNCOVERED)
    nothing = ibis.null("int64")
    cells.told.append(((below & pays).ifelse(-yearly, nothing), True, discounted))
    cells.told.append(((below & ~pays).ifelse(-yearly, nothing), False, uncovered))
    return below & pays


def _invoices(cells: Cells) -> dict[str, Value]:
    """Return invoice lines as subscriptions that run for the period they bill, as `typed.invoices` does."""
    started, ended, months, after = _billed(cells)
    cells.filled("customer", "started")
    cells.set_aside("customer", cells.says("customer", "total"), "is a total, not a customer")
    cells.set_aside("status", cells.says("status", "not_billed"), "is not an invoice that stands")
    cells.set_aside("recurring", cells.says("recurring", "once"), "is billed once")
    cells.need_day("started", started)
    cells.need_day("ended", ended)
    cells.set_aside("ended", ended < started, "is before the day it started")
    name = next(name for name in kinds()["invoices"].one_of if name in cells)
    number = cells.number(name).cast("float64")
    credit = (number < 0).fill_null(False)
    cells.set_aside(name, credit, "is below zero, a credit")
    cells.need_amount(name)
    per_year = ibis.literal(1.0) if name == "yearly_amount" else YEAR / months
    if "ended" not in cells and "term" not in cells:
        cells.notes.append("No column says how long a line bills for; each is taken as one month.")
    cells.told.append((credit.ifelse((-number * CENTS).round(), ibis.null("float64")), False, credited))
    possible = number.between(0, MOST).fill_null(False).ifelse(number, ibis.null("float64"))
    whole = (months >= 1).ifelse(months.round().cast("int64"), 0)
    named = cells.term("term") > 0
    return {
        "id": cells.text("id"), "customer": cells.text("customer"), "segment": cells.text("segment"), "started": started,
        "ended": after, "yearly": (possible * per_year * CENTS).round().cast("int64"),
        "term": (named | (months.round() > 1)).ifelse(whole, 0),  # a row for each month tells no term
        "billed": (ended.notnull() | named).ifelse(whole, 0),
        "line": _no_line(),
    }  # fmt: skip


def _billed(cells: Cells) -> tuple[Value, Value, Value, Value]:
    """Return the first day of lines and the end, as far as they say, the months they bill for and the first day after; as `typed` has it.

    One step a query within the query, so that a warehouse need not work out each of them again for the next.
    """
    rows = cells.with_columns(
        start=cells.day("started"), end=cells.first_day_without(cells.day("ended")), term_months=cells.term("term")
    )
    rows = cells.with_columns(days=rows.end.delta(rows.start, unit="day").cast("int64"))
    months = (rows.days / DAYS_PER_MONTH).round().cast("int64").fill_null(1)
    rows = cells.with_columns(whole=ibis.greatest(months, 1))
    rows = cells.with_columns(off=rows.end.delta(_months_after(rows.start, rows.whole), unit="day").cast("int64"))
    near = rows.off.between(-NEAR_MONTH_DAYS, NEAR_MONTH_DAYS).fill_null(False)
    rows = cells.with_columns(
        part=rows.end.notnull() & ~near,
        plain=near.ifelse(rows.whole, (rows.term_months > 0).ifelse(rows.term_months, 1)),
    )
    last = (rows.days <= 0).ifelse(rows.start + ibis.interval(days=1), rows.end)
    rows = cells.with_columns(
        months=rows.part.ifelse(ibis.greatest(rows.days, 1) / DAYS_PER_MONTH, rows.plain.cast("float64")),
        after=rows.part.ifelse(last, _months_after(rows.start, rows.plain)),
    )
    return rows.start, rows.end, rows.months, rows.after


def _months_after(day: Value, months: Value) -> Value:
    """Return the day so many months later, the last of the month where it has no such day; no engine's own arithmetic."""
    later = month_of(day) + months
    year, month = 1970 + (later / YEAR).floor().cast("int64"), later % YEAR + 1
    leap = ((year % 4 == 0) & (year % 100 != 0)) | (year % 400 == 0)
    longest = ibis.cases((month == 2, leap.ifelse(29, 28)), (month.isin([4, 6, 9, 11]), 30), else_=31)
    return ibis.date(year, month, ibis.least(day.day().cast("int64"), longest.cast("int64")))


def _leads(cells: Cells) -> dict[str, Value]:
    created = cells.day("created")
    cells.filled("created")
    cells.need_day("created", created)
    converted = cells.says("converted", "converted", "yes")
    if not cells.cell("converted").type().is_boolean():
        converted = converted | cells.day("converted").notnull()
    return {
        "id": cells.text("id"), "segment": cells.text("segment"), "created": created,
        "score": cells.number("score").cast("float64"), "converted": converted, "line": _no_line(),
    }  # fmt: skip


def _payments(cells: Cells) -> dict[str, Value]:
    day = cells.day("day")
    paid, failed = cells.says("paid", "paid", "yes"), cells.says("paid", "failed", "no")
    cells.filled("invoice", "day", "amount", "paid")
    cells.need_day("day", day)
    cells.need_amount("amount")
    cells.set_aside("paid", ~paid & ~failed, "is neither paid nor failed")
    told = cells.text("card") != ""
    return {
        "invoice": cells.text("invoice"), "customer": cells.text("customer"), "segment": cells.text("segment"), "day": day,
        "amount": cells.cents("amount"), "card": told.ifelse(cells.says("card", "card", "yes"), ibis.null("boolean")),
        "paid": paid, "term": cells.term("term"),
        "line": paid.ifelse(1, 0).cast("int64"),  # of one day's attempts, those that failed came first
    }  # fmt: skip


def _people(cells: Cells) -> dict[str, Value]:
    started, left = cells.day("started"), cells.day("left")
    cells.filled("name", "started")
    cells.need_day("started", started)
    if "left" in cells:
        cells.need_day("left", left)
        cells.set_aside("left", left < started, "is before the day they started")
    return {
        "name": cells.text("name"), "segment": cells.text("segment"), "started": started, "left": left,
        "quota": cells.cents("quota"), "cost": cells.cents("cost"), "line": _no_line(),
    }  # fmt: skip


def _forecasts(cells: Cells) -> dict[str, Value]:
    day = cells.day("quarter")
    cells.filled("quarter", "amount")
    cells.need_day("quarter", day)
    cells.need_amount("amount")
    return {
        "quarter": day.truncate("Q"), "segment": cells.text("segment"), "amount": cells.cents("amount"), "line": _no_line(),
    }  # fmt: skip


def _no_line() -> Value:
    return ibis.literal(0, "int64")


READERS: Mapping[str, tuple[str, Callable[[Cells], dict[str, Value]]]] = MappingProxyType({
    "opportunities": ("opportunities", _opportunities),
    "subscriptions": ("subscriptions", _subscriptions),
    "invoices": ("subscriptions", _invoices),
    "leads": ("leads", _leads),
    "payments": ("payments", _payments),
    "people": ("people", _people),
    "forecasts": ("forecasts", _forecasts),
})  # fmt: skip
"""Name of the table and how it is read, by kind."""
