"""Months of a projection add up to quarters and years."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from pathlib import Path

import pytest

from model import LINES, company_toml, load_shipped, shipped
from tests.catalogue.test_command_line import rows
from tests.commands import Run


@pytest.mark.parametrize(("period", "length"), [("quarter", 3), ("year", 12)])
@pytest.mark.parametrize("name", shipped())
def test_months_add_up_to_quarters_and_years(name: str, period: str, length: int, run: Run, tmp_path: Path) -> None:
    company = replace(load_shipped(name), first_month="2026-05")
    (tmp_path / "ours.toml").write_text(company_toml(company), encoding="utf-8")
    options = ["--company", "ours.toml", "--horizon", "31"]
    months, periods = (rows(run("project", *options, *more).out) for more in ([], ["--period", period]))
    assert list(periods[0]) == [*months[0], "months_in_period", "partial"]
    segments = [*company.segments, "all"]
    begin = 0
    for first in range(0, len(periods), len(segments)):
        size = int(periods[first]["months_in_period"])
        for row in periods[first : first + len(segments)]:
            inside = [m for m in months if m["segment"] == row["segment"] and begin < int(m["month"]) <= begin + size]
            assert (int(row["month"]), row["months_in_period"]) == (begin + size, str(size))
            assert row["partial"] == ("" if size == length else "partial")
            assert all(_name(month["date"], period) == row["date"] for month in inside)
            for line in LINES:
                expected = _expected(line, [month[line] for month in inside])
                assert row[line] == expected or float(row[line]) == pytest.approx(float(expected), rel=1e-12, abs=1e-9)
        begin += size
    assert begin == 31
    partial = [row["date"] for row in periods if row["partial"]]
    assert partial == [
        date for date in (("2026-Q2", "2028-Q4") if period == "quarter" else ("2026", "2028")) for _ in segments
    ]


def _name(date: str, period: str) -> str:
    year, month = map(int, date.split("-"))
    return f"{year}-Q{(month + 2) // 3}" if period == "quarter" else str(year)


def _expected(line: str, values: list[str]) -> str:
    """Return what a line comes to over a period: flows add up, openings come first, closings and ratios last."""
    over_time = LINES[line].over_time
    if over_time == "flow" and values[0] != "":
        return str(math.fsum(map(float, values)))
    return values[0] if over_time == "opening" else values[-1]


def test_ratios_of_a_period_are_worked_out_again(run: Run) -> None:
    for row in rows(run("project", "--period", "year").out):
        if row["nrr"]:
            assert float(row["nrr"]) == pytest.approx(
                float(row["arr_kept_net"]) / float(row["arr_year_ago"]), rel=1e-12
            )
            assert float(row["grr"]) == pytest.approx(
                float(row["arr_kept_gross"]) / float(row["arr_year_ago"]), rel=1e-12
            )


def test_every_period_opens_with_the_close_of_the_one_before(run: Run) -> None:
    for period in ("month", "quarter", "year"):
        found = [row for row in rows(run("project", "--period", period).out) if row["segment"] == "all"]
        for before, after in itertools.pairwise(found):
            assert after["arr_opening"] == before["arr_closing"]
            assert after["customers_opening"] == before["customers_closing"]
