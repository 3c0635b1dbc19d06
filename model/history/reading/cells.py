"""The cells of one file while its rows are read: by field, as amounts, days, names or words, in the habits they are written in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from model.history.reading.amounts import read_amounts, says_cents, whole_texts
from model.history.reading.column import NO_DAY, Column, Days, Mask, Numbers
from model.history.reading.columns import fields, terms, words
from model.history.reading.days import counted_days, read_days
from model.history.reading.habits import SCALES, Habits, Question, Setting
from model.history.reading.opened import Tell
from model.history.reading.settle import Reading, Settled, settle
from model.history.reading.texts import plain_word, shown_text
from model.history.schema import CENTS

STEPS = 80
MOST_MONTHS = 240
ERROR = r"^#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|BUSY!|UNKNOWN!|GETTING_DATA)(?: .*)?$"
"""What a sheet writes where a formula has no answer."""
_TERM = re.compile(
    r"([0-9]{1,4})(?:\.0+)?\s*[-_]?\s*(days?|weeks?|wks?|months?|mos?\.?|m|quarters?|years?|yrs?|y|)", re.I
)
_UNITS = {"d": "day", "w": "week", "m": "month", "q": "quarter", "y": "year", "": "month"}


@dataclass
class FileCells:
    """The cells of one file, and what is found out about them.

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
    tell : callable
        Is told the share of the work done.
    others : sequence of Column
        Columns that are not used and may hold dates: they can show how dates are written.
    problems, notes : list of str
        What keeps the file from being used; what its reader should know.
    questions : list of Question
        What only its reader can say.
    """

    file: str
    kind: str
    columns: Mapping[str, Column]
    lines: NDArray[np.int64]
    habits: Habits
    tell: Tell = lambda _share: None
    others: Sequence[Column] = ()
    problems: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    steps: int = 0

    def step(self) -> None:
        """Tell that one more column or check is done, of about STEPS."""
        self.steps += 1
        self.tell(min(1.0, self.steps / STEPS))

    def __contains__(self, name: str) -> bool:
        """Say whether there is a column for a field."""
        return name in self.columns

    def header(self, name: str) -> str:
        """Return the header of a field as it may be shown."""
        return shown_text(self.columns[name].header)

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
