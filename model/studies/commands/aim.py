"""`revlens study aim`: what it would take to reach a target."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from model.command_options import add_scenario, refuse, scenario_of
from model.errors import ScenarioError
from model.outcomes import read_target
from model.scenario import Scenario
from model.studies.aim import aim, aim_csv
from model.studies.aim_link import NOBODY, Allowed, read_allowed
from model.studies.commands.options import add_out, add_outcome, add_segment, outcome_of, write


def add(studies: Any) -> None:
    """Add the command."""
    command = studies.add_parser(
        "aim", help="what it would take to reach a target: one lever alone, and the easiest mix"
    )
    add_scenario(command)
    add_outcome(command)
    add_segment(command)
    command.add_argument("--target", required=True, metavar="NUMBER", help="what is to be reached, rates as fractions")
    command.add_argument("--lever", action="append", default=[], metavar="NAME[.SEGMENT][=LOWtoHIGHxWEIGHT]",
                         help="a lever the mix may use, for example win_rate or win_rate=0.2to0.3x2; may be repeated. Those that "
                              f"bring most for little effort unless given, no mix with {NOBODY}")  # fmt: skip
    add_out(command)
    command.set_defaults(run=_aim)


def _aim(given: argparse.Namespace) -> None:
    scenario = scenario_of(given)
    outcome, target = outcome_of(given, scenario), read_target(given.target)
    found = aim(scenario, outcome, target, _allowed(given.lever, scenario), given.segment)
    if found.goal.question:
        print(f"revlens: {found.goal.question}", file=sys.stderr)
    write(given, aim_csv(found))


def _allowed(texts: list[str], scenario: Scenario) -> tuple[Allowed, ...] | None:
    """Return the levers asked for, None if none was, or refuse all that are none."""
    problems: list[str] = []
    found: dict[str, Allowed] = {}
    for text in texts if texts != [NOBODY] else []:
        key, _, value = text.partition("=")
        try:
            one = read_allowed(key, value or "x1", scenario)
            found[one.key] = one
        except ScenarioError as error:
            problems += error.problems
    refuse(problems)
    return tuple(found.values()) if texts else None
