"""The editor of a lens of one's own: its texts, its lists in their order, and where it begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from model import assumptions, sources
from model.catalogue import metrics
from model.frameworks.lens import LensChart, lenses
from model.frameworks.own_lens import MOST, START, TEXTS, OwnLens, all_charts, all_levers, chart_name, of_lens
from pages.parts.blocks import escaped, small
from pages.parts.lens_charts import LINE_NAMES
from pages.parts.state import Session

CHART_NAMES = {"movements": "ARR gained and lost", "forecast": "New ARR with its forecast", "capacity": "Sales capacity",
               "funnel": "From lead to customer"}  # fmt: skip
LABELS = {"levers": "Levers", "kpis": "Figures", "charts": "Charts"}


def lens_of(session: Session) -> OwnLens:
    """Return the lens in view: that of the link, or the one the editor begins with."""
    return session.lens or START


def draw(session: Session) -> None:
    """Draw the editor; each change counts at once, and travels in the link."""
    _template(session)
    _text(session, "name", "Name")
    _text(session, "question", "Question it answers")
    for part in LABELS:
        _list(session, part)
    order = st.popover("Order", icon=":material/swap_vert:", key="lens-order", width="stretch", on_change="rerun")
    if order.open:
        with order:
            _order(session)
    more = st.popover("More about it", icon=":material/notes:", key="lens-more", width="stretch", on_change="rerun")
    if more.open:
        with more:
            _text(session, "about", "What it is about")
            _text(session, "owner", "Owner")
            _text(session, "tools", "Tools, with commas between")
            _source(session)


def name_of(part: str, entry: str) -> str:
    """Return what an entry of a list is called: with its group for a lever, in words for a chart."""
    if part == "levers":
        return f"{assumptions()[entry].label} · {assumptions()[entry].group.capitalize()}"
    return metrics()[entry].label if part == "kpis" else _chart_label(all_charts()[entry])


def _chart_label(chart: LensChart) -> str:
    if chart.kind == "metric":
        return f"{metrics()[chart.of].label}, over time"
    if chart.kind == "by_quarter":
        return f"{LINE_NAMES.get(chart.of, chart.of)}, by quarter"
    name = CHART_NAMES.get(chart.kind, chart.kind.replace("_", " ").capitalize())
    return f"{name}: {chart.of}" if chart.of else name


def _names(lens: OwnLens, part: str) -> list[str]:
    """Return the entries of a list by name."""
    return [chart_name(chart) for chart in lens.charts] if part == "charts" else list(getattr(lens, part))


def _options(part: str, present: Sequence[str]) -> list[str]:
    """Return what can be chosen; of lines by quarter those that have a name, and whatever a link brought."""
    if part == "levers":
        return list(all_levers())
    if part == "kpis":
        return list(metrics())
    return [name for name, chart in all_charts().items()
            if chart.kind != "by_quarter" or chart.of in LINE_NAMES or name in present]  # fmt: skip


def _template(session: Session) -> None:
    """Offer the stages of every lens to begin from; the one chosen replaces what is here."""
    stages = {f"{lens.id}:{stage.id}": (lens, stage) for lens in lenses().values() for stage in lens.stages}
    names = {key: lens.title if len(lens.stages) == 1 else f"{lens.title}: {stage.title}"
             for key, (lens, stage) in stages.items()}  # fmt: skip

    def begin_with(s: Session, key: str | None) -> None:
        if key:
            s.lens, s.notices = of_lens(*stages[key])

    session.widget(
        "lens-template", None,
        lambda: st.selectbox("Start from", list(stages), None, names.__getitem__, key="lens-template",
                             placeholder="A lens that is here", help="It replaces what is chosen below; Back in the "
                             "browser brings that back."),
        begin_with,
    )  # fmt: skip


def _text(session: Session, part: str, label: str) -> None:
    present = getattr(lens_of(session), part)

    def write(s: Session, text: str) -> None:
        s.lens = lens_of(s).with_text(part, text)

    session.widget(
        f"lens-{part}", present,
        lambda: st.text_input(label, present, max_chars=TEXTS[part], key=f"lens-{part}"),
        write,
    )  # fmt: skip


def _list(session: Session, part: str) -> None:
    present = _names(lens_of(session), part)

    def take(s: Session, names: list[str]) -> None:
        entries = tuple(all_charts()[name] for name in names) if part == "charts" else tuple(names)
        changed: dict[str, Any] = {part: entries}
        s.lens = replace(lens_of(s), **changed)

    session.widget(
        f"lens-{part}", present,
        lambda: st.multiselect(LABELS[part], _options(part, present), present, partial(name_of, part),
                               key=f"lens-{part}", max_selections=MOST[part], placeholder="Search and choose", wrap=True),
        take,
    )  # fmt: skip


def _order(session: Session) -> None:
    """List what was chosen; a button moves its entry one place up."""
    small("Press a name to move it up by one.")
    for part, label in LABELS.items():
        st.markdown(f"**{label}**")
        with st.container(gap="xxsmall"):
            for place, name in enumerate(_names(lens_of(session), part)):
                st.button(escaped(name_of(part, name)), key=f"up:{part}:{name}", icon=":material/arrow_upward:",
                          disabled=place == 0, width="stretch", on_click=session.operations.append,
                          args=(partial(_move_up, part=part, place=place),))  # fmt: skip


def _move_up(session: Session, part: str, place: int) -> None:
    session.lens = lens_of(session).with_earlier(part, place)


def _source(session: Session) -> None:
    present = lens_of(session).source

    def take(s: Session, source: str) -> None:
        s.lens = replace(lens_of(s), source=source)

    session.widget(
        "lens-source", present,
        lambda: st.selectbox("Where the idea comes from", list(sources()), list(sources()).index(present),
                             lambda key: sources()[key].title, key="lens-source"),
        take,
    )  # fmt: skip
