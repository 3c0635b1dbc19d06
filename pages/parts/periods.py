"""Periods of a projection as charts name them: months, calendar quarters, the last month."""

from __future__ import annotations

import numpy as np

from model.company import Numbers
from model.projection import Projection
from model.text import month_name


def dates(projection: Projection) -> list[str]:
    """Return the months of a projection as "2026-01"."""
    months = (projection.scenario.company.month(month) for month in range(1, projection.months + 1))
    return [f"{year}-{month:02d}" for year, month in months]


def end_name(projection: Projection) -> str:
    """Return the name of the last month: "Dec 2028"."""
    return month_name(*projection.scenario.company.month(projection.months))


def years_name(projection: Projection) -> str:
    """Return how long a projection is: "3 years", "1 year", "2.5 years"."""
    count = projection.months / 12
    return f"{count:.3g} year{'s' if count != 1 else ''}"


def quarters(projection: Projection) -> tuple[list[str], list[slice]]:
    """Return the names ("2026 Q1") and the months of the calendar quarters the plan covers whole."""
    names, spans = [], []
    for first in range(projection.months - 2):
        year, month = projection.scenario.company.month(first + 1)
        if month % 3 == 1:
            names.append(f"{year} Q{(month + 2) // 3}")
            spans.append(slice(first, first + 3))
    return names, spans


def summed(values: Numbers, spans: list[slice]) -> Numbers:
    """Return the sum of monthly values over each of some spans of months."""
    return np.array([values[span].sum() for span in spans])
