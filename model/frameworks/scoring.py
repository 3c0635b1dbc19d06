"""Lead scores: leads in bands that convert differently, and what working the best first gains when not all are worked.

What the company observes, `lead_conversion`, is taken as leads worked as they come: a share `worked` of them, of all
bands alike. In score order the same number of leads is worked from the best band down.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from model.company import Company, Numbers
from model.plans import Effect
from model.text import glance, number, plain, rate

WORD = "scores"
COUNT = (2, 6)
SHARE, CONVERSION, WORKED = (0.001, 1.0), (0.0, 100.0), (0.01, 1.0)
DIGITS = 6
_BAND = re.compile(r"(?P<share>\d+\.?\d*|\.\d+)x(?P<conversion>\d+\.?\d*|\.\d+)", re.ASCII)
_SHARE = re.compile(r"\d+\.?\d*|\.\d+", re.ASCII)


@dataclass(frozen=True)
class Band:
    """Leads of one score: their share of all leads, and how they convert when worked relative to the mean lead.

    Both are as typed; `LeadScores` scales them so that the shares add up to 1 and the mean conversion is 1.
    """

    share: float
    conversion: float

    def __str__(self) -> str:
        return "x".join(np.format_float_positional(value, trim="-") for value in (self.share, self.conversion))


DEFAULT_BANDS = (Band(0.2, 2.0), Band(0.3, 1.0), Band(0.5, 0.6))
"""Judgement: the best fifth converts at twice the mean, the lower half at three fifths of it. A score worth having, far
from what vendors claim; a company replaces it by its own count of conversions by score."""

DEFAULT_WORKED = 0.6
"""Judgement: sellers follow up three of five leads; a company counts its own."""


@dataclass(frozen=True)
class LeadScores:
    """The plan to work leads by their score.

    Attributes
    ----------
    bands : tuple of Band
        2 to 6, in any order.
    worked : float
        Share of the leads that the team can work, 0.01 to 1.
    ordered : bool
        Whether the score decides the order; without it nothing changes.

    Examples
    --------
    >>> scores = LeadScores((Band(0.2, 3.0), Band(0.3, 1.0), Band(0.5, 0.2)), worked=0.4, ordered=True)
    >>> round(scores.reached, 3), round(scores.gain, 3)
    (0.8, 2.0)
    """

    bands: tuple[Band, ...] = DEFAULT_BANDS
    worked: float = DEFAULT_WORKED
    ordered: bool = False

    @property
    def word(self) -> str:
        """The word its parameters of a link begin with."""
        return WORD

    @property
    def label(self) -> str:
        """What it is called on screen."""
        return f"Leads in score order ×{number(self.gain, 2)}" if self.ordered else "Lead scores, not in use"

    def written(self) -> Mapping[str, str]:
        """Return its parameters of a link, complete, so that later defaults change no link; none if nothing was set."""
        if self == LeadScores():
            return {}
        bands = "-".join(map(str, self.bands))
        return {WORD: "on" if self.ordered else "off", f"{WORD}.bands": bands, f"{WORD}.worked": plain(self.worked)}

    def effects(self, company: Company, horizon: int) -> Sequence[Effect]:  # noqa: ARG002  a plan may need the company
        """Return the gain in lead conversion from the first month on, if there is any."""
        if not self.ordered or self.gain == 1:
            return ()
        cause = "Working leads in score order"
        return (Effect("lead_conversion", self.gain - 1, np.ones(horizon), cause, relative=True),)

    @cached_property
    def curve(self) -> tuple[Numbers, Numbers]:
        """The gains curve: share of leads worked, best first, and share of all conversions reached, (bands + 1,) each."""
        ranked = sorted(self.bands, key=lambda band: -band.conversion)
        leads = np.array([0.0, *(band.share for band in ranked)])
        conversions = np.array([0.0, *(band.share * band.conversion for band in ranked)])
        return np.cumsum(leads) / leads.sum(), np.cumsum(conversions) / conversions.sum()

    @property
    def relative(self) -> tuple[float, ...]:
        """Conversion of each band relative to the mean lead, in the order of `bands`; their mean over leads is 1."""
        weight = sum(band.share for band in self.bands)
        mean = sum(band.share * band.conversion for band in self.bands) / weight
        return tuple(band.conversion / mean for band in self.bands)

    @property
    def reached(self) -> float:
        """Share of all conversions to be had that the worked leads bring in score order, at least `worked`."""
        return float(np.interp(self.worked, *self.curve))

    @property
    def gain(self) -> float:
        """What lead conversion is multiplied by in score order: `reached` over `worked`, never below 1."""
        found = self.reached / self.worked
        return found if found > 1 + 1e-9 else 1.0

    @property
    def gini(self) -> float:
        """Twice the area between the gains curve and random order: 0 says nothing, near 1 all is in a few leads."""
        leads, conversions = self.curve
        return max(0.0, float(2 * np.trapezoid(conversions, leads) - 1))

    def auc(self, conversion: float) -> float:
        """Return the chance that a lead which converts has a higher score than one which does not, ties by a coin.

        Parameters
        ----------
        conversion : float
            Conversion of a worked lead, lead conversion over `worked`; where it leaves no room for the bands there is
            no such chance, and NaN is returned.
        """
        if conversion * max(self.relative) > 1 or conversion == 1:
            return float("nan")
        return (1 + self.gini / (1 - conversion)) / 2

    def with_count(self, count: int) -> LeadScores:
        """Return the same leads in another number of bands: the last is split in two, or the last two are joined."""
        bands = self.bands
        while len(bands) < count:
            half = Band(max(SHARE[0], round(bands[-1].share / 2, DIGITS)), bands[-1].conversion)
            bands = (*bands[:-1], half, half)
        while len(bands) > count:
            share = bands[-2].share + bands[-1].share
            mean = sum(band.share * band.conversion for band in bands[-2:]) / share
            bands = (*bands[:-2], Band(min(SHARE[1], round(share, DIGITS)), round(mean, DIGITS)))
        return replace(self, bands=bands)

    def with_band(self, place: int, band: Band) -> LeadScores:
        """Return the scores with one band changed; the same scores if no band would convert any more."""
        bands = (*self.bands[:place], band, *self.bands[place + 1 :])
        return replace(self, bands=bands) if any(other.conversion for other in bands) else self


def read_scores(query: Mapping[str, str], company: Company) -> tuple[LeadScores | None, Sequence[str]]:  # noqa: ARG001  all readers of plans are called alike
    """Return the scores that the parameters of a link describe, and a sentence for each part that was refused."""
    problems: list[str] = []
    for key in query.keys() - {WORD, f"{WORD}.bands", f"{WORD}.worked"}:
        typed = glance(f"{key}={query[key]}", 80)
        problems.append(f"Lead scores have no part {glance(key.partition('.')[2])!r} ({typed}); they have bands and worked. "
                        "It is left out.")  # fmt: skip
    found = LeadScores(
        _bands(query.get(f"{WORD}.bands"), problems),
        _worked(query.get(f"{WORD}.worked"), problems),
        _ordered(query.get(WORD, "off"), problems),
    )
    return found, sorted(problems)


def _ordered(typed: str, problems: list[str]) -> bool:
    if typed not in ("on", "off"):
        problems.append(f"Lead scores ({WORD}={glance(typed)}) must be on or off. Off is used.")
    return typed == "on"


def _worked(typed: str | None, problems: list[str]) -> float:
    if typed is None:
        return DEFAULT_WORKED
    share = float(typed) if _SHARE.fullmatch(typed) else np.nan
    if WORKED[0] <= share <= WORKED[1]:
        return round(share, DIGITS)
    problems.append(f"Share of leads worked ({WORD}.worked={glance(typed)}) must be a number from {plain(WORKED[0])} to "
                    f"{plain(WORKED[1])}. {rate(DEFAULT_WORKED)} is used.")  # fmt: skip
    return DEFAULT_WORKED


def _bands(typed: str | None, problems: list[str]) -> tuple[Band, ...]:
    """Return the bands typed as "0.2x3-0.3x1-0.5x0.2"; the default ones if any of them cannot be used."""
    if typed is None:
        return DEFAULT_BANDS
    parts = [_BAND.fullmatch(part) for part in typed.split("-")]
    bands = [
        Band(round(float(part["share"]), DIGITS), round(float(part["conversion"]), DIGITS)) for part in parts if part
    ]
    named = f"Lead bands ({WORD}.bands={glance(typed)})"
    if problem := _problem(bands, len(parts)):
        problems.append(f"{named} {problem}. {shown(DEFAULT_BANDS)} are used.")
        return DEFAULT_BANDS
    return tuple(bands)


def _problem(bands: Sequence[Band], count: int) -> str:
    """Return what is wrong with bands of which `count` were typed, or nothing."""
    if len(bands) < count:
        return "cannot be read; write share x conversion, as in 0.2x2-0.3x1-0.5x0.6"
    if not COUNT[0] <= count <= COUNT[1]:
        return f"are {count}; there must be {COUNT[0]} to {COUNT[1]}"
    if not all(SHARE[0] <= band.share <= SHARE[1] for band in bands):
        return f"have a share of leads out of bounds; each must lie between {rate(SHARE[0])} and {rate(SHARE[1])}"
    if not all(CONVERSION[0] <= band.conversion <= CONVERSION[1] for band in bands):
        return f"have a conversion out of bounds; each must lie between {CONVERSION[0]:g} and {CONVERSION[1]:g} times the mean"
    if not any(band.conversion for band in bands):
        return "convert nothing; at least one must convert"
    return ""


def shown(bands: Sequence[Band]) -> str:
    """Return bands as people read them.

    >>> shown(DEFAULT_BANDS)
    '20\u202f% at 2×, 30\u202f% at 1×, 50\u202f% at 0.6×'
    """
    return ", ".join(f"{rate(band.share, 0)} at {band.conversion:g}×" for band in bands)
