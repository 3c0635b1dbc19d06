"""Odd cells of workbooks: only the rows concerned are set aside, each with its place; nothing of them is lost silently."""

from __future__ import annotations

import base64
import io
import zipfile
import zlib
from datetime import date

import pytest

from model.errors import ExportError
from model.history.reading.files import GivenFile, Habits, Imported, read_files
from tests.workbooks import packed, workbook

HEADER = ["Opportunity ID", "Stage", "Created Date", "Close Date", "Amount", "Account", "Segment"]
SHEET = workbook(
    {"Deals": [HEADER, *([n, "Won", date(2024, 1, 1), date(2024, 2, 1), 5, "Ada", "SMB"] for n in (1, 2, 3))]}
)
AMOUNT, DAY = '<c r="E3"><v>5</v></c>', '<c r="C3" s="1"><v>45292</v></c>'
SEGMENT = '<c r="G3" t="inlineStr"><is><t xml:space="preserve">SMB</t></is></c>'
ACCOUNT = '<c r="F3" t="inlineStr"><is><t xml:space="preserve">Ada</t></is></c>'

OLDER = zlib.decompress(base64.b64decode(
    "eNrtWE1oE0EU/mZ30/y0TdOaCq1QQsGqsUKb9OCljfbH4qGl1oMigqYmB2lNJcaDIlqtPQqiJ8VLoRcvVS/+oAe9eRAqehAEodGjJ0HBQ5v1vb"
    "eT2GoODdiist9m3r73Zr6Z2Z2ZN5N9vVC/OPugOY9f0AMTBduPqhU+RclfNEKgfNtmtXj3UbJd/FPw+2ggqzx4WvvKy2PI452HgfvWC5LAR0pH"
    "cRrDk5l0ZAPRK31IKu5DN0mFO+QJokl61SDyhMhNIu9JyWci94jnmshuKruojmAhMRzdrWfxYaNV8oLgeh8J5714OtGIlzyLL11XTlkP9mZPJi"
    "f+zowWqwZzoHEbTGfS2eTEIsI0gHP4ZkeAr8WV+jzi+jfWr0D+76v93jL+m4YFTME+LhN8BtVosTjHxNDo6BIuoIYMTtVA39kzuclT6Wxkf38A"
    "OJhLZnOR/mQuTUF3IJMS1QTzaB73dVKRWEesa1dHJ/3YEyt5YtoTL3ni2tNV8jAxwNFeokNoVXSolVVTQzKFOtHrZe2EKP4v3f3yZmhsJHFMPF"
    "OyIzj7xlZ+VNi4zAwiByXHI5JzosLYKfKK1LpF9GaRYSpJ97aRRq3sm5YyVyW3jdqJC94mtq3Qt5M+8/nA45aZT4kdpM8P5s+H598lZtFK+1iK"
    "+HxNo121q9u3GE8SxbvSMeaDyKbf4o3PCOm+23pzrMMyAqLWi3QsfjuqZBn6XTmWSZap61Jl6lJSl6XLK6mL39hFgy1m31AO2yjDNoRdpdnOOH"
    "k12xB2q+mwzTJsU9g+zTaFzXu/x/CRxeyoYq5VhmsJN6C5lnCrdcuWcHupWz1GAx5yJyle/0QALly4cOHChQsXLtYTSk6l0GdA50TOZ0av/q6z"
    "TKngfib5bzGKSbpy9Md0ABm6Z3GuovmzGR5VrEutkVP8Xsg4RK1nMY4x6cd4xfOX/qWplc+zZmLozy2hStsvVNLPdW7/B1Ve34Q="
))  # fmt: skip
"""A workbook of Excel 97: four subscriptions, the MRR of the third is #N/A."""


def read(old: str, new: str) -> Imported:
    """Return a workbook as it is read with one of its cells written otherwise."""
    with zipfile.ZipFile(io.BytesIO(SHEET)) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    assert parts[sheet].count(old) == 1
    parts[sheet] = parts[sheet].replace(old, new)
    return read_files([GivenFile("opportunities", "deals", packed(parts))])


@pytest.mark.parametrize(("old", "new", "reason"), [
    (AMOUNT, '<c r="E3" t="e"><v>#REF!</v></c>', "Amount '#REF!' is not an amount"),
    (AMOUNT, "<c r='E3' t='e'><f>1/0</f><v>#DIV/0!</v></c>", "Amount '#DIV/0!' is not an amount"),
    (AMOUNT, '<c r="E3" t="e"><v>#SPILL!</v></c>', "Amount '#SPILL!' is not an amount"),
    (AMOUNT, '<c r="E3"><f>D3*2</f></c>', "Amount '#VALUE! formula without a value' is not an amount"),
    (AMOUNT, '<c r="E3" s="1"><f>D3*2</f><v></v></c>', "Amount '#VALUE! formula without a value' is not an amount"),
    (AMOUNT, '<c r="E3"><f t="shared" si="0"/><v/></c>', "Amount '#VALUE! formula without a value' is not an amount"),
    (AMOUNT, '<c r="E3"><v>1e999</v></c>', "Amount 'inf' is not an amount"),
    (AMOUNT, '<c r="E3"><v>NaN</v></c>', "Amount 'nan' is not an amount"),
    (AMOUNT, '<c r="E3" t="n"><v>abc</v></c>', "Amount 'abc' is not an amount"),
    (AMOUNT, '<c r="E3" t="b"><v>7</v></c>', "Amount '#VALUE! 7' is not an amount"),
    (AMOUNT, '<c r="E3" t="s"><v>77</v></c>', "Amount '#VALUE! 77' is not an amount"),
    (AMOUNT, '<c r="E3" t="zz"><v>77</v></c>', "Amount '#VALUE! 77' is not an amount"),
    (DAY, '<c r="C3" s="1"><v>99999999</v></c>', "Created Date '99999999' is not a date"),
    (DAY, '<c r="C3" s="1"><v>-5</v></c>', "Created Date '00:00:00' is not a date"),
    (DAY, '<c r="C3" s="1"><v>1e300</v></c>', "Created Date '1e+300' is not a date"),
    (DAY, '<c r="C3" t="e"><v>#N/A</v></c>', "Created Date '#N/A' is not a date"),
    (DAY, '<c r="C3" t="d"><v>2024-13-45</v></c>', "Created Date '2024-13-45' is not a date"),
    ('<c r="A3"><v>2</v></c>', '<c r="A3" t="e"><v>#NAME?</v></c>', "Opportunity ID '#NAME?' is an error of a formula"),
])  # fmt: skip
def test_a_row_with_an_odd_cell_is_set_aside(old: str, new: str, reason: str) -> None:
    found = read(old, new)
    assert [str(row) for row in found.accounts[0].unused] == [f"deals line 3: {reason}"]
    assert [row["id"] for row in found.tables["opportunities"].to_pylist()] == ["1", "3"]


def test_an_error_in_a_cell_that_need_not_be_there_is_taken_as_empty_and_noted() -> None:
    found = read(SEGMENT, '<c r="G3" t="e"><v>#N/A</v></c>')
    assert [row["segment"] for row in found.tables["opportunities"].to_pylist()] == ["SMB", "", "SMB"]
    assert found.accounts[0].notes == (
        "deals: cells of Segment that are errors of a formula, taken as empty: 1, the first in line 3: '#N/A'.",
    )
    found = read(ACCOUNT, '<c r="F3" t="e"><v>#REF!</v></c>')
    assert found.tables["opportunities"].to_pylist()[1]["account"] == ""


def across(*cells: str, name: str = "Bob") -> bytes:
    """Return a sheet with months across, with cells of its last row written as they are."""
    sheet = workbook({"ARR": [["Customer", "2024-01", "2024-02", "2024-03"], ["Ada", 5, 5, 5], [name, 1, 2, 3]]})
    with zipfile.ZipFile(io.BytesIO(sheet)) as archive:
        parts = {part: archive.read(part).decode() for part in archive.namelist()}
    for number, cell in enumerate(cells, 1):
        place = f'<c r="{"ABCD"[number]}3">'
        old = f"{place}<v>{number}</v></c>"
        assert parts["xl/worksheets/sheet1.xml"].count(old) == 1
        parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(
            old, cell.replace("<c", place[:-1], 1)
        )
    return packed(parts)


def test_a_month_that_nobody_knows_is_not_a_month_without_the_customer() -> None:
    unfilled, error = "<c><f>1+1</f><v/></c>", '<c t="e"><v>#REF!</v></c>'
    tail = ("What they hold is not known, and not zero. Open the file in a spreadsheet program, mend the errors and save it, so that values "
            "are stored; or empty the cells of months without the customer.")  # fmt: skip
    for cells, count, first in (
        ([unfilled], 1, "line 3, 2024-01: '#VALUE! formula without a value'"),
        (
            [unfilled, error, error],
            3,
            "line 3, 2024-01: '#VALUE! formula without a value'; line 3, 2024-02: '#REF!'; line 3, 2024-03: '#REF!'",
        ),
    ):
        with pytest.raises(ExportError) as refused:
            read_files([GivenFile("", "arr", across(*cells), Habits(values="arr"))])
        assert refused.value.problems == (
            f"arr: cells of its months that are formulas without a value or errors: {count} ({first}). {tail}",
        )
    found = read_files([GivenFile("", "arr", across(unfilled, error, name="Growth m/m"), Habits(values="arr"))])
    assert found.tables["subscriptions"]["customer"].to_pylist() == ["Ada"] * 3
    stored = read_files([GivenFile("", "arr", across("<c><f>1+1</f><v>1</v></c>"), Habits(values="arr"))])
    assert len(stored.tables["subscriptions"]) == 6


def test_errors_that_were_saved_as_text_are_errors_too() -> None:
    content = b"Customer,Month,MRR\nAda,2024-01,5\n#N/A,2024-01,5\n#REF!,2024-02,#VALUE!\n#1 Pizza,2024-01,5\n"
    found = read_files([GivenFile("", "file", content)])
    assert [str(row) for row in found.accounts[0].unused] == [
        "file line 3: Customer '#N/A' is an error of a formula",
        "file line 4: Customer '#REF!' is an error of a formula",
    ]
    assert found.tables["subscriptions"]["customer"].to_pylist() == ["Ada", "#1 Pizza"]


def test_errors_in_an_older_workbook_are_empty_cells_and_the_note_says_so() -> None:
    account = read_files([GivenFile("subscriptions", "a.xls", OLDER)]).accounts[0]
    assert [str(row) for row in account.unused] == ["a.xls line 4: MRR '' is empty"]
    assert account.notes[0] == ("a.xls: in this older format cells with an error (#REF!, #N/A) are read as empty; "
                                "saved as XLSX they are named.")  # fmt: skip


def test_a_binary_workbook_is_refused_by_its_name() -> None:
    with pytest.raises(ExportError) as error:
        read_files(
            [GivenFile("opportunities", "deals.xlsb", packed({"xl/workbook.bin": "", "xl/worksheets/sheet1.bin": ""}))]
        )
    assert error.value.problems == (
        "deals.xlsb: this is a binary workbook (XLSB), which cannot be read; save it as XLSX or CSV.",
    )


def test_a_formula_that_came_to_an_empty_text_is_an_empty_cell() -> None:
    assert not read(AMOUNT, '<c r="E3" t="str"><f>""</f><v></v></c>').accounts[0].unused
