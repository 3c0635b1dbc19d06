"""CSV files: text in any encoding, cells apart by comma, semicolon, tab or bar."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from model.errors import ExportError
from model.history.column import Column
from model.history.columns import likely_kinds
from model.history.encodings import binary, encoding_of
from model.history.habits import DELIMITERS, Choice, Habits, Question, question
from model.history.opened import HEADER_WITHIN, Opened, RawTable, Tell, check_header, header_place, size_of, unread
from model.history.texts import shown_text

BATCH = 20_000
SEEN_ROWS = 50


def open_csv(file: str, content: bytes | Path, habits: Habits, kind: str) -> Opened:
    """Return a CSV file with its header read."""
    encoding = encoding_of(file, content, habits.encoding)
    if isinstance(encoding, Question):
        return unread(habits, encoding)
    habits = habits.settled(encoding=encoding.removesuffix("-sig"))
    with _text(content, encoding) as stream:
        seen = [line for line in islice(stream, 4 * SEEN_ROWS) if len(line) < 1_000_000]
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
            rows = _numbered(file, csv.reader(stream, delimiter=delimiter, strict=True))
            return _collect(islice(rows, place + 1, None), header, places, _Share(raw, size_of(content), tell))

    first = [cells for _, cells in rows[place + 1 :]]
    return Opened(header, first, habits.settled(delimiter=delimiter), read, notes=notes)


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
        choices = [Choice(mark, DELIMITERS[mark], f"{DELIMITERS[mark]}: {_cells(tables[mark])}") for mark in likely]
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


def _numbered(file: str, table: Any) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not blank with their first line."""
    line = 1
    try:
        for cells in table:
            if cells:
                yield line, cells
            line = table.line_num + 1
    except csv.Error as error:
        raise ExportError(f"{file}: line {line:,} {_mistake(str(error))}") from error


def _mistake(message: str) -> str:
    if "unexpected end of data" in message or "field larger" in message:
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


def _collect(
    rows: Iterator[tuple[int, list[str]]], header: Sequence[str], places: Sequence[int], told: _Share
) -> RawTable:
    """Return the cells at some places; rows of another length than the header are kept apart."""
    width = len(header)
    batches: list[list[pa.Array]] = [[] for _ in places]
    lines: list[np.ndarray] = []
    ragged: list[tuple[int, str]] = []
    while batch := list(islice(rows, BATCH)):
        told()
        fitting = [row for row in batch if len(row[1]) == width or (len(row[1]) > width and not any(row[1][width:]))]
        if len(fitting) < len(batch):
            ragged += [(line, f"has {len(cells):,} cells where the header has {width}") for line, cells in batch
                       if len(cells) < width or any(cells[width:])]  # fmt: skip
        lines.append(np.fromiter((line for line, _ in fitting), np.int64, len(fitting)))
        for place, column in zip(places, batches, strict=True):
            column.append(pa.array([cells[place] for _, cells in fitting], pa.string()))
    columns = (Column(header[place], _joined(column)) for place, column in zip(places, batches, strict=True))
    return RawTable(tuple(columns), np.concatenate(lines or [np.array([], np.int64)]), ragged)


def _joined(batches: list[pa.Array]) -> pa.Array:
    return pa.concat_arrays(batches) if batches else pa.array([], pa.string())
