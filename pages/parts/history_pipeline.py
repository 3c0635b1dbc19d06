"""The history of the pipeline: what is created each month, whether it grows, and how long decisions take."""

from __future__ import annotations

from functools import partial

import numpy as np
import streamlit as st

from model.company import Numbers
from model.text import number, rate
from pages.parts import history_figures as figures
from pages.parts.blocks import chart, escaped, small
from pages.parts.charts import Series
from pages.parts.history_figures import Point
from pages.parts.history_seen import Seen, in_currency, month_of

TREND_MONTHS, YEAR = 36, 12
DAYS_SHOWN = 0.995
"""The time axis ends where this share of all decisions is made."""


def answer(seen: Seen) -> str:
    """Say what is won of what is created, and how soon."""
    won, median = seen.measured("eventual_win_rate"), seen.measured("cycle_median")
    if won is None:
        return "The files hold no decided opportunities"
    half = f"; half are decided within {number(median.value, 1)} months" if median else ""
    return f"{seen.shown(won)} of opportunities are won in the end{half}"


def draw(seen: Seen) -> None:
    """Draw opportunities and pipeline by month, and the time to a decision."""
    if not len(seen.facts.created):
        small("There is no file of opportunities.")
        return
    left, right = st.columns(2, gap="medium")
    with left:
        _created(seen)
    with right:
        _amounts(seen)
    _decisions(seen)
    _agreement(seen)


def _agreement(seen: Seen) -> None:
    """Say whether the plan that was made of it begins at the pace of the last year; all segments together."""
    found = seen.result.calibration.agreement
    if found is None:
        return
    small(found.headline)
    for text in found.warnings:
        st.warning(escaped(text), icon=":material/warning:")


def _months(seen: Seen) -> range:
    last = min(seen.facts.until, int(seen.facts.created["month"].max()))
    return range(max(int(seen.facts.created["month"].min()), last - TREND_MONTHS + 1), last + 1)


def _monthly(seen: Seen, column: str) -> Numbers:
    sums = seen.rows(seen.facts.created).groupby("month")[column].sum()
    return np.array([sums.get(month, 0) for month in _months(seen)], float)


def _created(seen: Seen) -> None:
    counts, months, trend = _monthly(seen, "opportunities"), _months(seen), seen.measured("opportunity_trend")
    names = [month_of(month, short=True) for month in months]
    points = [
        Point(name, value, np.nan, np.nan, told=f"{value:,.0f} opportunities")
        for name, value in zip(names, counts, strict=True)
    ]
    if trend is None or not trend.has_interval:
        chart("Too few months to tell a trend of opportunities", f"Opportunities created by month{seen.of}",
              figures.bars(points, role="new"), "history-created")  # fmt: skip
        return
    line, low, high = (_trend(counts, growth) for growth in (trend.value, trend.low, trend.high))
    verb = "grow" if trend.low > 0 else "fall" if trend.high < 0 else "hold, within chance"
    title = f"Opportunities {verb}: {seen.shown(trend)} a year ({seen.between(trend)})"
    band = np.minimum(low, high), np.maximum(low, high)
    figure = figures.bars(points, role="new", line=line, band=band, line_label=f"{line[-1]:,.0f} a month")
    chart(
        title, f"Opportunities created by month; line: trend, shaded: 90 % interval{seen.of}", figure, "history-created"
    )


def _trend(counts: Numbers, growth: float) -> Numbers:
    """Return the line of a growth a year that has the same sum as the counts, as its fit has."""
    line = (1 + growth) ** (np.arange(len(counts)) / YEAR)
    return np.asarray(line * counts.sum() / line.sum())


def _amounts(seen: Seen) -> None:
    amounts, months, mean = in_currency(_monthly(seen, "amount")), _months(seen), seen.measured("pipeline_per_month")
    names = [month_of(month, short=True) for month in months]
    points = [
        Point(name, value, np.nan, np.nan, told=seen.money(value)) for name, value in zip(names, amounts, strict=True)
    ]
    if mean is None:
        chart("The open opportunities have no amounts", f"Pipeline created by month{seen.of}",
              figures.bars(points, role="new", money=seen.symbol), "history-amounts")  # fmt: skip
        return
    year = np.where(np.arange(len(amounts)) >= len(amounts) - YEAR, mean.value, np.nan)
    between = f" ({seen.between(mean)})" if mean.has_interval else ""
    band = (np.where(np.isnan(year), np.nan, mean.low), np.where(np.isnan(year), np.nan, mean.high))
    figure = figures.bars(points, role="new", money=seen.symbol, line=year, band=band if mean.has_interval else None,
                          line_label=seen.shown(mean))  # fmt: skip
    chart(f"{seen.shown(mean)} of pipeline is created a month{between}",
          f"Amounts of opportunities by month; line: mean of 12 months, shaded: 90 % interval{seen.of}", figure, "history-amounts")  # fmt: skip


def _decisions(seen: Seen) -> None:
    from model.history.measuring.cohorts import Curve
    from model.history.measuring.decisions import DAYS_PER_MONTH, by_day, curve
    from model.history.measuring.intervals import jackknife

    days, parts = by_day(seen.rows(seen.facts.decisions))
    whole = curve(days, parts.sum(axis=0))
    if not parts[:, :, :2].any():
        small("No opportunity is decided yet.")
        return
    decided = 1 - whole.undecided
    end = float(days[int(np.searchsorted(decided, DAYS_SHOWN * decided[-1]))]) / DAYS_PER_MONTH
    times = np.linspace(0, max(np.ceil(end), 1.0), 121)
    place = np.searchsorted(days / DAYS_PER_MONTH, times, side="right")

    def at_times(counts: Numbers, outcome: str) -> list[float]:
        found = curve(days, counts)
        values = found.won if outcome == "won" else 1 - found.undecided
        shares: list[float] = np.concatenate([[0.0], values])[place].tolist()
        return shares

    def estimated(outcome: str) -> Curve:
        return Curve.of(times, jackknife(parts, lambda counts: at_times(counts, outcome)))

    curves: dict[str, Curve] = {
        word: seen.result.once(("decisions", seen.segment, word), partial(estimated, word))
        for word in ("decided", "won")
    }
    roles = {"decided": ("Decided", "base"), "won": ("Won", "scenario")}
    lines = [Series(f"■ {label} {rate(float(curves[word].share[-1]), 0)}", curves[word].share, role, 2.5, word == "won", label)
             for word, (label, role) in roles.items()]  # fmt: skip
    bands = [(curves[word].low, curves[word].high, role) for word, (_, role) in roles.items()]
    figure = figures.shares(times, lines, bands=bands, every=max(1.0, float(np.ceil(end / 5))), unit="mo", height=226)
    figure["layout"]["margin"]["r"] = 116
    won, cycle, still = seen.measured("eventual_win_rate"), seen.measured("sales_cycle"), int(parts[:, :, 2].sum())
    title = (
        f"{seen.shown(won)} are won in the end ({seen.between(won)})"
        if won and won.has_interval
        else "What becomes of opportunities"
    )
    to_won = seen.measured("time_to_won")
    title += f"; a decision takes {number(cycle.value, 1)} months" if cycle else ""
    title += f", a win {number(to_won.value, 1)}" if cycle and to_won else ""
    chart(title, f"Share decided and won by months since creation; {still:,} open ones count as not decided yet; shaded: 90 % interval{seen.of}",
          figure, "history-decisions")  # fmt: skip
