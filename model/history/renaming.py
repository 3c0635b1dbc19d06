"""Other names for segments, given before anything is measured, so that the ones in the files are nowhere afterwards."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa


def renamed(tables: Mapping[str, pa.Table], names: Mapping[str, str]) -> dict[str, pa.Table]:
    """Return tables with other names in their segment columns; two segments of one name become one.

    Parameters
    ----------
    tables : mapping of str to pyarrow.Table
        By kind, with the columns of `schema`.
    names : mapping of str to str
        The new name by the one in the files, large and small letters alike.
    """
    others = {name.strip().lower(): new for name, new in names.items()}
    return {kind: _renamed(table, others) if others else table for kind, table in tables.items()}


def _renamed(table: pa.Table, others: Mapping[str, str]) -> pa.Table:
    place = table.schema.get_field_index("segment")
    if place < 0:
        return table
    column = table.column(place).combine_chunks().dictionary_encode()
    found = pa.array([others.get(name.strip().lower(), name) for name in column.dictionary.to_pylist()], pa.string())
    return table.set_column(place, table.schema.field(place), found.take(column.indices))
