"""Options that the commands of `revlens study` share, and what a link says where an option is not given.

A command takes the settings that are its own from the link, as the page of its study does and by the same readers; those
of other studies are left aside. What a reader refuses is added to `problems`.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TypeVar

from model.command_options import write_file
from model.links import query_of, segment_of_link
from model.outcomes import Outcome, outcome_of_link, read_outcome, read_target, target_of_link
from model.scenario import Scenario
from model.studies.exactness import exactness_of_link
from model.studies.sensitivity import Looking, looking_of_link
from model.studies.sobol import read_points
from model.studies.uncertainty import read_runs
from model.view_words import KPI, POINTS, RUNS, SEGMENT, TARGET, is_part

Setting = TypeVar("Setting")


def add_outcome(command: argparse.ArgumentParser) -> None:
    """Add the option that says which metric a study is about."""
    command.add_argument("--kpi", metavar="METRIC[.SEGMENT][atMONTH]",
                         help="for example operating_profit or arr.entat24; that of the link, else ARR in the last month, unless given")  # fmt: skip


def add_segment(command: argparse.ArgumentParser) -> None:
    """Add the option that says whose levers move."""
    command.add_argument("--segment", help="levers of this segment; of the link's, else of the company, unless given")


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


def of_link(given: argparse.Namespace, *words: str) -> dict[str, str]:
    """Return what the link says under some words; nothing without a link."""
    query = {} if given.link is None else query_of(given.link)
    return {key: value for key, value in query.items() if any(is_part(key, word) for word in words)}


def usable(read: tuple[Setting, tuple[str, ...]], problems: list[str]) -> Setting:
    """Return what was read of a link, and add to the problems what could not be used of it."""
    found, refused = read
    problems += refused
    return found


def outcome_of(given: argparse.Namespace, scenario: Scenario, problems: list[str]) -> Outcome:
    """Return the outcome asked for."""
    if given.kpi is not None:
        return read_outcome(given.kpi, scenario.company, scenario.horizon)
    found = usable(outcome_of_link(of_link(given, KPI), scenario.company, scenario.horizon), problems)
    problems += filter(None, [found.instead(scenario.company, scenario.horizon)])
    return found


def target_of(given: argparse.Namespace, problems: list[str]) -> float | None:
    """Return what the outcome is to reach, None where nobody says."""
    if given.target is not None:
        return read_target(given.target)
    return usable(target_of_link(of_link(given, TARGET)), problems)


def segment_of(given: argparse.Namespace, scenario: Scenario, problems: list[str]) -> str:
    """Return the segment whose levers move, '' for those of the company."""
    if given.segment is not None:
        return str(given.segment)
    return usable(segment_of_link(of_link(given, SEGMENT), scenario.company), problems)


def batches_of(given: argparse.Namespace, problems: list[str]) -> int:
    """Return the batches that the number of runs takes."""
    if given.runs is not None:
        return read_runs(given.runs)
    return usable(exactness_of_link(of_link(given, RUNS)), problems).batches


def points_of(given: argparse.Namespace, problems: list[str]) -> int:
    """Return the number of points."""
    if given.points is not None:
        return read_points(given.points)
    return usable(exactness_of_link(of_link(given, POINTS)), problems).points


def looking_of(given: argparse.Namespace, scenario: Scenario, problems: list[str], *words: str) -> Looking:
    """Return how far levers vary and which are looked at, as far as the link says so under those words."""
    return usable(looking_of_link(of_link(given, *words), scenario), problems)


def write(given: argparse.Namespace, content: bytes) -> None:
    """Write a file to where it was asked for."""
    if given.out:
        write_file(Path(given.out), content)
    else:
        sys.stdout.buffer.write(content)
