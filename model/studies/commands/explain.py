"""`revlens study explain`: how much of a difference each move brings, whatever the order."""

from __future__ import annotations

import argparse
from typing import Any

from model.command_options import add_scenario, refuse, scenario_of
from model.links import read_address
from model.studies.commands.options import add_out, add_outcome, outcome_of, write
from model.studies.explain import BY_MOVE, BY_STAGE, explain, explanation_csv


def add(studies: Any) -> None:
    """Add the command."""
    command = studies.add_parser(
        "explain", help="split a difference over the moves that bring it, whatever their order"
    )
    add_scenario(command)
    add_outcome(command)
    command.add_argument(
        "--from", dest="start", metavar="ADDRESS", help="the scenario to start from; the base unless given"
    )
    command.add_argument("--by", choices=(BY_MOVE, BY_STAGE), default=BY_MOVE, help="who shares the difference")
    add_out(command)
    command.set_defaults(run=_explain)


def _explain(given: argparse.Namespace) -> None:
    end = scenario_of(given)
    start = end.base
    if given.start:
        reading = read_address(given.start)
        refuse(reading.problems)
        start = reading.scenario
    write(given, explanation_csv(explain(start, end, outcome_of(given, end), by_stage=given.by == BY_STAGE)))
