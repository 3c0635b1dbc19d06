"""Ranges as distributions: what a lever may come to, given low, likely and high, and how levers vary together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from model.catalogue import Assumption, assumptions
from model.company import Numbers
from model.errors import ScenarioError
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


def usual(scenario: Scenario, key: str) -> Even:
    """Return the usual range of a lever, any value in it alike.

    Rates: the ends of the slider as declared, widened as far as the present value. Counts, money and time: from half
    to one and a half times the present value, since their usual size depends on the company. Within hard bounds.

    Raises
    ------
    ScenarioError
        There is no such lever, or it is 0 and a count or an amount, so that there is no range around it.
    """
    entry, base = _lever(scenario, key)
    if entry.shown_as == "rate":
        return Even(min(entry.usual[0], base), max(entry.usual[1], base))
    if base == 0:
        raise ScenarioError(f"{scenario.title_of(key)} is 0, and half to one and a half times that is no range.")
    return Even(max(entry.min, base / 2), min(entry.max, base * 1.5))


def _lever(scenario: Scenario, key: str) -> tuple[Assumption, float]:
    """Return the declaration of a lever and where it stands."""
    name, dot, segment = key.partition(".")
    entry, company = assumptions().get(name), scenario.company
    if entry is None or entry.across == "fact":
        raise ScenarioError(f"There is no lever {key!r}; `revlens assumptions` lists them.")
    if dot and (segment not in company.segments or entry.scope == "company"):
        raise ScenarioError(f"{entry.label} of {company.title} is not by segment {segment!r}.")
    if key in scenario.by_key:
        return entry, scenario.by_key[key].target
    return entry, company.assumptions[name][segment] if segment else company.mean(name)
