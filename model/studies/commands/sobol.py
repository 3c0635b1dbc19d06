"""`revlens study sobol`: which lever drives a metric, alone and together with others."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from model.command_options import add_scenario, refuse
from model.scenario import Scenario
from model.studies.commands.answer import answer
from model.studies.commands.options import add_companies, add_out, add_outcome, of_link, outcome_of, points_of, usable
from model.studies.commands.uncertainty import progress
from model.studies.driver_link import drivers_of_link, taken
from model.studies.sobol import POINTS, cautions, drivers, drivers_csv
from model.view_words import DRIVERS


def add(studies: Any) -> None:
    """Add the command."""
    command = studies.add_parser("sobol", help="share the variance of a metric out over levers (Sobol indices)")
    add_scenario(command)
    add_outcome(command)
    command.add_argument("--lever", action="append", default=[], metavar="NAME[.SEGMENT]",
                         help="over its usual range; may be repeated; those of the link, else the moves with a range, "
                              "else common ones, unless given")  # fmt: skip
    command.add_argument(
        "--points", metavar="N", help=f"a power of 2, {POINTS:,} unless given or in the link; N × (levers + 2) runs"
    )
    add_out(command)
    add_companies(command)
    command.set_defaults(run=_sobol)


def _sobol(given: argparse.Namespace) -> int:
    return answer(given, of_scenario)


def of_scenario(scenario: Scenario, given: argparse.Namespace) -> bytes:
    """Return what the options ask for, of one scenario, as CSV; of a single one its cautions are told, too."""
    problems: list[str] = []
    outcome, points = outcome_of(given, scenario, problems), points_of(given, problems)
    levers = given.lever or _of_link(given, scenario, problems)
    refuse(problems)
    found = drivers(scenario, outcome, levers, points, progress("Projecting", given))
    if given.companies is None:
        for sentence in cautions(scenario, found):
            print(sentence, file=sys.stderr)
    return drivers_csv(scenario, outcome, found)


def _of_link(given: argparse.Namespace, scenario: Scenario, problems: list[str]) -> tuple[str, ...]:
    """Return the levers that the page of the link shows."""
    chosen = usable(drivers_of_link(of_link(given, DRIVERS), scenario), problems)
    if chosen == ():
        problems.append("No lever is chosen.")
    return taken(chosen, scenario)
