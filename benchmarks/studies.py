"""How fast the studies are, beside what else could be used: one table, every figure measured in the same run.

Run with ``python -m benchmarks.studies``.
"""

from __future__ import annotations

import resource
import tracemalloc
from argparse import Namespace
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks.engine import MONTHS, SEGMENTS, Case, measured, scenario, table
from model import Move, Scenario, project
from model.company import Numbers
from model.inputs import swept
from model.metrics import View
from model.outcomes import Outcome, outcomes
from model.studies import draws, games, sobol, workers
from model.studies.aim import problem_of
from model.studies.aim_link import Allowed
from model.studies.commands.uncertainty import of_company
from model.studies.effort import least_effort
from model.studies.explain import explain
from model.studies.levers import lever_of
from model.studies.needs import Goal, goal_of, needs
from model.studies.ranges import Even, ranges_of
from model.studies.sensitivity import tornado
from model.studies.uncertainty import BATCHES, HEADLINE, run_batch, uncertainty

ROUNDS = 5
RANGES = {
    "retention_rate": (0.86, 0.9, 0.93), "win_rate": (0.15, 0.2, 0.24), "average_selling_price": (25e3, 3e4, 36e3),
    "sales_cycle_months": (3.0, 4.0, 5.5), "upsell_rate": (0.03, 0.06, 0.1),
}  # fmt: skip
LEVERS = ("retention_rate", "win_rate", "average_selling_price", "sales_cycle_months", "upsell_rate", "leads_per_month",
          "lead_conversion", "price_discount", "cost_per_lead", "gross_margin", "fixed_costs", "cost_to_serve")  # fmt: skip
ARR = Outcome("arr")
LOOPED_RUNS, LOOPED_POINTS = 1_024, 64
COMPANIES, PORTFOLIO_BATCHES = 8, 20
PROFIT = Outcome("operating_profit")
MOVES = (
    Move("retention_rate", 0.93), Move("win_rate", 0.28, start=6, ramp=3), Move("leads_per_month", 2_200, start=4),
    Move("sales_reps", 80), Move("price_discount", 0.05), Move("upsell_rate", 0.08), Move("slip_rate", 0.15),
    Move("gross_margin", 0.8), Move("sales_cycle_months", 4), Move("average_selling_price", 40_000, "segment-4", 12),
)  # fmt: skip

SEARCHED = ("retention_rate", "win_rate", "sales_reps", "leads_per_month", "average_selling_price", "upsell_rate",
          "price_discount", "sales_cycle_months")  # fmt: skip


def moved() -> Scenario:
    """Return the company of the benchmarks with ten moves, some of them later, one of a segment."""
    base = scenario()
    return Scenario.of(base.company, MOVES, base.horizon)


def shapley(end: Scenario) -> Callable[[], object]:
    """Return a call that splits the profit of all moves exactly, from projections to shares."""

    def call() -> object:
        explain.cache_clear()
        return explain(end.base, end, PROFIT).shares

    return call


def shapley_loop(end: Scenario) -> Callable[[], object]:
    """Return a call that projects each coalition by itself and then shares as above."""

    def call() -> object:
        game = np.empty(2 ** len(MOVES))
        for place in range(game.size):
            come = [move for at, move in enumerate(MOVES) if place >> at & 1]
            projection = project(Scenario.of(end.company, come, end.horizon))
            game[place] = View(projection).metric(PROFIT.metric)[-1]
        return games.shapley(game)

    return call


def split() -> list[Case]:
    """Return the cases of the exact split of a difference."""
    end = moved()
    return [
        Case("shapley", f"Shapley over {len(MOVES)} moves, {2 ** len(MOVES):,} projections", shapley(end), 50, mark=10),
        Case("shapley", "the same in a loop over `project`", shapley_loop(end)),
    ]


def bars(of: Scenario) -> Callable[[], object]:
    """Return a call that moves every lever to both ends of its usual range."""

    def call() -> object:
        tornado.cache_clear()
        return tornado(of, PROFIT)

    return call


def goal(of: Scenario) -> Goal:
    """Return the goal of the search: a fifth more profit."""
    return goal_of(of, PROFIT, 1.2 * PROFIT.of(project(of)))


def search(wanted: Goal, *, loop: bool = False) -> Callable[[], object]:
    """Return a call that finds the mix of least effort, in batches or with one projection at a time."""
    levers = [lever_of(wanted.scenario, key) for key in SEARCHED]
    problem = problem_of(wanted, levers, [Allowed(key) for key in SEARCHED])

    def one_by_one(z: Numbers) -> Numbers:
        found = []
        for run in z.T:
            moves = [
                lever.move.to(lever.today + lever.size * way) for lever, way in zip(levers, run.tolist(), strict=True)
            ]
            projection = project(Scenario.of(wanted.scenario.company, moves, wanted.scenario.horizon))
            found.append(View(projection).metric(PROFIT.metric)[-1])
        return wanted.gain(np.array(found))

    if loop:
        problem = replace(problem, gain=one_by_one)
    return lambda: least_effort(problem)


def aimed() -> list[Case]:
    """Return the cases of goals and of levers one by one."""
    base = scenario()
    wanted = goal(base)
    return [
        Case("goal", f"goal search, mix of {len(SEARCHED)} levers", search(wanted), mark=1_000),
        Case("goal", "the same in a loop over `project`", search(wanted, loop=True)),
        Case("goal alone", "each of all levers alone, over its bounds", lambda: needs(wanted), mark=1_000),
        Case("tornado", "tornado of all levers", bars(base), mark=100),
    ]


def ranged() -> Scenario:
    """Return the company of the benchmark with ranges on five moves."""
    moves = [Move(name, likely, range=(low, high)) for name, (low, likely, high) in RANGES.items()]
    return Scenario.of(scenario().company, moves, scenario().horizon)


def drawn(of: Scenario, *, kept: bool = True) -> None:
    """Draw, project, and take the quantiles of three metrics in all months; with the even spread that all scenarios share, or without."""
    run_batch.cache_clear()
    if not kept:
        draws.independent.cache_clear()
    study = uncertainty(of, HEADLINE)
    for outcome in HEADLINE:
        study.fan(outcome)


def drawn_in_a_loop(of: Scenario) -> None:
    """Do the same one run after another, as fewer runs: each a scenario of its own, without misses of forecasts."""
    of = replace(of, doubt=replace(of.doubt, noise=False))
    targets = [limits.at(column) for limits, column in zip(ranges_of(of).values(), draws.scores(of, 0).T, strict=True)]
    runs = []
    for values in zip(*targets, strict=True):
        moves = [Move(name, float(value)) for name, value in zip(RANGES, values, strict=True)]
        projection = project(Scenario.of(of.company, moves, of.horizon))
        runs.append([[outcome.of(projection) for outcome in HEADLINE]])
    np.quantile(np.array(runs), (0.1, 0.25, 0.5, 0.75, 0.9), axis=0)


def uncertain() -> list[Case]:
    """Return the cases of uncertainty."""
    runs, of = BATCHES * draws.POINTS, ranged()
    return [
        Case("draws", f"uncertainty, {runs:,} runs, after a move", lambda: drawn(of), mark=110, size=runs),
        Case("draws", "the same for the first time, its spread too", lambda: drawn(of, kept=False), size=runs),
        Case("draws", f"loop over `project`, {LOOPED_RUNS:,} runs", lambda: drawn_in_a_loop(of), size=LOOPED_RUNS),
    ]


def portfolio() -> list[workers.Job]:
    """Return the jobs of a portfolio: companies alike, each under a title of its own."""
    given = Namespace(link=None, kpi=str(ARR), target=None, runs=str(PORTFOLIO_BATCHES * draws.POINTS))
    companies = [replace(ranged().company, title=f"Company {number}") for number in range(COMPANIES)]
    return [
        workers.Job(company.fingerprint, replace(ranged(), company=company), of_company, given) for company in companies
    ]


def shared_by(count: int) -> Callable[[], object]:
    """Return a call that works a portfolio out with some workers, from their start to their end."""
    return lambda: [*(workers.in_processes(portfolio(), count) if count > 1 else workers.here(portfolio()))]


def at_scale() -> list[Case]:
    """Return the cases of a portfolio."""
    size = f"{COMPANIES} companies x {PORTFOLIO_BATCHES * draws.POINTS:,} runs"
    return [
        Case("portfolio", f"{size}, 1 worker", shared_by(1)),
        Case("portfolio", f"{size}, 2 workers", shared_by(2)),
    ]


def by_salib(of: Scenario) -> Callable[[], object]:
    """Return a call of SALib for the same indices of the same model, which it is given in batches, too."""
    from SALib.analyze.sobol import analyze
    from SALib.sample.sobol import sample

    problem: dict[str, Any] = {"num_vars": len(LEVERS), "names": list(LEVERS)}
    problem["bounds"] = [list(lever_of(of, name).usual) for name in LEVERS]

    def run() -> object:
        values: Numbers = sample(problem, sobol.POINTS, calc_second_order=False, seed=1)
        found = outcomes(of, swept(of, dict(zip(LEVERS, values.T, strict=True))), [ARR])[0]
        return analyze(problem, found, calc_second_order=False, num_resamples=100, seed=1)

    return run


def indices_in_a_loop(of: Scenario) -> None:
    """Work the indices out with one projection after another, for fewer points."""
    spreads = {name: Even(*lever_of(of, name).usual) for name in LEVERS}

    def function(values: Numbers) -> Numbers:
        scenarios = (Scenario.of(of.company, map(Move, LEVERS, run), of.horizon) for run in values.T.tolist())
        return np.array([ARR.of(project(one)) for one in scenarios])

    sobol.sobol(function, spreads, LOOPED_POINTS)


def driven() -> list[Case]:
    """Return the cases of Sobol indices."""
    runs, looped = (points * (len(LEVERS) + 2) for points in (sobol.POINTS, LOOPED_POINTS))
    shape, of = f"{len(LEVERS)} levers, N = {sobol.POINTS:,}", scenario()
    return [
        Case(
            "indices", f"Sobol, {shape}, 1,000 resamples", lambda: sobol.drivers(of, ARR, LEVERS), mark=110, size=runs
        ),
        Case("indices", f"SALib, {shape}, 100 resamples", by_salib(of), size=runs),
        Case("indices", f"loop over `project`, {looped:,} runs", lambda: indices_in_a_loop(of), size=looped),
    ]


def cases() -> list[Case]:
    """Return all cases, in the order of the table."""
    return [*split(), *aimed(), *uncertain(), *driven(), *at_scale()]


def peak_megabytes(call: Callable[[], object]) -> float:
    """Return how much memory a call has in use at most, for arrays and all else that Python knows of."""
    tracemalloc.start()
    call()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / 2**20


if __name__ == "__main__":
    print(f"{MONTHS} months x {SEGMENTS} segments, end to end")
    rows = cases()
    print(table(rows, measured(rows, ROUNDS)))
    print(
        f"\nmemory of uncertainty, {BATCHES * draws.POINTS:,} runs: {peak_megabytes(lambda: drawn(ranged())):,.0f} MB"
    )
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**10
    print(f"memory of a worker of the portfolio, at most: {largest:,.0f} MB")
