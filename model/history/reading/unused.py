"""Rows that cannot be used: all of them listed, in little room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from model.history.reading.texts import shown_text
from model.text import numbered, rate


@dataclass(frozen=True)
class UnusedRow:
    """A row of a file that could not be used: the line it begins on, and why."""

    file: str
    line: int
    column: str
    value: str
    reason: str

    def __str__(self) -> str:
        """Return the row as one short line."""
        where = f"{self.column} {shown_text(self.value)!r} " if self.column else ""
        return f"{self.file} line {self.line}: {where}{self.reason}"


FIRST, REASONS = 20, 20
"""So many rows of a reason, and so many reasons, are told one by one."""


class UnusedRows(Sequence[UnusedRow]):
    """The rows of one file that are set aside, in the order of its lines; each is made when it is asked for."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._whys: list[tuple[str, str]] = []
        self._lines: list[NDArray[np.int64]] = []
        self._values: list[pa.Array] = []
        self._order: NDArray[np.int64] | None = None

    def add(self, lines: NDArray[np.int64], column: str, values: pa.Array, reason: str) -> None:
        """Add rows that share a column and a reason."""
        if len(lines):
            self._whys.append((column, reason))
            self._lines.append(lines)
            self._values.append(values)
            self._order = None

    def with_those(self, others: UnusedRows) -> UnusedRows:
        """Return these rows and those that were set aside later."""
        both = UnusedRows(self.file)
        for rows in (self, others):
            for (column, reason), lines, values in zip(rows._whys, rows._lines, rows._values, strict=True):
                both.add(lines, column, values, reason)
        return both

    def __len__(self) -> int:
        """Return the number of rows."""
        return sum(map(len, self._lines))

    @overload
    def __getitem__(self, place: int) -> UnusedRow: ...
    @overload
    def __getitem__(self, place: slice) -> list[UnusedRow]: ...
    def __getitem__(self, place: int | slice) -> UnusedRow | list[UnusedRow]:
        """Return a row, or several."""
        order = self._ordered()
        if isinstance(place, slice):
            return [self._row(at) for at in order[place].tolist()]
        return self._row(int(order[place]))

    def __iter__(self) -> Iterator[UnusedRow]:
        """Yield the rows in the order of their lines."""
        return (self._row(at) for at in self._ordered().tolist())

    def counts(self) -> dict[tuple[str, str], int]:
        """Return how many rows there are by column and reason, the most first."""
        found: dict[tuple[str, str], int] = {}
        for why, lines in zip(self._whys, self._lines, strict=True):
            found[why] = found.get(why, 0) + len(lines)
        return dict(sorted(found.items(), key=lambda entry: -entry[1]))

    @property
    def most(self) -> str:
        """Column and reason of the most rows, "" if there are none."""
        return next((" ".join(filter(None, why)) for why in self.counts()), "")

    def by_reason(self) -> list[tuple[str, int, list[UnusedRow]]]:
        """Return reasons, the most frequent first, each with the number of rows and the first of them."""
        groups: dict[str, list[int]] = {}
        self._ordered()
        for place, (_, reason) in enumerate(self._whys):
            groups.setdefault(reason, []).append(place)
        found = []
        for reason, places in groups.items():
            lines = np.concatenate([self._lines[place] for place in places])
            at = np.concatenate([self._starts[place] + np.arange(len(self._lines[place])) for place in places])
            first = at[np.argsort(lines, kind="stable")[:FIRST]]
            found.append((reason, len(lines), [self._row(int(one)) for one in first]))
        return sorted(found, key=lambda entry: -entry[1])

    def told(self, where: str) -> Iterator[str]:
        """Yield the first rows of each reason and how many more there are, and then `where` all of them are."""
        listed = 0
        found = self.by_reason()
        for reason, count, first in found[:REASONS]:
            yield from map(str, first)
            listed += len(first)
            if count > len(first):
                yield f"and {count - len(first):,} more: {reason}"
        if others := found[REASONS:]:
            count = sum(number for _, number, _ in others)
            yield f"and {numbered(count, 'more rows')} for {numbered(len(others), 'other reasons')}"
        if listed < len(self):
            yield where

    def _ordered(self) -> NDArray[np.int64]:
        if self._order is None:
            lines = np.concatenate(self._lines) if self._lines else np.array([], np.int64)
            self._order = np.argsort(lines, kind="stable")
            self._starts = np.cumsum([0, *map(len, self._lines)])
        return self._order

    def _row(self, at: int) -> UnusedRow:
        group = int(np.searchsorted(self._starts, at, side="right")) - 1
        within = at - int(self._starts[group])
        column, reason = self._whys[group]
        value = str(self._values[group][within].as_py() or "")
        return UnusedRow(self.file, int(self._lines[group][within]), column, value, reason)


MUCH = 0.1
"""What is measured without more than such a share of the rows, or of the money, is said where it is told first."""


def much_aside(account: Any) -> str:
    """Return what is said where much of a file or table is set aside, "" where little is.

    `account` is that of `files.read_files` or of a warehouse.
    """
    aside = account.read - account.used
    money = account.money_aside
    if account.kind == "actuals" or max(aside, money * account.read) <= MUCH * account.read:
        return ""
    worth = f", with {rate(money, 0)} of the amounts" if money > 0 else ""
    return (f"{account.name}: {aside:,} of {account.read:,} rows ({rate(aside / account.read, 0)}{worth}) are set aside and not in what is "
            f"measured; most of them since {account.unused.most}.")  # fmt: skip


def all_unused(count: int, file: str) -> str:
    """Return where all rows set aside are."""
    return f"All {count:,} are in {file}." if file else f"--unused FILE.csv writes all {count:,}."
