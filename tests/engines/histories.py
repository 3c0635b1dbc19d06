"""Small histories at random, with everything that is awkward in them: overlaps, trials, ties, names in two cases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

from model.history.schema import SCHEMAS

FIRST = dt.date(2021, 12, 1)
NAMES = ("Mid", "mid", "ENT", "", "Small")
Rows = Mapping[str, list[dict[str, Any]]]

days = st.integers(0, 1000).map(lambda number: FIRST + dt.timedelta(number))
ends = st.one_of(st.none(), st.integers(0, 700))
segments = st.sampled_from(NAMES)
amounts = st.sampled_from((None, 0, 1, 999, 120_000, 120_000, 5_000_000))


def _later(day: dt.date, number: int | None) -> dt.date | None:
    return None if number is None else day + dt.timedelta(number)


subscription = st.builds(
    lambda customer, segment, started, lasts, yearly, term, billed: {
        "customer": customer, "segment": segment, "started": started, "ended": _later(started, lasts),
        "yearly": yearly, "term": term, "billed": billed,
    },
    st.sampled_from(("Ada", "ada", "Bob", "c-0007", "日本", "Émile")), segments, days, ends,
    st.sampled_from((0, 1, 999, 120_000, 120_000, 5_000_000)), st.sampled_from((0, 1, 12, 36)), st.sampled_from((0, 1, 12)),
)  # fmt: skip

opportunity = st.builds(
    lambda account, owner, segment, outcome, created, takes, slip, amount, listed: {
        "account": account, "owner": owner, "segment": segment, "outcome": outcome, "created": created,
        "closed": None if outcome == "open" else _later(created, takes),
        "first_due": _later(created, slip), "amount": amount, "list_amount": listed,
    },
    st.sampled_from(("", "Ada", "ADA", "Bob")), st.sampled_from(("", "Eve", "eve", "Fay")), segments,
    st.sampled_from(("won", "lost", "open")), days, st.integers(0, 400), ends, amounts, amounts,
)  # fmt: skip

lead = st.builds(
    lambda segment, created, score, converted: {
        "segment": segment, "created": created, "score": score, "converted": converted
    },
    segments, days, st.sampled_from((None, 0.1, 0.5, 10.0, 20.0, 33.3, 70.0)), st.booleans(),
)  # fmt: skip

payment = st.builds(
    lambda invoice, customer, segment, day, amount, card, paid, term: {
        "invoice": invoice, "customer": customer, "segment": segment, "day": day, "amount": amount, "card": card,
        "paid": paid, "term": term,
    },
    st.sampled_from(("i1", "i2", "i3", "i4")), st.sampled_from(("", "Ada", "bob", "Nobody")), segments, days,
    st.integers(0, 99_999), st.sampled_from((True, False, None)), st.booleans(), st.sampled_from((0, 1, 12)),
)  # fmt: skip

person = st.builds(
    lambda segment, started, lasts, quota, cost: {
        "segment": segment, "started": started, "left": _later(started, lasts), "quota": quota, "cost": cost
    },
    segments, days, ends, amounts, amounts,
)  # fmt: skip

forecast = st.builds(
    lambda segment, quarter, amount: {
        "segment": segment, "quarter": dt.date(2022 + quarter // 4, quarter % 4 * 3 + 1, 1), "amount": amount
    },
    segments, st.integers(0, 9), st.integers(0, 9_999_999),
)  # fmt: skip

histories = st.fixed_dictionaries({
    "subscriptions": st.lists(subscription, min_size=1, max_size=40),
    "opportunities": st.lists(opportunity, max_size=40),
    "leads": st.lists(lead, max_size=20),
    "payments": st.lists(payment, max_size=20),
    "people": st.lists(person, max_size=8),
    "forecasts": st.lists(forecast, max_size=8),
})  # fmt: skip


def tables_of(rows: Rows) -> dict[str, pa.Table]:
    """Return rows as tables of the schema; what a row does not say is "" or null, its line its place."""
    found = {}
    for kind, listed in rows.items():
        schema = SCHEMAS[kind]
        blank = {name: "" if schema.field(name).type == pa.string() else None for name in schema.names}
        numbered = [
            blank | {"id": str(line), "name": str(line), "billed": 0, "line": line} | row
            for line, row in enumerate(listed, 2)
        ]
        found[kind] = pa.Table.from_pylist([{name: row[name] for name in schema.names} for row in numbered], schema)
    return found
