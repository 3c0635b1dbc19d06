"""What one level more is worth here: projections with and without it, for the cautious, likely and hopeful effects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from model.company import Numbers
from model.engine import project_many
from model.frameworks.framework import STRENGTHS, elements, frameworks
from model.frameworks.maturity import Maturity, maturity_of, one_level_more
from model.inputs import Inputs, inputs_of
from model.lines import LINES
from model.metrics import View
from model.projection import RATIOS, Batch
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
    change : float
        What that changes in the metric in the last month it is known; in operating profit over the horizon.
    share : float
        The same as a share of the metric, 0 to 1 and above.
    """

    assumption: str
    metric: str
    change: float
    share: float


@dataclass(frozen=True)
class Reach:
    """What one level of an element moves on top of the present plan, beginning and complete when the element's step is.

    Attributes
    ----------
    last : bool
        Whether there is no level more, so that it is the last one that is told.
    whole : mapping of str to float
        What the level changes in each metric through all its assumptions together.
    paths : tuple of Path
        Those that change anything.
    """

    last: bool
    whole: Mapping[str, float]
    paths: tuple[Path, ...]


def reach(scenario: Scenario, key: str, metrics: Sequence[str], segment: str = "") -> Reach:
    """Return through which assumptions one level of an element moves some metrics, and how far all of them together do."""
    plan = maturity_of(scenario)
    more = one_level_more(plan, key)
    if last := not _levels_left(plan, key):
        plan = plan.with_target(key, round(plan.step(key).aim - 1, 1))
    before, after = _with(scenario, plan), _with(scenario, more)
    names = [effect.name for effect in elements()[key].effects]
    found = _figures(before, _one_by_one(before, after, names), metrics, segment)
    paths, whole = [], {}
    for metric, (was, *alone, together) in found.items():
        whole[metric] = float(together - was)
        for name, now in zip(names, alone, strict=True):
            if was != now and np.isfinite(now - was):
                share = abs(now - was) / abs(was) if was else 1.0
                paths.append(Path(name, metric, float(now - was), float(share)))
    return Reach(last, whole, tuple(sorted(paths, key=lambda path: names.index(path.assumption))))


def _one_by_one(before: Scenario, after: Scenario, names: Sequence[str]) -> Inputs:
    """Return a scenario, then it with each of some assumptions as another scenario has it, then with all of them."""
    inputs, runs = inputs_of(before), np.arange(len(names) + 2)
    path = dict(inputs.path)
    for number, name in enumerate(names, start=1):
        was, now = (one.path(name)[..., np.newaxis] for one in (before, after))
        path[name] = np.where((runs == number) | (runs == runs[-1]), now, was)
    return replace(inputs, runs=len(runs), path=path)


def _figures(scenario: Scenario, inputs: Inputs, metrics: Sequence[str], segment: str) -> dict[str, list[float]]:
    """Return of each metric what it is last known to be in each run, NaN where it is not; profit over the horizon."""
    needed = [line for line in LINES if line not in OF_A_YEAR_AGO or RATIOS.keys() & set(metrics)]
    batch = Batch(scenario, inputs, project_many(inputs, needed))
    view, shape = View(batch, segment), (inputs.horizon, inputs.runs)
    by_run = {name: np.broadcast_to(view.metric(name), shape).T for name in metrics}
    found = {name: [_last(values) for values in runs] for name, runs in by_run.items()}
    return found | {name: batch[name].sum(axis=0).tolist() for name in metrics if name == "operating_profit"}


def _last(values: Numbers) -> float:
    known = values[np.isfinite(values)]
    return float(known[-1]) if known.size else float("nan")
