"""Texts of a file: how they are compared, and how they may be shown."""

from __future__ import annotations

import re

SHOWN_CHARACTERS = 40


def matched(text: str) -> str:
    """Return a header or word as it is compared: without case, spaces, underscores, hyphens and dots.

    >>> matched("Closed-Won"), matched(" close_date "), matched("subscriptions.id")
    ('closedwon', 'closedate', 'subscriptionsid')
    """
    return re.sub(r"[\s_.-]+", "", text).casefold()


def plain_word(text: str) -> str:
    """Return a cell as it is compared with words: like `matched`, without a remark in brackets at its end.

    >>> plain_word("Closed Won (Sales Pipeline)")
    'closedwon'
    """
    return matched(re.sub(r"(?<=\S)\s*\([^()]*\)\s*$", "", text))


def shown_text(text: str, most: int = SHOWN_CHARACTERS) -> str:
    """Return a text of a file as it may be shown: printable, on one line, cut short.

    >>> shown_text("a\\x07b"), shown_text("x" * 50, 5)
    ('a b', 'xxxx…')
    """
    clean = "".join(letter if letter.isprintable() else " " for letter in text[: most + 1])
    return clean if len(clean) <= most else f"{clean[: most - 1]}…"


def listed(texts: list[str] | tuple[str, ...], most: int = 12) -> str:
    """Return texts of a file with commas between, the first of them if there are many."""
    more = ", …" if len(texts) > most else ""
    return ", ".join(shown_text(text) for text in texts[:most]) + more
