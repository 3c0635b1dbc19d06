"""The rows of one file while they are read: what cannot be used is set aside, what is doubtful is collected."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from model.history.reading.amounts import read_amounts, says_cents, whole_texts
from model.history.reading.column import NO_DAY, Column, Days, Mask, Numbers, alike
from model.history.reading.columns import fields, terms, words
from model.history.reading.days import counted_days, read_days
from model.history.reading.habits import SCALES, Habits, Question, Setting
from model.history.reading.opened import RawTable, Tell
from model.history.reading.settle import Reading, Settled, settle
from model.history.reading.texts import plain_word, shown_text
from model.history.reading.unused import UnusedRow, UnusedRows
from model.history.schema import CENTS

FIRST_DAY, LAST_DAY = np.datetime64("1971-01-01"), np.datetime64("2099-12-31")
MOST = 1e12
STEPS = 80
MOST_MONTHS = 240
ALONE_MONTHS = 24
ALONE_SHARE = 0.01
ALONE_ROWS = 10
"""A file needs this many rows before one of them can be said to lie alone."""
ERROR = r"^#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|BUSY!|UNKNOWN!|GETTING_DATA)(?: .*)?$"
"""What a sheet writes where a formula has no answer."""
_TERM = re.compile(
    r"([0-9]{1,4})(?:\.0+)?\s*[-_]?\s*(days?|weeks?|wks?|months?|mos?\.?|m|quarters?|years?|yrs?|y|)", re.I
)
_UNITS = {"d": "day", "w": "week", "m": "month", "q": "quarter", "y": "year", "": "month"}


@dataclass
class Rows:
    """The rows of one file.

    Attributes
    ----------
    file, kind : str
        Name of the file; what its rows are.
    columns : mapping of str to Column
        By field.
    lines : array of int
        First line of each row, from 1.
    habits : Habits
        As told and as the file shows.
    ragged : sequence of (int, str)
        Rows that could not be taken apart: line and reason.
    tell : callable
        Is told the share of the work done.
    others : sequence of Column
        Columns that are not used and may hold dates: they can show how dates are written.
    blanks : array of int
        Blank lines between the rows of a sheet with months across.
    aside : sequence of UnusedRow
        Lines that were set aside before any was made a row.
    used : array of bool
        Whether a row is (still) used.
    unused : UnusedRows
        The rows set aside, the ragged ones among them.
    together : int
        How many fewer rows there are since cells of one line of a sheet with months across were set aside as one.
    above : str
        What stands above the header.
    worth : array of float, or None
        What each row brings, as far as it is known, to tell how much is set aside; None where rows may be sums of others.
    """

    file: str
    kind: str
    columns: Mapping[str, Column]
    lines: NDArray[np.int64]
    habits: Habits
    ragged: Sequence[tuple[int, str]] = ()
    tell: Tell = lambda _share: None
    others: Sequence[Column] = ()
    blanks: NDArray[np.int64] = field(default_factory=lambda: np.array([], np.int64))
    aside: Sequence[UnusedRow] = ()
    used: Mask = field(init=False)
    unused: UnusedRows = field(init=False)
    problems: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    together: int = 0
    above: str = ""
    worth: Numbers | None = None
    steps: int = 0

    @staticmethod
    def of(file: str, kind: str, places: Mapping[str, int], raw: RawTable, habits: Habits, tell: Tell) -> Rows:
        """Return the rows of a file that was read; `places` gives the fields in the order of the first columns read."""
        return Rows(file, kind, dict(zip(places, raw.columns, strict=False)), raw.lines, habits, raw.ragged, tell,
                    raw.columns[len(places) :], raw.blanks, raw.aside)  # fmt: skip

    def __post_init__(self) -> None:
        """Begin with every row used but those that were set aside before."""
        self.used = np.ones(len(self.lines), bool)
        self.unused = UnusedRows(self.file)
        for reason in dict.fromkeys(why for _, why in self.ragged):
            lines = np.array([line for line, why in self.ragged if why == reason], np.int64)
            self.unused.add(lines, "", pa.array([""] * len(lines)), reason)
        for row in self.aside:
            self.unused.add(np.array([row.line], np.int64), row.column, pa.array([row.value]), row.reason)

    def step(self) -> None:
        """Tell that one more column or check is done, of about STEPS."""
        self.steps += 1
        self.tell(min(1.0, self.steps / STEPS))

    @property
    def read(self) -> int:
        """Number of rows below the header."""
        return len(self.lines) + len(self.ragged) + len(self.aside) - self.together

    @property
    def money_aside(self) -> float:
        """Share of what all rows bring that those set aside do, amounts that none can be left out; 0 where it is not known."""
        if self.worth is None:
            return 0.0
        amounts = np.abs(self.worth)
        amounts = np.where(amounts <= MOST, amounts, 0.0)
        return float(amounts[~self.used].sum() / max(amounts.sum(), 1.0))

    def __contains__(self, name: str) -> bool:
        """Say whether there is a column for a field."""
        return name in self.columns

    def header(self, name: str) -> str:
        """Return the header of a field as it may be shown."""
        return shown_text(self.columns[name].header)

    def set_aside(self, name: str, rows: Mask, reason: str) -> None:
        """Set rows aside because of one field, if it has a column; rows set aside before keep their first reason.

        Where months stand in columns, what stands beside them holds for all cells of a line: they are set aside as one row.
        """
        self.step()
        places = np.flatnonzero(rows & self.used)
        if len(places) and name in self.columns:
            column = self.columns[name]
            self.used[places] = False
            if column.under is None and any(other.under is not None for other in self.columns.values()):
                named = places[np.unique(self.lines[places], return_index=True)[1]]
                self.together += len(places) - len(named)
                places = named
            for header, those in column.by_header(places):
                self.unused.add(self.lines[those], shown_text(header), column.shown(those), reason)

    def blank(self, name: str) -> Mask:
        """Say which cells of a field are empty; all if there is no such column."""
        return self.columns[name].blank if name in self.columns else np.ones(len(self.lines), bool)

    @cached_property
    def _values(self) -> Mapping[str, NDArray[Any]]:
        """What the different texts of amounts, numbers and dates are, by field, once it is settled how they are written."""
        decimals = {name: self._reading(name, read_amounts(texts)) for name, texts in self._texts("amount", "number")}
        dates = {name: self._reading(name, read_days(texts, self._type(name)))
                 for name, texts in self._texts("day", "month", "period", "conversion")}  # fmt: skip
        amounts = self._settle("decimal", decimals, self.habits.decimal)
        others = [
            Reading(shown_text(column.header), texts, read_days(texts))
            for column in self.others
            if len(texts := column.encoded[1])
        ]
        days = self._settle("dates", dates, self.habits.dates, others)
        self.habits = self.habits.settled(decimal=amounts.common or self.habits.decimal,
                                          dates=days.common or self.habits.dates)  # fmt: skip
        return {name: reading.values[found.habits[name]] for readings, found in ((decimals, amounts), (dates, days))
                for name, reading in readings.items() if name in found.habits}  # fmt: skip

    def settle_habits(self) -> None:
        """Settle how amounts and dates are written, or ask; the first cell that is read does it too."""
        _ = self._values

    def _settle(
        self, setting: Setting, readings: Mapping[str, Reading], told: str, others: Sequence[Reading] = ()
    ) -> Settled:
        found = settle(self.file, setting, readings, told, others)
        self.problems += found.problems
        self.questions += found.questions
        self.notes += found.notes
        return found

    def _type(self, name: str) -> str:
        return fields(self.kind)[name].type

    def _texts(self, *types: str) -> Iterator[tuple[str, pa.Array]]:
        for name, column in self.columns.items():
            self.step()
            if self._type(name) in types and len(column.encoded[1]):
                yield name, column.encoded[1]

    def _reading(self, name: str, values: Mapping[str, NDArray[np.float64]] | Mapping[str, Days]) -> Reading:
        return Reading(self.header(name), self.columns[name].encoded[1], values)

    def numbers(self, name: str) -> Numbers:
        """Return a field as numbers, NaN where a cell is empty or no number, or where there is no such column."""
        if name not in self.columns:
            return np.full(len(self.lines), np.nan)
        column = self.columns[name]
        found = self._by_row(name, np.nan)
        if column.numbers is not None:
            found = np.where(np.isfinite(column.numbers), column.numbers, found)
        times = SCALES.get(self.habits.units, 1.0) if self._type(name) == "amount" else 1.0
        return found / CENTS if self.in_cents(name) else found * times

    def in_cents(self, name: str) -> bool:
        """Say whether the amounts of a field are in cents: its header says so, or the reader does of whole numbers."""
        told = self.habits.units == "cents" and self._type(name) == "amount" and self.whole(name)
        return told or says_cents(self.columns[name].header)

    def whole(self, name: str) -> bool:
        """Say whether a field holds whole numbers only, written without decimals."""
        numbers, texts = self.columns[name].numbers, self.columns[name].encoded[1]
        typed = numbers is None or bool((np.nan_to_num(numbers) % 1 == 0).all())
        return typed and whole_texts(texts)

    def days(self, name: str) -> Days:
        """Return a field as days, NaT where a cell is empty or no date, or where there is no such column."""
        if name not in self.columns:
            return np.full(len(self.lines), NO_DAY)
        column = self.columns[name]
        found = self._by_row(name, NO_DAY)
        if column.days is not None:
            found = np.where(np.isnat(column.days), found, column.days)
        elif np.isnat(found).all() and (counted := counted_days(self._all_numbers(column))):
            self.notes.append(f"{self.file}: the dates of {self.header(name)} are read as {counted[0]}.")
            return counted[1]
        return found

    def _by_row(self, name: str, none: Any) -> NDArray[Any]:
        """Return what the texts of a field are, row by row; `none` where there is no text or it could not be settled."""
        codes, texts = self.columns[name].encoded
        self.step()
        values = self._values.get(name, np.full(len(texts), none))
        return np.append(values, none)[codes]

    @staticmethod
    def _all_numbers(column: Column) -> Numbers:
        """Return a column as numbers if it is nothing else, else nothing but NaN."""
        codes, texts = column.encoded
        found = np.append(read_amounts(texts)["."], np.nan)[codes]
        if column.numbers is not None:
            found = np.where(np.isnan(column.numbers), found, column.numbers)
        return found if bool((np.isnan(found) == column.blank).all()) else np.full(len(found), np.nan)

    def need_filled(self) -> None:
        """Set rows aside that lack what their kind needs, whose key stands in an earlier row, or that are there twice."""
        for name, entry in fields(self.kind).items():
            if name not in self.columns:
                continue
            if entry.type in ("key", "name"):
                self._need_no_error(name, needed=entry.filled or entry.unique or entry.alike)
            if entry.filled or entry.unique or entry.alike:
                self.set_aside(name, self.blank(name), "is empty")
            if entry.unique:
                codes = self.columns[name].as_text.encoded[0]
                self.set_aside(name, pd.Series(codes).duplicated().to_numpy(), "stands in an earlier row")
            if entry.alike:
                again = alike(self.columns[name], list(self.columns.values()), self.used)
                self.set_aside(name, again, "stands in an earlier row, alike in all columns read")

    def _need_no_error(self, name: str, *, needed: bool) -> None:
        """Set rows aside whose name is an error of a formula, or note that it is taken as empty where none is needed."""
        codes, texts = self.columns[name].as_text.encoded
        wrong = np.append(pc.match_substring_regex(texts, ERROR).to_numpy(zero_copy_only=False), False)[codes]
        if needed:
            self.set_aside(name, wrong, "is an error of a formula")
        elif wrong.any():
            self._note_empty(name, np.flatnonzero(wrong & self.used), "that are errors of a formula")

    def _note_empty(self, name: str, places: NDArray[np.intp], what: str) -> None:
        """Note how many cells are taken as empty, with the first of them."""
        if len(places):
            column, place = self.columns[name], places[0]
            first = shown_text(column.shown(places[:1])[0].as_py())
            where = f"line {self.lines[place]}"
            if column.lines is not None and column.under is not None:
                where = f"line {column.lines[place]}, {shown_text(column.under[int(place)].as_py())}"
            self.notes.append(f"{self.file}: cells of {self.header(name)} {what}, taken as empty: {len(places):,}, the first in "
                              f"{where}: {first!r}.")  # fmt: skip

    def need_day(
        self, name: str, days: Days, rows: Mask | None = None, *, past: bool = False, endless: bool = False
    ) -> Days:
        """Set rows aside whose day is no date, beyond what can be, or (of history) alone far behind all others.

        Returns
        -------
        array of days
            The days; where they may be `endless`, those after 2099 are none.
        """
        if name not in self.columns:
            return days
        rows = self.used if rows is None else rows
        self.set_aside(name, rows & ~self.blank(name) & np.isnat(days), "is not a date")
        self.set_aside(name, rows & (days < FIRST_DAY), "lies before 1971")
        never = days > LAST_DAY
        if endless and never.any():
            self.notes.append(f"{self.file}: days of {self.header(name)} after 2099, taken as without an end: "
                              f"{int(never.sum()):,}.")  # fmt: skip
            days = np.where(never, NO_DAY, days)
        self.set_aside(name, rows & (days > LAST_DAY), "lies after 2099")
        if past:
            alone = _alone(days, rows & self.used)
            self.set_aside(name, rows & (days >= alone), "lies more than two years after all other rows")
            self._note_gap(name, days[rows & self.used])
        return days

    def _note_gap(self, name: str, days: Days) -> None:
        """Note last days that lie more than a year after all others."""
        months = np.unique(days[~np.isnat(days)].astype("datetime64[M]").astype(np.int64))
        if len(months) > 1 and months[-1] - months[-2] > 12:
            self.notes.append(f"{self.file}: {self.header(name)} ends with {np.nanmax(days)}, more than a year after "
                              "all other dates; check it.")  # fmt: skip

    def need_amount(self, name: str, amount: Numbers, rows: Mask | None = None) -> None:
        """Set rows aside whose amount is none, below zero or beyond 1e12."""
        rows = self.used if rows is None else rows
        if name not in self.columns:
            return
        self.set_aside(name, rows & ~self.blank(name) & np.isnan(amount), "is not an amount")
        if not fields(self.kind)[name].signed:
            self.set_aside(name, rows & (amount < 0), "is below zero")
        self.set_aside(name, rows & (np.abs(amount) > MOST), "is above 1e12")

    def optional(self, name: str, values: Numbers | Days, what: str) -> None:
        """Note how many cells of a field that need not be there are not what they should be, with the first of them."""
        if name in self.columns:
            missing = np.isnat(values) if values.dtype.kind == "M" else np.isnan(values)
            self._note_empty(name, np.flatnonzero(missing & ~self.blank(name) & self.used), f"that are not {what}")

    def key(self, name: str) -> pa.Array:
        """Return a field as written, "" where empty; the line where there is no such column."""
        if name not in self.columns:
            return pc.binary_join_element_wise("line", pa.array(self.lines).cast(pa.string()), " ")
        self.step()
        codes, texts = self.columns[name].as_text.encoded
        return _taken(codes, texts)

    def name(self, name: str) -> pa.Array:
        """Return names as first written, without control characters; case and spacing make no difference."""
        if name not in self.columns:
            return pa.array(np.full(len(self.lines), "", object), pa.string())
        self.step()
        codes, texts = self.columns[name].as_text.encoded
        spelled = pc.replace_substring_regex(texts, rf"\p{{Cf}}+|{ERROR}", "")
        spelled = pc.replace_substring_regex(spelled, r"[\s\p{Cc}\p{Z}]+", " ")
        spelled = pc.utf8_trim_whitespace(spelled)
        if bool(pc.all(pc.match_substring_regex(spelled, "^[a-zA-Z0-9]{15}$")).as_py()):
            return _taken(codes, spelled)  # record numbers of 15 letters and digits differ by case
        alike = pc.dictionary_encode(pc.utf8_lower(spelled)).indices.to_numpy()
        first = np.unique(alike, return_index=True)[1]
        return _taken(codes, spelled.take(pa.array(first[alike])))

    def says(self, name: str, *groups: str) -> Mask:
        """Say which cells hold a word of some groups."""
        if name not in self.columns:
            return np.zeros(len(self.lines), bool)
        known = frozenset().union(*(words(group) for group in groups))
        codes, texts = self.columns[name].as_text.encoded
        return np.array([*(plain_word(text) in known for text in texts.to_pylist()), False])[codes]

    def months(self, name: str) -> Numbers:
        """Return terms in months, times the number beside where a cell is a unit alone; NaN where it is empty or no term."""
        if name not in self.columns:
            return np.full(len(self.lines), np.nan)
        codes, texts = self.columns[name].as_text.encoded
        found = np.array([*map(_months, texts.to_pylist()), np.nan])[codes]
        alone = ~np.append(pc.match_substring_regex(texts, "[0-9]").to_numpy(zero_copy_only=False), True)[codes].astype(
            bool
        )
        return found * np.where(alone, np.nan_to_num(self.numbers(f"{name}_count"), nan=1.0), 1.0)

    def finish(self) -> None:
        """Refuse a file of which nothing is left."""
        if not self.problems and not self.questions and not self.used.any():
            why = f"; {self.unused[0]}" if self.unused else ""
            self.problems.append(f"{self.file}: none of the {self.read:,} rows can be used{why}.")


def _taken(codes: NDArray[np.int32], texts: pa.Array) -> pa.Array:
    return texts.take(pa.array(codes, mask=codes < 0)).fill_null("")


def _months(text: str) -> float:
    """Return a term in months, NaN if it is none.

    >>> _months("Annual"), _months("18"), _months("2 years")
    (12.0, 18.0, 24.0)
    """
    known = terms().get(plain_word(text))
    if known is None and (found := _TERM.fullmatch(text)):
        known = float(found[1]) * terms()[_UNITS[found[2][:1].lower()]]
    return known if known is not None and 0 < known <= MOST_MONTHS else float("nan")


def _alone(days: Days, rows: Mask) -> np.datetime64:
    """Return the first day behind a gap of two years after which hardly any rows lie; NaT if there is no such gap."""
    known = np.sort(days[rows & ~np.isnat(days)])
    if len(known) >= ALONE_ROWS:
        few = max(1, int(ALONE_SHARE * len(known)))
        last = known[-few - 1 :].astype("datetime64[M]").astype(np.int64)
        gaps = np.flatnonzero(np.diff(last) > ALONE_MONTHS)
        if len(gaps):
            return np.datetime64(known[len(known) - few + int(gaps[0])])
    return NO_DAY
