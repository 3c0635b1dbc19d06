"""Facts of made-up histories, counted in plain Python: slow, short and easy to check by eye."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import pandas as pd

from model.history.asking.facts import PARTS, Facts

COLUMNS = {
    "movements": "month segment sold movement customers arr",
    "year_on_year": "month segment part customers arr lost_customers lost grown shrunk",
    "lifetimes": "segment part sold age lost customers arr",
    "terms": "segment part term billed due subscriptions arr",
    "decisions": "segment part outcome days opportunities",
    "created": "segment month opportunities priced amount",
    "prices": "segment part month decided won named accounts priced amount listed list_amount listed_amount",
    "slips": "segment quarters still_open opportunities",
    "owners": "month owners year_owners",
    "leads": "month segment band leads converted score_low score_high",
    "payments": "month segment part card term invoices amount failed_invoices failed recovered_invoices recovered",
    "people": "month segment people joined left quota quota_people cost cost_people",
    "forecasts": "quarter segment forecast actual",
}
ONE = {"customers": "All customers"}


def facts(until: int, segments: Mapping[str, str] = ONE, **tables: Iterable[Sequence[Any]]) -> Facts:
    """Return facts of the rows given; a table that is not named has none."""
    frames = {}
    for name, columns in COLUMNS.items():
        names = columns.split()
        rows = [list(row) for row in tables.get(name, ())]
        frames[name] = pd.DataFrame(rows, columns=names) if rows else pd.DataFrame(columns=names).astype("int64")
    assert {entry.name for entry in fields(Facts)} == {"until", "segments", "notes", *frames}
    return Facts(until, segments, **frames)


@dataclass(frozen=True)
class Held:
    """What a customer pays from one month end to before another: `arr` in cents a year."""

    customer: int
    first: int
    end: int
    arr: int
    segment: str = "customers"
    term: int = 0
    billed: int = 0


def facts_of_book(held: Iterable[Held], until: int, segments: Mapping[str, str] = ONE) -> Facts:
    """Return what `gather` is to say of a book, month end by month end."""
    tables = book_tables(list(held), until)
    return facts(until, segments, **tables)


def book_tables(held: Sequence[Held], until: int) -> dict[str, list[list[Any]]]:
    paid: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    segment_of = {row.customer: row.segment for row in held}
    for row in held:
        for month in range(row.first, min(row.end, until + 1)):
            paid[row.customer][month] += row.arr
    movements: Counter[Any] = Counter()
    year: Counter[Any] = Counter()
    lives: Counter[Any] = Counter()
    for customer, by_month in paid.items():
        months = [month for month, arr in by_month.items() if arr > 0]
        if not months:
            continue
        segment, part, sold = segment_of[customer], customer % PARTS, min(months)
        for month in range(sold, until + 1):
            was, now = by_month.get(month - 1, 0), by_month.get(month, 0)
            word = ("new" if month == sold else "reactivation") if not was else "churn" if not now else (
                "expansion" if now > was else "contraction")  # fmt: skip
            if was != now:
                movements[(month, segment, sold, word), "customers"] += 1
                movements[(month, segment, sold, word), "arr"] += abs(now - was)
        for month in range(until - 11, until + 1):
            before, now = by_month.get(month - 12, 0), by_month.get(month, 0)
            if before:
                values = {"customers": 1, "arr": before, "lost_customers": not now, "lost": 0 if now else before,
                          "grown": max(now - before, 0), "shrunk": max(before - now, 0) if now else 0}  # fmt: skip
                for name, value in values.items():
                    year[(month, segment, part), name] += value
        gone = next((month for month in range(sold, until + 1) if not by_month.get(month, 0)), None)
        life = (segment, part, sold, (until if gone is None else gone) - sold, gone is not None)
        lives[life, "customers"] += 1
        lives[life, "arr"] += by_month[sold]
    terms: Counter[Any] = Counter()
    for row in held:
        if row.first <= until < row.end:
            due = next(m for m in range(row.first + row.term, until + 99, row.term) if m > until) if row.term else -1
            key = (row.segment, row.customer % PARTS, row.term, row.billed, due)
            terms[key, "subscriptions"] += 1
            terms[key, "arr"] += row.arr
    return {name: _rows(counter, name) for name, counter in
            (("movements", movements), ("year_on_year", year), ("lifetimes", lives), ("terms", terms))}  # fmt: skip


def _rows(counter: Counter[Any], table: str) -> list[list[Any]]:
    keys = list(dict.fromkeys(key for key, _ in counter))
    names = COLUMNS[table].split()[len(keys[0]) if keys else 0 :]
    return [[*key, *(counter[key, name] for name in names)] for key in keys]


@dataclass(frozen=True)
class Deal:
    """An opportunity: days counted from 1970-01-01 of months of 30 days, amount in cents, None while open."""

    created: int
    closed: int | None
    outcome: str
    amount: int = 100_000
    segment: str = "customers"
    listed: int = 0


def deal_tables(deals: Sequence[Deal], last_day: int, month_days: int = 30) -> dict[str, list[list[Any]]]:
    """Return the tables of opportunities; the account of each is its own."""
    decisions: Counter[Any] = Counter()
    created: Counter[Any] = Counter()
    prices: Counter[Any] = Counter()
    for number, deal in enumerate(deals):
        part = number % PARTS
        days = (last_day if deal.closed is None else deal.closed) - deal.created
        decisions[(deal.segment, part, deal.outcome, days), "opportunities"] += 1
        created[(deal.segment, deal.created // month_days), "opportunities"] += 1
        created[(deal.segment, deal.created // month_days), "priced"] += 1
        created[(deal.segment, deal.created // month_days), "amount"] += deal.amount
        if deal.closed is not None:
            key, won = (deal.segment, part, deal.closed // month_days), deal.outcome == "won"
            values = {"decided": 1, "won": won, "named": won, "accounts": won, "priced": won, "amount": won * deal.amount, "listed": won and deal.listed > 0,
                      "list_amount": won * deal.listed, "listed_amount": won * deal.amount * (deal.listed > 0)}  # fmt: skip
            for name, value in values.items():
                prices[key, name] += int(value)
    return {
        "decisions": _rows(decisions, "decisions"),
        "created": _rows(created, "created"),
        "prices": _rows(prices, "prices"),
    }
