"""Headers that are months: "Jan 2024", "2024-02", "31.03.2024", "MRR Apr-24"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from model.history.reading.days import read_days

LEAST = 3
"""So many months make a sheet one with months across."""
WIDE = ("subscriptions", "invoices")
"""Kinds of file that may have months across."""
_WORDS = re.compile(r"\b(mrr|arr)\b", re.IGNORECASE)
_BESIDE = " \t\u00a0()[]-–_:,/|"


@dataclass(frozen=True)
class MonthColumn:
    """A column of a month: its place, its header, the month's first day by order of dates, and "mrr" or "arr" if it says so."""

    place: int
    header: str
    months: Mapping[str, str]
    says: str


def values_said(text: str) -> str:
    """Return "mrr" or "arr" if a text names one of them.

    >>> values_said("MRR by customer"), values_said("ARR and MRR"), values_said("Arrears")
    ('mrr', '', '')
    """
    found = {word.lower() for word in _WORDS.findall(text)}
    return found.pop() if len(found) == 1 else ""


def month_columns(header: Sequence[str]) -> list[MonthColumn]:
    """Return the columns whose headers are months; none if there are fewer than three.

    >>> [column.months["day-first"] for column in month_columns(["Customer", "Jan 2024", "2024-02", "MRR 03/2024"])]
    ['2024-01', '2024-02', '2024-03']
    """
    found = list(_found(header))
    return found if len(found) >= LEAST else []


def _found(header: Sequence[str]) -> Iterator[MonthColumn]:
    texts = [_WORDS.sub("", name).strip(_BESIDE) for name in header]
    days = read_days(pa.array(texts, pa.string()), "month")
    for place, name in enumerate(header):
        months = {order: str(those[place])[:7] for order, those in days.items() if str(those[place]) != "NaT"}
        if months:
            yield MonthColumn(place, name, months, values_said(name))
