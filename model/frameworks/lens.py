"""Lenses: a framework as a view on the model. A lens names levers, figures and charts and computes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from model.catalogue import DATA, Element, assumptions, declarations, metrics, read_toml, sources
from model.errors import CatalogueError
from model.frameworks.framework import elements, frameworks
from model.frameworks.goals import Recommended
from model.lines import LINES
from model.text import glance

ChartKind = Literal[
    "metric", "by_quarter", "movements", "forecast", "capacity", "funnel",
    "renewal_calendar", "risks_seen", "risks_approached", "save_funnel", "renewed_and_grown", "point_worth",
    "cash_walk", "cash_over_time", "failed_payments", "leakage_found", "left_by_layers",
    "element_worth", "element_cost", "cost_by_element", "worth_by_element",
    "element_map", "maturity_radar", "level_worth", "life_cycle", "attributes", "scoreboard",
]  # fmt: skip


class LensChart(BaseModel):
    """A chart: what kind, and for kinds that need one, of which metric, line that adds up, framework or element."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: ChartKind
    of: str = ""

    @model_validator(mode="after")
    def _knows_what_it_shows(self) -> Self:
        if self.of not in shown_by(self.kind):
            raise ValueError(f"a chart of kind {self.kind!r} cannot show {glance(self.of)!r}")
        return self


def shown_by(kind: ChartKind) -> Sequence[str]:
    """Return what a chart of a kind can be of; only '' where the kind says it all."""
    flows = [name for name, line in LINES.items() if line.over_time == "flow"]
    known: dict[ChartKind, Sequence[str]] = {
        "metric": list(metrics()), "by_quarter": flows, "element_map": list(elements()),
        "element_worth": get_args(Element), "element_cost": [line.element for line in LINES.values() if line.element],
        **{key: list(frameworks()) for key in ("maturity_radar", "level_worth", "life_cycle", "attributes")},
    }  # fmt: skip
    return known.get(kind, [""])


class LensGroup(BaseModel):
    """Levers that belong together, and the chart beside them."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    title: str
    levers: tuple[str, ...] = Field(min_length=1)
    chart: LensChart

    @field_validator("levers")
    @classmethod
    def _levers_can_be_moved(cls, levers: tuple[str, ...]) -> tuple[str, ...]:
        for name in levers:
            if name not in assumptions() or assumptions()[name].across == "fact":
                raise ValueError(f"{glance(name)!r} is not an assumption that can be moved")
        return levers


class Stage(BaseModel):
    """A stage of a framework: groups of levers with their charts, its own figures, who owns it and with which tools.

    With an `element` of a framework of maturity, the page also asks where that element stands and is to be.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str = Field(pattern="^[a-z][a-z0-9-]*$")
    title: str
    about: str = ""
    owner: str = ""
    tools: tuple[str, ...] = ()
    kpis: tuple[str, ...] = Field(min_length=1)
    groups: tuple[LensGroup, ...] = Field(min_length=1)
    element: str = ""

    @field_validator("kpis")
    @classmethod
    def _figures_are_known(cls, kpis: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := [name for name in kpis if name not in metrics()]:
            raise ValueError(f"{', '.join(map(glance, unknown))}: no such metric")
        return kpis

    @field_validator("element")
    @classmethod
    def _element_is_known(cls, element: str) -> str:
        if element and element not in elements():
            raise ValueError(f"{element}: no such element of a framework of maturity")
        return element

    @property
    def levers(self) -> tuple[str, ...]:
        """All its levers, in order."""
        return tuple(name for group in self.groups for name in group.levers)


class Lens(Recommended):
    """One page: a question, the stages of a framework, and charts of the framework as a whole.

    `id` is the page's address; `group` the menu it stands in; files are shown in the order of their names.
    """

    framework: str
    group: str
    source: str = "judgement"
    stages: tuple[Stage, ...] = Field(min_length=1)
    charts: tuple[LensChart, ...] = ()

    @field_validator("source")
    @classmethod
    def _source_is_known(cls, source: str) -> str:
        if source not in sources():
            raise ValueError(f"{glance(source)}: no such source")
        return source

    @model_validator(mode="after")
    def _stages_have_ids_of_their_own(self) -> Self:
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
