"""Rows that share an id: one row given twice, versions of one row, or rows of their own under an id that is another's."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.history.reading.column import Mask
from model.history.reading.columns import fields
from model.text import numbered

if TYPE_CHECKING:
    from model.history.reading.rows import Rows

LATER = ("ended", "term", "term_count", "trial", "status")
"""What may be another where a row is written down again later: its end and its state, never its start or its amount."""


def set_alike_aside(rows: Rows, name: str) -> None:
    """Set rows aside whose id stands in an earlier row that is alike in all columns read: the same row again."""
    again = _alike(rows, name, ())
    rows.set_aside(name, again, "stands in an earlier row, alike in all columns read")


def tell_repeats(rows: Rows) -> None:
    """Note ids that several rows used share, and refuse those that may be versions of one row."""
    for name, entry in fields(rows.kind).items():
        if not entry.alike or name not in rows or not (shared := _shared(rows, name)).any():
            continue
        later = [rows.header(other) for other in LATER if other in rows]
        again = _alike(rows, name, LATER) if later else np.zeros(len(rows.lines), bool)
        if again.any():
            rows.problems.append(
                versions(rows.file, rows.header(name), int(again.sum()), later, _first(rows, name, again))
            )
        rows.notes.append(f"{rows.file}: {shared_id(rows.header(name), int(shared.sum()))}")


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
    codes = _codes(rows, name)
    there = np.flatnonzero(rows.used & (codes == codes[int(np.flatnonzero(again)[0])]))[:2]
    return f", the first in lines {' and '.join(f'{rows.lines[place]:,}' for place in there)}"


def _shared(rows: Rows, name: str) -> Mask:
    """Say which rows used have the id of another one used."""
    shared = np.zeros(len(rows.lines), bool)
    shared[rows.used] = pd.Series(_codes(rows, name)[rows.used]).duplicated(keep=False).to_numpy()
    return shared


def _alike(rows: Rows, name: str, but: Collection[str]) -> Mask:
    """Say which rows used are alike an earlier one of the same id in all columns read, but for some."""
    found = np.zeros(len(rows.lines), bool)
    places = np.flatnonzero(_shared(rows, name))
    if len(places):
        others = [other for other in rows.columns if other not in but]
        cells = pd.DataFrame({other: _codes(rows, other)[places] for other in others})
        found[places] = cells.duplicated().to_numpy()
    return found


def _codes(rows: Rows, name: str) -> NDArray[np.int32]:
    return rows.columns[name].as_text.encoded[0]
