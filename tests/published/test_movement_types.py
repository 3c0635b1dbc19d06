"""How a subscription's events are named, by the example of ChartMogul (help article 201244842, "MRR movements").

Four seats for a year at 2,000 are new, 166.67 a month; two more at 30 a month expand it by 60; dropping them contracts it
by 60; the last one cancelled is churn when its period ends; coming back is reactivation.
"""

from __future__ import annotations

import datetime as dt

from model.history.asking.engine import in_process
from model.history.asking.gather import gather
from tests.engines.histories import tables_of
from tests.printed import printed

YEARLY, EXTRA = 200_000, 2 * 30 * 12 * 100
SUBSCRIPTIONS = [
    ("2023-01-10", "2024-01-10", YEARLY),  # 4 seats, paid to the end of the year though cancelled before
    ("2023-03-05", "2023-06-05", EXTRA),  # 2 more, dropped again
    ("2024-04-01", None, YEARLY),
]


def test_events_are_named_as_published() -> None:
    rows = [
        {"customer": "Ada", "started": dt.date.fromisoformat(started), "ended": ended and dt.date.fromisoformat(ended),
         "yearly": yearly, "term": 12}
        for started, ended, yearly in SUBSCRIPTIONS
    ]  # fmt: skip
    with in_process(tables_of({"subscriptions": rows})) as engine:
        movements = gather(engine, until=(2024 - 1970) * 12 + 3 - 1).movements
    assert movements["movement"].tolist() == ["new", "expansion", "contraction", "churn"]
    monthly = (movements["arr"] / 100 / 12).tolist()
    for found, expected in zip(monthly, ("166.67", "60", "60", "166.67"), strict=True):
        assert found == printed(expected)


def test_coming_back_is_reactivation() -> None:
    rows = [
        {
            "customer": "Ada",
            "started": dt.date(2023, 1, 10),
            "ended": dt.date(2024, 1, 10),
            "yearly": YEARLY,
            "term": 12,
        },
        {"customer": "Ada", "started": dt.date(2024, 4, 30), "ended": None, "yearly": YEARLY, "term": 12},
    ]
    with in_process(tables_of({"subscriptions": rows})) as engine:
        assert gather(engine).movements["movement"].tolist() == ["new", "churn", "reactivation"]
