"""Waterfall or agile: the same initiatives by the same people, delivered in two ways."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache

import numpy as np
import streamlit as st

from model import Scenario, sources
from model.company import Company, Numbers
from model.frameworks.delivery import WORD, Delivery, Step, finish, schedule, shipped_share
from model.frameworks.delivery_case import Case, Outcome, band, case, ways
from model.frameworks.initiatives import told_by
from model.text import money, month_name, number, rate, signed, symbol
from pages.parts import charts, delivery_charts, delivery_inputs
from pages.parts.blocks import chart, escaped, head, small
from pages.parts.cards import Card, row
from pages.parts.charts import Series
from pages.parts.delivery_inputs import delivery_of
from pages.parts.periods import dates, end_name
from pages.parts.state import Session


def page(session: Session) -> None:
    """Draw the page."""
    delivery = delivery_of(session)
    found = _case(session.scenario.without_plan(WORD), replace(delivery, method="none"))
    head(_answer(session, delivery, found), "Waterfall or agile",
         "Which way of delivering the same initiatives with the same people earns more?")  # fmt: skip
    delivery_inputs.method(session)
    _figures(session, delivery, found)
    if not delivery.pay:
        small(
            "Cost counts licences, partners and running the result. The team's own pay is not in it: set the cost of a person if you add people."
        )
    left, right = st.columns([5, 7], gap="medium")
    with right:
        _plan(session, delivery)
    with left:
        delivery_inputs.all_settings(session, "By whom and how")
    left, right = st.columns([5, 7], gap="medium")
    with right:
        if delivery.order:
            _profit(session, found)
    with left:
        st.markdown("## What is delivered, in this order")
        delivery_inputs.chosen_initiatives(session)
    left, right = st.columns(2, gap="medium")
    with left:
        _benefit(session, delivery)
    with right:
        _overhead(session, delivery, found)
    _definitions()


@lru_cache(maxsize=256)
def _case(scenario: Scenario, delivery: Delivery) -> Case:
    return case(scenario, delivery)


def _money(session: Session, value: float, *, sign: bool = False) -> str:
    text = money(value, session.scenario.company.currency)
    return signed(text) if sign else text


def _month(company: Company, time: float) -> str:
    """Return the month that holds a time, counted in months from the opening day."""
    return month_name(*company.month(max(1, math.ceil(time - 1e-9))))


def _answer(session: Session, delivery: Delivery, found: Case) -> str:
    """Say which way is worth more, by how much, and at which overheads."""
    if not delivery.order:
        return "No initiative is chosen, so there is nothing to deliver"
    if delivery.start > session.scenario.horizon:
        return f"The work begins after {end_name(session.projection)}, so nothing of it shows yet"
    waterfall, agile = (_money(session, abs(way.npv)) for way in (found.waterfall, found.agile))
    if abs(found.lead) < 0.5:
        return f"Waterfall and agile {'are worth' if found.agile.npv >= 0 else 'lose'} the same, {agile}"
    if found.better.npv < 0:
        return f"Neither pays by {end_name(session.projection)}: waterfall loses {waterfall}, agile {agile}"
    name, other, worth = ("Agile", "waterfall", agile) if found.lead > 0 else ("Waterfall", "agile", waterfall)
    return f"{name} is worth {worth}, {_money(session, abs(found.lead))} more than {other}; {_reach(found, short=True)}"


def _reach(found: Case, *, short: bool = False) -> str:
    """Say at which overheads agile wins; in short, of the better way as "it" where the other leads between two overheads."""
    wins, agile_first = "wins" if found.better.npv >= 0 else "loses less", found.stretches[0][1]
    if not (points := found.turning_points):
        return f"{'agile' if agile_first else 'waterfall'} {wins} at any overhead"
    if len(points) == 1:
        return f"agile {wins} {'up to' if agile_first else 'above'} {rate(points[0])} overhead"
    if len(points) > 2:
        return f"which way {wins} changes {len(points)} times as overhead grows"
    between, around = ("waterfall", "agile") if agile_first else ("agile", "waterfall")
    where = f"from {rate(points[0])} to {rate(points[1])} overhead"
    if short:
        return f"it {'wins' if (between == 'agile') == (found.lead > 0) else 'loses'} {where}"
    return f"{between} {wins} {where}, {around} below and above"


def _figures(session: Session, delivery: Delivery, found: Case) -> None:
    """Draw what each way is worth, when it has paid back, what waiting costs and where both are level."""
    company, agile_first = session.scenario.company, found.lead >= 0
    better, other = ("agile", "waterfall") if agile_first else ("waterfall", "agile")
    second = found.waterfall if agile_first else found.agile

    def paid(way: Outcome) -> str:
        if not way.profit.any():
            return "–"
        return "None yet" if way.payback_month is None else month_name(*company.month(way.payback_month))

    def returned(way: Outcome) -> str:
        return "no cost" if np.isnan(way.return_on_cost) else f"{number(way.return_on_cost, 1)}× its cost"

    level = ", ".join(map(rate, found.turning_points)) or "None"
    shown = (
        ("NPV, waterfall", _money(session, found.waterfall.npv), returned(found.waterfall),
         "Operating profit that waterfall delivery adds within the horizon, at present value, its cost taken off; and that over the cost."),
        ("NPV, agile", _money(session, found.agile.npv), returned(found.agile),
         "The same for agile delivery."),
        (f"Payback, {better}", paid(found.better), f"{other}: {paid(second)}",
         "First month from which the profit added so far, not discounted, no longer falls below zero."),
        (f"Cost of delay, {better}", _money(session, found.better.delay), "a month",
         "Present value lost within the horizon if all work begins one month later; below zero, waiting pays."),
        ("Break-even overhead", level, f"set to {rate(delivery.overhead)}",
         "Share of the team's time for coordination at which both are worth the same."),
    )  # fmt: skip
    row([Card(label, value, beside, "gray", told) for label, value, beside, told in shown], across=5)


def _plan(session: Session, delivery: Delivery) -> None:
    """Draw both plans as bars."""
    if not delivery.order:
        small("Choose an initiative, and its plan is drawn here.")
        return
    company, horizon = session.scenario.company, session.scenario.horizon
    waterfall, agile = (schedule(way) for way in ways(delivery))
    early, late = (finish(schedule(way)) for way in band(delivery))
    last = max(finish(waterfall), late)
    months = float(min(horizon, math.ceil(1.04 * last))) if delivery.start <= horizon else float(horizon)
    bars = delivery_charts.PlanBars(company, delivery.order, waterfall, agile, early, late, months)
    from_month, to_month = _month(company, early), _month(company, late)
    when = f"between {from_month} and {to_month}" if from_month != to_month else f"in {to_month}"
    title = f"Waterfall is done in {_month(company, finish(waterfall))}, agile {when}"
    chart(title, "Waterfall from design (light) to release (dark), agile by increment; light band: when agile may be done",
          delivery_charts.plan_bars(bars), "plan")  # fmt: skip


def _profit(session: Session, found: Case) -> None:
    """Draw the profit added so far by each way."""
    waterfall, agile = found.waterfall.cumulative, found.agile.cumulative

    def told(added: float) -> str:
        return f"{_money(session, abs(added))} {'higher' if added >= 0 else 'lower'}"

    when, whole = end_name(session.projection), ", whole company" if session.segment else ""
    title = f"By {when} profit is {told(agile[-1])} with agile, {told(waterfall[-1])} with waterfall"
    lines = [Series("Do nothing", np.zeros(agile.size), "base", 1.75), Series("■ Waterfall", waterfall, "waterfall", 2.75),
             Series("■ Agile", agile, "agile", 2.75)]  # fmt: skip
    edges = np.minimum(found.early, found.late), np.maximum(found.early, found.late)
    figure = charts.over_time(dates(session.projection), lines, money=symbol(session.scenario.company.currency), zero=True,
                              band=edges, height=318)  # fmt: skip
    chart(
        title,
        f"Operating profit added so far{whole}, not discounted. Light band: agile with less or more work",
        figure,
        "added",
    )


def _benefit(session: Session, delivery: Delivery) -> None:
    """Draw which share of the initiatives acts, each counted by its effort."""
    if not delivery.order:
        return
    horizon = session.scenario.horizon
    waterfall, agile, early, late = (
        _acting(delivery, schedule(way), horizon) for way in (*ways(delivery), *band(delivery))
    )
    half = [_half(session, values) for values in (agile, waterfall)]
    title = f"Half of it is in use {half[0]} with agile, {half[1]} with waterfall"
    lines = [Series("■ Waterfall", waterfall, "waterfall", 2.75), Series("■ Agile", agile, "agile", 2.75)]
    figure = charts.over_time(dates(session.projection), lines, rate=True, zero=True, band=(late, early))
    chart(title, "Share of the initiatives in use, each counted by its effort. Light band: agile with less or more work",
          figure, "benefit")  # fmt: skip


def _acting(delivery: Delivery, steps: tuple[Step, ...], horizon: int) -> Numbers:
    efforts = np.array([delivery.effort(key) for key in delivery.order])
    found: Numbers = efforts @ np.array([shipped_share(steps, key, horizon) for key in delivery.order]) / efforts.sum()
    return found


def _half(session: Session, values: Numbers) -> str:
    if values[-1] < 0.5:
        return f"after {end_name(session.projection)}"
    return f"from {month_name(*session.scenario.company.month(int((values >= 0.5).argmax()) + 1))}"


def _overhead(session: Session, delivery: Delivery, found: Case) -> None:
    """Draw how the lead of agile delivery shrinks as coordination takes more time."""
    if not found.advantage.any():
        return
    ends = (
        _money(session, float(found.advantage[0]), sign=True),
        _money(session, float(found.advantage[-1]), sign=True),
    )
    here = (delivery.overhead, found.lead)
    shown = delivery_charts.Lead(found.overheads, found.advantage, ends, found.break_even, here,
                                 f"Here {_money(session, found.lead, sign=True)}")  # fmt: skip
    reach = _reach(found)
    chart(f"{reach[0].upper()}{reach[1:]}", "Present value of agile less that of waterfall, by the share of time that agile spends "
          "on coordination", delivery_charts.lead(shown), "overhead")  # fmt: skip


def _definitions() -> None:
    """Say what is compared, and where the idea of it comes from."""
    with st.expander("What is compared, and says who", icon=":material/menu_book:"):
        st.markdown(escaped(
            "Both ways deliver the same initiatives with the same people and the same work. Waterfall takes all of them through "
            "design, build, test and release, stage after stage; an initiative acts when its release is done. Agile cuts each "
            "into parts, does the first part of all, then the second of all, and each part acts when it is done; coordination "
            "takes a share of the team's time, and how much work it will be is less certain. Efforts, effects, costs and the "
            "settings are judgement, to be replaced by your own. What waterfall risks by finding mistakes late, and what agile "
            "gains by learning on the way, is left out: nobody has measured it for revenue operations."
        ))  # fmt: skip
        for source in map(sources().__getitem__, told_by()):
            st.markdown(
                f"**{escaped(source.title)}** — {escaped(source.says)} [{escaped(source.address)}]({source.address})"
            )
