"""The page "Waterfall or agile": nothing acts until chosen, every input moves what is shown, and all of it can be undone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from model import Scenario, load_shipped, shipped
from model.frameworks.delivery import Delivery
from model.frameworks.delivery_case import Case, case
from model.frameworks.initiatives import initiatives, settings
from model.text import money
from pages import delivery as delivery_page
from pages.parts.charts import LABEL_GAP
from tests.pages.cards import cards
from tests.pages.test_pages import figures, held, opened, shown

TWICE = "company=midmarket-saas&v=1&horizon=24&sales_reps=31&retention_rate=0.901667&average_selling_price=64968.75"
COMPARED = "Neither, only compare"
SETTINGS = {name: entry.usual[1] * (100 if entry.shown_as == "rate" else 1) for name, entry in settings().items()}


def title(app: AppTest) -> str:
    return app.title[0].value.replace("\\", "")


def headline(app: AppTest) -> list[tuple[str, str]]:
    return [(card.value, card.delta) for card in cards(app)[:4]]


@pytest.fixture(scope="module")
def untouched() -> str:
    return shown(opened("delivery"))


def test_nothing_acts_until_it_is_chosen_and_reset_brings_the_base_back(untouched: str) -> None:
    app = opened("delivery")
    assert [delta for _, delta in headline(app)] == ["Base"] * 4
    assert "delivery" not in app.query_params
    before = headline(app)
    app.segmented_control(key="delivery:method").set_value("agile").run()
    assert not app.exception
    assert held(app, "delivery") == "agile"
    assert headline(app) != before
    assert [button.label for button in app.button if button.key == "chip:delivery"] == ["Agile delivery"]
    app.button(key="reset").click().run()
    assert shown(app) == untouched
    assert "delivery" not in app.query_params


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_moves_what_is_shown_while_nothing_acts(name: str, untouched: str) -> None:
    app = opened("delivery")
    app.slider(key=f"slider:delivery.{name}").set_value(SETTINGS[name]).run()
    assert not app.exception
    assert shown(app) != untouched
    assert [delta for _, delta in headline(app)] == ["Base"] * 4
    assert held(app, f"delivery.{name}")
    app.button(key="undo").click().run()
    assert shown(app) == untouched


@pytest.mark.parametrize("key", initiatives())
def test_each_initiative_can_be_left_out(key: str, untouched: str) -> None:
    app = opened("delivery")
    app.checkbox(key=f"on:delivery.{key}").uncheck().run()
    assert not app.exception
    assert shown(app) != untouched
    assert key not in held(app, "delivery.order").split(".")
    app.checkbox(key=f"on:delivery.{key}").check().run()
    assert (held(app, "delivery.order") or ".".join(initiatives())).endswith(key)


def test_an_initiative_can_be_brought_forward(untouched: str) -> None:
    app = opened("delivery")
    app.button(key="earlier:delivery.scoring").click().run()
    assert held(app, "delivery.order").startswith("scoring.data.alerts")
    assert app.button(key="earlier:delivery.scoring").disabled
    assert shown(app) != untouched
    app.button(key="earlier:delivery.data").click().run()
    assert shown(app) == untouched


def test_without_an_initiative_there_is_nothing_to_deliver() -> None:
    app = opened("delivery", "delivery=agile&delivery.order=none")
    assert not app.exception
    assert title(app) == "No initiative is chosen, so there is nothing to deliver"
    assert [delta for _, delta in headline(app)] == ["Base"] * 4


@pytest.mark.parametrize("company", shipped())
def test_the_figures_are_those_of_the_model(company: str) -> None:
    scenario = Scenario.of(load_shipped(company))
    found, app = case(scenario, Delivery()), opened("delivery", f"company={company}")
    values = {card.label: card.value for card in cards(app)}
    assert values["NPV, waterfall"] == money(found.waterfall.npv)
    assert values["NPV, agile"] == money(found.agile.npv)
    assert values["Cost of delay, agile"] == money(found.agile.delay)
    assert values["Break-even overhead"] == f"{found.break_even[0]:.1%}".replace("%", "\u202f%")
    assert title(app).startswith(
        f"Agile is worth {money(found.agile.npv)}, {money(found.lead)} more than waterfall; agile wins up to"
    )
    assert len(figures(app)) == 4


def test_where_the_lead_changes_twice_title_card_and_chart_say_so_and_no_text_covers_another() -> None:
    app = opened("delivery", TWICE)
    assert {card.label: card.value for card in cards(app)}["Break-even overhead"] == "54.8\u202f%, 73.5\u202f%"
    told = "Waterfall wins from 54.8\u202f% to 73.5\u202f% overhead, agile below and above"
    assert any(block.value.replace("\\", "").startswith(f"## {told}") for block in app.markdown)
    layout = figures(app)[-1]["layout"]
    notes = {note["text"]: note for note in layout["annotations"]}
    first, second = (notes[f"<b>{level}\u202f%</b>"] for level in ("54.8", "73.5"))
    assert (first["xanchor"], first["yshift"], second["xanchor"], second["yshift"]) == ("right", -14, "right", 14)
    plot = layout["height"] - layout["margin"]["t"] - layout["margin"]["b"]
    assert abs(notes["The same"]["y"] - notes["+$13.4K"]["y"]) * plot >= LABEL_GAP - 0.01


def test_the_plan_as_bars_is_the_schedule() -> None:
    app = opened(
        "delivery", "delivery.order=data.dunning&delivery.increments=2&delivery.overhead=0.25&delivery.dunning.effort=4"
    )
    plan = figures(app)[0]
    design, *_, release, agile = plan["data"]
    assert design["base"] == [0, 0.4]
    assert release["base"] == pytest.approx([2.7, 2.9])
    assert agile["base"] == pytest.approx([0, 4 / 3, 2, 10 / 3])
    assert agile["text"][0] == "Clean account data<br>Increment 1 of 2, Jan 2026 to Feb 2026"
    (band,) = plan["layout"]["shapes"]
    assert (band["x0"], band["x1"]) == pytest.approx((3, 5))


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("delivery.overhead=0.8", "Waterfall is worth"),
        (TWICE, "more than waterfall; it loses from 54.8\u202f% to 73.5\u202f% overhead"),
        ("horizon=12&company=enterprise-multiyear", "Neither pays by Dec 2026: waterfall loses"),
        ("delivery.start=60", "The work begins after Dec 2028, so nothing of it shows yet"),
        (
            "delivery.order=dunning&delivery.increments=1&delivery.overhead=0",
            "Waterfall and agile are worth the same, $",
        ),
        (
            "horizon=120&delivery.order=data.pricing&delivery.increments=1&delivery.pricing.effort=1000",
            "agile wins at any overhead",
        ),
    ],
)
def test_the_title_is_an_answer(query: str, wanted: str) -> None:
    app = opened("delivery", query)
    assert not app.exception
    assert wanted in title(app)
    assert len(title(app)) <= 90


@pytest.mark.parametrize(
    "query",
    ["delivery=agile&delivery.team=500&delivery.data.effect=5&delivery.pay=1e8", "delivery=waterfall&delivery.team=0.5&horizon=120",
     "delivery=agile&delivery.start=120&horizon=12", "delivery=agile&delivery.order=%3Cimg%3E&delivery.%24x%24=1",
     "delivery=agile&delivery.overhead=0.8&delivery.uncertainty=0.9&delivery.increments=12"],
)  # fmt: skip
@pytest.mark.parametrize("company", shipped())
def test_odd_deliveries_are_drawn_or_answered(query: str, company: str) -> None:
    app = opened("delivery", f"company={company}&{query}")
    assert not app.exception
    assert len(title(app)) <= 90
    for block in (*app.markdown, *app.warning):
        assert "<img" not in block.value.replace("\\<", "")


def test_a_delivery_that_is_only_compared_is_no_move_on_the_overview() -> None:
    app = opened("", "delivery.team=9")
    assert title(app).startswith("On its present course, Mid-market SaaS reaches")
    app = opened("", "delivery=agile")
    assert title(app).startswith("One move adds")


def test_changing_what_acts_does_not_compute_the_comparison_again() -> None:
    scenario, delivery = Scenario.of(load_shipped("launchpad"), horizon=18), Delivery(team=3)
    found: Case = delivery_page._case(scenario, delivery)
    app = opened("delivery", "company=launchpad&horizon=18&delivery.team=3")
    before = delivery_page._case.cache_info().misses
    app.segmented_control(key="delivery:method").set_value("waterfall").run()
    assert delivery_page._case.cache_info().misses == before
    assert delivery_page._case(scenario, replace(delivery)) is found
