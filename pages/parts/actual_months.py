"""Actual months of this tab: those of the files given, on whichever page, or of the measured history."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal

from model import RevLensError, Scenario, clock
from pages.parts.background import Work
from pages.parts.own_data import ACTUALS, SAMPLES, Given, OwnData, Result, current, kept
from pages.parts.own_measuring import measure_samples
from pages.parts.state import Session

if TYPE_CHECKING:
    from model.history.asking.facts import Facts
    from model.history.reading.habits import Question
    from model.history.trust.actuals import Actuals

KEY = "actual-months"
FILE = "actual months"
"""The key of a file given where actual months are asked for."""
COUNTED = ("all months",)
"""Under this key a result remembers what was counted of all its months."""


@dataclass(frozen=True)
class Read:
    """What the months came to beside a scenario: actuals, or what kept them from it and what must be answered first."""

    actuals: Actuals | None
    problems: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()


@dataclass
class ActualMonths:
    """Where the actual months come from.

    Attributes
    ----------
    source : str
        The measured history, or "" for the files of actual months.
    adopting : bool
        Whether the company of the sample exports is to be shown once it is measured.
    work : Work or None
        The counting of the history's months, while it goes on.
    of : Result or None
        What it counts.
    problems : tuple of str
        What kept it from being done.
    """

    source: Literal["", "history"] = ""
    adopting: bool = False
    work: Work | None = None
    of: Result | None = None
    problems: tuple[str, ...] = ()
    last: tuple[Result | None, tuple[Given, ...], Scenario, Read] | None = field(default=None, repr=False)

    STOPPED: ClassVar[str] = "Counting was stopped; nothing was changed."

    def stop(self) -> None:
        """Wait for nothing, and let the counting end; nothing comes of it."""
        self.adopting = False
        if self.work is not None:
            self.work.stop()
            self.work, self.source = None, ""

    def count(self, result: Result) -> None:
        """Begin to count the months of a history, and take them once that is done."""
        self.stop()
        self.source, self.of, self.problems = "history", result, ()
        if COUNTED not in result.remembered:
            self.work = Work(lambda work: _whole(result, work), "Counting the months of the history")

    def of_history(self, own: OwnData) -> Result | None:
        """Return the measured history if the months are to be those of it."""
        return own.result if self.source == "history" else None

    def read(self, scenario: Scenario) -> Read | None:
        """Return the months beside a scenario, None if there are none yet; worked out once."""
        own = current()
        history, files = self.of_history(own), tuple(own.actuals.values())
        if (history is None and not files) or (history is not None and COUNTED not in history.remembered):
            return None
        if self.last is None or self.last[0] is not history or self.last[1:3] != (files, scenario):
            read = _of_history(scenario, history) if history else _of_files(scenario, files)
            self.last = (history, files, scenario, read)
            own.ask(read.questions)
        return self.last[3]


def _of_history(scenario: Scenario, own: Result) -> Read:
    from model.history.trust.actual_rows import own_months

    try:
        return Read(own_months(own.remembered[COUNTED], scenario))
    except RevLensError as error:
        return Read(None, error.problems)


def _of_files(scenario: Scenario, files: tuple[Given, ...]) -> Read:
    from model.history.reading.files import Asked, read_files
    from model.history.trust.actual_rows import read_actuals

    try:
        return Read(read_actuals(read_files([file.as_read() for file in files]), scenario))
    except Asked as asked:
        return Read(None, asked.faults, asked.questions)
    except RevLensError as error:
        return Read(None, error.problems)


def months() -> ActualMonths:
    """Return this tab's actual months."""
    found: ActualMonths = kept().setdefault(KEY, ActualMonths())
    return found


def take(name: str, content: bytes) -> None:
    """Take a file of actual months in place of those there are."""
    forget()
    current().add(FILE, name, content, ACTUALS)


def forget() -> None:
    """Remove the actual months; a history that they are taken from stays."""
    own = current()
    months().stop()
    for key in own.actuals:
        own.remove(key)
    kept()[KEY] = ActualMonths()


def use_history(_: Session) -> None:
    """Take the months of the measured history, once they are counted."""
    if (result := current().result) is not None:
        months().count(result)


def use_files(_: Session) -> None:
    """Take the months of the files."""
    months().source = ""


def use_samples(session: Session) -> None:
    """Take the sample exports and the months after them, and show the company measured from them."""
    measure_samples(session)
    current().files[FILE] = Given(f"{ACTUALS}.csv", (SAMPLES / f"{ACTUALS}.csv").read_bytes(), ACTUALS)
    kept()[KEY] = ActualMonths(adopting=True)


def take_over(asked: ActualMonths, session: Session) -> None:
    """Show the company of the sample exports once it is measured, and keep the months that were counted."""
    own = current()
    if (work := asked.work) is not None and work.over and asked.of is not None:
        asked.problems, asked.work = work.problems, None
        if work.outcome is not None:
            asked.of.remembered[COUNTED] = work.outcome
        else:
            asked.source = ""
    if asked.source == "history" and own.result is not asked.of:  # measured anew, or under other names
        use_history(session)
    if asked.adopting and not own.measuring:
        asked.adopting = False
        if own.result is not None and own.made_up:
            session.show_company(own.result.company)


def _whole(result: Result, work: Work) -> Facts:
    """Return the facts of all months, those after the opening month too."""
    from model.history.asking.engine import in_process
    from model.history.asking.gather import gather

    with in_process(result.tables) as engine:
        work.interrupt = engine.interrupt
        return gather(engine, today=clock.today(), progress=work.tell)
