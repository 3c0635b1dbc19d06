"""Company: see and edit what the company starts from, open and save its file, or measure it from two exports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from model import CompanyError, RevLensError, Scenario, company_toml, load_shipped, read_company
from model.links import DEFAULT_COMPANY
from model.text import money
from pages.parts import company_form
from pages.parts.blocks import escaped, few, head, small
from pages.parts.state import Session, projected

if TYPE_CHECKING:
    from model.history.calibrate import Calibration


def page(session: Session) -> None:
    """Draw the page."""
    company = session.scenario.company
    opening = money(float(company.base("opening_arr").sum()), company.currency)
    customers = f"{company.base('opening_customers').sum():,.0f}"
    head(
        f"{company.title} starts with {opening} of ARR from {customers} customers",
        "Company",
        "What does the company start from?",
    )
    values, file, exports = st.tabs(["Values", "Open or save a file", "Measure from exports"])
    with values:
        company_form.draw(session)
    with file:
        _file(session)
    with exports:
        _exports(session)


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


def _exports(session: Session) -> None:
    """Measure a company from exports of opportunities and subscriptions."""
    small("Two exports as they come from a CRM and a billing system. What can be measured is; the rest stays as in the company "
          "in view, and is named.")  # fmt: skip
    left, right = st.columns(2, gap="medium")
    opportunities = left.file_uploader("Opportunities, CSV", type=["csv", "tsv", "txt"], key="opportunities")
    subscriptions = right.file_uploader("Subscriptions, CSV", type=["csv", "tsv", "txt"], key="subscriptions")
    with st.grid(3, min_column_width=180, gap="small"):
        title = st.text_input("Title of the company", "My company", key="measured-title", max_chars=80)
        columns = st.text_input("Columns not recognised", key="columns", placeholder="Deal Value=amount, …")
        dates = st.selectbox("Dates", ["As they show", "Day first", "Month first"], key="dates")
    if st.button("Measure", key="measure", icon=":material/straighten:", disabled=not (opportunities or subscriptions)):
        _measure(session, opportunities, subscriptions, title, columns, dates)
    if st.session_state.get("measured"):
        _result(session, *st.session_state["measured"])


def _measure(session: Session, opportunities: Any, subscriptions: Any, title: str, columns: str, dates: str) -> None:
    bar = st.progress(0.0, "Reading the exports")

    def progress(share: float, what: str) -> None:
        bar.progress(min(1.0, share), escaped(what))

    from model.history.calibrate import calibrate, report
    from model.history.engine import in_process
    from model.history.files import GivenFile, Habits, read_files
    from model.history.gather import gather

    named = {
        part.rpartition("=")[2].strip(): part.rpartition("=")[0].strip() for part in columns.split(",") if "=" in part
    }
    template = session.scenario.company if not session.scenario.company.book else load_shipped(DEFAULT_COMPANY)
    habits = Habits(dates={"Day first": "day-first", "Month first": "month-first"}.get(dates, ""))
    files = [GivenFile(kind, file.name, file.getvalue(), habits, named)
             for kind, file in (("opportunities", opportunities), ("subscriptions", subscriptions)) if file]  # fmt: skip
    try:
        imported = read_files(files, progress)
        with in_process(imported.tables) as engine:
            facts = gather(engine, progress=progress)
        found = calibrate(facts, template=template, title=title.strip() or "My company", currency=imported.currency)
        unused = sum(account.read - account.used for account in imported.accounts)
        st.session_state["measured"] = (found, report(found, imported.accounts), unused)
    except RevLensError as error:
        st.session_state["measured"] = None
        _refuse(error.problems)
    bar.empty()


def _result(session: Session, found: Calibration, told: str, unused: int) -> None:
    """Show what was measured and offer the company."""
    for note in found.notes:
        st.warning(escaped(note), icon=":material/warning:")
    small(f"{len(found.measured)} values are measured; {len(found.left)} could not be and stay as in the template; "
          f"{unused:,} rows could not be used. All of it is listed below.")  # fmt: skip
    if session.scenario.company == found.company:
        st.markdown(f"**{escaped(found.company.title)} is in view.**")
    elif st.button("Use this company", key="use-measured", icon=":material/check:"):
        company = found.company
        session.operations.append(lambda s: s.show_company(company))
        st.rerun()
    rows = [
        {"Measured": m.declared.label, "Segment": found.company.segments.get(m.segment, "All"),
         "Value": m.shown(found.company.currency), "Period": m.period, "How": m.declared.how}
        for m in found.measured
    ]  # fmt: skip
    st.dataframe(pd.DataFrame(rows), hide_index=True, height=min(420, 38 + 35 * len(rows)), key="measured-table")
    with st.expander("Everything said about the exports, with the rows that could not be used"):
        st.code(told, language=None, wrap_lines=True)
