"""What drives an outcome: which share of its variance each lever causes, alone and together with others (Sobol indices).

The estimators are those of Saltelli and others (2010), as in `scipy.stats.sobol_indices`, whose results these are to
rounding. The runs go through the engine page by page, so that a long study tells how far it is and can be stopped; and
the bootstrap has a fixed seed, so that the same question has the same answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from model import view_words
from model.company import Numbers
from model.errors import ScenarioError
from model.export import cell_of, csv_of, safe
from model.outcomes import Outcome
from model.scenario import Scenario
from model.studies.levers import Lever, checked, lever_of, values_of
from model.studies.ranges import Even, ranges_of
from model.text import glance

POINTS, LEAST_POINTS, MOST_POINTS = 1_024, 64, 16_384
AT_ONCE = 4_096
SEED = 2_001  # the year of Sobol's paper
RESAMPLES, RESAMPLES_AT_ONCE = 1_000, 50
CONFIDENCE = 0.95
MOST_LEVERS = 60


class Spread(Protocol):
    """What a lever may come to, most of it between low and high."""

    @property
    def low(self) -> float:
        """The lower end."""

    @property
    def high(self) -> float:
        """The upper end."""

    def ppf(self, chance: Numbers) -> Numbers:
        """Return the value below which it lies with a chance."""


@dataclass(frozen=True)
class Index:
    """An index of each lever, with the ends of its interval, (levers,) each."""

    value: Numbers
    low: Numbers
    high: Numbers


@dataclass(frozen=True)
class Drivers:
    """What drives an outcome.

    Attributes
    ----------
    keys : tuple of str
        The levers, in the order of the indices.
    points : int
        N, a power of 2; N × (levers + 2) runs were made.
    first, total : Index
        Share of the variance that a lever causes alone; that it takes part in. Zero where the outcome never changes.
    variance : float
        Of the outcome; 0 where no lever changes it.
    """

    keys: tuple[str, ...]
    points: int
    first: Index
    total: Index
    variance: float

    @property
    def order(self) -> tuple[int, ...]:
        """The places of the levers, the largest total first."""
        return tuple(int(place) for place in np.argsort(-self.total.value, kind="stable"))

    @property
    def overlapping(self) -> tuple[tuple[str, str], ...]:
        """Neighbours in that order that the intervals of their totals cannot tell apart, as far as they matter."""
        found = []
        for one, other in zip(self.order, self.order[1:], strict=False):
            if self.total.high[other] > self.total.low[one] and self.total.value[other] > 0.01:
                found.append((self.keys[one], self.keys[other]))
        return tuple(found)

    @property
    def together(self) -> tuple[str, ...]:
        """The levers that act with others: even the lowest total that fits is above the highest first index that fits."""
        return tuple(self.keys[place] for place in self.order if self.total.low[place] > self.first.high[place])

    @property
    def alone(self) -> float:
        """Share of the variance that levers cause each alone, 0 to 1."""
        return float(np.clip(self.first.value.sum(), 0, 1))


def sobol(
    function: Callable[[Numbers], Numbers],
    spreads: Mapping[str, Spread],
    points: int = POINTS,
    progress: Callable[[float], object] = lambda _: None,
) -> Drivers:
    """Return the Sobol indices of a function whose inputs are independent.

    Parameters
    ----------
    function : callable
        Takes values of the inputs, (inputs, points), and returns finite values, (points,).
    spreads : mapping of str to Spread
        The inputs by name.
    points : int
        N, a power of 2.
    progress : callable
        Told now and then which share is done; what it raises stops the study.
    """
    from scipy.stats.qmc import Sobol

    count = len(spreads)
    drawn = Sobol(2 * count, bits=64, rng=np.random.default_rng(SEED)).random(points).T
    values = np.stack([spread.ppf(chance) for spread, chance in zip([*spreads.values()] * 2, drawn, strict=True)])
    one, other = values[:count], values[count:]

    def page(number: int) -> Numbers:
        """Return the inputs of a page: A, B, then A with one row of B after the other."""
        given = (other if number == 1 else one).copy()
        if number >= 2:
            given[number - 2] = other[number - 2]
        return given

    pages, at_once = np.empty((count + 2, points)), max(1, AT_ONCE // points)
    for first in range(0, count + 2, at_once):
        numbers = range(first, min(first + at_once, count + 2))
        pages[numbers] = function(np.concatenate([page(number) for number in numbers], axis=1)).reshape(-1, points)
        progress(numbers.stop / (count + 2))
    return _drivers(tuple(spreads), pages)


def _drivers(keys: tuple[str, ...], pages: Numbers) -> Drivers:
    """Return the indices with bootstrap intervals, of values at A, at B, and at A with one row of B, (2 + d, N)."""
    middle = pages[:2].mean()
    at_one, at_other, mixed = pages[0] - middle, pages[1] - middle, pages[2:] - middle
    alone, all_parts = at_other * (mixed - at_one), (at_one - mixed) ** 2 / 2
    parts = np.stack([(at_one + at_other) / 2, (at_one**2 + at_other**2) / 2, *alone, *all_parts], axis=1)
    means = np.concatenate([parts.mean(axis=0, keepdims=True), *_resampled(parts)])
    variance = means[:, 1:2] - means[:, :1] ** 2
    count = len(keys)
    if variance[0, 0] <= 1e-24 * middle**2:
        nothing = Index(*np.zeros((3, count)))
        return Drivers(keys, len(parts), nothing, nothing, 0.0)
    means, variance = (values[variance[:, 0] > 0] for values in (means, variance))  # a resample may be all alike
    first, total = (_index(part / variance) for part in (means[:, 2 : 2 + count], means[:, 2 + count :]))
    return Drivers(keys, len(parts), first, total, float(variance[0, 0]))


def _resampled(parts: Numbers) -> Iterator[Numbers]:
    """Yield the means of columns, (N, columns), in random resamples of their rows, (some resamples, columns)."""
    chance, size = np.random.default_rng(SEED), len(parts)
    for _ in range(RESAMPLES // RESAMPLES_AT_ONCE):
        chosen = (
            chance.integers(size, size=(RESAMPLES_AT_ONCE, size))
            + np.arange(0, RESAMPLES_AT_ONCE * size, size)[:, np.newaxis]
        )
        times = np.bincount(chosen.ravel(), minlength=chosen.size).reshape(chosen.shape)
        yield times @ parts / size


def _index(resampled: Numbers) -> Index:
    """Return an index from its value, in the first row, and those of the resamples below, (1 + resamples, levers)."""
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(resampled[1:], [tail, 1 - tail], axis=0)
    return Index(resampled[0], low, high)


def drivers(
    scenario: Scenario,
    outcome: Outcome,
    levers: Sequence[str] = (),
    points: int = POINTS,
    progress: Callable[[float], object] = lambda _: None,
) -> Drivers:
    """Return what drives an outcome: the levers given over their usual ranges, else the moves that have a range.

    A lever given that has a range of its own keeps that one. Levers are taken as independent.

    Raises
    ------
    ScenarioError
        There is no lever, too many, or one that there is not; N is no power of 2; or the outcome has no value in some runs.
    """
    chosen = _chosen(scenario, levers)
    read_points(str(points))
    checked(scenario, outcome, "there is no variance to share out")

    def function(values: Numbers) -> Numbers:
        targets = {lever.key: at for lever, at in zip(chosen, values, strict=True)}
        found = values_of(scenario, outcome, chosen, targets)
        if not np.isfinite(found).all():
            raise ScenarioError(f"{outcome.name(scenario.company)} has no value in some of the runs, so it has no variance to "
                                "share out; take another metric or a later month.")  # fmt: skip
        return found

    return sobol(function, _spreads(scenario, chosen), points, progress)


def read_points(text: str) -> int:
    """Return the number of points N written as text.

    Raises
    ------
    ScenarioError
        It is no power of 2, or too large or small.
    """
    points = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    if not (LEAST_POINTS <= points <= MOST_POINTS and points & (points - 1) == 0):
        raise ScenarioError(
            f"N ({view_words.POINTS}={glance(text)}) must be a power of 2 from {LEAST_POINTS} to {MOST_POINTS:,}, for example {POINTS}."
        )
    return points


def _chosen(scenario: Scenario, keys: Sequence[str]) -> tuple[Lever, ...]:
    """Return the levers asked for, each once; the moves that have a range where none is."""
    asked = tuple(dict.fromkeys(keys)) or scenario.ranged
    if not asked:
        raise ScenarioError("No lever is chosen: give moves a range, as in retention_rate=0.93in0.88to0.96, "
                            "or choose levers, and their usual ranges are taken.")  # fmt: skip
    if len(asked) > MOST_LEVERS:
        raise ScenarioError(f"{len(asked)} levers are too many; choose at most {MOST_LEVERS}.")
    return tuple({lever.key: lever for lever in (lever_of(scenario, key) for key in asked)}.values())


def _spreads(scenario: Scenario, levers: Sequence[Lever]) -> dict[str, Spread]:
    """Return what levers may come to: their own ranges, or any value of their usual ones alike."""
    ranges = ranges_of(scenario)
    return {lever.key: ranges.get(lever.key) or Even(*lever.usual) for lever in levers}


def cautions(scenario: Scenario, found: Drivers) -> tuple[str, ...]:
    """Return what a reader must know about indices: what they cannot tell, what acts together, what was left out."""
    title, told = scenario.title_of, []
    if found.overlapping and found.points < MOST_POINTS:
        pairs = "; ".join(f"{title(one)} and {title(other)}" for one, other in found.overlapping[:3])
        told.append(f"These cannot be told apart: {pairs}. Take {found.points * 4:,} points for each lever.")
    if found.together:
        names = ", ".join(map(title, found.together[:4]))
        told.append(
            f"{names}: the effect depends on where other levers stand, so it is more than the lever's own share."
        )
    if scenario.doubt.among(found.keys).together:
        told.append("Correlations between levers are left out here: these shares exist only for independent levers.")
    return tuple(told)


def drivers_csv(scenario: Scenario, outcome: Outcome, found: Drivers) -> bytes:
    """Return what drives an outcome as CSV, the largest total first."""
    rows = [["kpi", "lever", "label", "segment", "low", "high", "first", "first_low", "first_high", "total", "total_low",
             "total_high", "points"]]  # fmt: skip
    levers = _chosen(scenario, found.keys)
    spreads = _spreads(scenario, levers)
    for place in found.order:
        lever, key = levers[place], found.keys[place]
        indices = [index[place] for one in (found.first, found.total) for index in (one.value, one.low, one.high)]
        texts = [safe(str(outcome)), lever.entry.id, lever.entry.label, lever.move.segment or "all"]
        rows.append([*texts, *map(cell_of, (spreads[key].low, spreads[key].high, *indices)), str(found.points)])
    return csv_of(rows)
