"""A warehouse's tables as an engine: connected to by an address, found by name, never changed.

Their rows are judged by `table_rows`; only counts, a few keys and the answers leave the warehouse.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import Any
from urllib.parse import urlsplit

import ibis

from model.errors import ExportError
from model.history.asking.engine import Engine
from model.history.asking.known import Table
from model.history.asking.table_ends import settle_ends
from model.history.asking.table_rows import Cells, account_of
from model.history.asking.table_typed import READERS
from model.history.reading.columns import column_problems
from model.history.reading.texts import shown_text
from model.history.schema import SCHEMAS

EXTRAS = {"bigquery": "bigquery", "postgres": "postgres", "postgresql": "postgres", "pyspark": "spark",
          "snowflake": "snowflake", "trino": "trino"}  # fmt: skip


def connect(
    url: str,
    tables: Mapping[str, str],
    columns: Mapping[str, Mapping[str, str]] | None = None,
    units: Mapping[str, str] | None = None,
    ends: str = "",
) -> Engine:
    """Return a warehouse's tables as an engine; close its `connection` with `disconnect()`.

    Parameters
    ----------
    url : str
        As Ibis has it: snowflake://…, bigquery://…, trino://…, postgres://…, duckdb://company.duckdb (from the root duckdb:///…); "duckdb://" alone for
        Parquet files, whose paths are then the tables.
    tables : mapping of str to str
        Table by kind: its name, with schema and catalogue before it where needed ("crm.deals").
    columns : mapping of str to mapping of str to str, optional
        For each kind, column by field, where a column goes by none of the known headers.
    units : mapping of str to str, optional
        For each kind "whole" or "cents", where a column of whole numbers leaves it open.
    ends : str, optional
        "last-day" or "day-after", where the rows leave open what their ends are.

    Raises
    ------
    ExportError
        What is missing: the package, the connection, tables, columns; never with the password in it.
    """
    _check_kinds(tables)
    connection = _connected(url)
    try:
        found = {kind: _table(connection, kind, name) for kind, name in tables.items()}
        return _accounted(connection, found, tables, columns or {}, units or {}, ends)
    except BaseException:
        connection.disconnect()
        raise


def _check_kinds(tables: Mapping[str, str]) -> None:
    known = list(READERS)
    unknown = [kind for kind in tables if kind not in known]
    if unknown:
        raise ExportError(
            f"{shown_text(kind)} is not a kind of table; there are {', '.join(known)}." for kind in unknown
        )
    if not tables:
        raise ExportError(f"There is no table; name one or more of {', '.join(known)}.")
    if {"subscriptions", "invoices"} <= tables.keys():
        raise ExportError("Subscriptions and invoices say the same; give only one of them.")


def _connected(url: str) -> Any:
    scheme = urlsplit(url).scheme.lower()
    if scheme != "duckdb" and scheme not in EXTRAS:
        raise ExportError(f"{shown_text(_without_secrets(url, url), 80)} is no address of a warehouse; it begins with "
                          f"duckdb://, {'://, '.join(EXTRAS)}://.")  # fmt: skip
    given: dict[str, Any] = {}
    if scheme == "duckdb" and urlsplit(url).netloc + urlsplit(url).path:
        given["read_only"] = True
    if scheme == "snowflake":
        given["create_object_udfs"] = False  # nothing of ours is written there
    try:
        return ibis.connect(url, **given)
    except ImportError:
        raise ExportError(f"{scheme} is not installed; `pip install 'revlens[{EXTRAS[scheme]}]'` adds it.") from None
    except Exception as error:
        beside = " A path from where you are takes two slashes: duckdb://company.duckdb." if scheme == "duckdb" else ""
        raise ExportError(
            f"{_without_secrets(url, url)} cannot be connected to: {_first_line(error, url)}{'.' * bool(beside)}{beside}"
        ) from None


def _first_line(error: BaseException, url: str) -> str:
    said = str(error).strip().splitlines() or [type(error).__name__]
    return shown_text(_without_secrets(said[0], url), 200)


def _without_secrets(text: str, url: str) -> str:
    """Return a text without the password of an address and the values after its question mark.

    >>> _without_secrets("no route to bob:s3cret@host", "trino://bob:s3cret@host/db?token=abc")
    'no route to bob:…@host'
    >>> _without_secrets("trino://bob:s3cret@host/db?token=abc", "trino://bob:s3cret@host/db?token=abc")
    'trino://bob:…@host/db?…'
    >>> _without_secrets("cannot open database ab", "duckdb://u:ab@/x?password=abSECRET")
    'cannot open database …'
    """
    parts = urlsplit(url)
    written = re.search(r"://[^/?#@]*?:(.*)@", url)
    values = [value for pair in parts.query.split("&") if (value := pair.partition("=")[2])]
    secrets = {parts.query, *values, written[1] if written else "", parts.password or ""} - {""}
    if not secrets:
        return text
    longest_first = sorted(secrets, key=len, reverse=True)
    return re.sub(
        "|".join(rf"(?<![A-Za-z0-9]){re.escape(secret)}(?![A-Za-z0-9])" for secret in longest_first), "…", text
    )


def _table(connection: Any, kind: str, name: str) -> Table:
    """Return a table by its name; every part of it is an identifier, never part of a sentence in SQL."""
    if connection.name == "duckdb" and PurePath(name).suffix == ".parquet":
        return _opened(name, lambda: connection.read_parquet(name, table_name=f"revlens_{kind}"))
    *database, own = name.split(".")
    return _opened(
        name,
        lambda: connection.table(own, database=tuple(database) if len(database) > 1 else "".join(database) or None),
    )


def _opened(name: str, open_it: Callable[[], Table]) -> Table:
    try:
        return open_it()
    except Exception as error:
        said = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise ExportError(
            f"There is no table {shown_text(name)!r}, or it cannot be read: {shown_text(said, 200)}"
        ) from None


def _accounted(
    connection: Any,
    found: Mapping[str, Table],
    names: Mapping[str, str],
    columns: Mapping[str, Mapping[str, str]],
    units: Mapping[str, str],
    ends: str,
) -> Engine:
    problems = [problem for kind, table in found.items()
                for problem in column_problems(names[kind], kind, table.columns, columns.get(kind, {}))]  # fmt: skip
    if problems:
        raise ExportError(problems)
    readings = {kind: Cells(kind, table, columns.get(kind, {}), units.get(kind, "")) for kind, table in found.items()}
    if asked := [one for kind, cells in readings.items() for one in cells.doubtful_units(names[kind])]:
        raise ExportError(asked)
    asking = Engine(connection, {})
    made, accounts = {}, []
    for kind, cells in readings.items():
        settle_ends(asking, names[kind], cells, ends)
        name, read = READERS[kind]
        judged = cells.judged(read(cells))
        accounts.append(account_of(asking, kind, names[kind], cells, judged))
        made[name] = judged.filter(judged.trouble.isnull()).select(SCHEMAS[name].names)
    return Engine(connection, made, tuple(accounts))
