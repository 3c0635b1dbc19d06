"""Company: see and edit what the company starts from, open and save its file, or measure it from exports."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from model import CompanyError, Scenario, company_toml, read_company
from model.text import money, numbered
from pages.parts import company_form, own_import
from pages.parts.blocks import escaped, few, head, small
from pages.parts.state import Session, projected

TABS, TAB = ("Values", "Open or save a file", "Measure from exports"), "company:tab"


def page(session: Session) -> None:
    """Draw the page."""
    company = session.scenario.company
    opening = money(float(company.base("opening_arr").sum()), company.currency)
    customers = numbered(f"{company.base('opening_customers').sum():,.0f}", "customers")
    head(
        f"{company.title} starts with {opening} of ARR from {customers}",
        "Company",
        "What does the company start from?",
    )
    values, file, exports = _tabs(session)
    with values:
        company_form.draw(session)
    with file:
        _file(session)
    with exports:
        own_import.draw(session)


def _tabs(session: Session) -> list[DeltaGenerator]:
    """Return the tabs, that one open which was when the page was left."""
    found: list[DeltaGenerator] = []

    def draw() -> str:
        found.extend(st.tabs(TABS, key=TAB, on_change="rerun"))
        return str(st.session_state[TAB])

    session.widget(TAB, session.tab or TABS[0], draw, _look_at)
    return found


def _look_at(session: Session, tab: str) -> None:
    session.tab = tab


def _refuse(problems: Sequence[str]) -> None:
    for problem in few(problems):
        st.error(escaped(problem), icon=":material/error:")


def _file(session: Session) -> None:
    company = session.scenario.company
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("## Save")
        small("The file holds every fact, value and source. It opens here and on the command line.")
        st.download_button("Download this company", company_toml(company), f"{company.id}.toml", "application/toml",
                           key="download", on_click="ignore", icon=":material/download:")  # fmt: skip
    with right:
        st.markdown("## Open")
        given = st.file_uploader("A company's file", type=["toml"], key="company-file")
        if given is not None:
            _open(session, given.name, given.getvalue(), given.file_id)


def _open(session: Session, name: str, content: bytes, file_id: str) -> None:
    """Open an uploaded file once; name all its problems if it is no company."""
    try:
        company = read_company(content.decode("utf-8"), name)
        projected(Scenario.of(company))
    except UnicodeDecodeError as error:
        _refuse((f"{name} is not UTF-8 text (byte {error.start} is not); save it as UTF-8.",))
    except CompanyError as error:
        _refuse(error.problems)
    else:
        if st.session_state.get("opened") != file_id:
            st.session_state["opened"] = file_id
            session.operations.append(lambda s: s.show_company(company))
            st.rerun()
        small(f"{company.title} is open.")
