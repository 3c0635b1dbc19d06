"""The case for a delivery: what each way of delivering the same initiatives earns against doing nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np

from model.company import Numbers
from model.engine import project_many
from model.frameworks.delivery import WORD, Delivery, cost, schedule
from model.frameworks.initiatives import settings
from model.scenario import Scenario

OVERHEADS = np.linspace(0.0, settings()["overhead"].max, 17)
PAID_BACK = 1e-6
"""Smallest sum of money that counts as one."""
ROUNDING = 1e-9
"""Share of the largest value below which a difference is rounding."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """One way of delivery against doing nothing.

    Attributes
    ----------
    profit : array, (months,)
        Operating profit added by month.
    cost : array, (months,)
        What the programme costs by month; already taken off `profit`.
    discount : array, (months,)
        Present value of one unit of money by month.
    delay : float
        Present value lost if everything starts one month later.
    """

    profit: Numbers
    cost: Numbers
    discount: Numbers
    delay: float

    @property
    def cumulative(self) -> Numbers:
        """Profit added so far, not discounted, (months,)."""
        return np.cumsum(self.profit)

    @property
    def npv(self) -> float:
        """Present value of the profit added within the horizon."""
        return float(self.profit @ self.discount)

    @property
    def return_on_cost(self) -> float:
        """Present value earned for each unit of money spent, that too at present value; NaN if nothing is spent."""
        spent = float(self.cost @ self.discount)
        return self.npv / spent if spent > 0 else float("nan")

    @property
    def payback_month(self) -> int | None:
        """First month from whose end on the profit added so far is never below zero; None if there is none."""
        below = np.flatnonzero(self.cumulative < -PAID_BACK)
        first = int(below[-1]) + 2 if below.size else 1
        return first if first <= self.profit.size else None


@dataclass(frozen=True, eq=False)
class Case:
    """Both ways side by side.

    Attributes
    ----------
    early, late : array, (months,)
        Profit that agile delivery has added so far if it takes as much less, or more, work as may be.
    overheads, advantage : array, (17,)
        Shares of time spent on coordination, and by how much the present value of agile delivery then exceeds that of
        waterfall delivery.
    break_even : tuple of float
        Overheads at which both are worth the same.
    """

    waterfall: Outcome
    agile: Outcome
    early: Numbers
    late: Numbers
    overheads: Numbers
    advantage: Numbers
    break_even: tuple[float, ...]

    @property
    def lead(self) -> float:
        """By how much the present value of agile delivery exceeds that of waterfall delivery."""
        return self.agile.npv - self.waterfall.npv

    @cached_property
    def stretches(self) -> tuple[tuple[float, bool], ...]:
        """From which overhead on, and whether it is agile delivery that leads there; the other way leads in the next one."""
        found: list[tuple[float, bool]] = []
        for low, high in pairwise([self.overheads[0], *self.break_even, self.overheads[-1]]):
            within = self.advantage[(self.overheads >= low) & (self.overheads <= high)]
            leads = bool(within.size and within[np.abs(within).argmax()] > 0)
            if high > low and not (found and found[-1][1] == leads):
                found.append((float(low), leads))
        return tuple(found)

    @property
    def turning_points(self) -> tuple[float, ...]:
        """The overheads at which one way takes the lead from the other."""
        return tuple(low for low, _ in self.stretches[1:])

    @property
    def better(self) -> Outcome:
        """The way that is worth more."""
        return self.agile if self.lead >= 0 else self.waterfall


def ways(delivery: Delivery) -> tuple[Delivery, Delivery]:
    """Return the same delivery as waterfall and as agile."""
    return replace(delivery, method="waterfall"), replace(delivery, method="agile")


def band(delivery: Delivery) -> tuple[Delivery, Delivery]:
    """Return agile delivery if it takes as much less work as may be, and as much more."""
    agile = replace(delivery, method="agile")
    return agile.with_all_work(1 - delivery.uncertainty), agile.with_all_work(1 + delivery.uncertainty)


def case(scenario: Scenario, delivery: Delivery) -> Case:
    """Return what each way of delivery adds to the profit of a scenario; a delivery in the scenario itself is left out.

    Examples
    --------
    >>> from model import Scenario, load_shipped
    >>> found = case(Scenario.of(load_shipped("midmarket-saas")), Delivery(overhead=0))
    >>> found.agile.npv > found.waterfall.npv
    True
    """
    alone, (waterfall, agile) = scenario.without_plan(WORD), ways(delivery)
    later = [replace(way, start=way.start + 1) for way in (waterfall, agile)]
    tried = [replace(agile, overhead=float(share)) for share in OVERHEADS]
    deliveries = [waterfall, agile, *later, *band(delivery), *tried]
    profit = _profit([alone, *(alone.with_plan(each) for each in deliveries)])
    added, months = profit[:, 1:] - profit[:, :1], np.arange(1, scenario.horizon + 1)
    discount = (1 + np.broadcast_to(alone.path("cost_of_capital")[:, 0], months.shape)) ** (-months / 12)
    worth = discount @ added

    def outcome(way: Delivery, run: int) -> Outcome:
        spent = cost(way, schedule(way), scenario.company, scenario.horizon)
        return Outcome(added[:, run], spent, discount, float(worth[run] - worth[run + 2]))

    def advantage(overhead: float) -> float:
        found = _profit([alone.with_plan(replace(agile, overhead=overhead))])
        return float(discount @ (found[:, 0] - profit[:, 1]))

    gaps, (early, late) = worth[6:] - worth[0], np.cumsum(added[:, 4:6], axis=0).T
    level = crossings(advantage, OVERHEADS, gaps)
    return Case(outcome(waterfall, 0), outcome(agile, 1), early, late, OVERHEADS, gaps, level)


def _profit(scenarios: Sequence[Scenario]) -> Numbers:
    """Return the operating profit of scenarios, (months, scenarios)."""
    return project_many(scenarios, ["operating_profit"])["operating_profit"]


def crossings(of: Callable[[float], float], at: Numbers, values: Numbers) -> tuple[float, ...]:
    """Return where a continuous function is zero, given its values at some points; none if it is zero at all of them.

    Two changes of sign between neighbouring points are not seen.

    Examples
    --------
    >>> crossings(lambda x: x - 0.3, np.array([0.0, 0.5, 1.0]), np.array([-0.3, 0.2, 0.7]))
    (0.3,)
    """
    from scipy.optimize import brentq

    signs = np.where(np.abs(values) <= ROUNDING * np.abs(values).max(), 0.0, np.sign(values))
    found = [float(at[here]) for here in np.flatnonzero(signs == 0)] if signs.any() else []
    found += [
        float(brentq(of, at[here], at[here + 1], xtol=1e-6)) for here in np.flatnonzero(signs[:-1] * signs[1:] < 0)
    ]
    return tuple(sorted(found))
