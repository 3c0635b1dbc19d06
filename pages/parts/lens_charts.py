"""The charts that a lens can ask for, by kind: each draws itself from the scenario, with a sentence as its title."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from model.catalogue import metrics
from model.company import Numbers
from model.frameworks.lens import LensChart
from model.frameworks.segmentation import lead_returns
from model.text import in_span, money, number, rate, shown, signed, symbol
from pages.parts import billing_charts, charts, element_charts, renewal_charts
from pages.parts.blocks import chart, last_known
from pages.parts.charts import Series
from pages.parts.maturity_charts import MATURITY_KINDS
from pages.parts.periods import dates, quarters, summed
from pages.parts.state import Session

HEIGHT = 198
LINE_NAMES = {
    "pipeline_created": "Qualified pipeline created", "arr_new": "New ARR", "arr_expansion": "Expansion",
    "arr_price_uplift": "Price uplift", "arr_churn": "Churn", "arr_contraction": "Contraction",
    "arr_churn_involuntary": "ARR lost to failed cards", "arr_due_for_renewal": "ARR due for renewal", "revenue": "Revenue",
    "marketing_cost": "Marketing cost", "sales_cost": "Sales cost", "customer_success_cost": "Customer success cost",
    "customers_new": "New customers", "customers_lost": "Customers lost", "leads": "Leads",
    "opportunities": "Opportunities", "opportunities_decided": "Opportunities decided",
    "billings": "Billings", "cash_collected": "Cash collected",
}  # fmt: skip
"""What a line is called in a chart by quarter; these are the lines a person can choose for a lens."""
COUNTED = ("customers_new", "customers_lost", "leads", "opportunities", "opportunities_decided")


def draw(session: Session, wanted: LensChart, key: str) -> None:
    """Draw a chart of a lens."""
    KINDS[wanted.kind](session, wanted.of, key)


def metric(session: Session, name: str, key: str) -> None:
    """A metric over time against the base."""
    entry, company, currency = metrics()[name], session.scenario.company, session.scenario.company.currency
    now, base = (view.metric(name) for view in (session.view, session.base_view))
    value, then = last_known(now), last_known(base)
    here, there = (shown(number_, entry.shown_as, currency) for number_ in (value, then))
    title = f"{entry.label} stands at {here} {in_span(*company.month(session.projection.months), entry.over)}"
    if here != there:
        title = f"{entry.label} goes to {here}; {there} at base"
    lines = [
        Series(f"Base {there}", base, "base", 1.75, name="Base"),
        Series(here, now, "scenario", 2.75, True, "Scenario"),
    ]
    figure = charts.over_time(dates(session.projection), lines if here != there else lines[1:], height=HEIGHT,
                              money=symbol(currency) if entry.shown_as == "money" else "",
                              rate=entry.shown_as == "rate", zero=entry.shown_as == "times")  # fmt: skip
    chart(title, f"{entry.unit[0].upper()}{entry.unit[1:]}. Grey: base", figure, key)


def by_quarter(session: Session, line: str, key: str) -> None:
    """A line summed by calendar quarter against the base; quarters the plan does not cover whole are left out."""
    names, spans = quarters(session.projection)
    now, base = (summed(p.of(line, session.segment), spans) for p in (session.projection, session.base))
    currency = session.scenario.company.currency
    sign = "" if line in COUNTED else symbol(currency)
    what = LINE_NAMES.get(line, line.replace("_", " ").capitalize())
    last, then = (number(float(end)) if line in COUNTED else money(float(end), currency) for end in (now[-1], base[-1]))
    change = float(now[-1] / base[-1] - 1) if base[-1] else 0.0
    title = f"{what} {'grows' if now[-1] >= now[0] else 'falls'} to {last} a quarter"
    if abs(change) > 5e-4:
        more = signed(rate(change, 0 if abs(change) >= 0.005 else 1))  # what would read "+0 %" has a decimal
        title = f"{what} comes to {last} a quarter, {more} against base"
    elif base[-1]:
        title += ", as at base" if session.scenario.changed else ""
    starts = [f"{name[:4]}-{3 * int(name[-1]) - 2:02d}" for name in names]
    lines = [Series(last, now, "scenario", 2.75, True, "Scenario")]
    if abs(change) > 5e-4:
        lines.insert(0, Series(f"Base {then}", base, "base", 1.75, name="Base"))
    chart(title, "By calendar quarter. Grey: base", charts.over_time(starts, lines, money=sign, height=HEIGHT), key)


def movements(session: Session, _: str, key: str) -> None:
    """ARR gained and lost in existing customers, by quarter."""
    names, spans = quarters(session.projection)

    def of(line: str) -> Numbers:
        return summed(session.projection.of(line, session.segment), spans)

    gains = [
        Series("Expansion", of("arr_expansion"), "expansion"),
        Series("Price uplift", of("arr_price_uplift"), "uplift"),
    ]
    losses = [Series("Churn", of("arr_churn"), "churn"), Series("Contraction", of("arr_contraction"), "contraction"),
              Series("Failed cards", of("arr_churn_involuntary"), "involuntary")]  # fmt: skip
    net = float(sum(part.values[-4:].sum() for part in gains) - sum(part.values[-4:].sum() for part in losses))
    amount = money(abs(net), session.scenario.company.currency)
    title = f"Existing customers {'add' if net >= 0 else 'take'} {amount} in the last four quarters"
    figure = charts.stacked(names, gains, losses, money=symbol(session.scenario.company.currency), height=HEIGHT)
    chart(title, "ARR gained and lost in existing customers, by quarter", figure, key)


def forecast(session: Session, _: str, key: str) -> None:
    """New ARR of three months, with the band in which a forecast falls in two of three quarters."""
    currency = session.scenario.company.currency
    view, before = session.view, session.base_view
    now, low, high = (view.metric(name) for name in ("new_arr", "forecast_low", "forecast_high"))
    base = before.metric("new_arr")
    value, then = money(last_known(now), currency), money(last_known(base), currency)
    spread = (last_known(high) - last_known(now)) / last_known(now) if last_known(now) else 0.0
    title = f"A quarter brings {value} of new ARR, forecast within {number(100 * spread)}\u202f% either way"
    lines = [Series(value, now, "scenario", 2.75, True, "New ARR")]
    if value != then:
        lines.insert(0, Series(f"Base {then}", base, "base", 1.75, name="Base"))
    figure = charts.over_time(
        dates(session.projection), lines, money=symbol(currency), band=(low, high), height=HEIGHT, zero=True
    )
    chart(title, "New ARR of three months; shaded: two of three forecasts. Grey: base", figure, key)


def capacity(session: Session, _: str, key: str) -> None:
    """New customers a month against what the representatives can close."""
    view = session.view
    won, limit = view["customers_new"], (view.given("sales_reps") * view.given("deals_per_rep_month")).sum(axis=1)
    base = session.base_view["customers_new"]
    used = float(won[-1] / limit[-1]) if limit[-1] else 1.0
    waiting = float(view["deals_waiting"][-1])
    title = f"Reps close {number(float(won[-1]), 1)} of the {number(float(limit[-1]), 1)} wins a month they could"
    if waiting > 0.05:
        title = f"Reps are the limit: {number(waiting)} won deals wait"
    lines = [Series("Base", base, "base", 1.75), Series("Capacity", limit, "cost"),
             Series("Won", won, "scenario", 2.75, True)]  # fmt: skip
    figure = charts.over_time(dates(session.projection), lines, height=HEIGHT, zero=True)
    chart(
        title,
        f"New customers by month; {number(100 * used)}\u202f% of capacity used at the end. Grey: base",
        figure,
        key,
    )


def funnel(session: Session, _: str, key: str) -> None:
    """Leads, opportunities, decisions and wins of the last twelve months, and how many leads a customer takes."""
    view = session.view
    steps = [
        ("Leads", "leads"),
        ("Opportunities", "opportunities"),
        ("Decided", "opportunities_decided"),
        ("Won", "customers_new"),
    ]
    counts = [float(view[line][-12:].sum()) for _, line in steps]
    own = [one for one in lead_returns(session.projection) if session.segment in ("", one.segment)]
    leads, came, won = np.sum([(one.leads, one.opportunities, one.won) for one in own], axis=0).tolist()
    cost = money(last_known(view.metric("cac")), session.scenario.company.currency)
    title = (
        f"One in {number(leads / won)} leads becomes a customer; a customer costs {cost}"
        if won
        else "No lead becomes a customer"
    )
    others = rate(1 - came / counts[1] if counts[1] else 0.0, 0)
    figure = charts.ranked([name for name, _ in steps], [count**0.5 for count in counts], [number(count) for count in counts],
                           height=HEIGHT, left=104)  # fmt: skip
    told = f"Last twelve months; {others} of opportunities come from accounts and referrals. Bar lengths: square roots"
    chart(title, told, figure, key)


KINDS: Mapping[str, Callable[[Session, str, str], None]] = {
    "metric": metric,
    "by_quarter": by_quarter,
    "movements": movements,
    "forecast": forecast,
    "capacity": capacity,
    "funnel": funnel,
    **renewal_charts.KINDS,
    **billing_charts.KINDS,
    **element_charts.KINDS,
    **MATURITY_KINDS,
}
