"""The sample exports of data/samples: a made-up company whose true rates are known. `python -m tests.sample_exports`.

Everything is drawn with a fixed seed from the model's own assumptions, so that what is measured from the files can be
held against the truth. The draws go on for half a year after the exports end: the actual months to hold a plan against.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent.parent / "data" / "samples"
FIRST, LAST = (2021, 1), (2025, 12)
MONTHS = (LAST[0] - FIRST[0]) * 12 + LAST[1]
LATER = 6
END, LATER_END = date(2025, 12, 31), date(2026, 6, 30)
RECENT = 18
Row = Sequence[object]


@dataclass(frozen=True)
class Truth:
    """What is true of one segment."""

    title: str
    leads_per_month: float
    lead_conversion: float
    outbound: float
    win_rate: float
    cycle_months: float
    slip_rate: float
    price: float
    discount: float
    retention_rate: float
    loyalty_spread: float
    expansion: float
    term: int
    card_share: float


SMALL = Truth("Small business", 220, 0.12, 4, 0.26, 1.5, 0.10, 9_000, 0.10, 0.80, 0.30, 0.06, 12, 0.70)
LARGE = Truth("Enterprise", 40, 0.10, 5, 0.18, 5.0, 0.30, 60_000, 0.18, 0.92, 0.20, 0.10, 24, 0.0)
TRUTHS = (SMALL, LARGE)
FAILING_INVOICES, RECOVERY = 0.09, 0.6
REPRESENTATIVES = ("Ines Duarte", "Jonas Weber", "Mei Tanaka", "Omar Haddad", "Priya Nair", "Tom Okafor", "Zoe Martin")


@dataclass
class Exports:
    """Rows by file while they are made up."""

    random: np.random.Generator
    count: int = 0
    opportunities: list[Row] = field(default_factory=list)
    subscriptions: list[Row] = field(default_factory=list)
    leads: list[Row] = field(default_factory=list)
    payments: list[Row] = field(default_factory=list)

    def number(self, rows: list[Row], letter: str) -> str:
        """Return the next id of a file."""
        return f"{letter}{len(rows) + 1:05}"


HEADERS = {
    "opportunities": ("Opportunity ID", "Account ID", "Opportunity Owner", "Segment", "Stage", "Created Date",
                      "First Close Date", "Close Date", "Amount", "List Amount"),
    "subscriptions": ("Subscription ID", "Customer ID", "Segment", "Start Date", "End Date", "ARR", "Term Months"),
    "leads": ("Lead ID", "Segment", "Created Date", "Lead Score", "Converted"),
    "payments": ("Payment ID", "Invoice ID", "Customer ID", "Date", "Amount", "Billing Period", "Method", "Status"),
    "people": ("Name", "Start Date", "End Date", "Quota", "Annual Cost"),
    "forecasts": ("Quarter", "Forecast"),
    "actuals": ("month", "arr_new", "arr_expansion", "arr_contraction", "arr_churn", "arr_closing"),
}  # fmt: skip


def month_start(month: int) -> date:
    """Return the first day of a month, 0 the first of all."""
    return date(FIRST[0] + month // 12, month % 12 + 1, 1)


def made_up() -> dict[str, bytes]:
    """Return the files by name, the same each time."""
    exports = Exports(np.random.default_rng(20260101))
    wins: list[tuple[date, float]] = []
    for truth in TRUTHS:
        for month in range(MONTHS + LATER):
            for created in _opportunities_of(exports, truth, month):
                wins += _opportunity(exports, truth, created)
    rows = {name: getattr(exports, name, []) for name in HEADERS}
    rows |= {"people": list(_people()), "forecasts": list(_forecasts(exports, wins))}
    rows |= {"actuals": list(_actuals(exports.subscriptions)), "subscriptions": _known(exports.subscriptions)}
    return {f"{name}.csv": _csv([HEADERS[name], *rows[name]]) for name in HEADERS}


def _opportunities_of(exports: Exports, truth: Truth, month: int) -> Iterator[date]:
    """Yield the days on which opportunities of a month are created: by leads, the recent ones exported, and by calls."""
    random = exports.random
    grown = 1.15 ** (month / 12)
    for _ in range(random.poisson(truth.leads_per_month * 0.5 * grown)):
        day = month_start(month) + timedelta(int(random.integers(28)))
        score = int(random.integers(1, 101))
        converts = random.random() < truth.lead_conversion * score / 50.5
        if MONTHS - RECENT <= month < MONTHS:
            lead = exports.number(exports.leads, "L")
            exports.leads.append((lead, truth.title, day, score, "true" if converts else "false"))
        if converts:
            yield day
    for _ in range(random.poisson(truth.outbound)):
        yield month_start(month) + timedelta(int(random.integers(28)))


def _opportunity(exports: Exports, truth: Truth, created: date) -> Iterator[tuple[date, float]]:
    """Add an opportunity, and what follows if it is won; yield the day and amount of a win."""
    random = exports.random
    due = created + timedelta(int(random.gamma(4, truth.cycle_months / 4) * 30.4375))
    closed = due + timedelta(int(91 * (random.geometric(1 - truth.slip_rate) - 1)))
    listed = round(truth.price * float(random.lognormal(-0.125, 0.5)), -2)
    discount = min(max(float(random.normal(truth.discount, 0.05)), 0.0), 0.5)
    amount = round(listed * (1 - discount), -1)
    won = bool(random.random() < truth.win_rate)
    stage = "Negotiation" if closed > END else "Closed Won" if won else "Closed Lost"
    exports.count += 1
    owner = REPRESENTATIVES[int(random.integers(len(REPRESENTATIVES)))]
    number, account = f"D{exports.count:05}", f"C{exports.count:05}"
    if created <= END:
        exports.opportunities.append(
            (number, account, owner, truth.title, stage, created, due, closed, f"{amount:.0f}", f"{listed:.0f}")
        )
    if won and closed <= LATER_END:
        _customer(exports, truth, account, closed, amount)
        yield closed, amount


def _customer(exports: Exports, truth: Truth, customer: str, started: date, amount: float) -> None:
    """Add a customer's subscriptions: one a term, renewed with the chance that is the customer's own, and grown."""
    random = exports.random
    concentration = 1 / truth.loyalty_spread - 1
    stays = float(random.beta(truth.retention_rate * concentration, (1 - truth.retention_rate) * concentration))
    card = bool(random.random() < truth.card_share)
    while started <= LATER_END:
        month = started.month - 1 + truth.term
        renewal = date(started.year + month // 12, month % 12 + 1, min(started.day, 28))
        number = exports.number(exports.subscriptions, "S")
        exports.subscriptions.append((number, customer, truth.title, started, renewal, f"{amount:.0f}", truth.term))
        _payments(exports, truth, customer, card, started, amount)
        if random.random() >= stays ** (truth.term / 12):
            return
        growth = (1 + truth.expansion) ** (truth.term / 12)
        amount = round(amount * growth * float(random.lognormal(-0.02, 0.2)), -1)
        started = renewal


def _known(subscriptions: Sequence[Row]) -> list[Row]:
    """Return the subscriptions as the export has them: those begun, and no end that is still to come."""
    return [(*row[:4], row[4] if row[4] <= END else "", *row[5:]) for row in subscriptions if row[3] <= END]  # type: ignore[operator]  # a row is of objects, here dates


def _actuals(subscriptions: Sequence[Row]) -> Iterator[Row]:
    """Yield the movements of each month after the exports end, customer by customer."""
    held = [_held(subscriptions, month_start(MONTHS + later) - timedelta(1)) for later in range(LATER + 1)]
    for later, (before, after) in enumerate(pairwise(held)):
        change = {customer: after.get(customer, 0.0) - before.get(customer, 0.0) for customer in before | after}
        new = sum(amount for customer, amount in after.items() if customer not in before)
        lost = sum(amount for customer, amount in before.items() if customer not in after)
        stayed = [change[customer] for customer in before.keys() & after.keys()]
        grown, shrunk = sum(one for one in stayed if one > 0), -sum(one for one in stayed if one < 0)
        month = month_start(MONTHS + later)
        yield f"{month:%Y-%m}", *(f"{one:.0f}" for one in (new, grown, shrunk, lost, sum(after.values())))


def _held(subscriptions: Sequence[Row], day: date) -> dict[object, float]:
    """Return ARR by customer at the end of a day."""
    return {row[1]: float(str(row[5])) for row in subscriptions if row[3] <= day < row[4]}  # type: ignore[operator]  # a row is of objects, here dates


def _payments(exports: Exports, truth: Truth, customer: str, card: bool, started: date, amount: float) -> None:
    """Add the payments of a term, a year's invoice each; a card that failed may pay at a second attempt."""
    random = exports.random
    for year in range(truth.term // 12):
        day = started + timedelta(365 * year)
        if not month_start(MONTHS - RECENT) <= day <= END:
            continue
        failed = card and random.random() < FAILING_INVOICES
        invoice = f"I{len(exports.payments) + 1:05}"
        method = "Card" if card else "Bank transfer"
        outcomes = ["Failed", "Paid"][: 1 + bool(random.random() < RECOVERY)] if failed else ["Paid"]
        for attempt, outcome in enumerate(outcomes):
            number = exports.number(exports.payments, "P")
            on = day + timedelta(3 * attempt)
            exports.payments.append((number, invoice, customer, on, f"{amount:.2f}", "Yearly", method, outcome))


def _people() -> Iterator[Row]:
    for place, name in enumerate(REPRESENTATIVES):
        left = date(2024, 5, 31) if place == 2 else ""
        yield name, date(2020 + place // 2, 1 + 2 * place % 12, 1), left, 900_000, 150_000 + 5_000 * place


def _forecasts(exports: Exports, wins: Sequence[tuple[date, float]]) -> Iterator[Row]:
    """Yield what was forecast for each of the last eight quarters, off by about 15 %."""
    for start in range(MONTHS - 24, MONTHS, 3):
        actual = sum(amount for day, amount in wins if month_start(start) <= day < month_start(start + 3))
        told = actual * float(exports.random.normal(1.05, 0.15))
        first = month_start(start)
        yield f"{first.year} Q{first.month // 3 + 1}", f"{told:.0f}"


def _csv(rows: Sequence[Row]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, content in made_up().items():
        (FOLDER / name).write_bytes(content)
