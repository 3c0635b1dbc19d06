"""Goals: what a company may want most, and which pages are for whom."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Literal, Self

from pydantic import field_validator, model_validator

from model.catalogue import DATA, Declaration, declarations, read_toml
from model.text import glance

Structure = Literal["one-team", "by-function", "none-yet"]
"""Who owns RevOps: one team, each function its own part, nobody yet."""

Phase = Literal["early", "scaling", "mature"]
"""How far a company has come."""


class Goal(Declaration):
    """What a company may want most; `says` are clauses, each with money that hangs on it."""

    label: str
    says: tuple[str, ...]


class Recommended(Declaration):
    """A page that may be the one to begin with, and for whom; an empty list means that it fits all.

    What names a goal, a structure or a phase comes before what merely fits all. `because` says, by goal, what leads from the money
    that hangs on it to the question of the page, where that does not follow by itself; by "" for a page that fits all goals.
    """

    title: str
    icon: str
    question: str
    goals: tuple[str, ...] = ()
    structures: tuple[Structure, ...] = ()
    phases: tuple[Phase, ...] = ()
    because: tuple[tuple[str, str], ...] = ()

    @field_validator("goals")
    @classmethod
    def _goals_are_known(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := [name for name in names if name not in goals()]:
            raise ValueError(f"{', '.join(map(glance, unknown))}: no such goal; there are {', '.join(goals())}")
        return names

    @field_validator("because", mode="before")
    @classmethod
    def _as_pairs(cls, table: object) -> object:
        return tuple(table.items()) if isinstance(table, dict) else table  # a page must stay hashable

    @model_validator(mode="after")
    def _reasons_are_for_its_goals(self) -> Self:
        if unknown := [goal for goal, _ in self.because if goal not in (self.goals or ("",))]:
            raise ValueError(f"because names {', '.join(map(glance, unknown))}, which is no goal of the page")
        return self


@cache
def goals() -> Mapping[str, Goal]:
    """Return every goal by id, in the order of its file."""
    return MappingProxyType(declarations(Goal, read_toml(DATA / "goals.toml"), "goals.toml"))


@cache
def other_pages() -> Mapping[str, Recommended]:
    """Return the pages that are no lens and can be recommended, by their address."""
    return MappingProxyType(declarations(Recommended, read_toml(DATA / "other_pages.toml"), "other_pages.toml"))
