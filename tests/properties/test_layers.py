"""What layers leave on the table: nothing where a layer is at its best, and amounts worked by hand."""

from __future__ import annotations

import pytest

from model import Move, Scenario, assumptions, load_shipped, project, shipped
from model.frameworks.layers import LAYERS, left_on_the_table
from model.frameworks.lens import lenses
from tests.quiet_company import quiet_company


def test_layers_are_the_stages_of_the_lens_and_their_best_is_a_bound_of_their_own_levers() -> None:
    stages = lenses()["billing-layers"].stages
    assert [stage.title for stage in stages] == list(LAYERS)
    for stage in stages:
        for name, best in LAYERS[stage.title].items():
            assert name in stage.levers
            assert best in (assumptions()[name].min, assumptions()[name].max)


@pytest.mark.parametrize("name", shipped())
@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_at_its_best_leaves_nothing_and_every_other_something(name: str, layer: str) -> None:
    base = Scenario.of(load_shipped(name), [Move("invoicing_delay_days", 10)])
    moves = [Move(key, best, segment) for key, best in LAYERS[layer].items() for segment in base.company.segments]
    best = Scenario.of(base.company, [*base.moves, *moves])
    assert left_on_the_table(best)[layer] == pytest.approx(0, abs=1e-6)
    assert left_on_the_table(base)[layer] > 0
    gained = sum(_cash_after_costs(scenario) * sign for scenario, sign in ((best, 1), (base, -1)))
    assert left_on_the_table(base)[layer] == pytest.approx(gained)


def test_a_company_at_its_best_in_every_layer_leaves_nothing() -> None:
    company = load_shipped("midmarket-saas")
    best = [entry for layer in LAYERS.values() for entry in layer.items()]
    moves = [Move(key, value, segment) for key, value in best for segment in company.segments]
    assert left_on_the_table(Scenario.of(company, moves)) == dict.fromkeys(LAYERS, 0.0)


def _cash_after_costs(scenario: Scenario) -> float:
    plan = project(scenario)
    costs = plan.total("revenue").sum() - plan["operating_profit"].sum()
    return float(plan.total("cash_collected").sum() - costs)


def test_money_left_worked_by_hand() -> None:
    """Revenue of 1200 a year less a tenth that leaks is 90 a month, invoiced as earned and paid after 73 days = 2.4 months.

    Paid at once, the 2.4 × 90 = 216 owed on the opening day come in on top; 100 instead of 90 a month brings 120 in a
    year, of which 2.4 × 10 = 24 is still owed at its end.
    """
    company = quiet_company(opening_arr=1200, opening_customers=1, revenue_leakage=0.1, days_to_collect=73)
    left = left_on_the_table(Scenario.of(company))
    assert left["Payment processing"] == pytest.approx(216)
    assert left["Revenue operations"] == pytest.approx(96)
    assert left["Billing automation"] == left["Subscription management"] == 0
