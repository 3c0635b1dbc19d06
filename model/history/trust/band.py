"""The band of a projection: what the measured values leave open, and what chance does to small numbers.

Two kinds of doubt are drawn together, many times:

1. Each measured value from its interval, on the scale of its unit: shares as log odds, amounts and counts as logarithms,
   growth as it is. The two sides of an interval may differ in width.
2. The chance in every month's movements: how many customers it takes (Poisson), and how large these are (gamma with the
   mean and spread of the customers seen). What a month adds or takes stays in the book and grows or shrinks with it.

It leaves out: values taken from a template, which have no interval; that values hang together; that a trend may break.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from model.catalogue import Assumption, assumptions
from model.company import HORIZON_MONTHS, Company, Numbers
from model.engine import project_many
from model.history.asking.facts import Facts
from model.history.measuring.intervals import NORMAL
from model.history.measuring.measure import Measured
from model.history.reading.adding_up import SIGNS
from model.history.schema import CENTS
from model.inputs import varied
from model.scenario import Scenario

Scale = Callable[[Numbers], Numbers]

SEED = 20260101
RECENT = 24
"""Months whose customers tell how large customers are."""
ENDS = (0.1, 0.9)
"""The promise: 80 % of months lie inside."""
LEAST_SHARE = 1e-4
"""Shares are drawn no closer to 0 and 1 than this."""
MOVED_BY = {
    "new": ("arr_new",),
    "expansion": ("arr_expansion", "arr_price_uplift"),
    "contraction": ("arr_contraction",),
    "churn": ("arr_churn", "arr_churn_involuntary"),
}
"""Lines of a projection by the movement of the facts that shows them."""


@dataclass(frozen=True)
class Sizes:
    """How large the customers of a movement are: mean ARR, and the squared spread over the squared mean."""

    mean: float
    spread: float


def sizes(movements: pd.DataFrame) -> Sizes | None:
    """Return the sizes of customers from cells that hold one or several of them; None if there are none.

    A cell of n customers with ARR A has mean n·m and variance n·s², so s² = Σ(A − n·m)² / Σn.
    """
    customers, arr = (movements[name].to_numpy(float) for name in ("customers", "arr"))
    total = customers.sum()
    if total <= 0 or arr.sum() <= 0:
        return None
    mean = arr.sum() / total
    return Sizes(mean / CENTS, float(((arr - customers * mean) ** 2).sum() / total / mean**2))


def arr_band(
    company: Company, facts: Facts, measured: Sequence[Measured], months: int, runs: int
) -> tuple[Numbers, Numbers]:
    """Return the lower and upper edge of ARR by month end, (months,) each: 80 % of the runs lie between.

    Parameters
    ----------
    company : Company
        As measured.
    facts : Facts
        What it was measured from: they tell how large customers are.
    measured : sequence of Measured
        Values with intervals.
    months, runs : int
        Months to project; how often to draw.
    """
    random = np.random.default_rng(SEED)
    scenario = Scenario.of(company, horizon=max(months, HORIZON_MONTHS[0]))
    inputs = replace(varied(scenario, _drawn(company, measured, runs, random), base=True), runs=runs)
    found = project_many(inputs, ("arr_opening", "arr_closing", *SIGNS))
    arr = _by_chance(found, facts, list(company.segments), random)[:months]
    low, high = np.quantile(arr, ENDS, axis=1)
    return low, high


def _drawn(
    company: Company, measured: Sequence[Measured], runs: int, random: np.random.Generator
) -> dict[str, Numbers]:
    """Return values of assumptions by segment and run; a segment's own measure goes before that of all together."""
    usable = [one for one in measured if _may_vary(one.declared.sets) and one.has_interval and one.enough]
    segments = list(company.segments)
    own = {(one.declared.sets, one.segment) for one in usable if one.segment}
    found: dict[str, Numbers] = {}
    for one in usable:
        name = one.declared.sets
        values = found.setdefault(name, np.repeat(company.base(name)[:, np.newaxis], runs, axis=1))
        rows = [segments.index(one.segment)] if one.segment else [
            row for row in range(len(values)) if (name, segments[row]) not in own
        ]  # fmt: skip
        moved = draw(values[rows], one.value, (one.low, one.high), assumptions()[name], random.standard_normal(runs))
        values[rows] = moved
    return found


def _may_vary(name: str) -> bool:
    return bool(name) and assumptions()[name].across != "fact"


def draw(values: Numbers, middle: float, ends: tuple[float, float], entry: Assumption, normal: Numbers) -> Numbers:
    """Return values moved by as much as a measured one may be off, within the bounds of the assumption.

    Parameters
    ----------
    values : array, (segments, runs)
        What the company has.
    middle, ends : float, (float, float)
        Measured value and its 90 % interval.
    entry : Assumption
        Its bounds tell the scale: a share, an amount or count, or a growth.
    normal : array, (runs,)
        Standard normal numbers.
    """
    scaled, back = _scale(entry, middle)
    low, at, high = (float(scaled(np.array(value))) for value in (ends[0], middle, ends[1]))
    width = np.where(normal < 0, at - low, high - at) / NORMAL
    found: Numbers = np.clip(back(scaled(values) + normal * width), entry.min, entry.max)
    return found


def _scale(entry: Assumption, middle: float) -> tuple[Scale, Scale]:
    """Return the scale on which an assumption is drawn, and the way back."""
    if entry.min == 0 and entry.max == 1:
        return (lambda x: logit(np.clip(x, LEAST_SHARE, 1 - LEAST_SHARE))), expit
    if entry.min >= 0 and entry.shown_as != "rate" and middle > 0:
        return (lambda x: np.log(np.maximum(x, middle * LEAST_SHARE))), np.exp
    return (lambda x: x), (lambda x: x)


def _by_chance(
    found: Mapping[str, Numbers], facts: Facts, segments: Sequence[str], random: np.random.Generator
) -> Numbers:
    """Return ARR of the company by month end and run, chance added to every movement, (months, runs)."""
    recent = facts.movements[facts.movements["month"] > facts.until - RECENT]
    off = np.zeros_like(found["arr_closing"])
    for movement, lines in MOVED_BY.items():
        expected = np.maximum(sum(found[line] for line in lines), 0.0)
        rows = recent[recent["movement"] == movement]
        for place, segment in enumerate(segments):
            of = sizes(rows[rows["segment"] == segment]) or sizes(rows)
            if of is not None:
                happened = compound(expected[:, place], of, random)
                off[:, place] += SIGNS[lines[0]] * (happened - expected[:, place])
    kept = np.divide(found["arr_closing"] - found["arr_new"], found["arr_opening"],
                     out=np.zeros_like(off), where=found["arr_opening"] > 0)  # fmt: skip
    for month in range(1, len(off)):
        off[month] += off[month - 1] * kept[month]
    arr: Numbers = np.maximum(found["arr_closing"] + off, 0.0).sum(axis=1)
    return arr


def compound(expected: Numbers, of: Sizes, random: np.random.Generator) -> Numbers:
    """Return amounts of a mean as chance may have them: a Poisson number of customers of gamma sizes."""
    count = random.poisson(expected / of.mean).astype(float)
    if of.spread < LEAST_SHARE:
        return count * of.mean
    return random.gamma(count / of.spread) * (of.mean * of.spread)
