"""The history of leads, payments and forecasts."""

from __future__ import annotations

import numpy as np
import streamlit as st

from model.text import number, rate
from pages.parts import charts
from pages.parts import history_figures as figures
from pages.parts.blocks import chart, small
from pages.parts.charts import Series
from pages.parts.history_figures import Point
from pages.parts.history_seen import Seen, in_currency, quarter_of
from pages.parts.theme import colours

FEW, QUARTERS = 30, 12


def answer(seen: Seen) -> str:
    """Say what leads, payments and forecasts show, the first of them that is there."""
    found = (("lead_conversion", "{} of leads convert"), ("payment_failure_rate", "{} of card ARR fails in a month"),
             ("forecast_accuracy", "forecasts are {} right"))  # fmt: skip
    told = [text.format(seen.shown(one)) for name, text in found if (one := seen.measured(name))]
    return "; ".join(told) if told else "The files hold no leads, payments or forecasts"


def draw(seen: Seen) -> None:
    """Draw conversion by score, payments that fail, and forecasts beside what came."""
    left, right = st.columns(2, gap="medium")
    with left:
        _scores(seen)
    with right:
        _payments(seen)
    _forecasts(seen)


def _missing(title: str, wants: str) -> None:
    st.markdown(f"## {title} cannot be measured from these files")
    small(f"It needs {wants}.")


def _scores(seen: Seen) -> None:
    bands = seen.every("lead_conversion_by_score")
    if not bands:
        _missing("Conversion by score", "a file of leads with scores")
        return
    points = [Point(one.of.replace("fifth ", "Fifth ").replace(", ", ": scores "), one.value, one.low, one.high, one.enough,
                    seen.shown(one), f"{one.n:,} leads, {seen.between(one)}") for one in reversed(bands)]  # fmt: skip
    low, high = bands[0], bands[-1]
    title = f"The best fifth by score converts {seen.shown(high)}, the last {seen.shown(low)}"
    if low.has_interval and high.has_interval and high.low <= low.high:
        title = "The score does not tell leads apart beyond chance"
    chart(title, f"Leads converted by fifth of their score, with 90 % intervals{seen.of}",
          figures.dots(points, left=168, right=66, height=198), "history-scores")  # fmt: skip


def _payments(seen: Seen) -> None:
    failing, back = seen.measured("payment_failure_rate"), seen.measured("dunning_recovery")
    if failing is None:
        _missing("Failed payments", "a file of card payments with the attempts that failed")
        return
    rows = seen.rows(seen.facts.payments)
    card = rows[rows["card"].astype(bool)]
    sums = (
        card.assign(quarter=card["month"] - card["month"] % 3)
        .groupby("quarter")[["amount", "failed", "recovered"]]
        .sum()
        .tail(QUARTERS)
    )
    names = [quarter_of(int(start)) for start in sums.index]
    recovered, lost = in_currency(sums["recovered"]), in_currency(sums["failed"] - sums["recovered"])
    title = f"{seen.shown(failing)} of card ARR fails in a month"
    if back is not None:
        title += f"; {seen.shown(back)} of it is recovered" + (f" ({seen.between(back)})" if back.has_interval else "")
    figure = charts.stacked(names, [Series("Recovered", recovered, "expansion"), Series("Lost", lost, "involuntary")], [],
                            money=seen.symbol, height=198)  # fmt: skip
    figure["layout"]["margin"]["r"] = 96
    chart(title, f"Card payments whose first attempt failed, by quarter{seen.of}", figure, "history-payments")


def _forecasts(seen: Seen) -> None:
    accuracy = seen.measured("forecast_accuracy")
    if accuracy is None:
        _missing("Forecast accuracy", "forecasts by quarter, as they were before it began")
        return
    rows = seen.rows(seen.facts.forecasts)
    full = rows[rows["quarter"] + 2 <= seen.facts.until].groupby("quarter")[["forecast", "actual"]].sum().tail(QUARTERS)
    names = [quarter_of(int(start)) for start in full.index]
    told, came = in_currency(full["forecast"]), in_currency(full["actual"])
    between = f" ({seen.between(accuracy)})" if accuracy.has_interval else ""
    bias = float(came.sum() / told.sum() - 1) if told.sum() else 0.0
    title = f"Forecasts are {seen.shown(accuracy)} right{between}"
    title += f"; sales come in {rate(abs(bias), 0)} {'above' if bias > 0 else 'below'}" if abs(bias) >= 0.005 else ""
    points = [Point(name, value, np.nan, np.nan, told=f"Came {seen.money(value)}, forecast {seen.money(said)}")
              for name, value, said in zip(names, came, told, strict=True)]  # fmt: skip
    figure = figures.bars(points, role="new", money=seen.symbol, height=226)
    figure["data"].append({"type": "scatter", "mode": "markers", "x": names, "y": told.tolist(), "hoverinfo": "skip",
                           "marker": {"symbol": "line-ew-open", "size": 26, "color": colours()["ink"], "line": {"width": 3, "color": colours()["ink"]}}})  # fmt: skip
    high = 1.08 * float(max(told.max(initial=0.0), came.max(initial=0.0)))
    figure["layout"]["yaxis"] |= {"range": [0, high or 1.0]}
    chart(
        title,
        f"New ARR by quarter; dash: forecast of {number(len(names))} quarters{seen.of}",
        figure,
        "history-forecasts",
    )
