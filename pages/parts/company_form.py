"""The form in which a company is edited: tables of text, read when it is sent, with every mistake named in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from model import Company, CompanyError, assumptions, load_shipped
from model.catalogue import Assumption
from model.company import HORIZON_MONTHS
from model.company_file import company_from, company_raw
from pages.parts.blocks import escaped, small
from pages.parts.state import Session

NEW_SEGMENT_STARTS_AT_ZERO = ("opening_arr", "opening_customers", "leads_per_month", "target_accounts", "sales_reps")
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?")
_DECIMAL_COMMA = re.compile(r"[+-]?(\d+|\d{1,3}(\.\d{3})+),\d*")
_PATH = re.compile(r"(assumptions|company)\.(\w+)(?:\.([\w-]+))? (.*)", re.DOTALL)


def draw(session: Session) -> None:
    """Draw facts and values as tables in one form; nothing counts until it is sent."""
    company = session.scenario.company
    key = company.fingerprint
    with st.form(f"edit:{key}", border=False):
        heading = _heading(company, key)
        small("Rates are in per cent. Nothing counts until you press “Use these values”, here or at the end of the page; "
              "leaving the page before leaves the company as it was.")  # fmt: skip
        sent = st.form_submit_button("Use these values", icon=":material/check:", key=f"use-top:{key}")
        values = _values(company)
        config = {segment: st.column_config.TextColumn(title) for segment, title in _columns(company).items()}
        fixed = ["Group", "Assumption", "Unit"]
        table = st.data_editor(values, key=f"values:{key}", hide_index=True, height=38 + 35 * len(values),
                               disabled=fixed, column_config=config)  # fmt: skip
        st.markdown("## Segments")
        segments = st.data_editor(
            pd.DataFrame({"Id": list(company.segments), "Title": list(company.segments.values())}),
            key=f"segments:{key}", hide_index=True, num_rows="dynamic",
        )  # fmt: skip
        small("A new segment gets its own column above once you have pressed the button. It begins with the values of "
              "the first segment, without customers, leads or reps of its own.")  # fmt: skip
        sent |= st.form_submit_button("Use these values", icon=":material/check:", key=f"use-end:{key}")
    if sent:
        _apply(session, heading, table, segments)


def number(text: str) -> float | None:
    """Return the number a person wrote, or None; a comma is a decimal mark unless it sets thousands apart.

    >>> [number(text) for text in ("9.25", "9,25", "12,500", "1.234,5", "0,125", "abc", "")]
    [9.25, 9.25, 12500.0, 1234.5, 0.125, None, None]
    """
    written = re.sub(r"[\s\u00a0\u202f'’]", "", text).replace("\u2212", "-")
    if _GROUPED.fullmatch(written):
        written = written.replace(",", "")
    elif _DECIMAL_COMMA.fullmatch(written):
        written = written.replace(".", "").replace(",", ".")
    try:
        return float(written) if re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", written, re.I | re.A) else None
    except ValueError:
        return None


def _heading(company: Company, key: str) -> dict[str, Any]:
    with st.grid(4, min_column_width=150, gap="small"):
        title = st.text_input("Title", company.title, key=f"title:{key}", max_chars=80)
        currency = st.text_input("Currency", company.currency, key=f"currency:{key}", max_chars=3)
        month = st.text_input(
            "First month", company.first_month, key=f"first:{key}", placeholder="2026-01", max_chars=7
        )
        horizon = st.number_input("Horizon, months", *HORIZON_MONTHS, company.horizon_months, key=f"horizon:{key}")
    return {
        "title": title,
        "currency": currency.strip().upper(),
        "first_month": month.strip(),
        "horizon_months": horizon,
    }


def _columns(company: Company) -> dict[str, str]:
    """Return the columns of values: one a segment, the first also holding what is of the whole company."""
    return {f"segment:{segment}": title for segment, title in company.segments.items()}


def _values(company: Company) -> pd.DataFrame:
    """Return every value as text, by assumption and segment; a value of the whole company stands in the first column."""
    rows = []
    for name, entry in assumptions().items():
        given = (
            company.assumptions[name]
            if entry.scope == "segment"
            else {next(iter(company.segments)): company.company[name]}
        )
        cells = dict.fromkeys(_columns(company), "") | {f"segment:{s}": _shown(v, entry) for s, v in given.items()}
        group = entry.group.capitalize() if entry.scope == "segment" else "Whole company"
        rows.append({"Group": group, "Assumption": entry.label} | cells | {"Unit": _unit(entry)})
    return pd.DataFrame(rows)


def _factor(entry: Assumption) -> float:
    return 100.0 if entry.shown_as == "rate" else 1.0


def _unit(entry: Assumption) -> str:
    if entry.choices:
        return f"{entry.unit}: {', '.join(map(str, entry.choices))}"
    return f"%: {entry.unit}" if entry.shown_as == "rate" else entry.unit


def _shown(value: float, entry: Assumption) -> str:
    """Return a value to as many decimals as are read; a cell that is left as it is keeps its value to the last digit."""
    shown = value * _factor(entry)
    places = 2 if abs(shown) >= 1000 else 4 if abs(shown) >= 1 else 10
    text = f"{round(shown, places):,.{places}f}"
    return text.rstrip("0").rstrip(".")


def _apply(session: Session, heading: Mapping[str, Any], table: pd.DataFrame, segments: pd.DataFrame) -> None:
    """Make a company of what the form holds and take it over, or name all that is wrong with it."""
    before = session.scenario.company
    titles, problems = _segments(segments)
    raw = company_raw(before) | dict(heading) | {"segments": titles}
    raw |= {"assumptions": {}, "company": {}, "id": _id_for(heading["title"]), "version": 1}
    raw["book"] = {segment: book for segment, book in raw["book"].items() if segment in titles}
    for row, entry in enumerate(assumptions().values()):
        cells = {segment: str(table[f"segment:{segment}"].iloc[row] or "") for segment in before.segments}
        read, found = _read(entry, cells, before, titles)
        problems += found
        if entry.scope == "company":
            raw["company"][entry.id] = read.get("")
        else:
            raw["assumptions"][entry.id] = read
    if not problems:
        try:
            company = company_from(raw)
        except CompanyError as error:
            problems = [_in_words(problem, titles) for problem in error.problems]
    for problem in problems:
        st.error(escaped(problem), icon=":material/error:")
    if not problems and company != before:
        session.operations.append(lambda s: s.edit_company(company))
        st.rerun()


def _read(
    entry: Assumption, cells: Mapping[str, str], before: Company, titles: Mapping[str, str]
) -> tuple[dict[str, float], list[str]]:
    """Return the values of one row by segment ('' for the whole company), and what in it is no number."""
    first = next(iter(before.segments))
    if entry.scope == "company":
        wanted = {"": first}
    else:
        wanted = {segment: segment if segment in before.segments else first for segment in titles}
    read, problems = {}, []
    for segment, column in wanted.items():
        if segment and segment not in before.segments and entry.id in NEW_SEGMENT_STARTS_AT_ZERO:
            read[segment] = 0.0
            continue
        known = before.company[entry.id] if not segment else before.assumptions[entry.id][column]
        text = cells[column]
        value = known * _factor(entry) if text == _shown(known, entry) else number(text)
        if value is None:
            what = f"{text!r} is not a number" if text.strip() else "is empty"
            of = f", {titles[segment]}" if segment else ""
            problems.append(f"{entry.label}{of}, {what}; {entry.allowed(before.currency)}.")
        else:
            read[segment] = known if text == _shown(known, entry) else round(value / _factor(entry), 12)
    return read, problems


def _segments(table: pd.DataFrame) -> tuple[dict[str, str], list[str]]:
    """Return the segments by id, and what is wrong with them; an id that is missing is made from the title."""
    found: dict[str, str] = {}
    problems = []
    for row in table.fillna("").astype(str).to_dict("records"):
        title = row["Title"].strip()
        key = row["Id"].strip() or _slug(title)
        if not key and not title:
            continue
        if key in found:
            problems.append(f"Two segments have the id {key!r}; ids must differ.")
        found[key] = title
    return found, problems


def _in_words(problem: str, titles: Mapping[str, str]) -> str:
    """Return a problem with the name of its value instead of its path in the file."""
    parts = _PATH.fullmatch(problem)
    if not parts or parts[2] not in assumptions():
        return problem
    of = f", {titles[parts[3]]}" if parts[3] in titles else ""
    return f"{assumptions()[parts[2]].label}{of}, {parts[4]}"


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:30]


def _id_for(title: str) -> str:
    """Return an id for an edited company; one that is shipped is never edited under its own id."""
    slug = _slug(title) or "company"
    try:
        load_shipped(slug)
    except CompanyError:
        return slug
    return f"{slug}-edited"
