"""Intervals of 90 %: of a share, of a ratio of sums over customers, of a mean of months, of a trend."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from model.company import Numbers
from model.history.facts import PARTS

LEVEL = 0.9
NORMAL = 1.6448536269514722
"""Point of the normal distribution that leaves 5 % above it."""

Ends = tuple[float, float]
UNKNOWN = (math.nan, math.nan)


def wilson(hits: float, trials: float) -> Ends:
    """Return the Wilson score interval of a share.

    Wilson 1927; unlike the textbook p ± z·s it stays within 0 and 1 and holds for few trials.

    >>> low, high = wilson(12, 20)
    >>> round(low, 3), round(high, 3)
    (0.418, 0.758)
    """
    if trials <= 0:
        return UNKNOWN
    share, square = hits / trials, NORMAL**2 / trials
    middle = (share + square / 2) / (1 + square)
    half = NORMAL * math.sqrt(share * (1 - share) / trials + square / (4 * trials)) / (1 + square)
    return middle - half, middle + half


def student(values: ArrayLike) -> Ends:
    """Return the t interval of the mean of months or quarters."""
    seen = np.asarray(values, float)
    if len(seen) < 2:
        return UNKNOWN
    half = _t(len(seen) - 1) * float(seen.std(ddof=1)) / math.sqrt(len(seen))
    return float(seen.mean()) - half, float(seen.mean()) + half


def jackknife(parts: Numbers, estimate: Callable[[Numbers], float]) -> tuple[float, Ends]:
    """Return an estimate from sums and its interval by leaving out one group of customers at a time.

    Parameters
    ----------
    parts : array, (PARTS, …)
        Sums of each group; their total is what the estimate is made from.
    estimate : callable
        Sums → value; NaN where there is nothing to divide by.

    Notes
    -----
    Delete-a-group jackknife (Kott 2001): variance (G − 1)/G · Σ (θ₍g₎ − θ̄)², t with one degree of freedom less than
    there are groups with anyone in them. Customers, not rows, are dealt into groups, so that rows of one customer may
    hang together.
    """
    whole = parts.sum(axis=0)
    value = estimate(whole)
    used = np.flatnonzero(parts.reshape(len(parts), -1).any(axis=1))
    without = np.array([estimate(whole - parts[group]) for group in used])
    if len(used) < 2 or not np.isfinite(without).all():
        return value, UNKNOWN
    spread = math.sqrt((len(used) - 1) / len(used) * float(((without - without.mean()) ** 2).sum()))
    half = _t(len(used) - 1) * spread
    return value, (value - half, value + half)


def trend(counts: ArrayLike) -> tuple[float, Ends]:
    """Return the growth a year of monthly counts and its interval: a log-linear fit that bears months without any.

    Poisson regression of the count on the month; the variance is as large a multiple of the mean as the counts show
    (quasi-Poisson), at least the mean itself.
    """
    seen = np.asarray(counts, float)
    months = np.arange(len(seen)) - (len(seen) - 1) / 2
    if len(seen) < 3 or seen.sum() <= 0:
        return math.nan, UNKNOWN
    design = np.stack([np.ones_like(months), months], axis=1)
    fitted = np.array([math.log(seen.mean()), 0.0])
    for _ in range(50):
        mean = np.exp(np.clip(design @ fitted, -30, 30))
        information = design.T @ (design * mean[:, np.newaxis])
        step = np.linalg.lstsq(information, design.T @ (seen - mean), rcond=None)[0]
        fitted = fitted + np.clip(step, -1, 1)
        if np.abs(step).max() < 1e-10:
            break
    mean = np.exp(np.clip(design @ fitted, -30, 30))
    dispersion = max(1.0, float(((seen - mean) ** 2 / np.maximum(mean, 1e-9)).sum()) / (len(seen) - 2))
    error = math.sqrt(dispersion * float(np.linalg.pinv(design.T @ (design * mean[:, np.newaxis]))[1, 1]))
    half = _t(len(seen) - 2) * error
    low, value, high = (math.expm1(min(12 * rate, 30.0)) for rate in (fitted[1] - half, fitted[1], fitted[1] + half))
    return value, (low, high)


def _t(degrees: int) -> float:
    """Return the point of Student's distribution that leaves 5 % above it."""
    from scipy.stats import t

    return float(t.ppf((1 + LEVEL) / 2, degrees))


def empty_parts(*shape: int) -> Numbers:
    """Return sums of nothing for each group of customers."""
    return np.zeros((PARTS, *shape))
