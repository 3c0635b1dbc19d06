"""Histories whose making is known: companies drawn at random, and one in which nothing is left to chance."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow as pa

from model.history.schema import SCHEMAS
from tests import sample_exports as made

OUTCOMES = {"Closed Won": "won", "Closed Lost": "lost"}
Tables = dict[str, pa.Table]


def simulated(seed: int, times: float = 1) -> Tables:
    """Return subscriptions and opportunities of a company drawn as the sample exports are, so many times as large."""
    exports = made.Exports(np.random.default_rng(seed))
    for truth in larger(times):
        for month in range(made.MONTHS):
            for created in made._opportunities_of(exports, truth, month):
                list(made._opportunity(exports, truth, created))
    subscriptions = [
        (row[0], row[1], row[2], row[3], row[4] or None, _cents(row[5]), row[6], row[6] // 12 * 12)
        for row in made._known(exports.subscriptions)
    ]
    opportunities = [
        (row[0], row[1], row[2], row[3], OUTCOMES.get(str(row[4]), "open"), row[5],
         row[7] if row[4] in OUTCOMES else None, row[6], _cents(row[8]), _cents(row[9]))
        for row in exports.opportunities
    ]  # fmt: skip
    return tables(subscriptions, opportunities)


def larger(times: float) -> tuple[made.Truth, ...]:
    """Return what is true of the sample company so many times as large."""
    return tuple(
        replace(truth, leads_per_month=truth.leads_per_month * times, outbound=truth.outbound * times)
        for truth in made.TRUTHS
    )


def steady(wins: int = 125, months: int = 60, kept: float = 0.8) -> Tables:
    """Return a company that wins as many deals of 12,000 a year each month and keeps the same share at every renewal.

    Twice as many opportunities are created each month as are won a month later; with 125 wins, 80 % of which renew, all
    numbers of the first three years are whole.
    """
    subscriptions, opportunities = [], []
    for month in range(months):
        for number in range(wins):
            name = f"{month}-{number}"
            for outcome in ("won", "lost"):
                decided = date(2021 + (month + 1) // 12, (month + 1) % 12 + 1, 1) if month + 1 < months else None
                opportunities.append((f"{outcome}-{name}", name, "", "", outcome if decided else "open",
                                      date(2021 + month // 12, month % 12 + 1, 1), decided, None, 1_200_000, None))  # fmt: skip
            if month:
                years = next((year for year in range(1, 20) if number >= round(wins * kept**year, 6)), 20)
                end = month + 12 * years
                ended = date(2021 + end // 12, end % 12 + 1, 1) if end < months else None
                subscriptions.append((f"s-{name}", f"c-{name}", "", date(2021 + month // 12, month % 12 + 1, 1), ended,
                                      1_200_000, 12, 12))  # fmt: skip
    subscriptions.append(("last", f"c-{months - 1}-0", "", date(2020 + months // 12, 12, 31), None, 0, 0, 0))
    return tables(subscriptions, opportunities)


def tables(subscriptions: list[tuple[object, ...]], opportunities: list[tuple[object, ...]]) -> Tables:
    """Return rows as tables, their lines numbered."""
    found = {}
    for kind, rows in (("subscriptions", subscriptions), ("opportunities", opportunities)):
        names = SCHEMAS[kind].names
        numbered = [dict(zip(names, (*row, line), strict=True)) for line, row in enumerate(rows, 2)]
        found[kind] = pa.Table.from_pylist(numbered, SCHEMAS[kind])
    return found


def _cents(amount: object) -> int:
    return round(float(str(amount)) * 100)
