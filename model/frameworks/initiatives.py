"""Initiatives of revenue operations, and how they can be delivered: declared in data/, computed in model/frameworks/delivery.py."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from model.catalogue import DATA, Assumption, Declaration, assumptions, declarations, read_toml, sources
from model.errors import CatalogueError

NOTHING = "none"
"""How a link says that no initiative, or no way of delivery, is chosen."""


class Change(BaseModel):
    """What an initiative does to one assumption: added to a rate, relative for counts, money and time per unit."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
    assumption: str
    change: float = Field(gt=-1, lt=5)
    reason: str

    @model_validator(mode="after")
    def _can_be_changed(self) -> Self:
        entry = assumptions().get(self.assumption)
        if entry is None or entry.across in ("fact", "none"):
            raise ValueError(f"{self.assumption!r} is not an assumption of a segment that can be moved")
        return self


class Initiative(Declaration):
    """A named set of effects on assumptions, with what it takes.

    Attributes
    ----------
    effort : float
        Person-months.
    one_off, running : float
        Cost as a share of opening ARR: once, while the work is done; a year, for what is in use.
    """

    id: str = Field(pattern="^[a-z]+$")
    label: str
    about: str
    effort: float = Field(ge=0.5, le=1000)
    one_off: float = Field(ge=0, le=1)
    running: float = Field(ge=0, le=1)
    kind: Literal["benchmark", "judgement"]
    source: str
    effects: tuple[Change, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_its_source(self) -> Self:
        if self.id == NOTHING:
            raise ValueError(f"{NOTHING!r} means that there is no initiative")
        if self.source not in sources():
            raise ValueError(f"{self.source}: no such source")
        if (self.kind == "judgement") != (self.source == "judgement"):
            raise ValueError("a judgement has the source 'judgement', and nothing else has")
        return self


class Setting(Assumption):
    """What can be set of a delivery or of one of its initiatives; declared, checked and shown like an assumption."""

    reason: str


class Stage(Declaration):
    """A stage of waterfall delivery and its share of the effort."""

    label: str
    share: float = Field(gt=0, le=1)


@cache
def initiatives() -> Mapping[str, Initiative]:
    """Return every initiative by id, in the order of data/initiatives.toml."""
    return MappingProxyType(declarations(Initiative, read_toml(DATA / "initiatives.toml"), "initiatives.toml"))


@cache
def settings() -> Mapping[str, Setting]:
    """Return what can be set of a delivery, by name."""
    return _settings("settings")


@cache
def edits() -> Mapping[str, Setting]:
    """Return what can be edited of each initiative, by name: its effort, and the strength of its effects."""
    return _settings("edits")


def _settings(table: str) -> Mapping[str, Setting]:
    common = {"group": "delivery", "scope": "company", "across": "none", "kind": "judgement", "source": "judgement"}
    entries = {name: common | entry for name, entry in _delivery()[table].items()}
    return MappingProxyType(declarations(Setting, entries, f"delivery.toml: {table}"))


@cache
def stages() -> Mapping[str, Stage]:
    """Return the stages of waterfall delivery in order; their shares add up to 1."""
    found = declarations(Stage, _delivery()["stages"], "delivery.toml: stages")
    total = sum(stage.share for stage in found.values())
    if abs(total - 1) > 1e-9:
        raise CatalogueError(f"delivery.toml: stages: the shares add up to {total:.4g} and not to 1")
    return MappingProxyType(found)


@cache
def told_by() -> tuple[str, ...]:
    """Return the sources of what the two ways of delivery are, by id."""
    found: list[str] = _delivery()["sources"]
    if unknown := [source for source in found if source not in sources()]:
        raise CatalogueError(f"delivery.toml: sources: no source {', '.join(unknown)} in sources.toml")
    return tuple(found)


def _delivery() -> dict[str, Any]:
    return read_toml(DATA / "delivery.toml")
