"""What a link says about an aim: the levers a mix may use, `aim.win_rate=x1`, their bounds and weights, `aim.win_rate=0.2to0.3x2`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from model.errors import ScenarioError
from model.moves import NUMBER
from model.scenario import Scenario
from model.studies.levers import Lever, lever_of
from model.text import glance, plain
from model.view_words import AIM as WORD
from model.view_words import is_part

NOBODY = "none"
WEIGHTS = (0.01, 100.0)
MOST_LEVERS = 12
_ALLOWED = re.compile(r"(?:(?P<low>[^tx]+)to(?P<high>[^tx]+))?(?:x(?P<weight>[^tx]+))?", re.ASCII)


@dataclass(frozen=True)
class Allowed:
    """A lever that a mix may use, what an effort there weighs, and its bounds; None for the end of its usual range."""

    key: str
    weight: float = 1.0
    low: float | None = None
    high: float | None = None

    @property
    def value(self) -> str:
        """How a link writes it: "0.2to0.3x2"."""
        ends = "" if self.low is None or self.high is None else f"{plain(self.low)}to{plain(self.high)}"
        return f"{ends}x{plain(self.weight)}" if self.weight != 1 or not ends else ends

    def bounds(self, lever: Lever) -> tuple[float, float]:
        """Return between what values the lever may be moved."""
        return (lever.usual[0] if self.low is None else self.low), (lever.usual[1] if self.high is None else self.high)


def written(allowed: tuple[Allowed, ...]) -> dict[str, str]:
    """Return the parameters of a link for levers that were chosen; that none was chosen is said, too."""
    return {f"{WORD}.{one.key}": one.value for one in allowed} or {WORD: NOBODY}


def aim_of_link(query: Mapping[str, str], scenario: Scenario) -> tuple[tuple[Allowed, ...] | None, tuple[str, ...]]:
    """Return the levers that a link chooses, None if it leaves the choice open, and a sentence for each part refused."""
    given = {key.partition(".")[2]: value for key, value in query.items() if is_part(key, WORD) and key != WORD}
    problems: list[str] = []
    found: dict[str, Allowed] = {}
    for key, value in given.items():
        try:
            one = read_allowed(key, value, scenario)
        except ScenarioError as error:
            problems += error.with_instead
            continue
        if len(found) < MOST_LEVERS:
            found[one.key] = one
        else:
            problems.append(f"{WORD}.{glance(key)}: a mix uses at most {MOST_LEVERS} levers. It is left out.")
    whole = query.get(WORD)
    if whole is not None and whole != NOBODY:
        problems.append(
            f"{WORD}={glance(whole)} must be {NOBODY}, or name levers as in {WORD}.win_rate=x1. It is left out."
        )
    return (tuple(found.values()) if found or whole == NOBODY else None), tuple(problems)


def read_allowed(key: str, text: str, scenario: Scenario) -> Allowed:
    """Return the lever that a mix may use as `key`=`text` says, for example win_rate = 0.2to0.3x2.

    Raises
    ------
    ScenarioError
        One sentence: what is not known or out of range, and what is done instead.
    """
    what = f"{WORD}.{glance(key)}={glance(text)}"
    try:
        lever = lever_of(scenario, key)
    except ScenarioError as error:
        raise ScenarioError([f"{what}: {problem}" for problem in error.problems], "It is left out.") from error
    parts = _ALLOWED.fullmatch(text)
    numbers = [parts[name] for name in ("low", "high", "weight") if parts[name]] if parts else []
    if not numbers or not all(NUMBER.fullmatch(number) for number in numbers):
        example = f"{plain(lever.usual[0])}to{plain(lever.usual[1])}x2"
        raise ScenarioError(
            f"{what} cannot be read; write bounds and a weight as in {example}, or x1.", "It is left out."
        )
    weight = float(parts["weight"] or 1) if parts else 1.0
    if not WEIGHTS[0] <= weight <= WEIGHTS[1]:
        raise ScenarioError(f"{what} has a weight of {plain(weight)}; it must lie between {plain(WEIGHTS[0])} and "
                            f"{plain(WEIGHTS[1])}.", "It is left out.")  # fmt: skip
    if not (parts and parts["low"]):
        return Allowed(lever.key, weight)
    low, high = float(parts["low"]), float(parts["high"])
    for end in (low, high):
        if problem := lever.entry.problem(end, lever.currency):
            raise ScenarioError(f"{what} has a bound that {problem}.", "It is left out.")
    if not low < high:
        raise ScenarioError(f"{what} has bounds that do not rise.", "It is left out.")
    return Allowed(lever.key, weight, low, high)
