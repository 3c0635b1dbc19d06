"""Two rules that need no model; a forecast that does not beat them is not worth its trouble.

Their bands are those of textbooks: the spread of past months' changes, which adds up with the square root of the months
(Hyndman and Athanasopoulos, Forecasting: Principles and Practice, 3rd edition, section 5.5).
"""

from __future__ import annotations

import numpy as np

from model.company import Numbers

YEAR = 12
WITHIN = 1.2815515655446004
"""80 % of a normal distribution lie within this many standard deviations."""


def last_value(known: Numbers, months: int) -> tuple[Numbers, Numbers, Numbers]:
    """Return ARR that stays as it last was, and the edges of its band, (months,) each.

    >>> [values.tolist() for values in last_value(np.array([100.0] * 13), 2)]
    [[100.0, 100.0], [100.0, 100.0], [100.0, 100.0]]
    """
    changes = np.diff(np.log(known[-YEAR - 1 :]))
    spread = float(np.sqrt((changes**2).mean())) if len(changes) else 0.0
    return _banded(np.full(months, known[-1]), spread * np.sqrt(np.arange(1, months + 1)))


def last_growth(known: Numbers, months: int) -> tuple[Numbers, Numbers, Numbers]:
    """Return ARR whose growth of the last 12 months goes on, compounded monthly, and the edges of its band.

    >>> arr, low, high = last_growth(100 * 1.01 ** np.arange(13), 2)
    >>> bool(np.allclose(arr, 100 * 1.01 ** np.array([13, 14])) and np.allclose(low, high))
    True
    """
    changes = np.diff(np.log(known[-YEAR - 1 :]))
    ahead = np.arange(1, months + 1)
    spread = float(changes.std(ddof=1)) if len(changes) > 1 else 0.0
    width = spread * np.sqrt(ahead * (1 + ahead / max(len(changes), 1)))
    return _banded(known[-1] * np.exp(changes.mean() * ahead), width)


def _banded(arr: Numbers, width: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    return arr, arr * np.exp(-WITHIN * width), arr * np.exp(WITHIN * width)
