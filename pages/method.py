"""Method: every assumption, metric and source with its formula, searchable."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import pandas as pd
import streamlit as st

from model import MODEL_VERSION, assumptions, sources
from model.catalogue import metrics
from model.text import plain
from pages.parts.blocks import head, small
from pages.parts.state import Session

OMITTED = (
    "A company measured from files is its past: that new customers may differ from earlier ones, and seasons, are left out.",
    "The band of a back-test draws measured values each for itself; what a template gives and that a trend may break is left out.",
    "Re-planning from actual months keeps the gap as it is: that a smaller book also loses and grows less is left out.",
    "Customers within a segment and sale month are alike; there is no single customer in the model.",
    "New customers pay for a whole contract from the month they are won; implementation and ramp-up of usage are left out.",
    "Sales capacity is what ramped reps can close; hiring time and attrition of reps are left out.",
    "Moves do not influence each other: a higher price does not by itself lower the win rate. Move both if you think so.",
    "A renewal at risk is approached in time or not; when exactly, and what an offer to stay gives away, is left out.",
    "Lead scores do not get stale, and the share of leads worked stays the same however many leads arrive.",
    "Delivery: what waterfall risks by finding mistakes late and what agile gains by learning on the way are left out.",
    "Money is nominal and before interest and tax; only the present value of profit is discounted.",
    "Invoices are yearly in advance or monthly, and all are paid in full and on the same day after they go out; VAT, bad debt, "
    "partial payments and currency are left out. Costs are paid in the month they arise.",
    "What a level of maturity changes is judgement, and what it takes to get there is counted for people and tools only.",
    "A share of a difference says what the model does with the moves, not what caused a change in a real company.",
    "Onboarding has no assumption of its own.",
)


def page(session: Session) -> None:
    """Draw the page."""
    count = len(assumptions()) + len(metrics())
    head(f"{count} declarations make every number on these pages", "Method", "How is it computed, and says who?")
    asked = st.text_input("Search", key="search", placeholder="retention, CAC, Fader …", icon=":material/search:")
    _table("Assumptions", _assumptions(session), asked)
    _table("Metrics", _metrics(), asked)
    _table("Sources", _sources(), asked)
    st.markdown("## What the model leaves out")
    for text in OMITTED:
        small(f"• {text}")
    small(f"Model version {MODEL_VERSION}. All formulas stand in docs/model.md of the project.")


def _table(title: str, rows: Sequence[dict[str, str]], asked: str) -> None:
    """Draw the rows that contain all words asked for."""
    words = asked.lower().split()
    found = [row for row in rows if all(word in " ".join(row.values()).lower() for word in words)]
    st.markdown(f"## {title} :gray[{len(found)}]")
    if found:
        config = {name: st.column_config.TextColumn(width=_width(name)) for name in found[0]}
        config |= {"Address": st.column_config.LinkColumn(width="medium")} if "Address" in found[0] else {}
        height = min(420, 38 + 35 * len(found))
        st.dataframe(pd.DataFrame(found), hide_index=True, column_config=config, height=height, key=f"table:{title}")
    else:
        small("Nothing here has all of these words.")


def _width(name: str) -> Literal["small", "medium", "large"]:
    if name in ("Question", "Definition", "Formula", "Says"):
        return "large"
    return "small" if name in ("From", "To", "Base here", "Kind", "Step", "Read") else "medium"


def _assumptions(session: Session) -> list[dict[str, str]]:
    company = session.scenario.company
    return [
        {
            "Assumption": entry.label, "Question": entry.question, "Base here": entry.show(company.mean(name), company.currency),
            "Unit": entry.unit, "From": entry.show(entry.min, company.currency), "To": entry.show(entry.max, company.currency),
            "Across segments": entry.across, "Kind": entry.kind, "Source": _source(company.sources.get(name, entry.source)),
            "Name": name, "Step": plain(entry.step),
        }
        for name, entry in assumptions().items()
    ]  # fmt: skip


def _source(named: str) -> str:
    return sources()[named].title if named in sources() else named


def _metrics() -> list[dict[str, str]]:
    return [
        {"Metric": entry.label, "Definition": entry.definition, "Formula": entry.formula, "Unit": entry.unit,
         "Elsewhere": entry.rival, "Source": sources()[entry.source].title, "Name": name}
        for name, entry in metrics().items()
    ]  # fmt: skip


def _sources() -> list[dict[str, str]]:
    read = {"page": "read at the address", "reported": "as reported by others"}
    return [
        {"Source": entry.title, "Says": entry.says, "Read": read[entry.read], "Address": entry.address}
        for entry in sources().values()
    ]
