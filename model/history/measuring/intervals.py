"""Intervals of 90 %: of a share, of a ratio of sums over customers, of a mean of months, of a trend."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
from numpy.typing import ArrayLike

from model.company import Numbers

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
    (0.419, 0.758)
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


def none_in(months: int) -> Ends:
    """Return the interval of a count a month of which none was seen: the exact one of Poisson's, 0 to −ln 5 % over the months.

    >>> round(none_in(12)[1], 4)
    0.2496
    """
    return 0.0, -math.log((1 - LEVEL) / 2) / months


def jackknife(parts: Numbers, estimate: Callable[[Numbers], Sequence[float]]) -> list[tuple[float, Ends]]:
    """Return estimates from sums, each with its interval by leaving out one group of customers at a time.

    Parameters
    ----------
    parts : array, (PARTS, …)
        Sums of each group; their total is what the estimates are made from.
    estimate : callable
        Sums → values; NaN where there is nothing to divide by.

    Notes
    -----
    Delete-a-group jackknife (Kott 2001): variance (G − 1)/G · Σ (θ₍g₎ − θ̄)², t with one degree of freedom less than
    there are groups with anyone in them. Customers, not rows, are dealt into groups, so that rows of one customer may
    hang together. Where no group differs from another there is no interval.
    """
    whole = parts.sum(axis=0)
    used = np.flatnonzero(parts.reshape(len(parts), -1).any(axis=1))
    values = np.asarray(estimate(whole), float)
    if len(used) < 2:
        return [(value, UNKNOWN) for value in values.tolist()]
    without = np.array([estimate(whole - parts[group]) for group in used], float)
    spread = np.sqrt((len(used) - 1) / len(used) * ((without - without.mean(axis=0)) ** 2).sum(axis=0))
    half = _t(len(used) - 1) * np.where(spread > 0, spread, np.nan)
    return list(zip(values.tolist(), zip((values - half).tolist(), (values + half).tolist(), strict=True), strict=True))


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


@cache
def _t(degrees: int) -> float:
    """Return the point of Student's distribution that leaves 5 % above it."""
    from scipy.stats import t

    return float(t.ppf((1 + LEVEL) / 2, degrees))
