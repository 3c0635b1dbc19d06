"""Tables that stay where they are: a warehouse's columns recognised, read as the schema has them, and accounted for.

What `typed` does with the rows of a file is done here by expressions: rows that cannot be used are set aside by reason and
counted, and only counts, a few of their keys and the answers leave the warehouse.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any
from urllib.parse import urlsplit

import ibis

from model.errors import ExportError
from model.history.columns import column_problems, fields, kinds, places_of, terms, words
from model.history.engine import Engine
from model.history.known import YEAR, Table, Value
from model.history.schema import CENTS, SCHEMAS
from model.history.texts import listed, shown_text

MOST = 10**12
LAST_DAY = "2099-12-31"
SAMPLE = 5
EXTRAS = {"bigquery": "bigquery", "postgres": "postgres", "postgresql": "postgres", "pyspark": "spark",
          "snowflake": "snowflake", "trino": "trino"}  # fmt: skip


@dataclass(frozen=True)
class SetAside:
    """Rows of a table that cannot be used: the column, why, how many, and the keys of some of them."""

    header: str
    reason: str
    rows: int
    keys: tuple[str, ...]

    def __str__(self) -> str:
        """Return it as it is told."""
        some = f", such as {listed(self.keys)}" if self.keys else ""
        return f"{self.header} {self.reason}: {self.rows:,} row{'s' * (self.rows != 1)}{some}"


@dataclass(frozen=True)
class TableAccount:
    """What became of the rows of one table; read = used + those set aside.

    Attributes
    ----------
    kind, name : str
        What its rows are; the table's name.
    headers : mapping of str to str
        The column by field.
    read, used : int
        All rows, and those that are asked about.
    set_aside : tuple of SetAside
        All others, by reason: a row counts under the first that applies.
    notes : tuple of str
        What else the reader should know.
    """

    kind: str
    name: str
    headers: Mapping[str, str]
    read: int
    used: int
    set_aside: tuple[SetAside, ...]
    notes: tuple[str, ...] = ()


def connect(url: str, tables: Mapping[str, str], columns: Mapping[str, Mapping[str, str]] | None = None) -> Engine:
    """Return a warehouse's tables as an engine; close its `connection` with `disconnect()`.

    Parameters
    ----------
    url : str
        As Ibis has it: snowflake://…, bigquery://…, trino://…, postgres://…, duckdb://file; "duckdb://" alone for
        Parquet files, whose paths are then the tables.
    tables : mapping of str to str
        Table by kind: its name, with schema and catalogue before it where needed ("crm.deals").
    columns : mapping of str to mapping of str to str, optional
        For each kind, column by field, where a column goes by none of the known headers.

    Raises
    ------
    ExportError
        What is missing: the package, the connection, tables, columns; never with the password in it.
    """
    _check_kinds(tables)
    connection = _connected(url)
    try:
        found = {kind: _table(connection, kind, name) for kind, name in tables.items()}
        return _accounted(connection, found, tables, columns or {})
    except BaseException:
        connection.disconnect()
        raise


def _check_kinds(tables: Mapping[str, str]) -> None:
    known = list(_READERS)
    unknown = [kind for kind in tables if kind not in known]
    if unknown:
        raise ExportError(
            f"{shown_text(kind)} is not a kind of table; there are {', '.join(known)}." for kind in unknown
        )
    if not tables:
        raise ExportError(f"There is no table; name one or more of {', '.join(known)}.")


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
        raise ExportError(f"{_without_secrets(url, url)} cannot be connected to: {_first_line(error, url)}") from None


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
    connection: Any, found: Mapping[str, Table], names: Mapping[str, str], columns: Mapping[str, Mapping[str, str]]
) -> Engine:
    problems = [problem for kind, table in found.items()
                for problem in column_problems(names[kind], kind, table.columns, columns.get(kind, {}))]  # fmt: skip
    if problems:
        raise ExportError(problems)
    readings = {kind: _Cells(kind, table, columns.get(kind, {})) for kind, table in found.items()}
    asking = Engine(connection, {})
    made, accounts = {}, []
    for kind, cells in readings.items():
        values = _READERS[kind](cells)
        judged = cells.judged(values)
        accounts.append(_account(asking, kind, names[kind], cells, judged))
        made[kind] = judged.filter(judged.trouble.isnull()).select(SCHEMAS[kind].names)
    return Engine(connection, made, tuple(accounts))


def _account(engine: Engine, kind: str, name: str, cells: _Cells, judged: Table) -> TableAccount:
    counts = engine.answer(judged.group_by("trouble").agg(rows=judged.count()))
    by_trouble = {None if trouble != trouble else int(trouble): int(rows)
                  for trouble, rows in zip(counts["trouble"], counts["rows"], strict=True)}  # fmt: skip
    keys: dict[int, list[str]] = {}
    if by_trouble.keys() - {None}:
        some = judged.filter(judged.trouble.notnull())
        turn = ibis.row_number().over(ibis.window(group_by=some.trouble, order_by=some.key))
        some = some.mutate(turn=turn)
        for trouble, key in engine.answer(some.filter(some.turn < SAMPLE).select("trouble", "key")).to_numpy().tolist():
            keys.setdefault(int(trouble), []).append(key)
    set_aside = tuple(
        SetAside(cells.headers.get(field, field), reason, by_trouble[place], tuple(sorted(keys.get(place, []))))
        for place, (field, _, reason) in enumerate(cells.checks) if place in by_trouble
    )  # fmt: skip
    used = by_trouble.get(None, 0)
    if not used:
        why = f"; {set_aside[0]}" if set_aside else ""
        raise ExportError(f"{shown_text(name)}: none of the {sum(by_trouble.values()):,} rows can be used{why}.")
    return TableAccount(kind, name, cells.headers, sum(by_trouble.values()), used, set_aside, tuple(cells.notes))


class _Cells:
    """The cells of a table by field, and what is wrong with them.

    Attributes
    ----------
    headers : dict of str to str
        The column by field.
    checks : list of (str, ibis value, str)
        Field, which rows cannot be used, and why; the first that applies counts.
    notes : list of str
        What else the reader should know.
    """

    def __init__(self, kind: str, table: Table, columns: Mapping[str, str]) -> None:
        header = list(table.columns)
        self.kind, self.table = kind, table
        self.headers = {name: header[place] for name, place in places_of(kind, header, columns).items()}
        self.checks: list[tuple[str, Value, str]] = []
        self.notes: list[str] = []

    def __contains__(self, name: str) -> bool:
        """Tell whether there is a column for the field."""
        return name in self.headers

    def _cell(self, name: str) -> Value:
        return self.table[self.headers[name]]

    def set_aside(self, name: str, rows: Value, reason: str) -> None:
        """Set rows aside; a comparison with nothing sets none aside."""
        self.checks.append((name, rows.fill_null(False), reason))

    def text(self, name: str) -> Value:
        """Return texts without spaces around them, "" where there is none."""
        return self._cell(name).cast("string").strip().fill_null("") if name in self else ibis.literal("")

    def filled(self, *names: str) -> None:
        """Set rows aside whose cells of these fields are empty."""
        for name in names:
            self.set_aside(name, self.text(name) == "", "is empty")

    def day(self, name: str) -> Value:
        """Return days; of a text, its first ten characters as YYYY-MM-DD."""
        if name not in self:
            return ibis.null("date")
        cell = self._cell(name)
        if cell.type().is_date():
            return cell
        if cell.type().is_timestamp():
            return cell.date()
        return cell.cast("string").strip().substr(0, 10).try_cast("date")

    def need_day(self, name: str, day: Value, rows: Value | None = None) -> None:
        """Set rows aside whose day is there but is none, or lies after 2099."""
        concerned = ibis.literal(True) if rows is None else rows
        self.set_aside(name, concerned & (self.text(name) != "") & day.isnull(), "is not a date")
        self.set_aside(name, concerned & (day > ibis.literal(LAST_DAY, "date")), "lies after 2099")

    def number(self, name: str) -> Value:
        """Return numbers; texts with a point before the decimals are read too."""
        if name not in self:
            return ibis.null("float64")
        cell = self._cell(name)
        return cell if cell.type().is_numeric() else cell.cast("string").strip().try_cast("float64")

    def cents(self, name: str, times: int = 1) -> Value:
        """Return amounts in cents, null where there is none from 0 to 1e12."""
        number = self.number(name)
        possible = number.between(0, MOST).fill_null(False).ifelse(number, ibis.null(number.type()))
        if number.type().is_integer():
            return (possible.cast("int64") * (CENTS * times)).cast("int64")
        return (possible.cast("float64") * times * CENTS).round().cast("int64")

    def need_amount(self, name: str, rows: Value | None = None, *, filled: bool = True) -> None:
        """Set rows aside whose amount is missing, no number, or out of bounds."""
        concerned = ibis.literal(True) if rows is None else rows
        number = self.number(name)
        if filled:
            self.set_aside(name, concerned & (self.text(name) == ""), "is empty")
        self.set_aside(name, concerned & (self.text(name) != "") & number.isnull(), "is not an amount")
        self.set_aside(name, concerned & (number < 0), "is below zero")
        self.set_aside(name, concerned & ~number.between(0, MOST).fill_null(True), "is above 1e12")

    def says(self, name: str, *groups: str) -> Value:
        """Tell which cells hold a word of these groups, or are true where "yes" is one of them."""
        if name not in self:
            return ibis.literal(False)
        cell = self._cell(name)
        if cell.type().is_boolean():
            wanted = [value for value, group in ((True, "yes"), (False, "no")) if group in groups]
            return cell.isin(wanted).fill_null(False) if wanted else ibis.literal(False)
        return self._plain(name).isin(sorted(frozenset[str]().union(*map(words, groups))))

    def _plain(self, name: str) -> Value:
        """Return texts as `plain_word` writes them: without case, a remark in brackets, spaces, hyphens and dots."""
        bare = self.text(name).lower().re_replace(r"\s*\([^()]*\)\s*$", "")
        return bare.re_replace(r"[\s_.-]+", "")

    def term(self, name: str) -> Value:
        """Return whole months, 0 where the word is not known."""
        if name not in self:
            return ibis.literal(0, "int64")
        if self._cell(name).type().is_numeric():
            months = self._cell(name)
            return months.between(1, 240).fill_null(False).ifelse(months, 0).round().cast("int64")
        known = [(word, int(months)) for word, months in sorted(terms().items()) if months >= 1]
        return self._plain(name).cases(*known, else_=0).cast("int64")

    def judged(self, values: Mapping[str, Value]) -> Table:
        """Return the values, the first check that sets a row aside (null: none) and the row's key."""
        for name, entry in fields(self.kind).items():
            if entry.unique and name in self:
                order = [self.text(other) for other in self.headers]
                turn = ibis.row_number().over(ibis.window(group_by=self.text(name), order_by=order))
                self.set_aside(name, (self.text(name) != "") & (turn > 0), "stands in another row")
        found = [(rows, ibis.literal(place, "int64")) for place, (_, rows, _) in enumerate(self.checks)]
        key = next(
            (self.text(name) for name in ("id", "invoice", "name", "customer") if name in self), ibis.literal("")
        )
        return self.table.select(**values, trouble=ibis.cases(*found, else_=ibis.null("int64")), key=key)


def _opportunities(cells: _Cells) -> dict[str, Value]:
    created, closed = cells.day("created"), cells.day("closed")
    won, lost = cells.says("outcome", "won"), cells.says("outcome", "lost")
    if "is_won" in cells and "is_closed" in cells:
        won = cells.says("is_won", "yes")
        lost = cells.says("is_closed", "yes") & ~won
    decided = won | lost
    cells.filled("created", "outcome")
    cells.set_aside("outcome", cells.says("outcome", "no_opportunity"), "is neither won, lost nor open")
    cells.need_day("created", created)
    cells.set_aside("closed", decided & (cells.text("closed") == ""), "is empty")
    cells.need_day("closed", closed, decided)
    cells.set_aside("closed", decided & (closed < created), "is before the day it was created")
    cells.need_amount("amount", won, filled=False)
    return {
        "id": cells.text("id"), "account": cells.text("account"), "owner": cells.text("owner"),
        "segment": cells.text("segment"), "outcome": ibis.cases((won, "won"), (lost, "lost"), else_="open"),
        "created": created, "closed": decided.ifelse(closed, ibis.null("date")), "first_due": cells.day("first_due"),
        "amount": cells.cents("amount"), "list_amount": cells.cents("list_amount"), "line": _no_line(),
    }  # fmt: skip


def _subscriptions(cells: _Cells) -> dict[str, Value]:
    started, ended = cells.day("started"), cells.day("ended")
    name = next(name for name in kinds()["subscriptions"].one_of if name in cells)
    if name == "period_amount":
        raise ExportError(f"{cells.headers[name]} is an amount of a billing period; a table needs a column of amounts a "
                          "month or year. Name it: HEADER=monthly_amount or HEADER=yearly_amount.")  # fmt: skip
    trial = cells.says("trial", "trial", "yes")
    never = (ended > ibis.literal(LAST_DAY, "date")).fill_null(False)
    ended = never.ifelse(ibis.null("date"), ended)
    cells.filled("customer", "started")
    cells.need_day("started", started)
    cells.set_aside("ended", ~never & (cells.text("ended") != "") & ended.isnull(), "is not a date")
    cells.set_aside("ended", ended < started, "is before the day it started")
    cells.need_amount(name, ~trial)
    yearly = trial.ifelse(0, cells.cents(name, 1 if name == "yearly_amount" else YEAR))
    return {
        "id": cells.text("id"), "customer": cells.text("customer"), "segment": cells.text("segment"),
        "started": started, "ended": ended, "yearly": yearly.cast("int64"),
        "term": cells.term("term" if "term" in cells else "interval"), "billed": cells.term("interval"), "line": _no_line(),
    }  # fmt: skip


def _leads(cells: _Cells) -> dict[str, Value]:
    created = cells.day("created")
    cells.filled("created")
    cells.need_day("created", created)
    converted = cells.says("converted", "converted", "yes")
    if not cells.table[cells.headers["converted"]].type().is_boolean():
        converted = converted | cells.day("converted").notnull()
    return {
        "id": cells.text("id"), "segment": cells.text("segment"), "created": created,
        "score": cells.number("score").cast("float64"), "converted": converted, "line": _no_line(),
    }  # fmt: skip


def _payments(cells: _Cells) -> dict[str, Value]:
    day = cells.day("day")
    paid, failed = cells.says("paid", "paid", "yes"), cells.says("paid", "failed", "no")
    cells.filled("invoice", "day", "amount", "paid")
    cells.need_day("day", day)
    cells.need_amount("amount")
    cells.set_aside("paid", ~paid & ~failed, "is neither paid nor failed")
    told = cells.text("card") != ""
    return {
        "invoice": cells.text("invoice"), "customer": cells.text("customer"), "segment": cells.text("segment"), "day": day,
        "amount": cells.cents("amount"), "card": told.ifelse(cells.says("card", "card", "yes"), ibis.null("boolean")),
        "paid": paid, "term": cells.term("term"),
        "line": paid.ifelse(1, 0).cast("int64"),  # of one day's attempts, those that failed came first
    }  # fmt: skip


def _people(cells: _Cells) -> dict[str, Value]:
    started, left = cells.day("started"), cells.day("left")
    cells.filled("name", "started")
    cells.need_day("started", started)
    if "left" in cells:
        cells.need_day("left", left)
        cells.set_aside("left", left < started, "is before the day they started")
    return {
        "name": cells.text("name"), "segment": cells.text("segment"), "started": started, "left": left,
        "quota": cells.cents("quota"), "cost": cells.cents("cost"), "line": _no_line(),
    }  # fmt: skip


def _forecasts(cells: _Cells) -> dict[str, Value]:
    day = cells.day("quarter")
    cells.filled("quarter", "amount")
    cells.need_day("quarter", day)
    cells.need_amount("amount")
    return {
        "quarter": day.truncate("Q"), "segment": cells.text("segment"), "amount": cells.cents("amount"), "line": _no_line(),
    }  # fmt: skip


def _no_line() -> Value:
    return ibis.literal(0, "int64")


_READERS: Mapping[str, Callable[[_Cells], dict[str, Value]]] = {
    "opportunities": _opportunities,
    "subscriptions": _subscriptions,
    "leads": _leads,
    "payments": _payments,
    "people": _people,
    "forecasts": _forecasts,
}
