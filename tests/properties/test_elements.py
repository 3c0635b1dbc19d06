"""What a small step is worth, held against moves made one at a time; costs of the elements against profit."""

from __future__ import annotations

import random

import pytest

from model import Move, Scenario, assumptions, load_shipped, project, read_move, shipped
from model.company_file import company_from
from model.frameworks.elements import ELEMENTS, cost, levers_of, worth
from model.frameworks.scoring import LeadScores
from tests.quiet_company import quiet_company
from tests.random_companies import random_company, random_moves


def profit(scenario: Scenario) -> float:
    return float(project(scenario).total("operating_profit").sum())


def stepped(scenario: Scenario, name: str, sign: int) -> Scenario:
    """Return a scenario without moves, with one lever moved by a step in every segment."""
    entry, company = assumptions()[name], scenario.company
    by_points = entry.shown_as == "rate" or entry.across == "shift"
    for segment, value in zip(company.segments if entry.scope == "segment" else [""], company.base(name), strict=True):
        target = value + sign * 0.01 if by_points else value * (1 + sign * 0.01)
        scenario = scenario.with_move(Move(name, min(entry.max, max(entry.min, float(target))), segment))
    return scenario


@pytest.mark.parametrize("company", shipped())
def test_a_step_is_worth_what_its_move_brings_in_the_better_direction(company: str) -> None:
    base = Scenario.of(load_shipped(company))
    found, before = worth(base), profit(base)
    for name, step in found.steps.items():
        more, less = (profit(stepped(base, name, sign)) - before for sign in (1, -1))
        assert step.worth == pytest.approx(max(more, less, 0.0), rel=1e-6, abs=1e-6 * abs(before)), name
        assert step.sign in ((0,) if step.worth == 0 else (1,) if more >= less else (-1,))
    for element in ELEMENTS:
        together = base
        for name in levers_of(element):
            together = stepped(together, name, found.steps[name].sign) if found.steps[name].sign else together
        assert found.together[element] == pytest.approx(profit(together) - before, rel=1e-6)


@pytest.mark.parametrize("seed", range(10))
def test_costs_of_the_elements_are_revenue_less_profit(seed: int) -> None:
    chance = random.Random(seed)
    raw = random_company(chance)
    company = company_from(raw)
    moves = [read_move(*move.split("=", 1), company) for move in random_moves(chance, raw)]
    projection = project(Scenario.of(company, moves))
    spent = sum(cost(projection, element) for element in ELEMENTS)
    wanted = projection.total("revenue") - projection.total("operating_profit")
    assert spent == pytest.approx(wanted, rel=1e-9, abs=1e-6)


def test_a_step_worked_by_hand() -> None:
    """1,200 of ARR bring 100 a month at a margin of 1: a point of leakage costs 1 a month; leads at 2 each save 1 % of 200."""
    company = quiet_company(
        opening_arr=1200, opening_customers=1, leads_per_month=100, lead_conversion=0, cost_per_lead=2
    )
    steps = worth(Scenario.of(company)).steps
    assert (steps["revenue_leakage"].sign, steps["revenue_leakage"].worth) == (0, 0.0), "already at its bound"
    assert (steps["gross_margin"].sign, steps["gross_margin"].worth) == (0, 0.0), "already at its bound"
    assert (steps["cost_per_lead"].sign, steps["cost_per_lead"].worth) == (-1, pytest.approx(12 * 2))
    assert steps["cost_per_lead"].label == "Cost per lead −1\u202f%"
    leaking = worth(Scenario.of(company, [Move("revenue_leakage", 0.05)])).steps["revenue_leakage"]
    assert (leaking.sign, leaking.worth, leaking.label) == (-1, pytest.approx(12.0), "Leakage −1 pt")


def test_steps_come_on_top_of_moves_and_plans() -> None:
    base = Scenario.of(load_shipped("launchpad"))
    moved = base.with_move(Move("win_rate", 0.3, "", 6, 3)).with_plan(LeadScores(ordered=True))
    assert worth(moved).steps["average_selling_price"].worth > worth(base).steps["average_selling_price"].worth
    assert worth(moved).steps["cost_of_capital"].sign == 0, "it changes no profit"
