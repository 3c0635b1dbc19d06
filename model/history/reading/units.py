"""Amounts in whole units or in cents: what a column of whole numbers leaves open is asked, since it is a factor of 100.

Amounts may be in thousands or millions, as those of a P&L and of sheets for a board are: what headers or a title above them say is
taken and noted.

The programming interfaces of Stripe and Chargebee give cents, their own pages and most exports whole units with decimals.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from model.errors import ExportError
from model.history.reading.columns import fields, kinds, scale_in, without_unit, words
from model.history.reading.habits import SCALES, Choice, Question, question
from model.history.reading.rows import MOST, Rows
from model.history.reading.texts import plain_word, shown_text
from model.history.schema import CENTS
from model.text import number

KINDS = ("subscriptions", "invoices", "payments")
"""Files of billing systems; amounts of opportunities are typed in by people, as they say them."""
ENDINGS = 0.9
"""Where so many amounts end as prices in cents do (9900, 2999, 1995), they may be that."""
FARTHEST = 3
"""A subscription that brings within this factor of 100 times what an opportunity does may be in cents."""


def settle_units(rows: Rows) -> str:
    """Return what amounts are in as the reader of the file says, and ask where it is doubtful; "" where it is not."""
    told = rows.habits.units or _scale(rows)
    if told in SCALES or rows.kind not in KINDS:
        return told
    amounts = [name for name in rows.columns if fields(rows.kind)[name].type == "amount" and not rows.in_cents(name)]
    if rows.habits.units == "cents":
        rows.notes += [
            f"{rows.file}: the amounts of {rows.header(name)} have decimals; they are no cents." for name in amounts
        ]
    if not rows.habits.units:
        doubtful = (name for name in amounts if rows.whole(name) and _may_be_cents(rows, name))
        rows.questions += [_of_column(rows, name) for name in doubtful][:1]
    return rows.habits.units


def _scale(rows: Rows) -> str:
    """Return whether amounts are in thousands or millions, as their headers or what stands above says; ask where these differ."""
    amounts = [name for name in rows.columns if fields(rows.kind)[name].type == "amount"]
    units = {name: without_unit(rows.columns[name].header, scaled=True)[1] for name in amounts}
    found = {scale_in(unit) or "whole": name for name, unit in units.items() if unit}
    if len(found) > 1:
        choices = [
            Choice(unit, f"in {unit} units" if unit == "whole" else f"in {unit}", f"as {rows.header(name)}")
            for unit, name in found.items()
        ]
        what = "its columns are in different units; bring them to one, or say which holds for all."
        rows.questions.append(question(rows.file, "units", "", what, choices))
        return ""
    unit, name = next(iter(found.items()), (scale_in(rows.above), ""))
    if unit in SCALES:
        where = rows.header(name) if name else shown_text(" ".join(rows.above.split()), 60)
        rows.notes.append(f"{rows.file}: amounts are read as {unit}, as {where!r} says.")
    return unit if unit in SCALES else ""


def named_in_cents(header: str) -> bool:
    """Say whether a header is one under which an interface of a billing system gives cents."""
    return plain_word(header) in words("in_cents")


def _may_be_cents(rows: Rows, name: str) -> bool:
    given = np.nan_to_num(rows.numbers(name))
    amounts = given[(given > 0) & (given <= MOST)].astype(np.int64)
    if not len(amounts) or named_in_cents(rows.columns[name].header):
        return bool(len(amounts))
    cents, units = amounts % CENTS, amounts // CENTS
    ends = (units > 0) & (((cents == 0) & (units % 10 == 9)) | np.isin(cents, (95, 99)))
    return bool(ends.mean() >= ENDINGS)


def _of_column(rows: Rows, name: str) -> Question:
    amounts = rows.numbers(name)
    example = float(np.median(amounts[np.nan_to_num(amounts) > 0]))
    return _question(rows.file, rows.header(name), "are whole numbers, as cents are.", f"{example:.0f} is", example)


def question_of_both(
    file: str, column: str, subscriptions: pa.Table, opportunities: pa.Table, *, times: int
) -> Question | None:
    """Return the question that whole amounts of subscriptions worth a hundred times the opportunities raise, None if they are not.

    `times` is what their amounts were multiplied by to be a year's.
    """
    yearly = subscriptions["yearly"].filter(pc.greater(subscriptions["yearly"], 0)).to_numpy()
    won = opportunities.filter(pc.equal(opportunities["outcome"], "won"))["amount"].drop_null().to_numpy()
    won = won[won > 0]
    if not len(yearly) or not len(won) or (yearly % (times * CENTS)).any():
        return None
    usual, bought = float(np.median(yearly)) / CENTS, float(np.median(won)) / CENTS
    if not CENTS / FARTHEST <= usual / bought <= CENTS * FARTHEST:
        return None
    what = f"are whole numbers, and worth far more than the {number(bought)} of an opportunity won."
    return _question(file, column, what, "half of the rows bring a year at least", usual)


def _question(file: str, column: str, what: str, shows: str, amount: float) -> Question:
    choices = [
        Choice("cents", "in cents", f"{shows} {number(amount / CENTS, 2)}"),
        Choice("whole", "in whole units", f"{shows} {number(amount)}"),
    ]
    return question(file, "units", column, f"the amounts of {column} {what}", choices)


def checked_units(given: Sequence[str], *, tables: bool = False) -> dict[str, str]:
    """Return the units by kind of file, or of table of a warehouse, as a command line gives them: "subscriptions=cents"."""
    found = {}
    for text in given:
        kind, _, unit = text.partition("=")
        if unit not in (
            *(("whole", "cents") if kind in KINDS else ()),
            *(("whole", *SCALES) if has_amounts(kind) and not tables else ()),
        ):
            scaled = "" if tables else ", or for any kind with amounts KIND=thousands, KIND=millions or KIND=whole"
            raise ExportError(f"--units {text!r} is not understood; write KIND=cents or KIND=whole, where the kinds are "
                              f"{', '.join(KINDS)}{scaled}.")  # fmt: skip
        found[kind] = unit
    return found


def has_amounts(kind: str) -> bool:
    """Say whether there is such a kind of file, and amounts in it."""
    return kind in kinds() and any(field.type == "amount" for field in fields(kind).values())
