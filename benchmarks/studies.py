"""How fast studies are: each in one batch, beside the plain loop over `project` that gives the same.

Run with ``python -m benchmarks.studies``. A study is a group of rows; the first is the batch.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.engine import MONTHS, SEGMENTS, Case, measured, scenario, table
from model import Move, Scenario, project
from model.metrics import View
from model.outcomes import Outcome
from model.studies import games
from model.studies.explain import explain

ROUNDS = 5
OUTCOME = Outcome("operating_profit")
MOVES = (
    Move("retention_rate", 0.93), Move("win_rate", 0.28, start=6, ramp=3), Move("leads_per_month", 2_200, start=4),
    Move("sales_reps", 80), Move("price_discount", 0.05), Move("upsell_rate", 0.08), Move("slip_rate", 0.15),
    Move("gross_margin", 0.8), Move("sales_cycle_months", 4), Move("average_selling_price", 40_000, "segment-4", 12),
)  # fmt: skip


def moved() -> Scenario:
    """Return the company of the benchmarks with ten moves, some of them later, one of a segment."""
    base = scenario()
    return Scenario.of(base.company, MOVES, base.horizon)


def shapley(end: Scenario) -> Callable[[], object]:
    """Return a call that splits the profit of all moves exactly, from projections to shares."""

    def call() -> object:
        explain.cache_clear()
        return explain(end.base, end, OUTCOME).shares

    return call


def shapley_loop(end: Scenario) -> Callable[[], object]:
    """Return a call that projects each coalition by itself and then shares as above."""

    def call() -> object:
        game = np.empty(2 ** len(MOVES))
        for place in range(game.size):
            come = [move for at, move in enumerate(MOVES) if place >> at & 1]
            projection = project(Scenario.of(end.company, come, end.horizon))
            game[place] = View(projection).metric(OUTCOME.metric)[-1]
        return games.shapley(game)

    return call


def cases() -> list[Case]:
    """Return all cases, in the order of the table."""
    end = moved()
    return [
        Case("shapley", f"Shapley over {len(MOVES)} moves, {2 ** len(MOVES):,} projections", shapley(end), mark=10),
        Case("shapley", "the same in a loop over project", shapley_loop(end)),
    ]


if __name__ == "__main__":
    print(f"{MONTHS} months x {SEGMENTS} segments, end to end")
    rows = cases()
    print(table(rows, measured(rows, ROUNDS)))
