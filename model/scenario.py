"""A scenario: a company, the moves made on its assumptions, its plans, and how far it is projected."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from types import MappingProxyType

import numpy as np

from model.catalogue import Assumption, assumptions, retired
from model.company import HORIZON_MONTHS, Company, Numbers
from model.doubt import USUAL, Doubt
from model.errors import ScenarioError
from model.plans import Effect, Plan
from model.text import glance, plain

_MOVE = re.compile(
    r"(?P<target>[+-]?inf.*?|.*?)(?:in(?P<range>.*?))?(?P<timing>from.*|over.*)?", re.DOTALL | re.IGNORECASE
)
NUMBER = re.compile(r"[+-]?((\d+\.?\d*|\.\d+)(e[+-]?\d+)?|nan|inf|infinity)", re.IGNORECASE | re.ASCII)
_TIMING = re.compile(r"from(?P<start>\d{1,200})(?:over(?P<ramp>\d{1,200}))?", re.ASCII)
MAX_MONTH = HORIZON_MONTHS[1]
LEFT_OUT = "It is left out."
NO_TARGETS: Mapping[str, Numbers] = MappingProxyType({})


@dataclass(frozen=True)
class Move:
    """A change of one assumption, for the company ('' as segment) or for one segment.

    In month t the value is the base before `start`, `target` from `start` + `ramp` on, and on a straight line between.
    With a `range`, low and high, the target is what is likely and not certain; a projection takes the target.
    """

    name: str
    target: float
    segment: str = ""
    start: int = 1
    ramp: int = 0
    range: tuple[float, float] | None = None

    @property
    def key(self) -> str:
        """What the move is of: "win_rate" or "win_rate.ent"."""
        return f"{self.name}.{self.segment}" if self.segment else self.name

    @property
    def value(self) -> str:
        """The right-hand side of the move as a link writes it: "0.3in0.25to0.35from6over3"."""
        ends = f"in{plain(self.range[0])}to{plain(self.range[1])}" if self.range else ""
        timing = f"from{self.start}" if self.start > 1 or self.ramp else ""
        return f"{plain(self.target)}{ends}{timing}" + (f"over{self.ramp}" if self.ramp else "")

    def __str__(self) -> str:
        return f"{self.key}={self.value}"

    def to(self, target: float) -> Move:
        """Return the move with another target; a range that does not hold it is widened as far as it."""
        ends = (min(self.range[0], target), max(self.range[1], target)) if self.range else None
        return replace(self, target=target, range=ends)

    def progress(self, months: int) -> Numbers:
        """Return how much of the move is done in months 1..`months`: 0 before `start`, 1 at the end of its ramp."""
        month = np.arange(1, months + 1)
        done = (month - self.start + 1) / (self.ramp + 1)
        return np.clip(done, 0.0, 1.0)


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
            for segment in clipped:
                used = targets[list(company.segments).index(segment)]
                found.append(
                    f"{self.title_of(move.key)} of {entry.show(move.target, company.currency)} would carry "
                    f"{company.segments[segment]} "
                    f"past its bound; {entry.show(used, company.currency)} is used there."
                )
        return (*found, *self._clipped_effects(), *self._overlaps(), *self.late_starts())

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


def read_move(key: str, text: str, company: Company) -> Move:
    """Return the move written as `key`=`text`, for example win_rate.ent = 0.3from6over3.

    Raises
    ------
    ScenarioError
        One sentence: the name, the value and its bounds; apart from it, what a link takes instead.
    """
    typed = glance(f"{key}={text}", 80)
    entry, segment = _named(key, typed, company)
    of = f" of {company.segments[segment]}" if segment else ""
    base = company.assumptions[entry.id][segment] if segment else company.mean(entry.id)
    shown = entry.show(base, company.currency)
    instead = f"It is left out; the base{of} is {shown}." if segment else f"The base, {shown}, is used."
    parts = _MOVE.fullmatch(text)
    if not parts or not NUMBER.fullmatch(parts["target"]):
        raise ScenarioError(f"{entry.label}{of} ({typed}) is not a number; {entry.allowed(company.currency)}.", instead)
    target = float(parts["target"])
    if problem := entry.problem(target, company.currency):
        raise ScenarioError(f"{entry.label}{of} ({typed}) {problem}.", instead)
    what = f"{entry.label}{of} ({typed})"
    start, ramp = _timing(parts["timing"], parts["target"], what, instead)
    ends = None if parts["range"] is None else _range(parts["range"], target, entry, company.currency, what, instead)
    return Move(entry.id, target, segment, start, ramp, ends)


def _range(text: str, target: float, entry: Assumption, currency: str, what: str, instead: str) -> tuple[float, float]:
    """Return low and high of "0.88to0.96", for the move that `what` names."""
    low, to, high = text.partition("to")
    if not (to and NUMBER.fullmatch(low) and NUMBER.fullmatch(high)):
        low_end, high_end = min(entry.usual[0], target), max(entry.usual[1], target)
        example = f"{plain(target)}in{plain(low_end)}to{plain(high_end)}"
        raise ScenarioError(f"{what} has a range that cannot be read; write {example}.", instead)
    ends = float(low), float(high)
    for end in ends:
        if problem := entry.problem(end, currency):
            raise ScenarioError(f"{what} has a range whose end {problem}.", instead)
    if not (ends[0] <= target <= ends[1] and ends[0] < ends[1]):
        raise ScenarioError(
            f"{what} has a range from {plain(ends[0])} to {plain(ends[1])}; it must rise and hold {plain(target)}.",
            instead,
        )
    return ends


def _named(key: str, typed: str, company: Company) -> tuple[Assumption, str]:
    """Return the assumption and the segment that the key of a move names."""
    name, dot, segment = key.partition(".")
    entry = assumptions().get(retired().get(name, name))
    if entry is None:
        raise ScenarioError(f"There is no assumption {glance(name)!r} ({typed}).", LEFT_OUT)
    if entry.across == "fact":
        raise ScenarioError(f"{entry.label} ({typed}) is a fact of the company and cannot be moved.", LEFT_OUT)
    if dot and entry.scope == "company":
        raise ScenarioError(f"{entry.label} ({typed}) is one value for the company, not by segment.", LEFT_OUT)
    if dot and segment not in company.segments:
        known = ", ".join(company.segments)
        raise ScenarioError(f"{company.title} has no segment {glance(segment)!r} ({typed}); it has {known}.", LEFT_OUT)
    return entry, segment


def _timing(text: str | None, target: str, what: str, instead: str) -> tuple[int, int]:
    """Return start and ramp of "from6over3", for the move that `what` names."""
    if not text:
        return 1, 0
    parts = _TIMING.fullmatch(text)
    if not parts:
        example = f"write {target}from6 or {target}from6over3"
        raise ScenarioError(f"{what} has a timing that cannot be read; {example}.", instead)
    start, ramp = int(parts["start"]), int(parts["ramp"] or 0)
    if not (1 <= start <= MAX_MONTH and 0 <= ramp <= MAX_MONTH):
        raise ScenarioError(
            f"{what} has a timing out of range; it must start in month 1 to {MAX_MONTH} "
            f"and take 0 to {MAX_MONTH} months.", instead,
        )  # fmt: skip
    return start, ramp
