"""The back-test of this tab's own data: asked for, under way, done; all of it in the memory of the tab."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from model import RevLensError
from pages.parts.own_data import Result, current, from_samples, shown_on
from pages.parts.state import Session

if TYPE_CHECKING:
    from model.history.backtest import BackTest

KEY = "back-testing"


@dataclass
class BackTesting:
    """What became of the back-test.

    Attributes
    ----------
    running : bool
        Whether it is asked for and not done.
    found : BackTest or None
        What came of it.
    of : Result or None
        The measured data it is of.
    problems : tuple of str
        What kept it from being done.
    """

    running: bool = False
    found: BackTest | None = None
    of: Result | None = None
    problems: tuple[str, ...] = ()

    def start(self) -> None:
        """Ask for it."""
        self.running, self.problems = True, ()

    def stop(self) -> None:
        """Take that back."""
        self.running = False


def testing() -> BackTesting:
    """Return the back-test of this tab."""
    found: BackTesting = st.session_state.setdefault(KEY, BackTesting())
    return found


def with_samples() -> None:
    """Take the sample exports, and ask for a back-test once they are measured."""
    from_samples()
    testing().start()


def work(session: Session) -> None:
    """Run the back-test, if that was asked for and there are measured data, with progress and a way to stop."""
    asked, own = testing(), current()
    if not asked.running or own.measuring:
        return
    if own.result is None:
        asked.stop()
        return
    from model.history.backtest import back_test

    with st.container(horizontal=True, vertical_alignment="center", key="back-test-working"):
        bar = st.progress(0.0, "Hiding the last months")
        st.button("Stop", key="back-test-stop", icon=":material/stop_circle:", on_click=session.operations.append,
                  args=(lambda _: testing().stop(),))  # fmt: skip
    try:
        found = back_test(own.result.tables, template=own.result.template, segments_by=own.settings.segments_by,
                          progress=shown_on(bar))  # fmt: skip
    except RevLensError as error:
        asked.found, asked.problems = None, error.problems
    else:
        asked.found, asked.problems = found, ()
    asked.running, asked.of = False, own.result
    st.rerun()
