"""Maturity as a plan: where each element of a framework stands, where it is to be, and what that does to assumptions.

How much a level changes is judgement, declared in data/maturity and open to the reader's own number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from model.catalogue import assumptions
from model.company import Company
from model.frameworks.framework import LEVELS, LevelEffect, Strength, elements, framework_of, frameworks
from model.moves import Move
from model.plans import Effect
from model.scenario import Scenario
from model.text import counted, number, plain

WORD = "maturity"
UNJUDGED = 2.0
"""The level an element is taken to have until somebody judges it. Judgement; at target = today it changes nothing."""
HALF_A_YEAR = 6

Value = TypeVar("Value")
Pairs = tuple[tuple[str, Value], ...]


@dataclass(frozen=True)
class Step:
    """Where an element stands and where it is to be; without a target it stays. Levels 1 to 5, in tenths.

    The way begins in month `start` and is complete `ramp` months later.
    """

    today: float = UNJUDGED
    target: float | None = None
    start: int = 1
    ramp: int = HALF_A_YEAR

    @property
    def aim(self) -> float:
        """The target, or today where there is none."""
        return self.today if self.target is None else self.target

    @property
    def levels(self) -> float:
        """How many levels it rises, negative if it falls."""
        return round(self.aim - self.today, 10)

    @property
    def value(self) -> str:
        """The step as a link writes it: "2to4from3over6"."""
        to = "" if self.target is None else f"to{plain(self.target)}"
        usual = (1, HALF_A_YEAR) if self.target is None else (1, 0)
        over = f"over{self.ramp}" if self.ramp else ""
        timing = "" if (self.start, self.ramp) == usual else f"from{self.start}{over}"
        return f"{plain(self.today)}{to}{timing}"


@dataclass(frozen=True)
class Maturity:
    """The steps of all elements; a `Plan`. Only what differs from its default is held, in the order of the catalogue.

    Attributes
    ----------
    steps : pairs of "gartner.data" and its step
    edits : pairs of "gartner.data.forecast_accuracy" and the reader's own change per level
    answers : pairs of "mcalign.people" and its answers, 1 to 5, 0 where there is none
    strength : which end of the declared ranges acts
    """

    steps: Pairs[Step] = ()
    edits: Pairs[float] = ()
    answers: Pairs[tuple[int, ...]] = ()
    strength: Strength = "likely"

    @property
    def word(self) -> str:
        """The word its parameters of a link begin with."""
        return WORD

    @property
    def label(self) -> str:
        """What it is called on screen."""
        moving = self.moving()
        if len(moving) == 1:
            step = self.step(moving[0])
            return f"{elements()[moving[0]].label} {level_shown(step.today)} → {level_shown(step.aim)}"
        return counted(len(moving), "step") + " of maturity" if moving else "Maturity today"

    def stated(self, key: str) -> Step:
        """Return the step of an element as it was entered, whatever the answers say."""
        return dict(self.steps).get(key, Step())

    def step(self, key: str) -> Step:
        """Return the step of an element; today is the mean of its answers, to a tenth, if there are any."""
        given = [level for level in self.answers_of(key) if level]
        stated = self.stated(key)
        return replace(stated, today=round(sum(given) / len(given), 1)) if given else stated

    def answers_of(self, key: str) -> tuple[int, ...]:
        """Return the answer to each statement of an element, 0 where there is none."""
        return dict(self.answers).get(key, (0,) * len(elements()[key].statements))

    def per_level(self, key: str, effect: LevelEffect, strength: Strength | None = None) -> float:
        """Return what one level of an element changes: the reader's own number if there is one."""
        return dict(self.edits).get(f"{key}.{effect.name}", effect.at(strength or self.strength))

    def moving(self, framework: str = "") -> list[str]:
        """Return the elements that rise or fall, of one framework or of all."""
        return [key for key, _ in self.steps if key.startswith(framework) and self.step(key).levels]

    def with_step(self, key: str, step: Step) -> Maturity:
        """Return the plan with another step of an element."""
        return replace(self, steps=_held({**dict(self.steps), key: step}, Step()))

    def with_target(self, key: str, target: float) -> Maturity:
        """Return the plan with another target of an element; today's level is none."""
        aim = None if target == self.step(key).today else target
        return self.with_step(key, replace(self.stated(key), target=aim))

    def with_today(self, key: str, today: float) -> Maturity:
        """Return the plan with another level of today; a target stays where it is."""
        return self.with_step(key, replace(self.stated(key), today=today))

    def with_edit(self, key: str, name: str, amount: float | None) -> Maturity:
        """Return the plan with the reader's own change per level, or with the declared one if none is given."""
        edits = dict(self.edits) | ({f"{key}.{name}": amount} if amount is not None else {})
        if amount is None:
            edits.pop(f"{key}.{name}", None)
        known = [f"{key}.{effect.name}" for key, element in elements().items() for effect in element.effects]
        return replace(self, edits=tuple((entry, edits[entry]) for entry in known if entry in edits))

    def with_answers(self, key: str, answers: Sequence[int]) -> Maturity:
        """Return the plan with other answers to the statements of an element."""
        statements = elements()[key].statements
        held = _held({**dict(self.answers), key: tuple(answers)}, (0,) * len(statements))
        return replace(self, answers=held)

    def written(self) -> Mapping[str, str]:
        """Return its parameters of a link: settings that move nothing travel too."""
        found: dict[str, str] = {f"{WORD}.range": self.strength} if self.strength != "likely" else {}
        for framework in frameworks().values():
            if any(key in dict(self.answers) for key in framework.keys):
                told = ["".join(map(str, self.answers_of(key))) for key in framework.keys]
                found[f"{WORD}.{framework.id}.answers"] = ".".join(told)
        found |= {f"{WORD}.{key}": step.value for key, step in self.steps}
        return found | {f"{WORD}.{entry}": plain(amount) for entry, amount in self.edits}

    def effects(self, company: Company, horizon: int) -> Sequence[Effect]:
        """Return what the steps do: levels × change per level, over the ramp; nothing at target = today."""
        return list(self._effects(company, horizon))

    def _effects(self, company: Company, horizon: int) -> Iterator[Effect]:
        for key in self.moving():
            element, step = elements()[key], self.step(key)
            cause = f"{framework_of(key).framework}, {element.label.lower()}"
            for effect in element.effects:
                entry = assumptions()[effect.name]
                amount = step.levels * self.per_level(key, effect)
                if entry.scope == "company" and entry.shown_as == "money":
                    amount *= company.mean(effect.name)  # a plan adds to a value of the company; ours is relative
                if amount:
                    progress = Move(effect.name, 0.0, "", step.start, step.ramp).progress(horizon)
                    yield Effect(effect.name, amount, progress, cause)


def level_shown(level: float) -> str:
    """Return a level as people read it.

    >>> level_shown(4.0), level_shown(2.6)
    ('4', '2.6')
    """
    return number(level, 0 if level == int(level) else 1)


def maturity_of(scenario: Scenario) -> Maturity:
    """Return the plan of maturity of a scenario, or one in which nothing is judged or planned."""
    plan = scenario.plan(WORD)
    return plan if isinstance(plan, Maturity) else Maturity()


def one_level_more(plan: Maturity, key: str) -> Maturity:
    """Return the plan with the target of an element one level higher, at most 5."""
    return plan.with_target(key, min(LEVELS[1], round(plan.step(key).aim + 1, 1)))


def _held(values: Mapping[str, Value], default: Value) -> Pairs[Value]:
    """Return what differs from the default, in the order of the catalogue, so that equal plans are equal."""
    return tuple((key, values[key]) for key in elements() if key in values and values[key] != default)
