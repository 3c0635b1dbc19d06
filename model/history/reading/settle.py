"""Which habit holds in each column of a file: the one its cells prove, else that of its other columns, else asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from model.history.reading.habits import DATES, DECIMALS, Choice, Question, Setting, question
from model.history.reading.texts import shown_text
from model.text import plain

NAMES: Mapping[str, Mapping[str, str]] = {"decimal": DECIMALS, "dates": DATES}
WHAT = {"decimal": "amounts", "dates": "dates"}


@dataclass(frozen=True)
class Reading:
    """The different texts of one column, and what they are by habit.

    Attributes
    ----------
    header : str
        The column, as it may be shown.
    texts : Array of string
        The different texts.
    values : mapping of str to array
        What they are, by habit: amounts (NaN where none) or days (NaT).
    """

    header: str
    texts: pa.Array
    values: Mapping[str, NDArray[Any]]

    @property
    def possible(self) -> list[str]:
        """The habits under which all cells can be read that can be read at all."""
        known = {habit: ~_missing(values) for habit, values in self.values.items()}
        some = np.logical_or.reduce(list(known.values()))
        return [habit for habit, read in known.items() if read[some].all()]

    def differing(self, habits: list[str]) -> int:
        """Return the place of the first text that habits read differently, −1 if they agree."""
        first = self.values[habits[0]]
        for habit in habits[1:]:
            other = self.values[habit]
            differ = np.flatnonzero((other != first) & ~(_missing(other) & _missing(first)))
            if len(differ):
                return int(differ[0])
        return -1

    def shown(self, place: int, habit: str) -> str:
        """Return what a habit makes of a text."""
        value = self.values[habit][place]
        return str(value) if isinstance(value, np.datetime64) else plain(float(value))


@dataclass(frozen=True)
class Settled:
    """How the columns of a file are read.

    Attributes
    ----------
    habits : mapping of str to str
        The habit by field.
    open : set of str
        Fields that every habit reads alike.
    problems, notes : list of str
        Columns written in two ways; what was taken from where.
    questions : list of Question
        What is left open: one for all columns, by an example of the first.
    """

    habits: dict[str, str]
    open: set[str]
    problems: list[str]
    questions: list[Question]
    notes: list[str]

    @property
    def common(self) -> str:
        """The habit of all columns in which it makes a difference, "" if they differ or there is none."""
        habits = {habit for field, habit in self.habits.items() if field not in self.open}
        return habits.pop() if len(habits) == 1 else ""


def settle(
    file: str, setting: Setting, readings: Mapping[str, Reading], told: str, others: Sequence[Reading] = ()
) -> Settled:
    """Return which habit holds in each column.

    Parameters
    ----------
    file : str
        Name of the file.
    setting : str
        "decimal" or "dates".
    readings : mapping of str to Reading
        The columns by field.
    told : str
        The habit that the reader of the file names, "" for none. A column whose cells prove another keeps that one;
        in a column written in two ways the habit told holds, and cells in the other cannot be read.
    others : sequence of Reading
        Columns that are not used; what they prove counts where no column that is used proves anything.
    """
    done = Settled({}, set(), [], [], [])
    possible = {field: _likely(reading, told) for field, reading in readings.items()}
    proven = {field: habits[0] for field, habits in possible.items() if len(habits) == 1}
    witnesses = {habits[0]: other.header for other in others if len(habits := _likely(other, "")) == 1}
    for field, reading in readings.items():
        habits = possible[field]
        if not habits and not told:
            done.problems.append(_mixed(file, setting, reading))
        elif field in proven:
            done.habits[field] = proven[field]
            if told and told != proven[field]:
                done.notes.append(_overruled(file, setting, reading, proven[field], told))
        elif habits and reading.differing(habits) < 0:
            done.habits[field] = habits[0]
            done.open.add(field)
        elif not habits or told in habits:
            done.habits[field] = told
        elif len(shown := set(proven.values()) & set(habits)) == 1:
            done.habits[field] = shown.pop()
            done.notes.append(_borrowed(file, setting, reading, done.habits[field],
                                        [readings[other].header for other in proven]))  # fmt: skip
        elif not proven and len(seen := witnesses.keys() & set(habits)) == 1:
            done.habits[field] = seen.pop()
            done.notes.append(_borrowed(file, setting, reading, done.habits[field], [witnesses[done.habits[field]]]))
        elif not done.questions:
            done.questions.append(_question(file, setting, reading, habits))
    return done


def _likely(reading: Reading, told: str) -> list[str]:
    """Return the habits under which a column can be read; dates with dots have the day first unless told or proven otherwise."""
    habits = reading.possible
    if not {"day-first", "month-first"} <= {*habits} or told == "month-first":
        return habits
    first, other = reading.values["day-first"], reading.values["month-first"]
    doubtful = reading.texts.filter(pa.array((first != other) & ~_missing(first)))
    dots = len(doubtful) and pc.all(pc.match_substring_regex(doubtful, r"^\d{1,2}\. ?\d{1,2}\.")).as_py()
    return [habit for habit in habits if habit != "month-first"] if dots else habits


def _mixed(file: str, setting: Setting, reading: Reading) -> str:
    """Return the sentence for a column written in two ways, with a cell of each."""
    examples = []
    for habit, values in reading.values.items():
        others = [_missing(other) for name, other in reading.values.items() if name != habit]
        alone = np.flatnonzero(~_missing(values) & np.logical_and.reduce(others))
        examples += [repr(shown_text(reading.texts[int(alone[0])].as_py()))] if len(alone) else []
    return (f"{file}: the {WHAT[setting]} of {reading.header} are written in two ways ({' and '.join(examples)}); "
            f"write them in one, or say which {setting}: {', '.join(map(repr, NAMES[setting]))}.")  # fmt: skip


def _overruled(file: str, setting: Setting, reading: Reading, proven: str, told: str) -> str:
    return (f"{file}: the {WHAT[setting]} of {reading.header} are by themselves written with {_name(setting, proven)}; "
            f"{_name(setting, told)} is not used there.")  # fmt: skip


def _borrowed(file: str, setting: Setting, reading: Reading, habit: str, others: list[str]) -> str:
    return (f"{file}: the {WHAT[setting]} of {reading.header} are read with {_name(setting, habit)}, "
            f"as {others[0]} shows.")  # fmt: skip


def _name(setting: Setting, habit: str) -> str:
    name = NAMES[setting][habit]
    return f"{name} as decimal mark" if setting == "decimal" else name


def _question(file: str, setting: Setting, reading: Reading, habits: list[str]) -> Question:
    place = reading.differing(habits)
    text = shown_text(reading.texts[place].as_py())
    choices = [Choice(habit, NAMES[setting][habit], f"{text} is {reading.shown(place, habit)}") for habit in habits
               if not _missing(reading.values[habit])[place]]  # fmt: skip
    what = f"the {WHAT[setting]} of {reading.header} can be read in {len(choices)} ways."
    return question(file, setting, reading.header, what, choices)


def _missing(values: NDArray[Any]) -> NDArray[np.bool_]:
    missing: Callable[[Any], Any] = np.isnat if values.dtype.kind == "M" else np.isnan
    return np.asarray(missing(values), bool)
