"""Facts cut by segment, by group of customers and by month."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from model.company import Numbers
from model.history.asking.facts import PARTS, Facts
from model.history.schema import CENTS, month_text
from model.rates import YEAR

ENOUGH_WON = 30
"""From so many wins a rate and a price of one year are worth more than longer memory: chance moves their number by less than
a third, nine times in ten, and a win rate or price that drifts is not averaged away."""


def by_segment(facts: Facts, table: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the rows of all segments under "", then those of each segment that the table names, if there are several."""
    if len(table):
        yield "", table
    if len(facts.segments) > 1:
        for segment in facts.segments:
            own = table[table["segment"] == segment]
            if len(own):
                yield segment, own


def by_part(table: pd.DataFrame, columns: Sequence[str]) -> Numbers:
    """Return sums of columns by group of customers, (PARTS, columns)."""
    sums = np.zeros((PARTS, len(columns)))
    np.add.at(sums, table["part"].to_numpy(np.int64), table[list(columns)].to_numpy(float))
    return sums


def total(table: pd.DataFrame, column: str) -> float:
    """Return the sum of a column."""
    return float(table[column].sum())


def in_months(table: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    """Return the rows of the months from first to last, both included."""
    return table[table["month"].between(first, last)]


def monthly(table: pd.DataFrame, column: str, first: int, last: int) -> Numbers:
    """Return the sums of a column by month, zeros where a month has none."""
    sums = in_months(table, first, last).groupby("month")[column].sum()
    return sums.reindex(range(first, last + 1), fill_value=0).to_numpy(float)


def last_year(table: pd.DataFrame, until: int) -> tuple[int, int]:
    """Return first and last month of the last 12 full months of a table: fewer if it is younger, at most to `until`."""
    last = min(until, int(table["month"].max()))
    return max(last - YEAR + 1, min(last, int(table["month"].min()))), last


def new_business(facts: Facts) -> tuple[int, int]:
    """Return first and last month of what opportunities, their win rate and their price are measured over, all the same.

    The last 12 months; where fewer than 30 were won in them, 24, 36 and so on, at most all. Every decision made in these
    months counts, whenever its opportunity was created, so that none is missing because it is still open: who takes those
    created in these months instead sees the quick decisions only.
    """
    last = min(facts.until, int(max(facts.created["month"].max(), facts.prices["month"].max())))
    oldest = min(last, int(facts.created["month"].min()))
    first = last - YEAR + 1
    while first > oldest and total(in_months(facts.prices, first, last), "won") < ENOUGH_WON:
        first -= YEAR
    return max(first, oldest), last


def stretch(table: pd.DataFrame, column: str, first: int, last: int, least: int) -> int:
    """Return the first month of a stretch in which a column adds up to so many: `first`, or 12 or 24 months before it.

    Where the longest of them has too few as well it is `first`: memory that does not help is not used.
    """
    for month in (first, first - YEAR, first - 2 * YEAR):
        if total(in_months(table, month, last), column) >= least:
            return max(month, int(table["month"].min()))
    return first


def ratio(part: float, whole: float) -> float:
    """Return part ÷ whole, NaN if the whole is nothing."""
    return part / whole if whole > 0 else math.nan


def money(cents: float) -> float:
    """Return an amount in currency."""
    return cents / CENTS


def span(first: int, last: int) -> str:
    """Return a period as people read it.

    >>> span(648, 659), span(659, 659)
    ('2024-01 to 2024-12', '2024-12')
    """
    return month_text(last) if first == last else f"{month_text(first)} to {month_text(last)}"
