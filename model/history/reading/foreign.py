"""Exports that are told by their headers and are none of the kinds that are read, with what to give in their place."""

from __future__ import annotations

from collections.abc import Sequence

from model.errors import ExportError
from model.history.reading.columns import words
from model.history.reading.texts import plain_word, shown_text


def refuse_foreign(file: str, header: Sequence[str], kind: str) -> None:
    """Refuse a history of stages, of which each row is a change and none is an opportunity.

    Raises
    ------
    ExportError
        One column is the stage before, one the stage after.
    """
    found = [
        next((name for name in header if plain_word(name) in words(group)), "")
        for group in ("stage_before", "stage_after")
    ]
    if all(found) and kind in ("", "opportunities"):
        raise ExportError(f"{file}: each of its rows is a change of stage ({' and '.join(map(shown_text, found))}), and histories of stages are not "
                          "read. Give the opportunities themselves, one row each, with the days they were created and closed.")  # fmt: skip
