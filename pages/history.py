"""History: what somebody's own books say, in views of at most three charts each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st

from pages.parts import (
    history_around,
    history_arr,
    history_deals,
    history_pipeline,
    history_renewals,
    history_retention,
    history_sure,
)
from pages.parts.blocks import escaped, head, small
from pages.parts.choices import apart, key_of
from pages.parts.history_seen import Seen
from pages.parts.much_aside import much_set_aside
from pages.parts.own_data import OwnData, Result, current
from pages.parts.own_measuring import measure_samples
from pages.parts.state import Session

QUESTION = "What your own books say"


@dataclass(frozen=True)
class View:
    """A view: its name, the answer it gives, what it draws, and the tables of facts it needs one of."""

    title: str
    answer: Callable[[Seen], str]
    draw: Callable[[Session, Seen], None]
    needs: tuple[str, ...]
    wants: str


def _alone(draw: Callable[[Seen], None]) -> Callable[[Session, Seen], None]:
    return lambda _, seen: draw(seen)


VIEWS: Mapping[str, View] = {
    "arr": View("ARR", history_arr.answer, _alone(history_arr.draw), ("movements",), "subscriptions or invoice lines"),
    "retention": View("Retention", history_retention.answer, history_retention.draw, ("movements",), "subscriptions or invoice lines"),
    "renewals": View("Renewals", history_renewals.answer, _alone(history_renewals.draw), ("terms",), "subscriptions with a contract term"),
    "pipeline": View("Pipeline", history_pipeline.answer, _alone(history_pipeline.draw), ("created",), "opportunities"),
    "deals": View("Deals", history_deals.answer, _alone(history_deals.draw), ("prices",), "opportunities won"),
    "around": View("Leads, payments, forecasts", history_around.answer, _alone(history_around.draw),
                   ("leads", "payments", "forecasts"), "leads, payments or forecasts by quarter"),
    "sure": View("How sure", history_sure.answer, history_sure.draw, (), ""),
}  # fmt: skip


def page(session: Session) -> None:
    """Draw the page."""
    own = current()
    if own.result is None:
        _nothing_yet(session, own)
        return
    seen = Seen(own.result, _segment_in_view(session, own, own.result))
    view = VIEWS[own.view.get("view", "arr")]
    missing = not _there(seen, view)
    head(_short(f"{view.title}: not in these files" if missing else view.answer(seen)), _where(own, seen), QUESTION)
    much_set_aside(own.result)
    _choices(session, own, seen)
    if own.changed:
        st.warning("This is what was measured before the files or settings changed; measure again on the page Company.",
                   icon=":material/update:")  # fmt: skip
    if missing:
        small(f"{view.title}: it needs {view.wants}. Add a file on the page Company and measure again.")
        return
    view.draw(session, seen)


def _short(answer: str) -> str:
    return answer if len(answer) <= 90 else f"{answer[:89].rstrip()}…"


def _where(own: OwnData, seen: Seen) -> str:
    sample = "Sample exports, made up" if own.made_up else "Your own data, in this tab only"
    return f"History · {sample}" + (f" · {seen.facts.segments[seen.segment]}" if seen.segment else "")


def _there(seen: Seen, view: View) -> bool:
    return not view.needs or any(len(getattr(seen.facts, name)) for name in view.needs)


def _nothing_yet(session: Session, own: OwnData) -> None:
    """Say what the page would show, and offer two ways to it."""
    if own.measuring:
        head("Your books are being read; what they say appears here", "History", QUESTION)
        return
    head("Your own books can say where this plan starts: nothing is read yet", "History", QUESTION)
    small("Give exports of opportunities, subscriptions or invoice lines, and if you have them of leads, payments, sales people and "
          "forecasts. They stay in the memory of this tab, are never written to disk, and are gone when it closes.")  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Try the sample exports", key="history-samples", type="primary", icon=":material/science:",
                  on_click=session.operations.append, args=(measure_samples,))  # fmt: skip
        st.page_link(st.session_state["pages"]["company"], label="Give your own on the page Company", icon=":material/arrow_forward:",
                     query_params=session.address())  # fmt: skip
    for problem in own.problems:
        st.error(escaped(problem), icon=":material/error:")
    st.markdown("## What it will show")
    st.markdown("\n".join(f"- **{name}**: {what}" for name, what in SHOWS.items()))
    small("The samples are made up; what is true of them is known, so that you can see how close the measures come.")


SHOWS = {
    "ARR": "what was won, grown, given up and lost each month",
    "Retention": "what is left of each cohort, how long customers stay, and what one rate for all would miss",
    "Renewals": "what comes due in each of the next 24 months",
    "Pipeline": "what is created a month, whether it grows, how long decisions take, what is won in the end",
    "Deals": "price, discount and how often decisions slip",
    "Leads, payments, forecasts": "conversion by score, cards that fail, forecasts beside what came",
    "How sure": "every value with its 90 % interval, what it rests on, and what cannot be measured",
}


def _segment_in_view(session: Session, own: OwnData, result: Result) -> str:
    """Return the segment looked at: that of the scenario where its segments are those of the data, else the page's own."""
    wanted = session.segment if _shared(session, result) else own.view.get("segment", "")
    return wanted if wanted in result.facts.segments else ""


def _shared(session: Session, result: Result) -> bool:
    return set(session.scenario.company.segments) == set(result.facts.segments)


def _choices(session: Session, own: OwnData, seen: Seen) -> None:
    """Offer the views, and the segments where the sidebar's are others."""
    present = own.view.get("view", "arr")
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        session.widget(
            "history:view", present,
            lambda: st.segmented_control("View", list(VIEWS), default=present, key="history:view", required=True,
                                         format_func=lambda key: VIEWS[key].title, label_visibility="collapsed"),
            lambda _, chosen: current().view.update(view=chosen),
        )  # fmt: skip
        titles = apart({"": "All segments"} | dict(seen.facts.segments))
        widget = key_of("history:segment", titles)
        if len(titles) > 2:
            session.widget(
                widget, seen.segment,
                lambda: st.selectbox("Segment", list(titles), list(titles).index(seen.segment), titles.__getitem__,
                                     key=widget, label_visibility="collapsed", width=220),
                _look_at,
            )  # fmt: skip


def _look_at(session: Session, segment: str) -> None:
    own = current()
    own.view["segment"] = segment
    if own.result is not None and _shared(session, own.result):
        session.segment = segment
