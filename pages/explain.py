"""Explain: which move brings how much of a difference, whatever order they are told in."""

from __future__ import annotations

from functools import partial

import numpy as np
import streamlit as st

from model import ScenarioError
from model.company import Numbers
from model.studies.beside import Named
from model.studies.explain import BY_MOVE, BY_STAGE, Explanation, explain, explanation_csv
from model.studies.games import MOST_PLAYERS
from model.text import agreeing, counted, difference, glance, rate, shown
from pages.parts import outcome_input
from pages.parts.blocks import chart, escaped, fitting, head, heading, small, ways_to_move
from pages.parts.state import Session
from pages.parts.tables import Cell, Column, table
from pages.parts.waterfall import Step, is_cut, waterfall

QUESTION = "Which move brings how much of the difference, whatever order they are told in?"
SHORT_LABEL = 26
MOST_PAIRS = 8
SAME = 0.015
"""Shares that differ by no more in any order are told as the same."""
Starts = dict[str, Named]
SPLITS = {BY_MOVE: "Moves", BY_STAGE: "Stages"}


def page(session: Session) -> None:
    """Draw the page."""
    starts, letter = session.beside.starts(session.scenario), session.beside.start(session.scenario)
    name = starts[letter].name
    try:
        found = explain(starts[letter].scenario, session.scenario, session.outcome, by_stage=session.by_stage)
    except ScenarioError as error:
        _unexplained(session, error, starts, letter)
        return
    head(_answer(session, found), "Explain", QUESTION)
    _choices(session, starts, letter)
    left, right = st.columns(2, gap="medium")
    with left:
        _split(session, found, name)
    with right:
        _alone(session, found, name)
    left, right = st.columns([8, 4], gap="medium")
    with left:
        _numbers(session, found)
    with right:
        _pairs(session, found)
    st.download_button("CSV", partial(explanation_csv, found), "explain.csv", "text/csv", key="csv:explain",
                       icon=":material/download:", on_click="ignore")  # fmt: skip


def _choices(session: Session, starts: Starts, letter: str) -> None:
    """Draw the choices: what is explained, from where, and who shares it."""
    outcome_input.draw(session)
    with st.container(horizontal=True, gap="medium"):
        if len(starts) > 1:
            session.widget("explain-from", letter,
                           lambda: st.segmented_control("From", list(starts), default=letter, key="explain-from", required=True,
                                                        format_func=lambda one: escaped(glance(starts[one].name, SHORT_LABEL))),
                           lambda s, chosen: s.set_reference(chosen))  # fmt: skip
        present = BY_STAGE if session.by_stage else BY_MOVE
        session.widget("split", present,
                       lambda: st.segmented_control("Shared among", list(SPLITS), default=present, key="split", required=True,
                                                    format_func=SPLITS.__getitem__),
                       lambda s, chosen: setattr(s, "by_stage", chosen == BY_STAGE))  # fmt: skip


def _unexplained(session: Session, error: ScenarioError, starts: Starts, letter: str) -> None:
    """Draw why there is nothing to share, and where to go from here."""
    alone = starts[letter].scenario == session.scenario
    head("Nothing moved yet: move a slider, and its share of the difference is shown" if alone else
         fitting(f"{outcome_input.name(session)} cannot be shared out {outcome_input.when(session)}"), "Explain", QUESTION)  # fmt: skip
    _choices(session, starts, letter)
    small(" ".join(error.problems))
    if alone:
        ways_to_move(session)


def _amount(session: Session, value: float, *, sign: bool = True) -> str:
    """Return a difference as the metric is shown, or without a plus where a sentence says which way."""
    text = difference(value, session.outcome.entry.shown_as, session.scenario.company.currency)
    if not any(digit in text for digit in "123456789"):
        return text.lstrip("+−")
    return text if sign else text.removeprefix("+")


def _total(session: Session, value: float) -> str:
    return shown(value, session.outcome.entry.shown_as, session.scenario.company.currency)


def _is_nothing(session: Session, value: float) -> bool:
    return not any(digit in _amount(session, value) for digit in "123456789")


def _answer(session: Session, found: Explanation) -> str:
    """Say how much of the difference the largest share is, and what other orders could make of it."""
    what = outcome_input.what(session)
    if all(_is_nothing(session, share) for share in found.shares):
        return f"No move changes {what}"
    top = found.ranked[0]
    label = glance(found.players[top].label, SHORT_LABEL)
    verb = agreeing(label, "explain")
    change = f"{what} {_changes(session, found.difference)}"
    if len(found.players) == 1:
        return fitting(f"{change}: {label} {verb} all of it", f"{change}: {label} {verb} it", change)
    share = _parts(session, found)[top]
    own, rest = (_amount(session, value) for value in (found.shares[top], found.difference - found.shares[top]))
    if 1.005 <= share <= 1.5:  # a part larger than the whole is no per cent to read
        return fitting(f"{change}: {label} {own}, all else {rest}", f"{change}: {label} {own}", change)
    if not 0 < share <= 1.5:
        return fitting(f"{label}: {own} of {outcome_input.name(session)}; all else: {rest}")
    if (second := found.ranked[1]) in found.near(top):
        both = f"{label} and {glance(found.players[second].label, SHORT_LABEL)}"
        return fitting(f"{change}: {both} bring most, too close to rank", f"{change}: {both} bring most", change)
    low, high = sorted((found.low[top] / found.difference, found.high[top] / found.difference))
    least, most = rate(low, 0), rate(high, 0)
    order = "in any order" if high - low < SAME else f"{least} to {most} by order"
    explained = f"{change}: {label} {verb} {rate(share, 0)}"
    return fitting(f"{explained}, {order}", explained, f"{change}: {label} {rate(share, 0)}", change)


def _parts(session: Session, found: Explanation) -> Numbers:
    """Return the shares as parts of the difference; NaN where nothing of it would be seen, or it is small against them."""
    return found.parts if not _is_nothing(session, found.difference) else np.full(len(found.players), np.nan)


def _changes(session: Session, value: float) -> str:
    """Say how much an outcome rises or falls: "falls 4.6 pts"."""
    return f"{'falls' if value < 0 else 'rises'} {_amount(session, abs(value), sign=False)}"


def _ends(session: Session, found: Explanation, name: str) -> tuple[Step, Step]:
    now = session.beside.name or "This scenario"
    return (Step(name, found.start, _total(session, found.start), "base"),
            Step(now, found.end, _total(session, found.end), "scenario"))  # fmt: skip


def _subtitle(session: Session, cut: bool) -> str:
    parts = [
        outcome_input.name(session),
        session.outcome.span(session.scenario.company, session.scenario.horizon),
        *(["bars at both ends cut"] if cut else []),
    ]
    return ", ".join(parts)


def _split(session: Session, found: Explanation, name: str) -> None:
    """Draw the order-free split, the largest share on top, with the range over orders."""
    first, last = _ends(session, found, name)
    steps = [Step(found.players[one].label, found.shares[one], _amount(session, found.shares[one]),
                  ends=(float(found.low[one]), float(found.high[one]))) for one in found.ranked]  # fmt: skip
    orders = f"{found.orders} orders drawn" if found.orders else "all orders"
    chart(f"Shares add up to {_amount(session, found.difference)}, in any order",
          f"{_subtitle(session, is_cut(first, steps, last))}. Mean over {orders}; whiskers: least and most",
          waterfall(first, steps, last), "explain", _alt(first, steps, last))  # fmt: skip


def _alone(session: Session, found: Explanation, name: str) -> None:
    """Draw the usual bridge of each move alone, and what it leaves over."""
    first, last = _ends(session, found, name)
    steps = [
        Step(found.players[one].label, found.alone[one], _amount(session, found.alone[one])) for one in found.ranked
    ]
    steps.append(Step("Left unexplained", found.unexplained, _amount(session, found.unexplained), "cost"))
    left = "nothing" if _is_nothing(session, found.unexplained) else _amount(session, found.unexplained)
    chart(f"One at a time leaves {left} unexplained",
          f"{_subtitle(session, is_cut(first, steps, last))}. Each as if it were the only one",
          waterfall(first, steps, last), "alone", _alt(first, steps, last))  # fmt: skip


def _alt(first: Step, steps: list[Step], last: Step) -> str:
    return "; ".join(f"{step.label} {step.text}" for step in (first, *steps, last))


def _numbers(session: Session, found: Explanation) -> None:
    """Draw every way to tell the difference beside each other."""
    heading("The same difference, told in four ways",
            "Share: the mean over all orders, least and most among them. In the order made, what is joint goes to whoever comes later. Alone: as if "
            "it were the only one; taken back: what goes without it. These two do not add up.")  # fmt: skip
    if found.orders:
        small(f"More than {MOST_PLAYERS} moves: {found.orders} orders were drawn, each beside its reverse; ± is one standard "
              "error. Shared among stages, the split is exact.")  # fmt: skip
    heads = ("Share", "Of the difference", "Least", "Most", "In the order made", "Alone", "Taken back")
    rows, parts = [], _parts(session, found)
    if np.isnan(parts).all():
        small("Shares are not told as parts of the difference: it is nothing, or less than a tenth of one of them.")
    for one in found.ranked:
        columns = (found.low, found.high, found.in_order, found.alone, found.taken_back)
        error = f"± {_amount(session, found.error[one]).lstrip('+')}" if found.orders else ""
        cells = [Cell(_amount(session, found.shares[one]), error), Cell(shown(parts[one], "rate", digits=0)),
                 *(Cell(_amount(session, float(values[one]))) for values in columns)]  # fmt: skip
        made = f"{counted(len(found.players[one].keys), 'move')}" if session.by_stage else ""
        rows.append((Cell(found.players[one].label, made), cells))
    sums = [
        _amount(session, float(values.sum()))
        for values in (found.shares, found.in_order, found.alone, found.taken_back)
    ]
    rows.append(
        (
            Cell("Sum"),
            [Cell(text) for text in (sums[0], shown(float(parts.sum()), "rate", digits=0), "", "", *sums[1:])],
        )
    )
    table("Shares", "Stage" if session.by_stage else "Move", [Column(title) for title in heads], rows)


def _pairs(session: Session, found: Explanation) -> None:
    """Draw what each two bring together beyond what each brings by itself."""
    pairs = [pair for pair in found.pairs() if not _is_nothing(session, pair[2])][:MOST_PAIRS]
    if not pairs:
        return
    one, other, value = pairs[0]
    more = "more" if value > 0 else "less"
    size = _amount(session, abs(value), sign=False)
    heading(f"{glance(one, SHORT_LABEL)} × {glance(other, SHORT_LABEL)}: {size} {more} than apart",
            "What each two bring together beyond what each brings by itself: Shapley interaction, mean over all orders")  # fmt: skip
    table("Pairs", "Two together", [Column("Joint effect")],
          [(Cell(f"{first} × {second}"), [Cell(_amount(session, joint))]) for first, second, joint in pairs])  # fmt: skip
