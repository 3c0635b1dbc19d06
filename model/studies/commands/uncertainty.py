"""`revlens study uncertainty`: between what a metric will lie, and how likely a target or a loss is."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from model.command_options import add_scenario, refuse
from model.doubt_link import confidence
from model.scenario import Scenario
from model.studies.commands.answer import answer
from model.studies.commands.options import add_companies, add_out, add_outcome, batches_of, outcome_of, target_of
from model.studies.draws import POINTS
from model.studies.one_row import one_row_csv
from model.studies.uncertainty import BATCHES, asked_with, uncertainty, uncertainty_csv
from model.text import glance


def add(studies: Any) -> None:
    """Add the command."""
    command = studies.add_parser("uncertainty", help="draw what ranges and forecasts may come to, month by month")
    add_scenario(command)
    add_outcome(command)
    command.add_argument(
        "--target", metavar="VALUE", help="tell the chance of reaching it, too; that of the link unless given"
    )
    command.add_argument(
        "--confidence", metavar="SHARE", help="how sure ranges are meant to be; 0.8 unless the link says"
    )
    command.add_argument(
        "--runs", metavar="N", help=f"a multiple of {POINTS:,}; {BATCHES * POINTS:,} unless given or in the link"
    )
    command.add_argument("--no-forecast-noise", action="store_true", help="let every quarter come out as forecast")
    add_out(command)
    add_companies(command)
    command.set_defaults(run=_uncertainty)


def _uncertainty(given: argparse.Namespace) -> int:
    if given.confidence is not None:
        confidence(given.confidence, f"--confidence {glance(given.confidence)}")
        given.move.append(f"range={given.confidence}")
    if given.no_forecast_noise:
        given.move.append("range.forecast=off")
    if given.companies is not None:
        _target_and_batches(given, [])  # once, before companies are read and workers start
    return answer(given, of_scenario if given.companies is None else of_company)


def of_scenario(scenario: Scenario, given: argparse.Namespace) -> bytes:
    """Return what the options ask for, of one scenario and all its months, as CSV."""
    problems: list[str] = []
    outcome = outcome_of(given, scenario, problems)
    target, batches = _target_and_batches(given, problems)
    study = uncertainty(scenario, asked_with(outcome), batches, progress("Drawing", given))
    return uncertainty_csv(study, outcome, target)


def of_company(scenario: Scenario, given: argparse.Namespace) -> bytes:
    """Return what the options ask for, of one company of many, as CSV with one row."""
    problems: list[str] = []
    outcome = outcome_of(given, scenario, problems)
    return one_row_csv(scenario, outcome, *_target_and_batches(given, problems))


def _target_and_batches(given: argparse.Namespace, problems: list[str]) -> tuple[float | None, int]:
    """Return what is to be reached and how much is drawn, or refuse them with the problems there are already."""
    target, batches = target_of(given, problems), batches_of(given, problems)
    refuse(problems)
    return target, batches


def progress(doing: str, given: argparse.Namespace) -> Any:
    """Return what shows the share done of one scenario on standard error, if a person is looking."""
    shown = given.companies is None and sys.stderr.isatty()

    def show(share: float) -> None:
        if shown:
            print(f"\r{doing}: {share:4.0%}", end="\n" if share >= 1 else "", file=sys.stderr, flush=True)

    return show
