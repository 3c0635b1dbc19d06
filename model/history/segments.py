"""Segments of a company made from exports: the largest names in their columns, under ids that links can hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from model.company_file import MAX_SEGMENTS
from model.history.grouping import ids
from model.history.measures import Codes, Opportunities, Subscriptions
from model.history.tables import Mask

OTHER = "Other"
LISTED = 12
ONE = {"customers": "All customers"}


@dataclass(frozen=True)
class Segments:
    """The segments, and the segment of each row.

    Attributes
    ----------
    titles : mapping of str to str
        Title by id, the largest first, "Other" last.
    of_rows : tuple of array or None
        For each file, the place of each row's segment; None if the file does not say or shares no segment.
    note : str
        What the reader should know, if anything.
    """

    titles: Mapping[str, str]
    of_rows: tuple[Codes | None, ...]
    note: str = ""

    def groups(self, codes: Codes | None, count: int) -> dict[str, Mask]:
        """Return the rows (or customers) of each segment; all of them under "" where the file does not say."""
        if codes is None:
            return {"": np.ones(count, bool)}
        return {segment: codes == place for place, segment in enumerate(self.titles)}


def segments_of(tables: Sequence[Opportunities | Subscriptions]) -> Segments:
    """Return the segments that the tables name, at most 8: the 7 largest by amount and "Other".

    Where two tables name segments and have none in common, those of the last hold.
    """
    weights = [_weights(table) for table in tables]
    named = [bool(weight.keys() - {""}) for weight in weights]
    note = ""
    if all(named) and len(tables) > 1 and not set.intersection(*(set(weight) - {""} for weight in weights)):
        named = [False] * (len(tables) - 1) + [True]
        note = "The two files have no segment in common; those of the subscriptions hold, opportunities count for all."
    used = [weight for weight, use in zip(weights, named, strict=True) if use]
    total = {name: sum(weight.get(name, 0.0) for weight in used) for weight in used for name in weight}
    if not total:
        return Segments(ONE, (None,) * len(tables))
    kept = _largest(total)
    written = {name.casefold(): name for table in reversed(tables) for name in table.segment_names}
    titles = ids([written[name] for name in kept] + ([OTHER] if len(kept) < len(total) else []))
    codes = tuple(_places(table, kept) if use else None for table, use in zip(tables, named, strict=True))
    dropped = [written[name] for name in sorted(total.keys() - set(kept) - {"", OTHER.casefold()})]
    if dropped:
        more = ", …" if len(dropped) > LISTED else ""
        note = f"Segments beyond the {len(kept)} largest are in {OTHER}: {', '.join(dropped[:LISTED])}{more}."
    return Segments(titles, codes, note)


def _weights(table: Opportunities | Subscriptions) -> dict[str, float]:
    """Return each name's share of the table's amounts, the name without regard to case."""
    sums = np.bincount(table.segments, table.weights, len(table.segment_names))
    shares = (sums / max(sums.sum(), 1.0)).tolist()
    return {name.casefold(): share for name, share in zip(table.segment_names, shares, strict=False)}


def _largest(total: Mapping[str, float]) -> list[str]:
    """Return the names that become segments of their own; the rest, and cells without a name, are "Other"."""
    names = sorted((name for name in total if name not in ("", OTHER.casefold())), key=lambda name: -total[name])
    alone = len(names) == len(total) and len(names) <= MAX_SEGMENTS
    return names if alone else names[: MAX_SEGMENTS - 1]


def _places(table: Opportunities | Subscriptions, kept: Sequence[str]) -> Codes:
    """Return the place of each row's segment among those kept; the place after them is "Other"."""
    places = {name: place for place, name in enumerate(kept)}
    return np.array([places.get(name.casefold(), len(kept)) for name in table.segment_names], np.int64)[table.segments]
