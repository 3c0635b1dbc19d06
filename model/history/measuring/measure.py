"""A measure: what is measured, how, in which unit, what it sets; and what was found in the rows."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal

from model.catalogue import DATA, Declaration, assumptions, declarations, read_toml, sources
from model.errors import CatalogueError
from model.history.schema import SCHEMAS
from model.text import ShownAs, numbered, shown

NONE = (math.nan, math.nan)
UNCHANGED = ("since no customer ever pays more or less in these files: amounts may be today's alone, and what was added or given up before "
             "is not seen")  # fmt: skip
"""Why a value is not exact where amounts never change."""
INTERVALS = {
    "wilson": "Wilson interval",
    "jackknife": "Jackknife over 16 groups of customers",
    "t": "Student's t over months or quarters",
    "poisson": "Quasi-Poisson interval",
    "none": "",
}


class Measure(Declaration):
    """One entry of data/measures.toml.

    Attributes
    ----------
    noun : str
        What `n` counts: "decided opportunities".
    method : str
        One sentence.
    interval : str
        How the 90 % interval comes about, a key of INTERVALS.
    least : int
        Fewer of its noun are too few: the measure is shown, marked, and sets nothing.
    sets : str
        The assumption that takes its value, or nothing.
    needs : list of str
        Tables of `schema` it is measured from.
    wants : str
        What the files must have for it: "it needs …".
    if_unchanged : str
        What its value is where amounts never change, so that they may be today's alone: "at most"; nothing if it stays what it is.
    min, max : float
        Ends that an interval cannot pass.
    """

    label: str
    unit_label: str
    shown_as: ShownAs
    noun: str
    method: str
    interval: Literal["wilson", "jackknife", "t", "poisson", "none"]
    least: int
    source: str = ""
    sets: str = ""
    needs: tuple[str, ...]
    wants: str
    if_unchanged: str = ""
    min: float | None = None
    max: float | None = None

    @property
    def how(self) -> str:
        """The method, how its interval comes about and its source: "… Wilson interval."."""
        interval = f" {INTERVALS[self.interval]}." if INTERVALS[self.interval] else ""
        source = f" {sources()[self.source].title}." if self.source else ""
        return f"{self.method}{interval}{source}"

    def show(self, value: float, currency: str = "USD") -> str:
        """Return a value as people read it, without its unit."""
        return shown(value, self.shown_as, currency)


@cache
def measures() -> Mapping[str, Measure]:
    """Return every measure by id, in the order of its file."""
    found = declarations(Measure, read_toml(DATA / "measures.toml"), "measures.toml")
    names = {"assumption": assumptions(), "source": sources(), "table": SCHEMAS}
    wrong = [
        f"{key}: no {kind} {name!r}"
        for key, entry in found.items()
        for kind, given in (("assumption", [entry.sets]), ("source", [entry.source]), ("table", entry.needs))
        for name in given
        if name and name not in names[kind]
    ]
    if wrong:
        raise CatalogueError(wrong)
    return MappingProxyType(found)


@dataclass(frozen=True)
class Measured:
    """A value found in the rows.

    Attributes
    ----------
    measure : str
        Id of the measure.
    segment : str
        "" is the value of all segments together.
    value : float
        In the unit of the measure; money in currency, not cents.
    n : int
        How many of the measure's noun it rests on.
    low, high : float
        90 % interval; NaN where the value is counted and not a sample, or too little was seen to say.
    period : str
        "2024-01 to 2024-12", or one month.
    of : str
        Which part of the segment, where a measure is taken of several: "scores 40 to 55".
    sure : bool
        Whether so few of its noun are an answer: none came among many who could have.
    unchanged : bool
        Whether no customer ever pays more or less in the rows it was found in.
    """

    measure: str
    segment: str
    value: float
    n: int
    low: float
    high: float
    period: str
    of: str = ""
    sure: bool = False
    unchanged: bool = False

    @property
    def declared(self) -> Measure:
        """What data/measures.toml says of it."""
        return measures()[self.measure]

    @property
    def enough(self) -> bool:
        """Whether it rests on enough rows to set anything."""
        return self.sure or self.n >= self.declared.least

    @property
    def bound(self) -> str:
        """What the value is of what it stands for: "at most"; "" if it is the value itself."""
        return self.declared.if_unchanged if self.unchanged else ""

    @property
    def mark(self) -> str:
        """What must be said beside the value: that it rests on too few, that it is a bound; "" if nothing."""
        few = "" if self.enough else f"too few, {self.declared.least:,} are needed"
        return "; ".join(filter(None, (few, self.bound and f"{self.bound}, {UNCHANGED}")))

    @property
    def has_interval(self) -> bool:
        """Whether an interval is known."""
        return math.isfinite(self.low) and math.isfinite(self.high)

    def shown(self, currency: str) -> str:
        """Return value, interval, n and mark: "61.2 % (58.0 % to 64.3 %); 812 decided opportunities"."""
        entry = self.declared
        ends = f" ({entry.show(self.low, currency)} to {entry.show(self.high, currency)})" if self.has_interval else ""
        value = numbered(entry.show(self.value, currency), entry.unit_label.removeprefix("% ")).strip()
        mark = f": {self.mark}" if self.mark else ""
        return f"{value}{ends}; {numbered(self.n, entry.noun)}{mark}"


def found(
    measure: str,
    segment: str,
    value: float,
    n: int,
    period: str,
    ends: tuple[float, float] = NONE,
    of: str = "",
    *,
    sure: bool = False,
) -> list[Measured]:
    """Return a measured value, its interval kept within the measure's ends and around the value; none if it is NaN."""
    if not math.isfinite(value):
        return []
    entry, (low, high) = measures()[measure], ends
    if math.isfinite(low) and math.isfinite(high):
        low, high = min(low, value), max(high, value)
        low = low if entry.min is None else max(low, min(entry.min, value))
        high = high if entry.max is None else min(high, max(entry.max, value))
    else:
        low, high = NONE
    return [Measured(measure, segment, float(value), int(n), float(low), float(high), period, of, sure)]
