"""Workers: the same question asked of many companies, in this process, in several, or on a cluster.

Whoever answers, an answer depends on its job alone: scenario, question, and nothing else. Answers come in any order.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from argparse import Namespace
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from multiprocessing.connection import wait
from threading import Thread

from model import engine, threads
from model.errors import RevLensError, ScenarioError
from model.scenario import Scenario
from model.text import glance

Question = Callable[[Scenario, Namespace], bytes]
"""A study of one scenario with the options given, as CSV; a function of a module, so that other processes find it."""

CLEANED_UP = "ignore:resource_tracker:UserWarning"
"""Where this process is killed, Python's tracker removes the semaphores it held, and need not warn of having done so."""
DASK_SECONDS = 10
JOBS_SENT = 50


@dataclass(frozen=True)
class Job:
    """One company to be asked, by the key of its answer."""

    key: str
    scenario: Scenario
    question: Question
    given: Namespace


@dataclass(frozen=True)
class Answer:
    """What came of a job: the CSV of its study, or why there is none."""

    key: str
    text: str = ""
    problems: tuple[str, ...] = ()


class WorkersLostError(Exception):
    """A worker ended before its work was done; the message says so."""


def answer(job: Job) -> Answer:
    """Return the answer of one company."""
    try:
        return Answer(job.key, job.question(job.scenario, job.given).decode())
    except RevLensError as error:
        return Answer(job.key, problems=error.problems)


def answer_alone(job: Job) -> Answer:
    """Return the answer of one company with one thread: the other processors belong to other workers."""
    threads.THREADS = 1
    return answer(job)


def versions() -> dict[str, str | int]:
    """Return the versions on which the last digit of a result may depend."""
    return {"model": engine.MODEL_VERSION} | {name: version(name) for name in ("numpy", "scipy", "numba")}


def here(jobs: Sequence[Job]) -> Generator[Answer]:
    """Yield the answers one after another."""
    for job in jobs:
        yield answer(job)


def in_processes(jobs: Sequence[Job], workers: int) -> Generator[Answer]:
    """Yield answers as they come from several processes; when this is closed, the processes have ended."""
    others = set(multiprocessing.active_children())
    if CLEANED_UP not in sys.warnoptions:
        sys.warnoptions.append(CLEANED_UP)  # the tracker starts with these options, before the workers
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), initializer=_end_with_parent)
    try:
        with _held_back(signal.SIGINT):
            futures = [pool.submit(answer_alone, job) for job in jobs]
        for future in as_completed(futures):
            yield future.result()
    except (BrokenExecutor, MemoryError) as error:
        raise WorkersLostError("A worker ended before its work was done; was there enough memory?") from error
    finally:
        for process in {*multiprocessing.active_children()} - others:
            process.terminate()
        pool.shutdown(cancel_futures=True)


def on_dask(jobs: Sequence[Job], address: str) -> Generator[Answer]:
    """Yield answers as they come from the workers of a Dask cluster.

    Raises
    ------
    ScenarioError
        Dask is not installed here, the cluster does not answer, it has no worker, or one with other versions.
    """
    try:
        from distributed import Client, KilledWorker
        from distributed import as_completed as completed
    except ImportError as error:
        raise ScenarioError("--dask needs Dask, which is not installed: pip install 'revlens[dask]'.") from error
    try:
        client = Client(address or "none", timeout=DASK_SECONDS)
    except (OSError, ValueError, AssertionError) as error:  # the last of a port beyond all ports
        raise ScenarioError(
            f"No Dask scheduler answers at {glance(address)!r}; start one with `dask scheduler`."
        ) from error
    with client:
        _refuse_other_versions(client.run(versions), address)
        keys = [f"revlens-{job.key}" for job in jobs]
        try:
            for future in completed(client.map(answer_alone, jobs, key=keys, batch_size=JOBS_SENT)):
                yield future.result()
        except (CancelledError, KilledWorker) as error:
            raise WorkersLostError(f"The Dask cluster at {address} lost its workers or its scheduler.") from error


def _refuse_other_versions(found: dict[str, dict[str, str | int]], address: str) -> None:
    """Refuse workers whose results might differ from those worked out here."""
    if not found:
        raise ScenarioError(f"The Dask scheduler at {address} has no workers; start some with `dask worker {address}`.")
    problems = [
        f"The Dask worker {worker} has {name} {has.get(name)}, here it is {ours}; all must have the same."
        for worker, has in found.items()
        for name, ours in versions().items()
        if has.get(name) != ours
    ]
    if problems:
        raise ScenarioError(problems)


@contextmanager
def _held_back(number: signal.Signals) -> Iterator[None]:
    """Hold a signal back while processes start: they never hear it, and this one hears it afterwards."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {number})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_with_parent() -> None:
    """End this process when the one that started it ends, also if that was killed."""
    if parent := multiprocessing.parent_process():
        Thread(target=_follow, args=(parent.sentinel,), daemon=True).start()


def _follow(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
