"""Aim: what it would take to reach a target: each lever alone, and the mix of several with the least effort."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from model.company import Numbers
from model.engine import project
from model.errors import ScenarioError
from model.export import cell_of, csv_of, safe
from model.outcomes import Outcome
from model.scenario import Move, Scenario
from model.studies.aim_link import MOST_LEVERS, Allowed
from model.studies.effort import ENOUGH, Answer, Problem, least_effort
from model.studies.levers import Lever, Places, lever_of, moved, values_of
from model.studies.needs import Goal, Need, goal_of, needs, rounded
from model.studies.sensitivity import USUAL, tornado

OFFERED = 6
"""How many levers a mix may use unless they are chosen: those that move the outcome most."""
BEST, WITHOUT, FEWER = "best", "without", "fewer"


@dataclass(frozen=True, eq=False)
class Part:
    """A lever of a mix.

    Attributes
    ----------
    value : float
        Where the mix has it.
    move : Move
        The move there, rounded to a hundredth of a step on the side where the target is reached.
    share : float
        Of the effort of the mix.
    relaxed : float
        Where a bound stops it: what one step more room would save of the effort, or, where nothing reaches the target, add
        to the outcome; else 0.
    """

    lever: Lever
    allowed: Allowed
    value: float
    move: Move
    share: float
    relaxed: float

    @property
    def is_used(self) -> bool:
        """Whether it moves at all."""
        return self.value != self.lever.today


@dataclass(frozen=True, eq=False)
class Mix:
    """Levers moved together for a goal.

    Attributes
    ----------
    kind : str
        `best`, `without` the lever that carries most of that, or `fewer` levers.
    parts : tuple of Part
        Levers, the one that carries most first.
    effort : float
        Sum of weight × (way ÷ usual range)²: 1 is one lever over all of its usual range.
    price : float
        What one unit more of the target would add to the effort.
    scenario : Scenario
        With the moves made; `outcome` is that of its projection.
    """

    kind: str
    goal: Goal
    parts: tuple[Part, ...]
    effort: float
    price: float
    scenario: Scenario
    outcome: float

    @property
    def reached(self) -> bool:
        """Whether the projection of its moves reaches the target."""
        return self.goal.reached(self.outcome)

    @property
    def used(self) -> tuple[Part, ...]:
        """The levers that move."""
        return tuple(part for part in self.parts if part.is_used)


@dataclass(frozen=True, eq=False)
class Aim:
    """What it would take: each lever alone, the best mix, and others. None of them where the target is met."""

    goal: Goal
    needs: tuple[Need, ...] = ()
    mixes: tuple[Mix, ...] = ()


@lru_cache(maxsize=64)
def aim(scenario: Scenario, outcome: Outcome, target: float, allowed: tuple[Allowed, ...] | None = None,
        segment: str = "") -> Aim:  # fmt: skip
    """Return what it would take to reach a target.

    Parameters
    ----------
    allowed : tuple of Allowed, optional
        Levers that a mix may use; those that move the outcome most unless given, none for no mix.
    segment : str
        The segment whose levers are tried alone, '' for those of the company.

    Raises
    ------
    ScenarioError
        The target is not finite, the metric has no value in that month, or a lever is none.
    """
    goal = goal_of(scenario, outcome, target)
    if goal.is_met:
        return Aim(goal)
    chosen = offered(scenario, outcome, segment) if allowed is None else allowed
    return Aim(goal, needs(goal, segment), mixes(goal, chosen) if chosen else ())


def offered(scenario: Scenario, outcome: Outcome, segment: str = "") -> tuple[Allowed, ...]:
    """Return the levers that move an outcome most over their usual ranges."""
    bars = [bar for bar in tornado(scenario, outcome, segment, USUAL).bars if bar.is_known]
    return tuple(Allowed(bar.lever.key) for bar in bars[:OFFERED])


def mixes(goal: Goal, allowed: Sequence[Allowed]) -> tuple[Mix, ...]:
    """Return the mix of least effort, and beside it others: without its strongest lever, and with as few as will do.

    Raises
    ------
    ScenarioError
        No lever is chosen, too many are, or one is none.
    """
    if not allowed:
        raise ScenarioError("No lever is chosen; a mix needs at least one.")
    if len(allowed) > MOST_LEVERS:
        raise ScenarioError(f"A mix uses at most {MOST_LEVERS} levers; {len(allowed)} are chosen.")
    levers = [lever_of(goal.scenario, one.key) for one in allowed]
    problem = problem_of(goal, levers, allowed)
    answer = least_effort(problem)
    best = _mix(BEST, goal, levers, allowed, problem, answer)
    if not answer.reached or not best.used:
        return (best,)
    carried = problem.weights * (answer.z - problem.origin) ** 2
    order = np.argsort(-carried, kind="stable")
    found = [
        best,
        *_without(goal, levers, allowed, problem, order),
        *_fewer(goal, levers, allowed, problem, order, best),
    ]
    seen: dict[frozenset[str], Mix] = {}
    for mix in found:
        seen.setdefault(frozenset(part.lever.key for part in mix.used), mix)
    return tuple(seen.values())


def _without(goal: Goal, levers: list[Lever], allowed: Sequence[Allowed], problem: Problem, order: Places) -> list[Mix]:
    """Return the best mix without the lever that carries most, if others reach the target."""
    if order.size < 2:
        return []
    answer = _within(problem, np.sort(order[1:]))
    return [_mix(WITHOUT, goal, levers, allowed, problem, answer)] if answer.reached else []


def _fewer(goal: Goal, levers: list[Lever], allowed: Sequence[Allowed], problem: Problem, order: Places,
           best: Mix) -> list[Mix]:  # fmt: skip
    """Return the mix with the least number of levers, the strongest first, that reaches the target."""
    for count in range(1, len(best.used)):
        answer = _within(problem, np.sort(order[:count]))
        if answer.reached:
            return [_mix(FEWER, goal, levers, allowed, problem, answer)]
    return []


def problem_of(goal: Goal, levers: Sequence[Lever], allowed: Sequence[Allowed]) -> Problem:
    """Return the search for a mix: levers in usual ranges from today, the outcome in parts of the way to the target."""
    today, span = (np.array([getattr(lever, name) for lever in levers]) for name in ("today", "span"))
    bounds = np.array([one.bounds(lever) for one, lever in zip(allowed, levers, strict=True)])

    def gain(z: Numbers) -> Numbers:
        at = today[:, np.newaxis] + span[:, np.newaxis] * z
        targets = {lever.key: values for lever, values in zip(levers, at, strict=True)}
        return goal.gain(values_of(goal.scenario, goal.outcome, levers, targets))

    low, high = ((bounds - today[:, np.newaxis]) / span[:, np.newaxis]).T
    return Problem(gain, np.array([one.weight for one in allowed]), low, high)


def _within(problem: Problem, places: Places) -> Answer:
    """Return the answer when only some levers may move, as one for all of them."""
    found = least_effort(problem.only(places))
    z, slope = problem.origin, np.zeros(problem.low.size)
    z[places], slope[places] = found.z, found.slope
    return Answer(z, found.gain, found.price, slope)


def _mix(kind: str, goal: Goal, levers: Sequence[Lever], allowed: Sequence[Allowed], problem: Problem,
         answer: Answer) -> Mix:  # fmt: skip
    """Return an answer as moves, and project them."""
    effort, relaxed = float(problem.weights @ answer.z**2), _relaxed(problem, answer)
    unit = 1.0 if answer.reached else goal.scale
    parts = []
    for place, (lever, one) in enumerate(zip(levers, allowed, strict=True)):
        way, (low, high) = float(answer.z[place]), one.bounds(lever)
        value = min(max(lever.today + lever.span * way, low), high) if way else lever.today
        whole = rounded(lever, value, way)
        share = float(problem.weights[place]) * way**2 / effort if effort else 0.0
        more = float(relaxed[place]) * lever.entry.step / lever.span * unit
        parts.append(
            Part(lever, one, value, whole.to(min(max(whole.target, low), high)) if way else whole, share, more)
        )
    parts.sort(key=lambda part: -part.share)
    scenario, found = _made(goal, parts)
    if answer.reached and not goal.reached(found):  # where a lever's way is up to others, rounding may lead back
        parts = [replace(part, move=part.lever.move.to(part.value)) for part in parts]
        scenario, found = _made(goal, parts)
    return Mix(kind, goal, tuple(parts), effort, answer.price / goal.scale, scenario, found)


def _made(goal: Goal, parts: Sequence[Part]) -> tuple[Scenario, float]:
    """Return the scenario with the moves of a mix, and the outcome of its projection."""
    scenario = moved(goal.scenario, (part.move for part in parts if part.is_used))
    return scenario, goal.outcome.of(project(scenario))


def _relaxed(problem: Problem, answer: Answer) -> Numbers:
    """Return what one unit more room at each bound would save of the effort, or add to the gain where none reaches, (n,)."""
    low, high = (np.abs(answer.z - bound) < ENOUGH for bound in (problem.low, problem.high))
    pull = answer.price * answer.slope - 2 * problem.weights * answer.z if answer.reached else answer.slope
    return np.where(high, np.maximum(pull, 0), 0.0) + np.where(low, np.maximum(-pull, 0), 0.0)


def aim_csv(found: Aim) -> bytes:
    """Return an aim as CSV: what is there and asked for, each lever alone, then the mixes lever by lever; full precision."""
    goal = found.goal
    rows = [["row", "lever", "label", "unit", "today", "value", "applied", "reached", "best", "at_best", "weight", "low", "high",
             "share_of_effort", "relaxing_a_bound", "effort", "price_of_target", "outcome"]]  # fmt: skip
    rows.append(["goal", str(goal.outcome), safe(goal.outcome.entry.label), safe(goal.outcome.entry.unit), cell_of(goal.present),
                 cell_of(goal.target), "", _yes(goal.is_met), *[""] * 9, cell_of(goal.present)])  # fmt: skip
    for need in found.needs:
        applied = cell_of(need.move.target) if need.reached else ""
        rows.append(["alone", *_named(need.lever), cell_of(need.value), applied, _yes(need.reached), cell_of(need.best),
                     cell_of(need.at_best), *[""] * 8])  # fmt: skip
    for mix in found.mixes:
        for part in mix.parts:
            ends = part.allowed.bounds(part.lever)
            rows.append([mix.kind, *_named(part.lever), cell_of(part.value), cell_of(part.move.target), _yes(mix.reached), "", "",
                         *map(cell_of, (part.allowed.weight, *ends, part.share, part.relaxed)), "", "", ""])  # fmt: skip
        whole = map(cell_of, (mix.effort, mix.price if mix.reached else math.nan, mix.outcome))
        rows.append([mix.kind, "all", "", "", "", "", "", _yes(mix.reached), *[""] * 7, *whole])
    return csv_of(rows)


def _named(lever: Lever) -> tuple[str, str, str, str]:
    return lever.key, safe(lever.title), safe(lever.entry.unit), cell_of(lever.today)


def _yes(answer: bool) -> str:
    return "yes" if answer else "no"
