"""The currency of a file: that of most of its rows, or the one said; rows in others are set aside, nothing is converted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.history.reading.amounts import currency_codes, split_amount
from model.history.reading.column import Mask
from model.history.reading.columns import currency_in, currency_named, fields, without_unit
from model.history.reading.habits import Choice, question
from model.history.reading.rows import Rows
from model.history.reading.texts import shown_text
from model.text import numbered

CLEAR = 0.9
"""A currency that so many of the rows are in is taken without asking."""
OFFERED = 8
SHOWN = 12


@dataclass(frozen=True)
class _Marks:
    """What shows currencies: the field, and by row the place among `codes`, -1 where nothing is shown."""

    field: str
    places: NDArray[np.int64]


def settle_currency(rows: Rows) -> str:
    """Set rows aside that are in another currency than the file, and return the file's, "" if nothing shows it.

    A currency is what its column names, where that is empty the sign beside an amount, and where there is none the sign
    or code behind the header of the amounts, else what stands above the header. What none of them shows is taken to be in the currency of the file.
    """
    codes: list[str] = []
    marks = list(_marks(rows, codes))
    told = next(iter(currency_codes([rows.habits.currency])), "") if rows.habits.currency else ""
    if not codes:
        if told and not is_code(told):
            rows.problems.append(f"{rows.file}: currency {shown_text(rows.habits.currency)!r} is not known; write a code of "
                                 "three letters, such as USD.")  # fmt: skip
        return told or currency_in(rows.above)
    of = np.full(len(rows.lines), -1)
    for mark in marks:
        of = np.where(of < 0, mark.places, of)
    counts = np.bincount(of[of >= 0], minlength=len(codes))
    ranked = np.argsort(-counts, kind="stable").tolist()
    if told and told not in codes:
        there = ", ".join(codes[place] for place in ranked[:OFFERED])
        rows.problems.append(f"{rows.file}: no row is in {shown_text(told, SHOWN)}; there are {there}.")
        return told
    if not told and counts[ranked[0]] < CLEAR * counts.sum():
        _ask(rows, marks[0].field, codes, counts, ranked)
        return ""
    main = codes.index(told) if told else ranked[0]
    if len(codes) > 1:
        _set_aside(rows, marks, codes, main, "chosen" if told else "of most rows")
        _note(rows, of, codes, main)
    if not is_code(codes[main]):
        rows.notes.append(
            f"{rows.file}: its currency, {codes[main]!r}, is not known here; its amounts are taken to be in the currency of the company."
        )
    return codes[main]


def is_code(text: str) -> bool:
    """Say whether a text is a currency's code of three letters."""
    return len(text) == 3 and text.isascii() and text.isalpha()


def _marks(rows: Rows, codes: list[str]) -> list[_Marks]:
    """Return what shows currencies, the column of them first, and fill the codes that there are."""
    found = []
    if "currency" in rows:
        texts = rows.columns["currency"].encoded[1].to_pylist()
        named_so = [*(currency_named(text) or shown_text(text, SHOWN) for text in texts), ""]
        found.append(_Marks("currency", _by_row(rows, "currency", named_so, codes)))
    named = found[0].places >= 0 if found else np.zeros(len(rows.lines), bool)
    for name in rows.columns:
        if fields(rows.kind)[name].type == "amount":
            behind = currency_in(without_unit(rows.columns[name].header, scaled=rows.kind == "actuals")[1])
            signs = [split_amount(text)[1] or behind for text in rows.columns[name].encoded[1].to_pylist()]
            if behind or any(signs):
                found.append(_Marks(name, np.where(named, -1, _by_row(rows, name, [*signs, behind], codes))))
    return found


def _by_row(rows: Rows, name: str, signs: list[str], codes: list[str]) -> NDArray[np.int64]:
    """Return the place of each row's currency among the codes, to which new ones are added; the last sign is of cells without text."""
    written = [currency_codes([sign])[0] if sign else "" for sign in signs]
    places = {code: place for place, code in enumerate(codes)}
    for code in written:
        if code and code not in places:
            places[code] = len(codes)
            codes.append(code)
    return np.array([places.get(code, -1) for code in written])[rows.columns[name].encoded[0]]


def _ask(rows: Rows, field: str, codes: list[str], counts: NDArray[np.int64], ranked: list[int]) -> None:
    whole = int(counts.sum())
    choices = [Choice(codes[place], codes[place], f"{counts[place]:,} of {whole:,} rows") for place in ranked[:OFFERED]]
    what = f"fewer than {CLEAR * 100:.0f} % of its rows are in one currency; rows in others are set aside, nothing is converted."
    rows.questions.append(question(rows.file, "currency", rows.header(field), what, choices))


def _set_aside(rows: Rows, marks: list[_Marks], codes: list[str], main: int, why: str) -> None:
    for mark in marks:
        other = (mark.places >= 0) & (mark.places != main)
        if mark.field == "currency":
            rows.set_aside("currency", other, f"is not {codes[main]}, the currency {why}")
            continue
        for place in np.unique(mark.places[other]).tolist():
            reason = f"is in {codes[place]}, not {codes[main]}, the currency {why}"
            rows.set_aside(mark.field, mark.places == place, reason)


def _note(rows: Rows, of: NDArray[np.int64], codes: list[str], main: int) -> None:
    """Say how many rows of which currency are set aside, and what they come to."""
    amount = next((name for name in rows.columns if fields(rows.kind)[name].type == "amount"), "")
    values = np.nan_to_num(rows.numbers(amount))
    others = [place for place in np.argsort(-np.bincount(of[of >= 0]), kind="stable").tolist() if place != main]
    told = []
    for place in others[:OFFERED]:
        there: Mask = of == place
        sum_of = f" ({values[there].sum():,.2f} of {rows.header(amount)})" if amount in rows else ""
        count = int(there.sum())
        told.append(f"{codes[place]} {numbered(count, 'rows')}{sum_of}")
    more = f" and {len(others) - OFFERED} more" if len(others) > OFFERED else ""
    rows.notes.append(f"{rows.file}: rows in other currencies than {codes[main]} are set aside, nothing is converted: "
                      f"{', '.join(told)}{more}.")  # fmt: skip
    unknown = int((of < 0).sum())
    if unknown:
        rows.notes.append(f"{rows.file}: rows that name no currency, taken as {codes[main]}: {unknown:,}.")
