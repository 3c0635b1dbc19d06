"""One column of a file, whatever the file is: text, or numbers and days where the file types them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Days = NDArray[np.datetime64]
Numbers = NDArray[np.float64]
NO_DAY = np.datetime64("NaT", "D")


@dataclass(frozen=True)
class Column:
    """The cells of one column.

    Attributes
    ----------
    header : str
        As written.
    text : Array of string, or None
        Text by row, plain or with each different text kept once; null where there is none.
    numbers : array of float, or None
        NaN where the cell is not typed as a number.
    days : array of days, or None
        NaT where the cell is not typed as a date.
    under : Array of string, or None
        The header that each cell stood under, where columns were made rows.
    lines : array of int, or None
        The line that each cell stood in, where rows were made columns.
    """

    header: str
    text: pa.Array | None
    numbers: Numbers | None = None
    days: Days | None = None
    under: pa.Array | None = None
    lines: NDArray[np.int64] | None = None

    def __len__(self) -> int:
        """Return the number of rows."""
        return next(len(cells) for cells in (self.text, self.numbers, self.days) if cells is not None)

    @cached_property
    def encoded(self) -> tuple[NDArray[np.int32], pa.Array]:
        """Place of each row's text among the different ones (−1 for none), and these, without spaces around."""
        if self.text is None:
            return np.full(len(self), -1, np.int32), pa.array([], pa.string())
        found = self.text if pa.types.is_dictionary(self.text.type) else pc.dictionary_encode(self.text)
        texts = found.dictionary.cast(pa.string())
        trimmed = pc.utf8_trim_whitespace(texts)
        if trimmed.equals(texts) and not pc.any(pc.equal(texts, "")).as_py():
            return found.indices.fill_null(-1).to_numpy(zero_copy_only=False), texts
        again = pc.dictionary_encode(pc.if_else(pc.equal(trimmed, ""), None, trimmed))
        places = np.append(again.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32), np.int32(-1))
        return places[found.indices.fill_null(-1).to_numpy(zero_copy_only=False)], again.dictionary

    @cached_property
    def blank(self) -> Mask:
        """Say which cells hold nothing."""
        blank: Mask = self.encoded[0] < 0
        if self.numbers is not None:
            blank &= np.isnan(self.numbers)
        if self.days is not None:
            blank &= np.isnat(self.days)
        return blank

    def shown(self, rows: NDArray[np.intp]) -> pa.Array:
        """Return some cells as text, "" where there is nothing."""
        return self._texts(rows).fill_null("")

    @cached_property
    def as_text(self) -> Column:
        """The column with every cell as text."""
        if self.numbers is None and self.days is None:
            return self
        return Column(self.header, self._texts(np.arange(len(self))), under=self.under)

    def by_header(self, rows: NDArray[np.intp]) -> Iterator[tuple[str, NDArray[np.intp]]]:
        """Yield some rows by the header that their cells stood under."""
        if self.under is None:
            yield self.header, rows
            return
        found = pc.dictionary_encode(self.under.take(pa.array(rows)))
        places = found.indices.to_numpy(zero_copy_only=False)
        for place, header in enumerate(found.dictionary.to_pylist()):
            yield header, rows[places == place]

    def _texts(self, rows: NDArray[np.intp]) -> pa.Array:
        """Return some cells as text; whole numbers without a point, days as YYYY-MM-DD."""
        text = (
            pa.nulls(len(rows), pa.string()) if self.text is None else self.text.take(pa.array(rows)).cast(pa.string())
        )
        if self.numbers is not None:
            text = pc.coalesce(text, _number_texts(self.numbers[rows]))
        if self.days is not None:
            text = pc.coalesce(text, pa.array(self.days[rows]).cast(pa.string()))
        return text


def shared(key: Column, used: Mask) -> Mask:
    """Say which rows used have the key of another one used."""
    found = np.zeros(len(key), bool)
    found[used] = pd.Series(key.as_text.encoded[0][used]).duplicated(keep=False).to_numpy()
    return found


def alike(key: Column, columns: Sequence[Column], used: Mask) -> Mask:
    """Say which rows used are alike an earlier one of the same key in all of some columns, the key's among them."""
    found = np.zeros(len(key), bool)
    places = np.flatnonzero(shared(key, used))
    if len(places):  # hardly ever: cells of all columns are only looked at of these rows
        cells = pd.DataFrame({at: column.as_text.encoded[0][places] for at, column in enumerate(columns)})
        found[places] = cells.duplicated().to_numpy()
    return found


def _number_texts(numbers: Numbers) -> pa.Array:
    known = np.isfinite(numbers)
    whole = known & (np.abs(numbers) < 1e15) & (np.trunc(np.where(known, numbers, 0)) == numbers)
    as_whole = pa.array(np.where(whole, numbers, 0).astype(np.int64), mask=~whole).cast(pa.string())
    return pc.coalesce(as_whole, pa.array(numbers, mask=np.isnan(numbers)).cast(pa.string()))
