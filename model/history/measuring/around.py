"""What the other files show: leads, payments, sales people, forecasts."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pandas as pd

from model.company import Numbers
from model.history.asking.facts import Facts
from model.history.measuring.intervals import jackknife, student, wilson
from model.history.measuring.measure import Measured, found
from model.history.measuring.slices import (
    by_part,
    by_segment,
    in_months,
    last_year,
    money,
    monthly,
    ratio,
    span,
    total,
)
from model.history.schema import month_text
from model.text import number

QUARTER = 3


def lead_measures(facts: Facts) -> Iterator[Measured]:
    """Yield leads a month and what share of them converts, by fifth of their score too."""
    if not len(facts.leads):
        return
    first, last = last_year(facts.leads, facts.until)
    every = span(int(facts.leads["month"].min()), last)
    for segment, rows in by_segment(facts, facts.leads[facts.leads["month"] <= last]):
        counts = monthly(rows, "leads", first, last)
        mean = float(counts.mean())
        yield from found("leads_per_month", segment, mean, int(counts.sum()), span(first, last), student(counts))
        yield from _converted("lead_conversion", segment, rows, every)
        for band, own in rows[rows["band"] > 0].groupby("band"):
            ends = (number(value, 2).removesuffix(".00") for value in (own["score_low"].min(), own["score_high"].max()))
            yield from _converted("lead_conversion_by_score", segment, own, every, f"fifth {band}, {' to '.join(ends)}")


def _converted(name: str, segment: str, rows: pd.DataFrame, period: str, of: str = "") -> list[Measured]:
    leads, converted = int(total(rows, "leads")), int(total(rows, "converted"))
    return found(name, segment, ratio(converted, leads), leads, period, wilson(converted, leads), of)


def payment_measures(facts: Facts) -> Iterator[Measured]:
    """Yield the share paid by card, how much of it fails in a month, and how much of that is recovered."""
    if not len(facts.payments):
        return
    first, last = last_year(facts.payments, facts.until)
    for segment, rows in by_segment(facts, in_months(facts.payments, first, last)):
        by_card = rows["card"].astype(bool)
        card, timed = rows[by_card], by_card & (rows["term"] > 0)
        shares = rows.assign(
            card_amount=rows["amount"].where(by_card, 0),
            timed_amount=rows["amount"].where(timed, 0),
            failed_a_month=rows["failed"].where(timed, 0) / rows["term"].clip(lower=1),
        )
        sums = by_part(shares, ("amount", "card_amount", "timed_amount", "failed_a_month"))
        (charged, card_ends), (failing, failing_ends) = jackknife(sums, _card_and_failing)
        period, n = span(first, last), int(total(rows[timed], "invoices"))
        yield from found("card_share", segment, charged, int(total(rows, "invoices")), period, card_ends)
        if n:
            yield from found("payment_failure_rate", segment, failing, n, period, failing_ends)
        failed, recovered = int(total(card, "failed_invoices")), int(total(card, "recovered_invoices"))
        ends = wilson(recovered, failed)
        yield from found("dunning_recovery", segment, ratio(recovered, failed), failed, period, ends)


def _card_and_failing(sums: Numbers) -> tuple[float, float]:
    amount, card_amount, timed_amount, failed_a_month = sums.tolist()
    return ratio(card_amount, amount), ratio(failed_a_month, timed_amount)


def team_measures(facts: Facts) -> Iterator[Measured]:
    """Yield how many sales people there are, what they are to bring and what they cost."""
    now = month_text(facts.until)
    for segment, rows in by_segment(facts, facts.people[facts.people["month"] == facts.until]):
        people = int(total(rows, "people"))
        yield from found("sales_reps", segment, people, people, now)
        for name, amount, count in (("quota_per_rep", "quota", "quota_people"), ("rep_cost", "cost", "cost_people")):
            known = int(total(rows, count))
            yield from found(name, segment, ratio(money(total(rows, amount)), known), known, now)


def forecast_measures(facts: Facts) -> Iterator[Measured]:
    """Yield how close forecasts of full quarters came."""
    full = facts.forecasts[facts.forecasts["quarter"] + QUARTER - 1 <= facts.until]
    for segment, rows in by_segment(facts, full):
        quarters = rows.groupby("quarter")[["forecast", "actual"]].sum()
        known = quarters[quarters["forecast"] > 0]
        hit = 1 - (known["actual"] - known["forecast"]).abs() / known["forecast"]
        value = float(hit.mean()) if len(hit) else math.nan
        if len(hit):
            period = span(int(known.index.min()), int(known.index.max()) + QUARTER - 1)
            yield from found("forecast_accuracy", segment, value, len(hit), period, student(hit.to_numpy(float)))
