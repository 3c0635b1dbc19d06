"""The existing book: customers and ARR by sale month, what renews, what is lost, what grows.

The life of a cohort is cut into blocks: its contract term, or a year where the term is shorter, since the chance of
renewing stays the same within a year of life. Cohorts lie in a table of rows (one a block) and months of the block;
row by row they differ in that chance alone. All else (failed cards, growth, uplift, contraction) does not depend on
age, so it multiplies sums over rows instead of the rows, and a whole block of months is worked out at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np

from model.company import Numbers
from model.opening import BOOK_MONTHS
from model.renewals import saved_share

CUSTOMERS, ARR = 0, 1
YEAR = 12
OVER_ROWS = "k...,k...->..."

Columns = slice | list[int]


@dataclass(frozen=True)
class Rates:
    """What happens to any cohort in a month, or when it is due; each array has the shape (1 or T, S, R or 1).

    Attributes
    ----------
    failed : array
        Share lost to failed cards in a month.
    growth : array
        Monthly factor of expansion.
    contracted, uplifted : array
        Share of renewed ARR contracted at a renewal; share of the rest that price uplift adds to it.
    unsaved : array
        Share of the customers unwilling to renew that is lost.
    retention, spread : array
        Mean chance to renew in the first year of life, per year; loyalty spread.
    """

    failed: Numbers
    growth: Numbers
    contracted: Numbers
    uplifted: Numbers
    unsaved: Numbers
    retention: Numbers
    spread: Numbers

    @staticmethod
    def of(path: Mapping[str, Numbers], terms: tuple[int, ...]) -> Rates:
        """Return the rates that the assumptions of segments with these contract terms give."""
        years = np.array(terms)[:, np.newaxis] / YEAR
        expansion = path["upsell_rate"] + path["cross_sell_rate"] + path["self_serve_expansion"]
        return Rates(
            failed=path["card_share"] * path["payment_failure_rate"] * (1 - path["dunning_recovery"]),
            growth=(1 + expansion) ** (1 / YEAR),
            contracted=1 - (1 - path["contraction_rate"]) ** years,
            uplifted=(1 + path["price_uplift"]) ** years - 1,
            unsaved=1 - saved_share(path),
            retention=path["retention_rate"],
            spread=path["loyalty_spread"],
        )

    def part(self, columns: Columns) -> Rates:
        """Return the rates of some segments."""
        return Rates(*(getattr(self, entry.name)[:, columns] for entry in fields(Rates)))

    @property
    def stays(self) -> Numbers:
        """Share not lost to failed cards in a month."""
        return 1 - self.failed

    @property
    def monthly(self) -> Numbers:
        """What becomes of one customer and of one unit of ARR in a month without renewal, (1 or T, 2, S, R)."""
        stays = self.stays
        return pair(stays, stays * self.growth)

    @property
    def repriced(self) -> Numbers:
        """What contraction and uplift make of one renewed customer and of one unit of ARR, (1 or T, 2, S, R)."""
        return pair(1.0, (1 - self.contracted) * (1 + self.uplifted))


@dataclass(frozen=True)
class Ledger:
    """What happens at renewals, and what is left of the book.

    Attributes
    ----------
    due, kept : array, (T, S, R)
        ARR due for renewal; the part of it renewed, before contraction and uplift.
    lost : array, (T, 2, S, R)
        Customers and ARR due and not renewed.
    kept_young : array, (T, S, R)
        The part of `kept` sold less than 12 months ago.
    """

    due: Numbers
    kept: Numbers
    lost: Numbers
    kept_young: Numbers

    @staticmethod
    def empty(months: int, segments: int, runs: int) -> Ledger:
        """Return room for all months."""
        single, double = (months, segments, runs), (months, 2, segments, runs)
        return Ledger(np.empty(single), np.empty(single), np.empty(double), np.zeros(single))


class Cohorts:
    """Cohorts of the segments that share one contract term.

    Within a block, its months are numbered (turn, month of the term): a cohort is due once a turn, and enters
    the next block of its life when it is due in the month of the block in which it was sold.

    Parameters
    ----------
    term : int
        Contract term m, months.
    horizon, runs : int
        Months T and runs R.
    opening : array, (120, 2, S, R or 1)
        Customers and ARR by age.
    rates : Rates
        Of these segments only.
    """

    def __init__(self, term: int, horizon: int, runs: int, opening: Numbers, rates: Rates) -> None:
        self.term, self.block = term, max(term, YEAR)
        self.turns, self.opening_rows = self.block // term, -(-BOOK_MONTHS // self.block)
        blocks, months = -(-horizon // self.block), (self.turns, term, 2, opening.shape[2], runs)
        self.amounts = np.empty((self.opening_rows + blocks, *months))
        first = self.opening_rows * self.block
        by_sale = self.amounts.reshape(-1, *months[2:])
        by_sale[: first - BOOK_MONTHS] = 0.0
        by_sale[first - BOOK_MONTHS : first] = opening[::-1]
        self.level = np.add.reduce(self.amounts[: self.opening_rows], axis=(0, 1))
        self.start, self.lost, self.left = np.empty((3, blocks, *months))
        self.young = np.zeros_like(self.left) if self.turns > 1 else None
        self._set_losses(rates, blocks)
        self._set_factors(rates, blocks)

    def _set_losses(self, rates: Rates, blocks: int) -> None:
        """Set the chances by row: tables of the shape (rows + 1, 1 or blocks, 1 or turns, 1 or term, 1, S, R).

        `gone` and `stay` are the shares lost at a turn and left after it of what a block began with, before it enters
        the next block of life; `later` is what the turns after that leave.
        """
        renewals = (len(self.amounts) + 1) * self.turns
        chance = renewal_chance(
            {"retention_rate": rates.retention, "loyalty_spread": rates.spread}, self.term, renewals
        )
        loss = (1 - chance[:: self.turns]) * rates.unsaved
        self.loss = self._by_block(loss, blocks, axis=1)[..., np.newaxis, :, :]
        self.keep = 1 - self.loss
        if self.turns > 1:
            every_turn = (*self.keep.shape[:2], self.turns, *self.keep.shape[3:])
            self.loss, self.keep = np.broadcast_to(self.loss, every_turn), np.broadcast_to(self.keep, every_turn)
            self.stay = np.empty(self.keep.shape)
            _running(np.multiply, self.keep.swapaxes(0, 2), self.stay.swapaxes(0, 2))
            self.gone = np.array(self.loss)
            self.gone[:, :, 1:] *= self.stay[:, :, :-1]
            self.later = _product_after(self.keep, axis=2)

    def _set_factors(self, rates: Rates, blocks: int) -> None:
        """Set what is the same for all rows, each (1 or blocks, turns, term, 2, S, R), counted from a block's start.

        `through` is what failed cards and growth leave at a month's end; `before` and `after` what contraction and
        uplift have done, when cohorts fall due and after that; `due` the product of all until then.
        `since` is what is left at the block's end of what was sold in each month of the block, `whole` what the block
        leaves of cohorts by the month in which they are due.
        """
        monthly, stays = rates.monthly, rates.stays[:, np.newaxis]
        if len(monthly) == 1:
            monthly = np.broadcast_to(monthly, (self.block, *monthly.shape[1:]))[np.newaxis]
        else:
            monthly = self._by_block(monthly, blocks).reshape(blocks, self.block, *monthly.shape[1:])
        shape = (len(monthly), self.turns, self.term, *monthly.shape[2:])
        through, reached = np.empty(monthly.shape), np.ones(monthly.shape)
        _running(np.multiply, monthly.swapaxes(0, 1), through.swapaxes(0, 1))
        reached[:, 1:] = through[:, :-1]
        self.through = through.reshape(shape)
        self.since = _product_after(monthly, axis=1).reshape(shape)
        self.due = reached.reshape(shape) * self._by_block(stays, blocks)
        self.after = self._by_block(rates.repriced, blocks)
        if self.turns > 1:
            repriced = np.broadcast_to(self.after, (len(self.after), self.turns, *self.after.shape[2:]))
            self.after, self.before = np.empty(repriced.shape), np.ones(repriced.shape)
            _running(np.multiply, repriced.swapaxes(0, 1), self.after.swapaxes(0, 1))
            self.before[:, 1:] = self.after[:, :-1]
            self.due = self.due * self.before
            self.since = self.since * _product_after(repriced * self.keep[-1], axis=1)
        self.whole = self.after[:, -1] * self.through[:, -1, -1:]

    def _by_block(self, values: Numbers, blocks: int, axis: int = 0) -> Numbers:
        """Cut an axis of months into (blocks, turns, term), or into three of length 1 if the values never change."""
        before, after = values.shape[:axis], values.shape[axis + 1 :]
        if values.shape[axis] == 1:
            return values.reshape((*before, 1, 1, 1, *after))
        months = np.minimum(np.arange(blocks * self.block), values.shape[axis] - 1)
        found: Numbers = values.take(months, axis=axis).reshape((*before, blocks, self.turns, self.term, *after))
        return found

    def go_through(self, block: int) -> Numbers:
        """Carry all cohorts through a block of months (from 0).

        Returns
        -------
        array, (block's months, 2, S, R)
            Customers and ARR at the end of each month.
        """
        start, left, whole = self.start[block], self.left[block], _of_block(self.whole, block)
        start[0] = self.level
        self._renew(block)
        start[1:] = left[:-1]
        resting = start * _of_block(self.before, block) if self.turns > 1 else start
        held = left * _of_block(self.after, block)
        _running(np.add, held.swapaxes(0, 1), held.swapaxes(0, 1))
        if self.term > 1:
            resting = resting.swapaxes(0, 1)[:0:-1]
            held.swapaxes(0, 1)[-2::-1] += _running(np.add, resting, np.empty(resting.shape))
        held *= _of_block(self.through, block)
        np.multiply(left[-1], whole, out=self.level)
        self.amounts[: self.opening_rows + block] *= whole
        found: Numbers = held.reshape((self.block, *held.shape[2:]))
        return found

    def _renew(self, block: int) -> None:
        """Renew all cohorts; set what is lost and what is left at each turn, as if nothing else changed a cohort."""
        table, lost, left = self.amounts[: self.opening_rows + block], self.lost[block], self.left[block]
        loss, keep = self._of_rows(self.loss, block), self._of_rows(self.keep, block)
        if self.turns == 1:
            np.einsum(OVER_ROWS, table, loss, out=lost)
            table *= keep
            np.add.reduce(table, axis=0, out=left)
            return
        stay = self._of_rows(self.stay, block)
        resting = np.empty(table.shape)
        _running(np.add, table.swapaxes(0, 1)[::-1], resting.swapaxes(0, 1)[::-1])
        np.einsum(OVER_ROWS, resting, self._of_rows(self.gone, block), out=lost)
        np.einsum(OVER_ROWS, resting, stay, out=left)
        if self.young is not None:
            np.multiply(resting[-1, 1:], stay[-1, :-1], out=self.young[block, :-1])
        self._renew_entered(block, table * stay)

    def _renew_entered(self, block: int, entered: Numbers) -> None:
        """Renew those who entered their next block of life, at each turn, (rows, turns, term, 2, S, R)."""
        loss, keep, later = (self._of_rows(values, block, older=1) for values in (self.loss, self.keep, self.later))
        np.multiply(entered, later, out=self.amounts[: len(entered)])
        for turn in range(1, self.turns - 1):
            entered[:, turn] += entered[:, turn - 1] * keep[:, turn]
        self.lost[block, 1:] += np.einsum(OVER_ROWS, entered[:, :-1], loss[:, 1:])
        self.left[block, 1:] += np.einsum(OVER_ROWS, entered[:, :-1], keep[:, 1:])

    def _of_rows(self, values: Numbers, block: int, older: int = 0) -> Numbers:
        """Return the chances of the rows there are in a block, or of the blocks of life after theirs."""
        last = len(values) - older
        return values[last - self.opening_rows - block : last, min(block, values.shape[1] - 1)]

    def add(self, block: int, sold: Numbers) -> None:
        """Add the cohorts sold in a block of months, (block's months, 2, S, R), as they are at its end."""
        row = self.amounts[self.opening_rows + block]
        np.multiply(sold.reshape(row.shape), _of_block(self.since, block), out=row)
        self.level += np.add.reduce(row, axis=0)

    def settle(self, ledger: Ledger, columns: Columns) -> None:
        """Write what renewals did into the ledger of all segments."""
        due = self.due[..., ARR, :, :]
        self._write(ledger.lost, columns, self.lost * self.due)
        self._write(ledger.due, columns, self.start[..., ARR, :, :] * due)
        self._write(ledger.kept, columns, self.left[..., ARR, :, :] * due)
        if self.young is not None:
            self._write(ledger.kept_young, columns, self.young[..., ARR, :, :] * due)

    def _write(self, book: Numbers, columns: Columns, values: Numbers) -> None:
        book[..., columns, :] = values.reshape(-1, *values.shape[3:])[: len(book)]


def renewal_chance(path: Mapping[str, Numbers], term: int, renewals: int) -> Numbers:
    """Return the chance of each renewal, the latest of a customer's life first: shape (renewals, 1 or T, S, R).

    Shifted beta-geometric: the chance of year y of life is (R·K + y − 1)/(K + y − 1) with K = 1/spread − 1,
    written here without the division by the spread. Source: Fader and Hardie 2007, equation 7.
    """
    years = np.arange(-(-renewals * term // YEAR))[:, np.newaxis, np.newaxis, np.newaxis]
    mean, spread = path["retention_rate"], path["loyalty_spread"]
    aged = spread * years
    of_year = ((1 - spread) * mean + aged) / ((1 - spread) + aged)
    if term < YEAR:
        of_term = np.repeat(of_year ** (term / YEAR), YEAR // term, axis=0)[:renewals]
    elif term > YEAR:
        of_term = of_year.reshape(renewals, term // YEAR, *of_year.shape[1:]).prod(axis=1)
    else:
        of_term = of_year
    return of_term[::-1]


def pair(customers: Numbers | float, arr: Numbers) -> Numbers:
    """Put what holds for customers and for ARR side by side: (months, S, R) twice becomes (months, 2, S, R)."""
    found = np.empty((len(arr), 2, *arr.shape[1:]))
    found[:, CUSTOMERS], found[:, ARR] = customers, arr
    return found


def _running(operation: np.ufunc, values: Numbers, out: Numbers) -> Numbers:
    """Put running sums or products along the first axis into `out`, and return it."""
    if values[0].size < 100:
        operation.accumulate(values, axis=0, out=out)
        return out
    out[0] = values[0]  # accumulate goes column by column, which is slow for many
    for before, value, here in zip(out[:-1], values[1:], out[1:], strict=True):
        operation(before, value, out=here)
    return out


def _product_after(values: Numbers, axis: int) -> Numbers:
    """Return for each place along an axis the product of all values after it."""
    found = np.ones(values.shape)
    _running(np.multiply, values.swapaxes(0, axis)[:0:-1], found.swapaxes(0, axis)[-2::-1])
    return found


def _of_block(values: Numbers, block: int) -> Numbers:
    """Return the factors of one block, or those that hold in all."""
    part: Numbers = values[min(block, len(values) - 1)]
    return part
