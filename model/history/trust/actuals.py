"""Actual months of a scenario: what happened, laid beside the months of a plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pyarrow as pa

from model.company import Numbers
from model.errors import ExportError
from model.history.reading.adding_up import LINES, Mask, balances, mismatches
from model.history.reading.unused import UnusedRows
from model.history.schema import month_text
from model.scenario import Scenario

WHOLE = ("", "all", "total", "company")
"""How a row of the whole company names its segment."""


@dataclass(frozen=True)
class MonthRow:
    """A row of a file of actual months: its line, month counted from 1970-01, segment as written, amounts given."""

    line: int
    month: int
    segment: str
    amounts: Mapping[str, float]


@dataclass(frozen=True)
class Actuals:
    """Months as they happened, in the months of a plan; some between the first and the last may be missing.

    Attributes
    ----------
    first : int
        Number of the first month in the plan, from 1.
    lines : mapping of str to array, (months, segments + 1)
        Line by name, the company last; NaN where it is not given. Losses are positive.
    there : array of bool, (months, segments + 1)
        Whether there is anything of a month, for the company of all of it.
    unused : UnusedRows
        Every row that cannot be used, and why.
    notes : tuple of str
        What else the reader should know.
    """

    first: int
    lines: Mapping[str, Numbers]
    there: Mask
    unused: UnusedRows
    notes: tuple[str, ...] = ()

    @property
    def months(self) -> int:
        """Number of months from the first to the last."""
        return len(self.lines["arr_new"])

    @property
    def last(self) -> int:
        """Number of the last month in the plan."""
        return self.first + self.months - 1

    def of(self, line: str, scenario: Scenario, segment: str = "") -> Numbers:
        """Return a line of a segment, or of the company, (months,)."""
        column: Numbers = self.lines[line][:, _place(scenario, segment)]
        return column

    def there_of(self, scenario: Scenario, segment: str = "") -> Mask:
        """Say in which months there is anything of a segment, or all of the company, (months,)."""
        column: Mask = self.there[:, _place(scenario, segment)]
        return column


def _place(scenario: Scenario, segment: str) -> int:
    return list(scenario.company.segments).index(segment) if segment else -1


@dataclass
class _Sheet:
    """Rows by plan month and segment while they are sorted in."""

    scenario: Scenario
    file: str
    found: dict[tuple[int, int], MonthRow] = field(default_factory=dict)
    unused: UnusedRows = field(init=False)

    def __post_init__(self) -> None:
        """Begin with no row set aside."""
        self.unused = UnusedRows(self.file)

    def name(self, month: int) -> str:
        """Return a plan month as "2026-01"."""
        year, in_year = self.scenario.company.month(month)
        return f"{year}-{in_year:02d}"


def read_months(rows: Iterable[MonthRow], scenario: Scenario, file: str = "actuals") -> Actuals:
    """Lay rows of actual months beside a plan.

    Rows of months outside the plan, of unknown segments, and second rows of the same month are set aside, each with its
    reason. Months on both sides of a gap are used, since flows of known months say what they say without the others; only
    ARR needs a balance from the file to be known again after it. A company's month is its row, or the sum of the rows of all its segments. Where
    a balance is not given, it follows from the other balances and the movements if these are complete.

    Raises
    ------
    ExportError
        Nothing is left to compare.
    """
    sheet = _Sheet(scenario, file)
    titles = _places(scenario)
    for row in rows:
        _sort_in(sheet, row, titles)
    if not sheet.found:
        raise ExportError(
            [*(f"{row}." for row in sheet.unused[:10]), f"No month can be held against the plan, {_span(sheet)}."]
        )
    known = sorted({month for month, _ in sheet.found})
    months = range(known[0], known[-1] + 1)
    lines, there = {name: _line(sheet, name, months) for name in LINES}, _there(sheet, months)
    notes = [*_missing(sheet, months), *_partial(sheet, months), *_balance(sheet, lines, there, months)]
    return Actuals(months[0], lines, there, sheet.unused, tuple(notes))


def month_of(day: date) -> int:
    """Return the month of a day, counted from 1970-01."""
    return (day.year - 1970) * 12 + day.month - 1


def first_month(scenario: Scenario) -> int:
    """Return the first month of a plan, counted from 1970-01."""
    return month_of(date(*scenario.company.month(1), 1))


def _sort_in(sheet: _Sheet, row: MonthRow, places: Mapping[str, int]) -> None:
    """Give a row its month and segment, or set it aside."""
    company, month = sheet.scenario.company, row.month - first_month(sheet.scenario) + 1
    place = places.get(row.segment.strip().casefold())
    reason = ""
    if place is None:
        reason = f"is none of {', '.join(company.segments.values())}"
    elif not 1 <= month <= sheet.scenario.horizon:
        reason = f"is not in the plan, {_span(sheet)}"
    elif not any(np.isfinite(value) for value in row.amounts.values()):
        reason = "has no amount"
    elif (month, place) in sheet.found:
        reason = f"is there already, in line {sheet.found[month, place].line}"
    if reason:
        column, value = ("segment", row.segment) if place is None else ("month", month_text(row.month))
        sheet.unused.add(np.array([row.line]), column, pa.array([value]), reason)
    else:
        sheet.found[month, place or 0] = row


def _places(scenario: Scenario) -> dict[str, int]:
    """Return the place of a segment by its id and title, that of the company being the last."""
    segments = scenario.company.segments
    named = {name.casefold(): place for place, pair in enumerate(segments.items()) for name in pair}
    return dict.fromkeys(WHOLE, len(segments)) | named


def _span(sheet: _Sheet) -> str:
    return f"{sheet.name(1)} to {sheet.name(sheet.scenario.horizon)}"


def _there(sheet: _Sheet, months: range) -> Mask:
    """Say which months are there by segment; that of the company if its own row is, or those of all segments."""
    segments = len(sheet.scenario.company.segments)
    there = np.array([[(month, place) in sheet.found for place in range(segments + 1)] for month in months])
    there[:, -1] |= there[:, :-1].all(axis=1)
    return there


def _missing(sheet: _Sheet, months: range) -> Iterator[str]:
    """Yield a sentence about the months of which there is nothing at all, between the first and the last."""
    there = {month for month, _ in sheet.found}
    gone = [month for month in months if month not in there]
    starts, ends = ([month for month in gone if month + step not in gone] for step in (-1, 1))
    runs = [sheet.name(first) + (f" to {sheet.name(last)}" if last > first else "")
            for first, last in zip(starts, ends, strict=True)]  # fmt: skip
    if gone:
        are, them = ("is", "it") if len(gone) == 1 else ("are", "them")
        yield (f"{', '.join(runs)} {are} missing: actual and plan are compared without {them}, and ARR after {them} is known only "
               "from a balance in the file.")  # fmt: skip


def _line(sheet: _Sheet, name: str, months: range) -> Numbers:
    """Return a line by month and segment, the company last: its row, or else the sum over all segments."""
    segments = len(sheet.scenario.company.segments)
    empty = MonthRow(0, 0, "", {})
    values = np.array([
        [sheet.found.get((month, place), empty).amounts.get(name, np.nan) for place in range(segments + 1)]
        for month in months
    ])  # fmt: skip
    values[:, -1] = np.where(np.isfinite(values[:, -1]), values[:, -1], values[:, :-1].sum(axis=1))
    return values


def _partial(sheet: _Sheet, months: range) -> Iterator[str]:
    """Yield a sentence for each month of which neither the company nor all segments are there."""
    titles = list(sheet.scenario.company.segments.values())
    for month in months:
        missing = [title for place, title in enumerate(titles) if (month, place) not in sheet.found]
        if 0 < len(missing) < len(titles) and (month, len(titles)) not in sheet.found:
            yield f"{sheet.name(month)} has no row of {' and '.join(missing)}: the company's month is not known."


def _balance(sheet: _Sheet, lines: Mapping[str, Numbers], there: Mask, months: range) -> Iterator[str]:
    """Work out the balances that are not given, and yield a sentence for each month that does not add up."""
    company = sheet.scenario.company
    planned = np.append(company.base("opening_arr"), company.base("opening_arr").sum())
    given = np.isfinite(lines["arr_opening"]).any() or np.isfinite(lines["arr_closing"]).any()
    if not given and months[0] == 1:
        yield f"{sheet.file} has neither opening nor closing ARR: ARR starts with that of the plan."
    for place, title in enumerate([*company.segments.values(), ""]):
        column = {name: values[:, place] for name, values in lines.items()}
        of = f" of {title}" if title else ""
        for month, told in mismatches(column, there[:, place]):
            yield f"{sheet.name(months[month])}{of} {told}."
        start = float(planned[place]) if not given and months[0] == 1 else np.nan
        lines["arr_opening"][:, place], lines["arr_closing"][:, place] = balances(column, there[:, place], start)
