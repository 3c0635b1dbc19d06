"""What a link says about drivers: the levers whose shares are worked out, `drivers.win_rate=on`, or `drivers=none`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from model.errors import ScenarioError
from model.scenario import Scenario
from model.studies.levers import lever_of
from model.studies.sobol import MOST_LEVERS
from model.text import glance
from model.view_words import DRIVERS as WORD
from model.view_words import is_part

NOBODY, ON = "none", "on"
COMMON = ("retention_rate", "win_rate", "average_selling_price", "upsell_rate", "sales_cycle_months", "gross_margin")
"""Levers whose shares are worked out where none was chosen and none has a range."""


def written(keys: Iterable[str]) -> dict[str, str]:
    """Return the parameters of a link for levers that were chosen; that none was chosen is said, too."""
    return {f"{WORD}.{key}": ON for key in keys} or {WORD: NOBODY}


def taken(chosen: tuple[str, ...] | None, scenario: Scenario) -> tuple[str, ...]:
    """Return the levers whose shares are worked out: those chosen, else the moves with a range, else common ones."""
    return (scenario.ranged or COMMON) if chosen is None else chosen


def drivers_of_link(query: Mapping[str, str], scenario: Scenario) -> tuple[tuple[str, ...] | None, tuple[str, ...]]:
    """Return the levers that a link chooses, None if it leaves the choice open, and a sentence for each part refused."""
    problems: list[str] = []
    found: dict[str, None] = {}
    for parameter, value in query.items():
        if parameter == WORD or not is_part(parameter, WORD):
            continue
        typed = f"{WORD}.{glance(key := parameter.partition('.')[2])}"
        try:
            lever = lever_of(scenario, key)
        except ScenarioError as error:
            problems += [f"{typed}: {problem} It is left out." for problem in error.problems]
            continue
        if value != ON:
            problems.append(f"{typed}={glance(value)} must be {ON}. It is left out.")
        elif len(found) >= MOST_LEVERS:
            problems.append(f"{typed}: at most {MOST_LEVERS} levers share a figure. It is left out.")
        else:
            found[lever.key] = None
    whole = query.get(WORD)
    if whole is not None and whole != NOBODY:
        problems.append(
            f"{WORD}={glance(whole)} must be {NOBODY}, or name levers as in {WORD}.win_rate={ON}. It is left out."
        )
    return (tuple(found) if found or whole == NOBODY else None), tuple(problems)
