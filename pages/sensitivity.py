"""What moves it: how far each lever moves a figure, the whole way of one, and two of them together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import streamlit as st

from model import ScenarioError
from model.studies.levers import Lever, lever_of, levers_of
from model.studies.sensitivity import (
    STEP,
    TENTH,
    USUAL,
    Curve,
    Looking,
    Surface,
    Tornado,
    curve,
    curve_csv,
    goes_over_given,
    surface,
    surface_csv,
    tornado,
    tornado_csv,
)
from model.text import agreeing, counted, glance
from pages.parts import goal_input, outcome_input, sensitivity_charts
from pages.parts.blocks import capacity, chart, escaped, fitting, head, small
from pages.parts.choices import key_of
from pages.parts.goal_input import told
from pages.parts.state import Session, projected

QUESTION = "Which lever moves a figure, how far, and does it go on doing so?"
MOST_BARS, SHORT = 18, 24
FLAT = 0.5
"""A curve has gone flat where its last tenth moves the figure by less than that part of what its steepest tenth does."""
Put = Callable[[tuple[str, str], str], tuple[str, str]]
VARIES = {TENTH: "A tenth", USUAL: "Usual range", STEP: "One step"}
OVER = {TENTH: "a tenth", USUAL: "usual ranges"}
TRIED = {TENTH: "By a tenth", USUAL: "Over its usual range", STEP: "By one step"}
WAYS = {
    TENTH: "a tenth of its value down and up",
    USUAL: "over its usual range",
    STEP: "a step of its slider down and up",
}


def page(session: Session) -> None:
    """Draw the page."""
    place = st.container()
    outcome_input.draw(session)
    _choices(session)
    try:
        found = tornado(session.scenario, session.outcome, session.segment, session.looking.vary)
    except ScenarioError as error:
        with place:
            head(fitting(f"Nothing can be said about {outcome_input.what(session)}"), "What moves it", QUESTION)
        for problem in error.problems:
            st.warning(escaped(problem), icon=":material/warning:")
        return
    with place:
        head(_answer(session, found), "What moves it", QUESTION)
    left, right = st.columns([6, 6], gap="medium")
    with left:
        _tornado(session, found)
    with right:
        _one_and_two(session, found)


def _choices(session: Session) -> None:
    present = session.looking.vary
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        session.widget("vary", present,
                       lambda: st.segmented_control("Levers vary over", list(VARIES), default=present, key="vary", required=True,
                                                    format_func=VARIES.__getitem__),
                       lambda s, chosen: setattr(s, "looking", replace(s.looking, vary=chosen)))  # fmt: skip
        with st.container(width=220):
            goal_input.draw(session)


def _answer(session: Session, found: Tornado) -> str:
    known = [bar for bar in found.bars if bar.is_known]
    what, name = outcome_input.what(session), outcome_input.name(session)
    if not known:
        none = f"{TRIED[session.looking.vary]}, no lever moves"
        return fitting(f"{none} {what}", f"{none} {name}")
    title = glance(known[0].lever.title, SHORT)
    most = [f"{title} {agreeing(title, 'move')} {one} most" for one in (what, name)]
    return fitting(*(_over(session, found, one) for one in most), most[-1])


def _over(session: Session, found: Tornado, moves_most: str) -> str:
    """Say of a sentence about the lever that moves most over what levers vary, or from where to where that one leads."""
    vary = session.looking.vary
    if _given(session, found):  # ways are not alike: the reader must see what "most" is over
        return f"Ranges given, else {OVER[vary]}: {moves_most}"
    if vary == USUAL:  # no range is more likely than another's
        return f"Over {OVER[vary]}, {moves_most}"
    bar = next(bar for bar in found.bars if bar.is_known)
    low, high = sorted((bar.at_low, bar.at_high))
    return f"{moves_most}: {told(session, low)} to {told(session, high)}"


def _given(session: Session, found: Tornado) -> list[str]:
    """Return the keys of the levers whose bars go over the range given, unlike the rest."""
    return [bar.lever.key for bar in found.bars if goes_over_given(bar.lever, session.looking.vary)]


def _tornado(session: Session, found: Tornado) -> None:
    if found.bars:
        bars = found.bars[:MOST_BARS]
        entry = session.outcome.entry
        whose = f" of {session.scenario.company.segments[session.segment]}" if session.segment else ""
        given = _given(session, found)
        first = "over the range given where it has one (*), else " if given else ""
        how = f"each lever{whose} alone {first}{WAYS[session.looking.vary]}"
        colours = "" if entry.better == "neither" else " Green: better, the other colour: worse."
        chart(f"{counted(len(found.bars), 'lever')} move{'s' * (len(found.bars) == 1)} it from {told(session, found.present)}",
              f"{outcome_input.what(session)}, {how}, the rest as it stands.{colours} At the ends of a bar: what the lever is there",
              sensitivity_charts.tornado(bars, lambda value: told(session, value), entry, given), "tornado",
              "; ".join(f"{bar.lever.title} {bar.lever.show(bar.low)} {told(session, bar.at_low)}, "
                        f"{bar.lever.show(bar.high)} {told(session, bar.at_high)}" for bar in bars))  # fmt: skip
        small(_what_length_means(session))
        if len(found.bars) > len(bars):
            small(f"Less than these: {_named([bar.lever for bar in found.bars[MOST_BARS:]])}.")
    if found.idle:
        small(f"Doing nothing to it {TRIED[session.looking.vary].lower()}: {_named(found.idle)}.")
    if not found.bars and session.looking.vary != USUAL:
        small(_over_usual(session))
    if unknown := [bar.lever for bar in found.bars if not bar.is_known]:
        small(f"No value at one end or both: {_named(unknown)}.")
    st.download_button("CSV", partial(tornado_csv, found), "tornado.csv", "text/csv", key="csv:tornado",
                       icon=":material/download:", on_click="ignore")  # fmt: skip


def _over_usual(session: Session) -> str:
    """Say how many levers move it over their usual ranges, which is what the curve and the map beside go over."""
    further = len(tornado(session.scenario, session.outcome, session.segment, USUAL).bars)
    moves = (
        f"{counted(further, 'lever')} {'moves' if further == 1 else 'move'} it" if further else "none moves it either"
    )
    return f"Over usual ranges, as in the curve and the map, {moves[0].lower()}{moves[1:]}."


def _what_length_means(session: Session) -> str:
    """Say what the length of a bar says, and what it does not."""
    ranged = session.scenario.ranged and session.looking.vary != STEP
    given = (
        f"* {', '.join(map(session.scenario.title_of, session.scenario.ranged))}: over the range given. "
        if ranged
        else ""
    )
    return (
        given
        + {
            TENTH: "A tenth is one of today's value, or of what is missing to 100\u202f% for a share above one half; from 0 it is a step.",
            USUAL: "Usual ranges are those of the sliders, which are as wide as companies differ: a long bar may only mean a "
            "long slider. Choose A tenth to compare levers.",
            STEP: "Steps are those of the sliders: a long bar may only mean a coarse slider. Choose A tenth to compare levers.",
        }[session.looking.vary]
    )


def _named(levers: Sequence[Lever]) -> str:
    return ", ".join(lever.entry.label for lever in levers)


def _one_and_two(session: Session, found: Tornado) -> None:
    """Draw the curve of one lever, and the map over it and another."""
    strongest = found if found.bars else tornado(session.scenario, session.outcome, session.segment, USUAL)
    one, other = session.looking.levers(strongest)
    with st.grid(2, min_column_width=150, gap="small"):
        _lever(session, "Lever", one, other, lambda now, key: (key, now[1]))
        _lever(session, "and another", other, one, lambda now, key: (now[0], key))
    along = curve(session.scenario, session.outcome, one, session.target)
    chart(_curve_title(session, along), f"{outcome_input.what(session)} along {along.lever.title} ({along.lever.entry.unit}), over its usual range",
          sensitivity_charts.curve(along, lambda value: told(session, value)), "curve")  # fmt: skip
    for sentence in _why_flat(session, along):
        small(sentence)
    over = surface(session.scenario, session.outcome, one, other)
    level = session.target if session.target is not None else over.present
    chart(_surface_title(session, over), f"{outcome_input.what(session)}, both over their usual ranges. Thick line: {'the target' if session.target is not None else 'as today'}"
          f"{'' if session.outcome.entry.better == 'neither' else '; green: better'}",
          sensitivity_charts.surface(over, level, lambda value: told(session, value)), "surface")  # fmt: skip
    with st.container(horizontal=True):
        for name, content in (("curve", partial(curve_csv, along)), ("map", partial(surface_csv, over))):
            st.download_button(f"CSV of the {name}", content, f"{name}.csv", "text/csv", key=f"csv:{name}",
                               icon=":material/download:", on_click="ignore")  # fmt: skip


def _lever(session: Session, label: str, present: str, taken: str, put: Put) -> None:
    """Draw the choice of one of the two levers; `put` says what both are once it is chosen."""
    levers = [lever.key for lever in levers_of(session.scenario, session.segment)]
    options = [key for key in dict.fromkeys([*levers, present]) if key != taken]
    both = put((taken, taken), present)
    labels = {name: escaped(lever_of(session.scenario, name).title) for name in options}
    key = key_of(f"lever:{label}", labels)

    def take(s: Session, chosen: str) -> None:
        one, other = put((s.looking.one or both[0], s.looking.other or both[1]), chosen)
        if one != other:  # the other one may have been changed to the same in the same run
            s.looking = Looking(s.looking.vary, one, other)

    session.widget(
        key, present,
        lambda: st.selectbox(label, options, key=key, format_func=labels.__getitem__),
        take,
    )  # fmt: skip


def _curve_title(session: Session, found: Curve) -> str:
    title = glance(found.lever.title, SHORT)
    if found.target is None:
        ends = [told(session, float(found.values[end])) for end in (0, -1)]
        least, most = (told(session, float(end(found.values))) for end in (np.nanmin, np.nanmax))
        if least == most:
            return f"{title} {agreeing(title, 'leave')} it at {least}"
        if ends[0] == ends[1]:
            return f"{title} {agreeing(title, 'take')} it to between {least} and {most}"
        return f"{title} {agreeing(title, 'take')} it from {ends[0]} to {ends[1]}"
    if not found.crossings:
        return f"No crossing of {told(session, found.target)} along {title} in its usual range"
    return f"{title} {agreeing(title, 'cross')} {told(session, found.target)} at {' and '.join(map(found.lever.show, found.crossings[:3]))}"


def _why_flat(session: Session, found: Curve) -> list[str]:
    """Say where a curve flattens because capacity binds there: more deals wait at that end than today."""
    part = found.at.size // 10
    ways = np.abs(found.values[part:] - found.values[:-part])
    waiting, told_of = session.projection.total("deals_waiting").sum(), []
    for at, way in ((found.at[0], ways[0]), (found.at[-1], ways[-1])):
        there = projected(session.scenario.with_move(found.lever.move.to(float(at))))
        if way < FLAT * np.nan_to_num(ways).max() and there.total("deals_waiting").sum() > waiting:
            told_of += [
                f"It flattens towards {found.lever.show(float(at))}, where {text[0].lower()}{text[1:]}"
                for text in capacity(there)
            ]
    return told_of


def _surface_title(session: Session, found: Surface) -> str:
    least, most = (told(session, float(end(found.values))) for end in (np.nanmin, np.nanmax))
    return f"Both together leave it at {least}" if least == most else f"Both together: {least} to {most}"
