"""The customer's life and the functions that work on it: which parts can be moved, who works on what, what is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Self

from pydantic import model_validator

from model.catalogue import DATA, Declaration, assumptions, declarations, metrics, read_toml
from model.company import Company
from model.frameworks.framework import elements, frameworks
from model.lines import LINES


class Levered(Declaration):
    """Something with a title and the assumptions with which it can be moved."""

    title: str
    levers: tuple[str, ...]

    @model_validator(mode="after")
    def _levers_can_be_moved(self) -> Self:
        for name in self.levers:
            if name not in assumptions() or assumptions()[name].across == "fact":
                raise ValueError(f"{name!r} is not an assumption that can be moved")
        return self


class Part(Levered):
    """A part of the customer's life; without levers it is a gap of the model."""


class Function(Levered):
    """A function of the company: the metrics it is judged by and the line of cost that it spends."""

    metrics: tuple[str, ...]
    cost: str

    @model_validator(mode="after")
    def _figures_are_known(self) -> Self:
        if unknown := [name for name in self.metrics if name not in metrics() or metrics()[name].better == "neither"]:
            raise ValueError(f"{', '.join(unknown)}: no metric of which more is better or worse")
        if self.cost not in LINES:
            raise ValueError(f"{self.cost}: no such line")
        return self


@cache
def life_cycle() -> Mapping[str, Part]:
    """Return the parts of the customer's life, in the order in which they go by."""
    return MappingProxyType(declarations(Part, read_toml(DATA / "life_cycle.toml"), "life_cycle.toml"))


@cache
def functions() -> Mapping[str, Function]:
    """Return the functions that share the scoreboard."""
    return MappingProxyType(declarations(Function, read_toml(DATA / "functions.toml"), "functions.toml"))


@dataclass(frozen=True)
class Coverage:
    """A part of the customer's life: how many levers it has, and how many of them a framework's elements act on."""

    part: Part
    levers: int
    acted_on: int


def coverage(framework: str) -> list[Coverage]:
    """Return for each part of the customer's life what can be moved, and what a framework acts on: end to end."""
    acted_on = {effect.name for element in frameworks()[framework].elements for effect in element.effects}
    return [Coverage(part, len(part.levers), len(acted_on & set(part.levers))) for part in life_cycle().values()]


def functions_of(key: str) -> list[Function]:
    """Return the functions on whose work an element acts: more than one means that it unifies workflows."""
    names = {effect.name for effect in elements()[key].effects}
    return [function for function in functions().values() if names & set(function.levers)]


def known_share(company: Company, names: Iterable[str] = ()) -> float:
    """Return the share of a company's assumptions that rest on its books or on a source and not on judgement.

    Visibility: 1 if every figure could be checked, 0 if all are guesses. Of all assumptions unless some are named.
    """
    chosen = list(names) or list(assumptions())
    told = [company.sources.get(name, assumptions()[name].source) for name in chosen]
    return sum(not source.startswith("judgement") for source in told) / len(chosen)
