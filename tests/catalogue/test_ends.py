"""Ends of subscriptions: the last day of service and the day after give the same facts, as the rows show or the reader says."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from model.errors import ExportError
from model.history.asking.engine import Engine, in_process
from model.history.asking.facts import Facts
from model.history.asking.gather import gather
from model.history.asking.warehouse import connect
from model.history.reading.ends import Ends
from model.history.reading.files import Asked, GivenFile, Habits, Imported, read_files

DAY = timedelta(days=1)
Row = tuple[str, date, date | None, int]


def renewed(day_of_month: int = 1) -> list[Row]:
    """Return customers of yearly terms, each renewed at a higher price until it leaves or runs on; the day after as end."""
    rows: list[Row] = []
    for number in range(24):
        start = date(2021, number % 12 + 1, day_of_month)
        for year in range(1 + number % 4):
            begin = start.replace(year=start.year + year)
            rows.append((f"c{number}", begin, begin.replace(year=begin.year + 1), 1000 + 100 * year))
        if number % 3:
            rows.append((f"c{number}", rows[-1][2] or start, None, 2000))
    return rows


def last_days(rows: list[Row]) -> list[Row]:
    return [(customer, start, end and end - DAY, yearly) for customer, start, end, yearly in rows]


def written(rows: list[Row], amount: str = "ARR") -> bytes:
    lines = [f"{customer},{start},{end or ''},{yearly}" for customer, start, end, yearly in rows]
    return "\n".join([f"Customer,Start Date,End Date,{amount}", *lines]).encode()


def read(rows: list[Row], ends: str = "", kind: str = "subscriptions") -> Imported:
    content = written(rows, "ARR" if kind == "subscriptions" else "Amount")
    return read_files([GivenFile(kind, "subs.csv", content, Habits(ends=ends))])


def facts(found: Imported) -> dict[str, Any]:
    with in_process(found.tables) as engine:
        return shown(gather(engine, until=2025 * 12 - 1970 * 12 - 1))


def shown(found: Facts) -> dict[str, Any]:
    return {name: value.to_dict("list") for name, value in vars(found).items() if hasattr(value, "to_dict")}


@pytest.mark.parametrize("day", [1, 15, 28])
def test_the_last_day_and_the_day_after_give_equal_facts(day: int) -> None:
    after = renewed(day)
    assert facts(read(last_days(after))) == facts(read(after))


def test_renewals_are_no_losses() -> None:
    booked = facts(read(last_days(renewed())))["movements"]
    assert "reactivation" not in booked["movement"]


def test_which_reading_was_taken_is_said_with_its_rows() -> None:
    said = "End Date is read as the last day of service: 60 of 60 ends show it, by the next start of the customer or by whole months."
    account = read(last_days(renewed())).accounts[0]
    assert (account.notes, account.habits.ends) == ((f"subs.csv: {said}",), "last-day")
    assert read(renewed()).accounts[0].notes == ()


def in_warehouse(path: Path, rows: list[Row], ends: str = "", kind: str = "subscriptions") -> Engine:
    place = path / "company.duckdb"
    place.unlink(missing_ok=True)
    with duckdb.connect(str(place)) as own:
        own.execute(
            f"CREATE TABLE subs (customer TEXT, start_date DATE, end_date DATE, {'arr' if kind == 'subscriptions' else 'amount'} INT)"
        )
        own.executemany("INSERT INTO subs VALUES (?, ?, ?, ?)", rows)
    return connect(f"duckdb://{place}", {kind: "subs"}, ends=ends)


@pytest.mark.parametrize("told", ["", "last-day", "day-after"])
def test_a_table_in_a_warehouse_is_read_alike(tmp_path: Path, told: str) -> None:
    for rows in (renewed(), last_days(renewed()), renewed(15)):
        engine = in_warehouse(tmp_path, rows, told)
        assert shown(gather(engine, until=2025 * 12 - 1970 * 12 - 1)) == facts(found := read(rows, told))
        assert [f"subs.csv: {note}".casefold() for note in engine.accounts[0].notes] == [
            note.replace("End Date", "end_date").casefold() for note in found.accounts[0].notes
        ]
        engine.connection.disconnect()


def both_ways() -> list[Row]:
    return [
        *renewed(),
        *((f"d{customer}", start, end, yearly) for customer, start, end, yearly in last_days(renewed())),
    ]


ASKED = (
    "of 120 ends in {0}, 60 like the last day of service and 60 like the first day without service. Say which ends: "
    "'day-after' ({0} is the first day without service); 'last-day' ({0} is the last day of service)."
)


def test_rows_that_contradict_each_other_are_asked_about(tmp_path: Path) -> None:
    with pytest.raises(Asked) as asked:
        read(both_ways())
    assert [one.setting for one in asked.value.questions] == ["ends"]
    assert asked.value.problems == (f"subs.csv: {ASKED.format('End Date')}",)
    with pytest.raises(ExportError) as refused:
        in_warehouse(tmp_path, both_ways())
    assert refused.value.problems == (f"subs: {ASKED.format('end_date')} Give --ends last-day or --ends day-after.",)


def test_what_the_reader_says_holds_and_rows_against_it_are_told() -> None:
    found = read(last_days(renewed()), "day-after")
    assert found.tables["subscriptions"]["ended"].to_pylist() == [end for _, _, end, _ in last_days(renewed())]
    assert found.accounts[0].notes == (
        "subs.csv: End Date is read as the first day without service, as said; 60 rows of 60 look like the last day of service.",
    )
    assert read(last_days(renewed()), "last-day").accounts[0].notes == ()


def test_ends_on_arbitrary_days_are_read_as_the_day_after() -> None:
    start = date(2022, 1, 3)
    rows: list[Row] = [
        (f"c{number}", start + 17 * number * DAY, start + (400 + 41 * number) * DAY, 500) for number in range(40)
    ]
    found = read(rows)
    assert found.tables["subscriptions"]["ended"].to_pylist() == [end for _, _, end, _ in rows]
    assert found.accounts[0].notes == ()


def test_ends_on_last_days_of_months_alone_show_the_last_day() -> None:
    rows: list[Row] = [(f"c{month}", date(2022, month, 12), date(2023, 7, 31), 500) for month in range(1, 13)]
    assert read(rows).accounts[0].habits.ends == "last-day"


def test_parts_of_months_are_billed_up_to_their_last_day(tmp_path: Path) -> None:
    rows: list[Row] = [("Ada", date(2024, 1, 10), date(2024, 1, 31), 220), ("Ada", date(2024, 2, 1), date(2024, 2, 29), 310),
                       ("Ada", date(2024, 3, 1), date(2024, 3, 31), 310)]  # fmt: skip
    after = [(customer, start, end + DAY if end else None, amount) for customer, start, end, amount in rows]
    wanted = read(after, kind="invoices").tables["subscriptions"]
    assert read(rows, kind="invoices").tables["subscriptions"].equals(wanted)
    engine = in_warehouse(tmp_path, rows, kind="invoices")
    found = engine.answer(engine.tables["subscriptions"]).sort_values("started")
    assert found["ended"].astype(str).tolist() == [str(end) for end in wanted["ended"].to_pylist()]
    assert found["yearly"].tolist() == wanted["yearly"].to_pylist()
    engine.connection.disconnect()


def at_random(seed: int, customers: int, each: int) -> list[Row]:
    """Return subscriptions that begin and end on any days, so that one begins where another ends by chance alone."""
    rng = np.random.default_rng(seed)
    starts, lengths = rng.integers(0, 1000, (customers, each)), rng.integers(20, 400, (customers, each))
    first = date(2021, 1, 1)
    return [(f"c{customer}", first + int(start) * DAY, first + int(start + length) * DAY, 1000 + int(start))
            for customer in range(customers) for start, length in zip(starts[customer], lengths[customer], strict=True)]  # fmt: skip


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("customers", "each"), [(400, 1), (40, 10), (10, 60), (4, 120)])
def test_starts_that_follow_ends_by_chance_show_nothing(tmp_path: Path, seed: int, customers: int, each: int) -> None:
    rows = at_random(seed, customers, each)
    account = read(rows).accounts[0]
    assert account.habits.ends in ("", "day-after")
    assert not [note for note in account.notes if "show it" in note]
    if seed == 0:
        engine = in_warehouse(tmp_path, rows)
        assert not [note for note in engine.accounts[0].notes if "show it" in note]
        engine.connection.disconnect()


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("early", [0, 1])
def test_renewals_show_the_reading_among_starts_by_chance(tmp_path: Path, seed: int, early: int) -> None:
    """Three in ten contracts are renewed at once, of customers with so many that others follow by chance too."""
    rng, rows = np.random.default_rng(seed), at_random(seed, 20, 60)
    renewed_ = [
        (customer, end, end + 365 * DAY, yearly) for customer, _, end, yearly in rows if end and rng.random() < 0.3
    ]
    told = [(customer, start, end and end - early * DAY, yearly) for customer, start, end, yearly in [*rows, *renewed_]]
    account = read(told).accounts[0]
    wanted = "last-day" if early else "day-after"
    assert account.habits.ends == wanted
    if seed == 0:
        engine = in_warehouse(tmp_path, told)
        assert [note.replace("end_date", "End Date") for note in engine.accounts[0].notes if "show it" in note] == [
            note.removeprefix("subs.csv: ") for note in account.notes if "show it" in note
        ]
        engine.connection.disconnect()


def test_chance_is_counted_alike_in_files_tables_and_by_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows, seen, settled = at_random(3, 6, 40), list[Ends](), Ends.settled

    def watched(self: Ends, told: str) -> str:
        seen.append(self)
        return settled(self, told)

    monkeypatch.setattr(Ends, "settled", watched)
    read(rows)
    in_warehouse(tmp_path, rows).connection.disconnect()
    days = (*range(-7, 0), *range(2, 9))
    starts = {(customer, start) for customer, start, _, _ in rows}
    near = sum((customer, day) in starts and day != start for customer, start, end, _ in rows if end
               for day in (end + step * DAY for step in days))  # fmt: skip
    assert near > 50
    assert {one.chance for one in seen} == {near / 14}
    assert len({(one.rows, one.open, one.last_day, one.day_after) for one in seen}) == 1
