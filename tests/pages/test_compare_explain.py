"""Pages Compare and Explain: scenarios come, go and change places; shares are those of the model."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl

import pytest
from streamlit.testing.v1 import AppTest

from model import Scenario, load_shipped, project, read_link, write_link
from model.company_file import company_from, company_raw
from model.outcomes import Outcome
from model.studies.explain import explain
from model.text import money
from tests.pages.lists import named
from tests.pages.test_pages import ODD, figures, held, opened

MOVES = "company=midmarket-saas&v=1&horizon=36&retention_rate=0.92&win_rate=0.28from6over3&leads_per_month=1600"
SET = f"{MOVES}&a.name=Bold&b.name=Cautious&b.company=midmarket-saas&b.v=1&b.horizon=36&b.retention_rate=0.93"


def words(app: AppTest) -> str:
    return "\n".join(block.value.replace("\\", "") for block in (*app.title, *app.markdown, *app.warning))


def tables(app: AppTest) -> list[str]:
    """Return the tables of a page as text, a bar between cells."""
    found = [block.proto.body for block in app.get("html") if 'class="figures"' in block.proto.body]
    return [re.sub(r"<[^>]+>", "", re.sub(r"</t[hd]>", "|", body)) for body in found]


def beside(app: AppTest) -> dict[str, str]:
    return {key: held(app, key) for key in app.query_params if key[1:2] == "."}


def test_a_scenario_pinned_anywhere_stays_while_another_is_made() -> None:
    app = opened("expand", MOVES)
    app.button(key="pin").click().run()
    assert beside(app)["b.retention_rate"] == "0.92"
    app.slider(key="slider:retention_rate").set_value(95.0).run()
    assert (held(app, "retention_rate"), held(app, "b.retention_rate")) == ("0.95", "0.92")
    app.button(key="undo").click().run()
    assert held(app, "retention_rate") == "0.92"
    app.button(key="undo").click().run()
    assert beside(app) == {}


def test_pages_side_by_side_show_every_scenario_in_its_own_colour() -> None:
    app = opened("compare", SET + "&c.name=Base&c.company=midmarket-saas&c.v=1&c.horizon=36")
    assert not app.exception
    assert app.title[0].value.startswith("Bold leads")
    for figure in figures(app):
        colours = {trace["name"]: trace["line"]["color"] for trace in figure["data"]}
        assert colours == {"Bold": "#343FA8", "Cautious": "#C22560", "Base": "#7B8494"}
    table, differing = tables(app)
    assert "■ A Bold|■ B Cautious|■ C Base|" in table
    reading = read_link(MOVES).scenario
    assert f"ARRUSD per year|{money(explain(reading.base, reading, Outcome()).end)}" in table
    assert "Retentionwhole company, % a year|92.0\u202f%|93.0\u202f%|88.2\u202f%|" in differing
    assert "28.0\u202f%Jun 2026 to Sep 2026" in differing
    assert "Gross margin" not in differing


def test_scenarios_change_places_and_names_and_go_and_undo_brings_all_back() -> None:
    app = opened("compare", SET)
    before = dict(app.query_params)
    app.button(key="swap:b").click().run()
    assert (held(app, "retention_rate"), held(app, "b.retention_rate"), held(app, "b.name")) == ("0.93", "0.92", "Bold")
    assert app.text_input(key="name:a").value == "Cautious"
    app.button(key="undo").click().run()
    assert dict(app.query_params) == before
    app.text_input(key="name:b").set_value("  Very   cautious ").run()
    assert held(app, "b.name") == "Very cautious"
    app.button(key="remove:b").click().run()
    assert beside(app) == {"a.name": "Bold"}
    app.button(key="undo").click().run()
    app.button(key="undo").click().run()
    assert dict(app.query_params) == before


def test_links_are_pasted_and_companies_added_until_four_are_there() -> None:
    app = opened("compare", MOVES)
    app.text_input(key="paste").set_value(
        "https://revlens.example/execute?company=launchpad&v=1&win_rate=0.4&upsell_rate=7"
    ).run()
    assert (held(app, "b.company"), held(app, "b.win_rate")) == ("launchpad", "0.4")
    assert "In the link pasted: Upsell (upsell_rate=7) is 700.0" in words(app)
    assert app.text_input(key="paste").value == ""
    app.text_input(key="paste").set_value("no link at all").run()
    assert "'no link at all' is no address of a scenario; it has a part such as ?company=…." in words(app)
    named(app.selectbox, "add-company").set_value("enterprise-multiyear").run()
    assert held(app, "c.company") == "enterprise-multiyear"
    assert named(app.selectbox, "add-company").value is None
    app.button(key="pin-base").click().run()
    assert len([key for key in app.query_params if key.endswith(".name")]) == 3
    assert app.button(key="pin").disabled
    assert app.button(key="pin-this").disabled
    assert app.text_input(key="paste").disabled
    assert "Segments differ: assumptions are compared for each company as a whole." in words(app)


def test_amounts_in_other_currencies_are_not_compared() -> None:
    euros = company_from(company_raw(load_shipped("midmarket-saas")) | {"id": "euros", "currency": "EUR"})
    packed = dict(parse_qsl(write_link(Scenario.of(euros)).partition("?")[2]))["file"]
    app = opened("compare", f"{MOVES}&b.file={packed}")
    assert (
        app.title[0].value.replace("\\", "")
        == "This scenario grows most: after 36 months ARR is 2.1× what it began with"
    )
    assert "Currencies differ (USD, EUR): amounts are shown and not compared" in words(app)
    assert [figure["layout"]["yaxis"]["tickformat"] for figure in figures(app)] == [".0%"] * 3
    arr = tables(app)[0].partition("Revenue")[0]
    assert "€" in arr
    assert "+" not in arr


def test_differences_are_to_the_scenario_chosen() -> None:
    app = opened("compare", SET)
    assert "less Bold" in words(app)
    app.segmented_control(key="reference").set_value("b").run()
    assert "less Cautious" in words(app)
    assert held(app, "reference") == "b"
    assert "reference=z names no scenario; there is a, b. It is left out." in words(
        opened("compare", f"{SET}&reference=z")
    )


@pytest.mark.parametrize(("link", "start"), [
    (SET, "b"), (f"{SET}&c.retention_rate=0.9&reference=c", "c"), (MOVES, ""), (f"{MOVES}&b.company=midmarket-saas&b.v=1&b.horizon=36", ""),
    (f"{MOVES}&b.company=launchpad&b.v=1", None),
])  # fmt: skip
def test_why_scenarios_differ_is_told_from_the_one_they_are_held_against(link: str, start: str | None) -> None:
    found = [
        one.proto for one in opened("compare", link).get("page_link") if one.proto.label.startswith("Why they differ")
    ]
    if start is None:
        assert not found
        return
    query = dict(parse_qsl(found[0].query_string))
    assert query.get("reference", "") == start
    app = opened("explain", found[0].query_string)
    assert "reference" not in words(app)
    assert not start or app.segmented_control(key="explain-from").value == start


BOTH_REACH = "company=midmarket-saas&horizon=36&retention_rate=0.92&b.name=Other&b.horizon=36&b.win_rate=0.22636"
"""Two ways to the same ARR: $172 of $47.1M apart."""


def chart_titles(app: AppTest) -> list[str]:
    return [line.partition("\n")[0][3:] for line in words(app).split("\n") if line.startswith("## ")][:3]


def test_what_reads_the_same_has_no_winner() -> None:
    app = opened("compare", BOTH_REACH)
    assert app.title[0].value.replace("\\", "") == "Same ARR of $47.1M; profit is $38.9K a year higher with Other"
    assert chart_titles(app) == [
        "ARR in Dec 28: $47.1M in both",
        "Revenue in Dec 28 alone: $3.86M in both",
        "Profit in Dec 28 alone: This scenario $4.67K above Other",
    ]
    (row,) = re.findall(r"<tr><th[^>]*>ARR<.*?</tr>", "".join(block.proto.body for block in app.get("html")))
    assert '<small class="gray">−$172</small>' in row
    app = opened("compare", f"{BOTH_REACH}&segment=ent")
    assert app.title[0].value.replace("\\", "") == (
        "Same ARR of $16.8M; company profit is $38.9K a year higher with Other"
    )


def test_charts_end_where_their_titles_speak_of() -> None:
    app = opened("compare", "horizon=24&retention_rate=0.92&b.name=Base&b.horizon=24&c.name=Long&c.horizon=36")
    arr = figures(app)[0]
    base = project(read_link("?horizon=24").scenario).total("arr_closing")[-1]
    moved = project(read_link("?horizon=24&retention_rate=0.92").scenario).total("arr_closing")[-1]
    assert chart_titles(app)[0] == f"ARR in Dec 27: This scenario {money(moved - base)} above Base"
    assert arr["layout"]["xaxis"]["range"] == ["2026-01-01", "2027-12-01"]
    labels = sorted(re.sub(r"<[^>]+>", "", note["text"]) for note in arr["layout"]["annotations"])
    assert labels == [f"■ A {money(moved)}", f"■ B {money(base)}", f"■ C {money(base)}"]
    told = "Horizons differ (24, 36 months): charts and figures end with month 24, the last that all have."
    assert told in words(app)


def test_those_who_reach_the_same_lead_together() -> None:
    app = opened("compare", f"{BOTH_REACH}&c.name=Base&c.horizon=36")
    assert app.title[0].value.replace("\\", "") == "A and B lead on ARR ($47.1M), Other on profit ($7.57M a year)"
    assert chart_titles(app)[0] == "ARR in Dec 28: A and B $2.24M above Base"
    app = opened("compare", f"{BOTH_REACH}&c.name=Third&c.horizon=36&c.retention_rate=0.92&c.revops_cost=0")
    assert app.title[0].value.replace("\\", "") == "Same ARR of $47.1M; profit is highest with Third, $8.13M a year"
    app = opened("compare", "horizon=36&retention_rate=0.92&b.name=Copy&b.horizon=36&b.retention_rate=0.92")
    assert app.title[0].value.replace("\\", "") == "Both end alike: ARR of $47.1M, profit of $7.53M a year"


def test_the_same_profit_leaves_arr_to_tell_them_apart() -> None:
    app = opened("compare", "horizon=36&b.name=Late&b.horizon=36&b.upsell_rate=0.08from36")
    assert app.title[0].value.replace("\\", "") == "Same profit of $6.31M a year; ARR is $110K higher with Late"


def test_names_of_scenarios_are_text() -> None:
    app = opened("compare", f"{MOVES}&a.name={ODD[:28]}&b.name={ODD[:28]}&b.retention_rate=0.9")
    assert not app.exception
    assert all("<img src" not in block.proto.body for block in app.get("html"))
    assert "<img" not in str(figures(app))
    app = opened("explain", f"{MOVES}&a.name={ODD[:28]}&b.name={ODD[:28]}&b.retention_rate=0.9&reference=b")
    assert not app.exception
    assert "<img" not in str(figures(app))


def waterfalls(app: AppTest) -> list[dict[str, Any]]:
    return [
        dict(zip(figure["layout"]["yaxis"]["ticktext"], figure["data"][0]["x"], strict=True)) for figure in figures(app)
    ]


def test_the_waterfall_is_the_split_from_base_to_scenario() -> None:
    scenario = read_link(f"{MOVES}&sales_reps=60").scenario
    found = explain(scenario.base, scenario, Outcome("operating_profit", month=24))
    app = opened("explain", f"{MOVES}&sales_reps=60&kpi=operating_profitat24")
    split, alone = waterfalls(app)
    assert list(split) == ["Base", *(found.players[one].label for one in found.ranked), "This scenario"]
    assert list(split.values()) == pytest.approx([found.start, *(found.shares[one] for one in found.ranked), found.end])
    assert alone["Left unexplained"] == pytest.approx(found.unexplained)
    assert sum([*alone.values()][:-1]) == pytest.approx(found.end)
    scenario = read_link(f"{MOVES}&upsell_rate=0.06").scenario
    found, app = explain(scenario.base, scenario, Outcome()), opened("explain", f"{MOVES}&upsell_rate=0.06")
    shares = re.findall(r"(\d+)\u202f%", app.title[0].value)
    top = found.ranked[0]
    wanted = [found.shares[top], *sorted((found.low[top], found.high[top]), key=lambda end: end / found.difference)]
    assert 0 < found.shares[top] < found.difference
    wanted = wanted if len(shares) == 3 else wanted[:1]
    assert [int(share) for share in shares] == [round(100 * value / found.difference) for value in wanted]
    assert f": {found.players[top].label} explains " in app.title[0].value.replace("\\", "")


def test_a_difference_is_told_from_a_pinned_scenario_too() -> None:
    app = opened("explain", f"{SET}&reference=b&kpi=npv")
    split, _ = waterfalls(app)
    assert next(iter(split)) == "Cautious"
    assert [*split][-1] == "Bold"
    reading = read_link(MOVES).scenario
    start = read_link("company=midmarket-saas&horizon=36&retention_rate=0.93").scenario
    assert sum([*split.values()][1:-1]) == pytest.approx(explain(start, reading, Outcome("npv")).difference)


@pytest.mark.parametrize(("query", "title"), [
    ("", "Nothing moved yet: move a slider, and its share of the difference is shown"),
    (f"{MOVES}&kpi=nrrat3", "NRR cannot be shared out in Mar 2026"),
    ("retention_rate=0.92&horizon=36", "ARR in Dec 2028 rises $2.24M: Retention explains all of it"),
    ("gross_margin=0.9&horizon=36", "No move changes ARR in Dec 2028"),
])  # fmt: skip
def test_where_there_is_nothing_to_share_the_title_says_so(query: str, title: str) -> None:
    app = opened("explain", query)
    assert not app.exception
    assert app.title[0].value.replace("\\", "") == title


def test_no_share_is_told_in_per_cent_of_nearly_nothing() -> None:
    note = "Shares are not told as parts of the difference: it is nothing, or less than a tenth of one of them."
    app = opened("explain", "horizon=36&retention_rate=0.92&win_rate=0.1777")
    assert "\u202f%" not in tables(app)[0]
    assert "Win rate|−$2.22M|–|" in tables(app)[0]
    assert "Sum|−$14.2K|–|" in tables(app)[0]
    assert note in words(app)
    assert app.title[0].value.replace("\\", "").replace("\u2060", "") == "Win rate: −$2.22M of ARR; all else: +$2.20M"
    app = opened("explain", "horizon=36&retention_rate=0.92&win_rate=0.175")
    assert "Win rate|−$2.47M|895\u202f%|" in tables(app)[0]
    assert "Sum|−$276K|100\u202f%|" in tables(app)[0]
    assert note not in words(app)


def test_stages_share_a_difference_and_the_link_says_so() -> None:
    app = opened("explain", f"{MOVES}&split=stages")
    assert set(waterfalls(app)[0]) == {"Base", "Expand", "Execute", "Engage", "This scenario"}
    assert held(app, "split") == "stages"
    assert "split=x must be moves or stages; moves is used." in words(opened("explain", f"{MOVES}&split=x"))


def test_more_than_twelve_moves_are_drawn_and_the_page_says_so() -> None:
    many = ["retention_rate=0.92", "upsell_rate=0.1", "win_rate=0.28", "slip_rate=0.1", "price_discount=0.05",
            "leads_per_month=1500", "gross_margin=0.8", "sales_cycle_months=3", "referral_rate=0.02", "card_share=0.3",
            "contraction_rate=0.01", "revenue_leakage=0", "cost_of_capital=0.1"]  # fmt: skip
    app = opened("explain", "&".join(many))
    assert not app.exception
    assert "314 orders were drawn" in words(app)
    assert "±" in tables(app)[0]


def test_shares_that_drawn_orders_cannot_rank_are_not_ranked_in_the_title(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.studies.explain.NEAR", 1e9)
    few = opened("explain", MOVES).title[0].value
    assert "too close" not in few  # exact: nothing is drawn
    rates = ("referral_rate=0.02", "card_share=0.3", "contraction_rate=0.01", "revenue_leakage=0", "slip_rate=0.1", "upsell_rate=0.1",
             "price_discount=0.05", "gross_margin=0.8", "sales_cycle_months=3", "cost_of_capital=0.1")  # fmt: skip
    title = opened("explain", "&".join((MOVES, *rates))).title[0].value
    assert re.search(r" and [A-Z][a-z ]+ bring most(, too close to rank)?$", title)
    assert len(title) <= 90


def test_all_scenarios_of_a_pasted_link_are_taken_and_checked() -> None:
    app = opened("compare", MOVES)
    app.text_input(key="paste").set_value(
        "/compare?company=launchpad&a.name=Ours&b.name=Theirs&b.upsell_rate=0.1&c.name=More&d.name=Rest"
    ).run()
    assert [held(app, f"{letter}.name") for letter in "bcd"] == ["Ours", "Theirs", "More"]
    assert held(app, "c.upsell_rate") == "0.1"
    full = "4 scenarios are side by side already; remove one to add another."
    assert {full, "Left out: Rest."} <= {warning.value.replace("\\", "") for warning in app.warning}
    app.button(key="undo").click().run()
    assert held(app, "b.name") == ""
    told = "The check in this link cannot be read, so nobody can tell whether its numbers changed."
    app = opened("compare", f"{MOVES}&b.name=Other&b.upsell_rate=0.1&b.check=x")
    assert f"Scenario B: {told}" in words(app)


def test_titles_say_the_month_and_whose_profit_it_is() -> None:
    app = opened("compare", f"{MOVES}&b.name=Other&b.upsell_rate=0.1&segment=ent")
    assert "Company profit in Dec 28 alone: " in words(app)
    assert "the whole company, USD, last 12 months" in tables(app)[0]


def test_a_name_is_cut_in_a_title_only_where_the_line_is_full() -> None:
    name = "Hiring plan of the board 2027"
    app = opened("compare", f"{MOVES}&b.name={name}&b.sales_reps=60")
    titles = [
        app.title[0].value,
        *(text.value.partition("\n")[0] for text in app.markdown if text.value.startswith("## ")),
    ]
    assert any(name in text.replace("\\", "") for text in titles)
    for text in titles:
        assert len(text.replace("\\", "")) <= 90 + len("## ")


def test_a_share_larger_than_the_whole_is_told_in_money() -> None:
    asked = "company=midmarket-saas&v=1&horizon=24&sales_reps=31&retention_rate=0.901667&average_selling_price=64968.75"
    scenario, outcome = read_link(f"?{asked}").scenario, Outcome("operating_profit", "", 24)
    found = explain(scenario.base, scenario, outcome)
    top = found.ranked[0]
    assert 1 < found.parts[top] < 1.5
    share, rest = found.shares[top], found.difference - found.shares[top]
    said = opened("explain", f"{asked}&kpi=operating_profitat24").title[0].value.replace("\\", "").replace("\u2060", "")
    assert (
        said
        == f"Operating profit in 2027 falls {money(-found.difference)}: Sales reps {money(share)}, all else +{money(rest)}"
    )
