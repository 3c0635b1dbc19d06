"""What commands share: the options of a scenario (company, moves, link, horizon), exit codes, and how problems are told."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from model.company import Company
from model.company_file import load_company, load_shipped
from model.doubt_link import is_part, read_doubt, take
from model.errors import ScenarioError
from model.links import DEFAULT_COMPANY, PLANS, Reading, read_address, read_plans
from model.moves import Move, read_move
from model.scenario import Scenario, horizon_problem
from model.text import glance

EXIT_BAD_INPUT = 2
EXIT_PARTLY = 3
EXIT_STOPPED = 130


def add_scenario(command: argparse.ArgumentParser) -> None:
    """Add the options that describe a scenario."""
    command.add_argument("--company", metavar="ID_OR_FILE", help=f"{DEFAULT_COMPANY} unless given")
    command.add_argument("--move", action="append", default=[], metavar="NAME[.SEGMENT]=VALUE[fromMONTH[overMONTHS]]",
                         help="for example retention_rate=0.93 or win_rate.ent=0.30from6over3; may be repeated")  # fmt: skip
    command.add_argument("--link", metavar="ADDRESS", help="start from the scenario of a link")
    command.add_argument("--horizon", metavar="MONTHS", help="12 to 120; the company's own unless given")


def scenario_of(given: argparse.Namespace, of: Company | None = None) -> Scenario:
    """Return the scenario the options describe: a link first, then company, moves and horizon on top of it.

    A company given as `of` stands in place of the one that the options name.
    """
    reading = Reading(Scenario.of(load_shipped(DEFAULT_COMPANY))) if given.link is None else read_address(given.link)
    own = of or (load_company(given.company) if given.company else None)
    company = own or reading.scenario.company
    late = reading.scenario.late_starts()  # not late any more, perhaps, with the company or horizon asked for
    problems = [problem for problem in reading.problems if problem not in late]
    moves = list(reading.scenario.moves) if own is None else _moves_again(reading, company, problems)
    typed: dict[str, str] = {}
    for key, value in _pairs(given.move, problems):
        if key.partition(".")[0] in PLANS or is_part(key):
            typed[key] = value
            continue
        try:
            moves.append(read_move(key, value, company))
        except ScenarioError as error:
            problems += error.problems
    plans = list(reading.scenario.plans)
    doubt = reading.scenario.doubt.written() | take(typed)
    if typed:
        written = {key: value for plan in plans for key, value in plan.written().items()}
        plans = list(read_plans(written | typed, company, problems))
    horizon = reading.scenario.horizon if given.link is not None else company.horizon_months
    if given.horizon is not None and not re.fullmatch(r"\d{1,9}", given.horizon, re.ASCII):
        problems.append(horizon_problem(given.horizon))
    elif given.horizon is not None:
        horizon = int(given.horizon)
    try:
        scenario = read_doubt(doubt, Scenario.of(company, moves, horizon, plans), problems)
    except ScenarioError as error:
        problems += error.problems
    else:
        problems += scenario.late_starts()
    refuse(problems)
    return scenario


def _moves_again(reading: Reading, company: Company, problems: list[str]) -> list[Move]:
    """Read the moves of a link once more, for another company."""
    moves = []
    for move in reading.scenario.moves:
        try:
            moves.append(read_move(move.key, move.value, company))
        except ScenarioError as error:
            problems += error.problems
    return moves


def _pairs(given: Iterable[str], problems: list[str]) -> Iterable[tuple[str, str]]:
    """Yield name and value of each move typed, and add to the problems what is none or is given again."""
    keys = Counter[str]()
    for text in given:
        key, equals, value = text.partition("=")
        if equals:
            keys[key] += 1
            yield key, value
        else:
            problems.append(f"--move {text!r} needs an equals sign, as in retention_rate=0.93.")
    problems += [
        f"--move gives {glance(key)} more than once; give it once." for key, count in keys.items() if count > 1
    ]


def write_file(path: Path, content: bytes) -> None:
    """Write a file so that there is the old one, or none, until all of the new one is there.

    A link goes on leading to the file; a pipe or a device takes what comes.

    Raises
    ------
    OSError
        It cannot be written; its `filename` is the path.
    """
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(content)
        else:
            _replace(path.resolve(), content)
    except OSError as error:
        error.filename = str(path)
        raise


def _replace(path: Path, content: bytes) -> None:
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def refuse(problems: Iterable[str]) -> None:
    """Refuse an input with all its problems, each named once; without any, do nothing.

    Raises
    ------
    ScenarioError
        There are problems.
    """
    found = tuple(dict.fromkeys(problems))
    if found:
        raise ScenarioError(found)


def complain(problems: Iterable[str]) -> None:
    """Name problems on standard error, one a line."""
    for problem in problems:
        print(f"revlens: {problem}", file=sys.stderr)
