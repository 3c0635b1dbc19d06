"""Reichheld and Sasser 1990, Zero Defections: what their arithmetic gives, and what it leaves out."""

from __future__ import annotations

import pytest

from model.claim import LONGEST_LIFE, PUBLISHED, customer_value, raised
from tests.printed import printed

PROFILE = [-51, 30, 42, 44, 49, 55]
"""Profit of a credit-card customer: what winning it costs, then years 1 to 5; later years as year 5."""


def gain(before: float, after: float) -> float:
    return 100 * (after / before - 1)


def worth(churn: float, discount: float = 0.0, *, fixed_life: bool = True) -> float:
    return customer_value(PROFILE, 1 - churn, discount, fixed_life=fixed_life)


def test_halving_a_defection_rate_of_10_per_cent() -> None:
    """MBNA's published 125 % is the undiscounted value of the profile, each customer staying exactly 1/defection."""
    assert (worth(0.10), worth(0.05)) == (printed("444"), printed("994"))
    assert gain(worth(0.10), worth(0.05)) == printed("123.9")


@pytest.mark.parametrize(
    ("discount", "five", "ten", "twenty", "gain_to_ten", "gain_to_five"),
    [
        (0.0, "169", "444", "994", "163", "123.9"),
        (0.055, "134.3", "314", "557", "134", "77"),
        (0.06, "131.5", "304.7", "530.7", "132", "74.2"),
        (0.08, "121", "271", "442", "123", "63"),
        (0.10, "112", "241", "371", "116", "54"),
    ],
)
def test_customer_value_by_years_of_life(
    discount: float, five: str, ten: str, twenty: str, gain_to_ten: str, gain_to_five: str
) -> None:
    """Published 134, 300 and 525 for lives of 5, 10 and 20 years: near the row of 6 %."""
    values = [worth(churn, discount) for churn in (0.20, 0.10, 0.05)]
    assert values == [printed(value) for value in (five, ten, twenty)]
    assert gain(values[0], values[1]) == printed(gain_to_ten)
    assert gain(values[1], values[2]) == printed(gain_to_five)


@pytest.mark.parametrize(
    ("churn", "undiscounted", "at_10", "at_15"),
    [
        (0.10, "100", "33.3", "25.0"),
        (0.15, "50", "25.0", "20.0"),
        (0.20, "33.3", "20.0", "16.7"),
        (0.25, "25", "16.7", "14.3"),
        (0.40, "14.3", "11.1", "10.0"),
    ],
)
def test_five_points_at_a_flat_margin(churn: float, undiscounted: str, at_10: str, at_15: str) -> None:
    for discount, wanted in {0.0: undiscounted, 0.10: at_10, 0.15: at_15}.items():
        before, after = (customer_value([0, 100], kept, discount) for kept in (1 - churn, raised(1 - churn, "points")))
        assert gain(before, after) == printed(wanted), discount


def test_a_fixed_life_overstates_customers_who_leave_by_chance() -> None:
    for discount in (0.06, 0.10):
        assert worth(0.05, discount, fixed_life=True) > worth(0.05, discount, fixed_life=False)


def test_a_life_without_end_is_cut() -> None:
    assert worth(0.0) == worth(1 / LONGEST_LIFE)


def test_profit_gained_as_the_abstract_states_it() -> None:
    assert {name: round(100 * by) for name, by in PUBLISHED.items()} == {
        "Bank branches": 85,
        "Insurance brokerage": 50,
        "Auto service": 30,
    }
