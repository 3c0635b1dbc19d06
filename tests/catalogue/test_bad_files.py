"""Files that cannot be read as they are: each gets its sentence, or its question, word by word."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from model.errors import ExportError
from model.history.reading import csv_file, opened, parquet_file
from model.history.reading.files import Asked, GivenFile, Habits, read_files, recognised
from tests.workbooks import packed, workbook

HEADER = "Opportunity ID,Stage,Created Date,Close Date,Amount"
ROW = "1,Won,2024-01-01,2024-02-01,5"
LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
SHEET = workbook({"Deals": [HEADER.split(","), ["1", "Won", date(2024, 1, 1), date(2024, 2, 1), 5]]})


def table(*rows: str, header: str = HEADER, encoding: str = "utf-8") -> bytes:
    return ("\n".join([header, *rows]) + "\n").encode(encoding)


def parquet(**columns: list[object]) -> bytes:
    held = io.BytesIO()
    pq.write_table(pa.table(columns), held)
    return held.getvalue()


def changed(book: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """Return a workbook with one of its parts changed."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = parts[part].replace(old, new)
    return packed({name: text.decode() for name, text in parts.items()})


def declaring(size: int) -> bytes:
    """Return a small archive that declares a huge sheet."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("xl/workbook.xml", "x")
        archive.writestr("xl/worksheets/sheet1.xml", b"a" * 100)
        archive.filelist[1].file_size = size
    return held.getvalue()


def refused(content: bytes | Path, kind: str = "opportunities", habits: Habits | None = None) -> tuple[str, ...]:
    with pytest.raises(ExportError) as error:
        read_files([GivenFile(kind, "deals", content, habits or Habits())])
    assert not isinstance(error.value, Asked)
    return error.value.problems


def test_a_text_under_the_name_of_a_workbook_is_none() -> None:
    with pytest.raises(ExportError) as error:
        read_files([GivenFile("", "Deals.XLSX", b"hello\nworld\n")])
    assert error.value.problems == (
        "Deals.XLSX: this is no workbook, whatever its name says; if it is text, name it .csv.",
    )


BROKEN = "the workbook is broken or cut off; open it in Excel and save it once more."
REFUSED: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "the file is empty; a header line and rows are needed."),
    "blank": (b"\xef\xbb\xbf \r\n\n", "the file is empty; a header line and rows are needed."),
    "header only": (table(), "there is a header line and no row below it."),
    "binary": (b"abc\0\1\2", "byte 3 is NUL, so this is not a text file; save it as CSV in UTF-8."),
    "no line break": (
        b"a,b " * 500_000,
        "line 1 has more than 1,000,000 characters; lines of a table are shorter, so this is none, or its line breaks are lost.",
    ),
    "no line break below": (
        table(ROW) + b"2," + b"x" * 1_000_001,
        "line 3 has more than 1,000,000 characters; lines of a table are shorter, so this is none, or its line breaks are lost.",
    ),
    "long cell": (
        table(*[ROW] * 100, '2,"' + "x\n" * 70_000 + '",2024-01-01,2024-02-01,5'),
        "line 102 has a cell of more than 131,072 characters; a quote that is not closed makes such cells.",
    ),
    "PDF": (b"%PDF-1.7\n", "this is a PDF document, not a table; save it as CSV, XLSX or Parquet."),
    "gzip": (b"\x1f\x8b\x08", "this is packed with gzip, not a table; save it as CSV, XLSX or Parquet."),
    "web page": (b"<html><table><tr>", "this is a web page, whatever its name says; open it and save it as CSV or XLSX."),
    "cut off": (table("1,f\u00fc")[:-2], "the file ends within a character, so it is cut off; export it once more."),
    "half of UTF-16": (
        table(ROW, encoding="utf-16")[:-1],
        "byte 164 is not UTF-16 text; save the file as UTF-8, or name its encoding.",
    ),
    "no encoding": (
        b"a,b\n\x81\xff\n" + bytes(range(128, 256)),
        "this is not text in any encoding known; save it as CSV in UTF-8.",
    ),
    "1000 columns": (
        table(header=",".join(f"c{n}" for n in range(1000))),
        "the header has 1,000 columns; at most 200 can be read.",
    ),
    "repeated header": (
        table(header=HEADER + ",Stage"),
        "the header 'Stage' stands 2 times; give each column its own name.",
    ),
    "open quote": (
        table(*[ROW] * 100, '2,"Won,2024-01-01,2024-02-01,5', ROW),
        "line 102 opens a quote that is not closed; close it, or write a quote within a cell twice.",
    ),
    "quote in a cell": (table('1,"Won"now,2024-01-01,2024-02-01,5'), "line 2 has a quote within a cell; write it twice."),
    "mixed days": (
        table("1,Won,13/2/2024,2024-03-04,5", "2,Won,2/13/2024,2024-03-04,5"),
        "the dates of Created Date are written in two ways ('13/2/2024' and '2/13/2024'); write them in one, or say which "
        "dates: 'day-first', 'month-first', 'year-first'.",
    ),
    "mixed amounts": (
        table('1,Won,2024-01-01,2024-01-02,"1.234,5"', '2,Won,2024-01-01,2024-01-02,"1,234.5"'),
        "the amounts of Amount are written in two ways ('1,234.5' and '1.234,5'); write them in one, or say which decimal: "
        "'.', ','.",
    ),
    "no row of use": (
        table("1,Won,never,2024-01-02,5", "2"),
        "none of the 2 rows can be used; deals line 2: Created Date 'never' is not a date.",
    ),
    "missing column": (
        table("x", header=HEADER.replace("Amount", "Price")),
        "no column for amount (the recurring amount a year); known headers are ARR, ACV, Annual Contract Value, Annual "
        "contract value (ACV), Annual recurring revenue (ARR), Annual Recurring Revenue and others; the file has "
        "Opportunity ID, Stage, Created Date, Close Date, Price. Name the right one: HEADER=amount.",
    ),
    "locked workbook": (
        LOCKED + "EncryptedPackage".encode("utf-16-le"),
        "the workbook is locked with a password; save it without one.",
    ),
    "broken old workbook": (LOCKED, BROKEN),
    "half a workbook": (SHEET[:-40], BROKEN),
    "broken sheet": (changed(SHEET, "xl/worksheets/sheet1.xml", b"<sheetData>", b"<sheetData"), BROKEN),
    "other archive": (
        packed({"a.csv": "x"}),
        "this is an archive and no Excel workbook; unpack it, or save it as CSV or XLSX.",
    ),
    "declares gigabytes": (
        declaring(4_000_000_000),
        "the workbook would unpack to 4,000 MB; at most 1,000 MB can be read. Save it as CSV or Parquet.",
    ),
    "thousands of parts": (
        packed({"xl/workbook.xml": "x"} | {f"x{n}": "" for n in range(10_000)}),
        "the workbook holds 10,001 parts; at most 10,000 can be read. Save it as CSV or Parquet.",
    ),
    "declares far more than it holds": (
        packed({"xl/workbook.xml": "x", "xl/worksheets/sheet1.xml": " " * 300_000_000}),
        "the workbook declares 1,028 times its own size, more than the 200 times that tables take; save it once more.",
    ),
    "declares less than it holds": (declaring(10), BROKEN),
    "cells far apart": (
        changed(SHEET, "xl/worksheets/sheet1.xml", b"</sheetData>", b'<row><c r="XFD1048576"><v>1</v></c></row></sheetData>'),
        "a sheet reaches to row 1,048,576 and column XFD; at most 60,000,000 cells can be read.",
    ),
    "long texts repeated": (
        packed({"xl/workbook.xml": "x", "xl/sharedStrings.xml": f"<sst><si><t>{'x' * 1_000_000}</t></si></sst>",
                "xl/worksheets/sheet1.xml": '<row><c t="s"><v>0</v></c></row>' * 2_000}),
        "the texts of the workbook would fill 2,000 MB; at most 1,000 MB can be read. Save it as CSV or Parquet.",
    ),
    "no table": (workbook({"Notes": [["x"], ["y"]]}), "no sheet holds a table; a header row and rows below it are needed."),
    "half a Parquet file": (parquet(a=[1])[:-20], "the Parquet file is broken or cut off; write it once more."),
    "Parquet with lists": (
        parquet(**{"Stage": [["x"]], "Created Date": ["x"], "Close Date": ["x"], "Amount": [1]}),
        "the column 'Stage' holds lists or records; plain cells are needed.",
    ),
    "Parquet with bytes": (
        parquet(**{"Stage": [b"\xff"], "Created Date": ["x"], "Close Date": ["x"], "Amount": [1]}),
        "the column 'Stage' holds neither text nor numbers nor dates.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("mistake", REFUSED)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(mistake: str) -> None:
    content, sentence = REFUSED[mistake]
    assert refused(content) == (f"deals: {sentence}",)


def test_a_line_without_an_end_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_file, "BLOCK", 300)
    monkeypatch.setattr(csv_file, "LONGEST", 200)
    assert refused(table(*[ROW] * 250, "x" * 2_000)) == (
        "deals: line 252 has more than 200 characters; lines of a table are shorter, so this is none, or its line breaks are lost.",
    )


def test_what_a_file_declares_is_checked_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    content = parquet(**{name: ["x"] * 1000 for name in HEADER.split(",")})
    monkeypatch.setattr(parquet_file, "MAX_UNPACKED", 100)
    (sentence,) = refused(content)
    assert sentence == "deals: the file would unpack to 0 MB; at most 0 MB can be read."
    monkeypatch.setattr(parquet_file, "MAX_UNPACKED", 90_000)
    assert refused(content) == ("deals: the file declares 1,000 rows; at most 900 can be read.",)
    monkeypatch.setattr("model.history.reading.files.MAX_UPLOAD", 1_000_000)
    assert opened.MAX_UPLOAD == 200_000_000
    assert refused(b"x" * 1_000_001) == ("deals: the file has 1.0 MB; at most 1 MB can be read.",)


def test_all_files_are_refused_at_once() -> None:
    with pytest.raises(ExportError) as error:
        read_files([GivenFile("", "a.csv", b""), GivenFile("", "b.csv", b"\0"), GivenFile("deals", "c.csv", b"x"),
                    GivenFile("", "d.csv", b"a,b\n1,2")])  # fmt: skip
    kinds = "opportunities, subscriptions, invoices, leads, payments, people, forecasts, actuals"
    assert error.value.problems == (
        "a.csv: the file is empty; a header line and rows are needed.",
        "b.csv: byte 0 is NUL, so this is not a text file; save it as CSV in UTF-8.",
        f"c.csv: 'deals' is not a kind of file; there are {kinds}.",
        f"d.csv: what its rows are cannot be told from its columns (a, b); say which kind: {kinds}.",
    )
    with pytest.raises(ExportError, match="There is no file; one or more of opportunities, "):
        read_files([])


def test_two_files_for_one_table_and_currencies_that_differ_are_refused() -> None:
    month = b"Customer,Month,MRR\na,2024-01,$5\n"
    with pytest.raises(ExportError) as error:
        read_files([GivenFile("", "a.csv", month), GivenFile("", "b.csv", month.replace(b"$", "€".encode()))])
    assert error.value.problems == (
        "subscriptions are in 2 files, a.csv (invoices) and b.csv (invoices); put them in one, or give only one of them.",
        "The files are in several currencies (a.csv: USD, b.csv: EUR); bring them to one first.",
    )


def test_habits_and_columns_that_do_not_exist_are_named() -> None:
    assert refused(table(ROW), habits=Habits("klingon", ":", "'", "last")) == (
        "deals: delimiter ':' is not known; there are ,, ;, tab, |.",
        'deals: decimal "\'" is not known; there are ., ,.',
        "deals: dates 'last' is not known; there are day-first, month-first, year-first.",
        "deals: encoding 'klingon' is not known; utf-8 and cp1252 are.",
    )
    assert refused(SHEET, habits=Habits(sheet="B")) == ("deals: no sheet 'B' with a table; there are Deals.",)
    with pytest.raises(ExportError) as error:
        read_files([GivenFile("opportunities", "deals", table(ROW), columns={"price": "Amount", "amount": "Worth"})])
    assert error.value.problems[0].startswith("deals: price is not a field of opportunities; there are id, outcome, ")
    assert error.value.problems[1].startswith(
        "deals: there is no column 'Worth' for amount; the file has Opportunity ID,"
    )


def test_a_path_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path / "none.csv") == ("deals: the file cannot be opened: No such file or directory.",)
    assert refused(tmp_path) == ("deals: the file cannot be opened: Is a directory.",)


def test_only_the_first_lines_are_needed_to_refuse() -> None:
    with pytest.raises(ExportError, match="deals: the header 'a' stands 2 times"):
        recognised("deals", b"a,a\n1,2\n")


@pytest.mark.parametrize("kind", ["", "opportunities"])
@pytest.mark.parametrize(
    "header", [("Alte Phase", "Neue Phase"), ("From Stage", "To Stage"), ("Old Value", "New Value")]
)
def test_a_history_of_stages_is_refused_as_what_it_is(kind: str, header: tuple[str, str]) -> None:
    content = f"Deal ID,{','.join(header)},Changed\n1,,Demo,2024-01-01\n1,Demo,Won,2024-02-01\n".encode()
    for open_it in (
        lambda: read_files([GivenFile(kind, "deals", content)]),
        lambda: recognised("deals", content, kind=kind),
    ):
        with pytest.raises(ExportError) as error:
            open_it()
        assert error.value.problems == (
            f"deals: each of its rows is a change of stage ({header[0]} and {header[1]}), and histories of stages are not read. Give the "
            "opportunities themselves, one row each, with the days they were created and closed.",
        )
