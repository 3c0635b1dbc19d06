"""A run: one pass through the months of one or many projections, and what it led to.

The months themselves are in `model/kernel.py`.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from model.company import Numbers
from model.inputs import Inputs
from model.rates import LANES, RESULTS, Rates, before, leads, rates_of


class Run:
    """One pass through the months of R runs.

    Parameters
    ----------
    inputs : Inputs
    results : collection of str
        Those of `RESULTS` to keep: to write all of them takes about as long as to work them out.

    Attributes
    ----------
    leads : array, (1 or T, S, 1 or R)
    rates : Rates
        What decides a month.
    taken : set of str
        The results that were asked for.
    """

    leads: Numbers
    rates: Rates
    taken: set[str]

    def __init__(self, inputs: Inputs, results: Collection[str] = RESULTS) -> None:
        from model import kernel  # compiled code: only those who project wait for it

        self.inputs, self.path, self.terms = inputs, inputs.path, inputs.terms
        self.shape = months, segments, runs = (inputs.horizon, len(inputs.terms), inputs.runs)
        self.leads = leads(inputs.path, np.arange(months))
        self.rates = rates_of(inputs, self.leads)
        self.taken = set()
        opening = np.array(inputs.opening, order="C").reshape(-1, segments, inputs.opening.shape[-1])
        kept, blocks = np.array([RESULTS.index(name) for name in results], int), -(-runs // LANES)
        found = np.empty((len(kept), months + 1, segments, blocks, LANES))
        kernel.walk(np.array(inputs.terms), self.rates, before(inputs), opening, kept, found)
        by_run = np.ascontiguousarray(found.reshape(*found.shape[:3], blocks * LANES)[..., :runs])
        self._found: dict[str, Numbers] = dict(zip(results, by_run, strict=True))

    def __getitem__(self, name: str) -> Numbers:
        """Return one of the results, (T, S, R)."""
        return self.with_opening(name)[1:]

    def with_opening(self, name: str) -> Numbers:
        """Return one of the results, (T + 1, S, R), the opening day first."""
        self.taken.add(name)
        return self._found[name]
