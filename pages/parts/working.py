"""What works beside the pages, on every page: a line that tells how far it is, taking over what came of it, and its end.

The line draws itself anew twice a second and nothing else does, so that everything on the page can be used meanwhile.
When a tab is closed, what works for it ends and what it kept is let go.
"""

from __future__ import annotations

import asyncio
import gc
from dataclasses import dataclass, field
from typing import Any

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.parts import actual_months, back_testing, own_measuring
from pages.parts.actual_months import ActualMonths, months
from pages.parts.back_testing import BackTesting, testing
from pages.parts.background import Work, give_back
from pages.parts.blocks import escaped, small
from pages.parts.own_data import OwnData, current, kept, let_go
from pages.parts.state import Session

EVERY = 0.5
"""Seconds between two looks at how far it is."""
STOPPED = "work-stopped"
"""Under this key stands what was stopped, until it has been said."""
AFTER_CLOSING = 20.0
"""Seconds for which a tab that has lost its connection may come back to what it kept."""


@dataclass
class Tab:
    """A browser tab, and all that it keeps of its own data."""

    session: str
    kept: dict[str, Any] = field(default_factory=dict, repr=False)


def take_over(session: Session) -> None:
    """Keep what came of work that is over, before anything is drawn of it."""
    _tab().kept = kept()
    own_measuring.take_over(current(), session)
    back_testing.take_over(testing())
    actual_months.take_over(months(), session)


def draw() -> None:
    """Draw the line, if something works, or say once in its place that it was stopped."""
    stopped = st.session_state.pop(STOPPED, "")
    if _busy() is not None:
        with st.bottom:
            _line()
    elif stopped:
        with st.bottom:
            small(stopped)


def _busy() -> OwnData | BackTesting | ActualMonths | None:
    return next((one for one in (current(), testing(), months()) if one.work is not None), None)


@st.fragment(run_every=EVERY)
def _line() -> None:
    """Draw how far it is with a way to stop; once it is over or stopped, draw the page anew."""
    busy = _busy()
    if busy is None or busy.work is None or busy.work.over:
        st.rerun()
    with st.container(key="working", horizontal=True, vertical_alignment="center", gap="small"):
        st.progress(busy.work.share, escaped(told(busy.work)))
        st.button("Stop", key="stop-work", icon=":material/stop_circle:", on_click=_stop)


def _stop() -> None:
    """Stop what works; what comes after it is not begun. Streamlit remembers what a button calls: it holds no data."""
    if (busy := _busy()) is not None:
        busy.stop()
        st.session_state[STOPPED] = busy.STOPPED
    testing().wanted = months().adopting = False


def told(work: Work) -> str:
    """Return what a work does, or what it waits for."""
    if ahead := work.ahead:
        return f"Waiting: the server measures for others first; {ahead} {'is' if ahead == 1 else 'are'} before you"
    return work.doing


def _left(tab: Tab) -> None:
    """Wait a while for a tab that lost its connection; it may only have been the network."""
    try:
        asyncio.get_running_loop().call_later(AFTER_CLOSING, _end, tab)
    except RuntimeError:  # the server itself is stopping
        let_go(tab.kept)


def _end(tab: Tab) -> None:
    """Let go what a tab kept, unless it is back."""
    server = runtime.get_instance()
    if server.is_active_session(tab.session):
        return
    had = bool(tab.kept)
    let_go(tab.kept)
    server.close_session(tab.session)  # with the files that Streamlit holds for its uploaders
    if had:
        gc.collect()
        give_back()


@st.cache_resource(scope="session", show_spinner=False, on_release=_left)
def _tab() -> Tab:
    """Return this tab; Streamlit releases it as soon as the connection is lost."""
    context = get_script_run_ctx()
    return Tab(context.session_id if context else "")
