"""The lines of a projection: a sheet of formulas, each a line of its own that may name others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from model.billing import Billing
from model.catalogue import Element
from model.company import Numbers
from model.rates import YEAR, yearly_growth
from model.renewals import SAVING, called_share, saved_share
from model.run import Run

OverTime = Literal["flow", "opening", "closing", "ratio"]


class Sheet:
    """The lines of one run of the engine, each worked out when first asked for."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self._known: dict[str, Numbers] = {}
        self._totals: dict[str, Numbers] = {}

    def __getitem__(self, name: str) -> Numbers:
        if name not in self._known:
            self._known[name] = LINES[name].formula(self)
        return self._known[name]

    def company(self, name: str) -> Numbers:
        """Return a line by segment as that of the whole company, (T, R) or (1, R), whose last axis may be 1."""
        if name not in self._totals:
            self._totals[name] = np.add.reduce(self[name], axis=1)
        return self._totals[name]

    def given(self, name: str) -> Numbers:
        """Return an assumption over time, (1 or T, S or 1, R or 1)."""
        return self.run.path[name]

    def of_risk(self, share: Callable[[Mapping[str, Numbers]], Numbers]) -> Numbers:
        """Return a share of the renewals at risk over time, one of model/renewals.py."""
        return share({name: self.given(name) for name in SAVING})

    def whole(self, name: str) -> Numbers:
        """Return a line in its full shape: (T, S, R), or (T, R) for a line of the company."""
        months, segments, runs = self.run.shape
        shape = (months, segments, runs) if LINES[name].by_segment else (months, runs)
        return self[name] if self[name].shape == shape else np.broadcast_to(self[name], shape)

    @cached_property
    def billing(self) -> Billing:
        """Invoices, deferred revenue and receivables."""
        return Billing(self.run.inputs, self.run.with_opening("arr"), self["revenue"])


@dataclass(frozen=True)
class Line:
    """How a line is worked out and how it adds up over months.

    Attributes
    ----------
    over_time : str
        A flow adds up, an opening balance is that of the first month, a closing balance that of the last,
        a ratio is worked out again.
    by_segment : bool
        Whether it exists by segment, or for the company alone.
    element : str or None
        Of a cost: the element (people, process, technology, data) of the levers that set it.
    """

    over_time: OverTime
    formula: Callable[[Sheet], Numbers]
    by_segment: bool = True
    element: Element | None = None


def _uplift(sheet: Sheet) -> Numbers:
    rates = sheet.run.rates
    return sheet.run["arr_kept"] * ((1 - rates.contracted) * rates.uplifted)


def _due_next_quarter(sheet: Sheet) -> Numbers:
    found: Numbers = sheet.run["due_next_quarter"] * sheet.given("average_selling_price")
    return found


def _marketing(sheet: Sheet) -> Numbers:
    accounts = sheet.given("target_accounts") * sheet.given("cost_per_target_account") / 12
    return sheet["leads"] * sheet.given("cost_per_lead") + accounts


def _sales(sheet: Sheet) -> Numbers:
    return sheet.given("sales_reps") * sheet.given("rep_cost") / 12 + sheet.given("commission_rate") * sheet["arr_new"]


def _customer_success(sheet: Sheet) -> Numbers:
    served = (sheet["customers_opening"] + sheet["customers_closing"]) * (sheet.given("cost_to_serve") / 24)
    found: Numbers = served + sheet["customers_approached"] * sheet.given("cost_per_approach")
    return found


def _overhead(sheet: Sheet) -> Numbers:
    growth = yearly_growth(sheet.given("fixed_cost_growth"), np.arange(sheet.run.shape[0]))
    fixed = (sheet.given("fixed_costs") / 12 * growth)[:, 0]
    found: Numbers = fixed + sheet.given("overhead_rate")[:, 0] * sheet.company("revenue")
    return found


def _profit(sheet: Sheet) -> Numbers:
    found = sheet.company("revenue") - sheet["overhead_cost"] - sheet["revops_cost"]
    for name in ("cost_of_revenue", "marketing_cost", "sales_cost", "customer_success_cost"):
        found = found - sheet.company(name)
    return found


def _year_ago(sheet: Sheet) -> Numbers:
    then = np.full(sheet.run.shape, np.nan)
    then[YEAR - 1 :] = sheet["arr_opening"][: 1 - YEAR or None]
    return then


def ratio(above: Numbers, below: Numbers) -> Numbers:
    """Return above/below, and no number where there is nothing below."""
    found: Numbers = np.divide(above, below, out=np.full(np.broadcast(above, below).shape, np.nan), where=below > 0)
    return found


LINES: Mapping[str, Line] = {
    "arr_opening": Line("opening", lambda x: x.run.with_opening("arr")[:-1]),
    "arr_new": Line("flow", lambda x: x.run["arr_sold"]),
    "arr_expansion": Line("flow", lambda x: x.run["arr_held"] * (1 - 1 / x.run.rates.growth)),
    "arr_price_uplift": Line("flow", _uplift),
    "arr_contraction": Line("flow", lambda x: x.run["arr_kept"] * x.run.rates.contracted),
    "arr_churn": Line("flow", lambda x: x["arr_at_risk"] * x.run.rates.unsaved),
    "arr_churn_involuntary": Line("flow", lambda x: x["arr_opening"] * x.run.rates.failed),
    "arr_closing": Line("closing", lambda x: x.run["arr"]),
    "arr_due_for_renewal": Line("flow", lambda x: x.run["arr_due"]),
    "customers_opening": Line("opening", lambda x: x.run.with_opening("customers")[:-1]),
    "customers_new": Line("flow", lambda x: x.run["customers_sold"]),
    "customers_lost": Line(
        "flow",
        lambda x: x["customers_opening"] * x.run.rates.failed + x.run["customers_at_risk"] * x.run.rates.unsaved,
    ),
    "customers_closing": Line("closing", lambda x: x.run["customers"]),
    "leads": Line("flow", lambda x: x.run.leads),
    "opportunities": Line("flow", lambda x: x.run["opportunities"]),
    "pipeline_created": Line("flow", lambda x: x["opportunities"] * x.given("average_selling_price")),
    "opportunities_decided": Line("flow", lambda x: x.run["decided"]),
    "opportunities_open": Line("closing", lambda x: x.run["undecided"] + x["deals_waiting"]),
    "deals_waiting": Line("closing", lambda x: x.run["waiting"]),
    "revenue": Line("flow", lambda x: (x["arr_opening"] + x["arr_closing"]) * ((1 - x.given("revenue_leakage")) / 24)),
    "cost_of_revenue": Line("flow", lambda x: x["revenue"] * (1 - x.given("gross_margin")), element="technology"),
    "marketing_cost": Line("flow", _marketing, element="process"),
    "sales_cost": Line("flow", _sales, element="people"),
    "customer_success_cost": Line("flow", _customer_success, element="people"),
    "overhead_cost": Line("flow", _overhead, by_segment=False, element="people"),
    "revops_cost": Line("flow", lambda x: x.given("revops_cost")[:, 0] / 12, by_segment=False, element="process"),
    "operating_profit": Line("flow", _profit, by_segment=False),
    "nrr": Line("ratio", lambda x: ratio(x["arr_kept_net"], x["arr_year_ago"])),
    "grr": Line("ratio", lambda x: ratio(x["arr_kept_gross"], x["arr_year_ago"])),
    "arr_year_ago": Line("closing", _year_ago),
    "arr_kept_net": Line("closing", lambda x: x.run["arr_kept_net"]),
    "arr_kept_gross": Line("closing", lambda x: x.run["arr_kept_gross"]),
    "pipeline_due_next_quarter": Line("closing", _due_next_quarter),
    "arr_at_risk": Line("flow", lambda x: x.run["arr_at_risk"]),
    "arr_saved": Line("flow", lambda x: x["arr_at_risk"] * x.of_risk(saved_share)),
    "customers_approached": Line("flow", lambda x: x.run["customers_at_risk"] * x.of_risk(called_share)),
    "billings": Line("flow", lambda x: x.billing.billings),
    "cash_collected": Line("flow", lambda x: x["billings"] - (x.billing.receivables[1:] - x.billing.receivables[:-1])),
    "deferred_revenue": Line("closing", lambda x: x.billing.deferred[1:]),
    "receivables": Line("closing", lambda x: x.billing.receivables[1:]),
}
"""Every line by its name, in the order of the CSV. Money per month in the company's currency, undiscounted."""
