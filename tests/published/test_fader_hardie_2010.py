"""Fader and Hardie 2010, Customer-Base Valuation in a Contractual Setting: discounted expected residual lifetime."""

from __future__ import annotations

import pytest

from model.retention import discounted_lifetime, value_of_constant_retention
from tests.printed import printed

DISCOUNT = 0.10


def test_alike_customers_of_table_3() -> None:
    found = [discounted_lifetime(3.80, 15.20, DISCOUNT, renewals) for renewals in range(5)]
    assert found == [printed(value) for value in ("3.31", "3.45", "3.59", "3.72", "3.84")]


def test_polarised_customers_of_table_3() -> None:
    """The parameters are printed with three digits: two values round to one more in the last digit (7.67, 9.85)."""
    found = [discounted_lifetime(0.067, 0.267, DISCOUNT, renewals) for renewals in range(5)]
    exact = [printed("7.68", 1), printed("9.46"), printed("9.86", 1), printed("10.06"), printed("10.19")]
    assert found == exact


def test_one_average_rate_values_customers_too_low() -> None:
    constant = (1 + DISCOUNT) * value_of_constant_retention(1.0, 0.80, DISCOUNT)
    assert constant == printed("2.93")
    assert constant < discounted_lifetime(3.80, 15.20, DISCOUNT) < discounted_lifetime(0.067, 0.267, DISCOUNT)


def test_seventy_years_of_an_independent_implementation() -> None:
    """Value of a customer not yet won (5.920551 there) and of one who has renewed four times (6.893253), to year 70.

    The three digits of the parameters bear three decimals.
    """
    assert 1 + discounted_lifetime(0.668, 3.806, DISCOUNT, years=69) / (1 + DISCOUNT) == printed("5.921")
    assert discounted_lifetime(0.668, 3.806, DISCOUNT, renewals=4, years=66) == printed("6.893")


@pytest.mark.parametrize(
    ("alpha", "beta", "new", "renewed"),
    [(0.7637, 1.2958, "3.62", "5.68"), (1.2809, 7.7898, "5.46", "5.87")],
    ids=["regular", "high-end"],
)
def test_lifetimes_of_the_segments_of_2007(alpha: float, beta: float, new: str, renewed: str) -> None:
    """Of a new customer and of one who has renewed four times, from fits to the first four years."""
    assert 1 + discounted_lifetime(alpha, beta, DISCOUNT) / (1 + DISCOUNT) == printed(new)
    assert discounted_lifetime(alpha, beta, DISCOUNT, renewals=4) == printed(renewed)
