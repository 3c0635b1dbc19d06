"""A delivery: the same initiatives by the same people, stage after stage (waterfall) or in parallel parts (agile).

Time counts in months from the opening day; month t of the plan lasts from t − 1 to t. What ships within a month acts
in the rest of that month.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal, Self

import numpy as np

from model.company import Company, Numbers
from model.frameworks.initiatives import NOTHING, initiatives, settings, stages
from model.plans import Effect
from model.text import plain

Method = Literal["none", "waterfall", "agile"]
METHODS: tuple[Method, ...] = ("none", "waterfall", "agile")
WORD = "delivery"
Edits = tuple[tuple[str, float], ...]


def _default(name: str) -> float:
    return settings()[name].default or 0.0


@dataclass(frozen=True)
class Delivery:
    """Which initiatives are delivered, by whom and how.

    Attributes
    ----------
    method : "none", "waterfall" or "agile"
        The way that acts in the scenario; with "none" the two are only compared.
    order : tuple of str
        The initiatives, the first worked on first.
    team : float
        People, the same in both ways.
    increments : float
        Parts into which agile delivery cuts each initiative.
    overhead : float
        Share of the team's time that agile delivery spends on coordination.
    uncertainty : float
        How much less or more work agile delivery may take, as a share of the work.
    start : float
        Month in which the work begins.
    pay : float
        Cost of a person, currency per month.
    efforts, strengths : tuple of pairs
        Person-months, and the factor on all effects, of initiatives where they differ from what is declared.
    """

    method: Method = "none"
    order: tuple[str, ...] = field(default_factory=lambda: tuple(initiatives()))
    team: float = field(default_factory=lambda: _default("team"))
    increments: float = field(default_factory=lambda: _default("increments"))
    overhead: float = field(default_factory=lambda: _default("overhead"))
    uncertainty: float = field(default_factory=lambda: _default("uncertainty"))
    start: float = field(default_factory=lambda: _default("start"))
    pay: float = field(default_factory=lambda: _default("pay"))
    efforts: Edits = ()
    strengths: Edits = ()

    @property
    def word(self) -> str:
        """The word all its parameters in a link begin with."""
        return WORD

    @property
    def label(self) -> str:
        """What it is called on screen."""
        return "Delivery, compared only" if self.method == "none" else f"{self.method.capitalize()} delivery"

    def written(self) -> Mapping[str, str]:
        """Return its parameters of a link: what differs from a delivery that nobody touched."""
        if self == Delivery():
            return {}
        found = {WORD: self.method, f"{WORD}.order": ".".join(self.order) or NOTHING}
        for name in settings():
            if (value := getattr(self, name)) != _default(name):
                found[f"{WORD}.{name}"] = plain(value)
        for what, edits in (("effort", self.efforts), ("effect", self.strengths)):
            found |= {f"{WORD}.{initiative}.{what}": plain(value) for initiative, value in edits}
        return found

    def effort(self, initiative: str) -> float:
        """Return the work an initiative takes, person-months."""
        return dict(self.efforts).get(initiative, initiatives()[initiative].effort)

    def strength(self, initiative: str) -> float:
        """Return the factor on the effects of an initiative."""
        return dict(self.strengths).get(initiative, 1.0)

    def with_effort(self, initiative: str, months: float) -> Self:
        """Return the delivery with another effort of one initiative."""
        declared = {key: entry.effort for key, entry in initiatives().items()}
        return replace(self, efforts=_edited(self.efforts, initiative, months, declared))

    def with_strength(self, initiative: str, factor: float) -> Self:
        """Return the delivery with another factor on the effects of one initiative."""
        return replace(self, strengths=_edited(self.strengths, initiative, factor, dict.fromkeys(initiatives(), 1.0)))

    def with_all_work(self, factor: float) -> Self:
        """Return the delivery with all work scaled, as when it takes less or more than planned."""
        return replace(self, efforts=tuple((key, factor * self.effort(key)) for key in self.order))

    def effects(self, company: Company, horizon: int) -> Sequence[Effect]:
        """Return what the delivered initiatives do to assumptions, and what the programme costs."""
        steps = schedule(self)
        return [*self._benefits(steps, horizon), *self._costs(steps, company, horizon)]

    def _benefits(self, steps: Sequence[Step], horizon: int) -> Iterator[Effect]:
        for key in self.order if steps else ():
            progress, entry = shipped_share(steps, key, horizon), initiatives()[key]
            for effect in entry.effects:
                yield Effect(effect.assumption, effect.change * self.strength(key), progress, entry.label)

    def _costs(self, steps: Sequence[Step], company: Company, horizon: int) -> Iterator[Effect]:
        yearly = 12 * cost(self, steps, company, horizon)
        if (most := float(yearly.max(initial=0.0))) > 0:
            yield Effect("revops_cost", most, yearly / most, "Delivery")


def _edited(edits: Edits, initiative: str, value: float, declared: Mapping[str, float]) -> Edits:
    """Return edits with one more, in the order of declaration, without those that change nothing."""
    found = dict(edits) | {initiative: value}
    return tuple((key, found[key]) for key in declared if key in found and found[key] != declared[key])


@dataclass(frozen=True)
class Step:
    """A piece of work by the whole team: a stage of an initiative, or one of its increments.

    Attributes
    ----------
    start, end : float
        Months from the opening day.
    ships : float
        Share of the initiative's effects that acts from `end` on.
    """

    initiative: str
    part: str
    start: float
    end: float
    ships: float


@lru_cache(maxsize=512)
def schedule(delivery: Delivery) -> tuple[Step, ...]:
    """Return all work in order, one piece after the other; none if no way of delivery is chosen.

    Waterfall takes all initiatives through a stage before the next stage begins, and an initiative acts when its release
    is done. Agile does the first part of every initiative, then the second of every one, and each part acts when it is done.

    Examples
    --------
    >>> one = Delivery("waterfall", order=("data",), team=4, efforts=(("data", 8),))
    >>> [(step.part, round(step.start, 1), round(step.end, 1)) for step in schedule(one)]
    [('Design', 0.0, 0.4), ('Build', 0.4, 1.4), ('Test', 1.4, 1.8), ('Release', 1.8, 2.0)]
    """
    if delivery.method == "none":
        return ()
    agile = delivery.method == "agile"
    capacity = delivery.team * (1 - delivery.overhead) if agile else delivery.team
    steps, time = [], delivery.start - 1
    for part, share, ships in _parts(delivery):
        for initiative in delivery.order:
            end = time + share * delivery.effort(initiative) / capacity
            steps.append(Step(initiative, part, time, end, ships))
            time = end
    return tuple(steps)


def _parts(delivery: Delivery) -> list[tuple[str, float, float]]:
    """Return the parts of each initiative: name, share of its effort, share of its effects it brings."""
    if delivery.method == "agile":
        count = int(delivery.increments)
        return [(f"Increment {number + 1} of {count}", 1 / count, 1 / count) for number in range(count)]
    last = list(stages())[-1]
    return [(stage.label, stage.share, float(key == last)) for key, stage in stages().items()]


def finish(steps: Sequence[Step], initiative: str = "") -> float:
    """Return when an initiative, or all work, is done, months from the opening day; 0 if there is none."""
    return max((step.end for step in steps if initiative in ("", step.initiative)), default=0.0)


def shipped_share(steps: Sequence[Step], initiative: str, horizon: int) -> Numbers:
    """Return how much of an initiative acts in each month, 0 to 1, (horizon,): never less than the month before."""
    month = np.arange(1, horizon + 1)[:, np.newaxis]
    ends, ships = (np.array([getattr(step, name) for step in steps if step.initiative == initiative])
                   for name in ("end", "ships"))  # fmt: skip
    found: Numbers = np.minimum(np.clip(month - ends, 0.0, 1.0) @ ships, 1.0)
    return found


def work(steps: Sequence[Step], horizon: int) -> Numbers:
    """Return how much of each month is worked on each step, (horizon, steps)."""
    month = np.arange(1, horizon + 1)[:, np.newaxis]
    starts, ends = np.array([step.start for step in steps]), np.array([step.end for step in steps])
    found: Numbers = np.clip(np.minimum(month, ends) - np.maximum(month - 1, starts), 0.0, None)
    return found


def cost(delivery: Delivery, steps: Sequence[Step], company: Company, horizon: int) -> Numbers:
    """Return what a delivery costs, currency per month, (horizon,).

    The one-off cost of an initiative is paid as the work on it is done, its running cost for the share of it that acts, and
    the team while it works.
    """
    if not steps:
        return np.zeros(horizon)
    arr, worked = float(company.base("opening_arr").sum()), work(steps, horizon)
    found: Numbers = delivery.pay * delivery.team * worked.sum(axis=1)
    for key in delivery.order:
        own = np.array([step.initiative == key for step in steps])
        took = sum(step.end - step.start for step in steps if step.initiative == key)
        entry = initiatives()[key]
        found += arr * entry.one_off * worked[:, own].sum(axis=1) / took
        found += arr * entry.running / 12 * shipped_share(steps, key, horizon)
    return found
