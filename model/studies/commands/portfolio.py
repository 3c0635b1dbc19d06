"""A study of every company in a folder: shared among workers, kept in a journal, written as one CSV when all are done."""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

from model.command_options import EXIT_PARTLY, EXIT_STOPPED, complain, refuse, scenario_of, write_file
from model.company import Company
from model.errors import ScenarioError
from model.export import csv_of, safe
from model.scenario import Scenario
from model.studies import workers
from model.studies.commands.options import outcome_of
from model.studies.commands.progress import Progress
from model.studies.folder import Member, read_folder, refuse_all_alike
from model.studies.journal import Journal
from model.text import glance

HEADING = ("file", "company", "version", "title", "currency", "problem")
EXIT_WORKERS_LOST = 1
MOST_WORKERS = 256
MOST_PROBLEMS = 10
NOT_SETTINGS = ("run", "company", "companies", "workers", "dask", "out")
"""Options on which no answer depends: where it is looked for, who works it out, and where it goes."""


def across(given: argparse.Namespace, question: workers.Question) -> int:
    """Ask a question of every company in a folder and write all answers as one CSV; return the exit code."""
    out, count = _out(given), _workers(given)
    members = read_folder(Path(given.companies), partial(_scenario, given))
    _name(members)
    with Journal(out.with_name(f"{out.name}.journal"), _settings(given, question)) as journal:
        jobs = _jobs(members, question, given)
        try:
            refused = _work(jobs, given.dask, count, journal)
        except KeyboardInterrupt:
            complain([f"Stopped. {_kept(jobs, journal)}"])
            return EXIT_STOPPED
        except workers.WorkersLostError as error:
            complain([f"{error} {_kept(jobs, journal)}"])
            return EXIT_WORKERS_LOST
        refuse_all_alike(refused.get(key, ()) for key in jobs)
        _name([member.refused(refused[member.key]) for member in members if member.key in refused])
        members = tuple(member.refused(refused.get(member.key, member.problems)) for member in members)
        left = sum(bool(member.problems) for member in members)
        if left == len(members):
            raise ScenarioError("None of these companies can be used.")
        write_file(out, _csv(members, journal.done))
        if not left:
            journal.forget()
            return 0
    complain([f"{len(members) - left:,} of {len(members):,} companies are in {out}; of the other {left:,} it only says what "
               f"is wrong. Mend them and run the same again: {journal.path.name} keeps what is done."])  # fmt: skip
    return EXIT_PARTLY


def _work(
    jobs: Mapping[str, workers.Job], dask: str | None, count: int, journal: Journal
) -> dict[str, tuple[str, ...]]:
    """Have answered what is not yet; answers go into the journal as they come, refusals are returned by their key."""
    left = [job for key, job in jobs.items() if key not in journal.done]
    if dask is not None and left:
        found = workers.on_dask(left, dask)
    elif min(count, len(left)) > 1:
        found = workers.in_processes(left, min(count, len(left)))
    else:
        found = workers.here(left)
    refused = {}
    with closing(found), Progress(len(jobs), len(jobs) - len(left)) as progress:
        for answer in found:
            if answer.problems:
                refused[answer.key] = answer.problems
            else:
                journal.add(answer.key, answer.text)
            progress.step()
    return refused


def _scenario(given: argparse.Namespace, company: Company) -> Scenario:
    scenario = scenario_of(given, company)
    problems: list[str] = []
    outcome_of(given, scenario, problems)
    refuse(problems)
    return scenario


def _jobs(members: Sequence[Member], question: workers.Question, given: argparse.Namespace) -> dict[str, workers.Job]:
    """Return what is to be answered by its key: two files that hold the same company are one job."""
    return {
        member.key: workers.Job(member.key, member.scenario, question, given) for member in members if member.scenario
    }


def _settings(given: argparse.Namespace, question: workers.Question) -> dict[str, object]:
    """Return all that an answer depends on but the company."""
    options = {name: value for name, value in vars(given).items() if name not in NOT_SETTINGS and value}
    found = {"study": question.__module__.rpartition(".")[2], **options, **workers.versions()}
    known: dict[str, object] = json.loads(json.dumps(found))
    return known


def _csv(members: Sequence[Member], done: Mapping[str, str]) -> bytes:
    """Return the rows of all companies, in the order of their files; of one that is wrong, a row that says so."""
    columns, rows = _columns_of(done), list[list[str]]()
    for member in members:
        heading = [safe(member.file), *_told(member.company), safe(" ".join(_listed(member.problems)))]
        found = [] if member.problems else list(csv.reader(io.StringIO(done[member.key])))[1:]
        rows += [[*heading, *row] for row in found or [[""] * len(columns)]]
    return csv_of([[*HEADING, *columns], *rows])


def _columns_of(done: Mapping[str, str]) -> list[str]:
    """Return the columns of the answers."""
    return next(csv.reader(io.StringIO(next(iter(done.values())))))


def _told(company: Company | None) -> list[str]:
    if company is None:
        return [""] * 4
    return [company.id, str(company.version), safe(company.title), company.currency]


def _name(members: Sequence[Member]) -> None:
    """Name what is wrong with companies on standard error."""
    for member in members:
        told = _listed(member.problems)
        complain(problem if problem.startswith(member.file) else f"{member.file}: {problem}" for problem in told)


def _listed(problems: Sequence[str]) -> Iterator[str]:
    yield from problems[:MOST_PROBLEMS]
    if len(problems) > MOST_PROBLEMS:
        yield f"{len(problems) - MOST_PROBLEMS:,} more problems; `revlens check` names them all."


def _kept(jobs: Mapping[str, workers.Job], journal: Journal) -> str:
    """Say what is kept, as the file has it: it may have been stopped just after an answer was written."""
    journal.read()
    done = len(jobs.keys() & journal.done.keys())
    if not done:
        return f"None of {len(jobs):,} companies was done; the same command begins anew."
    return (
        f"{done:,} of {len(jobs):,} companies are done and kept in {journal.path}; the same command goes on from there."
    )


def _out(given: argparse.Namespace) -> Path:
    if given.company is not None:
        raise ScenarioError("--company names one company and --companies a folder of them; give one of the two.")
    if not given.out:
        raise ScenarioError(
            "--companies needs --out FILE: what is done is kept beside it, to go on from when it is stopped."
        )
    out = Path(given.out)
    if out.exists() and not out.is_file():
        what = "a folder" if out.is_dir() else "no file that could be replaced"
        raise ScenarioError(f"--out {glance(given.out, 80)} is {what}; name a file.")
    return out


def _workers(given: argparse.Namespace) -> int:
    if given.workers is None:
        return os.cpu_count() or 1
    if given.dask is not None:
        raise ScenarioError("--workers are processes here and --dask has workers of its own; give one of the two.")
    text: str = given.workers
    count = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    if not 1 <= count <= MOST_WORKERS:
        raise ScenarioError(
            f"The number of workers (--workers {glance(text)}) must be a whole number from 1 to {MOST_WORKERS}."
        )
    return count
