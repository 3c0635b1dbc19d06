"""Doubt in links: the confidence of ranges and the correlations between them, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from model.catalogue import assumptions, retired
from model.doubt import CONFIDENCES, FORECAST, WORD, Doubt
from model.errors import ScenarioError
from model.moves import LEFT_OUT, NUMBER
from model.scenario import Scenario
from model.text import MINUS, glance, plain, rate

MOST_NAMED = 6


def take(query: dict[str, str]) -> dict[str, str]:
    """Take the parameters of doubt out of a query."""
    return {key: query.pop(key) for key in list(query) if is_part(key)}


def is_part(key: str) -> bool:
    """Say whether a parameter is one of doubt."""
    return key.partition(".")[0] == WORD


def read_doubt(given: Mapping[str, str], scenario: Scenario, problems: list[str]) -> Scenario:
    """Return a scenario with the doubt that parameters describe; each that is refused is named in `problems`."""
    doubt = scenario.doubt
    for key, text in given.items():
        try:
            doubt = _with_part(doubt, key, text, scenario, given)
        except ScenarioError as error:
            problems += error.with_instead
    found = replace(scenario, doubt=doubt)
    problems += _twice(given, found)
    problems += contradiction(found)
    return found


def _with_part(doubt: Doubt, key: str, text: str, scenario: Scenario, given: Mapping[str, str]) -> Doubt:
    typed = glance(f"{key}={text}", 80)
    if key == WORD:
        return replace(doubt, confidence=confidence(text, typed, f"{rate(doubt.confidence, 0)} is used."))
    if key == FORECAST:
        if text not in ("on", "off"):
            raise ScenarioError(f"Whether forecasts miss ({typed}) must be on or off.", "On is used.")
        return replace(doubt, noise=text == "on")
    names = _names(key)
    if len(names) != 2:
        raise ScenarioError(f"{typed} names no two levers; write {WORD}.retention_rate~upsell_rate=0.5.", LEFT_OUT)
    one, other = (_ranged(name, typed, scenario) for name in names)
    if one == other:
        raise ScenarioError(f"{scenario.title_of(one)} cannot vary together with itself ({typed}).", LEFT_OUT)
    what = f"The correlation of {scenario.title_of(one)} and {scenario.title_of(other)} ({typed})"
    return doubt.correlated(one, other, correlation(text, what, _instead(one, other, given)))


def _twice(given: Mapping[str, str], scenario: Scenario) -> Iterable[str]:
    """Yield a sentence about each pair that is given both ways round with different values."""
    for one, other, used in scenario.doubt.together:
        pair = {
            key: text for key, text in given.items() if sorted(_names(key)) == [one, other] and _is_correlation(text)
        }
        if len({float(text) for text in pair.values()}) > 1:
            typed = " and ".join(glance(f"{key}={text}", 80) for key, text in pair.items())
            yield (f"The correlation of {scenario.title_of(one)} and {scenario.title_of(other)} is given twice ({typed}); "
                   f"{plain(used).replace('-', MINUS)}, the last, is used.")  # fmt: skip


def _names(key: str) -> list[str]:
    """Return the keys that a parameter names, as they are called today."""
    named = (name.partition(".") for name in key.removeprefix(f"{WORD}.").split("~"))
    return [retired().get(entry, entry) + dot + segment for entry, dot, segment in named]


def _instead(one: str, other: str, given: Mapping[str, str]) -> str:
    """Say what holds of a pair of which a correlation is refused: the last that can be used and names it either way."""
    pairs = [text for key, text in given.items() if sorted(_names(key)) == sorted((one, other))]
    used = [float(text) for text in pairs if _is_correlation(text)]
    if not used:
        return "They are taken as independent."
    return f"The other value given for this pair, {plain(used[-1]).replace('-', MINUS)}, is used."


def confidence(text: str, typed: str, instead: str = "") -> float:
    """Return how sure ranges are meant to be.

    Raises
    ------
    ScenarioError
        It is not a number from 0.5 to 0.99.
    """
    low, high = CONFIDENCES
    value = float(text) if NUMBER.fullmatch(text) else float("nan")
    if not low <= value <= high:
        raise ScenarioError(f"The confidence of ranges ({typed}) must lie between {low:g} and {high:g}.", instead)
    return value


def correlation(text: str, what: str, instead: str) -> float:
    """Return a rank correlation, −1 to 1.

    Raises
    ------
    ScenarioError
        It is none.
    """
    if not _is_correlation(text):
        raise ScenarioError(f"{what} must lie between −1 and 1.", instead)
    return float(text)


def _is_correlation(text: str) -> bool:
    return NUMBER.fullmatch(text) is not None and -1 <= float(text) <= 1


def _ranged(key: str, typed: str, scenario: Scenario) -> str:
    """Return the key of a move that has a range."""
    if key.partition(".")[0] not in assumptions():
        raise ScenarioError(f"There is no assumption {glance(key)!r} ({typed}).", LEFT_OUT)
    if key not in scenario.ranged:
        raise ScenarioError(
            f"{glance(key)!r} has no range here, so nothing can vary together with it ({typed}); "
            f"with a range are {', '.join(scenario.ranged) or 'none'}.", LEFT_OUT,
        )  # fmt: skip
    return key


def contradiction(scenario: Scenario) -> Iterable[str]:
    """Yield a sentence where correlations contradict each other."""
    share = scenario.doubt.share_used()
    if share < 1:
        named = dict.fromkeys(key for pair in scenario.doubt.together for key in pair[:2])
        titles = ", ".join([scenario.title_of(key) for key in named][:MOST_NAMED])
        titles += f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
        yield (f"The correlations between {titles} contradict each other: no values can vary together like that. "
               f"All are taken at {plain(round(share, 3))} of what is given, the most that is possible.")  # fmt: skip
