"""The engine: one projection or a hundred thousand, by the same code.

All arrays have the shape (month, segment, run). Renewals of a stretch of months are worked out at once, because
no cohort is due twice within it; only the funnel goes month by month, because customers refer opportunities.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from math import gcd

import numpy as np

from model.cohorts import ARR, CUSTOMERS, Cohorts, Renewals
from model.company import Numbers
from model.inputs import Inputs, inputs_of, stacked
from model.lines import LINES, Sheet
from model.projection import Projection
from model.sales import Funnel
from model.scenario import Scenario

MODEL_VERSION = 1
COLUMNS_AT_ONCE = 1_000

Columns = slice | list[int]


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
    parts = [slice(first, first + at_once) for first in range(0, inputs.runs, at_once)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = list(pool.map(lambda runs: _simulate(inputs.part(runs), lines), parts))
    return {name: np.concatenate([part[name] for part in found], axis=-1) for name in lines}


def _simulate(inputs: Inputs, lines: Collection[str]) -> dict[str, Numbers]:
    sheet = Sheet(Run(inputs, by_maturity=not {"nrr", "grr", "arr_kept_net", "arr_kept_gross"}.isdisjoint(lines)))
    return {name: sheet.whole(name) for name in lines}


class Run:
    """One pass through the months of R runs.

    Attributes
    ----------
    stock : array, (T + 1, 2, S, R)
        Customers and ARR at the end of each month, the opening day first.
    sold, held : array, (T, 2, S, R)
        New customers and new ARR; customers and ARR at the end of the month without them.
    renewals : Renewals
        What renewals did, (T, S, R) each.
    funnel : Funnel
        Leads, opportunities and decisions.
    failed, growth : array, (1 or T, S, R or 1)
        Share lost to failed cards in a month; monthly factor of expansion.
    """

    def __init__(self, inputs: Inputs, *, by_maturity: bool) -> None:
        self.path, self.by_maturity = inputs.path, by_maturity
        self.shape = (inputs.horizon, len(inputs.terms), inputs.runs)
        path, (months, segments, runs) = self.path, self.shape
        self.failed = path["card_share"] * path["payment_failure_rate"] * (1 - path["dunning_recovery"])
        self.growth = (1 + path["upsell_rate"] + path["cross_sell_rate"] + path["self_serve_expansion"]) ** (1 / 12)
        self.funnel = Funnel(inputs.base, path, self.shape)
        self.renewals = Renewals.empty(*self.shape)
        self.stock, self.sold = np.empty((months + 1, 2, segments, runs)), np.empty((months, 2, segments, runs))
        self.stock[0] = inputs.opening.sum(axis=0)
        self.books = self._books(inputs)
        self._walk(gcd(*inputs.terms))

    def _books(self, inputs: Inputs) -> list[tuple[Columns, Cohorts]]:
        """Return the cohorts of the segments of each contract term."""
        books = []
        for term in sorted(set(inputs.terms)):
            own = [column for column, other in enumerate(inputs.terms) if other == term]
            columns = slice(own[0], own[-1] + 1) if own[-1] - own[0] == len(own) - 1 else own
            path = {name: values[:, columns] for name, values in self.path.items() if values.shape[1] == self.shape[1]}
            opening = inputs.opening[:, :, columns]
            rates = (self.failed[:, columns], self.growth[:, columns])
            books.append((columns, Cohorts(term, inputs.horizon, self.shape[2], opening, path, *rates)))
        return books

    def _walk(self, stretch: int) -> None:
        """Go through the months: renew what is due in a stretch, sell month by month, add what was sold.

        `resting` is what is not yet renewed in its present term, `acted` what was renewed or sold in it.
        """
        price = np.broadcast_to(self.path["average_selling_price"] * (1 - self.path["price_discount"]), self.shape)
        factor = np.stack(np.broadcast_arrays(1 - self.failed, (1 - self.failed) * self.growth), axis=1)
        factor = np.broadcast_to(factor, self.sold.shape)
        self.held = np.empty(self.sold.shape)
        resting, acted = np.empty(self.sold.shape), np.zeros(self.sold.shape[1:])
        for first in range(0, self.shape[0], stretch):
            months = slice(first, min(first + stretch, self.shape[0]))
            for columns, book in self.books:
                if first % book.term == 0:
                    rest = book.begin(first // book.term)
                    resting[first : first + book.term, :, columns] = rest[: self.shape[0] - first]
                    acted[:, columns] = 0.0
                self.renewals.put(months, columns, book.renew(months, by_maturity=self.by_maturity))
            for t in range(months.start, months.stop):
                sold = self.sold[t]
                self.funnel.month(t, self.stock[t, CUSTOMERS], sold[CUSTOMERS])
                np.multiply(sold[CUSTOMERS], price[t], out=sold[ARR])
                np.multiply(acted, factor[t], out=acted)
                np.add(acted, self.renewals.after[t], out=acted)
                np.add(acted, resting[t], out=self.held[t])
                np.add(acted, sold, out=acted)
                np.add(self.held[t], sold, out=self.stock[t + 1])
            for columns, book in self.books:
                book.add(first, self.sold[months][:, :, columns])


def _frozen(values: Numbers) -> Numbers:
    values = values.view()
    values.setflags(write=False)
    return values
