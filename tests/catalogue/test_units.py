"""Cents or whole units: what a file leaves open is asked, with what each answer makes of it, and nothing is guessed."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from model.errors import ExportError
from model.history.asking.warehouse import connect
from model.history.reading.files import Asked, GivenFile, Habits, Imported, read_files
from model.history.reading.units import checked_units

CHARGEBEE = "customers.id,subscriptions.started_at,subscriptions.cancelled_at,subscriptions.mrr"
PLAIN = "Customer,Start Date,End Date,MRR"
DEALS = "Opportunity ID,Stage,Created Date,Close Date,Amount"


def table(header: str, *amounts: str) -> bytes:
    rows = [f"c{place},2024-01-{place % 28 + 1:02},,{amount}" for place, amount in enumerate(amounts)]
    return "\n".join([header, *rows]).encode()


def read(content: bytes, kind: str = "subscriptions", units: str = "", **others: bytes) -> Imported:
    given = [GivenFile(kind, "subs.csv", content, Habits(units=units, decimal="."))]
    return read_files([*given, *(GivenFile(name, f"{name}.csv", text) for name, text in others.items())])


def yearly(found: Imported) -> list[int]:
    amounts: list[int] = found.tables["subscriptions"]["yearly"].to_pylist()
    return amounts


def asked(content: bytes, **others: bytes) -> tuple[str, ...]:
    with pytest.raises(Asked) as error:
        read(content, **others)
    assert [one.setting for one in error.value.questions] == ["units"]
    return tuple(f"{one.value}: {one.example}" for one in error.value.questions[0].choices)


@pytest.mark.parametrize("header", [CHARGEBEE, "Customer,Start Date,End Date,Plan Amount,Interval", PLAIN])
def test_whole_numbers_that_may_be_cents_are_asked_about(header: str) -> None:
    """Prices that end as cents do, under any header."""
    content = table(
        header, *(f"{amount},month" if "Interval" in header else amount for amount in ("9900", "29900", "99900"))
    )
    assert asked(content) == ("cents: 29900 is 299.00", "whole: 29900 is 29,900")
    assert yearly(read(content, units="cents")) == [9900 * 12, 29900 * 12, 99900 * 12]
    assert yearly(read(content, units="whole")) == [990_000 * 12, 2_990_000 * 12, 9_990_000 * 12]


def test_a_header_of_an_interface_is_asked_about_whatever_the_numbers() -> None:
    assert asked(table(CHARGEBEE, "1234", "5678", "4321"))[0] == "cents: 4321 is 43.21"


@pytest.mark.parametrize(("header", "amounts", "first"), [
    (CHARGEBEE, ("99.00", "299.00"), 9_900), (CHARGEBEE, ("$99", "299.5"), 9_900), (PLAIN, ("2786", "833", "49"), 278_600),
    (PLAIN, ("1000", "2500", "900"), 100_000), (PLAIN.replace("MRR", "Unit Amount In Cents,Interval"), ("9900,month", "100,month"), 9_900),
])  # fmt: skip
def test_what_shows_its_units_is_not_asked_about(header: str, amounts: tuple[str, ...], first: int) -> None:
    assert yearly(read(table(header, *amounts)))[0] == first * 12


def test_decimals_are_no_cents_whatever_is_said() -> None:
    found = read(table(PLAIN, "99.50", "12"), units="cents")
    assert yearly(found)[0] == 9_950 * 12
    assert "subs.csv: the amounts of MRR have decimals; they are no cents." in found.accounts[0].notes


def test_opportunities_make_amounts_a_hundred_times_as_large_doubtful() -> None:
    deals = "\n".join([DEALS, *(f"d{n},Won,2024-01-01,2024-02-01,{10_000 + 100 * n}" for n in range(9))]).encode()
    content = table(PLAIN, "80000", "100000", "120000")
    assert asked(content, opportunities=deals) == (
        "cents: half of the rows bring a year at least 12,000.00", "whole: half of the rows bring a year at least 1,200,000",
    )  # fmt: skip
    for units, first in (("cents", 80_000 * 12), ("whole", 8_000_000 * 12)):
        assert yearly(read(content, units=units, opportunities=deals))[0] == first
    assert yearly(read(table(PLAIN, "800", "1000", "1200"), opportunities=deals))[0] == 80_000 * 12
    assert yearly(read(table(PLAIN, "80000.50", "100000", "120000"), opportunities=deals))[0] == 8_000_050 * 12


def test_a_file_in_cents_says_so_in_its_account() -> None:
    assert read(table(CHARGEBEE, "9900"), units="cents").accounts[0].habits.named().endswith("units cents")


@pytest.mark.parametrize(
    "text",
    [
        "cents",
        "opportunities=cents",
        "subscriptions=pence",
        "=",
        "subscriptions=",
        "actuals=cents",
        "leads=thousands",
    ],
)
def test_units_of_a_command_line_are_refused_by_name(text: str) -> None:
    with pytest.raises(ExportError) as error:
        checked_units([text])
    assert error.value.problems == (
        f"--units {text!r} is not understood; write KIND=cents or KIND=whole, where the kinds are subscriptions, invoices, payments, "
        "or for any kind with amounts KIND=thousands, KIND=millions or KIND=whole.",
    )


def test_units_of_tables_in_a_warehouse_are_whole_or_cents() -> None:
    assert checked_units(["subscriptions=cents"], tables=True) == {"subscriptions": "cents"}
    with pytest.raises(ExportError) as error:
        checked_units(["subscriptions=thousands"], tables=True)
    assert error.value.problems == (
        "--units 'subscriptions=thousands' is not understood; write KIND=cents or KIND=whole, where the kinds are subscriptions, invoices, "
        "payments.",
    )


def test_unknown_units_are_refused() -> None:
    with pytest.raises(ExportError) as error:
        read(table(PLAIN, "1"), units="pence")
    assert error.value.problems == (
        "subs.csv: units 'pence' is not known; there are whole, cents, thousands, millions.",
    )


def test_whole_numbers_of_a_warehouse_are_asked_about_too(tmp_path: Path) -> None:
    place = tmp_path / "company.duckdb"
    with duckdb.connect(str(place)) as own:
        own.execute("CREATE TABLE subs AS SELECT 'Ada' AS customer, DATE '2024-01-01' AS started, NULL::DATE AS ended, "
                    '9900 AS "subscriptions.mrr"')  # fmt: skip
    with pytest.raises(ExportError) as error:
        connect(f"duckdb://{place}", {"subscriptions": "subs"})
    assert error.value.problems == (
        "subs: subscriptions.mrr holds whole numbers, which may be cents, as interfaces of billing systems give them. "
        "Give --units subscriptions=cents or subscriptions=whole.",
    )
    for units, cents in (("cents", 9_900 * 12), ("whole", 990_000 * 12)):
        engine = connect(f"duckdb://{place}", {"subscriptions": "subs"}, units={"subscriptions": units})
        assert engine.answer(engine.tables["subscriptions"])["yearly"].tolist() == [cents]
        engine.connection.disconnect()
