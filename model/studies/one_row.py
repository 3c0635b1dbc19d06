"""Uncertainty in one row: an outcome in its month alone, from any number of runs in little memory."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from model.engine import project
from model.export import cell_of, csv_of, safe
from model.outcomes import Outcome, outcomes
from model.scenario import Scenario
from model.studies.draws import POINTS, dimensions, drawn, scores
from model.studies.uncertainty import (
    FORECAST,
    LOSS,
    QUANTILES,
    Estimate,
    chance_of,
    losing,
    matters_of,
    quantiles_of,
    reaching,
    refuse_certainty,
)

FIGURES = (*(f"p{100 * share:g}" for share in QUANTILES), "chance_of_target", "chance_of_loss")
COLUMNS = ("month", "date", "kpi", "label", "segment", "unit", "plan",
           *(name for figure in FIGURES for name in (figure, f"{figure}_error")),
           "target", "runs", "varied", "driver", "driver_share")  # fmt: skip
NOTHING = Estimate(np.array(np.nan), np.array(np.nan))


def one_row_csv(scenario: Scenario, outcome: Outcome, target: float | None, batches: int) -> bytes:
    """Return what an outcome may come to as CSV with one row: the figures of `uncertainty_csv` in the outcome's month.

    `varied` names what is drawn; `driver` is the cause that explains most of the spread alone, and `driver_share` how
    much of it.

    Parameters
    ----------
    scenario : Scenario
        With ranges on its moves, or forecasts that miss.
    outcome : Outcome
    target : float, optional
        What is to be reached.
    batches : int
        Batches of 1,024 runs, at least 2. Each is a chunk: of its runs only the outcome and what was drawn are kept.

    Raises
    ------
    ScenarioError
        Nothing is uncertain.
    """
    refuse_certainty(scenario)
    keys, misses = dimensions(scenario)
    asked = (outcome, replace(LOSS, month=outcome.month))
    values, drawn_scores = np.empty((2, batches, POINTS)), np.empty((batches, POINTS, len(keys) + misses))
    for number in range(batches):
        drawn_scores[number] = scores(scenario, number)
        values[:, number] = outcomes(scenario, drawn(scenario, drawn_scores[number]), asked)
    causes = matters_of(scenario, drawn_scores.reshape(batches * POINTS, -1), values[0].ravel())
    quantiles = quantiles_of(values[0])
    reached = NOTHING if target is None else chance_of(values[0], reaching(outcome, target))
    figures = [*zip(quantiles.value, quantiles.error, strict=True),
               *((chance.value, chance.error) for chance in (reached, chance_of(values[1], losing)))]  # fmt: skip
    cells = [cell_of(figure) for pair in figures for figure in pair]
    varied = " ".join([*keys, *([FORECAST] if misses else [])])
    driver = [causes[0].key, cell_of(causes[0].share)] if causes else ["", ""]
    told = "" if target is None else cell_of(target)
    row = [*_heading(scenario, outcome), *cells, told, str(batches * POINTS), safe(varied), *driver]
    return csv_of([COLUMNS, row])


def _heading(scenario: Scenario, outcome: Outcome) -> list[str]:
    """Return the cells that say what a row is of, and what the plan makes of it."""
    company, month = scenario.company, outcome.row(scenario.horizon) + 1
    date = "{}-{:02d}".format(*company.month(month))
    texts = [outcome.metric, safe(outcome.entry.label), outcome.segment or "all", safe(outcome.entry.unit)]
    return [str(month), date, *texts, cell_of(outcome.of(project(scenario)))]
