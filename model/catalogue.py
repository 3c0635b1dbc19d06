"""The catalogue: what can be assumed, what is measured and where numbers come from, each declared once in data/."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from model.errors import CatalogueError
from model.text import Over, ShownAs, plain, shown

DATA = Path(__file__).resolve().parent.parent / "data"

Element = Literal["people", "process", "technology", "data"]
"""What would have to change to move an assumption: who does the work, how, with which system, on what information."""

Declared = TypeVar("Declared", bound="Declaration")


class Declaration(BaseModel):
    """One entry of a file in data/; its key is its id."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
    id: str


class Source(Declaration):
    """A publication, or the words "judgement" and "the company's own books"."""

    title: str
    says: str
    address: str = ""
    read: Literal["page", "reported"]


class Assumption(Declaration):
    """One thing that can be assumed: from it come the slider, the check, the link and the CSV row.

    Values are fractions, months, counts or money per `unit`; `min` and `max` are hard bounds,
    `usual` are the ends of a slider. With a `default`, a company file may leave it out.
    """

    group: str
    label: str
    question: str
    unit: str
    shown_as: ShownAs
    unit_label: str
    min: float
    max: float
    choices: tuple[int, ...] = ()
    usual: tuple[float, float]
    step: float
    default: float | None = None
    scope: Literal["segment", "company"] = "segment"
    across: Literal["fact", "sum", "shift", "scale", "none"]
    element: Element | None = None
    kind: Literal["fact", "benchmark", "judgement"]
    source: str

    @model_validator(mode="after")
    def _bounds_are_ordered(self) -> Self:
        if not self.min <= self.usual[0] < self.usual[1] <= self.max:
            raise ValueError("min, usual and max must be in order")
        if (self.kind == "judgement") != (self.source == "judgement"):
            raise ValueError("a judgement has the source 'judgement', and nothing else has")
        return self

    def show(self, value: float, currency: str = "USD") -> str:
        """Return a value as people read it, without its unit."""
        digits = max(1, math.ceil(-math.log10(self.step * 100 / 5) - 1e-9)) if self.shown_as == "rate" else 1
        return shown(value, self.shown_as, currency, digits)

    def problem(self, value: float, currency: str = "USD") -> str:
        """Return what is wrong with a value, or nothing: a clause that follows "Retention (retention_rate=9)"."""
        if not math.isfinite(value):
            return f"is not a finite number; {self.allowed(currency)}"
        if self.choices and value not in self.choices:
            return f"is {plain(value)}; {self.allowed(currency)}"
        if not self.min <= value <= self.max:
            return f"is {self.show(value, currency)}; {self.allowed(currency)}"
        return ""

    def allowed(self, currency: str = "USD") -> str:
        """Return the bounds as a clause: "it must lie between 0.0 % and 100.0 % (share of ARR per year)"."""
        if self.choices:
            return f"it must be one of {', '.join(map(str, self.choices))} ({self.unit})"
        low, high = self.show(self.min, currency), self.show(self.max, currency)
        return f"it must lie between {low} and {high} ({self.unit})"


class Metric(Declaration):
    """One figure the model reports: its definition, formula, source and the rival definition where there is one.

    Its scope says whether it exists by segment too, or for the company alone; `over` which months it is of up to the one it is told for.
    """

    label: str
    shown_as: ShownAs
    unit: str
    definition: str
    formula: str
    better: Literal["up", "down", "neither"]
    scope: Literal["segment", "company"] = "segment"
    over: Over = "month"
    source: str
    rival: str = ""


def read_toml(path: Path) -> dict[str, Any]:
    """Return the content of a file in data/, or say what is wrong with it."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise CatalogueError(f"{path.name}: {error}") from error


def declarations(kind: type[Declared], entries: Mapping[str, Any], where: str) -> dict[str, Declared]:
    """Return the entries of one file as declarations, or every problem in it at once."""
    found: dict[str, Declared] = {}
    problems: list[str] = []
    for key, entry in entries.items():
        try:
            found[key] = kind.model_validate({"id": key, **entry})
        except ValidationError as error:
            problems += [f"{where}: {'.'.join(map(str, (key, *at)))}: {told}" for at, told in _told(error)]
    if problems:
        raise CatalogueError(problems)
    return found


def _told(error: ValidationError) -> list[tuple[tuple[int | str, ...], str]]:
    """Return place and message of each problem; a list that lacks only its broken entry is no problem of its own."""
    found = error.errors()
    within = {p["loc"][:length] for p in found for length in range(len(p["loc"]))}
    return [(p["loc"], p["msg"].removeprefix("Value error, ")) for p in found
            if not (p["type"] == "too_short" and p["loc"] in within)]  # fmt: skip


@cache
def sources() -> Mapping[str, Source]:
    """Return every source by id."""
    return MappingProxyType(declarations(Source, read_toml(DATA / "sources.toml"), "sources.toml"))


@cache
def assumptions() -> Mapping[str, Assumption]:
    """Return every assumption by id, in the order of the files and of the entries in them."""
    found: dict[str, Assumption] = {}
    for path in sorted((DATA / "assumptions").glob("*.toml")):
        entries = {key: {"group": path.stem.partition("-")[2], **entry} for key, entry in read_toml(path).items()}
        found |= declarations(Assumption, entries, path.name)
    _check_sources(found)
    if wrong := [key for key, entry in found.items() if (entry.across == "fact") != (entry.element is None)]:
        raise CatalogueError(f"{key}: what can be moved has an element, and a fact has none" for key in wrong)
    return MappingProxyType(found)


@cache
def metrics() -> Mapping[str, Metric]:
    """Return every metric by id, in the order of its file."""
    found = declarations(Metric, read_toml(DATA / "metrics.toml"), "metrics.toml")
    _check_sources(found)
    return MappingProxyType(found)


@cache
def retired() -> Mapping[str, str]:
    """Return what became of names that older links may hold: old assumption id -> new id."""
    return MappingProxyType({str(old): str(new) for old, new in read_toml(DATA / "retired.toml").items()})


def _check_sources(entries: Mapping[str, Assumption] | Mapping[str, Metric]) -> None:
    unknown = [f"{key}: no source {entry.source!r} in sources.toml" for key, entry in entries.items()
               if entry.source not in sources()]  # fmt: skip
    if unknown:
        raise CatalogueError(unknown)
