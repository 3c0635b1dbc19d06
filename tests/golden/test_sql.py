"""The questions as SQL of warehouses that cannot be asked here. `pytest --rewrite-golden` writes the files anew.

A change here is a change of what a company's warehouse is asked: read the difference before it is kept.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import ibis
import pytest
import sqlglot

from model.history.asking import expressions as ask
from model.history.asking.gather import QUESTIONS
from model.history.asking.grouping import Grouping
from model.history.asking.known import known_at, reach
from model.history.asking.table_rows import Cells
from model.history.asking.table_typed import READERS
from model.history.schema import SCHEMAS

HERE = Path(__file__).parent / "sql"
DIALECTS = ("bigquery", "snowflake", "trino")
UNTIL = 659  # 2024-12
GROUPING = Grouping({"smb": "SMB", "other": "Other"}, ("smb",), frozenset(SCHEMAS))
BANDS = Grouping({"under-1k": "Under 1k", "from-1k": "From 1k"}, telling=frozenset(SCHEMAS), edges=(100_000,))


def _questions() -> dict[str, Any]:
    tables = {kind: ibis.table(ibis.Schema.from_pyarrow(schema), name=kind) for kind, schema in SCHEMAS.items()}
    known = known_at(tables, UNTIL)
    changed = ask.changes(known["subscriptions"])
    customers = ask.customers(known["subscriptions"], changed, GROUPING)
    book = ask.book(changed, customers)
    placed = {kind: ask.placed(table, kind, GROUPING) for kind, table in known.items()}
    opportunities = ask.dealt(placed["opportunities"])
    return {
        "reach": reach(tables["opportunities"], "opportunities"),
        "segment_names": ask.segment_names(known["opportunities"], "opportunities"),
        "sizes": ask.sizes(changed),
        "opportunity_sizes": ask.opportunity_sizes(known["opportunities"]),
        "priced": ask.priced(known["opportunities"]),
        "customers_by_size": ask.customers(known["subscriptions"], changed, BANDS),
        "movements": ask.movements(book),
        "year_on_year": ask.year_on_year(book, UNTIL),
        "lifetimes": ask.lifetimes(book, UNTIL),
        "terms": ask.terms(known["subscriptions"], customers, UNTIL),
        "decisions": ask.decisions(opportunities, dt.date(2024, 12, 30)),
        "created": ask.created(opportunities),
        "prices": ask.prices(opportunities),
        "slips": ask.slips(opportunities, UNTIL),
        "owners": ask.owners(known["opportunities"]),
        "score_bands": ask.score_bands(known["leads"]),
        "leads": ask.lead_bands(placed["leads"], {1: 0.5, 2: 10.0}),
        "payments": ask.payments(ask.with_customer_places(placed["payments"], customers)),
        "people": ask.people(placed["people"]),
        "forecasts": ask.forecasts(placed["forecasts"]),
        "invoice_lines": _invoice_lines(),
    }


def _invoice_lines() -> Any:
    """Return invoice lines of a warehouse as they are read there."""
    columns = {"line_id": "string", "customer": "string", "period_start": "date", "period_end": "date", "amount": "decimal(12, 2)",
               "invoice_status": "string", "months": "int64"}  # fmt: skip
    cells = Cells("invoices", ibis.table(columns, name="lines"), {})
    return cells.judged(READERS["invoices"][1](cells))


QUESTION_NAMES = tuple(_questions())


def test_every_question_has_its_sql() -> None:
    assert set(QUESTIONS) <= set(QUESTION_NAMES)
    assert {path.relative_to(HERE).as_posix() for path in HERE.rglob("*.sql")} == {
        f"{dialect}/{name}.sql" for dialect in DIALECTS for name in QUESTION_NAMES
    }


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", QUESTION_NAMES)
def test_questions_are_asked_as_they_were(dialect: str, name: str, request: pytest.FixtureRequest) -> None:
    found = str(ibis.to_sql(_questions()[name], dialect=dialect)).strip() + "\n"
    golden = HERE / dialect / f"{name}.sql"
    if request.config.getoption("--rewrite-golden"):
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_bytes(found.encode())  # as it is: blanks that are trimmed may stand in it
    assert golden.read_bytes().decode() == found
    assert isinstance(sqlglot.parse_one(found, dialect=dialect), sqlglot.exp.Query)
