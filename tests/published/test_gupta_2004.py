"""Gupta, Lehmann and Stuart 2004, Valuing Customers, footnote 2: an expected life is no annuity."""

from __future__ import annotations

from model.claim import customer_value
from model.retention import annuity, value_of_constant_retention
from tests.printed import printed

MARGIN, RETENTION, DISCOUNT = 100, 0.80, 0.12


def test_lifetime_value() -> None:
    assert value_of_constant_retention(MARGIN, RETENTION, DISCOUNT) == printed("250")


def test_annuity_over_the_expected_life_of_five_years() -> None:
    expected_life = 1 / (1 - RETENTION)
    assert annuity(MARGIN, expected_life, DISCOUNT) == printed("360")


def test_the_annuity_overstates_the_customer() -> None:
    value = value_of_constant_retention(MARGIN, RETENTION, DISCOUNT)
    assert 100 * (annuity(MARGIN, 5, DISCOUNT) / value - 1) == printed("44")


def test_a_fixed_life_is_that_annuity() -> None:
    assert customer_value([0, MARGIN], RETENTION, DISCOUNT, fixed_life=True) == printed("360.48")
