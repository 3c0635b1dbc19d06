"""The check a shared link carries: the results as they were when it was made, and the model that made them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from model.engine import MODEL_VERSION
from model.projection import Projection
from model.text import money

_PART = r"-?\d+(?:\.\d+)?(?:e-?\d+)?"
_CHECK = re.compile(rf"(\d{{1,6}})~({_PART})~({_PART})~({_PART})", re.ASCII)
CLOSE_ENOUGH = 1e-5
NAMES = ("ARR at the end", "revenue in total", "operating profit in total")


@dataclass(frozen=True)
class Verdict:
    """Whether a link shows the numbers it showed when it was shared, and what to say about it."""

    same: bool
    says: str


def check_of(projection: Projection) -> str:
    """Return a short text of the results: model version, ARR at the end, revenue and profit in total."""
    return "~".join([str(MODEL_VERSION), *(f"{value:.7g}".replace("e+", "e") for value in _results(projection))])


def compare(check: str, projection: Projection) -> Verdict:
    """Return whether a link's check still holds; one that cannot be read is said to be so."""
    parts = _CHECK.fullmatch(check)
    if not parts:
        return Verdict(False, "The check in this link cannot be read, so nobody can tell whether its numbers changed.")
    then = [float(part) for part in parts.groups()[1:]]
    changed = [
        f"{name} was {money(old, currency)}, is {money(new, currency)}"
        for name, old, new in zip(NAMES, then, _results(projection), strict=True)
        if abs(new - old) > CLOSE_ENOUGH * abs(old)
        for currency in [projection.scenario.company.currency]
    ]
    if not changed:
        return Verdict(True, "Same numbers as when shared")
    why = "" if int(parts[1]) == MODEL_VERSION else f" (model version {parts[1]} then, {MODEL_VERSION} now)"
    return Verdict(False, f"Since this link was shared{why}: {'; '.join(changed)}.")


def _results(projection: Projection) -> tuple[float, float, float]:
    return (
        float(projection.total("arr_closing")[-1]),
        float(projection.total("revenue").sum()),
        float(projection.total("operating_profit").sum()),
    )
