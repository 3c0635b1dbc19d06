"""Rows of a table that stays where it is: read as the schema has them, used or set aside by reason, and counted.

What `typed` does with the rows of a file is done here by expressions; of rows that cannot be used only counts and a few
keys leave the warehouse.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import ibis

from model.errors import ExportError
from model.history.asking.engine import Engine
from model.history.asking.known import Table, Value
from model.history.reading.amounts import says_cents
from model.history.reading.columns import fields, places_of, terms, words
from model.history.reading.repeats import LATER, shared_id, versions
from model.history.reading.texts import listed, shown_text
from model.history.reading.units import named_in_cents
from model.history.schema import CENTS
from model.text import numbered

MOST = 10**12
LAST_DAY = "2099-12-31"
SAMPLE = 5


@dataclass(frozen=True)
class UnusedGroup:
    """Rows of a table that cannot be used: the column, why, how many, and the keys of some of them."""

    header: str
    reason: str
    rows: int
    keys: tuple[str, ...]

    def __str__(self) -> str:
        """Return it as it is told."""
        some = f", such as {listed(self.keys)}" if self.keys else ""
        return f"{self.header} {self.reason}: {numbered(self.rows, 'rows')}{some}"


class UnusedGroups(tuple[UnusedGroup, ...]):
    """All of them, told as the rows of a file are."""

    __slots__ = ()

    @property
    def most(self) -> str:
        """Column and reason of the most rows, "" if there are none."""
        most = max(self, key=lambda one: one.rows, default=None)
        return f"{most.header} {most.reason}" if most else ""

    def told(self, _where: str) -> Iterator[str]:
        """Yield each; the rows themselves stay where they are, so that there is nowhere to see all of them."""
        return map(str, self)


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
    unused : UnusedGroups
        All others, by reason: a row counts under the first that applies.
    notes : tuple of str
        What else the reader should know.
    money_aside : float
        0: what rows bring that stay where they are is not known.
    """

    kind: str
    name: str
    headers: Mapping[str, str]
    read: int
    used: int
    unused: UnusedGroups
    notes: tuple[str, ...] = ()
    money_aside: float = 0.0


def account_of(engine: Engine, kind: str, name: str, cells: Cells, judged: Table) -> TableAccount:
    """Return what became of the rows of a table, asked of the engine where they are.

    Raises
    ------
    ExportError
        No row can be used, or rows may be versions of each other.
    """
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
    unused = UnusedGroups(
        UnusedGroup(cells.headers.get(field, field), reason, by_trouble[place], tuple(sorted(keys.get(place, []))))
        for place, (field, _, reason) in enumerate(cells.checks) if place in by_trouble
    )  # fmt: skip
    used = by_trouble.get(None, 0)
    if not used:
        why = f"; {unused[0]}" if unused else ""
        raise ExportError(f"{shown_text(name)}: none of the {sum(by_trouble.values()):,} rows can be used{why}.")
    notes = (*cells.notes, *_repeats(engine, name, cells, judged), *_told(engine, cells, judged))
    return TableAccount(kind, name, cells.headers, sum(by_trouble.values()), used, unused, notes)


def _repeats(engine: Engine, name: str, cells: Cells, judged: Table) -> Iterator[str]:
    """Yield a note of ids that several rows used share, or refuse rows that may be versions of one."""
    if "id" not in cells or not fields(cells.kind)["id"].alike:
        return
    used = judged.filter(judged.trouble.isnull() & (judged.id != ""))
    written = used.group_by("id", "customer", "segment", "started", "yearly", "billed").agg(rows=used.count())
    ids = written.group_by("id").agg(rows=written.rows.sum(), versions=(written.rows - 1).sum())
    shared = ids.filter(ids.rows > 1)
    found = engine.answer(shared.aggregate(rows=shared.rows.sum(), versions=shared.versions.sum())).fillna(0).iloc[0]
    if int(found["versions"]):
        later = [cells.headers[other] for other in LATER if other in cells]
        raise ExportError(versions(shown_text(name), cells.headers["id"], int(found["versions"]), later))
    if int(found["rows"]):
        yield shared_id(cells.headers["id"], int(found["rows"]))


def _told(engine: Engine, cells: Cells, judged: Table) -> Iterator[str]:
    """Yield what is said of rows by their number and amount, where there are any."""
    for place, (_, of_used, say) in enumerate(cells.told):
        rows = judged.filter(judged.trouble.isnull() if of_used else judged.trouble.notnull())
        amount = rows[f"told_{place}"]
        found = engine.answer(rows.aggregate(rows=amount.count(), amount=amount.sum().fill_null(0))).iloc[0]
        if found["rows"]:
            yield say(int(found["rows"]), int(found["amount"]) / CENTS)


class Cells:
    """The cells of a table by field, and what is wrong with them.

    Attributes
    ----------
    headers : dict of str to str
        The column by field.
    checks : list of (str, ibis value, str)
        Field, which rows cannot be used, and why; the first that applies counts.
    notes : list of str
        What else the reader should know.
    ends : str
        What the ends are, as in `Habits`; settled before the rows are read.
    told : list of (ibis value, bool, callable)
        Cents of the rows that are to be told of, null for others; whether of those used or of those set aside; what is said of
        their number and sum.
    """

    def __init__(self, kind: str, table: Table, columns: Mapping[str, str], units: str = "") -> None:
        header = list(table.columns)
        self.kind, self.units = kind, units
        self.headers = {name: header[place] for name, place in places_of(kind, header, columns).items()}
        self.table = table.select(**{f"its_{name}": table[its] for name, its in self.headers.items()})
        self.checks: list[tuple[str, Value, str]] = []
        self.notes: list[str] = []
        self.ends = ""
        self.told: list[tuple[Value, bool, Callable[[int, float], str]]] = []

    def __contains__(self, name: str) -> bool:
        """Tell whether there is a column for the field."""
        return name in self.headers

    def with_columns(self, **values: Value) -> Table:
        """Return the table with columns worked out of it; cells are read of it from now on."""
        self.table = self.table.mutate(**values)
        return self.table

    def cell(self, name: str) -> Value:
        """Return the cells of a field as they are."""
        return self.table[f"its_{name}"]

    def set_aside(self, name: str, rows: Value, reason: str) -> None:
        """Set rows aside; a comparison with nothing sets none aside."""
        self.checks.append((name, rows.fill_null(False), reason))

    def text(self, name: str) -> Value:
        """Return texts without spaces around them, "" where there is none."""
        return self.cell(name).cast("string").strip().fill_null("") if name in self else ibis.literal("")

    def filled(self, *names: str) -> None:
        """Set rows aside whose cells of these fields are empty."""
        for name in names:
            self.set_aside(name, self.text(name) == "", "is empty")

    def day(self, name: str) -> Value:
        """Return days; of a text, its first ten characters as YYYY-MM-DD."""
        if name not in self:
            return ibis.null("date")
        cell = self.cell(name)
        if cell.type().is_date():
            return cell
        if cell.type().is_timestamp():
            return cell.date()
        return cell.cast("string").strip().substr(0, 10).try_cast("date")

    def first_day_without(self, ended: Value) -> Value:
        """Return the first days without service, of ends as they are written."""
        return (ended + ibis.interval(days=1)).cast("date") if self.ends == "last-day" else ended

    def need_day(self, name: str, day: Value, rows: Value | None = None) -> None:
        """Set rows aside whose day is there but is none, or lies after 2099."""
        concerned = ibis.literal(True) if rows is None else rows
        self.set_aside(name, concerned & (self.text(name) != "") & day.isnull(), "is not a date")
        self.set_aside(name, concerned & (day > ibis.literal(LAST_DAY, "date")), "lies after 2099")

    def number(self, name: str) -> Value:
        """Return numbers; texts with a point before the decimals are read too."""
        if name not in self:
            return ibis.null("float64")
        cell = self.cell(name)
        found = cell if cell.type().is_numeric() else cell.cast("string").strip().try_cast("float64")
        return found / CENTS if self._in_cents(name) else found

    def _whole(self, name: str) -> bool:
        return fields(self.kind)[name].type == "amount" and self.cell(name).type().is_integer()

    def _in_cents(self, name: str) -> bool:
        return says_cents(self.headers[name]) or (self.units == "cents" and self._whole(name))

    def doubtful_units(self, table: str) -> Iterator[str]:
        """Yield a sentence for whole numbers that an interface of a billing system would give in cents."""
        for name in self.headers:
            if not self.units and self._whole(name) and not self._in_cents(name) and named_in_cents(self.headers[name]):
                yield (f"{shown_text(table)}: {self.headers[name]} holds whole numbers, which may be cents, as interfaces of billing systems "
                       f"give them. Give --units {self.kind}=cents or {self.kind}=whole.")  # fmt: skip

    def cents(self, name: str, times: int = 1, least: int = 0) -> Value:
        """Return amounts in cents, null where there is none from the least to 1e12."""
        number = self.number(name)
        possible = number.between(least, MOST).fill_null(False).ifelse(number, ibis.null(number.type()))
        if number.type().is_integer():
            return (possible.cast("int64") * (CENTS * times)).cast("int64")
        return (possible.cast("float64") * times * CENTS).round().cast("int64")

    def need_amount(
        self, name: str, rows: Value | None = None, *, filled: bool = True, signed: Value | None = None
    ) -> None:
        """Set rows aside whose amount is missing, no number, or out of bounds; below zero only `signed` rows may be."""
        concerned = ibis.literal(True) if rows is None else rows
        number = self.number(name)
        number = number if signed is None else signed.ifelse(number.abs(), number)
        if filled:
            self.set_aside(name, concerned & (self.text(name) == ""), "is empty")
        self.set_aside(name, concerned & (self.text(name) != "") & number.isnull(), "is not an amount")
        self.set_aside(name, concerned & (number < 0), "is below zero")
        self.set_aside(name, concerned & ~number.between(0, MOST).fill_null(True), "is above 1e12")

    def says(self, name: str, *groups: str) -> Value:
        """Tell which cells hold a word of these groups, or are true where "yes" is one of them."""
        if name not in self:
            return ibis.literal(False)
        cell = self.cell(name)
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
        beside = f"{name}_count"
        if beside in self and not self.cell(name).type().is_numeric():
            count = self.number(beside).fill_null(1).round().cast("int64")
            alone = ~self.text(name).re_search("[0-9]")
            return (self._words(name) * alone.ifelse(count, 1)).cast("int64")
        return self._words(name)

    def _words(self, name: str) -> Value:
        if self.cell(name).type().is_numeric():
            months = self.cell(name)
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
            if entry.alike and name in self:
                cells = [self.text(other) for other in self.headers]
                turn = ibis.row_number().over(ibis.window(group_by=cells, order_by=self.text(name)))
                self.set_aside(
                    name, (self.text(name) != "") & (turn > 0), "stands in another row, alike in all columns read"
                )
        found = [(rows, ibis.literal(place, "int64")) for place, (_, rows, _) in enumerate(self.checks)]
        key = next(
            (self.text(name) for name in ("id", "invoice", "name", "customer") if name in self), ibis.literal("")
        )
        told = {f"told_{place}": cents for place, (cents, _, _) in enumerate(self.told)}
        return self.table.select(**values, **told, trouble=ibis.cases(*found, else_=ibis.null("int64")), key=key)
