"""Actual months as a P&L lays them out, lines down the side and months across → a row for each month that is filled."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from model.company import Numbers
from model.errors import ExportError
from model.history.reading.amounts import read_amounts
from model.history.reading.column import Column
from model.history.reading.columns import fields, missing_fields, places_of
from model.history.reading.customers import is_ledger
from model.history.reading.groups import groups_of, name_of, settled
from model.history.reading.habits import Question
from model.history.reading.month_columns import MonthColumn, month_columns
from model.history.reading.opened import MAX_COLUMNS, Opened, RawTable, Tell, unread
from model.history.reading.texts import listed, matched, shown_text
from model.history.reading.unused import UnusedRow
from model.history.reading.wide import MONTH, check_once, months_of, order_of, texts_alone

KIND = "actuals"
"""What the months of such a sheet are."""
NO_LINES = ("month", "segment", "currency")
"""Fields that are no line of a sheet."""
LEAST = 2
"""So many lines, and half of all, or the heading and total of a group, must be known before a sheet of which nobody says what it is
is taken for actual months; or so many must be those of a profit and loss statement as make one."""
ARR_LINES = ("arr_new", "arr_expansion", "arr_contraction", "arr_churn", "arr_opening", "arr_closing")
"""What months are held against a plan by; revenue alone says little."""
_SIGNS = "+-–−•· "


def is_sideways(opened: Opened, kind: str) -> bool:
    """Say whether a file has months across and lines of actual months or of a profit and loss statement down its side."""
    return kind in ("", KIND) and not opened.questions and _labels_at(opened, kind) is not None


def turned(file: str, opened: Opened, kind: str) -> Opened:
    """Return such a sheet as a table with a row for each month, and segment if a column names it, or with what must be asked first.

    Raises
    ------
    ExportError
        A month stands in several columns, or a line that is known in several rows.
    """
    columns = month_columns(opened.header)
    order = order_of(file, opened, columns)
    if isinstance(order, Question):
        return unread(opened.habits, order)
    months = months_of(columns, order)
    check_once(file, columns, months)
    at = _labels_at(opened, kind) or 0
    sheet = _Sheet(file, opened, at, columns, months)
    return replace(opened, header=sheet.header, first=sheet.first(), read=sheet.read, made=KIND,
                   above=f"{opened.above} {opened.header[at]}", notes=(*opened.notes, *sheet.notes))  # fmt: skip


def columns_of(_: Sequence[str], columns: Mapping[str, str]) -> dict[str, str]:
    """Return the columns named by hand with the month, which the sheet settles."""
    return dict(columns) | {"month": MONTH}


def line_problems(file: str, header: Sequence[str], columns: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence where none of the lines of such a sheet, which stand in its new header, is one that is read."""
    if missing_fields(KIND, places_of(KIND, header, columns)):
        needed = listed([fields(KIND)[name].headers[1] for name in ARR_LINES])
        there = listed([name for name in header if name != MONTH], 40)
        yield (f"{file}: its months are there, but none of its lines is one that is read: needed are lines of ARR ({needed}), or revenue at "
               f"least. Its lines are {there}. Name the right ones: LINE=arr_new.")  # fmt: skip


def _labels_at(opened: Opened, kind: str) -> int | None:
    """Return the column beside the months whose cells are names of lines; None if there is none."""
    across = {column.place for column in month_columns(opened.header)}
    if not across:
        return None
    found: dict[int, tuple[int, int]] = {}
    for place in sorted(set(range(len(opened.header))) - across):
        labels, grouped = _first_labels(opened.first, place, across)
        known, names = len(_known(labels)), {row[place].strip() for row in opened.first if place < len(row)} - {""}
        if kind == KIND or known >= (1 if grouped else max(LEAST, len(labels) / 2)) or is_ledger(names):
            found[place] = known, sum(any(map(str.isalpha, name)) for name in names)
    return max(found, key=lambda place: found[place]) if found else None


def _first_labels(first: Sequence[Sequence[str]], at: int, across: Container[int]) -> tuple[list[str], bool]:
    """Return the names of the first lines in a column, totals of a group by its name where that is known, and whether there is such a group."""
    rows = [row for row in first if at < len(row) and _label(row[at])]
    filled = [any(cell.strip() for place, cell in enumerate(row) if place in across) for row in rows]
    labels = [_label(row[at]) for row in rows]
    totals = {group.total: name for group in groups_of(labels, filled) if (name := name_of(group, _known))}
    return [totals.get(row, label) for row, label in enumerate(labels) if filled[row]], bool(totals)


def _label(cell: str) -> str:
    """Return the name of a line without the sign that stands before it."""
    return cell.strip().lstrip(_SIGNS)


def _known(labels: Sequence[str]) -> dict[str, str]:
    """Return the lines that are known, by field."""
    return {name: labels[place] for name, place in places_of(KIND, labels, {}).items() if name not in NO_LINES}


class _Sheet:
    """A sheet of actual months, read when it is opened: only all of it tells its lines, and it is small."""

    def __init__(
        self, file: str, opened: Opened, at: int, columns: Sequence[MonthColumn], months: Sequence[str]
    ) -> None:
        self.months, self.across, self.line = months, columns, opened.line
        segment = places_of(KIND, opened.header, {}).get("segment")
        beside = [at] if segment is None else [at, segment]
        raw = opened.read([*beside, *(column.place for column in columns)], lambda _: None)
        labels, *segments = (
            [*map(_label, column.shown(np.arange(len(column))).to_pylist())] for column in raw.columns[: len(beside)]
        )
        self.cells, self.lines = raw.columns[len(beside) :], raw.lines
        self.texts = [texts_alone(column).to_pylist() for column in self.cells]
        of = segments[0] if segments else [""] * len(labels)
        self.aside, labels = self._grouped(file, opened.header[at], labels)
        known = set(_known(labels).values())
        self.rows = _once(file, list(zip(of, labels, strict=True)), raw.lines.tolist(), known)
        named = list(dict.fromkeys(label for _, label in self.rows))
        others = [label for label in named if label not in known]
        kept = known | set(others[: MAX_COLUMNS - len(known) - 2])
        self.labels = [label for label in named if label in kept]
        self.segments = list(dict.fromkeys(of for of, label in self.rows if label in (known or kept)))
        self.header = (MONTH, *(opened.header[place] for place in beside[1:]), *self.labels)
        unread_ = [name for place, name in enumerate(opened.header)
                   if name and place not in {*beside, *(column.place for column in columns)}]  # fmt: skip
        self.notes = [f"{file}: columns not read: {listed(unread_, MAX_COLUMNS)}."] if unread_ else []
        if raw.ragged:
            self.notes.append(f"{file}: lines that have more or fewer cells than the header are left out: "
                              f"{listed([str(line) for line, _ in raw.ragged])}.")  # fmt: skip
        self.file = file

    def _grouped(self, file: str, header: str, labels: Sequence[str]) -> tuple[list[UnusedRow], list[str]]:
        """Return lines that are headings, totals of groups or parts of one that is read, and the names of all others."""
        filled = ~np.logical_and.reduce([column.blank for column in self.cells])
        rather = {matched(name) for field in fields(KIND).values() for name in field.rather}
        grouped = settled(labels, filled, list(_readings(self.cells)), _known, rather)
        if grouped.wrong:
            raise ExportError(
                f"{file}: {shown_text(labels[group.total])}, line {self.lines[group.total]}, is not the sum of the lines of its group, "
                f"{self.lines[group.lines[0]]} to {self.lines[group.lines[-1]]}; mend the one that is wrong, or leave out the total."
                for group in grouped.wrong
            )
        aside = [
            UnusedRow(file, int(self.lines[row]), shown_text(header) or "name", labels[row], why)
            for row, why in grouped.aside.items()
        ]
        return aside, grouped.labels

    def first(self) -> list[list[str]]:
        """Return the first rows as they will be read."""
        raw = self.read(range(len(self.header)), lambda _: None)
        shown = [column.shown(np.arange(min(len(raw.lines), 3))).to_pylist() for column in raw.columns]
        return [list(row) for row in zip(*shown, strict=True)]

    def read(self, places: Sequence[int], tell: Tell) -> RawTable:
        """Return the columns at some places of the new header, a row for each segment and month of which any cell is filled."""
        start = len(self.header) - len(self.labels)
        asked = [self.labels[place - start] for place in places if place >= start]
        filled = {label: [self._filled(of, label) for of in self.segments] for label in asked}
        there = [(place, month) for place in range(len(self.segments)) for month in range(len(self.months))
                 if any(filled[label][place][month] for label in asked)]  # fmt: skip
        made = {
            0: Column(
                MONTH, pa.array([self.months[month] for _, month in there], pa.string()), under=self._under(there)
            )
        }
        if start > 1:
            made[1] = Column(self.header[1], pa.array([self.segments[place] for place, _ in there], pa.string()))
        for place in places:
            if place >= start:
                made[place] = self._column(self.labels[place - start], there)
        tell(1.0)
        empty = len(self.segments) * len(self.months) - len(there)
        told = f"; months without any amount, left out: {empty:,}" if empty else ""
        note = (
            f"{self.file}: lines stand down the side and months across, {min(self.months)} to {max(self.months)}{told}."
        )
        lines = np.full(len(there), self.line, np.int64)
        return RawTable(tuple(made[place] for place in places), lines, (), (note,), aside=self.aside)

    def _filled(self, of: str, label: str) -> list[bool]:
        row = self.rows.get((of, label))
        return [row is not None and not bool(column.blank[row]) for column in self.cells]

    def _under(self, there: Sequence[tuple[int, int]]) -> pa.Array:
        return pa.array([self.across[month].header for _, month in there], pa.string())

    def _column(self, label: str, there: Sequence[tuple[int, int]]) -> Column:
        """Return a line as a column; each cell knows the line and the header it stood in."""
        rows = [(self.rows.get((self.segments[place], label)), month) for place, month in there]
        texts = [None if row is None else self.texts[month][row] for row, month in rows]
        numbers = np.array([_number(self.cells[month], row) for row, month in rows], float)
        lines = np.array([0 if row is None else self.lines[row] for row, _ in rows], np.int64)
        return Column(label, pa.array(texts, pa.string()), numbers if np.isfinite(numbers).any() else None,
                      under=self._under(there), lines=lines)  # fmt: skip


def _readings(cells: Sequence[Column]) -> Iterator[Numbers]:
    """Yield the amounts of a sheet, (rows, months), by each decimal mark that they may be written with."""
    texts = [(column.encoded[0], read_amounts(column.encoded[1])) for column in cells]
    typed = [np.nan if column.numbers is None else column.numbers for column in cells]
    for mark in texts[0][1]:
        read = [np.append(values[mark], np.nan)[places] for places, values in texts]
        yield np.stack([np.where(np.isfinite(own), own, other) for own, other in zip(typed, read, strict=True)], axis=1)


def _number(column: Column, row: int | None) -> float:
    return np.nan if row is None or column.numbers is None else float(column.numbers[row])


def _once(
    file: str, names: Sequence[tuple[str, str]], lines: Sequence[int], known: set[str]
) -> dict[tuple[str, str], int]:
    """Return the row of each segment and line, the first of those that are not known; a known one may stand once only."""
    rows: dict[tuple[str, str], int] = {}
    problems = []
    for row, name in enumerate(names):
        if name in rows and name[1] in known:
            of = f" of {shown_text(name[0])}" if name[0] else ""
            problems.append(f"{file}: {shown_text(name[1])!r}{of} stands in lines {lines[rows[name]]} and {lines[row]}; "
                            "give each line its own name.")  # fmt: skip
        if name[1]:
            rows.setdefault(name, row)
    if problems:
        raise ExportError(problems)
    return rows
