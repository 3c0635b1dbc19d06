"""A warehouse, end to end, by a DuckDB file: columns recognised, rows judged where they are, errors that tell no secret."""

from __future__ import annotations

import calendar
import datetime as dt
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import ibis
import pandas as pd
import pyarrow as pa
import pytest

from model.errors import ExportError
from model.history.asking.engine import in_process
from model.history.asking.facts import Facts
from model.history.asking.gather import COLUMNS, gather
from model.history.asking.table_typed import _months_after
from model.history.asking.warehouse import connect
from model.history.reading.files import GivenFile, Habits, read_files
from tests.engines.histories import tables_of
from tests.engines.random_history import random_history

SUBSCRIPTIONS = """
    ('s1', 'Ada ', 'SMB', DATE '2023-01-15', NULL, 1000.005::DOUBLE, 'monthly', FALSE),
    ('s2', 'Bob', 'Ent', DATE '2023-02-15', DATE '2024-02-15', 50, 'Annual', FALSE),
    ('s3', 'Cem', 'Ent', DATE '2023-02-15', DATE '9999-12-31', 25, '12 months', FALSE),
    ('s4', '  ', 'Ent', DATE '2023-02-15', NULL, 50, 'Annual', FALSE),
    ('s5', 'Dan', 'Ent', DATE '2023-02-15', DATE '2022-01-01', 50, 'Annual', FALSE),
    ('s6', 'Dan', 'Ent', DATE '2023-02-15', NULL, -5, 'Annual', FALSE),
    ('s7', 'Dan', 'Ent', NULL, NULL, 50, 'Annual', FALSE),
    ('s8', 'Dan', 'Ent', DATE '2024-03-31', NULL, NULL, 'Annual', TRUE),
    ('s9', 'Dan', 'Ent', DATE '2024-03-31', NULL, 'NaN'::DOUBLE, 'Annual', FALSE)
"""
DEALS = """
    ('d1', 'Closed Won (Main)', '2023-01-05', '2023-02-05', '1200.50', NULL),
    ('d2', 'closed-lost', '2023-01-05T10:00:00', '2023-04-01', 'ten', 'Eve'),
    ('d3', 'Negotiation', '2023-01-05', NULL, NULL, 'Eve'),
    ('d4', 'Won', '2023-01-05', 'soon', '9', NULL),
    ('d5', 'Won', '2023-01-05', '2023-01-04', '9', NULL),
    ('d6', 'Won', '2023-01-05', '2023-01-06', 'ten', NULL),
    ('d7', 'Duplicate', '2023-01-05', NULL, NULL, NULL)
"""


@pytest.fixture
def warehouse(tmp_path: Path) -> str:
    place = tmp_path / "company.duckdb"
    with duckdb.connect(str(place)) as own:
        own.execute("CREATE SCHEMA billing; CREATE SCHEMA crm")
        own.execute("CREATE TABLE billing.subs AS SELECT * FROM (VALUES " + SUBSCRIPTIONS + ') AS t("Subscription ID", customer, '
                    'plan, "start date", "End Date", mrr, term, is_trial)')  # fmt: skip
        own.execute(
            f"CREATE TABLE crm.deals AS SELECT * FROM (VALUES {DEALS}) AS t(id, stage, created, close_date, amount, owner)"
        )
        own.execute(f"COPY billing.subs TO '{tmp_path}/subs.parquet'")
    return f"duckdb://{place}"


def test_rows_are_read_judged_and_accounted_for(warehouse: str) -> None:
    engine = connect(warehouse, {"subscriptions": "billing.subs", "opportunities": "crm.deals"})
    subscriptions, deals = engine.accounts
    assert subscriptions.headers == {
        "id": "Subscription ID", "customer": "customer", "started": "start date", "ended": "End Date", "monthly_amount": "mrr",
        "term": "term", "trial": "is_trial", "segment": "plan",
    }  # fmt: skip
    assert (subscriptions.read, subscriptions.used) == (9, 4)
    assert [str(reason) for reason in subscriptions.unused] == [
        "customer is empty: 1 row, such as s4", "start date is empty: 1 row, such as s7",
        "End Date is before the day it started: 1 row, such as s5", "mrr is below zero, and no line of the customer is above: 1 row, such as s6",
        "mrr is above 1e12: 1 row, such as s9",
    ]  # fmt: skip
    assert (deals.read, deals.used) == (7, 3)
    assert [str(reason) for reason in deals.unused] == [
        "stage is neither won, lost nor open: 1 row, such as d7", "close_date is not a date: 1 row, such as d4",
        "close_date is before the day it was created: 1 row, such as d5", "amount is not an amount: 1 row, such as d6",
    ]  # fmt: skip
    for account in engine.accounts:
        assert account.read == account.used + sum(reason.rows for reason in account.unused)

    facts = gather(engine)
    assert facts.movements[["segment", "movement", "arr"]].values.tolist() == [
        ["smb", "new", 1_200_006], ["ent", "new", 90_000], ["ent", "churn", 60_000],
    ]  # fmt: skip
    assert sorted(facts.terms[["term", "subscriptions"]].values.tolist()) == [[1, 1], [12, 1]]
    assert sorted(facts.decisions[["outcome", "days"]].values.tolist()) == [["lost", 86], ["open", 86], ["won", 31]]
    assert sorted(facts.prices[["decided", "won", "amount"]].values.tolist()) == [[1, 0, 0], [1, 1, 120_050]]
    engine.connection.disconnect()


def test_a_warehouse_gives_the_facts_that_files_give(tmp_path: Path) -> None:
    tables = tables_of(random_history(Random(3), 200))
    place = tmp_path / "same.duckdb"
    money = {
        "yearly": "yearly_amount",
        "amount": "amount",
        "list_amount": "list_amount",
        "quota": "quota",
        "cost": "cost",
        "billed": "interval",
    }
    columns: dict[str, dict[str, str]] = {}
    with duckdb.connect(str(place)) as own:
        for kind, table in tables.items():
            names = [name for name in table.column_names if name != "line"]
            columns[kind] = {money.get(name, name): f"its {name}" for name in names}
            own.register("given", table)
            cells = (
                f'"{name}"::DECIMAL(18, 2) / 100' if name in money and name != "billed" else f'"{name}"'
                for name in names
            )
            listed = ", ".join(f'{cell} AS "its {name}"' for cell, name in zip(cells, names, strict=True))
            own.execute(f'CREATE TABLE "{kind}" AS SELECT {listed} FROM given')
            own.unregister("given")
    engine = connect(f"duckdb://{place}", {kind: kind for kind in tables}, columns)
    found = gather(engine)
    with in_process(tables) as own_engine:
        expected = gather(own_engine)
    for name in COLUMNS:
        if name != "payments":  # attempts of one day are in the order of the file's lines there, failed ones first here
            pd.testing.assert_frame_equal(getattr(found, name), getattr(expected, name), obj=name)
    rows = tables["subscriptions"].to_pylist()
    pay = {row["customer"].lower() for row in rows if row["yearly"] > 0}
    uncovered = sum(row["yearly"] < 0 and row["customer"].lower() not in pay for row in rows)
    assert uncovered > 0
    used = [len(table) - (uncovered if kind == "subscriptions" else 0) for kind, table in tables.items()]
    assert [account.used for account in engine.accounts] == used
    engine.connection.disconnect()


def test_an_id_that_stands_twice_counts_once(tmp_path: Path) -> None:
    place = tmp_path / "twice.duckdb"
    with duckdb.connect(str(place)) as own:
        own.execute("CREATE TABLE subs AS SELECT * FROM (VALUES ('s1', 'Ada', DATE '2024-01-01', NULL::DATE, 10.0), "
                    "('s1', 'Ada', DATE '2024-01-01', NULL, 10.0), ('s2', 'Bob', DATE '2024-01-01', NULL, 5.0)) "
                    "AS rows(id, customer, started, ended, mrr)")  # fmt: skip
    engine = connect(f"duckdb://{place}", {"subscriptions": "subs"})
    (account,) = engine.accounts
    assert (account.read, account.used) == (3, 2)
    assert [str(one) for one in account.unused] == [
        "id stands in another row, alike in all columns read: 1 row, such as s1"
    ]
    assert gather(engine).movements["arr"].sum() == 15 * 12 * 100
    engine.connection.disconnect()


INVOICES = """
    ('l1', 'Ada', DATE '2024-01-31', DATE '2024-02-29', 120.0, 'paid', 'subscription'),
    ('l2', 'Ada', DATE '2024-02-29', DATE '2024-03-31', 120.0, 'open', 'subscription'),
    ('l3', 'Bob', DATE '2024-01-15', DATE '2025-01-14', 1200.0, 'paid', NULL),
    ('l4', 'Cem', DATE '2024-03-01', DATE '2024-03-11', 10.0, 'paid', NULL),
    ('l5', 'Cem', DATE '2024-03-01', DATE '2024-03-01', 1.0, 'paid', NULL),
    ('l6', 'Dan', DATE '2023-11-30', NULL, 50.0, 'paid', NULL),
    ('l7', 'Dan', DATE '2024-03-01', DATE '2024-03-31', -25.5, 'paid', NULL),
    ('l8', 'Dan', DATE '2024-03-01', DATE '2024-03-31', 99.0, 'void', NULL),
    ('l9', 'Dan', DATE '2024-03-31', DATE '2024-06-30', 99.0, 'paid', 'One-Time'),
    ('l10', 'Eve', DATE '2023-08-31', DATE '2024-02-29', 600.0, 'paid', NULL)
"""


def test_invoice_lines_of_a_warehouse_are_those_of_a_file(tmp_path: Path) -> None:
    """Line by line: months billed, the day after them, a year's amount, and what is set aside and said of it."""
    header = "Line ID, customer, Period Start, Period End, amount, Invoice Status, Charge Type"
    place = tmp_path / "invoices.duckdb"
    with duckdb.connect(str(place)) as own:
        names = ", ".join(f'"{name}"' for name in header.split(", "))
        own.execute(f"CREATE TABLE lines AS SELECT * FROM (VALUES {INVOICES}) AS t({names})")
        own.execute(f"COPY lines TO '{tmp_path}/lines.csv'")
    engine = connect(f"duckdb://{place}", {"invoices": "lines"})
    file = read_files([GivenFile("invoices", "lines.csv", tmp_path / "lines.csv", Habits(decimal="."))])
    columns = ["id", "customer", "started", "ended", "yearly", "term", "billed"]
    found = engine.answer(engine.tables["subscriptions"]).sort_values("id", ignore_index=True)[columns]
    expected = file.tables["subscriptions"].select(columns).to_pandas().sort_values("id", ignore_index=True)
    for name in ("started", "ended"):
        found[name] = pd.to_datetime(found[name]).dt.date
    assert found.values.tolist() == expected.values.tolist()
    assert [row[3:] for row in found.values.tolist()][:2] == [
        [dt.date(2024, 2, 29), 144_000, 0, 1], [dt.date(2024, 2, 29), 120_000, 6, 6],
    ]  # fmt: skip
    (account,) = engine.accounts
    assert (account.read, account.used) == (file.accounts[0].read, file.accounts[0].used) == (10, 7)
    assert [str(one) for one in account.unused] == [
        "Invoice Status is not an invoice that stands: 1 row, such as l8", "Charge Type is billed once: 1 row, such as l9",
        "amount is below zero, a credit: 1 row, such as l7",
    ]  # fmt: skip
    assert account.notes == ("credits set aside, not taken off what was billed: 1, 25.50 together.",)
    assert {note.removeprefix("lines.csv: ") for note in file.accounts[0].notes} == set(account.notes)
    pd.testing.assert_frame_equal(gather(engine).movements, _gathered(file.tables).movements)
    engine.connection.disconnect()


def _gathered(tables: dict[str, pa.Table]) -> Facts:
    with in_process(tables) as engine:
        return gather(engine)


def test_months_after_a_day_are_those_of_the_calendar() -> None:
    days = [dt.date(2023, 12, 31) + dt.timedelta(n) for n in range(0, 800, 7)] + [
        dt.date(2024, 2, 29),
        dt.date(1999, 11, 30),
    ]
    table = ibis.memtable({"day": days})
    for months in (1, 2, 12, 13, 36):
        found = ibis.duckdb.connect().to_pyarrow(
            table.select("day", later=_months_after(table.day, ibis.literal(months)))
        )
        for row in found.to_pylist():
            number = row["day"].year * 12 + row["day"].month - 1 + months
            last = calendar.monthrange(number // 12, number % 12 + 1)[1]
            assert row["later"] == dt.date(number // 12, number % 12 + 1, min(row["day"].day, last))


def test_subscriptions_that_are_not_paid_are_told_of(tmp_path: Path) -> None:
    place = tmp_path / "states.duckdb"
    with duckdb.connect(str(place)) as own:
        own.execute("CREATE TABLE subs AS SELECT * FROM (VALUES ('s1', 'Ada', DATE '2024-01-01', NULL::DATE, 10.0, 'past_due'), "
                    "('s2', 'Bob', DATE '2024-01-01', NULL, 5.0, 'unpaid'), ('s3', 'Cem', DATE '2024-01-01', NULL, 7.0, 'paused'), "
                    "('s4', 'Dan', DATE '2024-01-01', DATE '2024-02-01', 9.0, 'unpaid'), ('s5', 'Eve', DATE '2024-01-31', NULL, 3.0, 'active')) "
                    "AS t(id, customer, started, ended, mrr, status)")  # fmt: skip
        own.execute(f"COPY subs TO '{tmp_path}/subs.csv'")
    engine = connect(f"duckdb://{place}", {"subscriptions": "subs"})
    said = (
        "past due: 1, 120.00 a year, counted as running, as Stripe counts them: a payment is late.",
        "unpaid or paused: 2, 144.00 a year, counted as running, since no column says since when they are not paid; "
        "where they are lost, as Stripe counts unpaid ones, give them an end or leave them out.",
    )
    assert engine.accounts[0].notes == said
    engine.connection.disconnect()
    file = read_files([GivenFile("subscriptions", "subs.csv", tmp_path / "subs.csv")])
    assert [note.removeprefix("subs.csv: ") for note in file.accounts[0].notes] == list(said)


def test_a_path_from_here_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with duckdb.connect(str(tmp_path / "here.duckdb")) as own:
        own.execute(
            "CREATE TABLE subs AS SELECT 'Ada' AS customer, DATE '2024-01-01' AS started, NULL::DATE AS ended, 5 AS mrr"
        )
    monkeypatch.chdir(tmp_path)
    engine = connect("duckdb://here.duckdb", {"subscriptions": "subs"})
    assert engine.accounts[0].used == 1
    engine.connection.disconnect()


def test_parquet_files_are_tables(warehouse: str) -> None:
    place = Path(warehouse.removeprefix("duckdb://")).parent / "subs.parquet"
    engine = connect("duckdb://", {"subscriptions": str(place)})
    assert engine.accounts[0].read == 9
    engine.connection.disconnect()


def test_a_warehouse_is_only_read(warehouse: str) -> None:
    engine = connect(warehouse, {"subscriptions": "billing.subs"})
    with pytest.raises(duckdb.InvalidInputException, match="read-only"):
        engine.connection.con.execute("DROP TABLE billing.subs")
    engine.connection.disconnect()


@pytest.mark.parametrize(("tables", "said"), [
    ({}, "There is no table; name one or more of opportunities, subscriptions, invoices, leads, payments, people, forecasts."),
    ({"deals": "x"}, "deals is not a kind of table; there are opportunities, subscriptions, invoices, leads, payments, people, "
     "forecasts."),
    ({"subscriptions": "x", "invoices": "y"}, "Subscriptions and invoices say the same; give only one of them."),
    ({"subscriptions": "billing.none"}, "There is no table 'billing.none', or it cannot be read: none"),
    ({"subscriptions": 'billing.subs"; DROP TABLE x; --'},
     "There is no table 'billing.subs\"; DROP TABLE x; --', or it cannot be read: subs\"; DROP TABLE x; --"),
])  # fmt: skip
def test_tables_that_are_not_there(warehouse: str, tables: dict[str, str], said: str) -> None:
    with pytest.raises(ExportError) as error:
        connect(warehouse, tables)
    assert error.value.problems == (said,)


def test_columns_that_are_not_there(warehouse: str) -> None:
    with pytest.raises(ExportError) as error:
        connect(warehouse, {"opportunities": "billing.subs"}, {"opportunities": {"amount": "euros"}})
    assert error.value.problems[0].startswith(
        "billing.subs: there is no column 'euros' for amount; the file has Subscription ID"
    )
    assert [problem.split(";")[0] for problem in error.value.problems[1:]][:1] == [
        "billing.subs: no column for outcome (won, lost or still open)"
    ]


def test_a_table_of_which_nothing_is_left(warehouse: str) -> None:
    place = Path(warehouse.removeprefix("duckdb://")).parent / "none.parquet"
    duckdb.sql(f"COPY (SELECT * FROM '{place.parent}/subs.parquet' WHERE customer = '  ') TO '{place}'")
    with pytest.raises(ExportError) as error:
        connect("duckdb://", {"subscriptions": str(place)})
    assert error.value.problems == (
        f"{_short(place)}: none of the 1 rows can be used; customer is empty: 1 row, such as s4.",
    )


def _short(place: Path) -> str:
    text = str(place)
    return text if len(text) <= 40 else f"{text[:39]}…"


@pytest.mark.parametrize(("url", "said"), [
    ("oracle://bob:s3cret@host/db", "oracle://bob:…@host/db is no address of a warehouse; it begins with duckdb://, bigquery://, "
     "postgres://, postgresql://, pyspark://, snowflake://, trino://."),
    ("duckdb:///nowhere/company.duckdb", "duckdb:///nowhere/company.duckdb cannot be connected to: IO Error: Cannot open database "
     '"/nowhere/company.duckdb" in read-only mode: database does not exist. A path from where you are takes two slashes: '
     "duckdb://company.duckdb."),
])  # fmt: skip
def test_addresses_that_lead_nowhere(url: str, said: str) -> None:
    with pytest.raises(ExportError) as error:
        connect(url, {"subscriptions": "x"})
    assert error.value.problems == (said,)


def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: Any, **__: Any) -> None:
        raise ModuleNotFoundError("No module named 'psycopg'")

    monkeypatch.setattr(ibis, "connect", missing)
    with pytest.raises(ExportError) as error:
        connect("postgresql://bob:s3cret@host/db", {"subscriptions": "x"})
    assert error.value.problems == ("postgresql is not installed; `pip install 'revlens[postgres]'` adds it.",)


@pytest.mark.parametrize(("url", "secret"), [
    ("trino://bob:s3cr:et@host/db?token=abcdef", "s3cr:et"), ("snowflake://bob:s3cr@et@host/db", "s3cr@et"),
    ("trino://bob:s3cr%40et@host/db?password=hunter22", "hunter22"),
])  # fmt: skip
def test_no_message_and_no_traceback_has_the_password(url: str, secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(address: str, **_: Any) -> None:
        raise RuntimeError(f"cannot log in to {address} with {secret}")

    monkeypatch.setattr(ibis, "connect", refuses)
    with pytest.raises(ExportError) as error:
        connect(url, {"subscriptions": "x"})
    assert secret not in str(error.value)
    assert "cannot be connected to" in str(error.value)
    assert error.value.__suppress_context__


def test_discounts_are_those_of_a_file(tmp_path: Path) -> None:
    place, columns = tmp_path / "discounts.duckdb", ["id", "customer", "started", "ended", "yearly"]
    csv = (
        "id,customer,start date,end date,arr\n1,Ada,2024-01-01,,1200\n2,ada,2024-01-01,2025-01-01,-200\n3,Bob,2024-01-01,,-50\n"
        "4,Cem,2024-01-01,2024-06-01,100\n5,Cem,2024-01-01,,-30.5\n6,Dee,2025-01-01,2024-01-01,9\n7,Dee,2024-01-01,,-7\n"
        "8,Eve,2024-02-01,,100\n9,Eve,2024-03-01,2024-05-01,-300\nF,Fay,2025-02-28,,1\n"
    )
    (tmp_path / "subs.csv").write_text(csv)
    with duckdb.connect(str(place)) as own:
        own.execute(f"CREATE TABLE subs AS SELECT * FROM read_csv('{tmp_path}/subs.csv', types={{'id': 'VARCHAR'}})")
    engine = connect(f"duckdb://{place}", {"subscriptions": "subs"})
    file = read_files([GivenFile("subscriptions", "subs", tmp_path / "subs.csv")])
    rows = engine.answer(engine.tables["subscriptions"].select(columns)).sort_values("id")
    assert rows["yearly"].tolist() == file.tables["subscriptions"]["yearly"].to_pylist()
    assert [note.removeprefix("subs: ") for note in file.accounts[0].notes] == list(engine.accounts[0].notes) == [
        "recurring discounts and credits: 3, 530.50 a year, taken off what their customers pay in the months that both run; where they are "
        "more than that, the customer counts as paying nothing.",
        "recurring discounts and credits of customers without any line above zero, set aside: 2, 57.00 a year together.",
    ]  # fmt: skip
    with in_process(file.tables) as own_tables:
        (found, asked) = (gather(one, until=month("2025-02")) for one in (own_tables, engine))
    assert found.movements.equals(asked.movements)
    moves = {(row.month, row.movement): (row.customers, row.arr) for row in found.movements.itertuples()}
    assert moves == {
        (month("2024-01"), "new"): (2, 100_000 + 6_950), (month("2024-02"), "new"): (1, 10_000), (month("2024-03"), "churn"): (1, 10_000),
        (month("2024-05"), "reactivation"): (1, 10_000), (month("2024-06"), "churn"): (1, 6_950), (month("2025-01"), "expansion"): (1, 20_000),
        (month("2025-02"), "new"): (1, 100),
    }  # fmt: skip


def month(text: str) -> int:
    return (int(text[:4]) - 1970) * 12 + int(text[5:]) - 1


def test_trials_are_those_of_a_file(tmp_path: Path) -> None:
    place, columns = tmp_path / "trials.duckdb", ["id", "started", "ended", "yearly"]
    csv = (
        "id,customer,start date,end date,arr,trial ends at\n1,Ada,2024-01-01,,1200,2024-01-15\n2,Bob,2024-01-01,2024-01-10,600,2024-01-15\n"
        "3,Cem,2024-02-20,,300,2024-03-05\n4,Dee,2024-01-01,,50,\n5,Eve,2024-01-20,2024-02-20,70,2024-01-20\n6,Fay,2023-01-01,2022-01-01,9,2023-02-01\n"
        "7,Gus,2024-02-01,,80,2024-02-20\n"
    )
    (tmp_path / "subs.csv").write_text(csv)
    with duckdb.connect(str(place)) as own:
        own.execute(f"CREATE TABLE subs AS SELECT * FROM read_csv('{tmp_path}/subs.csv', types={{'id': 'VARCHAR'}})")
    engine = connect(f"duckdb://{place}", {"subscriptions": "subs"})
    file = read_files([GivenFile("subscriptions", "subs", tmp_path / "subs.csv")])
    expected = [
        ("1", "2024-01-15", "", 120_000), ("2", "2024-01-01", "2024-01-10", 0), ("3", "2024-02-20", "", 0),
        ("4", "2024-01-01", "", 5_000), ("5", "2024-01-20", "2024-02-20", 7_000), ("7", "2024-02-20", "", 8_000),
    ]  # fmt: skip
    asked = engine.answer(engine.tables["subscriptions"].select(columns)).sort_values("id")
    for rows in (file.tables["subscriptions"].select(columns).to_pandas(), asked):
        days = rows.assign(
            **{name: [str(day)[:10] if pd.notna(day) else "" for day in rows[name]] for name in ("started", "ended")}
        )
        assert list(days.itertuples(index=False, name=None)) == expected
    notes = [
        "begun as trials: 2, 1,280.00 a year, customers from the day their trial ended.",
        "ended before their trial did, or on trial when the last subscription began: 2, 900.00 a year, not customers.",
    ]
    assert [note.removeprefix("subs: ") for note in file.accounts[0].notes if "trial" in note][:2] == notes
    assert [note for note in engine.accounts[0].notes if "trial" in note] == notes
