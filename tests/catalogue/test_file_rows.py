"""The rows of files: each is used, or set aside with its line, column, value and reason."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from model.errors import ExportError
from model.history.reading import csv_file
from model.history.reading.files import Account, GivenFile, Habits, read_files
from tests.workbooks import workbook

DEALS = "Opportunity ID,Stage,Created Date,Close Date,Amount"
SUBSCRIPTIONS = "Subscription ID,Customer ID,Start Date,End Date,MRR,Is Trial"
LINES = "Line ID,Customer,Period Start,Period End,Amount,Invoice Status,Charge Type"
PAYMENTS = "Invoice ID,Date,Amount,Status,Payment Method"
USED = [f"w{n},Closed Won,2024-{n:02}-01,2024-{n:02}-01,1000" for n in range(1, 13)]


def test_renewals_and_business_of_existing_customers_are_no_new_business() -> None:
    types = [
        "New Business",
        "newbusiness",
        "",
        "Partner",
        "Existing Customer - Renewal",
        "existingbusiness",
        "Upsell (Q2)",
    ]
    account, used = read(
        f"{DEALS},Type", [f"t{place},Won,2024-01-01,2024-01-31,5,{text}" for place, text in enumerate(types)]
    )
    assert [row["id"] for row in used] == ["t0", "t1", "t2", "t3"]
    assert [str(row) for row in account.unused] == [
        f"file line {line}: Type {types[line - 2]!r} is a renewal or of an existing customer, not new business"
        for line in (6, 7, 8)
    ]
    assert ("file: by Type, taken as new business: New Business, newbusiness, Partner; renewals and opportunities of existing "
            "customers, set aside: 3.") in account.notes  # fmt: skip


def read(header: str, rows: Sequence[str], kind: str = "") -> tuple[Account, list[dict[str, Any]]]:
    content = ("\n".join([header, *rows]) + "\n").encode()
    found = read_files([GivenFile(kind, "file", content, Habits(decimal="."))])
    (table,) = found.tables.values()
    return found.accounts[0], table.to_pylist()


@pytest.mark.parametrize(("row", "reason"), [
    ("w1,Won,2024-01-01,2024-01-31,5", "Opportunity ID 'w1' stands in an earlier row"),
    (" w1 ,Won,2024-01-01,2024-01-31,5", "Opportunity ID ' w1 ' stands in an earlier row"),
    (",Won,2024-01-01,2024-01-31,5", "Opportunity ID '' is empty"),
    ("x, ,2024-01-01,2024-01-31,5", "Stage ' ' is empty"),
    ("x,Duplicate,2024-01-01,2024-01-31,5", "Stage 'Duplicate' is neither won, lost nor open"),
    ("x,Won,,2024-01-31,5", "Created Date '' is empty"),
    ("x,Won,2024-02-30,2024-01-31,5", "Created Date '2024-02-30' is not a date"),
    ("x,Won,2024-01-01 25:00,2024-01-31,5", "Created Date '2024-01-01 25:00' is not a date"),
    ("x,Won,2024-01-01 10:60,2024-01-31,5", "Created Date '2024-01-01 10:60' is not a date"),
    ("x,Won,2024-01-01 13:00 PM,2024-01-31,5", "Created Date '2024-01-01 13:00 PM' is not a date"),
    ("x,Won,2024-01-01T10:00:00+25:00,2024-01-31,5", "Created Date '2024-01-01T10:00:00+25:00' is not a date"),
    ("x,Open,9999-12-31,,", "Created Date '9999-12-31' lies after 2099"),
    ("x,Open,1970-01-01,,", "Created Date '1970-01-01' lies before 1971"),
    ("x,Open,2042-07-01,,", "Created Date '2042-07-01' lies more than two years after all other rows"),
    ("x,Lost,2024-02-01,,5", "Close Date '' is empty"),
    ("x,Lost,2024-02-01,2024-01-31,5", "Close Date '2024-01-31' is before the day it was created"),
    ("x,Won,2024-02-01,2029-01-31,5", "Close Date '2029-01-31' lies more than two years after all other rows"),
    ("x", "has 1 cell where the header has 5"),
    ("x,Won,2024-02-01", "has 3 cells where the header has 5"),
    ("x,Won,2024-02-01,2024-03-01,5,6", "has 6 cells where the header has 5"),
    ("x,Won,2024-01-01,2024-01-31,=1+1", "Amount '=1+1' is not an amount"),
    ("x,Won,2024-01-01,2024-01-31,@SUM(A1)", "Amount '@SUM(A1)' is not an amount"),
    ("x,Won,2024-01-01,2024-01-31,-5", "Amount '-5' is below zero"),
    ("x,Won,2024-01-01,2024-01-31,(5)", "Amount '(5)' is below zero"),
    ("x,Won,2024-01-01,2024-01-31,12K", "Amount '12K' is not an amount"),
    ("x,Won,2024-01-01,2024-01-31,1e3", "Amount '1e3' is not an amount"),
    ("x,Won,2024-01-01,2024-01-31,nan", "Amount 'nan' is not an amount"),
    ("x,Won,2024-01-01,2024-01-31,9999999999999", "Amount '9999999999999' is above 1e12"),
    ("x,Won,2024-01-01,2024-01-31,<b>" + "x" * 60, "Amount '<b>xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…' is not an amount"),
    ("x,Won,2024-01-01,2024-01-31,\u202e5\u202c", "Amount ' 5 ' is not an amount"),
])  # fmt: skip
def test_an_opportunity_that_cannot_be_used_is_set_aside(row: str, reason: str) -> None:
    account, used = read(DEALS, [*USED, row])
    assert [str(one) for one in account.unused] == [f"file line 14: {reason}"]
    assert (account.read, account.used, len(used)) == (13, 12, 12)
    assert sum(account.unused.counts().values()) == 1


@pytest.mark.parametrize(("row", "reason"), [
    ("x, ,2024-01-01,,5,", "Customer ID ' ' is empty"),
    ("x,c,2024-02-01,2024-01-31,5,", "End Date '2024-01-31' is before the day it started"),
    ("x,c,2024-02-01,soon,5,", "End Date 'soon' is not a date"),
    ("x,c,2024-02-01,,,", "MRR '' is empty"),
    ("x,c,2024-02-01,,99999999999999,", "MRR '99999999999999' is above 1e12"),
    ("x,c,2024-02-01,,500000000000,", "MRR '500000000000' is above 1e12 a year"),
])  # fmt: skip
def test_a_subscription_that_cannot_be_used_is_set_aside(row: str, reason: str) -> None:
    account, _ = read(SUBSCRIPTIONS, ["s,c,2024-01-01,,5,no", row])
    assert [str(one) for one in account.unused] == [f"file line 3: {reason}"]


def test_trials_and_subscriptions_without_an_end_are_used() -> None:
    account, used = read(
        SUBSCRIPTIONS, ["1,c,2024-01-01,,5,no", "2,c,2024-01-01,,9,TRUE", "3,d,2024-01-01,9999-12-31,5,"]
    )
    assert [row["yearly"] for row in used] == [6_000, 0, 6_000]
    assert used[2]["ended"] is None
    assert account.notes == ("file: days of End Date after 2099, taken as without an end: 1.",
                             "file: 1 trials and zero amounts are not customers.")  # fmt: skip


def test_a_subscription_that_starts_next_month_is_used() -> None:
    rows = [f"{n},c,2024-{n:02}-01,,5," for n in range(1, 12)]
    account, used = read(SUBSCRIPTIONS, [*rows, "next,c,2025-01-01,,5,"])
    assert (len(used), account.notes) == (12, ())
    account, used = read(SUBSCRIPTIONS, [*rows, "late,c,2026-06-01,,5,"])
    assert len(used) == 12
    assert account.notes == ("file: Start Date ends with 2026-06-01, more than a year after all other dates; check it.",)  # fmt: skip


def test_an_amount_of_a_period_needs_the_period() -> None:
    header = "Subscription ID,Customer,Start Date,End Date,Amount,Quantity,Billing Period"
    rows = [
        "1,c,2024-01-01,,10,2,quarterly",
        "2,c,2024-01-01,,10,,weekly",
        "3,c,2024-01-01,,10,1,often",
        "4,c,2024-01-01,,1,1,18 months",
    ]
    account, used = read(header, rows, "subscriptions")
    assert [row["yearly"] for row in used] == [8_000, 52_179, 67]
    assert [row["term"] for row in used] == [3, 0, 18]
    assert [str(row) for row in account.unused] == ["file line 4: Billing Period 'often' is not a billing period"]
    with pytest.raises(
        ExportError, match="Amount is an amount of a billing period, and no column says how long that is"
    ):
        read("Subscription ID,Customer,Start Date,End Date,Amount", ["1,c,2024-01-01,,10"], "subscriptions")


def test_invoice_lines_run_for_the_period_they_bill() -> None:
    account, used = read(LINES, [
        "1,A,2024-01-01,2024-12-31,1200,paid,recurring",  # a year, its last day named
        "2,A,2024-01-01,2025-01-01,1200,paid,recurring",  # the same, the day after named
        "3,A,2024-01-31,2024-02-29,100,paid,recurring",
        "4,B,2024-01-10,2024-01-20,50,paid,recurring",  # ten days
        "5,B,2024-01-31,,100,paid,recurring",  # no last day: a month
    ])  # fmt: skip
    assert [(row["yearly"], row["ended"], row["term"]) for row in used] == [
        (120_000, date(2025, 1, 1), 12), (120_000, date(2025, 1, 1), 12), (120_000, date(2024, 2, 29), 0),
        (182_625, date(2024, 1, 20), 0), (120_000, date(2024, 2, 29), 0),
    ]  # fmt: skip
    assert account.notes == ()


@pytest.mark.parametrize("month", range(1, 13))
def test_a_line_of_a_calendar_month_runs_for_all_of_it_whatever_its_length(month: int) -> None:
    after = date(2025 + month // 12, month % 12 + 1, 1)
    for end in (after - timedelta(1), after):
        _, (row,) = read(LINES, [f"a,Ada,2025-{month:02}-01,{end},100,paid,recurring"])
        assert (row["ended"], row["yearly"], row["term"]) == (after, 120_000, 0)


def test_credits_one_off_lines_and_void_invoices_are_set_aside() -> None:
    account, used = read(LINES, ["1,A,2024-01-01,2024-02-01,100,paid,recurring", "2,A,2024-01-01,2024-02-01,-100,paid,recurring",
                                 "3,A,2024-01-01,2024-02-01,100,void,recurring", "4,A,2024-01-01,2024-02-01,5,paid,one_time"])  # fmt: skip
    assert len(used) == 1
    assert [str(row) for row in account.unused] == [
        "file line 3: Amount '-100' is below zero, a credit",
        "file line 4: Invoice Status 'void' is not an invoice that stands",
        "file line 5: Charge Type 'one_time' is billed once",
    ]
    assert "file: credits set aside, not taken off what was billed: 1, 100.00 together." in account.notes


def test_payments_leads_and_actual_months_that_cannot_be_used() -> None:
    account, used = read(
        PAYMENTS, ["i1,2024-01-01,5,Paid,card", "i1,2024-01-02,5,processing,card", "i2,2024-01-02,5,Failed,"]
    )
    assert [str(row) for row in account.unused] == ["file line 3: Status 'processing' is neither paid nor failed"]
    assert [(row["paid"], row["card"]) for row in used] == [(True, True), (False, None)]
    account, used = read("Lead ID,Created Date,Converted,Score", ["1,2024-01-01,yes,80", "2,2024-01-01,no,hot"])
    assert [(row["converted"], row["score"]) for row in used] == [(True, 80.0), (False, None)]
    assert account.notes == (
        "file: cells of Score that are not numbers, taken as empty: 1, the first in line 3: 'hot'.",
    )
    account, _ = read("Month,Segment,arr_new,arr_churn", ["2024-01,All,1,2", "2024-01-31,ALL,1,2", "2024-02,All,1,-2"])
    assert (
        account.notes[0]
        == "file: cells of arr_churn that are not amounts from 0 to 1e12, taken as empty: 1, the first in line 4: '-2'."
    )
    assert [str(row) for row in account.unused] == [
        "file line 3: Month '2024-01-31' and its segment stand in an earlier row"
    ]


def test_names_are_kept_as_first_written_and_compared_without_case() -> None:
    names = ["<script>", "=HYPERLINK(1)", "a\x07b", "شركة النور", "\u202eevil\u202c", "Ünïted  Inc", "ünïted inc "]
    _, used = read(DEALS + ",Account", [f"{n},Won,2024-01-01,2024-01-31,5,{name}" for n, name in enumerate(names)])
    assert [row["account"] for row in used] == [
        "<script>",
        "=HYPERLINK(1)",
        "a b",
        "شركة النور",
        "evil",
        "Ünïted Inc",
        "Ünïted Inc",
    ]
    salesforce = ["0015g00000XyZaB", "0015g00000xyzab"]
    _, used = read(DEALS + ",Account", [f"{n},Won,2024-01-01,2024-01-31,5,{name}" for n, name in enumerate(salesforce)])
    assert [row["account"] for row in used] == salesforce


@pytest.mark.parametrize("quotes", [False, True])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_through_blocks_blank_lines_and_cells_of_several_lines(
    monkeypatch: pytest.MonkeyPatch, quotes: bool, end: str
) -> None:
    monkeypatch.setattr(csv_file, "BLOCK", 300)
    monkeypatch.setattr(csv_file, "BATCH", 3)
    rows, wanted, line = [], [], 2
    for n in range(60):
        note = f'"one{end}two, and ""three"""' if quotes and n % 4 == 1 else '"a, b"' if n % 2 else "plain"
        rows.append(
            f"{n},Won,{'never' if n % 7 == 3 else '2024-01-01'},2024-01-31,5,{note}" + (",,," if n == 5 else "")
        )
        rows += [""] if n % 5 == 0 else ["x,y"] if n % 11 == 0 else []
        wanted += [line] if n % 7 == 3 else []
        line += 2 if quotes and n % 4 == 1 else 1
        wanted += [line] if n % 5 and n % 11 == 0 else []
        line += n % 5 == 0 or n % 11 == 0
    content = end.join([DEALS + ",Note", *rows]).encode()
    found = read_files([GivenFile("", "file", content)])
    assert [row.line for row in found.accounts[0].unused] == wanted
    lines = content.decode().split(end)
    table = found.tables["opportunities"].to_pylist()
    assert len(table) == 60 - sum(n % 7 == 3 for n in range(60))
    assert all(lines[row["line"] - 1].startswith(f"{row['id']},") for row in table)


def test_rows_of_workbooks_and_parquet_files_keep_their_numbers() -> None:
    header = DEALS.split(",")
    sheet = workbook({"A": [["A report"], [], header, [1, "Won", date(2024, 1, 1), date(2024, 2, 1), 12.5], [],
                            [2, "Won", "never", 45300, True]]})  # fmt: skip
    found = read_files([GivenFile("", "file", sheet)])
    assert found.tables["opportunities"].to_pylist()[0]["line"] == 4
    assert [str(row) for row in found.accounts[0].unused] == ["file line 6: Created Date 'never' is not a date"]
    held = io.BytesIO()
    days = pa.array([date(2024, 1, 1), None], pa.date32())
    pq.write_table(pa.table([pa.array([1, 2]), ["Won", "Lost"], days, days, pa.array([1.5, None])], names=header), held)
    found = read_files([GivenFile("", "file", held.getvalue())])
    assert found.tables["opportunities"].to_pylist()[0]["amount"] == 150
    assert [str(row) for row in found.accounts[0].unused] == ["file line 2: Created Date '' is empty"]


def test_progress_runs_from_nothing_to_all_and_what_it_raises_stops_the_work(tmp_path: Path) -> None:
    content = "\n".join([DEALS, *(f"{n},Won,2024-01-01,2024-01-31,5" for n in range(100_000))]).encode()
    path = tmp_path / "deals.csv"
    path.write_bytes(content)
    seen: list[float] = []
    read_files([GivenFile("", "deals", path)], lambda share, _: seen.append(share))
    assert seen == sorted(seen)
    assert (seen[0], seen[-1]) == (0, 1)
    assert len(seen) > 20

    class Stopped(Exception):
        pass

    told: list[str] = []

    def stop(share: float, what: str) -> None:
        told.append(what)
        if share > 0:
            raise Stopped

    with pytest.raises(Stopped):
        read_files([GivenFile("", "deals", content), GivenFile("", "b", content)], stop)
    assert told == ["deals: opening", "deals: reading"]


@pytest.mark.parametrize("pipeline", ["Renewals", "Renewal pipeline", "Bestandskunden"])
def test_a_pipeline_of_renewals_is_no_new_business(pipeline: str) -> None:
    text = (f"Deal - Status,Deal - Deal created,Deal - Deal closed on,Deal - Value,Deal - Pipeline\nWon,2024-01-01,2024-02-01,5,{pipeline}\n"
            "Won,2024-01-01,2024-02-01,7,Sales Pipeline\n")  # fmt: skip
    found = read_files([GivenFile("opportunities", "deals", text.encode())])
    account = found.accounts[0]
    assert [str(row) for row in account.unused] == [
        f"deals line 2: Deal - Pipeline '{pipeline}' is a renewal or of an existing customer, not new business"
    ]
    assert ("deals: by Deal - Pipeline, taken as new business: Sales Pipeline; renewals and opportunities of existing customers, set "
            "aside: 1.") in account.notes  # fmt: skip


def test_rows_alike_in_every_column_all_count_and_are_told() -> None:
    header, row, other = "Customer,Start Date,End Date,ARR,Note", "Ada,2024-01-01,,1200.50,x", "Bob,2024-01-01,,5,x"

    def told(*rows: str, head: str = header, kind: str = "subscriptions") -> tuple[int, list[str]]:
        account = read_files([GivenFile(kind, "file", "\n".join([head, *rows, ""]).encode())]).accounts[0]
        return account.used, [note for note in account.notes if "like an earlier one" in note]

    tail = "No column numbers the rows, so all count; if they are copies, remove them."
    note = f"file: rows like an earlier one in every column: 2, 2,401.00 a year together, the first in line 3. {tail}"
    assert told(row, row, other, row) == (4, [note])
    assert told(row, row.replace("x", "y"), other) == (3, [])
    numbered = [f"{place},{text}" for place, text in enumerate((row, row))]
    assert told(*numbered, head=f"Subscription ID,{header}") == (2, [])
    lead = "2024-01-01,Open,7"
    leads = f"file: rows like an earlier one in every column: 1, the first in line 3. {tail}"
    assert told(lead, lead, head="Created Date,Status,Score", kind="leads") == (2, [leads])
