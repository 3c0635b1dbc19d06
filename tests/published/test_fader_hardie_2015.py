"""Fader and Hardie 2015, Simple Probability Models for Computing CLV and CE: residual value by tenure."""

from __future__ import annotations

import pytest

from model.retention import discounted_lifetime, value_of_constant_retention
from tests.printed import printed

ALPHA, BETA, MARGIN, DISCOUNT = 0.764, 1.296, 100.0, 0.10


@pytest.mark.parametrize(("year", "value"), [(1, "288"), (2, "394"), (5, "568")])
def test_residual_value_at_the_end_of_a_contract_year(year: int, value: str) -> None:
    assert MARGIN * discounted_lifetime(ALPHA, BETA, DISCOUNT, renewals=year - 1) == printed(value)


def test_a_constant_rate_gives_one_value_whatever_the_tenure() -> None:
    assert (1 + DISCOUNT) * value_of_constant_retention(MARGIN, 0.833, DISCOUNT) == printed("343")
