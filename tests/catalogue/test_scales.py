"""Amounts in thousands or millions: told by headers, by a title above them or by hand, and said."""

from __future__ import annotations

import pytest

from model import Scenario, load_shipped
from model.errors import ExportError
from model.history.reading.files import Asked, GivenFile, Habits, Imported, read_files
from model.history.trust.actual_rows import read_actuals
from tests.workbooks import Cell, workbook


def read(text: str | bytes, **habits: str) -> Imported:
    content = text if isinstance(text, bytes) else text.encode()
    return read_files([GivenFile("actuals", "pl", content, Habits(decimal=".", **habits))])


def arr_new(found: Imported) -> list[int]:
    """Return new ARR in cents."""
    cents: list[int] = found.tables["actuals"]["arr_new"].to_pylist()
    return cents


def sheet(corner: str = "ARR", title: str = "") -> str:
    head = f'"{title}"\n\n' if title else ""
    return f"{head}{corner},Jan 2026,Feb 2026,Mar 2026\nNew ARR,136.3,90.4,100\nChurn,16.7,-,-\n"


@pytest.mark.parametrize(("corner", "title", "where", "times", "currency"), [
    ("ARR (EUR k)", "", "ARR (EUR k)", 1_000, "EUR"), ("ARR (k€)", "", "ARR (k€)", 1_000, "EUR"),
    ("TEUR", "", "TEUR", 1_000, "EUR"), ("ARR in thousands", "", "ARR in thousands", 1_000, ""),
    ("ARR", "Nordlicht - ARR bridge, EUR thousands", "Nordlicht - ARR bridge, EUR thousands ARR", 1_000, "EUR"),
    ("ARR", "All amounts in $m", "All amounts in $m ARR", 1_000_000, "USD"), ("Mio. €", "", "Mio. €", 1_000_000, "EUR"),
])  # fmt: skip
def test_what_a_sheet_says_of_its_amounts_is_taken(
    corner: str, title: str, where: str, times: int, currency: str
) -> None:
    found = read(sheet(corner, title))
    assert arr_new(found) == [round(amount * times * 100) for amount in (136.3, 90.4, 100)]
    assert found.currency == currency
    scale = {1_000: "thousands", 1_000_000: "millions"}[times]
    assert f"pl: amounts are read as {scale}, as {where!r} says." in found.accounts[0].notes
    assert found.accounts[0].habits.units == scale


@pytest.mark.parametrize("corner", ["ARR", "ARR (EUR)", "Team K", "Group M, 5,000 customers"])
def test_what_says_no_scale_leaves_amounts_as_they_are(corner: str) -> None:
    found = read(sheet(f'"{corner}"'))
    assert arr_new(found) == [13_630, 9_040, 10_000]
    assert not [note for note in found.accounts[0].notes if "amounts are read as" in note]


def test_a_title_in_a_workbook_counts() -> None:
    rows: list[list[Cell]] = [
        ["ARR bridge in EUR thousands", None, None, None],
        [None, "Jan 2026", "Feb 2026", "Mar 2026"],
        ["New ARR", 136.3, 90.4, 1],
        ["Churn", 1, 2, 3],
    ]
    found = read(workbook({"ARR": rows}))
    assert (arr_new(found), found.currency) == ([13_630_000, 9_040_000, 100_000], "EUR")


def test_headers_of_a_row_for_each_month_count_and_where_they_differ_it_is_asked() -> None:
    found = read("Month,New ARR (EUR k),Churn (EUR k)\n2026-01,136.3,2\n2026-02,90.4,1\n")
    assert (arr_new(found), found.currency) == ([13_630_000, 9_040_000], "EUR")
    differ = "Month,New ARR (EUR k),Revenue (EUR)\n2026-01,136.3,2\n2026-02,90.4,1\n"
    with pytest.raises(Asked) as error:
        read(differ)
    assert error.value.problems == (
        "pl: its columns are in different units; bring them to one, or say which holds for all. Say which units: "
        "'thousands' (as New ARR (EUR k)); 'whole' (as Revenue (EUR)).",
    )
    assert arr_new(read(differ, units="whole")) == [13_630, 9_040]


@pytest.mark.parametrize(("units", "times"), [("thousands", 1_000), ("millions", 1_000_000), ("whole", 1)])
def test_what_is_said_by_hand_holds(units: str, times: int) -> None:
    assert arr_new(read(sheet("ARR (EUR k)"), units=units))[2] == 100 * times * 100


def test_months_in_another_currency_than_the_plan_by_their_title_are_refused() -> None:
    with pytest.raises(ExportError) as error:
        read_actuals(read(sheet(title="ARR bridge, EUR thousands")), Scenario.of(load_shipped("midmarket-saas")))
    assert error.value.problems == ("pl is in EUR, the plan in USD; bring them to one currency first.",)


def test_of_two_currencies_above_a_table_none_is_taken() -> None:
    assert read(sheet(title="EUR and USD in thousands")).currency == ""


def yearly(rows: list[list[Cell]], kind: str = "", **habits: str) -> list[int]:
    """Return ARR of customers, and see that what they are in is said unless it is by hand."""
    found = read_files([GivenFile(kind, "list", workbook({"ARR": rows}), Habits(**habits))])
    if "units" not in habits:
        assert "list: amounts are read as thousands, as 'ARR by customer, USD in thousands" in " ".join(
            found.accounts[0].notes
        )
        assert found.currency == "USD"
    return sorted(set(found.tables["subscriptions"]["yearly"].to_pylist()))


def test_a_title_above_customers_counts_as_it_does_above_actual_months() -> None:
    title: list[Cell] = ["ARR by customer, USD in thousands", None, None, None]
    across: list[list[Cell]] = [
        ["Customer", "Jan 2026", "Feb 2026", "Mar 2026"],
        ["Ada", 12.5, 12.5, 12.5],
        ["Bob", 7, 7, 7],
    ]
    assert yearly([title, *across]) == [700_000, 1_250_000]
    assert yearly([title, *across], units="whole") == [700, 1_250]
    assert yearly(across, units="thousands") == [700_000, 1_250_000]
    down: list[list[Cell]] = [["Customer", "Start Date", "End Date", "ARR"], ["Ada", "2025-01-01", None, 12.5]]
    assert yearly([title, *down]) == [1_250_000]


def test_a_title_above_opportunities_counts_too() -> None:
    text = "Pipeline in EUR k,,,\nStage,Created Date,Close Date,Amount\nWon,2025-01-01,2025-02-01,12.5\n"
    found = read_files([GivenFile("opportunities", "deals", text.encode(), Habits(decimal="."))])
    assert (found.tables["opportunities"]["amount"].to_pylist(), found.currency) == ([1_250_000], "EUR")
