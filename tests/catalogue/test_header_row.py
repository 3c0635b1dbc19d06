"""Which row is the header, and what the rows are, where a column that is needed is not recognised."""

from __future__ import annotations

import pytest

from model.errors import ExportError
from model.history.reading.files import GivenFile, Recognition, read_files, recognised

DATED = "Nr,Firm,Stand,Began,Due,Decided,Worth"
DATED_ROWS = [
    f"{at},F{at},{'Won' if at % 2 else 'Lost'},2023-{at:02}-03,2024-01-{at:02},2023-12-{at:02},10" for at in range(1, 9)
]
NAMED = {"Stand": "outcome", "Began": "created", "Decided": "closed", "Worth": "amount", "Due": "first_due"}


def seen(header: str, rows: list[str], kind: str = "") -> Recognition:
    return recognised("f.csv", "\n".join([header, *rows, ""]).encode(), kind=kind)


@pytest.mark.parametrize("kind", ["", "opportunities", "subscriptions", "actuals"])
def test_a_row_of_dates_is_no_header_of_months(kind: str) -> None:
    assert seen(DATED, DATED_ROWS, kind).headers == tuple(DATED.split(","))
    assert seen(f"Deals of 2023,,,,,,\n{DATED}", DATED_ROWS, kind).headers != tuple(DATED_ROWS[0].split(","))


def test_columns_of_such_a_file_can_be_named() -> None:
    content = "\n".join([DATED, *DATED_ROWS, ""]).encode()
    with pytest.raises(
        ExportError, match=r"no column for outcome .* the file has Nr, Firm, Stand, Began, Due, Decided, Worth"
    ):
        read_files([GivenFile("opportunities", "f.csv", content)])
    found = read_files(
        [GivenFile("opportunities", "f.csv", content, columns={field: name for name, field in NAMED.items()})]
    )
    assert found.accounts[0].used == 8


def test_months_across_are_found_below_a_title_and_by_amounts_below_them() -> None:
    sheet = ["MRR by customer,,,", "Customer,Jan 2024,Feb 2024,Mar 2024", "Ada,10,,10", "Bob,5,5,-"]
    found = seen(sheet[0], sheet[1:], "invoices")
    assert [one.setting for one in found.questions] == ["values"]
    assert "its columns 2024-01 to 2024-03 are months" in found.questions[0].sentence


def test_the_kind_that_reads_far_more_is_asked_about_though_it_lacks_a_column() -> None:
    found = seen("Deal ID,Deal Type,Deal Owner,Company,Amount,Created At,Status", ["d1,New,Eve,Ada,5,2024-01-02,Won"])
    assert found.kind == ""
    (question,) = found.questions
    assert (question.setting, [one.value for one in question.choices]) == (
        "kind",
        ["opportunities", "invoices", "leads"],
    )
