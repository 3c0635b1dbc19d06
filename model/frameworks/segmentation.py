"""Segmentation: what a lead of each segment brings and costs, and where more opportunities bring nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.company import Numbers
from model.lines import ratio
from model.projection import Projection

YEAR = 12
WAITS = 0.5
"""Fewer won deals than this, in expectation, do not count as waiting."""


@dataclass(frozen=True)
class LeadReturn:
    """What the leads of a segment bring over the last twelve months.

    Attributes
    ----------
    segment : str
        Its id.
    leads : float
        Leads that arrived.
    opportunities : float
        Opportunities that came from them; those of target accounts and referrals are left out.
    won : float
        New customers that stem from leads.
    new_arr : float
        New ARR that stems from leads, for each lead; NaN without leads.
    cost : float
        Marketing cost of a lead, mean over the leads.
    """

    segment: str
    leads: float
    opportunities: float
    won: float
    new_arr: float
    cost: float


def lead_returns(projection: Projection) -> list[LeadReturn]:
    """Return what a lead brings in each segment, the best first.

    Wins and new ARR are split by where opportunities come from, since within a segment all win alike. Opportunities and wins
    are of the same months, as CAC has it: a growing segment with a long cycle shows a little less than its leads will bring.
    """
    lines = ("leads", "customers_new", "arr_new", "opportunities")
    leads, customers, arr, created = (projection[line][-YEAR:] for line in lines)
    inbound = leads * projection.assumption("lead_conversion")[-YEAR:]
    spent = (leads * projection.assumption("cost_per_lead")[-YEAR:]).sum(axis=0)
    counted, came = leads.sum(axis=0), inbound.sum(axis=0)
    inbound_share = np.nan_to_num(ratio(came, created.sum(axis=0)))
    won, each = customers.sum(axis=0) * inbound_share, ratio(arr.sum(axis=0) * inbound_share, counted)
    cost = ratio(spent, counted)
    found = [
        LeadReturn(segment, *(float(values[place]) for values in (counted, came, won, each, cost)))
        for place, segment in enumerate(projection.scenario.company.segments)
    ]
    return sorted(found, key=lambda one: -np.nan_to_num(one.new_arr, nan=-1.0))


def worked_conversion(projection: Projection, worked: float, segment: str = "") -> float:
    """Return the share of worked leads that convert as leads come, over all months; NaN without leads."""
    leads = _of(projection["leads"], projection, segment)
    inbound = _of(projection["leads"] * projection.assumption("lead_conversion"), projection, segment)
    return float(ratio(inbound.sum(keepdims=True), leads.sum(keepdims=True))[0] / worked)


def _of(values: Numbers, projection: Projection, segment: str) -> Numbers:
    found: Numbers = (
        values[:, list(projection.scenario.company.segments).index(segment)] if segment else values.sum(axis=1)
    )
    return found


@dataclass(frozen=True)
class Limit:
    """Whether representatives limit what more opportunities bring.

    Attributes
    ----------
    waiting : float
        Won deals that wait at the end.
    more_waiting : float
        How many of them wait only because of the additional opportunities.
    more_won : float
        Deals won in addition over all months.
    """

    waiting: float
    more_waiting: float
    more_won: float

    @property
    def binds(self) -> bool:
        """Whether additional deals wait."""
        return self.more_waiting >= WAITS

    @property
    def all_lost(self) -> bool:
        """Whether nothing of what is won in addition can be closed within the plan."""
        return self.binds and self.more_won < 1e-9 * self.more_waiting


def limit(before: Projection, after: Projection, segment: str = "") -> Limit:
    """Return whether sales capacity takes what `after` has more of than `before`."""
    waiting, waited = (float(p.of("deals_waiting", segment)[-1]) for p in (after, before))
    won, had = (float(p.of("customers_new", segment).sum()) for p in (after, before))
    return Limit(waiting, waiting - waited, won - had)
