"""Segments of a company's history: the largest names in a column, or bands of size proposed from the data."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise

from model.company_file import MAX_SEGMENTS
from model.history.schema import CENTS

OTHER = "Other"
LISTED = 12
NOWHERE = -1
EDGES = tuple(step * 10**power * CENTS for power in range(12) for step in (1, 2, 5))
"""Where a band of size may begin, in cents: 1, 2, 5, 10 … 500 billion a year."""


@dataclass(frozen=True)
class Grouping:
    """The segments, and how rows find theirs; a place is a segment's number among them, NOWHERE if rows do not tell.

    Attributes
    ----------
    titles : mapping of str to str
        Title by id, place by place: the largest first, "Other" last.
    names : tuple of str
        The names in the column, in lower case, place by place; without "Other".
    telling : frozenset of str
        The tables whose own rows tell their segment; rows of the others belong to no segment.
    edges : tuple of int
        By size: where the second and later bands begin, cents a year. Empty where a column tells.
    note : str
        What the reader should know, if anything.
    """

    titles: Mapping[str, str] = field(default_factory=lambda: {"customers": "All customers"})
    names: tuple[str, ...] = ()
    telling: frozenset[str] = frozenset()
    edges: tuple[int, ...] = ()
    note: str = ""

    @property
    def elsewhere(self) -> int:
        """The place of names that are no segment of their own."""
        return len(self.names) if len(self.titles) > len(self.names) else NOWHERE

    def id_of(self, place: int) -> str:
        """Return the segment's id, "" if the rows do not tell."""
        return "" if place == NOWHERE else tuple(self.titles)[place]


@dataclass(frozen=True)
class Named:
    """What a table has under a name of its segment column: the name in lower case and as written, and its amounts."""

    name: str
    written: str
    amount: int


def by_column(found: Mapping[str, Sequence[Named]]) -> Grouping:
    """Return the segments that tables name, at most 8: the 7 largest by their share of each table's amounts and "Other".

    Where subscriptions and opportunities have no name in common, those of the subscriptions hold. The other tables
    follow; one that names none of the segments does not tell.
    """
    leading = {kind: found[kind] for kind in ("subscriptions", "opportunities") if _named(found.get(kind, ()))}
    note = ""
    if len(leading) > 1 and not set.intersection(*map(_named, leading.values())):
        leading.pop("opportunities")
        note = "The two files have no segment in common; those of the subscriptions hold."
    total: dict[str, float] = {}
    for rows in leading.values():
        whole = max(sum(row.amount for row in rows), 1)
        for row in rows:
            total[row.name] = total.get(row.name, 0.0) + row.amount / whole
    if not total:
        return Grouping()
    kept = _largest(total)
    written = {row.name: row.written for rows in reversed(leading.values()) for row in rows}
    titles = ids([written[name] for name in kept] + ([OTHER] if len(kept) < len(total) else []))
    telling = [kind for kind, rows in found.items() if _named(rows) & set(kept)]
    dropped = [written[name] for name in sorted(total.keys() - set(kept) - {"", OTHER.lower()})]
    if dropped:
        more = ", …" if len(dropped) > LISTED else ""
        note = f"Segments beyond the {len(kept)} largest are in {OTHER}: {', '.join(dropped[:LISTED])}{more}."
    return Grouping(titles, tuple(kept), frozenset(telling), note=note)


def _named(rows: Iterable[Named]) -> set[str]:
    return {row.name for row in rows} - {""}


def _largest(total: Mapping[str, float]) -> list[str]:
    """Return the names that become segments of their own; the rest, and cells without a name, are "Other"."""
    names = sorted(total.keys() - {"", OTHER.lower()}, key=lambda name: (-total[name], name))
    alone = len(names) == len(total) and len(names) <= MAX_SEGMENTS
    return names if alone else names[: MAX_SEGMENTS - 1]


def by_size(sizes: Sequence[tuple[int, int]], kinds: Iterable[str]) -> Grouping:
    """Return three bands of size with round edges, such that the smallest share of any band is the largest possible.

    A band has two shares, that of the customers and that of their amounts; with neither small, each band is worth a
    plan of its own and holds enough customers to measure. Where three bands leave one empty there are two, or one.

    Parameters
    ----------
    sizes : sequence of (int, int)
        For each stretch between two EDGES, the first one from 0: how many customers and their amounts, cents a year.
    kinds : iterable of str
        The tables whose rows tell their size.
    """
    for count in (2, 1):
        best = max(combinations(range(1, len(sizes)), count), key=lambda places: _smallest_share(sizes, places))
        if _smallest_share(sizes, best) > 0:
            edges = tuple(EDGES[place - 1] for place in best)
            return Grouping(ids(list(_band_titles(edges))), telling=frozenset(kinds), edges=edges)
    return Grouping(note="All are of about the same size, so there are no bands.")


def _smallest_share(sizes: Sequence[tuple[int, int]], places: tuple[int, ...]) -> float:
    bands = [sizes[start:end] for start, end in zip((0, *places), (*places, len(sizes)), strict=True)]
    totals = [max(sum(one[part] for one in sizes), 1) for part in (0, 1)]
    return min(sum(one[part] for one in band) / totals[part] for band in bands for part in (0, 1))


def _band_titles(edges: Sequence[int]) -> Iterable[str]:
    texts = [_short(edge // CENTS) for edge in edges]
    yield f"Under {texts[0]} a year"
    for low, high in pairwise(texts):
        yield f"{low} to {high} a year"
    yield f"From {texts[-1]} a year"


def _short(amount: int) -> str:
    """Return a round amount with k, m or bn.

    >>> _short(500), _short(20_000), _short(1_000_000)
    ('500', '20k', '1m')
    """
    for size, letter in ((10**9, "bn"), (10**6, "m"), (10**3, "k")):
        if amount >= size:
            return f"{amount // size}{letter}"
    return str(amount)


def ids(names: Sequence[str]) -> dict[str, str]:
    """Return titles by id, each id made of the title and unlike the others.

    >>> ids(["Mid Market", "mid-market!", "All", "日本"])
    {'mid-market': 'Mid Market', 'mid-market-2': 'mid-market!', 'all-2': 'All', 'segment': '日本'}
    """
    titles: dict[str, str] = {}
    for name in names:
        stem = slug(name)[:28].strip("-") or "segment"
        choices = (stem if number == 1 else f"{stem}-{number}" for number in range(1, len(names) + 2))
        titles[next(text for text in choices if text not in titles and text != "all")] = name[:80].strip()
    return titles


def slug(text: str) -> str:
    """Return a text as lower-case letters and digits with hyphens between.

    >>> slug("  Großkunden & Öffentliche ")
    'grosskunden-offentliche'
    """
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
