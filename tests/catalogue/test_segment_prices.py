"""What each segment sells for: of its own wins, of longer ones, or of what its customers pay beside all; never everybody's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from model import load_shipped
from model.history.asking.engine import in_process
from model.history.asking.gather import gather
from model.history.measuring.agreement import Agreement
from model.history.measuring.calibrate import Calibration, calibrate
from model.history.reading.files import GivenFile, read_files
from model.text import rate
from tests.histories import Held, book_tables, facts

UNTIL = 659
TEMPLATE = load_shipped("midmarket-saas")
TITLES = {"small": "Small", "big": "Big"}
BIG, SMALL = 5_000_000, 100_000  # cents a year


def held(big: int, ago: range = range(12), arr: int = BIG) -> list[Held]:
    """Five small customers a month in each of 36 months, and so many big ones in turn in the months `ago`; none leaves."""
    small = [Held(n, UNTIL - n // 5, 999, SMALL, "small") for n in range(180)]
    return [*small, *(Held(1000 + n, UNTIL - ago[n % len(ago)], 999, arr, "big") for n in range(big))]


def won(customers: list[Held]) -> dict[str, list[list[object]]]:
    """Every customer was won, and another opportunity lost beside each."""
    prices = [[one.segment, one.customer % 16, one.first, 2, 1, 1, 1, 1, one.arr, 0, 0, 0] for one in customers]
    created = [[one.segment, one.first, 2, 1, one.arr] for one in customers]
    decisions = [[one.segment, one.customer % 16, word, 30, 1] for one in customers for word in ("won", "lost")]
    return {"prices": prices, "created": created, "decisions": decisions}


def of(customers: list[Held], deals: list[Held], titles: dict[str, str] = TITLES) -> Calibration:
    book = book_tables(customers, UNTIL) if customers else {}
    return calibrate(facts(UNTIL, titles, **book, **won(deals)), template=TEMPLATE, title="Ours")


def price(found: Calibration, segment: str) -> float:
    return found.company.assumptions["average_selling_price"][segment]


def test_a_segment_with_few_wins_in_a_year_has_its_price_of_two_or_three_years() -> None:
    for ago, period in ((range(1, 24, 2), "2023-01 to 2024-12"), (range(2, 36, 3), "2022-01 to 2024-12")):
        found = of([], held(12, ago))
        assert price(found, "big") == pytest.approx(BIG / 100)
        assert price(found, "small") == pytest.approx(SMALL / 100)
        assert (f"Selling price of Big is that of {period}: in 2024-01 to 2024-12 there were fewer than 10 won "
                "opportunities.") in found.notes  # fmt: skip
        assert found.company.sources["average_selling_price"].startswith("measured: ")
        assert period in found.company.sources["average_selling_price"]


def test_a_segment_with_few_wins_ever_has_the_price_of_all_in_proportion_to_what_its_customers_first_paid() -> None:
    customers = held(4)
    found = of(customers, customers)
    whole = (60 * SMALL + 4 * BIG) / 64 / 100  # of those won in 12 months
    times = BIG / ((180 * SMALL + 4 * BIG) / 184)
    assert price(found, "big") == pytest.approx(whole * times)
    assert (f"Selling price of Big: 4 won opportunities, 10 are needed; that of all segments times {times:.2f} is used, "
            "as the first ARR of its customers is to that of all.") in found.left  # fmt: skip
    alone = of([], customers)
    assert price(alone, "big") == pytest.approx(whole)
    assert "Selling price of Big: 4 won opportunities, 10 are needed; that of all segments is used." in alone.left


def test_a_plan_that_forgets_a_segment_is_told_by_its_name() -> None:
    agreed = of([], held(24, range(24)))
    assert isinstance(agreed.agreement, Agreement)
    by = {title: (projected, real) for title, projected, real in agreement_of(agreed).segments}
    assert by.keys() == {"Small", "Big"}
    assert sum(projected for projected, _ in by.values()) == pytest.approx(agreement_of(agreed).projected)
    _, real = by["Big"]
    told = replace(agreement_of(agreed), segments=(("Big", real.low / 2, real),), real=()).warnings
    less = rate(1 - real.low / 2 / real.value)
    assert told == (f"The plan begins with {less} less new ARR in Big than the last 12 months brought by the opportunities won, which is "
                    "more than chance: look at opportunities created and decided, and at the trend.",)  # fmt: skip
    assert replace(agreement_of(agreed), segments=(("Big", real.value, real),), real=()).warnings == ()


def agreement_of(found: Calibration) -> Agreement:
    assert found.agreement is not None
    return found.agreement


def test_opportunities_that_tell_no_segment_go_where_new_customers_come_and_sell_at_what_those_pay() -> None:
    customers = held(24, range(12))
    deals = [replace(one, segment="") for one in customers]
    found = of(customers, deals)
    leads = found.company.assumptions["leads_per_month"]
    assert leads["big"] / (leads["big"] + leads["small"]) == pytest.approx(24 / (24 + 60))
    assert (price(found, "big"), price(found, "small")) == (pytest.approx(BIG / 100), pytest.approx(SMALL / 100))
    (told,) = [note for note in found.notes if "tell no segment" in note]
    assert told == ("The opportunities tell no segment of the subscriptions: they are split as the 84 new customers of 2024-01 to 2024-12, "
                    "won at one rate, and sold at what new customers of each segment first paid.")  # fmt: skip


def test_leads_are_told_of_as_leads_alone() -> None:
    deals = held(24, range(12))
    leads = [[one.first, one.segment, 0, 10, 3, 0.0, 0.0] for one in deals]
    seen = facts(UNTIL, TITLES, **won(deals), leads=leads)
    found = calibrate(seen, template=TEMPLATE, title="Ours")
    told = [note for note in found.notes if "Lead conversion" in note or "Target accounts" in note]
    assert told == [
        "Lead conversion: opportunities created ÷ leads, so that both are those counted.",
        "Target accounts, Referrals: 0; the opportunities counted are all taken to come from leads.",
    ]
    assert not [
        text
        for text in (*found.notes, *found.left)
        if "entered as leads" in text or text.startswith("Sales reps: cannot")
    ]


def test_rows_by_month_tell_no_contract_term() -> None:
    header = b"Customer,Invoice Date,Period Start,Period End,Amount\n"
    days = ((1, 31), (2, 28), (3, 31), (4, 30))
    monthly = b"".join(
        b"c%d,2025-%02d-01,2025-%02d-01,2025-%02d-%02d,100\n" % (c, m, m, m, d) for m, d in days for c in range(12)
    )
    yearly = b"".join(b"y%d,2025-01-01,2025-01-01,2025-12-31,1200\n" % c for c in range(12))
    for rows, terms in ((monthly, set()), (monthly + yearly, {12})):
        read = read_files([GivenFile("invoices", "lines.csv", header + rows)])
        assert set(read.tables["subscriptions"]["term"].to_pylist()) == {0} | terms
        with in_process(read.tables) as engine:
            found = calibrate(gather(engine), template=TEMPLATE, title="Ours")
        seen = {one.measure: one.value for one in found.measured}
        assert ("contract_term" in seen, "due_in_3_months" in seen) == (bool(terms), bool(terms))
        wants = "Contract term: cannot be measured from these files; it needs a column with the term of each contract"
        assert any(text.startswith(wants) for text in found.left) == (not terms)


def test_a_segment_whose_rows_tell_no_term_keeps_that_of_the_template() -> None:
    customers = [replace(one, term=24 if one.segment == "big" else 0) for one in held(12)]
    found = of(customers, customers)
    terms = found.company.assumptions["contract_term_months"]
    assert (terms["big"], terms["small"]) == (24, 12)  # the nearest to the 16 months of the template
    assert any(text.startswith("Contract term of Small: no row tells it; the template gives ") for text in found.left)


def test_todays_amounts_alone_tell_neither_expansion_nor_contraction() -> None:
    still = calibrate(facts(UNTIL, TITLES, **book_tables(held(12), UNTIL)), template=TEMPLATE, title="Ours")
    assert not {"expansion_rate", "contraction_rate"} & {one.measure for one in still.measured}
    assert still.company.assumptions["upsell_rate"]["big"] == TEMPLATE.mean("upsell_rate")
    for label in ("Expansion", "Contraction"):
        assert any(
            text.startswith(f"{label}: cannot be measured from these files; it needs more than a year of ")
            for text in still.left
        )
    moved = [*held(12), Held(100, UNTIL, 999, SMALL, "small")]
    grown = calibrate(facts(UNTIL, TITLES, **book_tables(moved, UNTIL)), template=TEMPLATE, title="Ours")
    assert {"expansion_rate", "contraction_rate"} <= {one.measure for one in grown.measured}
