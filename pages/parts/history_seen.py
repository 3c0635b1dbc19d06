"""What the charts of the history look at: a result, one segment of it, and how its numbers are said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from model import Company
from model.text import money, month_name, symbol
from pages.parts.own_data import Result

if TYPE_CHECKING:
    import pandas as pd

    from model.company import Numbers
    from model.history.asking.facts import Facts
    from model.history.measuring.measure import Measured


@dataclass(frozen=True)
class Seen:
    """A result as seen for one segment, "" for all."""

    result: Result
    segment: str

    @property
    def facts(self) -> Facts:
        """Counts and sums of all segments."""
        return self.result.facts

    @property
    def company(self) -> Company:
        """The company that was measured."""
        return self.result.company

    @property
    def of(self) -> str:
        """How the segment is named at the end of a subtitle."""
        return f". {self.facts.segments[self.segment]}" if self.segment else ""

    @property
    def symbol(self) -> str:
        """The sign before amounts."""
        return symbol(self.company.currency)

    def money(self, amount: float) -> str:
        """Return an amount in currency as people read it."""
        return money(amount, self.company.currency)

    def rows(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of the segment; all of them where a table does not tell segments apart."""
        told = self.segment and len(table) and (table["segment"] == self.segment).any()
        return table[table["segment"] == self.segment] if told else table

    def measured(self, name: str) -> Measured | None:
        """Return a measure of the segment, None if it was not measured there."""
        return next((one for one in self.every(name)), None)

    def every(self, name: str) -> list[Measured]:
        """Return all values of a measure in the segment."""
        found = self.result.calibration.measured
        return [one for one in found if one.measure == name and one.segment == self.segment]

    def shown(self, one: Measured) -> str:
        """Return a value as people read it."""
        return one.declared.show(one.value, self.company.currency)

    def between(self, one: Measured) -> str:
        """Return the ends of the interval: "86.1 % to 95.2 %", or "" where there is none."""
        show, currency = one.declared.show, self.company.currency
        return f"{show(one.low, currency)} to {show(one.high, currency)}" if one.has_interval else ""


def month_of(month: int, *, short: bool = False) -> str:
    """Return the name of a month counted from 1970-01.

    >>> month_of(671), month_of(671, short=True)
    ('Dec 2025', 'Dec 25')
    """
    return month_name(1970 + month // 12, month % 12 + 1, short=short)


def quarter_of(month: int) -> str:
    """Return the name of the quarter of a month.

    >>> quarter_of(671)
    '2025 Q4'
    """
    return f"{1970 + month // 12} Q{month % 12 // 3 + 1}"


def in_currency(cents: Numbers | pd.Series[Any] | float) -> Numbers:
    """Return cents as currency."""
    return np.asarray(cents, float) / 100
