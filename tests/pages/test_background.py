"""Work beside the pages: progress, stopping, waiting in line, faults; and nothing of it is kept or logged."""

from __future__ import annotations

import gc
import logging
import threading
import weakref

import pytest

from model import RevLensError
from pages.parts.background import Line, Work, at_once

SOON = 5.0


def held(line: Line) -> tuple[Work, threading.Event]:
    """Return a work that goes on until it is let go or stopped."""
    go_on = threading.Event()

    def task(work: Work) -> str:
        while not go_on.wait(0.005):
            work.tell(0.5, "holding")
        return "done"

    return Work(task, "beginning", line), go_on


def test_a_work_tells_how_far_it_is_and_gives_its_outcome() -> None:
    work, go_on = held(Line(1))
    while work.doing != "holding":
        assert not work.over
    assert (work.share, work.outcome) == (0.5, None)
    go_on.set()
    assert work.wait(SOON)
    assert (work.outcome, work.problems, work.share) == ("done", (), 1.0)


def test_a_stopped_work_ends_where_it_tells_progress_and_nothing_comes_of_it() -> None:
    work, _ = held(Line(1))
    work.stop()
    assert work.wait(1.0)
    assert (work.outcome, work.problems) == (None, ())


def test_stopping_cuts_short_what_is_waited_for() -> None:
    reached, cut = threading.Event(), threading.Event()

    def task(work: Work) -> None:
        work.interrupt = cut.set
        reached.set()
        cut.wait(60)
        raise RevLensError("The engine could not answer: INTERRUPT Error: Interrupted!")

    work = Work(task, "asking", Line(1))
    assert reached.wait(SOON)
    work.stop()
    assert work.wait(1.0)
    assert (work.outcome, work.problems) == (None, ())


def test_so_many_go_on_at_a_time_and_the_others_wait_in_the_order_they_came() -> None:
    line = Line(2)
    works = [held(line) for _ in range(4)]
    assert [work.ahead for work, _ in works] == [0, 0, 1, 2]
    works[2][0].stop()
    assert works[2][0].wait(1.0)
    assert [work.ahead for work, _ in works] == [0, 0, 0, 1]
    assert works[3][0].doing == "beginning"
    works[0][1].set()
    assert works[0][0].wait(SOON)
    works[3][1].set()
    assert works[3][0].wait(SOON)
    assert works[3][0].outcome == "done"
    works[1][0].stop()
    assert works[1][0].wait(1.0)
    assert line.works == []


def test_a_refusal_is_told_in_its_own_words() -> None:
    def task(_: Work) -> None:
        raise RevLensError(["One.", "Two."])

    work = Work(task, "", Line(1))
    assert work.wait(SOON)
    assert work.problems == ("One.", "Two.")


def test_a_fault_is_logged_by_its_place_and_never_with_what_a_file_holds(caplog: pytest.LogCaptureFixture) -> None:
    def task(_: Work) -> None:
        raise KeyError("Secret Customer Ltd")

    with caplog.at_level(logging.DEBUG):
        work = Work(task, "", Line(1))
        assert work.wait(SOON)
    assert work.problems == ("A fault in RevLens kept it from being done (KeyError); the files are still here.",)
    assert "test_background.py" in caplog.text
    assert "Secret" not in caplog.text


@pytest.mark.parametrize("ends", ["done", "stopped", "refused"])
def test_what_a_work_was_given_is_let_go_once_it_has_ended(ends: str) -> None:
    class Rows:
        """What a file holds."""

    rows = Rows()
    seen = weakref.ref(rows)

    def task(work: Work, given: Rows = rows) -> None:
        held_here = [given]
        if ends == "stopped":
            work.stop()
            work.tell(0.5, str(len(held_here)))
        if ends == "refused":
            raise RevLensError("No.")

    work = Work(task, "", Line(1))
    assert work.wait(SOON)
    del rows, task
    for thread in [one for one in threading.enumerate() if one.name == "revlens-work"]:
        thread.join(SOON)
    gc.collect()
    assert seen() is None


@pytest.mark.parametrize("setting", ["0", "-1", "", "two", "1.5", "²"])
def test_a_number_at_a_time_that_is_none_is_named(setting: str) -> None:
    with pytest.raises(
        ValueError, match=r"REVLENS_AT_ONCE is .*; it is how many measurements go on at a time, 1 or more."
    ):
        at_once(setting)
