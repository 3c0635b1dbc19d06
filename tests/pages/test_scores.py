"""Segments and lead scores: what is changed in the editor acts, travels in the address, and is undone."""

from __future__ import annotations

import json
import re

import pytest
from streamlit.testing.v1 import AppTest

from model import project, read_link
from model.frameworks.segmentation import lead_returns
from tests.pages.cards import cards
from tests.pages.test_pages import opened, shown

HAND = "scores.bands=0.2x3-0.3x1-0.5x0.2&scores.worked=0.4"


def title(app: AppTest) -> str:
    return app.title[0].value.replace("\\", "")


@pytest.mark.parametrize(("company", "segment"), [("enterprise-multiyear", "str"), ("midmarket-saas", "smb")])
def test_a_customer_takes_as_many_leads_as_new_arr_a_lead_says(company: str, segment: str) -> None:
    query = f"company={company}&v=1&horizon=36&segment={segment}"
    found = re.search(
        r"One in ([0-9,]+) leads becomes a customer; a customer costs [$]", headings(opened("engage", query))
    )
    assert found
    scenario = read_link(query).scenario
    (lead,) = (one for one in lead_returns(project(scenario)) if one.segment == segment)
    price, discount = (
        scenario.company.assumptions[name][segment] for name in ("average_selling_price", "price_discount")
    )
    assert float(found[1].replace(",", "")) == round(price * (1 - discount) / lead.new_arr)
    if segment == "str":
        assert found[1] == "108"


def headings(app: AppTest) -> str:
    return " ".join(text.value.replace("\\", "") for text in app.markdown)


def test_both_orders_are_shown_before_one_is_chosen() -> None:
    app = opened("scores", "company=launchpad")
    assert "scores" not in app.query_params
    assert title(app).startswith("Score order would add $")
    spec = json.loads(app.get("plotly_chart")[2].proto.spec)
    assert [trace["name"] for trace in spec["data"]] == ["First come", "Score order"]


def test_the_editor_acts_and_undo_restores() -> None:
    app = opened("scores", "company=midmarket-saas")
    before = shown(app)
    app.number_input(key="scores:conversion:0").set_value(3.0).run()
    assert (app.query_params["scores"], app.query_params["scores.bands"]) == ("off", "0.2x3-0.3x1-0.5x0.6")
    assert "So that their mean is 1, conversions count as 2.50×, 0.83×, 0.50×" in headings(app)
    app.number_input(key="scores:share:1").set_value(50.0).run()
    assert "Shares add up to 120.0\u202f%; each is divided by that" in headings(app)
    app.slider(key="slider:scores.worked").set_value(40.0).run()
    assert app.query_params["scores.worked"] == "0.4"
    assert shown(app) != before
    for _ in range(3):
        app.button(key="undo").click().run()
    assert "scores" not in app.query_params
    assert shown(app) == before


def test_score_order_moves_the_company_and_its_chip_takes_it_back() -> None:
    base = opened("scores", "company=launchpad")
    app = opened("scores", "company=launchpad&scores=on")
    assert title(app).startswith("Score order adds $")
    assert cards(app)[0].value != cards(base)[0].value
    chip = app.button(key="chip:scores")
    assert chip.label == "Leads in score order ×1.27"
    chip.click().run()
    assert "scores" not in app.query_params
    assert cards(app)[0].value == cards(base)[0].value


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("scores=on&scores.worked=1", "The order of leads changes nothing: every lead is worked"),
        ("scores=on&scores.bands=0.5x1-0.5x1", "The order of leads changes nothing: all bands convert alike"),
        ("leads_per_month=0", "The order of leads changes nothing: no lead becomes an opportunity"),
        ("sales_reps=0", "Score order would bring nothing: 1,292 won deals wait for a rep"),
    ],
)
def test_the_answer_says_why_nothing_is_gained(query: str, answer: str) -> None:
    assert title(opened("scores", f"company=midmarket-saas&{query}")) == answer


def test_what_little_is_closed_where_deals_wait_is_said_before_those_that_wait() -> None:
    app = opened(
        "scores", "company=midmarket-saas&v=1&horizon=24&scores=on&scores.bands=0.1x6-0.9x0.44&scores.worked=0.1"
    )
    assert re.fullmatch(
        r"Score order adds [$][0-9.]+M of new ARR over 2 years; [0-9,]+ more deals then wait", title(app)
    )


def test_where_reps_limit_score_order_the_title_and_the_chart_say_so() -> None:
    app = opened("scores", "company=midmarket-saas&scores=on")
    assert title(app).endswith(" more deals then wait")
    assert "won deals wait for a rep" in headings(app)
    assert any(warning.value.startswith("Sales capacity binds") for warning in app.warning)


def test_bands_that_leave_no_room_are_said() -> None:
    app = opened("scores", f"company=midmarket-saas&scores=on&{HAND.replace('0.4', '0.2')}")
    told = [warning.value.replace("\\", "") for warning in app.warning]
    assert ("With 20.0\u202f% of the leads worked, the best band would have to convert 127\u202f% in Small business, 105\u202f% in "
            "Mid-market. More leads are worked than this, or the bands lie closer: the gain is overstated.") in told  # fmt: skip


def test_the_number_of_bands_can_be_changed_within_a_quick_row() -> None:
    app = opened("scores", f"company=midmarket-saas&{HAND}&scores=on")
    app.button_group(key="scores:count").set_value(2).run()
    assert app.query_params["scores.bands"] == "0.2x3-0.8x0.5"
    app.button_group(key="scores:order").set_value(False).run()
    assert app.query_params["scores"] == "off"
    assert not app.exception


def test_bands_of_which_none_would_convert_are_refused_with_a_word() -> None:
    app = opened("scores", "company=midmarket-saas&scores=on&scores.bands=0.5x2-0.5x0")
    app.number_input(key="scores:conversion:0").set_value(0.0).run()
    assert app.query_params["scores.bands"] == "0.5x2-0.5x0"
    assert app.number_input(key="scores:conversion:0").value == 2
    assert any(warning.value == "At least one band must convert; band 1 stays as it is." for warning in app.warning)
