"""Months of a sheet with months across that nobody knows: formulas without a value, errors. They are not nothing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow.compute as pc

from model.history.reading.cells import ERROR
from model.history.reading.rows import Rows
from model.history.reading.texts import shown_text

WRONG = f"{ERROR}|^="
FIRST = 3
"""So many of the cells are named."""


def unknown_months(rows: Rows, name: str) -> Iterator[str]:
    """Yield what is wrong if cells of months, of rows that are used, are formulas without a value or errors.

    Set aside, they would be months without the customer, who would be lost and come back.
    """
    column = rows.columns[name]
    if column.under is None:
        return
    codes, texts = column.encoded
    wrong = np.append(pc.match_substring_regex(texts, WRONG).to_numpy(zero_copy_only=False), False)[codes]
    places = np.flatnonzero(wrong & rows.used)
    if len(places):
        first = "; ".join(
            f"line {rows.lines[place]}, {shown_text(column.under[int(place)].as_py())}: {shown_text(column.shown(places[:FIRST])[at].as_py())!r}"
            for at, place in enumerate(places[:FIRST].tolist())
        )
        more = "; …" if len(places) > FIRST else ""
        yield (f"{rows.file}: cells of its months that are formulas without a value or errors: {len(places):,} ({first}{more}). What they hold is "
               "not known, and not zero. Open the file in a spreadsheet program, mend the errors and save it, so that values are stored; or "
               "empty the cells of months without the customer.")  # fmt: skip
