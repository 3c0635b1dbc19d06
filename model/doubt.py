"""Doubt: how sure the ranges of moves are meant to be, which levers vary together, and whether forecasts miss.

A range says what one move may come to; a doubt says what holds for all of them. It changes no projection: only what
draws runs reads it.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from model.company import Numbers
from model.text import plain

WORD = "range"
"""The word that its parameters in a link begin with."""

FORECAST = f"{WORD}.forecast"
CONFIDENCES = (0.5, 0.99)
USUAL_CONFIDENCE = 0.8
LEAST_EIGENVALUE = 1e-9

Pair = tuple[str, str, float]


@dataclass(frozen=True)
class Doubt:
    """What holds for all ranges of a scenario.

    Attributes
    ----------
    confidence : float
        Share of what may come that lies between low and high of each range: 0.8 leaves one tenth on either side.
    together : tuple of (key, key, float)
        Rank correlation (Spearman) of pairs of ranged moves, −1 to 1, by the keys of the moves in the order of the
        alphabet; all other pairs are independent.
    noise : bool
        Whether the new ARR of a quarter misses its plan as far as `forecast_accuracy` says.
    """

    confidence: float = USUAL_CONFIDENCE
    together: tuple[Pair, ...] = ()
    noise: bool = True

    def written(self) -> dict[str, str]:
        """Return its parameters of a link; what is usual is not written."""
        found = {WORD: plain(self.confidence)} if self.confidence != USUAL_CONFIDENCE else {}
        found |= {} if self.noise else {FORECAST: "off"}
        return found | {f"{WORD}.{one}~{other}": plain(value) for one, other, value in self.together}

    def among(self, keys: Collection[str]) -> Doubt:
        """Return it with the pairs that are both among some keys."""
        return replace(self, together=tuple(pair for pair in self.together if {*pair[:2]} <= {*keys}))

    def correlated(self, one: str, other: str, value: float) -> Doubt:
        """Return it with a pair that varies together; with 0 the pair is independent."""
        first, second = sorted((one, other))
        rest = [pair for pair in self.together if pair[:2] != (first, second)]
        return replace(self, together=(*rest, *([(first, second, value)] if value else [])))

    def scores_of(self, keys: Sequence[str]) -> tuple[Numbers, float]:
        """Return the correlation of normal scores that draws use, and at which share of what was asked for.

        A rank correlation r of normal scores has the product-moment correlation 2 sin(π r / 6) (Pearson 1907). Where
        pairs contradict each other (no values can vary together like that) all are taken at the largest common share
        that some values can have: 1 / (1 − λ), with λ the least eigenvalue of what was asked for.

        Returns
        -------
        array, (keys, keys)
            Symmetric, ones on its diagonal, positive definite.
        float
            1 where nothing contradicts.
        """
        asked = np.eye(len(keys))
        for one, other, rank in self.together:
            if one in keys and other in keys:
                row, column = keys.index(one), keys.index(other)
                asked[row, column] = asked[column, row] = 2 * math.sin(math.pi * rank / 6)
        least = float(np.linalg.eigvalsh(asked)[0]) if keys else 1.0
        share = 1 / (1 - least) if least < -LEAST_EIGENVALUE else 1.0
        used = share if least > LEAST_EIGENVALUE else share * (1 - 2 * LEAST_EIGENVALUE)
        return np.where(np.eye(len(keys)) > 0, 1.0, asked * used), share

    def share_used(self) -> float:
        """Return at which share of what was asked for correlations are taken: 1 where they do not contradict."""
        return self.scores_of(sorted({key for pair in self.together for key in pair[:2]}))[1]


USUAL = Doubt()
"""What is meant unless a scenario says otherwise."""
