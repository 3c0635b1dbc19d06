"""Company: see and edit what the company starts from, open and save its file, or measure it from two exports."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from model import Company, CompanyError, RevLensError, Scenario, assumptions, company_toml, load_shipped, read_company
from model.calibrate import Calibration, calibrate, report
from model.catalogue import Assumption
from model.company import HORIZON_MONTHS
from model.company_file import company_from, company_raw
from model.links import DEFAULT_COMPANY
from model.measures import Measured
from model.text import money
from pages.parts.blocks import escaped, few, head, small
from pages.parts.state import Session, projected

NEW_SEGMENT_STARTS_AT_ZERO = ("opening_arr", "opening_customers", "leads_per_month", "target_accounts", "sales_reps")


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
        _editor(session)
    with file:
        _file(session)
    with exports:
        _exports(session)


def _editor(session: Session) -> None:
    """Draw facts and values as tables in one form; nothing counts until it is applied."""
    company = session.scenario.company
    key = company.fingerprint
    with st.form(f"edit:{key}", border=False):
        heading = _heading(company, key)
        small(
            "Rates are in per cent. One column a segment; what is empty or out of bounds is named, and nothing is taken over until all is well."
        )
        table = st.data_editor(_by_segment(company), key=f"values:{key}", hide_index=True, height=430,
                               disabled=["Group", "Assumption", "Unit"], column_config=_columns(company))  # fmt: skip
        left, right = st.columns(2, gap="medium")
        with left:
            st.markdown("#### Whole company")
            whole = st.data_editor(
                _whole(company), key=f"whole:{key}", hide_index=True, disabled=["Assumption", "Unit"]
            )
        with right:
            st.markdown("#### Segments")
            segments = st.data_editor(
                pd.DataFrame({"Id": list(company.segments), "Title": list(company.segments.values())}),
                key=f"segments:{key}", hide_index=True, num_rows="dynamic",
            )  # fmt: skip
            small("A new segment takes the values of the first, without customers, leads or reps of its own.")
        applied = st.form_submit_button("Use these values", icon=":material/check:")
    if applied:
        _apply(session, heading, table, whole, segments)


def _heading(company: Company, key: str) -> dict[str, Any]:
    with st.grid(4, min_column_width=150, gap="small"):
        title = st.text_input("Title", company.title, key=f"title:{key}", max_chars=80)
        currency = st.text_input("Currency", company.currency, key=f"currency:{key}", max_chars=3)
        first_month = st.text_input(
            "First month", company.first_month, key=f"first:{key}", placeholder="2026-01", max_chars=7
        )
        horizon = st.number_input("Horizon, months", *HORIZON_MONTHS, company.horizon_months, key=f"horizon:{key}")
    return {"title": title, "currency": currency, "first_month": first_month, "horizon_months": horizon}


def _factor(entry: Assumption) -> float:
    return 100.0 if entry.shown_as == "rate" else 1.0


def _unit(entry: Assumption) -> str:
    return f"%: {entry.unit}" if entry.shown_as == "rate" else entry.unit


def _by_segment(company: Company) -> pd.DataFrame:
    rows = []
    for name, entry in assumptions().items():
        if entry.scope == "segment":
            cells = {f"segment:{segment}": _show(value, entry) for segment, value in company.assumptions[name].items()}
            rows.append({"Group": entry.group.capitalize(), "Assumption": entry.label} | cells | {"Unit": _unit(entry)})
    return pd.DataFrame(rows)


def _whole(company: Company) -> pd.DataFrame:
    rows = [
        {"Assumption": entry.label, "Value": _show(company.company[name], entry), "Unit": _unit(entry)}
        for name, entry in assumptions().items()
        if entry.scope == "company"
    ]
    return pd.DataFrame(rows)


def _show(value: float, entry: Assumption) -> float:
    return round(value * _factor(entry), 10)


def _columns(company: Company) -> dict[str, Any]:
    return {
        f"segment:{segment}": st.column_config.NumberColumn(title, format="localized")
        for segment, title in company.segments.items()
    }


def _apply(
    session: Session, heading: Mapping[str, Any], table: pd.DataFrame, whole: pd.DataFrame, segments: pd.DataFrame
) -> None:
    """Make a company of what the form holds and take it over, or name all that is wrong with it."""
    before = session.scenario.company
    raw = company_raw(before) | dict(heading)
    rows = segments.fillna("").astype(str).to_dict("records")
    ids = [row["Id"].strip() for row in rows]
    if repeated := sorted({one for one in ids if ids.count(one) > 1}):
        _refuse((f"Segment ids must differ; {', '.join(repeated)} is given twice.",))
        return
    raw["segments"] = {row["Id"].strip(): row["Title"].strip() for row in rows}
    by_scope = {scope: [e for e in assumptions().values() if e.scope == scope] for scope in ("segment", "company")}
    first = next(iter(before.segments))
    raw["assumptions"] = {
        entry.id: {segment: _cell(table, row, segment if segment in before.segments else first, entry, segment in before.segments)
                   for segment in raw["segments"]}
        for row, entry in enumerate(by_scope["segment"])
    }  # fmt: skip
    raw["company"] = {
        entry.id: _meant(whole["Value"].iloc[row], entry) for row, entry in enumerate(by_scope["company"])
    }
    raw["book"] = {segment: book for segment, book in raw["book"].items() if segment in raw["segments"]}
    raw["id"], raw["version"] = _id_for(heading["title"]), 1
    try:
        company = company_from(raw)
    except CompanyError as error:
        _refuse(error.problems)
        return
    if company != before:
        session.operations.append(lambda s: s.edit_company(company))
        st.rerun()


def _cell(table: pd.DataFrame, row: int, column: str, entry: Assumption, known: bool) -> Any:
    if not known and entry.id in NEW_SEGMENT_STARTS_AT_ZERO:
        return 0
    return _meant(table[f"segment:{column}"].iloc[row], entry)


def _meant(value: Any, entry: Assumption) -> Any:
    return None if value is None or pd.isna(value) else round(float(value) / _factor(entry), 12)


def _id_for(title: str) -> str:
    """Return an id for an edited company; one that is shipped is never edited under its own id."""
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:40] or "company"
    try:
        load_shipped(slug)
    except CompanyError:
        return slug
    return f"{slug}-edited"


def _refuse(problems: Sequence[str]) -> None:
    for problem in few(problems):
        st.error(escaped(problem), icon=":material/error:")


def _file(session: Session) -> None:
    company = session.scenario.company
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("#### Save")
        small("The file holds every fact, value and source. It opens here and on the command line.")
        st.download_button("Download this company", company_toml(company), f"{company.id}.toml", "application/toml",
                           key="download", on_click="ignore", icon=":material/download:")  # fmt: skip
    with right:
        st.markdown("#### Open")
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
    found: Calibration | None = st.session_state.get("measured")
    if found is not None:
        _result(session, found)


def _measure(session: Session, opportunities: Any, subscriptions: Any, title: str, columns: str, dates: str) -> None:
    bar = st.progress(0.0, "Reading the exports")

    def progress(share: float) -> None:
        bar.progress(min(1.0, share), "Reading the exports")

    named = {
        part.rpartition("=")[2].strip(): part.rpartition("=")[0].strip() for part in columns.split(",") if "=" in part
    }
    template = session.scenario.company if not session.scenario.company.book else load_shipped(DEFAULT_COMPANY)
    try:
        st.session_state["measured"] = calibrate(
            opportunities.getvalue() if opportunities else None, subscriptions.getvalue() if subscriptions else None,
            template=template, title=title.strip() or "My company", columns=named,
            day_first={"Day first": True, "Month first": False}.get(dates),
            progress=progress,
        )  # fmt: skip
    except RevLensError as error:
        st.session_state["measured"] = None
        _refuse(error.problems)
    bar.empty()


def _result(session: Session, found: Calibration) -> None:
    """Show what was measured and offer the company."""
    if st.button("Use this company", key="use-measured", icon=":material/check:"):
        company = found.company
        st.session_state["measured"] = None
        session.operations.append(lambda s: s.show_company(company))
        st.rerun()
    rows = [
        {"Measured": assumptions()[m.assumption].label, "Segment": found.company.segments.get(m.segment, "All"),
         "Value": _with_unit(m, found.company.currency), "Rows": f"{m.rows:,}", "How": m.method}
        for m in found.measured
    ]  # fmt: skip
    st.dataframe(pd.DataFrame(rows), hide_index=True, height=min(420, 38 + 35 * len(rows)), key="measured-table")
    with st.expander("Everything said about the exports, with the rows that could not be used"):
        st.code(report(found), language=None, wrap_lines=True)


def _with_unit(one: Measured, currency: str) -> str:
    entry = assumptions()[one.assumption]
    return f"{entry.show(one.value, currency)} {entry.unit_label.removeprefix('% ')}"
