"""A turn: what a script run takes over from the browser before anything is drawn, and what it leaves there at the end.

A run goes begin → widgets and pages → finish.

* `begin` reads the address and what the widgets hold, and takes over what changed, before anything is drawn.
* A widget whose value differs from the one it was last known to have is a move, unless the value is an echo: one that
  the widget held when the scenario changed under it, and that the browser may send once more. Echoes are over as soon
  as a request carries the new address.
* Streamlit cuts a run short when the browser asks again. What the widgets had that it did not reach is kept, so that
  the next run still knows what is new.
* `finish` puts the scenario into the address.
"""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from model import Scenario, load_shipped, view_words
from model.frameworks.choosing import read_choice
from model.frameworks.own_lens import read_own_lens
from model.links import DEFAULT_COMPANY, MAX_PARAMETERS, Reading, read_query, segment_of_link
from model.outcomes import outcome_of_link, target_of_link
from model.studies import explain
from model.studies.aim_link import aim_of_link
from model.studies.beside import checked, read_beside
from model.studies.driver_link import drivers_of_link
from model.studies.exactness import exactness_of_link
from model.studies.sensitivity import looking_of_link
from pages.parts.state import Session


def begin() -> Session:
    """Return the session of this tab with everything taken over that changed since the last run."""
    asked = [(key, value) for key in st.query_params for value in st.query_params.get_all(key)]
    session: Session | None = st.session_state.get("session")
    if session is None:
        session = Session(Scenario.of(load_shipped(DEFAULT_COMPANY)))
        st.session_state["session"] = session
        adopt(session, asked)
    else:
        session.first_run = session.adopted = False
        context = get_script_run_ctx()
        went_back = context is not None and context.is_history_navigation
        if went_back and "company" in dict(asked) and dict(asked) != session.address():
            adopt(session, asked)
        else:
            take_over(session, dict(asked))
    session.drawn.clear()
    session.must_rerun = False
    if "company" not in st.query_params:
        st.query_params.from_dict(session.address())
    return session


def finish(session: Session) -> None:
    """Put the scenario into the address; run once more where a restarted server met an open page."""
    session.known = {key: session.known[key] for key in session.drawn}
    if st.query_params.to_dict() != (address := session.address()):
        st.query_params.from_dict(address)
    if session.must_rerun:
        st.rerun()


def adopt(session: Session, asked: list[tuple[str, str]]) -> None:
    """Show what an address asks for."""
    session.adopted = True
    reading: Reading = read_query(asked)
    scenario = reading.scenario
    view = dict(asked[:MAX_PARAMETERS])
    beside, misplaced = read_beside(view, scenario)
    for one in (scenario, *(side.scenario for side in beside.pinned)):
        session.keep(one.company)
    if (scenario, beside) != (session.scenario, session.beside) and not session.first_run:
        session.remember()
    session.scenario, session.beside, session.notices = scenario, beside, reading.problems
    session.segment, unsegmented = segment_of_link(view, scenario.company)
    session.stage = view.get(view_words.STAGE, "")
    session.lens, refused = read_own_lens(view)
    session.choice, unknown = read_choice(view.get(view_words.CHOOSE, ""))
    session.outcome, unmeasured = outcome_of_link(view, scenario.company, scenario.horizon)
    session.by_stage, unsplit = explain.split_of_link(view)
    session.target, unreached = target_of_link(view)
    session.allowed, unaimed = aim_of_link(view, scenario)
    session.driving, undriven = drivers_of_link(view, scenario)
    session.exactness, inexact = exactness_of_link(view)
    session.looking, unseen = looking_of_link(view, scenario)
    session.notices += (*unsegmented, *refused, *unknown, *unmeasured, *misplaced, *unsplit, *unreached, *unaimed, *undriven, *inexact,
                        *unseen)  # fmt: skip
    session.editing = session.lens is None if session.first_run else session.editing
    session.verdict = checked(view, scenario, beside)
    session.known.clear()
    session.echoes.clear()


def take_over(session: Session, asked: Mapping[str, str]) -> None:
    """Carry out what widgets and buttons ask for."""
    if asked == session.address():
        session.echoes.clear()
    for key, (last, apply) in list(session.known.items()):
        if key in st.session_state:
            value = st.session_state[key]
            if value != last and value not in session.echoes.get(key, ()):
                apply(session, value)
                session.known[key] = (value, apply)
    for operation in session.operations:
        operation(session)
    session.operations.clear()
