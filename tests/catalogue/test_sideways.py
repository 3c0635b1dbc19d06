"""Actual months as a P&L lays them out: lines down the side, months across; the same as a row for each month."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from model import Scenario, load_shipped
from model.errors import ExportError
from model.history.reading.files import Account, Asked, GivenFile, Habits, read_files, recognised
from model.history.trust.actual_rows import read_actuals
from model.history.trust.actuals import Actuals
from tests.commands import Run
from tests.workbooks import Cell, workbook

SCENARIO = Scenario.of(load_shipped("midmarket-saas"), horizon=12)
MONTHS: list[Cell] = ["Jan 2026", "Feb 2026", "Mar 2026"]
SHEET: list[list[Cell]] = [
    ["ARR bridge", None, None, None, None],
    [None, *MONTHS, "Q1"],
    ["Opening ARR", 24_000_000, 24_450_000, 24_800_000, None],
    ["+ New ARR", 500_000, 400_000, 300_000, 1_200_000],
    ["- Churned ARR", -50_000, -50_000, -40_000, -140_000],
    ["Closing ARR", 24_450_000, 24_800_000, 25_060_000, None],
    ["Headcount", 41, 42, 43, None],
]
LONG = (b"month,Opening ARR,New ARR,Churned ARR,Closing ARR\n2026-01,24000000,500000,50000,24450000\n"
        b"2026-02,24450000,400000,50000,24800000\n2026-03,24800000,300000,40000,25060000\n")  # fmt: skip


def written(rows: Sequence[Sequence[Cell]], mark: str = ",") -> bytes:
    return "".join(mark.join("" if cell is None else str(cell) for cell in row) + "\n" for row in rows).encode()


def read(content: bytes, kind: str = "actuals", **habits: str) -> tuple[Actuals, Account]:
    files = read_files([GivenFile(kind, "pl", content, Habits(**habits))])
    return read_actuals(files, SCENARIO), files.accounts[0]


@pytest.mark.parametrize("kind", ["", "actuals"])
@pytest.mark.parametrize("content", [written(SHEET), workbook({"Bridge": SHEET})])
def test_a_sheet_with_months_across_is_the_same_as_a_row_for_each_month(content: bytes, kind: str) -> None:
    (found, account), (wanted, _) = read(content, kind), read(LONG)
    assert (found.first, found.months) == (wanted.first, wanted.months) == (1, 3)
    for line, values in wanted.lines.items():
        assert found.lines[line] == pytest.approx(values, nan_ok=True), line
    assert (account.read, account.used, len(account.unused)) == (3, 3, 0)
    assert recognised("pl", content).kind == "actuals"
    assert [note for note in account.notes if "not read" in note or "across" in note] == [
        "pl: columns not read: Q1.",
        "pl: lines stand down the side and months across, 2026-01 to 2026-03.",
        "pl: lines not read: Headcount.",
    ]


def test_a_cell_that_holds_no_amount_is_named_with_its_line_and_month() -> None:
    rows: list[list[Cell]] = [
        ["", "2026-01", "2026-02", "2026-03", "2026-04"],
        ["New", 5, "n/a", "#REF!", None],
        ["Churn", 1, -2, 3, None],
    ]
    for content in (written(rows), workbook({"A": rows})):
        found, account = read(content)
        assert account.notes[1:] == (
            "pl: cells of New that are not amounts from 0 to 1e12, taken as empty: 2, the first in line 2, 2026-02: 'n/a'.",
            "pl: cells of Churn that are not amounts from 0 to 1e12, taken as empty: 1, the first in line 3, 2026-02: '-2'.",
        )
        assert account.notes[0] == (
            "pl: lines stand down the side and months across, 2026-01 to 2026-04; months without any amount, left out: 1."
        )
        assert found.of("arr_new", SCENARIO).tolist()[0] == 5


def test_months_outside_the_plan_stand_in_the_line_of_the_header() -> None:
    found, _ = read(written([["P&L", "", "", ""], ["", "2025-12", "2026-01", "2026-02"], ["New", 5, 6, 7]]))
    assert [str(row) for row in found.unused] == ["pl line 2: month '2025-12' is not in the plan, 2026-01 to 2026-12"]


def test_segments_stand_in_a_column_beside_the_lines() -> None:
    rows: list[list[Cell]] = [["Segment", "Line", *MONTHS]]
    rows += [
        [segment, line, *([amount] * 3)]
        for segment, amount in (("smb", 1), ("mid", 2), ("ent", 3))
        for line in ("New", "Churn")
    ]
    found, account = read(written(rows))
    assert account.read == 9
    assert found.of("arr_new", SCENARIO, "mid").tolist() == [2, 2, 2]
    assert found.of("arr_new", SCENARIO).tolist() == [6, 6, 6]


def test_days_and_decimal_commas_are_read_as_everywhere() -> None:
    content = written([["", "31.01.2026", "28.02.2026", "31.03.2026"], ["Neugeschäft", "1.250,50", "99,5", "7"]], ";")
    assert read(content)[0].of("arr_new", SCENARIO).tolist() == [1250.5, 99.5, 7]
    dated = workbook({"A": [["", date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)], ["New", 1, 2, 3]]})
    assert read(dated)[0].of("arr_new", SCENARIO).tolist() == [1, 2, 3]
    with pytest.raises(Asked) as error:
        read(written([["", "01/02/2026", "02/03/2026", "03/04/2026"], ["New", '"1,250"', '"2,500"', 3]]))
    assert [one.setting for one in error.value.questions] == ["dates", "decimal"]


def test_lines_and_months_that_stand_twice_are_refused() -> None:
    for rows, problem in (
        ([["", *MONTHS], ["Churn", 1, 1, 1], ["New", 1, 1, 1], ["churn", 2, 2, 2]], None),
        ([["", *MONTHS], ["Churn", 1, 1, 1], ["Total", 1, 1, 1], ["Churn", 2, 2, 2]],
         "pl: 'Churn' stands in lines 2 and 4; give each line its own name."),
        ([["", "Jan 2026", "2026-01", "2026-02"], ["New", 1, 1, 1]],
         "pl: the month 2026-01 stands in the columns Jan 2026 and 2026-01; keep one of them."),
    ):  # fmt: skip
        if problem is None:
            assert read(written(rows))[0].of("arr_churn", SCENARIO).tolist() == [1, 1, 1]
            continue
        with pytest.raises(ExportError) as error:
            read(written(rows))
        assert error.value.problems == (problem,)


def test_customers_down_the_side_stay_customers() -> None:
    rows: list[list[Cell]] = [
        ["Customer", *MONTHS],
        *([name, 1, 2, 3] for name in ("Ada", "Bob", "New", "Churn", "Cyd")),
    ]
    assert recognised("pl", written(rows)).questions[0].setting == "values"
    with pytest.raises(ExportError) as error:
        read(written([["", *MONTHS], ["COGS", 1, 2, 3]]))
    assert error.value.problems[0].startswith("pl: its months are there, but none of its lines is one that is read: ")


def test_a_line_can_be_named_by_hand(run: Run) -> None:
    Path("pl.csv").write_bytes(
        written([["", *MONTHS], ["Logos won, $", 7, 8, 9], ["Churn", 0, 0, 0]]).replace(
            b"Logos won, $", b'"Logos won, $"'
        )
    )
    done = run("actuals", "--actuals", "pl.csv", "--columns", "Logos won, $=arr_new")
    assert (done.code, done.errors) == (0, [])
    assert "pl.csv: 3 rows read = 3 used + 0 set aside" in done.text
    assert re.match(r"New customers +\$24 ", next(line for line in done.text.splitlines() if "New customers" in line))


@pytest.mark.parametrize("dash", ["-", "–", "—", "−", " - "])
def test_a_dash_alone_is_nothing_in_a_month_and_a_month_of_dashes_is_left_out(dash: str) -> None:
    rows: list[list[Cell]] = [
        ["ARR", *MONTHS],
        ["Opening ARR", 24_000_000, 24_400_000, dash],
        ["New ARR", 450_000, 400_000, dash],
        ["Contraction", dash, dash, dash],
        ["Churn", -50_000, dash, dash],
    ]
    found, account = read(written(rows))
    assert (account.read, account.used) == (3, 2)
    assert [str(row) for row in account.unused] == ["pl line 1: Mar 2026 '2026-03' has dashes alone"]
    assert found.lines["arr_contraction"][:, -1].tolist() == [0, 0]
    assert found.lines["arr_churn"][:, -1].tolist() == [50_000, 0]
    assert not [note for note in account.notes if "taken as empty" in note]


def test_a_dash_is_no_balance() -> None:
    rows: list[list[Cell]] = [["ARR", *MONTHS], ["Opening ARR", 24_000_000, "-", "-"], ["New ARR", 450_000, 400_000, 1]]
    found, account = read(written(rows))
    assert found.lines["arr_opening"][:, -1].tolist()[0] == 24_000_000
    assert [note for note in account.notes if "taken as empty" in note] == [
        "pl: cells of Opening ARR that are not amounts from 0 to 1e12, taken as empty: 2, the first in line 2, Feb 2026: '-'."
    ]


@pytest.mark.parametrize(("opening", "new", "more", "less", "lost", "closing"), [
    ("ARR at beginning of period", "New customer ARR", "Upsell / cross-sell", "Downsell", "Lost customers", "ARR at end of period"),
    ("Beginning ARR", "New logos", "Upsell", "Downgrades", "Churned ARR", "Ending ARR"),
    ("ARR BoP", "ARR from new customers", "Cross-sell", "Downsell ARR", "Lost ARR", "ARR EoP"),
])  # fmt: skip
def test_lines_as_many_sheets_name_them_are_read(
    opening: str, new: str, more: str, less: str, lost: str, closing: str
) -> None:
    rows: list[list[Cell]] = [["", *MONTHS]]
    rows += [
        [label, *[number] * 3]
        for label, number in ((opening, 1000), (new, 50), (more, 20), (less, -10), (lost, -40), (closing, 1020))
    ]
    found, account = read(written(rows))
    lines = ("arr_opening", "arr_new", "arr_expansion", "arr_contraction", "arr_churn", "arr_closing")
    assert [found.lines[line][0, -1] for line in lines] == [1000, 50, 20, 10, 40, 1020]
    assert not [note for note in account.notes if "not read" in note]


def expansion(rows: Sequence[Sequence[Cell]], **columns: str) -> tuple[list[float], list[str]]:
    files = read_files(
        [GivenFile("actuals", "pl", written([["", *MONTHS], ["New ARR", 5, 5, 5], *rows]), columns=columns)]
    )
    notes = [note for note in files.accounts[0].notes if "across" not in note]
    return read_actuals(files, SCENARIO).lines["arr_expansion"][:, -1].tolist(), notes


@pytest.mark.parametrize(("one", "other"), [
    ("Upsell", "Cross-sell"), ("+ Up-sell", "Cross sell ARR"), ("Upselling", "Cross-Selling"), ("Upsell ARR", "Cross-sell"),
])  # fmt: skip
@pytest.mark.parametrize("turned", [False, True])
def test_upsell_and_cross_sell_in_lines_of_their_own_are_added(one: str, other: str, *, turned: bool) -> None:
    rows: list[list[Cell]] = [[one, 2, 3, 4], [other, 10, "-", 30]]
    values, notes = expansion(rows[::-1] if turned else rows)
    assert values == [12, 3, 34]
    assert notes == [f"pl: {one.lstrip('+ ')} and {other} are added up: both are ARR added by customers."]


def test_upsell_and_cross_sell_as_columns_are_added_too() -> None:
    found, account = read(
        b"month,New ARR,Upsell (USD k),Cross-sell (USD k)\n2026-01,1,2,10\n2026-02,1,3,\n", units="whole"
    )
    assert found.lines["arr_expansion"][0, -1] == 12
    assert np.isnan(found.lines["arr_expansion"][1, -1])
    assert account.headers["arr_cross_sell"] == "Cross-sell (USD k)"
    assert account.notes[-1] == (
        "pl: Upsell (USD k) and Cross-sell (USD k) are added up: both are ARR added by customers; not known where only one of them is: 1."
    )


def test_one_of_two_parts_is_read_alone_where_it_is_named_or_alone() -> None:
    rows: list[list[Cell]] = [["Upsell", 2, 2, 2], ["Cross-sell", 1, 1, 1]]
    assert expansion(rows, arr_expansion="Upsell") == ([2, 2, 2], ["pl: lines not read: Cross-sell."])
    assert expansion(rows, arr_expansion="Cross-sell") == ([1, 1, 1], ["pl: lines not read: Upsell."])
    assert expansion(rows, arr_expansion="Upsell", arr_cross_sell="Cross-sell")[0] == [3, 3, 3]
    assert expansion(rows[1:]) == ([1, 1, 1], [])


@pytest.mark.parametrize("names", [
    ("Upsell", "Cross-sell", "Expansion"), ("Expansion", "Cross-sell"), ("Upsell", "Upsell ARR", "Cross-sell"), ("Expansion", "Upsell"),
    ("Upsell", "Upsell / cross-sell"), ("Upsell", "Cross-sell", "Cross-selling"),
])  # fmt: skip
def test_lines_of_which_one_may_hold_another_are_asked_for_as_one(names: Sequence[str]) -> None:
    with pytest.raises(ExportError) as error:
        expansion([[name, 2, 2, 2] for name in names])
    assert error.value.problems == (
        f"pl: {', '.join(names)} are each ARR added by customers; give them as one, added up, or name the one that holds all of it: "
        "HEADER=arr_expansion.",
    )


HEADING, SUM, INCOME = (
    "has no amounts, so it is a heading",
    "is the total of lines above it",
    "is in Total Income, which is read",
)
QUICKBOOKS: list[list[Cell]] = [
    ["Acme Inc"], ["Profit and Loss"], ["January - March 2026"], [],
    ["", *MONTHS, "Total"],
    ["Income", None, None, None, None],
    ["   4000 Subscriptions", None, None, None, None],
    ["      4010 Monthly", 100.25, 110.25, 120, 330.5],
    ["      4020 Yearly", 50, 50, 50, 150],
    ["   Total 4000 Subscriptions", 150.25, 160.25, 170, 480.5],
    ["   4100 Services", 10, None, 10, 20],
    ["Total Income", 160.25, 160.25, 180, 500.5],
    ["Gross Profit", 160.25, 160.25, 180, 500.5],
    ["Expenses", None, None, None, None],
    ["   Payroll", 50, 50, 50, 150],
    ["Total Expenses", 50, 50, 50, 150],
    ["Net Income", 110.25, 110.25, 130, 350.5],
]  # fmt: skip


def aside(account: Account) -> dict[str, str]:
    return {row.value: row.reason for row in account.unused}


@pytest.mark.parametrize("kind", ["", "actuals"])
@pytest.mark.parametrize("content", [
    written(QUICKBOOKS), workbook({"P&L": QUICKBOOKS}), written(QUICKBOOKS).replace(b"Total Income", b"Total for Income"),
    written(QUICKBOOKS[4:]).replace(b",", b";").replace(b".", b","),
])  # fmt: skip
def test_headings_and_totals_of_groups_are_told_from_lines(content: bytes, kind: str) -> None:
    found, account = read(content, kind)
    assert found.lines["revenue"][:, -1].tolist() == [160.25, 160.25, 180]
    income = INCOME.replace("Total", "Total for") if b"for Income" in content else INCOME
    assert aside(account) == {
        "Income": HEADING, "4000 Subscriptions": HEADING, "4010 Monthly": income, "4020 Yearly": income,
        "Total 4000 Subscriptions": income, "4100 Services": income, "Expenses": HEADING, "Total Expenses": SUM,
    }  # fmt: skip
    assert (account.read, account.used, len(account.unused)) == (11, 3, 8)
    assert "pl: lines not read: Gross Profit, Payroll, Net Income." in account.notes


def groups(*rows: Sequence[Cell]) -> tuple[dict[str, list[float]], dict[str, str]]:
    """Return the lines of a sheet that are given, of the company, and what is set aside."""
    files = read_files([GivenFile("actuals", "pl", written([["", *MONTHS], *rows]))])
    table = files.tables["actuals"].to_pylist()
    names = [name for name in table[0] if name not in ("month", "segment", "line") and table[0][name] is not None]
    return {name: [row[name] / 100 for row in table] for name in names}, aside(files.accounts[0])


def test_lines_of_a_group_are_read_where_all_are_known_else_their_total() -> None:
    churn: list[list[Cell]] = [
        ["Churn", None, None, None], ["  Churn", 3, 4, 5], ["  Involuntary churn", 1, 1, 1], ["Total Churn", 4, 5, 6],
    ]  # fmt: skip
    assert groups(*churn) == (
        {"arr_churn": [3, 4, 5], "arr_churn_involuntary": [1, 1, 1]}, {"Churn": HEADING, "Total Churn": SUM},
    )  # fmt: skip
    lines, left_out = groups(*churn[:-1], ["  Other", 2, 2, 2], ["Total Churn", 6, 7, 8])
    assert lines == {"arr_churn": [6, 7, 8]}
    assert left_out["Involuntary churn"] == left_out["Other"] == "is in Total Churn, which is read"
    more: list[list[Cell]] = [
        ["Expansion", None, None, None],
        ["Upsell", 2, 2, 2],
        ["Cross-sell", 1, 1, 1],
        ["Total Expansion", 3, 3, 3],
    ]
    assert groups(*more)[0] == {"arr_expansion": [3, 3, 3]}
    within: list[list[Cell]] = [
        ["ARR movements", None, None, None],
        ["New ARR", 5, 5, 5],
        *more,
        ["Total ARR movements", 8, 8, 8],
    ]
    assert groups(*within)[0] == {"arr_new": [5, 5, 5], "arr_expansion": [3, 3, 3]}


def test_a_group_within_a_known_one_whose_lines_are_not_known_is_not_lost() -> None:
    rows: list[list[Cell]] = [
        ["Expansion", None, None, None], ["Upsell", 2, 2, 2], ["Modules", None, None, None], ["Maps", 1, 1, 1],
        ["Routes", 1, 1, 1], ["Total Modules", 2, 2, 2], ["Total Expansion", 4, 4, 4],
    ]  # fmt: skip
    assert groups(*rows)[0] == {"arr_expansion": [4, 4, 4]}


def test_a_balance_is_no_sum_of_the_movements_in_its_group() -> None:
    rows: list[list[Cell]] = [
        ["ARR", None, None, None], ["Opening ARR", 100, 103, 106], ["New", 5, 5, 5], ["Churn", 2, 2, 2], ["Total ARR", 103, 106, 109],
    ]  # fmt: skip
    assert groups(*rows)[0] == {"arr_opening": [100, 103, 106], "arr_new": [5, 5, 5], "arr_churn": [2, 2, 2]}
    by_segment: list[list[Cell]] = [
        ["ARR", None, None, None],
        ["SMB", 1, 2, 3],
        ["Ent", 4, 5, 6],
        ["Total ARR", 5, 7, 9],
    ]
    assert groups(*by_segment)[0] == {"arr_closing": [5, 7, 9]}


def test_a_total_that_is_not_the_sum_of_its_group_is_refused() -> None:
    rows: list[list[Cell]] = [
        ["", *MONTHS],
        ["Revenue", None, None, None],
        ["Seats", 1, 2, 3],
        ["Total Revenue", 1, 2, 40],
    ]
    with pytest.raises(ExportError) as error:
        read(written(rows))
    assert error.value.problems == (
        "pl: Total Revenue, line 4, is not the sum of the lines of its group, 3 to 3; mend the one that is wrong, or leave out the total.",
    )
    rounded: list[list[Cell]] = [
        ["", *MONTHS],
        ["Revenue", None, None, None],
        ["Seats", 2.1, 2, 3],
        ["Maps", 0.84, 1, 1],
        ["Total Revenue", 2.94, 3, 4],
    ]
    assert read(written(rounded))[0].lines["revenue"][:, -1].tolist() == [2.94, 3, 4]


def test_many_groups_within_each_other_are_read() -> None:
    rows: list[list[Cell]] = [[f"Group {place}", None, None, None] for place in range(3000)]
    rows += [["Seats", 1, 2, 3], *([f"Total Group {place}", 1, 2, 3] for place in reversed(range(3000)))]
    lines, left_out = groups(["New ARR", 7, 7, 7], ["Revenue", None, None, None], *rows, ["Total Revenue", 1, 2, 3])
    assert lines == {"arr_new": [7, 7, 7], "revenue": [1, 2, 3]}
    assert len(left_out) == 2 * 3000 + 2


def test_a_name_of_a_hundred_thousand_spaces_is_read_at_once() -> None:
    assert groups(["a" + " " * 100_000 + "b", 1, 1, 1], ["New ARR", 7, 7, 7])[0] == {"arr_new": [7, 7, 7]}


@pytest.mark.parametrize("back", ["Reactivation ARR", "Came back", "Winback", "Reaktivierung"])
def test_customers_who_came_back_count_as_new_and_months_add_up(back: str) -> None:
    rows: list[list[Cell]] = [
        *SHEET[:4],
        [back, 1_000, 0, 7_000, None],
        *SHEET[4:5],
        ["Closing ARR", 24_451_000, 24_801_000, 25_068_000, None],
    ]
    rows[2] = ["Opening ARR", 24_000_000, 24_451_000, 24_801_000, None]
    down = (f"month,Opening ARR,New ARR,{back},Churn,Closing ARR\n2026-01,24000000,500000,1000,50000,24451000\n"
            "2026-02,24451000,400000,0,50000,24801000\n2026-03,24801000,300000,7000,40000,25068000\n")  # fmt: skip
    for content in (written(rows), down.encode()):
        found, account = read(content)
        assert found.of("arr_new", SCENARIO).tolist() == [501_000, 400_000, 307_000]
        assert (
            f"pl: New ARR and {back} are added up: ARR of customers who came back, who count as new." in account.notes
        )
        assert not [note for note in found.notes if "add up:" in note]
    alone: list[list[Cell]] = [row for row in rows if row[0] != "+ New ARR"]
    assert f"pl: lines not read: {back}." in read(written(alone))[1].notes
