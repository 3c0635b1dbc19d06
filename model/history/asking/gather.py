"""All questions asked of an engine, one after the other, and their answers as the tables of `facts`."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

import numpy as np
import pandas as pd

from model.history.asking import expressions as ask
from model.history.asking.engine import Engine
from model.history.asking.facts import Facts
from model.history.asking.grouping import EDGES, Grouping, Named, by_column, by_size
from model.history.asking.known import YEAR, Table, known_at
from model.history.asking.known import reach as reach_of
from model.history.asking.opening import opening_month

Progress: TypeAlias = Callable[[float, str], None]
SegmentsBy: TypeAlias = Literal["column", "size"]

ENOUGH_PRICED = 0.9
QUARTER = 3


def _quiet(_share: float, _what: str) -> None:
    """Tell nobody."""


def gather(
    engine: Engine, *, segments_by: SegmentsBy = "column", until: int | None = None, today: datetime.date | None = None,
    progress: Progress = _quiet,
) -> Facts:  # fmt: skip
    """Return the facts that an engine's tables hold.

    Everything is taken as it was known at the end of the opening month (`known_at`): rows that begin later do not count,
    what was decided or ended later was then open or running.

    Parameters
    ----------
    engine : Engine
        Where the tables are.
    segments_by : {"column", "size"}
        Segments from the names in the segment column, or bands of size proposed from the amounts.
    until : int, optional
        The opening month, counted from 1970-01; unless given, the last full month of the subscriptions' starts, or
        else of the first other table with rows, that is past (`opening`).
    today : date, optional
        The day it is: no later month is an opening month that was not asked for. Unless given, the rows alone tell.
    progress : callable
        Is told the share done and what is asked next.

    Raises
    ------
    ExportError
        There are no rows, they do not reach the month, or the engine did not answer.
    """
    progress(0.0, "How far the rows reach")
    month, told_of_month = opening_month(engine, until, today)
    tables = known_at(engine.tables, month)
    progress(0.05, "Segments")
    changed = engine.kept(ask.changes(tables["subscriptions"])) if "subscriptions" in tables else None
    grouping = _grouping(engine, tables, changed, segments_by)
    asking = _Asking(engine, month, grouping, tables, changed)
    found: dict[str, pd.DataFrame] = {}
    for place, (name, (told, answered)) in enumerate(QUESTIONS.items()):
        progress(0.2 + 0.8 * place / len(QUESTIONS), told)
        found[name] = _shaped(name, answered(asking), grouping)
    found["forecasts"] = _with_actuals(found, month, booked="subscriptions" in engine.tables)
    progress(1.0, "Done")
    notes = tuple(note for note in (grouping.note, told_of_month) if note)
    return Facts(until=month, segments=dict(grouping.titles), notes=notes, **found)


def _grouping(engine: Engine, tables: Mapping[str, Table], changed: Table, segments_by: SegmentsBy) -> Grouping:
    if segments_by == "size":
        return _bands(engine, tables, changed)
    found = {}
    for kind, table in tables.items():
        rows = engine.answer(ask.segment_names(table, kind)).to_numpy().tolist()
        found[kind] = [Named(name, written, amount) for name, written, amount in rows]
    return by_column(found)


def _bands(engine: Engine, tables: Mapping[str, Table], changed: Table) -> Grouping:
    """Return bands of the customers' largest ARR, else of the amounts won.

    Opportunities tell their size where 9 in 10 of those decided have an amount: where the lost ones have none, a band's
    win rate would be that of the amounts that somebody cared to enter.
    """
    telling = ["subscriptions"] * (changed is not None)
    note = ""
    if "opportunities" in tables:
        amounts = engine.answer(ask.priced(tables["opportunities"])).iloc[0]
        if amounts["priced"] >= ENOUGH_PRICED * amounts["decided"] > 0:
            telling.append("opportunities")
        else:
            note = "Fewer than 9 in 10 of the opportunities decided have an amount; they count for all sizes."
    if not telling:
        return Grouping(note=note or "There are no amounts to make bands of size from.")
    question = ask.sizes(changed) if changed is not None else ask.opportunity_sizes(tables["opportunities"])
    stretches = [(0, 0)] * (len(EDGES) + 1)
    for stretch, customers, amount in engine.answer(question).to_numpy().tolist():
        stretches[stretch] = (customers, amount)
    bands = by_size(stretches, telling)
    return replace(bands, note=bands.note or note)


@dataclass(frozen=True)
class _Asking:
    """What the questions are asked with: the engine, the month, the segments and the tables as known then."""

    engine: Engine
    until: int
    grouping: Grouping
    known: Mapping[str, Table]
    changed: Table
    _made: dict[str, Table] = field(default_factory=dict)

    def placed(self, kind: str) -> Table:
        """Return a table with the place of each row's segment."""
        return ask.placed(self.known[kind], kind, self.grouping)

    def has(self, *kinds: str) -> bool:
        """Tell whether the tables were given."""
        return all(kind in self.known for kind in kinds)

    @property
    def customers(self) -> Table:
        """The customers with place and part, kept."""
        if "customers" not in self._made:
            asked = ask.customers(self.known["subscriptions"], self.changed, self.grouping)
            self._made["customers"] = self.engine.kept(asked)
        return self._made["customers"]

    @property
    def book(self) -> Table:
        """The changes of ARR with place and part."""
        return ask.book(self.changed, self.customers)

    @property
    def opportunities(self) -> Table:
        """The opportunities with place and part."""
        return ask.dealt(self.placed("opportunities"))

    def about(self, kind: str, question: Callable[[], Table]) -> pd.DataFrame:
        """Return the answer to a question about a table, without rows if the table was not given."""
        return self.engine.answer(question()) if self.has(kind) else pd.DataFrame()


def _year_on_year(asking: _Asking) -> pd.DataFrame:
    """Return one row a month end in place of one column."""
    wide = asking.about("subscriptions", lambda: ask.year_on_year(asking.book, asking.until))
    if wide.empty:
        return wide
    ends = []
    for ago in range(YEAR):
        columns = {f"{name}_{ago}": name for name in COLUMNS["year_on_year"][3:]}
        end = wide[["place", "part", *columns]].rename(columns=columns)
        ends.append(end[end["customers"] > 0].assign(month=asking.until - ago))
    return pd.concat(ends, ignore_index=True)


def _decisions(asking: _Asking) -> pd.DataFrame:
    if not asking.has("opportunities"):
        return pd.DataFrame()
    reach = asking.engine.answer(reach_of(asking.known["opportunities"], "opportunities")).iloc[0]
    if not reach["rows"]:
        return pd.DataFrame()
    return asking.engine.answer(ask.decisions(asking.opportunities, pd.Timestamp(reach["last"]).date()))


def _leads(asking: _Asking) -> pd.DataFrame:
    bands = asking.about("leads", lambda: ask.score_bands(asking.known["leads"]))
    if not asking.has("leads"):
        return bands
    lows = dict(zip(bands["band"].tolist(), bands["score_low"].tolist(), strict=True))
    found = asking.engine.answer(ask.lead_bands(asking.placed("leads"), lows))
    return found.merge(bands, how="left", on="band")


def _payments(asking: _Asking) -> pd.DataFrame:
    """Return the payments; where they do not tell a segment, it is that of their customer."""
    if not asking.has("payments"):
        return pd.DataFrame()
    rows, grouping = asking.placed("payments"), asking.grouping
    if len(grouping.titles) > 1 and "payments" not in grouping.telling and asking.has("subscriptions"):
        rows = ask.with_customer_places(rows, asking.customers)
    return asking.engine.answer(ask.payments(rows))


def _people(asking: _Asking) -> pd.DataFrame:
    """Return every month from the first, with what was changed up to then added up."""
    steps = asking.about("people", lambda: ask.people(asking.placed("people")))
    if steps.empty:
        return steps
    months = range(int(steps["month"].min()), asking.until + 1)
    found = []
    for place, rows in steps.groupby("place"):
        by_month = rows.set_index("month").drop(columns="place").reindex(months, fill_value=0)
        standing = by_month[["quota", "quota_people", "cost", "cost_people"]].cumsum()
        there = (by_month["joined"] - by_month["left"]).cumsum()
        found.append(standing.assign(people=there, joined=by_month["joined"], left=by_month["left"], place=place))
    return pd.concat(found).reset_index()


QUESTIONS: Mapping[str, tuple[str, Callable[[_Asking], pd.DataFrame]]] = {
    "movements": ("ARR movements", lambda on: on.about("subscriptions", lambda: ask.movements(on.book))),
    "year_on_year": ("What became of a year's ARR", _year_on_year),
    "lifetimes": ("How long customers stay", lambda on: on.about("subscriptions", lambda: ask.lifetimes(on.book, on.until))),
    "terms": ("Contract terms and renewals", lambda on: on.about(
        "subscriptions", lambda: ask.terms(on.known["subscriptions"], on.customers, on.until))),
    "decisions": ("Decisions", _decisions),
    "created": ("Opportunities created", lambda on: on.about("opportunities", lambda: ask.created(on.opportunities))),
    "prices": ("Prices", lambda on: on.about("opportunities", lambda: ask.prices(on.opportunities))),
    "slips": ("Slips", lambda on: on.about("opportunities", lambda: ask.slips(on.opportunities, on.until))),
    "owners": ("Owners", lambda on: on.about("opportunities", lambda: ask.owners(on.known["opportunities"]))),
    "leads": ("Leads", _leads),
    "payments": ("Payments", _payments),
    "people": ("Sales people", _people),
    "forecasts": ("Forecasts", lambda on: on.about("forecasts", lambda: ask.forecasts(on.placed("forecasts")))),
}  # fmt: skip
"""What is asked, by the table of `facts` it answers: how it is called while it is asked, and the asking."""

COLUMNS: Mapping[str, Sequence[str]] = {
    "movements": ("month", "segment", "sold", "movement", "customers", "arr"),
    "year_on_year": ("month", "segment", "part", "customers", "arr", "lost_customers", "lost", "grown", "shrunk"),
    "lifetimes": ("segment", "part", "sold", "age", "lost", "customers", "arr"),
    "terms": ("segment", "part", "term", "billed", "due", "subscriptions", "arr"),
    "decisions": ("segment", "part", "outcome", "days", "opportunities"),
    "created": ("segment", "month", "opportunities", "priced", "amount"),
    "prices": ("segment", "part", "month", "decided", "won", "named", "accounts", "priced", "amount", "listed", "list_amount",
               "listed_amount"),
    "slips": ("segment", "quarters", "still_open", "opportunities"),
    "owners": ("month", "owners", "year_owners"),
    "leads": ("month", "segment", "band", "leads", "converted", "score_low", "score_high"),
    "payments": ("month", "segment", "part", "card", "term", "invoices", "amount", "failed_invoices", "failed",
                 "recovered_invoices", "recovered"),
    "people": ("month", "segment", "people", "joined", "left", "quota", "quota_people", "cost", "cost_people"),
    "forecasts": ("quarter", "segment", "forecast", "actual"),
}  # fmt: skip
"""The columns of each table of `facts`, in their order; the rows are in order of them too."""

_KINDS = {"segment": "str", "movement": "str", "outcome": "str", "lost": "bool", "still_open": "bool", "card": "boolean",
          "score_low": "float64", "score_high": "float64"}  # fmt: skip


def _shaped(name: str, answer: pd.DataFrame, grouping: Grouping) -> pd.DataFrame:
    """Return an answer with its columns in order, its rows in theirs, and segments by id."""
    if "place" in answer:
        answer = answer.assign(segment=answer.pop("place").map(lambda place: grouping.id_of(int(place))))
    columns = [column for column in COLUMNS[name] if column != "actual"]
    shaped = answer.reindex(columns=columns)
    kinds = {column: _kind(name, column) for column in columns}
    return shaped.astype(kinds).sort_values(columns, ignore_index=True)


def _kind(table: str, column: str) -> str:
    """Return the type of a column; `lost` is yes or no of a lifetime and an amount of a year."""
    return "int64" if (table, column) == ("year_on_year", "lost") else _KINDS.get(column, "int64")


def _with_actuals(found: Mapping[str, pd.DataFrame], until: int, *, booked: bool) -> pd.DataFrame:
    """Return the forecasts of quarters that are over, each with the new ARR there was: as booked, else as won."""
    said = found["forecasts"]
    said = said[said["quarter"] + QUARTER - 1 <= until].reset_index(drop=True)
    moves, won = found["movements"], found["prices"]
    came = moves[moves["movement"].isin(("new", "reactivation"))].rename(columns={"arr": "amount"})
    source = came if booked else won
    months, segments, amounts = (source[name].to_numpy() for name in ("month", "segment", "amount"))
    actual = np.zeros(len(said), np.int64)
    for row, (quarter, segment) in enumerate(zip(said["quarter"], said["segment"], strict=True)):
        within = (months >= quarter) & (months < quarter + QUARTER) & ((segments == segment) | (segment == ""))
        actual[row] = amounts[within].sum()
    return said.assign(actual=actual)
