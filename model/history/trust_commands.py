"""The commands `revlens backtest` and `revlens actuals`: how far the model's word is good."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model import clock
from model.command_options import add_scenario, scenario_of, write_file
from model.company_file import load_company
from model.engine import project
from model.errors import ExportError
from model.history.command import (
    EXITS,
    KINDS,
    READ,
    add_files,
    answered,
    given_files,
    line_of_progress,
    opening_month,
    within,
    write_unused,
)
from model.links import DEFAULT_COMPANY
from model.scenario import Scenario
from model.text import money, plus, rate, signed, table

if TYPE_CHECKING:
    from model.history.trust.backtest import BackTest
    from model.history.trust.variance import PlanAndActuals

HIDDEN = (6, 9, 12, 15, 18)
ACTUALS = {
    "actuals": "months as they happened: month, segment if any, ARR movements, opening and closing ARR, revenue; or these lines down the side and months across"
}


def add_backtest(commands: Any) -> None:
    """Add the command `backtest` to a parser's commands."""
    command = commands.add_parser(
        "backtest",
        help="hide the last months of exports, measure on the rest, and compare with what happened",
        epilog=EXITS,
    )
    add_files(command, KINDS)
    command.add_argument("--hidden", nargs="+", type=int, default=list(HIDDEN), metavar="MONTHS",
                         help="how many months to hide, a trial each; 6 9 12 15 18 unless given")  # fmt: skip
    command.add_argument("--segments", default="column", choices=("column", "size"),
                         help="segments as a column names them, or bands of size proposed from the amounts")  # fmt: skip
    command.add_argument(
        "--until", metavar="YYYY-MM", help="the last month that counts; the last full one that is past unless given"
    )
    command.add_argument(
        "--template", default=DEFAULT_COMPANY, metavar="ID_OR_FILE", help="for what cannot be measured"
    )
    command.add_argument("--out", metavar="FILE.csv", type=Path, help="every hidden month, in full precision")
    command.set_defaults(run=_backtest)


def add_actuals(commands: Any) -> None:
    """Add the command `actuals` to a parser's commands."""
    command = commands.add_parser(
        "actuals", help="hold actual months against a scenario, by ARR movement", epilog=EXITS
    )
    add_files(command, ACTUALS)
    add_scenario(command)
    command.add_argument("--segment", default="", metavar="ID", help="a segment; the whole company unless given")
    command.add_argument("--out", metavar="FILE.csv", type=Path, help="every month and line, in full precision")
    command.set_defaults(run=_actuals)


def _backtest(given: argparse.Namespace) -> None:
    """Run the trials, print how each rule did and write the months."""
    template, until, progress = load_company(given.template), opening_month(given.until), line_of_progress()
    from model.history.measuring.calibrate import account_lines
    from model.history.reading.files import read_files
    from model.history.reading.unused import much_aside
    from model.history.trust.backtest import back_test, backtest_csv

    files = {kind: path for kind in KINDS if (path := getattr(given, kind)) is not None}
    if not files:
        raise ExportError("There is nothing to back-test; give files, such as --subscriptions or --invoices.")
    with answered():
        imported = read_files(list(given_files(given, files)), within(progress, 0.0, READ))
        found = back_test(imported.tables, template=template, hidden=given.hidden, segments_by=given.segments,
                          until=until, today=clock.today(), progress=within(progress, READ, 1.0))  # fmt: skip
    write_unused(given.unused, imported.accounts)
    if given.out:
        write_file(given.out, backtest_csv(found))
    warnings = [f"Warning: {text}" for text in map(much_aside, imported.accounts) if text]
    print("\n".join([*warnings, table(list(_trials(found))), "", *_said(found)]))
    for account in imported.accounts:
        print("\n".join(["", *account_lines(account, str(given.unused or ""))]))


def _trials(found: BackTest) -> Iterator[Sequence[str]]:
    from model.history.trust.backtest import RULES

    yield "hidden", "from", "rule", "missed", "at the end", "bias", "band held"
    for trial in found.trials:
        for rule, name in RULES.items():
            score = trial.score(rule)
            yield (str(trial.hidden), trial.months[0], name, rate(score.missed), rate(score.at_end),
                   signed(rate(score.bias)), rate(score.held, 0))  # fmt: skip


def _said(found: BackTest) -> Iterator[str]:
    """Yield what the columns are, how the band did, and what was refused."""
    yield "Missed: mean of |forecast - actual| / actual ARR over the hidden months. Bias: the same with its sign."
    held = rate(found.held(), 0)
    yield f"The model's 80 % band held {held} of all hidden months. Trials overlap: they are not independent."
    yield from (str(one) for one in found.refused)
    yield from found.notes


def _actuals(given: argparse.Namespace) -> None:
    """Compare, print the movements and what was set aside, and write the months."""
    scenario = scenario_of(given)
    if given.actuals is None:
        raise ExportError("--actuals FILE is needed: a table of months as they happened.")
    if given.segment and given.segment not in scenario.company.segments:
        raise ExportError(f"There is no segment {given.segment!r}; there is {', '.join(scenario.company.segments)}.")
    from model.history.reading.files import read_files
    from model.history.reading.unused import all_unused
    from model.history.trust.actual_rows import read_actuals
    from model.history.trust.variance import plan_and_actuals, variance_csv
    from model.history.written import unused_csv

    with answered():
        files = read_files(list(given_files(given, {"actuals": given.actuals})), line_of_progress())
    actuals = read_actuals(files, scenario)
    found = plan_and_actuals(actuals, project(scenario), given.segment)
    if given.unused:
        write_file(given.unused, unused_csv([actuals.unused]))
    if given.out:
        write_file(given.out, variance_csv(found))
    print("\n".join([table(list(_lines(found, scenario.company.currency))), "", *_told(found, scenario)]))
    read, aside = files.accounts[0].read, len(actuals.unused)
    reconciled = f"{files.accounts[0].name}: {read:,} rows read = {read - aside:,} used + {aside:,} set aside"
    where = all_unused(aside, str(given.unused or ""))
    print("\n".join(["", *actuals.notes, reconciled, *(f"  {row}" for row in actuals.unused.told(where))]))


def _lines(found: PlanAndActuals, currency: str) -> Iterator[Sequence[str]]:
    from model.history.reading.texts import listed

    gone = f" without {listed(found.missing, 3)}" if found.missing else ""
    yield f"{found.months[0]} to {found.months[-1]}{gone}", "actual", "plan", "variance", "of plan", ""
    for one in found.rows:
        actual, plan = one.total
        share = plus(rate(one.relative)) if isfinite(one.relative) else "–"
        yield (one.label, money(actual, currency), money(plan, currency), plus(money(one.variance, currency)),
               share, one.verdict)  # fmt: skip


def _told(found: PlanAndActuals, scenario: Scenario) -> Iterator[str]:
    """Yield the bridge, the re-planned end and the accuracy in words."""
    currency = scenario.company.currency
    if doubt := found.far_off(currency):
        yield f"{doubt} If they are in thousands or millions, give --units actuals=thousands or actuals=millions."
    if found.bridge:
        steps = ", ".join(f"{label} {plus(money(amount, currency))}" for label, amount, _ in found.bridge)
        yield f"From planned to actual ARR: {steps}."
    year, month = scenario.company.month(scenario.horizon)
    if found.closing.known:
        yield (f"Re-planned from here, ARR by {year}-{month:02d} is {money(float(found.replanned[-1]), currency)}: "
               "ARR as it is, with the movements planned for the months that remain.")  # fmt: skip
    if found.accuracy:
        planned = rate(scenario.company.mean("forecast_accuracy"))
        yield f"Forecast accuracy so far: {rate(found.accuracy.value)}, planned {planned}. {found.accuracy.told}"
