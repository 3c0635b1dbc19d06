"""What pages say to a link, word for word; that names stay text in every place; that no quick move is lost."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from model import Company, Move, Scenario, load_shipped, project, write_link
from model.fingerprint import check_of
from model.frameworks.initiatives import settings
from model.frameworks.lens import lenses
from model.frameworks.own_lens import START
from model.links import pack, write_query
from pages.parts import state, turn
from pages.parts.blocks import capacity, escaped
from pages.parts.state import Session
from tests.pages.cards import cards
from tests.places import PLACES

FRAME = Path(__file__).resolve().parents[2] / "pages" / "frame.py"
PAGES = ("overview", *PLACES[1:])
LONGEST_TITLE = 90
LEVERS = [(page, name) for page, lens in lenses().items() for name in lens.stages[0].levers]
LEVERS += [("own-lens", name) for name in START.levers]
LEVERS += [("retention-profit", name) for name in ("retention_rate", "gross_margin", "loyalty_spread", "cost_to_serve",
                                                   "revops_cost", "cost_of_capital")]  # fmt: skip
LEVERS += [("scores", name) for name in ("scores.worked", "leads_per_month", "lead_conversion", "sales_reps",
                                         "deals_per_rep_month")]  # fmt: skip
LEVERS += [("delivery", f"delivery.{name}") for name in settings()]
NASTY = (
    "<img src=x onerror=alert(1)>",
    "**bold** _it_ `code` [a](http://b.example)",
    "$x$ $y$",
    ":material/home: :red[x]",
)


def opened(place: str, **query: str) -> AppTest:
    """Return a page after its first run, opened by a link."""
    app = AppTest.from_file(str(FRAME), default_timeout=60)
    for key, value in query.items():
        app.query_params[key] = value
    if place != "overview":
        app._page_hash = calc_hash(place)
    return drawn(app.run(), longest=LONGEST_TITLE if "file" not in query else 2 * LONGEST_TITLE)


def drawn(app: AppTest, longest: int = LONGEST_TITLE) -> AppTest:
    """Return a page that has run, having made sure that nothing failed and that it says something."""
    assert not app.exception, [error.value for error in app.exception]
    assert len(app.title) == 1
    assert plain(app.title[0].value)
    assert len(plain(app.title[0].value)) <= longest
    headings = [
        plain(text.value.lstrip("# ").partition("\n")[0]) for text in app.markdown if text.value.startswith("## ")
    ]
    assert all(0 < len(heading) <= longest for heading in headings), headings
    assert len(app.markdown) > 3
    arr, revenue, profit, nrr = (card.label.split(",")[0] for card in cards(app)[:4])
    assert (arr, revenue, nrr) == ("ARR", "Revenue", "NRR")
    assert profit in ("Operating profit", "Company profit")
    return app


def plain(text: str) -> str:
    """Return Markdown without its escapes."""
    return text.replace("\\", "")


def shown(app: AppTest) -> tuple[Any, ...]:
    """Return the figures and charts of a page."""
    return cards(app), [chart.proto.spec for chart in app.get("plotly_chart")]


@pytest.mark.parametrize("place", PAGES)
def test_every_page_draws_with_moves_over_the_shortest_and_the_longest_horizon(place: str) -> None:
    for horizon in ("12", "13", "120"):
        query = {"win_rate": "0.3", "retention_rate.ent": "0.95from6over3", "price_uplift": "-0.05", "fixed_costs": "0"}
        app = opened(place, company="midmarket-saas", horizon=horizon, **query)
        assert not any("left out" in warning.value for warning in app.warning)


def test_what_a_bad_link_holds_is_said_and_the_rest_is_shown() -> None:
    app = opened("execute", company="midmarket-saas", v="9", horizon="7", winrate="0.3", win_rate="0.25", retention_rate="nan",
                 segment="pub", file="abc")  # fmt: skip
    assert [plain(warning.value) for warning in app.warning][:6] == [
        "The company inside this link is damaged or too large; ask for the link again.",
        "Mid-market SaaS is used instead of the company inside this link.",
        "Horizon (horizon=7) must be a whole number of months from 12 to 120. 36 is used.",
        "There is no assumption 'winrate' (winrate=0.3). It is left out.",
        "Retention (retention_rate=nan) is not a finite number; it must lie between 0.0\u202f% and 100.0\u202f% "
        "(share of ARR per year, first year of life). The base, "
        f"{load_shipped('midmarket-saas').mean('retention_rate') * 100:.1f}\u202f%, is used.",
        "There is no segment 'pub' to show; there is smb, mid, ent. All segments are shown.",
    ]
    assert app.slider(key="slider:win_rate").value == 25
    assert app.query_params["win_rate"] == "0.25"


def test_a_move_that_starts_too_late_is_said_once() -> None:
    app = opened("execute", company="midmarket-saas", win_rate="0.2from40")
    told = [plain(warning.value) for warning in app.warning if "month 40" in warning.value]
    assert told == ["Win rate (win_rate=0.2from40) starts in month 40, after the last month, 36; it is kept, and acts once the "
                    "horizon is longer."]  # fmt: skip


@pytest.mark.parametrize("place", PAGES)
def test_hundreds_of_bad_parts_are_counted_and_not_all_shown(place: str) -> None:
    app = opened(place, company="midmarket-saas", **{f"n{number}": "1" for number in range(600)})
    assert len(app.warning) < 20
    assert any("more of this kind are not listed" in plain(warning.value) for warning in app.warning)


def test_the_pages_of_the_levers_below_have_no_other_levers() -> None:
    for place in PAGES:
        app = opened(place, company="midmarket-saas")
        levers = [slider.key for slider in app.slider if not slider.key.startswith("maturity:")]
        assert {key.removeprefix("slider:") for key in levers} == {name for at, name in LEVERS if at == place}


@pytest.mark.parametrize(("place", "name"), [lever for lever in LEVERS if lever[0] not in lenses()])
def test_a_lever_moves_what_its_page_shows(place: str, name: str) -> None:
    app = opened(place, company="midmarket-saas")
    before = shown(app)
    slider = app.slider(key=f"slider:{name}")
    ends = sorted((slider.min, slider.max), key=lambda end: -abs(end - slider.value))
    slider.set_value(ends[0]).run()
    drawn(app)
    after = shown(app)
    assert name in app.query_params
    assert after[0] != before[0] or after[1] != before[1], "no figure and no chart of the page changed"


@pytest.mark.parametrize("name", ["win_rate", "retention_rate"])
def test_in_view_of_a_segment_a_lever_moves_that_segment_alone(name: str) -> None:
    place = next(place for place, lever in LEVERS if lever == name)
    app = opened(place, company="midmarket-saas", segment="ent")
    app.slider(key=f"slider:{name}.ent").set_value(25.0 if name == "win_rate" else 95.0).run()
    drawn(app)
    assert f"{name}.ent" in app.query_params
    assert name not in app.query_params


def nasty(title: str) -> Company:
    return replace(load_shipped("launchpad"), id="ours", title=title, segments={"solo": title, "team": "Team plan"},
                   sources={"win_rate": f"judgement: {title}"})  # fmt: skip


@pytest.mark.parametrize("title", NASTY)
@pytest.mark.parametrize("place", PAGES)
def test_titles_of_a_company_inside_a_link_are_shown_as_text(place: str, title: str) -> None:
    moves = [Move("win_rate", 0.9), Move("retention_rate", 0.7, "solo", 3, 2), Move("sales_reps", 0.5, "solo")]
    query = write_query(Scenario.of(nasty(title), moves))
    assert query["file"] == pack(nasty(title))
    for segment in ("", "solo"):
        app = opened(place, **query, **({"segment": segment} if segment else {}))
        texts = [element.value for element in (*app.markdown, *app.title, *app.warning, *app.error, *app.caption)]
        texts += [button.label for button in app.button] + [button.proto.help for button in app.button]
        assert not [text for text in texts if title in text], "a title is drawn as Markdown"
        assert any(escaped_title(title) in text for text in texts)
        assert not [chart for chart in app.get("plotly_chart") if raw(json.loads(chart.proto.spec))]


def escaped_title(title: str) -> str:
    """Return how the beginning of a title reads in Markdown that shows it as it is."""
    return {
        "<": "\\<img src=x onerror=alert\\(1\\)\\>",
        "*": "\\*\\*bold\\*\\*",
        "$": "\\$x\\$",
        ":": "\\:\u2060material/home\\:",
    }[title[0]]


def raw(part: Any) -> bool:
    """Say whether a figure holds a tag that a title brought: Plotly draws some HTML in its texts."""
    if isinstance(part, dict):
        return any(raw(value) for value in part.values())
    return any(map(raw, part)) if isinstance(part, list) else isinstance(part, str) and "<img" in part


ADDRESSES = ["https://evil.example/x", "www.evil.example", "HTTP://evil.example", "a@evil.example"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_in_a_text_of_somebody_becomes_no_link(address: str) -> None:
    shown = escaped(f"See {address} now").replace("\\", "")
    assert "://" not in shown
    assert "www." not in shown
    assert "a@e" not in shown
    assert shown.replace("\u2060", "") == f"See {address} now"


def test_a_title_in_a_chart_is_escaped_there() -> None:
    scenario = Scenario.of(nasty(NASTY[0]), [Move("win_rate", 0.3, "solo"), Move("retention_rate", 0.7)])
    app = opened("overview", **write_query(scenario))
    assert "&lt;img src=x" in "".join(chart.proto.spec for chart in app.get("plotly_chart"))


def test_a_link_written_by_the_model_opens_as_that_scenario() -> None:
    scenario = Scenario.of(load_shipped("launchpad"), [Move("win_rate", 0.3, "team", 6, 3)], 24)
    app = opened("execute", **write_query(scenario))
    assert write_link(scenario).endswith("win_rate.team=0.3from6over3")
    assert dict(app.query_params.items()) == write_query(scenario)
    assert not [warning for warning in app.warning if "left out" in warning.value]


def test_whether_a_link_still_gives_its_numbers_is_said_once_on_the_page_itself() -> None:
    check = check_of(project(Scenario.of(load_shipped("midmarket-saas"), [Move("win_rate", 0.3)])))
    app = opened("explain", company="midmarket-saas", win_rate="0.3", check=check)
    told = "Same numbers as when shared"
    assert [told in block.value for block in app.main.markdown].count(True) == 1
    assert not any(told in block.value for block in app.sidebar.markdown)
    app.button(key="reset").click().run()
    assert not any(told in block.value for block in app.markdown)


@pytest.mark.parametrize("place", ["aim", "method"])
def test_a_page_that_fails_leaves_figures_and_the_way_back(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(place, win_rate="0.3")

    def fail(_: Session) -> None:
        raise RuntimeError

    monkeypatch.setattr(f"pages.{place}.page", fail)
    app.run()
    assert app.exception
    assert cards(app)[0].label == "ARR, Dec 2028"
    app.button(key="reset").click()
    monkeypatch.undo()
    assert not app.run().exception


def test_what_a_run_cut_short_did_not_draw_still_counts_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    held: dict[str, Any] = {}
    for module in (turn, state):
        monkeypatch.setattr(module, "st", SimpleNamespace(session_state=held))
    session = Session(Scenario.of(load_shipped("launchpad")))

    def run(value: float | None, *, cut_short: bool = False) -> None:
        if value is not None:
            held["slider"] = value
        turn.take_over(session, {})
        session.drawn.clear()
        if not cut_short:
            move = session.scenario.by_key.get("win_rate")
            session.widget("slider", move.target if move else 0.2, lambda: held["slider"],
                           lambda s, target: s.set_target("win_rate", target))  # fmt: skip

    run(None)
    run(0.3, cut_short=True)
    run(0.4, cut_short=True)
    run(0.5)
    assert (session.scenario.by_key["win_rate"].target, held["slider"]) == (0.5, 0.5)
    session.operations.append(Session.undo)
    run(None, cut_short=True)
    run(None)
    assert (session.scenario.by_key["win_rate"].target, held["slider"]) == (0.4, 0.4)


def test_moves_that_go_with_a_segment_taken_out_are_counted() -> None:
    company = load_shipped("midmarket-saas")
    session = Session(Scenario.of(company, [Move("win_rate", 0.3), Move("win_rate", 0.25, "ent")]))
    session.edit_company(replace(company, segments={one: company.segments[one] for one in ("smb", "mid")}))
    assert [move.key for move in session.scenario.moves] == ["win_rate"]
    assert session.notices == ("One move went with the segments taken out. Undo brings all of it back.",)
    session.undo()
    assert len(session.scenario.moves) == 2
    session.edit_company(replace(company, title="Ours"))
    assert session.notices == ()


@pytest.mark.parametrize(
    ("query", "title", "arr"),
    [({"days_to_collect": "23.4"}, "One move adds $1.9", "ARR grows from $24.0M to $44.9M"),
     ({"quota_per_rep": "900000"}, "One move changes neither ARR, profit nor cash", "ARR grows from $24.0M to $44.9M"),
     ({"rep_cost": "200000"}, "One move adds", "ARR grows from $24.0M to $44.9M")],
)  # fmt: skip
def test_the_overview_tells_profit_or_cash_where_arr_stays_as_it_is(
    query: dict[str, str], title: str, arr: str
) -> None:
    app = opened("overview", company="midmarket-saas", **query)
    said = plain(app.title[0].value)
    assert said.startswith(title)
    assert "$0" not in said
    headings = [plain(text.value.lstrip("# ").partition("\n")[0]) for text in app.markdown]
    assert arr in headings
    assert not any("$0" in heading for heading in headings)


def test_a_stage_does_not_travel_to_a_page_without_stages() -> None:
    assert "stage" not in opened("overview", company="midmarket-saas", stage="process").query_params


def test_deals_that_wait_no_more_at_the_end_are_said_to_have_waited() -> None:
    scenario = Scenario.of(load_shipped("midmarket-saas"), [Move("leads_per_month", 0.0), Move("win_rate", 0.4)])
    (told,) = capacity(project(scenario))
    assert "Mid-market from Jan 2026 to Jun 2026, up to 10 won deals waiting;" in told
    assert "at the end" not in told
    (told,) = capacity(project(scenario.without("leads_per_month")))
    assert "won deals waiting at the end" in told
