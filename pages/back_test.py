"""Back-test: how far a projection would have missed, had it been made some months ago."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import streamlit as st

from model.company import Numbers
from model.text import alike, money, month_name, numbered, rate, signed, symbol
from pages.parts import charts, trust_charts
from pages.parts.back_testing import BackTesting, back_test_samples, testing
from pages.parts.blocks import chart, escaped, few, head, small
from pages.parts.cards import Card, Colour, row
from pages.parts.charts import Series
from pages.parts.much_aside import much_set_aside
from pages.parts.own_data import OwnData, current
from pages.parts.state import Session

if TYPE_CHECKING:
    from model.history.trust.backtest import BackTest, Trial

QUESTION = "How far would a projection have missed, had it been made some months ago?"
SEEN_BEFORE = 18
MOVEMENTS = {"new": "New customers", "expansion": "Expansion", "contraction": "Contraction", "churn": "Churn"}


def page(session: Session) -> None:
    """Draw the page."""
    own, asked = current(), testing()
    if asked.found is None or own.result is None or asked.of is not own.result:
        _not_yet(session, own, asked)
        return
    place = st.container()
    trial = _chosen(asked.found)
    with place:
        head(_answer(asked.found), _where(own, trial), QUESTION)
        much_set_aside(own.result)
    currency = own.result.company.currency
    _figures(trial)
    left, right = st.columns([6, 5], gap="medium")
    with left:
        _arr(trial, currency)
    with right:
        _rules(trial)
        _movements(trial, currency)
    _all_trials(asked.found)
    _background()


def _not_yet(session: Session, own: OwnData, asked: BackTesting) -> None:
    """Say what the page would show, and offer the way to it."""
    ready = own.result is not None
    if asked.wanted or asked.work:
        head("Months are being hidden, one trial after the other; the answer appears here", "Back-test", QUESTION)
        return
    head("The model has not been held against your past yet" if ready else
         "A back-test needs a history: give your own, or try the sample exports", "Back-test", QUESTION)  # fmt: skip
    small("It hides the last 6 to 18 months of subscriptions, measures a company on the rest without any hand on it, projects, and "
          "compares with what happened. Two rules that need no model do the same: ARR stays as it was, and its growth goes on.")  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="center"):
        if ready:
            st.button("Run the back-test", key="back-test-run", type="primary", icon=":material/replay:", disabled=own.measuring,
                      on_click=session.operations.append, args=(_start,))  # fmt: skip
        else:
            st.button("Try the sample exports", key="back-test-samples", type="primary", icon=":material/science:", disabled=own.measuring,
                      on_click=session.operations.append, args=(back_test_samples,))  # fmt: skip
        st.page_link(st.session_state["pages"]["company"], label="Give your own on the page Company",
                     icon=":material/arrow_forward:", query_params=session.address())  # fmt: skip
    small("It runs on what was given on the page Company, in the memory of this tab." if ready
          else "The samples are made up. Your own files stay in the memory of this tab.")  # fmt: skip
    for problem in few([*own.problems, *asked.problems]):
        st.error(escaped(problem), icon=":material/error:")


def _start(_: Session) -> None:
    if (result := current().result) is not None:
        testing().start(result)


def _where(own: OwnData, trial: Trial) -> str:
    """Say whose data they are, and with which month they end: the opening month given where they were measured."""
    year, month = map(int, trial.months[-1].split("-"))
    whose = "Sample exports, made up" if own.made_up else "Your own data, in this tab only"
    return f"Back-test · {whose}, up to {month_name(year, month)}"


def _chosen(found: BackTest) -> Trial:
    """Ask how many months are hidden; the choice is of the page, not of the scenario."""
    by_hidden = {trial.hidden: trial for trial in found.trials}
    middle = 12 if 12 in by_hidden else list(by_hidden)[len(by_hidden) // 2]
    hidden = st.segmented_control("Months hidden", list(by_hidden), default=middle, required=True, key="hidden",
                                  persist_state="session")  # fmt: skip
    return by_hidden.get(hidden or middle, by_hidden[middle])


def _answer(found: BackTest) -> str:
    """Say how far the model missed over all trials, so that no choice of months flatters it."""
    model, growth = (rate(found.missed(rule)) for rule in ("plan", "last_growth"))
    trials = f"Over {len(found.trials)} trials" if len(found.trials) > 1 else "In one trial"
    if alike(1 + found.missed("plan"), 1):
        return f"{trials}, ARR came as the model said; carrying growth on missed it by {growth}"
    return f"{trials}, the model missed ARR by {model}; carrying growth on, by {growth}"


def _figures(trial: Trial) -> None:
    """Draw how the model did beside the better of the two simple rules."""
    mine, growth, value = (trial.score(rule) for rule in ("plan", "last_growth", "last_value"))
    best, name = min((growth, "last growth"), (value, "last value"), key=lambda pair: pair[0].missed)
    colour = _better(mine.missed, best.missed)
    inside = round(mine.held * trial.hidden)
    row([
        Card("Missed, on average", rate(mine.missed), rate(best.missed), colour,
             "Mean of |forecast − actual| ÷ actual ARR over the hidden months.", against=f"by {name}"),
        Card("Missed, last month", rate(mine.at_end), rate(best.at_end), _better(mine.at_end, best.at_end),
             "The same in the last hidden month.", against=f"by {name}"),
        Card("Bias", signed(rate(mine.bias)), signed(rate(best.bias)), _better(abs(mine.bias), abs(best.bias)),
             "Mean of (forecast − actual) ÷ actual ARR. Above zero, too much was said; below, too little.", against=f"by {name}"),
        Card("Band held", f"{inside} of {numbered(trial.hidden, 'months')}", rate(mine.held, 0), "gray",
             "Months whose ARR lay inside the band, which promises 80 %. Months hang together, so one trial says little.",
             against="80\u202f% promised"),
    ], across=4)  # fmt: skip


def _better(mine: float, other: float) -> Colour:
    return "gray" if mine == other else "green" if mine < other else "red"


def _arr(trial: Trial, currency: str) -> None:
    before = trial.known[-SEEN_BEFORE:]
    start = len(before) - 1

    def after(values: Numbers) -> Numbers:
        """Return a forecast from the last known month on."""
        return np.concatenate([np.full(start, np.nan), before[-1:], values])

    plan = trial.forecasts["plan"]
    end = float(trial.actual[-1])
    lines = [
        Series("Last value", after(trial.forecasts["last_value"].arr), "base", 1.25),
        Series("Last growth", after(trial.forecasts["last_growth"].arr), "base", 1.25),
        Series(f"Model {money(float(plan.arr[-1]), currency)}", after(plan.arr), trust_charts.PLAN, 2.25, name="Model"),
        Series(f"Actual {money(end, currency)}", np.concatenate([before, trial.actual]), trust_charts.ACTUAL, 2.75,
               True, "Actual"),
    ]  # fmt: skip
    gap = end - float(plan.arr[-1])
    title = f"ARR ended {money(abs(gap), currency)} {'above' if gap >= 0 else 'below'} what the model said"
    if alike(end, float(plan.arr[-1])):
        title = f"ARR ended at {money(end, currency)}, as the model said"
    figure = charts.over_time(_dates(trial, len(before)), lines, money=symbol(currency), height=360,
                              band=(after(plan.low), after(plan.high)))  # fmt: skip
    figure["layout"]["margin"]["r"] = 112
    chart(
        title, "ARR at month end. Shaded: 80 % of the draws; grey: the two rules that need no model", figure, "hidden"
    )


def _dates(trial: Trial, known: int) -> list[str]:
    """Return the months shown, known ones first, as "2026-01"."""
    year, month = map(int, trial.months[0].split("-"))
    first = year * 12 + month - 1 - known
    return [f"{at // 12}-{at % 12 + 1:02d}" for at in range(first, first + known + trial.hidden)]


def _rules(trial: Trial) -> None:
    from model.history.trust.backtest import RULES

    missed = {rule: trial.score(rule).missed for rule in RULES}
    beaten = [name for rule, name in RULES.items() if rule != "plan" and missed["plan"] < missed[rule]]
    title = {
        2: "The model comes closer than both simple rules",
        1: f"Of the two simple rules, the model comes closer than {(beaten or [''])[0].lower()} only",
        0: "Both simple rules would have come closer",
    }[len(beaten)]
    if all(alike(1 + one, 1 + missed["plan"]) for one in missed.values()):
        title = "The model and both simple rules miss by the same"
    figure = trust_charts.misses(list(RULES.values()), list(missed.values()), [rate(one) for one in missed.values()])
    chart(title, "Mean miss of ARR over the hidden months, in per cent of actual", figure, "rules")


def _movements(trial: Trial, currency: str) -> None:
    sums = {name: (float(actual.sum()), float(plan.sum())) for name, (actual, plan) in trial.movements.items()}
    worst = max(sums, key=lambda name: abs(sums[name][0] - sums[name][1]))
    came, said = (money(amount, currency) for amount in sums[worst])
    texts = [(money(actual, currency), money(plan, currency)) for actual, plan in sums.values()]
    figure = trust_charts.pairs([MOVEMENTS[name] for name in sums], list(sums.values()), texts, height=204)
    title = f"{MOVEMENTS[worst]} missed most: {said} said, {came} came"
    if all(came == said for came, said in texts):
        title = "Every movement came as the model said"
    chart(title,
          "ARR movements of the hidden months: the model's in colour, actual beside it", figure, "movements",
          alt="; ".join(f"{MOVEMENTS[name]}: {text[1]} said, {text[0]} came" for name, text in zip(sums, texts, strict=True)))  # fmt: skip


def _all_trials(found: BackTest) -> None:
    """List every trial, how far each rule missed, and how often the band held in all; the CSV has the months."""
    from model.history.trust.backtest import RULES, backtest_csv

    held = found.held()
    verdict = (
        "about what it promises"
        if abs(held - 0.8) <= 0.05
        else "fewer than it promises"
        if held < 0.8
        else "more than it promises"
    )
    st.markdown(f"## The 80 % band held {rate(held, 0)} of all hidden months, {verdict}")
    small("The trials overlap, so they are not so many independent looks. One company's past cannot prove a band; on simulated companies "
          "it held 73 to 77 % of the months.")  # fmt: skip
    rows = [
        {"Months hidden": str(trial.hidden), "From": trial.months[0]}
        | {f"{name} missed": rate(trial.score(rule).missed) for rule, name in RULES.items()}
        | {"Bias of the model": signed(rate(trial.score("plan").bias)), "Band held": rate(trial.score("plan").held, 0)}
        for trial in found.trials
    ]  # fmt: skip
    st.dataframe(pd.DataFrame(rows), hide_index=True, height=3 + 35 * (len(rows) + 1), row_height=35, key="trials")
    for one in found.refused:
        small(str(one))
    st.download_button("Every hidden month as CSV", backtest_csv(found), "back-test.csv", "text/csv", key="back-test-csv",
                       on_click="ignore", icon=":material/download:")  # fmt: skip


def _background() -> None:
    with st.expander("How it is done, and what the band leaves out", icon=":material/functions:"):
        st.markdown("\n".join(f"- {escaped(text)}" for text in HOW))


HOW = (
    "Known at the time: rows that begin later do not count; what was decided or ended later was open or running then. A test changes "
    "everything after that day and finds the same projection.",
    "The company is measured as on the page Company, on that much less data, with nothing set by hand.",
    "The band draws each measured value from its interval: shares as log odds, amounts and counts as logarithms. On top of that it "
    "draws the chance of small numbers: how many customers each movement takes a month, and how large they are.",
    "It leaves out: values that come from the template, that measured values hang together, and that a trend may break.",
    "Last value: ARR stays as it last was. Last growth: the growth of the last 12 months goes on, compounded monthly.",
    "A trial needs 12 months before those hidden, and 30 customers when they begin; where it has fewer it is refused by name.",
)
