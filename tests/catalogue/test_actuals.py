"""Actual months that cannot be used, or do not add up: what is said of each, word by word."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence

import numpy as np
import pytest

from model import ExportError, Scenario, load_shipped, project
from model.export import projection_csv
from model.history.reading.files import GivenFile, read_files
from model.history.trust.actual_rows import own_months, read_actuals
from model.history.trust.actuals import Actuals
from model.history.trust.variance import plan_and_actuals, variance_csv
from tests.commands import Run, refusal
from tests.histories import facts

SCENARIO = Scenario.of(load_shipped("midmarket-saas"), horizon=12)
ALL = "month,segment,arr_opening,arr_new,arr_expansion,arr_contraction,arr_churn,arr_closing"
UNSEEN = ("The file does not say its currency; its amounts are taken as USD. A file in another currency cannot be told "
          "from this one.")  # fmt: skip


def read(header: str, *rows: str) -> Actuals:
    content = "\n".join([header, *rows, ""]).encode()
    return read_actuals(read_files([GivenFile("actuals", "a.csv", content)]), SCENARIO)


def refused(header: str, *rows: str) -> Sequence[str]:
    with pytest.raises(ExportError) as error:
        read(header, *rows)
    return error.value.problems


def test_rows_that_cannot_be_used_are_named_with_line_and_reason() -> None:
    found = read(
        "month,segment,arr_new,arr_churn",
        "2025-12,,1,1", "2026-01,,100,10", "2026-01,all,200,20", "2026-02,Martians<b>,1,1", "2026-02,,110,abc",
        "2026-02,all,120,12", "2026-03,,,", "2027-01,,1,1",
    )  # fmt: skip
    assert [str(row) for row in found.unused] == [
        "a.csv line 2: month '2025-12' is not in the plan, 2026-01 to 2026-12",
        "a.csv line 4: month '2026-01' is there already, in line 3",
        "a.csv line 5: segment 'Martians<b>' is none of Small business, Mid-market, Enterprise",
        "a.csv line 7: month '2026-02' is there already, in line 6",
        "a.csv line 8: month '2026-03' has no amount",
        "a.csv line 9: month '2027-01' is not in the plan, 2026-01 to 2026-12",
    ]
    assert found.of("arr_new", SCENARIO).tolist() == [100, 110]


def test_months_on_both_sides_of_a_gap_are_used_and_the_gap_is_named() -> None:
    found = read("month,arr_new", "2026-02,1000", "2026-03,1000", "2026-05,1000", "2026-09,1000")
    assert (found.first, found.last) == (2, 9)
    assert len(found.unused) == 0
    assert found.notes == (
        UNSEEN,
        "2026-04, 2026-06 to 2026-08 are missing: actual and plan are compared without them, and ARR after them is known only "
        "from a balance in the file.",
    )
    new = plan_and_actuals(found, project(SCENARIO)).movements[0]
    assert new.total == (4000, pytest.approx(project(SCENARIO).total("arr_new")[[1, 2, 4, 8]].sum()))


def test_a_cell_that_holds_no_amount_is_unknown_and_its_month_is_not() -> None:
    header = "month,arr_opening,arr_new,arr_expansion,arr_contraction,arr_churn,arr_closing,revenue"
    found = read(header, "2026-01,100,10,2,1,1,110,9", "2026-02,110,#REF!,2,1,1,120,9", "2026-03,120,10,2,1,1,130,9")
    assert len(found.unused) == 0
    assert found.notes == (
        "a.csv: cells of arr_new that are not amounts from 0 to 1e12, taken as empty: 1, the first in line 3: '#REF!'.",
        UNSEEN,
    )
    compared = plan_and_actuals(found, plan := project(SCENARIO))
    new, churn = compared.movements[0], compared.movements[-1]
    assert compared.missing == ()
    assert new.total == (20, pytest.approx(plan.total("arr_new")[[0, 2]].sum()))
    assert churn.total[0] == 3
    assert compared.closing.actual.tolist() == [110, 120, 130]
    assert compared.revenue is not None
    assert compared.revenue.total[0] == 27
    assert sum(amount for _, amount, _ in compared.bridge) == pytest.approx(compared.closing.variance)


def test_losses_below_zero_throughout_are_losses_and_others_are_unknown() -> None:
    header = "month;arr_new;arr_contraction;arr_churn"
    found = read(header, "2026-01;10;(1,5);-2", "2026-02;10;(0,5);3")
    assert found.of("arr_contraction", SCENARIO).tolist() == [1.5, 0.5]
    np.testing.assert_array_equal(found.of("arr_churn", SCENARIO), [np.nan, 3])
    assert found.notes[:2] == (
        "a.csv: arr_contraction is below zero or in brackets throughout; its amounts are taken as losses of that much.",
        "a.csv: cells of arr_churn that are not amounts from 0 to 1e12, taken as empty: 1, the first in line 2: '-2'.",
    )


def test_what_happened_in_a_gap_follows_from_the_balances_around_it() -> None:
    header = "month,arr_opening,arr_new,arr_expansion,arr_contraction,arr_churn"
    found = read(header, "2026-01,24000000,500000,0,0,0", "2026-03,25000000,100000,0,0,0")
    assert found.notes[1:] == ("2026-02 is missing: actual and plan are compared without it, and ARR after it is known only "
                               "from a balance in the file.",)  # fmt: skip
    compared = plan_and_actuals(found, project(SCENARIO))
    assert (compared.months, compared.missing) == (("2026-01", "2026-02", "2026-03"), ("2026-02",))
    assert [*compared.closing.actual][::2] == [24_500_000, 25_100_000]
    assert np.isnan(compared.closing.actual[1])
    plan = project(SCENARIO)
    steps = {label: amount for label, amount, _ in compared.bridge}
    planned = plan.total("arr_closing")
    assert steps["Missing months"] == pytest.approx((25_000_000 - 24_500_000) - (planned[1] - planned[0]))
    assert planned[2] + sum(steps.values()) == pytest.approx(25_100_000)
    assert "Not explained by movements" not in steps
    rows = list(csv.DictReader(variance_csv(compared).decode().splitlines()))
    gap = [row for row in rows if row["date"] == "2026-02" and row["line"] in ("arr_new", "arr_closing")]
    assert [(row["actual"], row["variance"], row["favourable"]) for row in gap] == [("", "", "")] * 2
    assert float(rows[-1]["plan"]) == planned[2]


def test_arr_after_a_gap_without_balances_is_not_known() -> None:
    header = "month,arr_new,arr_expansion,arr_contraction,arr_churn"
    compared = plan_and_actuals(read(header, "2026-01,1,0,0,0", "2026-03,1,0,0,0"), project(SCENARIO))
    assert (compared.closing.known, compared.bridge) == (False, ())
    assert compared.movements[0].total[0] == 2


def test_a_quarter_is_no_month() -> None:
    found = read("month,arr_new", "2026-01,5", "Q2 2026,5", "2026 Q3,5")
    assert [str(row) for row in found.unused] == ["a.csv line 3: month 'Q2 2026' is not a date",
                                                  "a.csv line 4: month '2026 Q3' is not a date"]  # fmt: skip


def test_what_is_not_known_is_neither_better_nor_worse(run: Run) -> None:
    from pathlib import Path

    Path("a.csv").write_text("month,arr_new\n2028-12,5\n")
    lines = run("actuals", "--actuals", "a.csv").text.splitlines()
    assert re.split(r"\s{2,}", lines[3].strip())[:4] == ["Closing ARR", "–", "$44.9M", "–"]
    assert not lines[3].strip().endswith("worse")


def test_months_that_came_as_planned_are_said_to_have(run: Run) -> None:
    from pathlib import Path

    Path("plan.csv").write_bytes(projection_csv(project(SCENARIO)))
    done = run("actuals", "--actuals", "plan.csv", "--horizon", "12")
    lines = [re.split(r"\s{2,}", line.strip()) for line in done.text.split("\n\n")[0].splitlines()]
    assert len(lines) > 6
    assert {line[-1] for line in lines[1:]} == {"as planned"}


def test_the_command_names_a_gap(run: Run) -> None:
    from pathlib import Path

    Path("a.csv").write_text("month,arr_new\n2026-01,1\n2026-03,1\n")
    done = run("actuals", "--actuals", "a.csv")
    assert done.code == 0
    assert done.text.startswith("2026-01 to 2026-03 without 2026-02 ")
    assert "2026-02 is missing: actual and plan are compared without it" in done.text


def test_months_that_do_not_add_up_are_named_with_the_gap() -> None:
    found = read(
        ALL, "2026-01,,1000001,100000,50000,10000,40000,1100003", "2026-02,,1100003,100000,0,0,0,1300003",
        "2026-03,,1250003,0,0,0,0,1250003",
    )  # fmt: skip
    assert found.notes == (
        UNSEEN,
        "2026-02 does not add up: closing ARR is 100,000 above opening ARR and movements.",
        "2026-03 opens 50,000 below the close of the month before.",
    )  # 2026-01 is off by 2, which whole numbers may be by rounding
    bridge = plan_and_actuals(found, project(SCENARIO)).bridge
    assert bridge[-1][0] == "Not explained by movements"
    assert bridge[-1][1] == pytest.approx(100_000 - 50_000 + 2)


def test_amounts_in_thousands_may_be_off_by_more() -> None:
    found = read(ALL, "2026-01,,1000000,100000,50000,10000,40000,1103000", "2026-02,,1103000,0,0,0,0,1108000")
    assert found.notes == (UNSEEN, "2026-02 does not add up: closing ARR is 5,000 above opening ARR and movements.")


@pytest.mark.parametrize(("opening", "says"), [("24000", "$24.0K"), ("60000000", "$60.0M")])
def test_months_of_another_company_or_in_thousands_are_doubted(opening: str, says: str) -> None:
    found = plan_and_actuals(read(ALL, f"2026-01,,{opening},0,0,0,0,{opening}"), project(SCENARIO))
    assert found.far_off("USD") == (
        f"These months open with {says} of ARR, the plan with $24.0M: are they of this company, and not in thousands?"
    )


@pytest.mark.parametrize("opening", ["", "13000000", "47000000"])
def test_months_that_may_be_of_this_company_are_not_doubted(opening: str) -> None:
    assert not plan_and_actuals(read(ALL, f"2026-01,,{opening},5,0,0,0,"), project(SCENARIO)).far_off("USD")


def test_a_month_of_some_segments_is_not_taken_for_the_company() -> None:
    found = read("month,segment,arr_new", "2026-01,smb,1", "2026-01,Mid-Market,2", "2026-01,ENT,3", "2026-02,smb,4")
    assert found.of("arr_new", SCENARIO).tolist()[0] == 6
    assert found.notes == (
        UNSEEN, "2026-02 has no row of Mid-market and Enterprise: the company's month is not known.",
        "a.csv has neither opening nor closing ARR: ARR starts with that of the plan.",
    )  # fmt: skip


def test_without_balances_arr_starts_with_the_plan_and_later_is_not_known() -> None:
    header = "month,arr_new,arr_expansion,arr_contraction,arr_churn"
    found = read(header, "2026-01,1000,0,0,0")
    assert found.notes == (UNSEEN, "a.csv has neither opening nor closing ARR: ARR starts with that of the plan.")
    assert found.of("arr_closing", SCENARIO).tolist() == [SCENARIO.company.base("opening_arr").sum() + 1000]
    late = plan_and_actuals(read(header, "2026-03,1000,0,0,0"), project(SCENARIO))
    assert not late.closing.known
    assert late.bridge == ()


@pytest.mark.parametrize(
    ("header", "rows", "problems"),
    [("month,arr_new", ["2024-01,1"], ["a.csv line 2: month '2024-01' is not in the plan, 2026-01 to 2026-12.",
                                       "No month can be held against the plan, 2026-01 to 2026-12."]),
     ("month,arr_new,currency", ["2026-01,1,EUR"], ["a.csv is in EUR, the plan in USD; bring them to one currency first."]),
     ("month,arr_churn", ["2026-01,#N/A"], ["a.csv line 2: month '2026-01' has no amount.",
                                              "No month can be held against the plan, 2026-01 to 2026-12."])],
)  # fmt: skip
def test_files_of_which_nothing_is_left_are_refused(header: str, rows: list[str], problems: list[str]) -> None:
    assert list(refused(header, *rows)) == problems


def test_a_currency_in_the_file_needs_no_warning() -> None:
    assert read("month,arr_closing,currency", "2026-01,$5,USD").notes == ()


def test_a_history_that_ends_before_the_plan_is_refused() -> None:
    with pytest.raises(
        ExportError,
        match=re.escape("The history ends in 2025-12, before the plan begins, in 2026-01: there is no month"),
    ):
        own_months(facts(671, movements=[(660, "customers", 660, "new", 1, 100)]), SCENARIO)


def test_hostile_cells_are_rows_set_aside() -> None:
    odd = ["nan", "1e999", "inf", "=1+1", "<img src=x>", "\u202e5"]
    found = read("month,arr_new", "2026-01,5", *(f"2026-02,{cell}" for cell in odd))
    assert found.of("arr_new", SCENARIO).tolist() == [5]
    assert len(found.unused) == len(odd)


def test_the_command_compares_and_writes(run: Run) -> None:
    from pathlib import Path

    Path("a.csv").write_text(
        "month,arr_new,arr_expansion,arr_contraction,arr_churn,arr_closing\n2026-01,500000,0,0,0,24500000\n"
    )
    done = run("actuals", "--actuals", "a.csv", "--move", "win_rate=0.5", "--out", "out.csv")
    assert (done.code, done.errors) == (0, [])
    lines = done.text.splitlines()
    assert re.split(r"\s{2,}", lines[0]) == ["2026-01 to 2026-01", "actual", "plan", "variance", "of plan"]
    assert lines[1].split()[:3] == ["Opening", "ARR", "$24.0M"]
    assert UNSEEN in lines
    assert Path("out.csv").read_text().splitlines()[0].startswith("date,line,label,actual,plan,variance")
    assert run("actuals") == refusal("--actuals FILE is needed: a table of months as they happened.")
    assert run("actuals", "--actuals", "a.csv", "--segment", "xyz") == refusal(
        "There is no segment 'xyz'; there is smb, mid, ent."
    )
