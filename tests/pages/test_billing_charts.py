"""The charts of billing and cash say what the projection says, and the lens tells cash where nothing else moves."""

from __future__ import annotations

from typing import Any

import pytest

from model import project, read_link
from model.metrics import View
from tests.pages.test_pages import figures, opened

MOVED = "company=midmarket-saas&revenue_leakage=0.02&days_to_collect=60&payment_failure_rate=0.01"


def walk_of(query: str) -> dict[str, tuple[float, float]]:
    """Return start and length of each bar of the walk from ARR to cash."""
    spec = next(spec for spec in figures(opened("billing-layers", query)) if "Billings" in spec["data"][0].get("y", ()))
    bar: Any = spec["data"][0]
    return dict(zip(bar["y"], zip(bar["base"], bar["x"], strict=True), strict=True))


@pytest.mark.parametrize("query", ["company=launchpad", MOVED, f"{MOVED}&segment=ent"])
def test_the_walk_from_arr_to_cash_adds_up(query: str) -> None:
    walk = walk_of(query)
    scenario = read_link(query.partition("&segment")[0]).scenario
    view = View(project(scenario), query.partition("segment=")[2])
    for name, metric in {"ARR": "arr", "Revenue": "revenue", "Billings": "billings", "Cash": "cash_collected"}.items():
        assert walk[name] == (0, pytest.approx(view.metric(metric)[-1]))
    apart = {name: length for name, (_, length) in walk.items()}
    assert apart["Never billed"] == pytest.approx(-view.metric("leakage")[-1])
    assert apart["ARR"] + apart["Not a full year yet"] + apart["Never billed"] == pytest.approx(apart["Revenue"])
    assert apart["Revenue"] + apart["Billed ahead"] == pytest.approx(apart["Billings"])
    assert apart["Billings"] + apart["Owed by customers"] == pytest.approx(apart["Cash"])


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("stage=billing&annual_prepay_share=1", "This move adds $7.11M of cash over 3 years"),
        ("stage=payments&days_to_collect=0", "This move adds $4.87M of cash over 3 years"),
        ("stage=operations&revenue_leakage=0", "This move adds $777K of profit and $1.12M of cash over 3 years"),
        ("stage=operations&forecast_accuracy=1", "This move changes neither ARR, profit nor cash by Dec 2028"),
        ("stage=operations", "Nothing moved here yet. One point of leakage is worth −$777K of profit over 3 years"),
    ],
)
def test_a_lens_answers_in_what_a_move_changes(query: str, answer: str) -> None:
    app = opened("billing-layers", f"company=midmarket-saas&{query}")
    assert app.title[0].value.replace("\\", "").replace("\u2060", "") == answer


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("stage=operations", "$412K a year is earned and never billed"),
        ("stage=operations&revenue_leakage=0.004", "$247K a year is found and fixed; $165K still leaks"),
        ("stage=operations&revenue_leakage=0.02", "$823K a year leaks, $412K more than at base"),
        ("stage=billing", "Dunning saves $362K of the $724K a year that fails"),
        ("stage=billing&payment_failure_rate=0", "No payment fails"),
        (
            "price_discount.smb=0&price_discount.mid=0&price_discount.ent=0&payment_failure_rate=0&days_to_collect=0&revenue_leakage=0",
            "No layer leaves any cash",
        ),
    ],
)
def test_titles_say_what_leaks_and_what_is_won_back(query: str, title: str) -> None:
    app = opened("billing-layers", f"company=midmarket-saas&{query}")
    assert f"## {title}" in [text.value.partition("\n")[0].replace("\\", "") for text in app.markdown]
