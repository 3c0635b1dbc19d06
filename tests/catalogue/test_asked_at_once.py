"""All that can be asked of files is asked in one refusal: encoding, decimal mark, dates and columns together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from model.errors import ExportError
from model.history.reading.files import Asked, GivenFile, Habits, read_files
from tests.commands import Run

DEALS = "Opportunity ID,Stage,Created Date,Close Date,Worth,Account,List Price"
DEAL = '1,Won,1/2/2024,3/4/2024,"1,250",Müller & Söhne,"1,500"'


def settings(*files: GivenFile) -> tuple[list[str], list[str]]:
    with pytest.raises(Asked) as error:
        read_files(files)
    return [one.setting for one in error.value.questions], list(error.value.faults)


def test_everything_is_asked_in_one_refusal(run: Run) -> None:
    Path("deals.csv").write_bytes(f"{DEALS}\n{DEAL}\n".encode("cp1252"))
    Path("subs.csv").write_text("Who;Start Date;End Date;ARR\nc;5/6/2024;;1\n")
    done = run("calibrate", "--opportunities", "deals.csv", "--subscriptions", "subs.csv", "--out", "c.toml")
    assert done.code == 2
    asked = [line.partition(" Say which ")[2].partition(":")[0] for line in done.errors[:-1]]
    assert asked == ["", "", "encoding", "decimal", "dates", "dates"]
    assert done.errors[0].startswith(
        "deals.csv: no column for amount (the recurring amount a year); known headers are "
    )
    assert done.errors[1].startswith("subs.csv: no column for customer (the customer who pays); known headers are ")
    assert done.errors[2].endswith("Give --encoding, such as --encoding cp1252.")
    assert done.errors[3] == (
        "deals.csv: the amounts of List Price can be read in 2 ways. Say which decimal: '.' (1,500 is 1500); ',' (1,500 is 1.5). "
        "Give --decimal comma or --decimal point."
    )
    answers = (
        "--encoding",
        "cp1252",
        "--decimal",
        "point",
        "--dates",
        "day-first",
        "--columns",
        "Worth=amount",
        "Who=customer",
    )
    done = run("calibrate", "--opportunities", "deals.csv", "--subscriptions", "subs.csv", "--out", "c.toml", *answers)
    assert not any("Say which" in line or "no column" in line for line in done.errors)


def test_what_is_wrong_in_one_file_stands_beside_what_is_asked_of_another() -> None:
    deals = GivenFile("opportunities", "deals", f"{DEALS.replace('Worth', 'Amount')}\n{DEAL}\n".encode())
    assert settings(deals, GivenFile("", "empty", b"")) == (
        ["decimal", "dates"], ["empty: the file is empty; a header line and rows are needed."])  # fmt: skip


def test_the_cells_of_months_across_are_asked_about_beside_what_they_are() -> None:
    wide = b'Customer;Jan 2024;Feb 2024;Mar 2024\nA;"1,250";"1,250";"1,300"\n'
    assert settings(GivenFile("", "wide", wide)) == (["values", "decimal"], [])


@pytest.mark.parametrize(
    "content", [b"a;b,c\n1;2,3\n", b"Customer,Start Date,End Date,Amount\na,1/2/2024,3/4/2024,5\n"]
)
def test_nothing_is_asked_that_hangs_on_another_answer(content: bytes) -> None:
    assert len(settings(GivenFile("", "file", content))[0]) == 1


def test_columns_alone_are_refused_as_before() -> None:
    with pytest.raises(ExportError) as error:
        read_files([GivenFile("subscriptions", "file", b"Start Date,End Date\n2024-01-01,\n")])
    assert not isinstance(error.value, Asked)
    assert len(error.value.problems) == 2


LETTERS = "Vertragsnummer,Kündin,Startdatum,Enddatum,Jahresbetrag"


@pytest.mark.parametrize("kind", ["subscriptions", ""])
def test_letters_are_asked_about_before_a_column_is_missed_that_has_some(kind: str) -> None:
    subs = f"{LETTERS}\n1,Küste,2024-02-01,,100\n"
    given = GivenFile(kind, "subs.csv", subs.encode("cp1252"))
    assert settings(given) == (["encoding"], [])
    with pytest.raises(ExportError, match=r"no column for customer|what its rows are cannot be told") as error:
        read_files([replace(given, habits=Habits(encoding="cp1252"))])
    assert "Kündin" in str(error.value)
    known = replace(given, kind="subscriptions", content=subs.replace("Kündin", "Kunde").encode("cp1252"))
    assert settings(known) == (["encoding"], [])
