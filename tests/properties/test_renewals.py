"""Renewals at risk: what is due, at risk, saved and lost adds up, and more of any element never loses more."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import LINES, Move, Projection, Scenario, load_shipped, project, read_move, shipped
from model.company_file import company_from
from model.frameworks.point_worth import POINT, point_worth
from model.metrics import View
from model.renewals import (
    SAVING,
    approached_share,
    called_share,
    detected_share,
    saved_share,
    seen_share,
    tracked_share,
)
from tests.quiet_company import quiet_company
from tests.random_companies import random_company, random_moves

SEEDS = st.integers(0, 10**9)
FEW = settings(max_examples=25, deadline=None, derandomize=True, database=None)
SHARES = st.floats(0, 1)
NEW = ("customer_feedback", "automated_outreach", "cost_per_approach")
STEPS = (tracked_share, detected_share, seen_share, called_share, approached_share, saved_share)


def drawn(seed: int) -> Scenario:
    """Return a random company with some moves."""
    chance = random.Random(seed)
    raw = random_company(chance)
    company = company_from(raw)
    return Scenario.of(company, [read_move(*move.split("=", 1), company) for move in random_moves(chance, raw)])


def close(found: np.ndarray, wanted: np.ndarray, projection: Projection) -> bool:
    """Compare amounts as precisely as the largest ARR allows."""
    scale = max(1.0, float(projection["arr_closing"].max()), float(projection["arr_due_for_renewal"].max()))
    return bool(np.allclose(found, wanted, rtol=1e-9, atol=1e-12 * scale))


@FEW
@given(SEEDS)
def test_what_is_at_risk_is_saved_or_lost_and_never_more_than_is_due(seed: int) -> None:
    projection = project(drawn(seed))
    risk, saved, lost = (projection[line] for line in ("arr_at_risk", "arr_saved", "arr_churn"))
    assert close(saved + lost, risk, projection)
    assert (saved >= 0).all()
    assert (saved <= risk).all()
    assert (risk <= projection["arr_due_for_renewal"] * (1 + 1e-9)).all()


@FEW
@given(SEEDS)
def test_each_step_of_a_save_is_part_of_the_one_before(seed: int) -> None:
    projection = project(drawn(seed))
    for segment in ("", *projection.scenario.company.segments):
        view = View(projection, segment)
        tracked, detected, seen, called, approached, saved = (view.at_risk(share) for share in STEPS)
        chain = (view["arr_at_risk"], tracked, seen, approached, saved)
        for before, after in pairwise(chain):
            assert (after <= before * (1 + 1e-9)).all()
        assert (detected <= seen * (1 + 1e-9)).all()
        assert (called <= approached * (1 + 1e-9)).all()
        assert close(saved, view["arr_saved"], projection)


@FEW
@given(st.lists(SHARES, min_size=len(SAVING), max_size=len(SAVING)))
def test_the_saved_share_is_the_formula_and_a_share(values: list[float]) -> None:
    given_ = {name: np.float64(value) for name, value in zip(SAVING, values, strict=True)}
    coverage, detection, feedback, outreach, automated, save = values
    wanted = coverage * (1 - (1 - detection) * (1 - feedback)) * (1 - (1 - outreach) * (1 - automated)) * save
    assert saved_share(given_) == pytest.approx(wanted, rel=1e-9, abs=1e-15)
    assert all(0 <= share(given_) <= 1 for share in STEPS)
    assert saved_share(dict.fromkeys(SAVING, np.float64(1))) == 1
    plain = given_ | {"customer_feedback": np.float64(0), "automated_outreach": np.float64(0)}
    assert saved_share(plain) == coverage * detection * outreach * save


@FEW
@given(SEEDS)
def test_a_company_that_leaves_them_out_has_none_of_them_and_no_cost(seed: int) -> None:
    raw = random_company(random.Random(seed))
    without: dict[str, Any] = {**raw, "assumptions": {k: v for k, v in raw["assumptions"].items() if k not in NEW}}
    zero = {**raw, "assumptions": raw["assumptions"] | dict.fromkeys(NEW, 0)}
    one, two = (project(Scenario.of(company_from(given))) for given in (without, zero))
    assert all(np.array_equal(one[line], two[line], equal_nan=True) for line in LINES)
    served = (one["customers_opening"] + one["customers_closing"]) * (one.assumption("cost_to_serve") / 24)
    assert np.array_equal(one["customer_success_cost"], served)


@FEW
@given(SEEDS, st.sampled_from(SAVING), st.floats(0, 0.5), st.integers(1, 24), st.integers(0, 12))
def test_more_of_any_element_never_loses_more(seed: int, name: str, more: float, start: int, ramp: int) -> None:
    raised = drawn(seed).without(name)
    before = project(raised)
    for segment, value in raised.company.assumptions[name].items():
        if f"{name}.{segment}" not in raised.by_key:
            raised = raised.with_move(Move(name, min(1.0, value + more), segment, start, ramp))
    after = project(raised)
    for line in ("arr_closing", "customers_closing"):
        assert (after[line] >= before[line] * (1 - 1e-12) - 1e-9).all(), line
    first = before["arr_churn"].sum(axis=1) > 0
    if first.any():
        month = int(first.argmax())
        assert (after["arr_churn"][month] <= before["arr_churn"][month] * (1 + 1e-12)).all()


def worked(**values: float) -> Projection:
    """Return a hundred customers of $1,000, all due in month 12, of whom a fifth would rather leave."""
    given_ = {"renewal_coverage": 0.9, "risk_detection": 0.5, "customer_feedback": 0.5, "renewal_outreach": 0.8,
              "automated_outreach": 0.5, "save_rate": 0.5, "cost_per_approach": 500, "retention_rate": 0.8}  # fmt: skip
    company = quiet_company(opening_arr=100_000, opening_customers=100, **(given_ | values))
    return project(Scenario.of(company))


def test_a_save_worked_by_hand() -> None:
    projection = worked()
    view = View(projection)
    assert view.at_risk(tracked_share)[-1] == pytest.approx(18_000)
    assert view.at_risk(detected_share)[-1] == pytest.approx(9_000)
    assert view.at_risk(seen_share)[-1] == pytest.approx(13_500)
    assert view.at_risk(called_share)[-1] == pytest.approx(10_800)
    assert view.at_risk(approached_share)[-1] == pytest.approx(12_150)
    lines = {"arr_due_for_renewal": 100_000, "arr_at_risk": 20_000, "arr_saved": 6_075, "arr_churn": 13_925,
             "customers_approached": 10.8, "customer_success_cost": 5_400, "customers_lost": 13.925}  # fmt: skip
    assert {line: projection.total(line)[-1] for line in lines} == pytest.approx(lines)
    assert all(projection.total(line)[:-1].sum() == 0 for line in lines)
    figures = {"renewals_tracked": 0.9, "arr_at_risk": 20_000, "risks_seen": 0.675, "unseen_risk": 6_500,
               "risks_approached": 0.6075, "renewal_calls": 10.8, "outreach_cost": 5_400, "saved_arr": 6_075,
               "save_share": 0.30375, "renewal_uplift": 0, "contraction_share": 0}  # fmt: skip
    assert {name: view.metric(name)[-1] for name in figures} == pytest.approx(figures)


def test_what_is_given_up_and_added_at_a_renewal_counts_what_renewed() -> None:
    view = View(worked(contraction_rate=0.1, price_uplift=0.05))
    assert view.metric("contraction_share")[-1] == pytest.approx(0.1)
    assert view.metric("renewal_uplift")[-1] == pytest.approx((100_000 - 13_925) * 0.9 * 0.05)


def test_nobody_is_lost_where_all_at_risk_are_saved() -> None:
    projection = worked(**dict.fromkeys(SAVING, 1.0))
    assert projection.total("arr_churn").sum() == projection.total("customers_lost").sum() == 0
    assert projection.total("arr_saved") == pytest.approx(projection.total("arr_at_risk"))
    assert projection.total("arr_saved").sum() > 0


def test_the_value_of_a_customer_pays_for_approaches() -> None:
    """Each year the fifth of those left who would go are called, at the year's end: c × 0.2 × 0.8^k ÷ 1.1^(k+1)."""
    values = {"save_rate": 0, "renewal_coverage": 1, "risk_detection": 1, "renewal_outreach": 1, "cost_of_capital": 0.1,
              "leads_per_month": 1, "average_selling_price": 1_000}  # fmt: skip
    free, paid = (View(worked(**values, cost_per_approach=cost)).metric("clv")[-1] for cost in (0, 100))
    assert free - paid == pytest.approx(sum(100 * 0.2 * 0.8**k / 1.1 ** (k + 1) for k in range(50)))


def moved_by_hand(scenario: Scenario, name: str, segment: str) -> float:
    """Return what a point of an element brings, by moves of each segment from month 1 on."""
    raised = scenario
    for own, value in scenario.company.assumptions[name].items():
        if segment in ("", own):
            raised = raised.with_move(Move(name, min(1.0, value + POINT), own))
    return float((project(raised)["operating_profit"] - project(scenario)["operating_profit"]).sum())


@pytest.mark.parametrize("name", shipped())
def test_the_worth_of_a_point_is_that_of_the_projection_with_it(name: str) -> None:
    scenario = Scenario.of(load_shipped(name))
    for segment in ("", *scenario.company.segments):
        worth = point_worth(scenario, segment)
        assert tuple(worth) == SAVING
        for element, value in worth.items():
            assert value == pytest.approx(moved_by_hand(scenario, element, segment), rel=1e-6, abs=1e-3)
            bound = segment and scenario.company.assumptions[element][segment] == 1
            assert value == 0 if bound else value > 0
            assert value <= worth["save_rate"] * (1 + 1e-9) or worth["save_rate"] == 0


def test_the_worth_of_a_point_counts_on_top_of_moves_and_is_nothing_at_the_bound() -> None:
    base = Scenario.of(load_shipped("midmarket-saas"))
    nobody = point_worth(base.with_move(Move("save_rate", 0.0)))
    assert [name for name, value in nobody.items() if value] == ["save_rate"]
    full = point_worth(base.with_move(Move("renewal_outreach", 1.0)))
    assert full["renewal_outreach"] == full["automated_outreach"] == 0
    assert full["save_rate"] > point_worth(base)["save_rate"]


def test_a_point_can_cost_more_than_it_keeps() -> None:
    base = Scenario.of(load_shipped("midmarket-saas"))
    dear = point_worth(base.with_move(Move("cost_per_approach", 100_000)))
    assert dear["renewal_outreach"] < 0 < dear["automated_outreach"]
