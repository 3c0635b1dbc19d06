"""`revlens calibrate`: exports become a company's file, and what it asks and refuses, word for word."""

from __future__ import annotations

from pathlib import Path

import pytest

from model import read_company
from tests.commands import Ran, Run, refusal

DEALS = "Deal,Status,Opened On,Closed On,Deal Value\n" + "".join(
    f"w{n},Closed Won,2024-{n:02}-01,2024-{n:02}-28,{1000 * n}\nl{n},Closed Lost,2024-01-01,2024-02-11,\n"
    for n in range(1, 13)
)
COLUMNS = ["Deal=id", "Opened On=created", "close_value=amount"]
STARTS = [f"{year}-{month:02}-28" for year in (2022, 2023, 2024) for month in (2, 4, 6, 8, 10)]
SUBSCRIPTIONS = "subscription_id,customer_id,start_date,end_date,mrr\n" + "".join(
    f"s{n},c{n},{start},{'2024-06-15' if n < 2 else ''},100\n" for n, start in enumerate([*STARTS, "2024-12-31"])
)


def test_exports_become_a_company(run: Run, tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text(DEALS.replace("Deal Value", "close_value"), encoding="utf-8")
    (tmp_path / "subs.csv").write_text(SUBSCRIPTIONS, encoding="utf-8")
    ran = run("calibrate", "--opportunities", "deals.csv", "--subscriptions", "subs.csv", "--title", "Ours", "--out", "ours.toml",
              "--columns", *COLUMNS)  # fmt: skip
    assert (ran.code, ran.errors) == (0, [])
    assert "Selling price" in ran.text
    company = read_company((tmp_path / "ours.toml").read_text(encoding="utf-8"))
    assert company.title == "Ours"
    assert company.mean("win_rate") == pytest.approx(0.5)
    assert company.mean("average_selling_price") == pytest.approx(6500)
    assert company.mean("opening_arr") == pytest.approx(14 * 1200)
    assert run("check", "ours.toml").code == 0


def test_exports_that_cannot_be_used_are_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text(DEALS, encoding="utf-8")
    ran = run("calibrate", "--opportunities", "deals.csv", "--out", "ours.toml")
    assert (ran.code, ran.out, len(ran.errors)) == (2, b"", 2)
    for field, problem in (("created", ran.errors[0]),):
        assert problem.startswith(f"deals.csv: no column for {field} (")
        assert problem.endswith(
            f"the file has Deal, Status, Opened On, Closed On, Deal Value. Name the right one: HEADER={field}."
        )
    ran = run("calibrate", "--opportunities", "deals.csv", "--columns", "amount", "--out", "ours.toml")
    assert ran == refusal("--columns 'amount' needs an equals sign, as in close_value=amount.")
    ran = run("calibrate", "--opportunities", "none.csv", "--out", "ours.toml")
    assert ran == refusal("none.csv: the file cannot be opened: No such file or directory.")
    assert run("calibrate", "--out", "ours.toml") == refusal(
        "There is nothing to measure; give files, such as --opportunities and --subscriptions, or --connect."
    )
    assert not (tmp_path / "ours.toml").exists()


DAYS = "ID,Status,Created,Closed,Amount\n" + "".join(f"w{n},{'Won' if n % 2 else 'Lost'},1/2/2024,3/{n % 9 + 1}/2024,10\n"
                                                     for n in range(20)) + "x,Open,4/1/2024,,\n"  # fmt: skip


def test_a_question_that_only_the_reader_can_answer_names_the_option_that_does(run: Run, tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text(DAYS, encoding="utf-8")
    ran = run("calibrate", "--opportunities", "deals.csv", "--out", "ours.toml")
    assert (ran.code, ran.out, ran.errors[-1]) == (2, b"", "Nothing was written.")
    assert len(ran.errors) > 1
    for question in ran.errors[:-1]:
        assert question.startswith("deals.csv: ")
        assert question.endswith("Give one of --dates day-first, --dates month-first, --dates year-first.")
    ran = run("calibrate", "--opportunities", "deals.csv", "--dates", "month-first", "--out", "ours.toml")
    assert (ran.code, ran.errors) == (0, [])
    assert "first month 2024-04" in ran.text


@pytest.mark.parametrize(
    "columns", [["close=value=amount"], ["opportunities.amount=close=value"], ["close=value=opportunities.amount"]]
)
def test_a_header_with_an_equals_sign_can_be_named(run: Run, tmp_path: Path, columns: list[str]) -> None:
    (tmp_path / "deals.csv").write_text(DEALS.replace("Deal Value", "close=value"), encoding="utf-8")
    ran = run("calibrate", "--opportunities", "deals.csv", "--columns", *COLUMNS[:2], *columns, "--out", "ours.toml")
    assert (ran.code, ran.errors) == (0, [])
    assert "amount = close=value" in ran.text


def test_the_opening_month_can_be_set_back(run: Run, tmp_path: Path) -> None:
    (tmp_path / "subs.csv").write_text(SUBSCRIPTIONS + "late,c99,2025-03-31,,900\n", encoding="utf-8")
    options = ("calibrate", "--subscriptions", "subs.csv", "--out", "ours.toml", "--until")
    ran = run(*options, "2024-12")
    assert (ran.code, ran.errors) == (0, [])
    company = read_company((tmp_path / "ours.toml").read_text(encoding="utf-8"))
    assert (company.first_month, company.mean("opening_arr")) == ("2025-01", 14 * 1200)
    assert run(*options, "soon") == refusal("--until 'soon' is not a month; write it as in 2025-06.")
    assert run(*options, "2031-01") == refusal(
        "The opening month 2031-01 is outside the months of the subscriptions, 2022-02 to 2025-03."
    )


def test_tables_of_a_warehouse_are_named_by_kind(run: Run) -> None:
    assert run("calibrate", "--table", "subscriptions=a", "--out", "x") == refusal(
        "--table names tables of a warehouse; --connect URL must say which."
    )
    assert run("calibrate", "--connect", "duckdb://", "--opportunities", "deals.csv", "--out", "x") == refusal(
        "--connect reads tables of a warehouse; give either it or files."
    )


def test_stopping_writes_nothing(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    (tmp_path / "subs.csv").write_text(SUBSCRIPTIONS, encoding="utf-8")
    monkeypatch.setattr("model.history.asking.gather.gather", stop)
    ran = run("calibrate", "--subscriptions", "subs.csv", "--out", "ours.toml")
    assert ran == Ran(130, b"", ["Stopped. Nothing was written."])
    assert not (tmp_path / "ours.toml").exists()
