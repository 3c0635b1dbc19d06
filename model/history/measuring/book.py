"""The book of customers and its movements: what it holds, how it came about, what of it is left a year later."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from model.company import Book, Numbers
from model.history.asking.facts import MOVEMENTS, Facts
from model.history.measuring.intervals import jackknife, none_in, student, wilson
from model.history.measuring.measure import NONE, Measured, found, measures
from model.history.measuring.slices import by_part, by_segment, in_months, money, monthly, ratio, span, stretch, total
from model.history.schema import CENTS, month_text
from model.rates import YEAR

SIGN = {"new": 1, "expansion": 1, "contraction": -1, "churn": -1, "reactivation": 1}
FEWEST = 5
"""A sale month of the opening book has at least so many customers of its segment, unless the segment has fewer."""
CUSTOMERS = {"new": 1, "expansion": 0, "contraction": 0, "churn": -1, "reactivation": 1}


def opening_books(facts: Facts) -> dict[str, Book]:
    """Return ARR and customers at the end of the last month by sale month, for each segment that has any.

    Months are pooled until there are `FEWEST` customers in each, so that no contract can be read from a file or a link.
    """
    books: dict[str, Book] = {}
    for segment in facts.segments:
        rows = facts.movements
        own = rows if len(facts.segments) == 1 else rows[rows["segment"] == segment]
        arr = (own["arr"] * own["movement"].map(SIGN)).groupby(own["sold"]).sum()
        customers = (own["customers"] * own["movement"].map(CUSTOMERS)).groupby(own["sold"]).sum()
        pools = _pooled(
            {month: (float(arr[month]), float(customers[month])) for month in sorted(arr.index) if arr[month] > 0}
        )
        if pools:
            books[segment] = {
                "arr": {month_text(month): float(round(money(amount))) for month, amount, _ in pools},
                "customers": {month_text(month): count for month, _, count in pools},
            }
    return books


def _pooled(months: Mapping[int, tuple[float, float]]) -> list[tuple[int, float, float]]:
    """Return month, ARR and customers of pooled months, each pool at its own month nearest to the mean of its ARR.

    The same month of neighbouring years first, so that most renewals stay in their month; what is left of too few years, with
    its neighbours. The last pool takes in those left over; totals stay as they are.
    """
    enough, left = list[list[int]](), list[int]()
    for in_year in range(YEAR):
        *pools, few = _together([month for month in months if month % YEAR == in_year], months)
        if few and pools:
            pools[-1] += few
        enough, left = enough + pools, left + ([] if pools else few)
    *pools, few = _together(sorted(left), months)
    enough += pools
    if few and enough:
        nearest = min(enough, key=lambda pool: min(abs(one - other) for one in pool for other in few))
        nearest += few
    elif few:
        enough = [few]
    found = []
    for pool in enough:
        arr, customers = (sum(months[one][at] for one in pool) for at in (0, 1))
        mean = sum(one * months[one][0] for one in pool) / arr
        found.append((min(pool, key=lambda one: abs(one - mean)), arr, customers))
    return sorted(found)


def _together(those: Sequence[int], months: Mapping[int, tuple[float, float]]) -> list[list[int]]:
    """Return pools of months in their order, each with `FEWEST` customers, and in the end one with the rest, or with none."""
    pools: list[list[int]] = [[]]
    for month in those:
        pools[-1].append(month)
        if sum(months[one][1] for one in pools[-1]) >= FEWEST:
            pools.append([])
    return pools


def book_measures(facts: Facts) -> Iterator[Measured]:
    """Yield the opening book, how it grew, and the rates that follow from the totals of its movements."""
    for segment, rows in by_segment(facts, facts.movements):
        customers = int((rows["customers"] * rows["movement"].map(CUSTOMERS)).sum())
        arr = float((rows["arr"] * rows["movement"].map(SIGN)).sum())
        now = month_text(facts.until)
        yield from found("opening_arr", segment, money(arr), customers, now)
        yield from found("opening_customers", segment, customers, customers, now)
        yield from _movement_measures(facts, segment, rows, customers)
        yield from _newcomers(facts, segment, rows[rows["movement"] == "new"], customers)
        left, back = (rows[rows["movement"] == word] for word in ("churn", "reactivation"))
        if len(rows):
            share = ratio(total(back, "arr"), total(left, "arr"))
            period = span(int(rows["month"].min()), facts.until)
            yield from found("reactivated_share", segment, share, int(left["customers"].sum()), period)


def amounts_change(facts: Facts) -> bool:
    """Return whether a customer ever paid more or less than before.

    Where none did, the rows may have the amounts of today alone: nothing says what customers gained or gave up, nor what
    they brought a year ago.
    """
    return bool(facts.movements["movement"].isin(["expansion", "contraction"]).any())


def _movement_measures(facts: Facts, segment: str, rows: pd.DataFrame, customers: int) -> Iterator[Measured]:
    """Yield what totals of 12 months say: growth, quick ratio, and the rival definitions of GRR and NRR; growth and NRR where amounts change."""
    change_known = amounts_change(facts)
    first, last = facts.until - YEAR + 1, facts.until
    period = span(first, last)
    by_month = {word: monthly(rows[rows["movement"] == word], "arr", first, last) for word in MOVEMENTS}
    year = {word: float(arr.sum()) for word, arr in by_month.items()}
    recent = rows["month"] >= first
    events = int(rows.loc[recent & rows["movement"].isin(["expansion", "contraction", "churn"]), "customers"].sum())
    gained = year["new"] + year["expansion"] + year["reactivation"]
    quick = ratio(gained, year["contraction"] + year["churn"])
    yield from found("quick_ratio", segment, quick, int(rows.loc[recent, "customers"].sum()), period)
    opening = float((rows["arr"] * rows["movement"].map(SIGN))[~recent].sum())
    if opening <= 0:
        return
    net = sum(SIGN[word] * arr for word, arr in year.items())
    if change_known:
        yield from found("arr_growth", segment, net / opening, customers, period)
    changes = sum(SIGN[word] * arr for word, arr in by_month.items())
    openings = opening + np.concatenate([[0.0], np.cumsum(changes)[:-1]])
    for name, grown in (("grr", 0.0), ("nrr", 1.0))[: 1 + change_known]:
        change = grown * by_month["expansion"] - by_month["contraction"] - by_month["churn"]
        yield from found(f"{name}_movements", segment, 1 + float(change.sum()) / opening, events, period)
        if (openings > 0).all():
            yield from found(f"{name}_monthly", segment, float(np.prod(1 + change / openings)), events, period)


def _newcomers(facts: Facts, segment: str, rows: pd.DataFrame, there: int) -> Iterator[Measured]:
    """Yield how many customers come a month, what they bring in a year, and with how much each; `there` is how many there are.

    Months in which nothing moved count: that nobody came in a whole year, to a book of many, is an answer.
    """
    if not len(facts.movements):
        return
    last = facts.until
    first = max(last - YEAR + 1, min(last, int(facts.movements["month"].min())))
    customers, arr = monthly(rows, "customers", first, last), monthly(rows, "arr", first, last)
    count, period = int(customers.sum()), span(first, last)
    nobody = not count and last - first + 1 == YEAR and there >= measures()["new_customers"].least
    ends = none_in(YEAR) if nobody else student(customers)
    yield from found("new_customers", segment, float(customers.mean()), count, period, ends, sure=nobody)
    yearly = arr / CENTS * YEAR
    yield from found("new_arr", segment, float(yearly.mean()), count, period, student(yearly) if count else NONE)
    begin = stretch(rows, "customers", first, last, measures()["first_arr"].least) if segment and len(rows) else first
    lately = in_months(rows, begin, last)
    each, count = ratio(money(total(lately, "arr")), total(lately, "customers")), int(total(lately, "customers"))
    yield from found("first_arr", segment, each, count, span(begin, last))


def first_arr_to_all(facts: Facts) -> dict[str, float]:
    """Return what customers of a segment first paid, each, over what all did: of all months, by segment that has any."""
    new = facts.movements[facts.movements["movement"] == "new"]
    whole = ratio(total(new, "arr"), total(new, "customers"))
    sums = new.groupby("segment")[["arr", "customers"]].sum()
    each = {str(segment): ratio(float(arr), float(n)) / whole for segment, (arr, n) in sums.iterrows()}
    return {segment: times for segment, times in each.items() if segment in facts.segments and math.isfinite(times)}


YEAR_ON_YEAR = ("arr", "lost", "grown", "shrunk", "customers", "lost_customers")


def retained_measures(facts: Facts) -> Iterator[Measured]:
    """Yield what customers of 12 months before are worth: at the last 12 month ends together, and at the last one.

    Where amounts never change, only who stayed is told.
    """
    changes = amounts_change(facts)
    for segment, rows in by_segment(facts, facts.year_on_year):
        n = int(rows.groupby("month")["customers"].sum().max())
        period = span(int(rows["month"].min()), int(rows["month"].max()))
        averages = jackknife(by_part(rows, YEAR_ON_YEAR), _over_pairs)
        names = ("arr_retention", "logo_retention", "contraction_rate", "expansion_rate")
        for name, (value, ends) in zip(names, averages, strict=True):
            if changes or name.endswith("retention"):
                yield from found(name, segment, value, n, period, _or_wilson(value, ends, n))
        last = rows[rows["month"] == facts.until]
        n = int(last["customers"].sum())
        for name, (value, ends) in zip(("grr", "nrr"), jackknife(by_part(last, YEAR_ON_YEAR), _at_once), strict=True):
            if changes or name == "grr":
                yield from found(name, segment, value, n, month_text(facts.until), _or_wilson(value, ends, n))


def _over_pairs(sums: Numbers) -> tuple[float, ...]:
    arr, lost, grown, shrunk, customers, lost_customers = sums.tolist()
    stayed = arr - lost
    return 1 - ratio(lost, arr), 1 - ratio(lost_customers, customers), ratio(shrunk, stayed), ratio(grown, stayed)


def _at_once(sums: Numbers) -> tuple[float, float]:
    arr, lost, grown, shrunk, *_ = sums.tolist()
    return ratio(arr - lost - shrunk, arr), ratio(arr - lost - shrunk + grown, arr)


def _or_wilson(value: float, ends: tuple[float, float], n: int) -> tuple[float, float]:
    """Return the interval, or Wilson's where all groups agree on nothing or all: that none of n left is no proof."""
    if ends[0] == ends[0] or value not in (0.0, 1.0):
        return ends
    return wilson(value * n, n) if n else NONE


def term_measures(facts: Facts) -> Iterator[Measured]:
    """Yield the contract term that most ARR has, what is due for renewal soon, and what is billed a year ahead."""
    for segment, rows in by_segment(facts, facts.terms):
        yield from _billed_ahead(facts, segment, rows[rows["billed"] > 0])
        known = rows[(rows["term"] > 0) & (rows["arr"] > 0)]
        if not len(known):
            continue
        n, now = int(known["subscriptions"].sum()), month_text(facts.until)
        yield from found("contract_term", segment, int(str(known.groupby("term")["arr"].sum().idxmax())), n, now)
        for months in (3, 12):
            due = known[known["due"].between(facts.until + 1, facts.until + months)]
            yield from found(f"due_in_{months}_months", segment, money(total(due, "arr")), n, now)


def _billed_ahead(facts: Facts, segment: str, known: pd.DataFrame) -> list[Measured]:
    ahead = known.assign(ahead=known["arr"].where(known["billed"] >= YEAR, 0))
    n = int(known["subscriptions"].sum())
    ((share, ends),) = jackknife(
        by_part(ahead, ("arr", "ahead")), lambda sums: (ratio(float(sums[1]), float(sums[0])),)
    )
    return found("annual_prepay", segment, share, n, month_text(facts.until), _or_wilson(share, ends, n))
