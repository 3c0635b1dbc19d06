"""What each segment sells for: of its own wins, of longer ones, or of what its customers pay beside all; never everybody's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from model import load_shipped
from model.history.agreement import Agreement
from model.history.calibrate import Calibration, calibrate
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
    projected, real = by["Big"]
    told = replace(agreement_of(agreed), segments=(("Big", real.low / 2, real),), real=()).warnings
    less = rate(1 - real.low / 2 / real.value)
    assert told == (f"The plan begins with {less} less new ARR in Big than the last 12 months brought by the opportunities won, which is "
                    "more than chance: look at opportunities created and decided, and at the trend.",)  # fmt: skip
    assert replace(agreement_of(agreed), segments=(("Big", real.value, real),), real=()).warnings == ()


def agreement_of(found: Calibration) -> Agreement:
    assert found.agreement is not None
    return found.agreement
