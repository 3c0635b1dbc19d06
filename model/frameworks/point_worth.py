"""What one more point of each element of a save is worth in profit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from model.company import Numbers
from model.engine import project_many
from model.inputs import inputs_of
from model.renewals import SAVING
from model.scenario import Scenario

POINT = 0.01


def point_worth(scenario: Scenario, segment: str = "") -> Mapping[str, float]:
    """Return the operating profit that one point more of each element brings over the horizon, currency.

    The point holds from month 1 on, on top of what moves and plans do, in one segment or in all of them; where the
    element stands at 1 already there is no point to add. Money as it falls, not discounted.

    Examples
    --------
    >>> from model import Scenario, load_shipped
    >>> worth = point_worth(Scenario.of(load_shipped("midmarket-saas")))
    >>> max(worth, key=worth.get)
    'save_rate'
    """
    inputs = inputs_of(scenario)
    segments = list(scenario.company.segments)
    own = np.array([not segment or name == segment for name in segments])[:, np.newaxis]
    path, runs = dict(inputs.path), np.arange(len(SAVING) + 1)
    for number, name in enumerate(SAVING, start=1):
        path[name] = _raised(path[name], own & (runs == number))
    batch = replace(inputs, runs=len(runs), path=path)
    profit = project_many(batch, ("operating_profit",))["operating_profit"].sum(axis=0)
    return {name: float(worth) for name, worth in zip(SAVING, profit[1:] - profit[0], strict=True)}


def _raised(values: Numbers, where: Numbers) -> Numbers:
    """Return values a point higher where asked for, (1 or T, S, runs), and nowhere above 1."""
    return np.minimum(values + POINT * where, 1.0)
