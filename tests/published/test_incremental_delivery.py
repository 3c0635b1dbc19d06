"""Saylor Academy, waterfall process against incremental process: two releases of six months, $10,000 a month each.

https://learn.saylor.org/mod/book/tool/print/index.php?id=30915&chapterid=6738
"""

from __future__ import annotations

import pytest

from model.frameworks.delivery import Delivery, schedule, shipped_share
from model.frameworks.delivery_case import ways

MONTHS, WORTH = 24, 10_000


def earned(delivery: Delivery, months: int) -> float:
    """Return what the two releases have earned after some months."""
    shares = sum(shipped_share(schedule(delivery), key, MONTHS) for key in delivery.order)
    return float(WORTH * shares[:months].sum())


def test_shipping_the_first_release_when_it_is_done_earns_60_000_more() -> None:
    two = Delivery(order=("data", "pricing"), team=1, increments=1, overhead=0).with_effort("data", 6)
    _, incremental = ways(two)
    whole = Delivery("agile", ("data",), team=1, increments=1, overhead=0).with_effort("data", 12)
    assert earned(incremental, 12) == pytest.approx(60_000)
    assert earned(incremental, MONTHS) == pytest.approx(60_000 + 12 * 20_000)
    assert earned(whole, 12) == 0
    assert earned(incremental, MONTHS) - 2 * earned(whole, MONTHS) == pytest.approx(60_000)


def test_waterfall_by_stages_lies_between_all_at_the_end_and_release_by_release() -> None:
    """Here the last tenth of the work releases one initiative after the other, so the first acts six tenths of a month early."""
    two = Delivery(order=("data", "pricing"), team=1, increments=1, overhead=0).with_effort("data", 6)
    waterfall, _ = ways(two)
    assert earned(waterfall, 12) == pytest.approx(0.6 * WORTH)
    assert earned(waterfall, MONTHS) == pytest.approx(12 * 20_000 + 0.6 * WORTH)
