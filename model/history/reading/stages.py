"""Stages of opportunities: which mean won and which lost, by their words, by what other columns say, else as asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from model.history.reading.column import Days, Mask, Numbers
from model.history.reading.columns import words
from model.history.reading.habits import Choice, Question
from model.history.reading.rows import Rows
from model.history.reading.texts import listed, matched, plain_word, shown_text

BETWEEN = "\n"
"""Stands between the stages that are said to mean won or lost."""
MOST = 0.5
"""Where the close dates of more than this share of rows are past, what nobody decided is asked about."""
OFFERED = 60
TOLD = 20
Outcome = Literal["won", "lost"]
OUTCOMES: tuple[Outcome, Outcome] = ("won", "lost")


def by_stage(rows: Rows, created: Days, closed: Days) -> tuple[Mask, Mask]:
    """Return which rows are won and which lost, by their stage; ask where that cannot be told.

    A stage means what its reader says, else what its word says, else what a column of probabilities does: 100 in all
    its rows is won; 0 in all of them, most with a close date that is past, is lost. A column that says which rows are
    won holds for these.
    """
    codes, texts = rows.columns["outcome"].as_text.encoded
    stages: list[str] = texts.to_pylist()
    past = np.append(_share(codes, len(stages), _past(created, closed)), 0.0)
    said = {outcome: _said(rows, outcome, stages) for outcome in OUTCOMES}
    if both := [stage for stage, twice in zip(stages, said["won"] & said["lost"], strict=True) if twice]:
        rows.problems.append(f"{rows.file}: {listed(both, TOLD)} is said to mean both won and lost.")
    told = said["won"] | said["lost"]
    known = {outcome: said[outcome] | _in_words(stages, outcome) & ~told for outcome in OUTCOMES}
    open_ = _in_words(stages, "open") | _in_words(stages, "no_opportunity") | known["won"] | known["lost"]
    full, none = _probable(rows, codes, len(stages))
    shown = {"won": full & ~open_, "lost": none & ~open_ & (past[:-1] > MOST)}
    _note_probable(rows, stages, shown)
    won, lost = (np.append(known[outcome] | shown[outcome], False)[codes] for outcome in OUTCOMES)
    won |= rows.says("is_won", "yes") & ~lost
    unknown = ~(open_ | shown["won"] | shown["lost"])
    missing = [outcome for outcome, there in zip(OUTCOMES, (won, lost), strict=True) if not there.any()]
    rows.questions += _questions(rows, stages, unknown, past, missing)
    return won, lost


def _in_words(stages: Sequence[str], group: str) -> Mask:
    return np.array([plain_word(stage) in words(group) for stage in stages], bool)


def _said(rows: Rows, outcome: Outcome, stages: Sequence[str]) -> Mask:
    """Return which stages the reader of the file says to mean won or lost; refuse those that there are not."""
    said = {matched(name): name for name in getattr(rows.habits, outcome).split(BETWEEN) if name.strip()}
    there = [matched(stage) for stage in stages]
    if missing := [name for key, name in said.items() if key not in there]:
        rows.problems.append(f"{rows.file}: no {rows.header('outcome')} is {listed(missing)}, said to mean {outcome}; "
                             f"there are {listed(list(stages), TOLD)}.")  # fmt: skip
    return np.array([stage in said for stage in there], bool)


def _past(created: Days, closed: Days) -> Mask:
    """Say which close dates lie before the last opportunity was created: by then they are past, whenever it is read."""
    known = created[~np.isnat(created)]
    return closed <= known.max() if len(known) else np.zeros(len(closed), bool)


def _share(codes: NDArray[np.int32], stages: int, rows: Mask) -> Numbers:
    """Return the share of each stage's rows that are among some."""
    there = codes >= 0
    count = np.bincount(codes[there], minlength=stages)
    return np.bincount(codes[there & rows], minlength=stages) / np.maximum(count, 1)


def _probable(rows: Rows, codes: NDArray[np.int32], stages: int) -> tuple[Mask, Mask]:
    """Return the stages all of whose rows have the probability 100, and those with 0; a column up to 1 holds shares."""
    if "probability" not in rows:
        return np.zeros(stages, bool), np.zeros(stages, bool)
    places, texts = rows.columns["probability"].as_text.encoded
    given = np.append([_percent(text) for text in texts.to_pylist()], np.nan)[places]
    most = 100.0 if np.nanmax(given, initial=0.0) > 1 else 1.0
    return _share(codes, stages, given == most) == 1, _share(codes, stages, given == 0) == 1


def _percent(text: str) -> float:
    try:
        return float(text.rstrip("% \u00a0").replace(",", "."))
    except ValueError:
        return float("nan")


def _note_probable(rows: Rows, stages: Sequence[str], shown: dict[str, Mask]) -> None:
    by = {outcome: [stage for stage, one in zip(stages, of, strict=True) if one] for outcome, of in shown.items()}
    told = [f"{listed(those, TOLD)} as {outcome}" for outcome, those in by.items() if those]
    if told:
        rows.notes.append(f"{rows.file}: by {rows.header('probability')}, which is 100 % or 0 in all their rows, taken are "
                          f"{' and '.join(told)}.")  # fmt: skip


def _questions(
    rows: Rows, stages: Sequence[str], unknown: Mask, past: Numbers, missing: Sequence[Outcome]
) -> Iterator[Question]:
    """Yield the question which stages mean won or lost, where none does and most close dates of the unknown ones are past."""
    codes = rows.columns["outcome"].as_text.encoded[0]
    counts = np.bincount(codes[codes >= 0], minlength=len(stages)) * unknown
    if counts.sum() == 0 or past[:-1] @ counts <= MOST * counts.sum():
        return
    order = [place for place in np.argsort(-counts, kind="stable").tolist() if counts[place]][:OFFERED]
    choices = tuple(
        Choice(
            stages[place], shown_text(stages[place]), f"{counts[place]:,} rows, close date past in {past[place]:.0%}"
        )
        for place in order
    )
    told = "; ".join(f"{choice.label!r} ({choice.example})" for choice in choices[:TOLD])
    for outcome in missing:
        yield Question(rows.file, outcome, rows.header("outcome"), choices,
                       f"{rows.file}: no {rows.header('outcome')} is known to mean {outcome}, although most close dates are past. "
                       f"Say which mean {outcome}: {told}.")  # fmt: skip
