"""What each lever alone would have to be for a target: the value nearest to today, or the best it can do."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from model.company import Numbers
from model.engine import project
from model.errors import ScenarioError
from model.inputs import swept
from model.moves import Move
from model.outcomes import Outcome, profits_up_to
from model.projection import Projection
from model.scenario import Scenario
from model.studies.crossings import Gain, brackets, refined
from model.studies.levers import Lever, Places, checked, levers_of, moved, values_alone
from model.studies.sensitivity import NOTHING
from model.text import plain, rate, shown

BELOW, USUAL, ABOVE, CLOSER = 6, 11, 11, 9
"""Points of the scan below, within and above the usual range, and of a closer look around its best one."""
FLAT = 0.02
"""What is missing of the best may be that part of what a lever can bring: far out, curves are flat."""
FAR = 1e6
"""Gains are measured in that many times where an outcome stands at most, so that no target makes them vanish."""
FAR_OFF = 10.0
"""A share that is to be more than that many times what it is, and than the whole, was perhaps written in per cent."""
NEAR = 0.1
"""A target that is offered is a tenth away from where the outcome stands."""
FINE = 100
"""A move that is applied is rounded to that part of a step, on the side where the target is reached."""


@dataclass(frozen=True)
class Goal:
    """A target for an outcome of a scenario.

    Attributes
    ----------
    present : float
        The outcome as the scenario has it.
    sense : float
        1 where it is to be at least the target, −1 where at most; a metric that is neither good nor bad is to go from
        where it stands without any move to the target.
    """

    scenario: Scenario
    outcome: Outcome
    target: float
    present: float
    sense: float

    @property
    def is_met(self) -> bool:
        """Whether nothing is needed."""
        return self.reached(self.present)

    @property
    def month(self) -> int:
        """The month in which the target is to be reached, 1 being the first."""
        return self.outcome.row(self.scenario.horizon) + 1

    def profit_against(self, now: Projection, then: Projection) -> float:
        """Return what one projection earns more than another up to that month."""
        earned = now["operating_profit"] - then["operating_profit"]
        return float(earned[: self.month].sum())

    @property
    def made(self) -> float:
        """What the moves and plans of the scenario do to operating profit up to that month."""
        return self.profit_against(project(self.scenario), project(self.scenario.base))

    @property
    def scale(self) -> float:
        """What gains are measured in: the way from where the outcome stands to the target, or a part of it where it is long."""
        return min(abs(self.target - self.present) or 1.0, FAR * max(abs(self.present), 1.0))

    @property
    def level(self) -> float:
        """The gain that reaches the target: 1 unless the way is long."""
        return abs(self.target - self.present) / self.scale

    def reached(self, value: float) -> bool:
        """Say whether a value of the outcome reaches the target, but for rounding."""
        return bool(self.sense * (value - self.target) >= -NOTHING * abs(self.target))

    def gain(self, values: Numbers) -> Numbers:
        """Return how far values of the outcome are better than where it stands; the target is not subtracted: it may be huge."""
        return self.sense * (values - self.present) / self.scale

    @property
    def question(self) -> str:
        """Ask whether a share was meant in per cent, where a hundredth of the target is by far the likelier; or ''."""
        entry, meant, stands = self.outcome.entry, self.target / 100, abs(self.present)
        far_off = max(1.0, FAR_OFF * stands) < abs(self.target) and abs(meant) < FAR_OFF * max(1.0, stands)
        if entry.shown_as != "rate" or not far_off:
            return ""
        return f"{entry.label} of {plain(self.target)} is {rate(self.target)}; did you mean {plain(meant)} ({rate(meant)})?"


def goal_of(scenario: Scenario, outcome: Outcome, target: float) -> Goal:
    """Return the goal that a target sets.

    Raises
    ------
    ScenarioError
        The target is not finite, or the metric has no value in that month.
    """
    if not math.isfinite(target):
        raise ScenarioError(f"The target ({target}) must be a finite number, rates as fractions.")
    present = checked(scenario, outcome, "there is no way to a target")
    start = outcome.of(project(scenario.base))
    senses = {"up": 1.0, "down": -1.0, "neither": 1.0 if target >= (start if np.isfinite(start) else present) else -1.0}
    return Goal(scenario, outcome, target, present, senses[outcome.entry.better])


def offered_target(outcome: Outcome, present: float) -> float:
    """Return a round target that is better than where an outcome stands by about a tenth."""
    way = -1 if outcome.entry.better == "down" else 1
    wanted = present + way * NEAR * (abs(present) or 1.0)
    digits = 1 - math.floor(math.log10(abs(wanted))) if wanted else 0
    return round(wanted, digits)


def why_offered(outcome: Outcome, present: float, target: float, currency: str) -> str:
    """Say what a target is that nobody gave."""
    better = "below" if target < present else "above"
    wanted, now = (shown(value, outcome.entry.shown_as, currency) for value in (target, present))
    return f"No target is given: {wanted} is about a tenth {better} the {now} of this scenario, rounded."


@dataclass(frozen=True, eq=False)
class Need:
    """What one lever alone can do for a goal.

    Attributes
    ----------
    value : float
        The value nearest to today at which the target is reached; NaN if none is within its reach.
    best, at_best : float
        Where the target is not reached: the best outcome it can bring, but for 2 % of its way, and the value nearest
        to today that brings it. NaN otherwise.
    profit : float
        What the value, or else the best one, does to operating profit up to the month of the target.
    """

    goal: Goal
    lever: Lever
    value: float
    best: float = math.nan
    at_best: float = math.nan
    profit: float = math.nan

    @property
    def reached(self) -> bool:
        """Whether the target is reached within its reach."""
        return math.isfinite(self.value)

    @property
    def is_usual(self) -> bool:
        """Whether the target is reached within its usual range."""
        return self.reached and self.lever.usual[0] <= self.value <= self.lever.usual[1]

    @property
    def does_nothing(self) -> bool:
        """Whether it cannot bring the outcome any nearer to the target."""
        return not self.reached and self.best == self.goal.present

    @property
    def distance(self) -> float:
        """How far the value is from today, in sizes of the lever."""
        return abs(self.value - self.lever.today) / self.lever.size

    @cached_property
    def move(self) -> Move:
        """The move to the value, rounded to the side where the target is reached, or else to the best one."""
        if not self.reached:
            return self.lever.move.to(self.at_best)
        return rounded(self.lever, self.value, self.value - self.lever.today)


def rounded(lever: Lever, value: float, way: float) -> Move:
    """Return the move of a lever to a value, rounded a hundredth of a step further on its way, within its bounds."""
    if way == 0:
        return lever.move
    fine = lever.entry.step / FINE
    count = value / fine
    whole = math.ceil(count - 1e-6) if way > 0 else math.floor(count + 1e-6)
    return lever.move.to(min(max(round(whole * fine, 12), lever.entry.min), lever.entry.max))


def needs(goal: Goal, segment: str = "") -> tuple[Need, ...]:
    """Return what each lever of the company, or of a segment, would have to be for a goal, the nearest to today first.

    All levers are scanned as far as they reach in one batch, densely over the usual range; crossings are refined
    in further batches, all of them together. A dip between two points of the scan is not seen.
    """
    levers = levers_of(goal.scenario, segment)

    def gain(which: Places, at: Numbers) -> Numbers:
        return goal.gain(values_alone(goal.scenario, goal.outcome, levers, which, at))

    grid = np.stack([_scan(lever) for lever in levers])
    found = gain(np.repeat(np.arange(len(levers)), grid.shape[1]), grid.ravel()).reshape(grid.shape)
    grid, found = _closer(levers, grid, found, gain)
    crossings = _nearest(levers, grid, found - goal.level, lambda which, at: gain(which, at) - goal.level)
    result = [Need(goal, lever, crossings[place]) if place in crossings else _best(goal, lever, at, values)
              for place, (lever, at, values) in enumerate(zip(levers, grid, found, strict=True))]  # fmt: skip
    return tuple(sorted(_with_profits(goal, result), key=_order))


def _with_profits(goal: Goal, found: Sequence[Need]) -> list[Need]:
    """Return needs with what they do to operating profit, all of them in one batch, the first run that of no move."""
    runs, held = np.arange(len(found) + 1) - 1, moved(goal.scenario, (need.lever.move for need in found))
    ends = ((need.lever, need.move.target) for need in found)
    targets = {lever.key: np.where(runs == place, end, lever.today) for place, (lever, end) in enumerate(ends)}
    profits = profits_up_to(goal.month, swept(held, targets))
    return [replace(need, profit=float(profit)) for need, profit in zip(found, profits[1:] - profits[0], strict=True)]


def _order(need: Need) -> tuple[int, float]:
    """Order needs: usual ones by distance, unusual ones, then what falls short by how far it comes."""
    if need.reached:
        return (0 if need.is_usual else 1), need.distance
    return (3 if need.does_nothing else 2), -need.goal.sense * need.best


def _scan(lever: Lever) -> Numbers:
    """Return values of a lever as far as it reaches, in order, today's among them, (points,)."""
    (low, high), (least, most) = lever.usual, lever.reach
    return np.sort(
        np.concatenate([np.linspace(least, low, BELOW), np.linspace(low, high, USUAL),
                        np.linspace(high, most, ABOVE), [lever.today]])
    )  # fmt: skip


def _closer(levers: Sequence[Lever], grid: Numbers, found: Numbers, gain: Gain) -> tuple[Numbers, Numbers]:
    """Return the scan with more points around the best of levers that do not reach the target on it."""
    known = np.nan_to_num(found, nan=-np.inf)
    best = known.argmax(axis=1)
    rows = np.arange(len(levers))
    left, right = grid[rows, np.maximum(best - 1, 0)], grid[rows, np.minimum(best + 1, grid.shape[1] - 1)]
    closer = np.linspace(left, right, CLOSER, axis=1)
    more = gain(np.repeat(rows, CLOSER), closer.ravel()).reshape(closer.shape)
    grid, found = np.concatenate([grid, closer], axis=1), np.concatenate([found, more], axis=1)
    order = grid.argsort(axis=1, kind="stable")
    return np.take_along_axis(grid, order, axis=1), np.take_along_axis(found, order, axis=1)


def _nearest(levers: Sequence[Lever], grid: Numbers, found: Numbers, gain: Gain) -> dict[int, float]:
    """Return, by the position of a lever that reaches the target, the crossing nearest to today."""
    which, left = brackets(found)
    today = np.array([lever.today for lever in levers])[which]
    low, high = grid[which, left], grid[which, left + 1]
    away = np.maximum(np.maximum(low - today, today - high), 0)
    keep = [place for lever in np.unique(which) for place in _sides(np.flatnonzero(which == lever), away, low, today)]
    which, low, high = which[keep], low[keep], high[keep]
    roots = refined(gain, which, low, high)
    nearest: dict[int, float] = {}
    for lever, root in zip(which.tolist(), roots.tolist(), strict=True):
        at = levers[lever].today
        if lever not in nearest or abs(root - at) < abs(nearest[lever] - at):
            nearest[lever] = root
    return nearest


def _sides(places: Places, away: Numbers, low: Numbers, today: Numbers) -> list[int]:
    """Return the nearest bracket above today and the nearest below, of those of one lever."""
    above = low[places] >= today[places]
    return [int(side[away[side].argmin()]) for side in (places[above], places[~above]) if side.size]


def _best(goal: Goal, lever: Lever, at: Numbers, values: Numbers) -> Need:
    """Return what a lever that falls short can do at best, as near to today as it can."""
    known = np.nan_to_num(values, nan=-np.inf)
    top = float(known.max())
    if top * goal.scale <= NOTHING * abs(goal.present):
        return Need(goal, lever, math.nan, goal.present, lever.today)
    near = np.flatnonzero(known >= (1 - FLAT) * top)
    place = near[np.abs(at[near] - lever.today).argmin()]
    return Need(goal, lever, math.nan, goal.present + goal.sense * float(known[place]) * goal.scale, float(at[place]))
