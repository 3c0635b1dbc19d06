"""Aim: what it would take to reach a target: each lever alone, and the mix of several with the least effort."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np

from model.company import Company, Numbers
from model.engine import project
from model.errors import ScenarioError
from model.export import cell_of, csv_of, safe
from model.moves import Move
from model.outcomes import Outcome
from model.projection import Projection
from model.scenario import Scenario
from model.studies.aim_link import MOST_LEVERS, Allowed
from model.studies.effort import Answer, Problem, least_effort
from model.studies.levers import Lever, Places, lever_of, levers_of, moved, values_of
from model.studies.needs import Goal, Need, goal_of, needs, rounded
from model.studies.sensitivity import NOTHING

OFFERED, TRIED = 8, 0.1
"""How many levers a mix may use unless they are chosen, and by what part of their size they are tried."""
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
        Where a bound stops it: its shadow price, the rate at which more room would begin to save effort, or, where nothing
        reaches the target, to add to the outcome, for one step; else 0. What a whole step does is what `with_room` solves.
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

    @property
    def bound(self) -> float:
        """The bound that is nearer to where the mix has it."""
        return min(self.allowed.bounds(self.lever), key=lambda end: abs(end - self.value))

    @property
    def further(self) -> float:
        """That bound with one step more room."""
        return self.bound + self.lever.entry.step * (1 if self.bound == self.allowed.bounds(self.lever)[1] else -1)


@dataclass(frozen=True, eq=False)
class Search:
    """The search for a mix: the levers that it may use, in the order given."""

    goal: Goal
    allowed: tuple[Allowed, ...]

    @cached_property
    def levers(self) -> tuple[Lever, ...]:
        """The levers, (n,)."""
        return tuple(lever_of(self.goal.scenario, one.key) for one in self.allowed)

    @cached_property
    def problem(self) -> Problem:
        """What is solved."""
        return problem_of(self.goal, self.levers, self.allowed)

    @property
    def everywhere(self) -> Places:
        """The places of all levers."""
        return np.arange(len(self.allowed))

    def answer(self, places: Places) -> Answer:
        """Return the answer when only some levers may move, as one for all of them."""
        found = least_effort(self.problem.only(places))
        z, slope = self.problem.origin, np.zeros(len(self.allowed))
        z[places], slope[places] = found.z, found.slope
        return Answer(z, found.surplus, found.price, slope)


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
        Sum of weight × (way ÷ size)²: 1 is one lever doubled, or all closed that one share is short of the whole. Not money.
    price : float
        What one unit more of the target would add to the effort.
    scenario : Scenario
        With the moves made; `outcome` is that of its projection.
    profit : float
        What the moves do to operating profit up to the month of the target.
    search, places : Search, array of int
        Where it was found, and the levers there that it could move.
    """

    kind: str
    goal: Goal
    parts: tuple[Part, ...]
    effort: float
    price: float
    scenario: Scenario
    outcome: float
    profit: float
    search: Search
    places: Places

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
    """What it would take: each lever alone, the best mix of levers allowed, and others. None of them where it is met."""

    goal: Goal
    allowed: tuple[Allowed, ...] = ()
    needs: tuple[Need, ...] = ()
    mixes: tuple[Mix, ...] = ()

    @property
    def beyond(self) -> dict[str, tuple[float, float]]:
        """Of levers that reach the target alone but leave the bounds which a mix keeps them to, these bounds by key."""
        alone = {need.lever.key: need for need in self.needs if need.is_usual}
        bounds = {one.key: one.bounds(alone[one.key].lever) for one in self.allowed if one.key in alone}
        return {key: (low, high) for key, (low, high) in bounds.items() if not low <= alone[key].value <= high}


@lru_cache(maxsize=64)
def aim(scenario: Scenario, outcome: Outcome, target: float, allowed: tuple[Allowed, ...] | None = None,
        segment: str = "") -> Aim:  # fmt: skip
    """Return what it would take to reach a target.

    Parameters
    ----------
    allowed : tuple of Allowed, optional
        Levers that a mix may use; those that bring most for little effort unless given, none for no mix.
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
    chosen = offered(goal, segment) if allowed is None else allowed
    return Aim(goal, chosen, needs(goal, segment), mixes(goal, chosen) if chosen else ())


def offered(goal: Goal, segment: str = "") -> tuple[Allowed, ...]:
    """Return the levers that bring most for little effort and cost no ARR.

    Each goes a tenth of its size either way, alone and then beside all others that help, so that what only helps together
    with others, as sellers do once more is won, is found, too. What raises a ratio by selling less is not offered.
    """
    levers = levers_of(goal.scenario, segment)
    at, steps = (np.array([getattr(lever, name) for lever in levers]) for name in ("today", "size"))
    steps, bounds = TRIED * steps, np.array([lever.usual for lever in levers]).T[:, :, np.newaxis]
    ways, most = np.hstack([np.diag(steps), np.diag(-steps), np.zeros((at.size, 1))]), np.zeros(at.size)
    for _ in ("alone", "together"):
        gained = _gained(goal, levers, np.clip(at[:, np.newaxis] + ways, *bounds))
        most = np.maximum(most, gained.max(axis=0))
        at = at + np.where(gained.max(axis=0) > 0, np.where(gained[0] >= gained[1], steps, -steps), 0.0)
    order = np.argsort(-most, kind="stable")[:OFFERED]
    return tuple(Allowed(levers[place].key) for place in order if most[place] > 0)


def _gained(goal: Goal, levers: Sequence[Lever], runs: Numbers) -> Numbers:
    """Return what ways up and down gain against the last run, (2, levers); 0 where they gain next to nothing or cost ARR."""
    targets = {lever.key: run for lever, run in zip(levers, runs, strict=True)}
    both = goal.outcome, replace(goal.outcome, metric="arr")
    figure, arr = (values_of(goal.scenario, outcome, levers, targets) for outcome in both)
    gained, cost = goal.sense * (figure[:-1] - figure[-1]), arr[-1] - arr[:-1]
    helps = (gained > NOTHING * abs(figure[-1])) & (cost <= NOTHING * abs(arr[-1]))  # NaN does not
    return np.where(helps, gained, 0.0).reshape(2, -1)


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
    search = Search(goal, tuple(allowed))
    answer = search.answer(search.everywhere)
    best = _mix(BEST, search, search.everywhere, answer)
    if not answer.reached or not best.used:
        return (best,)
    carried = search.problem.weights * (answer.z - search.problem.origin) ** 2
    order = np.argsort(-carried, kind="stable")
    seen: dict[frozenset[str], Mix] = {}
    for mix in (best, *_without(search, order), *_fewer(search, order, best)):
        seen.setdefault(frozenset(part.lever.key for part in mix.used), mix)
    return tuple(seen.values())


def _without(search: Search, order: Places) -> list[Mix]:
    """Return the best mix without the lever that carries most, if others reach the target."""
    if order.size < 2:
        return []
    places = np.sort(order[1:])
    answer = search.answer(places)
    return [_mix(WITHOUT, search, places, answer)] if answer.reached else []


def _fewer(search: Search, order: Places, best: Mix) -> list[Mix]:
    """Return the mix with the least number of levers, the strongest first, that reaches the target."""
    for count in range(1, len(best.used)):
        places = np.sort(order[:count])
        answer = search.answer(places)
        if answer.reached:
            return [_mix(FEWER, search, places, answer)]
    return []


@lru_cache(maxsize=256)
def with_room(mix: Mix, part: Part) -> Mix:
    """Return the mix as it would be with one step more room at the bound that stops one of its levers: solved again."""
    low, high = part.allowed.bounds(part.lever)
    wider = replace(part.allowed, low=min(low, part.further), high=max(high, part.further))
    allowed = (wider if one is part.allowed else one for one in mix.search.allowed)
    return _again(mix, Search(mix.goal, tuple(allowed)))


@lru_cache(maxsize=256)
def with_target(mix: Mix, target: float) -> Mix:
    """Return the mix as it would be for another target: solved again."""
    return _again(mix, Search(replace(mix.goal, target=target), mix.search.allowed))


def _again(mix: Mix, search: Search) -> Mix:
    return _mix(mix.kind, search, mix.places, search.answer(mix.places))


def problem_of(goal: Goal, levers: Sequence[Lever], allowed: Sequence[Allowed]) -> Problem:
    """Return the search for a mix: levers in their sizes from today, the outcome as the goal's gain."""
    today, size = (np.array([getattr(lever, name) for lever in levers]) for name in ("today", "size"))
    bounds = np.array([one.bounds(lever) for one, lever in zip(allowed, levers, strict=True)])

    def gain(z: Numbers) -> Numbers:
        at = today[:, np.newaxis] + size[:, np.newaxis] * z
        targets = {lever.key: values for lever, values in zip(levers, at, strict=True)}
        return goal.gain(values_of(goal.scenario, goal.outcome, levers, targets))

    low, high = ((bounds - today[:, np.newaxis]) / size[:, np.newaxis]).T
    return Problem(gain, np.array([one.weight for one in allowed]), low, high, goal.level)


def _mix(kind: str, search: Search, places: Places, answer: Answer) -> Mix:
    """Return an answer as moves, and project them."""
    goal, problem = search.goal, search.problem
    effort, relaxed = float(problem.weights @ answer.z**2), _relaxed(problem, answer)
    unit = 1.0 if answer.reached else goal.scale
    parts = []
    for place, (lever, one) in enumerate(zip(search.levers, search.allowed, strict=True)):
        way, (low, high) = float(answer.z[place]), one.bounds(lever)
        value = _value(lever, one, way, (problem.low[place], problem.high[place]))
        whole = rounded(lever, value, way)
        share = float(problem.weights[place]) * way**2 / effort if effort else 0.0
        more = float(relaxed[place]) * lever.entry.step / lever.size * unit
        parts.append(
            Part(lever, one, value, whole.to(min(max(whole.target, low), high)) if way else whole, share, more)
        )
    parts.sort(key=lambda part: -part.share)
    made = _made(goal, parts)
    if answer.reached and not goal.reached(goal.outcome.of(made)):  # rounding may lead back where others set the way
        parts = [replace(part, move=part.lever.move.to(part.value)) for part in parts]
        made = _made(goal, parts)
    profit = goal.profit_against(made, project(goal.scenario))
    price = answer.price / goal.scale
    return Mix(kind, goal, tuple(parts), effort, price, made.scenario, goal.outcome.of(made), profit, search, places)


def _value(lever: Lever, one: Allowed, way: float, ways: tuple[float, float]) -> float:
    """Return where a lever is after a way of so many sizes, at a bound exactly if it is the way there."""
    bounds = one.bounds(lever)
    if not way:
        return lever.today
    return bounds[ways.index(way)] if way in ways else min(max(lever.today + lever.size * way, bounds[0]), bounds[1])


def _made(goal: Goal, parts: Sequence[Part]) -> Projection:
    """Return the projection of a mix."""
    return project(moved(goal.scenario, (part.move for part in parts if part.is_used)))


def _relaxed(problem: Problem, answer: Answer) -> Numbers:
    """Return what one unit more room at each bound would save of the effort, or add to the gain where none reaches, (n,)."""
    low, high = (answer.z == bound for bound in (problem.low, problem.high))
    pull = answer.price * answer.slope - 2 * problem.weights * answer.z if answer.reached else answer.slope
    return np.where(high, np.maximum(pull, 0), 0.0) + np.where(low, np.maximum(-pull, 0), 0.0)


def aim_csv(found: Aim) -> bytes:
    """Return an aim as CSV: what is there and asked for, each lever alone, then the mixes lever by lever; full precision."""
    goal, company = found.goal, found.goal.scenario.company
    end = "{}-{:02d}".format(*company.month(goal.month))
    rows = [["row", "lever", "label", "unit", "today", "value", "applied", "reached", "best", "at_best", "weight", "low", "high",
             "share_of_effort", "relaxing_a_bound", "effort", "price_of_target", "outcome", "profit_change", "profit_up_to",
             "in_full_from"]]  # fmt: skip
    rows.append(["goal", str(goal.outcome), safe(goal.outcome.entry.label), safe(goal.outcome.entry.unit), cell_of(goal.present),
                 cell_of(goal.target), "", _yes(goal.is_met), *[""] * 9, cell_of(goal.present),
                 cell_of(goal.made), end, ""])  # fmt: skip
    for need in found.needs:
        applied = cell_of(need.move.target) if need.reached else ""
        rows.append(["alone", *_named(need.lever), cell_of(need.value), applied, _yes(need.reached), cell_of(need.best),
                     cell_of(need.at_best), *[""] * 8, cell_of(need.profit), end, _full(company, need.lever)])  # fmt: skip
    for mix in found.mixes:
        for part in mix.parts:
            ends = part.allowed.bounds(part.lever)
            rows.append([mix.kind, *_named(part.lever), cell_of(part.value), cell_of(part.move.target), _yes(mix.reached), "", "",
                         *map(cell_of, (part.allowed.weight, *ends, part.share, part.relaxed)), *[""] * 5, _full(company, part.lever)])  # fmt: skip
        whole = map(cell_of, (mix.effort, mix.price if mix.reached else math.nan, mix.outcome, mix.profit))
        rows.append([mix.kind, "all", "", "", "", "", "", _yes(mix.reached), *[""] * 7, *whole, end, ""])
    return csv_of(rows)


def _named(lever: Lever) -> tuple[str, str, str, str]:
    return lever.key, safe(lever.title), safe(lever.entry.unit), cell_of(lever.today)


def _full(company: Company, lever: Lever) -> str:
    """Return the month from which a move of a lever acts in full, as "2026-01"."""
    return "{}-{:02d}".format(*company.month(lever.move.full))


def _yes(answer: bool) -> str:
    return "yes" if answer else "no"
