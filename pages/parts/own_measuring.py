"""Measuring own data beside the pages: begun, under way, taken over once it is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from model import Company, clock
from pages.parts.background import Work
from pages.parts.own_data import Given, OwnData, Result, Settings, current, samples, template
from pages.parts.state import Session

Progress = Callable[[float, str], None]
READ, COUNTED = 0.5, 0.8
"""The share of the work after which all is read, and after which all is counted."""


def measure(session: Session) -> None:
    """Begin to measure the files."""
    own = current()
    files, settings, of_others = own.measurable, own.settings, template(session, own)
    own.stop()
    own.problems = ()
    if files:
        own.work = Work(lambda work: measured(files, settings, of_others, work), "Reading the files")


def measure_samples(session: Session) -> None:
    """Take the sample exports and begin to measure them."""
    samples()
    measure(session)


def use(session: Session) -> None:
    """Show the measured company by the names given for its segments; where two become one, once it is measured anew."""
    own = current()
    if own.result is not None and own.renamed:
        own.result = relabelled(own.result, own.settings)
    if own.renamed:
        measure(session)
        own.adopting = True
    elif own.result is not None:
        session.show_company(own.result.company)


def relabelled(result: Result, settings: Settings) -> Result:
    """Return what was measured with the names that settings give to its segments; as it is its segments are others."""
    from model.history.asking.renaming import renamed, renamed_facts, stay_apart
    from model.history.measuring.calibrate import calibrate

    names = {title: new for title in result.facts.segments.values()
             if (new := _name_of(title, result.settings, settings)) != title}  # fmt: skip
    if result.merged or not stay_apart(result.tables, names):
        return result
    facts = renamed_facts(result.facts, names)
    found = calibrate(
        facts, template=result.template, title=settings.title, currency=settings.currency or result.currency
    )
    return replace(result, settings=settings, tables=renamed(result.tables, names), calibration=found, remembered={})


def _name_of(title: str, before: Settings, after: Settings) -> str:
    """Return what a segment is called now that settings called by a title before."""
    first = next((old for old, new in before.names if new == title), title)
    return dict(after.names).get(first, first)


def take_over(own: OwnData, session: Session) -> None:
    """Keep what came of the measuring, if it is over, and show the company if that was asked for."""
    if (work := own.work) is None or not work.over:
        return
    own.work, own.problems = None, work.problems
    own.ask(work.questions)
    if work.outcome is not None:
        own.result = work.outcome
        if own.adopting:
            session.show_company(own.result.company)
    own.adopting = False


def measured(files: tuple[Given, ...], settings: Settings, of_others: Company, work: Work) -> Result:
    """Read the files, count, and measure; nothing is kept unless all of it is done."""
    from model.history.asking.engine import in_process
    from model.history.asking.gather import gather
    from model.history.asking.renaming import renamed, stay_apart
    from model.history.measuring.calibrate import calibrate
    from model.history.reading.files import read_files

    imported = read_files([file.as_read() for file in files], _within(work, 0.0, READ, ""))
    tables = renamed(imported.tables, dict(settings.names))
    with in_process(tables) as engine:
        work.interrupt = engine.interrupt
        facts = gather(engine, segments_by=settings.segments_by, until=_month(settings.until), today=clock.today(),
                       progress=_within(work, READ, COUNTED, "Counting: "))  # fmt: skip
    found = calibrate(facts, template=of_others, title=settings.title, currency=settings.currency or imported.currency,
                      progress=_within(work, COUNTED, 1.0, "Estimating with intervals: "))  # fmt: skip
    merged = not stay_apart(imported.tables, dict(settings.names))
    return Result(files, settings, tables, imported.accounts, found, of_others, imported.currency, merged)


def _within(work: Work, start: float, end: float, what: str) -> Progress:
    """Return a way to tell the progress of a part of the work."""
    return lambda share, doing: work.tell(start + (end - start) * share, f"{what}{doing}")


def _month(text: str) -> int | None:
    """Return a month counted from 1970-01, None for "".

    >>> _month("1971-02"), _month("")
    (13, None)
    """
    return (int(text[:4]) - 1970) * 12 + int(text[5:7]) - 1 if text else None
