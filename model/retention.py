"""Retention: the shifted beta-geometric model, fitted to survivors, and what a customer is worth under it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from model.company import Numbers
from model.errors import ScenarioError
from model.rates import YEAR
from model.renewals import SAVING, called_share, saved_share

LIFE_MONTHS = 600
LIVES_AT_ONCE = 4000


@dataclass(frozen=True)
class Fit:
    """A shifted beta-geometric model fitted to survivors by year.

    `log_likelihood` is for the number of customers given; `constant_rate` is the one yearly rate that fits best,
    the wrong answer where customers differ, with its own log-likelihood.
    """

    alpha: float
    beta: float
    log_likelihood: float
    constant_rate: float
    constant_log_likelihood: float

    @property
    def retention_rate(self) -> float:
        """Mean retention of the first year, β/(α+β)."""
        return self.beta / (self.alpha + self.beta)

    @property
    def loyalty_spread(self) -> float:
        """Polarisation, 1/(1+α+β): 0 if all customers are alike."""
        return 1 / (1 + self.alpha + self.beta)

    @property
    def chance_if_alike(self) -> float:
        """How probable so much better a fit would be, were all customers alike.

        Likelihood ratio test. "All alike" is an end of the model's range, so that the ratio then is 0 half of the time
        and of one degree of freedom in the other half (Self and Liang 1987).
        """
        from scipy.stats import chi2

        return float(chi2.sf(max(2 * (self.log_likelihood - self.constant_log_likelihood), 0.0), 1)) / 2


def survival(alpha: float, beta: float, years: int) -> Numbers:
    """Return the share still a customer after 0, 1, … `years` years: B(α, β+t)/B(α, β).

    Fader and Hardie 2007, equation 6.

    >>> survival(1.0, 1.0, 2)
    array([1.        , 0.5       , 0.33333333])
    """
    year = np.arange(1, years + 1)
    return np.concatenate([[1.0], np.cumprod((beta + year - 1) / (alpha + beta + year - 1))])


def log_likelihood(alpha: float, beta: float, survivors: ArrayLike) -> float:
    """Return the log-likelihood of survivors by year, counts from year 0 on.

    Fader and Hardie 2007, equation 9.
    """
    return lives_log_likelihood(alpha, beta, *_lives(np.asarray(survivors, float)))


def lives_log_likelihood(alpha: float, beta: float, lost: Numbers, kept: Numbers) -> float:
    """Return the log-likelihood of lives that were followed for different numbers of years.

    Σ lost ln P(T = t) + Σ kept ln S(t). With everybody followed equally long it is equation 9.

    Parameters
    ----------
    lost : array, (years,)
        Customers (or weights) lost in year 1, 2, …
    kept : array, (years,)
        Those still there after 1, 2, … years and followed no longer (censored).
    """
    alive = survival(alpha, beta, len(lost))
    with np.errstate(divide="ignore"):
        went, stayed = np.log(-np.diff(alive)), np.log(alive[1:])
    return float(went[lost > 0] @ lost[lost > 0] + stayed[kept > 0] @ kept[kept > 0])


def _lives(survivors: Numbers) -> tuple[Numbers, Numbers]:
    """Return survivors of one cohort as lives: lost by year, all others kept to the last."""
    kept = np.zeros(len(survivors) - 1)
    kept[-1] = survivors[-1]
    return -np.diff(survivors), kept


def fit(survivors: ArrayLike) -> Fit:
    """Fit the shifted beta-geometric model to one cohort by maximum likelihood.

    Parameters
    ----------
    survivors : array_like, (years + 1,)
        Customers left after 0, 1, … years; at least two years, never rising, someone lost.

    Raises
    ------
    ScenarioError
        The counts cannot be survivors.

    Examples
    --------
    >>> high_end = fit([1000, 869, 743, 653, 593, 551, 517, 491])
    >>> round(high_end.alpha, 3), round(high_end.beta, 3)
    (0.668, 3.806)
    """
    counts = np.asarray(survivors, float)
    falls = counts.ndim == 1 and counts.size >= 3 and np.isfinite(counts).all() and (np.diff(counts) <= 0).all()
    if not falls or counts[-1] < 0 or counts[0] <= counts[-1]:
        raise ScenarioError("Survivors must be at least three counts that never rise, with someone lost.")
    return fit_lives(*_lives(counts))


def fit_lives(lost: Numbers, kept: Numbers, near: Fit | None = None) -> Fit:
    """Fit the shifted beta-geometric model to lives followed for different numbers of years.

    Parameters are those of `lives_log_likelihood`; someone must have been lost. `near` is a fit to nearly the same
    lives: the search starts there and ends sooner, at four digits.

    Examples
    --------
    >>> two_cohorts = fit_lives(np.array([31.0, 12.0, 3.0]), np.array([0.0, 57.0, 47.0]))
    >>> round(two_cohorts.retention_rate, 3), round(two_cohorts.constant_rate, 3)
    (0.793, 0.856)
    """
    from scipy.optimize import minimize

    def surprise(logs: Numbers) -> float:
        return -lives_log_likelihood(float(np.exp(logs[0])), float(np.exp(logs[1])), lost, kept)

    start = np.log([near.alpha, near.beta]) if near else np.zeros(2)
    within = 1e-9 if near is None else 1e-4
    best = minimize(
        surprise,
        start,
        method="Nelder-Mead",
        bounds=[(-12.0, 12.0)] * 2,
        options={"xatol": within, "fatol": min(within, 1e-6), "maxiter": 4000},
    )
    alpha, beta = np.exp(np.asarray(best.x))
    begun = float((at_risk := np.cumsum((lost + kept)[::-1])[::-1]).sum())
    rate = 1 - float(lost.sum()) / begun
    constant = lost.sum() * np.log(1 - rate) + ((at_risk - lost).sum() * np.log(rate) if rate > 0 else 0.0)
    return Fit(float(alpha), float(beta), float(-best.fun), rate, float(constant))


def value_of_constant_retention(margin: float, retention: float, discount: float) -> float:
    """Return the value of a customer of constant retention, margin at each year's end: m·r/(1+i−r).

    Gupta, Lehmann and Stuart 2004, equation 2.

    >>> round(value_of_constant_retention(100, 0.80, 0.12), 2)
    250.0
    """
    return margin * retention / (1 + discount - retention)


def annuity(margin: float, years: float, discount: float) -> float:
    """Return the value of a margin at each year's end for a fixed number of years: what overstates a customer.

    >>> round(annuity(100, 5, 0.12), 2)
    360.48
    """
    return margin * years if discount == 0 else margin * (1 - (1 + discount) ** -years) / discount


def discounted_lifetime(alpha: float, beta: float, discount: float, renewals: int = 0, years: int = 20_000) -> float:
    """Return the discounted years a customer will yet stay who has renewed `renewals` times, the next one due now.

    DERL of Fader and Hardie 2010 for `renewals` = n − 1.
    """
    alive = survival(alpha, beta, years + renewals)
    ahead = alive[renewals + 1 :] / alive[renewals]
    return float(ahead @ (1 + discount) ** -np.arange(len(ahead)))


def retention_elasticity(alpha: float, beta: float, discount: float, renewals: int = 0, years: int = 20_000) -> float:
    """Return by how many per cent the discounted lifetime grows if each customer's own retention grows by one per cent.

    The customer has renewed `renewals` times, the next renewal due now. Being there after k more renewals grows by k per
    cent, so that it is the mean k, weighed by what it adds to `discounted_lifetime`. With n = renewals + 1 and
    z = 1/(1+d) that is ₂F₁(2, β+n; α+β+n; z) ÷ ₂F₁(1, β+n; α+β+n; z).

    >>> round(retention_elasticity(3.80, 15.20, 0.10), 3)
    4.516
    """
    alive = survival(alpha, beta, years + renewals)
    adds = alive[renewals + 1 :] * (1 + discount) ** -np.arange(float(years))
    return float(np.arange(1, years + 1) @ adds / adds.sum())


def lifetime_value(given: Mapping[str, Numbers], terms: Sequence[int]) -> Numbers:
    """Return the discounted margin of one new customer, currency per customer.

    All assumptions stay as they are in the month of the sale; 600 months of life. In month m of life ARR at its start
    earns its margin, discounted by m months; then failed cards, renewal if one is due, and growth, as in the engine.
    A person who approaches an unwilling customer costs in the month of the renewal. What is earned goes with the price,
    what it costs does not; so a life is worked out once for all prices, and once for months in which nothing of it changes.

    Parameters
    ----------
    given : mapping of str to array, (months, segments, …)
        The assumptions of `VALUED`; any axis may have length 1.
    terms : sequence of int
        Contract term by segment, months.

    Returns
    -------
    array, (months, segments, …)
        Axes along which no assumption changes have length 1.
    """
    lived, of_month = _distinct({name: given[name] for name in LIVED})
    shape = np.broadcast_shapes(*(cells.shape for cells in lived.values()))
    found = np.empty((2, *shape))
    for column, term in enumerate(terms):
        of_segment = found[0, :, column].shape
        own = {name: np.broadcast_to(_of_segment(cells, column), of_segment).ravel() for name, cells in lived.items()}
        flat = np.concatenate([
            _life_value({name: cells[first : first + LIVES_AT_ONCE] for name, cells in own.items()}, term)
            for first in range(0, found[0, :, column].size, LIVES_AT_ONCE)
        ], axis=1)  # fmt: skip
        found[:, :, column] = flat.reshape(2, *of_segment)
    price = given["average_selling_price"] * (1 - given["price_discount"])
    worth: Numbers = price * found[0, of_month] - found[1, of_month]
    return worth


def _distinct(given: Mapping[str, Numbers]) -> tuple[dict[str, Numbers], NDArray[np.int_]]:
    """Return assumptions in the months in which any of them changes, and which of those each month is like."""
    months = max(len(cells) for cells in given.values())
    new = np.arange(months) == 0
    for cells in given.values():
        if len(cells) > 1:
            new[1:] |= (cells[1:] != cells[:-1]).reshape(months - 1, -1).any(axis=1)
    return {name: cells[new] if len(cells) > 1 else cells for name, cells in given.items()}, np.cumsum(new) - 1


def _of_segment(cells: Numbers, column: int) -> Numbers:
    found: Numbers = cells[:, min(column, cells.shape[1] - 1)]
    return found


def _life_value(own: dict[str, Numbers], term: int) -> Numbers:
    """Return what one new customer of a segment earns for each unit of price, and what it costs, discounted, (2, lives)."""
    alive, grown, called = _life(own, term)
    earned = alive * grown * (1 - own["revenue_leakage"]) * own["gross_margin"] / 12
    spent = alive * own["cost_to_serve"] / 12 + called * own["cost_per_approach"]
    discount = (1 + own["cost_of_capital"]) ** (-np.arange(1, LIFE_MONTHS + 1)[:, np.newaxis] / 12)
    return np.stack([(earned * discount).sum(axis=0), (spent * discount).sum(axis=0)])


LIVED = ("retention_rate", "loyalty_spread", "contraction_rate", "price_uplift", "upsell_rate", "cross_sell_rate",
         "self_serve_expansion", "card_share", "payment_failure_rate", "dunning_recovery", *SAVING, "revenue_leakage",
         "gross_margin", "cost_to_serve", "cost_per_approach", "cost_of_capital")  # fmt: skip
"""The assumptions that a customer's life depends on."""

VALUED = ("average_selling_price", "price_discount", *LIVED)
"""The assumptions that the value of a customer depends on."""


def _life(own: dict[str, Numbers], term: int) -> tuple[Numbers, Numbers, Numbers]:
    """Return what to expect of one customer by month of life, (600, lives).

    The chance of being a customer and the ARR for each unit of price if it is one, both at the start of the month, and
    the chance to be unwilling to renew in it and approached by a person.
    """
    chance = renewal_chance(own["retention_rate"], own["loyalty_spread"], term)
    kept = 1 - (1 - chance) * (1 - saved_share(own))
    stays = 1 - own["card_share"] * own["payment_failure_rate"] * (1 - own["dunning_recovery"])
    growth = (1 + own["upsell_rate"] + own["cross_sell_rate"] + own["self_serve_expansion"]) ** (1 / 12)
    customer = np.ones((LIFE_MONTHS, len(stays)))
    customer[1:] = stays
    customer[term::term] *= kept[: len(customer[term::term])]
    grown = np.ones_like(customer)
    grown[1:] = growth
    grown[term::term] *= ((1 - own["contraction_rate"]) * (1 + own["price_uplift"])) ** (term / 12)
    alive = np.cumprod(customer, axis=0, dtype=np.float64)
    called = np.zeros_like(alive)
    called[term - 1 :: term][: len(chance)] = (
        alive[term - 1 :: term][: len(chance)] * stays * (1 - chance) * called_share(own)
    )
    return alive, np.cumprod(grown, axis=0, dtype=np.float64), called


def renewal_chance(retention_rate: Numbers, loyalty_spread: Numbers, term: int) -> Numbers:
    """Return the chance of the first, second, … renewal of a life of 600 months, (renewals, lives).

    Fader and Hardie 2007, equation 7, written without the division by the spread; as in `model/kernel.py`.
    """
    aged = loyalty_spread * np.arange(LIFE_MONTHS // YEAR)[:, np.newaxis]
    of_year = ((1 - loyalty_spread) * retention_rate + aged) / ((1 - loyalty_spread) + aged)
    stretch, renewals = min(term, YEAR), LIFE_MONTHS // term
    of_stretch = np.repeat(of_year ** (stretch / YEAR), YEAR // stretch, axis=0)[: renewals * term // stretch]
    found: Numbers = of_stretch.reshape(renewals, term // stretch, len(retention_rate)).prod(axis=1)
    return found
