"""Several currencies in one file: that of most rows is used, the others are set aside, none is ever converted."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from model.errors import ExportError
from model.history.reading.files import Asked, GivenFile, Habits, Imported, read_files
from tests.commands import Run

DEALS = "Opportunity ID,Stage,Created Date,Close Date,Amount"


def read(header: str, rows: Sequence[str], currency: str = "") -> Imported:
    content = ("\n".join([header, *rows]) + "\n").encode()
    return read_files([GivenFile("", "file", content, Habits(decimal=".", currency=currency))])


def named(*currencies: str) -> list[str]:
    return [f"{n},Won,2024-01-01,2024-02-01,{100 + n},{code}" for n, code in enumerate(currencies)]


def test_rows_in_another_currency_are_set_aside_counted_and_summed() -> None:
    found = read(f"{DEALS},Currency", named(*["USD"] * 37, "eur", "", "GBP", "EUR"))
    account = found.accounts[0]
    assert [str(row) for row in account.unused] == [
        "file line 39: Currency 'eur' is not USD, the currency of most rows",
        "file line 41: Currency 'GBP' is not USD, the currency of most rows",
        "file line 42: Currency 'EUR' is not USD, the currency of most rows",
    ]
    assert (account.read, account.used, found.currency, account.habits.currency) == (41, 38, "USD", "USD")
    assert account.notes == (
        "file: rows in other currencies than USD are set aside, nothing is converted: EUR 2 rows (277.00 of Amount), "
        "GBP 1 row (139.00 of Amount).",
        "file: rows that name no currency, taken as USD: 1.",
    )


@pytest.mark.parametrize(("name", "code"), [
    ("US Dollar", "USD"), ("united states dollar", "USD"), ("Euro", "EUR"), ("Pound Sterling", "GBP"), ("Swiss Franc", "CHF"),
])  # fmt: skip
def test_a_column_may_name_currencies_in_full(name: str, code: str) -> None:
    found = read(f"{DEALS},Currency", named(*[name] * 20, code))
    assert (found.accounts[0].used, found.currency, found.accounts[0].notes) == (21, code, ())


def test_a_name_that_is_not_known_is_said_and_not_taken_for_a_code() -> None:
    found = read(f"{DEALS},Currency", named(*["Romanian Leu"] * 20))
    assert (found.accounts[0].used, found.currency) == (20, "")
    assert found.accounts[0].notes == (
        "file: its currency, 'ROMANIAN LEU', is not known here; its amounts are taken to be in the currency of the company.",
    )


def test_signs_beside_amounts_tell_where_no_column_does() -> None:
    rows = [f"{n},Won,2024-01-01,2024-02-01,{'5 €' if n == 3 else '$5'}" for n in range(20)]
    found = read(DEALS, rows)
    assert [str(row) for row in found.accounts[0].unused] == [
        "file line 5: Amount '5 €' is in EUR, not USD, the currency of most rows"
    ]
    assert found.currency == "USD"
    blank = [f"{n},Won,2024-01-01,2024-02-01,{'5 €' if n == 3 else '$5'},{'' if n == 3 else 'CAD'}" for n in range(20)]
    found = read(f"{DEALS},Currency", blank)
    assert [str(row) for row in found.accounts[0].unused] == [
        "file line 5: Amount '5 €' is in EUR, not CAD, the currency of most rows"
    ]


def test_without_a_clear_majority_the_currency_is_asked_for() -> None:
    rows = named(*["USD"] * 8, "EUR", "GBP")
    with pytest.raises(Asked) as error:
        read(f"{DEALS},Currency", rows)
    (question,) = error.value.questions
    assert (question.setting, question.column) == ("currency", "Currency")
    assert question.sentence == (
        "file: fewer than 90 % of its rows are in one currency; rows in others are set aside, nothing is converted. Say which "
        "currency: 'USD' (8 of 10 rows); 'EUR' (1 of 10 rows); 'GBP' (1 of 10 rows)."
    )
    found = read(f"{DEALS},Currency", rows, "eur")
    assert (found.accounts[0].used, found.currency) == (1, "EUR")
    assert str(found.accounts[0].unused[0]) == "file line 2: Currency 'USD' is not EUR, the currency chosen"
    with pytest.raises(ExportError) as refused:
        read(f"{DEALS},Currency", rows, "CHF")
    assert refused.value.problems == ("file: no row is in CHF; there are USD, EUR, GBP.",)


def test_nine_in_ten_rows_are_a_clear_majority() -> None:
    assert read(f"{DEALS},Currency", named(*["USD"] * 9, "EUR")).accounts[0].used == 9


def test_a_file_that_names_no_currency_is_in_the_one_that_is_said() -> None:
    assert read(DEALS, ["1,Won,2024-01-01,2024-02-01,5"], "EUR").currency == "EUR"


def test_hostile_currencies_are_shown_short_and_plain() -> None:
    found = read(f"{DEALS},Currency", named(*["USD"] * 9, "<script>\u202ealert(1)"))
    assert (
        str(found.accounts[0].unused[0])
        == "file line 11: Currency '<script> alert(1)' is not USD, the currency of most rows"
    )
    assert "<SCRIPT> AL… 1 row" in found.accounts[0].notes[0]
    assert read(f"{DEALS},Currency", named(*[f"X{n}" for n in range(99)]), "x3").accounts[0].used == 1
    with pytest.raises(ExportError) as refused:
        read(DEALS, ["1,Won,2024-01-01,2024-02-01,5"], "<b>")
    assert refused.value.problems == ("file: currency '<b>' is not known; write a code of three letters, such as USD.",)


def test_the_command_takes_the_currency(run: Run) -> None:
    from pathlib import Path

    Path("deals.csv").write_text("\n".join([f"{DEALS},Currency", *named(*["USD"] * 8, "EUR", "EUR"), ""]))
    done = run("calibrate", "--opportunities", "deals.csv", "--out", "c.toml")
    assert done.code == 2
    assert done.errors[0].endswith(
        "'USD' (8 of 10 rows); 'EUR' (2 of 10 rows). Give --currency and its code, such as --currency USD."
    )
    done = run("calibrate", "--opportunities", "deals.csv", "--out", "c.toml", "--currency", "USD")
    assert done.code == 0
    assert "opportunities, deals.csv: 10 rows read = 8 used + 2 set aside" in done.text
