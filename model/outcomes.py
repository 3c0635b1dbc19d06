"""Outcomes: any metric in any month, of one run or a hundred thousand. Every study asks the engine through here."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from model.catalogue import Metric, metrics
from model.company import Company, Numbers
from model.engine import in_parts, project, project_many
from model.errors import ScenarioError
from model.inputs import Inputs
from model.metrics import View
from model.moves import MAX_MONTH, NUMBER
from model.projection import Batch, Projection
from model.scenario import Scenario
from model.text import glance, in_span, span_name
from model.view_words import KPI, TARGET

MOST_TARGET = 1e15
"""How far from 0 a target may be."""
SHORT = 24
"""How many letters of a segment's name are told."""

_WRITTEN = re.compile(r"(?P<metric>[a-z0-9_]+?)(\.(?P<segment>[a-z0-9-]+?))?(at(?P<month>\d{1,9}))?", re.ASCII)


@dataclass(frozen=True)
class Outcome:
    """A metric in one month, of the company ('' as segment) or of one segment. Written `arr.entat24`.

    `month` 0 is the last month of the horizon, which also stands in for a later one. One of a metric of the company alone
    has no segment, whatever is given.
    """

    metric: str = "arr"
    segment: str = ""
    month: int = 0

    def __post_init__(self) -> None:
        if self.segment and self.entry.scope == "company":
            object.__setattr__(self, "segment", "")

    @property
    def entry(self) -> Metric:
        """What the metric is called and how it is shown."""
        return metrics()[self.metric]

    def row(self, horizon: int) -> int:
        """Return the place of its month in arrays of that many months; the last if the horizon is shorter."""
        return (min(self.month, horizon) or horizon) - 1

    def name(self, company: Company) -> str:
        """Say what it is, and of whom where it is of a segment: "ARR of Enterprise"."""
        of = f" of {glance(company.segments[self.segment], SHORT)}" if self.segment else ""
        return f"{self.entry.label}{of}"

    def what(self, company: Company, horizon: int) -> str:
        """Say what it is and when: "ARR of Enterprise in Dec 2028"."""
        return f"{self.name(company)} {self.when(company, horizon)}"

    def when(self, company: Company, horizon: int) -> str:
        """Say when it is, as a sentence goes on: "in Dec 2028", or "in 2028" of a figure of twelve months."""
        return in_span(*company.month(self.row(horizon) + 1), self.entry.over)

    def span(self, company: Company, horizon: int) -> str:
        """Name its months: "Dec 2028", or "12 months to Jun 2028"."""
        return span_name(*company.month(self.row(horizon) + 1), self.entry.over)

    def instead(self, company: Company, horizon: int) -> str:
        """Say what is shown in place of a month after the last, or nothing where its month is within the horizon."""
        if self.month <= horizon:
            return ""
        asked = in_span(*company.month(self.month), self.entry.over)
        return (f"{self.name(company)} is asked for {asked} (month {self.month}), after the last month, {horizon}; until the horizon "
                f"is longer it is shown {self.when(company, horizon)}, and a target is held against that.")  # fmt: skip

    def __str__(self) -> str:
        """Return the outcome as links and the command line write it."""
        segment, month = f".{self.segment}" if self.segment else "", f"at{self.month}" if self.month else ""
        return f"{self.metric}{segment}{month}"

    def of(self, projection: Projection) -> float:
        """Return the outcome of one projection; NaN where the metric has no value yet."""
        return float(View(projection, self.segment).metric(self.metric)[self.row(projection.months)])


def read_outcome(text: str, company: Company, horizon: int) -> Outcome:
    """Return the outcome written as text, for example `operating_profit` or `arr.entat24`.

    Raises
    ------
    ScenarioError
        One sentence: what is not known, and what there is instead.
    """
    found, problems = _read(text, company, horizon, latest=horizon)
    if problems:
        raise ScenarioError(list(problems))
    return found


def outcome_of_link(query: Mapping[str, str], company: Company, horizon: int) -> tuple[Outcome, tuple[str, ...]]:
    """Return the outcome that a link asks for, and what could not be used of it; a month after the last is kept."""
    if KPI not in query:
        return Outcome(), ()
    found, problems = _read(query[KPI], company, horizon, latest=MAX_MONTH)
    return found, tuple(f"{problem} {instead}" for problem, instead in problems.items())


def _read(text: str, company: Company, horizon: int, *, latest: int) -> tuple[Outcome, dict[str, str]]:
    """Return the outcome written as text as far as it can be used, and by each sentence of what cannot, what is shown instead."""
    parts = _WRITTEN.fullmatch(text)
    if not parts or parts["metric"] not in metrics():
        return Outcome(), {
            f"There is no metric {glance(text)!r}; `revlens metrics` lists them, for example arr or operating_profit.":
            f"{metrics()[Outcome().metric].label} in the last month is shown."
        }  # fmt: skip
    segment, month, problems = parts["segment"] or "", int(parts["month"] or 0), {}
    entry, of_company = metrics()[parts["metric"]], "That of the company is shown."
    if segment and entry.scope == "company":
        problems[f"{entry.label} ({glance(text)}) is one value for the company, not by segment."] = of_company
    elif segment and segment not in company.segments:
        known = ", ".join(company.segments)
        problems[f"{company.title} has no segment {glance(segment)!r}; it has {known}."] = of_company
    if parts["month"] and not 1 <= month <= latest:
        within = f"must lie between 1 and {horizon}, the last month."
        problems[f"Month {parts['month']} of {glance(text)!r} {within}"] = "The last month is shown."
        month = 0
    return Outcome(entry.id, segment if segment in company.segments else "", month), problems


def read_target(text: str) -> float:
    """Return what an outcome is to reach, rates as fractions.

    Raises
    ------
    ScenarioError
        It is no finite number, or far out.
    """
    if not NUMBER.fullmatch(text) or not math.isfinite(target := float(text)):
        raise ScenarioError(f"The target ({TARGET}={glance(text)}) must be a finite number, rates as fractions.")
    if abs(target) > MOST_TARGET:
        raise ScenarioError(
            f"The target ({TARGET}={glance(text)}) must lie between −{MOST_TARGET:g} and {MOST_TARGET:g}."
        )
    return target


def target_of_link(query: Mapping[str, str]) -> tuple[float | None, tuple[str, ...]]:
    """Return what the outcome is to reach, None if a link does not say, and what could not be used of it."""
    if TARGET not in query:
        return None, ()
    try:
        return read_target(query[TARGET]), ()
    except ScenarioError as error:
        return None, tuple(f"{problem} It is left out." for problem in error.problems)


def outcomes(scenario: Scenario, inputs: Inputs, wanted: Iterable[Outcome]) -> Numbers:
    """Return outcomes of many runs, (outcomes, runs).

    Parameters
    ----------
    scenario : Scenario
        The company and horizon of all runs.
    inputs : Inputs
        The runs: `swept`, `varied` or `stacked`.
    wanted : iterable of Outcome
        What to return; NaN where a metric has no value in its month.
    """
    asked = tuple(wanted)
    rows = [one.row(inputs.horizon) for one in asked]
    return over_time(scenario, inputs, asked)[range(len(asked)), rows]


def over_time(scenario: Scenario, inputs: Inputs, wanted: Iterable[Outcome]) -> Numbers:
    """Return the metrics of outcomes month by month, (outcomes, months, runs).

    Runs go from their inputs to their metrics in parts: the lines of all of them would leave the processor's cache.
    """
    asked = tuple(wanted)
    lines = frozenset().union(*(_lines_of(one.metric, one.segment, scenario.company, inputs.horizon) for one in asked))
    found = np.empty((len(asked), inputs.horizon, inputs.runs))

    def fill(part: slice) -> None:
        some = inputs.part(part)
        batch = Batch(scenario, some, project_many(some, lines))
        views = {one.segment: View(batch, one.segment) for one in asked}
        for place, one in enumerate(asked):
            found[place, :, part] = views[one.segment].metric(one.metric)

    in_parts(fill, inputs.runs, len(inputs.terms))
    return found


def profits_up_to(month: int, inputs: Inputs) -> Numbers:
    """Return the operating profit of many runs, summed from the first month to one, (runs,)."""
    found: Numbers = project_many(inputs, ("operating_profit",))["operating_profit"][:month].sum(axis=0)
    return found


class _Seen(dict[str, Numbers]):
    """Lines that remember which of them were asked for."""

    def __init__(self, lines: dict[str, Numbers]) -> None:
        super().__init__(lines)
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> Numbers:
        self.names.add(name)
        return super().__getitem__(name)


@lru_cache(maxsize=512)
def _lines_of(metric: str, segment: str, company: Company, horizon: int) -> frozenset[str]:
    """Return the lines that a metric is made of: fewer lines are faster."""
    scenario = Scenario.of(company, horizon=horizon)
    seen = _Seen(dict(project(scenario).lines))
    View(Projection(scenario, seen), segment).metric(metric)
    return frozenset(seen.names)
