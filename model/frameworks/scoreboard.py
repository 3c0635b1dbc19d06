"""The scoreboard: the metrics of all functions side by side, so that nobody's number is improved at another's cost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.catalogue import Metric, metrics
from model.frameworks.life_cycle import Function, functions
from model.metrics import View
from model.projection import Projection
from model.text import difference

NOTICED = 0.0005
"""Changes below a twentieth of a per cent are none, and so are those that would show as zero."""


@dataclass(frozen=True)
class Score:
    """A metric of a function, in the last month it is known, against the base.

    `gain` is how much better it is, as a share of the base: negative if it is worse, 0 if nobody would notice.
    """

    function: Function
    metric: Metric
    value: float
    base: float

    @property
    def gain(self) -> float:
        """How much better it is than at base, as a share; 0 where one of the two is not known."""
        change = self.value - self.base
        if not np.isfinite(change) or not self.base:
            return 0.0
        share = change / abs(self.base) * (1 if self.metric.better == "up" else -1)
        seen = any(digit in difference(change, self.metric.shown_as) for digit in "123456789")
        return share if seen and abs(share) >= NOTICED else 0.0


@dataclass(frozen=True)
class Spending:
    """Change of operating profit over the horizon, split: what comes in, and what each function spends more.

    earned - sum of spent = profit. `earned` is revenue less the cost of revenue and the overhead that goes with it.
    """

    earned: float
    spent: dict[str, float]
    profit: float


def scoreboard(now: Projection, base: Projection, segment: str = "") -> list[Score]:
    """Return every metric of every function against the base."""
    views = View(now, segment), View(base, segment)
    return [
        Score(function, metrics()[name], *(_last_known(view.metric(name)) for view in views))
        for function in functions().values()
        for name in function.metrics
    ]


def conflict(scores: list[Score]) -> tuple[Score, Score] | None:
    """Return the largest gain of one function and the largest loss of another, if there are both."""
    best = max(scores, key=lambda score: score.gain)
    losses = [score for score in scores if score.gain < 0]
    worst = min(losses, key=lambda score: score.gain, default=None)
    if worst is None or best.gain <= 0:
        return None
    if worst.function is best.function:
        others = [score for score in losses if score.function is not best.function]
        worst = min(others, key=lambda score: score.gain, default=None)
    return (best, worst) if worst else None


def spending(now: Projection, base: Projection) -> Spending:
    """Return who spends more over the horizon and what comes of it, of the whole company."""

    def change(line: str) -> float:
        return float((now.total(line) - base.total(line)).sum())

    earned = change("revenue") - change("cost_of_revenue") - change("overhead_cost")
    spent = {function.id: change(function.cost) for function in functions().values()}
    return Spending(earned, spent, change("operating_profit"))


def _last_known(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(known[-1]) if known.size else float("nan")
