"""The back-test: hide the last months, measure a company on the rest, project, and compare with what happened."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa

from model.company import Company, Numbers
from model.engine import project
from model.errors import CompanyError, ExportError
from model.export import cell_of, csv_of
from model.history.asking.engine import Engine, in_process
from model.history.asking.facts import Facts
from model.history.asking.gather import gather
from model.history.measuring.calibrate import calibrate
from model.history.schema import CENTS, month_text
from model.history.trust.band import MOVED_BY, arr_band
from model.history.trust.naive import last_growth, last_value
from model.scenario import Scenario
from model.text import numbered

HIDDEN = (6, 9, 12, 15, 18)
LONGEST = 60
YEAR = 12
CUSTOMERS = 30
"""Fewer customers when the hidden months begin, and nothing is concluded from them."""
RUNS = 1000
Rule = Literal["plan", "last_value", "last_growth"]
RULES: Mapping[Rule, str] = {"plan": "The model", "last_value": "Last value", "last_growth": "Last growth"}
Progress = Callable[[float, str], None]
_SIGN = {"new": 1, "reactivation": 1, "expansion": 1, "contraction": -1, "churn": -1}


@dataclass(frozen=True)
class Forecast:
    """ARR by month end as one rule had it, with the band that should hold 80 % of the months, each (months,)."""

    arr: Numbers
    low: Numbers
    high: Numbers


@dataclass(frozen=True)
class Score:
    """How a forecast did, all as shares of what happened.

    Attributes
    ----------
    missed : float
        Mean of |forecast − actual| ÷ actual over the months.
    at_end : float
        The same in the last month.
    bias : float
        Mean of (forecast − actual) ÷ actual: above 0, too much was forecast.
    held : float
        Share of months whose actual lay within the band.
    """

    missed: float
    at_end: float
    bias: float
    held: float


@dataclass(frozen=True)
class Trial:
    """One number of months hidden.

    Attributes
    ----------
    hidden : int
        How many.
    months : tuple of str
        The hidden months: "2025-01", …
    known : array, (12 or more months,)
        ARR by month end before them, the last known one at the end.
    actual : array, (hidden,)
        ARR by month end as it was.
    forecasts : mapping of rule to Forecast
    movements : mapping of str to (actual, plan), each an array (hidden,)
        New, expansion, contraction and churn by month.
    customers : int
        At the end of the last known month.
    """

    hidden: int
    months: tuple[str, ...]
    known: Numbers
    actual: Numbers
    forecasts: Mapping[Rule, Forecast]
    movements: Mapping[str, tuple[Numbers, Numbers]]
    customers: int

    def score(self, rule: Rule) -> Score:
        """Return how a rule did."""
        return score(self.forecasts[rule], self.actual)


@dataclass(frozen=True)
class Refused:
    """A number of months that cannot be hidden, and why."""

    hidden: int
    reason: str

    def __str__(self) -> str:
        """Return it as a sentence."""
        return f"Hiding {numbered(self.hidden, 'months')}: {self.reason}"


@dataclass(frozen=True)
class BackTest:
    """All trials of a company's history, of which at least one stands, and what to know about its months."""

    trials: tuple[Trial, ...]
    refused: tuple[Refused, ...]
    notes: tuple[str, ...] = ()

    def missed(self, rule: Rule = "plan") -> float:
        """Return how far a rule missed ARR on average over all hidden months."""
        misses = [trial.score(rule).missed * trial.hidden for trial in self.trials]
        return float(sum(misses) / sum(trial.hidden for trial in self.trials))

    def held(self, rule: Rule = "plan") -> float:
        """Return the share of all hidden months whose actual lay within a rule's band."""
        inside = [trial.score(rule).held * trial.hidden for trial in self.trials]
        return float(sum(inside) / sum(trial.hidden for trial in self.trials))


def back_test(
    tables: Mapping[str, pa.Table],
    *,
    template: Company,
    hidden: Sequence[int] = HIDDEN,
    segments_by: Literal["column", "size"] = "column",
    until: int | None = None,
    today: datetime.date | None = None,
    runs: int = RUNS,
    progress: Progress = lambda _share, _what: None,
    begun: Callable[[Engine], None] = lambda _engine: None,
) -> BackTest:
    """Return how the model would have done, had it been asked some months ago.

    For each number of months, the tables are taken as they were known when these began: rows that begin later do not
    count, what was decided or ended later was open or running. A company is measured from them, without any hand on it,
    and projected.

    Parameters
    ----------
    tables : mapping of str to pyarrow.Table
        By kind, with the columns of `schema`; subscriptions are needed.
    template : Company
        Gives what cannot be measured.
    hidden : sequence of int
        How many months to hide, one trial each.
    segments_by : {"column", "size"}
        As for `gather`.
    until : int, optional
        The last month that counts, the opening month of the company; months before it are hidden. As for `gather`.
    today : date, optional
        As for `gather`.
    runs : int
        Draws behind the band.
    progress : callable
        Is told the share done and what is done next.
    begun : callable
        Is given the engine, so that its answers can be interrupted.

    Raises
    ------
    ExportError
        There are no subscriptions, a number of months is none, or no trial stands.
    """
    asked = _checked(hidden)
    if "subscriptions" not in tables or not len(tables["subscriptions"]):
        raise ExportError("A back-test needs subscriptions or invoice lines: without them nobody knows what ARR was.")
    trials: list[Trial] = []
    refused: list[Refused] = []
    with in_process(tables) as engine:
        begun(engine)
        progress(0.0, "What happened")
        whole = gather(engine, segments_by=segments_by, until=until, today=today)
        for place, months in enumerate(asked):
            telling = _within(progress, (place + 1) / (len(asked) + 1), 1 / (len(asked) + 1), months)
            try:
                trials.append(_trial(engine, whole, months, template, segments_by, runs, telling))
            except (ExportError, CompanyError) as error:
                refused.append(Refused(months, " ".join(error.problems)))
    progress(1.0, "Done")
    if not trials:
        raise ExportError([str(one) for one in refused])
    return BackTest(tuple(trials), tuple(refused), whole.notes)


def _within(progress: Progress, start: float, share: float, months: int) -> Progress:
    return lambda part, what: progress(start + share * part, f"Hiding {numbered(months, 'months')}: {what}")


def _checked(hidden: Sequence[int]) -> list[int]:
    """Return different numbers of months in order, or say which is none."""
    wrong = [one for one in hidden if not 1 <= one <= LONGEST]
    if wrong or not hidden:
        raise ExportError(f"{', '.join(map(str, wrong)) or 'Nothing'} cannot be hidden; hide 1 to {LONGEST} months.")
    return sorted(set(hidden))


def _trial(engine: Engine, whole: Facts, hidden: int, template: Company, segments_by: Literal["column", "size"],
           runs: int, progress: Progress) -> Trial:  # fmt: skip
    """Return one trial, or refuse it."""
    last = whole.until - hidden
    arr = arr_by_month(whole)
    first = whole.until - len(arr) + 1
    left = max(0, last - first + 1)
    if left < YEAR:
        raise ExportError(f"{YEAR} months must be left to measure; {left} {'is' if left == 1 else 'are'}, from {month_text(first)} "
                          f"to {month_text(last)}.")  # fmt: skip
    customers = customers_at(whole, last)
    if customers < CUSTOMERS:
        raise ExportError(
            f"{customers} customers at the end of {month_text(last)} are too few; {CUSTOMERS} are needed."
        )
    facts = gather(engine, segments_by=segments_by, until=last, progress=lambda share, _: progress(share / 2, "asking"))
    progress(0.5, "measuring and projecting")
    return held_against(facts, whole, template=template, runs=runs)


def held_against(facts: Facts, whole: Facts, *, template: Company, runs: int = RUNS) -> Trial:
    """Return a trial: a company measured from what was known, and what came of it in the months that followed."""
    found = calibrate(facts, template=template, title="Back-test", currency=template.currency)
    hidden = whole.until - facts.until
    arr = arr_by_month(whole)
    known, actual = arr[:-hidden], arr[-hidden:]
    plan = project(Scenario.of(found.company, horizon=max(hidden, YEAR)))
    low, high = arr_band(found.company, facts, found.measured, hidden, runs)
    forecasts: dict[Rule, Forecast] = {
        "plan": Forecast(plan.total("arr_closing")[:hidden], low, high),
        "last_value": Forecast(*last_value(known, hidden)),
        "last_growth": Forecast(*last_growth(known, hidden)),
    }
    movements = {
        movement: (_moved(whole, movement)[-hidden:], sum((plan.total(line) for line in lines), np.zeros(plan.months))[:hidden])
        for movement, lines in MOVED_BY.items()
    }  # fmt: skip
    months = tuple(month_text(month) for month in range(facts.until + 1, whole.until + 1))
    return Trial(hidden, months, known, actual, forecasts, movements, customers_at(whole, facts.until))


def score(forecast: Forecast, actual: Numbers) -> Score:
    """Return how a forecast did."""
    error = (forecast.arr - actual) / actual
    inside = (forecast.low <= actual) & (actual <= forecast.high)
    return Score(float(np.abs(error).mean()), float(abs(error[-1])), float(error.mean()), float(inside.mean()))


def arr_by_month(facts: Facts) -> Numbers:
    """Return ARR by month end from the first movement to the opening month."""
    found: Numbers = np.cumsum(sum(sign * _moved(facts, movement, alone=True) for movement, sign in _SIGN.items()))
    return found


def customers_at(facts: Facts, month: int) -> int:
    """Return the number of customers at a month's end."""
    moves = facts.movements[facts.movements["month"] <= month]
    counts = moves.groupby("movement")["customers"].sum()
    return int(counts.get("new", 0) + counts.get("reactivation", 0) - counts.get("churn", 0))


def _moved(facts: Facts, movement: str, *, alone: bool = False) -> Numbers:
    """Return ARR of a movement by month from the first of all to the opening month; new holds those who came back."""
    moves = facts.movements
    names = ("new", "reactivation") if movement == "new" and not alone else (movement,)
    first = int(moves["month"].min())
    rows = moves[moves["movement"].isin(names)]
    found = np.zeros(facts.until - first + 1)
    np.add.at(found, rows["month"].to_numpy() - first, rows["arr"].to_numpy(float) / CENTS)
    return found


def backtest_csv(found: BackTest) -> bytes:
    """Return every hidden month of every trial as CSV: actual, and each rule with its band; movements of the model.

    Full precision, UTF-8.
    """
    names = [f"{rule}{part}" for rule in RULES for part in ("", "_low", "_high")]
    moved = [f"{movement}_{side}" for movement in MOVED_BY for side in ("actual", "plan")]
    rows = [["hidden", "date", "actual", *names, *moved]]
    rows += [row for trial in found.trials for row in _rows(trial)]
    return csv_of(rows)


def _rows(trial: Trial) -> Iterator[list[str]]:
    bands = [values for rule in RULES for one in [trial.forecasts[rule]] for values in (one.arr, one.low, one.high)]
    moved = [values for pair in trial.movements.values() for values in pair]
    for at, date in enumerate(trial.months):
        yield [str(trial.hidden), date, *(cell_of(values[at]) for values in (trial.actual, *bands, *moved))]
