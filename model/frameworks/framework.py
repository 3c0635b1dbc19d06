"""Frameworks of maturity: elements with five levels, statements to judge them by, and what one level more changes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from model.catalogue import DATA, Declaration, assumptions, declarations, read_toml, sources

Strength = Literal["low", "likely", "high"]
STRENGTHS: tuple[Strength, ...] = ("low", "likely", "high")
LEVELS = (1.0, 5.0)
LARGEST_STEP = 0.25
"""What one level more may change at most, declared or edited: a quarter, or 25 points of a rate."""
FEWEST_STATEMENTS = 5


class LevelEffect(BaseModel):
    """What one level more of an element changes in one assumption, as a range, and why we think so.

    Added to a rate (0.01 is one point); relative for counts, money and time (0.1 is a tenth more).
    `low` is the cautious end: the least gain, or the most cost.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
    name: str
    low: float
    likely: float
    high: float
    kind: Literal["judgement"]
    reason: str = Field(min_length=20)

    @model_validator(mode="after")
    def _is_a_range_of_something_that_moves(self) -> Self:
        if self.name not in assumptions() or assumptions()[self.name].across == "fact":
            raise ValueError(f"{self.name!r} is not an assumption that can be moved")
        steps = [self.low, self.likely, self.high]
        if steps not in (sorted(steps), sorted(steps, reverse=True)) or min(steps) < 0 < max(steps):
            raise ValueError("low, likely and high must be in order and change the assumption in one direction")
        if max(map(abs, steps)) > LARGEST_STEP or not self.likely:
            raise ValueError(f"a level changes something, and {LARGEST_STEP} at most")
        return self

    @property
    def relative(self) -> bool:
        """Whether it changes its assumption in proportion and not by points."""
        entry = assumptions()[self.name]
        return entry.across in ("sum", "scale") or (entry.scope == "company" and entry.shown_as == "money")

    def at(self, strength: Strength) -> float:
        """Return one end of the range, or its middle."""
        return {"low": self.low, "likely": self.likely, "high": self.high}[strength]


class Element(BaseModel):
    """One element of a framework: a question, its levels 1 to 5, statements to answer, and its effects."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str = Field(pattern="^[a-z][a-z0-9-]*$")
    label: str
    question: str
    levels: tuple[str, str, str, str, str]
    effects: tuple[LevelEffect, ...] = Field(min_length=1)
    statements: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _names_no_effect_twice(self) -> Self:
        if len({effect.name for effect in self.effects}) < len(self.effects):
            raise ValueError("two effects are on the same assumption")
        return self


class Framework(Declaration):
    """A framework of maturity; `answers` are what the five answers to a statement are called, if it has statements."""

    title: str
    framework: str
    source: str
    answers: tuple[str, ...] = ()
    elements: tuple[Element, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if self.source not in sources():
            raise ValueError(f"{self.source}: no such source")
        if len({element.id for element in self.elements}) < len(self.elements):
            raise ValueError("two elements have the same id")
        fewest = FEWEST_STATEMENTS if self.answers else 0
        if len(self.answers) not in (0, 5) or any(len(element.statements) < fewest for element in self.elements):
            raise ValueError(f"a framework with answers has five, and {FEWEST_STATEMENTS} statements for each element")
        if not self.answers and any(element.statements for element in self.elements):
            raise ValueError("there are statements, and no answers to choose from")
        return self

    @property
    def keys(self) -> tuple[str, ...]:
        """Its elements as plans and links name them: "gartner.data"."""
        return tuple(f"{self.id}.{element.id}" for element in self.elements)


@cache
def frameworks(folder: Path = DATA / "maturity") -> Mapping[str, Framework]:
    """Return every framework of maturity by id, in the order of the files.

    Raises
    ------
    CatalogueError
        Every problem of the first broken file, each with its place.
    """
    found: dict[str, Framework] = {}
    for path in sorted(folder.glob("*.toml")):
        found |= declarations(Framework, {path.stem: read_toml(path)}, path.name)
    return MappingProxyType(found)


@cache
def elements() -> Mapping[str, Element]:
    """Return every element by its key, "gartner.data"."""
    return MappingProxyType({key: element for framework in frameworks().values()
                             for key, element in zip(framework.keys, framework.elements, strict=True)})  # fmt: skip


def framework_of(key: str) -> Framework:
    """Return the framework of an element's key."""
    return frameworks()[key.partition(".")[0]]
