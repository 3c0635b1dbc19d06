"""Files as they are given, what they were recognised as, and what became of their rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from model.history.reading.habits import Habits, Question
from model.history.reading.unused import UnusedRows


@dataclass(frozen=True)
class GivenFile:
    """A file as it is given.

    Attributes
    ----------
    kind : str
        What its rows are, one of `kinds()`; "" to tell it by its headers.
    name : str
        Its name, for messages.
    content : bytes or Path
        An upload, or where it lies.
    habits : Habits
        What its reader says of how it is written.
    columns : mapping of str to str
        Header by field, where it goes by none of the known ones; "" for a field that no column holds.
    """

    kind: str
    name: str
    content: bytes | Path
    habits: Habits = field(default_factory=Habits)
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Account:
    """What became of the rows of one file; read = used + set aside.

    Attributes
    ----------
    kind, name : str
        What its rows are; its name.
    headers : mapping of str to str
        The header as it may be shown, by field.
    habits : Habits
        How it was read.
    read, used : int
        Rows below the header, and those that are in a table.
    unused : UnusedRows
        All others, in the order of the file.
    notes : tuple of str
        What else the reader should know.
    money_aside : float
        Share of the amounts that stand in rows set aside, as far as they can be read; 0 where that cannot be told.
    """

    kind: str
    name: str
    headers: Mapping[str, str]
    habits: Habits
    read: int
    used: int
    unused: UnusedRows
    notes: tuple[str, ...]
    money_aside: float = 0.0


@dataclass(frozen=True)
class Imported:
    """The tables of all files.

    Attributes
    ----------
    tables : mapping of str to Table
        By the names of `schema.SCHEMAS`; only those that were given.
    accounts : tuple of Account
        One for each file, in the order given.
    currency : str
        The code that signs or a column show, "" if the files show none.
    """

    tables: Mapping[str, pa.Table]
    accounts: tuple[Account, ...]
    currency: str


@dataclass(frozen=True)
class Recognition:
    """What the first lines of a file show.

    Attributes
    ----------
    kind : str
        What its rows seem to be, "" if that must be asked.
    kinds : tuple of str
        All kinds whose needed columns are there, the likeliest first.
    headers : tuple of str
        The header as written.
    columns : mapping of str to str
        Header by field of the kind, as written.
    examples : mapping of str to tuple of str
        Some cells by header, as they may be shown.
    habits : Habits
        As far as the file shows them.
    questions : tuple of Question
        What must be answered before anything else; how dates and amounts are written shows only when all is read.
    notes : tuple of str
        What the reader should know.
    """

    kind: str
    kinds: tuple[str, ...]
    headers: tuple[str, ...]
    columns: Mapping[str, str]
    examples: Mapping[str, tuple[str, ...]]
    habits: Habits
    questions: tuple[Question, ...]
    notes: tuple[str, ...]
