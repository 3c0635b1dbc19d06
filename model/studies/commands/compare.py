"""`revlens study compare`: scenarios side by side."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import Any

from model.command_options import refuse
from model.errors import ScenarioError
from model.links import query_of, read_address, segment_of_link
from model.scenario import Scenario
from model.studies.beside import LETTERS, Beside, read_beside, read_pasted
from model.studies.commands.options import add_out, write
from model.studies.compare import TABLES, compare, comparison_csv
from model.text import counted


def add(studies: Any) -> None:
    """Add the command."""
    command = studies.add_parser("compare", help="set up to four scenarios side by side")
    command.add_argument("--link", action="append", required=True, metavar="ADDRESS",
                         help="a scenario, or several in one link; may be repeated. One alone stands beside its base")  # fmt: skip
    command.add_argument("--name", action="append", default=[], help="what the scenarios are called, in their order")
    command.add_argument(
        "--reference", choices=tuple(LETTERS), help="the one the others are held against, a for the first"
    )
    command.add_argument("--table", choices=TABLES, default=TABLES[0])
    add_out(command)
    command.set_defaults(run=_compare)


def _compare(given: argparse.Namespace) -> None:
    address, *others = given.link
    reading = read_address(address)
    query = query_of(address)
    beside, refused = read_beside(query, reading.scenario)
    segment, unsegmented = segment_of_link(query, reading.scenario.company)
    problems = [*reading.problems, *refused, *unsegmented]
    for other in others:
        beside = _with(beside, reading.scenario, other, problems)
    for place, name in enumerate(given.name):
        beside = beside.renamed(place, name)
    sides = beside.sides(reading.scenario)
    if len(given.name) > len(beside.pinned) + 1:
        problems.append(f"{counted(len(given.name), 'name')} are given, for "
                        f"{counted(len(beside.pinned) + 1, 'scenario').lower()}.")  # fmt: skip
    if given.reference and LETTERS.index(given.reference) >= len(sides):
        problems.append(
            f"--reference {given.reference} names no scenario; there is {', '.join(LETTERS[: len(sides)])}."
        )
    if len(sides) == 1:
        problems.append("There is one scenario without moves, and nothing to set it against; give another --link.")
    refuse(problems)
    reference = replace(beside, reference=given.reference or beside.reference).compared_with(reading.scenario)
    write(given, comparison_csv(compare(sides, reference, segment), given.table))


def _with(beside: Beside, first: Scenario, address: str, problems: list[str]) -> Beside:
    """Return the set with the scenarios of one more link, and add to the problems why not."""
    try:
        pins, refused = read_pasted(address)
    except ScenarioError as error:
        problems += error.problems
        return beside
    beside, full = beside.with_pins(first, pins)
    problems += [*refused, *full]
    return beside
