"""Profit and loss statements: never a list of customers, read as actual months, and what is missing in them is said."""

from __future__ import annotations

import pytest

from model.errors import ExportError
from model.history.reading.files import Account, GivenFile, Habits, read_files, recognised
from tests.workbooks import Cell, workbook

MONTHS: list[Cell] = ["Jan 2026", "Feb 2026", "Mar 2026"]
GROUPED: list[list[Cell]] = [
    ["Acme Ltd", None, None, None],
    ["Profit and Loss", None, None, None],
    [None, *MONTHS],
    ["Income", None, None, None],
    ["   Subscription revenue", 480, 490, 500],
    ["   Professional services", 20, 30, 10],
    ["Total Income", 500, 520, 510],
    ["Cost of Goods Sold", None, None, None],
    ["   Hosting", 60, 61, 62],
    ["Total Cost of Goods Sold", 60, 61, 62],
    ["Gross Profit", 440, 459, 448],
    ["Payroll expenses", 200, 210, 220],
    ["Net Income", 240, 249, 228],
]
ENGLISH = ("Sales", "Cost of sales", "Gross profit", "Salaries", "EBITDA")
GERMAN = ("Erlöse aus Lizenzen", "Materialaufwand", "Rohertrag", "Miete", "Jahresüberschuss")
FRENCH = ("Chiffre d'affaires", "Coût des ventes", "Marge brute", "Loyer", "Résultat net")
SPANISH = ("Ingresos", "Coste de ventas", "Beneficio bruto", "Alquiler", "Beneficio neto")
ONLY_REVENUE = (
    "pl: no line of ARR is there (new, expansion, contraction, churn, opening or closing ARR), so only revenue is held "
    "against the plan."
)


def read(rows: list[list[Cell]], kind: str = "", columns: dict[str, str] | None = None, **habits: str) -> Account:
    content = workbook({"Sheet": rows})
    return read_files([GivenFile(kind, "pl", content, Habits(**habits), columns or {})]).accounts[0]


def problems(rows: list[list[Cell]], kind: str = "", **habits: str) -> tuple[str, ...]:
    with pytest.raises(ExportError) as error:
        read(rows, kind, **habits)
    return error.value.problems


@pytest.mark.parametrize("kind", ["invoices", "subscriptions"])
def test_a_statement_is_no_list_of_customers(kind: str) -> None:
    assert problems(GROUPED, kind, values="mrr") == (
        "pl: Total Income, Total Cost of Goods Sold, Gross Profit, Net Income are lines of a profit and loss statement, not customers. "
        "Give it as actual months (revlens actuals --actuals, or the page Plan and actuals), or give a list of customers; if these are "
        "customers, Customer=customer.",
    )
    assert read(GROUPED, kind, {"customer": "Customer"}, values="mrr").kind == "invoices"


def test_accounts_of_a_ledger_in_rows_are_no_customers_either() -> None:
    rows: list[list[Cell]] = [["Account", "Month", "Amount"]]
    rows += [[name, f"2026-0{month}", 10.5] for month in (1, 2) for name in ("Income", "Hosting", "COGS", "Net income")]
    assert problems(rows, "invoices")[0].startswith(
        "pl: Income, COGS, Net income are lines of a profit and loss statement"
    )
    few: list[list[Cell]] = [row for row in rows if row[0] != "COGS"]
    assert read(few, "invoices").used == 6


@pytest.mark.parametrize("labels", [ENGLISH, GERMAN, FRENCH, SPANISH])
def test_a_statement_is_taken_for_actual_months_by_its_lines(labels: tuple[str, ...]) -> None:
    rows: list[list[Cell]] = [["", *MONTHS], *([label, 5, 6, 7] for label in labels)]
    assert recognised("pl", workbook({"A": rows})).kind == "actuals"
    assert problems(rows) == (
        "pl: its months are there, but none of its lines is one that is read: needed are lines of ARR (New ARR, Expansion ARR, Contraction "
        f"ARR, Churned ARR, Opening ARR, Closing ARR), or revenue at least. Its lines are {', '.join(labels)}. Name the right ones: "
        "LINE=arr_new.",
    )
    assert read(rows, columns={"revenue": labels[0]}).headers["revenue"] == labels[0]


def test_subscription_revenue_is_the_revenue_and_other_income_is_not_added() -> None:
    account = read(GROUPED)
    assert (account.kind, account.headers["revenue"]) == ("actuals", "Subscription revenue")
    assert ONLY_REVENUE in account.notes
    assert (
        "pl: lines not read: Professional services, Hosting, Gross Profit, Payroll expenses, Net Income."
        in account.notes
    )
    alone: list[list[Cell]] = [row for row in GROUPED if row[0] != "   Subscription revenue"]
    assert [row[1] for row in alone].count(20) == 1
    alone[4] = ["   Professional services", 500, 520, 510]
    assert read(alone).headers["revenue"] == "Total Income"


def test_months_with_lines_of_arr_need_no_word_about_them() -> None:
    account = read([*GROUPED, ["ARR bridge", None, None, None], ["New ARR", 5, 6, 7], ["Churn", 1, 1, 1]])
    assert {"arr_new", "arr_churn", "revenue"} <= account.headers.keys()
    assert ONLY_REVENUE not in account.notes
