"""The opening book: customers and ARR by age on the day before the first month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Book = Mapping[str, Mapping[str, float]]

BOOK_MONTHS = 120
BOOK_COLUMNS = ("arr", "customers")
CUSTOMERS, ARR = 0, 1


def opening_book(base: Mapping[str, Numbers], books: Sequence[Book | None], opening: tuple[int, int]) -> Numbers:
    """Return customers and ARR of the opening book by age, shape (120, 2, S, R).

    Without a real book, age j weighs retention_rate^(j/12). A real book gives the weights instead;
    sales older than 119 months count as 119.

    Parameters
    ----------
    base : mapping of str to array, (S, R) or (S, 1)
        Values before the first month of retention_rate, opening_customers and opening_arr.
    books : sequence of Book or None
        The real book of each segment, where known: 'arr' and 'customers' by sale month (YYYY-MM).
    opening : tuple of int
        Year and month that the book closes.
    """
    ages = np.arange(BOOK_MONTHS)[:, np.newaxis, np.newaxis]
    weights = np.repeat((base["retention_rate"] ** (ages / 12))[:, np.newaxis], 2, axis=1)
    for column, book in enumerate(books):
        if book:
            for what, name in enumerate(reversed(BOOK_COLUMNS)):
                weights[:, what, column] = _by_age(book[name], opening)[:, np.newaxis]
    level = np.stack(np.broadcast_arrays(base["opening_customers"], base["opening_arr"]))
    total = weights.sum(axis=0)
    found: Numbers = weights * (level / np.where(total > 0, total, 1.0))
    return found


def _by_age(rows: Mapping[str, float], opening: tuple[int, int]) -> Numbers:
    year, month = opening
    amounts = np.zeros(BOOK_MONTHS)
    for sold, amount in rows.items():
        age = (year - int(sold[:4])) * 12 + month - int(sold[5:])
        amounts[min(max(age, 0), BOOK_MONTHS - 1)] += amount
    return amounts
