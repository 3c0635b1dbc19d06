"""The back-test of this tab's own data: asked for, under way, done; all of it in the memory of the tab."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from pages.parts.background import Work
from pages.parts.own_data import Result, current, kept
from pages.parts.own_measuring import measure_samples
from pages.parts.state import Session

if TYPE_CHECKING:
    from model.history.trust.backtest import BackTest

KEY = "back-test"


@dataclass
class BackTesting:
    """What became of the back-test.

    Attributes
    ----------
    wanted : bool
        Whether it is to begin once the data are measured.
    work : Work or None
        The back-test, while it goes on.
    found : BackTest or None
        What came of it.
    of : Result or None
        The measured data it is of.
    problems : tuple of str
        What kept it from being done.
    """

    wanted: bool = False
    work: Work | None = None
    found: BackTest | None = None
    of: Result | None = None
    problems: tuple[str, ...] = ()

    STOPPED: ClassVar[str] = "The back-test was stopped; nothing came of it."

    def start(self, result: Result) -> None:
        """Begin it."""
        self.stop()
        self.of, self.found, self.problems = result, None, ()
        self.work = Work(lambda work: tested(result, work), "Hiding the last months")

    def stop(self) -> None:
        """Let it end; nothing comes of it."""
        if self.work is not None:
            self.work.stop()
        self.wanted, self.work = False, None


def testing() -> BackTesting:
    """Return the back-test of this tab."""
    found: BackTesting = kept().setdefault(KEY, BackTesting())
    return found


def back_test_samples(session: Session) -> None:
    """Take the sample exports, and ask for a back-test once they are measured."""
    measure_samples(session)
    testing().wanted = True


def take_over(asked: BackTesting) -> None:
    """Begin a back-test that waited for the measuring, and keep what came of one that is over."""
    own = current()
    if asked.wanted and not own.measuring:
        asked.wanted = False
        if own.result is not None:
            asked.start(own.result)
    if asked.work is not None and asked.work.over:
        asked.found, asked.problems, asked.work = asked.work.outcome, asked.work.problems, None


def tested(result: Result, work: Work) -> BackTest:
    """Return the back-test of measured data, up to the opening month that they were measured at."""
    from model.history.asking.engine import Engine
    from model.history.trust.backtest import back_test

    def begun(engine: Engine) -> None:
        work.interrupt = engine.interrupt

    return back_test(result.tables, template=result.template, segments_by=result.settings.segments_by,
                     until=result.facts.until, progress=work.tell, begun=begun)  # fmt: skip
