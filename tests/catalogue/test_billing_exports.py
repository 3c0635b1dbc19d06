"""Exports of billing systems whose headers mean something else than they seem to: read as what they are, or refused."""

from __future__ import annotations

import pytest

from model.errors import ExportError
from model.history.reading.columns import places_of
from model.history.reading.files import GivenFile, Imported, read_files

XERO = "ContactName,EmailAddress,InvoiceNumber,InvoiceDate,DueDate,Total,InventoryItemCode,LineAmount,AccountCode,TaxType,Currency,Type,Status"


def read(header: str, *rows: str, kind: str = "", columns: dict[str, str] | None = None) -> Imported:
    content = "\n".join([header, *rows, ""]).encode()
    return read_files([GivenFile(kind, "file", content, columns=columns or {})])


def xero(customers: int, months: int) -> list[str]:
    return [f"C{place},c@x.example,I{month}{place},2024-{month + 1:02}-01,2024-{month + 1:02}-20,12,P,10,200,20%,EUR,Sales invoice,Paid"
            for month in range(months) for place in range(customers)]  # fmt: skip


@pytest.mark.parametrize("star", ["", "*"])
def test_the_contact_of_a_xero_invoice_is_its_customer_not_the_ledger_account(star: str) -> None:
    header = XERO.replace("ContactName", f"{star}ContactName").replace("AccountCode", f"{star}AccountCode")
    found = read(header, *xero(5, 12))
    assert found.accounts[0].headers["customer"] == f"{star}ContactName"
    assert set(found.tables["subscriptions"]["customer"].to_pylist()) == {f"C{place}" for place in range(5)}


def test_a_ledger_account_is_never_the_customer() -> None:
    without = XERO.replace("ContactName", "Reference")
    assert "customer" not in places_of("invoices", without.split(","), {})
    assert "customer" in places_of("invoices", ["Account Code", "Invoice Date", "Amount"], {})
    with pytest.raises(ExportError, match=r"no column for customer \(the customer who pays\)"):
        read(without, *xero(2, 3), kind="invoices")


@pytest.mark.parametrize(("kind", "header", "row"), [
    ("invoices", "Customer,Invoice Date,Amount", "200,2024-01-01,5"),
    ("subscriptions", "Customer,Start Date,End Date,MRR", "200,2024-01-01,,5"),
])  # fmt: skip
def test_a_file_of_which_one_customer_owns_every_row_is_refused(kind: str, header: str, row: str) -> None:
    assert read(header, *[row] * 49, kind=kind).accounts[0].used == 49
    with pytest.raises(ExportError) as error:
        read(header, *[row] * 50, kind=kind)
    assert error.value.problems == (
        "file: all 50 rows used are of one customer, '200', so Customer is hardly the customer. Name the column that is: "
        "HEADER=customer; if it is right, Customer=customer.",
    )
    assert read(header, *[row] * 50, kind=kind, columns={"customer": "Customer"}).accounts[0].used == 50
    assert read(header, *[row] * 50, row.replace("200", "201"), kind=kind).accounts[0].used == 51


@pytest.mark.parametrize(("header", "row"), [
    ("Customer Id,Billing Period,Billing Period Unit,Started At,Cancelled At,MRR", "a,2,year,2024-01-01,,10"),
    ("customers.id,subscriptions.billing_period,subscriptions.billing_period_unit,Started At,Cancelled At,MRR", "a,2,year,2024-01-01,,10"),
    ("account_code,plan_interval_length,plan_interval_unit,activated_at,canceled_at,MRR", "a,24,months,2024-01-01,,10"),
    ("Customer Name,Interval,Interval Unit,Start Date,End Date,MRR", "a,24,month,2024-01-01,,10"),
    ("Customer ID,Interval,Interval Count,Start (UTC),Ended At (UTC),MRR", "a,year,2,2024-01-01,,10"),
    ("Customer ID,Plan Interval,Plan Interval Count,Start (UTC),Ended At (UTC),MRR", "a,month,24,2024-01-01,,10"),
    ("Customer Id,Billing Period,Started At,Cancelled At,MRR", "a,24,2024-01-01,,10"),
    ("Customer Id,Billing Period,Started At,Cancelled At,MRR", "a,2 years,2024-01-01,,10"),
    ("Customer Name,Term Months,Term,Start Date,End Date,MRR", "a,24,24,2024-01-01,,10"),
    ("Customer Name,Term (Months),Billing Period,Billing Period Unit,Start Date,End Date,MRR", "a,24,1,month,2024-01-01,,10"),
    ("Customer Name,Term,Term Unit,Billing Period,Billing Period Unit,Start Date,End Date,MRR", "a,2,year,1,month,2024-01-01,,10"),
])  # fmt: skip
def test_the_count_beside_the_unit_of_a_period_is_read(header: str, row: str) -> None:
    found = read(header, row, kind="subscriptions").tables["subscriptions"].to_pylist()[0]
    assert (found["term"], found["yearly"]) == (24, 12_000)


def test_the_count_beside_the_unit_of_what_a_line_bills_is_read() -> None:
    header = "Customer,Invoice Date,Amount,Billing Period,Billing Period Unit"
    found = read(header, "a,2024-01-01,240,2,year", kind="invoices").tables["subscriptions"].to_pylist()[0]
    assert (found["term"], found["billed"], found["yearly"]) == (24, 24, 12_000)


@pytest.mark.parametrize(
    "segment",
    [
        "cf_Segment",
        "cf_customer_segment",
        "Custom field: Segment",
        "custom.segment",
        "Segment__c",
        "Segment (metadata)",
    ],
)
def test_a_column_of_ones_own_that_is_called_segment_is_the_segment_rather_than_a_plan(segment: str) -> None:
    header = f"Customer Id,Plan Id,Plan Name,Started At,Cancelled At,MRR,{segment}"
    found = read(header, "a,plan-24,Plan,2024-01-01,,10,SMB", kind="subscriptions")
    assert found.accounts[0].headers["segment"] == segment
    assert found.tables["subscriptions"]["segment"].to_pylist() == ["SMB"]


def test_a_column_of_ones_own_is_read_only_where_no_other_is_known() -> None:
    header = ["Customer Id", "cf_ARR", "MRR", "Started At", "cf_Start Date", "Cancelled At"]
    seen = places_of("subscriptions", header, {})
    assert (seen["monthly_amount"], seen["started"]) == (2, 3)
    assert places_of("subscriptions", ["cf_Customer Id", "Start Date", "End Date", "MRR"], {})["customer"] == 0
