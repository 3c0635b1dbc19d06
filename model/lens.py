"""Lenses: a framework as a view on the model. A lens names levers, figures and charts and computes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from model.catalogue import DATA, Declaration, assumptions, declarations, metrics, read_toml, sources
from model.errors import CatalogueError
from model.framework import elements, frameworks
from model.lines import LINES

ChartKind = Literal[
    "metric", "by_quarter", "movements", "forecast", "capacity", "funnel",
    "element_map", "maturity_radar", "level_worth", "life_cycle", "attributes", "scoreboard",
]  # fmt: skip


class LensChart(BaseModel):
    """A chart: what kind, and for kinds that need one, of which metric, line that adds up, framework or element."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: ChartKind
    of: str = ""

    @model_validator(mode="after")
    def _knows_what_it_shows(self) -> Self:
        flows = [name for name, line in LINES.items() if line.over_time == "flow"]
        known = {"metric": list(metrics()), "by_quarter": flows, "element_map": list(elements())}
        of_framework = self.kind in ("maturity_radar", "level_worth", "life_cycle", "attributes")
        if self.of not in (list(frameworks()) if of_framework else known.get(self.kind, [""])):
            raise ValueError(f"a chart of kind {self.kind!r} cannot show {self.of!r}")
        return self


class LensGroup(BaseModel):
    """Levers that belong together, and the chart beside them."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    title: str
    levers: tuple[str, ...] = Field(min_length=1)
    chart: LensChart

    @model_validator(mode="after")
    def _levers_can_be_moved(self) -> Self:
        for name in self.levers:
            if name not in assumptions() or assumptions()[name].across == "fact":
                raise ValueError(f"{name!r} is not an assumption that can be moved")
        return self


class Stage(BaseModel):
    """A stage of a framework: groups of levers with their charts, its own figures, who owns it and with which tools.

    With an `element` of a framework of maturity, the page also asks where that element stands and is to be.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str = Field(pattern="^[a-z][a-z0-9-]*$")
    title: str
    about: str
    owner: str
    tools: tuple[str, ...]
    kpis: tuple[str, ...] = Field(min_length=1)
    groups: tuple[LensGroup, ...] = Field(min_length=1)
    element: str = ""

    @model_validator(mode="after")
    def _figures_are_known(self) -> Self:
        if self.element and self.element not in elements():
            raise ValueError(f"{self.element}: no such element of a framework of maturity")
        if unknown := [name for name in self.kpis if name not in metrics()]:
            raise ValueError(f"{', '.join(unknown)}: no such metric")
        return self

    @property
    def levers(self) -> tuple[str, ...]:
        """All its levers, in order."""
        return tuple(name for group in self.groups for name in group.levers)


class Lens(Declaration):
    """One page: a question, the stages of a framework, and charts of the framework as a whole.

    `id` is the page's address; `group` the menu it stands in; files are shown in the order of their names.
    """

    title: str
    framework: str
    group: str
    icon: str
    question: str
    source: str
    stages: tuple[Stage, ...] = Field(min_length=1)
    charts: tuple[LensChart, ...] = ()

    @model_validator(mode="after")
    def _names_are_known(self) -> Self:
        if self.source not in sources():
            raise ValueError(f"{self.source}: no such source")
        if len({stage.id for stage in self.stages}) < len(self.stages):
            raise ValueError("two stages have the same id")
        return self

    def stage(self, stage_id: str) -> Stage:
        """Return one of its stages, or the first if it has none of that id."""
        return next((stage for stage in self.stages if stage.id == stage_id), self.stages[0])

    @property
    def levers(self) -> tuple[str, ...]:
        """The levers of all its stages, each once."""
        return tuple(dict.fromkeys(name for stage in self.stages for name in stage.levers))


@cache
def lenses() -> Mapping[str, Lens]:
    """Return every lens by id, in the order of the files in data/lenses."""
    found: dict[str, Lens] = {}
    for path in sorted((DATA / "lenses").glob("*.toml")):
        key = path.stem.partition("-")[2]
        if key in found:
            raise CatalogueError(f"{path.name}: there is a lens {key!r} already")
        found |= declarations(Lens, {key: read_toml(path)}, path.name)
    return MappingProxyType(found)
