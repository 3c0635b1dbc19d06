"""The commands of `revlens study`, a file each; each adds itself to the parser."""

from __future__ import annotations

from typing import Any

from model.studies.commands import aim, compare, curve, explain, sobol, tornado, uncertainty

STUDIES = (compare, explain, uncertainty, sobol, tornado, curve, aim)


def add_study(commands: Any) -> None:
    """Add `study` and the commands below it."""
    study = commands.add_parser("study", help="answer what a board asks: which of these, why, how sure")
    studies = study.add_subparsers(required=True, metavar="STUDY")
    for command in STUDIES:
        command.add(studies)
