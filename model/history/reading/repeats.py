"""Rows that share an id: one row given twice, versions of one row, or rows of their own under an id that is another's."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from model.history.reading.column import Mask, alike, shared
from model.history.reading.columns import fields
from model.history.reading.rows import Rows
from model.text import numbered

LATER = ("ended", "term", "term_count", "trial", "status")
"""What may be another where a row is written down again later: its end and its state, never its start or its amount."""


def tell_repeats(rows: Rows) -> None:
    """Note ids that several rows used share, and refuse those that may be versions of one row."""
    for name, entry in fields(rows.kind).items():
        if not entry.alike or name not in rows or not (several := shared(rows.columns[name], rows.used)).any():
            continue
        later = [rows.header(other) for other in LATER if other in rows]
        others = [column for other, column in rows.columns.items() if other not in LATER]
        again = alike(rows.columns[name], others, rows.used) & bool(later)
        if again.any():
            rows.problems.append(
                versions(rows.file, rows.header(name), int(again.sum()), later, _first(rows, name, again))
            )
        rows.notes.append(f"{rows.file}: {shared_id(rows.header(name), int(several.sum()))}")


def shared_id(header: str, rows: int) -> str:
    """Return what is said of rows that share their id and differ otherwise."""
    return f"{header} is the same in several rows that differ in dates, amounts or names; each of these {rows:,} rows counts by itself."


def versions(file: str, header: str, rows: int, later: Sequence[str], where: str = "") -> str:
    """Return what is wrong with rows that differ from an earlier one of their id in what is known later alone."""
    return (f"{file}: {numbered(rows, 'rows')} with the {header}, start and amount of another differ from it in {' or '.join(later)} "
            f"alone{where}: versions of one row, as where exports of several days are put together, would count twice. Keep the last of "
            "each; or name the column that tells rows apart, HEADER=id, or none if each is a row of its own, =id.")  # fmt: skip


def _first(rows: Rows, name: str, again: Mask) -> str:
    """Return the lines of the first versions of one row."""
    codes = rows.columns[name].as_text.encoded[0]
    there = np.flatnonzero(rows.used & (codes == codes[int(np.flatnonzero(again)[0])]))[:2]
    return f", the first in lines {' and '.join(f'{rows.lines[place]:,}' for place in there)}"
