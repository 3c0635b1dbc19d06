"""`revlens study curve`: a figure along one lever, or over two."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import Any

from model.command_options import add_scenario, refuse, scenario_of
from model.studies.commands.options import (
    add_out,
    add_outcome,
    add_segment,
    looking_of,
    outcome_of,
    segment_of,
    target_of,
    write,
)
from model.studies.sensitivity import curve, curve_csv, surface, surface_csv, tornado
from model.view_words import LEVERS, VARY


def add(studies: Any) -> None:
    """Add the command."""
    command = studies.add_parser(
        "curve", help="a figure along one lever and where it crosses a target, or over two levers"
    )
    add_scenario(command)
    add_outcome(command)
    add_segment(command)
    command.add_argument("--lever", default="", metavar="NAME[.SEGMENT]",
                         help="for example win_rate or win_rate.ent; that of the link, else the strongest, unless given")  # fmt: skip
    command.add_argument("--other", nargs="?", const="", metavar="NAME[.SEGMENT]",
                         help="a second lever: then the figure over both; that of the link, else the strongest, unless named")  # fmt: skip
    command.add_argument("--target", metavar="NUMBER", help="a target whose crossings are told, rates as fractions; that of the link "
                                                            "unless given")  # fmt: skip
    add_out(command)
    command.set_defaults(run=_curve)


def _curve(given: argparse.Namespace) -> None:
    scenario = scenario_of(given)
    problems: list[str] = []
    outcome, segment = outcome_of(given, scenario, problems), segment_of(given, scenario, problems)
    target, looking = target_of(given, problems), looking_of(given, scenario, problems, VARY, LEVERS)
    refuse(problems)
    looking = replace(looking, one=given.lever or looking.one, other=given.other or looking.other)
    one, other = looking.levers(tornado(scenario, outcome, segment, looking.vary))
    if given.other is None:
        write(given, curve_csv(curve(scenario, outcome, one, target)))
    else:
        write(given, surface_csv(surface(scenario, outcome, one, other)))
