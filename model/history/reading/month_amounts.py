"""Amounts of actual months: what a dash means, losses below zero, and movements that stand in two parts."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from model.history.reading.column import Mask, Numbers
from model.history.reading.columns import fields
from model.history.reading.rows import MOST, Rows

DASHES = "-", "–", "—", "−"
"""What sheets have where nothing happened in a month."""
BALANCES = ("arr_opening", "arr_closing")
LOSSES = ("arr_contraction", "arr_churn", "arr_churn_involuntary")


def _dashes(rows: Rows, name: str) -> Mask:
    """Say which cells of a field hold a dash alone."""
    if name not in rows:
        return np.zeros(len(rows.lines), bool)
    codes, texts = rows.columns[name].encoded
    return np.array([*(text in DASHES for text in texts.to_pylist()), False])[codes]


def leave_out_dashes(rows: Rows) -> None:
    """Set months aside that hold dashes alone: they are still to come."""
    names = [name for name in rows.columns if fields(rows.kind)[name].type == "amount"]
    empty = np.logical_and.reduce([_dashes(rows, name) | rows.blank(name) for name in names])
    some = np.logical_or.reduce([_dashes(rows, name) for name in names])
    rows.set_aside("month", empty & some, "has dashes alone")


def month_amount(rows: Rows, name: str, amount: Numbers) -> Numbers:
    """Return amounts of months, NaN and noted where a cell holds none; losses that a whole column has below zero are positive.

    A dash alone is 0, but of a balance, which is not nothing because nobody wrote it.
    """
    if name not in BALANCES:
        amount = np.where(_dashes(rows, name), 0.0, amount)
    known = amount[rows.used & np.isfinite(amount)]
    if name in LOSSES and (known < 0).any() and (known <= 0).all():
        rows.notes.append(f"{rows.file}: {rows.header(name)} is below zero or in brackets throughout; its amounts are taken as losses of "
                          "that much.")  # fmt: skip
        amount = np.abs(amount)
    signed = fields(rows.kind)[name].signed
    amount = np.where((np.abs(amount) > MOST) | ((amount < 0) & (not signed)), np.nan, amount)
    rows.optional(name, amount, f"amounts {'up to' if signed else 'from 0 to'} 1e12")
    return amount


def parts_added(rows: Rows, amounts: Mapping[str, Numbers]) -> dict[str, Numbers]:
    """Return the amounts that stand in two parts, added up, and say so; unknown in months in which one of the parts is."""
    found: dict[str, Numbers] = {}
    for name, entry in fields(rows.kind).items():
        if not (entry.added_to or entry.added) or name not in rows:
            continue
        part, other = month_amount(rows, name, rows.numbers(name)), amounts[entry.beside]
        found[entry.beside] = part + other if entry.beside in rows else part
        if entry.beside in rows:
            half = int((rows.used & (np.isfinite(part) != np.isfinite(other))).sum())
            why = entry.says if entry.added else f"both are {fields(rows.kind)[entry.beside].says}"
            rows.notes.append(f"{rows.file}: {rows.header(entry.beside)} and {rows.header(name)} are added up: {why}" + (f"; not known where only one of them is: {half:,}." if half else "."))  # fmt: skip
    return found
