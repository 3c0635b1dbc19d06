"""Groups of lines down the side of a sheet: a heading without amounts, its lines, and a total that names the heading."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from model.company import Numbers
from model.history.reading.adding_up import unit_of
from model.history.reading.column import Mask
from model.history.reading.texts import matched, shown_text

TOTALS, JOINED = ("total", "sum", "summe", "gesamt"), ("for", "of")
HEADING, SUM = "has no amounts, so it is a heading", "is the total of lines above it"
BALANCES = {"arr_opening", "arr_closing"}
"""What is no sum of movements, as a total below them would be."""

Known = Callable[[Sequence[str]], Mapping[str, str]]
"""Returns which names of lines are known, by field."""


@dataclass
class Group:
    """A heading with the rows of its lines, totals of groups within it among them, and the row of its total."""

    name: str
    lines: list[int] = field(default_factory=list)
    total: int = -1


def groups_of(labels: Sequence[str], filled: Sequence[bool] | Mask) -> list[Group]:
    """Return every group that has a total, an inner one before the one around it.

    >>> groups_of(["Income", "Seats", "Total Income"], [False, True, True])
    [Group(name='Income', lines=[1], total=2)]
    """
    open_: list[Group] = []
    named: dict[str, list[int]] = {}
    done: list[Group] = []
    for row, label in enumerate(labels):
        if label and not filled[row]:
            named.setdefault(matched(label), []).append(len(open_))
            open_.append(Group(label))
        elif label:
            if places := named.get(_total_of(label)):
                place = places[-1]
                done.append(Group(open_[place].name, [line for group in open_[place:] for line in group.lines], row))
                for group in open_[place:]:
                    named[matched(group.name)].pop()
                del open_[place:]
            if open_:
                open_[-1].lines.append(row)
    return done


def _total_of(label: str) -> str:
    """Return the name that a line is the total of, as it is compared; nothing is the total of what has no name.

    >>> _total_of("Total for Income"), _total_of("Summe: Umsatz"), _total_of("Income total"), _total_of("Totals")
    ('income', 'umsatz', 'income', '?')
    """
    first, *rest = label.casefold().replace(":", " ").split() or [""]
    if first not in TOTALS:
        first, rest = (rest[-1], [first, *rest[:-1]]) if rest else ("", [])
    elif len(rest) > 1 and rest[0] in JOINED:
        rest = rest[1:]
    return matched("".join(rest)) if first in TOTALS and rest else "?"


def name_of(group: Group, known: Known) -> str:
    """Return the name by which the total of a group is known, "" if by none: that of the heading, or with the word before it."""
    return next((name for name in (group.name, f"Total {group.name}") if known([name])), "")


@dataclass(frozen=True)
class Settled:
    """What groups come to: the name of each line, "" of those set aside; why these are, by row; groups whose total is no sum."""

    labels: list[str]
    aside: Mapping[int, str]
    wrong: Sequence[Group]


def settled(
    labels: Sequence[str], filled: Mask, readings: Sequence[Numbers], known: Known, rather: Container[str] = ()
) -> Settled:
    """Return which lines of a sheet are read.

    Of a group all of whose lines are known these are read, and its total is set aside; else the total is read for them where
    the heading is known and no line of the group is to be read rather. Totals of other groups are set aside. A total that is no sum of its lines is
    told, where the heading is known.

    Parameters
    ----------
    labels : sequence of str
        Names of lines, row by row.
    filled : array of bool
        Which rows have any amount.
    readings : sequence of array, (rows, months)
        Amounts in each way they can be read, NaN where there are none.
    known : callable
        Which names are known.
    rather : container of str
        Names of lines, as they are compared, that are read rather than the total of their group.
    """
    found, wrong, whole = list(labels), list[Group](), set[int]()
    aside = {row: HEADING for row, label in enumerate(labels) if label and not filled[row]}
    groups = {group.total: group for group in groups_of(labels, filled)}
    for total, group in groups.items():
        name, others = name_of(group, known), [found[row] for row in group.lines if row not in whole]
        if group.lines and len(known(others)) == len(others):
            whole.add(total)
        sums = any(_adds_up(amounts, group) for amounts in readings) or not group.lines
        if name and not sums and not BALANCES & known([name]).keys():
            wrong.append(group)
        if name and sums and total not in whole and not any(matched(other) in rather for other in others):
            found[total] = name
            aside |= dict.fromkeys(_within(group, groups), f"is in {shown_text(labels[total])}, which is read")
        else:
            aside[total] = SUM
    return Settled(["" if row in aside else label for row, label in enumerate(found)], aside, wrong)


def _within(group: Group, groups: Mapping[int, Group]) -> Iterator[int]:
    """Yield the rows of a group and of those within it."""
    left = [group]
    while left:
        lines = left.pop().lines
        yield from lines
        left += [groups[row] for row in lines if row in groups]


def _adds_up(amounts: Numbers, group: Group) -> bool:
    """Say whether the total of a group is the sum of its lines in all months, but for rounding."""
    lines, total = np.nan_to_num(amounts[group.lines]), np.nan_to_num(amounts[group.total])
    slack = unit_of(np.append(lines, total)) * (len(group.lines) + 1) / 2
    return bool((np.abs(lines.sum(axis=0) - total) <= slack).all())
