"""Parquet files: typed columns taken as they are, only those needed, group of rows by group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from model.errors import ExportError
from model.history.reading.column import Column
from model.history.reading.habits import Habits
from model.history.reading.opened import MAX_PATH, Opened, RawTable, Tell, check_header
from model.history.reading.texts import shown_text

MAGIC = b"PAR1"
MAX_UNPACKED = 2_000_000_000
"""Of an upload; a file on disk may unpack to as much as a file on disk may have."""
BATCH = 1_000_000
SEEN_ROWS = 20
UNREADABLE = (pa.ArrowException, OSError, ValueError, LookupError, OverflowError)
"""What Arrow raises on files that are broken."""


def open_parquet(file: str, content: bytes | Path, habits: Habits, _kind: str) -> Opened:
    """Return a Parquet file with its columns named."""
    try:
        source = pq.ParquetFile(_readable(content), read_dictionary=_texts_in(content))
        header = tuple(source.schema_arrow.names)
    except UNREADABLE as error:
        raise _broken(file) from error
    check_header(file, header)
    _check_declared(file, source.metadata, MAX_UNPACKED if isinstance(content, bytes) else MAX_PATH)

    def read(places: Sequence[int], tell: Tell) -> RawTable:
        return _collect(file, source, [header[place] for place in places], tell)

    return Opened(header, _first_rows(source), habits, read)


def _readable(content: bytes | Path) -> Any:
    return pa.BufferReader(content) if isinstance(content, bytes) else content


def _texts_in(content: bytes | Path) -> list[str]:
    """Return the columns of text: each different text is kept once, so that a repeated one takes no more room here."""
    return [
        entry.name for entry in pq.read_schema(_readable(content)) if entry.type in (pa.string(), pa.large_string())
    ]


def _broken(file: str) -> ExportError:
    return ExportError(f"{file}: the Parquet file is broken or cut off; write it once more.")


def _first_rows(source: Any) -> list[list[str]]:
    """Return some rows as text; none of a column of lists or records, or of a file that is broken there."""
    try:
        batch = next(source.iter_batches(batch_size=SEEN_ROWS), None)
        columns = [[str(cell) if cell is not None else "" for cell in column.to_pylist()] for column in batch or ()]
    except UNREADABLE:
        return []
    return [list(row) for row in zip(*columns, strict=True)]


def _check_declared(file: str, metadata: Any, most: int) -> None:
    """Refuse a file that declares more than can be read, before any of it is."""
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    declared = sum(group.total_byte_size for group in groups)
    rows = sum(group.num_rows for group in groups)
    if rows != metadata.num_rows or rows < 0 or declared < 0:
        raise _broken(file)
    if declared > most:
        raise ExportError(f"{file}: the file would unpack to {declared / 1e6:,.0f} MB; "
                          f"at most {most / 1e6:,.0f} MB can be read.")  # fmt: skip
    if rows > most // 100:
        raise ExportError(f"{file}: the file declares {rows:,} rows; at most {most // 100:,} can be read.")


def _collect(file: str, source: Any, names: Sequence[str], tell: Tell) -> RawTable:
    """Return the columns named, read by group of rows."""
    nested = [name for name in names if pa.types.is_nested(source.schema_arrow.field(name).type)]
    if nested:
        raise ExportError(f"{file}: the column {shown_text(name)!r} holds lists or records; plain cells are needed."
                          for name in nested)  # fmt: skip
    batches, done = [], 0
    found = source.iter_batches(batch_size=BATCH, columns=list(names))
    while (batch := _next(file, found)) is not None:
        batches.append(batch)
        done += len(batch)
        tell(min(1.0, done / max(source.metadata.num_rows, 1)))
    try:
        table = pa.Table.from_batches(batches, schema=pa.schema([source.schema_arrow.field(name) for name in names]))
        table.validate(full=True)
    except UNREADABLE as error:
        raise _broken(file) from error
    columns = []
    for name in names:
        tell(1.0)
        columns.append(_readable_column(file, name, table.column(name)))
    return RawTable(tuple(columns), np.arange(1, done + 1, dtype=np.int64))


def _next(file: str, batches: Iterator[pa.RecordBatch]) -> pa.RecordBatch | None:
    try:
        return next(batches, None)
    except UNREADABLE as error:
        raise _broken(file) from error


def _readable_column(file: str, name: str, cells: pa.ChunkedArray) -> Column:
    """Return a column, or refuse one of bytes that are no text or of a type that is none of text, numbers and days."""
    try:
        return _column(name, cells)
    except UNREADABLE as error:
        raise ExportError(
            f"{file}: the column {shown_text(name)!r} holds neither text nor numbers nor dates."
        ) from error


def _column(name: str, cells: pa.ChunkedArray) -> Column:
    """Return a column as text, numbers or days, whichever its type is nearest to."""
    kind = cells.type
    if pa.types.is_dictionary(kind) and kind.value_type in (pa.string(), pa.large_string()):
        return Column(name, _one(cells.unify_dictionaries()))
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return Column(name, None, days=_numpy(cells.cast(pa.timestamp("s"), safe=False).cast(pa.date32(), safe=False)))
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return Column(name, None, _numpy(cells.cast(pa.float64(), safe=False)).astype(float))
    if pa.types.is_boolean(kind):
        return Column(name, _one(pc.if_else(cells, "TRUE", "FALSE")))
    return Column(name, _one(cells.cast(pa.string())))


def _numpy(cells: pa.ChunkedArray) -> NDArray[Any]:
    found: NDArray[Any] = cells.to_numpy()
    return found.astype("datetime64[D]") if found.dtype.kind == "M" else found


def _one(cells: pa.ChunkedArray) -> pa.Array:
    return pa.concat_arrays(cells.chunks) if cells.num_chunks else pa.array([], cells.type)
