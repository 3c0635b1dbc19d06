"""`revlens study tornado`: how far each lever moves a figure."""

from __future__ import annotations

import argparse
from typing import Any

from model.command_options import add_scenario
from model.scenario import Scenario
from model.studies.commands.answer import answer
from model.studies.commands.options import add_companies, add_out, add_outcome, add_segment, outcome_of
from model.studies.sensitivity import STEP, USUAL, tornado, tornado_csv


def add(studies: Any) -> None:
    """Add the command."""
    command = studies.add_parser("tornado", help="how far each lever moves a figure, the most first")
    add_scenario(command)
    add_outcome(command)
    add_segment(command)
    command.add_argument("--vary", choices=(USUAL, STEP), default=USUAL,
                         help="over its usual range, or a step of its slider up and down")  # fmt: skip
    add_out(command)
    add_companies(command)
    command.set_defaults(run=_tornado)


def _tornado(given: argparse.Namespace) -> int:
    return answer(given, of_scenario)


def of_scenario(scenario: Scenario, given: argparse.Namespace) -> bytes:
    """Return what the options ask for, of one scenario, as CSV."""
    return tornado_csv(tornado(scenario, outcome_of(given, scenario), given.segment, by_step=given.vary == STEP))
