"""How fast studies are: each in one batch, beside the plain loop over `project` that gives the same.

Run with ``python -m benchmarks.studies``. A study is a group of rows; the first is the batch.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.engine import MONTHS, SEGMENTS, Case, measured, scenario, table
from model import Move, Scenario, project
from model.company import Numbers
from model.metrics import View
from model.outcomes import Outcome
from model.studies import games
from model.studies.aim import problem_of
from model.studies.aim_link import Allowed
from model.studies.effort import Problem, least_effort
from model.studies.explain import explain
from model.studies.levers import lever_of
from model.studies.needs import Goal, goal_of, needs
from model.studies.sensitivity import tornado

ROUNDS = 5
OUTCOME = Outcome("operating_profit")
MOVES = (
    Move("retention_rate", 0.93), Move("win_rate", 0.28, start=6, ramp=3), Move("leads_per_month", 2_200, start=4),
    Move("sales_reps", 80), Move("price_discount", 0.05), Move("upsell_rate", 0.08), Move("slip_rate", 0.15),
    Move("gross_margin", 0.8), Move("sales_cycle_months", 4), Move("average_selling_price", 40_000, "segment-4", 12),
)  # fmt: skip

LEVERS = ("retention_rate", "win_rate", "sales_reps", "leads_per_month", "average_selling_price", "upsell_rate",
          "price_discount", "sales_cycle_months")  # fmt: skip


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


def bars(of: Scenario) -> Callable[[], object]:
    """Return a call that moves every lever to both ends of its usual range."""

    def call() -> object:
        tornado.cache_clear()
        return tornado(of, OUTCOME)

    return call


def goal(of: Scenario) -> Goal:
    """Return the goal of the search: a fifth more profit."""
    return goal_of(of, OUTCOME, 1.2 * OUTCOME.of(project(of)))


def search(wanted: Goal, *, loop: bool = False) -> Callable[[], object]:
    """Return a call that finds the mix of least effort, in batches or with one projection at a time."""
    levers = [lever_of(wanted.scenario, key) for key in LEVERS]
    problem = problem_of(wanted, levers, [Allowed(key) for key in LEVERS])

    def one_by_one(z: Numbers) -> Numbers:
        found = []
        for run in z.T:
            moves = [
                lever.move.to(lever.today + lever.span * way) for lever, way in zip(levers, run.tolist(), strict=True)
            ]
            projection = project(Scenario.of(wanted.scenario.company, moves, wanted.scenario.horizon))
            found.append(View(projection).metric(OUTCOME.metric)[-1])
        return wanted.gain(np.array(found))

    if loop:
        problem = Problem(one_by_one, problem.weights, problem.low, problem.high)
    return lambda: least_effort(problem)


def cases() -> list[Case]:
    """Return all cases, in the order of the table."""
    end, base = moved(), scenario()
    wanted = goal(base)
    return [
        Case("shapley", f"Shapley over {len(MOVES)} moves, {2 ** len(MOVES):,} projections", shapley(end), mark=10),
        Case("shapley", "the same in a loop over project", shapley_loop(end)),
        Case("goal", f"goal search, mix of {len(LEVERS)} levers", search(wanted), mark=1_000),
        Case("goal", "the same in a loop over project", search(wanted, loop=True)),
        Case("goal alone", "each of all levers alone, over its bounds", lambda: needs(wanted), mark=1_000),
        Case("tornado", "tornado of all levers", bars(base), mark=100),
    ]


if __name__ == "__main__":
    print(f"{MONTHS} months x {SEGMENTS} segments, end to end")
    rows = cases()
    print(table(rows, measured(rows, ROUNDS)))
