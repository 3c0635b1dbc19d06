"""The history's look ahead: which ARR comes due for renewal when, by contract term."""

from __future__ import annotations

import numpy as np
import streamlit as st

from model.text import numbered
from pages.parts import charts
from pages.parts.blocks import chart, small
from pages.parts.charts import Series
from pages.parts.history_figures import clear
from pages.parts.history_seen import Seen, in_currency, month_of
from pages.parts.theme import colours

AHEAD, YEAR, LIGHTEST, MOST_TERMS = 24, 12, 0.35, 5


def answer(seen: Seen) -> str:
    """Say how much comes due soon."""
    soon, year = seen.measured("due_in_3_months"), seen.measured("due_in_12_months")
    if soon is None or year is None:
        return "When ARR comes due cannot be said: the files have no contract terms"
    return f"{seen.shown(soon)} of ARR comes due within 3 months, {seen.shown(year)} within 12"


def draw(seen: Seen) -> None:
    """Draw the renewal calendar and the terms."""
    rows = seen.rows(seen.facts.terms)
    known = rows[rows["term"] > 0]
    if not len(known):
        small("The renewal calendar needs a column with the term of each contract, or its billing period.")
        return
    left, right = st.columns([7, 4], gap="medium")
    with left:
        _calendar(seen)
    with right:
        _terms(seen)
    unknown = float(in_currency(rows.loc[rows["term"] <= 0, "arr"].sum()))
    told = f" {seen.money(unknown)} of ARR has no known term and stands in no month." if unknown else ""
    small(f"Counted from the contracts that run at the end of {month_of(seen.facts.until)}, none estimated.{told}")


def _calendar(seen: Seen) -> None:
    until, rows = seen.facts.until, seen.rows(seen.facts.terms)
    ahead = rows[(rows["term"] > 0) & rows["due"].between(until + 1, until + AHEAD)]
    months = range(until + 1, until + AHEAD + 1)
    names = [month_of(month, short=True) for month in months]
    due = ahead.groupby(["term", "due"])["arr"].sum()
    terms = sorted(ahead["term"].unique().tolist())
    parts = [
        Series(_term(term), in_currency(np.array([due.get((term, month), 0) for month in months])), "scenario")
        for term in terms
    ]
    total = sum((part.values for part in parts), np.zeros(AHEAD))
    peak = int(total.argmax())
    title = f"{month_of(until + 1 + peak)} is the largest month: {seen.money(total[peak])} comes due"
    figure = charts.stacked(names, parts, [], money=seen.symbol, height=258)
    _shade(figure, len(parts))
    figure["layout"]["margin"]["r"] = 96
    chart(title if len(parts) else f"Nothing comes due within {AHEAD} months",
          f"ARR due for renewal by month and contract term, next {AHEAD} months{seen.of}", figure, "history-calendar")  # fmt: skip


def _shade(figure: charts.Figure, count: int) -> None:
    """Draw terms in shades of one colour, the longest the darkest."""
    colour = colours()["scenario"]
    for place, (trace, note) in enumerate(zip(figure["data"], figure["layout"]["annotations"], strict=True)):
        shade = clear(colour, LIGHTEST + (1 - LIGHTEST) * (place + 1) / count)
        trace["marker"]["color"] = shade
        note["text"] = note["text"].replace(colour, shade)
        note["font"]["color"] = colours()["ink"]


def _term(months: int) -> str:
    return numbered(months, "months")


def _terms(seen: Seen) -> None:
    rows = seen.rows(seen.facts.terms)
    arr = in_currency(rows.groupby("term")["arr"].sum().sort_values(ascending=False))
    names = [
        _term(int(term)) if term > 0 else "Not known"
        for term in rows.groupby("term")["arr"].sum().sort_values(ascending=False).index
    ]
    whole = float(arr.sum()) or 1.0
    texts = [f"{seen.money(float(amount))}, {100 * amount / whole:.0f}\u202f%" for amount in arr]
    title = (
        f"{texts[0].split(', ')[1]} of ARR is in contracts of {names[0]}"
        if names[0] != "Not known"
        else "Most ARR has no known term"
    )
    figure = charts.ranked(names[:MOST_TERMS], arr[:MOST_TERMS].tolist(), texts[:MOST_TERMS], height=258, left=84)
    figure["layout"]["margin"]["r"] = 104
    chart(title, f"ARR by contract term{seen.of}", figure, "history-terms")
