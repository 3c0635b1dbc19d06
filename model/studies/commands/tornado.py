"""`revlens study tornado`: how far each lever moves a figure."""

from __future__ import annotations

import argparse
from typing import Any

from model.command_options import add_scenario, refuse
from model.scenario import Scenario
from model.studies.commands.answer import answer
from model.studies.commands.options import (
    add_companies,
    add_out,
    add_outcome,
    add_segment,
    looking_of,
    outcome_of,
    segment_of,
)
from model.studies.sensitivity import TENTH, VARIES, tornado, tornado_csv
from model.view_words import VARY


def add(studies: Any) -> None:
    """Add the command."""
    command = studies.add_parser("tornado", help="how far each lever moves a figure, the most first")
    add_scenario(command)
    add_outcome(command)
    add_segment(command)
    command.add_argument("--vary", choices=VARIES,
                         help="a tenth down and up, over its usual range, or a step of its slider; a range given goes first, "
                              f"except before a step; as the link says, else {TENTH}, unless given")  # fmt: skip
    add_out(command)
    add_companies(command)
    command.set_defaults(run=_tornado)


def _tornado(given: argparse.Namespace) -> int:
    return answer(given, of_scenario)


def of_scenario(scenario: Scenario, given: argparse.Namespace) -> bytes:
    """Return what the options ask for, of one scenario, as CSV."""
    problems: list[str] = []
    outcome, segment = outcome_of(given, scenario, problems), segment_of(given, scenario, problems)
    vary = given.vary or looking_of(given, scenario, problems, VARY).vary
    refuse(problems)
    return tornado_csv(tornado(scenario, outcome, segment, vary))
