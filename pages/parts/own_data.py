"""Own data: what somebody's own exports hold and what was measured from them, kept in the memory of one tab alone.

Nothing of it is written to disk, goes into a link or outlives the tab. Widgets are drawn from `OwnData` and write to it,
as those of the scenario do with `Session`, so that it is still there after a look at another page. Measuring happens
at the end of a script run, once everything else is drawn: any click interrupts it where it tells its progress, and
only a finished result is kept.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import streamlit as st

from model import Company, RevLensError, load_shipped, shipped
from model.history.texts import shown_text
from model.links import DEFAULT_COMPANY
from pages.parts.state import Session

if TYPE_CHECKING:
    import pyarrow as pa

    from model.history.calibrate import Calibration
    from model.history.facts import Facts
    from model.history.files import Account, Question, Recognition

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
SAMPLE_TITLE = "Sample company, made up"
KEY = "own-data"
OF_COLUMNS = ("decimal", "dates", "currency", "units")
"""Habits that show in columns, and so depend on what the rows are."""
TICK = 0.1
"""Seconds between two signs of progress."""
Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Given:
    """A file as it was given, and what was said about it.

    Attributes
    ----------
    name : str
        Unlike that of all other files.
    content : bytes
        What it holds.
    kind : str
        What its rows are, "" as recognised.
    habits : tuple of (str, str)
        Habits that were said: encoding, delimiter, decimal, dates, sheet.
    columns : tuple of (str, str)
        Fields and the headers that were said, "" for none.
    """

    name: str
    content: bytes = field(repr=False)
    kind: str = ""
    habits: tuple[tuple[str, str], ...] = ()
    columns: tuple[tuple[str, str], ...] = ()

    def with_habit(self, habit: str, value: str) -> Given:
        """Return the file with a habit said; "" leaves it to the file."""
        return replace(self, habits=_with(self.habits, habit, value))

    def with_column(self, name: str, header: str | None) -> Given:
        """Return the file with the column of a field said; None leaves it to recognition."""
        return replace(self, columns=_with(self.columns, name, header, keep_empty=True))


def _with(
    pairs: tuple[tuple[str, str], ...], key: str, value: str | None, *, keep_empty: bool = False
) -> tuple[tuple[str, str], ...]:
    others = tuple(pair for pair in pairs if pair[0] != key)
    kept = value is not None and (value or keep_empty)
    return (*others, (key, str(value))) if kept else others


@dataclass(frozen=True)
class Settings:
    """How the files are measured.

    Attributes
    ----------
    title : str
        Title of the company.
    currency : str
        A code of three letters, "" as the files show.
    segments_by : str
        Whether segments are those of a column or bands of size.
    until : str
        The opening month as "2025-12", "" as the data ends.
    template : str
        Id or fingerprint of the company that gives what cannot be measured; "" for the first that is shipped.
    """

    title: str = "My company"
    currency: str = ""
    segments_by: Literal["column", "size"] = "column"
    until: str = ""
    template: str = ""


@dataclass(frozen=True)
class Result:
    """What was measured, of which files and settings.

    Attributes
    ----------
    asked : tuple
        Files and settings it was measured of.
    tables : mapping of str to pyarrow.Table
        The rows that could be used, as model/history/schema.py says.
    accounts : tuple of Account
        How each file was read, and the rows set aside.
    calibration : Calibration
        The company, the facts and the measures.
    template : Company
        What gave the values that could not be measured.
    remembered : dict
        What was worked out of it for charts.
    """

    asked: tuple[object, ...]
    tables: dict[str, pa.Table]
    accounts: tuple[Account, ...]
    calibration: Calibration
    template: Company
    remembered: dict[tuple[object, ...], Any] = field(default_factory=dict)

    @property
    def facts(self) -> Facts:
        """Counts and sums by month, segment and group."""
        return self.calibration.facts

    @property
    def company(self) -> Company:
        """The company that was made of it."""
        return self.calibration.company

    def once(self, key: tuple[object, ...], make: Callable[[], Any]) -> Any:
        """Return what a function makes, made once for this result."""
        if key not in self.remembered:
            self.remembered[key] = make()
        return self.remembered[key]


@dataclass
class OwnData:
    """All of one tab's own data.

    Attributes
    ----------
    files : dict of str to Given
        By the uploader's id.
    settings : Settings
        How they are measured.
    made_up : bool
        Whether they are the sample exports.
    measuring : bool
        Whether they are to be measured.
    result : Result or None
        What was measured.
    problems : tuple of str
        What kept the files from being measured.
    questions : tuple of Question
        What only the reader of the files can say, answered or not; the file of each is named in it.
    view : dict of str to str
        What is looked at on the page of the history, by the key of the choice.
    generation : int
        Goes up when everything is forgotten, so that all widgets forget too.
    uploads : int
        Goes up when the uploader begins anew.
    in_uploader : frozenset of str
        The files that it lists.
    recognitions : dict
        What the first lines of the files show, each looked at once.
    """

    files: dict[str, Given] = field(default_factory=dict)
    settings: Settings = Settings()
    made_up: bool = False
    measuring: bool = False
    result: Result | None = None
    problems: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    view: dict[str, str] = field(default_factory=dict)
    generation: int = 0
    uploads: int = 0
    in_uploader: frozenset[str] = frozenset()
    recognitions: dict[Given, Recognition | tuple[str, ...]] = field(default_factory=dict, repr=False)

    @property
    def asked(self) -> tuple[object, ...]:
        """Files and settings as they are now."""
        return (*self.files.values(), self.settings)

    @property
    def changed(self) -> bool:
        """Whether files or settings are no longer those of the result."""
        return self.result is not None and self.result.asked != self.asked

    def add(self, key: str, name: str, content: bytes) -> None:
        """Take a file; one by the name of another gets a number. Real files take the place of the sample exports."""
        if self.made_up:
            self.files, self.made_up, self.result, self.settings = {}, False, None, Settings()
        self.files[key] = Given(_unlike(shown_text(name), {file.name for file in self.files.values()}), content)
        self.problems = ()

    def remove(self, key: str) -> None:
        """Drop a file."""
        if gone := self.files.pop(key, None):
            self.problems, self.questions = (), tuple(one for one in self.questions if one.file != gone.name)

    def take_out(self, key: str) -> None:
        """Drop a file by its block; the uploader, which may still list it, begins anew, and the other files stay."""
        self.remove(key)
        self.uploads += 1

    def change(self, key: str, how: Callable[[Given], Given]) -> None:
        """Take over what was said about a file as it is now; another kind of rows raises its questions anew."""
        if (before := self.files.get(key)) is None:
            return
        after = how(before)
        self.files[key], self.problems = after, ()
        if after.kind != before.kind:
            self.questions = tuple(
                one for one in self.questions if one.file != after.name or one.setting not in OF_COLUMNS
            )

    def recognition(self, file: Given) -> Recognition | tuple[str, ...]:
        """Return what the first lines of a file show, or why it cannot be opened; looked at once."""
        from model.history.files import Habits, recognised

        if file not in self.recognitions:
            try:
                found = recognised(file.name, file.content, Habits(**dict(file.habits)), file.kind)
            except RevLensError as error:
                self.recognitions[file] = error.problems
            else:
                self.recognitions[file] = found
                self.ask(found.questions)
            self.recognitions = {
                known: self.recognitions[known] for known in self.files.values() if known in self.recognitions
            }
        return self.recognitions[file]

    def ask(self, questions: Iterable[Question]) -> None:
        """Keep questions that were not asked before; an answer stays correctable."""
        known = {(one.file, one.setting, one.column) for one in self.questions}
        self.questions += tuple(one for one in questions if (one.file, one.setting, one.column) not in known)

    def set(self, **settings: Any) -> None:
        """Change settings."""
        self.settings, self.problems = replace(self.settings, **settings), ()

    def measure(self) -> None:
        """Ask that the files be measured."""
        self.measuring, self.problems = bool(self.files), ()

    def stop(self) -> None:
        """Take that back."""
        self.measuring = False


def _unlike(name: str, taken: set[str]) -> str:
    stem, dot, ending = name.rpartition(".")
    names = (
        name,
        *(f"{stem or ending} ({number}){dot}{ending if stem else ''}" for number in range(2, len(taken) + 3)),
    )
    return next(text for text in names if text not in taken)


def current() -> OwnData:
    """Return this tab's own data."""
    own: OwnData = st.session_state.setdefault(KEY, OwnData())
    return own


def forget() -> None:
    """Remove files, answers and results at once; a company that was made of them stays if it is in view."""
    st.session_state[KEY] = OwnData(generation=current().generation + 1)


def from_samples() -> None:
    """Take the sample exports and ask that they be measured."""
    own = OwnData(made_up=True, settings=Settings(title=SAMPLE_TITLE), generation=current().generation + 1)
    for path in sorted(SAMPLES.glob("*.csv")):
        if path.stem != "actuals":  # the months after the exports, to hold a plan against
            own.files[f"sample:{path.stem}"] = Given(path.name, path.read_bytes())
    own.measure()
    st.session_state[KEY] = own


def template(session: Session, own: OwnData) -> Company:
    """Return the company that gives what cannot be measured."""
    return templates(session).get(own.settings.template) or load_shipped(DEFAULT_COMPANY)


def templates(session: Session) -> dict[str, Company]:
    """Return the companies that can be a template: all that were not measured themselves."""
    known = {name: load_shipped(name) for name in shipped()} | session.own
    return {key: company for key, company in known.items() if not company.book}


def work(session: Session) -> None:
    """Measure, if that was asked for, with progress and a way to stop, and draw the page anew once it is done."""
    own = current()
    if not own.measuring:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        bar = st.progress(0.0, "Reading the files")
        st.button("Stop", key="own-stop", icon=":material/stop_circle:", on_click=session.operations.append,
                  args=(lambda _: current().stop(),))  # fmt: skip
    try:
        result = _measured(own, template(session, own), shown_on(bar))
    except RevLensError as error:
        questions: tuple[Question, ...] = getattr(error, "questions", ())
        own.result, own.problems = None, () if questions else error.problems
        own.ask(questions)
    else:
        own.result, own.problems = result, ()
    own.measuring = False
    st.rerun()


def shown_on(bar: Any) -> Progress:
    """Return a way to tell progress: not so often that telling it takes longer than the work."""
    told = time.monotonic()

    def progress(share: float, doing: str) -> None:
        nonlocal told
        if time.monotonic() - told >= TICK:
            told = time.monotonic()
            bar.progress(min(max(share, 0.0), 1.0), doing)

    return progress


def _measured(own: OwnData, template: Company, progress: Progress) -> Result:
    """Read the files, count, and measure; nothing is kept unless all of it is done."""
    from model.history.calibrate import calibrate
    from model.history.engine import in_process
    from model.history.files import GivenFile, Habits, read_files
    from model.history.gather import gather

    asked, settings = own.asked, own.settings
    given = [
        GivenFile(file.kind, file.name, file.content, Habits(**dict(file.habits)), dict(file.columns))
        for file in own.files.values()
    ]
    imported = read_files(given, _stretched(progress, 0.0, 0.6))
    with in_process(imported.tables) as engine:
        facts = gather(engine, segments_by=settings.segments_by, until=_month(settings.until),
                       progress=_stretched(progress, 0.6, 0.9))  # fmt: skip
    progress(0.9, "Estimating how sure it is")
    found = calibrate(facts, template=template, title=settings.title, currency=settings.currency or imported.currency)
    return Result(asked, dict(imported.tables), imported.accounts, found, template)


def _stretched(progress: Progress, start: float, end: float) -> Progress:
    return lambda share, doing: progress(start + (end - start) * share, doing)


def _month(text: str) -> int | None:
    """Return a month counted from 1970-01, None for "".

    >>> _month("1971-02"), _month("")
    (13, None)
    """
    return (int(text[:4]) - 1970) * 12 + int(text[5:7]) - 1 if text else None
