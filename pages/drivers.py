"""What drives it: which lever a figure hangs on, alone and together with others (Sobol indices)."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import streamlit as st

from model import ScenarioError
from model.studies import driver_link
from model.studies.levers import levers_of
from model.studies.sobol import MOST_LEVERS, Drivers, cautions, drivers, drivers_csv
from model.text import agreeing, glance, rate
from pages.parts import outcome_input, uncertainty_charts
from pages.parts.blocks import chart, escaped, fitting, head, small
from pages.parts.choices import key_of
from pages.parts.state import Session

QUESTION = "Which lever does a figure hang on, alone and together with others?"
OFFERED_POINTS = (256, 1024, 4096)
MOST_SHOWN, SHORT = 20, 40


def page(session: Session) -> None:
    """Draw the page."""
    place = st.container()
    outcome_input.draw(session)
    keys = _choices(session)
    try:
        found = _found(session, keys)
    except ScenarioError as error:
        with place:
            head("No answer yet: choose other levers or another month", "What drives it", QUESTION)
        for problem in error.problems:
            st.warning(escaped(problem), icon=":material/warning:")
        return
    with place:
        head(_answer(session, found), "What drives it", QUESTION)
    _bars(session, found)
    for sentence in cautions(session.scenario, found):
        small(sentence)
    st.download_button("CSV", partial(drivers_csv, session.scenario, session.outcome, found),
                       f"{session.scenario.company.id}-drivers.csv", "text/csv", key="csv:drivers",
                       icon=":material/download:", on_click="ignore")  # fmt: skip
    _definitions()


def _choices(session: Session) -> tuple[str, ...]:
    """Ask for levers and exactness: the moves with a range, unless others are chosen."""
    scenario = session.scenario
    chosen = driver_link.taken(session.driving, scenario)
    options = list(dict.fromkeys([*chosen, *scenario.ranged,
                                  *(lever.key for lever in levers_of(scenario, session.segment))]))  # fmt: skip
    labels = {key: escaped(scenario.title_of(key)) for key in options}
    widget = key_of("drivers:levers", labels)
    session.widget(
        widget, list(chosen),
        lambda: st.multiselect("Levers", options, list(chosen), key=widget, max_selections=MOST_LEVERS,
                               format_func=labels.__getitem__),
        lambda s, keys: s.set_driving(tuple(keys)),
    )  # fmt: skip
    offered, present = sorted({*OFFERED_POINTS, session.exactness.points}), session.exactness.points
    session.widget(
        "points", present,
        lambda: st.segmented_control("Points for each lever: more are more exact, and take longer", offered, default=present,
                                     required=True, key="points", format_func=lambda count: f"{count:,}"),
        lambda s, count: setattr(s, "exactness", replace(s.exactness, points=int(count))),
    )  # fmt: skip
    return chosen


def _found(session: Session, keys: tuple[str, ...]) -> Drivers:
    """Return the indices, worked out once; a long study shows how far it is, and to stop it is to take fewer points."""
    points = session.exactness.points
    question = (session.scenario, session.outcome, keys, points)
    known = st.session_state.get("drivers")
    if known and known[0] == question:
        return known[1]  # type: ignore[no-any-return]  # whatever a session keeps is Any
    if not keys:
        raise ScenarioError("No lever is chosen.")
    place = st.empty()
    with place.container(horizontal=True, vertical_alignment="center"):
        bar = st.progress(0.0, "Projecting")
        if points > OFFERED_POINTS[0]:
            st.button(
                "Stop",
                key="stop-study",
                icon=":material/stop:",
                on_click=session.operations.append,
                args=(_stop,),
                help="Take fewer points",
            )
    try:
        found = drivers(
            *question, lambda share: bar.progress(share, f"{share:.0%} of {points * (len(keys) + 2):,} runs")
        )
    finally:
        place.empty()
    st.session_state["drivers"] = (question, found)
    return found


def _stop(session: Session) -> None:
    session.exactness = replace(session.exactness, points=OFFERED_POINTS[0])


def _answer(session: Session, found: Drivers) -> str:
    """Say what the outcome hangs on most."""
    what, name = outcome_input.what(session), outcome_input.name(session)
    if not found.variance:
        return f"None of these levers moves {what}"
    first = found.order[0]
    title, share = _short(session, found.keys[first]), float(found.total.value[first])
    if len(found.keys) > 1 and found.overlapping[:1] and found.overlapping[0][0] == found.keys[first]:
        both = f"{title} and {_short(session, found.overlapping[0][1])}"
        return fitting(
            f"{both} drive {what}, too close to rank", f"{both} drive {name}, too close to rank", f"{both} drive {name}"
        )
    drives, spread = agreeing(title, "drive"), f"behind {rate(min(share, 1.0), 0)} of the spread"
    return fitting(
        f"{title} {drives} {what}: {spread}", f"{title} {drives} {name}: {spread}", f"{title} {drives} {name}"
    )


def _short(session: Session, key: str) -> str:
    """Return what a lever is called in a title."""
    return glance(session.scenario.title_of(key), SHORT)


def _bars(session: Session, found: Drivers) -> None:
    if not found.variance:
        return
    order = list(found.order[:MOST_SHOWN])
    names = [session.scenario.title_of(found.keys[place]) for place in order]
    ends = [np.stack([index.low, index.high])[:, order] for index in (found.first, found.total)]
    figure = uncertainty_charts.indices(
        names, found.first.value[order], ends[0], found.total.value[order], ends[1], left=190
    )
    chart(_spread(found), f"Share of the variance of {outcome_input.what(session)}. Upper bars: what a lever does "
        "alone; lower: all it takes part in. Lines: 95\u202f% intervals", figure, "indices")  # fmt: skip
    if session.scenario.doubt.noise:
        small(
            "Forecast misses are left out here. Uncertainty counts them, so the levers' shares are smaller there where misses matter."
        )
    small(f"{found.points * (len(found.keys) + 2):,} runs. A lever with a range varies as its range says; any other evenly over its "
          "usual range: that of its slider for a rate, half to one and a half times its value for counts, money and time.")  # fmt: skip


def _spread(found: Drivers) -> str:
    """Say how much levers cause alone; what is left counts as theirs together only where the intervals hold that up."""
    if not found.together:
        return "Each lever acts by itself, as far as the intervals can tell"
    alone = rate(found.alone, 0) if found.alone < 0.995 else f"More than {rate(0.99, 0)}"
    return f"{alone} of the spread comes from single levers, the rest from several together"


def _definitions() -> None:
    with st.expander("What the shares mean", icon=":material/functions:"):
        st.markdown(escaped(
            "All levers vary at once, each within its range and independent of the others. The first index of a lever is the share "
            "of the variance that would go if that lever were known; the total index is the share that would be left if all others "
            "were known. Where the total is the larger "
            "beyond both intervals, what the lever does depends on where others stand. Estimators after Saltelli and others "
            "(2010), intervals by resampling. The result is about the ranges taken: a lever that hardly varies drives nothing."
        ))  # fmt: skip
