"""Actual months of a scenario: what happened, laid beside the months of a plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from model.company import Numbers
from model.errors import ExportError
from model.history.facts import Facts
from model.history.schema import CENTS
from model.scenario import Scenario
from model.text import glance, number

SIGNS: Mapping[str, int] = {
    "arr_new": 1,
    "arr_expansion": 1,
    "arr_price_uplift": 1,
    "arr_contraction": -1,
    "arr_churn": -1,
    "arr_churn_involuntary": -1,
}
"""Lines that move ARR, in the order of a bridge, and which way. Losses are positive numbers."""
SIBLINGS = {"arr_price_uplift": "arr_expansion", "arr_churn_involuntary": "arr_churn"}
"""Lines that many books do not keep apart: where one is not given, the other is taken to hold both."""
LINES = ("arr_opening", *SIGNS, "arr_closing", "revenue")
WHOLE = ("", "all", "total", "company")
"""How a row of the whole company names its segment."""
_OF_FACTS = {
    "new": "arr_new",
    "reactivation": "arr_new",
    "expansion": "arr_expansion",
    "contraction": "arr_contraction",
    "churn": "arr_churn",
}


@dataclass(frozen=True)
class MonthRow:
    """A row of a file of actual months: its line, month counted from 1970-01, segment as written, amounts given."""

    line: int
    month: int
    segment: str
    amounts: Mapping[str, float]


@dataclass(frozen=True)
class Actuals:
    """Months as they happened, one after the other, in the months of a plan.

    Attributes
    ----------
    first : int
        Number of the first month in the plan, from 1.
    lines : mapping of str to array, (months, segments + 1)
        Line by name, the company last; NaN where it is not given. Losses are positive.
    unused : tuple of str
        Every row that cannot be used, and why.
    notes : tuple of str
        What else the reader should know.
    """

    first: int
    lines: Mapping[str, Numbers]
    unused: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def months(self) -> int:
        """Number of months."""
        return len(self.lines["arr_new"])

    @property
    def last(self) -> int:
        """Number of the last month in the plan."""
        return self.first + self.months - 1

    def of(self, line: str, scenario: Scenario, segment: str = "") -> Numbers:
        """Return a line of a segment, or of the company, (months,)."""
        place = list(scenario.company.segments).index(segment) if segment else -1
        column: Numbers = self.lines[line][:, place]
        return column


@dataclass
class _Sheet:
    """Rows by plan month and segment while they are sorted in."""

    scenario: Scenario
    found: dict[tuple[int, int], MonthRow] = field(default_factory=dict)
    unused: list[str] = field(default_factory=list)

    def name(self, month: int) -> str:
        """Return a plan month as "2026-01"."""
        year, in_year = self.scenario.company.month(month)
        return f"{year}-{in_year:02d}"


def read_months(rows: Iterable[MonthRow], scenario: Scenario) -> Actuals:
    """Lay rows of actual months beside a plan.

    Rows of months outside the plan, of unknown segments, and second rows of the same month are set aside, each with its
    reason; so are all months after a gap. A company's month is its row, or the sum of the rows of all its segments. Where
    a balance is not given, it follows from the other balances and the movements if these are complete.

    Raises
    ------
    ExportError
        Nothing is left to compare.
    """
    sheet = _Sheet(scenario)
    titles = _places(scenario)
    for row in rows:
        _sort_in(sheet, row, titles)
    if not sheet.found:
        raise ExportError([*sheet.unused[:10], f"No month can be held against the plan, {_span(sheet)}."])
    months = _without_gap(sheet)
    lines = {name: _line(sheet, name, months) for name in LINES}
    notes = [*_partial(sheet, months), *_does_not_add_up(sheet, lines, months)]
    return Actuals(months[0], lines | _balances(lines), tuple(sheet.unused), tuple(notes))


def own_months(facts: Facts, scenario: Scenario) -> Actuals:
    """Return the months of a company's own history that lie in a plan: those after its opening day.

    Customers who came back count as new; growth of customers holds price rises, and churn failed payments.

    Raises
    ------
    ExportError
        The history ends before the plan begins.
    """
    first, company = first_month(scenario), scenario.company
    months = range(first, facts.until + 1)
    if not months:
        raise ExportError(f"The history ends in {month_text(facts.until)}, before the plan begins, in "
                          f"{company.first_month}: there is no month to compare yet.")  # fmt: skip
    same = list(facts.segments) == list(company.segments)
    rows = []
    for segment in facts.segments if same else [""]:
        added = _added(facts, segment)
        book = sum(SIGNS[line] * arr for (month, line), arr in added.items() if month < first)
        for month in months:
            amounts = {line: added.get((month, line), 0.0) for line in dict.fromkeys(_OF_FACTS.values())}
            closing = book + sum(SIGNS[line] * arr for line, arr in amounts.items())
            rows.append(MonthRow(0, month, segment, {"arr_opening": book} | amounts | {"arr_closing": closing}))
            book = closing
    return read_months(rows, scenario)


def _added(facts: Facts, segment: str) -> dict[tuple[int, str], float]:
    """Return movements by month and line of a plan, of a segment or of all."""
    found: dict[tuple[int, str], float] = {}
    columns = (facts.movements[name].tolist() for name in ("segment", "month", "movement", "arr"))
    for of, month, movement, arr in zip(*columns, strict=True):
        if segment in ("", of):
            key = month, _OF_FACTS[movement]
            found[key] = found.get(key, 0.0) + arr / CENTS
    return found


def first_month(scenario: Scenario) -> int:
    """Return the first month of a plan, counted from 1970-01."""
    year, month = scenario.company.month(1)
    return (year - 1970) * 12 + month - 1


def month_text(month: int) -> str:
    """Return a month counted from 1970-01 as "2026-01"."""
    return f"{1970 + month // 12}-{month % 12 + 1:02d}"


def _sort_in(sheet: _Sheet, row: MonthRow, places: Mapping[str, int]) -> None:
    """Give a row its month and segment, or set it aside."""
    company, month = sheet.scenario.company, row.month - first_month(sheet.scenario) + 1
    place = places.get(row.segment.strip().casefold())
    reason = ""
    if place is None:
        reason = f"segment {glance(row.segment)!r} is none of {', '.join(company.segments.values())}"
    elif not 1 <= month <= sheet.scenario.horizon:
        reason = f"{month_text(row.month)} is not in the plan, {_span(sheet)}"
    elif not any(np.isfinite(value) for value in row.amounts.values()):
        reason = f"{month_text(row.month)} has no amount"
    elif (month, place) in sheet.found:
        reason = f"{month_text(row.month)} is there already, in line {sheet.found[month, place].line}"
    if reason:
        sheet.unused.append(f"actuals line {row.line}: {reason}.")
    else:
        sheet.found[month, place or 0] = row


def _places(scenario: Scenario) -> dict[str, int]:
    """Return the place of a segment by its id and title, that of the company being the last."""
    segments = scenario.company.segments
    named = {name.casefold(): place for place, pair in enumerate(segments.items()) for name in pair}
    return dict.fromkeys(WHOLE, len(segments)) | named


def _span(sheet: _Sheet) -> str:
    return f"{sheet.name(1)} to {sheet.name(sheet.scenario.horizon)}"


def _without_gap(sheet: _Sheet) -> range:
    """Return the months from the first to the last before a month that is missing; the others are set aside."""
    there = sorted({month for month, _ in sheet.found})
    last = next((month for month in there if month + 1 not in there), there[-1])
    late = [month for month in there if month > last]
    if late:
        sheet.unused += [
            f"actuals line {row.line}: {sheet.name(month)} comes after a gap, {sheet.name(last + 1)} is missing."
            for (month, _), row in sheet.found.items() if month > last
        ]  # fmt: skip
    return range(there[0], last + 1)


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
        if missing and (month, len(titles)) not in sheet.found:
            yield f"{sheet.name(month)} has no row of {' and '.join(missing)}: the company's month is not known."


def movement_parts(lines: Mapping[str, Numbers]) -> dict[str, tuple[str, ...]]:
    """Return which lines of a plan each line given holds; a movement that no line holds is missing.

    A sibling that is not given is taken to be in the other: expansion without a price uplift beside it holds both.
    """
    given = [name for name in SIGNS if np.isfinite(lines[name]).all()]
    parts = {name: [name] for name in given}
    for name, sibling in SIBLINGS.items():
        if name not in parts and sibling in parts:
            parts[sibling].append(name)
    return {name: tuple(held) for name, held in parts.items()}


def _net(lines: Mapping[str, Numbers]) -> Numbers:
    """Return what a month's movements add to ARR; NaN where they are not complete."""
    parts = movement_parts(lines)
    complete = {name for held in parts.values() for name in held} == set(SIGNS)
    first = next(iter(lines.values()))
    return sum((SIGNS[name] * lines[name] for name in parts), np.zeros_like(first)) if complete else np.full_like(first, np.nan)


def _balances(lines: Mapping[str, Numbers]) -> dict[str, Numbers]:
    """Return opening and closing ARR, worked out where they are not given and can be."""
    found = {name: np.array(lines[name]) for name in ("arr_opening", "arr_closing")}
    opening, closing = found.values()
    for place in range(opening.shape[1]):
        net = _net({name: values[:, [place]] for name, values in lines.items()})[:, 0]
        for month in range(len(opening)):
            before = closing[month - 1, place] if month else np.nan
            for guess in (before, closing[month, place] - net[month]):
                if np.isnan(opening[month, place]):
                    opening[month, place] = guess
            if np.isnan(closing[month, place]):
                closing[month, place] = opening[month, place] + net[month]
    return found


def _does_not_add_up(sheet: _Sheet, lines: Mapping[str, Numbers], months: range) -> Iterator[str]:
    """Yield a sentence for each month whose balances differ by more than its movements, beyond rounding."""
    segments = sheet.scenario.company.segments
    unit = _unit(lines)
    for place, title in enumerate([*segments.values(), ""]):
        net = _net({name: values[:, [place]] for name, values in lines.items()})[:, 0]
        opening, closing = (lines[name][:, place] for name in ("arr_opening", "arr_closing"))
        before = np.concatenate([[np.nan], closing[:-1]])
        jumps = opening - before
        gaps = closing - np.where(np.isfinite(opening), opening, before) - net
        of = f" of {title}" if title else ""
        for month, jump, gap in zip(months, jumps, gaps, strict=True):
            if abs(jump) > unit:
                yield f"{sheet.name(month)}{of} opens {_off(jump, unit)} the close of {sheet.name(month - 1)}."
            if abs(gap) > unit * (len(SIGNS) + 2) / 2:
                yield (f"{sheet.name(month)}{of} does not add up: closing ARR is {_off(gap, unit)} opening ARR and "
                       "movements.")  # fmt: skip


def _off(gap: float, unit: float) -> str:
    return f"{number(abs(gap), 0 if unit >= 1 else 2)} {'above' if gap > 0 else 'below'}"


def _unit(lines: Mapping[str, Numbers]) -> float:
    """Return the power of ten, 0.01 to 1,000, that all amounts are rounded to."""
    known = np.concatenate([values[np.isfinite(values)] for values in lines.values()])
    units = (1000.0, 100.0, 10.0, 1.0, 0.1)
    return next((unit for unit in units if np.allclose(known / unit, np.round(known / unit), rtol=0, atol=1e-6)), 0.01)
