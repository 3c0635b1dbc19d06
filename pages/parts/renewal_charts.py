"""The charts of renewals: what comes due, how risks are seen, approached and kept, and what a point of each is worth."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

import numpy as np

from model.catalogue import assumptions
from model.company import Numbers
from model.frameworks.point_worth import point_worth
from model.metrics import View
from model.renewals import approached_share, called_share, detected_share, saved_share, seen_share, tracked_share
from model.text import MONTHS, money, month_name, rate, signed, symbol
from pages.parts import charts
from pages.parts.blocks import chart, last_known
from pages.parts.charts import Series
from pages.parts.periods import dates, quarters, summed, years_name
from pages.parts.state import Session

HEIGHT = 198
LONGEST_CALENDAR, YEAR = 24, 12
NOBODY = "Nobody who comes due leaves"
worth_of_points = lru_cache(maxsize=128)(point_worth)


def calendar(session: Session, _: str, key: str) -> None:
    """ARR due in each of the next months: what renews anyway, what is saved, what is lost."""
    view, company, currency = _view(session), session.scenario.company, session.scenario.company.currency
    months = min(LONGEST_CALENDAR, session.projection.months)
    due, saved, risk = (view[line][:months] for line in ("arr_due_for_renewal", "arr_saved", "arr_at_risk"))
    names = [f"{MONTHS[month - 1]} {year % 100:02d}" for year, month in map(company.month, range(1, months + 1))]
    parts = [
        Series("Renews", np.maximum(due - risk, 0.0), "scenario"),
        Series("Saved", saved, "new"),
        Series("Lost", view["arr_churn"][:months], "churn"),
    ]
    total, lost, kept = (money(float(values.sum()), currency) for values in (due, parts[2].values, saved))
    until = month_name(*company.month(months))
    title = f"{total} comes due by {until}: {lost} of it is lost, {kept} saved"
    figure = charts.stacked(names, parts, [], money=symbol(currency), height=HEIGHT)
    chart(title if due.any() else f"Nothing comes due by {until}", "ARR due for renewal, by month", figure, key)


def risks_seen(session: Session, _: str, key: str) -> None:
    """ARR at risk by quarter: seen by analytics, told by customers, tracked but unseen, not even tracked."""
    view = _view(session)
    detected, seen, tracked = (view.at_risk(share) for share in (detected_share, seen_share, tracked_share))
    risk = view["arr_at_risk"]
    amounts = {
        "Analytics": detected,
        "Feedback": seen - detected,
        "Unseen": tracked - seen,
        "Untracked": risk - tracked,
    }
    whole, missed = _year(session, risk), _year(session, risk - seen)
    title = f"Nobody sees {missed} of the {whole} at risk in time" if risk.any() else NOBODY
    _by_quarter(session, amounts, title, "ARR at risk by quarter and how it is seen; title: last four quarters", key)


def risks_approached(session: Session, _: str, key: str) -> None:
    """ARR seen at risk by quarter: approached by a person, reached by an automatic step, by neither."""
    view = _view(session)
    called, approached, seen = (view.at_risk(share) for share in (called_share, approached_share, seen_share))
    amounts = {"A person": called, "Automatic": approached - called, "Nobody": seen - approached}
    whole, missed = _year(session, seen), _year(session, seen - approached)
    title = f"Nobody approaches {missed} of the {whole} seen at risk" if view["arr_at_risk"].any() else NOBODY
    _by_quarter(session, amounts, title, "ARR seen at risk by quarter, who approaches; title: last four quarters", key)


ROLES = ("scenario", "new", "contraction", "churn")
"""Colours of parts from the best off to the worst: cool for what is under way, warm for what is missed."""


def _by_quarter(session: Session, amounts: Mapping[str, Numbers], title: str, subtitle: str, key: str) -> None:
    """Draw parts of the ARR at risk stacked by quarter; rounding never makes a part negative."""
    names, spans = quarters(session.projection)
    parts = [Series(name, np.maximum(summed(values, spans), 0.0), role)
             for (name, values), role in zip(amounts.items(), ROLES, strict=False)]  # fmt: skip
    sign = symbol(session.scenario.company.currency)
    chart(title, subtitle, charts.stacked(names, parts, [], money=sign, height=HEIGHT), key)


def _year(session: Session, values: Numbers) -> str:
    """Return the amount of the last four quarters drawn, in words."""
    _, spans = quarters(session.projection)
    total = max(0.0, float(summed(values, spans[-4:]).sum()))
    return money(total, session.scenario.company.currency)


def save_funnel(session: Session, _: str, key: str) -> None:
    """ARR at risk in the last twelve months and what is left of it at each step of a save."""
    view, currency = _view(session), session.scenario.company.currency
    steps = {"Tracked": tracked_share, "Seen in time": seen_share, "Approached": approached_share, "Kept": saved_share}
    amounts = [float(view["arr_at_risk"][-YEAR:].sum())]
    amounts += [float(view.at_risk(share)[-YEAR:].sum()) for share in steps.values()]
    texts = [money(amount, currency) for amount in amounts]
    title = f"Of {texts[0]} at risk, {texts[-1]} is kept; {_largest_gap(amounts)}" if amounts[0] else NOBODY
    figure = charts.ranked(["At risk", *steps], amounts, texts, height=HEIGHT, left=104)
    chart(title, "ARR of the last twelve months that is left at each step", figure, key)


def _largest_gap(amounts: Sequence[float]) -> str:
    """Say at which step the largest part of the ARR at risk is lost."""
    gaps = ("goes untracked", "goes unseen", "is not approached", "leaves all the same")
    return f"the largest part {gaps[int(np.diff(amounts).argmin())]}"


def renewed_and_grown(session: Session, _: str, key: str) -> None:
    """Effective retention and NRR over time against the base."""
    now, base = _view(session), session.base_view
    names = {"effective_retention": ("Retention", "new"), "nrr": ("NRR", "scenario")}
    lines, figures = [], []
    for name, (label, role) in names.items():
        here, there = now.metric(name), base.metric(name)
        figures.append((rate(last_known(here)), rate(last_known(there))))
        if figures[-1][0] != figures[-1][1]:
            lines.append(Series("", there, "base", 1.75, name=f"{label}, base"))
        lines.append(Series(f"■ {label}", here, role, 2.75, name=label))
    title = f"Effective retention is {figures[0][0]} a year, NRR {figures[1][0]}"
    if any(here != there for here, there in figures):
        title += f" ({figures[0][1]} and {figures[1][1]} at base)"
    figure = charts.over_time(dates(session.projection), lines, height=HEIGHT, rate=True)
    chart(title, "Effective retention and NRR, last 12 months. Grey: base", figure, key)


def points_worth(session: Session, _: str, key: str) -> None:
    """What one more point of each element of a save brings in profit, the best first."""
    scenario, currency = session.scenario, session.scenario.company.currency
    worth = sorted(worth_of_points(scenario, session.segment).items(), key=lambda entry: -entry[1])
    names = [assumptions()[name].label for name, _ in worth]
    best = f"One more point of {names[0].lower()} is worth {money(worth[0][1], currency)} of profit"
    texts = [signed(money(amount, currency)) if amount else money(0, currency) for _, amount in worth]
    figure = charts.ranked(names, [amount for _, amount in worth], texts, height=HEIGHT, left=132)
    chart(best if worth[0][1] > 0 else "No further point of one element alone adds to profit",
          f"Operating profit over {years_name(session.projection)}, each point from the first month on", figure, key)  # fmt: skip


def _view(session: Session) -> View:
    return session.view


KINDS: Mapping[str, Callable[[Session, str, str], None]] = {
    "renewal_calendar": calendar,
    "risks_seen": risks_seen,
    "risks_approached": risks_approached,
    "save_funnel": save_funnel,
    "renewed_and_grown": renewed_and_grown,
    "point_worth": points_worth,
}
"""The kinds of charts of this file, by the word a lens asks for them with."""
