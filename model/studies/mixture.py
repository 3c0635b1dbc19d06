"""Mixtures of two scenarios: what is between them when only some of their differences have come about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from model.catalogue import assumptions
from model.company import Numbers
from model.engine import in_parts
from model.inputs import inputs_of
from model.moves import Move
from model.outcomes import Outcome, outcomes
from model.plans import Plan
from model.rates import LANES, deciding
from model.scenario import Scenario

Coalitions = NDArray[np.bool_]
"""Which players have come, (players, runs)."""


@dataclass(frozen=True)
class Player:
    """Differences that come together: one move or plan, or all of a stage.

    Attributes
    ----------
    label : str
        What it is called on screen.
    keys : tuple of str
        Keys of moves ("win_rate.ent") and words of plans ("maturity").
    """

    label: str
    keys: tuple[str, ...]


def moves_and_plans(scenario: Scenario) -> dict[str, Move | Plan]:
    """Return moves by key and plans by word, in the order in which they were made."""
    return {**scenario.by_key, **{plan.word: plan for plan in scenario.plans}}


def differing(start: Scenario, end: Scenario) -> tuple[str, ...]:
    """Return the keys of moves and words of plans that two scenarios have not alike; how sure a target is, is no matter."""
    before, after = ({key: replace(one, range=None) if isinstance(one, Move) else one
                      for key, one in moves_and_plans(scenario).items()} for scenario in (start, end))  # fmt: skip
    return tuple(key for key in {**after, **before} if before.get(key) != after.get(key))


def players_between(start: Scenario, end: Scenario, *, by_stage: bool = False) -> tuple[Player, ...]:
    """Return who brings the difference of two scenarios: each move and plan, or the moves of each stage and each plan."""
    plans = {plan.word: plan.label for plan in (*start.plans, *end.plans)}
    found: dict[str, Player] = {}
    for key in differing(start, end):
        label = plans.get(key) or _label(key, end)
        group = label if key in plans or not by_stage else assumptions()[key.partition(".")[0]].group.capitalize()
        place = group if by_stage else key
        found[place] = Player(group if by_stage else label, (*found[place].keys, key) if place in found else (key,))
    return tuple(found.values())


def _label(key: str, scenario: Scenario) -> str:
    name, _, segment = key.partition(".")
    return (
        f"{assumptions()[name].label}, {scenario.company.segments[segment]}" if segment else assumptions()[name].label
    )


@dataclass(frozen=True, eq=False)
class Mixture:
    """Two scenarios of one company and horizon, and those whose coming turns the first into the second."""

    start: Scenario
    end: Scenario
    players: tuple[Player, ...]

    def values(self, coalitions: Coalitions, outcome: Outcome) -> Numbers:
        """Return what an outcome comes to when only some players have come, (runs,)."""
        common, order = inputs_of(self.start), self._order(coalitions)
        tables = self._tables(coalitions[:, order])
        found = np.empty(coalitions.shape[1])

        def fill(part: slice) -> None:
            # np.take leaves arrays in the order of all others, unlike tabled[..., which]
            mixed = {name: np.take(tabled, which[part], axis=-1) for name, (tabled, which) in tables.items()}
            inputs = replace(common, runs=len(order[part]), path={**common.path, **mixed})
            found[order[part]] = outcomes(self.start, inputs, [outcome])[0]

        in_parts(fill, len(found), len(common.terms))
        return found

    def _order(self, coalitions: Coalitions) -> NDArray[np.intp]:
        """Return an order of coalitions in which many groups of runs side by side have the months of the group before.

        The kernel takes those only once. So players who change the months of few segments come and go from one group to
        the next, and those who change most do so within each.
        """
        few_first = np.argsort([len(self._segments_of(player)) for player in self.players], kind="stable")
        fastest_first = np.roll(few_first, LANES.bit_length() - 1)
        return np.argsort(2 ** np.arange(len(few_first)) @ coalitions[fastest_first], kind="stable")

    def _segments_of(self, player: Player) -> set[str]:
        """Return the segments of which a player changes what decides their months."""
        keys = [key for key in player.keys if deciding().intersection(self._names(key))]
        own = {key.partition(".")[2] for key in keys}
        return set(self.start.company.segments) if "" in own else own

    def _tables(self, coalitions: Coalitions) -> dict[str, tuple[Numbers, NDArray[np.int_]]]:
        """Return each assumption in all the ways in which those who touch it come, and which of them is that of each run."""
        found = {}
        for name, touching in self._touching.items():
            places = np.array([1 << at for at in range(len(touching))]) @ coalitions[touching].astype(np.int64)
            ways, which = np.unique(places, return_inverse=True)
            by_way = [self._with(touching, int(way)).path(name) for way in ways]
            shape = np.broadcast_shapes(*(values.shape for values in by_way))
            found[name] = np.stack([np.broadcast_to(values, shape) for values in by_way], axis=-1), which
        return found

    @cached_property
    def _touching(self) -> dict[str, list[int]]:
        """The players that touch each assumption, by position."""
        found: dict[str, list[int]] = {}
        for number, player in enumerate(self.players):
            for name in dict.fromkeys(name for key in player.keys for name in self._names(key)):
                found.setdefault(name, []).append(number)
        return found

    def _names(self, key: str) -> Iterator[str]:
        """Yield the assumptions that a move or plan of either scenario acts on."""
        for scenario in (self.start, self.end):
            if plan := scenario.plan(key):
                yield from (effect.name for effect in plan.effects(scenario.company, scenario.horizon))
            elif key in scenario.by_key:
                yield scenario.by_key[key].name

    def _with(self, touching: Sequence[int], way: int) -> Scenario:
        """Return the first scenario after some of those have come who touch an assumption: bit k of `way` is the k-th."""
        come = [self.players[number].keys for at, number in enumerate(touching) if way >> at & 1]
        return after(self.start, self.end, {key for keys in come for key in keys})


def after(start: Scenario, end: Scenario, come: set[str]) -> Scenario:
    """Return one scenario with some moves and plans as they are in another, those that are not there left out."""
    before, later = moves_and_plans(start), moves_and_plans(end)
    chosen = [(later if key in come else before).get(key) for key in {**before, **later}]
    moves = [one for one in chosen if isinstance(one, Move)]
    plans = [one for one in chosen if one is not None and not isinstance(one, Move)]
    return Scenario(start.company, tuple(moves), start.horizon, tuple(plans))
