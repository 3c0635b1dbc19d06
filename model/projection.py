"""A projection: what a scenario leads to, month by month and segment by segment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from model.company import Numbers
from model.inputs import Inputs
from model.lines import LINES, ratio
from model.scenario import Scenario

RATIOS = {"nrr": "arr_kept_net", "grr": "arr_kept_gross"}


@dataclass(frozen=True)
class Projection:
    """Read-only lines of one scenario.

    Attributes
    ----------
    scenario : Scenario
        What was projected.
    lines : mapping of str to array
        Line by name: (months, segments), or (months,) for the lines of the company alone.
    """

    scenario: Scenario
    lines: Mapping[str, Numbers]

    def __getitem__(self, name: str) -> Numbers:
        return self.lines[name]

    @property
    def months(self) -> int:
        """Number of months T."""
        return self.scenario.horizon

    def total(self, name: str) -> Numbers:
        """Return a line of the whole company, (months,): the sum of the segments; a ratio is worked out again."""
        if name in RATIOS:
            return ratio(self.total(RATIOS[name]), self.total("arr_year_ago"))
        return self.lines[name].sum(axis=1) if LINES[name].by_segment else self.lines[name]

    def of(self, name: str, segment: str = "") -> Numbers:
        """Return a line of one segment, or of the whole company if none is given, (months,).

        A line of the company alone is the same whatever the segment.
        """
        if not segment or not LINES[name].by_segment:
            return self.total(name)
        column: Numbers = self.lines[name][:, list(self.scenario.company.segments).index(segment)]
        return column

    def path(self, name: str) -> Numbers:
        """Return an assumption over time, (1 or months, segments), a column alone for one of the company."""
        return self.scenario.path(name)

    def assumption(self, name: str) -> Numbers:
        """Return an assumption over time, (months, segments), or (months, 1) for one of the company."""
        path = self.path(name)
        return np.broadcast_to(path, (self.months, *path.shape[1:]))


class Batch(Projection):
    """Read-only lines of many runs of one company, each array with an axis more, the runs, at its end.

    What reads a projection reads a batch: every metric of `model/metrics.py` gives (months, runs).

    Attributes
    ----------
    scenario : Scenario
        The company and horizon of all runs; its moves are those of no run in particular.
    inputs : Inputs
        What was projected.
    """

    inputs: Inputs

    def __init__(self, scenario: Scenario, inputs: Inputs, lines: Mapping[str, Numbers]) -> None:
        super().__init__(scenario, lines)
        object.__setattr__(self, "inputs", inputs)

    def path(self, name: str) -> Numbers:
        """Return an assumption over time, (1 or months, 1 or segments, 1 or runs)."""
        found = self.inputs.path[name] if name in self.inputs.path else self.inputs.base[name][np.newaxis]
        segments = len(self.inputs.base[name])
        return np.broadcast_to(found, (len(found), segments, found.shape[2]))
