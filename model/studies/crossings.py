"""Crossings: where a function of one lever reaches a level, for many levers at once. Monotone or not: a grid is scanned first."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from model.company import Numbers
from model.studies.levers import Places

Gain = Callable[[Places, Numbers], Numbers]
"""Gives, for the lever of each run and its value, (runs,), how far the level is surpassed: at least 0 where it is
reached, NaN where there is no value."""

STEPS = 48
"""Bisections at most that a root takes; most take a handful of steps, since the function is nearly straight there."""


def brackets(gain: Numbers) -> tuple[Places, Places]:
    """Return where a scanned function (levers, points) turns from reached to not reached or back: levers and left points."""
    reached = gain >= 0  # NaN is not reached
    which, left = np.nonzero(reached[:, 1:] != reached[:, :-1])
    return which, left


def refined(gain: Gain, which: Places, low: Numbers, high: Numbers) -> Numbers:
    """Return where the level is crossed in each bracket, all of them refined in the same batches (Chandrupatla 1997)."""
    from scipy.optimize.elementwise import find_root

    if not which.size:
        return np.empty(0)

    def known(at: Numbers, lever: Places) -> Numbers:
        return np.nan_to_num(gain(lever, at), nan=-1.0)

    found = find_root(known, (low, high), args=(which,), tolerances={"xrtol": 1e-13}, maxiter=STEPS)
    if not (lost := ~np.isfinite(found.x)).any():
        return np.asarray(found.x)
    # an end lies on the level, and batches of another size round it to the other side
    above = known(high[lost], which[lost]) >= known(low[lost], which[lost])
    roots = np.array(found.x)
    roots[lost] = np.where(above, high[lost], low[lost])
    return roots
