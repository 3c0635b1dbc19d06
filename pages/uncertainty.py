"""Uncertainty: between what a figure will lie, how likely a target or a loss is, and which range matters most."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache, partial

import numpy as np
import streamlit as st

from model import Scenario
from model.doubt_link import contradiction
from model.outcomes import Outcome
from model.studies.draws import POINTS, dimensions
from model.studies.uncertainty import (
    BATCHES,
    FORECAST,
    LEAST_BATCHES,
    Uncertainty,
    asked_with,
    uncertainty,
    uncertainty_csv,
)
from model.text import agreeing, give_or_take, glance, rate, shown, symbol
from pages.parts import charts, outcome_input, range_inputs, uncertainty_charts
from pages.parts.blocks import chart, escaped, fitting, head, small
from pages.parts.cards import Card, row
from pages.parts.charts import Series
from pages.parts.periods import dates
from pages.parts.ranked_charts import Row, named_above
from pages.parts.state import Session

QUESTION = "What may come of the ranges given, and of forecasts that miss?"
OFFERED = (BATCHES, 4 * BATCHES)
QUICK = 60 * 4  # months times segments of which the usual number of runs takes no time worth a progress bar

Question = tuple[Scenario, tuple[Outcome, ...], int]


def page(session: Session) -> None:
    """Draw the page."""
    place = st.container()
    outcome_input.draw(session)
    range_inputs.meaning(session, OFFERED)
    for sentence in contradiction(session.scenario):
        if sentence not in session.notices:  # what came with a link is said above the page until the next change
            st.warning(escaped(sentence), icon=":material/warning:")
    study = _drawn(session) if any(dimensions(session.scenario)) else None
    with place:
        head(
            _answer(session, study) if study else "Nothing is uncertain here: give a lever a range",
            "Uncertainty",
            QUESTION,
        )
    if study:
        _results(session, study)
    left, right = st.columns([6, 5], gap="medium")
    with left:
        if study:
            _matters(session, study)
        _definitions()
    with right:
        range_inputs.levers(session)


def _results(session: Session, study: Uncertainty) -> None:
    _figures(session, study)
    left, right = st.columns([7, 5], gap="medium")
    with left:
        _fan(session, study)
    with right:
        _histogram(session, study)


def _drawn(session: Session) -> Uncertainty:
    """Return the study; a long one shows how far it is, and stopped, it is what there is by then."""
    batches = session.exactness.batches
    question: Question = (session.scenario, asked_with(session.outcome), batches)
    stopped = st.session_state.get("study-stopped")
    if stopped and stopped[0] == question:
        with st.container(horizontal=True, vertical_alignment="center"):
            small(f"Stopped after {stopped[1] * POINTS:,} of {batches * POINTS:,} runs.")
            st.button("Go on", key="go-on", icon=":material/play_arrow:", on_click=_go_on)
        return _study(*question[:2], stopped[1])
    long = batches > BATCHES or session.scenario.horizon * len(session.scenario.company.segments) > QUICK
    return _watched(question) if long and st.session_state.get("drawn") != question else _study(*question)


def _watched(question: Question) -> Uncertainty:
    """Return a study that takes a while: each batch done is kept, so that it can be stopped between any two."""
    place, batches = st.empty(), question[2]
    with place.container(horizontal=True, vertical_alignment="center"):
        bar = st.progress(0.0, "Drawing")
        st.button("Stop", key="stop-study", icon=":material/stop:", on_click=_stop, args=(question,))

    def progress(share: float) -> None:
        st.session_state["batches_done"] = round(share * batches)
        bar.progress(share, f"{share * batches * POINTS:,.0f} of {batches * POINTS:,} runs")

    st.session_state["batches_done"] = 0
    uncertainty(*question, progress)
    place.empty()
    st.session_state["drawn"] = question
    return _study(*question)


def _stop(question: Question) -> None:
    st.session_state["study-stopped"] = (question, max(LEAST_BATCHES, st.session_state["batches_done"]))


def _go_on() -> None:
    del st.session_state["study-stopped"]


@lru_cache(maxsize=4)
def _study(scenario: Scenario, asked: tuple[Outcome, ...], batches: int) -> Uncertainty:
    return uncertainty(scenario, asked, batches)


def _show(session: Session, value: float) -> str:
    return shown(value, session.outcome.entry.shown_as, session.scenario.company.currency)


def _error(session: Session, value: float) -> str:
    return give_or_take(value, session.outcome.entry.shown_as, session.scenario.company.currency)


def _percent(chance: float) -> str:
    """Return a chance as whole per cent, never 0 or 100 unless it is."""
    if 0 < chance < 0.01 or 0.99 < chance < 1:
        return ("less than 1" if chance < 0.5 else "more than 99") + "\u202f%"
    return rate(chance, 0)


def _target(session: Session, study: Uncertainty) -> float:
    """Return the target that was given, else the plan."""
    if session.target is not None:
        return session.target
    return float(study.plan(session.outcome)[session.outcome.row(session.scenario.horizon)])


def _answer(session: Session, study: Uncertainty) -> str:
    """Say between what the outcome lies, and how likely the target is."""
    outcome, at = session.outcome, session.outcome.row(session.scenario.horizon)
    low, _, middle, _, high = study.fan(outcome).value[:, at]
    what = outcome_input.what(session)
    if not np.isfinite(middle):
        return fitting(
            f"{outcome_input.name(session)} has no value yet {outcome_input.when(session)}: choose a later month"
        )
    chance = _percent(float(study.reaches(outcome, _target(session, study)).value[at]))
    goal = "the target" if session.target is not None else "the plan"
    if _show(session, low) == _show(session, high):
        certain = f"{what} is {_show(session, middle)}"
        return fitting(
            f"{certain} whatever comes; chance of {goal} {chance}", f"{certain}; chance of {goal} {chance}", certain
        )
    between = f"{what}: {_show(session, low)} to {_show(session, high)}"
    return fitting(
        f"{between} 8 times in 10; chance of {goal} {chance}",
        f"{between}; chance of {goal} {chance}",
        f"{between}, 8 times in 10",
        between,
    )


def _figures(session: Session, study: Uncertainty) -> None:
    """Draw the middle, the range, and the chances of target and loss, each with its own error."""
    outcome, at = session.outcome, session.outcome.row(session.scenario.horizon)
    fan, plan = study.fan(outcome), float(study.plan(outcome)[at])
    reached, lost = study.reaches(outcome, _target(session, study)), study.loses
    low_error, error, high_error = (_error(session, float(fan.error[row, at])) for row in (0, 2, 4))
    goal = "Chance of the target" if session.target is not None else "Chance of the plan"
    direction = "at most" if outcome.entry.better == "down" else "at least"
    row([
        Card("Middle", _show(session, float(fan.value[2, at])), error, "gray",
             "Half of the runs lie below it. Behind it how far it may be from the exact figure, 99 times in 100.",
             f"plan {_show(session, plan)}"),
        Card("1 in 10 below", _show(session, float(fan.value[0, at])), low_error, "gray",
             "One tenth of the runs lie below it."),
        Card("1 in 10 above", _show(session, float(fan.value[4, at])), high_error, "gray",
             "One tenth of the runs lie above it."),
        Card(goal, _percent(float(reached.value[at])), give_or_take(float(reached.error[at]), "rate"), "gray",
             f"Share of the runs with {direction} {_show(session, _target(session, study))} {outcome_input.when(session)}."),
        Card("Chance of a loss", _percent(float(lost.value[at])) if np.isfinite(lost.value[at]) else "–",
             give_or_take(float(lost.error[at]), "rate"), "gray",
             "Share of the runs whose operating profit of the 12 months up to then is below zero; of the whole company."),
    ], across=5)  # fmt: skip
    small(f"{study.runs:,} runs in {len(study.batches)} independent batches. The errors are those of drawing; they say "
          "nothing about whether the ranges are right.")  # fmt: skip
    apart = float(fan.value[2, at]) - plan
    if abs(apart) > fan.error[2, at]:
        small(f"The plan takes every range at its likely value and every forecast as met. The middle of the runs lies {_show(session, abs(apart))} "
              f"{'above' if apart > 0 else 'below'} it: chances to either side are not alike, and gains and losses do not cancel out where "
              "they multiply or meet a limit.")  # fmt: skip


def _fan(session: Session, study: Uncertainty) -> None:
    outcome = session.outcome
    (p10, p25, p50, p75, p90), plan = study.fan(outcome).value, study.plan(outcome)
    lines = [
        Series(f"10 % {_show(session, p10[-1])}".replace(" %", "\u202f%"), p10, "base", 0, name="1 in 10 below"),
        Series(f"90 % {_show(session, p90[-1])}".replace(" %", "\u202f%"), p90, "base", 0, name="1 in 10 above"),
        Series(f"Plan {_show(session, plan[-1])}", plan, "base", 2, name="Plan"),
        Series(f"Middle {_show(session, p50[-1])}", p50, "scenario", 2.75, bold=True, name="Middle"),
    ]
    money = symbol(session.scenario.company.currency) if outcome.entry.shown_as == "money" else ""
    figure = charts.over_time(dates(session.projection), lines, money=money, rate=outcome.entry.shown_as == "rate",
                              band=(p10, p90), core=(p25, p75), height=318)  # fmt: skip
    figure["layout"]["margin"]["r"] = charts.room_of(lines)
    last = replace(outcome, month=0).when(session.scenario.company, session.scenario.horizon)
    between = (
        f"{outcome_input.name(session)} lies between {_show(session, p10[-1])} and {_show(session, p90[-1])} {last}"
    )
    chart(
        fitting(f"{between}, 8 times in 10", between),
        "Inner band: half of the runs; outer: 8 in 10. Blue line: the middle; grey: the plan itself",
        figure,
        "fan",
    )


def _histogram(session: Session, study: Uncertainty) -> None:
    outcome, target = session.outcome, _target(session, study)
    values = study.at(outcome)
    known = values[np.isfinite(values)]
    if not known.size:
        return
    at = outcome.row(session.scenario.horizon)
    chance = float(study.reaches(outcome, target).value[at])
    plan = float(study.plan(outcome)[at])
    marks = [(target, f"Target {_show(session, target)}")] if session.target is not None else []
    marks += [(plan, f"Plan {_show(session, plan)}")] if np.isfinite(plan) else []
    below = outcome.entry.better == "down"
    money = symbol(session.scenario.company.currency) if outcome.entry.shown_as == "money" else ""
    drawn = uncertainty_charts.Histogram(known, target, below, marks, money, outcome.entry.shown_as == "rate")
    goal = "the target" if session.target is not None else "the plan"
    chart(f"In {_percent(chance)} of the runs {goal} is reached", f"{outcome_input.what(session)}, all runs; "
          "blue: reached", uncertainty_charts.histogram(drawn), "spread")  # fmt: skip


def _matters(session: Session, study: Uncertainty) -> None:
    """Draw which cause explains how much of the spread."""
    rows = study.matters(session.outcome)
    if not rows:
        small(f"None of the ranges moves {outcome_input.what(session)}.")
        return
    labels = ["Forecasts that miss" if one.key == FORECAST else session.scenario.title_of(one.key) for one in rows]
    texts = [f"{_percent(one.share)}{'' if one.key == FORECAST else ', rises with it' if one.correlation > 0 else ', falls as it rises'}"
             for one in rows]  # fmt: skip
    figure = named_above(
        [Row(label, [(one.share, text, "scenario")]) for label, one, text in zip(labels, rows, texts, strict=True)]
    )
    most = f"{agreeing(labels[0], 'matter')} most: {_percent(rows[0].share)} of the spread"
    chart(fitting(f"{labels[0]} {most}", f"{glance(labels[0])} {most}"),
          f"Share of the spread of {outcome_input.what(session)} that each cause explains alone",
          figure, "matters")  # fmt: skip
    together = 1 - sum(one.share for one in rows)
    if session.scenario.doubt.together:
        small("The shares of levers that vary together overlap.")
    elif together > 0.1:
        small(
            f"About {rate(together, 0)} comes from causes that act together. The page What drives it takes that apart."
        )
    st.download_button("CSV of all months", partial(uncertainty_csv, study, session.outcome, session.target),
                       f"{session.scenario.company.id}-uncertainty.csv", "text/csv", key="csv:uncertainty",
                       icon=":material/download:", on_click="ignore")  # fmt: skip


def _definitions() -> None:
    with st.expander("How it is worked out", icon=":material/functions:"):
        st.markdown(escaped(
            "Low and high of a range are the ends between which the value lies with the confidence chosen; the value of the move "
            "is its middle. Shares stay between their bounds, amounts above zero. Ranges of levers are independent unless you "
            "say which vary together. Where forecasts miss, the new ARR of each quarter comes out as its plan times a factor with mean 1 "
            "whose spread is that of the forecast band (lever Forecast accuracy). Each run is a whole projection. Runs are "
            "spread evenly over what may come (Sobol points), always the same for the same scenario. Ranges are yours: the "
            "result is as good as they are, and it leaves out whatever has no range."
        ))  # fmt: skip
