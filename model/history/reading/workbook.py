"""Excel workbooks: unpacked within limits, then read sheet by sheet; dates and numbers arrive as what they are."""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from model.errors import ExportError
from model.history.reading.column import NO_DAY, Column
from model.history.reading.columns import missing_fields, places_of
from model.history.reading.habits import Choice, Habits, Question, question
from model.history.reading.month_columns import WIDE, month_columns
from model.history.reading.odd_cells import with_errors_as_text, with_odd_cells_as_text
from model.history.reading.opened import Opened, RawTable, Tell, check_header, header_place, unread
from model.history.reading.texts import listed, shown_text

ZIP, COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAX_UNPACKED = 1_000_000_000
MAX_RATIO = 200
MAX_PARTS = 10_000
MAX_CELLS = 60_000_000
SEEN_ROWS = 50
UNREADABLE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, ValueError, LookupError,
              RuntimeError, OverflowError)  # fmt: skip
"""What the libraries raise on archives and sheets that are broken."""
BATCH = 20_000
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*?\sr\s*=\s*[\"']([0-9]+)")
_CELL = re.compile(rb"<(?:\w+:)?c\b[^>]*?\sr\s*=\s*[\"']([A-Za-z]{2,}[0-9]+|[A-Za-z][0-9]{7,})")
"""Cells beyond column Z or row 999,999."""
_TEXT = re.compile(rb"<(?:\w+:)?si\b.*?</(?:\w+:)?si>", re.DOTALL)
_REPEATED = re.compile(rb"\st\s*=\s*[\"']s[\"'][^>]*>\s*<(?:\w+:)?v>\s*([0-9]+)")


def open_workbook(file: str, content: bytes | Path, habits: Habits, kind: str) -> Opened:
    """Return a workbook with the header of the sheet that holds the table.

    Raises
    ------
    ExportError
        If it is locked, broken, not a workbook, or would unpack to more than the limits.
    """
    packed = content if isinstance(content, bytes) else content.read_bytes()
    sheets = _sheets(file, packed)
    with _broken_if_it_fails(file):
        tables = {name: rows for name, sheet in sheets.items() if len(rows := _first_rows(sheet)) > 1}
    if not tables:
        raise ExportError(f"{file}: no sheet holds a table; a header row and rows below it are needed.")
    chosen = _chosen(file, tables, habits.sheet, kind)
    if isinstance(chosen, Question):
        return unread(habits, chosen)
    rows = tables[chosen]
    place = header_place([[_text(cell) for cell in cells] for _, cells in rows], kind)
    line, cells = rows[place]
    header = _trimmed([_text(cell).strip() for cell in cells])
    check_header(file, header)
    notes = [f"{file}: the header is row {line}; what stands above it is left out."] if place else []
    if len(tables) > 1 and not habits.sheet:
        notes.append(f"{file}: of {len(tables)} sheets only {shown_text(chosen)!r} has the columns needed; it is read.")

    if packed.startswith(COMPOUND):
        notes.append(
            f"{file}: in this older format cells with an error (#REF!, #N/A) are read as empty; saved as XLSX they are named."
        )

    def read(places: Sequence[int], tell: Tell) -> RawTable:
        return _collect(islice(_numbered(sheets[chosen]), place + 1, None), header, places,
                        max(sheets[chosen].height, 1), tell)  # fmt: skip

    first = [[_text(cell) for cell in cells] for _, cells in rows[place + 1 :]]
    above = " ".join(_text(cell) for _, cells in rows[:place] for cell in cells)
    return Opened(header, first, habits.settled(sheet=chosen), read, notes=tuple(notes), line=line, above=above)


def _sheets(file: str, packed: bytes) -> Mapping[str, CalamineSheet]:
    """Return the sheets of a workbook by name."""
    if packed.startswith(COMPOUND) and _ENCRYPTED in packed:
        raise ExportError(f"{file}: the workbook is locked with a password; save it without one.")
    if not packed.startswith(ZIP):
        with _broken_if_it_fails(file):
            return _sheets_of(io.BytesIO(packed))
    parts = _parts(file, packed)
    try:
        return _sheets_of(_stored(with_errors_as_text(parts)))
    except PasswordError:
        raise
    except (CalamineError, *UNREADABLE):
        with _broken_if_it_fails(file):
            return _sheets_of(_stored(with_odd_cells_as_text(with_errors_as_text(parts))))


def _sheets_of(book: io.BytesIO) -> Mapping[str, CalamineSheet]:
    workbook = CalamineWorkbook.from_filelike(book)
    return {name: workbook.get_sheet_by_name(name) for name in workbook.sheet_names}


def _stored(parts: Mapping[str, bytes]) -> io.BytesIO:
    """Return a workbook with nothing compressed, so that what is read can be no larger than what it declares."""
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w") as copy:
        for name, xml in parts.items():
            copy.writestr(name, xml)
    plain.seek(0)
    return plain


@contextmanager
def _broken_if_it_fails(file: str) -> Iterator[None]:
    """Tell a workbook that cannot be taken apart from other mistakes, whatever the libraries say about it."""
    try:
        yield
    except ExportError:
        raise
    except PasswordError as error:
        raise ExportError(f"{file}: the workbook is locked with a password; save it without one.") from error
    except (CalamineError, *UNREADABLE) as error:
        raise ExportError(
            f"{file}: the workbook is broken or cut off; open it in Excel and save it once more."
        ) from error


def _parts(file: str, packed: bytes) -> dict[str, bytes]:
    """Return the parts of a workbook.

    The sizes that the archive declares are checked before anything is unpacked, and no entry is unpacked beyond them.
    """
    with _broken_if_it_fails(file), zipfile.ZipFile(io.BytesIO(packed)) as archive:
        entries = archive.infolist()
        _check_declared(file, entries, len(packed))
        parts = {entry.filename: archive.read(entry) for entry in entries if not entry.is_dir()}
        for xml in parts.values():
            _check_reach(file, xml)
        _check_texts(file, list(parts.values()))
    return parts


def _check_declared(file: str, entries: Sequence[zipfile.ZipInfo], packed: int) -> None:
    """Refuse an archive that is no workbook, is locked, or declares far more than it holds."""
    names = {entry.filename for entry in entries}
    if any(entry.flag_bits & 1 for entry in entries):
        raise ExportError(f"{file}: the workbook is locked with a password; save it without one.")
    if "xl/workbook.bin" in names:
        raise ExportError(f"{file}: this is a binary workbook (XLSB), which cannot be read; save it as XLSX or CSV.")
    if "xl/workbook.xml" not in names:
        raise ExportError(f"{file}: this is an archive and no Excel workbook; unpack it, or save it as CSV or XLSX.")
    if len(names) > MAX_PARTS:
        raise ExportError(f"{file}: the workbook holds {len(names):,} parts; at most {MAX_PARTS:,} can be read. Save it as CSV or "
                          "Parquet.")  # fmt: skip
    declared = sum(entry.file_size for entry in entries)
    if declared > MAX_UNPACKED:
        raise ExportError(f"{file}: the workbook would unpack to {declared / 1e6:,.0f} MB; at most "
                          f"{MAX_UNPACKED / 1e6:,.0f} MB can be read. Save it as CSV or Parquet.")  # fmt: skip
    if declared > MAX_RATIO * max(packed, 1_000_000):
        raise ExportError(f"{file}: the workbook declares {declared / packed:,.0f} times its own size, more than the "
                          f"{MAX_RATIO} times that tables take; save it once more.")  # fmt: skip


def _check_reach(file: str, xml: bytes) -> None:
    """Refuse a sheet whose cells lie so far apart that the room between is huge."""
    rows, letters = max((int(found[1][:9]) for found in _ROW.finditer(xml)), default=0), b"Z"
    for found in _CELL.finditer(xml):
        column = found[1].rstrip(b"0123456789").upper()
        letters = max(letters, column, key=lambda text: (len(text), text))
        rows = max(rows, int(found[1][len(column) :][:9]))
    columns = sum((letter - 64) * 26**place for place, letter in enumerate(reversed(letters)))
    if rows * columns > MAX_CELLS:
        raise ExportError(f"{file}: a sheet reaches to row {rows:,} and column {shown_text(letters.decode(), 8)}; at most "
                          f"{MAX_CELLS:,} cells can be read.")  # fmt: skip


def _check_texts(file: str, parts: Sequence[bytes]) -> None:
    """Refuse a workbook whose cells repeat long texts, kept once in the file, until they fill the memory."""
    lengths = np.array([len(found[0]) for xml in parts for found in _TEXT.finditer(xml)] or [0])
    counts = [xml.count(b"v>") for xml in parts]
    if int(lengths.max()) * sum(counts) > MAX_UNPACKED:
        places = np.array([int(found[1][:9]) for xml in parts for found in _REPEATED.finditer(xml)], np.int64)
        size = int(lengths[places[places < len(lengths)]].sum())
        if size > MAX_UNPACKED:
            raise ExportError(f"{file}: the texts of the workbook would fill {size / 1e6:,.0f} MB; at most "
                              f"{MAX_UNPACKED / 1e6:,.0f} MB can be read. Save it as CSV or Parquet.")  # fmt: skip


def _chosen(file: str, tables: Mapping[str, list[tuple[int, list[Any]]]], told: str, kind: str) -> str | Question:
    """Return the sheet to read: the one told, the only one, or the only one with the columns needed."""
    if told:
        if told not in tables:
            raise ExportError(f"{file}: no sheet {shown_text(told)!r} with a table; there are {listed(list(tables))}.")
        return told
    fitting = [name for name, rows in tables.items() if kind and _fits(rows, kind)] or list(tables)
    if len(fitting) == 1:
        return fitting[0]
    choices = [Choice(name, shown_text(name), f"begins {_begins(tables[name])}") for name in fitting[:20]]
    return question(file, "sheet", "", f"{len(fitting)} sheets hold a table.", choices)


def _fits(rows: list[tuple[int, list[Any]]], kind: str) -> bool:
    texts = [[_text(cell) for cell in cells] for _, cells in rows]
    header = texts[header_place(texts, kind)]
    across = kind in (*WIDE, "actuals") and bool(month_columns(header))
    return across or not missing_fields(kind, places_of(kind, header, {}))


def _begins(rows: list[tuple[int, list[Any]]]) -> str:
    return shown_text(", ".join(filter(None, map(_text, rows[0][1]))), 60)


def _numbered(sheet: CalamineSheet) -> Iterator[tuple[int, list[Any]]]:
    """Yield the rows that are not blank with their number in the sheet."""
    start = (sheet.start or (0, 0))[0]
    for number, cells in enumerate(sheet.iter_rows(), start + 1):
        if any(cell not in ("", None) for cell in cells):
            yield number, cells


def _first_rows(sheet: CalamineSheet) -> list[tuple[int, list[Any]]]:
    """Return the first rows that have more than one cell filled, or what stands above them."""
    return list(islice(_numbered(sheet), SEEN_ROWS)) if sheet.width > 1 else []


def _trimmed(header: list[str]) -> tuple[str, ...]:
    """Return a header without empty cells at its end."""
    while header and not header[-1]:
        header.pop()
    return tuple(header)


def _collect(
    rows: Iterator[tuple[int, list[Any]]], header: Sequence[str], places: Sequence[int], height: int, tell: Tell
) -> RawTable:
    """Return the cells at some places, typed as the sheet types them."""
    cells: list[list[Any]] = [[] for _ in places]
    lines: list[int] = []
    while batch := list(islice(rows, BATCH)):
        tell(min(1.0, batch[0][0] / height))
        lines += [line for line, _ in batch]
        for place, column in zip(places, cells, strict=True):
            column += [row[place] for _, row in batch]
    columns = (_column(header[place], column) for place, column in zip(places, cells, strict=True))
    return RawTable(tuple(columns), np.array(lines, np.int64))


def _column(header: str, cells: list[Any]) -> Column:
    """Return a column with its numbers and days apart from its text."""
    is_number = [isinstance(cell, (int, float)) and not isinstance(cell, bool) and cell == cell for cell in cells]
    is_day = [isinstance(cell, date) for cell in cells]
    typed = [number or day for number, day in zip(is_number, is_day, strict=True)]
    text = pa.array([None if known else _text(cell) for cell, known in zip(cells, typed, strict=True)], pa.string())
    numbers = np.array([cell if known else np.nan for cell, known in zip(cells, is_number, strict=True)], float)
    days = np.array(
        [_day(cell) if known else NO_DAY for cell, known in zip(cells, is_day, strict=True)], "datetime64[D]"
    )
    return Column(header, text, numbers if any(is_number) else None, days if any(is_day) else None)


def _day(cell: date) -> np.datetime64:
    return np.datetime64(cell.date() if isinstance(cell, datetime) else cell)


def _text(cell: Any) -> str:
    """Return a cell as text; an error of a formula is text too."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, (date, time, timedelta)):
        return str(cell)
    return "" if cell is None else str(cell)
