"""The claim "5 % more retention, 25 % more profit", tested under a company's own numbers.

Two different questions are asked and never blended: what one customer is worth (what Reichheld computed), and what this
company earns in the years ahead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from model.company import Numbers
from model.engine import project, project_many
from model.inputs import inputs_of, varied
from model.metrics import View, cac
from model.renewals import SAVING, saved_share
from model.scenario import Scenario

Meaning = Literal["points", "rate", "churn"]
MEANINGS: Mapping[Meaning, str] = {"points": "+5 points", "rate": "+5 % of the rate", "churn": "Churn cut by 5 %"}
CLAIMED_GAIN = 0.25
STEP = 0.05
LONGEST_LIFE = 100.0
ENDLESS_YEARS = 2_000
PROFILE_YEARS = 50
PUBLISHED: Mapping[str, float] = {"Bank branches": 0.85, "Insurance brokerage": 0.50, "Auto service": 0.30}
"""Profit gained by cutting the defection rate by 5, Reichheld and Sasser 1990, abstract."""


def raised(retention: ArrayLike, meaning: Meaning, by: float = STEP) -> Numbers:
    """Return retention after "5 % more", at most 1.

    >>> [float(raised(0.88, meaning).round(3)) for meaning in MEANINGS]
    [0.93, 0.924, 0.886]
    """
    rate = np.asarray(retention, float)
    more = {"points": rate + by, "rate": rate * (1 + by), "churn": rate + by * (1 - rate)}[meaning]
    return np.minimum(more, 1.0)


def customer_value(profits: ArrayLike, retention: float, discount: float, *, fixed_life: bool = False) -> float:
    """Return the present value of one customer.

    Parameters
    ----------
    profits : array_like, (years + 1,)
        Profit by year of life: first what winning the customer costs (negative), then years 1, 2, …;
        the last one repeats for ever.
    retention : float
        Yearly, 0 to 1, the same in every year.
    discount : float
        Yearly rate; the profit of year t is discounted by t years.
    fixed_life : bool
        False: still a customer in year t with chance retention^(t−1).
        True: Reichheld's short cut, every customer stays exactly 1/(1 − retention) years (at most 100).

    Examples
    --------
    >>> card = [-51, 30, 42, 44, 49, 55]
    >>> [round(customer_value(card, retention, 0, fixed_life=True)) for retention in (0.9, 0.95)]
    [444, 994]
    """
    profile = np.asarray(profits, float)
    years = int(LONGEST_LIFE) if fixed_life else ENDLESS_YEARS
    yearly = np.concatenate([profile[1:], np.full(max(0, years + 1 - len(profile)), profile[-1])])[:years]
    year = np.arange(1, years + 1)
    if fixed_life:
        life = min(LONGEST_LIFE, 1 / (1 - retention)) if retention < 1 else LONGEST_LIFE
        present = np.clip(life + 1e-9 - year + 1, 0, 1)
    else:
        present = retention ** (year - 1)
    return float(profile[0] + yearly @ (present * (1.0 + discount) ** -year))


@dataclass(frozen=True)
class CustomerReading:
    """Value of one customer before and after, currency."""

    before: float
    after: float

    @property
    def gain(self) -> float:
        """Relative gain; NaN where a customer is worth nothing to begin with."""
        return self.after / self.before - 1 if self.before > 0 else float("nan")


@dataclass(frozen=True)
class CompanyReading:
    """Operating profit by year of the plan before and after, (years,) each; `months` in each year."""

    before: Numbers
    after: Numbers
    months: tuple[int, ...]

    @property
    def gains(self) -> Numbers:
        """Relative gain by year; NaN in years in which the company makes no profit to begin with."""
        return relative(self.after, self.before)

    @property
    def total_gain(self) -> float:
        """Relative gain over all years; NaN if they bring no profit to begin with."""
        return float(relative(self.after.sum(keepdims=True), self.before.sum(keepdims=True))[0])


@dataclass(frozen=True)
class Grid:
    """Relative gain of profit for base retentions (across) and gross margins or years (up)."""

    retention: Numbers
    other: Numbers
    gain: Numbers


def relative(after: Numbers, before: Numbers) -> Numbers:
    """Return after/before − 1, and NaN where there was no profit before."""
    gain: Numbers = np.divide(after - before, before, out=np.full(before.shape, np.nan), where=before > 0)
    return gain


def profile(scenario: Scenario, column: int, acquisition: float) -> Numbers:
    """Return the profit of one customer of a segment by year of life, acquisition first, currency.

    Spend grows by upsell, cross-sell, self-serve and price uplift and shrinks by contraction; each year
    it pays its margin less the cost to serve, and refers customers who need not be acquired. As in the value of a
    customer elsewhere, life ends after 50 years.
    """
    given = {name: float(scenario.path(name)[-1][column]) for name in _PROFILE}
    growth = 1 + given["upsell_rate"] + given["cross_sell_rate"] + given["self_serve_expansion"]
    yearly = growth * (1 + given["price_uplift"]) * (1 - given["contraction_rate"])
    spend = given["average_selling_price"] * (1 - given["price_discount"]) * yearly ** np.arange(PROFILE_YEARS)
    referred = given["referral_rate"] * given["win_rate"] * acquisition
    margin = (1 - given["revenue_leakage"]) * given["gross_margin"]
    return np.concatenate([[-acquisition], spend * margin - given["cost_to_serve"] + referred, [0.0]])


_PROFILE = ("average_selling_price", "price_discount", "revenue_leakage", "gross_margin", "cost_to_serve", "upsell_rate",
            "cross_sell_rate", "self_serve_expansion", "price_uplift", "contraction_rate", "referral_rate",
            "win_rate")  # fmt: skip


def customer_reading(scenario: Scenario, meaning: Meaning, *, fixed_life: bool = False) -> CustomerReading:
    """Return what one customer is worth before and after: the mean over segments, weighed by new customers.

    Retention is that of the last month, saves and failed cards included, the same in all years of life.
    """
    projection = project(scenario)
    new = projection["customers_new"].sum(axis=0)
    if not new.sum():
        return CustomerReading(0.0, 0.0)
    discount = float(scenario.path("cost_of_capital")[-1][0])
    values = np.zeros((len(new), 2))
    for column, segment in enumerate(scenario.company.segments):
        paid = np.nan_to_num(cac(View(projection, segment)))[-1]
        profits = profile(scenario, column, float(paid))
        for after in (False, True):
            retention = _kept(scenario, column, meaning if after else None)
            values[column, int(after)] = customer_value(profits, retention, discount, fixed_life=fixed_life)
    before, after = new @ values / new.sum()
    return CustomerReading(float(before), float(after))


def _kept(scenario: Scenario, column: int, meaning: Meaning | None) -> float:
    last = {name: scenario.path(name)[-1][column] for name in _KEEPING}
    retention = last["retention_rate"] if meaning is None else raised(last["retention_rate"], meaning)
    failed = last["card_share"] * last["payment_failure_rate"] * (1 - last["dunning_recovery"])
    return float((1 - (1 - retention) * (1 - saved_share(last))) * (1 - failed) ** 12)


_KEEPING = ("retention_rate", *SAVING, "card_share", "payment_failure_rate", "dunning_recovery")


def company_reading(scenario: Scenario, meaning: Meaning) -> CompanyReading:
    """Return the company's operating profit by year of the plan, without and with more retention from month 1."""
    path = scenario.path("retention_rate")
    both = np.stack([path, raised(path, meaning)], axis=-1)
    inputs = inputs_of(scenario)
    inputs = replace(inputs, runs=2, path={**inputs.path, "retention_rate": both})
    profit = project_many(inputs, ("operating_profit",))["operating_profit"]
    starts = range(0, scenario.horizon, 12)
    yearly = np.add.reduceat(profit, list(starts), axis=0)
    return CompanyReading(yearly[:, 0], yearly[:, 1], tuple(min(12, scenario.horizon - start) for start in starts))


def grid(scenario: Scenario, meaning: Meaning, across: Numbers, up: Numbers, axis: Literal["margin", "years"]) -> Grid:
    """Return the gain of profit for other base retentions, and other gross margins or numbers of years.

    Parameters
    ----------
    across : array, (n,)
        Retention of the company: each segment moves by the difference to the company's mean, within 0 to 1.
    up : array, (m,)
        Gross margin of the company, moved the same way, with profit over the whole horizon;
        or numbers of years, at the company's own margin.

    Returns
    -------
    Grid
        `gain` has the shape (m, n); NaN where there is no profit to begin with.
    """
    retentions, margins = np.meshgrid(across, up if axis == "margin" else [np.nan])
    retention = _moved(scenario, "retention_rate", retentions.ravel())
    values = {"retention_rate": np.concatenate([retention, raised(retention, meaning)], axis=1)}
    if axis == "margin":
        values["gross_margin"] = np.tile(_moved(scenario, "gross_margin", margins.ravel()), 2)
    profit = project_many(varied(scenario, values), ("operating_profit",))["operating_profit"]
    if axis == "margin":
        before, after = profit.sum(axis=0).reshape(2, len(up), len(across))
        return _refined(across, up, before, after)
    ends = np.minimum(np.round(up * 12).astype(int), scenario.horizon) - 1
    before, after = np.moveaxis(np.cumsum(profit, axis=0)[ends].reshape(len(up), 2, len(across)), 1, 0)
    return Grid(across, up, relative(after, before))


def _refined(across: Numbers, up: Numbers, before: Numbers, after: Numbers) -> Grid:
    """Return a grid three times as fine: money between two cells lies on a straight line, its ratio does not."""
    from scipy.interpolate import RegularGridInterpolator

    fine_across, fine_up = (np.linspace(axis[0], axis[-1], 3 * len(axis) - 2) for axis in (across, up))
    points = np.stack(np.meshgrid(fine_up, fine_across, indexing="ij"), axis=-1)
    money = (RegularGridInterpolator((up, across), values)(points) for values in (after, before))
    return Grid(fine_across, fine_up, relative(*money))


def position(scenario: Scenario, name: str) -> float:
    """Return the company's mean of an assumption in the last month of a scenario, weighed by opening ARR."""
    return float(scenario.path(name)[-1] @ scenario.company.opening_shares)


def _moved(scenario: Scenario, name: str, means: Numbers) -> Numbers:
    """Return values by segment and run, (S, R), whose mean over the company is as given, where bounds allow."""
    last = scenario.path(name)[-1]
    low = 0.0 if name == "retention_rate" else -1.0
    moved: Numbers = np.clip(last[:, np.newaxis] + (means - position(scenario, name)), low, 1.0)
    return moved
