"""Plan and actuals: variance by ARR movement, the bridge between them, and how accurate the plan has been so far."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from model.company import Numbers
from model.export import cell_of, csv_of
from model.history.reading.adding_up import SIBLINGS, SIGNS, Mask, movement_parts
from model.history.trust.actuals import Actuals
from model.lines import LINES, OverTime
from model.projection import Projection
from model.text import alike, counted, money

ENOUGH = 4
"""Fewer quarters, and the accuracy is that of months and marked."""
FAR = 2.0
"""Months that open with ARR so many times the plan's, or so small a part of it, may be of another company or in thousands (judgement)."""
LABELS = {
    "arr_new": "New customers",
    "arr_expansion": "Expansion",
    "arr_price_uplift": "Price uplift",
    "arr_contraction": "Contraction",
    "arr_churn": "Churn",
    "arr_churn_involuntary": "Failed payments",
}
TOGETHER = {"arr_expansion": "Expansion and uplift", "arr_churn": "Churn and failed payments"}
NOT_SPLIT, NOT_EXPLAINED, MISSING = "Not split", "Not explained by movements", "Missing months"


UNSEEN = 0.5
"""A difference of less than half a unit of the currency is none."""


@dataclass(frozen=True)
class Compared:
    """A line of the actuals and what the plan had in its place, by month.

    Attributes
    ----------
    line : str
        Its name; "" for what is no line of its own.
    label : str
        As people read it.
    actual, plan : array, (months,)
    better : int
        1 if more is favourable, -1 if less is.
    there : array of bool, (months,)
        Months of which there is anything; a sum is over these alone, of actual and plan alike.
    over_time : str
        How months add up: a flow is summed, of an opening balance the first counts, of a closing balance the last.
    """

    line: str
    label: str
    actual: Numbers
    plan: Numbers
    better: int
    there: Mask
    over_time: OverTime = "flow"

    @property
    def total(self) -> tuple[float, float]:
        """Actual and plan of all months."""
        last = int(np.flatnonzero(self.there)[-1]) if self.there.any() else -1
        actual, plan = (self.so_far(values)[last] for values in (self.actual, self.plan))
        return float(actual), float(plan)

    def so_far(self, values: Numbers) -> Numbers:
        """Return what values come to from the first month to each."""
        if self.over_time == "flow":
            return np.cumsum(np.where(self.there, values, 0.0))
        return np.full_like(values, values[self.there.argmax()]) if self.over_time == "opening" else values

    @property
    def variance(self) -> float:
        """Actual less plan, of all months."""
        actual, plan = self.total
        return actual - plan

    @property
    def relative(self) -> float:
        """Variance as a share of the plan; NaN if the plan is nothing."""
        plan = self.total[1]
        return self.variance / abs(plan) if plan else math.nan

    @property
    def favourable(self) -> bool:
        """Whether the variance is for the better, or there is none."""
        return self.variance * self.better >= 0

    @property
    def verdict(self) -> str:
        """What the variance of all months is in a word."""
        return verdict(*self.total, self.better)

    @property
    def known(self) -> bool:
        """Whether it is known: a balance in every month that is there, a flow in any."""
        return bool(self.there.any() and np.isfinite(self.actual[self.there]).all())

    @property
    def role(self) -> str:
        """What it is drawn as: "new", "churn", …"""
        return {"arr_price_uplift": "uplift", "arr_churn_involuntary": "involuntary"}.get(
            self.line, self.line.removeprefix("arr_")
        )


def verdict(actual: float, plan: float, better: int) -> str:
    """Return "better", "worse" or, where nobody would see a difference, "as planned"; "" where one of them is not known.

    >>> verdict(100.2, 100.0, 1), verdict(90.0, 100.0, -1), verdict(0.0, 10.0, 1), verdict(math.nan, 10.0, 1)
    ('as planned', 'better', 'worse', '')
    """
    gap = actual - plan
    if not math.isfinite(gap):
        return ""
    if abs(gap) < UNSEEN or alike(actual, plan):
        return "as planned"
    return "better" if gap * better > 0 else "worse"


@dataclass(frozen=True)
class Accuracy:
    """1 less the mean of |actual − plan| ÷ plan of new ARR: over whole quarters, or months while these are few."""

    value: float
    count: int
    period: str

    @property
    def enough(self) -> bool:
        """Whether it rests on enough quarters."""
        return self.period == "quarter"

    @property
    def told(self) -> str:
        """What it rests on, in words."""
        rests = f"{counted(self.count, self.period).lower()} of new ARR"
        if self.enough:
            return f"Measured on {rests}."
        return (f"Measured on {rests}: too few for a quarter's accuracy, {ENOUGH} whole quarters are needed. Months miss by "
                "more than quarters, in which they even out, so this is at the low end.")  # fmt: skip


@dataclass(frozen=True)
class PlanAndActuals:
    """Actual months against a plan.

    Attributes
    ----------
    months : tuple of str
        From the first to the last: "2026-01", …
    missing : tuple of str
        Those of them that are not there.
    movements : tuple of Compared
        By ARR movement, in the order of a bridge.
    opening, closing : Compared
        ARR at the start and end of months; actual NaN where it cannot be known.
    revenue : Compared or None
        None where it is not given.
    accuracy : Accuracy or None
        Of new ARR; None where that is not given or was not planned.
    replanned : array, (plan months,)
        ARR by month end: as it happened, then actual closing ARR and the movements planned for the months that remain,
        in money; NaN before the first actual month.
    """

    months: tuple[str, ...]
    missing: tuple[str, ...]
    movements: tuple[Compared, ...]
    opening: Compared
    closing: Compared
    revenue: Compared | None
    accuracy: Accuracy | None
    replanned: Numbers

    @property
    def bridge(self) -> tuple[tuple[str, float, str], ...]:
        """Steps from planned to actual closing ARR: label, amount, role; they add up. Empty without actual ARR."""
        actual, plan = self.closing.total
        if not (self.closing.known and self.opening.known):
            return ()
        steps = [("Opening ARR", self.opening.variance, "base")]
        steps += [(one.label, one.variance * one.better, one.role) for one in self.movements]
        steps += [(MISSING, self._in_missing_months, "cost")] if self.missing else []
        rest = actual - plan - sum(amount for _, amount, _ in steps)
        split = {name for one in self.movements for name in _held(one)} == set(SIGNS)
        if not split or abs(rest) > 1e-9 * max(abs(actual), abs(plan)):
            steps.append((NOT_EXPLAINED if split else NOT_SPLIT, rest, "cost"))
        return tuple(steps)

    @property
    def _in_missing_months(self) -> float:
        """How much further ARR moved than planned in months that are missing, as the balances on both sides of them say."""
        there = np.flatnonzero(self.opening.there)
        before, after = (
            there[at] for at in (np.flatnonzero(np.diff(there) > 1), np.flatnonzero(np.diff(there) > 1) + 1)
        )
        opened = self.opening.actual[after] - self.opening.plan[after]
        return float((opened - (self.closing.actual[before] - self.closing.plan[before])).sum())

    def far_off(self, currency: str) -> str:
        """Ask whether the months belong to this plan, where they open far from it; else ''."""
        actual, plan = self.opening.total
        if not (self.opening.known and actual > 0 < plan) or 1 / FAR < actual / plan < FAR:
            return ""
        return (f"These months open with {money(actual, currency)} of ARR, the plan with {money(plan, currency)}: "
                "are they of this company, and not in thousands?")  # fmt: skip

    @property
    def rows(self) -> tuple[Compared, ...]:
        """Everything compared, as a table has it."""
        return (self.opening, *self.movements, self.closing, *([self.revenue] if self.revenue else []))


def plan_and_actuals(actuals: Actuals, plan: Projection, segment: str = "") -> PlanAndActuals:
    """Return how actual months compare with a plan, for a segment or the whole company."""
    scenario = plan.scenario
    span = slice(actuals.first - 1, actuals.last)
    there = actuals.there_of(scenario, segment)
    lines = {name: actuals.of(name, scenario, segment) for name in actuals.lines}
    planned = {name: plan.of(name, segment) for name in lines}

    def compared(name: str, label: str, held: Sequence[str], better: int) -> Compared:
        total = sum((planned[one][span] for one in held), np.zeros(actuals.months))
        over_time = LINES[name].over_time
        known = there & np.isfinite(lines[name]) if over_time == "flow" else there
        return Compared(name, label, lines[name], total, better, known, over_time)

    parts = movement_parts(lines, there)
    movements = tuple(
        compared(name, LABELS[name] if len(held) == 1 else TOGETHER[name], held, SIGNS[name])
        for name, held in parts.items()
    )
    closing = compared("arr_closing", "Closing ARR", ["arr_closing"], 1)
    revenue = compared("revenue", "Revenue", ["revenue"], 1)
    names = list(_names(plan, actuals))
    replanned = np.full(plan.months, np.nan)
    replanned[span] = closing.actual
    replanned[actuals.last :] = planned["arr_closing"][actuals.last :] + (closing.actual[-1] - closing.plan[-1])
    return PlanAndActuals(
        tuple(names), tuple(name for name, known in zip(names, there, strict=True) if not known), movements, compared("arr_opening", "Opening ARR", ["arr_opening"], 1),
        closing, revenue if revenue.known else None, _accuracy(movements, plan, actuals), replanned,
    )  # fmt: skip


def _held(one: Compared) -> tuple[str, ...]:
    """Return the lines of the plan that a movement is held against."""
    alone = one.label != TOGETHER.get(one.line)
    return (one.line, *(name for name, sibling in SIBLINGS.items() if sibling == one.line and not alone))


def _names(plan: Projection, actuals: Actuals) -> Iterator[str]:
    for month in range(actuals.first, actuals.last + 1):
        year, in_year = plan.scenario.company.month(month)
        yield f"{year}-{in_year:02d}"


def _accuracy(movements: Sequence[Compared], plan: Projection, actuals: Actuals) -> Accuracy | None:
    """Return the accuracy of new ARR so far, by quarter if enough of them are whole."""
    new = next((one for one in movements if one.line == "arr_new"), None)
    if new is None:
        return None
    starts = [
        at
        for at in range(actuals.months - 2)
        if new.there[at : at + 3].all() and plan.scenario.company.month(actuals.first + at)[1] % 3 == 1
    ]
    by_quarter = [[values[at : at + 3].sum() for at in starts] for values in (new.actual, new.plan)]
    period = "quarter" if len(starts) >= ENOUGH else "month"
    actual, planned = np.array(by_quarter) if period == "quarter" else (new.actual[new.there], new.plan[new.there])
    if not (planned > 0).all():
        return None
    missed = float((np.abs(actual - planned) / planned).mean())
    return Accuracy(max(0.0, 1 - missed), len(actual), period)


def variance_csv(found: PlanAndActuals) -> bytes:
    """Return actual and plan of every line and month as CSV, and both as they add up from the first month.

    Full precision, UTF-8; a cell without a value is empty. `favourable` is of the month.
    """
    rows = [["date", "line", "label", "actual", "plan", "variance", "variance_of_plan", "favourable", "actual_so_far",
             "plan_so_far", "variance_so_far"]]  # fmt: skip
    for one in found.rows:
        difference, so_far = one.actual - one.plan, [one.so_far(values) for values in (one.actual, one.plan)]
        for at, date in enumerate(found.months):
            relative = difference[at] / abs(one.plan[at]) if one.plan[at] else math.nan
            good = "" if np.isnan(difference[at]) else "yes" if difference[at] * one.better >= 0 else "no"
            values = [one.actual[at], one.plan[at], difference[at], relative]
            added = [so_far[0][at], so_far[1][at], so_far[0][at] - so_far[1][at]]
            rows.append([date, one.line, one.label, *map(cell_of, values), good, *map(cell_of, added)])
    return csv_of(rows)
