"""Cells of an export as dates, amounts and names; how a column is written is settled by the column itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from model.company import Numbers
from model.history.tables import Export, Mask, Texts, matched
from model.text import LONG_MONTHS, MONTHS

Days = NDArray[np.datetime64]
Value = TypeVar("Value")

FIRST_YEAR = 1900
NO_DAY = np.datetime64("NaT", "D")

_TIME = r"(?:(?:T|,? +)\d{1,2}:\d\d.*)?"
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})" + _TIME)
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})" + _TIME)
_DAY_MONTH = re.compile(r"(\d{1,2})[ -]([A-Za-z]{3,9})[ -](\d{4})" + _TIME)
_MONTH_DAY = re.compile(r"([A-Za-z]{3,9}) (\d{1,2}),? (\d{4})" + _TIME)
_MONTHS = {name.casefold(): month for names in (MONTHS, LONG_MONTHS) for month, name in enumerate(names, 1)}

_SIGN = r"(?:[A-Z]{3}|[A-Z]{0,3}[$€£¥₹₪₩]|kr|zł)?"
_AMOUNT = re.compile(rf"(\(?[-−+]?)\s*({_SIGN})\s*([-−+]?)(\d[\d.,]*|[.,]\d+)\s*({_SIGN})\)?")
_SPACES = re.compile(r"(?<=\d)[\s'’](?=\d{3})")


def by_value(texts: Texts, read: Callable[[str], Value]) -> tuple[NDArray[np.intp], list[Value]]:
    """Return the place of each cell among the different texts, and what `read` makes of each of those."""
    import pandas as pd

    places, different = pd.factorize(texts)
    return places, [read(str(text)) for text in different]


def empty(texts: Texts) -> Mask:
    """Say which cells hold nothing but spaces."""
    places, blank = by_value(texts, lambda text: not text.strip())
    return np.array(blank, bool)[places]


def names(texts: Texts) -> tuple[NDArray[np.intp], list[str]]:
    """Return the place of each cell's name, and the names as first written; case and spacing make no difference."""
    import pandas as pd

    places, written = by_value(texts, lambda text: " ".join(shown(text).split()))
    codes, _ = pd.factorize(_objects([text.casefold() for text in written]))
    first = dict(zip(reversed(codes.tolist()), reversed(written), strict=True))
    return np.asarray(codes[places] if len(places) else places), [first[code] for code in range(len(first))]


def shown(text: str) -> str:
    """Return a text with a space in place of every character that cannot be printed."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def flags(texts: Texts, known: frozenset[str]) -> Mask:
    """Say which cells hold one of some words."""
    places, found = by_value(texts, lambda text: matched(text) in known)
    return np.array(found, bool)[places]


def dates(export: Export, name: str, day_first: bool | None) -> Days:
    """Return a column as days, NaT where a cell is empty or no date.

    A column written 3/4/2017 is read by its own dates: one with a day above 12 settles it. Where none does,
    `day_first` says it; without it that is a problem of the export.
    """
    places, parts = by_value(export.cells[name], _parts)
    if _settle(export, name, parts, day_first):
        found = [_day(year, second, first) if order == "?" else _day(year, first, second)
                 for order, year, first, second in parts]  # fmt: skip
    else:
        found = [_day(year, first, second) for _, year, first, second in parts]
    return np.array(found, "datetime64[D]")[places]


def _parts(text: str) -> tuple[str, int, int, int]:
    """Return order, year and two numbers: month and day, or as written where the order is "?"; zeros for no date."""
    text = text.strip()
    if found := _YEAR_FIRST.fullmatch(text):
        return "", int(found[1]), int(found[3]), int(found[4])
    if found := _YEAR_LAST.fullmatch(text):
        return "?", int(found[4]), int(found[1]), int(found[3])
    if found := _DAY_MONTH.fullmatch(text):
        return "", int(found[3]), _MONTHS.get(found[2].casefold(), 0), int(found[1])
    if found := _MONTH_DAY.fullmatch(text):
        return "", int(found[3]), _MONTHS.get(found[1].casefold(), 0), int(found[2])
    return "", 0, 0, 0


def _day(year: int, month: int, day: int) -> np.datetime64:
    try:
        return np.datetime64(date(year, month, day)) if year >= FIRST_YEAR else NO_DAY
    except ValueError:
        return NO_DAY


def _settle(export: Export, name: str, parts: list[tuple[str, int, int, int]], day_first: bool | None) -> bool:
    """Say whether the day stands first, from the column or, where it leaves that open, from the reader."""
    written = [(first, second) for order, _, first, second in parts if order == "?" and first != second]
    day = any(first > 12 >= second for first, second in written)
    month = any(second > 12 >= first for first, second in written)
    column = f"{export.file}: the dates of {export.headers[name]}"
    if day != month:
        if day_first is not None and day_first != day:
            order = ("day-first", "month-first") if day else ("month-first", "day-first")
            export.notes.append(f"{column} are {order[0]} by their own days above 12; {order[1]} is not used there.")
        return day
    if written and day_first is None:
        why = "are partly day-first, partly month-first" if day else "can be read day-first or month-first"
        export.problems.append(f"{column} {why}; say which: day-first or month-first.")
    return bool(day_first)


def amounts(export: Export, name: str) -> Numbers:
    """Return a column as amounts, NaN where a cell is empty or no amount.

    Whether , or . is the decimal mark is settled by the column. Where nothing settles it, a group of three digits
    is read as thousands and the export notes it.
    """
    places, parts = by_value(export.cells[name], _amount_parts)
    signs = sorted({sign for _, sign in parts if sign})
    column = f"{export.file}: the amounts of {export.headers[name]}"
    if len(signs) > 1:
        export.problems.append(f"{column} are in several currencies ({', '.join(signs)}); bring them to one first.")
    mark = _decimal_mark(export, column, [number for number, _ in parts])
    return np.array([_number(number, mark) for number, _ in parts], float)[places]


def _amount_parts(text: str) -> tuple[str, str]:
    """Return digits with their separators and minus, and the sign of the currency; empty texts for no amount."""
    found = _AMOUNT.fullmatch(_SPACES.sub("", text.strip()))
    if not found:
        return "", ""
    minus = "-" if set("(-−") & set(found[1] + found[3]) else ""
    return minus + found[4], (found[2] + found[5]).strip().upper()


def _decimal_mark(export: Export, column: str, numbers: list[str]) -> str:
    """Return "." or ",": the one that at least one amount shows to be the decimal mark."""
    shown_by: dict[str, str] = {}
    open_to_doubt: dict[str, str] = {}
    for number in numbers:
        mark = _mark_of(number)
        if mark:
            (open_to_doubt if mark[0] == "?" else shown_by).setdefault(mark[-1], number)
    if len(shown_by) > 1 or (not shown_by and len(open_to_doubt) > 1):
        both = shown_by if len(shown_by) > 1 else open_to_doubt
        examples = f"{both['.']!r} and {both[',']!r}"
        export.problems.append(f"{column} are written in two ways ({examples}); write them in one.")
    elif not shown_by and open_to_doubt:
        ((mark, number),) = open_to_doubt.items()
        export.notes.append(f"{column} could have {mark!r} as decimal mark or between thousands ({number}); "
                            "it is read as thousands.")  # fmt: skip
        return "." if mark == "," else ","
    return next(iter(shown_by), ".")


def _mark_of(number: str) -> str:
    """Return the decimal mark that an amount shows, "?" and the separator if it could be either, or nothing.

    >>> _mark_of("1,234.50"), _mark_of("1.234.567"), _mark_of("12,5"), _mark_of("1,234"), _mark_of("1234")
    ('.', ',', ',', '?,', '')
    """
    separators = re.sub(r"[-\d]", "", number)
    if not separators:
        return ""
    last = separators[-1]
    other = "." if last == "," else ","
    if len(separators) > 1:
        return last if other in separators else other
    before, _, after = number.lstrip("-").partition(last)
    thousands = len(after) == 3 and 1 <= len(before) <= 3 and before != "0"
    return f"?{last}" if thousands else last


def _number(number: str, mark: str) -> float:
    thousands = re.escape("," if mark == "." else ".")
    grouped = rf"-?(\d{{1,3}}({thousands}\d{{3}})+|\d*)({re.escape(mark)}\d*)?"
    if not number or not re.fullmatch(grouped, number):
        return float("nan")
    digits = re.sub(thousands, "", number).replace(mark, ".")
    return float(digits) if digits.strip("-.") else float("nan")


def _objects(texts: list[str]) -> Texts:
    column = np.empty(len(texts), object)
    column[:] = texts
    return column
