"""Back-tests that cannot be done: which, and why, word by word; the command."""

from __future__ import annotations

from pathlib import Path

import pytest

from model import ExportError, load_shipped
from model.history.trust.backtest import back_test
from tests.commands import Run, refusal
from tests.simulated import Tables, steady

TEMPLATE = load_shipped("midmarket-saas")
SAMPLES = Path(__file__).parents[2] / "data" / "samples"
NO_ARR = "A back-test needs subscriptions or invoice lines: without them nobody knows what ARR was."


def refused(tables: Tables, *hidden: int) -> tuple[str, ...]:
    with pytest.raises(ExportError) as error:
        back_test(tables, template=TEMPLATE, hidden=hidden)
    return error.value.problems


def test_a_company_too_young_or_too_small_is_refused_by_name_and_the_other_trials_stand() -> None:
    found = back_test(steady(1, months=60, kept=1.0), template=TEMPLATE, hidden=[60, 48, 36, 6], runs=20)
    assert [trial.hidden for trial in found.trials] == [6]
    assert [str(one) for one in found.refused] == [
        "Hiding 36 months: 23 customers at the end of 2022-12 are too few; 30 are needed.",
        "Hiding 48 months: 12 months must be left to measure; 11 are, from 2021-02 to 2021-12.",
        "Hiding 60 months: 12 months must be left to measure; 0 are, from 2021-02 to 2020-12.",
    ]


def test_where_no_trial_stands_all_are_named() -> None:
    assert refused(steady(1, months=24, kept=1.0), 6, 12) == (
        "Hiding 6 months: 17 customers at the end of 2022-06 are too few; 30 are needed.",
        "Hiding 12 months: 12 months must be left to measure; 11 are, from 2021-02 to 2021-12.",
    )


def test_what_cannot_be_hidden_is_named() -> None:
    tables = steady(1, months=24, kept=1.0)
    assert refused(tables, 0, 12, 61) == ("0, 61 cannot be hidden; hide 1 to 60 months.",)
    assert refused(tables) == ("Nothing cannot be hidden; hide 1 to 60 months.",)
    assert refused({"opportunities": tables["opportunities"]}, 6) == (NO_ARR,)
    assert refused(tables | {"subscriptions": tables["subscriptions"].slice(0, 0)}, 6) == (NO_ARR,)


def test_the_command_prints_each_rule_and_writes_each_month(run: Run) -> None:
    files = [
        "--subscriptions",
        str(SAMPLES / "subscriptions.csv"),
        "--opportunities",
        str(SAMPLES / "opportunities.csv"),
    ]
    done = run("backtest", *files, "--hidden", "12", "55", "--out", "out.csv")
    assert (done.code, done.errors) == (0, [])
    lines = done.text.splitlines()
    assert [line[:30].split() for line in lines[1:4]] == [
        ["12", "2025-01", "The", "model"], ["12", "2025-01", "Last", "value"], ["12", "2025-01", "Last", "growth"]]  # fmt: skip
    assert (
        lines[lines.index("") + 3]
        == "Hiding 55 months: 12 months must be left to measure; 4 are, from 2021-02 to 2021-05."
    )
    assert len(Path("out.csv").read_text().splitlines()) == 13
    assert run("backtest", "--opportunities", str(SAMPLES / "opportunities.csv")) == refusal(NO_ARR)
