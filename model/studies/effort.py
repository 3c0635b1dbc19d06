"""The least effort that reaches a level: a weighted square distance within bounds, subject to one smooth condition.

    minimise  Σ wᵢ zᵢ²   subject to  gain(z) ≥ level,  lowᵢ ≤ zᵢ ≤ highᵢ

Each step replaces the condition by its tangent. What is left has a closed form: with a price λ for the condition,
zᵢ = clip(λ gᵢ / 2wᵢ), and λ is found exactly among the points where a bound begins to bind. A line search on effort plus
shortfall keeps steps honest (Hasofer and Lind 1974, in the improved form of Zhang and Der Kiureghian 1995, with bounds).
All starts go together: one batch for all their differences, one for all lengths of all steps. Where the condition has a
kink, as where capacity begins to bind, steps may stop a little short; so each end is carried along the ray from the
origin to where the level is reached exactly.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from model.company import Numbers
from model.studies.crossings import refined
from model.studies.levers import Places

Gain = Callable[[Numbers], Numbers]
"""Gives, for positions (n, runs), what is gained, (runs,): at least the level where reached, NaN never."""

ITERATIONS = 25
DIFFERENCE = 1e-4
LENGTHS = 0.5 ** np.arange(8)
ENOUGH = 1e-8
SCANS, SCAN_POINTS, NARROW = 40, 17, 1e-3
BEYOND = np.concatenate([np.linspace(0, 1, 21), 1 + np.geomspace(1e-8, 1, 25)])
LEAST_SHARE = 0.01
"""A lever that would carry less of the effort stays where it is, unless a bound stops it: that one brings more than it takes."""


@dataclass(frozen=True, eq=False)
class Problem:
    """What is asked: weights and bounds, (n,) each, bounds finite, and the condition.

    Gain and level are two, so that a level that is out of reach, however far, takes nothing off the digits of the gain.
    """

    gain: Gain
    weights: Numbers
    low: Numbers
    high: Numbers
    level: float = 0.0

    @property
    def origin(self) -> Numbers:
        """The point of least effort within the bounds, (n,)."""
        found: Numbers = np.clip(0.0, self.low, self.high)
        return found

    def effort(self, z: Numbers) -> Numbers:
        """Return the effort of positions (n, runs), (runs,)."""
        found: Numbers = self.weights @ z**2
        return found

    def within(self, z: Numbers) -> Numbers:
        """Return positions (n, ...) moved within the bounds."""
        return np.clip(z.T, self.low, self.high).T

    def settled(self, z: Numbers) -> Numbers:
        """Return a position (n,) that is at a bound exactly where it is next to one."""
        for bound in (self.low, self.high):
            z = np.where(np.abs(z - bound) < ENOUGH, bound, z)
        return z

    def gained(self, z: Numbers) -> Numbers:
        """Return the gain of positions (n, runs) in one batch, as if much were lost where there is no value."""
        return np.nan_to_num(self.gain(z), nan=-10.0)

    def surplus(self, z: Numbers) -> Numbers:
        """Return how far positions (n, runs) surpass the level, in one batch."""
        return self.gained(z) - self.level

    def only(self, places: Places) -> Problem:
        """Return the problem in which only some levers move and the others stay at the origin."""
        origin = self.origin

        def gain(z: Numbers) -> Numbers:
            whole = np.repeat(origin[:, np.newaxis], z.shape[1], axis=1)
            whole[places] = z
            return self.gain(whole)

        return Problem(gain, self.weights[places], self.low[places], self.high[places], self.level)


@dataclass(frozen=True, eq=False)
class Answer:
    """Where least effort reaches the level, or where most is gained if nothing reaches it.

    Attributes
    ----------
    z : array, (n,)
        The position.
    surplus : float
        What surpasses the level: at least 0, but for rounding, if it is reached.
    price : float
        Effort that one unit of gain more would cost: the multiplier of the condition.
    slope : array, (n,)
        Gain by unit of z.
    """

    z: Numbers
    surplus: float
    price: float
    slope: Numbers

    @property
    def reached(self) -> bool:
        """Whether the level is reached."""
        return self.surplus >= -ENOUGH


def least_effort(problem: Problem) -> Answer:
    """Return where the level is reached with least effort."""
    far, most = reaching(problem)
    far = problem.settled(far)
    if most < problem.level:
        slope = differences(problem, far[:, np.newaxis])[1][:, 0]
        return Answer(far, most - problem.level, 0.0, slope)
    even = np.arange(far.size) % 2 == 0
    starts = [problem.origin, far, (far + problem.origin) / 2,
              *(np.where(half, far, problem.origin) for half in (even, ~even))]  # fmt: skip
    z = problem.settled(_best(problem, np.column_stack([descend(problem, np.stack(starts, axis=1)), far])))
    carried = problem.weights * (z - problem.origin) ** 2
    stopped = (z == problem.low) | (z == problem.high)
    used = np.flatnonzero((carried >= LEAST_SHARE * carried.sum()) | (stopped & (carried > 0)))
    some, whole = problem.only(used), problem.origin
    whole[used] = _best(some, np.column_stack([descend(some, z[used, np.newaxis]), z[used], far[used]]))
    if problem.surplus(whole[:, np.newaxis])[0] < -ENOUGH:
        used, some, whole = np.arange(z.size), problem, z
    whole = problem.settled(whole)
    gain, slope = differences(problem, whole[:, np.newaxis])
    price = tangent(some, whole[used, np.newaxis], gain, slope[used])[1]
    return Answer(whole, float(gain[0]), float(price[0]), slope[:, 0])


def reaching(problem: Problem) -> tuple[Numbers, float]:
    """Return a point that reaches the level and its gain, or where a search lever by lever gains most if none does.

    It starts from today, from both ends of all bounds, from their middle, and from the end that each lever seems to want.
    """
    low, high, n = problem.low, problem.high, problem.low.size
    middle = (low + high) / 2
    wanted = np.where(differences(problem, middle[:, np.newaxis])[1][:, 0] >= 0, high, low)
    points = np.stack([problem.origin, low, high, middle, wanted], axis=1)
    values = problem.gained(points)
    width = 1.0
    for _ in range(SCANS):
        if values.max() >= problem.level or width < NARROW:
            break
        tried = np.broadcast_to(points[:, :, np.newaxis, np.newaxis], (*points.shape, n, SCAN_POINTS)).copy()
        ways = width * np.linspace(-1, 1, SCAN_POINTS)
        for lever in range(n):
            tried[lever, :, lever] += (high - low)[lever] * ways
        tried = problem.within(tried)
        found = problem.gained(tried.reshape(n, -1)).reshape(points.shape[1], -1)
        best = found.argmax(axis=1)
        better = np.take_along_axis(found, best[:, np.newaxis], axis=1)[:, 0]
        improved = better > values + 1e-12 * np.abs(values)
        chosen = tried.reshape(n, points.shape[1], -1)[:, np.arange(points.shape[1]), best]
        points, values = np.where(improved, chosen, points), np.where(improved, better, values)
        width = width if improved.any() else width / (SCAN_POINTS - 1)
    return points[:, values.argmax()], float(values.max())


def differences(problem: Problem, z: Numbers) -> tuple[Numbers, Numbers]:
    """Return what surpasses the level (starts,) and its slope (n, starts) at positions (n, starts), all from one batch."""
    n, starts = z.shape
    steps = DIFFERENCE * np.eye(n)[:, :, np.newaxis]
    up, down = (problem.within(z[:, np.newaxis] + sign * steps) for sign in (1, -1))
    runs = np.concatenate([z[:, np.newaxis], up, down], axis=1)  # (n, 1 + 2n, starts)
    found = problem.gained(runs.reshape(n, -1)).reshape(1 + 2 * n, starts)
    width = np.einsum("iis->is", up - down)
    slope = np.divide(found[1 : n + 1] - found[n + 1 :], width, out=np.zeros((n, starts)), where=width > 0)
    return found[0] - problem.level, slope


def tangent(problem: Problem, z: Numbers, gain: Numbers, slope: Numbers) -> tuple[Numbers, Numbers]:
    """Return the least effort (n, starts) that reaches the level on the tangents at positions z, and its price (starts,)."""
    needed = np.einsum("is,is->s", slope, z) - gain
    half = slope / (2 * problem.weights[:, np.newaxis])
    bounds = np.stack([problem.low, problem.high])[:, :, np.newaxis]
    with np.errstate(divide="ignore", invalid="ignore"):
        prices = np.nan_to_num(bounds / half, nan=0.0, posinf=0.0, neginf=0.0).reshape(-1, z.shape[1])
    prices = np.sort(np.vstack([np.zeros(z.shape[1]), np.maximum(prices, 0)]), axis=0)  # where a bound begins to bind
    reached = np.einsum("is,ips->ps", slope, problem.within(half[:, np.newaxis] * prices))
    after = np.minimum((reached < needed).sum(axis=0), len(prices) - 1)
    before, run = np.maximum(after - 1, 0), np.arange(z.shape[1])
    rise = reached[after, run] - reached[before, run]
    share = np.divide(needed - reached[before, run], rise, out=np.ones_like(rise), where=rise > 0)
    price = prices[before, run] + np.clip(share, 0, 1) * (prices[after, run] - prices[before, run])
    return problem.within(half * price), price


def descend(problem: Problem, starts: Numbers) -> Numbers:
    """Return where the steps lead from each start, (n, starts)."""
    z, penalty = problem.within(starts), np.zeros(starts.shape[1])
    for _ in range(ITERATIONS):
        gain, slope = differences(problem, z)
        aim, price = tangent(problem, z, gain, slope)
        penalty = np.maximum(penalty, 2 * price + 1e-3)
        step = aim - z
        if np.abs(step).max() < ENOUGH:
            break
        tried = z[:, np.newaxis] + LENGTHS[:, np.newaxis] * step[:, np.newaxis]  # (n, lengths, starts)
        short = np.maximum(0, -problem.surplus(tried.reshape(len(z), -1)))
        merit = (problem.effort(tried.reshape(len(z), -1)) + np.tile(penalty, len(LENGTHS)) * short).reshape(
            len(LENGTHS), -1
        )
        now = problem.effort(z) + penalty * np.maximum(0, -gain)
        best = merit.argmin(axis=0)
        better = merit[best, np.arange(z.shape[1])] < now
        z = np.where(better, z + LENGTHS[best] * step, z)
        if not better.any():
            break
    return z


def _best(problem: Problem, ends: Numbers) -> Numbers:
    """Return the point of least effort, (n,), among those where the rays through some ends (n, ends) reach the level."""
    origin = problem.origin[:, np.newaxis]
    way = ends - origin

    def at(ray: Places, mark: Numbers) -> Numbers:
        return problem.within(origin + way[:, ray] * mark)

    rays, marks = np.arange(ends.shape[1]), BEYOND
    tried = at(np.repeat(rays, marks.size), np.tile(marks, rays.size))
    reached = problem.surplus(tried).reshape(rays.size, marks.size) >= 0
    some = np.flatnonzero(reached.any(axis=1))
    if not some.size:
        return ends[:, problem.surplus(ends).argmax()]
    first = reached[some].argmax(axis=1)
    crossed = first > 0  # else the origin itself reaches it
    found = np.zeros(some.size)
    found[crossed] = refined(lambda ray, mark: problem.surplus(at(ray, mark)), some[crossed],
                             marks[first[crossed] - 1], marks[first[crossed]])  # fmt: skip
    points = at(some, found)
    best: Numbers = points[:, problem.effort(points).argmin()]
    return best
