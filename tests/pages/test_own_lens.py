"""A lens of one's own on screen: put together, sent, saved, opened; its levers are everybody's levers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from model import Scenario, load_shipped, project
from model.frameworks.choosing import Advice
from model.frameworks.goals import goals
from model.frameworks.lens import LensChart, lenses
from model.frameworks.own_lens import START, OwnLens, file_name, lens_toml, read_own_lens
from model.links import write_query
from model.metrics import View
from model.text import money
from tests.pages.cards import cards
from tests.pages.test_pages import figures, opened, shown

BOARD = OwnLens(
    "Board <b>pack</b> $1 :material/home: **x**", "Are we on course?",
    ("win_rate", "retention_rate", "dunning_recovery", "sales_reps"), ("nrr", "rule_of_40"),
    (LensChart(kind="movements"), LensChart(kind="metric", of="arr"), LensChart(kind="forecast"),
     LensChart(kind="by_quarter", of="customers_new"), LensChart(kind="funnel")),
    "What <i>we</i> promised.", "The board", "CRM, Billing",
)  # fmt: skip
LINK = urlencode({"company": "midmarket-saas", "v": "1", "horizon": "36"} | BOARD.written())


def again(app: AppTest, page: str) -> AppTest:
    """Turn to another page of the same session as a browser does: with the address, and without the widgets left behind."""
    app._page_hash = calc_hash(page)
    return app._run(WidgetStates())


def plain(text: str) -> str:
    return text.replace("\\", "").replace("\u2060", "")


def address(app: AppTest) -> dict[str, str]:
    """Return the parameters of the address."""
    return {key: value if isinstance(value, str) else value[-1] for key, value in app.query_params.items()}


def held(app: AppTest) -> OwnLens | None:
    """Return the lens in the address."""
    return read_own_lens(address(app))[0]


def test_a_link_opens_as_the_lens_it_holds() -> None:
    app = opened("own-lens", LINK)
    assert not app.exception
    assert [warning.value for warning in app.warning] == []
    assert [slider.key for slider in app.slider] == [f"slider:{name}" for name in BOARD.levers]
    assert [card.label for card in cards(app)[4:]] == ["NRR", "Rule of 40"]
    assert len(figures(app)) == 5
    assert held(app) == BOARD
    texts = [plain(block.value) for block in app.markdown]
    assert any(f"{BOARD.name} · {BOARD.question}" in text for text in texts)
    assert any("Our own: What <i>we</i> promised. Owner: The board. Tools: CRM, Billing." in text for text in texts)
    assert not [text for text in app.text_input if text.key == "lens-name"], "who is sent a page sees the page"


def test_all_of_a_link_is_text_and_never_markup() -> None:
    app = opened("own-lens", LINK)
    for block in (*app.markdown, *app.title, *app.warning):
        assert "<b>" not in block.value.replace("\\<", "")
        assert "**x**" not in block.value
        assert ":material/home:" not in block.value
    assert "<b>pack" not in json.dumps(figures(app))


def test_what_a_link_names_wrongly_is_said_and_the_rest_is_shown() -> None:
    app = opened("own-lens", "lens=Ours&lens.levers=winrate~win_rate&lens.kpis=nrr&lens.charts=pie~movements&lens.x=1")
    assert [plain(warning.value) for warning in app.warning] == [
        "A lens has no part 'lens.x'. It is left out.",
        "There is no lever 'winrate' to show (lens.levers=…). It is left out.",
        "There is no chart 'pie' to show (lens.charts=…). It is left out.",
    ]
    assert [slider.key for slider in app.slider] == ["slider:win_rate"]
    assert held(app) == OwnLens("Ours", "", ("win_rate",), ("nrr",), (LensChart(kind="movements"),))


@pytest.mark.parametrize(
    "query",
    [f"lens={'~' * 5_000}", "lens=&lens.levers=&lens.kpis=&lens.charts=", "lens.levers=" + "win_rate~" * 9_000,
     "&".join(f"lens.{number}=1" for number in range(600)), "lens=a&lens=b", "lens.question=%00%0A%F0%9F%98%80",
     "lens.charts=metric-~by_quarter-nrr~-~%3Cb%3E", "choose=~~~~~~~&choose=x", "choose=" + "a~" * 90],
)  # fmt: skip
@pytest.mark.parametrize("page", ["own-lens", "choose", "execute"])
def test_hostile_links_are_answered_in_words(page: str, query: str) -> None:
    app = opened(page, query)
    assert not app.exception
    assert len(app.warning) < 20
    assert app.title[0].value


def test_the_editor_changes_the_page_at_once_and_the_link_with_it() -> None:
    app = opened("own-lens")
    assert held(app) is None
    app.text_input(key="lens-name").set_value("Mine").run()
    app.multiselect(key="lens-levers").set_value(["price_uplift", "fixed_costs"]).run()
    app.multiselect(key="lens-kpis").set_value(["npv"]).run()
    app.multiselect(key="lens-charts").set_value(["metric-npv"]).run()
    assert not app.exception
    assert held(app) == OwnLens(
        "Mine", START.question, ("price_uplift", "fixed_costs"), ("npv",), (LensChart(kind="metric", of="npv"),)
    )
    assert [slider.key for slider in app.slider] == ["slider:price_uplift", "slider:fixed_costs"]
    assert [card.label for card in cards(app)[4:]] == ["Present value of profit"]
    app.slider(key="slider:fixed_costs").set_value(0).run()
    assert address(app)["fixed_costs"] == "0"
    assert held(app) is not None


def test_an_emptied_name_is_the_usual_one_and_an_emptied_list_is_asked_for() -> None:
    app = opened("own-lens")
    app.text_input(key="lens-name").set_value("").run()
    assert app.text_input(key="lens-name").value == "Your lens"
    app.multiselect(key="lens-levers").set_value([]).run()
    assert not app.exception
    assert app.title[0].value == "Choose a lever, and the page appears here"
    assert held(app) == OwnLens(question=START.question, kpis=START.kpis, charts=START.charts)
    app.multiselect(key="lens-levers").set_value(["win_rate"]).run()
    assert [slider.key for slider in app.slider] == ["slider:win_rate"]


def test_a_lens_that_is_here_is_a_template_and_can_be_chosen_twice() -> None:
    app = opened("own-lens")
    for _ in range(2):
        app.selectbox(key="lens-template").set_value("execute:execute").run()
        assert not app.exception
        assert app.selectbox(key="lens-template").value is None
        assert [slider.key for slider in app.slider] == [f"slider:{name}" for name in lenses()["execute"].levers]
        app.multiselect(key="lens-levers").set_value(["win_rate"]).run()
        assert [slider.key for slider in app.slider] == ["slider:win_rate"]


def test_the_lens_can_be_taken_out_of_the_link() -> None:
    app = opened("own-lens")
    app.text_input(key="lens-name").set_value("Mine").run()
    app.button(key="lens-drop").click().run()
    assert held(app) is None
    assert app.text_input(key="lens-name").value == "Your lens"


def test_its_levers_are_those_of_the_other_pages_and_undo_restores_the_base() -> None:
    app = opened("own-lens", LINK)
    untouched, elsewhere = shown(app), shown(opened("execute", LINK))
    app.slider(key="slider:win_rate").set_value(30.0).run()
    moved = address(app)
    assert shown(app) != untouched
    again(app, "execute")
    assert app.slider(key="slider:win_rate").value == 30.0
    assert address(app) == moved
    assert shown(app) == shown(opened("execute", urlencode(moved))) != elsewhere
    app.button(key="undo").click().run()
    assert shown(app) == elsewhere
    again(app, "own-lens")
    assert shown(app) == untouched
    assert held(app) == BOARD


@pytest.mark.parametrize(
    "own", [START, BOARD, OwnLens("Expand", "", ("win_rate",), ("nrr",), (LensChart(kind="funnel"),))]
)
def test_the_downloaded_file_is_a_page_like_any_other(own: OwnLens, data: Path) -> None:
    page = opened("own-lens", urlencode(own.written()))
    name = file_name(own)
    (data / "lenses" / name).write_text(lens_toml(own), encoding="utf-8")
    lenses.cache_clear()
    address = list(lenses())[-1]
    assert name == f"{len(lenses())}-{address}.toml"
    app = opened(address)
    assert not app.exception
    assert shown(app) == shown(page)
    assert [slider.key for slider in app.slider] == [f"slider:{lever}" for lever in own.levers]
    app.slider(key=f"slider:{own.levers[0]}").set_value(app.slider(key=f"slider:{own.levers[0]}").max).run()
    assert shown(app) != shown(page)


class Upload:
    """A file as Streamlit hands it over."""

    def __init__(self, name: str, content: bytes) -> None:
        self.name, self.content, self.file_id = name, content, f"{name}:{len(content)}"

    def getvalue(self) -> bytes:
        return self.content


def uploading(app: AppTest, monkeypatch: pytest.MonkeyPatch, content: bytes, name: str = "x.toml") -> AppTest:
    """Return the page after a run in which its uploader holds a file."""
    given: Any = Upload(name, content)
    monkeypatch.setattr("streamlit.file_uploader", lambda *_, **__: given)
    return app.run()


def test_an_uploaded_file_is_opened_once(monkeypatch: pytest.MonkeyPatch) -> None:
    app = uploading(opened("own-lens", "win_rate=0.3"), monkeypatch, lens_toml(BOARD).encode())
    assert not app.exception
    assert held(app) == BOARD
    assert "win_rate" in app.query_params
    app.text_input(key="lens-name").set_value("Mine").run()
    held_now = held(app)
    assert held_now is not None
    assert held_now.name == "Mine"


def test_a_bad_file_is_answered_in_words_and_nothing_else_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened("own-lens", "win_rate=0.3")
    app.text_input(key="lens-name").set_value("Mine").run()
    before = address(app)
    bad = lens_toml(START).replace("win_rate", "<b>").replace("nrr", "nr")
    uploading(app, monkeypatch, bad.encode(), "<i>.toml")
    assert not app.exception
    assert [plain(error.value) for error in app.error] == [
        "<i>.toml: own-lens.stages.0.kpis: nr: no such metric",
        "<i>.toml: own-lens.stages.0.groups.0.chart: a chart of kind 'metric' cannot show 'nr'",
        "<i>.toml: own-lens.stages.0.groups.1.levers: '<b>' is not an assumption that can be moved",
    ]
    assert address(app) == before


@pytest.mark.parametrize("goal", goals())
def test_the_choice_is_in_the_link_and_leads_to_pages_with_the_companys_figures(goal: str) -> None:
    app = opened("choose", "company=midmarket-saas&win_rate=0.3")
    app.selectbox(key="choose-goal").set_value(goal).run()
    assert not app.exception
    link = address(app)
    asked = link.get("choose", "").partition("~")[0] or "grow-new-business"
    assert asked == goal
    scenario = Scenario.of(load_shipped("midmarket-saas"))
    assert link["win_rate"] == "0.3"
    assert {key: link[key] for key in ("company", "v")} == {key: write_query(scenario)[key] for key in ("company", "v")}
    assert shown(opened("choose", urlencode(link))) == shown(app)
    assert len(figures(app)) == 1
    texts = " ".join(plain(block.value) for block in app.markdown)
    assert goals()[goal].label in texts
    if goal == "deliver-a-programme":
        costs = Advice(View(project(scenario))).parts[goal]["spent"]
        assert f"In the first twelve months here, RevOps costs {money(costs)}, so ask:" in texts


def test_the_choice_keeps_its_answers_on_other_pages() -> None:
    app = opened("choose", "company=launchpad&choose=forecast-better~none-yet~mature")
    again(app, "expand")
    again(app, "choose")
    assert app.selectbox(key="choose-goal").value == "forecast-better"
    assert address(app)["choose"] == "forecast-better~none-yet~mature"
