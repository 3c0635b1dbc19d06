"""Habits of writing: what a file proves of itself is taken, what it leaves open is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Literal

from model.errors import ExportError
from model.history.reading.texts import shown_text

Setting = Literal[
    "kind", "encoding", "delimiter", "decimal", "dates", "sheet", "currency", "values", "units", "ends", "won", "lost"
]
VALUES = ("mrr", "arr")
SCALES = {"thousands": 1e3, "millions": 1e6}
UNITS = ("whole", "cents", *SCALES)
ENDS = {"last-day": "the last day of service", "day-after": "the first day without service"}
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
DECIMALS = {".": "a point", ",": "a comma"}
DATES = {"day-first": "the day first", "month-first": "the month first", "year-first": "the year first"}


@dataclass(frozen=True)
class Habits:
    """How a file is written; "" is left to the file itself.

    Attributes
    ----------
    encoding : str
        A name that Python knows: "utf-8", "cp1252".
    delimiter : str
        "," ";" tab or "|".
    decimal : str
        "." or ",".
    dates : str
        "day-first", "month-first" or "year-first" (of years of two digits), for dates like 3/4/2017.
    sheet : str
        Name of the sheet of a workbook.
    currency : str
        Code of the currency whose rows are used.
    values : str
        "mrr" or "arr": what the cells of a sheet with months across are.
    units : str
        "whole" or "cents": what whole numbers are amounts in; or "thousands" or "millions": what all amounts are in.
    ends : str
        "last-day" or "day-after": what the day is on which a subscription or a billed period ends.
    won, lost : str
        Stages of opportunities that mean it, one on a line.
    """

    encoding: str = ""
    delimiter: str = ""
    decimal: str = ""
    dates: str = ""
    sheet: str = ""
    currency: str = ""
    values: str = ""
    units: str = ""
    ends: str = ""
    won: str = ""
    lost: str = ""

    def checked(self, file: str) -> Habits:
        """Return the habits as they are used, or refuse those that do not exist."""
        problems = []
        for setting, known in (
            ("delimiter", DELIMITERS),
            ("decimal", DECIMALS),
            ("dates", DATES),
            ("values", VALUES),
            ("units", UNITS),
            ("ends", ENDS),
        ):
            value = getattr(self, setting)
            if value and value not in known:
                choices = ", ".join("tab" if choice == "\t" else choice for choice in known)
                problems.append(f"{file}: {setting} {shown_text(value)!r} is not known; there are {choices}.")
        if not is_encoding(self.encoding or "utf-8"):
            problems.append(f"{file}: encoding {shown_text(self.encoding)!r} is not known; utf-8 and cp1252 are.")
        if problems:
            raise ExportError(problems)
        return self

    def settled(self, **found: str) -> Habits:
        """Return the habits with what the file shows."""
        return replace(self, **found)

    def named(self) -> str:
        """Return the habits in words, those that are settled.

        >>> Habits(encoding="utf-8", delimiter=";", decimal=",").named()
        'encoding utf-8, delimiter semicolon, decimal comma'
        """
        words = DELIMITERS | {".": "point"}
        told = ((entry.name, getattr(self, entry.name)) for entry in fields(self))
        return ", ".join(f"{name} {words.get(value, shown_text(value))}" for name, value in told if value)


def is_encoding(name: str) -> bool:
    """Say whether a name is that of an encoding of text."""
    try:
        return isinstance(b"a".decode(name), str) or True
    except UnicodeDecodeError:
        return True
    except (LookupError, ValueError, TypeError):
        return False


@dataclass(frozen=True)
class Choice:
    """An answer to a question: its value in `Habits` (or the kind), its name, and what it makes of a cell."""

    value: str
    label: str
    example: str


@dataclass(frozen=True)
class Question:
    """What only the reader of a file can say.

    Attributes
    ----------
    file : str
        Name of the file.
    setting : str
        The field of `Habits`, or "kind".
    column : str
        The header it was met in, "" where it is the whole file's.
    choices : tuple of Choice
        The answers, the likeliest first.
    sentence : str
        The question with its choices.
    """

    file: str
    setting: Setting
    column: str
    choices: tuple[Choice, ...]
    sentence: str


class Asked(ExportError):  # noqa: N818 - what is asked is no mistake
    """Files leave open how they are to be read; the questions say what.

    Attributes
    ----------
    questions : tuple of Question
        All that can be asked at once.
    faults : tuple of str
        What else keeps the files from being used.
    """

    def __init__(self, questions: Sequence[Question], faults: Sequence[str] = ()) -> None:
        self.questions, self.faults = tuple(questions), tuple(faults)
        super().__init__([*faults, *(question.sentence for question in questions)])


def question(file: str, setting: Setting, column: str, what: str, choices: Sequence[Choice]) -> Question:
    """Return a question as one sentence with the choices."""
    told = "; ".join(f"{choice.value!r} ({_shown(setting, choice)})" for choice in choices)
    return Question(file, setting, column, tuple(choices), f"{file}: {what} Say which {setting}: {told}.")


def _shown(setting: Setting, choice: Choice) -> str:
    """Return what a choice makes of a cell, after its name where the value is but a code or a sign."""
    return f"{choice.label}: {choice.example}" if setting in ("encoding", "delimiter") else choice.example


def kind_question(file: str, header: Sequence[str], kinds: Mapping[str, str]) -> Question:
    """Return the question what the rows of a file are."""
    choices = [Choice(kind, says.partition(":")[0], says) for kind, says in kinds.items()]
    seen = shown_text(", ".join(header), 200)
    return question(file, "kind", "", f"it could hold {' or '.join(kinds)} ({seen}).", choices)
