"""The metrics: small pure functions of a projection, joined by name to data/metrics.toml.

Each takes a `View` and returns one value a month, shape (months,): a number, or NaN where there is none yet. Seen in a
`Batch` of many runs, it is (months, runs).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from model.company import Numbers
from model.lines import ratio
from model.projection import Projection
from model.renewals import SAVING, approached_share, seen_share
from model.retention import VALUED, lifetime_value

YEAR, QUARTER = 12, 3


@dataclass(frozen=True)
class View:
    """A projection as seen for one segment, or for the whole company ('' as segment)."""

    projection: Projection
    segment: str = ""
    _known: dict[str, Numbers] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __getitem__(self, line: str) -> Numbers:
        return self.projection.of(line, self.segment)

    @cached_property
    def columns(self) -> list[int]:
        """The segments in view, by position."""
        ids = list(self.projection.scenario.company.segments)
        return [ids.index(self.segment)] if self.segment else list(range(len(ids)))

    @property
    def whole(self) -> View:
        """The same projection as seen for the whole company: profit exists only there."""
        return View(self.projection)

    def by_segment(self, line: str) -> Numbers:
        """Return a line of the segments in view, (months, segments in view)."""
        return self.projection[line][:, self.columns]

    def given(self, name: str) -> Numbers:
        """Return an assumption of the segments in view, (months, segments in view)."""
        return self.projection.assumption(name)[:, self.columns]

    def at_risk(self, share: Callable[[Mapping[str, Numbers]], Numbers]) -> Numbers:
        """Return the ARR at risk of which a share, one of model/renewals.py, holds, (months,)."""
        given = {name: self.given(name) for name in SAVING}
        found: Numbers = (self.by_segment("arr_at_risk") * share(given)).sum(axis=1)
        return found

    def metric(self, name: str) -> Numbers:
        """Return a metric by its name in data/metrics.toml, (months,); worked out once, and so read-only."""
        if name not in self._known:
            self._known[name] = METRICS[name](self)
            self._known[name].setflags(write=False)
        return self._known[name]


def _last(values: Numbers, months: int) -> Numbers:
    """Return the sum of the last months; NaN where there are fewer."""
    sums = np.full(values.shape, np.nan)
    if len(values) >= months:
        sums[months - 1 :] = np.lib.stride_tricks.sliding_window_view(values, months, axis=0).sum(axis=-1)
    return sums


def _ago(opening: Numbers, months: int) -> Numbers:
    """Return the balance some months ago from the opening balances; NaN where that is before the opening day."""
    then = np.full(opening.shape, np.nan)
    then[months - 1 :] = opening[: len(opening) - months + 1]
    return then


def _along(values: Numbers, axis: int, like: Numbers) -> Numbers:
    """Return values of one axis in a shape that goes with an array."""
    return values.reshape([-1 if place == axis else 1 for place in range(like.ndim)])


def _weighted(values: Numbers, weights: Numbers) -> Numbers:
    """Return the mean over segments, (months,)."""
    return ratio((values * weights).sum(axis=1), weights.sum(axis=1))


def _acquisition_cost(view: View) -> Numbers:
    return view["marketing_cost"] + view["sales_cost"]


def effective_retention(view: View) -> Numbers:
    """Share of the ARR due that renewed, made yearly."""
    kept = 1 - ratio(_last(view.by_segment("arr_churn"), YEAR), _last(view.by_segment("arr_due_for_renewal"), YEAR))
    terms = view.projection.scenario.company.base("contract_term_months")[view.columns]
    yearly = np.maximum(kept, 0.0) ** (12 / _along(terms, 1, kept))
    known = np.isfinite(yearly)
    weights = np.where(known, np.nan_to_num(_ago(view.by_segment("arr_opening"), YEAR)), 0.0)
    return _weighted(np.where(known, yearly, 0.0), weights)


def renewals_tracked(view: View) -> Numbers:
    """Share of the ARR due that a system tracks."""
    tracked = (view.by_segment("arr_due_for_renewal") * view.given("renewal_coverage")).sum(axis=1)
    return ratio(_last(tracked, YEAR), _last(view["arr_due_for_renewal"], YEAR))


def outreach_cost(view: View) -> Numbers:
    """Cost of the approaches by a person."""
    return _last((view.by_segment("customers_approached") * view.given("cost_per_approach")).sum(axis=1), YEAR)


def _of_risk(view: View, amount: Numbers) -> Numbers:
    return ratio(_last(amount, YEAR), _last(view["arr_at_risk"], YEAR))


def quick_ratio(view: View) -> Numbers:
    """Gains of recurring revenue over its losses."""
    gained = view["arr_new"] + view["arr_expansion"] + view["arr_price_uplift"]
    lost = view["arr_contraction"] + view["arr_churn"] + view["arr_churn_involuntary"]
    return ratio(_last(gained, YEAR), _last(lost, YEAR))


def cac(view: View) -> Numbers:
    """Marketing and sales cost of a new customer."""
    return ratio(_last(_acquisition_cost(view), YEAR), _last(view["customers_new"], YEAR))


def cac_payback(view: View) -> Numbers:
    """Months of gross margin that pay back the acquisition cost."""
    margin = _weighted(view.given("gross_margin"), view.by_segment("arr_closing"))
    monthly = ratio(view["arr_closing"], view["customers_closing"]) / 12 * margin
    return ratio(cac(view), monthly)


def clv(view: View) -> Numbers:
    """Discounted margin of one new customer, mean over the customers won this month."""
    terms = view.projection.scenario.company.base("contract_term_months").astype(int).tolist()
    values = lifetime_value({name: view.projection.path(name) for name in VALUED}, terms)[:, view.columns]
    return _weighted(values, view.by_segment("customers_new"))


def magic_number(view: View) -> Numbers:
    """ARR added in a quarter over marketing and sales cost of the quarter before."""
    added = view["arr_closing"] - _ago(view["arr_opening"], QUARTER)
    spent = np.full(added.shape, np.nan)
    spent[QUARTER:] = _last(_acquisition_cost(view), QUARTER)[:-QUARTER]
    return ratio(added, spent)


def burn_multiple(view: View) -> Numbers:
    """Loss for each unit of net new ARR; of the company, whatever the segment in view."""
    whole = view.whole
    loss = np.maximum(0.0, -_last(whole["operating_profit"], YEAR))
    return ratio(loss, whole["arr_closing"] - _ago(whole["arr_opening"], YEAR))


def arr_growth(view: View) -> Numbers:
    """Growth of ARR in 12 months."""
    return ratio(view["arr_closing"], _ago(view["arr_opening"], YEAR)) - 1


def operating_margin(view: View) -> Numbers:
    """Operating profit as a share of revenue; of the company, whatever the segment in view."""
    whole = view.whole
    return ratio(_last(whole["operating_profit"], YEAR), _last(whole["revenue"], YEAR))


def npv(view: View) -> Numbers:
    """Operating profit so far, discounted to the opening day."""
    month = np.arange(1.0, view.projection.months + 1)
    rate = view.projection.assumption("cost_of_capital")[:, 0]
    return np.cumsum(view["operating_profit"] * (1 + rate) ** (-_along(month, 0, rate) / 12), axis=0)


def pipeline_created(view: View) -> Numbers:
    """Pipeline created since the calendar quarter began."""
    company = view.projection.scenario.company
    found = view["pipeline_created"].copy()
    for t in range(1, len(found)):
        if (company.month(t + 1)[1] - 1) % QUARTER:
            found[t] += found[t - 1]
    return found


def pipeline_quality(view: View) -> Numbers:
    """Share of new pipeline expected to become ARR."""
    expected = view.given("win_rate") * (1 - view.given("price_discount"))
    return _weighted(expected, view.by_segment("pipeline_created"))


def pipeline_velocity(view: View) -> Numbers:
    """New ARR a month the open pipeline is on course to bring."""
    value = view.by_segment("opportunities_open") * view.given("average_selling_price")
    velocity: Numbers = (value * view.given("win_rate") / view.given("sales_cycle_months")).sum(axis=1)
    return velocity


def _quota(view: View) -> Numbers:
    quota: Numbers = (view.given("sales_reps") * view.given("quota_per_rep")).sum(axis=1) / 4
    return quota


def sales_cycle(view: View) -> Numbers:
    """Mean time to a decision, slips included."""
    slip = view.given("slip_rate")
    return _weighted(view.given("sales_cycle_months") + QUARTER * slip / (1 - slip), view.by_segment("opportunities"))


def _forecast_spread(view: View) -> Numbers:
    accuracy = _weighted(view.given("forecast_accuracy"), view.by_segment("arr_new"))
    return (1 - np.nan_to_num(accuracy, nan=1.0)) * math.sqrt(math.pi / 2)


def operating_cash_flow(view: View) -> Numbers:
    """Cash from customers less all costs: profit with its revenue replaced by cash; of the company."""
    whole = view.whole
    return _last(whole["operating_profit"] - whole["revenue"] + whole["cash_collected"], YEAR)


def leakage(view: View, rates: Numbers | None = None) -> Numbers:
    """Money earned and never billed, at the leakage assumed or at other rates, (months, segments in view)."""
    earned = (view.by_segment("arr_opening") + view.by_segment("arr_closing")) / 24
    return _last((earned * (view.given("revenue_leakage") if rates is None else rates)).sum(axis=1), YEAR)


def recovered_arr(view: View) -> Numbers:
    """ARR of failed payments that were recovered."""
    failed = view.given("card_share") * view.given("payment_failure_rate") * view.given("dunning_recovery")
    return _last((view.by_segment("arr_opening") * failed).sum(axis=1), YEAR)


METRICS: Mapping[str, Callable[[View], Numbers]] = {
    "arr": lambda v: v["arr_closing"],
    "revenue": lambda v: _last(v["revenue"], YEAR),
    "operating_profit": lambda v: _last(v["operating_profit"], YEAR),
    "operating_margin": operating_margin,
    "npv": npv,
    "nrr": lambda v: v["nrr"],
    "grr": lambda v: v["grr"],
    "effective_retention": effective_retention,
    "logo_churn": lambda v: ratio(_last(v["customers_lost"], YEAR), _ago(v["customers_opening"], YEAR)),
    "quick_ratio": quick_ratio,
    "renewals_due": lambda v: _last(v["arr_due_for_renewal"], YEAR),
    "arr_expansion": lambda v: _last(v["arr_expansion"] + v["arr_price_uplift"], YEAR),
    "churned_arr": lambda v: _last(v["arr_churn"] + v["arr_churn_involuntary"], YEAR),
    "upsell": lambda v: ratio(_last(v["arr_expansion"], YEAR), _ago(v["arr_opening"], YEAR)),
    "clv": clv,
    "ltv_cac": lambda v: ratio(clv(v), cac(v)),
    "cac": cac,
    "cac_payback": cac_payback,
    "cac_ratio": lambda v: ratio(_last(_acquisition_cost(v), YEAR), _last(v["arr_new"], YEAR)),
    "magic_number": magic_number,
    "burn_multiple": burn_multiple,
    "rule_of_40": lambda v: arr_growth(v.whole) + operating_margin(v),
    "arr_growth": arr_growth,
    "pipeline_created": pipeline_created,
    "pipeline_quality": pipeline_quality,
    "pipeline_velocity": pipeline_velocity,
    "account_engagement": lambda v: _weighted(v.given("account_engagement"), v.given("target_accounts")),
    "next_quarter_coverage": lambda v: ratio(v["pipeline_due_next_quarter"], _quota(v)),
    "net_new_arr": lambda v: v["arr_closing"] - _ago(v["arr_opening"], QUARTER),
    "new_arr": lambda v: _last(v["arr_new"], QUARTER),
    "win_rate": lambda v: ratio(_last(v["customers_new"], QUARTER), _last(v["opportunities_decided"], QUARTER)),
    "sales_cycle": sales_cycle,
    "selling_price": lambda v: ratio(_last(v["arr_new"], QUARTER), _last(v["customers_new"], QUARTER)),
    "forecast_low": lambda v: _last(v["arr_new"], QUARTER) * (1 - _forecast_spread(v)),
    "forecast_high": lambda v: _last(v["arr_new"], QUARTER) * (1 + _forecast_spread(v)),
    "slip_rate": lambda v: _weighted(v.given("slip_rate"), v.by_segment("opportunities")),
    "quota_attainment": lambda v: ratio(_last(v["arr_new"], QUARTER), _quota(v)),
    "renewals_tracked": renewals_tracked,
    "arr_at_risk": lambda v: _last(v["arr_at_risk"], YEAR),
    "risks_seen": lambda v: _of_risk(v, v.at_risk(seen_share)),
    "unseen_risk": lambda v: _last(v["arr_at_risk"] - v.at_risk(seen_share), YEAR),
    "risks_approached": lambda v: _of_risk(v, v.at_risk(approached_share)),
    "renewal_calls": lambda v: _last(v["customers_approached"], YEAR),
    "outreach_cost": outreach_cost,
    "saved_arr": lambda v: _last(v["arr_saved"], YEAR),
    "save_share": lambda v: _of_risk(v, v["arr_saved"]),
    "renewal_uplift": lambda v: _last(v["arr_price_uplift"], YEAR),
    "contraction_share": lambda v: ratio(
        _last(v["arr_contraction"], YEAR), _last(v["arr_due_for_renewal"] - v["arr_churn"], YEAR)
    ),
    "billings": lambda v: _last(v["billings"], YEAR),
    "cash_collected": lambda v: _last(v["cash_collected"], YEAR),
    "deferred_revenue": lambda v: v["deferred_revenue"],
    "receivables": lambda v: v["receivables"],
    "dso": lambda v: ratio(v["receivables"], _last(v["billings"], QUARTER)) * (365 / 4),
    "operating_cash_flow": operating_cash_flow,
    "leakage": leakage,
    "recovered_arr": recovered_arr,
    "involuntary_churn": lambda v: ratio(_last(v["arr_churn_involuntary"], YEAR), _last(v["arr_opening"], YEAR) / YEAR),
    "forecast_spread": _forecast_spread,
    "operating_profit_to_date": lambda v: np.cumsum(v["operating_profit"], axis=0),
}
"""Every metric by the name it has in data/metrics.toml."""
