"""Rows set aside on the command line: the first of each reason in view, all of them in a file; and what exit codes mean."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from model.command_line import main
from tests.commands import Run

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "samples"
HEADER = "Opportunity ID,Stage,Created Date,Close Date,Amount"
USED = [f"w{n},Closed Won,2024-{n:02}-01,2024-{n:02}-01,1000" for n in range(1, 13)]
AMOUNTS = [f"a{n},Won,2024-01-01,2024-01-31,=1+{n}" for n in range(25)]
DAYS = [f"d{n},Won,never,2024-01-31,5" for n in range(21)]
CELLS = [f"c{n}" + ",x" * (n + 5) for n in range(30)]


def deals(*rows: str) -> None:
    Path("deals.csv").write_text("\n".join([HEADER, *USED, *rows, ""]))


def test_the_first_rows_of_each_reason_are_in_view_and_all_are_in_a_file(run: Run) -> None:
    deals(*AMOUNTS, *DAYS)
    done = run("calibrate", "--opportunities", "deals.csv", "--out", "c.toml")
    lines = done.text.splitlines()
    start = lines.index("opportunities, deals.csv: 58 rows read = 12 used + 46 set aside")
    told = [line.strip() for line in lines[start:] if line.startswith("  ") and "columns read" not in line]
    assert told[:2] == [
        "deals.csv line 14: Amount '=1+0' is not an amount",
        "deals.csv line 15: Amount '=1+1' is not an amount",
    ]
    assert told[20:22] == ["and 5 more: is not an amount", "deals.csv line 39: Created Date 'never' is not a date"]
    assert told[41:] == ["and 1 more: is not a date", "--unused FILE.csv writes all 46."]
    done = run("calibrate", "--opportunities", "deals.csv", "--out", "c.toml", "--unused", "aside.csv")
    assert done.text.endswith("  All 46 are in aside.csv.\n")
    rows = list(csv.reader(Path("aside.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert rows[0] == ["file", "line", "column", "value", "reason"]
    assert rows[1] == ["deals.csv", "14", "Amount", "'=1+0", "is not an amount"]
    assert len(rows) == 47


def test_many_reasons_are_counted(run: Run) -> None:
    deals(*CELLS)
    done = run("calibrate", "--opportunities", "deals.csv", "--out", "c.toml")
    assert done.text.splitlines()[-2:] == [
        "  and 10 more rows for 10 other reasons",
        "  --unused FILE.csv writes all 30.",
    ]


def test_a_back_test_says_what_became_of_the_rows(run: Run) -> None:
    given = ["--subscriptions", str(SAMPLES / "subscriptions.csv"), "--hidden", "6"]
    done = run("backtest", *given, "--unused", "aside.csv")
    assert done.code == 0
    assert "subscriptions, subscriptions.csv: " in done.text
    assert " used + 0 set aside" in done.text
    assert Path("aside.csv").read_text(encoding="utf-8-sig").splitlines() == ["file,line,column,value,reason"]


def test_actual_months_say_what_became_of_the_rows(run: Run) -> None:
    Path("a.csv").write_text(
        "month,arr_new\n2026-01,5\n" + "\n".join(f"2026-02,x{n}" for n in range(22)) + "\n2031-01,5\n"
    )
    done = run("actuals", "--actuals", "a.csv", "--unused", "aside.csv")
    assert done.code == 0
    assert "a.csv: 24 rows read = 1 used + 23 set aside" in done.text
    assert done.text.splitlines()[-3:] == [
        "  a.csv line 3: month '2026-02' has no amount",
        "  a.csv line 25: month '2031-01' is not in the plan, 2026-01 to 2028-12",
        "  All 23 are in aside.csv.",
    ]
    assert len(Path("aside.csv").read_text(encoding="utf-8-sig").splitlines()) == 24


def test_rows_of_a_warehouse_stay_there(run: Run) -> None:
    done = run(
        "calibrate", "--connect", "duckdb://none.duckdb", "--table", "leads=x", "--out", "c.toml", "--unused", "a.csv"
    )
    assert (done.code, done.errors[0]) == (2, "--unused lists rows of files; those of a warehouse stay where they are.")


@pytest.mark.parametrize("command", ["calibrate", "backtest", "actuals", "check"])
def test_exit_codes_are_the_same_and_said(command: str, run: Run, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    deals()
    Path("a.csv").write_text("month,arr_new\n2026-01,5\n")
    good = {"calibrate": ["--opportunities", "deals.csv", "--out", "c.toml"],
            "backtest": ["--subscriptions", str(SAMPLES / "subscriptions.csv"), "--hidden", "6"],
            "actuals": ["--actuals", "a.csv"], "check": ["c.toml"]}  # fmt: skip
    if command == "check":
        run("calibrate", *good["calibrate"])
    assert run(command, *good[command]).code == 0
    missing = [option.replace("deals.csv", "no").replace("subscriptions.csv", "no").replace("a.csv", "no").replace("c.toml", "no")
               for option in good[command]]  # fmt: skip
    refused = run(command, *missing)
    assert (refused.code, refused.out) == (2, b"")
    with pytest.raises(SystemExit) as stopped:
        main([command, "--nonsense"])
    assert stopped.value.code == 2
    capfdbinary.readouterr()
    with pytest.raises(SystemExit) as stopped:
        main([command, "--help"])
    assert stopped.value.code == 0
    told = " ".join(capfdbinary.readouterr().out.decode().split())
    assert ("Exit status: 0 done, and what was set aside or could not be compared is listed; 2 the input or an option was refused, "
            "and why is on standard error; 130 stopped.") in told  # fmt: skip


@pytest.mark.parametrize("command", [("calibrate", "--out", "c.toml"), ("backtest",)])
def test_two_files_of_one_kind_are_refused_not_read_by_half(run: Run, command: tuple[str, ...]) -> None:
    for name in ("a.csv", "b.csv"):
        Path(name).write_text("Customer,Start Date,End Date,MRR\nAda,2024-01-01,,5\n", encoding="utf-8")
    done = run(*command, "--subscriptions", "a.csv", "--subscriptions", "b.csv")
    assert done.code == 2
    assert done.errors == [
        "a.csv and b.csv are both read as subscriptions; remove one, or put them together.", "Nothing was written.",
    ]  # fmt: skip
    assert not Path("c.toml").exists()


def test_much_set_aside_is_said_first(run: Run) -> None:
    deals(*AMOUNTS[:1])
    assert "Warning: deals.csv" not in run("calibrate", "--opportunities", "deals.csv", "--out", "c.toml").text
    deals(
        *(f"r{n},Closed Won,2024-01-01,2024-01-31,4000" for n in range(3)),
        *(f"w{n},Won,2024-01-01,2024-01-31,4000" for n in range(1, 4)),
    )
    done = run("calibrate", "--opportunities", "deals.csv", "--out", "c.toml")
    assert done.text.splitlines()[1] == (
        "Warning: deals.csv: 3 of 18 rows (17\u202f%, with 33\u202f% of the amounts) are set aside and not in what is measured; most of them since "
        "Opportunity ID stands in an earlier row."
    )


def test_little_that_is_much_money_is_said_first(run: Run) -> None:
    lines = [f"C{n},2024-{n:02}-01,,100" for n in range(1, 13)] * 2
    Path("s.csv").write_text(
        "\n".join(["Customer,Start Date,End Date,MRR", *lines, "C1,2024-05-01,2024-04-01,900", ""])
    )
    given = ["--subscriptions", "s.csv", "--out", "c.toml"]
    assert run("calibrate", *given).text.splitlines()[1] == (
        "Warning: s.csv: 1 of 25 rows (4\u202f%, with 27\u202f% of the amounts) are set aside and not in what is measured; most of them since "
        "End Date is before the day it started."
    )
