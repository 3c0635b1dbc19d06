"""What is asked about a file before all of it is read: what its beginning leaves open, and nothing that it proves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from model.history.reading.ahead import LOOKED_AT, questions_ahead
from model.history.reading.files import Asked, GivenFile, Habits, read_files
from tests.workbooks import workbook

HEADER = "Subscription ID,Customer,Start Date,End Date,ARR"


def given(*rows: str, header: str = HEADER, **habits: str) -> GivenFile:
    return GivenFile("", "ours.csv", "\n".join([header, *rows]).encode(), Habits(**habits))


def settings(file: GivenFile) -> list[str]:
    return [one.setting for one in questions_ahead(file)]


def test_what_is_asked_ahead_is_what_reading_all_would_ask() -> None:
    file = given('S1,C1,03/04/2024,,"1,250"', 'S2,C2,05/06/2024,,"2,500"')
    with pytest.raises(Asked) as error:
        read_files([file])
    assert questions_ahead(file) == error.value.questions
    assert settings(file) == ["decimal", "dates"]


def test_what_is_answered_or_proven_is_not_asked() -> None:
    assert settings(given("S1,C1,03/04/2024,,1250", dates="day-first")) == []
    assert settings(given("S1,C1,03/04/2024,,1250", "S2,C2,25/04/2024,,1250")) == []
    assert settings(given("S1;C1;03/04/2024;;1.250,00", header=HEADER.replace(",", ";"))) == ["dates"]


def test_what_is_asked_does_not_wait_for_columns_that_are_missing() -> None:
    assert settings(given("S1,03/04/2024,1250", header="Subscription ID,Start Date,ARR")) == []  # of no kind
    file = given("S1,03/04/2024,1250", header="Subscription ID,Start Date,ARR")
    assert settings(replace(file, kind="subscriptions")) == ["dates"]
    assert questions_ahead(GivenFile("", "empty.csv", b"")) == ()


def test_of_a_long_text_the_beginning_is_looked_at_up_to_a_line() -> None:
    row = f"S{'1' * 90},C1,03/04/2024,,1250"
    rows = [row.replace("S1", f"S{place:08}") for place in range(LOOKED_AT // len(row) + 50)]
    assert settings(given(*rows)) == ["dates"]
    # beyond the beginning a line may break or prove something: neither is known yet
    assert settings(given(*rows, '"broken', "S0,C1,25/04/2024,,1250")) == ["dates"]


def test_workbooks_are_looked_at_while_they_are_small() -> None:
    content = workbook({"Export": [HEADER.split(","), ["S1", "C1", "03/04/2024", "", "1250"]]})
    assert settings(GivenFile("", "ours.xlsx", content)) == ["dates"]
    assert settings(GivenFile("", "ours.xlsx", b"PK\x03\x04" + bytes(600_000))) == []
