"""A file that is opened but not read: its header and habits, and how its rows are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from model.errors import ExportError
from model.history.reading.amounts import read_amounts
from model.history.reading.column import Column
from model.history.reading.columns import kinds, missing_fields, places_of
from model.history.reading.days import read_days
from model.history.reading.habits import Habits, Question
from model.history.reading.month_columns import month_columns
from model.history.reading.texts import shown_text
from model.history.reading.unused import UnusedRow

MAX_COLUMNS = 200
MAX_UPLOAD = 200_000_000
MAX_PATH = 20_000_000_000
HEADER_WITHIN = 20
"""Reports may have a title above their header; this many rows are looked through for it."""

Tell = Callable[[float], None]
"""Is told the share of a file that is read; what it raises stops the work."""


@dataclass(frozen=True)
class RawTable:
    """The rows of a file: the columns asked for, the line each row begins on, and rows of another length.

    Attributes
    ----------
    columns : tuple of Column
        In the order asked for.
    lines : array of int
        From 1; of a Parquet file, which has no lines, the number of the row.
    ragged : sequence of (int, str)
        Line and reason of each row that has more or fewer cells than the header.
    notes : tuple of str
        What the reader should know.
    blanks : array of int
        Blank lines between the rows of a sheet with months across; not looked for elsewhere.
    aside : sequence of UnusedRow
        Lines of a sheet that are set aside before any is made a row.
    """

    columns: tuple[Column, ...]
    lines: NDArray[np.int64]
    ragged: Sequence[tuple[int, str]] = ()
    notes: tuple[str, ...] = ()
    blanks: NDArray[np.int64] = field(default_factory=lambda: np.array([], np.int64))
    aside: Sequence[UnusedRow] = ()


@dataclass(frozen=True)
class Opened:
    """A file with its header read.

    Attributes
    ----------
    header : tuple of str
        The header cells.
    first : sequence of sequence of str
        Some rows below it, as text.
    habits : Habits
        As far as the file shows them.
    read : callable
        Returns the columns at some places of the header.
    questions : tuple of Question
        What must be answered before the header can be trusted; then there is nothing else.
    notes : tuple of str
        What the reader should know.
    made : str
        The kind that rows were made of where months stand in columns in the file (`wide`, `sideways`), else "".
    line : int
        The line of the header.
    above : str
        What stands above the header, and over the names of lines where they stand down the side.
    """

    header: tuple[str, ...]
    first: Sequence[Sequence[str]]
    habits: Habits
    read: Callable[[Sequence[int], Tell], RawTable]
    questions: tuple[Question, ...] = ()
    notes: tuple[str, ...] = ()
    made: str = ""
    line: int = 1
    above: str = ""


def unread(habits: Habits, *questions: Question) -> Opened:
    """Return a file that cannot be opened before questions are answered."""
    return Opened((), (), habits, lambda _, __: RawTable((), np.array([], np.int64)), questions)


def dated_columns(opened: Opened, taken: Container[int]) -> list[int]:
    """Return the columns that no field is read from and whose first cells may be dates in more than one way."""
    places = []
    for place in (place for place, header in enumerate(opened.header) if header and place not in taken):
        days = read_days(pa.array([row[place].strip() for row in opened.first if place < len(row)], pa.string()))
        places += [place] if not np.array_equal(days["day-first"], days["month-first"], equal_nan=True) else []
    return places


def size_of(content: bytes | Path) -> int:
    """Return the bytes of a file."""
    return len(content) if isinstance(content, bytes) else content.stat().st_size


def header_place(rows: Sequence[Sequence[str]], kind: str) -> int:
    """Return which of the first rows is the header: one with all needed columns, else the first with months over amounts or two cells filled."""
    for place, row in enumerate(rows[:HEADER_WITHIN]):
        if any(not missing_fields(one, places_of(one, row, {})) for one in ([kind] if kind else kinds())):
            return place
    filled = (place for place, row in enumerate(rows[:HEADER_WITHIN]) if sum(bool(cell.strip()) for cell in row) > 1)
    first = next(filled, 0)
    across = (
        place for place, row in enumerate(rows[:HEADER_WITHIN]) if _is_across(row, rows[place + 1 :], rows[first])
    )
    return next(across, first)


def _is_across(row: Sequence[str], below: Sequence[Sequence[str]], first: Sequence[str]) -> bool:
    """Say whether a row is the header of a sheet with months across: amounts are below its months, and the first line filled is no header."""
    months = month_columns(row)
    if not months or (row is not first and _names_columns(first, row)):
        return False
    cells = [line[month.place].strip() for line in below for month in months if month.place < len(line)]
    return 2 * _dates(cells) <= len([cell for cell in cells if cell])


def _names_columns(first: Sequence[str], row: Sequence[str]) -> bool:
    """Say whether a line has a name, unlike all others, for each cell of a later one."""
    names = [cell.strip() for cell in first if cell.strip()]
    numbers = read_amounts(pa.array(names, pa.string()))
    texts = all(bool(np.isnan(values).all()) for values in numbers.values()) and not _dates(names)
    return texts and len(set(names)) == len(names) >= len([cell for cell in row if cell.strip()])


def _dates(cells: Sequence[str]) -> int:
    """Return how many cells are dates."""
    days = read_days(pa.array(cells, pa.string()))
    return int(np.logical_or.reduce([~np.isnat(one) for one in days.values()]).sum())


def check_header(file: str, header: Sequence[str]) -> None:
    """Refuse a header with too many columns or with a name that stands twice."""
    if len(header) > MAX_COLUMNS:
        raise ExportError(f"{file}: the header has {len(header):,} columns; at most {MAX_COLUMNS} can be read.")
    repeated = [(name, count) for name, count in Counter(filter(None, header)).items() if count > 1]
    if repeated:
        raise ExportError(
            f"{file}: the header {shown_text(name)!r} stands {count} times; give each column its own name."
            for name, count in repeated
        )
