"""Rows that stand several times, alike in every column, where no column numbers the rows: all count, which is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from model.history.reading.column import Column
from model.history.reading.columns import fields
from model.history.reading.opened import Opened
from model.history.reading.rows import Rows
from model.history.schema import CENTS

AMOUNTS: Mapping[str, str] = {"subscriptions": "yearly", "invoices": "yearly", "opportunities": "amount"}
"""What the rows are worth, by kind of file: a column of its table."""


def note_copies(rows: Rows, opened: Opened, read: Sequence[int], table: pa.Table) -> None:
    """Note how many rows are like an earlier one in every column, and what they are worth; `read` are the places of columns read.

    The columns that are not read are looked at only where those that are leave it open.
    """
    if "id" not in fields(rows.kind) or "id" in rows:
        return
    alike = _alike([*rows.columns.values(), *rows.others])
    others = [place for place, header in enumerate(opened.header) if header and place not in read]
    if alike.any() and others:
        alike = _alike([*rows.columns.values(), *rows.others, *opened.read(others, lambda _: None).columns])
    copies = np.flatnonzero(alike & rows.used)
    if len(copies):
        worth = ""
        if name := AMOUNTS.get(rows.kind, ""):
            those = np.isin(table["line"].to_numpy(), rows.lines[copies])
            year = " a year" if name == "yearly" else ""
            worth = f", {table[name].to_pandas()[those].sum() / CENTS:,.2f}{year} together"
        rows.notes.append(f"{rows.file}: rows like an earlier one in every column: {len(copies):,}{worth}, the first in line "
                          f"{rows.lines[copies[0]]}. No column numbers the rows, so all count; if they are copies, remove them.")  # fmt: skip


def _alike(columns: Sequence[Column]) -> NDArray[np.bool_]:
    """Say which rows are like an earlier one in all columns."""
    parts: dict[str, NDArray[Any]] = {}
    for place, column in enumerate(columns):
        parts[f"text {place}"] = column.encoded[0]
        parts |= {} if column.numbers is None else {f"number {place}": column.numbers}
        parts |= {} if column.days is None else {f"day {place}": column.days.astype(np.int64)}
    found: NDArray[np.bool_] = pd.DataFrame(parts).duplicated().to_numpy()
    return found
