"""A scenario: a company, the moves made on its assumptions, its plans, and how far it is projected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from types import MappingProxyType

import numpy as np

from model.catalogue import assumptions
from model.company import HORIZON_MONTHS, Company, Numbers, adds_up
from model.doubt import USUAL, Doubt
from model.errors import ScenarioError
from model.moves import Move
from model.plans import Effect, Plan
from model.text import agreeing

NO_TARGETS: Mapping[str, Numbers] = MappingProxyType({})


@dataclass(frozen=True)
class Scenario:
    """The only holder of inputs: everything a projection depends on.

    Make one with `Scenario.of`; `moves` holds at most one move for each assumption and segment, `plans` at most one
    plan of each kind. `doubt` is about the ranges of moves: a correlation with a move that has none is dropped.
    """

    company: Company
    moves: tuple[Move, ...] = ()
    horizon: int = 0
    plans: tuple[Plan, ...] = ()
    doubt: Doubt = USUAL

    def __post_init__(self) -> None:
        if self.doubt.together:
            object.__setattr__(self, "doubt", self.doubt.among(self.ranged))

    @staticmethod
    def of(
        company: Company,
        moves: Iterable[Move] = (),
        horizon: int | None = None,
        plans: Iterable[Plan] = (),
        doubt: Doubt = USUAL,
    ) -> Scenario:
        """Return a scenario; a later move of the same assumption and segment replaces an earlier one, and so do plans.

        Raises
        ------
        ScenarioError
            The horizon is not 12 to 120 months.
        """
        months = company.horizon_months if horizon is None else horizon
        if not HORIZON_MONTHS[0] <= months <= HORIZON_MONTHS[1]:
            raise ScenarioError(horizon_problem(str(months)))
        by_key, by_word = {move.key: move for move in moves}, {plan.word: plan for plan in plans if plan.written()}
        return Scenario(company, tuple(by_key.values()), months, tuple(by_word.values()), doubt)

    def with_move(self, move: Move) -> Scenario:
        """Return the scenario with one move more, or with the move of the same key replaced in its place."""
        return replace(self, moves=tuple({**{m.key: m for m in self.moves}, move.key: move}.values()))

    def without(self, key: str) -> Scenario:
        """Return the scenario without the move of that key."""
        return replace(self, moves=tuple(move for move in self.moves if move.key != key))

    def with_horizon(self, months: int) -> Scenario:
        """Return the same scenario projected over another number of months."""
        return Scenario.of(self.company, self.moves, months, self.plans, self.doubt)

    def with_plan(self, plan: Plan) -> Scenario:
        """Return the scenario with a plan in place of the one of its kind; one that does nothing is left out."""
        return Scenario.of(self.company, self.moves, self.horizon, [*self.plans, plan] if plan.written() else
                           [other for other in self.plans if other.word != plan.word], self.doubt)  # fmt: skip

    def without_plan(self, word: str) -> Scenario:
        """Return the scenario without the plan of that kind."""
        return replace(self, plans=tuple(plan for plan in self.plans if plan.word != word))

    def plan(self, word: str) -> Plan | None:
        """Return the plan of a kind, if there is one."""
        return next((plan for plan in self.plans if plan.word == word), None)

    @cached_property
    def by_key(self) -> Mapping[str, Move]:
        """The moves by their key."""
        return {move.key: move for move in self.moves}

    @property
    def ranged(self) -> tuple[str, ...]:
        """The keys of the moves that have a range."""
        return tuple(move.key for move in self.moves if move.range)

    @property
    def base(self) -> Scenario:
        """The same company and horizon without any move or plan."""
        return Scenario(self.company, horizon=self.horizon)

    @property
    def is_base(self) -> bool:
        """Whether there is neither a move nor a plan."""
        return not self.moves and not self.plans

    @property
    def written(self) -> Mapping[str, str]:
        """Its moves, plans and doubt as a link writes them."""
        found = {move.key: move.value for move in self.moves}
        for plan in self.plans:
            found |= plan.written()
        return found | self.doubt.written()

    @cached_property
    def effects(self) -> Mapping[str, tuple[Effect, ...]]:
        """What plans do, by assumption."""
        found: dict[str, tuple[Effect, ...]] = {}
        for plan in self.plans:
            for effect in plan.effects(self.company, self.horizon):
                found[effect.name] = (*found.get(effect.name, ()), effect)
        return found

    @property
    def changed(self) -> tuple[str, ...]:
        """The assumptions that moves or plans change."""
        return tuple(dict.fromkeys([*(move.name for move in self.moves), *self.effects]))

    def path(self, name: str) -> Numbers:
        """Return an assumption over time, shape (1, segments) if it never changes, else (months, segments)."""
        return self.paths(name)[..., 0]

    def paths(self, name: str, targets: Mapping[str, Numbers] = NO_TARGETS) -> Numbers:
        """Return an assumption over time in R runs that differ in the targets of its moves.

        Parameters
        ----------
        name : str
            The assumption.
        targets : mapping of str to array, (R,)
            Targets by the key of a move there is; other moves keep their own.

        Returns
        -------
        array, (1 or months, segments, R or 1)
        """
        moved = self._moved(name, targets)
        return np.clip(self._with_effects(name, moved), *_bounds(name)) if name in self.effects else moved

    def _with_effects(self, name: str, moved: Numbers) -> Numbers:
        """Return a moved assumption with what plans do to it, not yet kept within its bounds."""
        factor, added = np.ones((self.horizon, 1, 1)), np.zeros((self.horizon, 1, 1))
        for effect in self.effects[name]:
            change = (effect.amount * effect.progress)[:, np.newaxis, np.newaxis]
            if effect.relative or assumptions()[name].across in ("sum", "scale"):
                factor = factor * (1 + change)
            else:
                added = added + change
        return (moved + added) * factor

    def _moved(self, name: str, targets: Mapping[str, Numbers] = NO_TARGETS) -> Numbers:
        base = self.company.base(name)[:, np.newaxis]
        acting = [self._move_of(name, segment) for segment in self._columns(name)]
        moves = dict.fromkeys(move for move in acting if move)
        if not moves:
            return base[np.newaxis]
        at_once = all(move.start == 1 and move.ramp == 0 for move in moves)
        spread = {move: self._spread(move, targets.get(move.key, np.array([move.target]))) for move in moves}
        runs = max(found.shape[1] for found in spread.values())
        path = np.empty((1 if at_once else self.horizon, base.size, runs))
        path[:] = base
        for move, wanted in spread.items():
            own = [column for column, other in enumerate(acting) if other is move]
            start, target = base[own], np.clip(wanted[own], *_bounds(name))
            done = move.progress(len(path))[:, np.newaxis, np.newaxis]
            path[:, own] = np.where(done == 1, target, start + (target - start) * done)
        return path

    def _spread(self, move: Move, target: Numbers) -> Numbers:
        """Return what targets (R,) of a move ask of each segment, (segments, R), not yet kept within its bounds."""
        entry = assumptions()[move.name]
        base = self.company.base(move.name)[:, np.newaxis]
        if move.segment or entry.scope == "company":
            return np.repeat(target[np.newaxis], base.size, axis=0)
        mean = self.company.mean(move.name)
        if entry.across == "shift":
            return base + (target - mean)
        if mean > 0:
            return base * (target / mean)
        return np.repeat(target[np.newaxis] / (base.size if entry.across == "sum" else 1), base.size, axis=0)

    def spread(self, move: Move) -> tuple[Numbers, tuple[str, ...]]:
        """Return the target of each segment, shape (segments,), and the segments that a bound clipped."""
        entry = assumptions()[move.name]
        wanted = self._spread(move, np.array([move.target]))[:, 0]
        targets = np.clip(wanted, entry.min, entry.max)
        if move.segment or entry.scope == "company":
            return targets, ()
        near = [entry.show(value) == entry.show(target) for value, target in zip(wanted, targets, strict=True)]
        own = [f"{move.name}.{segment}" in self.by_key for segment in self.company.segments]
        clipped = [s for s, fits, moved in zip(self.company.segments, near, own, strict=True) if not fits and not moved]
        return targets, tuple(clipped)

    def warnings(self) -> tuple[str, ...]:
        """Return what of the moves does not act as written: a bound clips a segment, or the start is too late."""
        found = []
        for move in self.moves:
            entry, company = assumptions()[move.name], self.company
            targets, clipped = self.spread(move)
            if not clipped:
                continue
            asked, used, whole = (entry.show(value, company.currency) for value in (
                move.target, targets[list(company.segments).index(clipped[0])], self._whole(move.name)))  # fmt: skip
            they, whose = ("it stays", "its bound") if len(clipped) == 1 else ("they stay", "their bound")
            alike = "points" if entry.across == "shift" else "factor"
            weighed = "" if adds_up(move.name) else ", weighed by opening ARR"
            found.append(f"{entry.label} {agreeing(entry.label, 'move')} segments by the same {alike}: for {asked} as a whole, "
                         f"{' and '.join(company.segments[one] for one in clipped)} would have to pass {whose} of {used}; "
                         f"{they} there, so that the company stands at {whole}{weighed}.")  # fmt: skip
        return (*found, *self._clipped_effects(), *self._overlaps(), *self.late_starts())

    def _whole(self, name: str) -> float:
        """Return what the company stands at once all moves of an assumption are complete, plans left out."""
        done = [replace(move, start=1, ramp=0) for move in self.moves if move.name == name]
        return self.company.whole(name, replace(self, moves=tuple(done), plans=()).path(name)[0])

    def _overlaps(self) -> Iterator[str]:
        """Yield a sentence about each two plans that act on the same assumptions."""
        acts = {plan.label: {effect.name for effect in plan.effects(self.company, self.horizon)} for plan in self.plans}
        for one, other in combinations(acts, 2):
            if both := acts[one] & acts[other]:
                named = ", ".join(sorted(assumptions()[name].label.lower() for name in both))
                yield f"{one} and {other} both act on {named}; where they are the same work, it counts twice."

    def _clipped_effects(self) -> Iterator[str]:
        """Yield a sentence about each assumption that plans would carry past a bound."""
        for name, effects in self.effects.items():
            wanted, (low, high) = self._with_effects(name, self._moved(name)), _bounds(name)
            if wanted.max() > high + 1e-12 or wanted.min() < low - 1e-12:
                entry, used = assumptions()[name], high if wanted.max() > high + 1e-12 else low
                causes = ", ".join(dict.fromkeys(effect.cause for effect in effects))
                yield (f"{causes} would carry {entry.label.lower()} past its bound; "
                       f"{entry.show(used, self.company.currency)} is used there.")  # fmt: skip

    def late_starts(self) -> tuple[str, ...]:
        """Return a sentence about each move or plan that starts after the last month."""
        moves = tuple(
            f"{self.title_of(move.key)} ({move}) starts in month {move.start}, after the last month, {self.horizon}; "
            "it is kept, and acts once the horizon is longer."
            for move in self.moves
            if move.start > self.horizon
        )
        plans = tuple(
            f"{plan.label} begins to act after the last month, {self.horizon}; it is kept, and acts once the horizon is longer."
            for plan in self.plans
            if (effects := plan.effects(self.company, self.horizon)) and not any(e.progress.any() for e in effects)
        )
        return moves + plans

    def title_of(self, key: str) -> str:
        """Return what a lever is called: "Win rate of Enterprise"."""
        name, _, segment = key.partition(".")
        of = f" of {self.company.segments[segment]}" if segment else ""
        return f"{assumptions()[name].label}{of}"

    def _columns(self, name: str) -> tuple[str, ...]:
        return ("",) if assumptions()[name].scope == "company" else tuple(self.company.segments)

    def _move_of(self, name: str, segment: str) -> Move | None:
        own = self.by_key.get(f"{name}.{segment}") if segment else None
        return own or self.by_key.get(name)


def _bounds(name: str) -> tuple[float, float]:
    return assumptions()[name].min, assumptions()[name].max


def horizon_problem(given: str) -> str:
    """Return the sentence about a horizon that cannot be used."""
    low, high = HORIZON_MONTHS
    return f"Horizon (horizon={given}) must be a whole number of months from {low} to {high}."
