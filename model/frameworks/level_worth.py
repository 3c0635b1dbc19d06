"""What one level more is worth here: projections with and without it, for the cautious, likely and hopeful effects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from model.company import Numbers
from model.engine import project_many
from model.frameworks.framework import STRENGTHS, elements, frameworks
from model.frameworks.maturity import Maturity, Step, maturity_of, one_level_more
from model.inputs import Inputs, inputs_of
from model.lines import LINES
from model.metrics import View
from model.projection import RATIOS, Projection
from model.scenario import Scenario

OF_A_YEAR_AGO = {*RATIOS, *RATIOS.values(), "arr_year_ago"}
"""Lines that cost more than all others together, and that only NRR and GRR need."""


@dataclass(frozen=True)
class Worth:
    """What one level more of an element brings on top of the present plan, in the company's currency.

    Attributes
    ----------
    key : str
        The element, "gartner.data".
    levels : float
        How many levels are added: less than 1 near the top, 0 at it.
    profit : array, (3,)
        Operating profit over the horizon, with the low, likely and high effects.
    arr : array, (3,)
        ARR at the end, the same.
    """

    key: str
    levels: float
    profit: Numbers
    arr: Numbers


def worth_of_a_level(scenario: Scenario, framework: str) -> list[Worth]:
    """Return what one level more of each element of a framework is worth, the others as they are planned.

    Each strength is compared with the present plan at the same strength, so that only the one level differs.
    An effect the reader has edited is one number and has no range.
    """
    plan, keys = maturity_of(scenario), frameworks()[framework].keys
    variants = [replace(plan, strength=strength) for strength in STRENGTHS]
    more = [one_level_more(variant, key) for key in keys for variant in variants]
    found = project_many(_runs([_with(scenario, p) for p in (*variants, *more)]), ("operating_profit", "arr_closing"))
    profit = found["operating_profit"].sum(axis=0).reshape(-1, len(STRENGTHS))
    arr = found["arr_closing"][-1].sum(axis=0).reshape(-1, len(STRENGTHS))
    return [
        Worth(key, _levels_left(plan, key), profit[row] - profit[0], arr[row] - arr[0])
        for row, key in enumerate(keys, 1)
    ]


def _with(scenario: Scenario, plan: Maturity) -> Scenario:
    """Return a scenario under another plan of maturity, the other plans in the same order whatever it does."""
    others = tuple(other for other in scenario.plans if other.word != plan.word)
    return replace(scenario, plans=(*others, plan))


def _runs(variants: Sequence[Scenario]) -> Inputs:
    """Return scenarios that differ only in what plans do as the runs of one batch."""
    months = variants[0].horizon
    bare = inputs_of(replace(variants[0], plans=()))
    path = dict(bare.path)
    for name in dict.fromkeys(name for variant in variants for name in variant.effects):
        # what acts on it in each run; each distinct act is worked out once and taken as often as it occurs
        acts = [tuple((e.amount, e.progress.tobytes()) for e in variant.effects.get(name, ())) for variant in variants]
        first = dict(zip(acts, variants, strict=True))
        found = [variant.path(name) for variant in first.values()]
        kinds = np.stack([np.broadcast_to(values, (months, values.shape[1])) for values in found], axis=-1)
        place = {act: number for number, act in enumerate(first)}
        path[name] = kinds[..., [place[act] for act in acts]]
    return replace(bare, runs=len(variants), path=path)


def _levels_left(plan: Maturity, key: str) -> float:
    return round(one_level_more(plan, key).step(key).aim - plan.step(key).aim, 1)


@dataclass(frozen=True)
class Path:
    """How one level of an element reaches a metric through one assumption, alone.

    Attributes
    ----------
    assumption, metric : str
    per_level : float
        What the level changes in the assumption.
    change : float
        What that changes in the metric in the last month it is known.
    share : float
        The same as a share of the metric, 0 to 1 and above.
    """

    assumption: str
    metric: str
    per_level: float
    change: float
    share: float


def paths(scenario: Scenario, key: str, metrics: Sequence[str], segment: str = "") -> list[Path]:
    """Return through which assumptions one level of an element, done at once, moves some metrics."""
    plan, runs = maturity_of(scenario), [Maturity()]
    for effect in elements()[key].effects:
        alone = Maturity().with_step(key, Step(1.0, 2.0, 1, 0))
        for other in elements()[key].effects:
            alone = alone.with_edit(key, other.name, plan.per_level(key, other) if other is effect else 0.0)
        runs.append(alone)
    before, *after = _figures([_with(scenario, run) for run in runs], metrics, segment)
    found = []
    for effect, figures in zip(elements()[key].effects, after, strict=True):
        for name, was, now in zip(metrics, before, figures, strict=True):
            if was != now and np.isfinite(now - was):
                share = abs(now - was) / abs(was) if was else 1.0
                found.append(Path(effect.name, name, plan.per_level(key, effect), float(now - was), float(share)))
    return found


def _figures(variants: Sequence[Scenario], metrics: Sequence[str], segment: str) -> list[list[float]]:
    """Return of each scenario the last known value of each metric, NaN where there is none."""
    needed = [line for line in LINES if line not in OF_A_YEAR_AGO or RATIOS.keys() & set(metrics)]
    found = project_many(_runs(variants), needed)
    views = [
        View(Projection(variant, {line: values[..., run] for line, values in found.items()}), segment)
        for run, variant in enumerate(variants)
    ]
    known = [[values[np.isfinite(values)] for values in map(view.metric, metrics)] for view in views]
    return [[float(values[-1]) if values.size else float("nan") for values in of_one] for of_one in known]
