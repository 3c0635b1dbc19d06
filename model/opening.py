"""The opening book: customers and ARR by age on the day before the first month."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from model.company import Company, Numbers

BOOK_MONTHS = 120
BOOK_COLUMNS = ("arr", "customers")
CUSTOMERS, ARR = 0, 1


def opening_book(company: Company, base: Mapping[str, Numbers]) -> Numbers:
    """Return customers and ARR of the opening book by age, shape (120, 2, S, R).

    Without a real book, age j weighs retention_rate^(j/12). A real book gives the weights instead;
    sales older than 119 months count as 119.

    Parameters
    ----------
    company : Company
        Whose book it is.
    base : mapping of str to array, (S, R) or (S, 1)
        Values before the first month of retention_rate, opening_customers and opening_arr.
    """
    ages = np.arange(BOOK_MONTHS)[:, np.newaxis, np.newaxis]
    weights = np.repeat((base["retention_rate"] ** (ages / 12))[:, np.newaxis], 2, axis=1)
    for column, segment in enumerate(company.segments):
        if segment in company.book:
            for what, name in enumerate(reversed(BOOK_COLUMNS)):
                weights[:, what, column] = _ages(company, company.book[segment][name])[:, np.newaxis]
    level = np.stack(np.broadcast_arrays(base["opening_customers"], base["opening_arr"]))
    total = weights.sum(axis=0)
    book: Numbers = weights * (level / np.where(total > 0, total, 1.0))
    return book


def _ages(company: Company, rows: Mapping[str, float]) -> Numbers:
    year, month = company.month(0)
    amounts = np.zeros(BOOK_MONTHS)
    for sold, amount in rows.items():
        age = (year - int(sold[:4])) * 12 + month - int(sold[5:])
        amounts[min(max(age, 0), BOOK_MONTHS - 1)] += amount
    return amounts
