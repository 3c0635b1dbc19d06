"""What is created and at which price it is won: opportunities by month, selling price, discount, slips, owners."""

from __future__ import annotations

from collections.abc import Iterator

from model.company import Numbers
from model.history.asking.facts import Facts
from model.history.measuring.intervals import jackknife, student, trend, wilson
from model.history.measuring.measure import Measured, found, measures
from model.history.measuring.slices import (
    by_part,
    by_segment,
    in_months,
    money,
    monthly,
    new_business,
    ratio,
    span,
    stretch,
    total,
)
from model.rates import YEAR

TREND_MONTHS = 36


def pipeline_measures(facts: Facts) -> Iterator[Measured]:
    """Yield all that opportunities show besides what becomes of them."""
    yield from _created(facts)
    yield from _won(facts)
    yield from _prices(facts)
    for segment, rows in by_segment(facts, facts.slips):
        moved = float((rows["quarters"] * rows["opportunities"]).sum())
        decided = int(total(rows[~rows["still_open"].astype(bool)], "opportunities"))
        value = ratio(moved, moved + decided)
        yield from found("slip_rate", segment, value, decided, _decided_in(facts), wilson(moved, moved + decided))
    if len(facts.owners):
        last = facts.owners[facts.owners["month"] <= facts.until].sort_values("month").tail(1)
        for month, owners in zip(last["month"].tolist(), last["year_owners"].tolist(), strict=True):
            if owners:
                yield from found("owners", "", owners, owners, span(month - YEAR + 1, month))


def _decided_in(facts: Facts) -> str:
    months = facts.prices["month"]
    return span(int(months.min()), int(months.max())) if len(months) else ""


def _created(facts: Facts) -> Iterator[Measured]:
    if not len(facts.created):
        return
    first, last = new_business(facts)
    oldest = max(int(facts.created["month"].min()), last - TREND_MONTHS + 1)
    for segment, rows in by_segment(facts, facts.created):
        counts, period = monthly(rows, "opportunities", first, last), span(first, last)
        n = int(counts.sum())
        yield from found("opportunities_per_month", segment, float(counts.mean()), n, period, student(counts))
        amounts = monthly(rows, "amount", first, last) / 100
        priced = int(total(in_months(rows, first, last), "priced"))
        if amounts.any():
            yield from found("pipeline_per_month", segment, float(amounts.mean()), priced, period, student(amounts))
        growth, ends = trend(monthly(rows, "opportunities", oldest, last))
        yield from found("opportunity_trend", segment, growth, last - oldest + 1, span(oldest, last), ends)


def _won(facts: Facts) -> Iterator[Measured]:
    """Yield what of the decisions is won, what that brings, and how much of it goes to accounts that won before."""
    if not len(facts.prices) or not total(facts.prices, "won"):
        return
    first, last = new_business(facts)
    for segment, rows in by_segment(facts, in_months(facts.prices, first, last)):
        won, decided, named = (int(total(rows, name)) for name in ("won", "decided", "named"))
        period, again = span(first, last), named - total(rows, "accounts")
        yield from found("win_rate", segment, ratio(won, decided), decided, period, wilson(won, decided))
        yield from found("repeat_wins", segment, ratio(again, named), named, period, wilson(again, named))
        year = max(first, last - YEAR + 1), last
        amounts, n = monthly(rows, "amount", *year) / 100 * YEAR, int(total(in_months(rows, *year), "priced"))
        if amounts.any():
            yield from found("won_arr", segment, float(amounts.mean()), n, span(*year), student(amounts))


def _prices(facts: Facts) -> Iterator[Measured]:
    if not len(facts.prices):
        return
    first, last = new_business(facts)
    columns = ("priced", "amount", "listed", "list_amount", "listed_amount")
    least = measures()["average_selling_price"].least
    for segment, own in by_segment(facts, facts.prices):
        begin = stretch(own, "priced", first, last, least) if segment else first
        rows, period = in_months(own, begin, last), span(begin, last)
        (price, price_ends), (discount, discount_ends) = jackknife(by_part(rows, columns), _price_and_discount)
        yield from found("average_selling_price", segment, price, int(total(rows, "priced")), period, price_ends)
        yield from found("discount", segment, discount, int(total(rows, "listed")), period, discount_ends)


def _price_and_discount(sums: Numbers) -> tuple[float, float]:
    priced, amount, _, list_amount, listed_amount = sums.tolist()
    return ratio(money(amount), priced), 1 - ratio(listed_amount, list_amount)
