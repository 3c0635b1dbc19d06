"""Rows that share an id: given twice, versions of one, or rows of their own."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from model.errors import ExportError
from model.history.asking.warehouse import connect
from model.history.reading.files import GivenFile, Habits, Imported, read_files

CHARGES = (
    "Account: Name,Subscription: Name,Rate Plan Charge: Effective Start Date,Rate Plan Charge: Effective End Date,"
    "Rate Plan Charge: MRR"
)
CHARGE = "Rate Plan Charge: Charge Number"
PARTS = (
    "Ada,A-1,2024-01-05,,100",
    "Ada,A-1,2024-01-05,2024-06-05,40",
    "Ada,A-1,2024-06-05,,60",
    "Bob,A-2,2024-02-05,,10",
)
"""A platform fee, seats, and seats after a change, under one subscription."""


def read(header: str, rows: tuple[str, ...], **columns: str) -> Imported:
    content = "\n".join([header, *rows, ""]).encode()
    return read_files([GivenFile("subscriptions", "z.csv", content, Habits(ends="day-after"), columns)])


def yearly(found: Imported) -> list[int]:
    return [cents // 1200 for cents in found.tables["subscriptions"]["yearly"].to_pylist()]


def test_charges_of_one_subscription_all_count() -> None:
    found = read(CHARGES, PARTS)
    (account,) = found.accounts
    assert (account.read, account.used, yearly(found)) == (4, 4, [100, 40, 60, 10])
    assert ("z.csv: Subscription: Name is the same in several rows that differ in dates, amounts or names; each of these 3 rows counts by "
            "itself.") in account.notes  # fmt: skip


def test_an_id_of_the_row_goes_before_one_of_its_subscription() -> None:
    found = read(f"{CHARGES},{CHARGE}", tuple(f"{row},C-{place}" for place, row in enumerate(PARTS)))
    assert found.accounts[0].headers["id"] == CHARGE
    assert yearly(found) == [100, 40, 60, 10]
    assert not any("the same in several rows" in note for note in found.accounts[0].notes)


def test_a_row_that_is_there_twice_counts_once() -> None:
    found = read(CHARGES, (*PARTS, PARTS[2]))
    assert yearly(found) == [100, 40, 60, 10]
    assert [str(row) for row in found.accounts[0].unused] == [
        "z.csv line 6: Subscription: Name 'A-1' stands in an earlier row, alike in all columns read"
    ]


VERSIONS = (
    "z.csv: 1 row with the Subscription: Name, start and amount of another differ from it in Rate Plan Charge: Effective End Date alone, "
    "the first in lines 5 and 6: versions of one row, as where exports of several days are put together, would count twice. Keep the "
    "last of each; or name the column that tells rows apart, HEADER=id, or none if each is a row of its own, =id."
)


def test_versions_of_one_row_are_refused_until_said_to_be_rows_of_their_own() -> None:
    later = (*PARTS, "Bob,A-2,2024-02-05,2024-09-05,10")
    with pytest.raises(ExportError) as error:
        read(CHARGES, later)
    assert list(error.value.problems) == [VERSIONS]
    assert yearly(read(CHARGES, later, id="")) == [100, 40, 60, 10, 10]


def test_a_warehouse_tells_rows_of_one_id_apart_alike(tmp_path: Path) -> None:
    place = tmp_path / "charges.duckdb"
    rows = ["('A-1', 'Ada', DATE '2024-01-05', NULL, 100.0)", "('A-1', 'Ada', DATE '2024-06-05', NULL::DATE, 60.0)",
            "('A-1', 'Ada', DATE '2024-06-05', NULL, 60.0)"]  # fmt: skip
    with duckdb.connect(str(place)) as own:
        own.execute(
            f"CREATE TABLE subs AS SELECT * FROM (VALUES {', '.join(rows)}) AS r(id, customer, started, ended, mrr)"
        )
    engine = connect(f"duckdb://{place}", {"subscriptions": "subs"})
    (account,) = engine.accounts
    assert (account.read, account.used) == (3, 2)
    assert [str(one) for one in account.unused] == [
        "id stands in another row, alike in all columns read: 1 row, such as A-1"
    ]
    assert (
        "id is the same in several rows that differ in dates, amounts or names; each of these 2 rows counts by itself."
        in account.notes
    )
    engine.connection.disconnect()
    with duckdb.connect(str(place)) as own:
        own.execute("INSERT INTO subs VALUES ('A-1', 'Ada', DATE '2024-06-05', DATE '2024-12-05', 60.0)")
    with pytest.raises(
        ExportError,
        match="subs: 1 row with the id, start and amount of another differ from it in ended alone: versions",
    ):
        connect(f"duckdb://{place}", {"subscriptions": "subs"})
