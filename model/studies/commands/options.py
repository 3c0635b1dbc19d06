"""Options that the commands of `revlens study` share."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from model.outcomes import Outcome, read_outcome
from model.scenario import Scenario


def add_outcome(command: argparse.ArgumentParser) -> None:
    """Add the option that says which metric a study is about."""
    command.add_argument("--kpi", default=str(Outcome()), metavar="METRIC[.SEGMENT][atMONTH]",
                         help="for example operating_profit or arr.entat24; ARR in the last month unless given")  # fmt: skip


def add_segment(command: argparse.ArgumentParser) -> None:
    """Add the option that says whose levers move."""
    command.add_argument("--segment", default="", help="levers of this segment; of the company unless given")


def add_out(command: argparse.ArgumentParser) -> None:
    """Add the option that says where the CSV goes."""
    command.add_argument("--out", metavar="FILE", help="standard output unless given")


def add_companies(command: argparse.ArgumentParser) -> None:
    """Add the options of a study of many companies."""
    command.add_argument(
        "--companies", metavar="DIR", help="ask it of every company file (*.toml) in a folder; needs --out"
    )
    command.add_argument(
        "--workers", metavar="K", help="processes that share the companies; one per processor unless given"
    )
    command.add_argument(
        "--dask", metavar="ADDRESS", help="share the companies among the workers of a Dask cluster instead"
    )


def outcome_of(given: argparse.Namespace, scenario: Scenario) -> Outcome:
    """Return the outcome asked for."""
    return read_outcome(given.kpi, scenario.company, scenario.horizon)


def write(given: argparse.Namespace, content: bytes) -> None:
    """Write a file to where it was asked for."""
    if given.out:
        Path(given.out).write_bytes(content)
    else:
        sys.stdout.buffer.write(content)
