"""Draws: runs of a scenario in which its ranges and the misses of its forecasts come to something, evenly spread."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from model.company import Company, Numbers
from model.inputs import Inputs, swept
from model.scenario import Scenario
from model.studies.ranges import ranges_of

POINTS = 1_024
SEED = 1_967  # the year of the sequence


def dimensions(scenario: Scenario) -> tuple[tuple[str, ...], int]:
    """Return what is drawn: the keys of the moves with a range, and how many quarters of forecasts."""
    return scenario.ranged, int(quarters(scenario.company, scenario.horizon)[-1]) + 1 if scenario.doubt.noise else 0


def quarters(company: Company, horizon: int) -> NDArray[np.integer]:
    """Return in which calendar quarter of the plan each month lies, counted from 0, (horizon,)."""
    before = (company.month(1)[1] - 1) % 3
    return (np.arange(horizon) + before) // 3


def scores(scenario: Scenario, batch: int) -> Numbers:
    """Return normal scores of a batch of runs, (1024, moves with a range + quarters).

    Points of a Sobol sequence (Sobol 1967), scrambled anew for each batch as Matoušek (1998) does; the seed is fixed
    and is that of the batch, so that a batch is the same however many there are and whoever works it out. The columns
    of moves have the rank correlations that the scenario asks for, by a normal (Gaussian) copula.
    """
    keys, misses = dimensions(scenario)
    found = independent(len(keys) + misses, batch)
    if not scenario.doubt.together:
        return found
    root = np.linalg.cholesky(scenario.doubt.scores_of(keys)[0])
    return np.hstack([found[:, : len(keys)] @ root.T, found[:, len(keys) :]])


@lru_cache(maxsize=40)
def independent(dimensions: int, batch: int) -> Numbers:
    """Return the scores of a batch before any correlation, (1024, dimensions), read-only: the same for every scenario."""
    from scipy.special import ndtri
    from scipy.stats.qmc import Sobol

    points = Sobol(dimensions, rng=np.random.default_rng([SEED, batch])).random(POINTS)
    found: Numbers = ndtri(points + 2.0**-31)  # points lie on multiples of 2⁻³⁰, of which 0 has no score
    found.setflags(write=False)
    return found


def drawn(scenario: Scenario, found: Numbers) -> Inputs:
    """Return the runs of normal scores, (R, moves with a range + quarters)."""
    ranges = ranges_of(scenario)
    inputs = swept(scenario, {key: ranges[key].at(found[:, column]) for column, key in enumerate(ranges)})
    return missed(inputs, scenario.company, found[:, len(ranges) :]) if scenario.doubt.noise else inputs


def missed(inputs: Inputs, company: Company, found: Numbers) -> Inputs:
    """Return runs in which the new ARR of each quarter comes out as its plan times what chance makes of it.

    The factor m of a quarter is log-normal with mean 1 and the standard deviation σ = (1 − forecast_accuracy) √(π/2),
    that of the forecast band, m = exp(s z − s²/2) with s² = ln(1 + σ²). Quarters are independent; the segments of one
    quarter miss together, as the band of a company assumes. It multiplies the price after discount, so that new ARR
    (deals won × price) is m times its plan exactly, also where capacity limits the deals, and its mean is the plan.

    Parameters
    ----------
    inputs : Inputs
        The runs.
    company : Company
        Whose calendar quarters are meant.
    found : array, (R, quarters)
        Normal scores z.
    """
    sigma = (1 - inputs.path["forecast_accuracy"]) * math.sqrt(math.pi / 2)
    width = np.sqrt(np.log1p(sigma**2))
    paid, by_quarter = 1 - inputs.path["price_discount"], found.T[:, np.newaxis]
    months = quarters(company, inputs.horizon)
    steady = len(width) == len(paid) == 1  # the same in all months: a third of the work
    discount = 1 - paid * np.exp(width * (by_quarter if steady else by_quarter[months]) - width**2 / 2)
    path = {**inputs.path, "price_discount": discount[months] if steady else discount}
    return replace(inputs, runs=len(found), path=path)
