"""Whether what stands in the column of customers is customers: not one account for all, no totals and figures of a sheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from model.history.reading.column import Mask, Numbers
from model.history.reading.columns import words
from model.history.reading.rows import Rows
from model.history.reading.texts import listed, plain_word, shown_text

ONE_CUSTOMER = 50
"""So many rows of one customer, and no other, are not taken for a history of customers unless the reader says so."""
NEARLY_ALL = 0.9
"""A row that is the sum of others in so many of its months is their total."""
NEAR = 1e-3
"""Sums may be rounded by so much of themselves."""
LEDGER = 3
"""So many lines of a profit and loss statement are no customers' names."""
SEGMENTS = 20
"""Totals of segments are looked for among so many."""

_SUBTOTAL = r"(?i)\bsub-?totals?:?$"
_PACE = r"(?:m/m|mom|q/q|qoq|y/y|yoy)"
_COUNTED = r"(?:active |paying |new |aktive |neue )?(?:customers|accounts|logos|kunden)"
_FIGURE = (
    rf"(?i)%\)?$|^(?:thereof|of which|davon)\b|^(?:#|no\.?|nr\.?|number of|anzahl) ?{_COUNTED}$"
    rf"|^(?:growth|wachstum|change)\b.*\b{_PACE}$|^{_PACE} (?:growth|wachstum|change)$"
    r"|^(?:avg|average|mean|median|durchschnitt\w*|ø)\b\.?.*\b(?:mrr|arr|revenue|umsatz|per (?:customer|account|logo)|pro kunde)$"
)


def of_one_customer(rows: Rows, table: pa.Table) -> Iterator[str]:
    """Yield what is wrong if one customer owns all of many lines: such a column is the company's, a ledger's or a product's."""
    lines = len(np.unique(rows.lines[rows.used]))
    if "yearly" in table.column_names and lines >= ONE_CUSTOMER and len(table["customer"].unique()) == 1:
        header, name = rows.header("customer"), shown_text(table["customer"][0].as_py())
        yield (f"{rows.file}: all {lines:,} rows used are of one customer, {name!r}, so {header} is hardly the customer. "
               f"Name the column that is: HEADER=customer; if it is right, {header}=customer.")  # fmt: skip


def is_ledger(names: Iterable[str]) -> bool:
    """Say whether names are lines of a profit and loss statement: several of them are.

    >>> is_ledger(["Income", "Hosting", "Gross Profit", "Net Income"]), is_ledger(["Income", "Ada Ltd", "income"])
    (True, False)
    """
    return len(_of_ledger(names)) >= LEDGER


def _of_ledger(names: Iterable[str]) -> list[str]:
    """Return the names that are lines of a profit and loss statement, those that are alike once."""
    return list({plain_word(name): name for name in names if plain_word(name) in words("ledger")}.values())


def of_a_ledger(rows: Rows) -> Iterator[str]:
    """Yield what is wrong if what stands in the column of customers are accounts of a ledger."""
    names = _of_ledger(rows.columns["customer"].as_text.encoded[1].to_pylist()) if "customer" in rows else []
    if rows.kind in ("subscriptions", "invoices") and len(names) >= LEDGER:
        yield (f"{rows.file}: {listed(names, 6)} are lines of a profit and loss statement, not customers. Give it as actual months (revlens actuals "
               f"--actuals, or the page Plan and actuals), or give a list of customers; if these are customers, {rows.header('customer') or 'Customer'}=customer.")  # fmt: skip


def set_figures_aside(rows: Rows, amounts: Numbers) -> None:
    """Set totals and figures of a sheet with months across aside: by name, by what they add up to, and by where they stand."""
    total, subtotal = rows.says("customer", "total"), _named(rows, _SUBTOTAL)
    rows.set_aside("customer", total | subtotal, "is a total, not a customer")
    rows.set_aside("customer", rows.says("customer", "figure") | _named(rows, _FIGURE), "is a figure, not a customer")
    lines, where = np.unique(rows.lines, return_inverse=True)
    sheet = _sheet(rows, amounts, len(lines), where)
    sums = total | subtotal | rows.blank("customer")
    marked, open_ = (np.isin(np.arange(len(lines)), where[mask]) for mask in (total, rows.used | sums))
    found, above = _found(sheet, open_, marked, np.searchsorted(rows.blanks, lines))
    for reason, those in (("is the sum of rows above it, a total, not a customer", found.totals),
                          ("stands below the total, so it is a figure, not a customer", found.below),
                          ("is the sum of rows below it, a total, not a customer", above),
                          ("stands below a blank line at the end, so it is a figure, not a customer", found.apart)):  # fmt: skip
        rows.set_aside("customer", np.isin(where, those), reason)
    if found.kept:
        first, last = (lines[found.kept[at]] for at in (0, -1))
        rows.notes.append(f"{rows.file}: lines {first} to {last} stand below a total and are taken for customers ({len(found.kept):,}); "
                          "leave them out if they are figures.")  # fmt: skip


@dataclass(frozen=True)
class _Sheet:
    """Amounts (lines, months), the segment of each line (−1: none), and whether it may be a customer."""

    amounts: Numbers
    segments: NDArray[np.int64]
    possible: Mask


def _sheet(rows: Rows, amounts: Numbers, height: int, where: NDArray[np.intp]) -> _Sheet:
    months, texts = rows.columns["started"].encoded
    grid, segments, possible = np.zeros((height, len(texts))), np.full(height, -1, np.int64), np.zeros(height, bool)
    np.add.at(grid, (where, months), np.nan_to_num(amounts))
    if "segment" in rows:
        segments[where] = rows.columns["segment"].as_text.encoded[0]
    possible[where] = rows.used
    return _Sheet(grid, segments, possible)


@dataclass
class _Found:
    """What the lines down to one are: customers, totals, and since the last total what may still be either customers or figures."""

    customers: list[int] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)
    below: list[int] = field(default_factory=list)
    apart: list[int] = field(default_factory=list)
    unsure: list[int] = field(default_factory=list)
    kept: list[int] = field(default_factory=list)
    marked: bool = False
    of: dict[str, Numbers] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def take(self, sheet: _Sheet, line: int, *, named: bool) -> None:
        """Take a line for a total if it is a sum of those above, else for a customer, or for unsure below a total."""
        match = self._match(sheet.amounts[line])
        if match == "before":
            self.below += self.unsure
            self._forget(sheet)
        elif match in ("all", "since"):
            self._keep(sheet)
        if match or named:
            self.totals.append(line)
            self.marked = True
        elif sheet.possible[line]:
            (self.unsure if self.marked else self.customers).append(line)
            for part in ("since" if self.marked else "before", "all", f"segment {sheet.segments[line]}"):
                self._add(part, sheet.amounts[line], 1)

    def end(self, sheet: _Sheet, blocks: NDArray[np.intp], above: Sequence[int]) -> None:
        """Judge the lines below the last total, or below the one blank line, unless their sum stands above them."""
        if self.unsure and len(self.unsure) <= len(self.customers) and not _of_segments(sheet, self.unsure):
            self.below += self.unsure
            self._forget(sheet)
        self.kept = [*self.unsure]
        self._keep(sheet)
        if not self.marked and len(self.customers) and len(np.unique(blocks[self.customers])) == 2:
            last = [line for line in self.customers if blocks[line] == blocks[self.customers[-1]]]
            summed = blocks[last[0]] in blocks[[*above]].tolist()
            if 2 * len(last) < len(self.customers) - len(last) and not summed and not _of_segments(sheet, last):
                self.apart = last
                self.customers = self.customers[: -len(last)]

    def _add(self, part: str, amounts: Numbers, count: int) -> None:
        self.of[part] = self.of.get(part, 0) + amounts
        self.counts[part] = self.counts.get(part, 0) + count

    def _match(self, amounts: Numbers) -> str:
        """Return which sum of lines above a line is, "" if none: of all before the last total, of all, of those since, of a segment."""
        parts = [part for part in self.of if not part.startswith("segment")]
        segments = [part for part in self.of if part.startswith("segment") and part != "segment -1"]
        parts += segments if len(segments) <= SEGMENTS else []
        shares = {part: _share(amounts, self.of[part], self.counts[part]) for part in parts}
        off = {part: float(np.abs(amounts - self.of[part]).sum()) for part in parts if shares[part]}
        best = min(off, key=lambda part: (off[part], part != "before"), default="")
        return "all" if best == "before" and not self.unsure else best

    def _keep(self, sheet: _Sheet) -> None:
        """Take the unsure lines for customers."""
        for line in self.unsure:
            self._add("before", sheet.amounts[line], 1)
        self.customers += self.unsure
        self.unsure = []
        self.of.pop("since", None)

    def _forget(self, sheet: _Sheet) -> None:
        """Take the unsure lines out of all sums."""
        for line in self.unsure:
            for part in ("all", f"segment {sheet.segments[line]}"):
                self._add(part, -sheet.amounts[line], -1)
        self.unsure = []
        self.of.pop("since", None)


def _found(sheet: _Sheet, open_: Mask, named: Mask, blocks: NDArray[np.intp]) -> tuple[_Found, list[int]]:
    """Return what the lines of a sheet are, and those that are sums above their blocks.

    Where the last line is the total of all, it is no part of the last block.
    """
    alone = _down(sheet, open_, named, blocks, [])
    lines = sorted([*alone.customers, *alone.apart])
    for those in (lines, lines[:-1]):
        if above := _above(sheet, those, alone, blocks):
            found = _down(sheet, open_ & ~np.isin(np.arange(len(open_)), above), named, blocks, above)
            if those is lines or lines[-1] in found.totals:
                return found, above
    return alone, []


def _down(sheet: _Sheet, open_: Mask, named: Mask, blocks: NDArray[np.intp], above: Sequence[int]) -> _Found:
    """Return what the open lines are, going down a sheet; `above` are the sums above their blocks, which are not open."""
    found = _Found()
    for line in np.flatnonzero(open_).tolist():
        found.take(sheet, line, named=bool(named[line]))
    found.end(sheet, blocks, above)
    return found


def _above(sheet: _Sheet, lines: Sequence[int], found: _Found, blocks: NDArray[np.intp]) -> list[int]:
    """Return the lines that are the sum of the block below them, going up a sheet so that sums within a block are none of its customers.

    A block ends with the customers, before a blank line, a total or a sum above another block, and its sum stands where one may begin:
    in the first line, or below such an end.
    """
    totals = np.searchsorted(sorted([*found.totals, *found.below]), lines)
    begins = {place for place in range(len(lines))
              if not place or blocks[lines[place]] != blocks[lines[place - 1]] or totals[place] != totals[place - 1]}  # fmt: skip
    ends, sums = [len(lines)], dict[int, int]()
    below, counts = np.zeros((len(lines) + 1, sheet.amounts.shape[1])), np.zeros(len(lines) + 1, int)
    for place in reversed(range(len(lines))):
        own, near = sheet.amounts[lines[place]], ends[:-SEGMENTS:-1]
        end = next((end for end in (*near, ends[0])
                    if _share(own, below[place + 1] - below[end], counts[place + 1] - counts[end])), None)  # fmt: skip
        below[place], counts[place] = below[place + 1], counts[place + 1]
        if end is None:
            below[place] += own
            counts[place] += 1
        else:
            sums[place] = end
        if end is not None or place in begins:
            ends.append(place)
    starts = {*begins}
    for place in sorted(sums):
        if place in starts:
            starts |= {place + 1, sums[place]}
    return [lines[place] for place in sums if place in starts]


def _share(amounts: Numbers, sums: Numbers, count: int) -> float:
    """Return in which share of months amounts are the sum of so many lines, 0 where that is too few months or may be chance.

    Prices of a list often add up, so amounts that never change are no evidence unless they are those of many lines.
    """
    there = (amounts != 0) | (sums != 0)
    near = there & (np.abs(amounts - sums) <= NEAR * np.abs(sums) + 0.01)
    share = float(near.sum() / max(there.sum(), 1))
    different = len(np.unique(amounts[near]))
    telling = different >= 3 or (count >= 5 and different == 2) or count >= 20
    return share if share >= NEARLY_ALL and count >= 2 and telling else 0.0


def _of_segments(sheet: _Sheet, lines: list[int]) -> bool:
    """Say whether most of some lines have a segment beside them, as customers do."""
    return bool((sheet.segments[lines] >= 0).mean() > 0.5)


def _named(rows: Rows, like: str) -> Mask:
    """Say which customers have names like these."""
    codes, texts = rows.columns["customer"].as_text.encoded
    found = np.append(pc.match_substring_regex(texts, like).to_numpy(zero_copy_only=False), False)[codes]
    return found.astype(bool)
