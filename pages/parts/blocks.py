"""Blocks: what pages are put together from. Each takes numbers and says them in words, a figure or a chart."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st
from streamlit.runtime.runtime_util import MESSAGE_FLUSH_INTERVAL_SECS

from model import Company, assumptions, sources
from model.catalogue import Metric, metrics
from model.projection import Projection
from model.text import Over, difference, glance, month_name, numbered, shown, span_name
from pages.parts.cards import Card, Colour, row
from pages.parts.charts import Figure, Ready
from pages.parts.state import Session

MOST_NOTICES = 12
LONGEST = 90
"""How many letters a title has at most."""
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+!|~$:])")
_IN_LABEL = re.compile(r"[\\`*\[\]<~|]|(?<!\w)_|_(?!\w)|^[#>+\-]")
"""What could be markup in a line of its own; an underscore within a word and a colon before a space are none."""
_JOINED = re.compile(r":(?=[\w/])|\bwww(?=\.)|@(?=\w)|−(?=[^\s\d])", re.IGNORECASE)
"""Behind it an invisible joiner keeps ":smile:" from becoming a picture, an address from becoming a link, and a minus from
staying behind on a line of which its amount has gone to the next."""


def escaped(text: str) -> str:
    """Return a text that Markdown shows as it is: nothing of it is markup, a formula, an icon, a link or HTML."""
    return _MARKDOWN.sub(r"\\\1", _JOINED.sub("\\g<0>\u2060", text.replace("\n", " ")))


def labelled(text: str) -> str:
    """Return a text as the label of a widget, which those who hear it hear letter by letter: nothing is escaped without need."""
    told = _IN_LABEL.sub(r"\\\g<0>", _JOINED.sub("\\g<0>\u2060", text.replace("\n", " ")))
    return told if text.count("$") < 2 else told.replace("$", "\\$")


def small(text: str) -> None:
    """Write a line in small grey, of a text that is shown as it is."""
    st.markdown(_grey(text))


def _grey(text: str) -> str:
    return f":gray[:small[{escaped(text)}]]"


def head(answer: str, page: str, question: str) -> None:
    """Write the page's answer as its title and the question under it."""
    with st.container(key="head", gap=None):
        st.title(escaped(answer), anchor=False)
        small(" · ".join(filter(None, (page, question))))


def fitting(*tellings: str) -> str:
    """Return the first telling that is short enough for a title, else the last one, cut; the fullest comes first."""
    return next((text for text in tellings if len(text) <= LONGEST), glance(tellings[-1], LONGEST))


def heading(title: str, subtitle: str) -> None:
    """Write a sentence that says what is below it, and a line about it."""
    st.markdown(f"## {escaped(title)}\n\n{_grey(subtitle)}")


def chart(title: str, subtitle: str, figure: Figure, key: str, alt: str = "") -> None:
    """Draw a chart under a sentence that says what it shows."""
    with st.container(gap=None):
        heading(title, subtitle)
        st.plotly_chart(Ready(figure), theme=None, key=f"chart:{key}", alt=alt or f"{title}. {subtitle}",
                        config={"displayModeBar": False, "scrollZoom": False})  # fmt: skip


def send_so_far() -> None:
    """Let the browser have what is drawn so far, so that it does not draw all of the page at once at the end."""
    time.sleep(2 * MESSAGE_FLUSH_INTERVAL_SECS)


def last_known(values: Any) -> float:
    """Return the last number of a series, NaN if there is none."""
    known = np.asarray(values)[np.isfinite(values)]
    return float(known[-1]) if known.size else float("nan")


def period_name(projection: Projection, over: Over) -> str:
    """Return how the months of a figure at the end are called: "2028", or "12 months to Jun 2028"."""
    return span_name(*projection.scenario.company.month(projection.months), over)


def delta(entry: Metric, value: float, base: float, currency: str) -> tuple[str, Colour]:
    """Return how a metric differs from its base, and whether that is good, bad or neither."""
    change = value - base
    if not np.isfinite(change):
        return "–", "gray"
    text = difference(change, entry.shown_as, currency)
    if not any(digit in text for digit in "123456789"):
        return "Base", "gray"
    if entry.better == "neither":
        return text, "gray"
    return text, "green" if (change > 0) == (entry.better == "up") else "red"


def kpi_strip(session: Session, names: Sequence[str]) -> None:
    """Draw metrics side by side, each with its change against the base and its definition behind a mark."""
    currency = session.scenario.company.currency
    now, then = session.view, session.base_view
    cards = []
    for name in names:
        entry = metrics()[name]
        value, base = (last_known(view.metric(name)) for view in (now, then))
        text, colour = delta(entry, value, base, currency)
        cards.append(Card(entry.label, shown(value, entry.shown_as, currency), text, colour, told(entry)))
    row(cards, across=min(5, len(names)))


def told(entry: Metric) -> str:
    """Return a metric's definition, formula and rival definition as one text."""
    rival = f" Elsewhere: {entry.rival}" if entry.rival else ""
    return f"{entry.definition} {entry.unit[0].upper()}{entry.unit[1:]}. Formula: {entry.formula}.{rival}"


def ways_to_move(session: Session) -> None:
    """Lead to the pages whose sliders are moved most, where there is nothing to show before a move."""
    pages = st.session_state["pages"]
    with st.container(border=True):
        for lens, label in (
            ("expand", "Expand: keep and grow customers"),
            ("execute", "Execute: win more, sooner"),
        ):
            st.page_link(pages[lens], label=label, icon=":material/arrow_forward:", query_params=session.address())


def notices(session: Session) -> None:
    """Say what was refused, what is clipped, where capacity binds, and whether a link gives its numbers, above all else."""
    told = dict.fromkeys(
        [*session.notices, *session.scenario.warnings(), *capacity(session.projection), *gaps(session.scenario.company)]
    )
    for text in few(list(told)):
        st.warning(escaped(text), icon=":material/warning:")
    if session.verdict and session.verdict.same:
        st.markdown(f":green[:material/check:] {_grey(session.verdict.says)}")
    elif session.verdict:
        st.warning(escaped(session.verdict.says), icon=":material/difference:")


def few(texts: Sequence[str]) -> list[str]:
    """Return the first of many sentences, and in one more how many are left out."""
    left = len(texts) - MOST_NOTICES
    return [*texts] if left <= 1 else [*texts[:MOST_NOTICES], f"{left} more of this kind are not listed."]


def gaps(company: Company) -> list[str]:
    """Return a sentence where a segment opens with ARR but without customers."""
    arr, customers = company.base("opening_arr"), company.base("opening_customers")
    bare = [title for title, a, c in zip(company.segments.values(), arr, customers, strict=True) if a > 0 and c == 0]
    if not bare:
        return []
    return [
        f"{', '.join(bare)}: there is opening ARR but no opening customer, so cost to serve and referrals count none."
    ]


def capacity(projection: Projection) -> list[str]:
    """Return a sentence about the segments in which won deals wait because the representatives cannot close them."""
    company, found = projection.scenario.company, []
    for segment, title in company.segments.items():
        waiting = projection.of("deals_waiting", segment)
        if waiting.max() >= 0.5:
            months = [month_name(*company.month(int(at) + 1)) for at in np.flatnonzero(waiting >= 0.05)[[0, -1]]]
            binds = waiting[-1] >= 0.5
            deals = numbered(f"{waiting[-1] if binds else waiting.max():,.0f}", "won deals waiting")
            found.append(f"{title} from {months[0]}, {deals} at the end" if binds else
                         f"{title} from {' to '.join(dict.fromkeys(months))}, up to {deals}")  # fmt: skip
    if not found:
        return []
    return [f"Sales capacity binds: {'; '.join(found)}. More reps, or more deals a rep, would close them."]


def sources_of(names: Sequence[str]) -> None:
    """List the sources of some assumptions and metrics, folded away at the bottom of a page."""
    entries = [assumptions().get(name) or metrics()[name] for name in names]
    by_source: dict[str, list[str]] = {}
    for entry in entries:
        by_source.setdefault(entry.source, []).append(entry.label)
    folded = st.expander("Sources and definitions", icon=":material/menu_book:", key="sources", on_change="rerun")
    if folded.open:
        folded.markdown("\n\n".join(_source(source, labels) for source, labels in by_source.items()))


def _source(source: str, labels: Sequence[str]) -> str:
    """Return what a source says, its address and what is taken from it."""
    known = sources()[source]
    link = f" [{escaped(known.address)}]({known.address})" if known.address else ""
    return f"**{escaped(known.title)}** — {escaped(known.says)}{link}  \n{_grey(', '.join(labels))}"
