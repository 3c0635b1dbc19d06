"""Elasticity of a customer's discounted lifetime in retention, by formula and by force.

Fader and Hardie 2010 define it; their table could not be read. One independent implementation gives
₂F₁(2, δ+n−1; …) without the ratio, 4.009 to 4.493 in the first case, which is not the derivative.
"""

from __future__ import annotations

from fractions import Fraction

import pytest
from scipy.integrate import quad
from scipy.special import hyp2f1
from scipy.stats import beta as beta_distribution

from model.retention import discounted_lifetime, retention_elasticity, value_of_constant_retention
from tests.printed import printed

DISCOUNT = 0.10
CASES = {
    (3.80, 15.20): "4.516 4.637 4.753 4.863 4.969",
    (0.067, 0.267): "10.379 10.470 10.527 10.570 10.603",
    (0.764, 1.296): "6.246 6.711 7.055 7.327 7.552",
}


def lifetime(alpha: float, beta: float, renewals: int, times: float) -> float:
    """Return the discounted lifetime over all customers, each one's own chance to renew taken `times`."""
    renews = beta_distribution(beta + renewals, alpha)

    def of_one(chance: float) -> float:
        return float(renews.pdf(chance) * times * chance / (1 - times * chance / (1 + DISCOUNT)))

    return float(quad(of_one, 0, 1, limit=500, points=[0.5, 0.99, 0.9999])[0])


@pytest.mark.parametrize(("parameters", "row"), CASES.items())
def test_to_every_digit_of_the_table(parameters: tuple[float, float], row: str) -> None:
    """Where others give 4.970 and 10.528, 4.969 and 10.527 are right: they are 4.96945 and 10.52746 in exact fractions."""
    found = [retention_elasticity(*parameters, DISCOUNT, renewals) for renewals in range(5)]
    assert found == [printed(value) for value in row.split()]


@pytest.mark.parametrize(("alpha", "beta", "renewals", "digits"),
                         [("3.80", "15.20", 4, "4.9694515"), ("0.067", "0.267", 2, "10.5274608")])  # fmt: skip
def test_in_exact_fractions(alpha: str, beta: str, renewals: int, digits: str) -> None:
    """Both series term by term, each term cut at 60 digits: no formula of a library, no rounding."""
    second, third = Fraction(beta) + renewals + 1, Fraction(alpha) + Fraction(beta) + renewals + 1

    def series(first: int) -> Fraction:
        total, term = Fraction(0), Fraction(1)
        for k in range(1_000):
            total += term
            term *= (first + k) * (second + k) / (third + k) * Fraction(10, 11) / (k + 1)
            term = Fraction(int(term * 10**60), 10**60)
        return total

    assert float(series(2) / series(1)) == printed(digits)
    assert retention_elasticity(float(alpha), float(beta), DISCOUNT, renewals) == printed(digits)


@pytest.mark.parametrize("renewals", range(5))
@pytest.mark.parametrize("parameters", CASES)
def test_by_formula(parameters: tuple[float, float], renewals: int) -> None:
    alpha, beta = parameters
    second, third, z = beta + renewals + 1, alpha + beta + renewals + 1, 1 / (1 + DISCOUNT)
    wanted = hyp2f1(2, second, third, z) / hyp2f1(1, second, third, z)
    assert retention_elasticity(alpha, beta, DISCOUNT, renewals) == pytest.approx(wanted, rel=1e-9)


@pytest.mark.parametrize("renewals", [0, 4])
@pytest.mark.parametrize("parameters", [(3.80, 15.20), (0.764, 1.296)])
def test_by_force(parameters: tuple[float, float], renewals: int) -> None:
    """Every customer renews one in 100,000 more or less often."""
    base = lifetime(*parameters, renewals, 1.0)
    assert base == pytest.approx(discounted_lifetime(*parameters, DISCOUNT, renewals), rel=1e-4)
    more, less = (lifetime(*parameters, renewals, 1 + step) for step in (1e-5, -1e-5))
    assert (more - less) / 2e-5 / base == pytest.approx(retention_elasticity(*parameters, DISCOUNT, renewals), rel=1e-4)


def test_where_all_are_alike_it_is_that_of_one_rate() -> None:
    """(1 + d)/(1 + d − r), and customers who differ have more of it."""
    alike = retention_elasticity(0.2e6, 0.8e6, DISCOUNT)
    assert alike == printed("3.667")
    more, less = (value_of_constant_retention(1, rate, DISCOUNT) for rate in (0.8 * 1.00001, 0.8 * 0.99999))
    assert (more - less) / 2e-5 / value_of_constant_retention(1, 0.8, DISCOUNT) == pytest.approx(alike, rel=1e-4)
    assert alike < retention_elasticity(3.80, 15.20, DISCOUNT)
