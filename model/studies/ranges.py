"""Ranges as distributions: what a lever may come to, given low, likely and high, and how levers vary together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from model.catalogue import assumptions
from model.company import Numbers
from model.scenario import Scenario

ON_THE_BOUND = 1e-15
"""What is nearer to a bound than that, as a share of what lies between the bounds, lies on it."""


@dataclass(frozen=True)
class Range:
    """What a lever may come to: as good as normal on the log-odds between its hard bounds, in two halves.

    With g(x) = ln((x − min) / (max − x)) and a normal score z, which is as likely below 0 as above,

        g(x) = g(likely) + (g(high) − g(likely)) · z / z₁    for z ≥ 0, and with low and −z₁ for z < 0,

    where z₁ is the score of the upper end, Φ⁻¹((1 + confidence) / 2). So low and high are exactly the quantiles they
    are said to be, the likely value is the median, and no value leaves the bounds. A share is logit-normal; an amount,
    whose upper bound is far away, is log-normal; a rate that may be negative is nearly normal.

    Where the likely value or an end is itself a hard bound, whose log-odds are infinite, that half is a straight line
    in x instead, held at the bounds: what would lie beyond lies on the bound.

    Attributes
    ----------
    low, likely, high : float
        As stated; low ≤ likely ≤ high.
    bounds : (float, float)
        Hard bounds.
    confidence : float
        Share between low and high.
    """

    low: float
    likely: float
    high: float
    bounds: tuple[float, float]
    confidence: float

    def ppf(self, chance: Numbers) -> Numbers:
        """Return the value below which it lies with a chance, 0 to 1; an array of any shape."""
        from scipy.special import ndtri

        return self.at(ndtri(chance))

    def at(self, score: Numbers) -> Numbers:
        """Return the values of normal scores, an array of any shape."""
        steps = np.asarray(score) / self._end_score
        return np.where(steps < 0, self._half(self.low, -steps), self._half(self.high, steps))

    @cached_property
    def _end_score(self) -> float:
        from scipy.special import ndtri

        return float(ndtri((1 + self.confidence) / 2))

    def _half(self, end: float, steps: Numbers) -> Numbers:
        """Return the values `steps` of the way from the likely value to an end."""
        low, high = self.bounds
        room = ON_THE_BOUND * (high - low)
        if min(end, self.likely) <= low + room or max(end, self.likely) >= high - room:
            return np.clip(self.likely + (end - self.likely) * steps, low, high)
        start, reach = (np.log((value - low) / (high - value)) for value in (self.likely, end))
        with np.errstate(over="ignore"):
            found: Numbers = low + (high - low) / (1 + np.exp(-(start + (reach - start) * steps)))
        return found


@dataclass(frozen=True)
class Even:
    """Any value between low and high, each as likely as any other."""

    low: float
    high: float

    def ppf(self, chance: Numbers) -> Numbers:
        """Return the value below which it lies with a chance, 0 to 1; an array of any shape."""
        return self.low + (self.high - self.low) * np.asarray(chance)


def ranges_of(scenario: Scenario) -> dict[str, Range]:
    """Return what the ranged moves of a scenario may come to, by their keys."""
    found = {}
    for move in scenario.moves:
        if move.range:
            entry = assumptions()[move.name]
            bounds, confidence = (entry.min, entry.max), scenario.doubt.confidence
            found[move.key] = Range(move.range[0], move.target, move.range[1], bounds, confidence)
    return found
