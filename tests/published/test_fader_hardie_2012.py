"""Fader and Hardie 2012, note 024: one customer, three values, by when the margin comes."""

from __future__ import annotations

from model.claim import customer_value
from model.retention import value_of_constant_retention
from tests.printed import printed

MARGIN, RETENTION, DISCOUNT = 100.0, 0.80, 0.12


def test_margin_at_each_renewal_the_first_a_year_from_now() -> None:
    """m·r/(1+d−r)."""
    assert value_of_constant_retention(MARGIN, RETENTION, DISCOUNT) == printed("250.00")


def test_margin_at_the_end_of_each_year_begun() -> None:
    """m/(1+d−r)."""
    assert customer_value([0, MARGIN], RETENTION, DISCOUNT) == printed("312.50")


def test_margin_at_once_and_at_each_renewal() -> None:
    """m(1+d)/(1+d−r)."""
    assert customer_value([MARGIN, MARGIN * RETENTION], RETENTION, DISCOUNT) == printed("350.00")
