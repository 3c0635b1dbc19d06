"""Plans: what a company sets out to do beyond single moves, each as effects on assumptions.

A move states a value; a plan (steps of maturity, initiatives, lead scores) works out what it does to assumptions and
when. Both act on the one model: an assumption is first moved, then the effects of plans come on top.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from model.company import Company, Numbers


@dataclass(frozen=True, eq=False)
class Effect:
    """What a plan does to one assumption, in all segments alike.

    Attributes
    ----------
    name : str
        The assumption.
    amount : float
        What is added to a rate (0.02 is two points) or to a value of the company; for counts, money and time per
        unit the relative change (0.1 is a tenth more).
    progress : array, (horizon,)
        How much of it acts in each month.
    cause : str
        What brings it, in the reader's words.
    """

    name: str
    amount: float
    progress: Numbers
    cause: str


class Plan(Hashable, Protocol):
    """A plan of one kind; equal plans do the same."""

    @property
    def word(self) -> str:
        """The word all its parameters in a link begin with; one plan of a kind at a time."""

    @property
    def label(self) -> str:
        """What it is called on screen, in a few words."""

    def written(self) -> Mapping[str, str]:
        """Return its parameters of a link; none if it does nothing."""

    def effects(self, company: Company, horizon: int) -> Sequence[Effect]:
        """Return what it does to assumptions."""


Reader = Callable[[Mapping[str, str], Company], tuple[Plan | None, Sequence[str]]]
"""Reads the parameters of a link that begin with a plan's word: returns the plan, if any, and one sentence for each
part that was refused."""


def _maturity(query: Mapping[str, str], company: Company) -> tuple[Plan | None, Sequence[str]]:
    from model.maturity_link import read_maturity  # when first asked for: it builds on this file

    return read_maturity(query, company)


PLANS: Mapping[str, Reader] = {"maturity": _maturity}
"""The reader of each kind of plan, by its word."""
