"""A history of some size, drawn at random from a seed."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

FIRST = dt.date(2022, 1, 1)


def random_history(random: Random, size: int) -> dict[str, list[dict[str, Any]]]:
    """Return so many subscriptions, as many opportunities, leads and payments, and some people and forecasts."""
    return {
        "subscriptions": [_subscription(random, size) for _ in range(size)],
        "opportunities": [_opportunity(random, size) for _ in range(size)],
        "leads": [
            {"segment": _segment(random), "created": _day(random), "score": random.choice((None, *range(40))),
             "converted": random.random() < 0.2}
            for _ in range(size)
        ],
        "payments": [
            {"invoice": f"inv-{random.randrange(size)}", "customer": _customer(random, size), "day": _day(random),
             "amount": random.randrange(100_000), "card": random.choice((True, False, None)), "paid": random.random() < 0.8,
             "term": random.choice((1, 12))}
            for _ in range(size)
        ],
        "people": [
            {"segment": _segment(random), "started": _day(random), "left": _after(random, FIRST + dt.timedelta(1000)),
             "quota": random.choice((None, 50_000_000)), "cost": 12_000_000}
            for _ in range(12)
        ],
        "forecasts": [
            {"segment": _segment(random), "quarter": dt.date(2022 + place // 4, place % 4 * 3 + 1, 1), "amount": 1_000_000}
            for place in range(10)
        ],
    }  # fmt: skip


def _subscription(random: Random, size: int) -> dict[str, Any]:
    started = _day(random)
    return {"customer": _customer(random, size), "segment": _segment(random), "started": started,
            "ended": _after(random, started), "yearly": random.choice((0, 12_345, 120_000, 5_000_000, -20_000)),
            "term": random.choice((0, 1, 12, 36)), "billed": random.choice((0, 1, 12))}  # fmt: skip


def _opportunity(random: Random, size: int) -> dict[str, Any]:
    created, outcome = _day(random), random.choice(("won", "lost", "open"))
    return {"account": random.choice(("", _customer(random, size))), "owner": random.choice(("", "Eve", "eve", "Fay", "Gus")),
            "segment": _segment(random), "outcome": outcome, "created": created,
            "closed": None if outcome == "open" else created + dt.timedelta(random.randrange(300)),
            "first_due": created + dt.timedelta(60), "amount": random.choice((99, 120_000, 5_000_000)),
            "list_amount": random.choice((None, 150_000))}  # fmt: skip


def _customer(random: Random, size: int) -> str:
    return f"{random.choice(('C', 'c', 'É', 'é', '日本-'))}ust-{random.randrange(max(size // 3, 1))}"


def _segment(random: Random) -> str:
    return random.choice(("SMB", "smb", "Mid Market", "ENT", ""))


def _day(random: Random) -> dt.date:
    return FIRST + dt.timedelta(random.randrange(1000))


def _after(random: Random, day: dt.date) -> dt.date | None:
    return day + dt.timedelta(random.randrange(500)) if random.random() < 0.5 else None
