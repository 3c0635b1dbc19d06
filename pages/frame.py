"""The frame of all pages: the scenario from the address, the four figures, the sidebar, navigation."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import streamlit as st

from model.frameworks.lens import lenses
from model.frameworks.own_lens import ADDRESS
from model.frameworks.own_lens import ICON as ICON_OF_OWN
from pages import (
    actuals,
    aim,
    assessment,
    back_test,
    choose,
    company,
    compare,
    delivery,
    drivers,
    explain,
    history,
    lens,
    method,
    overview,
    own_lens,
    retention_profit,
    scores,
    sensitivity,
    uncertainty,
)
from pages.parts import headline, sidebar, theme, turn, working
from pages.parts.blocks import notices

LOGO, ICON = (Path(__file__).parent / "parts" / name for name in ("logo.svg", "icon.svg"))

st.set_page_config(page_title="RevLens", page_icon=str(ICON), layout="wide")
session = turn.begin()
working.take_over(session)
theme.css()
st.logo(str(LOGO), size="large")


def page(
    draw: Callable[..., None], *given: object, title: str, icon: str, address: str, first: bool = False
) -> st.Page:
    """Return a page; what it draws is given the session, and what else it needs."""
    return st.Page(partial(draw, session, *given), title=title, icon=icon, url_path=address, default=first)


def to_first_page() -> None:
    """Lead to the first page, whose own address is the empty one."""
    st.switch_page(by_group[""][0], query_params=session.address())


by_group: dict[str, list[st.Page]] = {
    "": [page(overview.page, title="Overview", icon=":material/monitoring:", address="start", first=True)]
}
for entry in lenses().values():
    by_group.setdefault(entry.group, []).append(
        page(lens.page, entry, title=entry.title, icon=entry.icon, address=entry.id)
    )
by_group["Frameworks"].append(
    page(assessment.page, title="Self-assessment", icon=":material/checklist:", address="assessment")
)
by_group["Studies"] = [
    page(compare.page, title="Compare", icon=":material/compare_arrows:", address="compare"),
    page(explain.page, title="Explain", icon=":material/waterfall_chart:", address="explain"),
    page(uncertainty.page, title="Uncertainty", icon=":material/ssid_chart:", address="uncertainty"),
    page(drivers.page, title="What drives it", icon=":material/bar_chart:", address="drivers"),
    page(sensitivity.page, title="What moves it", icon=":material/tornado:", address="sensitivity"),
    page(aim.page, title="Aim", icon=":material/target:", address="aim"),
    page(retention_profit.page, title="Retention and profit", icon=":material/savings:", address="retention-profit"),
    page(scores.page, title="Segments and lead scores", icon=":material/sort:", address="scores"),
    page(delivery.page, title="Waterfall or agile", icon=":material/view_timeline:", address="delivery"),
]
by_group.setdefault("Your lens", []).extend([
    page(choose.page, title="Choose a lens", icon=":material/explore:", address="choose"),
    page(own_lens.page, title="Your lens", icon=ICON_OF_OWN, address=ADDRESS),
])  # fmt: skip
by_group["Company and method"] = [
    page(company.page, title="Company", icon=":material/domain:", address="company"),
    page(history.page, title="History", icon=":material/history:", address="history"),
    page(back_test.page, title="Back-test", icon=":material/replay:", address="back-test"),
    page(actuals.page, title="Plan and actuals", icon=":material/compare_arrows:", address="actuals"),
    page(method.page, title="Method", icon=":material/functions:", address="method"),
]

st.session_state["pages"] = {entry.url_path: entry for group in by_group.values() for entry in group}
overview_by_name = st.Page(to_first_page, title="Overview", url_path="overview", visibility="hidden")
chosen = st.navigation({**by_group, "": [*by_group[""], overview_by_name]}, position="top")
on_top = st.container(key="headline"), st.container()


def draw_around() -> None:
    """Draw what stands around the page: figures and notices on top, and the sidebar."""
    for place, draw in zip(on_top, (headline.draw, notices), strict=True):
        with place:
            draw(session)
    sidebar.draw(session)


if chosen.url_path not in lenses():
    session.stage = ""
if chosen in by_group["Studies"]:  # a study may take long: figures and Undo do not wait for it
    draw_around()
    chosen.run()
else:  # the page first, so that its charts are on their way while the rest is worked out
    try:
        chosen.run()
    finally:  # where a page fails, too: Undo leads back
        draw_around()
turn.finish(session)
working.draw()
