"""What the ends in a warehouse's table are, counted where they are, as `ends` does it with the rows of a file."""

from __future__ import annotations

import ibis

from model.errors import ExportError
from model.history.asking.engine import Engine
from model.history.asking.known import Table, Value, month_of
from model.history.asking.table_rows import LAST_DAY, Cells
from model.history.reading.ends import EARLY, NEAR, Ends
from model.history.reading.texts import shown_text


def settle_ends(engine: Engine, table: str, cells: Cells, told: str) -> None:
    """Settle what the ends of a table are, before it is read.

    Raises
    ------
    ExportError
        The rows contradict each other, and nobody says which it is.
    """
    if "ended" not in cells or cells.kind not in ("subscriptions", "invoices"):
        return
    ends, header = _counted(engine, cells), cells.headers["ended"]
    if ends.doubtful and not told:
        raise ExportError(
            f"{ends.question(shown_text(table), header).sentence} Give --ends last-day or --ends day-after."
        )
    if note := ends.note(header, told):
        cells.notes.append(note)
    cells.ends = ends.settled(told)


def _counted(engine: Engine, cells: Cells) -> Ends:
    rows = _judged(_followed(cells))
    next_day, same_day = rows.next_day & ~rows.same_day, rows.same_day & ~rows.next_day
    part, alone = ~rows.whole_next & ~rows.whole_same, ~next_day & ~same_day
    early = part & (rows.start.day() <= EARLY) & (rows.end > rows.start)
    those = {
        "next_day": next_day,
        "same_day": same_day,
        "dated_next": alone & (rows.whole_next | (early & (rows.next.day() == 1))),
        "dated_same": alone & (rows.whole_same | (early & (rows.end.day() == 1))),
        "open": (rows.next.day() == 1) & (early | ibis.literal(cells.kind != "invoices")),
    }
    sums = {name: rows_of.ifelse(1, 0).sum().fill_null(0) for name, rows_of in those.items()}
    answer = engine.answer(rows.aggregate(rows=rows.count(), **sums)).iloc[0]
    found = {name: int(answer[name]) for name in ("rows", *those)}
    last_day, day_after = (found["next_day"], found["dated_next"]), (found["same_day"], found["dated_same"])
    return Ends(found["rows"], found["open"], last_day, day_after, _near(engine, cells) / (2 * NEAR))


def _given(cells: Cells) -> tuple[Table, Table]:
    """Return customer, start and end of all rows, and of those with an end."""
    given = cells.table.select(customer=cells.text("customer"), start=cells.day("started"), end=cells.day("ended"))
    given = given.filter(given.customer != "")
    return given, given.filter(given.end >= given.start, given.end <= ibis.literal(LAST_DAY, "date"))


def _followed(cells: Cells) -> Table:
    """Return the rows with an end: start, end, next (the day after it), and whether the customer has a row that starts on either."""
    given, rows = _given(cells)
    rows = rows.mutate(next=(rows.end + ibis.interval(days=1)).cast("date"))
    for day in ("next", "end"):
        starts = given.select(**{f"whose_{day}": given.customer, f"from_{day}": given.start}).distinct()
        same = [rows.customer == starts[f"whose_{day}"], rows[day] == starts[f"from_{day}"]]
        rows = rows.left_join(starts, same)
    same_day = rows.whose_end.notnull() & (rows.end > rows.start)
    return rows.select("start", "end", "next", next_day=rows.whose_next.notnull(), same_day=same_day)


def _near(engine: Engine, cells: Cells) -> int:
    """Return how many days with a start of the customer, but the row's own, lie near ends and the days after them and are neither.

    Joined by month, of which those days lie in two at most, so that no customer's rows all meet each other.
    """
    given, rows = _given(cells)
    first, last = ((rows.end + days).cast("date") for days in (ibis.interval(days=-NEAR), ibis.interval(days=NEAR + 1)))
    rows = rows.mutate(first=first, last=last, next=(rows.end + ibis.interval(days=1)).cast("date"))
    both = rows.mutate(month=month_of(rows.first)).union(
        rows.filter(month_of(rows.first) != month_of(rows.last)).mutate(month=month_of(rows.last))
    )
    starts = given.select(whose=given.customer, day=given.start).distinct()
    starts = starts.mutate(of=month_of(starts.day))
    pairs = both.inner_join(starts, [both.customer == starts.whose, both.month == starts.of])
    near = pairs.filter(
        pairs.day >= pairs.first, pairs.day <= pairs["last"], pairs.day != pairs.end, pairs.day != pairs.next,
        pairs.day != pairs.start,
    )  # fmt: skip
    return int(engine.answer(near.aggregate(rows=near.count())).iloc[0]["rows"])


def _judged(rows: Table) -> Table:
    """Return the rows with whether their own days are whole months apart: up to the day after the end, up to the end itself."""
    return rows.mutate(whole_next=_whole(rows.start, rows.next), whole_same=_whole(rows.start, rows.end))


def _whole(start: Value, day: Value) -> Value:
    return (day.day() == start.day()) & (month_of(day) > month_of(start))
