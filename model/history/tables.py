"""Exports of other systems: a CSV file as text by field, every row used or set aside with its reason."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from operator import itemgetter
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from model.catalogue import DATA, Declaration, declarations
from model.errors import ExportError

FILES = ("opportunities", "subscriptions")
MAX_BYTES = 200_000_000
MAX_COLUMNS = 200
DELIMITERS = ",;\t|"
BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
SHOWN_CHARACTERS = 40

Texts = NDArray[np.object_]
Mask = NDArray[np.bool_]
Read = TypeVar("Read")


class Field(Declaration):
    """What a column of an export holds and the headers it goes by."""

    says: str
    needed: bool = False
    headers: tuple[str, ...]


@dataclass(frozen=True)
class UnusedRow:
    """A row of an export that could not be used: the first line it stands on, and why."""

    file: str
    line: int
    column: str
    value: str
    reason: str

    def __str__(self) -> str:
        """Return the row as one short line."""
        where = f"{self.column} {shown_text(self.value)!r} " if self.column else ""
        return f"{self.file} line {self.line}: {where}{self.reason}"


@dataclass
class Export:
    """The rows of one file while they are read: what cannot be used is set aside, what is doubtful is collected.

    Attributes
    ----------
    file : str
        "opportunities" or "subscriptions".
    headers : mapping of str to str
        The header as written, by field.
    cells : mapping of str to array of str
        Text by field, one cell a row.
    lines : array of int
        First line of each row in the file, from 1.
    used : array of bool
        Whether a row is (still) used.
    unused : list of UnusedRow
        The rows set aside, those with too many or too few cells among them.
    problems, notes : list of str
        What keeps the file from being read at all; what the reader should know.
    """

    file: str
    headers: Mapping[str, str]
    cells: Mapping[str, Texts]
    lines: NDArray[np.int64]
    used: Mask
    unused: list[UnusedRow]
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def rows_read(self) -> int:
        """Number of rows below the header."""
        return int(self.used.sum()) + len(self.unused)

    def set_aside(self, name: str, rows: Mask, reason: str) -> None:
        """Set rows aside because of one field; rows set aside before keep their first reason."""
        for row in np.flatnonzero(rows & self.used):
            value = self.cells[name][row]
            self.unused.append(UnusedRow(self.file, int(self.lines[row]), self.headers[name], value, reason))
        self.used &= ~rows

    def finish(self) -> None:
        """Put the rows set aside in the order of the file, and refuse a file of which nothing is left."""
        self.unused.sort(key=lambda row: row.line)
        if not self.problems and not self.used.any():
            self.problems.append(f"{self.file}: none of the {self.rows_read:,} rows can be used; {self.unused[0]}.")


@dataclass(frozen=True)
class Sheet:
    """A file opened: its header line, and its rows with their first line, still to be read."""

    file: str
    header: tuple[str, ...]
    rows: Iterator[tuple[int, list[str]]]


@cache
def _declared() -> Mapping[str, Any]:
    return tomllib.loads((DATA / "columns.toml").read_text(encoding="utf-8"))


@cache
def fields() -> Mapping[str, Mapping[str, Field]]:
    """Return the fields of each file, by file and field."""
    return {file: declarations(Field, _declared()[file], "columns.toml") for file in FILES}


@cache
def words(group: str) -> frozenset[str]:
    """Return the words that mean won, lost or trial, as `matched` writes them."""
    return frozenset(map(matched, _declared()["words"][group]))


@cache
def terms() -> Mapping[str, int]:
    """Return the months that the words for a contract term mean."""
    return {matched(word): int(months) for months, spellings in _declared()["terms"].items() for word in spellings}


def matched(text: str) -> str:
    """Return a header or word as it is compared: without case, spaces, underscores and hyphens.

    >>> matched("Closed-Won"), matched(" close_date ")
    ('closedwon', 'closedate')
    """
    return re.sub(r"[\s_-]+", "", text).casefold()


def shown_text(text: str) -> str:
    """Return a text of a file as it may be shown: printable, on one line, cut short."""
    clean = "".join(letter if letter.isprintable() else " " for letter in text)
    return clean if len(clean) <= SHOWN_CHARACTERS else f"{clean[: SHOWN_CHARACTERS - 1]}…"


def read_exports(files: Mapping[str, bytes], columns: Mapping[str, str]) -> dict[str, Export]:
    """Return the cells of CSV files by field.

    Parameters
    ----------
    files : mapping of str to bytes
        "opportunities", "subscriptions" or both: UTF-8, or UTF-16 with a byte order mark; cells apart by , ; tab or |.
    columns : mapping of str to str
        Header by field, where it goes by none of the known ones.

    Raises
    ------
    ExportError
        What keeps the files from being read as such tables, and every column they lack.
    """
    sheets = _each(lambda file: _open(file, files[file]), files)
    problems = list(_override_problems(sheets, columns))
    for sheet in sheets.values():
        problems += _missing_columns(sheet, columns)
    if problems:
        raise ExportError(problems)
    return _each(lambda file: _collect(sheets[file], columns), files)


def _each(read: Callable[[str], Read], files: Iterable[str]) -> dict[str, Read]:
    """Return what `read` gives for each file, or the problems of all of them."""
    found: dict[str, Read] = {}
    problems: list[str] = []
    for file in files:
        try:
            found[file] = read(file)
        except ExportError as error:
            problems += error.problems
    if problems:
        raise ExportError(problems)
    return found


def _open(file: str, content: bytes) -> Sheet:
    """Return a file with its header line read."""
    text = _text(file, content)
    rows = _numbered(file, csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True))
    header = tuple(cell.strip() for cell in next(rows, (0, []))[1])
    _check_header(file, header)
    return Sheet(file, header, rows)


def _text(file: str, content: bytes) -> str:
    """Return the file as text, or say why it is none."""
    if not content.strip(b"\xef\xbb\xbf \r\n\t"):
        raise ExportError(f"{file}: the file is empty; a header line and rows are needed.")
    if len(content) > MAX_BYTES:
        megabytes = f"{len(content) / 1e6:,.1f} MB; at most {MAX_BYTES / 1e6:,.0f} MB"
        raise ExportError(f"{file}: the file has {megabytes} can be read.")
    encoding = BYTE_ORDER_MARKS.get(content[:2], "utf-8-sig")
    zero = content.find(b"\0") if encoding != "utf-16" else -1
    if zero >= 0:
        raise ExportError(f"{file}: byte {zero} is NUL, so this is not a text file; save it as CSV in UTF-8.")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding == "utf-16":
            raise ExportError(f"{file}: byte {error.start} is not UTF-16 text; save it as UTF-8.") from error
        start = error.start + (3 if content.startswith(b"\xef\xbb\xbf") else 0)
        line = content.count(b"\n", 0, start) + 1
        what = f"line {line} is not UTF-8 text (byte {start} is 0x{content[start]:02X})"
        raise ExportError(f"{file}: {what}; save it as UTF-8.") from error


def _delimiter(text: str) -> str:
    """Return the character that stands most often in the first line that is not blank, outside quotes."""
    first = re.sub(r'"[^"]*"', "", next(filter(str.strip, io.StringIO(text)), ""))
    return max(DELIMITERS, key=first.count)


def _numbered(file: str, table: Any) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not blank with their first line."""
    line = 1
    try:
        for cells in table:
            if cells:
                yield line, cells
            line = table.line_num + 1
    except csv.Error as error:
        raise ExportError(f"{file}: line {line} {_mistake(str(error))}") from error


def _mistake(message: str) -> str:
    if "unexpected end of data" in message or "field larger" in message:
        return "opens a quote that is not closed; close it, or write a quote within a cell twice."
    if "expected after" in message:
        return "has a quote within a cell; write it twice."
    return f"cannot be read: {message}."


def _check_header(file: str, header: Sequence[str]) -> None:
    if len(header) > MAX_COLUMNS:
        raise ExportError(f"{file}: the header has {len(header):,} columns; at most {MAX_COLUMNS} can be read.")
    repeated = [(name, count) for name, count in Counter(filter(None, header)).items() if count > 1]
    if repeated:
        raise ExportError(
            f"{file}: the header {shown_text(name)!r} stands {count} times; give each column its own name."
            for name, count in repeated
        )


def _override_problems(sheets: Mapping[str, Sheet], columns: Mapping[str, str]) -> Iterator[str]:
    """Yield what is wrong with headers named by hand; one that two files could have need be in one only."""
    known = dict.fromkeys(name for file in sheets for name in fields()[file])
    for name, header in columns.items():
        those = [sheet for sheet in sheets.values() if name in fields()[sheet.file]]
        if not those:
            there = ", ".join(known)
            yield f"{shown_text(name)} is not a field of these files; there are {there}. Write HEADER=FIELD."
        elif all(matched(header) not in map(matched, sheet.header) for sheet in those):
            seen = " and ".join(f"{sheet.file} has {_seen(sheet)}" for sheet in those)
            yield f"There is no column {shown_text(header)!r} for {name}; {seen}."


def _places(sheet: Sheet, columns: Mapping[str, str]) -> dict[str, int]:
    """Return the column of each field that is there."""
    where = {matched(name): place for place, name in reversed(list(enumerate(sheet.header))) if name}
    places = {}
    for name, entry in fields()[sheet.file].items():
        wanted = matched(columns.get(name, ""))
        spellings = [wanted] if wanted in where else map(matched, entry.headers)
        if (place := next((where[text] for text in spellings if text in where), None)) is not None:
            places[name] = place
    if {"yearly_amount", "monthly_amount"} <= places.keys():
        by_hand = "monthly_amount" in columns and "yearly_amount" not in columns
        del places["yearly_amount" if by_hand else "monthly_amount"]
    return places


def _missing_columns(sheet: Sheet, columns: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence for each needed field without a column."""
    places, known = _places(sheet, columns), fields()[sheet.file]
    missing: list[tuple[str, ...]] = [(name,) for name, entry in known.items() if entry.needed and name not in places]
    amounts = ("yearly_amount", "monthly_amount")
    if sheet.file == "subscriptions" and not any(name in places for name in amounts):
        missing.append(amounts)
    for names in missing:
        what = " or ".join(f"{name} ({known[name].says})" for name in names)
        headers = ", ".join(header for name in names for header in known[name].headers)
        yield (f"{sheet.file}: no column for {what}; known headers are {headers}; the file has {_seen(sheet)}. "
               f"Name the right one: HEADER={names[-1]}.")  # fmt: skip


def _seen(sheet: Sheet) -> str:
    return ", ".join(shown_text(name) for name in sheet.header if name)


def _collect(sheet: Sheet, columns: Mapping[str, str]) -> Export:
    """Gather the cells of the fields; rows of another length than the header are set aside."""
    places, width = _places(sheet, columns), len(sheet.header)
    choose: Callable[[list[str]], tuple[str, ...]] = itemgetter(*places.values())
    kept: list[tuple[str, ...]] = []
    lines: list[int] = []
    unused: list[UnusedRow] = []
    for line, cells in sheet.rows:
        if len(cells) == width:
            kept.append(choose(cells))
            lines.append(line)
        else:
            reason = f"has {len(cells):,} cells where the header has {width}"
            unused.append(UnusedRow(sheet.file, line, "", "", reason))
    if not kept and not unused:
        raise ExportError(f"{sheet.file}: there is a header line and no row below it.")
    texts = zip(*kept, strict=True) if kept else [() for _ in places]
    by_field = {name: _column(column) for name, column in zip(places, texts, strict=True)}
    headers = {name: shown_text(sheet.header[place]) for name, place in places.items()}
    return Export(sheet.file, headers, by_field, np.array(lines, np.int64), np.ones(len(lines), bool), unused)


def _column(cells: Sequence[str]) -> Texts:
    column = np.empty(len(cells), object)
    column[:] = cells
    return column
