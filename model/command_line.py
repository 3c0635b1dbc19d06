"""The command line `revlens`: the model without the screen, byte for byte the same numbers."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from model.catalogue import Assumption, Metric, assumptions, metrics
from model.company import Company
from model.company_file import load_company, load_file, load_shipped, shipped
from model.doubt_link import is_part, read_doubt, take
from model.engine import project
from model.errors import RevLensError, ScenarioError
from model.export import PERIODS, projection_csv
from model.fingerprint import check_of
from model.history.command import add_calibrate
from model.history.trust_commands import add_actuals, add_backtest
from model.links import DEFAULT_COMPANY, PLANS, Reading, read_link, read_plans, write_link
from model.scenario import Move, Scenario, horizon_problem, read_move
from model.text import table

EXIT_BAD_INPUT = 2
EXIT_PARTLY = 3
EXIT_STOPPED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    0; 2 after naming every problem of the input on standard error; 3 if all but some companies of a folder could be
    used; 130 if stopped. A command that returns a code of its own has told what it means.
    """
    given = _parser().parse_args(arguments)
    try:
        return given.run(given) or 0
    except RevLensError as error:
        _complain([*error.problems, "Nothing was written."])
        return EXIT_BAD_INPUT
    except OSError as error:
        _complain([f"{error.filename or 'Output'} cannot be used: {error.strerror}."])
        return EXIT_BAD_INPUT
    except KeyboardInterrupt:
        _complain(["Stopped. Nothing was written."])
        return EXIT_STOPPED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="revlens", description="A what-if planner for revenue operations.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_project(commands)
    for name, run, told in (
        ("assumptions", _assumptions, "list what can be assumed"),
        ("metrics", _metrics, "list what is measured"),
    ):
        listing = commands.add_parser(name, help=told)
        listing.add_argument("--json", action="store_true", help="as JSON, for programs")
        listing.set_defaults(run=run)
    commands.add_parser("companies", help="list the shipped companies").set_defaults(run=_companies)
    _add_link(commands)
    check = commands.add_parser("check", help="name all problems of a company's file, each with its line")
    check.add_argument("file")
    check.set_defaults(run=_check)
    add_calibrate(commands)
    add_backtest(commands)
    add_actuals(commands, _add_scenario, _scenario)
    from model.studies.commands import add  # here, since those commands take options from this file

    add(commands)
    return parser


def _add_project(commands: Any) -> None:
    command = commands.add_parser("project", help="project a scenario and write it as CSV")
    _add_scenario(command)
    command.add_argument("--period", choices=PERIODS, default="month")
    command.add_argument("--out", metavar="FILE", help="standard output unless given")
    command.set_defaults(run=_project)


def _add_scenario(command: argparse.ArgumentParser) -> None:
    command.add_argument("--company", metavar="ID_OR_FILE", help=f"{DEFAULT_COMPANY} unless given")
    command.add_argument("--move", action="append", default=[], metavar="NAME[.SEGMENT]=VALUE[fromMONTH[overMONTHS]]",
                         help="for example retention_rate=0.93 or win_rate.ent=0.30from6over3; may be repeated")  # fmt: skip
    command.add_argument("--link", metavar="ADDRESS", help="start from the scenario of a link")
    command.add_argument("--horizon", metavar="MONTHS", help="12 to 120; the company's own unless given")


def _add_link(commands: Any) -> None:
    command = commands.add_parser("link", help="turn a scenario into an address, or an address into a scenario")
    command.add_argument("address", nargs="?", help="an address to read; without one, an address is written")
    _add_scenario(command)
    command.add_argument("--page", default="/", help="the page to open, such as /execute, or a whole address")
    command.set_defaults(run=_link)


def _project(given: argparse.Namespace) -> None:
    content = projection_csv(project(_scenario(given)), given.period)
    if given.out:
        Path(given.out).write_bytes(content)
    else:
        sys.stdout.buffer.write(content)


def _assumptions(given: argparse.Namespace) -> None:
    _print_entries(assumptions(), given.json, ("id", "min", "max", "unit", "kind", "label"))


def _metrics(given: argparse.Namespace) -> None:
    _print_entries(metrics(), given.json, ("id", "label", "unit", "definition"))


def _print_entries(
    entries: Mapping[str, Assumption] | Mapping[str, Metric], as_json: bool, columns: Sequence[str]
) -> None:
    found = [entry.model_dump() for entry in entries.values()]
    if as_json:
        print(json.dumps(found, indent=2, ensure_ascii=False))
        return
    print(table([columns, *([str(entry[column]) for column in columns] for entry in found)]))


def _companies(_: argparse.Namespace) -> None:
    rows: list[Sequence[str]] = [("id", "version", "title", "segments")]
    for name in shipped():
        company = load_shipped(name)
        rows.append((company.id, str(company.version), company.title, ", ".join(company.segments)))
    print(table(rows))


def _link(given: argparse.Namespace) -> None:
    if not given.address:
        scenario = _scenario(given)
        print(write_link(scenario, given.page, check_of(project(scenario))))
        return
    reading = read_link(given.address)
    _refuse(reading.problems)
    scenario = reading.scenario
    print(f"--company {scenario.company.id}  # version {scenario.company.version}, {scenario.company.title}")
    print(f"--horizon {scenario.horizon}")
    for key, value in scenario.written.items():
        print(f"--move {key}={value}")


def _check(given: argparse.Namespace) -> None:
    company = load_file(Path(given.file))
    project(Scenario.of(company))
    count = len(company.segments)
    print(f"{given.file} is a company: {company.title}, version {company.version}, {count} segment{'s' * (count > 1)}.")


def _scenario(given: argparse.Namespace, of: Company | None = None) -> Scenario:
    """Return the scenario the options describe: a link first, then company, moves and horizon on top of it.

    A company given as `of` stands in place of the one that the options name.
    """
    reading = read_link(given.link) if given.link else Reading(Scenario.of(load_shipped(DEFAULT_COMPANY)))
    own = of or (load_company(given.company) if given.company else None)
    company = own or reading.scenario.company
    late = reading.scenario.late_starts()  # not late any more, perhaps, with the company or horizon asked for
    problems = [problem for problem in reading.problems if problem not in late]
    moves = list(reading.scenario.moves) if own is None else _moves_again(reading, company, problems)
    typed: dict[str, str] = {}
    for key, value in _pairs(given.move, "--move", "retention_rate=0.93", problems):
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
    horizon = reading.scenario.horizon if given.link else company.horizon_months
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
    _refuse(problems)
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


def _pairs(
    given: Iterable[str], option: str, example: str, problems: list[str] | None = None
) -> Iterable[tuple[str, str]]:
    for text in given:
        key, equals, value = text.partition("=")
        if equals:
            yield key, value
        elif problems is None:
            raise ScenarioError(f"{option} {text!r} needs an equals sign, as in {example}.")
        else:
            problems.append(f"{option} {text!r} needs an equals sign, as in {example}.")


def _refuse(problems: Iterable[str]) -> None:
    found = tuple(dict.fromkeys(problems))
    if found:
        raise ScenarioError(found)


def _complain(problems: Iterable[str]) -> None:
    for problem in problems:
        print(f"revlens: {problem}", file=sys.stderr)
