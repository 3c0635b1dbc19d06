"""Scenarios side by side: the one on screen and up to three more, each with a name, all in one link.

The one on screen is `a` and is written as ever. Further ones have a letter before each parameter:
`b.name=Cautious&b.company=midmarket-saas&b.v=1&b.horizon=36&b.retention_rate=0.93`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from model.company import Company
from model.engine import project
from model.errors import ScenarioError
from model.fingerprint import Verdict, check_of, compare
from model.links import MAX_PARAMETERS, is_beside, query_of, read_address, read_query, write_query
from model.scenario import Scenario
from model.text import glance
from model.view_words import REFERENCE

LETTERS = "abcd"
NAME = "name"
LONGEST_NAME = 40


@dataclass(frozen=True)
class Named:
    """A scenario and what it is called."""

    name: str
    scenario: Scenario


@dataclass(frozen=True)
class Beside:
    """What stands beside the scenario on screen.

    Attributes
    ----------
    name : str
        What the scenario on screen is called, '' for "This scenario".
    pinned : tuple of Named
        The scenarios `b`, `c` and `d`.
    reference : str
        The letter of the one that others are held against, '' for the base if it is there, else `a`.
    """

    name: str = ""
    pinned: tuple[Named, ...] = ()
    reference: str = ""

    @property
    def is_full(self) -> bool:
        """Whether there is no room for another."""
        return len(self.pinned) + 1 >= len(LETTERS)

    def sides(self, scenario: Scenario) -> tuple[Named, ...]:
        """Return all scenarios by letter; where none is pinned, the scenario stands beside its base."""
        first = Named(self.name or "This scenario", scenario)
        alone = not self.pinned and not scenario.is_base
        return (first, *self.pinned, *([Named("Base", scenario.base)] if alone else []))

    def compared_with(self, scenario: Scenario) -> int:
        """Return the position of the one that others are held against."""
        sides = self.sides(scenario)
        if self.reference and LETTERS.index(self.reference) < len(sides):
            return LETTERS.index(self.reference)
        return next((place for place, side in enumerate(sides) if place and side.scenario == scenario.base), 0)

    def starts(self, scenario: Scenario) -> dict[str, Named]:
        """Return what a difference can be told from, by letter: the base ('') and others of the same company."""
        return {"": Named("Base", scenario.base)} | {
            letter: side
            for letter, side in zip(LETTERS, self.sides(scenario), strict=False)
            if side.scenario.company == scenario.company and side.scenario not in (scenario, scenario.base)
        }

    def start(self, scenario: Scenario) -> str:
        """Return the letter of what a difference is told from: of the reference, if it can be, else of the base."""
        return self.reference if self.reference in self.starts(scenario) else ""

    def with_pin(self, first: Scenario, scenario: Scenario, name: str = "") -> Beside:
        """Return the set with one scenario more beside the first, the one on screen.

        Raises
        ------
        ScenarioError
            There is no room for it, among the scenarios or in a link.
        """
        if self.is_full:
            raise ScenarioError(f"{len(LETTERS)} scenarios are side by side already; remove one to add another.")
        name = tidy_name(name) or self.name_for(LETTERS[len(self.pinned) + 1], scenario, first)
        found = replace(self, pinned=(*self.pinned, Named(name, scenario)))
        if (count := len(write_query(first)) + len(found.written(first.company))) > MAX_PARAMETERS:
            raise ScenarioError(f"A link holds {MAX_PARAMETERS} parameters; with this scenario it would need {count}.")
        return found

    def with_pins(self, first: Scenario, pins: Sequence[Named]) -> tuple[Beside, tuple[str, ...]]:
        """Return the set with as many scenarios more as there is room for, and why the others, by name, are left out."""
        found, problems, left = self, dict[str, None](), []
        for letter, one in zip(LETTERS, pins, strict=False):
            try:
                found = found.with_pin(first, one.scenario, one.name)
            except ScenarioError as error:
                problems |= dict.fromkeys(error.problems)
                left.append(one.name or f"scenario {letter.upper()} of the link")
        named = [f"Left out: {', '.join(left)}."] if left and len(pins) > 1 else []
        return found, (*problems, *named)

    def name_for(self, letter: str, scenario: Scenario, first: Scenario) -> str:
        """Return what a scenario without a name is called: another company by its title, all else by its letter."""
        title, taken = tidy_name(scenario.company.title), [one.name for one in self.pinned]
        return title if scenario.company != first.company and title not in taken else f"Scenario {letter.upper()}"

    def without(self, place: int) -> Beside:
        """Return the set without the scenario at a position, 1 for `b`."""
        return replace(self, pinned=tuple(one for at, one in enumerate(self.pinned, 1) if at != place), reference="")

    def renamed(self, place: int, name: str) -> Beside:
        """Return the set with another name at a position, 0 for the scenario on screen; an empty name changes nothing."""
        if not (name := tidy_name(name)):
            return self
        if place == 0:
            return replace(self, name=name)
        pinned = (replace(one, name=name) if at == place else one for at, one in enumerate(self.pinned, 1))
        return replace(self, pinned=tuple(pinned))

    def swapped(self, scenario: Scenario, place: int) -> tuple[Scenario, Beside]:
        """Return the scenario at a position, to be shown, and the set with the one shown so far in its place."""
        sides = [*self.sides(scenario)]
        sides[0], sides[place] = sides[place], sides[0]
        return sides[0].scenario, replace(self, name=sides[0].name, pinned=tuple(sides[1:]))

    def written(self, company: Company, *, checked: bool = False) -> dict[str, str]:
        """Return the parameters of a link, beside those of a scenario of that company; each with a check if wanted."""
        found = {f"a.{NAME}": self.name} if self.name else {}
        for letter, one in zip(LETTERS[1:], self.pinned, strict=False):
            query = write_query(one.scenario, check_of(project(one.scenario)) if checked else "")
            if one.scenario.company == company and "file" in query:  # it travels in the link already
                query = {key: value for key, value in query.items() if key not in ("company", "v", "file")}
            found |= {f"{letter}.{key}": value for key, value in ({NAME: one.name} | query).items()}
        return found | ({REFERENCE: self.reference} if self.reference else {})


def tidy_name(text: str) -> str:
    """Return a name that somebody typed as it is kept: on one line, at most 40 characters."""
    return glance(" ".join(text.split()), LONGEST_NAME)


def read_pasted(address: str) -> tuple[tuple[Named, ...], tuple[str, ...]]:
    """Return the scenarios of an address that somebody pasted, and what could not be used of it.

    One without a name has '' as its name.

    Raises
    ------
    ScenarioError
        The text is no address of a scenario.
    """
    reading = read_address(address)
    beside, refused = read_beside(query_of(address), reading.scenario)
    problems = (f"In the link pasted: {problem}" for problem in (*reading.problems, *refused))
    return (Named(beside.name, reading.scenario), *beside.pinned), tuple(problems)


def read_beside(query: Mapping[str, str], scenario: Scenario) -> tuple[Beside, tuple[str, ...]]:
    """Return what a link has beside its scenario, and one sentence for each part that was refused."""
    parts: dict[str, dict[str, str]] = {}
    for key, value in query.items():
        if is_beside(key):
            letter, _, rest = key.partition(".")
            parts.setdefault(letter, {})[rest] = value
    problems: list[str] = []
    found = Beside(_name(parts.pop("a", {}), "a", problems))
    for letter, given in sorted(parts.items()):
        if letter not in LETTERS:
            problems.append(f"{letter}.{glance(next(iter(given)))}: at most {len(LETTERS)} scenarios, {LETTERS[0]} to "
                            f"{LETTERS[-1]}, are side by side. Scenario {letter.upper()} is left out.")  # fmt: skip
            continue
        nested = [key for key in given if is_beside(key)]
        problems += [f"{letter}.{glance(key)} has two letters before its name. It is left out." for key in nested]
        pairs = [(key, value) for key, value in given.items() if key != NAME and key not in nested]
        reading = read_query(pairs, scenario.company)
        problems += [f"Scenario {letter.upper()}: {problem}" for problem in reading.problems]
        name = _name(given, letter, problems) or found.name_for(letter, reading.scenario, scenario)
        found = replace(found, pinned=(*found.pinned, Named(name, reading.scenario)))
    return _referred(found, query.get(REFERENCE, ""), scenario, problems), tuple(problems)


def checked(query: Mapping[str, str], scenario: Scenario, beside: Beside) -> Verdict | None:
    """Return whether the scenarios of a link still give the numbers of its checks; None if it has no check."""
    sides = {"": scenario} | {
        f"{letter}.": one.scenario for letter, one in zip(LETTERS[1:], beside.pinned, strict=False)
    }
    found = {key: compare(query[f"{key}check"], project(one)) for key, one in sides.items() if query.get(f"{key}check")}
    if not found:
        return None
    titles = {key: f"Scenario {(key or 'a')[0].upper()}" for key in sides}
    changed = [f"{titles[key]}: {verdict.says}" if beside.pinned else verdict.says
               for key, verdict in found.items() if not verdict.same]  # fmt: skip
    if changed:
        return Verdict(False, " ".join(changed))
    says = next(iter(found.values())).says
    unknown = ", ".join(title for key, title in titles.items() if key not in found)
    return Verdict(True, f"{says}; {unknown[0].lower()}{unknown[1:]} has no check" if unknown else says)


def _name(given: Mapping[str, str], letter: str, problems: list[str]) -> str:
    """Return the name of a scenario; of the one on screen, whose other parameters have no letter, refuse all else."""
    if letter == "a":
        problems += [f"a.{glance(key)} is written without its letter. It is left out." for key in given if key != NAME]
    text = given.get(NAME, "")
    if len(text) > LONGEST_NAME or not text.isprintable():
        problems.append(f"{letter}.{NAME} must be a text of at most {LONGEST_NAME} characters on one line; "
                        f"{glance(text)!r} is used.")  # fmt: skip
    return tidy_name(text)


def _referred(found: Beside, letter: str, scenario: Scenario, problems: list[str]) -> Beside:
    """Return the set with its reference, if there is a scenario of that letter."""
    known = LETTERS[: len(found.sides(scenario))]
    if letter and letter not in tuple(known):
        problems.append(f"{REFERENCE}={glance(letter)} names no scenario; there is {', '.join(known)}. It is left out.")
        return found
    return replace(found, reference=letter)
