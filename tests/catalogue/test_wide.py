"""Sheets with customers down and months across: each filled cell is a row, and all later steps are the same."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from model.errors import ExportError
from model.history.asking.engine import in_process
from model.history.asking.gather import gather
from model.history.reading.files import Asked, GivenFile, Habits, Imported, read_files, recognised
from tests.commands import Run
from tests.workbooks import Cell, workbook

MONTHS = ["Jan 2024", "2024-02", "03/2024", "Apr-24", "2024-05-01"]
AMOUNTS: Mapping[str, tuple[str, Sequence[float]]] = {
    "Ada": ("SMB", [100, 100, 120, 120, 120]),
    "Bob": ("SMB", [50, 0, 0, 60, 60]),
    "Cyd": ("Ent", [0, 0, 900.5, 900.5, 0]),
}
SHEET: list[list[Cell]] = [
    ["Customer", "Segment", "Start Date", "MRR", *MONTHS, "Total"],
    *(
        [name, segment, "2019-01-01", 7, *(cell or None for cell in cells), sum(cells)]
        for name, (segment, cells) in AMOUNTS.items()
    ),
    ["Total", "", "", 21, 150, 100, 1020.5, 1080.5, 180, 2531],
]


def written(rows: Sequence[Sequence[Cell]]) -> bytes:
    return "".join(",".join("" if cell is None else str(cell) for cell in row) + "\n" for row in rows).encode()


def read(content: bytes, kind: str = "", **habits: str) -> Imported:
    return read_files([GivenFile(kind, "file", content, Habits(**habits))])


def cells(found: Imported) -> list[tuple[object, ...]]:
    table = found.tables["subscriptions"].to_pylist()
    return sorted((row["customer"], row["segment"], row["started"], row["ended"], row["yearly"]) for row in table)


def long() -> Imported:
    rows = [f"{name},{segment},2024-{month:02},{cell}" for name, (segment, amounts) in AMOUNTS.items()
            for month, cell in enumerate(amounts, 1) if cell]  # fmt: skip
    return read("\n".join(["Customer,Segment,Month,MRR", *rows, ""]).encode())


@pytest.mark.parametrize("kind", ["", "invoices", "subscriptions"])
def test_a_wide_sheet_is_the_same_as_a_row_for_each_month(kind: str) -> None:
    found = read(written(SHEET), kind, values="mrr")
    assert cells(found) == cells(long())
    with in_process(found.tables) as wide, in_process(long().tables) as plain:
        one, other = gather(wide), gather(plain)
    assert one.until == other.until
    assert one.movements.equals(other.movements)
    account = found.accounts[0]
    assert (account.kind, account.read, account.used) == ("invoices", 11, 10)
    assert [str(row) for row in account.unused] == ["file line 5: Customer 'Total' is a total, not a customer"]
    assert account.notes == (
        "file: months stand in columns, 2024-01 to 2024-05; each of the 15 filled cells is a row, 5 empty or zero cells are "
        "months without a subscription.",
        "file: columns not read: Start Date, MRR, Total.",
    )


def test_values_of_a_year_are_those_of_a_year() -> None:
    yearly = [row[-1] for row in cells(read(written(SHEET), values="arr"))]
    assert yearly == [row[-1] // 12 for row in cells(long())]


def test_excel_and_parquet_give_the_same() -> None:
    header: list[Cell] = [
        "Customer",
        "Segment",
        "Start Date",
        "MRR",
        *(date(2024, month, 1) for month in range(1, 6)),
        "Total",
    ]
    book = workbook({"Q": [["Monthly recurring revenue"], [], header, *SHEET[1:]]})
    assert cells(read(book, values="mrr")) == cells(long())
    held = io.BytesIO()
    columns = list(zip(*SHEET[1:], strict=True))
    pq.write_table(
        pa.table([pa.array(list(column)) for column in columns], names=[str(cell) for cell in SHEET[0]]), held
    )
    assert cells(read(held.getvalue(), values="mrr")) == cells(long())


def test_what_the_values_are_is_asked_unless_headers_or_the_sheet_say() -> None:
    with pytest.raises(Asked) as error:
        read(written(SHEET))
    (question,) = error.value.questions
    assert (question.setting, [choice.value for choice in question.choices]) == ("values", ["mrr", "arr"])
    assert question.sentence == (
        "file: its columns 2024-01 to 2024-05 are months, and nothing says what their values are. Say which values: "
        "'mrr' (monthly amounts, so that 100 is 1,200 a year); 'arr' (yearly amounts, so that 100 is 100 a year)."
    )
    assert recognised("file", written(SHEET)).questions == (question,)
    named = [[*SHEET[0][:4], *(f"{month} (MRR)" for month in MONTHS), "Total"], *SHEET[1:]]
    assert cells(read(written(named))) == cells(long())
    assert cells(read(workbook({"MRR": SHEET}))) == cells(long())


def test_columns_of_both_are_told_apart() -> None:
    header: list[Cell] = ["Customer", *(f"{word} 2024-0{month}" for month in (1, 2, 3) for word in ("MRR", "ARR"))]
    content = written([header, ["Ada", 1, 12, 2, 24, 3, 36]])
    with pytest.raises(Asked, match="nothing says what their values are"):
        read(content)
    assert [row[-1] for row in cells(read(content, values="arr"))] == [1200, 2400, 3600]
    assert [row[-1] for row in cells(read(content, values="mrr"))] == [1200, 2400, 3600]


def test_cells_that_cannot_be_used_are_named_with_their_column() -> None:
    rows: list[list[Cell]] = [["Customer", "2024-01", "2024-02", "2024-03"], ["Ada", "n/a", 5, "tbd"], ["", 5, 0, "-"],
                              ["Bob", 1, "1+1", -3], ["Cyd", "0.00", "", " "], ["Dee", 1]]  # fmt: skip
    found = read(written(rows), values="mrr").accounts[0]
    assert [str(row) for row in found.unused] == [
        "file line 2: 2024-01 'n/a' is not an amount",
        "file line 2: 2024-03 'tbd' is not an amount",
        "file line 3: Customer '' is empty",
        "file line 4: 2024-03 '-3' is below zero, a credit",
        "file line 4: 2024-02 '1+1' is not an amount",
        "file line 6: has 2 cells where the header has 4",
    ]
    assert (found.read, found.used, len(found.unused)) == (8, 2, 6)


def test_a_row_that_no_cell_of_can_be_used_is_named_once_and_counts_as_one() -> None:
    rows: list[list[Cell]] = [
        ["Customer ID", *MONTHS],
        ["", 1, 2, 3, 4, 5],
        ["#REF!", 1, 2, 3, 4, 5],
        ["Ada", 1, 2, 3, 4, "x"],
    ]
    for content in (written(rows), workbook({"MRR": rows})):
        found = read(content, values="mrr").accounts[0]
        assert [str(row) for row in found.unused] == [
            "file line 2: Customer ID '' is empty",
            "file line 3: Customer ID '#REF!' is an error of a formula",
            f"file line 4: {MONTHS[4]} 'x' is not an amount",
        ]
        assert (found.read, found.used) == (7, 4)


def test_a_corner_without_a_header_is_the_customer() -> None:
    content = written([["", "2024-01", "2024-02", "2024-03"], ["Ada", 1, 2, 3]])
    assert [row[0] for row in cells(read(content, values="mrr"))] == ["Ada"] * 3


def test_names_that_may_be_totals_are_noted() -> None:
    content = written([["Customer", "2024-01", "2024-02", "2024-03"], ["Total Wine", 1, 2, 3], ["SMB total", 1, 2, 3],
                       ["Totally", 1, 2, 3], ["Grand Total", 1, 2, 3]])  # fmt: skip
    found = read(content, values="mrr").accounts[0]
    assert found.used == 9
    assert found.notes[-1] == (
        "file: taken for customers, though they may be totals that count everything twice: SMB total, Total Wine."
    )


def test_rows_of_figures_and_subtotals_are_no_customers() -> None:
    names = ["Ada", "Enterprise subtotal", "Churn %", "Customers", "Churn (logo)", "Growth Partners"]
    content = written([["Customer", "2024-01", "2024-02", "2024-03"], *([name, 1, 2, 3] for name in names)])
    found = read(content, values="mrr")
    assert {row[0] for row in cells(found)} == {"Ada", "Growth Partners"}
    assert [str(row) for row in found.accounts[0].unused] == [
        "file line 3: Customer 'Enterprise subtotal' is a total, not a customer",
        "file line 4: Customer 'Churn %' is a figure, not a customer",
        "file line 5: Customer 'Customers' is a figure, not a customer",
        "file line 6: Customer 'Churn (logo)' is a figure, not a customer",
    ]


def test_the_order_of_day_and_month_is_the_one_that_gives_months() -> None:
    def months(*header: str, **habits: str) -> list[date]:
        content = written([["Customer", *header], ["Ada", *([5] * len(header))]])
        table = read(content, values="mrr", **habits).tables["subscriptions"]
        return sorted(table["started"].to_pylist())

    assert months("01/01/2024", "01/02/2024", "01/03/2024") == [date(2024, n, 1) for n in (1, 2, 3)]
    assert months("1/1/24", "2/1/24", "3/1/24") == [date(2024, n, 1) for n in (1, 2, 3)]
    assert months("31.01.2024", "29.02.2024", "31.03.2024") == [date(2024, n, 1) for n in (1, 2, 3)]
    with pytest.raises(Asked) as error:
        months("01/02/2024", "02/03/2024", "03/04/2024")
    assert error.value.problems == (
        "file: its months can be read in 2 ways. Say which dates: 'day-first' (01/02/2024 is 2024-02); "
        "'month-first' (01/02/2024 is 2024-01).",
    )
    assert months("01/02/2024", "02/03/2024", "03/04/2024", dates="month-first")[0] == date(2024, 1, 1)


def test_months_that_stand_twice_are_refused_and_quarters_and_years_are_no_months() -> None:
    with pytest.raises(ExportError) as error:
        read(written([["Customer", "Jan 2024", "2024-01", "Feb 2024"], ["Ada", 1, 2, 3]]), values="mrr")
    assert error.value.problems == (
        "file: the month 2024-01 stands in the columns Jan 2024 and 2024-01; keep one of them.",
    )
    with pytest.raises(ExportError, match="what its rows are cannot be told from its columns"):
        read(written([["Customer", "Q1 2024", "Q2 2024", "Q3 2024", "2024"], ["Ada", 1, 2, 3, 4]]))


def test_the_command_takes_what_the_values_are(run: Run) -> None:
    from pathlib import Path

    Path("wide.csv").write_bytes(written(SHEET))
    done = run("calibrate", "--subscriptions", "wide.csv", "--out", "c.toml")
    assert done.code == 2
    assert done.errors[0].endswith(". Give --values mrr or --values arr.")
    done = run("calibrate", "--subscriptions", "wide.csv", "--out", "c.toml", "--values", "mrr")
    assert done.code == 0
    assert "invoices, wide.csv: 11 rows read = 10 used + 1 set aside" in done.text
