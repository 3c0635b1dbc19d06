"""Whether an end is the last day of service or the day after: what the rows show by a clear majority, else asked.

Contracts and lists name the last day (until 31 January, renewed from 1 February), most billing systems the day after. One day
decides a month wherever an end falls on the last day of one: each renewal would be a month without the customer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.history.reading.column import Days
from model.history.reading.habits import ENDS, Choice, Question, question
from model.history.reading.rows import LAST_DAY, Rows
from model.text import numbered

DAY = np.timedelta64(1, "D")
EARLY = 28
"""A start after this day of the month leaves open which day of a shorter month is its own."""
FOLLOWED, DATED = 1 / 20, 1 / 6
"""Shares of rows above which what they show is more than chance: rows that another follows, beyond those that would by chance; days of the
month, of which one of 15 fits each reading by chance."""
NEAR = 7
"""Chance is told by the days so near to both readings that are none of them: how many rows of the customer start there on a day."""
CLEAR = 0.9
MATTERS = 1 / 10
"""Where nothing is shown, it is said from this share of ends on the last day of a month."""


@dataclass(frozen=True)
class Ends:
    """How many rows of a file or table show which reading.

    Attributes
    ----------
    rows : int
        Rows with start and end.
    open : int
        Of these, how many the reading makes a difference to.
    last_day, day_after : tuple of (int, int)
        Rows that show each reading: by the start of the customer's next row; by their own days alone.
    chance : float
        Rows that would show a reading by the start of another row if starts lay as they do on days near by.
    """

    rows: int
    open: int
    last_day: tuple[int, int]
    day_after: tuple[int, int]
    chance: float = 0.0

    @property
    def shown(self) -> dict[str, int]:
        """Rows by reading, as far as they are more than chance would bring."""
        others = self.rows - self.last_day[0] - self.day_after[0]
        least = FOLLOWED * self.rows + self.chance
        return {reading: (followed if followed > least else 0) + (dated if dated > DATED * others else 0)
                for reading, (followed, dated) in (("last-day", self.last_day), ("day-after", self.day_after))}  # fmt: skip

    @property
    def likelier(self) -> str:
        """The reading that more rows show; the day after in a tie."""
        return "last-day" if self.shown["last-day"] > self.shown["day-after"] else "day-after"

    @property
    def doubtful(self) -> bool:
        """Whether the rows contradict each other where it makes a difference."""
        shown = self.shown
        return self.open > 0 and 0 < max(shown.values()) < CLEAR * sum(shown.values())

    def settled(self, told: str) -> str:
        """Return the reading: as told, else as shown, "" where it makes no difference."""
        return told or (self.likelier if self.open else "")

    def note(self, header: str, told: str) -> str:
        """Return what is said of the reading taken, "" where there is nothing to say."""
        if not self.open or told == self.likelier:
            return ""
        reading = self.settled(told)
        if told:
            show = self.shown[self.likelier]
            against = f"{numbered(show, 'rows')} of {self.rows:,} look like {ENDS[self.likelier]}"
            return f"{header} is read as {ENDS[reading]}, as said; {against}." if show else ""
        if show := self.shown[reading]:
            return (f"{header} is read as {ENDS[reading]}: {show:,} of {self.rows:,} ends show it, by the next start of the customer "
                    "or by whole months.")  # fmt: skip
        if self.open <= MATTERS * self.rows:
            return ""
        return (f"{header} is read as {ENDS[reading]}; no rows show which it is, and {self.open:,} of {self.rows:,} ends are last days "
                "of months, whose month it decides.")  # fmt: skip

    def question(self, file: str, header: str) -> Question:
        """Return what is asked where the rows contradict each other, the likelier reading first."""
        shown = self.shown
        show = " and ".join(f"{shown[reading]:,} like {ENDS[reading]}" for reading in shown)
        choices = [Choice(reading, ENDS[reading], f"{header} is {ENDS[reading]}") for reading in shown]
        first = sorted(choices, key=lambda one: one.value != self.likelier)
        return question(file, "ends", header, f"of {self.rows:,} ends in {header}, {show}.", first)


def first_days_without(rows: Rows, started: Days, ended: Days) -> Days:
    """Return the first days without service; what the rows leave in doubt is asked."""
    if "ended" not in rows:
        return ended
    ends, told, header = _counted(rows, started, ended), rows.habits.ends, rows.header("ended")
    if ends.doubtful and not told:
        rows.questions.append(ends.question(rows.file, header))
    elif note := ends.note(header, told):
        rows.notes.append(f"{rows.file}: {note}")
    rows.habits = rows.habits.settled(ends=ends.settled(told))
    return ended + DAY if rows.habits.ends == "last-day" else ended


def _counted(rows: Rows, started: Days, ended: Days) -> Ends:
    customer = rows.columns["customer"].as_text.encoded[0].astype(np.int64)
    known = (customer >= 0) & (ended >= started) & (ended <= LAST_DAY)  # a day that is none compares with nothing
    starts = _keys(customer, started)[(customer >= 0) & ~np.isnat(started)]
    customer, start, end = customer[known], started[known], ended[known]
    days = end + DAY, end
    next_day, same_day = (np.isin(_keys(customer, day), starts) for day in days)
    same_day &= end > start
    followed = next_day & ~same_day, same_day & ~next_day
    whole = [(_of_month(day) == _of_month(start)) & (_month(day) > _month(start)) for day in days]
    part = ~whole[0] & ~whole[1]
    early = part & (_of_month(start) <= EARLY) & (end > start)
    dated = (fits | (early & (_of_month(day) == 1)) for fits, day in zip(whole, days, strict=True))
    alone = ~followed[0] & ~followed[1]
    last_day, day_after = ((int(one.sum()), int((own & alone).sum())) for one, own in zip(followed, dated, strict=True))
    decides = (_of_month(days[0]) == 1) & (
        early | (rows.kind != "invoices")
    )  # whole months are billed in full in any case
    near = _near(np.unique(starts), _keys(customer, end)) - next_day - np.isin(_keys(customer, end), starts)
    near -= (start < end) & (start >= end - NEAR * DAY)  # its own start
    return Ends(len(start), int(decides.sum()), last_day, day_after, float(near.sum()) / (2 * NEAR))


def _near(starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many days with a start of the customer lie around the end and the day after it, these two among them."""
    first, beyond = (np.searchsorted(starts, ends + days) for days in (-NEAR, NEAR + 2))
    found: NDArray[np.int64] = (beyond - first).astype(np.int64)
    return found


def _keys(customer: NDArray[np.int64], day: Days) -> NDArray[np.int64]:
    """Return one number for a customer and a day, of which there are fewer than a million."""
    return customer * 1_000_000 + day.astype(np.int64)


def _month(day: Days) -> NDArray[np.int64]:
    return day.astype("datetime64[M]").astype(np.int64)


def _of_month(day: Days) -> NDArray[np.int64]:
    """Return the day of the month, from 1."""
    found: NDArray[np.int64] = (day - day.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64) + 1
    return found
