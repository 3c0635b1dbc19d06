"""Every page of every company, as a script run: no exception, words on it, and nobody's text becomes markup."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from model import Scenario, assumptions, load_shipped, shipped, write_link
from model.company_file import company_from, company_raw
from model.frameworks.lens import lenses
from pages import drivers, explain, lens, uncertainty
from tests.pages.cards import cards
from tests.places import PLACES

FRAME = Path(__file__).parents[2] / "pages" / "frame.py"
ODD = "<img src=x onerror=alert(1)> **b** $x$ :material/home: [l](http://x)"


def opened(page: str, query: str = "") -> AppTest:
    """Return a page after its first run."""
    app = AppTest.from_file(str(FRAME), default_timeout=60)
    for key, value in parse_qsl(query.partition("?")[2] or query):
        app.query_params[key] = value
    app._page_hash = calc_hash(page or "overview") if page else ""
    return app.run()


def held(app: AppTest, key: str) -> str:
    """Return what the address holds of a parameter."""
    found = app.query_params.get(key, "")
    return found if isinstance(found, str) else found[0]


def figures(app: AppTest) -> list[Any]:
    """Return the charts of a page as their specs."""
    return [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]


def shown(app: AppTest) -> str:
    """Return all that a page shows which a move may change."""
    return json.dumps([cards(app), figures(app)], sort_keys=True)


def test_the_menu_has_every_page_and_no_other() -> None:
    assert set(opened("").session_state["pages"]) == set(PLACES)


@pytest.mark.parametrize(("address", "module", "first"), [
    ("uncertainty", uncertainty, True), ("drivers", drivers, True), ("explain", explain, True), ("engage", lens, False),
])  # fmt: skip
def test_figures_and_sidebar_come_before_a_study_and_after_the_charts_of_a_lens(
    address: str, module: Any, first: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A study may take seconds: what stands around it must not wait, nor Undo. A lens sends its charts first."""
    sidebar_drawn = []
    monkeypatch.setattr(module, "page", lambda session, *_: sidebar_drawn.append("horizon" in session.drawn))
    app = opened(address)
    assert not app.exception
    assert sidebar_drawn == [first]
    assert app.button(key="undo")


@pytest.mark.parametrize("company", shipped())
@pytest.mark.parametrize("page", PLACES)
def test_every_page_of_every_company_runs(page: str, company: str) -> None:
    for segment in ("", *load_shipped(company).segments):
        app = opened(page, f"company={company}" + (f"&segment={segment}" if segment else ""))
        assert not app.exception
        assert 20 < len(app.title[0].value.replace("\\", "")) <= 110
        assert len(cards(app)) >= 4


@pytest.mark.parametrize(
    "query",
    ["retention_rate=9", "win_rate=nan&leads_per_month=1e999", "company=nobody", "horizon=12&win_rate=0.3from30",
     "retention_rate=0.99&upsell_rate=0.3&horizon=30", "file=eNoAAAA", "leads_per_month=0&target_accounts=0&referral_rate=0",
     "win_rate=1&sales_reps=0", "gross_margin=-1&retention_rate=0&horizon=120", "sales_cycle_months=24&slip_rate=0.9"],
)  # fmt: skip
@pytest.mark.parametrize("page", PLACES)
def test_odd_links_are_answered_in_words(page: str, query: str) -> None:
    app = opened(page, query)
    assert not app.exception
    for key in ("retention_rate=9", "nobody", "from30", "1e999"):
        if key in query:
            assert any(key in warning.value.replace("\\", "") for warning in app.warning)


@pytest.mark.parametrize(("page", "stage", "told"), [
    ("engage", "<b>", "Engage has no stage '<b>' (stage=…); it has no stages."),
    ("renewals", "nope", "Renewals has no stage 'nope' (stage=…); there is process, systems, analytics, enablement. Process is shown."),
    ("renewals", "analytics", ""),
])  # fmt: skip
def test_a_stage_of_a_link_that_there_is_not_is_named(page: str, stage: str, told: str) -> None:
    app = opened(page, urlencode({"company": "midmarket-saas", "stage": stage}))
    assert not app.exception
    assert [warning.value.replace("\\", "") for warning in app.warning] == ([told] if told else [])


def test_the_overview_is_found_by_its_name_too() -> None:
    app = opened("overview", "company=launchpad&retention_rate=0.93")
    assert not app.exception
    assert app.title[0].value == opened("", "company=launchpad&retention_rate=0.93").title[0].value


@pytest.mark.parametrize("page", PLACES)
def test_names_are_shown_as_they_are_and_never_as_markup(page: str) -> None:
    raw = company_raw(load_shipped("midmarket-saas")) | {"id": "odd", "title": ODD}
    raw["segments"] = {**raw["segments"], "smb": ODD}
    link = (
        write_link(Scenario.of(company_from(raw)), check="") + "&win_rate=0.9&retention_rate=0.99&upsell_rate.smb=0.2"
    )
    app = opened(page, link)
    assert not app.exception
    assert "<img" not in json.dumps(figures(app))
    for block in (*app.markdown, *app.warning, *app.title):
        assert "<img" not in block.value.replace("\\<", "")
        assert ":material/home:" not in block.value
    assert not any("<img src=x" in block.proto.body for block in app.get("html"))


@cache
def untouched(lens: str, stage: str) -> str:
    return shown(opened(lens, f"stage={stage}"))


STAGE_LEVERS = [
    (lens.id, stage.id, lever) for lens in lenses().values() for stage in lens.stages for lever in stage.levers
]


@pytest.mark.parametrize(("lens", "stage", "lever"), STAGE_LEVERS)
def test_every_lever_moves_a_figure_or_chart_of_its_stage(lens: str, stage: str, lever: str) -> None:
    app = opened(lens, f"stage={stage}")
    slider = app.slider(key=f"slider:{lever}")
    slider.set_value(slider.max if slider.value < (slider.min + slider.max) / 2 else slider.min).run()
    assert not app.exception
    assert app.query_params.get(lever), "the move is in the address"
    assert shown(app) != untouched(lens, stage), assumptions()[lever].label
    app.button(key="undo").click().run()
    assert lever not in app.query_params
    assert shown(app) == untouched(lens, stage), "undo restores the base exactly"


SHARED = {lever: [place[:2] for place in STAGE_LEVERS if place[2] == lever] for *_, lever in STAGE_LEVERS}


@pytest.mark.parametrize("lever", [lever for lever, places in SHARED.items() if len({lens for lens, _ in places}) > 1])
def test_a_lever_moved_in_one_lens_is_moved_in_all(lever: str) -> None:
    (lens, stage), *others = SHARED[lever]
    app = opened(lens, f"stage={stage}")
    slider = app.slider(key=f"slider:{lever}")
    slider.set_value(slider.max if slider.value < (slider.min + slider.max) / 2 else slider.min).run()
    moved = app.slider(key=f"slider:{lever}").value
    query = urlencode({key: held(app, key) for key in app.query_params if key != "stage"})
    for lens, stage in others:
        assert opened(lens, f"{query}&stage={stage}").slider(key=f"slider:{lever}").value == moved
