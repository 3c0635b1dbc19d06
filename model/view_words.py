"""Words of a link that say how a scenario is looked at: they are no moves, and no number of the projection depends on them.

Each is read where it belongs, on a page or in a study; here they stand together, so that a link knows them.
"""

from __future__ import annotations

SEGMENT, STAGE, CHOOSE = "segment", "stage", "choose"
KPI, TARGET = "kpi", "target"
"""The outcome that a study is about, and what it is to reach."""
REFERENCE = "reference"
"""Which of several scenarios side by side the others are held against."""
SPLIT, VARY, LEVERS, RUNS, POINTS = "split", "vary", "levers", "runs", "points"
WORDS = (SEGMENT, STAGE, CHOOSE, KPI, TARGET, REFERENCE, SPLIT, VARY, LEVERS, RUNS, POINTS)

LENS, AIM, DRIVERS = "lens", "aim", "drivers"
WITH_PARTS = (LENS, AIM, DRIVERS)
"""Words that may have parts after a dot, as in aim.win_rate=x2; what they hold may be longer than a value of a move."""


def is_part(key: str, word: str) -> bool:
    """Say whether a parameter is a word or one of its parts."""
    return key == word or key.startswith(f"{word}.")


def has_parts(key: str) -> bool:
    """Say whether a parameter is one of the words with parts."""
    return any(is_part(key, word) for word in WITH_PARTS)
