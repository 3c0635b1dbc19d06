"""Work beside the pages: it goes on while they are looked at, tells how far it is, can be stopped, and waits in line.

Each work has a thread of its own. It is given all it needs when it begins and gives back an outcome; it knows nothing of
Streamlit and touches nothing that a page draws from. A server does so many at a time, the others wait their turn.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from model import RevLensError

if TYPE_CHECKING:
    from model.history.reading.habits import Question

SETTING = "REVLENS_AT_ONCE"
LOG = logging.getLogger(__name__)


class Stopped(BaseException):
    """Raised where a work tells its progress once it is stopped; no handler of errors on the way takes it for one."""


def at_once(setting: str) -> int:
    """Return how many works a server does at a time.

    >>> at_once("4")
    4
    """
    if not (setting.isascii() and setting.isdigit() and int(setting)):
        raise ValueError(f"{SETTING} is {setting!r}; it is how many measurements go on at a time, 1 or more.")
    return int(setting)


class Line:
    """Works in the order they came; the first of them go on, the others wait."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.changed = threading.Condition()
        self.works: list[Work] = []

    def ahead(self, work: Work) -> int:
        """Return how many works must end before one can begin."""
        with self.changed:
            return max(0, self.works.index(work) + 1 - self.most) if work in self.works else 0

    def enter(self, work: Work) -> None:
        """Put a work at the end."""
        with self.changed:
            self.works.append(work)

    @contextmanager
    def turn(self, work: Work) -> Iterator[None]:
        """Wait until it is a work's turn, or until it is stopped, and let the next one on afterwards."""
        try:
            with self.changed:
                self.changed.wait_for(lambda: work.stopped or not self.ahead(work))
            yield
        finally:
            with self.changed:
                self.works.remove(work)
                self.changed.notify_all()


LINE = Line(at_once(os.environ.get(SETTING, "2")))


class Work:
    """Something that is worked out in a thread of its own.

    Parameters
    ----------
    task : callable
        Is given the work, to tell its progress to, and returns the outcome.
    doing : str
        What is done first.
    line : Line
        Where it waits; that of the server.

    Attributes
    ----------
    share, doing : float, str
        How far it is, 0 to 1, and what is done.
    outcome : object
        What came of it, None before, and where there are problems.
    problems : tuple of str
        What kept it from being done.
    questions : tuple of Question
        What must be answered first.
    interrupt : callable
        Cuts short what is asked of another system while it is waited for; set by the task.
    """

    def __init__(self, task: Callable[[Work], object], doing: str, line: Line = LINE) -> None:
        self.share, self.doing = 0.0, doing
        self.outcome: Any = None
        self.problems: tuple[str, ...] = ()
        self.questions: tuple[Question, ...] = ()
        self.interrupt: Callable[[], None] = _nothing
        self._line = line
        self._stop, self._over = threading.Event(), threading.Event()
        line.enter(self)
        threading.Thread(target=self._run, args=(task,), name="revlens-work", daemon=True).start()

    @property
    def stopped(self) -> bool:
        """Whether it is to end without an outcome."""
        return self._stop.is_set()

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self._over.is_set()

    @property
    def ahead(self) -> int:
        """How many works must end before it can begin."""
        return self._line.ahead(self)

    def stop(self) -> None:
        """Let it end as soon as it can; nothing comes of it."""
        self._stop.set()
        with self._line.changed:
            self._line.changed.notify_all()
        self.interrupt()

    def wait(self, seconds: float) -> bool:
        """Wait until it has ended, and say whether it has."""
        return self._over.wait(seconds)

    def tell(self, share: float, doing: str) -> None:
        """Take over how far it is, and end here if it is stopped."""
        if self.stopped:
            raise Stopped
        self.share, self.doing = min(max(share, 0.0), 1.0), doing

    def _run(self, task: Callable[[Work], object]) -> None:
        """Do it, and keep of what went wrong the words alone: a traceback would hold on to rows."""
        try:
            with self._line.turn(self):
                self.tell(0.0, self.doing)
                outcome = task(self)
                self.tell(1.0, self.doing)
                self.outcome = outcome
        except Stopped:
            pass
        except RevLensError as error:
            if not self.stopped:
                self.questions = getattr(error, "questions", ())
                self.problems = getattr(error, "faults", error.problems)
        except MemoryError:
            self.problems = (
                "The server has too little memory for this; measure smaller files, or on the command line.",
            )
        except Exception as fault:  # whatever it is, the page must go on
            LOG.error("%s", without_values(fault))
            self.problems = (
                f"A fault in RevLens kept it from being done ({type(fault).__name__}); the files are still here.",
            )
        finally:
            self.interrupt = _nothing
            give_back()
            self._over.set()


def give_back() -> None:
    """Return memory that tables took and no longer need to the system; Arrow would keep it for the next ones."""
    if arrow := sys.modules.get("pyarrow"):
        arrow.default_memory_pool().release_unused()


def without_values(fault: BaseException) -> str:
    """Return what went wrong and where, without its message, which may hold cells of somebody's file."""
    places = (
        f"  {place.filename}:{place.lineno} in {place.name}" for place in traceback.extract_tb(fault.__traceback__)
    )
    return "\n".join([type(fault).__name__, *places])


def _nothing() -> None:
    """Interrupt nothing."""
