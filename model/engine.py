"""The engine: one projection or a hundred thousand, by the same code.

All arrays have the shape (month, segment, run). The months themselves are in `model/kernel.py`.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from model.company import Numbers
from model.inputs import Inputs, inputs_of, stacked
from model.lines import LINES, Sheet
from model.projection import Projection
from model.rates import Rates, before, leads, rates_of
from model.scenario import Scenario

MODEL_VERSION = 1
COLUMNS_AT_ONCE = 800
KEPT_BYTES = 2**25


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
    at_once = max(1, COLUMNS_AT_ONCE // len(inputs.terms))
    if inputs.runs <= at_once:
        return _simulate(inputs, lines)
    months, segments, runs = inputs.horizon, len(inputs.terms), inputs.runs
    shapes = {name: (months, segments, runs) if LINES[name].by_segment else (months, runs) for name in lines}
    found = {name: np.empty(shape) for name, shape in shapes.items()}

    def fill(first: int) -> None:
        part = slice(first, first + at_once)
        for name, values in _simulate(inputs.part(part), lines).items():
            found[name][..., part] = values

    np.empty(KEPT_BYTES // 8)  # the allocator keeps blocks up to the largest ever freed: chunks reuse their memory
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        deque(pool.map(fill, range(0, runs, at_once)), maxlen=0)
    return found


def _simulate(inputs: Inputs, lines: Collection[str]) -> dict[str, Numbers]:
    sheet = Sheet(Run(inputs))
    return {name: sheet.whole(name) for name in lines}


class Funnel(NamedTuple):
    """Leads, opportunities and decisions, each (T, S, R); `leads` may have axes of length 1.

    Attributes
    ----------
    leads, created : array
        Leads; opportunities created, those that customers refer included.
    decided, waiting : array
        Opportunities decided; deals ready at the month's end that wait for capacity.
    undecided : array, (2, T, S, R)
        Opportunities created so far and to be decided in any later month, and in the next 3.
    """

    leads: Numbers
    created: Numbers
    decided: Numbers
    waiting: Numbers
    undecided: Numbers


class Ledger(NamedTuple):
    """What happens at renewals.

    Attributes
    ----------
    due, kept : array, (T, S, R)
        ARR due for renewal; the part of it renewed, before contraction and uplift.
    at_risk : array, (T, 2, S, R)
        Customers and ARR due and unwilling to renew, before any of them is saved.
    kept_net, kept_gross : array, (T, S, R)
        ARR today of the customers of 12 months ago; the same without growth and uplifts since. NaN before month 12.
    """

    due: Numbers
    kept: Numbers
    at_risk: Numbers
    kept_net: Numbers
    kept_gross: Numbers


class Run:
    """One pass through the months of R runs.

    Attributes
    ----------
    rates : Rates
        What decides a month.
    stock : array, (T + 1, 2, S, R)
        Customers and ARR at the end of each month, the opening day first.
    sold, held : array, (T, 2, S, R)
        New customers and new ARR; customers and ARR at the end of the month without them.
    ledger : Ledger
        What renewals did.
    funnel : Funnel
        Leads, opportunities and decisions.
    """

    rates: Rates
    stock: Numbers
    sold: Numbers
    held: Numbers
    ledger: Ledger
    funnel: Funnel

    def __init__(self, inputs: Inputs) -> None:
        from model import kernel  # compiled code: only those who project wait for it

        self.inputs, self.path, self.terms = inputs, inputs.path, inputs.terms
        self.shape = months, segments, runs = (inputs.horizon, len(inputs.terms), inputs.runs)
        self.rates = rates_of(inputs)
        found = np.empty((kernel.RESULTS, months + 1, segments, runs))
        kernel.walk(np.array(inputs.terms), self.rates, before(inputs), np.array(inputs.opening, order="C"), found)
        by_month = found[:, 1:]
        pairs = by_month.swapaxes(0, 1)
        self.stock = found[kernel.STOCK : kernel.STOCK + 2].swapaxes(0, 1)
        self.sold = pairs[:, kernel.SOLD : kernel.SOLD + 2]
        self.held = pairs[:, kernel.HELD : kernel.HELD + 2]
        self.ledger = Ledger(
            due=by_month[kernel.DUE],
            kept=by_month[kernel.KEPT],
            at_risk=pairs[:, kernel.AT_RISK : kernel.AT_RISK + 2],
            kept_net=by_month[kernel.KEPT_NET],
            kept_gross=by_month[kernel.KEPT_GROSS],
        )
        self.funnel = Funnel(
            leads=leads(inputs.path, np.arange(months)),
            created=by_month[kernel.OPPORTUNITIES],
            decided=by_month[kernel.DECIDED],
            waiting=by_month[kernel.WAITING],
            undecided=by_month[kernel.UNDECIDED : kernel.UNDECIDED + 2],
        )


def _frozen(values: Numbers) -> Numbers:
    values = values.view()
    values.setflags(write=False)
    return values
