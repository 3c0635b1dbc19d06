"""Exports of billing systems whose headers mean something else than they seem to: read as what they are, or refused."""

from __future__ import annotations

import pytest

from model.errors import ExportError
from model.history.columns import places_of
from model.history.files import GivenFile, Imported, read_files

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
