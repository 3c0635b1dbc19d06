"""CSV files: a projection by month, quarter or year, and the assumptions behind it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Literal

import numpy as np

from model.catalogue import assumptions, sources
from model.company import Numbers
from model.lines import LINES
from model.moves import Move
from model.projection import Projection
from model.scenario import Scenario

Period = Literal["month", "quarter", "year"]
PERIODS: tuple[Period, ...] = ("month", "quarter", "year")
PERIOD_COLUMNS = ("months_in_period", "partial")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Letters of full width too: East Asian spreadsheets take them for formulas."""


def projection_csv(projection: Projection, period: Period = "month") -> bytes:
    """Return a projection as CSV: a row for each period and segment, then one for segment `all`.

    Over a calendar quarter or year flows add up, opening balances are those of the first month and closing balances
    of the last, ratios are as at its end; `months_in_period` and `partial` mark a quarter or year that the plan
    does not cover whole. Full precision, UTF-8, a cell without a value is empty.
    """
    spans = list(_spans(projection, period))
    segments = projection.scenario.company.segments
    cells = {name: _over(projection, name, spans) for name in LINES}
    extra = PERIOD_COLUMNS if period != "month" else ()
    rows: list[list[str]] = [["month", "date", "segment", *LINES, *extra]]
    for number, (date, first, last, whole) in enumerate(spans):
        marks = [str(last - first), "" if last - first == whole else "partial"] if extra else []
        for column, segment in enumerate([*segments, "all"]):
            values = [cell_of(cells[name][number, column]) for name in LINES]
            rows.append([str(last), date, segment, *values, *marks])
    return csv_of(rows)


def assumptions_csv(scenario: Scenario) -> bytes:
    """Return every assumption by segment as CSV: base, value in the scenario, when it changes, unit, source and range.

    The value is the target of a move, or where plans act on it the value in the last month. Low and high are what the
    segment gets at the ends of the move's range.
    """
    header = [
        "assumption",
        "label",
        "segment",
        "unit",
        "base",
        "scenario",
        "from_month",
        "over_months",
        "source",
        "address",
        "low",
        "high",
    ]
    rows = [header]
    company = scenario.company
    for name, entry in assumptions().items():
        segments = ["all"] if entry.scope == "company" else list(company.segments)
        base = company.base(name)
        for column, segment in enumerate(segments):
            move = scenario.by_key.get(f"{name}.{segment}") or scenario.by_key.get(name)
            target = scenario.spread(move)[0][column] if move else base[column]
            if name in scenario.effects:
                target = scenario.path(name)[-1, column]
            timing = [str(move.start), str(move.ramp)] if move else ["", ""]
            source = company.sources.get(name, entry.source)
            known = sources().get(source)
            told = [known.title, known.address] if known else [source, ""]
            ends = [cell_of(values[column]) for values in _ends(scenario, move)]
            values = [cell_of(base[column]), cell_of(target)]
            rows.append([name, entry.label, segment, entry.unit, *values, *timing, *told, *(ends or ["", ""])])
    return csv_of([safe(cell) if column in _TEXT_COLUMNS else cell for column, cell in enumerate(row)] for row in rows)


_TEXT_COLUMNS = (0, 1, 2, 3, 8, 9)


def _ends(scenario: Scenario, move: Move | None) -> list[Numbers]:
    """Return what each segment gets at low and at high of a move's range, (segments,) each; none without a range."""
    return [scenario.spread(replace(move, target=end))[0] for end in move.range or ()] if move else []


def safe(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    >>> safe("=1+1"), safe("＝1+1"), safe(" =1+1"), safe("Mid-market")
    ("'=1+1", "'＝1+1", "' =1+1", 'Mid-market')
    """
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA_STARTS) else text


def _spans(projection: Projection, period: Period) -> Iterator[tuple[str, int, int, int]]:
    """Yield name, first month (from 0), month after the last, and length when whole, of each calendar period."""
    length = {"month": 1, "quarter": 3, "year": 12}[period]
    company, first = projection.scenario.company, 0
    while first < projection.months:
        year, month = company.month(first + 1)
        last = min(first + length - (month - 1) % length, projection.months)
        name = {"month": f"{year}-{month:02d}", "quarter": f"{year}-Q{(month + 2) // 3}", "year": f"{year}"}[period]
        yield name, first, last, length
        first = last


def _over(projection: Projection, name: str, spans: list[tuple[str, int, int, int]]) -> Numbers:
    """Return a line by period and segment, the company last, (periods, segments + 1); NaN where a cell is empty."""
    line = LINES[name]
    total = projection.total(name)[:, np.newaxis]
    alone = projection[name] if line.by_segment else np.full((projection.months, _segments(projection)), np.nan)
    values = np.concatenate([alone, total], axis=1)
    if line.over_time == "flow":
        return np.add.reduceat(values, [first for _, first, _, _ in spans], axis=0)
    if line.over_time == "opening":
        return values[[first for _, first, _, _ in spans]]
    return values[[last - 1 for _, _, last, _ in spans]]


def _segments(projection: Projection) -> int:
    return len(projection.scenario.company.segments)


def cell_of(value: float) -> str:
    """Return a number in full precision, or an empty cell where there is none."""
    return "" if np.isnan(value) else repr(float(value))


def csv_of(rows: Iterable[Iterable[str]]) -> bytes:
    """Return rows of cells as the bytes of a CSV file."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()
