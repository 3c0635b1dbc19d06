"""How fast the engine is: one table, every figure measured in the same run.

Run with ``python -m benchmarks.engine``. A figure is the median of rounds in which all cases take turns, so that
a busy moment of the machine falls on all of them alike.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import pandas_loop
from model import LINES, Scenario, company_toml, load_shipped, project, project_many, varied
from model.company_file import company_from

ROUNDS = 7
MONTHS, SEGMENTS, RUNS = 60, 4, 10_000
TERMS = (1, 12, 12, 36)
THREE_LINES = ("arr_closing", "revenue", "operating_profit")


@dataclass(frozen=True)
class Case:
    """One row of the table.

    Attributes
    ----------
    name : str
        What is measured; the cases of one group are compared with its first.
    call : callable
        One repetition of it.
    repeats : int
        Calls in each round, of which the mean counts.
    mark : float
        Milliseconds to stay below; 0 where there is none.
    size : float
        How many times the work of the first of its group.
    """

    group: str
    name: str
    call: Callable[[], object]
    repeats: int = 1
    mark: float = 0.0
    size: float = 1.0

    def milliseconds(self) -> float:
        """Return the mean time of one call in this round."""
        start = time.perf_counter()
        for _ in range(self.repeats):
            self.call()
        return (time.perf_counter() - start) / self.repeats * 1_000


def raw_company(segments: int = SEGMENTS) -> dict[str, Any]:
    """Return the shipped company with that many segments, of mixed contract terms, as its parsed file."""
    raw = tomllib.loads(company_toml(load_shipped("midmarket-saas")))
    shipped = list(raw["segments"])
    like = {f"segment-{number}": segment for number, segment in enumerate(islice(cycle(shipped), segments), 1)}
    for name, values in raw["assumptions"].items():
        of_segment = values if isinstance(values, dict) else dict.fromkeys(shipped, values)
        raw["assumptions"][name] = {new: of_segment[old] for new, old in like.items()}
    raw["assumptions"]["contract_term_months"] = dict(zip(like, cycle(TERMS), strict=False))
    raw["segments"] = {new: new.capitalize() for new in like}
    raw.pop("sources", None)
    return raw


def scenario(months: int = MONTHS, segments: int = SEGMENTS) -> Scenario:
    """Return the company of the benchmark without moves; loyalty differs and customers refer."""
    return Scenario.of(company_from(raw_company(segments)), horizon=months)


def many(
    runs: int, *, months: int = MONTHS, segments: int = SEGMENTS, lines: Any = THREE_LINES
) -> Callable[[], object]:
    """Return a call that projects many runs, each with its own constant values of five assumptions."""
    chance = np.random.default_rng(1)
    bounds = {
        "retention_rate": (0.7, 0.95), "win_rate": (0.1, 0.3), "average_selling_price": (10_000, 50_000),
        "sales_cycle_months": (2, 6), "upsell_rate": (0.0, 0.1),
    }  # fmt: skip
    values = {name: chance.uniform(low, high, runs) for name, (low, high) in bounds.items()}
    base = scenario(months, segments)
    return lambda: project_many(varied(base, values), lines)


def fresh(code: str) -> Callable[[], object]:
    """Return a call that runs some code in an interpreter of its own, its modules compiled as in any installation."""
    compiled = str(Path(tempfile.gettempdir()) / "revlens-benchmark")
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": compiled}
    return lambda: subprocess.run([sys.executable, "-c", code], check=True, env=environment)  # noqa: S603 - of this file alone


def cases() -> list[Case]:
    """Return all cases, in the order of the table."""
    one, raw = scenario(), raw_company()
    by_month = [(months, scenario(months)) for months in (12, 24, 60, 120)]
    shape = f"{MONTHS} months x {SEGMENTS} segments"
    return [
        Case("one", f"project, {shape}, all lines", lambda: project(one), 50, mark=0.4),
        Case("one", "the same with a loop in pandas", lambda: pandas_loop.project(raw, MONTHS)),
        Case("many", f"project_many, {RUNS:,} runs, 3 lines", many(RUNS), mark=80),
        Case("many", f"project_many, {RUNS:,} runs, all {len(LINES)} lines", many(RUNS, lines=tuple(LINES))),
        *(Case("runs", f"{runs:,} runs, 3 lines", many(runs), 1 if runs > 100 else 10, size=runs)
          for runs in (1, 10, 100, 1_000, 10_000)),
        *(Case("months", f"{months} months, 1 run", lambda of=of: project(of), 50, size=months / 12)
          for months, of in by_month),
        *(Case("months, 1,000 runs", f"{months} months, 1,000 runs", many(1_000, months=months), size=months / 12)
          for months, _ in by_month),
        *(Case("segments", f"{segments} segments, 1,000 runs", many(1_000, segments=segments), size=segments)
          for segments in (1, 2, 4, 8)),
        Case("import", "import model, fresh interpreter", fresh("import model"), mark=300),
        Case("import", "a fresh interpreter alone", fresh("pass")),
    ]  # fmt: skip


def measured(rows: list[Case], rounds: int) -> list[float]:
    """Return the median of each case, milliseconds; a first round only warms up."""
    times = [[case.milliseconds() for case in rows] for _ in range(rounds + 1)][1:]
    return [statistics.median(of_case) for of_case in zip(*times, strict=True)]


def table(rows: list[Case], medians: list[float]) -> str:
    """Return the table: time, its ratio to the first of the group, the ratio of work where it grows, the mark."""
    text = [f"{'':46}{'median ms':>12}{'ratio':>10}{'of work':>10}   mark"]
    first = {case.group: median for case, median in reversed(list(zip(rows, medians, strict=True)))}
    size = {case.group: case.size for case in reversed(rows)}
    for number, (case, median) in enumerate(zip(rows, medians, strict=True)):
        if number and case.group != rows[number - 1].group:
            text.append("")
        ratio = f"{median / first[case.group]:,.1f}"
        work = f"{case.size / size[case.group]:,.1f}" if case.size != 1 or size[case.group] != case.size else ""
        mark = f"mark {case.mark:g} ms" if case.mark else ""
        text.append(f"{case.name:46}{median:12,.2f}{ratio:>10}{work:>10}   {mark}".rstrip())
    return "\n".join(text)


if __name__ == "__main__":
    rows = cases()
    print(table(rows, measured(rows, ROUNDS)))
