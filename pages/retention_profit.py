"""Retention and profit: does 5 % more retention bring 25 % more profit here?"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import numpy as np
import streamlit as st

from model import Scenario
from model.claim import (
    CLAIMED_GAIN,
    MEANINGS,
    PUBLISHED,
    CompanyReading,
    CustomerReading,
    Grid,
    Meaning,
    company_reading,
    customer_reading,
    grid,
    position,
    raised,
)
from model.text import money, rate, signed
from pages.parts import charts, heat, inputs
from pages.parts.blocks import chart, escaped, head, small, sources_of
from pages.parts.cards import Card, Colour, row
from pages.parts.periods import years_name
from pages.parts.state import Session

Axis = Literal["margin", "years"]
RETENTIONS, MARGINS = np.linspace(0.60, 0.98, 20), np.linspace(0.40, 0.95, 12)
AGAINST: dict[Axis, str] = {"margin": "Gross margin", "years": "Years counted"}


def page(session: Session) -> None:
    """Draw the page."""
    place = st.container()
    meaning, axis = _choices()
    company = _company(session.scenario, meaning)
    with place:
        head(_answer(company), "Retention and profit", "Does 5 % more retention bring 25 % more profit here?")
    left, right = st.columns([6, 5], gap="medium")
    with left:
        _map(session, meaning, axis)
    with right:
        _by_year(session, company, meaning)
    _readings(session, company, meaning)
    _levers(session)
    _background()


def _choices() -> tuple[Meaning, Axis]:
    """Ask what "5 %" means and what the map shows upwards; both are of the page, not of the scenario."""
    with st.container(horizontal=True, gap="medium"):
        meaning = st.segmented_control("What “5 %” means", list(MEANINGS), default="points", required=True, key="meaning",
                                       format_func=lambda key: MEANINGS[key], persist_state="session")  # fmt: skip
        axis = st.segmented_control("Map against", list(AGAINST), default="margin", required=True, key="against",
                                    format_func=lambda key: AGAINST[key], persist_state="session")  # fmt: skip
    return meaning or "points", axis or "margin"


@lru_cache(maxsize=256)
def _company(scenario: Scenario, meaning: Meaning) -> CompanyReading:
    return company_reading(scenario, meaning)


@lru_cache(maxsize=256)
def _customer(scenario: Scenario, meaning: Meaning, fixed_life: bool) -> CustomerReading:
    return customer_reading(scenario, meaning, fixed_life=fixed_life)


@lru_cache(maxsize=128)
def _grid(scenario: Scenario, meaning: Meaning, axis: Axis) -> Grid:
    up = MARGINS if axis == "margin" else np.arange(1.0, scenario.horizon // 12 + 1)
    return grid(scenario, meaning, RETENTIONS, up, axis)


def _percent(gain: float) -> str:
    return f"{gain:.0%}".replace("-", "−").replace("%", "\u202f%")


def _answer(company: CompanyReading) -> str:
    """Say plainly whether the claim holds here, by year and in total."""
    gains = [float(gain) for gain in company.gains]
    years = len(gains)
    if all(np.isnan(gain) for gain in gains):
        return "No answer in per cent: no year has a profit to raise; see the money"
    known = [gain for gain in gains if not np.isnan(gain)]
    told = ", ".join(signed(_percent(gain)) for gain in known[:4]) + (" …" if len(known) > 4 else "")
    told += _without([number + 1 for number, gain in enumerate(gains) if np.isnan(gain)])
    holds = [number + 1 for number, gain in enumerate(gains) if gain >= CLAIMED_GAIN]
    if len(holds) == years:
        return f"Yes, in every year: profit changes by {told}"
    if holds and holds == list(range(holds[0], years + 1)):
        return f"Yes, from year {holds[0]}: profit changes by {told}"
    if holds:
        return f"In some years only: profit changes by {told}"
    return f"No, not within {years} year{'s' * (years > 1)}: profit changes by {told}"


def _without(years: list[int]) -> str:
    """Say in which years there is no profit to compare with."""
    if not years:
        return ""
    joined = str(years[0]) if len(years) == 1 else f"{years[0]} to {years[-1]}" if years[-1] - years[0] + 1 == len(years) > 2 else (
        f"{', '.join(map(str, years[:-1]))} and {years[-1]}")  # fmt: skip
    return (
        f"; {'year' if len(years) == 1 else 'years'} {joined} {'has' if len(years) == 1 else 'have'} no profit to raise"
    )


def _map(session: Session, meaning: Meaning, axis: Axis) -> None:
    scenario = session.scenario
    if axis == "years" and scenario.horizon < 24:
        small("A map against years needs a horizon of two years or more.")
        return
    found = _grid(scenario, meaning, axis)
    here = (
        position(scenario, "retention_rate"),
        position(scenario, "gross_margin") if axis == "margin" else scenario.horizon // 12,
    )
    ends = zip(here, (found.retention, found.other), strict=True)
    mark = tuple(min(max(float(value), float(span[0])), float(span[-1])) for value, span in ends)
    title = _where(found, mark[1], axis)
    years = scenario.horizon / 12
    counted = f"over {years:.3g} years" if axis == "margin" else "over the years counted"
    text = (
        f"<b>Here</b> {here[0]:.0%}, {here[1]:.0%}"
        if axis == "margin"
        else f"<b>Here</b> {here[0]:.0%}, {here[1]:.0f} years"
    )
    text += "" if mark == here else ", off the map"
    shown = heat.Heat(found.retention, found.other, found.gain, CLAIMED_GAIN, "Retention to begin with, per year",
                       AGAINST[axis], (mark[0], mark[1]), text.replace("%", "\u202f%"))  # fmt: skip
    figure = heat.heat_map(shown, percent_up=axis == "margin")
    chart(
        title,
        f"Profit gained {counted} by {MEANINGS[meaning].lower()}, for other retentions; the line is 25 %",
        figure,
        "claim",
    )


def _where(found: Grid, here: float, axis: Axis) -> str:
    """Say for which retentions to begin with the claim holds on the row where the company stands."""
    row = found.gain[int(np.abs(found.other - here).argmin())]
    holds = np.flatnonzero(row >= CLAIMED_GAIN)
    place = "at your margin" if axis == "margin" else "over your horizon"
    if np.isnan(row).all():
        return f"There is no profit to raise {place}"
    if not holds.size:
        return f"The claim holds for no retention to begin with {place}"
    low, high = found.retention[holds[0]], found.retention[holds[-1]]
    if holds.size == row.size:
        return f"The claim holds for every retention to begin with {place}"
    if holds[-1] == row.size - 1:
        return f"From {low:.0%} retention on the claim holds {place}".replace("%", "\u202f%")
    if holds[0] == 0:
        return f"Up to {high:.0%} retention the claim holds {place}".replace("%", "\u202f%")
    return f"Between {low:.0%} and {high:.0%} retention the claim holds {place}".replace("%", "\u202f%")


def _by_year(session: Session, company: CompanyReading, meaning: Meaning) -> None:
    currency = session.scenario.company.currency
    added = company.after - company.before
    names = [
        f"Year {number + 1}" + ("" if months == 12 else f", {months} mo")
        for number, months in enumerate(company.months)
    ]
    gains = ["no profit to raise" if np.isnan(gain) else signed(_percent(float(gain))) for gain in company.gains]
    texts = [
        f"<b>{gain}</b><br>{signed(money(float(value), currency))}" for gain, value in zip(gains, added, strict=True)
    ]
    first, last = money(float(added[0]), currency), money(float(added[-1]), currency)
    verb = "adds" if min(added[0], added[-1]) >= 0 else "changes profit by"
    title = f"It {verb} {first} in year 1" + (f" and {last} in year {len(added)}" if len(added) > 1 else "")
    if len(added) > 5:
        texts = [f"<b>{gain}</b>" for gain in gains]
        names = [name.replace("Year ", "") for name in names]
    chart(title, f"Operating profit added by {MEANINGS[meaning].lower()} from the first month on, by year",
          charts.columns(names, added, texts, role="profit"), "by-year")  # fmt: skip


def _readings(session: Session, company: CompanyReading, meaning: Meaning) -> None:
    """Show the two readings and the published figures side by side, never blended."""
    currency = session.scenario.company.currency
    survival, fixed = (_customer(session.scenario, meaning, life) for life in (False, True))
    cards = []
    for label, reading, told in (
        ("One customer, as they leave", survival, "Present value of one customer's profit, acquisition cost taken off; customers leave at a constant rate."),
        ("One customer, fixed life", fixed, "The same by Reichheld's short cut: every customer stays exactly 1/(1 − retention) years. It overstates the value."),
    ):  # fmt: skip
        gain = "–" if np.isnan(reading.gain) else signed(_percent(reading.gain))
        cards.append(Card(label, money(reading.before, currency), gain, _good(reading.gain), told, against="with it"))
    total = company.total_gain
    gain = "no profit to raise" if np.isnan(total) else signed(_percent(total))
    cards.append(Card(f"Company profit, {years_name(session.projection)}", money(float(company.before.sum()), currency), gain,
                      _good(total), "Operating profit of the whole plan, not discounted.", against="with it"))  # fmt: skip
    claimed = f"{min(PUBLISHED.values()):.0%}–{max(PUBLISHED.values()):.0%}".replace("%", "\u202f%")
    cards.append(
        Card(
            "Published, one customer", claimed, "1990", "gray", "; ".join(f"{k} {v:.0%}" for k, v in PUBLISHED.items())
        )
    )
    row(cards, across=4)
    now = position(session.scenario, "retention_rate")
    small(
        f"{MEANINGS[meaning]} takes this company's retention from {rate(now)} to {rate(float(raised(now, meaning)))}. What it would "
        "cost to get there is left out on both sides; enter it under Costs below and watch the profit."
    )


def _good(gain: float) -> Colour:
    return "gray" if np.isnan(gain) or abs(gain) < 0.005 else "green" if gain > 0 else "red"


def _levers(session: Session) -> None:
    left, right = st.columns(2, gap="medium")
    with left:
        inputs.levers(session, "What it depends on", ["retention_rate", "gross_margin", "loyalty_spread"])
    with right:
        inputs.levers(session, "Costs", ["cost_to_serve", "revops_cost", "cost_of_capital"])


def _background() -> None:
    """Say what the claim is, where it comes from and why it differs."""
    with st.expander("What was claimed, and by whom", icon=":material/history_edu:"):
        shares = ", ".join(f"{name.lower()} {value:.0%}" for name, value in PUBLISHED.items())
        st.markdown(escaped(
            f"Reichheld and Sasser (1990) compared what a customer is worth at one defection rate and at one five points lower: {shares}. "
            "Bain later put it as “more than 25 %” for financial services. It is the value of one customer over a life, "
            "with profits that rise with its years, not the profit of a company in a year, and it leaves out what the better retention costs. "
            "With a flat margin and 10 % discount, five points off a churn of 10, 15 and 20 % bring 33, 25 and 20 %. "
            "Sharp calls it a thought experiment: five points off ten is half of all defections."
        ))  # fmt: skip
    sources_of(["retention_rate", "loyalty_spread", "gross_margin", "clv"])
