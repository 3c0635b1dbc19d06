"""The sidebar: company, segment, horizon, the moves made so far, and what can be done with the scenario."""

from __future__ import annotations

from functools import partial
from urllib.parse import urlencode, urlsplit

import streamlit as st

from model import assumptions, load_shipped, shipped
from model.export import PERIODS, Period, assumptions_csv, projection_csv
from model.moves import Move
from model.scenario import Scenario
from model.studies.beside import Named
from model.text import month_name
from pages.parts.blocks import escaped, small
from pages.parts.choices import apart, key_of
from pages.parts.state import Session, projected

YEARS = (1, 2, 3, 5, 10)
MOVES_IN_VIEW = 6


def draw(session: Session) -> None:
    """Draw the sidebar."""
    with st.sidebar:
        _company(session)
        _segment(session)
        _horizon(session)
        _moves(session)
        _actions(session)


def _company(session: Session) -> None:
    companies = {name: load_shipped(name) for name in shipped()} | session.own
    present = session.scenario.company
    chosen = next((key for key, company in companies.items() if company == present), present.id)
    companies.setdefault(chosen, present)
    titles = apart({key: company.title for key, company in companies.items()})
    widget = key_of("company", titles)
    session.widget(
        widget, chosen,
        lambda: st.selectbox("Company", list(titles), list(titles).index(chosen), titles.__getitem__, key=widget),
        lambda s, key: s.show_company(companies[key]),
    )  # fmt: skip


def _segment(session: Session) -> None:
    titles = apart({"": "All segments"} | dict(session.scenario.company.segments))
    widget = key_of("segment", titles)

    def look_at(s: Session, segment: str) -> None:
        s.segment = segment if segment in s.scenario.company.segments else ""

    present = session.segment
    session.widget(
        widget, present,
        lambda: st.selectbox("Segment", list(titles), list(titles).index(present), titles.__getitem__, key=widget),
        look_at,
    )  # fmt: skip


def _horizon(session: Session) -> None:
    months = session.scenario.horizon
    usual = [12 * year for year in YEARS]
    usual.remove(min(usual, key=lambda option: (abs(option - months), -option)))
    options = sorted([*usual, months])
    session.widget(
        "horizon", months,
        lambda: st.segmented_control("Horizon, years", options, default=months, key="horizon", required=True,
                                     format_func=lambda count: f"{count / 12:.3g}", width="stretch"),
        lambda s, count: s.change(s.scenario.with_horizon(int(count))),
    )  # fmt: skip


def _moves(session: Session) -> None:
    moves, plans = session.scenario.moves, session.scenario.plans
    st.markdown(f"**Moves** :gray[{len(moves) + len(plans) or ''}]")
    if session.scenario.is_base:
        small("None yet: every figure is the base. Move a slider and it is listed here.")
        return
    tall = len(moves) + len(plans) > MOVES_IN_VIEW
    with (
        st.container(height=260 if tall else "content", border=False, key="moves"),
        st.container(horizontal=True, gap="xxsmall"),
    ):
        for move in moves:
            st.button(_chip(session, move), key=f"chip:{move.key}", icon=":material/close:", icon_position="right",
                      help=f"Take back: {escaped(str(move))}", on_click=session.operations.append,
                      args=(partial(_without, key=move.key),))  # fmt: skip
        for plan in plans:
            st.button(escaped(plan.label), key=f"chip:{plan.word}", icon=":material/close:", icon_position="right",
                      help="Take this plan back", on_click=session.operations.append,
                      args=(partial(_without_plan, word=plan.word),))  # fmt: skip


def _without(session: Session, key: str) -> None:
    session.change(session.scenario.without(key))


def _without_plan(session: Session, word: str) -> None:
    session.change(session.scenario.without_plan(word))


def _chip(session: Session, move: Move) -> str:
    company, entry = session.scenario.company, assumptions()[move.name]
    of = f" {company.segments[move.segment]}" if move.segment else ""
    begins, ends = (month_name(*company.month(month), short=True) for month in (move.start, move.start + move.ramp))
    start = f" · {begins}–{ends}" if move.ramp else f" · {begins}" if move.start > 1 else ""
    ends = "–".join(entry.show(end, company.currency) for end in move.range or ())
    ranged = f" ({escaped(ends)})" if ends else ""
    return f"{entry.label}{escaped(of)} **{escaped(entry.show(move.target, company.currency))}**{ranged}{start}"


def _actions(session: Session) -> None:
    with st.grid(2, min_column_width=90, gap="xxsmall"):
        st.button("Undo", key="undo", icon=":material/undo:", width="stretch", disabled=not session.past,
                  on_click=session.operations.append, args=(Session.undo,))  # fmt: skip
        st.button("Reset", key="reset", icon=":material/restart_alt:", width="stretch",
                  disabled=session.scenario.is_base, on_click=session.operations.append, args=(Session.reset,))  # fmt: skip
        link = st.popover("Copy link", icon=":material/link:", width="stretch", key="link", on_change="rerun")
        files = st.popover("CSV", icon=":material/download:", width="stretch", key="csv", on_change="rerun")
        st.button("Pin", key="pin", icon=":material/keep:", width="stretch", help="Keep this scenario, to compare others with it",
                  disabled=session.beside.is_full, on_click=session.operations.append,
                  args=(lambda s: s.pin(Named("", s.scenario)),))  # fmt: skip
    if link.open:
        with link:
            _link(session)
    if files.open:
        with files:
            _files(session)


def _link(session: Session) -> None:
    """Offer the address of this page with the scenario and a check of its numbers."""
    page = urlsplit(st.context.url or "")
    address = f"{page.scheme}://{page.netloc}{page.path or '/'}?{urlencode(session.address(check=True))}"
    st.markdown("**This page with these moves**")
    st.code(address, language=None, wrap_lines=True)
    small("Copy it with the button at its right. Whoever opens it sees whether the numbers are still the same.")


def _files(session: Session) -> None:
    """Offer the projection by month, quarter or year, and the assumptions behind it."""
    scenario = session.scenario
    st.markdown("**Projection**")
    for period in PERIODS:
        st.download_button(f"By {period}", partial(_projection, scenario, period), f"{scenario.company.id}-by-{period}.csv",
                           "text/csv", key=f"csv:{period}", on_click="ignore", width="stretch")  # fmt: skip
    st.markdown("**Assumptions**")
    st.download_button("Base and scenario", partial(assumptions_csv, scenario), f"{scenario.company.id}-assumptions.csv",
                       "text/csv", key="csv:assumptions", on_click="ignore", width="stretch")  # fmt: skip


def _projection(scenario: Scenario, period: Period) -> bytes:
    return projection_csv(projected(scenario), period)
