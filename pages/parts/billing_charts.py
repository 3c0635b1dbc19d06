"""Charts of billing and cash: from ARR to cash, payments that fail, revenue that is never billed, what layers leave."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from model.company import Numbers
from model.frameworks.layers import left_on_the_table
from model.metrics import View, leakage
from model.text import money, signed, symbol
from pages.parts import charts
from pages.parts.blocks import chart, last_known, period_name
from pages.parts.charts import Figure, Series
from pages.parts.periods import dates, end_name, quarters, summed
from pages.parts.state import Session

HEIGHT = 198
TALL = 248
YEAR = 12


def cash_walk(session: Session, _: str, key: str) -> None:
    """The way from ARR to revenue, billings and cash of the last twelve months, each difference by its name."""
    view, currency = session.view, session.scenario.company.currency
    arr, revenue, billings, cash = (
        last_known(view.metric(name)) for name in ("arr", "revenue", "billings", "cash_collected")
    )
    leaked = last_known(view.metric("leakage"))
    apart = revenue + leaked - arr
    steps = [
        ("ARR", arr, "scenario"), ("Not a full year yet" if apart <= 0 else "Lost by now", apart, "base"), ("Never billed", -leaked, "churn"),
        ("Revenue", 0.0, "revenue"), ("Billed ahead", billings - revenue, "billings"),
        ("Billings", 0.0, "billings"), ("Owed by customers", cash - billings, "cost"), ("Cash", cash, "cash"),
    ]  # fmt: skip
    texts = [
        money(amount, currency) if name in ("ARR", "Cash") else signed(money(amount, currency))
        for name, amount, _ in steps
    ]
    figure = charts.bridge(steps, texts, height=TALL)
    for name, total in (("Revenue", revenue), ("Billings", billings)):
        _draw_as_balance(figure, [step[0] for step in steps].index(name), total, money(total, currency))
    title = f"{money(cash, currency)} of cash came from {money(arr, currency)} of ARR"
    span = period_name(session.projection, "12 months")
    chart(title, f"From ARR to cash, {span}. Owed: the change of receivables", figure, key)


def _draw_as_balance(figure: Figure, row: int, total: float, text: str) -> None:
    """Draw a step of a bridge that changes nothing as a balance, from zero to what has been reached."""
    figure["data"][0]["base"][row], figure["data"][0]["x"][row] = 0.0, total
    figure["layout"]["annotations"][row] |= {"x": max(total, 0.0), "text": f"<b>{text}</b>"}


def cash_over_time(session: Session, _: str, key: str) -> None:
    """Revenue, billings and cash by calendar quarter."""
    names, spans = quarters(session.projection)
    currency = session.scenario.company.currency

    def of(line: str) -> Numbers:
        return summed(session.projection.of(line, session.segment), spans)

    revenue, billings, cash = of("revenue"), of("billings"), of("cash_collected")
    lines = [Series("■ Revenue", revenue, "revenue", name="Revenue"), Series("■ Billings", billings, "billings", name="Billings"),
             Series("■ Cash", cash, "cash", 2.75, True, "Cash")]  # fmt: skip
    base = summed(session.base.of("cash_collected", session.segment), spans)
    if not np.allclose(base, cash, rtol=1e-6, atol=0):
        lines.insert(0, Series("Base cash", base, "base", 1.75))
    gap = float(cash[-1] - revenue[-1])
    title = f"Cash comes to {money(float(cash[-1]), currency)} a quarter, {_apart(gap, 'revenue', currency)}"
    starts = [f"{name[:4]}-{3 * int(name[-1]) - 2:02d}" for name in names]
    figure = charts.over_time(starts, lines, money=symbol(currency), height=HEIGHT)
    chart(title, "Revenue, billings and cash by calendar quarter. Grey: base", figure, key)


def _apart(gap: float, other: str, currency: str) -> str:
    return f"{money(abs(gap), currency)} {'more' if gap >= 0 else 'less'} than {other}"


def failed_payments(session: Session, _: str, key: str) -> None:
    """ARR whose payment failed in the last twelve months, what dunning recovered of it and what was lost."""
    currency = session.scenario.company.currency
    now, base = map(_failures, (session.view, session.base_view))
    moved = not np.allclose(now, base, rtol=1e-6, atol=0)
    recovered, failed = money(now[1], currency), money(now[0], currency)
    title = f"Dunning saves {recovered} of the {failed} a year that fails" if now[0] else "No payment fails"
    figure = charts.columns(["Failed", "Recovered", "Lost"], now, [money(value, currency) for value in now], role="involuntary",
                            height=HEIGHT, base=base if moved else None)  # fmt: skip
    chart(title, f"ARR behind failed payments, {period_name(session.projection, '12 months')}. Grey: base", figure, key)


def _failures(view: View) -> Numbers:
    """Return ARR failed, recovered and lost, of the last twelve months."""
    recovered, lost = last_known(view.metric("recovered_arr")), float(view["arr_churn_involuntary"][-YEAR:].sum())
    return np.array([recovered + lost, recovered, lost])


def leakage_found(session: Session, _: str, key: str) -> None:
    """What leaks in twelve months, and what would at the base rate: the difference is found and fixed."""
    currency = session.scenario.company.currency
    view = session.view
    now = view.metric("leakage")
    at_base = leakage(view, session.base_view.given("revenue_leakage"))
    leaks, found = last_known(now), last_known(at_base) - last_known(now)
    here, there = money(leaks, currency), money(last_known(at_base), currency)
    lines = [Series(f"At base {there}", at_base, "base", 1.75, name="At the base rate"),
             Series(f"Leaks {here}", now, "churn", 2.75, True, "Leaks")]  # fmt: skip
    title = f"{here} a year is earned and never billed"
    if here != there:
        title = f"{money(found, currency)} a year is found and fixed; {here} still leaks" if found > 0 else (
            f"{here} a year leaks, {money(-found, currency)} more than at base")  # fmt: skip
    figure = charts.over_time(dates(session.projection), lines if here != there else lines[1:], money=symbol(currency),
                              height=HEIGHT, zero=True)  # fmt: skip
    chart(title, "Earned and never billed, twelve months. Grey: at the base rate of leakage", figure, key)


def left_by_layers(session: Session, _: str, key: str) -> None:
    """The cash that each layer of billing leaves on the table over the plan."""
    currency = session.scenario.company.currency
    left = dict(sorted(left_on_the_table(session.scenario).items(), key=lambda entry: -entry[1]))
    most, amount = next(iter(left.items()))
    title = (
        f"{most} leaves the most on the table: {money(amount, currency)}" if amount >= 1 else "No layer leaves any cash"
    )
    figure = charts.ranked(list(left), list(left.values()), [money(value, currency) for value in left.values()],
                           height=TALL, left=172)  # fmt: skip
    chart(title, f"Cash after costs by {end_name(session.projection)}, whole company, if nothing in a layer failed, waited, "
          "leaked or was discounted; each layer alone, win rates unchanged", figure, key)  # fmt: skip


KINDS: Mapping[str, Callable[[Session, str, str], None]] = {
    "cash_walk": cash_walk,
    "cash_over_time": cash_over_time,
    "failed_payments": failed_payments,
    "leakage_found": leakage_found,
    "left_by_layers": left_by_layers,
}
"""The kinds of chart a lens can ask for of billing and cash."""
