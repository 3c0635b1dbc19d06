"""Uncertainty: between what any metric will lie, how likely a target or a loss is, and which range matters most.

Runs come in batches of 1,024, each an independent randomisation of the same even spread, so that the batches tell how
exact the whole is: every figure carries its own error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache, partial

import numpy as np
from numpy.typing import NDArray

from model import threads
from model.company import Numbers
from model.engine import project
from model.errors import ScenarioError
from model.export import cell_of, csv_of, safe
from model.metrics import View
from model.outcomes import Outcome, over_time
from model.scenario import Scenario
from model.studies.draws import POINTS, dimensions, drawn, scores
from model.text import glance
from model.view_words import RUNS

BATCHES, LEAST_BATCHES, MOST_BATCHES = 10, 2, 100
ROUNDING = 1e-9
"""What is short of a target by no more than that share of it has reached it."""
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
FORECAST = "forecast"
"""Stands for all misses of the forecast together where the levers that matter are listed."""

LOSS = Outcome("operating_profit")
HEADLINE = (Outcome("arr"), Outcome("revenue"), LOSS)

Holds = Callable[[Numbers], NDArray[np.bool_]]
"""Says of each value whether something holds for it."""


@dataclass(frozen=True)
class Estimate:
    """Figures worked out from draws, with their errors: 99 times in 100 the exact figure is nearer than that.

    Attributes
    ----------
    value, error : array
        Of one shape; NaN where there is nothing to tell.
    """

    value: Numbers
    error: Numbers


@dataclass(frozen=True)
class Matter:
    """How much one cause matters: its rank correlation with the outcome, and the share of the spread it explains alone."""

    key: str
    correlation: float
    share: float


@dataclass(frozen=True)
class Runs:
    """One batch of runs: values of the metrics asked for, (metrics, months, runs), and the scores drawn, (runs, …)."""

    values: Numbers
    scores: Numbers


@dataclass(frozen=True)
class Uncertainty:
    """What many runs of one scenario come to.

    Attributes
    ----------
    scenario : Scenario
        What was drawn from.
    asked : tuple of Outcome
        The metrics that are known, by segment; their month does not matter.
    batches : tuple of Runs
        At least two.
    """

    scenario: Scenario
    asked: tuple[Outcome, ...]
    batches: tuple[Runs, ...]
    _known: dict[Outcome, Estimate] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def runs(self) -> int:
        """Number of runs."""
        return sum(batch.scores.shape[0] for batch in self.batches)

    def values(self, outcome: Outcome) -> Numbers:
        """Return a metric in all months and runs, (months, batches, runs of a batch)."""
        place = [(one.metric, one.segment) for one in self.asked].index((outcome.metric, outcome.segment))
        return np.stack([batch.values[place] for batch in self.batches], axis=1)

    def plan(self, outcome: Outcome) -> Numbers:
        """Return a metric of the plan itself, every range at its likely value and no forecast missed, (months,)."""
        return View(project(self.scenario), outcome.segment).metric(outcome.metric)

    def fan(self, outcome: Outcome) -> Estimate:
        """Return the usual quantiles of a metric, worked out once, (5, months)."""
        key = replace(outcome, month=0)
        if key not in self._known:
            self._known[key] = self.quantiles(key)
        return self._known[key]

    def quantiles(self, outcome: Outcome, shares: Sequence[float] = QUANTILES) -> Estimate:
        """Return quantiles of a metric month by month, (shares, months); of the runs in which it has a value."""
        values = self.values(outcome)
        parts = np.array_split(values, min(threads.THREADS, len(values)))
        found = [*threads.shared(partial(quantiles_of, shares=shares), parts)]
        return Estimate(
            *(np.concatenate([getattr(part, name) for part in found], axis=1) for name in ("value", "error"))
        )

    def chance(self, outcome: Outcome, holds: Holds) -> Estimate:
        """Return the chance that something holds for a metric month by month, (months,); of the runs that have a value."""
        return chance_of(self.values(outcome), holds)

    def reaches(self, outcome: Outcome, target: float) -> Estimate:
        """Return the chance that a metric is at a target or better, (months,); of costs and the like, at it or below."""
        return self.chance(outcome, reaching(outcome, target))

    @cached_property
    def loses(self) -> Estimate:
        """The chance that the operating profit of the last 12 months is a loss, (months,); NaN before month 12."""
        return self.chance(LOSS, losing)

    def at(self, outcome: Outcome) -> Numbers:
        """Return an outcome in all runs, (runs,)."""
        found: Numbers = self.values(outcome)[outcome.row(self.scenario.horizon)].ravel()
        return found

    def matters(self, outcome: Outcome) -> tuple[Matter, ...]:
        """Return what an outcome depends on, what matters most first."""
        return matters_of(self.scenario, np.concatenate([batch.scores for batch in self.batches]), self.at(outcome))


def reaching(outcome: Outcome, target: float) -> Holds:
    """Return what says of values of an outcome whether they are at a target or better."""
    sense, room = (-1 if outcome.entry.better == "down" else 1), ROUNDING * abs(target)
    return lambda values: sense * values >= sense * target - room


def losing(values: Numbers) -> NDArray[np.bool_]:
    """Say of values of operating profit whether they are a loss."""
    return values < 0


def quantiles_of(values: Numbers, shares: Sequence[float] = QUANTILES) -> Estimate:
    """Return quantiles of values, (…, batches, runs of a batch), as (shares, …); of the runs that have a value."""
    ordered = np.sort(values, axis=-1)
    by_batch = _quantiles(ordered, shares)
    together = ordered.reshape(*values.shape[:-2], -1)
    together.sort(axis=-1)
    return _estimate(_quantiles(together, shares), by_batch)


def chance_of(values: Numbers, holds: Holds) -> Estimate:
    """Return the chance that something holds for values, (…, batches, runs of a batch), as (…); of the runs that have a value.

    Its error is never below ln(100) / runs: what none of n runs shows has a smaller chance than that, 99 times in 100.
    """
    known = np.isfinite(values)
    held, of = (holds(values) & known).sum(axis=-1), known.sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = _estimate(held.sum(axis=-1) / of.sum(axis=-1), held / of)
        return Estimate(found.value, np.maximum(found.error, np.log(100) / of.sum(axis=-1)))


def matters_of(scenario: Scenario, drawn_scores: Numbers, values: Numbers) -> tuple[Matter, ...]:
    """Return what an outcome depends on, what matters most first, from its scores, (runs, …), and its values, (runs,).

    A share is the part of the spread that one cause explains alone, (2 sin(π r / 6))² with r its rank correlation:
    the square of what the correlation of normal scores of that rank correlation is. That of all quarters' forecasts
    is their sum. Shares of independent causes add up to about 1 where none acts together with others; those of
    correlated levers overlap.
    """
    from scipy.stats import rankdata

    keys, _ = dimensions(scenario)
    known = np.isfinite(values)
    if known.sum() < 2 or np.ptp(values[known]) <= 1e-12 * np.abs(values[known]).max():
        return ()
    middle = (known.sum() + 1) / 2
    ranks, found = rankdata(values[known]) - middle, np.empty(drawn_scores.shape[1])
    for column, cause in enumerate(drawn_scores.T):  # one after another: ranks of all would take many times the memory
        of_cause = rankdata(cause[known]) - middle
        found[column] = of_cause @ ranks / np.sqrt((of_cause @ of_cause) * (ranks @ ranks))
    shares = (2 * np.sin(np.pi * found / 6)) ** 2
    rows = [Matter(key, float(r), float(share)) for key, r, share in zip(keys, found, shares, strict=False)]
    if scenario.doubt.noise:
        of_all = found[len(keys) :], shares[len(keys) :]
        rows.append(Matter(FORECAST, float(np.sqrt((of_all[0] ** 2).sum())), float(of_all[1].sum())))
    return tuple(sorted(rows, key=lambda row: -row.share))


def _quantiles(ordered: Numbers, shares: Sequence[float]) -> Numbers:
    """Return quantiles along the last axis of values in order, NaN last, (shares, …).

    The k-th of n values stands for the share (k − ½)/n, as it does where one value lies in each n-th of what may come
    (Hazen 1914); between two of them in proportion.
    """
    known = np.isfinite(ordered).sum(axis=-1)
    last = np.maximum(known - 1, 0)
    place = np.clip(np.asarray(shares).reshape(-1, *[1] * known.ndim) * known - 0.5, 0, last)
    below = np.floor(place).astype(int)
    lower, upper = (
        np.take_along_axis(ordered, np.moveaxis(index, 0, -1), axis=-1)
        for index in (below, np.minimum(below + 1, last))
    )
    between = np.moveaxis(place - below, 0, -1)
    return np.moveaxis(lower + (upper - lower) * between, -1, 0)


def _estimate(whole: Numbers, by_batch: Numbers) -> Estimate:
    """Return a figure with its error from its values in independent batches, along their last axis."""
    from scipy.special import stdtrit

    count = by_batch.shape[-1]
    error = stdtrit(count - 1, 0.995) * by_batch.std(axis=-1, ddof=1) / np.sqrt(count)
    return Estimate(whole, error)


def read_runs(text: str) -> int:
    """Return the batches that a number of runs takes.

    Raises
    ------
    ScenarioError
        It is no multiple of the runs of a batch, or too many or few.
    """
    runs = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    if runs % POINTS or not LEAST_BATCHES * POINTS <= runs <= MOST_BATCHES * POINTS:
        raise ScenarioError(f"The number of runs ({RUNS}={glance(text)}) must be a multiple of {POINTS:,} from "
                            f"{LEAST_BATCHES * POINTS:,} to {MOST_BATCHES * POINTS:,}.")  # fmt: skip
    return runs // POINTS


def refuse_certainty(scenario: Scenario) -> None:
    """Refuse a scenario in which nothing is uncertain."""
    if not any(dimensions(scenario)):
        raise ScenarioError("Nothing here is uncertain: no move has a range, as in retention_rate=0.93in0.88to0.96, "
                            "and forecasts do not miss (range.forecast=off).")  # fmt: skip


@lru_cache(maxsize=4 * BATCHES)
def run_batch(scenario: Scenario, asked: tuple[Outcome, ...], number: int) -> Runs:
    """Return one batch of runs; it is kept, so that a study that was stopped goes on where it was."""
    found = scores(scenario, number)
    return Runs(over_time(scenario, drawn(scenario, found), asked), found)


def uncertainty(
    scenario: Scenario,
    asked: Sequence[Outcome],
    batches: int = BATCHES,
    progress: Callable[[float], object] = lambda _: None,
) -> Uncertainty:
    """Return what a scenario may come to.

    Parameters
    ----------
    scenario : Scenario
        With ranges on its moves.
    asked : outcomes
        Metrics to know; operating profit is always among them.
    batches : int
        Batches of 1,024 runs, at least 2.
    progress : callable
        Told after each batch which share is done; what it raises stops the study.

    Raises
    ------
    ScenarioError
        Nothing is uncertain: no move has a range, and forecasts do not miss.
    """
    refuse_certainty(scenario)
    metrics = tuple(dict.fromkeys([*(Outcome(one.metric, one.segment) for one in asked), LOSS]))
    found: list[Runs] = []
    for batch in threads.shared(partial(run_batch, scenario, metrics), range(batches)):
        found.append(batch)
        progress(len(found) / batches)
    return Uncertainty(scenario, metrics, tuple(found))


def asked_with(outcome: Outcome) -> tuple[Outcome, ...]:
    """Return the metrics that the study of an outcome works out: its own and the headline figures."""
    return tuple(dict.fromkeys([*HEADLINE, Outcome(outcome.metric, outcome.segment)]))


def uncertainty_csv(study: Uncertainty, outcome: Outcome, target: float | None = None) -> bytes:
    """Return a study as CSV: a row for each metric and month, quantiles and chances each with their error.

    The chance of reaching the target is in the rows of the outcome, that of a loss in those of operating profit.
    """
    names = [f"p{100 * share:g}" for share in QUANTILES]
    figures = [
        name for figure in (*names, "chance_of_target", "chance_of_loss") for name in (figure, f"{figure}_error")
    ]
    rows = [["month", "date", "kpi", "label", "segment", "unit", "plan", *figures, "target", "runs"]]
    for one in asked_with(outcome):
        own = target if one == Outcome(outcome.metric, outcome.segment) else None
        rows += _rows(study, one, own)
    return csv_of(rows)


def _rows(study: Uncertainty, one: Outcome, target: float | None) -> Iterator[list[str]]:
    """Yield the rows of one metric; an error that is not known is an empty cell."""
    company, nothing = study.scenario.company, Estimate(*np.full((2, study.scenario.horizon), np.nan))
    shares = study.fan(one)
    chances = [study.reaches(one, target) if target is not None else nothing, study.loses if one == LOSS else nothing]
    columns = [column for pair in zip(shares.value, shares.error, strict=True) for column in pair]
    columns += [column for chance in chances for column in (chance.value, chance.error)]
    for month, (planned, *figures) in enumerate(zip(study.plan(one), *columns, strict=True), 1):
        date = "{}-{:02d}".format(*company.month(month))
        texts = [one.metric, safe(one.entry.label), one.segment or "all", safe(one.entry.unit)]
        told = "" if target is None else cell_of(target)
        yield [str(month), date, *texts, cell_of(planned), *map(cell_of, figures), told, str(study.runs)]
