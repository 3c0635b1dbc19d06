"""Which month a history opens with: the last full one that is past, by the rows and by the day it is."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.engines.test_by_hand import deal, facts_with, month, subscription

TODAY = dt.date(2024, 11, 22)
SALES = [subscription(f"c{at}", f"{2022 + at // 36}-{1 + at // 3 % 12:02}-{5 + 10 * (at % 3):02}") for at in range(102)]
"""Three a month, from January 2022 to 25 October 2024; the last is on the 25th."""
NOVEMBER = [subscription("n", "2024-11-04")]


def opening(*more: dict[str, Any], today: dt.date | None = None, **options: Any) -> tuple[int, tuple[str, ...]]:
    facts = facts_with({"subscriptions": [*SALES, *NOVEMBER, *more]}, today=today, **options)
    return facts.until, facts.notes


def arr(*more: dict[str, Any], **options: Any) -> int:
    moved = facts_with({"subscriptions": [*SALES, *NOVEMBER, *more]}, **options).movements
    return int(moved["arr"].sum())


def test_rows_up_to_today_need_no_note() -> None:
    assert opening() == opening(today=TODAY) == (month("2024-10"), ())


LATER = (
    "The opening month is 2024-10, the last full one up to 2024-11-22; 2 subscriptions begin after it, the last on 2025-05-01; they are "
    "not in the ARR. To count on, give the opening month."
)


def test_what_begins_after_today_does_not_move_the_month() -> None:
    ramp = subscription("c1", "2025-05-01", yearly=700_000)
    assert opening(ramp, today=TODAY) == (month("2024-10"), (LATER,))
    assert arr(ramp, today=TODAY) == arr(today=TODAY)
    assert opening(ramp, today=TODAY, until=month("2025-04")) == (month("2025-04"), ())


def test_many_that_begin_after_today_do_not_either() -> None:
    later = [subscription(f"l{at}", f"2025-{1 + at % 12:02}-03") for at in range(60)]
    assert opening(*later, today=TODAY)[0] == month("2024-10")


EMPTIER = (
    "The opening month is 2024-10, the last full one up to 2024-11-04, after which hardly any begin for longer than ever before; 2 "
    "subscriptions begin after it, the last on 2025-05-01; they are not in the ARR. To count on, give the opening month."
)


@pytest.mark.parametrize("today", [None, dt.date(2027, 1, 1)])
def test_of_an_old_file_its_rows_tell_where_it_ends(today: dt.date | None) -> None:
    assert opening(subscription("c1", "2025-05-01"), today=today) == (month("2024-10"), (EMPTIER,))


def test_ends_that_go_on_show_that_the_rows_do() -> None:
    """Nobody buys any more, but customers go on leaving until the last start: the file is not at its end before."""
    rows = [*SALES, subscription("x", "2022-01-07", "2025-02-10"), subscription("c1", "2025-05-01")]
    assert facts_with({"subscriptions": rows}).until == month("2025-04")


def test_sales_that_always_were_far_apart_tell_no_end() -> None:
    rows = [subscription(f"c{at}", f"{2019 + at // 2}-{1 + 6 * (at % 2):02}-15") for at in range(12)]
    assert facts_with({"subscriptions": [*rows, subscription("x", "2025-03-15")]}).until == month("2025-02")


def test_contracts_of_one_day_a_year_tell_no_end() -> None:
    rows = [subscription(f"c{at}", f"{2021 + at // 40}-01-15") for at in range(160)]
    assert facts_with({"subscriptions": [*rows, subscription("x", "2024-04-15")]}).until == month("2024-03")


def test_a_month_that_is_not_over_is_none_of_rows_kept_by_month_either() -> None:
    rows = [subscription(f"c{at}", f"2024-{at:02}-01", f"2024-{at + 1:02}-01") for at in range(8, 12)]
    assert facts_with({"subscriptions": rows}).until == month("2024-11")
    facts = facts_with({"subscriptions": rows}, today=TODAY)
    assert facts.until == month("2024-10")
    assert facts.notes == (
        "The opening month is 2024-10, the last full one up to 2024-11-22; 1 subscription begins after it, the last on 2024-11-01; it is "
        "not in the ARR. To count on, give the opening month.",
    )


def test_a_file_that_begins_after_today_is_read_by_its_rows() -> None:
    assert facts_with({"subscriptions": SALES}, today=dt.date(2021, 6, 1)).until == month("2024-09")


def test_decisions_after_today_do_not_move_the_month() -> None:
    deals = [deal("2024-01-03", "2024-09-30", "won"), deal("2024-10-05", "2025-06-30", "won")]
    facts = facts_with({"opportunities": deals}, today=TODAY)
    assert facts.until == month("2024-09")
    assert facts.notes[-1] == (
        "The opening month is 2024-09, the last full one up to 2024-11-22; the opportunities reach to 2025-06-30."
    )
