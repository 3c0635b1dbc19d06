"""Exports of Dynamics, Pipedrive in two languages, Zuora and Maxio, by small files of one's own."""

from __future__ import annotations

import datetime as dt
from typing import Any

import duckdb
import pytest

from model.errors import ExportError
from model.history.asking.warehouse import connect
from model.history.reading.files import Account, GivenFile, Habits, read_files

DYNAMICS = "(Do Not Modify) Opportunity,Topic,Potential Customer,Est. Close Date,Est. Revenue,Actual Close Date,Actual Revenue,Status,Created On"
DEALS = [
    "o1,A,Ada,1/31/2024,$900.00,1/25/2024,$800.00,Won,11/11/2023 9:01 AM",
    "o2,B,Bob,1/31/2024,$500.00,2/13/2024,$0.00,Lost,11/12/2023 9:01 AM",
    "o3,C,Cid,3/31/2024,$700.00,,,Open,1/12/2024 9:01 AM",
]


def read(header: str, rows: list[str], kind: str = "") -> tuple[Account, list[dict[str, Any]]]:
    found = read_files([GivenFile(kind, "f.csv", "\n".join([header, *rows, ""]).encode(), Habits(ends="day-after"))])
    (table,) = found.tables.values()
    return found.accounts[0], table.to_pylist()


def test_opportunities_of_dynamics_are_no_leads() -> None:
    account, rows = read(DYNAMICS, DEALS)
    assert account.kind == "opportunities"
    assert [(row["id"], row["account"], row["outcome"], row["amount"]) for row in rows] == [
        ("o1", "Ada", "won", 80_000), ("o2", "Bob", "lost", 50_000), ("o3", "Cid", "open", 70_000),
    ]  # fmt: skip
    assert [row["closed"] for row in rows] == [dt.date(2024, 1, 25), dt.date(2024, 2, 13), None]


PIPEDRIVE = {
    "en": "Deal - ID,Deal - Organization,Deal - Value,Deal - Status,Deal - Deal created,Deal - Won time,Deal - Lost time",
    "de": "Deal - ID,Deal - Organisation,Deal - Wert,Deal - Status,Deal - Deal erstellt am,Deal - Gewonnen am,Deal - Verloren am",
}


@pytest.mark.parametrize("language", PIPEDRIVE)
def test_the_day_of_a_decision_may_stand_in_two_columns(language: str) -> None:
    rows = ["1,Ada,5,Won,2024-01-05,2024-02-05,", "2,Bob,5,Lost,2024-01-05,,2024-03-05", "3,Cid,5,Open,2024-01-05,,",
            "4,Dan,5,Lost,2024-01-05,,never", "5,Eve,5,Lost,2024-01-05,,2023-12-05"]  # fmt: skip
    account, used = read(PIPEDRIVE[language], rows)
    assert [row["closed"] for row in used] == [dt.date(2024, 2, 5), dt.date(2024, 3, 5), None]
    lost = PIPEDRIVE[language].split(",")[-1]
    assert [str(row) for row in account.unused] == [
        f"f.csv line 5: {lost} 'never' is not a date",
        f"f.csv line 6: {lost} '2023-12-05' is before the day it was created",
    ]


def test_a_file_that_dates_what_was_won_alone_is_refused() -> None:
    header = PIPEDRIVE["en"].removesuffix(",Deal - Lost time")
    rows = [
        f"{at},Ada,5,{'Won' if at > 10 else 'Lost'},2024-01-05,{'2024-02-05' if at > 10 else ''}" for at in range(1, 21)
    ]
    with pytest.raises(ExportError) as error:
        read(header, rows)
    assert list(error.value.problems) == [
        "f.csv: none of the 10 opportunities lost has a day in Deal - Won time, so the win rate would be 100 %. Name the column with the day "
        "of the loss: HEADER=closed_lost."
    ]


def test_a_warehouse_knows_the_two_columns_too(tmp_path: Any) -> None:
    place = tmp_path / "deals.duckdb"
    with duckdb.connect(str(place)) as own:
        own.execute("CREATE TABLE deals AS SELECT * FROM (VALUES ('o1', 'Won', DATE '2024-01-05', DATE '2024-02-05', NULL, 8.0, 9.0), "
                    "('o2', 'Lost', DATE '2024-01-05', NULL, DATE '2024-03-05', 0.0, 5.0), ('o3', 'Open', DATE '2024-01-05', NULL, NULL, "
                    "NULL, 7.0)) AS r(id, status, created_at, won_time, lost_time, actual_revenue, est_revenue)")  # fmt: skip
    engine = connect(f"duckdb://{place}", {"opportunities": "deals"})
    found = engine.answer(engine.tables["opportunities"].order_by("id"))
    assert found["amount"].tolist() == [800, 500, 700]
    assert [str(day)[:10] for day in found["closed"]] == ["2024-02-05", "2024-03-05", "None"]
    engine.connection.disconnect()


def test_charges_of_zuora_without_mrr_are_read_by_price_quantity_and_period() -> None:
    header = (
        "Account: Name,Account: Segment,Subscription: Name,Subscription: Status,Rate Plan Charge: Billing Period,Rate Plan Charge: Quantity,"
        "Rate Plan Charge: Price,Rate Plan Charge: Effective Start Date,Rate Plan Charge: Effective End Date,Subscription: Initial Term"
    )
    account, rows = read(
        header, ["Ada,SMB,S-1,Active,Annual,2,600,2024-01-15,,24", "Ada,SMB,S-1,Active,Month,3,10,2024-01-15,,24"]
    )
    assert account.kind == "subscriptions"
    assert [(row["yearly"], row["billed"], row["term"], row["segment"]) for row in rows] == [
        (120_000, 12, 24, "SMB"),
        (36_000, 1, 24, "SMB"),
    ]


def test_prices_of_maxio_are_those_of_a_unit_and_period() -> None:
    header = "Customer Name,Item Name,Start Date,End Date,Billing Frequency,Quantity,Unit Price"
    rows = ["Ada,Core,2024-01-15,,Annually in Advance,10,1200", "Bob,Core,2024-01-15,,Quarterly in Advance,1,30"]
    assert [(row["yearly"], row["billed"]) for row in read(header, rows)[1]] == [(1_200_000, 12), (12_000, 3)]
