"""Rows of a file as a table of the schema: what each kind of row needs, and what is worked out of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from model.history.reading import told
from model.history.reading.column import NO_DAY, Days, Mask, Numbers
from model.history.reading.columns import kinds
from model.history.reading.customers import set_figures_aside
from model.history.reading.ends import first_days_without
from model.history.reading.month_amounts import leave_out_dashes, month_amount, parts_added
from model.history.reading.paying import YEAR, after_trials, discounts, times
from model.history.reading.rows import MOST, Rows
from model.history.reading.stages import by_stage
from model.history.reading.texts import listed
from model.history.reading.unknown import unknown_months
from model.history.schema import CENTS, SCHEMAS

DAYS_PER_MONTH = 30.4375
LEAST_LOST = 10
"""Of so many opportunities lost at least one has the day of it, or the file has it in another column."""
NEAR_MONTH_DAYS = 3
"""A period within so many days of whole months is taken as whole months."""

BUSINESS = ("business", "pipeline")
"""Fields that tell new business from renewals and what existing customers buy."""
_LIKE_TOTAL = r"(?i)^(?:sub-?|grand )?(?:totals?|sum|gesamt|summe)\b|\b(?:totals?|gesamt|summe):?$"


def opportunities(rows: Rows) -> pa.Table:
    """Return the opportunities of a file."""
    created, closed, closed_lost, due = (rows.days(name) for name in ("created", "closed", "closed_lost", "first_due"))
    amount, expected, list_amount = (rows.numbers(name) for name in ("amount", "expected_amount", "list_amount"))
    if "is_won" in rows and "is_closed" in rows:
        won = rows.says("is_won", "yes")
        lost = rows.says("is_closed", "yes") & ~won
    else:
        won, lost = by_stage(rows, created, closed)
    decided = won | lost
    apart = rows.blank("closed") & lost & ~rows.blank("closed_lost")
    closed = np.where(apart, closed_lost, closed)
    rows.worth = np.where(won, amount, expected) if "expected_amount" in rows else amount
    rows.need_filled()
    rows.set_aside("outcome", rows.blank("outcome"), "is empty")
    rows.set_aside("outcome", rows.says("outcome", "no_opportunity"), "is neither won, lost nor open")
    for name in BUSINESS:
        rows.set_aside(name, rows.says(name, "not_new"), told.NOT_NEW)
    rows.need_day("created", created, past=True)
    undated = decided & rows.blank("closed") & ~apart
    _need_losses_dated(rows, lost & undated, lost)
    rows.set_aside("closed", undated, "is empty")
    rows.need_day("closed", closed, decided & ~apart, past=True)
    rows.need_day("closed_lost", closed, apart)
    rows.set_aside("closed", decided & ~apart & (closed < created), "is before the day it was created")
    rows.set_aside("closed_lost", apart & (closed < created), "is before the day it was created")
    rows.need_amount("amount", amount, won)
    _note_stages(rows, decided)
    _note_business(rows)
    amount, list_amount = _known(rows, "amount", amount), _known(rows, "list_amount", list_amount)
    if "expected_amount" in rows:
        amount = np.where(won, amount, _known(rows, "expected_amount", expected))
    rows.optional("first_due", due, "dates")
    closed = np.where(decided, closed, NO_DAY)
    return _table("opportunities", rows, {
        "id": rows.key("id"), "account": rows.name("account"), "owner": rows.name("owner"),
        "segment": rows.name("segment"), "outcome": np.where(won, "won", np.where(lost, "lost", "open")),
        "created": created, "closed": closed, "first_due": due,
        "amount": _cents(amount), "list_amount": _cents(list_amount),
    })  # fmt: skip


def _need_losses_dated(rows: Rows, undated: Mask, lost: Mask) -> None:
    """Refuse a file that dates what was won alone: all that was lost would be set aside, and everything decided be won."""
    if undated.sum() >= LEAST_LOST and bool((undated == lost).all()):
        rows.problems.append(f"{rows.file}: none of the {int(lost.sum()):,} opportunities lost has a day in {rows.header('closed')}, so the win rate "
                             "would be 100 %. Name the column with the day of the loss: HEADER=closed_lost.")  # fmt: skip


def subscriptions(rows: Rows) -> pa.Table:
    """Return the subscriptions of a file; trials have the amount 0."""
    started, ended = rows.days("started"), rows.days("ended")
    name = next(name for name in kinds()["subscriptions"].one_of if name in rows)
    each = rows.numbers(name)
    interval = rows.months("interval")
    rows.worth = yearly = each * times(rows, name, interval)
    trial = rows.says("trial", "trial", "yes")
    rows.need_filled()
    rows.need_day("started", started, past=True)
    ended = rows.need_day("ended", ended, endless=True)
    rows.set_aside("ended", ended < started, "is before the day it started")
    ended = first_days_without(rows, started, ended)
    started, unpaid = after_trials(rows, started, ended, np.where(trial, 0.0, yearly))
    trial |= unpaid
    rows.set_aside(name, ~trial & rows.blank(name), "is empty")
    discount = discounts(rows, name, np.where(trial, 0.0, yearly))
    rows.need_amount(name, np.where(discount, -each, each), ~trial)
    if name == "period_amount":
        rows.set_aside("interval", ~trial & np.isnan(yearly), "is not a billing period")
    rows.set_aside(name, ~trial & (np.abs(yearly) > MOST), "is above 1e12 a year")
    yearly = np.where(trial, 0.0, yearly)
    term = rows.months("term")
    term = np.where(np.isnan(term), interval, term)
    _note_unpaid(rows, yearly)
    _note_states(rows, np.where(np.isnat(ended), yearly, 0.0))
    return _table("subscriptions", rows, {
        "id": rows.key("id"), "customer": rows.name("customer"), "segment": rows.name("segment"),
        "started": started, "ended": ended, "yearly": _cents(yearly), "term": _whole(term), "billed": _whole(interval),
    })  # fmt: skip


def invoices(rows: Rows) -> pa.Table:
    """Return invoice lines as subscriptions that run for the period they bill.

    A line's year is amount × 12 ÷ months billed, unless a year's amount is given. Credits (below zero), lines billed once and invoices that do not stand
    are set aside; what was credited is not taken off, since a credit seldom says which months it gives back.
    """
    started, ended, term = rows.days("started"), rows.days("ended"), rows.months("term")
    name = next(name for name in kinds()["invoices"].one_of if name in rows)
    amount = rows.numbers(name)
    rows.need_filled()
    total = rows.says("customer", "total")
    rows.worth = np.where(total, np.nan, amount) if rows.columns[name].under is None else None
    rows.set_aside("customer", total, "is a total, not a customer")
    if (
        rows.columns[name].under is not None
    ):  # months stand in columns: among the customers there may be rows of totals and figures
        set_figures_aside(rows, amount)
        rows.problems += unknown_months(rows, name)
    rows.set_aside("status", rows.says("status", "not_billed"), "is not an invoice that stands")
    rows.set_aside("recurring", rows.says("recurring", "once"), "is billed once")
    rows.need_day("started", started, past=True)
    rows.need_day("ended", ended)
    rows.set_aside("ended", ended < started, "is before the day it started")
    ended = first_days_without(rows, started, ended)
    credited = rows.used & (amount < 0)
    if credited.any():
        rows.notes.append(f"{rows.file}: {told.credited(int(credited.sum()), float(-amount[credited].sum()))}")
        rows.set_aside(name, credited, "is below zero, a credit")
    rows.need_amount(name, amount)
    months, until = _billed(started, ended, term)
    if "ended" not in rows and "term" not in rows and rows.columns[name].under is None:
        rows.notes.append(f"{rows.file}: no column says how long a line bills for; each is taken as one month.")
    yearly = amount if name == "yearly_amount" else amount * YEAR / months
    contract = ~np.isnan(term) | (np.round(months) > 1)  # a row for each month tells no term
    rows.set_aside(name, yearly > MOST, "is above 1e12 a year")
    _note_unpaid(rows, yearly)
    _note_totals(rows)
    return _table("subscriptions", rows, {
        "id": rows.key("id"), "customer": rows.name("customer"), "segment": rows.name("segment"),
        "started": started, "ended": until, "yearly": _cents(yearly),
        "term": _whole(np.where(contract & (months >= 1), months, np.nan)),
        "billed": _whole(np.where((months >= 1) & ~(np.isnat(ended) & np.isnan(term)), months, np.nan)),
    })  # fmt: skip


def _billed(started: Days, ended: Days, term: Numbers) -> tuple[Numbers, Days]:
    """Return the months that lines bill for, and the first day after them.

    Where the end is known, months are whole if it is near the same day of a later month; else days ÷ 30.4375.
    """
    known = ~np.isnat(ended)
    days = np.where(known, (ended - started).astype("timedelta64[D]").astype(float), np.nan)
    whole = np.maximum(np.nan_to_num(np.round(days / DAYS_PER_MONTH), nan=1.0), 1)
    near = known & (np.abs((ended - _months_after(started, whole.astype(np.int64))).astype(float)) <= NEAR_MONTH_DAYS)
    part = known & ~near
    months = np.where(near, whole, np.where(np.isnan(term), 1.0, term))
    after = _months_after(started, np.maximum(np.nan_to_num(np.round(months), nan=1.0), 1).astype(np.int64))
    last = np.where(days <= 0, started + np.timedelta64(1, "D"), ended)
    return np.where(part, np.maximum(days, 1) / DAYS_PER_MONTH, months), np.where(part, last, after)


def _months_after(days: Days, months: np.ndarray) -> Days:
    """Return the day so many months later; the last of the month where it has no such day."""
    month = days.astype("datetime64[M]")
    within = (days - month.astype("datetime64[D]")).astype(np.int64)
    later = month + months.astype("timedelta64[M]")
    longest = ((later + 1).astype("datetime64[D]") - later.astype("datetime64[D]")).astype(np.int64)
    found: Days = later.astype("datetime64[D]") + np.minimum(within, longest - 1).astype("timedelta64[D]")
    return found


def leads(rows: Rows) -> pa.Table:
    """Return the leads of a file."""
    created, score = rows.days("created"), rows.numbers("score")
    rows.need_filled()
    rows.need_day("created", created, past=True)
    rows.optional("score", score, "numbers")
    converted = rows.says("converted", "converted", "yes") | ~np.isnat(rows.days("converted"))
    return _table("leads", rows, {
        "id": rows.key("id"), "segment": rows.name("segment"), "created": created,
        "score": pa.array(score, mask=~np.isfinite(score)), "converted": converted,
    })  # fmt: skip


def payments(rows: Rows) -> pa.Table:
    """Return the attempts to collect invoices."""
    day, amount = rows.days("day"), rows.numbers("amount")
    paid, failed = rows.says("paid", "paid", "yes"), rows.says("paid", "failed", "no")
    rows.need_filled()
    rows.need_day("day", day, past=True)
    rows.need_amount("amount", amount)
    rows.set_aside("paid", ~paid & ~failed, "is neither paid nor failed")
    card = pa.array(rows.says("card", "card", "yes"), mask=rows.blank("card"))
    return _table("payments", rows, {
        "invoice": rows.key("invoice"), "customer": rows.name("customer"), "segment": rows.name("segment"), "day": day,
        "amount": _cents(amount), "card": card, "paid": paid, "term": _whole(rows.months("term")),
    })  # fmt: skip


def people(rows: Rows) -> pa.Table:
    """Return the sales people of a file."""
    started, left = rows.days("started"), rows.days("left")
    rows.need_filled()
    rows.need_day("started", started, past=True)
    left = rows.need_day("left", left, endless=True)
    rows.set_aside("left", left < started, "is before the day they started")
    quota, cost = (_known(rows, name, rows.numbers(name)) for name in ("quota", "cost"))
    return _table("people", rows, {
        "name": rows.name("name"), "segment": rows.name("segment"), "started": started, "left": left,
        "quota": _cents(quota), "cost": _cents(cost),
    })  # fmt: skip


def forecasts(rows: Rows) -> pa.Table:
    """Return the forecasts of a file, by quarter."""
    day, amount = rows.days("quarter"), rows.numbers("amount")
    rows.need_filled()
    rows.need_day("quarter", day)
    rows.need_amount("amount", amount)
    month = day.astype("datetime64[M]").astype(np.int64)
    quarter = (month - month % 3).astype("datetime64[M]").astype("datetime64[D]")
    return _table("forecasts", rows, {
        "quarter": np.where(np.isnat(day), NO_DAY, quarter), "segment": rows.name("segment"), "amount": _cents(amount),
    })  # fmt: skip


def actuals(rows: Rows) -> pa.Table:
    """Return actual months, each month and segment once."""
    day, segment = rows.days("month"), rows.name("segment")
    amounts = {
        name: rows.numbers(name) for name in SCHEMAS["actuals"].names if name not in ("month", "segment", "line")
    }
    rows.need_filled()
    rows.need_day("month", day)
    leave_out_dashes(rows)
    amounts = {name: month_amount(rows, name, amount) for name, amount in amounts.items()}
    amounts |= parts_added(rows, amounts)
    if all(np.isnan(amount).all() for name, amount in amounts.items() if name != "revenue"):
        rows.notes.append(f"{rows.file}: no line of ARR is there (new, expansion, contraction, churn, opening or closing ARR), so only revenue is "
                          "held against the plan.")  # fmt: skip
    month = day.astype("datetime64[M]").astype("datetime64[D]")
    keys = pd.DataFrame({"month": month, "segment": segment.to_pandas()})
    rows.set_aside("month", keys.duplicated().to_numpy(), "and its segment stand in an earlier row")
    cents = {name: _cents(amount) for name, amount in amounts.items()}
    return _table("actuals", rows, {"month": month, "segment": segment, **cents})


TABLES: Mapping[str, tuple[str, Callable[[Rows], pa.Table]]] = MappingProxyType({
    "opportunities": ("opportunities", opportunities),
    "subscriptions": ("subscriptions", subscriptions),
    "invoices": ("subscriptions", invoices),
    "leads": ("leads", leads),
    "payments": ("payments", payments),
    "people": ("people", people),
    "forecasts": ("forecasts", forecasts),
    "actuals": ("actuals", actuals),
})  # fmt: skip
"""Name of the table and how it is made, by kind of file."""


def _known(rows: Rows, name: str, amount: Numbers) -> Numbers:
    """Return amounts that need not be there, NaN for those that cannot be, which are noted."""
    known = np.where((amount < 0) | (amount > MOST), np.nan, amount)
    rows.optional(name, known, "amounts from 0 to 1e12")
    return known


def _note_stages(rows: Rows, decided: Mask) -> None:
    if "is_won" in rows and "is_closed" in rows:
        return
    codes, texts = rows.columns["outcome"].as_text.encoded
    stages = texts.take(pa.array(np.unique(codes[rows.used & ~decided & (codes >= 0)]))).to_pylist()
    if stages:
        rows.notes.append(f"{rows.file}: neither won nor lost, so still open: {listed(stages)}.")


def _note_business(rows: Rows) -> None:
    """Note what stands in the columns that tell new business from other, of the rows that are used as new business."""
    for name in (name for name in BUSINESS if name in rows):
        codes, texts = rows.columns[name].as_text.encoded
        kept = texts.take(pa.array(np.unique(codes[rows.used & (codes >= 0)]))).to_pylist()
        aside = int(rows.says(name, "not_new").sum())
        rows.notes.append(f"{rows.file}: by {rows.header(name)}, taken as new business: {listed(kept) or 'what is empty'}; "
                          f"renewals and opportunities of existing customers, set aside: {aside:,}.")  # fmt: skip


def _note_unpaid(rows: Rows, yearly: Numbers) -> None:
    unpaid = int((yearly[rows.used] == 0).sum())
    if unpaid and unpaid == rows.used.sum():
        rows.problems.append(f"{rows.file}: all {unpaid:,} rows are trials or have the amount 0; nobody is a customer.")
    elif unpaid:
        rows.notes.append(f"{rows.file}: {unpaid:,} trials and zero amounts are not customers.")


def _note_states(rows: Rows, running: Numbers) -> None:
    """Note subscriptions that run but are not paid as they should be, with what they are worth a year."""
    for group, say in told.STATES.items():
        found = rows.used & rows.says("trial", group) & (running > 0)
        if found.any():
            rows.notes.append(f"{rows.file}: {say(int(found.sum()), float(running[found].sum()))}")


def _note_totals(rows: Rows) -> None:
    """Note customers whose names begin or end like those of totals: a total that is not seen counts everything twice."""
    codes, texts = rows.columns["customer"].as_text.encoded
    there = texts.take(pa.array(np.unique(codes[rows.used & (codes >= 0)])))
    names = sorted(there.filter(pc.match_substring_regex(there, _LIKE_TOTAL)).to_pylist())
    if names:
        rows.notes.append(f"{rows.file}: taken for customers, though they may be totals that count everything twice: "
                          f"{listed(names)}.")  # fmt: skip


def _cents(amount: Numbers) -> pa.Array:
    known = np.isfinite(amount) & (np.abs(amount) <= 1e14)
    return pa.array(np.round(np.where(known, amount, 0) * CENTS).astype(np.int64), mask=~known)


def _whole(months: Numbers) -> np.ndarray:
    """Return terms as whole months, 0 where they are not known."""
    return np.round(np.nan_to_num(months, nan=0.0)).astype(np.int64)


def _table(name: str, rows: Rows, columns: Mapping[str, Any]) -> pa.Table:
    """Return the rows used, in the types of the schema."""
    schema = SCHEMAS[name]
    used = pa.array(rows.used)
    made: dict[str, Any] = {**columns, "line": rows.lines}
    arrays = [made[column] if isinstance(made[column], pa.Array) else pa.array(made[column]) for column in schema.names]
    return pa.Table.from_arrays([array.cast(entry.type).filter(used) for array, entry in zip(arrays, schema, strict=True)],
                                schema=schema)  # fmt: skip
