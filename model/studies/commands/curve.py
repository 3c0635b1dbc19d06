"""`revlens study curve`: a figure along one lever, or over two."""

from __future__ import annotations

import argparse
from typing import Any

from model.command_options import add_scenario, scenario_of
from model.outcomes import read_target
from model.studies.commands.options import add_out, add_outcome, outcome_of, write
from model.studies.sensitivity import curve, curve_csv, surface, surface_csv


def add(studies: Any) -> None:
    """Add the command."""
    command = studies.add_parser(
        "curve", help="a figure along one lever and where it crosses a target, or over two levers"
    )
    add_scenario(command)
    add_outcome(command)
    command.add_argument(
        "--lever", required=True, metavar="NAME[.SEGMENT]", help="for example win_rate or win_rate.ent"
    )
    command.add_argument("--other", metavar="NAME[.SEGMENT]", help="a second lever: then the figure over both")
    command.add_argument("--target", metavar="NUMBER", help="a target whose crossings are told, rates as fractions")
    add_out(command)
    command.set_defaults(run=_curve)


def _curve(given: argparse.Namespace) -> None:
    scenario = scenario_of(given)
    outcome = outcome_of(given, scenario)
    if given.other:
        write(given, surface_csv(surface(scenario, outcome, given.lever, given.other)))
        return
    target = None if given.target is None else read_target(given.target)
    write(given, curve_csv(curve(scenario, outcome, given.lever, target)))
