"""A company: the facts it starts from and a base value of every assumption per segment."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property

import numpy as np

from model.catalogue import assumptions
from model.opening import Book, Numbers, opening_book

HORIZON_MONTHS = (12, 120)
COUNTED = ("opening_arr", "opening_customers")

__all__ = ["COUNTED", "HORIZON_MONTHS", "Book", "Company", "Numbers", "adds_up"]


@dataclass(frozen=True, eq=False)
class Company:
    """A checked company; make one with `read_company` or `company_from`.

    Attributes
    ----------
    segments : mapping of str to str
        Segment id to title, in display order.
    company : mapping of str to float
        Values of the assumptions of scope 'company'.
    assumptions : mapping of str to mapping of str to float
        Values of the assumptions of scope 'segment', by segment.
    sources : mapping of str to str
        Where a value comes from: the id of a source, or "judgement" and why.
    book : mapping of str to book
        The real opening book of a segment, if known: 'arr' and 'customers' by sale month (YYYY-MM).
        Its rows are shares; opening_arr and opening_customers set the level.
    """

    id: str
    version: int
    title: str
    currency: str
    first_month: str
    horizon_months: int
    segments: Mapping[str, str]
    company: Mapping[str, float]
    assumptions: Mapping[str, Mapping[str, float]]
    sources: Mapping[str, str] = field(default_factory=dict)
    book: Mapping[str, Book] = field(default_factory=dict)

    def base(self, name: str) -> Numbers:
        """Return the base value of an assumption, one per segment, or one alone if it is the company's."""
        return self.bases[name]

    @cached_property
    def bases(self) -> Mapping[str, Numbers]:
        """The base values of all assumptions as `base` gives them, read-only."""
        found = {name: np.array([value]) for name, value in self.company.items()}
        found |= {name: np.array([by[segment] for segment in self.segments]) for name, by in self.assumptions.items()}
        for values in found.values():
            values.setflags(write=False)
        return found

    @cached_property
    def columns(self) -> Mapping[str, Numbers]:
        """The base values of all assumptions, each (segments, 1) or (1, 1), read-only: a column for one run."""
        return {name: values[:, np.newaxis] for name, values in self.bases.items()}

    @cached_property
    def still(self) -> Mapping[str, Numbers]:
        """The same as if they stood still over time, each (1, segments, 1) or (1, 1, 1), read-only."""
        return {name: values[np.newaxis] for name, values in self.columns.items()}

    @cached_property
    def opening_shares(self) -> Numbers:
        """Share of each segment in opening ARR, shape (segments,); equal shares when there is none."""
        arr = self.base("opening_arr")
        return arr / arr.sum() if arr.sum() > 0 else np.full(arr.size, 1 / arr.size)

    @cached_property
    def opening(self) -> Numbers:
        """Customers and ARR of the opening book by age, (120, 2, segments, 1), read-only."""
        book = self.opening_with(self.columns)
        book.setflags(write=False)
        return book

    def opening_with(self, base: Mapping[str, Numbers]) -> Numbers:
        """Return the opening book if these were the values before the first month, (120, 2, segments, runs)."""
        return opening_book(base, [self.book.get(segment) for segment in self.segments], self.month(0))

    def mean(self, name: str) -> float:
        """Return the company-level base value: a sum of counts, else the mean weighted by opening ARR."""
        return self.whole(name, self.base(name))

    def whole(self, name: str, values: Numbers) -> float:
        """Return what values of an assumption by segment, (segments,), are for the company, as `mean` does for the base."""
        if assumptions()[name].scope == "company":
            return float(values[0])
        return float(values.sum() if adds_up(name) else values @ self.opening_shares)

    def month(self, number: int) -> tuple[int, int]:
        """Return year and month of projection month `number` (1 is the first)."""
        year, month = map(int, self.first_month.split("-"))
        months = year * 12 + month - 1 + number - 1
        return months // 12, months % 12 + 1

    @cached_property
    def fingerprint(self) -> str:
        """A short text that is the same for the same company and differs for any other."""
        content = json.dumps([getattr(self, entry.name) for entry in fields(self)], default=dict)
        return hashlib.sha256(content.encode()).hexdigest()[:12]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Company) and self.fingerprint == other.fingerprint

    def __hash__(self) -> int:
        return hash(self.fingerprint)


def adds_up(name: str) -> bool:
    """Say whether the company's value of an assumption is the sum of its segments', as with counts, or their mean."""
    return assumptions()[name].across == "sum" or name in COUNTED
