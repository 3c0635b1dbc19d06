"""The engine: one projection or a hundred thousand, by the same code.

All arrays have the shape (month, segment, run). A pass through the months is in `model/run.py`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Sequence

import numpy as np

from model.company import Numbers
from model.inputs import Inputs, inputs_of, stacked
from model.lines import LINES, Sheet
from model.projection import Projection
from model.rates import RESULTS
from model.run import Run
from model.scenario import Scenario
from model.threads import shared

MODEL_VERSION = 1
COLUMNS_AT_ONCE = 1_024

np.empty(31 * 2**17)
"""31 MiB, freed at once: glibc keeps blocks up to the largest ever freed, if below 32 MiB, and chunks reuse their memory."""

_TAKEN: dict[frozenset[str], tuple[str, ...]] = {}


def project(scenario: Scenario) -> Projection:
    """Return the projection of one scenario: every line by month and segment.

    Examples
    --------
    >>> from model import Scenario, load_shipped, project
    >>> base = project(Scenario.of(load_shipped("midmarket-saas"), horizon=24))
    >>> base["arr_closing"].shape
    (24, 3)
    """
    found = _simulate(inputs_of(scenario), LINES)
    return Projection(scenario, {name: _frozen(values[..., 0]) for name, values in found.items()})


def project_many(batch: Inputs | Sequence[Scenario], lines: Collection[str] = tuple(LINES)) -> dict[str, Numbers]:
    """Return some lines of many projections at once.

    Parameters
    ----------
    batch : Inputs, or scenarios with the same horizon and contract terms
    lines : names of `LINES`
        Fewer lines are faster.

    Returns
    -------
    dict of str to array
        (months, segments, runs), or (months, runs) for a line of the company alone.
    """
    inputs = batch if isinstance(batch, Inputs) else stacked(batch)
    months, segments, runs = inputs.horizon, len(inputs.terms), inputs.runs
    results = _results_taken(inputs, lines)
    if len(parts_of(runs, segments)) == 1:
        return _simulate(inputs, lines, results)
    shapes = {name: (months, segments, runs) if LINES[name].by_segment else (months, runs) for name in lines}
    found = {name: np.empty(shape) for name, shape in shapes.items()}

    def fill(part: slice) -> None:
        for name, values in _simulate(inputs.part(part), lines, results).items():
            found[name][..., part] = values

    in_parts(fill, runs, segments)
    return found


def in_parts(work: Callable[[slice], object], runs: int, segments: int) -> None:
    """Have work done for each part of many runs, by several threads; it puts what it finds where it belongs."""
    deque(shared(work, parts_of(runs, segments)), maxlen=0)


def parts_of(runs: int, segments: int) -> list[slice]:
    """Return many runs as parts whose lines fit the processor's cache."""
    at_once = max(1, COLUMNS_AT_ONCE // segments)
    return [slice(first, first + at_once) for first in range(0, runs, at_once)]


def _simulate(inputs: Inputs, lines: Collection[str], results: Collection[str] = RESULTS) -> dict[str, Numbers]:
    sheet = Sheet(Run(inputs, results))
    return {name: sheet.whole(name) for name in lines}


def _results_taken(inputs: Inputs, lines: Collection[str]) -> Collection[str]:
    """Return the results that some lines take: the same whatever the inputs, so that one run finds it out once for all."""
    key = frozenset(lines)
    if key not in _TAKEN:
        sheet = Sheet(Run(inputs.part(slice(1))))
        for name in key:
            sheet.whole(name)
        _TAKEN[key] = tuple(sheet.run.taken)
    return _TAKEN[key]


def _frozen(values: Numbers) -> Numbers:
    values.setflags(write=False)
    return values
