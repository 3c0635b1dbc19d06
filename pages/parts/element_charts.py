"""Charts of the four elements: what people, process, technology and data cost, and what a small step of each is worth."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import cast

import numpy as np
import streamlit as st

from model import Scenario, assumptions
from model.catalogue import Element
from model.frameworks.elements import ELEMENTS, Worth, cost, cost_lines_of, levers_of, worth
from model.frameworks.lens import lenses
from model.text import money, number, symbol
from pages.parts import charts
from pages.parts.blocks import chart
from pages.parts.charts import Series
from pages.parts.periods import years_name
from pages.parts.state import Session
from pages.parts.theme import colours

HEIGHT = 198
MOST_STEPS = 7
COSTS = {"cost_of_revenue": "cost of revenue", "marketing_cost": "marketing", "sales_cost": "sales",
         "customer_success_cost": "customer success", "overhead_cost": "overhead", "revops_cost": "the RevOps programme"}  # fmt: skip
SMALL_STEP = "a point of a rate, 1\u202f% of anything else, up or down as it helps"


@lru_cache(maxsize=256)
def _worth(scenario: Scenario) -> Worth:
    return worth(scenario)


def element_worth(session: Session, of: str, key: str) -> None:
    """Small steps of the levers of an element, ranked by the profit they bring, and where its other levers are."""
    element = cast(Element, of)
    steps, span = _worth(session.scenario).ranked(element)[:MOST_STEPS], _span(session)
    if steps:
        texts = [_money(session, step.worth) for step in steps]
        title = f"{steps[0].label} is worth {texts[0]} of profit {span}"
        figure = charts.ranked(
            [step.label for step in steps], [step.worth for step in steps], texts, height=HEIGHT, left=172
        )
        chart(title, f"Company profit {span} by one step each: {SMALL_STEP}", figure, key)
    else:
        st.markdown(f"## No small step of {element} changes profit here")
    _elsewhere(session, element)


def _elsewhere(session: Session, element: Element) -> None:
    """Link the pages on which the levers of an element are that its own stage leaves out."""
    stages = [(lens, stage) for lens in lenses().values() for stage in lens.stages]
    own = [
        stage
        for _, stage in stages
        if any((g.chart.kind, g.chart.of) == ("element_worth", element) for g in stage.groups)
    ]
    left = [name for name in levers_of(element) if not any(name in stage.levers for stage in own)]
    at = {name: lens for name in left for lens, stage in reversed(stages) if name in stage.levers}
    if not at:
        return
    with st.container(horizontal=True, gap="small"):
        for lens in dict.fromkeys(at.values()):
            labels = ", ".join(assumptions()[name].label for name, other in at.items() if other == lens)
            st.page_link(st.session_state["pages"][lens.id], label=f"{lens.title}: {labels}", icon=lens.icon,
                         query_params=session.address())  # fmt: skip


def element_cost(session: Session, of: str, key: str) -> None:
    """The cost of an element by month, against the base."""
    element = cast(Element, of)
    now, base = (cost(projection, element) for projection in (session.projection, session.base))
    here, there = _money(session, now[-1]), _money(session, base[-1])
    share = now[-1] / session.projection.total("revenue")[-1] if session.projection.total("revenue")[-1] else np.nan
    part = f", {number(100 * share)}\u202f% of revenue" if np.isfinite(share) else ""
    lines = [Series(here, now, "scenario", 2.75, True, "Scenario")]
    if here != there:
        lines.insert(0, Series(f"Base {there}", base, "base", 1.75, name="Base"))
    figure = charts.over_time(_dates(session), lines, money=_symbol(session), height=HEIGHT)
    *first, last = [COSTS[line] for line in cost_lines_of(element)]
    parts = f"{', '.join(first)} and {last}" if first else last
    chart(f"{element.title()} {'cost' if element == 'people' else 'costs'} {here} a month at the end{part}",
          f"{parts[0].upper()}{parts[1:]} of the company, by month. Grey: base", figure, key)  # fmt: skip


def cost_by_element(session: Session, _: str, key: str) -> None:
    """The cost of each element over months, one on the other, against revenue."""
    revenue = session.projection.total("revenue")
    paid = [element for element in ELEMENTS if cost_lines_of(element)]
    costs = [cost(session.projection, element) for element in paid]
    tops = np.cumsum(costs, axis=0)
    lines = [Series(f"■ {element.title()} {_money(session, each[-1])}", top, element, name=element.title())
             for element, each, top in zip(paid, costs, tops, strict=True)]  # fmt: skip
    lines.append(Series(f"Revenue {_money(session, revenue[-1])}", revenue, "revenue", 2.75, True, "Revenue"))
    figure = charts.over_time(_dates(session), lines, money=_symbol(session), height=HEIGHT, zero=True)
    colour = colours()
    for trace, element, each in zip(figure["data"], paid, costs, strict=False):
        trace |= {"fill": "tonexty" if element != paid[0] else "tozeroy", "fillcolor": colour[element], "customdata": each.tolist(),
                  "hovertemplate": f"{html.escape(_symbol(session))}%{{customdata:,.3s}}<extra>%{{fullData.name}}</extra>"}  # fmt: skip
    figure["layout"]["margin"]["r"] = 148
    share = 100 * costs[0][-1] / tops[-1][-1] if tops[-1][-1] else 0.0
    chart(f"{paid[0].title()} are {number(share)}\u202f% of all cost in the last month",
          "Cost by element against revenue, by month, whole company. Data have no cost line of their own", figure, key)  # fmt: skip


def worth_by_element(session: Session, _: str, key: str) -> None:
    """What all levers of an element together bring by one small step each."""
    together, span = _worth(session.scenario).together, _span(session)
    ranked = sorted(ELEMENTS, key=lambda element: -together[element])
    labels = [f"{element.title()}, {len(levers_of(element))} levers" for element in ranked]
    figure = charts.ranked(labels, [together[element] for element in ranked],
                           [_money(session, together[element]) for element in ranked], height=HEIGHT, left=156)  # fmt: skip
    best = ranked[0]
    title = f"One small step of every lever of {best} is worth {_money(session, together[best])} of profit {span}"
    chart(
        title,
        "Company profit by the steps of all levers of an element at once; more levers, more steps",
        figure,
        key,
    )


def _dates(session: Session) -> list[str]:
    company, months = session.scenario.company, session.scenario.horizon
    return [f"{year}-{month:02d}" for year, month in map(company.month, range(1, months + 1))]


def _span(session: Session) -> str:
    return f"over {years_name(session.projection)}"


def _money(session: Session, value: float) -> str:
    return money(float(value), session.scenario.company.currency)


def _symbol(session: Session) -> str:
    return symbol(session.scenario.company.currency)


KINDS: Mapping[str, Callable[[Session, str, str], None]] = {
    "element_worth": element_worth,
    "element_cost": element_cost,
    "cost_by_element": cost_by_element,
    "worth_by_element": worth_by_element,
}
