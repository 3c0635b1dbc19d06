"""Files as systems export them: what they are is recognised, how they are written is proven by them or asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from model.history.reading.columns import fields, kinds
from model.history.reading.files import Asked, GivenFile, Habits, Imported, Question, read_files, recognised
from model.history.schema import SCHEMAS
from tests.workbooks import workbook

HEADER = "Opportunity ID,Stage,Created Date,Close Date,Amount"


def table(*rows: str, header: str = HEADER, encoding: str = "utf-8") -> bytes:
    return ("\n".join([header, *rows]) + "\n").encode(encoding)


def imported(content: bytes, kind: str = "", columns: Mapping[str, str] | None = None, **habits: str) -> Imported:
    return read_files([GivenFile(kind, "file", content, Habits(**habits), columns or {})])


def rows(content: bytes, kind: str = "", **habits: str) -> list[dict[str, Any]]:
    (found,) = imported(content, kind, **habits).tables.values()
    assert found.schema in SCHEMAS.values()
    listed: list[dict[str, Any]] = found.to_pylist()
    return listed


def asked(content: bytes, **habits: str) -> Question:
    with pytest.raises(Asked) as error:
        imported(content, **habits)
    (question,) = error.value.questions
    assert error.value.problems == (question.sentence,)
    return question


EXPORTS: dict[str, tuple[str, str, list[str], dict[str, object]]] = {
    "Salesforce": (
        "opportunities",
        '"Opportunity ID","Opportunity Name","Account Name","Amount","Close Date","Stage","Created Date","Opportunity Owner"',
        ['"006A","Acme - Renewal","Acme","USD 12,500.00","3/15/2024","Closed Won","1/2/2024","Ann Lee"'],
        {"id": "006A", "account": "Acme", "owner": "Ann Lee", "outcome": "won", "created": date(2024, 1, 2),
         "closed": date(2024, 3, 15), "amount": 1_250_000},
    ),
    "Salesforce fields": (
        "opportunities",
        "Id,AccountId,StageName,Amount,CloseDate,IsClosed,IsWon,CreatedDate,OwnerId",
        ["006A,001A,Signed,100.5,2024-03-15,true,true,2024-01-02T10:11:12.000+0000,005A"],
        {"outcome": "won", "amount": 10_050, "account": "001A", "created": date(2024, 1, 2)},
    ),
    "HubSpot": (
        "opportunities",
        "Record ID,Deal Name,Deal Stage,Close Date,Deal owner,Amount,Create Date,Pipeline,Associated Company",
        ["1,Acme,Closed Lost (Sales Pipeline),2024-03-15 10:22,Ann,12500,2024-01-02 09:15,Sales Pipeline,Acme Inc"],
        {"id": "1", "outcome": "lost", "closed": date(2024, 3, 15), "account": "Acme Inc", "amount": 1_250_000},
    ),
    "Pipedrive": (
        "opportunities",
        "Deal - ID,Deal - Title,Deal - Value,Deal - Currency of Value,Deal - Status,Deal - Deal created,"
        "Deal - Deal closed on,Deal - Expected close date,Deal - Owner,Deal - Organization",
        ['1,A,"12,500.00",EUR,Won,2024-01-02 10:00:00,2024-03-01 11:00:00,2024-02-01,Ann,Acme'],
        {"outcome": "won", "first_due": date(2024, 2, 1), "owner": "Ann", "amount": 1_250_000},
    ),
    "Stripe": (
        "subscriptions",
        "id,Customer ID,Customer Email,Plan,Quantity,Currency,Interval,Amount,Status,Created (UTC),Start (UTC),"
        "Current Period Start (UTC),Current Period End (UTC),Canceled At (UTC),Ended At (UTC)",
        ["sub_1,cus_1,a@b.c,pro,3,usd,month,49.00,active,2023-01-05 10:00,2023-01-05 10:00,2024-01-05 10:00,,,"],
        {"customer": "cus_1", "segment": "pro", "started": date(2023, 1, 5), "ended": None, "yearly": 176_400, "term": 1},
    ),
    "Stripe payments": (
        "payments",
        "id,Created date (UTC),Amount,Amount Refunded,Currency,Status,Customer ID,Invoice ID,Payment Source Type",
        ["ch_1,2024-01-05 10:00,49.00,0.00,usd,Failed,cus_1,in_1,card"],
        {"invoice": "in_1", "day": date(2024, 1, 5), "amount": 4_900, "card": True, "paid": False, "term": 0},
    ),
    "Chargebee": (
        "subscriptions",
        "subscriptions.id,customers.id,subscriptions.plan_id,subscriptions.status,subscriptions.started_at,"
        "subscriptions.cancelled_at,subscriptions.mrr,subscriptions.billing_period,subscriptions.billing_period_unit",
        ["A1,c1,pro,in_trial,05-Jan-2023 10:00,,49.00,1,year", "A2,c2,pro,cancelled,05-Jan-2023 10:00,05-Jan-2024 10:00,49.00,1,year"],
        {"customer": "c2", "ended": date(2024, 1, 5), "yearly": 58_800, "term": 12},
    ),
    "Recurly": (
        "subscriptions",
        "account_code,uuid,plan_code,state,unit_amount,quantity,plan_interval_unit,plan_interval_length,activated_at,expired_at",
        ["c1,u1,gold,active,10.00,2,months,3,2023-01-05T00:00:00Z,"],
        {"id": "u1", "customer": "c1", "yearly": 8_000, "term": 3},
    ),
    "Zuora": (
        "subscriptions",
        "Subscription: Name,Account: Account Number,Rate Plan Charge: Effective Start Date,"
        "Rate Plan Charge: Effective End Date,Rate Plan Charge: MRR",
        ["S1,A1,01/15/2023,01/15/2024,100"],
        {"id": "S1", "started": date(2023, 1, 15), "yearly": 120_000},
    ),
    "QuickBooks report": (
        "invoices",
        "Acme GmbH,,,,\nSales by Customer,,,,\n,,,,\nCustomer,Invoice No,Invoice Date,Item(Product/Service),Item Amount",
        ['Acme,1001,31/01/2024,Pro,"1.250,00"'],
        {"customer": "Acme", "started": date(2024, 1, 31), "ended": date(2024, 2, 29), "yearly": 1_500_000, "line": 5},
    ),
    "one row a customer and month": (
        "invoices", "Customer;Month;MRR;Segment", ["A;Jan 2024;100,5;SMB"],
        {"started": date(2024, 1, 1), "ended": date(2024, 2, 1), "yearly": 120_600, "segment": "SMB", "term": 0},
    ),
    "leads": (
        "leads", "Lead ID,Created Date,Lead Score,Converted Date", ["1,2024-01-01,80,2024-02-01"],
        {"created": date(2024, 1, 1), "score": 80.0, "converted": True},
    ),
    "people": (
        "people", "Name,Hire Date,End Date,Annual Quota,OTE,Territory", ['Ann,2020-01-01,9999-12-31,"$900,000.00",,West'],
        {"name": "Ann", "left": None, "quota": 90_000_000, "cost": None, "segment": "West"},
    ),
    "forecasts": (
        "forecasts", "Quarter,Segment,Forecast", ["Q2 2024,SMB,100000"],
        {"quarter": date(2024, 4, 1), "amount": 10_000_000},
    ),
    "a projection": (
        "actuals", "month,date,segment,arr_opening,arr_new,arr_price_uplift,arr_churn,arr_closing,revenue",
        ["1,2025-02,all,100.5,10,-1,5,104.5,"],
        {"month": date(2025, 2, 1), "segment": "all", "arr_new": 1_000, "arr_price_uplift": -100, "arr_expansion": None,
         "revenue": None},
    ),
}  # fmt: skip


@pytest.mark.parametrize("system", EXPORTS)
def test_what_systems_export_is_recognised_and_read(system: str) -> None:
    kind, header, lines, wanted = EXPORTS[system]
    content = table(*lines, header=header)
    assert recognised("file", content).kind == kind
    found = rows(content)[-1]
    assert {name: found[name] for name in wanted} == wanted


def test_every_field_can_be_recognised_by_each_of_its_headers() -> None:
    assert set(kinds()) - {"invoices"} == set(SCHEMAS)
    for kind in kinds():
        for name, entry in fields(kind).items():
            assert entry.headers, name


def test_what_a_page_shows_before_anything_is_read() -> None:
    seen = recognised("deals", table("1,Won,1/2/2024,1/3/2024,5", "2,<b>,,,"))
    assert (seen.kind, seen.kinds, seen.questions) == ("opportunities", ("opportunities",), ())
    assert seen.columns == {"id": "Opportunity ID", "outcome": "Stage", "created": "Created Date", "closed": "Close Date",
                            "amount": "Amount"}  # fmt: skip
    assert seen.examples["Stage"] == ("Won", "<b>")
    assert seen.habits == Habits("utf-8", ",")
    assert recognised("deals", table("x", header="Some,Thing")).questions[0].setting == "kind"


def test_columns_can_be_named_by_hand_and_taken_away() -> None:
    content = table("1,Won,2024-01-01,2024-02-01,5,7,Ann", header=HEADER + ",Price,Owner")
    found = imported(content, columns={"amount": "price", "owner": ""})
    assert found.accounts[0].headers["amount"] == "Price"
    assert found.tables["opportunities"].to_pylist()[0]["amount"] == 700
    assert "owner" not in found.accounts[0].headers
    both = table("s,c,2024-01-01,,5,60", header="Subscription ID,Customer,Start,End,MRR,ARR")
    assert rows(both)[0]["yearly"] == 6_000
    by_hand = imported(both, columns={"monthly_amount": "MRR"}).tables["subscriptions"].to_pylist()
    assert by_hand[0]["yearly"] == 6_000


def test_the_order_of_day_and_month_is_asked_with_what_each_would_make_of_a_cell() -> None:
    question = asked(table("1,Won,1/2/2024,2024-03-04,5"))
    assert (question.file, question.setting, question.column) == ("file", "dates", "Created Date")
    assert question.sentence == (
        "file: the dates of Created Date can be read in 2 ways. Say which dates: 'day-first' (1/2/2024 is 2024-02-01); "
        "'month-first' (1/2/2024 is 2024-01-02)."
    )
    read = {choice.value: rows(table("1,Won,1/2/2024,2024-03-04,5"), dates=choice.value) for choice in question.choices}
    assert read["day-first"][0]["created"] == date(2024, 2, 1)
    assert read["month-first"][0]["created"] == date(2024, 1, 2)
    assert [choice.example for choice in asked(table("1,Won,24-12-25,24-12-26,5")).choices] == [
        "24-12-25 is 2025-12-24", "24-12-25 is 2024-12-25"]  # fmt: skip


def test_a_column_settles_the_others_of_its_file_and_says_so() -> None:
    found = imported(table("1,Won,1/2/2024,3/25/2024,5"))
    assert found.tables["opportunities"].to_pylist()[0]["created"] == date(2024, 1, 2)
    assert found.accounts[0].habits.dates == "month-first"
    assert (
        "file: the dates of Created Date are read with the month first, as Close Date shows." in found.accounts[0].notes
    )


def test_what_cells_prove_stands_against_what_is_told() -> None:
    found = imported(table("1,Won,25/1/2024,26/1/2024,5.5"), dates="month-first", decimal=",")
    assert found.tables["opportunities"].to_pylist()[0]["amount"] == 550
    assert found.accounts[0].notes == (
        "file: the amounts of Amount are by themselves written with a point as decimal mark; a comma as decimal mark is not "
        "used there.",
        "file: the dates of Created Date are by themselves written with the day first; the month first is not used there.",
        "file: the dates of Close Date are by themselves written with the day first; the month first is not used there.",
    )


def test_in_a_column_written_in_two_ways_the_one_told_holds() -> None:
    found = imported(table("1,Won,13/2/2024,2024-03-04,5", "2,Won,2/13/2024,2024-03-04,5"), dates="day-first")
    assert [str(row) for row in found.accounts[0].unused] == ["file line 3: Created Date '2/13/2024' is not a date"]


def test_the_decimal_mark_is_asked_where_nothing_shows_it() -> None:
    content = table('1,Won,2024-01-01,2024-02-01,"12,500"')
    assert asked(content).sentence == (
        "file: the amounts of Amount can be read in 2 ways. Say which decimal: '.' (12,500 is 12500); ',' (12,500 is 12.5)."
    )
    assert [rows(content, decimal=mark)[0]["amount"] for mark in (".", ",")] == [1_250_000, 1_250]


@pytest.mark.parametrize(("cells", "cents"), [
    (["1,234.50", "$1,234"], [123_450, 123_400]), (["1.234,50 €", "1.234"], [123_450, 123_400]), (["12,5"], [1_250]),
    (["1,234,567"], [123_456_700]), (["1 234,50", "1234,5"], [123_450, 123_450]), (["1'234.5"], [123_450]),
    (["12,34,567.89"], [123_456_789]), (["+5", "5.0"], [500, 500]), (["USD 1,200.00"], [120_000]), (["0.500"], [50]),
    (["1234.500"], [123_450]), (["1 234,5 zł"], [123_450]), (["R$ 5,10"], [510]), (["5.", ".5"], [500, 50]),
])  # fmt: skip
def test_amounts_are_read_however_they_are_written(cells: list[str], cents: list[int]) -> None:
    lines = [f"{n};Won;2024-01-01;2024-02-01;{cell}" for n, cell in enumerate(cells)]
    assert [row["amount"] for row in rows(table(*lines, header=HEADER.replace(",", ";")))] == cents


@pytest.mark.parametrize("day", [
    "2017-03-03", "2017-03-03T10:00:00Z", "2017-03-03 23:59:59.123456 +02:00", "2017/3/3 09:15", "3.3.2017", "03/03/2017",
    "3-3-2017 9:00 AM", "2017-03-03 24:00", "2017-03-03T23:59:60Z", "3/3/2017, 12:05:00 p.m.", "2017-03-03 10:00:00 -0330", "3 Mar 2017", "03-Mar-2017", "March 3, 2017", "mar 3 2017", "20170303", "3/3/17", "3. März 2017",
    "Fri, 03 Mar 2017 10:00:00 GMT", "42797", "1488533400", "1488533400000", "3rd March 2017", "3 marzo 2017",
])  # fmt: skip
def test_a_day_is_read_however_it_is_written(day: str) -> None:
    assert rows(table(f'1,Won,"{day}",2017-03-13,5'))[0]["created"] == date(2017, 3, 3)


def test_the_currency_is_that_of_signs_or_of_a_column() -> None:
    line = "1,Won,2024-01-01,2024-02-01,"
    assert imported(table(line + "€5")).currency == "EUR"
    assert imported(table(line + "5 kr")).currency == ""
    assert imported(table(line + "$5,cad", header=HEADER + ",Currency")).currency == "CAD"
    assert imported(table(line + "5")).currency == ""


@pytest.mark.parametrize(("text", "encoding", "example"), [
    ("Müller & Söhne", "cp1252", "Müller & Söhne"),
    ("Общество Ромашка", "cp1251", "Общество Ромашка"),
    ("株式会社さくら商事", "cp932", "株式会社さくら商事"),
    ("Ελληνική Εταιρεία", "cp1253", "Ελληνική Εταιρεία"),
])  # fmt: skip
def test_an_encoding_that_cannot_be_known_is_asked_the_likeliest_first(text: str, encoding: str, example: str) -> None:
    content = table(f"1,Won,2024-01-01,2024-02-01,5,{text}", header=HEADER + ",Account", encoding=encoding)
    question = asked(content)
    assert question.setting == "encoding"
    assert (question.choices[0].value, question.choices[0].example) == (encoding, example)
    assert rows(content, encoding=encoding)[0]["account"] == text


def test_a_delimiter_two_characters_could_be_is_asked() -> None:
    assert asked(b"a;b,c\n1;2,3\n").sentence == (
        "file: several characters could stand between its cells. Say which delimiter: ',' (comma: 1;2 / 3); "
        "';' (semicolon: 1 / 2,3)."
    )


def test_the_sheet_is_asked_unless_only_one_has_the_columns() -> None:
    deals = [HEADER.split(","), ["1", "Won", date(2024, 1, 1), date(2024, 2, 1), 12.5]]
    other = [["Some", "Thing"], ["a", "b"]]
    found = imported(workbook({"Other": other, "Deals": deals}), kind="opportunities")
    assert found.accounts[0].habits.sheet == "Deals"
    assert found.accounts[0].notes == ("file: of 2 sheets only 'Deals' has the columns needed; it is read.",)
    assert asked(workbook({"2023": deals, "2024": deals})).sentence == (
        "file: 2 sheets hold a table. Say which sheet: '2023' (begins Opportunity ID, Stage, Created Date, Close Date, Amount); "
        "'2024' (begins Opportunity ID, Stage, Created Date, Close Date, Amount)."
    )
    assert rows(workbook({"2023": deals, "2024": deals}), sheet="2024")[0]["amount"] == 1_250


def test_a_kind_that_headers_leave_open_is_asked() -> None:
    question = asked(table("a,2024-01-01,2024-02-01,5", header="Customer,Start Date,End Date,Amount"))
    assert question.setting == "kind"
    assert [choice.value for choice in question.choices] == ["subscriptions", "invoices"]
