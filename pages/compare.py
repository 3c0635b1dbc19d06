"""Compare: up to four scenarios side by side, and only what sets them apart."""

from __future__ import annotations

from functools import partial

import numpy as np
import streamlit as st

from model import load_shipped, shipped
from model.scenario import Scenario
from model.studies.beside import LETTERS, LONGEST_NAME, Named
from model.studies.compare import (
    TABLES,
    Comparison,
    Curve,
    Differing,
    Figure,
    Setting,
    compare,
    comparison_csv,
    leading,
)
from model.text import counted, difference, glance, month_name, reads_alike, shown, symbol
from model.view_words import REFERENCE
from pages.parts import charts
from pages.parts.blocks import chart, delta, escaped, fitting, head, heading, small, ways_to_move
from pages.parts.charts import Series
from pages.parts.choices import apart, key_of
from pages.parts.state import Session
from pages.parts.tables import Cell, Column, mark, table

QUESTION = "Which of these, and what sets them apart?"
NAME_LETTERS = (LONGEST_NAME, 22)
"""How many letters of a name are told in a title, or where that would be too long."""
FIRST_ROWS, MOST_ROWS = 12, 40


def page(session: Session) -> None:
    """Draw the page."""
    found = compare(
        session.beside.sides(session.scenario), session.beside.compared_with(session.scenario), session.segment
    )
    head(fitting(*(_answer(found, letters) for letters in NAME_LETTERS)), "Compare", QUESTION)
    if len(found.sides) > 1 and (notes := found.notes()):
        small(" ".join(notes))
    _sides(session, found)
    if len(found.sides) == 1:
        _more(session)
        small(
            "Pin this scenario and move on, and both are drawn here: three charts, their figures, and what sets them apart."
        )
        ways_to_move(session)
    else:
        with st.grid(3, min_column_width=320, gap="medium"):
            for curve in found.curves():
                _chart(found, curve)
        _why(session, found)
        _more(session)
        _figures(session, found)
        _assumptions(found)
        _files(found)


def _answer(found: Comparison, letters: int) -> str:
    """Say which scenario ends best, on ARR and on profit, or grows most where amounts cannot be compared."""
    if len(found.sides) == 1:
        return "One scenario alone: move a slider, or add another to see them side by side"
    if not found.one_currency:
        last = [values[-1] for values in found.curves()[0].values]
        best = leading(last, "times")
        times = f"after {found.months} months ARR is {shown(last[best[0]], 'times')} what it began with"
        if len(best) == len(last):
            return f"{_all(found)} grow alike: {times}"
        return f"{_names(found, best, letters)} {'grows' if len(best) == 1 else 'grow'} most: {times}"
    currency = found.sides[0].scenario.company.currency
    arr, profit = found.figures(["arr", "operating_profit"])
    most, earn = (leading(figure.values, "money", currency) for figure in (arr, profit))
    had, earned = shown(arr.values[most[0]], "money", currency), shown(profit.values[earn[0]], "money", currency)
    what = "company profit" if found.segment else "profit"
    everyone = tuple(range(len(found.sides)))
    if most == earn == everyone:
        return f"{_all(found)} end alike: ARR of {had}, profit of {earned} a year"
    if most == everyone:
        return f"Same ARR of {had}; {what} is {_ahead(found, profit, earn, letters, ' a year')}"
    if earn == everyone:
        return f"Same {what} of {earned} a year; ARR is {_ahead(found, arr, most, letters)}"
    lead = f"{_names(found, most, letters)} {'leads' if len(most) == 1 else 'lead'} on"
    if most == earn:
        return f"{lead} both: ARR of {had} and {what} of {earned} a year"
    return f"{lead} ARR ({had}), {_names(found, earn, letters)} on {what} ({earned} a year)"


def _all(found: Comparison) -> str:
    return "Both" if len(found.sides) == 2 else f"All {len(found.sides)}"


def _names(found: Comparison, places: tuple[int, ...], letters: int) -> str:
    """Name one scenario by its name, several by their letters."""
    if len(places) == 1:
        return glance(found.sides[places[0]].name, letters)
    marks = [LETTERS[place].upper() for place in places]
    return f"{', '.join(marks[:-1])} and {marks[-1]}"


def _ahead(found: Comparison, figure: Figure, best: tuple[int, ...], letters: int, per: str = "") -> str:
    """Say with which scenario a figure is higher, and by how much; of more than two, how high."""
    currency = found.sides[0].scenario.company.currency
    if len(found.sides) == 2:
        return (
            f"{shown(float(np.ptp(figure.values)), 'money', currency)}{per} higher with {_names(found, best, letters)}"
        )
    return f"highest with {_names(found, best, letters)}, {shown(figure.values[best[0]], 'money', currency)}{per}"


def role_of(sides: tuple[Named, ...], place: int) -> str:
    """Return the role whose colour a scenario has on all charts and tables: the base of the first is grey."""
    return "base" if place and sides[place].scenario == sides[0].scenario.base else f"side_{LETTERS[place]}"


def column_of(sides: tuple[Named, ...], place: int) -> Column:
    """Return the heading of a scenario."""
    return Column(f"{LETTERS[place].upper()} {sides[place].name}", role_of(sides, place))


def _sides(session: Session, found: Comparison) -> None:
    """Draw each scenario with its name, what it is, and what can be done with it."""
    with st.grid(4, min_column_width=230, gap="small"):
        for place, side in enumerate(found.sides):
            with st.container(border=True, gap="xxsmall", height="stretch"):
                _side(session, found, place, side)


def _side(session: Session, found: Comparison, place: int, side: Named) -> None:
    letter = LETTERS[place]
    st.html(f"{mark(role_of(found.sides, place))}<b>{letter.upper()}</b>")
    pinned = place <= len(session.beside.pinned)
    if pinned:
        key = f"name:{letter}"
        session.widget(key, side.name,
                       lambda: st.text_input(f"Name of scenario {letter.upper()}", side.name, LONGEST_NAME, key=key,
                                             label_visibility="collapsed"),
                       lambda s, text: s.set_beside(s.beside.renamed(place, text)))  # fmt: skip
    else:
        st.markdown(f"**{escaped(side.name)}**")
    small(_told(side.scenario))
    if not place:
        return
    with st.container(horizontal=True, gap="xxsmall"):
        st.button("Make current", key=f"swap:{letter}", icon=":material/swap_horiz:", on_click=session.operations.append,
                  args=(lambda s: s.swap(place),))  # fmt: skip
        if pinned:
            st.button("Remove", key=f"remove:{letter}", icon=":material/close:", on_click=session.operations.append,
                      args=(lambda s: s.set_beside(s.beside.without(place)),))  # fmt: skip


def _told(scenario: Scenario) -> str:
    """Say what a scenario is: company, horizon, how much is moved."""
    moved = counted(len(scenario.moves) + len(scenario.plans), "move").lower() if not scenario.is_base else "no move"
    return f"{scenario.company.title}, {scenario.horizon} months, {moved}"


def _more(session: Session) -> None:
    """Draw the ways to add a scenario."""
    full = session.beside.is_full
    companies = {name: load_shipped(name) for name in shipped()} | session.own
    titles = apart({key: company.title for key, company in companies.items()})
    adding = key_of("add-company", titles)
    with st.grid(4, min_column_width=200, gap="small"):
        st.button("Pin this scenario", key="pin-this", icon=":material/keep:", width="stretch", disabled=full,
                  on_click=session.operations.append, args=(lambda s: s.pin(Named("", s.scenario)),))  # fmt: skip
        st.button("Add its base", key="pin-base", icon=":material/keep:", width="stretch",
                  disabled=full or any(side.scenario == session.scenario.base for side in session.beside.pinned),
                  on_click=session.operations.append, args=(lambda s: s.pin(Named("Base", s.scenario.base)),))  # fmt: skip
        session.widget(adding, None,
                       lambda: st.selectbox("Add a company", list(companies), None, titles.__getitem__,
                                            key=adding, placeholder="Add a company", disabled=full,
                                            label_visibility="collapsed"),
                       lambda s, key: s.pin(Named(companies[key].title, Scenario.of(companies[key]))) if key else None)  # fmt: skip
        session.widget("paste", "",
                       lambda: st.text_input("Paste a link", "", key="paste", placeholder="Paste a RevLens link",
                                             disabled=full, label_visibility="collapsed"),
                       lambda s, text: s.paste(text) if text.strip() else None)  # fmt: skip


def _chart(found: Comparison, curve: Curve) -> None:
    """Draw one figure over the months that all scenarios have."""
    sides, company = found.sides, found.sides[0].scenario.company
    dates = [f"{year}-{month:02d}" for year, month in (company.month(number + 1) for number in range(found.months))]
    series = [Series(f"■ {LETTERS[place].upper()} {shown(values[-1], curve.shown_as, company.currency)}", values,
                     role_of(sides, place), 1.75 if role_of(sides, place) == "base" else 2.5, name=side.name)
              for place, (side, values) in enumerate(zip(sides, curve.values, strict=True))]  # fmt: skip
    aligned = len({side.scenario.company.first_month for side in sides}) > 1
    subtitle = "By month" + (f", months of {LETTERS[0].upper()}" if aligned else "")
    chart(fitting(*(_chart_title(found, curve, letters) for letters in NAME_LETTERS)), subtitle,
          charts.over_time(dates, series[::-1], money=symbol(company.currency) if curve.shown_as == "money" else "",
                           rate=curve.shown_as == "rate", height=258, zero=curve.shown_as == "money" and not curve.balance),
          f"compare:{curve.label}")  # fmt: skip


def _chart_title(found: Comparison, curve: Curve, letters: int) -> str:
    """Say who ends highest, and how far above the lowest."""
    last = [float(values[-1]) for values in curve.values]
    if not np.isfinite(last).any():
        return f"{curve.label}: no value yet"
    when = month_name(*found.sides[0].scenario.company.month(found.months), short=True)
    what = f"{curve.label} in {when}{'' if curve.balance else ' alone'}"
    currency = found.sides[0].scenario.company.currency
    best = leading(last, curve.shown_as, currency)
    if len(best) == len(last):
        return f"{what}: {shown(last[best[0]], curve.shown_as, currency)} in {_all(found).lower()}"
    gap = difference(float(np.nanmax(last) - np.nanmin(last)), curve.shown_as, currency).lstrip("+")
    return f"{what}: {_names(found, best, letters)} {gap} above {_names(found, (int(np.nanargmin(last)),), letters)}"


def _figures(session: Session, found: Comparison) -> None:
    """Draw the metrics of all scenarios, each with its difference to the one they are held against."""
    rows = []
    currencies = "/".join(dict.fromkeys(side.scenario.company.currency for side in found.sides))
    for figure in found.figures():
        cells, unit = [], figure.entry.unit.replace("currency", currencies)
        if found.segment and figure.entry.scope == "company":
            unit = f"the whole company, {unit}"
        for place, value in enumerate(figure.values):
            currency = found.sides[place].scenario.company.currency
            text, colour = delta(figure.entry, figure.differences[place], 0.0, currency)
            if reads_alike(value, figure.values[found.reference], figure.entry.shown_as, currency):
                colour = "gray"  # a difference that no figure shows is neither good nor bad
            note = "" if place == found.reference or not np.isfinite(figure.differences[place]) else text
            cells.append(
                Cell(shown(value, figure.entry.shown_as, currency), "no difference" if note == "Base" else note, colour)
            )
        rows.append((Cell(figure.entry.label, unit), cells))
    of = f", {session.scenario.company.segments[found.segment]}" if found.segment else ""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        heading(
            "Figures",
            f"Month {found.months}, the last that all have{of}. Small: less {found.sides[found.reference].name}",
        )
        letters, present = list(LETTERS[: len(found.sides)]), LETTERS[found.reference]
        session.widget("reference", present,
                       lambda: st.segmented_control("Held against", letters, default=present, key="reference", required=True,
                                                    format_func=lambda letter: letter.upper(), width="content"),
                       lambda s, letter: s.set_reference(letter))  # fmt: skip
    table("Figures", "Figure", [column_of(found.sides, place) for place in range(len(found.sides))], rows)


def _assumptions(found: Comparison) -> None:
    """Draw the assumptions that are not the same in all scenarios."""
    differing = found.differing()
    if not differing:
        heading("No assumption differs", "All have the same in all months that they share")
        return
    count = counted(len({row.entry.id for row in differing}), "assumption")
    heading(f"{count} set{'s' * (count == 'One assumption')} them apart",
            "What each comes to at its end, and when it changes; all other assumptions are the same")  # fmt: skip
    columns = [column_of(found.sides, place) for place in range(len(found.sides))]
    rows = [(_assumption(found, row), [_setting(found, place, row, setting) for place, setting in enumerate(row.settings)])
            for row in differing[:MOST_ROWS]]  # fmt: skip
    table("Assumptions that differ", "Assumption", columns, rows[:FIRST_ROWS])
    if len(rows) > FIRST_ROWS:
        with st.expander(f"{len(rows) - FIRST_ROWS} more", icon=":material/unfold_more:"):
            table("More assumptions that differ", "Assumption", columns, rows[FIRST_ROWS:])
    if len(differing) > MOST_ROWS:
        small(f"{len(differing) - MOST_ROWS} more are in the CSV.")


def _assumption(found: Comparison, row: Differing) -> Cell:
    of = found.sides[0].scenario.company.segments[row.segment] if row.segment else "whole company"
    return Cell(row.entry.label, f"{of}, {row.entry.unit_label}".rstrip(", "))


def _setting(found: Comparison, place: int, row: Differing, setting: Setting) -> Cell:
    company, move = found.sides[place].scenario.company, setting.move
    notes = []
    if move and (move.start > 1 or move.ramp):
        begins, ends = (month_name(*company.month(month)) for month in (move.start, move.start + move.ramp))
        notes.append(f"{begins} to {ends}" if move.ramp else f"from {begins}")
    if setting.planned:
        notes.append("with plans")
    return Cell(row.entry.show(setting.value, company.currency), ", ".join(notes))


def _files(found: Comparison) -> None:
    with st.container(horizontal=True, gap="small"):
        for name in TABLES:
            st.download_button(f"CSV of {name}", partial(comparison_csv, found, name), f"compare-{name}.csv", "text/csv",
                               key=f"csv:compare:{name}", icon=":material/download:", on_click="ignore")  # fmt: skip


def _why(session: Session, found: Comparison) -> None:
    """Lead to the page that splits a difference over moves, where there is one that it can split."""
    one = found.sides[0].scenario
    if any(side.scenario != one and side.scenario.company == one.company for side in found.sides[1:]):
        starts = session.beside.starts(session.scenario)
        start = LETTERS[found.reference] if found.reference else next(filter(None, starts), "")
        held = {REFERENCE: start} if start and start in starts else {}
        st.page_link(st.session_state["pages"]["explain"], label="Why they differ: how much each move brings",
                     icon=":material/waterfall_chart:", query_params=session.address() | held)  # fmt: skip
