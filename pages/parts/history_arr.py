"""The history of ARR: how it grew, what brought and took it in a year, and each month's movements."""

from __future__ import annotations

import numpy as np
import streamlit as st

from model.company import Numbers
from model.text import alike, numbered, rate, signed
from pages.parts import charts
from pages.parts.blocks import chart, small
from pages.parts.charts import Series
from pages.parts.history_seen import Seen, in_currency, month_of, quarter_of

YEAR, MOST_MONTHS = 12, 36
GAINS = {"new": ("New", "new"), "expansion": ("Expansion", "expansion"), "reactivation": ("Came back", "reactivation")}
LOSSES = {"churn": ("Churn", "churn"), "contraction": ("Contraction", "contraction")}


def draw(seen: Seen) -> None:
    """Draw the history of ARR."""
    moved = _by_month(seen)
    left, right = st.columns([6, 5], gap="medium")
    with left:
        _growth(seen, moved)
    with right:
        _bridge(seen, moved)
    _movements(seen, moved)
    small("All of it is counted from the rows, none estimated: it has no interval. A customer counts from the first month end "
          "with ARR; one who left and pays again came back.")  # fmt: skip


def _by_month(seen: Seen) -> dict[str, Numbers]:
    """Return ARR moved by movement, a value for each month from the first one to the last."""
    rows = seen.rows(seen.facts.movements)
    months = range(int(rows["month"].min()), seen.facts.until + 1)
    sums = rows.groupby(["movement", "month"])["arr"].sum()
    return {
        word: in_currency(np.array([sums.get((word, month), 0) for month in months], float))
        for word in (*GAINS, *LOSSES)
    }


def _net(moved: dict[str, Numbers]) -> Numbers:
    return np.asarray(sum(moved[word] for word in GAINS) - sum(moved[word] for word in LOSSES))


def answer(seen: Seen) -> str:
    """Say where ARR stands and how it grew in the last year."""
    closing = np.cumsum(_net(_by_month(seen)))
    then = f"{seen.money(closing[-1])} of ARR at the end of {month_of(seen.facts.until)}"
    if len(closing) <= YEAR or closing[-1 - YEAR] <= 0:
        return then
    if alike(closing[-1], closing[-1 - YEAR]):
        return f"{then}, as a year before"
    return f"{then}, {signed(rate(closing[-1] / closing[-1 - YEAR] - 1))} in a year"


def _growth(seen: Seen, moved: dict[str, Numbers]) -> None:
    closing = np.cumsum(_net(moved))
    first = seen.facts.until - len(closing) + 1
    dates = [f"{1970 + month // 12}-{month % 12 + 1:02d}" for month in range(first, seen.facts.until + 1)]
    back = min(YEAR, len(closing) - 1)
    then, now, over = closing[-1 - back], closing[-1], numbered(back, "months")
    title = f"ARR {'rose' if now >= then else 'fell'} from {seen.money(then)} to {seen.money(now)} in {over}"
    if alike(now, then):
        title = f"ARR is {seen.money(now)}, as {over} before"
    line = Series(seen.money(closing[-1]), closing, "scenario", 2.75, True, "ARR")
    chart(title, f"ARR at month end, {month_of(first)} to {month_of(seen.facts.until)}{seen.of}",
          charts.over_time(dates, [line], money=seen.symbol, zero=True), "history-arr")  # fmt: skip


def _bridge(seen: Seen, moved: dict[str, Numbers]) -> None:
    closing = np.cumsum(_net(moved))
    year = {word: float(values[-YEAR:].sum()) for word, values in moved.items()}
    opening = float(closing[-1]) - float(_net(moved)[-YEAR:].sum())
    steps = [(month_of(seen.facts.until - YEAR), opening, "base")]
    steps += [(label, year[word], role) for word, (label, role) in GAINS.items() if moved[word].any()]
    steps += [(label, -year[word], role) for word, (label, role) in reversed(LOSSES.items())]
    steps += [(month_of(seen.facts.until), float(closing[-1]), "scenario")]
    texts = [seen.money(amount) if number in (0, len(steps) - 1) else signed(seen.money(amount))
             for number, (_, amount, _) in enumerate(steps)]  # fmt: skip
    gone, came = year["churn"] + year["contraction"], year["expansion"] + year["reactivation"]
    title = f"Customers gave up {seen.money(gone)} and added {seen.money(came)}"
    chart(title, f"ARR over the last 12 months{seen.of}", charts.bridge(steps, texts, height=226), "history-bridge")


def _movements(seen: Seen, moved: dict[str, Numbers]) -> None:
    """Draw gains and losses month by month; by quarter where that would be too many bars."""
    count = len(moved["new"])
    first = seen.facts.until - count + 1
    recent = _net(moved)[-YEAR:]
    title = f"ARR grew in {int((recent > 0).sum())} of the last {numbered(len(recent), 'months')}"
    if count <= MOST_MONTHS:
        names, parts, how = [month_of(first + place, short=True) for place in range(count)], moved, "month"
    else:
        starts = [place for place in range(count) if (first + place) % 3 == 0 and place + 3 <= count]
        names, how = [quarter_of(first + place) for place in starts], "quarter"
        parts = {
            word: np.array([values[place : place + 3].sum() for place in starts]) for word, values in moved.items()
        }
    gains, losses = ([Series(label, parts[word], role) for word, (label, role) in side.items() if parts[word].any()]
                     for side in (GAINS, LOSSES))  # fmt: skip
    figure = charts.stacked(names, gains, losses, money=seen.symbol, height=226)
    figure["layout"]["margin"]["r"] = 104
    chart(title, f"ARR gained and lost by {how}{seen.of}", figure, "history-movements")
