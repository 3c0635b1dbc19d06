"""What a study answers, for one scenario or for every company of a folder."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from model.command_options import scenario_of
from model.errors import ScenarioError
from model.scenario import Scenario
from model.studies.commands.options import write


def answer(given: argparse.Namespace, question: Callable[[Scenario, argparse.Namespace], bytes]) -> int:
    """Write what a study finds for the scenario asked for, or for every company of a folder, and return the exit code."""
    if given.companies is not None:
        from model.studies.commands.portfolio import across  # only those who need processes and journals wait for them

        return across(given, question)
    for option in ("workers", "dask"):
        if getattr(given, option) is not None:
            raise ScenarioError(f"--{option} goes with --companies.")
    write(given, question(scenario_of(given), given))
    return 0
