"""The four figures on top of every page, which stay in view where there is room."""

from __future__ import annotations

from model.catalogue import metrics
from model.text import shown
from pages.parts import cards
from pages.parts.blocks import delta, last_known, period_name
from pages.parts.state import Session

FIGURES = ("arr", "revenue", "operating_profit", "nrr")


def draw(session: Session) -> None:
    """Draw the headline figures with their change against the base and a small curve."""
    cards.row([_card(session, name) for name in FIGURES], across=4, name="headline")


def _card(session: Session, name: str) -> cards.Card:
    entry, currency = metrics()[name], session.scenario.company.currency
    series, then = (view.metric(name) for view in (session.view, session.base_view))
    value, base = last_known(series), last_known(then)
    text, colour = delta(entry, value, base, currency)
    of_company = session.segment and name == "operating_profit"
    title = "Company profit" if of_company else entry.label
    told = f"{entry.definition} Of the whole company, whatever the segment." if of_company else entry.definition
    return cards.Card(f"{title}, {period_name(session.projection, entry.over)}", shown(value, entry.shown_as, currency), text,
                      colour, told, against="" if text == "Base" else "vs base", curve=series)  # fmt: skip
