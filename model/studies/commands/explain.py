"""`revlens study explain`: how much of a difference each move brings, whatever the order."""

from __future__ import annotations

import argparse
from typing import Any

from model.command_options import add_scenario, refuse, scenario_of
from model.links import query_of, read_address
from model.scenario import Scenario
from model.studies.beside import read_beside
from model.studies.commands.options import add_out, add_outcome, of_link, outcome_of, usable, write
from model.studies.explain import BY_MOVE, BY_STAGE, explain, explanation_csv, split_of_link
from model.view_words import SPLIT


def add(studies: Any) -> None:
    """Add the command."""
    command = studies.add_parser(
        "explain", help="split a difference over the moves that bring it, whatever their order"
    )
    add_scenario(command)
    add_outcome(command)
    command.add_argument(
        "--from",
        dest="start",
        metavar="ADDRESS",
        help="the scenario to start from; the reference of the link, else the base, unless given",
    )
    command.add_argument("--by", choices=(BY_MOVE, BY_STAGE),
                         help=f"who shares the difference; as the link says, else {BY_MOVE}, unless given")  # fmt: skip
    add_out(command)
    command.set_defaults(run=_explain)


def _explain(given: argparse.Namespace) -> None:
    end, problems = scenario_of(given), list[str]()
    start, outcome = _start(given, end, problems), outcome_of(given, end, problems)
    by_stage = given.by == BY_STAGE if given.by else usable(split_of_link(of_link(given, SPLIT)), problems)
    refuse(problems)
    write(given, explanation_csv(explain(start, end, outcome, by_stage=by_stage)))


def _start(given: argparse.Namespace, end: Scenario, problems: list[str]) -> Scenario:
    """Return what the difference is told from."""
    if given.start is not None:
        reading = read_address(given.start)
        problems += reading.problems
        return reading.scenario
    beside = usable(read_beside({} if given.link is None else query_of(given.link), end), problems)
    return beside.starts(end)[beside.start(end)].scenario
