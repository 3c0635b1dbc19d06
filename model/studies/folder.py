"""A folder of companies: which files count, and what each holds or why it cannot be used."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from model.company import Company
from model.company_file import MAX_NAME, load_file
from model.errors import CompanyError, RevLensError, ScenarioError
from model.scenario import Scenario
from model.text import glance


@dataclass(frozen=True)
class Member:
    """A file of the folder: its scenario, or why there is none.

    Attributes
    ----------
    file : str
        Its name, fit to be shown.
    scenario : Scenario, optional
    company : Company, optional
        There where the file is one, although the scenario may not fit it.
    problems : tuple of str
        One sentence each.
    """

    file: str
    scenario: Scenario | None = None
    company: Company | None = None
    problems: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What it is known by, whatever its name and place: what it holds."""
        return self.company.fingerprint if self.company else ""

    def refused(self, problems: tuple[str, ...]) -> Member:
        """Return it with what is wrong with it."""
        return replace(self, problems=problems)


def read_folder(folder: Path, scenario_of: Callable[[Company], Scenario]) -> tuple[Member, ...]:
    """Return the company files of a folder, `*.toml` but no hidden ones, in the order of their names.

    Folders in it are not entered.

    Parameters
    ----------
    folder : Path
    scenario_of : callable
        Makes the scenario of a company; what it refuses is a problem of that company.

    Raises
    ------
    ScenarioError
        It is no folder, it holds no company file, or no company fits the scenario, for the same reasons each.
    """
    if not folder.is_dir():
        raise ScenarioError(f"{glance(str(folder), MAX_NAME)} is no folder; --companies needs one with company files.")
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".toml" and path.name[0] != ".")
    if not paths:
        raise ScenarioError(f"{glance(str(folder), MAX_NAME)} holds no company file (*.toml).")
    members = tuple(_member(path, scenario_of) for path in paths)
    refuse_all_alike(member.problems for member in members if member.company)
    return members


def refuse_all_alike(found: Iterator[tuple[str, ...]]) -> None:
    """Refuse what is wrong with all companies alike: it is not the companies that are wrong."""
    first, *others = list(found) or [()]
    if first and all(problems == first for problems in others):
        raise ScenarioError(first)


def _member(path: Path, scenario_of: Callable[[Company], Scenario]) -> Member:
    name = glance(path.name, MAX_NAME)
    try:
        company = load_file(_regular(path, name))
    except RevLensError as error:
        return Member(name, problems=error.problems)
    try:
        return Member(name, scenario_of(company), company)
    except RevLensError as error:
        return Member(name, company=company, problems=error.problems)


def _regular(path: Path, name: str) -> Path:
    """Return a path that is a file; a pipe or a device might never come to an end."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise CompanyError(f"{name} cannot be read: {error.strerror}.") from error
    if not stat.S_ISREG(mode):
        raise CompanyError(f"{name} is no file{', but a folder' if stat.S_ISDIR(mode) else ''}.")
    return path
