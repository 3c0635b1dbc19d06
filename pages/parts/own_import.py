"""Measuring from exports: files, settings, and what came of it."""

from __future__ import annotations

import re
from typing import Literal

import pandas as pd
import streamlit as st

from model.text import SYMBOLS, numbered
from pages.parts import own_files
from pages.parts.blocks import escaped, few, heading, labelled, small
from pages.parts.cards import Card, row
from pages.parts.history_seen import Seen, month_of
from pages.parts.measures_table import measures_table
from pages.parts.much_aside import much_set_aside
from pages.parts.own_data import OwnData, Result, current, forget, template, templates
from pages.parts.own_measuring import measure, measure_samples, use
from pages.parts.state import Session

MONTH = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])", re.ASCII)
MOST_ROWS = 1_000
KEY_MEASURES = (
    "arr_growth",
    "grr",
    "nrr",
    "win_rate",
    "average_selling_price",
    "sales_cycle",
    "first_year_retention",
)
MOST_KEYS = 5
SEGMENTS: dict[str, str] = {"column": "As a column names them", "size": "Bands of size"}


def draw(session: Session) -> None:
    """Draw the import."""
    own = current()
    small("Exports as they come from a CRM and a billing system: opportunities, subscriptions or invoice lines; leads, payments, sales "
          "people, forecasts and actual months if you have them. They stay in the memory of this tab: nothing is written to disk or "
          "logged, and no row goes into a link.")  # fmt: skip
    own_files.upload(own)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Try the sample exports", key="own-samples", icon=":material/science:", on_click=session.operations.append,
                  args=(measure_samples,), disabled=own.measuring)  # fmt: skip
        st.button("Forget my data", key="own-forget", icon=":material/delete:", on_click=session.operations.append,
                  args=(lambda _: forget(),), disabled=not (own.files or own.result or own.problems))  # fmt: skip
    if own.made_up:
        small(
            "These are the sample exports: a made-up company whose true rates are known. Any file of your own takes their place."
        )
    own_files.draw(session, own, own.files)
    if own.actuals:
        _actuals(session, own)
    if own.measurable:
        _settings(session, own)
        _measure(session, own)
    for problem in few(own.problems):
        st.error(escaped(problem), icon=":material/error:")
    if own.result is not None:
        _result(session, own.result)


def _actuals(session: Session, own: OwnData) -> None:
    """Lead to the page that compares actual months, and say so where there is nothing else."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.page_link(st.session_state["pages"]["actuals"], label="Hold the actual months against the plan",
                     icon=":material/compare_arrows:", query_params=session.address())  # fmt: skip
        if not own.measurable:
            small("There is nothing else to measure; give opportunities, subscriptions or invoice lines too.")


def _settings(session: Session, own: OwnData) -> None:
    """Ask how the files are measured."""
    settings, known, key = own.settings, templates(session), f"own:{own.generation}"

    def text(name: Literal["title", "until"], label: str, most: int, placeholder: str = "") -> None:
        present = getattr(settings, name)
        session.widget(
            f"{key}:{name}", present,
            lambda: st.text_input(label, present, key=f"{key}:{name}", max_chars=most, placeholder=placeholder),
            lambda _, value: current().set(**{name: value}),
        )  # fmt: skip

    def select(name: str, label: str, options: dict[str, str], present: str) -> None:
        session.widget(
            f"{key}:{name}", present,
            lambda: st.selectbox(label, list(options), list(options).index(present), options.__getitem__, key=f"{key}:{name}"),
            lambda _, value: current().set(**{name: value}),
        )  # fmt: skip

    with st.grid(5, min_column_width=160, gap="small"):
        text("title", "Title of the company", 80)
        select("segments_by", "Segments", SEGMENTS, settings.segments_by)
        text("until", "Opening month", 7, "2025-12; empty: as the data ends")
        select("currency", "Currency", {"": "As the files show"} | {code: code for code in SYMBOLS}, settings.currency)
        chosen = template(session, own)
        present = next((name for name, company in known.items() if company == chosen), next(iter(known)))
        select(
            "template",
            "What cannot be measured is as in",
            {name: company.title for name, company in known.items()},
            present,
        )


def _measure(session: Session, own: OwnData) -> None:
    """Offer to measure, or say what keeps it from being done."""
    reasons = list(own_files.hindrances(own, own.measurable))
    until, title = own.settings.until.strip(), own.settings.title.strip()
    if until and not MONTH.fullmatch(until):
        reasons.append(f"Opening month {until!r} is not a month; write it as in 2025-12.")
    if not title:
        reasons.append("The company needs a title.")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Measure again" if own.changed else "Measure", key="own-measure", icon=":material/straighten:",
                  type="secondary" if own.result and not own.changed else "primary",
                  on_click=session.operations.append, args=(measure,),
                  disabled=bool(reasons) or own.measuring)  # fmt: skip
        if own.measuring:
            small("It goes on while you look around.")
        elif reasons:
            small(" ".join(few(reasons)))
        elif own.renamed:
            small("Names changed; what stands below is of before.")


def _result(session: Session, result: Result) -> None:
    """Say what the files come to, offer the company and what can be done with it, and list everything."""
    seen = Seen(result, "")
    read, used = (sum(getattr(account, name) for account in result.accounts) for name in ("read", "used"))
    if current().changed and not current().renamed:
        st.warning("Files or settings changed; what stands below is of before.", icon=":material/update:")
    too_few = sum(not one.enough for one in result.calibration.measured)
    heading(_opening(seen), f"{read:,} rows read = {used:,} used + {read - used:,} set aside. {len(result.calibration.measured):,} values "
                            f"measured, {too_few or 'none'} of them on too few rows.")  # fmt: skip
    much_set_aside(result)
    _figures(seen)
    _agreement(result)
    pages, address = st.session_state["pages"], session.address()
    with st.container(horizontal=True, vertical_alignment="center"):
        if session.scenario.company != result.company or current().renamed:
            st.button("Use this company", key="use-measured", type="primary", icon=":material/check:",
                      on_click=session.operations.append, args=(use,), disabled=current().measuring)  # fmt: skip
        st.page_link(pages["history"], label="See its history", icon=":material/history:", query_params=address)
        st.page_link(pages["back-test"], label="Back-test it", icon=":material/replay:", query_params=address)
        _report(result)
    in_view = "is in view" if session.scenario.company == result.company else "goes into the link once you use it"
    segments = ", ".join(result.company.segments.values())
    small(f"{result.company.title} {in_view}. Its link holds: its title, currency and first month; its values, by segment ({segments}); opening ARR "
          "and customers by month of sale, in whole units, months pooled until 5 customers of the segment are in each; how many rows "
          "each was measured from. No row, no customer's name, no file.")  # fmt: skip
    _names(session, result)
    measures_table(seen, "measured-table")
    _listed(
        f"{len(result.calibration.left)} values are not measured: why, and what it would take", result.calibration.left
    )
    _listed(f"{len(_notes(result))} notes on how it was read and measured", _notes(result))
    _set_aside(result, read - used)


def _names(session: Session, result: Result) -> None:
    """Let the segments that a column names go by other names, in the link and everywhere."""
    from model.history.asking.grouping import OTHER

    titles = [title for title in result.company.segments.values() if title != OTHER]
    if result.settings.segments_by != "column" or "customers" in result.company.segments:  # no column names any
        return
    own = current()
    with st.expander("Give the segments other names before they are in a link", icon=":material/edit:"):
        with st.grid(4, min_column_width=170, gap="small"):
            for title in titles:
                _name(session, own, result, title)
        small("Using the company, or measuring again, takes them over. Segments of one name become one.")


def _name(session: Session, own: OwnData, result: Result, title: str) -> None:
    first = [old for old, new in result.settings.names if new == title] or [title]
    present = dict(own.settings.names).get(first[0], first[0])
    key = f"own:{own.generation}:name:{first[0]}"
    session.widget(
        key, present,
        lambda: st.text_input(labelled(title), present, key=key, max_chars=40),
        lambda _, value: current().set(names=current().settings.naming(first, value)),
    )  # fmt: skip


def _opening(seen: Seen) -> str:
    """Say what the company starts from, as far as it was measured."""
    arr, customers = seen.measured("opening_arr"), seen.measured("opening_customers")
    if arr is None or customers is None:
        return f"{seen.company.title} is measured, up to {month_of(seen.facts.until)}"
    count = numbered(f"{customers.value:,.0f}", "customers")
    return (f"{seen.company.title} has {seen.shown(arr)} of ARR from {count} at the end of "
            f"{month_of(seen.facts.until)}")  # fmt: skip


def _figures(seen: Seen) -> None:
    """Draw what a plan hangs on most, each with its interval."""
    found = [one for name in KEY_MEASURES if (one := seen.measured(name)) is not None][:MOST_KEYS]
    cards = [
        Card(one.declared.label, seen.shown(one), seen.between(one) or "counted", "gray" if one.enough else "red",
             f"{one.declared.how} {numbered(one.n, one.declared.noun)}, {one.period}." + (f" Mark: {one.mark}." if one.mark else ""),
             (one.bound or ("90\u202f% interval" if seen.between(one) else "")) if one.enough else "too few rows")
        for one in found
    ]  # fmt: skip
    if cards:
        row(cards, across=len(cards))


def _agreement(result: Result) -> None:
    """Hold the new ARR of the plan's first 12 months beside that of the last 12, and warn where more than chance is between."""
    if (found := result.calibration.agreement) is not None:
        if found.warnings:
            several = "\n".join(f"- {escaped(warning)}" for warning in found.warnings)
            st.warning(f"{escaped(found.headline)}\n\n{several}", icon=":material/warning:")
        else:
            small(found.headline)


def _notes(result: Result) -> list[str]:
    return [*(note for account in result.accounts for note in account.notes), *result.calibration.notes]


def _listed(title: str, texts: list[str] | tuple[str, ...]) -> None:
    """List sentences, folded away."""
    if texts:
        with st.expander(title):
            st.markdown("\n".join(f"- {escaped(text)}" for text in texts))


def _report(result: Result) -> None:
    from model.history.measuring.calibrate import report

    text = result.once(("report",), lambda: report(result.calibration, result.accounts, "set-aside.csv").encode())
    st.download_button(
        "Report", text, "report.txt", "text/plain", key="own-report", on_click="ignore", icon=":material/download:"
    )


def _set_aside(result: Result, count: int) -> None:
    """List the rows that could not be used, the first of them on screen, all of them as a file."""
    from itertools import chain, islice

    from model.history.written import unused_csv

    if not count:
        return
    with st.expander(f"{count:,} rows set aside, each with its reason"):
        first = islice(chain.from_iterable(account.unused for account in result.accounts), MOST_ROWS)
        rows = [
            {"File": row.file, "Line": row.line, "Column": row.column, "Value": row.value[:80], "Reason": row.reason}
            for row in first
        ]
        st.dataframe(pd.DataFrame(rows), hide_index=True, height=min(420, 38 + 35 * len(rows)), key="own-unused")
        if count > MOST_ROWS:
            small(f"The first {MOST_ROWS:,} are shown; the file has all.")
        content = result.once(("unused",), lambda: unused_csv([account.unused for account in result.accounts]))
        st.download_button("All rows set aside, CSV", content, "set-aside.csv", "text/csv", key="own-unused-csv", on_click="ignore",
                           icon=":material/download:")  # fmt: skip
