"""Sensitivity: how far each lever moves a figure, what two of them do together, and the whole way of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from model.company import Numbers
from model.errors import ScenarioError
from model.export import cell_of, csv_of, safe
from model.outcomes import Outcome
from model.scenario import Scenario
from model.studies.crossings import brackets, refined
from model.studies.levers import Lever, checked, lever_of, levers_of, values_alone, values_of
from model.text import glance
from model.view_words import LEVERS, VARY

TENTH, USUAL, STEP = "tenth", "usual", "step"
"""How far levers vary, as a link says it."""
VARIES = (TENTH, USUAL, STEP)
GRID, POINTS = 25, 100
NOTHING = 1e-9
"""What is less than that share of a figure is rounding, and a lever that does no more does nothing."""


@dataclass(frozen=True, eq=False)
class Bar:
    """A lever at both ends, and what the outcome is there; NaN where it has no value."""

    lever: Lever
    low: float
    high: float
    at_low: float
    at_high: float
    present: float

    @property
    def span(self) -> float:
        """How far the outcome moves between the lowest and the highest of both ends and today."""
        known = np.array([self.at_low, self.at_high, self.present])
        known = known[np.isfinite(known)]
        return float(np.ptp(known)) if known.size else 0.0

    @property
    def is_known(self) -> bool:
        """Whether the outcome has a value at both ends."""
        return bool(np.isfinite([self.at_low, self.at_high]).all())

    @property
    def does_nothing(self) -> bool:
        """Whether the outcome is the same at both ends as today."""
        return self.is_known and self.span <= NOTHING * abs(self.present)


@dataclass(frozen=True, eq=False)
class Tornado:
    """What each lever does to an outcome, the most first.

    Attributes
    ----------
    present : float
        The outcome as the scenario has it.
    bars : tuple of Bar
        Levers that do something, or for which the outcome has no value at an end.
    idle : tuple of Lever
        Levers that do nothing.
    """

    outcome: Outcome
    present: float
    bars: tuple[Bar, ...]
    idle: tuple[Lever, ...]


@lru_cache(maxsize=64)
def tornado(scenario: Scenario, outcome: Outcome, segment: str = "", vary: str = TENTH) -> Tornado:
    """Return what each lever alone does to an outcome, a way down and the same way up.

    Parameters
    ----------
    segment : str
        The segment whose levers move, '' for those of the company.
    vary : str
        How far: by a tenth, over its usual range, or by one step of its slider. A lever whose move has a range goes to
        the ends of that, unless it is a step.

    Raises
    ------
    ScenarioError
        The metric has no value in that month, or there is no such segment.
    """
    levers = levers_of(scenario, segment)
    present = checked(scenario, outcome, "nothing can be said about what moves it")
    ends = np.array([_ends(lever, vary) for lever in levers])
    which = np.repeat(np.arange(len(levers)), 2)
    at = values_alone(scenario, outcome, levers, which, ends.ravel()).reshape(-1, 2)
    bars = [Bar(lever, float(low), float(high), float(at_low), float(at_high), present)
            for lever, (low, high), (at_low, at_high) in zip(levers, ends, at, strict=True)]  # fmt: skip
    acting = sorted((bar for bar in bars if not bar.does_nothing), key=lambda bar: -bar.span)
    return Tornado(outcome, present, tuple(acting), tuple(bar.lever for bar in bars if bar.does_nothing))


def goes_over_given(lever: Lever, vary: str) -> bool:
    """Say whether a lever goes to the ends of the range given with its move."""
    return lever.move.range is not None and vary != STEP


def _ends(lever: Lever, vary: str) -> tuple[float, float]:
    if lever.move.range and goes_over_given(lever, vary):
        return lever.move.range
    if vary == USUAL:
        return lever.usual
    entry = lever.entry
    way = entry.step if vary == STEP else _tenth(lever)
    return max(entry.min, lever.today - way), min(entry.max, lever.today + way)


def _tenth(lever: Lever) -> float:
    """Return a tenth of today's value, or of what a share lacks to 100 % where that is less; where there is none, a step.

    A lever's slider is as long as companies differ, which says nothing of how far this one can go; a tenth is the same
    for all. Retention of 90 % goes to 89 and 91 %: a tenth less or more of those that leave.
    """
    entry, size = lever.entry, abs(lever.today)
    share = entry.shown_as == "rate" and entry.max == 1
    return (min(size, 1 - size) if share else size) / 10 or entry.step


@dataclass(frozen=True, eq=False)
class Curve:
    """An outcome along one lever.

    Attributes
    ----------
    at, values : array, (points,)
        The lever over its usual range, today's value among it; the outcome, NaN where it has none.
    target : float or None
        What it is to reach.
    crossings : tuple of float
        Where on the way it reaches the target or falls short of it again.
    """

    outcome: Outcome
    lever: Lever
    present: float
    at: Numbers
    values: Numbers
    target: float | None
    crossings: tuple[float, ...]


@lru_cache(maxsize=64)
def curve(scenario: Scenario, outcome: Outcome, key: str, target: float | None = None) -> Curve:
    """Return an outcome along one lever, and where it crosses a target.

    Raises
    ------
    ScenarioError
        There is no such lever, the metric has no value today, or the target is not finite.
    """
    lever = lever_of(scenario, key)
    present = checked(scenario, outcome, "it has no curve")
    at = np.sort(np.append(np.linspace(*lever.usual, POINTS - 1), lever.today))
    nobody = np.zeros(at.size, int)
    values = values_alone(scenario, outcome, [lever], nobody, at)
    if target is None:
        return Curve(outcome, lever, present, at, values, None, ())
    if not np.isfinite(target):
        raise ScenarioError("The target must be a finite number.")
    which, left = brackets((values - target)[np.newaxis])
    steady = np.isfinite(values[left]) & np.isfinite(values[left + 1])  # it does not cross where it only begins
    which, left = which[steady], left[steady]
    found = refined(
        lambda of, x: values_alone(scenario, outcome, [lever], of, x) - target, which, at[left], at[left + 1]
    )
    return Curve(outcome, lever, present, at, values, target, tuple(found.tolist()))


@dataclass(frozen=True, eq=False)
class Surface:
    """An outcome over two levers, each over its usual range.

    Attributes
    ----------
    x, y : array, (points,)
        Values of the levers.
    values : array, (points of y, points of x)
        The outcome, NaN where it has none.
    """

    outcome: Outcome
    across: Lever
    up: Lever
    present: float
    x: Numbers
    y: Numbers
    values: Numbers


@lru_cache(maxsize=32)
def surface(scenario: Scenario, outcome: Outcome, across: str, up: str) -> Surface:
    """Return an outcome over two levers.

    Raises
    ------
    ScenarioError
        There is no such lever, both are the same, or the metric has no value today.
    """
    if across == up:
        raise ScenarioError(f"A map needs two different levers; {glance(across)} is given twice.")
    levers = lever_of(scenario, across), lever_of(scenario, up)
    present = checked(scenario, outcome, "it has no map")
    x, y = (np.linspace(*lever.usual, GRID) for lever in levers)
    wide, tall = np.meshgrid(x, y)
    targets = {levers[0].key: wide.ravel(), levers[1].key: tall.ravel()}
    values = values_of(scenario, outcome, levers, targets).reshape(wide.shape)
    return Surface(outcome, *levers, present, x, y, values)


@dataclass(frozen=True)
class Looking:
    """What the page looks at: how far levers vary, whose curve is drawn, and over which two a map; '' for the strongest."""

    vary: str = TENTH
    one: str = ""
    other: str = ""

    def written(self) -> dict[str, str]:
        """Return its parameters of a link."""
        names = "~".join(filter(None, (self.one, self.other)))
        return ({VARY: self.vary} if self.vary != TENTH else {}) | ({LEVERS: names} if names else {})

    def levers(self, found: Tornado) -> tuple[str, str]:
        """Return the lever of the curve and the other of the map: those chosen, else the strongest of a tornado."""
        strongest = [bar.lever.key for bar in found.bars] + [lever.key for lever in found.idle]
        one = self.one or next(key for key in strongest if key != self.other)
        return one, self.other or next(key for key in strongest if key != one)


def looking_of_link(query: Mapping[str, str], scenario: Scenario) -> tuple[Looking, tuple[str, ...]]:
    """Return what a link looks at, and one sentence for each part that was refused."""
    problems: list[str] = []
    vary = query.get(VARY, TENTH)
    if vary not in VARIES:
        problems.append(f"{VARY}={glance(vary)} must be {TENTH}, {USUAL} or {STEP}; {TENTH} is used.")
        vary = TENTH
    keys: list[str] = []
    for key in query.get(LEVERS, "").split("~")[:2]:
        try:
            keys += [found] if key and (found := lever_of(scenario, key).key) not in keys else []
        except ScenarioError as error:
            problems += [f"{LEVERS}: {problem} It is left out." for problem in error.problems]
    one, other = (*keys, "", "")[:2]
    return Looking(vary, one, other), tuple(problems)


def tornado_csv(found: Tornado) -> bytes:
    """Return a tornado as CSV: a row for each lever, the most first, those that do nothing last; full precision."""
    rows = [
        ["lever", "label", "unit", "today", "low", "high", "outcome_today", "outcome_at_low", "outcome_at_high", "span"]
    ]
    for bar in found.bars:
        numbers = (bar.lever.today, bar.low, bar.high, bar.present, bar.at_low, bar.at_high, bar.span)
        rows.append([bar.lever.key, safe(bar.lever.title), safe(bar.lever.entry.unit), *map(cell_of, numbers)])
    for lever in found.idle:
        same = [cell_of(found.present)] * 3
        rows.append([lever.key, safe(lever.title), safe(lever.entry.unit), cell_of(lever.today), "", "", *same, "0.0"])
    return csv_of(rows)


def curve_csv(found: Curve) -> bytes:
    """Return a curve as CSV: a row for each point, then one for each crossing; full precision."""
    rows = [["row", found.lever.key, str(found.outcome)]]
    rows += [["point", cell_of(at), cell_of(value)] for at, value in zip(found.at, found.values, strict=True)]
    target = float("nan") if found.target is None else found.target
    return csv_of([*rows, *(["crossing", cell_of(at), cell_of(target)] for at in found.crossings)])


def surface_csv(found: Surface) -> bytes:
    """Return a map as CSV: a row for each pair of values; full precision."""
    rows = [[found.across.key, found.up.key, str(found.outcome)]]
    rows += [[cell_of(x), cell_of(y), cell_of(found.values[row, column])]
             for row, y in enumerate(found.y) for column, x in enumerate(found.x)]  # fmt: skip
    return csv_of(rows)
