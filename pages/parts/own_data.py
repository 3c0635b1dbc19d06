"""Own data: what somebody's own exports hold and what was measured from them, kept in the memory of one tab alone.

All of it lies in one place, `kept()`: the files given on whichever page, what was measured, the back-test, the actual
months. Nothing of it is written to disk, goes into a link or outlives the tab. Widgets are drawn from `OwnData` and write
to it, as those of the scenario do with `Session`, so that it is still there after a look at another page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import streamlit as st

from model import Company, RevLensError, load_shipped, shipped
from model.history.reading.texts import shown_text
from model.links import DEFAULT_COMPANY
from pages.parts.background import Work
from pages.parts.state import Session

if TYPE_CHECKING:
    import pyarrow as pa

    from model.history.asking.facts import Facts
    from model.history.measuring.calibrate import Calibration
    from model.history.reading.files import Account, GivenFile, Question, Recognition

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
SAMPLE_TITLE = "Sample company, made up"
KEPT, KEY = "own", "data"
ACTUALS = "actuals"
"""The kind of files that hold months as they happened: they are compared with a plan, and nothing is measured of them."""
OF_COLUMNS = ("decimal", "dates", "currency", "units", "ends", "won", "lost")
"""Habits that show in columns, and so depend on what the rows are."""


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

    def as_read(self) -> GivenFile:
        """Return it as a file to be read."""
        from model.history.reading.files import GivenFile, Habits

        return GivenFile(self.kind, self.name, self.content, Habits(**dict(self.habits)), dict(self.columns))

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
    names : tuple of (str, str)
        Segments as the files name them, and what they are called instead.
    """

    title: str = "My company"
    currency: str = ""
    segments_by: Literal["column", "size"] = "column"
    until: str = ""
    template: str = ""
    names: tuple[tuple[str, str], ...] = ()

    def naming(self, first: Iterable[str], name: str) -> tuple[tuple[str, str], ...]:
        """Return the names with another one for some segments of the files; "" for their own."""
        known = dict(self.names) | dict.fromkeys(first, name.strip())
        return tuple((old, new) for old, new in known.items() if new not in ("", old))


@dataclass(frozen=True)
class Result:
    """What was measured, of which files and settings.

    Attributes
    ----------
    files : tuple of Given
        Files it was measured of.
    settings : Settings
        How.
    tables : mapping of str to pyarrow.Table
        The rows that could be used, as model/history/schema.py says.
    accounts : tuple of Account
        How each file was read, and the rows set aside.
    calibration : Calibration
        The company, the facts and the measures.
    template : Company
        What gave the values that could not be measured.
    currency : str
        The code that the files show, "" if they show none.
    merged : bool
        Whether names made one segment of several.
    remembered : dict
        What was worked out of it for charts.
    """

    files: tuple[Given, ...]
    settings: Settings
    tables: dict[str, pa.Table]
    accounts: tuple[Account, ...]
    calibration: Calibration
    template: Company
    currency: str
    merged: bool
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
    work : Work or None
        The measuring, while it goes on.
    result : Result or None
        What was measured.
    problems : tuple of str
        What kept the files from being measured.
    questions : tuple of Question
        What only the reader of the files can say, answered or not; the file of each is named in it.
    view : dict of str to str
        What is looked at on the page of the history, by the key of the choice.
    adopting : bool
        Whether the company is to be used once it is measured under the names given.
    generation : int
        Goes up when everything is forgotten, so that all widgets forget too.
    uploads : int
        Goes up with each file given, so that the uploader begins anew.
    recognitions : dict
        What the first lines of the files show, each looked at once.
    """

    files: dict[str, Given] = field(default_factory=dict)
    settings: Settings = Settings()
    made_up: bool = False
    work: Work | None = None
    result: Result | None = None
    problems: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    view: dict[str, str] = field(default_factory=dict)
    adopting: bool = False
    generation: int = 0
    uploads: int = 0
    recognitions: dict[Given, Recognition | tuple[str, ...]] = field(default_factory=dict, repr=False)

    STOPPED: ClassVar[str] = "Measuring was stopped; nothing was changed."

    @property
    def measuring(self) -> bool:
        """Whether the files are being measured."""
        return self.work is not None

    @property
    def measurable(self) -> tuple[Given, ...]:
        """The files that something is measured of."""
        return tuple(file for file in self.files.values() if self.kind_of(file) != ACTUALS)

    @property
    def actuals(self) -> dict[str, Given]:
        """The files of actual months, by their keys."""
        return {key: file for key, file in self.files.items() if self.kind_of(file) == ACTUALS}

    @property
    def changed(self) -> bool:
        """Whether files or settings are no longer those of the result."""
        made_of = (self.measurable, self.settings)
        return self.result is not None and (self.result.files, self.result.settings) != made_of

    @property
    def renamed(self) -> bool:
        """Whether nothing but the names of segments is no longer as in the result."""
        found = self.result
        return (found is not None and self.changed and found.files == self.measurable
                and replace(found.settings, names=self.settings.names) == self.settings)  # fmt: skip

    def kind_of(self, file: Given) -> str:
        """Return what the rows of a file are, as said or recognised; "" where nobody knows."""
        found = () if file.kind else self.recognition(file)
        return file.kind or ("" if isinstance(found, tuple) else found.kind)

    def add(self, key: str, name: str, content: bytes, kind: str = "") -> None:
        """Take a file; one by the name of another gets a number. Real files take the place of the sample exports."""
        if self.made_up:
            self.stop()
            self.files, self.made_up, self.result, self.settings = {}, False, None, Settings()
        self.files[key] = Given(_unlike(shown_text(name), {file.name for file in self.files.values()}), content, kind)
        self.problems = ()
        self.uploads += 1

    @property
    def uploader(self) -> str:
        """The key of an uploader that has not been given anything yet."""
        return f"uploader:{self.generation}:{self.uploads}"

    def remove(self, key: str) -> None:
        """Drop a file."""
        if gone := self.files.pop(key, None):
            self.problems, self.questions = (), tuple(one for one in self.questions if one.file != gone.name)

    def change(self, key: str, how: Callable[[Given], Given]) -> None:
        """Take over what was said about a file as it is now; another kind or column raises its questions anew."""
        if (before := self.files.get(key)) is None:
            return
        after = how(before)
        self.files[key], self.problems = after, ()
        if (after.kind, after.columns) != (before.kind, before.columns):
            said = dict(after.habits) if after.kind == before.kind else {}
            open_ = {setting for setting in OF_COLUMNS if setting not in said}
            self.questions = tuple(one for one in self.questions if one.file != after.name or one.setting not in open_)

    def recognition(self, file: Given) -> Recognition | tuple[str, ...]:
        """Return what the first lines of a file show, or why it cannot be opened; looked at once, and asked about."""
        from model.history.reading.ahead import questions_ahead
        from model.history.reading.files import Habits, recognised

        if file not in self.recognitions:
            try:
                found = recognised(file.name, file.content, Habits(**dict(file.habits)), file.kind)
            except RevLensError as error:
                self.recognitions[file] = error.problems
            else:
                self.recognitions[file] = found
                self.ask([*found.questions, *questions_ahead(file.as_read())])
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

    def stop(self) -> None:
        """Let the measuring end; nothing comes of it."""
        if self.work is not None:
            self.work.stop()
        self.work, self.adopting = None, False


def _unlike(name: str, taken: set[str]) -> str:
    stem, dot, ending = name.rpartition(".")
    names = (
        name,
        *(f"{stem or ending} ({number}){dot}{ending if stem else ''}" for number in range(2, len(taken) + 3)),
    )
    return next(text for text in names if text not in taken)


def kept() -> dict[str, Any]:
    """Return all that this tab keeps of its own data, by what it is; what works in it has `stop`."""
    found: dict[str, Any] = st.session_state.setdefault(KEPT, {})
    return found


def let_go(found: dict[str, Any]) -> None:
    """Stop what works, and keep nothing of it."""
    for one in found.values():
        one.stop()
    found.clear()


def current() -> OwnData:
    """Return this tab's own data."""
    own: OwnData = kept().setdefault(KEY, OwnData())
    return own


def forget() -> OwnData:
    """Remove files, answers and results at once, and begin anew; a company that was made of them stays if it is in view."""
    own = OwnData(generation=current().generation + 1)
    let_go(kept())
    kept()[KEY] = own
    return own


def samples() -> OwnData:
    """Return own data that are the sample exports, in place of all that was there."""
    own = forget()
    own.made_up, own.settings = True, Settings(title=SAMPLE_TITLE)
    for path in sorted(SAMPLES.glob("*.csv")):
        if path.stem != ACTUALS:  # the months after the exports, to hold a plan against
            own.files[f"sample:{path.stem}"] = Given(path.name, path.read_bytes())
    return own


def template(session: Session, own: OwnData) -> Company:
    """Return the company that gives what cannot be measured."""
    return templates(session).get(own.settings.template) or load_shipped(DEFAULT_COMPANY)


def templates(session: Session) -> dict[str, Company]:
    """Return the companies that can be a template: all that were not measured themselves."""
    known = {name: load_shipped(name) for name in shipped()} | session.own
    return {key: company for key, company in known.items() if not company.book}
