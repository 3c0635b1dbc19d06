"""A projection: what a scenario leads to, month by month and segment by segment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from model.company import Numbers
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

    def assumption(self, name: str) -> Numbers:
        """Return an assumption over time, (months, segments), or (months, 1) for one of the company."""
        path = self.scenario.path(name)
        return np.broadcast_to(path, (self.months, path.shape[1]))
