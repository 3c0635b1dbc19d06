"""The rows of one file while they are read: what cannot be used is set aside, what is doubtful is collected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from model.history.reading.cells import ERROR, FileCells
from model.history.reading.column import NO_DAY, Days, Mask, Numbers, alike
from model.history.reading.columns import fields
from model.history.reading.habits import Habits
from model.history.reading.opened import RawTable, Tell
from model.history.reading.texts import shown_text
from model.history.reading.unused import UnusedRow, UnusedRows

FIRST_DAY, LAST_DAY = np.datetime64("1971-01-01"), np.datetime64("2099-12-31")
MOST = 1e12
ALONE_MONTHS = 24
ALONE_SHARE = 0.01
ALONE_ROWS = 10
"""A file needs this many rows before one of them can be said to lie alone."""


@dataclass
class Rows(FileCells):
    """The rows of one file, with its cells.

    Attributes
    ----------
    ragged : sequence of (int, str)
        Rows that could not be taken apart: line and reason.
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

    ragged: Sequence[tuple[int, str]] = ()
    blanks: NDArray[np.int64] = field(default_factory=lambda: np.array([], np.int64))
    aside: Sequence[UnusedRow] = ()
    used: Mask = field(init=False)
    unused: UnusedRows = field(init=False)
    together: int = 0
    above: str = ""
    worth: Numbers | None = None

    @staticmethod
    def of(file: str, kind: str, places: Mapping[str, int], raw: RawTable, habits: Habits, tell: Tell) -> Rows:
        """Return the rows of a file that was read; `places` gives the fields in the order of the first columns read."""
        return Rows(file, kind, dict(zip(places, raw.columns, strict=False)), raw.lines, habits, tell,
                    raw.columns[len(places) :], ragged=raw.ragged, blanks=raw.blanks, aside=raw.aside)  # fmt: skip

    def __post_init__(self) -> None:
        """Begin with every row used but those that were set aside before."""
        self.used = np.ones(len(self.lines), bool)
        self.unused = UnusedRows(self.file)
        for reason in dict.fromkeys(why for _, why in self.ragged):
            lines = np.array([line for line, why in self.ragged if why == reason], np.int64)
            self.unused.add(lines, "", pa.array([""] * len(lines)), reason)
        for row in self.aside:
            self.unused.add(np.array([row.line], np.int64), row.column, pa.array([row.value]), row.reason)

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

    def finish(self) -> None:
        """Refuse a file of which nothing is left."""
        if not self.problems and not self.questions and not self.used.any():
            why = f"; {self.unused[0]}" if self.unused else ""
            self.problems.append(f"{self.file}: none of the {self.read:,} rows can be used{why}.")


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
