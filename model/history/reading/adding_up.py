"""Whether actual months add up, and what follows from those that do: balances that are not given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from model.company import Numbers
from model.text import number

Mask = NDArray[np.bool_]
SIGNS: Mapping[str, int] = {
    "arr_new": 1,
    "arr_expansion": 1,
    "arr_price_uplift": 1,
    "arr_contraction": -1,
    "arr_churn": -1,
    "arr_churn_involuntary": -1,
}
"""Lines that move ARR, in the order of a bridge, and which way. Losses are positive numbers."""
SIBLINGS = {"arr_price_uplift": "arr_expansion", "arr_churn_involuntary": "arr_churn"}
"""Lines that many books do not keep apart: where one is not given, the other is taken to hold both."""
LINES = ("arr_opening", *SIGNS, "arr_closing", "revenue")


def movement_parts(lines: Mapping[str, Numbers], there: Mask) -> dict[str, tuple[str, ...]]:
    """Return which lines of a plan each line given in any month that is there holds; a movement that no line holds is missing.

    A sibling that is not given is taken to be in the other: expansion without a price uplift beside it holds both.
    """
    given = [name for name in SIGNS if np.isfinite(lines[name][there]).any()]
    parts = {name: [name] for name in given}
    for name, sibling in SIBLINGS.items():
        if name not in parts and sibling in parts:
            parts[sibling].append(name)
    return {name: tuple(held) for name, held in parts.items()}


def net(lines: Mapping[str, Numbers], there: Mask) -> Numbers:
    """Return what movements add to ARR by month, (months,); NaN in months where they are not complete."""
    parts = movement_parts(lines, there)
    found = np.zeros_like(lines["arr_new"])
    if {name for held in parts.values() for name in held} != set(SIGNS):
        return np.full_like(found, np.nan)
    for name in parts:
        found += SIGNS[name] * lines[name]
    return found


def balances(lines: Mapping[str, Numbers], there: Mask, start: float) -> tuple[Numbers, Numbers]:
    """Return opening and closing ARR by month, (months,) each, worked out where they are not given and can be.

    Those of a month that is not there stay unknown, and nothing is carried over it. `start` is the opening ARR of the first month where nothing tells it; NaN if that is not known either.
    """
    opening, closing, added = np.array(lines["arr_opening"]), np.array(lines["arr_closing"]), net(lines, there)
    for month in np.flatnonzero(there).tolist():
        before = closing[month - 1] if month else np.nan
        guesses = (opening[month], before, closing[month] - added[month], start if month == 0 else np.nan)
        opening[month] = next((guess for guess in guesses if np.isfinite(guess)), np.nan)
        if np.isnan(closing[month]):
            closing[month] = opening[month] + added[month]
    return opening, closing


def mismatches(lines: Mapping[str, Numbers], there: Mask) -> Iterator[tuple[int, str]]:
    """Yield each month, from 0, whose balances differ by more than its movements, beyond rounding, and by how much."""
    unit, closing = unit_of(np.concatenate([*lines.values()])), lines["arr_closing"]
    before = np.concatenate([[np.nan], closing[:-1]])
    opening = np.where(np.isfinite(lines["arr_opening"]), lines["arr_opening"], before)
    jumps, gaps = lines["arr_opening"] - before, closing - opening - net(lines, there)
    for month, (jump, gap) in enumerate(zip(jumps, gaps, strict=True)):
        if abs(jump) > unit:
            yield month, f"opens {_off(jump, unit)} the close of the month before"
        if abs(gap) > unit * (len(SIGNS) + 2) / 2:
            yield month, f"does not add up: closing ARR is {_off(gap, unit)} opening ARR and movements"


def _off(gap: float, unit: float) -> str:
    return f"{number(abs(gap), 0 if unit >= 1 else 2)} {'above' if gap > 0 else 'below'}"


def unit_of(amounts: Numbers) -> float:
    """Return the power of ten, 0.01 to 1,000, that all amounts that are known are rounded to."""
    known = amounts[np.isfinite(amounts)]
    units = (1000.0, 100.0, 10.0, 1.0, 0.1)
    return next((unit for unit in units if np.allclose(known / unit, np.round(known / unit), rtol=0, atol=1e-6)), 0.01)
