"""What a file tells by itself, by other columns or by its habits, is not asked."""

from __future__ import annotations

import pytest

from model.errors import ExportError
from model.history.reading.files import Asked, GivenFile, Habits, read_files
from tests.catalogue.test_billing_exports import XERO, read, xero


def test_the_order_of_dates_is_settled_by_other_date_columns_of_the_file() -> None:
    found = read(
        XERO,
        *(
            row.replace("2024-", "").replace("-01,", "/01/2024,", 1).replace("-20,", "/20/2024,", 1)
            for row in xero(2, 6)
        ),
    )
    assert {str(day) for day in found.tables["subscriptions"]["started"].to_pylist()} == {
        f"2024-0{month}-01" for month in range(1, 7)
    }
    assert "file: the dates of InvoiceDate are read with the month first, as DueDate shows." in found.accounts[0].notes
    silent = "Customer,Invoice Date,Note,Amount"
    with pytest.raises(Asked, match="the dates of Invoice Date can be read in 2 ways"):
        read(silent, "a,01/02/2024,13/14/2024,5", "a,02/03/2024,x,5", kind="invoices")
    with pytest.raises(Asked, match="the dates of Invoice Date can be read in 2 ways"):
        read("Customer,Invoice Date,Due,Paid,Amount", "a,01/02/2024,31/12/2024,12/31/2024,5", kind="invoices")


def test_dates_with_dots_have_the_day_first() -> None:
    rows = ["a,01.02.2022,,5", "b,01. 03. 2022,,5"]
    found = read("Customer,Start Date,End Date,MRR", *rows, kind="subscriptions")
    assert [str(day) for day in found.tables["subscriptions"]["started"].to_pylist()] == ["2022-02-01", "2022-03-01"]
    told = read_files(
        [
            GivenFile(
                "subscriptions",
                "file",
                f"Customer,Start Date,End Date,MRR\n{rows[0]}\n".encode(),
                Habits(dates="month-first"),
            )
        ]
    )
    assert str(told.tables["subscriptions"]["started"].to_pylist()[0]) == "2022-01-02"
    proven = read("Customer,Start Date,End Date,MRR", "a,01.25.2022,,5", "b,01.02.2022,,5", kind="subscriptions")
    assert str(proven.tables["subscriptions"]["started"].to_pylist()[1]) == "2022-01-02"
    with pytest.raises(Asked, match=r"'day-first' .*'month-first'"):
        read("Customer,Start Date,End Date,MRR", "a,01.02.2022,,5", "b,01/02/2022,,5", kind="subscriptions")


def test_opportunities_that_are_won_and_closed_need_no_stage() -> None:
    header, rows = "Id,IsWon,IsClosed,CreatedDate,CloseDate,Amount", ["1,true,true,2024-01-01,2024-02-01,9", "2,false,true,2024-01-01,2024-02-01,9",
                                                                        "3,false,false,2024-01-01,,9"]  # fmt: skip
    found = read(header, *rows)
    assert found.tables["opportunities"]["outcome"].to_pylist() == ["won", "lost", "open"]
    for one in ("IsWon", "IsClosed"):
        with pytest.raises(ExportError, match=r"no column for outcome \(won, lost or still open\)"):
            read(header.replace(one, "Other"), *rows, kind="opportunities")


def test_an_encoding_is_named_once() -> None:
    with pytest.raises(Asked) as error:
        read_files(
            [GivenFile("", "file", "Customer;Start Date;End Date;MRR (€)\nMüller;2024-01-01;;5\n".encode("cp1252"))]
        )
    (asked,) = [one for one in error.value.questions if one.setting == "encoding"]
    assert (asked.choices[0].label, asked.choices[0].example) == ("Western Europe, Windows", "MRR (€)")
    assert "'cp1252' (Western Europe, Windows: MRR (€))" in asked.sentence
