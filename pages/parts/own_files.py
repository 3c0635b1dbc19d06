"""The files of own data on the page: each as a block that says how it is read, what is asked, and lets it be corrected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from pages.parts.blocks import escaped, labelled, small
from pages.parts.own_data import Given, OwnData, current
from pages.parts.state import Session

if TYPE_CHECKING:
    from model.history.reading.columns import Field
    from model.history.reading.files import Question, Recognition

TYPES = ["csv", "tsv", "txt", "xlsx", "xls", "ods", "parquet"]
NONE = "– none –"
STAGES = ("won", "lost")
"""Habits that name several stages of opportunities."""
BY_ITSELF = "As the file shows"
ENCODINGS = ("utf-8", "utf-16", "cp1252", "cp1250", "cp1251", "mac-roman", "shift_jis", "gb18030")


def upload(own: OwnData) -> None:
    """Draw the uploader and take over what was given; the blocks list it, and the uploader begins anew."""
    files = st.file_uploader("Exports, as many as you have", type=TYPES, accept_multiple_files=True, key=own.uploader)
    for file in files or ():
        own.add(file.file_id, file.name, taken(file))
    if files:
        st.rerun()


def taken(file: UploadedFile) -> bytes:
    """Return what an uploaded file holds, and let Streamlit keep no copy: it would until the tab is closed."""
    content: bytes = file.getvalue()
    context = get_script_run_ctx()
    if context and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)
    return content


def draw(session: Session, own: OwnData, files: Mapping[str, Given]) -> None:
    """Draw a block for each of some files, by their keys."""
    for key, file in files.items():
        with st.container(gap="small"):
            _file(session, own, key, file)


def hindrances(own: OwnData, files: Iterable[Given]) -> Iterator[str]:
    """Yield what must be done before some files can be used."""
    yield from _alike(own, files := list(files))
    for file in files:
        found = own.recognition(file)
        if isinstance(found, tuple):
            yield f"{file.name} cannot be read; remove it or give it anew."
            continue
        open_ = [one for one in _asked(own, file).values() if not _answered(file, one)]
        yield from (f"{file.name}: say {_what(one)[0].lower()}{_what(one)[1:]}." for one in open_)
        yield from (f"{file.name}: choose the column for {says}." for _, says in _missing(file, found))


def _alike(own: OwnData, files: Iterable[Given]) -> Iterator[str]:
    """Yield a sentence for files that would make the same table: only one of them can be read."""
    from model.history.reading.typed import TABLES

    by_table: dict[str, list[str]] = {}
    for file in files:
        if kind := own.kind_of(file):
            by_table.setdefault(TABLES[kind][0], []).append(file.name)
    yield from (f"{' and '.join(names)} are both read as {table}; remove one, or put them together." for table, names in by_table.items()
                if len(names) > 1)  # fmt: skip


def _answered(file: Given, question: Question) -> bool:
    return bool(file.kind) if question.setting == "kind" else question.setting in dict(file.habits)


def _asked(own: OwnData, file: Given) -> dict[str, Question]:
    """Return the questions about a file, one for each setting: an answer holds for all its columns."""
    asked: dict[str, Question] = {}
    for one in own.questions:
        if one.file == file.name:
            asked.setdefault(one.setting, one)
    return asked


_WHAT = {"kind": "What its rows are", "encoding": "How its letters are written", "delimiter": "What stands between its cells",
         "decimal": "The decimal mark", "dates": "The order of its dates", "sheet": "Which sheet",
         "currency": "Which currency", "values": "What the values of the months are",
         "units": "What its amounts are in", "ends": "What its end days are", "won": "Which stages mean won",
         "lost": "Which stages mean lost"}  # fmt: skip


def _what(question: Question) -> str:
    return _WHAT[question.setting]


def _file(session: Session, own: OwnData, key: str, file: Given) -> None:
    """Draw a file: folded away what it is read as, and in view what is wrong or must be said."""
    found = own.recognition(file)
    wrong = isinstance(found, tuple)
    folded = st.expander(f"**{escaped(file.name)}**{_told(file, found)}", key=f"own-more:{own.generation}:{key}", on_change="rerun",
                         expanded=wrong and bool(file.kind or file.habits), icon=":material/error:" if wrong else ":material/table:")  # fmt: skip
    if folded.open:
        with folded:
            if not isinstance(found, tuple) and found.headers:
                _first_rows(file, found)
                _columns(session, own, key, file, found)
                _habits(session, own, key, file, found)
            if isinstance(found, tuple) or not found.headers:
                _ways_back(session, own, key, file)
            st.button("Remove this file", key=f"own-remove:{own.generation}:{key}", icon=":material/close:",
                      on_click=session.operations.append, args=(lambda _: current().remove(key),))  # fmt: skip
    if isinstance(found, tuple):
        for problem in found:
            st.error(escaped(problem), icon=":material/error:")
        return
    _questions(session, own, key, file)
    for name, says in _missing(file, found):
        _column(session, own, key, file, found, name, labelled(f"{file.name}: {says} (needed)"))
    for note in found.notes:
        small(note)


def _ways_back(session: Session, own: OwnData, key: str, file: Given) -> None:
    """Offer what was said of a file that cannot be opened so, or that a question must be answered of first: it may be what is wrong."""
    from model.history.reading.columns import kinds

    asked = _asked(own, file)
    with st.grid(4, min_column_width=170, gap="small"):
        if "kind" not in asked:
            titles = {"": BY_ITSELF} | {one: entry.title for one, entry in kinds().items()}
            _select(session, f"own-kind:{own.generation}:{key}", _WHAT["kind"], titles, file.kind, _saying(key, "kind"))
        for setting, said in file.habits:
            if setting not in asked:
                _select(session, f"own-habit:{own.generation}:{key}:{setting}", _WHAT[setting], {"": BY_ITSELF, said: said}, said,
                        _saying(key, setting))  # fmt: skip


def _told(file: Given, found: Recognition | tuple[str, ...]) -> str:
    """Say in grey what a file was recognised as."""
    from model.history.reading.columns import kinds

    if isinstance(found, tuple) or not found.headers:
        return ""
    kind = file.kind or found.kind
    what = kinds()[kind].title.lower() if kind else "not recognised"
    read = (
        f"{len(set(_chosen(file, found).values()) - {''})} of {len(found.headers)} columns read"
        if kind
        else f"{len(found.headers)} columns"
    )
    return f"\u2002:gray[{escaped(' · '.join(filter(None, (what, read, found.habits.named()))))}]"


def _chosen(file: Given, found: Recognition) -> dict[str, str]:
    """Return the header read for each field, "" for none."""
    return dict(found.columns) | dict(file.columns)


def _missing(file: Given, found: Recognition) -> list[tuple[str, str]]:
    """Return the needed fields that no column is read for, and what each holds."""
    from model.history.reading.columns import fields, missing_fields

    kind = file.kind or found.kind
    if not kind or not found.headers:
        return []
    there = {name: place for place, (name, header) in enumerate(_chosen(file, found).items()) if header}
    known = fields(kind)
    return [(names[0], " or ".join(known[name].says for name in names)) for names in missing_fields(kind, there)]


def _select(session: Session, key: str, label: str, options: Mapping[str, str], present: str | None,
            apply: Callable[[str], None]) -> None:  # fmt: skip
    """Draw a select whose choice is written at once; with None nothing is chosen yet."""
    choices = list(options)
    session.widget(
        key, present,
        lambda: st.selectbox(label, choices, choices.index(present) if present is not None else None, options.__getitem__, key=key,
                             placeholder="Choose …"),
        lambda _, value: None if value is None else apply(value),
    )  # fmt: skip


def _questions(session: Session, own: OwnData, key: str, file: Given) -> None:
    """Ask what only the reader of the file can say, each answer with what it makes of a cell."""
    from model.history.reading.columns import kinds

    for setting, one in _asked(own, file).items():
        said = file.kind if setting == "kind" else dict(file.habits).get(setting, "")
        options = {choice.value: f"{choice.label}: {choice.example}" for choice in one.choices}
        if setting == "kind":
            options = {name: f"{kinds()[name].title}: {kinds()[name].says}" for name in options}
        column = f", column {one.column}" if one.column else ""
        if not _answered(file, one):
            st.warning(escaped(one.sentence.partition(" Say which")[0]), icon=":material/help:")
        if setting in STAGES:
            _stages(session, f"own-ask:{own.generation}:{key}:{setting}", labelled(f"{_what(one)}{column}"), options, said,
                    _saying(key, setting))  # fmt: skip
            continue
        _select(session, f"own-ask:{own.generation}:{key}:{setting}", labelled(f"{_what(one)}{column}"), options,
                said if said in options else None, _saying(key, setting))  # fmt: skip


def _stages(
    session: Session, key: str, label: str, options: Mapping[str, str], said: str, apply: Callable[[str], None]
) -> None:
    """Draw a choice of several stages, written at once with a line for each."""
    chosen = [stage for stage in said.split("\n") if stage in options]
    session.widget(
        key, chosen,
        lambda: st.multiselect(label, list(options), chosen, options.__getitem__, key=key, placeholder="Choose …"),
        lambda _, value: apply("\n".join(value)),
    )  # fmt: skip


def _saying(key: str, setting: str) -> Callable[[str], None]:
    """Return what takes over an answer about a file, as the file then is."""
    if setting == "kind":
        return lambda value: current().change(key, lambda file: replace(file, kind=value, columns=()))
    return lambda value: current().change(key, lambda file: file.with_habit(setting, value))


def _first_rows(file: Given, found: Recognition) -> None:
    """Show each column with some of its cells, as text."""
    from model.history.reading.columns import fields

    kind = file.kind or found.kind
    read = {header: fields(kind)[name].says for name, header in _chosen(file, found).items()} if kind else {}
    rows = [{"Column": header, "Read for": read.get(header, ""), "First cells": "  ·  ".join(found.examples.get(header, ()))}
            for header in found.headers if header]  # fmt: skip
    st.dataframe(pd.DataFrame(rows), hide_index=True, height=min(250, 38 + 35 * len(rows)))


def _columns(session: Session, own: OwnData, key: str, file: Given, found: Recognition) -> None:
    """Offer the column of each field, the needed ones marked."""
    from model.history.reading.columns import fields, kinds

    kind = file.kind or found.kind
    with st.grid(4, min_column_width=170, gap="small"):
        if "kind" not in _asked(own, file):
            titles = {one: entry.title for one, entry in kinds().items()}
            _select(
                session, f"own-kind:{own.generation}:{key}", _WHAT["kind"], titles, kind or None, _saying(key, "kind")
            )
        for name, entry in fields(kind).items() if kind else ():
            if name not in dict(_missing(file, found)):
                _column(session, own, key, file, found, name, _label(entry))


def _label(entry: Field) -> str:
    return f"{entry.says[:1].upper()}{entry.says[1:]}{' (needed)' if entry.needed else ''}"


def _column(session: Session, own: OwnData, key: str, file: Given, found: Recognition, name: str, label: str) -> None:
    options = {"": NONE} | {header: header for header in found.headers if header}
    present = _chosen(file, found).get(name, "")

    def choose(header: str) -> None:
        current().change(key, lambda file: file.with_column(name, header))

    _select(session, f"own-column:{own.generation}:{key}:{name}", label, options,
            present if present in options else "", choose)  # fmt: skip


def units(session: Session, own: OwnData, key: str, file: Given, place: str) -> None:
    """Offer whether amounts are in thousands, wherever it is drawn."""
    options = {"": BY_ITSELF, "whole": "Whole units", "thousands": "Thousands", "millions": "Millions"}
    said = dict(file.habits).get("units", "")
    _select(session, f"own-units:{own.generation}:{place}:{key}", labelled(f"{file.name}: what its amounts are in"), options,
            said if said in options else "", _saying(key, "units"))  # fmt: skip


def _habits(session: Session, own: OwnData, key: str, file: Given, found: Recognition) -> None:
    """Offer how the file is written, where that can be said of it."""
    from model.history.reading.habits import DATES, DECIMALS, DELIMITERS, ENDS
    from model.history.reading.units import has_amounts

    if has_amounts(file.kind or found.kind) and "units" not in _asked(own, file):
        units(session, own, key, file, "file")
    known: dict[str, Any] = {"decimal": DECIMALS, "dates": DATES}
    if (file.kind or found.kind) in ("subscriptions", "invoices"):
        known["ends"] = ENDS
    if found.habits.delimiter:
        known |= {"encoding": {name: name for name in ENCODINGS}, "delimiter": DELIMITERS}
    asked = _asked(own, file)
    with st.grid(4, min_column_width=170, gap="small"):
        for setting, names in known.items():
            if setting in asked:
                continue
            said = dict(file.habits).get(setting, "")
            shows = getattr(found.habits, setting)
            options = {"": f"{BY_ITSELF}{f': {names.get(shows, shows)}' if shows and not said else ''}"} | dict(names)
            _select(
                session,
                f"own-habit:{own.generation}:{key}:{setting}",
                _WHAT[setting],
                options,
                said,
                _saying(key, setting),
            )
