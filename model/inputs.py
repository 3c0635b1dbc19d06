"""Inputs of the engine: every assumption of one or many runs as arrays of month, segment and run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from model.company import Numbers
from model.errors import ScenarioError
from model.moves import Move
from model.scenario import Scenario


@dataclass(frozen=True)
class Inputs:
    """All that a projection depends on, for R runs of one shape.

    Attributes
    ----------
    horizon : int
        Months T.
    terms : tuple of int
        Contract term of each of the S segments, months.
    runs : int
        Number of runs R, also where nothing differs between them.
    base : mapping of str to array, (S, R) or (S, 1)
        Value for months up to 0.
    path : mapping of str to array, (T, S, R)
        Value in months 1..T. Any axis may have length 1 instead: the value is the same along it.
        Assumptions of the company have a segment axis of length 1.
    opening : array, (120, 2, S, R) or (120, 2, S, 1)
        Customers and ARR of the opening book by age in months.

    Raises
    ------
    ValueError
        An array has neither one value for all runs nor one for each.
    """

    horizon: int
    terms: tuple[int, ...]
    runs: int
    base: Mapping[str, Numbers]
    path: Mapping[str, Numbers]
    opening: Numbers

    def __post_init__(self) -> None:
        found = {values.shape[-1] for values in (*self.path.values(), *self.base.values(), self.opening)}
        if wrong := found - {1, self.runs}:
            raise ValueError(f"arrays of {sorted(wrong)} runs among inputs of {self.runs}")

    def part(self, runs: slice) -> Inputs:
        """Return some of the runs."""
        if runs.indices(self.runs) == (0, self.runs, 1):
            return self

        def cut(values: Numbers) -> Numbers:
            return values[..., runs] if values.shape[-1] > 1 else values

        base = {name: cut(values) for name, values in self.base.items()}
        path = {name: cut(values) for name, values in self.path.items()}
        count = len(range(*runs.indices(self.runs)))
        return Inputs(self.horizon, self.terms, count, base, path, cut(self.opening))


def inputs_of(scenario: Scenario) -> Inputs:
    """Return a scenario as inputs of one run."""
    company = scenario.company
    path = dict(company.still)
    for name in scenario.changed:
        path[name] = scenario.path(name)[:, :, np.newaxis]
    terms = tuple(company.base("contract_term_months").astype(int).tolist())
    return Inputs(scenario.horizon, terms, 1, company.columns, path, company.opening)


def varied(scenario: Scenario, values: Mapping[str, Numbers], *, base: bool = False) -> Inputs:
    """Return a scenario run many times, each run with its own values of some assumptions in all months.

    Parameters
    ----------
    scenario : Scenario
        What stays the same in all runs.
    values : mapping of str to array, (R,) or (S, R)
        Values of an assumption by run, the same for all segments or by segment.
    base : bool
        Whether the values also hold before the first month, as if the company had always been so:
        then the opening book follows the retention given.
    """
    inputs = inputs_of(scenario)
    own = {name: np.atleast_2d(np.asarray(given, float)) for name, given in values.items()}
    own = {name: np.broadcast_to(given, (len(inputs.base[name]), given.shape[1])) for name, given in own.items()}
    path, runs = dict(inputs.path) | {name: given[np.newaxis] for name, given in own.items()}, _runs_of(own)
    if not base:
        return Inputs(inputs.horizon, inputs.terms, runs, inputs.base, path, inputs.opening)
    before = dict(inputs.base) | own
    return Inputs(inputs.horizon, inputs.terms, runs, before, path, scenario.company.opening_with(before))


def swept(scenario: Scenario, targets: Mapping[str, Numbers]) -> Inputs:
    """Return a scenario run many times, each run with its own targets of some moves.

    Parameters
    ----------
    scenario : Scenario
        What stays the same in all runs; a target takes the timing of the move of its key, or acts at once.
    targets : mapping of str to array, (R,)
        Targets by the key of a move: "win_rate" of the company, "win_rate.ent" of a segment.
    """
    for key in targets.keys() - scenario.by_key.keys():
        name, _, segment = key.partition(".")
        scenario = scenario.with_move(Move(name, float("nan"), segment))
    inputs = inputs_of(scenario.base)
    path = dict(inputs.path) | {name: scenario.paths(name, targets) for name in scenario.changed}
    return Inputs(inputs.horizon, inputs.terms, _runs_of(targets), inputs.base, path, inputs.opening)


def _runs_of(values: Mapping[str, Numbers]) -> int:
    """Return for how many runs values are given, one if there are none."""
    return max((given.shape[-1] for given in values.values()), default=1)


def stacked(scenarios: Sequence[Scenario]) -> Inputs:
    """Return scenarios of one shape (same segments and terms, same horizon) as the runs of one batch.

    Raises
    ------
    ScenarioError
        There is none, or their segments, terms or horizons differ.
    """
    parts = [inputs_of(scenario) for scenario in scenarios]
    if not parts:
        raise ScenarioError("There is no scenario to project.")
    if len({(part.horizon, part.terms) for part in parts}) > 1:
        raise ScenarioError("Scenarios projected together need the same horizon and the same contract terms.")

    def join(arrays: list[Numbers]) -> Numbers:
        first = arrays[0]
        if all(values is first or np.array_equal(values, first) for values in arrays):
            return first
        shape = np.broadcast_shapes(*(values.shape for values in arrays))
        return np.concatenate([np.broadcast_to(values, shape) for values in arrays], axis=-1)

    return Inputs(
        parts[0].horizon,
        parts[0].terms,
        len(parts),
        {name: join([part.base[name] for part in parts]) for name in parts[0].base},
        {name: join([part.path[name] for part in parts]) for name in parts[0].path},
        join([part.opening for part in parts]),
    )
