"""The frame of all pages: the scenario from the address, the four figures, the sidebar, navigation."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import streamlit as st

from model.lens import lenses
from pages import company, lens, method, overview, retention_profit
from pages.parts import headline, sidebar, state, theme
from pages.parts.blocks import notices

LOGO, ICON = (Path(__file__).parent / "parts" / name for name in ("logo.svg", "icon.svg"))

st.set_page_config(page_title="RevLens", page_icon=str(ICON), layout="wide")
session = state.begin()
theme.css()
st.logo(str(LOGO), size="large")

by_group: dict[str, list[st.Page]] = {
    "": [st.Page(partial(overview.page, session), title="Overview", icon=":material/monitoring:", url_path="overview",
                 default=True)],
}  # fmt: skip
for entry in lenses().values():
    page = st.Page(partial(lens.page, session, entry), title=entry.title, icon=entry.icon, url_path=entry.id)
    by_group.setdefault(entry.group, []).append(page)
by_group["Retention economics"] = [
    st.Page(partial(retention_profit.page, session), title="Retention and profit", icon=":material/savings:",
            url_path="retention-profit"),
]  # fmt: skip
by_group["Company and method"] = [
    st.Page(partial(company.page, session), title="Company", icon=":material/domain:", url_path="company"),
    st.Page(partial(method.page, session), title="Method", icon=":material/functions:", url_path="method"),
]

st.session_state["pages"] = {page.url_path: page for group in by_group.values() for page in group}
chosen = st.navigation(by_group, position="top")
on_top = st.container(key="headline"), st.container()
chosen.run()  # before the rest, so that its charts are on their way while the rest is worked out
for place, draw in zip(on_top, (headline.draw, notices), strict=True):
    with place:
        draw(session)
sidebar.draw(session)
state.finish(session)
