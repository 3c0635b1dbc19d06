"""Worked examples from the web, measured from customers who do just what the example says; wrong ones recognised as wrong."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from model.history.asking.facts import Facts
from model.history.measuring.measures import Measured, measured
from tests.histories import Held, book_tables, facts
from tests.printed import printed

UNTIL = 659
LONG_AGO, THIS_YEAR, NEVER = UNTIL - 30, UNTIL - 11, UNTIL + 12


def by_name(seen: Facts) -> dict[str, Measured]:
    return {one.measure: one for one in measured(seen)}


def bridge(opening: float, new: float, grown: float, contracted: float, churned: float) -> dict[str, Measured]:
    """Return the measures of a year: one customer each who leaves, gives up, grows, stays and comes."""
    cents = [round(100 * amount) for amount in (churned, contracted, grown, new)]
    stays = round(100 * opening) - cents[0] - 2 * cents[1]
    held = [
        Held(0, LONG_AGO, THIS_YEAR, cents[0]),
        Held(1, LONG_AGO, THIS_YEAR, 2 * cents[1]),
        Held(1, THIS_YEAR, NEVER, cents[1]),
        Held(2, LONG_AGO, NEVER, stays),
        Held(2, THIS_YEAR, NEVER, cents[2]),
        Held(3, THIS_YEAR, NEVER, cents[3]),
    ]
    return by_name(facts(UNTIL, **book_tables([row for row in held if row.arr], UNTIL)))


@pytest.mark.parametrize(
    ("amounts", "closing"),
    [
        pytest.param((200_000, 12_000, 8_000, 3_000, 5_000), "212000", id="W1-metrickit"),
        pytest.param((380_000, 42_000, 28_000, 0, 22_000), "428000", id="W2-calclet"),
        pytest.param((12.0, 2.1, 0.84, 0.36, 0.78), "13.8", id="W4-ryan-consulting"),
    ],
)
def test_the_bridge_closes(amounts: Sequence[float], closing: str) -> None:
    found = bridge(*amounts)
    assert found["opening_arr"].value == printed(closing)
    assert found["arr_growth"].value == pytest.approx(float(closing) / amounts[0] - 1)


RETENTION = [
    pytest.param((200_000, 12_000, 8_000, 3_000, 5_000), "96", "100", id="W1-metrickit"),
    pytest.param((10.0, 0, 1.8, 0.6, 0.9), "85", "103", id="W5-pulse-revops"),
    pytest.param((100, 0, 10, 10, 10), "80", "90", id="W6-chartmogul"),
    pytest.param((12.0, 2.1, 0.84, 0.36, 0.78), "90.5", "97.5", id="W4-by-its-own-formulas"),
]


@pytest.mark.parametrize(("amounts", "gross", "net"), RETENTION)
def test_grr_and_nrr(amounts: Sequence[float], gross: str, net: str) -> None:
    """Where nobody new gains or loses, customers and totals say the same."""
    found = bridge(*amounts)
    for name in ("grr", "grr_movements", "grr_monthly"):
        assert 100 * found[name].value == printed(gross)
    for name in ("nrr", "nrr_movements", "nrr_monthly"):
        assert 100 * found[name].value == printed(net)


def test_the_printed_retention_of_w4_is_wrong() -> None:
    """The page prints 94.5 and 105.0 %. No definition gives either; churn alone gives 93.5 %."""
    found = bridge(12.0, 2.1, 0.84, 0.36, 0.78)
    assert 100 * found["arr_retention"].value == printed("93.5")
    told = [100 * found[name].value for name in found if "rr" in name or "retention" in name]
    assert not any(value == printed(wrong) for value in told for wrong in ("94.5", "105.0"))


@pytest.mark.parametrize(
    ("amounts", "quick"),
    [
        ((200, 12, 8, 3, 5), "2.5"),
        ((100, 20, 8, 5, 3), "3.5"),
        ((100, 25, 10, 8, 4), "2.92"),
        ((100, 95, 28, 18, 7), "4.92"),
        ((100, 40, 5, 32, 8), "1.13"),
        ((100, 10, 0, 0, 2), "5"),
        ((100, 16, 0, 0, 8), "2"),
    ],
)
def test_w8_quick_ratio(amounts: Sequence[float], quick: str) -> None:
    assert bridge(*amounts)["quick_ratio"].value == printed(quick)


def test_w15_logo_churn_is_not_churn_of_revenue() -> None:
    """Of two customers, 1,000 and 5,000 a month, the larger leaves; two customers are too few to set anything."""
    held = [Held(0, LONG_AGO, NEVER, 1_200_000), Held(1, LONG_AGO, THIS_YEAR, 6_000_000)]
    found = by_name(facts(UNTIL, **book_tables(held, UNTIL)))
    assert 100 * (1 - found["logo_retention"].value) == printed("50")
    assert 100 * (1 - found["arr_retention"].value) == printed("83")
    assert not found["arr_retention"].enough


@pytest.mark.parametrize(("monthly", "yearly", "wrong"), [(0.05, "46.0", "60.0"), (0.08, "63.2", "63.1")])
def test_w16_monthly_churn_made_yearly(monthly: float, yearly: str, wrong: str) -> None:
    """Not twelve times the monthly rate; and the page that prints 63.1 for 8 % rounds 63.23 down."""
    left = [round(1e9 * (1 - monthly) ** month) for month in range(13)]
    rows = [(UNTIL - 20, "customers", UNTIL - 20, "new", 100, left[0])]
    rows += [(UNTIL - 11 + n, "customers", UNTIL - 20, "churn", 1, left[n] - left[n + 1]) for n in range(12)]
    found = by_name(facts(UNTIL, movements=rows))
    for name in ("grr_monthly", "grr_movements"):
        assert 100 * (1 - found[name].value) == printed(yearly)
        assert 100 * (1 - found[name].value) != printed(wrong)
