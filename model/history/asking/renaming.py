"""Other names for segments: of rows before anything is measured, or of what was counted where segments stay apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pyarrow as pa

from model.history.asking.facts import Facts
from model.history.asking.gather import COLUMNS
from model.history.asking.grouping import OTHER, ids


def renamed(tables: Mapping[str, pa.Table], names: Mapping[str, str]) -> dict[str, pa.Table]:
    """Return tables with other names in their segment columns; two segments of one name become one.

    Parameters
    ----------
    tables : mapping of str to pyarrow.Table
        By kind, with the columns of `schema`.
    names : mapping of str to str
        The new name by the one in the files, large and small letters alike.
    """
    others = _plain(names)
    return {kind: _renamed(table, others) if others else table for kind, table in tables.items()}


def renamed_facts(facts: Facts, names: Mapping[str, str]) -> Facts:
    """Return what was counted with other titles of segments, as counting rows under these names would; see `stay_apart`."""
    others = _plain(names)
    titles = ids([others.get(title.lower(), title) for title in facts.segments.values()])
    new = dict(zip(facts.segments, titles, strict=True)) | {"": ""}
    tables = {}
    for name, columns in COLUMNS.items():
        table = getattr(facts, name)
        if "segment" in table and len(table):
            order = [column for column in columns if column != "actual"]
            other = table.assign(segment=table["segment"].map(new).astype(table["segment"].dtype))
            tables[name] = other.sort_values(order, ignore_index=True)
    return replace(facts, segments=titles, **tables)


def stay_apart(tables: Mapping[str, pa.Table], names: Mapping[str, str]) -> bool:
    """Say whether segments are the same under other names: none of these is that of another segment in any row, or "Other"."""
    others, there = _plain(names), set[str]()
    for table in tables.values():
        if "segment" in table.column_names:
            there |= {name.strip().lower() for name in table["segment"].unique().to_pylist() if name}
    called = [others.get(name, name).strip().lower() for name in there]
    return len(set(called)) == len(called) and OTHER.lower() not in {new.strip().lower() for new in others.values()}


def _plain(names: Mapping[str, str]) -> dict[str, str]:
    return {name.strip().lower(): new for name, new in names.items()}


def _renamed(table: pa.Table, others: Mapping[str, str]) -> pa.Table:
    place = table.schema.get_field_index("segment")
    if place < 0:
        return table
    column = table.column(place).combine_chunks().dictionary_encode()
    found = pa.array([others.get(name.strip().lower(), name) for name in column.dictionary.to_pylist()], pa.string())
    return table.set_column(place, table.schema.field(place), found.take(column.indices))
