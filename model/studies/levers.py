"""Levers: the assumptions that a study moves, each from where the scenario stands; its moves and plans are kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from model.catalogue import Assumption, assumptions, retired
from model.company import Numbers
from model.engine import project
from model.errors import ScenarioError
from model.inputs import swept
from model.moves import Move
from model.outcomes import Outcome, outcomes
from model.scenario import Scenario
from model.text import apart, glance

Places = NDArray[np.int_]
"""Which lever each run moves, (runs,)."""
LEAST_SIZE = 0.1
"""A lever at nothing counts as if it stood at that part of its usual range. A judgement: a way from nothing has no per cent."""


@dataclass(frozen=True)
class Lever:
    """An assumption of the company or of one segment, and where a scenario has it.

    Attributes
    ----------
    move : Move
        The move that keeps it where it stands: its target is today's value, its timing that of the move already made.
    usual : (float, float)
        Its usual range, which holds today's value.
    title : str
        What it is called on screen.
    currency : str
        Of the company.
    """

    move: Move
    usual: tuple[float, float]
    title: str
    currency: str

    @property
    def key(self) -> str:
        """What it is called in links: "win_rate" or "win_rate.ent"."""
        return self.move.key

    @property
    def entry(self) -> Assumption:
        """Its declaration."""
        return assumptions()[self.move.name]

    @property
    def today(self) -> float:
        """Where the scenario has it."""
        return self.move.target

    @property
    def span(self) -> float:
        """The length of its usual range."""
        return self.usual[1] - self.usual[0]

    @property
    def reach(self) -> tuple[float, float]:
        """Between what values a target is tried: the usual range, and beyond it a tenth to tenfold of what is there or missing."""
        (low, high), (least, most) = self.usual, (self.entry.min, self.entry.max)
        if self.today <= 0:
            return self.usual
        lower, upper = least + (self.today - least) / 10, min(most - (most - self.today) / 10, 10 * self.today)
        return min(low, lower), max(high, upper)

    @property
    def size(self) -> float:
        """What a way is measured in: the smaller of what is there and what is missing of all, at least a tenth of `span`.

        So an amount counts by its change in per cent, and a share by what of it or of the rest would change: closing a tenth
        of the churn is the same as raising retention by it. The floor is for levers at, or next to, nothing.
        """
        return max(min(abs(self.today), self.entry.max - self.today), LEAST_SIZE * self.span)

    def show(self, value: float) -> str:
        """Return a value as people read it."""
        return self.entry.show(value, self.currency)

    def from_today(self, value: float) -> tuple[str, str]:
        """Return today's value and another as people read them, with as many digits as tell them apart."""
        texts = self.show(self.today), self.show(value)
        return apart(self.today, value, texts, self.entry.shown_as, self.currency)


def lever_of(scenario: Scenario, key: str) -> Lever:
    """Return the lever that a key names, for example "win_rate" or "win_rate.ent".

    The usual range of a rate is that of its slider; of a count, an amount or a time it is half to one and a half times
    today's value, since the usual size depends on the company, or the declared one where today's value is 0.

    Raises
    ------
    ScenarioError
        It names no assumption, a fact, or a segment that there is not.
    """
    name, dot, segment = key.partition(".")
    entry, company = assumptions().get(retired().get(name, name)), scenario.company
    if entry is None:
        raise ScenarioError(f"There is no lever {glance(key)!r}; `revlens assumptions` lists them.")
    if entry.across == "fact":
        raise ScenarioError(f"{entry.label} ({glance(key)}) is a fact of the company and no lever.")
    if dot and entry.scope == "company":
        raise ScenarioError(f"{entry.label} ({glance(key)}) is one value for the company, not by segment.")
    if dot and segment not in company.segments:
        raise ScenarioError(
            f"{company.title} has no segment {glance(segment)!r}; it has {', '.join(company.segments)}."
        )
    move = _standing(scenario, entry, segment)
    title = f"{entry.label}, {company.segments[segment]}" if segment else entry.label
    return Lever(move, _usual(entry, move.target), title, company.currency)


def levers_of(scenario: Scenario, segment: str = "") -> tuple[Lever, ...]:
    """Return all levers of the company, or all those of one segment."""
    return tuple(lever_of(scenario, f"{name}.{segment}" if segment else name) for name, entry in assumptions().items()
                 if entry.across != "fact" and not (segment and entry.scope == "company"))  # fmt: skip


def _standing(scenario: Scenario, entry: Assumption, segment: str) -> Move:
    """Return the move that leaves an assumption where it is."""
    company, key = scenario.company, f"{entry.id}.{segment}" if segment else entry.id
    if move := scenario.by_key.get(key):
        return move
    whole = scenario.by_key.get(entry.id)
    if segment and whole:
        targets, _ = scenario.spread(whole)
        return replace(whole, target=float(targets[list(company.segments).index(segment)]), segment=segment, range=None)
    return Move(entry.id, company.assumptions[entry.id][segment] if segment else company.mean(entry.id), segment)


def _usual(entry: Assumption, today: float) -> tuple[float, float]:
    if entry.shown_as == "rate" or entry.across == "shift" or today == 0:
        return min(entry.usual[0], today), max(entry.usual[1], today)
    return max(entry.min, min(today / 2, today)), min(entry.max, 1.5 * today)


def moved(scenario: Scenario, moves: Iterable[Move]) -> Scenario:
    """Return a scenario with moves made on top of its own."""
    for move in moves:
        scenario = scenario.with_move(move)
    return scenario


def values_of(scenario: Scenario, outcome: Outcome, levers: Sequence[Lever], targets: Mapping[str, Numbers]) -> Numbers:
    """Return an outcome of many runs in one batch, (runs,).

    Parameters
    ----------
    levers : sequence of Lever
        Those that any run moves.
    targets : mapping of str to array, (runs,)
        What each run has of them, by key.
    """
    held = moved(scenario, (lever.move for lever in levers))
    found: Numbers = outcomes(scenario, swept(held, targets), [outcome])[0]
    return found


def values_alone(scenario: Scenario, outcome: Outcome, levers: Sequence[Lever], which: Places, at: Numbers) -> Numbers:
    """Return an outcome of many runs that each move one lever and leave the others where they stand, (runs,).

    Parameters
    ----------
    which : array of int, (runs,)
        The position of the lever that a run moves.
    at : array, (runs,)
        Where to.
    """
    targets = {lever.key: np.where(which == place, at, lever.today) for place, lever in enumerate(levers)}
    return values_of(scenario, outcome, levers, targets)


def checked(scenario: Scenario, outcome: Outcome, what: str) -> float:
    """Return the outcome as the scenario has it.

    Raises
    ------
    ScenarioError
        The metric has no value in that month; `what` says what cannot be done.
    """

    value = outcome.of(project(scenario))
    if not np.isfinite(value):
        name, when = outcome.name(scenario.company), outcome.when(scenario.company, scenario.horizon)
        raise ScenarioError(f"{name} has no value {when}, so {what}; choose another month or metric.")
    return value
