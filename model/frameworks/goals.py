"""Goals: what a company may want most, and which pages are for whom."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Literal

from pydantic import field_validator

from model.catalogue import DATA, Declaration, declarations, read_toml
from model.text import glance

Structure = Literal["one-team", "by-function", "none-yet"]
"""Who owns RevOps: one team, each function its own part, nobody yet."""

Phase = Literal["early", "scaling", "mature"]
"""How far a company has come."""


class Goal(Declaration):
    """What a company may want most; `says` is a clause with the money that hangs on it."""

    label: str
    says: str


class Recommended(Declaration):
    """A page that may be the one to begin with, and for whom; an empty list means that it fits all.

    What names a goal, a structure or a phase comes before what merely fits all.
    """

    title: str
    icon: str
    question: str
    goals: tuple[str, ...] = ()
    structures: tuple[Structure, ...] = ()
    phases: tuple[Phase, ...] = ()

    @field_validator("goals")
    @classmethod
    def _goals_are_known(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := [name for name in names if name not in goals()]:
            raise ValueError(f"{', '.join(map(glance, unknown))}: no such goal; there are {', '.join(goals())}")
        return names


@cache
def goals() -> Mapping[str, Goal]:
    """Return every goal by id, in the order of its file."""
    return MappingProxyType(declarations(Goal, read_toml(DATA / "goals.toml"), "goals.toml"))


@cache
def other_pages() -> Mapping[str, Recommended]:
    """Return the pages that are no lens and can be recommended, by their address."""
    return MappingProxyType(declarations(Recommended, read_toml(DATA / "other_pages.toml"), "other_pages.toml"))
