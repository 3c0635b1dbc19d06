"""The engine: one projection or a hundred thousand, by the same code.

All arrays have the shape (month, segment, run). What was sold earlier is carried through whole blocks of months at
once; only new customers go month by month, because customers refer opportunities.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from math import lcm

import numpy as np
from numpy.typing import NDArray

from model.cohorts import ARR, CUSTOMERS, YEAR, Cohorts, Columns, Ledger, Rates
from model.company import Numbers
from model.inputs import Inputs, inputs_of, stacked
from model.lines import LINES, Sheet
from model.projection import Projection
from model.sales import Funnel
from model.scenario import Scenario

MODEL_VERSION = 1
COLUMNS_AT_ONCE = 2_000
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


class Run:
    """One pass through the months of R runs.

    Attributes
    ----------
    rates : Rates
        What happens to any cohort.
    stock : array, (T + 1, 2, S, R)
        Customers and ARR at the end of each month, the opening day first.
    sold, held : array, (T, 2, S, R)
        New customers and new ARR; customers and ARR at the end of the month without them.
    ledger : Ledger
        What renewals did.
    funnel : Funnel
        Leads, opportunities and decisions.
    lanes : array, (T + 1, lanes + 1, 2, S, R)
        The book at the end of each month: what was sold since its block began, in lanes of cohorts due together
        (all in one, unless a term is shorter than a year), and last what was sold earlier.
    """

    rates: Rates
    funnel: Funnel
    ledger: Ledger
    stock: Numbers
    sold: Numbers
    held: Numbers

    def __init__(self, inputs: Inputs) -> None:
        self.inputs, self.path, self.terms = inputs, inputs.path, inputs.terms
        self.shape = months, segments, runs = (inputs.horizon, len(inputs.terms), inputs.runs)
        self.rates = Rates.of(inputs.path, inputs.terms)
        self.funnel = Funnel(inputs.base, inputs.path, self.shape)
        self.ledger = Ledger.empty(*self.shape)
        self.stock = np.empty((months + 1, 2, segments, runs))
        self.sold, self.held = np.empty((2, months, 2, segments, runs))
        self.stock[0, CUSTOMERS], self.stock[0, ARR] = inputs.base["opening_customers"], inputs.base["opening_arr"]
        short = [column for column, term in enumerate(inputs.terms) if term < YEAR]
        lanes = lcm(*(inputs.terms[column] for column in short))
        self.lanes = np.zeros((months + 1, lanes + 1, 2, segments, runs))
        books = self._books(inputs)
        self._walk(books)
        for columns, cohorts in books:
            cohorts.settle(self.ledger, columns)
        if short:
            self._renew_young(short)

    def _books(self, inputs: Inputs) -> list[tuple[Columns, Cohorts]]:
        """Return the cohorts of the segments of each contract term."""
        books: list[tuple[Columns, Cohorts]] = []
        for term in sorted(set(inputs.terms)):
            own = [column for column, other in enumerate(inputs.terms) if other == term]
            columns = slice(own[0], own[-1] + 1) if own[-1] - own[0] == len(own) - 1 else own
            opening, rates = inputs.opening[:, :, columns], self.rates.part(columns)
            books.append((columns, Cohorts(term, inputs.horizon, self.shape[2], opening, rates)))
        return books

    def _walk(self, books: list[tuple[Columns, Cohorts]]) -> None:
        """Go through the years: carry what was sold before a block through it, then sell month by month."""
        factors = self._lane_factors()
        price = self.path["average_selling_price"] * (1 - self.path["price_discount"])
        price = np.broadcast_to(price, self.shape)
        for first in range(0, self.shape[0], YEAR):
            months = slice(first, min(first + YEAR, self.shape[0]))
            for columns, book in books:
                block, middle = divmod(first, book.block)
                if middle:
                    continue
                if block:
                    book.add(block - 1, self.sold[first - book.block : first, :, columns])
                earlier = self.lanes[first + 1 : first + book.block + 1, -1]
                held = book.go_through(block)
                earlier[:, :, columns] = held[: len(earlier)]
                self.lanes[first, :-1, :, columns] = 0.0
            self._sell(months, factors, price)

    def _sell(self, months: slice, factors: Numbers, price: Numbers) -> None:
        """Sell month by month and hold what was sold since the block began."""
        lanes, earlier = self.lanes[:, :-1], self.lanes[1:, -1]
        month = zip(
            self.stock[months, CUSTOMERS], self.sold[months, CUSTOMERS], price[months], self.sold[months, ARR],
            lanes[months], lanes[1:][months], earlier[months],
            self.held[months], self.sold[months], self.stock[1:][months], strict=True,
        )  # fmt: skip
        for t, (customers, won, each, arr, before, after, rest, held, sold, stock) in enumerate(month, months.start):
            self.funnel.month(t, customers, won)
            np.multiply(won, each, out=arr)
            np.multiply(before, factors[t % len(factors)], out=after)
            np.add(rest, after[0], out=held)
            for lane in after[1:]:
                np.add(held, lane, out=held)
            np.add(held, sold, out=stock)
            own = after[t % len(after)]
            np.add(own, sold, out=own)

    def _due(self) -> NDArray[np.bool_]:
        """Return which lanes of what was sold since a block began are due, (lanes, lanes, 1, S, 1) by month."""
        lanes = np.arange(self.lanes.shape[1] - 1)
        terms = np.array(self.terms)[:, np.newaxis]
        distance = (lanes[:, np.newaxis] - lanes)[:, :, np.newaxis, np.newaxis, np.newaxis]
        due: NDArray[np.bool_] = (distance % terms == 0) & (terms < YEAR)
        return due

    def _lane_factors(self) -> Numbers:
        """Return what becomes of each lane in a month, (lanes or T, lanes, 2, S, R)."""
        monthly = self.rates.monthly[:, np.newaxis]
        due = self._due()
        if not due.any():
            return monthly
        keep = 1 - _young_loss(self.rates, np.array(self.terms))
        renewed = (self.rates.repriced * keep[:, np.newaxis])[:, np.newaxis]
        months = np.arange(max(len(due), len(monthly), len(renewed)))
        found: Numbers = monthly * np.where(due[months % len(due)], renewed, 1.0)
        return found

    def _renew_young(self, columns: list[int]) -> None:
        """Enter the renewals of what segments of short terms sold since their block began."""
        due = self._due()[np.arange(self.shape[0]) % (self.lanes.shape[1] - 1)]
        rates = self.rates.part(columns)
        loss = _young_loss(rates, np.array(self.terms)[columns])
        book = self.lanes[:-1, :-1, :, columns] * due[:, :, :, columns]
        before = np.add.reduce(book, axis=1) * rates.stays[:, np.newaxis]
        kept = before[:, ARR] * (1 - loss)
        self.ledger.due[:, columns] += before[:, ARR]
        self.ledger.lost[:, :, columns] += before * loss[:, np.newaxis]
        self.ledger.kept[:, columns] += kept
        self.ledger.kept_young[:, columns] += kept


def _young_loss(rates: Rates, terms: NDArray[np.int_]) -> Numbers:
    """Return the share lost at a renewal in the first year of life, for terms of less than a year."""
    return (1 - rates.retention ** (terms[:, np.newaxis] / YEAR)) * rates.unsaved


def _frozen(values: Numbers) -> Numbers:
    values = values.view()
    values.setflags(write=False)
    return values
