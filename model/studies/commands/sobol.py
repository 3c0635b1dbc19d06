"""`revlens study sobol`: which lever drives a metric, alone and together with others."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from model.command_options import add_scenario
from model.scenario import Scenario
from model.studies.commands.answer import answer
from model.studies.commands.options import add_companies, add_out, add_outcome, outcome_of
from model.studies.commands.uncertainty import progress
from model.studies.sobol import POINTS, cautions, drivers, drivers_csv


def add(studies: Any) -> None:
    """Add the command."""
    command = studies.add_parser("sobol", help="share the variance of a metric out over levers (Sobol indices)")
    add_scenario(command)
    add_outcome(command)
    command.add_argument("--lever", action="append", default=[], metavar="NAME[.SEGMENT]",
                         help="over its usual range; may be repeated; the moves with a range unless given")  # fmt: skip
    command.add_argument("--points", metavar="N", type=int, default=POINTS, help="a power of 2; N × (levers + 2) runs")
    add_out(command)
    add_companies(command)
    command.set_defaults(run=_sobol)


def _sobol(given: argparse.Namespace) -> int:
    return answer(given, of_scenario)


def of_scenario(scenario: Scenario, given: argparse.Namespace) -> bytes:
    """Return what the options ask for, of one scenario, as CSV; of a single one its cautions are told, too."""
    outcome = outcome_of(given, scenario)
    found = drivers(scenario, outcome, given.lever, given.points, progress("Projecting", given))
    if given.companies is None:
        for sentence in cautions(scenario, found):
            print(sentence, file=sys.stderr)
    return drivers_csv(scenario, outcome, found)
