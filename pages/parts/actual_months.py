"""Actual months of this tab: a file of them, or those of the measured history; in the memory of the tab alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import streamlit as st

from model import RevLensError, Scenario
from pages.parts.own_data import SAMPLES, Given, Result, current, from_samples
from pages.parts.state import Session

if TYPE_CHECKING:
    from model.history.actuals import Actuals
    from model.history.facts import Facts
    from model.history.habits import Question

KEY = "actual-months"
SAMPLE = "actuals.csv"


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
        A file, the measured history, or nothing yet.
    given : Given or None
        The file, with what was said about it.
    made_up : bool
        Whether it is the sample.
    adopting : bool
        Whether the company of the sample exports is to be shown once it is measured.
    generation : int
        Goes up when all is forgotten, so that the uploader forgets too.
    """

    source: Literal["", "file", "history"] = ""
    given: Given | None = None
    made_up: bool = False
    adopting: bool = False
    generation: int = 0
    last: tuple[Result | None, Given | None, Scenario, Read] | None = field(default=None, repr=False)

    def take(self, given: Given) -> None:
        """Take a file."""
        self.source, self.given, self.made_up = "file", given, False

    def say(self, habit: str, value: str) -> None:
        """Take over how the file is written."""
        if self.given:
            self.given = self.given.with_habit(habit, value)

    def name(self, pairs: str) -> None:
        """Take over columns named by hand: "Header=field, …"."""
        for part in pairs.split(","):
            header, equals, name = part.rpartition("=")
            if equals and self.given:
                self.given = self.given.with_column(name.strip(), header.strip())

    def read(self, scenario: Scenario) -> Read | None:
        """Return the months beside a scenario, None if there are none yet; worked out once."""
        own = current().result if self.source == "history" else None
        if own is None and self.given is None:
            return None
        if self.last is None or self.last[0] is not own or self.last[1:3] != (self.given, scenario):
            self.last = (own, self.given, scenario, _read(scenario, own, self.given))
        return self.last[3]


def _read(scenario: Scenario, own: Result | None, given: Given | None) -> Read:
    """Return the months of a history or a file beside a scenario."""
    from model.history.actual_rows import own_months, read_actuals
    from model.history.files import Asked, GivenFile, Habits, read_files

    try:
        if own is not None:
            return Read(own_months(own.once(("all months",), lambda: _whole(own)), scenario))
        if given is None:
            return Read(None)
        file = GivenFile("actuals", given.name, given.content, Habits(**dict(given.habits)), dict(given.columns))
        return Read(read_actuals(read_files([file]), scenario))
    except Asked as asked:
        return Read(None, questions=asked.questions)
    except RevLensError as error:
        return Read(None, error.problems)


def months() -> ActualMonths:
    """Return this tab's actual months."""
    found: ActualMonths = st.session_state.setdefault(KEY, ActualMonths())
    return found


def forget() -> None:
    """Remove the actual months."""
    st.session_state[KEY] = ActualMonths(generation=months().generation + 1)


def with_samples() -> None:
    """Take the sample exports and the months after them, and show the company measured from them."""
    from_samples()
    sample = Given(SAMPLE, (SAMPLES / SAMPLE).read_bytes())
    st.session_state[KEY] = ActualMonths("file", sample, True, True, months().generation + 1)


def work(session: Session) -> None:
    """Show the company of the sample exports once it is measured."""
    asked, own = months(), current()
    if not asked.adopting or own.measuring:
        return
    asked.adopting = False
    if own.result is not None and own.made_up:
        company = own.result.company
        session.operations.append(lambda s: s.show_company(company))
        st.rerun()


def _whole(result: Result) -> Facts:
    """Return the facts of all months, those after the opening month too."""
    from model.history.engine import in_process
    from model.history.gather import gather

    with in_process(result.tables) as engine:
        return gather(engine)
