"""The command line `revlens`: the model without the screen, byte for byte the same numbers."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from model.catalogue import Assumption, Metric, assumptions, metrics
from model.command_options import EXIT_BAD_INPUT, EXIT_STOPPED, add_scenario, complain, refuse, scenario_of, write_file
from model.company_file import load_file, load_shipped, shipped
from model.engine import project
from model.errors import RevLensError
from model.export import PERIODS, projection_csv
from model.fingerprint import check_of
from model.history.command import EXITS, add_calibrate
from model.history.trust_commands import add_actuals, add_backtest
from model.links import read_address, write_link
from model.moves import NUMBER
from model.scenario import Scenario
from model.studies.commands import add_study
from model.text import table


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    0; 2 after naming every problem of the input on standard error; 3 if all but some companies of a folder could be
    used; 130 if stopped. A command that returns a code of its own has told what it means.
    """
    try:
        given = _parser().parse_args(_joined(sys.argv[1:] if arguments is None else arguments))
        code = given.run(given) or 0
        sys.stdout.flush()  # here, where a reader that has gone is expected
        return code
    except RevLensError as error:
        complain([*error.problems, "Nothing was written."])
        return EXIT_BAD_INPUT
    except BrokenPipeError:  # whoever reads has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        complain([f"{error.filename or 'Output'} cannot be used: {error.strerror}."])
        return EXIT_BAD_INPUT
    except KeyboardInterrupt:
        complain(["Stopped. Nothing was written."])
        return EXIT_STOPPED


def _joined(arguments: Sequence[str]) -> list[str]:
    """Return arguments with each negative number joined to the option before it: of -1e6 argparse would make an option."""
    found: list[str] = []
    for text in arguments:
        if (
            text.startswith("-")
            and NUMBER.fullmatch(text)
            and found
            and found[-1].startswith("--")
            and "=" not in found[-1]
        ):
            found[-1] += f"={text}"
        else:
            found.append(text)
    return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="revlens", description="A what-if planner for revenue operations.", epilog=EXITS
    )
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
    check = commands.add_parser("check", help="name all problems of a company's file, each with its line", epilog=EXITS)
    check.add_argument("file")
    check.set_defaults(run=_check)
    add_calibrate(commands)
    add_backtest(commands)
    add_actuals(commands)
    add_study(commands)
    return parser


def _add_project(commands: Any) -> None:
    command = commands.add_parser("project", help="project a scenario and write it as CSV")
    add_scenario(command)
    command.add_argument("--period", choices=PERIODS, default="month")
    command.add_argument("--out", metavar="FILE", help="standard output unless given")
    command.set_defaults(run=_project)


def _add_link(commands: Any) -> None:
    command = commands.add_parser("link", help="turn a scenario into an address, or an address into a scenario")
    command.add_argument("address", nargs="?", help="an address to read; without one, an address is written")
    add_scenario(command)
    command.add_argument("--page", default="/", help="the page to open, such as /execute, or a whole address")
    command.set_defaults(run=_link)


def _project(given: argparse.Namespace) -> None:
    content = projection_csv(project(scenario_of(given)), given.period)
    if given.out:
        write_file(Path(given.out), content)
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
    if given.address is None:
        scenario = scenario_of(given)
        print(write_link(scenario, given.page, check_of(project(scenario))))
        return
    reading = read_address(given.address)
    refuse(reading.problems)
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
