"""Stages that go by no known word: settled by what other columns say, else asked; never all taken as open."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.errors import ExportError
from model.history.reading.files import Asked, GivenFile, Habits, Imported, read_files

STAGES = ("Signed & Live", "Dead - Competitor", "Dead - No Budget", "1 - Discover")
HEADER = "Opportunity ID,Stage,Created Date,Close Date,Amount"


def deals(more: str = "", *cells: dict[str, str], stages: tuple[str, ...] = STAGES, close: str = "2024-03") -> bytes:
    """Return 10 opportunities of each stage, those of the last closing in 2026, one created in June; with further columns by stage."""
    rows = [f"{stage}{place},{stage},2024-{2 + place // 9:02}-01,{'2026-01' if stage[0] == '1' else close}-{place + 1:02},1000"
            + "".join(f",{of[stage]}" for of in cells) for stage in stages for place in range(10)]  # fmt: skip
    last = f"late,{stages[-1]},2024-06-30,2026-01-01,1" + "".join(f",{of[stages[-1]]}" for of in cells)
    return "\n".join([HEADER + more, *rows, last]).encode()


def read(content: bytes, **habits: str) -> Imported:
    return read_files([GivenFile("opportunities", "deals.csv", content, Habits(decimal=".", **habits))])


def outcomes(found: Imported) -> dict[str, int]:
    given = found.tables["opportunities"]["outcome"].to_pylist()
    return {outcome: given.count(outcome) for outcome in ("won", "lost", "open")}


@pytest.mark.parametrize(("full", "none", "half", "header"), [
    ("100", "0", "40", "Probability (%)"), ("1.0", "0", "0.4", "Deal probability"), ("100 %", "0 %", "40 %", "Probability"),
    ("100%", "0%", "40%", "Wahrscheinlichkeit (%)"), ("1", "0.00", "0.5", "Win Probability"),
])  # fmt: skip
def test_a_probability_settles_stages(full: str, none: str, half: str, header: str) -> None:
    chance = dict(zip(STAGES, (full, none, none, half), strict=True))
    found = read(deals(f",{header}", chance))
    assert outcomes(found) == {"won": 10, "lost": 20, "open": 11}
    assert (f"deals.csv: by {header}, which is 100 % or 0 in all their rows, taken are Signed & Live as won and "
            "Dead - Competitor, Dead - No Budget as lost.") in found.accounts[0].notes  # fmt: skip
    assert "deals.csv: neither won nor lost, so still open: 1 - Discover." in found.accounts[0].notes


def test_an_early_stage_at_0_whose_close_dates_are_to_come_is_open() -> None:
    chance = dict(zip(STAGES, ("100", "0", "0", "0"), strict=True))
    assert outcomes(read(deals(",Probability", chance))) == {"won": 10, "lost": 20, "open": 11}


def test_a_known_word_holds_whatever_the_probability() -> None:
    stages = ("Closed Won", "Closed Lost", "1 - Discover")
    chance = dict(zip(stages, ("90", "100", "0"), strict=True))
    assert outcomes(read(deals(",Probability", chance, stages=stages))) == {"won": 10, "lost": 10, "open": 11}


@pytest.mark.parametrize(("yes", "no"), [("1", "0"), ("true", "false"), ("Yes", "No")])
def test_the_columns_won_and_closed_of_a_report_settle_it(yes: str, no: str) -> None:
    won = dict(zip(STAGES, (yes, no, no, no), strict=True))
    closed = dict(zip(STAGES, (yes, yes, yes, no), strict=True))
    found = read(deals(",Closed,Won", closed, won))
    assert found.accounts[0].headers["is_closed"] == "Closed"
    assert outcomes(found) == {"won": 10, "lost": 20, "open": 11}


def test_a_column_closed_that_holds_the_day_is_not_read_twice() -> None:
    content = deals(",Won", dict(zip(STAGES, "1000", strict=True))).replace(b"Close Date", b"Closed")
    with pytest.raises(Asked) as error:
        read(content)
    assert [one.setting for one in error.value.questions] == ["lost"]  # the column Won says which are won
    lost = "Dead - Competitor\nDead - No Budget"
    assert outcomes(read(content, lost=lost)) == {"won": 10, "lost": 20, "open": 11}


def test_stages_that_nothing_settles_are_asked() -> None:
    with pytest.raises(Asked) as error:
        read(deals())
    won, lost = error.value.questions
    assert (won.setting, lost.setting, won.column) == ("won", "lost", "Stage")
    assert [choice.value for choice in won.choices] == ["1 - Discover", *STAGES[:3]]
    assert won.sentence == (
        "deals.csv: no Stage is known to mean won, although most close dates are past. Say which mean won: "
        "'1 - Discover' (11 rows, close date past in 0%); 'Signed & Live' (10 rows, close date past in 100%); "
        "'Dead - Competitor' (10 rows, close date past in 100%); 'Dead - No Budget' (10 rows, close date past in 100%)."
    )
    found = read(deals(), won="signed & live", lost="Dead - Competitor\nDead - No Budget")
    assert outcomes(found) == {"won": 10, "lost": 20, "open": 11}


def test_one_outcome_alone_is_not_enough() -> None:
    with pytest.raises(Asked) as error:
        read(deals(), won="Signed & Live")
    assert [one.setting for one in error.value.questions] == ["lost"]


def test_where_most_close_dates_are_to_come_nothing_is_asked() -> None:
    assert outcomes(read(deals(close="2026-03"))) == {"won": 0, "lost": 0, "open": 41}


def test_stages_said_that_are_none_and_said_twice_are_refused() -> None:
    with pytest.raises(ExportError) as error:
        read(deals(), won="Signed & Live\nGone", lost="Signed & Live\nDead - Competitor")
    assert error.value.problems == (
        "deals.csv: no Stage is Gone, said to mean won; there are Signed & Live, Dead - Competitor, Dead - No Budget, 1 - Discover.",
        "deals.csv: Signed & Live is said to mean both won and lost.",
    )


def test_what_is_said_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from model.command_line import main

    file, out = tmp_path / "deals.csv", tmp_path / "ours.toml"
    file.write_bytes(deals())
    given = ["calibrate", "--opportunities", str(file), "--out", str(out)]
    assert main(given) == 2
    told = capsys.readouterr().err
    assert "Give --won and their names, such as --won 'Signed & Live'." in told
    assert "Give --lost and their names, such as --lost 'No budget' Competitor." in told
    assert main([*given, "--won", "Signed & Live", "--lost", *STAGES[1:3]]) == 0
    assert "still open: 1 - Discover." in capsys.readouterr().out


def test_a_warehouse_takes_no_stages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from model.command_line import main

    given = [
        "--connect",
        "duckdb://none.duckdb",
        "--table",
        "opportunities=deals",
        "--out",
        str(tmp_path / "ours.toml"),
    ]
    assert main(["calibrate", *given, "--won", "Signed"]) == 2
    assert (
        "--won and --lost name stages of files; of a warehouse's table name the columns is_won and is_closed."
        in capsys.readouterr().err
    )


def test_a_file_in_which_nothing_is_decided_is_no_missing_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from model.command_line import main

    file, subscriptions = tmp_path / "deals.csv", tmp_path / "subs.csv"
    file.write_bytes(deals(close="2026-03"))
    subscriptions.write_text(
        "Customer,Start Date,End Date,ARR\n" + "".join(f"c{n},2024-{n + 1:02}-01,,1000.50\n" for n in range(12))
    )
    given = ["--opportunities", str(file), "--subscriptions", str(subscriptions), "--out", str(tmp_path / "ours.toml")]
    assert main(["calibrate", *given]) == 0
    told = capsys.readouterr().out
    assert "No opportunity is decided: win rate and sales cycle are the template's, not yours." in told
    assert "There are no opportunities" not in told
    assert "be expected" not in told
