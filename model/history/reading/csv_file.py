"""CSV files: text in any encoding, cells apart by comma, semicolon, tab or bar."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
from numpy.typing import NDArray

from model.errors import ExportError
from model.history.reading.column import Column
from model.history.reading.columns import likely_kinds
from model.history.reading.encodings import binary, encoding_of
from model.history.reading.habits import DELIMITERS, Choice, Habits, Question, question
from model.history.reading.opened import (
    HEADER_WITHIN,
    Opened,
    RawTable,
    Tell,
    check_header,
    header_place,
    size_of,
    unread,
)
from model.history.reading.texts import shown_text
from model.text import numbered

BATCH = 20_000
BLOCK = 1 << 23
SEEN_ROWS = 50
LONGEST = 1_000_000
"""Characters of a line."""


def open_csv(file: str, content: bytes | Path, habits: Habits, kind: str) -> Opened:
    """Return a CSV file with its header read."""
    encoding = encoding_of(file, content, habits.encoding)
    if isinstance(encoding, Question):
        return unread(habits, encoding)
    habits = habits.settled(encoding=encoding.removesuffix("-sig"))
    with _text(content, encoding) as stream:
        seen = list(islice(_lines(file, stream), 4 * SEEN_ROWS))
    delimiter = _delimiter(file, seen, habits.delimiter)
    if isinstance(delimiter, Question):
        return unread(habits, delimiter)
    rows = _first_rows(file, seen, delimiter)
    if not rows:
        raise ExportError(f"{file}: the file is empty; a header line and rows are needed.")
    place = header_place([cells for _, cells in rows], kind)
    line, cells = rows[place]
    header = tuple(cell.strip() for cell in cells)
    check_header(file, header)
    notes = (f"{file}: the header is line {line}; what stands above it is left out.",) if place else ()

    def read(places: Sequence[int], tell: Tell) -> RawTable:
        with binary(content) as raw, _text(raw, encoding) as stream:
            return _Reading(file, header, places, delimiter).table(
                stream, place + 1, _Share(raw, size_of(content), tell)
            )

    first = [cells for _, cells in rows[place + 1 :]]
    above = " ".join(cell for _, cells in rows[:place] for cell in cells)
    return Opened(header, first, habits.settled(delimiter=delimiter), read, notes=notes, line=line, above=above)


def _lines(file: str, stream: io.TextIOWrapper, before: int = 0) -> Iterator[str]:
    """Yield lines, or refuse one that is too long to be one of a table; `before` lines were read before."""
    while line := stream.readline(LONGEST + 1):
        before += 1
        if len(line) > LONGEST:
            raise ExportError(f"{file}: line {before:,} has more than {LONGEST:,} characters; lines of a table are shorter, so this is "
                              "none, or its line breaks are lost.")  # fmt: skip
        yield line


def _text(content: Any, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(binary(content) if isinstance(content, (bytes, Path)) else content, encoding, newline="")


def _delimiter(file: str, seen: list[str], told: str) -> str | Question:
    """Return the delimiter: the one that gives all rows seen as many cells as the header, or the question which."""
    if told:
        return told
    tables = {mark: _sample(seen, mark) for mark in DELIMITERS}
    even = [mark for mark, rows in tables.items() if rows and len(rows[0]) > 1 and len({len(row) for row in rows}) == 1]
    known = [mark for mark, rows in tables.items() if any(likely_kinds(row) for row in rows[:HEADER_WITHIN])]
    likely = [mark for mark in even if mark in known] or known or even
    if len(likely) > 1:
        choices = [Choice(mark, DELIMITERS[mark], _cells(tables[mark])) for mark in likely]
        return question(file, "delimiter", "", "several characters could stand between its cells.", choices)
    first = next(filter(str.strip, seen), "")
    return likely[0] if likely else max(DELIMITERS, key=first.count)


def _cells(rows: list[list[str]]) -> str:
    return shown_text(" / ".join(rows[-1]), 60)


def _sample(seen: list[str], delimiter: str) -> list[list[str]]:
    return [cells for cells in islice(csv.reader(seen, delimiter=delimiter), SEEN_ROWS) if any(cells)]


def _first_rows(file: str, seen: list[str], delimiter: str) -> list[tuple[int, list[str]]]:
    """Return the first rows with their lines; a quote open at the end of what was looked at is no mistake yet."""
    rows: list[tuple[int, list[str]]] = []
    try:
        rows.extend(islice(_numbered(file, csv.reader(seen, delimiter=delimiter, strict=True)), SEEN_ROWS))
    except ExportError:
        if not rows:
            raise
    return rows


def _numbered(file: str, table: Any, before: int = 0) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not blank with their first line; `before` lines were read before."""
    line = before + 1
    try:
        for cells in table:
            if cells:
                yield line, cells
            line = before + table.line_num + 1
    except csv.Error as error:
        raise ExportError(f"{file}: line {line:,} {_mistake(str(error))}") from error


def _mistake(message: str) -> str:
    if "field larger" in message:
        return f"has a cell of more than {csv.field_size_limit():,} characters; a quote that is not closed makes such cells."
    if "unexpected end of data" in message:
        return "opens a quote that is not closed; close it, or write a quote within a cell twice."
    if "expected after" in message:
        return "has a quote within a cell; write it twice."
    return f"cannot be read: {message}."


class _Share:
    """Tells how much of a file is read."""

    def __init__(self, raw: Any, size: int, tell: Tell) -> None:
        self.raw, self.size, self.tell = raw, max(size, 1), tell

    def __call__(self) -> None:
        self.tell(min(1.0, self.raw.tell() / self.size))


class _Reading:
    """Reads the cells of some columns, block of lines by block.

    Where every line of a block is a row, Arrow reads it; where quotes go over lines or rows differ in length, the csv
    module does, which knows the line of each row.
    """

    def __init__(self, file: str, header: Sequence[str], places: Sequence[int], delimiter: str) -> None:
        self.file, self.width, self.places, self.delimiter = file, len(header), places, delimiter
        self.headers = [header[place] for place in places]
        self.cells: list[list[pa.Array]] = [[] for _ in places]
        self.lines: list[NDArray[np.int64]] = []
        self.ragged: list[tuple[int, str]] = []

    def table(self, stream: io.TextIOWrapper, skipped: int, told: _Share) -> RawTable:
        """Return the table below the header, which is the last of some rows skipped."""
        above = csv.reader(stream, delimiter=self.delimiter, strict=True)
        for _ in islice(filter(None, above), skipped):
            pass
        line = above.line_num
        while block := stream.read(BLOCK):
            block += next(_lines(self.file, stream, line + block.count("\n")), "")
            told()
            if not _a_row_a_line(block, self.delimiter):
                self._rows(chain(io.StringIO(block, newline=""), stream), line, told)
                break
            if not self._block(block, line):
                self._rows(io.StringIO(block, newline=""), line, told)
            line += block.count("\n")
        columns = (Column(header, _joined(cells)) for header, cells in zip(self.headers, self.cells, strict=True))
        return RawTable(tuple(columns), np.concatenate(self.lines or [np.array([], np.int64)]), self.ragged)

    def _block(self, block: str, before: int) -> bool:
        """Take a block in which each line is a row; say whether all of its rows are as long as the header."""
        content = block.encode()
        names = [str(place) for place in range(self.width)]
        try:
            found = pa_csv.read_csv(
                pa.BufferReader(content),
                pa_csv.ReadOptions(column_names=names, block_size=len(content) + 1),
                pa_csv.ParseOptions(delimiter=self.delimiter),
                pa_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False,
                                      include_columns=[names[place] for place in self.places], check_utf8=False),
            )  # fmt: skip
        except pa.ArrowInvalid:
            return False
        ends = np.flatnonzero(np.frombuffer(content, np.uint8) == ord("\n"))
        if not content.endswith(b"\n"):
            ends = np.append(ends, len(content))
        room = np.diff(ends, prepend=-1) - 1
        blank = (room == 0) | ((room == 1) & (np.frombuffer(content, np.uint8)[ends - 1] == ord("\r")))
        lines = before + 1 + np.flatnonzero(~blank)
        if len(lines) != len(found):
            return False
        self.lines.append(lines)
        for cells, column in zip(self.cells, found.columns, strict=True):
            cells += column.chunks
        return True

    def _rows(self, source: Iterable[str], before: int, told: _Share) -> None:
        """Take rows one by one; those of another length than the header are kept apart."""
        rows = _numbered(self.file, csv.reader(source, delimiter=self.delimiter, strict=True), before)
        while batch := list(islice(rows, BATCH)):
            told()
            fitting = [row for row in batch if self._fits(row[1])]
            self.ragged += [(line, f"has {numbered(len(cells), 'cells')} where the header has {self.width}") for line, cells in batch
                            if not self._fits(cells)]  # fmt: skip
            self.lines.append(np.fromiter((line for line, _ in fitting), np.int64, len(fitting)))
            for place, column in zip(self.places, self.cells, strict=True):
                column.append(pa.array([cells[place] for _, cells in fitting], pa.string()))

    def _fits(self, cells: list[str]) -> bool:
        return len(cells) == self.width or (len(cells) > self.width and not any(cells[self.width :]))


def _a_row_a_line(block: str, delimiter: str) -> bool:
    """Say whether every line of a block is a row: line ends as usual, and quotes only around whole cells of one line."""
    if block.count("\r") != block.count("\r\n"):
        return False
    if '"' not in block:
        return True
    content = np.frombuffer(f"\n{block}\n".encode(), np.uint8)
    quotes = np.flatnonzero(content == ord('"'))
    around = np.frombuffer(f'{delimiter}\r\n"'.encode(), np.uint8)
    beside = np.isin(content[quotes - 1], around) | np.isin(content[quotes + 1], around)
    before = np.searchsorted(quotes, np.flatnonzero(content == ord("\n")))
    return bool(beside.all() and (before % 2 == 0).all())


def _joined(batches: list[pa.Array]) -> pa.Array:
    return pa.concat_arrays(batches) if batches else pa.array([], pa.string())
