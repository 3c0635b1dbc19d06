"""People, process, technology, data: which levers and costs belong to each, and what one small step of them is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from model.catalogue import Assumption, Element, assumptions
from model.company import Numbers
from model.engine import project_many
from model.inputs import Inputs, inputs_of
from model.lines import LINES
from model.projection import Projection
from model.scenario import Scenario

ELEMENTS: tuple[Element, ...] = ("people", "process", "technology", "data")
POINT, PART = 0.01, 0.01
"""A small step: one point of a rate, one per cent of a count, a time or an amount."""


def levers_of(element: Element) -> tuple[str, ...]:
    """Return the levers of an element, in the order of the catalogue."""
    return tuple(name for name, entry in assumptions().items() if entry.element == element)


def cost_lines_of(element: Element) -> tuple[str, ...]:
    """Return the cost lines of an element; none for data, whose cost the model does not tell apart."""
    return tuple(name for name, line in LINES.items() if line.element == element)


def cost(projection: Projection, element: Element) -> Numbers:
    """Return what an element costs the whole company in each month, (months,)."""
    return sum((projection.total(name) for name in cost_lines_of(element)), np.zeros(projection.months))


@dataclass(frozen=True)
class Step:
    """One small step of a lever in the direction that helps.

    Attributes
    ----------
    name : str
        The lever.
    sign : int
        1 if more of it helps, −1 if less, 0 if neither changes profit.
    worth : float
        Operating profit it adds over the horizon, currency; never below 0.
    """

    name: str
    sign: int
    worth: float

    @property
    def label(self) -> str:
        """The step in the reader's words: "Win rate +1 pt", "Cost per rep −1 %"."""
        entry = assumptions()[self.name]
        size = "1 pt" if _by_points(entry) else "1\u202f%"
        return f"{entry.label} {'−' if self.sign < 0 else '+'}{size}"


@dataclass(frozen=True)
class Worth:
    """What small steps are worth in a scenario: of each lever alone, and of all levers of an element together."""

    steps: Mapping[str, Step]
    together: Mapping[Element, float]

    def ranked(self, element: Element) -> list[Step]:
        """Return the steps of an element that change profit, the most valuable first."""
        own = [step for name, step in self.steps.items() if assumptions()[name].element == element and step.sign]
        return sorted(own, key=lambda step: -step.worth)


def worth(scenario: Scenario) -> Worth:
    """Return what one small step of every lever is worth, from the first month on and in all segments alike.

    Each lever is tried in both directions, each in a projection of its own; the better one counts. Then all levers of
    an element take their step at once. A step ends at the bound of its assumption.
    """
    inputs = inputs_of(scenario)
    names = [name for name, entry in assumptions().items() if entry.element]
    base, *tried = _profit(inputs, [{}, *({name: sign} for name in names for sign in (1, -1))])
    noise = 1e-9 * max(1.0, abs(base))
    steps = {}
    for name, more, less in zip(names, tried[::2], tried[1::2], strict=True):
        best = max(more, less) - base
        steps[name] = Step(name, 1 if more >= less else -1, best) if best > noise else Step(name, 0, 0.0)
    base, *moved = _profit(inputs, [{}, *({name: steps[name].sign for name in levers_of(own)} for own in ELEMENTS)])
    return Worth(steps, {element: profit - base for element, profit in zip(ELEMENTS, moved, strict=True)})


def _profit(inputs: Inputs, runs: Sequence[Mapping[str, int]]) -> list[float]:
    """Return the operating profit over all months of each run, which moves some levers by a step up (1) or down (−1)."""
    path = dict(inputs.path)
    for name in dict.fromkeys(name for run in runs for name in run):
        path[name] = np.repeat(inputs.path[name], len(runs), axis=-1)
        for column, run in enumerate(runs):
            if name in run:
                path[name][..., column] = _stepped(assumptions()[name], path[name][..., column], run[name])
    found = project_many(replace(inputs, runs=len(runs), path=path), ["operating_profit"])["operating_profit"]
    return [float(profit) for profit in found.sum(axis=0)]


def _stepped(entry: Assumption, values: Numbers, sign: int) -> Numbers:
    moved = values + sign * POINT if _by_points(entry) else values * (1 + sign * PART)
    return np.clip(moved, entry.min, entry.max)


def _by_points(entry: Assumption) -> bool:
    """Say whether a step of an assumption is a point: of a rate, or of what moves by addition."""
    return entry.shown_as == "rate" or entry.across == "shift"
