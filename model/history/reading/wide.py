"""Sheets with a row for each customer and a column for each month → a row for each customer and month that is filled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from model.errors import ExportError
from model.history.reading.column import Column, Mask
from model.history.reading.columns import fields
from model.history.reading.habits import DATES, Choice, Question, question
from model.history.reading.month_columns import WIDE, MonthColumn, month_columns, values_said
from model.history.reading.opened import Opened, RawTable, Tell, unread
from model.history.reading.texts import shown_text

KIND = "invoices"
"""What the rows of a wide sheet are read as."""
CUSTOMER, MONTH = "Customer", "Month (column)"
AMOUNT = {"mrr": ("amount", "MRR of the month"), "arr": ("yearly_amount", "ARR of the month")}
BESIDE = ("customer", "segment", "currency")
"""Fields that columns beside the months are read for; a total or a first day among them is none of a month."""
_NOTHING = r"^[\s$€£()+.,0\p{Pd}]*$"
"""Zero and empty cells as sheets show them: 0.00, -, $ -, €0."""


def is_wide(opened: Opened, kind: str) -> bool:
    """Say whether a file has months across and no rows of another kind."""
    return kind in ("", *WIDE) and not opened.questions and bool(month_columns(opened.header))


def widened(file: str, opened: Opened) -> Opened:
    """Return a wide sheet as a table with a row for each filled cell of a month, or with what must be asked first.

    The columns beside the months stay as they are; the month and its MRR or ARR come after them.

    Raises
    ------
    ExportError
        A month stands in several columns.
    """
    columns = month_columns(opened.header)
    values = _values(file, opened, columns)
    if isinstance(values, Question):
        return unread(opened.habits, values)
    of_values = [column for column in columns if column.says in ("", values)]
    order = order_of(file, opened, of_values)
    if isinstance(order, Question):
        return unread(opened.habits, order)
    months = months_of(of_values, order)
    check_once(file, of_values, months)
    across = {column.place for column in columns}
    beside = [place for place in range(len(opened.header)) if place not in across]
    header = [*(_beside(opened.header, place) for place in beside), MONTH, AMOUNT[values][1]]
    sheet = _Sheet(file, opened, beside, of_values, months, header)
    return replace(opened, header=tuple(header), first=sheet.first(), habits=opened.habits.settled(values=values), read=sheet.read,
                   made=KIND, above=f"{opened.above} {header[0]}")  # fmt: skip


def columns_of(header: Sequence[str], columns: Mapping[str, str]) -> dict[str, str]:
    """Return the columns named by hand with those that a wide sheet settles."""
    field = next(name for name, amount in AMOUNT.values() if amount == header[-1])
    return (
        {name: "" for name in fields(KIND) if name not in BESIDE}
        | dict(columns)
        | {"started": MONTH, field: header[-1]}
    )


def _values(file: str, opened: Opened, columns: Sequence[MonthColumn]) -> str | Question:
    """Return what the values are, or the question which."""
    said = {column.says for column in columns} - {""} or {values_said(opened.habits.sheet)} - {""}
    values = opened.habits.values or (said.pop() if len(said) == 1 else "")
    return values or _values_question(file, opened, columns)


def order_of(file: str, opened: Opened, columns: Sequence[MonthColumn]) -> str | Question:
    """Return the order of the dates in headers, or the question which."""
    orders = _orders(columns)
    if len({tuple(months) for months in orders.values()}) < 2 or opened.habits.dates in orders:
        return opened.habits.dates if opened.habits.dates in orders else next(iter(orders))
    place = next(at for at, months in enumerate(zip(*orders.values(), strict=True)) if len(set(months)) > 1)
    choices = [Choice(order, DATES[order], f"{shown_text(columns[place].header)} is {months[place]}")
               for order, months in orders.items()]  # fmt: skip
    return question(file, "dates", "", f"its months can be read in {len(choices)} ways.", choices)


def months_of(columns: Sequence[MonthColumn], order: str) -> list[str]:
    """Return the months of columns, by an order of their dates."""
    return [
        column.months[order] if order in column.months else next(iter(column.months.values())) for column in columns
    ]


def _orders(columns: Sequence[MonthColumn]) -> dict[str, list[str]]:
    """Return the months by each order of day and month under which all are months, and different ones if any order does that."""
    found = {order: [column.months[order] for column in columns] for order in DATES
             if all(order in column.months for column in columns)}  # fmt: skip
    different = {order: months for order, months in found.items() if len(set(months)) == len(months)}
    return different or found or {next(iter(DATES)): []}


def _values_question(file: str, opened: Opened, columns: Sequence[MonthColumn]) -> Question:
    cells = (row[column.place].strip() for row in opened.first for column in columns if column.place < len(row))
    amounts = (
        int(cell) for cell in cells if cell.isascii() and cell.isdigit() and int(cell[:9]) > 0 and len(cell) < 10
    )
    example = next(amounts, 100)
    choices = [Choice("mrr", "MRR", f"monthly amounts, so that {example:,} is {12 * example:,} a year"),
               Choice("arr", "ARR", f"yearly amounts, so that {example:,} is {example:,} a year")]  # fmt: skip
    first, last = (next(iter(columns[at].months.values())) for at in (0, -1))
    what = f"its columns {first} to {last} are months, and nothing says what their values are."
    return question(file, "values", "", what, choices)


def check_once(file: str, columns: Sequence[MonthColumn], months: Sequence[str]) -> None:
    """Refuse a month that stands in several columns."""
    headers: dict[str, list[str]] = {}
    for column, month in zip(columns, months, strict=True):
        headers.setdefault(month, []).append(shown_text(column.header))
    repeated = [f"{file}: the month {month} stands in the columns {' and '.join(names)}; keep one of them."
                for month, names in headers.items() if len(names) > 1]  # fmt: skip
    if repeated:
        raise ExportError(repeated)


def _beside(header: Sequence[str], place: int) -> str:
    """Return the header of a column beside the months; a first one without a header is the customer."""
    name = header[place]
    return CUSTOMER if not name and place == 0 and CUSTOMER not in header else name


class _Sheet:
    """A wide sheet while it is read."""

    def __init__(
        self, file: str, opened: Opened, beside: Sequence[int], columns: Sequence[MonthColumn], months: Sequence[str],
        header: Sequence[str],
    ) -> None:  # fmt: skip
        self.file, self.opened, self.beside, self.columns, self.months = file, opened, beside, columns, months
        self.header = header

    def first(self) -> list[list[str]]:
        """Return the first rows as they will be read."""
        rows = []
        for row in self.opened.first:
            others = [row[place] if place < len(row) else "" for place in self.beside]
            rows += [[*others, month, row[column.place]] for column, month in zip(self.columns, self.months, strict=True)
                     if column.place < len(row) and row[column.place].strip()][:1]  # fmt: skip
        return rows

    def read(self, places: Sequence[int], tell: Tell) -> RawTable:
        """Return the columns at some places of the new header, a row for each filled cell of a month."""
        kept = [place for place in places if place < len(self.beside)]
        raw = self.opened.read(
            [*(self.beside[place] for place in kept), *(column.place for column in self.columns)], tell
        )
        cells = raw.columns[len(kept) :]
        filled = (
            np.stack([~_nothing(column) for column in cells], axis=1)
            if len(raw.lines)
            else np.zeros((0, len(cells)), bool)
        )
        rows, across = (found.astype(np.int64) for found in np.nonzero(filled))
        done = {place: _taken(column, rows) for place, column in zip(kept, raw.columns, strict=False)}
        under = pa.array([column.header for column in cells], pa.string()).take(pa.array(across))
        done[len(self.beside)] = Column(MONTH, pa.array(self.months, pa.string()).take(pa.array(across)), under=under)
        done[len(self.beside) + 1] = replace(_melted(self.header[-1], cells, rows, across), under=under)
        note = (f"{self.file}: months stand in columns, {min(self.months)} to {max(self.months)}; each of the {len(rows):,} filled "
                f"cells is a row, {filled.size - len(rows):,} empty or zero cells are months without a subscription.")  # fmt: skip
        return RawTable(
            tuple(done[place] for place in places), raw.lines[rows], raw.ragged, (*raw.notes, note), _blanks(raw)
        )


def _blanks(raw: RawTable) -> NDArray[np.int64]:
    """Return the lines that hold nothing, and the first of each gap between lines, which readers leave out."""
    empty = np.logical_and.reduce([column.blank for column in raw.columns])
    lines = np.sort(np.append(raw.lines, np.array([line for line, _ in raw.ragged], np.int64)))
    return np.union1d(raw.lines[empty], lines[:-1][np.diff(lines) > 1] + 1)


def _nothing(column: Column) -> Mask:
    """Say which cells are empty or zero."""
    places, texts = column.encoded
    zero = pc.match_substring_regex(texts, _NOTHING).to_numpy(zero_copy_only=False)
    found: Mask = column.blank | np.append(zero, False)[places]
    return found | (column.numbers == 0) if column.numbers is not None else found


def _taken(column: Column, rows: NDArray[np.int64]) -> Column:
    return Column(
        column.header,
        None if column.text is None else column.text.take(pa.array(rows)),
        None if column.numbers is None else column.numbers[rows],
        None if column.days is None else column.days[rows],
    )


def _melted(header: str, cells: Sequence[Column], rows: NDArray[np.int64], across: NDArray[np.int64]) -> Column:
    """Return the cells of all months under one header, row by row."""
    texts, numbers = [], np.full(len(rows), np.nan)
    for place, column in enumerate(cells):
        there = across == place
        if column.numbers is not None:
            numbers[there] = column.numbers[rows[there]]
        texts.append(texts_alone(column).take(pa.array(rows[there])))
    order = np.argsort(np.argsort(across, kind="stable"), kind="stable")
    text = pa.concat_arrays(texts).take(pa.array(order))
    return Column(header, text, numbers if np.isfinite(numbers).any() else None)


def texts_alone(column: Column) -> pa.Array:
    """Return the cells that are no numbers as text, days too: no amount is one."""
    if column.days is not None:
        return Column(column.header, column.text, None, column.days).shown(np.arange(len(column)))
    return pa.nulls(len(column), pa.string()) if column.text is None else column.text.cast(pa.string())
