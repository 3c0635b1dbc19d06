"""Days as people write them: 2024-03-31, 31.3.2024, 3/31/24, 31 March 2024, with times and zones, months and quarters."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from model.history.reading.column import NO_DAY, Days, Numbers
from model.history.reading.habits import DATES
from model.text import LONG_MONTHS, MONTHS

_MINUTES = r":[0-5][0-9](?::(?:[0-5][0-9]|60))?(?:[.,][0-9]+)?"
_HALF_DAY = rf"(?:0?[0-9]|1[0-2]){_MINUTES}[ ]?[AaPp]\.?[Mm]\.?"
_WHOLE_DAY = rf"(?:(?:[01]?[0-9]|2[0-3]){_MINUTES}|24:00(?::00)?(?:[.,]0+)?)"
_ZONE = r"(?:Z|UTC|GMT|[+-](?:0[0-9]|1[0-4]):?(?:[0-5][0-9])?|[A-Z]{3,4})"
TIME = rf"(?:[T ]|, ?)[ ]*(?:{_HALF_DAY}|{_WHOLE_DAY})[ ]?{_ZONE}?$"
CENTURY_FROM = 70
"""Two digits of a year from 70 on are 19xx, below 20xx."""

_YEAR_FIRST = re.compile(r"([0-9]{4})([-/. ]?)([0-9]{1,2})\2([0-9]{1,2})")
_THREE = re.compile(r"([0-9]{1,2})([-/. ]|\. )([0-9]{1,2})(?:\2|\. ?)([0-9]{4}|[0-9]{2})")
_DAY_MONTH = re.compile(
    r"(?:[A-Za-z]{3,9}\.?,? )?([0-9]{1,2})(?:st|nd|rd|th|\.)?[ -]([^\W\d_]{3,10})\.?,?[ -]([0-9]{4}|[0-9]{2})"
)
_MONTH_DAY = re.compile(r"(?:[A-Za-z]{3,9}\.?,? )?([^\W\d_]{3,10})\.?[ -]([0-9]{1,2})(?:st|nd|rd|th)?,?[ -]([0-9]{4})")
_MONTH = re.compile(r"([0-9]{4})[-/. ](?:M)?([0-9]{1,2})|([0-9]{1,2})[/.]([0-9]{4})")
_NAMED_MONTH = re.compile(r"([^\W\d_]{3,10})\.?[ -]'?([0-9]{4}|[0-9]{2})|([0-9]{4})[ -]([^\W\d_]{3,10})")
_QUARTER = re.compile(r"(?:FY)?([0-9]{4})[- /]?Q([1-4])|Q([1-4])[- /]?(?:FY|CY)?'?([0-9]{4})", re.IGNORECASE)
_GERMAN = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
]
_FRENCH = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]
_SPANISH = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
]
_SHORT = ["Jan", "Feb", "Mär", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"]
_NAMES = {name.casefold(): number for names in (_SPANISH, _FRENCH, _GERMAN, _SHORT, MONTHS, LONG_MONTHS)
          for number, name in enumerate(names, 1)} | {"sept": 9, "mrz": 3}  # fmt: skip

SERIAL = (25_570, 73_050)
"""Days counted from 1899-12-30, as workbooks do: 1970-01-02 to 2099-12-31."""
UNIX = (86_400 * 365, 4_102_444_800)
"""Seconds counted from 1970: 1971 to 2099; milliseconds are a thousand times as many."""


def read_days(texts: pa.Array, what: str = "day") -> dict[str, Days]:
    """Return what different texts are as days, by the order of day, month and year; NaT where they are none.

    Parameters
    ----------
    texts : Array of string
        Different texts; times behind the day are left out, the day is as written, in whatever zone.
    what : str
        With "month", months are read too, as their first day; with "period" quarters as well.
    """
    codes, different = _without_times(texts)
    found = [_by_order(text, what) for text in different]
    return {order: np.array([days[place] for days in found], "datetime64[D]")[codes] if found
            else np.full(len(texts), NO_DAY) for place, order in enumerate(DATES)}  # fmt: skip


def _without_times(texts: pa.Array) -> tuple[NDArray[np.int32], list[str]]:
    encoded = pc.dictionary_encode(pc.replace_substring_regex(texts, TIME, ""))
    return encoded.indices.to_numpy(zero_copy_only=False), encoded.dictionary.to_pylist()


def _by_order(text: str, what: str) -> tuple[np.datetime64, ...]:
    """Return a day by order: day first, month first, year first."""
    if found := _YEAR_FIRST.fullmatch(text):
        if found[2] or len(text) == 8:
            return (_day(int(found[1]), int(found[3]), int(found[4])),) * 3
    elif found := _THREE.fullmatch(text):
        first, second, year = int(found[1]), int(found[3]), _year(found[4])
        last = _day(_year(found[1]), second, int(found[4])) if len(found[4]) == 2 == len(found[1]) else NO_DAY
        return _day(year, second, first), _day(year, first, second), last
    elif found := _DAY_MONTH.fullmatch(text):
        return (_day(_year(found[3]), _NAMES.get(found[2].casefold(), 0), int(found[1])),) * 3
    elif found := _MONTH_DAY.fullmatch(text):
        return (_day(int(found[3]), _NAMES.get(found[1].casefold(), 0), int(found[2])),) * 3
    if what == "period" and (found := _QUARTER.fullmatch(text)):
        return (_day(int(found[1] or found[4]), 3 * int(found[2] or found[3]) - 2, 1),) * 3
    return (_month(text) if what in ("month", "period") else NO_DAY,) * 3


def _month(text: str) -> np.datetime64:
    """Return the first day of a month."""
    if found := _MONTH.fullmatch(text):
        return _day(int(found[1] or found[4]), int(found[2] or found[3]), 1)
    if found := _NAMED_MONTH.fullmatch(text):
        return _day(_year(found[2] or found[3]), _NAMES.get((found[1] or found[4]).casefold(), 0), 1)
    return NO_DAY


def _year(digits: str) -> int:
    number = int(digits)
    return number if len(digits) == 4 else 1900 + number if number >= CENTURY_FROM else 2000 + number


def _day(year: int, month: int, day: int) -> np.datetime64:
    try:
        return np.datetime64(date(year, month, day))
    except ValueError:
        return NO_DAY


COUNTS: dict[str, tuple[tuple[float, float], Callable[[Numbers], Days]]] = {
    "days counted from 1900, as workbooks do": (
        SERIAL, lambda numbers: np.datetime64("1899-12-30") + np.floor(numbers).astype("timedelta64[D]")),
    "seconds counted from 1970": (
        UNIX, lambda numbers: np.floor(numbers).astype("datetime64[s]").astype("datetime64[D]")),
    "milliseconds counted from 1970": (
        (UNIX[0] * 1000, UNIX[1] * 1000), lambda numbers: np.floor(numbers).astype("datetime64[ms]").astype("datetime64[D]")),
}  # fmt: skip


def counted_days(numbers: Numbers) -> tuple[str, Days] | None:
    """Return how the numbers of a column count days, and these, where all of them plainly do.

    >>> counted_days(np.array([45292.0, np.nan]))
    ('days counted from 1900, as workbooks do', array(['2024-01-01',        'NaT'], dtype='datetime64[D]'))
    """
    known = np.isfinite(numbers)
    for name, ((low, high), days) in COUNTS.items():
        if known.any() and bool(((numbers[known] >= low) & (numbers[known] <= high)).all()):
            found = np.full(len(numbers), NO_DAY)
            found[known] = days(numbers[known])
            return name, found
    return None
