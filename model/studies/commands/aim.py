"""`revlens study aim`: what it would take to reach a target."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from model.command_options import add_scenario, complain, refuse, scenario_of
from model.errors import ScenarioError
from model.outcomes import Outcome
from model.scenario import Scenario
from model.studies.aim import aim, aim_csv
from model.studies.aim_link import NOBODY, Allowed, aim_of_link, read_allowed
from model.studies.commands.options import (
    add_out,
    add_outcome,
    add_segment,
    of_link,
    outcome_of,
    segment_of,
    target_of,
    usable,
    write,
)
from model.studies.levers import checked
from model.studies.needs import offered_target, why_offered
from model.view_words import AIM


def add(studies: Any) -> None:
    """Add the command."""
    command = studies.add_parser(
        "aim", help="what it would take to reach a target: one lever alone, and the easiest mix"
    )
    add_scenario(command)
    add_outcome(command)
    add_segment(command)
    command.add_argument("--target", metavar="NUMBER",
                         help="what is to be reached, rates as fractions; that of the link, else a tenth better, unless given")  # fmt: skip
    command.add_argument("--lever", action="append", default=[], metavar="NAME[.SEGMENT][=LOWtoHIGHxWEIGHT]",
                         help="a lever the mix may use, for example win_rate or win_rate=0.2to0.3x2; may be repeated. Those that "
                              f"bring most for little effort unless given or in the link, no mix with {NOBODY}")  # fmt: skip
    add_out(command)
    command.set_defaults(run=_aim)


def _aim(given: argparse.Namespace) -> None:
    scenario, problems = scenario_of(given), list[str]()
    outcome, segment = outcome_of(given, scenario, problems), segment_of(given, scenario, problems)
    target, allowed = target_of(given, problems), _allowed(given, scenario, problems)
    refuse(problems)
    found = aim(scenario, outcome, _offered(scenario, outcome) if target is None else target, allowed, segment)
    if found.goal.question:
        print(f"revlens: {found.goal.question}", file=sys.stderr)
    write(given, aim_csv(found))


def _offered(scenario: Scenario, outcome: Outcome) -> float:
    """Return the target that the page offers where there is none, and say so."""
    present = checked(scenario, outcome, "there is no way to a target")
    target = offered_target(outcome, present)
    complain([why_offered(outcome, present, target, scenario.company.currency)])
    return target


def _allowed(given: argparse.Namespace, scenario: Scenario, problems: list[str]) -> tuple[Allowed, ...] | None:
    """Return the levers that a mix may use, None if nobody chose any, and add to the problems what is none."""
    if not given.lever:
        return usable(aim_of_link(of_link(given, AIM), scenario), problems)
    found: dict[str, Allowed] = {}
    for text in given.lever if given.lever != [NOBODY] else []:
        key, _, value = text.partition("=")
        try:
            one = read_allowed(key, value or "x1", scenario)
            found[one.key] = one
        except ScenarioError as error:
            problems += error.problems
    return tuple(found.values())
