"""Whether a measured company goes on as it did: new ARR of the plan's first 12 months beside that of the last 12."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from model.company import Company
from model.engine import project
from model.history.measuring.measure import Measured
from model.rates import YEAR
from model.scenario import Scenario
from model.text import alike, money, rate

REAL = {"won_arr": "by the opportunities won", "new_arr": "by the subscriptions"}
"""What says how much new ARR there was, the one that wins are measured from first."""


@dataclass(frozen=True)
class Agreement:
    """New ARR as projected, as measured and as it was, a year: of all segments together, and of each.

    Attributes
    ----------
    projected : float
        Of the plan's first 12 months.
    pace : float
        Opportunities × win rate × price as measured; new customers × their first ARR where there are no opportunities.
        What the projection has beyond it is the trend of opportunities, or the decisions under way.
    real : tuple of Measured
        Of the last 12 full months; its interval says how far chance moves the sum of a year.
    currency : str
        Of the amounts.
    segments : tuple of (str, float, Measured)
        Title, projected and real of each segment: by the first of REAL that tells it.
    """

    projected: float
    pace: float
    real: tuple[Measured, ...]
    currency: str
    segments: tuple[tuple[str, float, Measured], ...] = ()

    @property
    def off(self) -> tuple[Measured, ...]:
        """Which of `real` the projection lies outside of by more than chance would move it."""
        return tuple(one for one in self.real if one.enough and _outside(self.projected, one))

    @property
    def headline(self) -> str:
        """Return all of it in one sentence."""
        was = " and ".join(self._was(one) for one in self.real)
        of_deals = any(one.measure == "won_arr" for one in self.real)
        pace = "opportunities × win rate × price" if of_deals else "new customers × their first ARR"
        return (f"New ARR: {money(self.projected, self.currency)} in the plan's first 12 months; the last 12 brought {was}; "
                f"{pace} as measured give {money(self.pace, self.currency)} a year.")  # fmt: skip

    @property
    def warnings(self) -> tuple[str, ...]:
        """Return a sentence for each real sum that the projection is off by more than its interval, then for segments."""
        of_segments = (
            self._warned(one, projected, f" in {title}")
            for title, projected, one in self.segments
            if _outside(projected, one)
        )
        return (*(self._warned(one, self.projected) for one in self.off), *of_segments)

    def _was(self, one: Measured) -> str:
        ends = f" ({money(one.low, self.currency)} to {money(one.high, self.currency)})" if one.has_interval else ""
        return f"{money(one.value, self.currency)} {REAL[one.measure]}{ends}"

    def _warned(self, one: Measured, projected: float, where: str = "") -> str:
        more = projected / one.value - 1
        why = (
            "opportunities created and decided"
            if one.measure == "won_arr"
            else "wins a month beside new customers a month"
        )
        return (f"The plan begins with {rate(abs(more))} {'more' if more > 0 else 'less'} new ARR{where} than the last 12 months brought "
                f"{REAL[one.measure]}, which is more than chance: look at {why}, and at the trend.")  # fmt: skip


def agreement(company: Company, pace: float, found: Sequence[Measured]) -> Agreement | None:
    """Return how a measured company agrees with its last 12 months; None where these brought nothing that is known."""
    real = tuple(one for name in REAL for one in found if (one.measure, one.segment) == (name, "") and one.value > 0)
    if not real:
        return None
    projected = project(Scenario.of(company, horizon=YEAR))["arr_new"].sum(axis=0)
    segments = tuple(
        (title, float(arr), one)
        for (segment, title), arr in zip(company.segments.items(), projected, strict=True)
        if (one := _told_of(segment, found)) is not None
    )
    return Agreement(float(projected.sum()), pace, real, company.currency, segments)


def _told_of(segment: str, found: Sequence[Measured]) -> Measured | None:
    """Return what a segment brought, by the first of REAL that tells it."""
    those = (one for name in REAL for one in found if (one.measure, one.segment) == (name, segment) and one.value > 0)
    return next(those, None)


def _outside(projected: float, one: Measured) -> bool:
    """Return whether a projection is off by more than chance would move what was, and by more than rounding."""
    return one.has_interval and not one.low <= projected <= one.high and not alike(projected, one.value)


def agreement_lines(found: Agreement | None) -> Iterator[str]:
    """Yield it for a report: the sentence, and every warning."""
    if found is not None:
        yield found.headline
        yield from (f"Warning: {text}" for text in found.warnings)
