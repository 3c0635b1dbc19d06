"""What is said of a delivery that cannot be used, word for word: in a link, and in the files of data/."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from typing import Any

import pytest

from model import CatalogueError, assumptions, read_link, sources
from model.catalogue import DATA
from model.frameworks import initiatives as declared
from model.frameworks.delivery import Delivery
from model.frameworks.initiatives import edits, initiatives, settings, stages, told_by

THERE_ARE = "there are data, scoring, alerts, dunning, pricing, cadence, enablement"
HAS = (
    "it has order, team, increments, overhead, uncertainty, start, pay, <initiative>.effort, <initiative>.effect. "
    "It is left out."
)
TEAM = "it must lie between 0.5 and 500 (people). 4 is used."
SHARE = "it must lie between 0.0\u202f% and 80.0\u202f% (share of the team's time, agile only). 15.0\u202f% is used."
EFFORT = "it must lie between 0.5 and 1,000 (person-months). 8 is used."
PARTS = "it must be one of 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 (increments of each initiative). 4 is used."

BAD = {
    "delivery=scrum": "Delivery (delivery=scrum) must be one of none, waterfall, agile. None is used.",
    "delivery=": "Delivery (delivery=) must be one of none, waterfall, agile. None is used.",
    "delivery.team=0": f"Team (delivery.team=0) is 0; {TEAM}",
    "delivery.team=-3": f"Team (delivery.team=-3) is −3; {TEAM}",
    "delivery.team=nan": f"Team (delivery.team=nan) is not a finite number; {TEAM}",
    "delivery.team=1e999": f"Team (delivery.team=1e999) is not a finite number; {TEAM}",
    "delivery.team=four": f"Team (delivery.team=four) is not a number; {TEAM}",
    "delivery.team=1_0": f"Team (delivery.team=1_0) is not a number; {TEAM}",
    "delivery.team=%D9%A4": f"Team (delivery.team=٤) is not a number; {TEAM}",
    "delivery.overhead=0.9": f"Overhead (delivery.overhead=0.9) is 90.0\u202f%; {SHARE}",
    "delivery.overhead=15%25": f"Overhead (delivery.overhead=15%) is not a number; {SHARE}",
    "delivery.increments=2.5": f"Increments (delivery.increments=2.5) is 2.5; {PARTS}",
    "delivery.increments=0": f"Increments (delivery.increments=0) is 0; {PARTS}",
    "delivery.start=0": "Start (delivery.start=0) is 0; it must lie between 1 and 120 (month of the plan). 1 is used.",
    "delivery.pay=-1": "Cost of a person (delivery.pay=-1) is −$1.00; it must lie between $0 and $100M "
    "(currency per person-month). $0 is used.",
    "delivery.data.effort=0": f"Effort of Clean account data (delivery.data.effort=0) is 0; {EFFORT}",
    "delivery.data.effect=-1": "Strength of Clean account data (delivery.data.effect=-1) is −100.0\u202f%; it must lie between "
    "0.0\u202f% and 500.0\u202f% (share of the declared effects). 100.0\u202f% is used.",
    "delivery.foo.effort=3": f"There is no initiative 'foo' (delivery.foo.effort=3); {THERE_ARE}. It is left out.",
    "delivery.data.speed=3": f"A delivery has no 'data.speed' (delivery.data.speed=3); {HAS}",
    "delivery.speed=3": f"A delivery has no 'speed' (delivery.speed=3); {HAS}",
    "delivery.=3": "Delivery (delivery.=3) must be one of none, waterfall, agile. None is used.",
    "delivery.a.b.c=3": f"A delivery has no 'a.b.c' (delivery.a.b.c=3); {HAS}",
    "delivery.%3Cb%3E=1": f"A delivery has no '<b>' (delivery.<b>=1); {HAS}",
    "delivery.order=foo": f"Order (delivery.order=foo) names no initiative; {THERE_ARE}. All are used.",
    "delivery.order=": f"Order (delivery.order=) names no initiative; {THERE_ARE}. All are used.",
    "delivery.order=data.foo": f"There is no initiative 'foo' (delivery.order=data.foo); {THERE_ARE}. It is left out.",
    "delivery.order=data.data": "Order (delivery.order=data.data) names data more than once; its first place is used.",
}


@pytest.mark.parametrize("part", BAD)
def test_each_bad_part_of_a_link_is_named_and_the_rest_stands(part: str) -> None:
    reading = read_link(f"/delivery?{part}&delivery.dunning.effort=5&win_rate=0.25")
    assert reading.problems == (BAD[part],)
    assert reading.scenario.by_key["win_rate"].target == 0.25
    delivery = reading.scenario.plan("delivery")
    assert isinstance(delivery, Delivery)
    assert delivery.effort("dunning") == 5
    assert delivery.method == "none"
    if "order=data" in part:
        assert delivery.order == ("data",)
    else:
        assert delivery.order == tuple(initiatives())


def test_a_link_may_choose_nothing() -> None:
    reading = read_link("/delivery?delivery=agile&delivery.order=none")
    assert reading.problems == ()
    assert reading.scenario.plan("delivery") == Delivery("agile", ())
    assert not reading.scenario.effects


def test_a_flood_of_parameters_is_read_up_to_the_limit() -> None:
    flood = "&".join(f"delivery.x{number}={number}" for number in range(3000))
    problems = read_link(f"/delivery?{flood}").problems
    assert problems[0] == "This link has 3,000 parameters; only the first 500 are read."
    assert len(problems) == 501


ENTRY = tomllib.loads((DATA / "initiatives.toml").read_text(encoding="utf-8"))["data"]
EFFECT = ENTRY["effects"][0]


def with_effect(**values: Any) -> dict[str, Any]:
    return {"crm": ENTRY | {"effects": [EFFECT | values]}}


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ({"crm": ENTRY | {"effort": 0}}, "crm.effort: Input should be greater than or equal to 0.5"),
        ({"crm": ENTRY | {"one_off": -0.1}}, "crm.one_off: Input should be greater than or equal to 0"),
        ({"crm": ENTRY | {"running": float("nan")}}, "crm.running: Input should be a finite number"),
        ({"crm": ENTRY | {"effects": []}}, "crm.effects: Tuple should have at least 1 item after validation, not 0"),
        ({"crm": ENTRY | {"source": "hearsay"}}, "crm: hearsay: no such source"),
        (
            {"crm": ENTRY | {"kind": "benchmark"}},
            "crm: a judgement has the source 'judgement', and nothing else has",
        ),
        ({"crm": ENTRY | {"people": 4}}, "crm.people: Extra inputs are not permitted"),
        ({"CRM 1": ENTRY}, "CRM 1.id: String should match pattern '^[a-z]+$'"),
        ({"none": ENTRY}, "none: 'none' means that there is no initiative"),
        (with_effect(assumption="luck"), "crm.effects.0: 'luck' is not an assumption of a segment that can be moved"),
        (
            with_effect(assumption="revops_cost"),
            "crm.effects.0: 'revops_cost' is not an assumption of a segment that can be moved",
        ),
        (with_effect(change=-1), "crm.effects.0.change: Input should be greater than -1"),
        (
            with_effect(change="lots"),
            "crm.effects.0.change: Input should be a valid number, unable to parse string as a number",
        ),
    ],
)
def test_a_broken_initiative_is_named(raw: dict[str, Any], message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(declared, "read_toml", lambda _: raw)
    with pytest.raises(CatalogueError) as refused:
        initiatives.__wrapped__()
    assert refused.value.problems == (f"initiatives.toml: {message}",)


DELIVERY = tomllib.loads((DATA / "delivery.toml").read_text(encoding="utf-8"))
DESIGN = DELIVERY["stages"]["design"]


@pytest.mark.parametrize(
    ("table", "change", "read", "message"),
    [
        ("stages", {"design": DESIGN | {"share": 0.3}}, stages, "stages: the shares add up to 1.1 and not to 1"),
        ("stages", {"design": DESIGN | {"share": 0}}, stages, "stages: design.share: Input should be greater than 0"),
        ("settings", {"team": {"label": "Team"}}, settings, "settings: team.question: Field required"),
        (
            "edits",
            {"effort": DELIVERY["edits"]["effort"] | {"min": 9}},
            edits,
            "edits: effort: min, usual and max must be in order",
        ),
    ],
)
def test_a_broken_delivery_file_is_named(
    table: str, change: dict[str, Any], read: Callable[[], Any], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(declared, "read_toml", lambda _: DELIVERY | {table: DELIVERY[table] | change})
    with pytest.raises(CatalogueError) as refused:
        read.__wrapped__() if hasattr(read, "__wrapped__") else read()
    assert refused.value.problems[0] == f"delivery.toml: {message}"


def test_an_unknown_source_of_the_delivery_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(declared, "read_toml", lambda _: DELIVERY | {"sources": ["hearsay"]})
    with pytest.raises(CatalogueError) as refused:
        told_by.__wrapped__()
    assert refused.value.problems == ("delivery.toml: sources: no source hearsay in sources.toml",)


def test_every_initiative_says_why_and_stays_modest() -> None:
    for entry in initiatives().values():
        assert entry.about.endswith(".")
        for effect in entry.effects:
            assert effect.reason.endswith(".")
            relative = assumptions()[effect.assumption].across in ("sum", "scale")
            assert 0 < abs(effect.change) <= (0.05 if relative else 0.1), (entry.id, effect.assumption)
    for setting in (*settings().values(), *edits().values()):
        assert setting.reason.endswith(".")
        assert "?" in setting.question
    assert set(told_by()) <= set(sources())
