"""Totals and figures of a sheet with months across: told by what they add up to and where they stand, not by their names alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from tests.catalogue.test_wide import cells, read, written
from tests.workbooks import Cell, workbook

HEADER: list[Cell] = ["Customer", "Segment", "2024-01", "2024-02", "2024-03", "2024-04"]
A: list[list[Cell]] = [
    ["Ada", "SMB", 100, 110, 120, 130],
    ["Bob", "SMB", 50, 0, 0, 60.5],
    ["Cyd", "Ent", 0, 900, 910, 910],
]
B: list[list[Cell]] = [["Dee", "Ent", 7, 7, 8, 9], ["Eve", "Ent", 20, 21, 22, 23]]
TOTAL = "is the sum of rows above it, a total, not a customer"
FIGURE = "stands below the total, so it is a figure, not a customer"
ABOVE = "is the sum of rows below it, a total, not a customer"
BLANK = "stands below a blank line at the end, so it is a figure, not a customer"


def line(name: str, *blocks: Sequence[Sequence[Cell]], segment: str = "") -> list[Cell]:
    return [name, segment, *(sum(float(row[at] or 0) for block in blocks for row in block) for at in range(2, 6))]


def customers(*rows: Sequence[Cell], header: Sequence[Cell] = HEADER) -> tuple[set[object], dict[str, str]]:
    """Return the customers of a sheet, and why other rows are none, by their names."""
    found = read(written([header, *rows]), values="mrr")
    return {row[0] for row in cells(found)}, {row.value: row.reason for row in found.accounts[0].unused}


@pytest.mark.parametrize("name", ["Alle", "Nordlicht Software GmbH"])
def test_a_row_that_is_the_sum_of_all_above_it_is_a_total_whatever_its_name(name: str) -> None:
    assert customers(*A, line(name, A)) == ({"Ada", "Bob", "Cyd"}, {name: TOTAL})
    assert customers(line(name, A), *A)[0] == {"Ada", "Bob", "Cyd"}


def test_a_total_that_differs_in_a_month_of_many_is_still_one() -> None:
    header: list[Cell] = ["Customer", *(f"2024-{month:02}" for month in range(1, 13))]
    rows: list[list[Cell]] = [
        [name, *(start + step * month for month in range(12))] for name, start, step in (("Ada", 9, 1), ("Bob", 40, 3))
    ]
    total: list[Cell] = ["Alle", *(float(rows[0][at] or 0) + float(rows[1][at] or 0) for at in range(1, 13))]
    assert customers(*rows, [*total[:5], 999, *total[6:]], header=header)[0] == {"Ada", "Bob"}
    assert customers(*rows, [*total[:3], 999, 999, 999, *total[6:]], header=header)[0] == {"Ada", "Bob", "Alle"}


def test_customers_whose_prices_happen_to_add_up_stay_customers() -> None:
    header: list[Cell] = ["Customer", "2024-01", "2024-02", "2024-03"]
    assert customers(["Ada", 100, 100, 100], ["Bob", 100, 100, 100], ["Cyd", 200, 200, 200], header=header)[1] == {}
    assert customers(["Ada", 100, 110, 120], ["Bob", 100, 110, 120], header=header)[1] == {}


def test_totals_of_blocks_and_of_all_are_told_apart_from_the_customers_between_them() -> None:
    rows = [*A, line("Block one", A), *B, line("Block two", B), line("Together", A, B)]
    assert customers(*rows) == (
        {"Ada", "Bob", "Cyd", "Dee", "Eve"},
        dict.fromkeys(["Block one", "Block two", "Together"], TOTAL),
    )
    rows = [*A, line("Block one", A), *B, line("Together", A, B)]
    assert customers(*rows)[0] == {"Ada", "Bob", "Cyd", "Dee", "Eve"}
    sums = [line("Mid", [A[2], *B]), line("Together", A, B)]
    assert customers(*A, *B, *sums) == ({"Ada", "Bob", "Cyd", "Dee", "Eve"}, dict.fromkeys(["Mid", "Together"], TOTAL))


def test_rows_below_the_total_are_figures() -> None:
    below: list[list[Cell]] = [["Tempo", "", 1, 2, 3, 4], ["Won", "", 4, 2, 3, 4]]
    seen = customers(*A, *B, line("Alle", A, B), *below)
    assert seen == ({"Ada", "Bob", "Cyd", "Dee", "Eve"}, {"Alle": TOTAL, "Tempo": FIGURE, "Won": FIGURE})
    assert customers(*A, ["Total", "", 9, 9, 9, 9], *below)[1]["Won"] == FIGURE
    between = customers(*A, line("Start", A), *below, line("End", A), ["Headcount", "", 4, 5, 6, 7])
    assert between[0] == {"Ada", "Bob", "Cyd"}
    assert between[1]["Won"] == between[1]["Headcount"] == FIGURE


def test_more_rows_below_a_total_than_above_it_are_customers() -> None:
    assert customers(["Total", "", 999, 9, 9, 9], *A)[0] == {"Ada", "Bob", "Cyd"}
    assert customers(*A[:2], line("First", A[:2]), A[2], *B)[0] == {"Ada", "Bob", "Cyd", "Dee", "Eve"}


def test_rows_of_a_segment_below_a_total_are_customers() -> None:
    assert customers(*A, line("Block one", A), *B)[0] == {"Ada", "Bob", "Cyd", "Dee", "Eve"}


def test_rows_below_a_total_that_are_taken_for_customers_are_noted() -> None:
    found = read(written([HEADER, *A, line("Block one", A), *B]), values="mrr")
    assert found.accounts[0].notes[-1] == (
        "file: lines 6 to 7 stand below a total and are taken for customers (2); leave them out if they are figures."
    )
    whole = read(written([HEADER, *A, line("Block one", A), *B, line("Together", A, B)]), values="mrr")
    assert not any("below a total" in note for note in whole.accounts[0].notes)


@pytest.mark.parametrize("blank", [[], ["", "", "", "", "", ""]])
def test_rows_below_a_blank_line_at_the_end_are_figures(blank: list[Cell]) -> None:
    end: list[list[Cell]] = [["Won", "", 1, 2, 3, 4], ["Lost", "", 1, 0, 3, 4]]
    wanted = ({"Ada", "Bob", "Cyd", "Dee", "Eve"}, {"Won": BLANK, "Lost": BLANK})
    assert customers(*A, *B, blank, *end) == wanted
    book = read(workbook({"MRR": [HEADER, *A, *B, [], *end]}), values="mrr")
    assert {row.value: row.reason for row in book.accounts[0].unused} == wanted[1]
    assert {row.line for row in book.accounts[0].unused} == {8, 9}


def test_blocks_of_customers_with_blank_lines_between_stay_customers() -> None:
    assert customers(*A, [], *B)[0] == {"Ada", "Bob", "Cyd", "Dee", "Eve"}
    bare = [[row[0], "", *row[2:]] for row in [*A, *B]]
    assert customers(*bare[:2], [], *bare[2:4], [], *bare[4:])[0] == {"Ada", "Bob", "Cyd", "Dee", "Eve"}


@pytest.mark.parametrize("name", [
    "Expansion", "YoY growth", "Growth m/m", "# customers", "Anzahl Kunden", "Avg MRR per customer", "Check", "thereof Enterprise", "Budget",
    "Ending MRR", "Logo count", "Total active customers", "Net new MRR", "Davon SMB", "Summe MRR", "MRR gesamt", "Total per month",
    "Total MRR (EUR)", "Number of customers", "Contraction", "Opening MRR", "Wachstum", "Average MRR per account",
])  # fmt: skip
def test_figures_and_totals_are_known_by_name_wherever_they_stand(name: str) -> None:
    assert customers([name, "", 1, 2, 3, 4], *A)[0] == {"Ada", "Bob", "Cyd"}


@pytest.mark.parametrize(
    "name", ["Checkpoint", "Growth Partners", "Budget Cars Ltd", "Average Joe Inc", "Expansion Partners", "Total Wine"]
)
def test_customers_with_names_like_figures_stay_customers(name: str) -> None:
    assert name in customers([name, "SMB", 1, 2, 3, 4], *A)[0]


C: list[list[Cell]] = [["Fay", "Mid", 30, 31, 32, 35], ["Gus", "Mid", 4, 0, 6, 7], ["Hal", "Mid", 1, 1, 2, 3]]
EVERYBODY = {"Ada", "Bob", "Cyd", "Dee", "Eve", "Fay", "Gus", "Hal"}


@pytest.mark.parametrize("blank", [(), ([],)])
@pytest.mark.parametrize("segments", [True, False])
def test_sums_above_their_blocks_are_totals(blank: Sequence[list[Cell]], *, segments: bool) -> None:
    blocks = [[row if segments else [row[0], "", *row[2:]] for row in block] for block in (A, B, C)]
    sums = [line(name, block) for name, block in zip(("One", "Two", "Three"), blocks, strict=True)]
    rows = [row for total, block in zip(sums, blocks, strict=True) for row in (total, *block, *blank)]
    above = dict.fromkeys(("One", "Two", "Three"), ABOVE)
    assert customers(*rows) == (EVERYBODY, above)
    everything = line("Everything", *blocks)
    assert customers(everything, *blank, *rows) == (EVERYBODY, above | {"Everything": ABOVE})
    assert customers(*rows, everything) == (EVERYBODY, above | {"Everything": TOTAL})
    assert customers(["Total", *everything[1:]], *rows)[0] == EVERYBODY


def test_sums_above_blocks_within_blocks_are_totals() -> None:
    inner = [line("A", A), *A, line("B", B), *B]
    rows = [line("All", A, B, C), line("Two of them", A, B), *inner, line("C", C), *C]
    assert customers(*rows) == (EVERYBODY, dict.fromkeys(("All", "Two of them", "A", "B", "C"), ABOVE))


def test_a_small_last_block_under_its_sum_is_no_list_of_figures() -> None:
    bare = [[row[0], "", *row[2:]] for row in [*A, *B, *C]]
    rows = [line("Large", bare[:6]), *bare[:6], [], line("Small", bare[6:]), *bare[6:]]
    assert customers(*rows) == (EVERYBODY, {"Large": ABOVE, "Small": ABOVE})


def test_figures_below_a_total_stay_figures_where_they_are_its_parts() -> None:
    parts = [line("Enterprise", A), line("Small", B)]
    assert customers(*A, *B, line("Alle", A, B), *parts) == (
        {"Ada", "Bob", "Cyd", "Dee", "Eve"},
        {"Alle": TOTAL, "Enterprise": FIGURE, "Small": FIGURE},
    )


def test_a_customer_who_is_the_sum_of_those_at_the_end_stays_one() -> None:
    """A row in the middle of a list is no sum above a block: nothing says that a block begins there."""
    assert customers(*A, line("Zoe", B), *B) == ({"Ada", "Bob", "Cyd", "Zoe", "Dee", "Eve"}, {})
    assert customers(*A, [], line("Zoe", B), *B)[1] == {"Zoe": ABOVE}


@pytest.mark.parametrize("seed", range(40))
def test_price_lists_have_no_sums_above_by_chance(seed: int) -> None:
    """Customers at list prices, some of whom come, leave or change plan: none is a total."""
    rng = np.random.default_rng(seed)
    plans, rows = np.array([50, 100, 200, 500]), list[list[Cell]]()
    header: list[Cell] = ["Customer", "Segment", *(f"2024-{month:02}" for month in range(1, 13))]
    for number in range(60):
        start, change, (first, later) = rng.integers(0, 12), rng.integers(1, 24), rng.choice(plans, 2)
        cells_ = [0 if month < start - 6 else int(first if month < change else later) for month in range(12)]
        rows.append([f"c{number}", "", *cells_])
    assert customers(*rows, header=header)[1] == {}


def test_sums_above_and_below_do_not_slow_a_long_sheet() -> None:
    rng = np.random.default_rng(1)
    rows: list[list[Cell]] = []
    wanted = {f"Block {block}" for block in range(150)}
    for name in sorted(wanted):
        block: list[list[Cell]] = [[f"{name} {number}", "", *rng.integers(10, 99, 4).tolist()] for number in range(20)]
        rows += [line(name, block), *block]
    seen, reasons = customers(*rows)
    assert reasons == dict.fromkeys(wanted, ABOVE)
    assert len(seen) == 3000
