"""Invoices and cash: what must hold for any company, and a schedule worked by hand."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import Company, Move, Projection, Scenario, project, project_many, varied
from model.billing import Billing
from model.inputs import inputs_of
from model.metrics import View
from tests.properties.test_laws import FEW, SEEDS, close, drawn
from tests.quiet_company import quiet_company

BILLED = ("billings", "cash_collected", "deferred_revenue", "receivables")


def billing_of(projection: Projection) -> Billing:
    """Return the invoices behind a projection, with what stood on the opening day."""
    opening = projection["arr_opening"][:1]
    arr = np.concatenate([opening, projection["arr_closing"]])[:, :, np.newaxis]
    return Billing(inputs_of(projection.scenario), arr, projection["revenue"][:, :, np.newaxis])


def with_values(company: Company, **values: float) -> Company:
    """Return a company with some assumptions the same in all segments, before the first month too."""
    same = {name: dict.fromkeys(company.segments, value) for name, value in values.items()}
    return replace(company, assumptions={**company.assumptions, **same})


@FEW
@given(SEEDS)
def test_billings_are_revenue_and_what_deferred_revenue_grew_by(seed: int) -> None:
    projection = project(drawn(seed)[3])
    opening = billing_of(projection).deferred[:1, :, 0]
    grown = np.diff(np.concatenate([opening, projection["deferred_revenue"]]), axis=0)
    assert close(projection["billings"], projection["revenue"] + grown, projection)


@FEW
@given(SEEDS)
def test_cash_is_billings_less_what_receivables_grew_by(seed: int) -> None:
    projection = project(drawn(seed)[3])
    opening = billing_of(projection).receivables[:1, :, 0]
    grown = np.diff(np.concatenate([opening, projection["receivables"]]), axis=0)
    assert close(projection["cash_collected"], projection["billings"] - grown, projection)
    owed = projection["billings"].sum(axis=0) + opening[0]
    assert close(projection["cash_collected"].sum(axis=0) + projection["receivables"][-1], owed, projection)


@FEW
@given(SEEDS)
def test_nothing_is_deferred_where_nobody_pays_ahead(seed: int) -> None:
    company = with_values(drawn(seed)[3].company, annual_prepay_share=0)
    projection = project(Scenario.of(company))
    assert not projection["deferred_revenue"].any()
    assert np.array_equal(projection["billings"], projection["revenue"])


@FEW
@given(SEEDS)
def test_nothing_is_owed_where_invoices_go_out_and_are_paid_at_once(seed: int) -> None:
    company = with_values(drawn(seed)[3].company, days_to_collect=0, invoicing_delay_days=0)
    projection = project(Scenario.of(company))
    assert not projection["receivables"].any()
    assert np.array_equal(projection["cash_collected"], projection["billings"])


@FEW
@given(SEEDS)
def test_with_everything_paid_ahead_deferred_revenue_is_near_half_a_year_where_arr_is_even(seed: int) -> None:
    """One contract begins each month: on average it has 11.5, 10.5 … 0.5 months to go, six of twelve."""
    arr = random.Random(seed).uniform(1, 1e9)
    still = quiet_company(opening_arr=arr, opening_customers=1, annual_prepay_share=1)
    projection = project(Scenario.of(replace(still, book={"one": _even_book()})))
    assert projection["deferred_revenue"] == pytest.approx(np.full((12, 1), arr / 2), rel=1e-12)
    assert projection["billings"] == pytest.approx(projection["revenue"], rel=1e-12)


def _even_book() -> dict[str, dict[str, float]]:
    months = {f"2025-{month:02d}": 1.0 for month in range(1, 13)}
    return {"arr": months, "customers": months}


@FEW
@given(SEEDS)
def test_the_first_year_of_a_long_plan_is_the_plan_of_a_year(seed: int) -> None:
    scenario = drawn(seed)[3]
    long, short = (project(scenario.with_horizon(months)) for months in (36, 12))
    for line in BILLED:
        assert close(long[line][:12], short[line], long), line


@FEW
@given(SEEDS, st.floats(0, 365), st.floats(0, 180))
def test_an_invoice_waits_as_long_for_going_out_as_for_being_paid(seed: int, days: float, delay: float) -> None:
    company = drawn(seed)[3].company
    apart = project(Scenario.of(with_values(company, days_to_collect=days, invoicing_delay_days=delay)))
    swapped = with_values(
        company, days_to_collect=min(delay + days, 365), invoicing_delay_days=max(0, delay + days - 365)
    )
    assert close(apart["receivables"], project(Scenario.of(swapped))["receivables"], apart)


@FEW
@given(SEEDS)
def test_runs_of_a_batch_are_billed_as_each_alone(seed: int) -> None:
    """Also where runs differ before the first month: leakage, prepayment and days of the company they began as."""
    scenario, chance = drawn(seed)[3].base, random.Random(seed)
    bounds = {"annual_prepay_share": 1, "revenue_leakage": 0.3, "days_to_collect": 365, "invoicing_delay_days": 180}
    values = {name: np.array([chance.uniform(0, most) for _ in range(3)]) for name, most in bounds.items()}
    batch = project_many(varied(scenario, values, base=True), BILLED)
    for run in range(3):
        company = with_values(scenario.company, **{name: float(of_run[run]) for name, of_run in values.items()})
        alone = project(Scenario.of(company, horizon=scenario.horizon))
        for line in BILLED:
            assert close(batch[line][..., run], alone[line], alone), line


HALF_AHEAD = {"opening_arr": 1200, "opening_customers": 2, "annual_prepay_share": 0.5, "days_to_collect": 45}


def test_a_schedule_worked_by_hand() -> None:
    """Two customers at 600 a year, both signed in December 2025; one of them leaves in December 2026.

    Half of each contract is invoiced a year ahead, the other half month by month. Invoices are paid after 45 days.
    """
    company = quiet_company(months=15, retention_rate=0.5, **HALF_AHEAD)
    plan = project(Scenario.of(company))
    billing = billing_of(plan)

    # Revenue: 1200 / 12 = 100 a month. Customers leave in the middle of a month, so December 2026 earns half a month
    # of two customers and half a month of one: 50 + 25 = 75. From January 2027 on it is 600 / 12 = 50.
    assert plan["revenue"][:, 0] == pytest.approx([100] * 11 + [75] + [50] * 3)

    # Deferred revenue: in December 2025 half of 1200 = 600 was invoiced ahead. On the opening day half a month of it is
    # earned, 25, and 575 is not. Each month earns 50, so that 25 is left at the end of November 2026. In December 2026
    # that is earned, and half of the renewed 600 = 300 is invoiced; half a month of it, 12.5, is earned: 287.5 is left.
    # From then on each month earns 25.
    assert billing.deferred[0, 0, 0] == pytest.approx(575)
    assert plan["deferred_revenue"][:, 0] == pytest.approx(
        [525, 475, 425, 375, 325, 275, 225, 175, 125, 75, 25, 287.5, 262.5, 237.5, 212.5]
    )

    # Billings: the half that is invoiced as earned, 50 a month. December 2026: 300 ahead, and the other half of 75 = 37.5.
    # Then 25 a month. The check: 337.5 = revenue 75 + deferred revenue grown by 287.5 − 25 = 262.5.
    assert plan["billings"][:, 0] == pytest.approx([50] * 11 + [337.5] + [25] * 3)

    # Cash: a month has 365 / 12 = 30.42 days. 45 days are one month and 14.58 days, or 0.479 of a month. Of the invoices
    # of a month 0.521 are therefore paid in the next month and 0.479 in the one after.
    late = 45 / (365 / 12) - 1
    soon = 1 - late
    assert (round(soon, 3), round(late, 3)) == (0.521, 0.479)
    # Before the opening day: 50 in November 2025, and 600 ahead + 50 = 650 in December 2025.
    expected = [
        650 * soon + 50 * late,  # January 2026: most of December, and what is left of November: 362
        50 * soon + 650 * late,  # February: 338
        *[50] * 10,  # March to December: 50 a month, all at the same pace
        337.5 * soon + 50 * late,  # January 2027: 200
        25 * soon + 337.5 * late,  # February: 175
        25,  # March
    ]
    assert plan["cash_collected"][:, 0] == pytest.approx(expected)
    assert [round(cash) for cash in expected] == [362, 338, *[50] * 10, 200, 175, 25]

    # Receivables: all of this month's invoices and 0.479 of those of the month before. On the opening day
    # 650 + 0.479 × 50 = 674. The check: cash of January 362 = billings 50 + receivables fallen from 674 to 362.
    assert billing.receivables[0, 0, 0] == pytest.approx(650 + 50 * late)
    assert plan["receivables"][[0, 1, 11, 12], 0] == pytest.approx(
        [50 + 650 * late, 50 + 50 * late, 337.5 + 50 * late, 25 + 337.5 * late]
    )


def test_other_terms_of_payment_act_on_each_contract_at_its_anniversary() -> None:
    company = quiet_company(months=15, **HALF_AHEAD)
    base, moved = (project(Scenario.of(company, moves)) for moves in ((), (Move("annual_prepay_share", 0, start=2),)))
    assert np.array_equal(moved["billings"][:11], base["billings"][:11])
    # December 2026: nothing is invoiced ahead; of the month's 100, 25 is the last of what was.
    assert moved["billings"][11:, 0] == pytest.approx([75, 100, 100, 100])
    assert moved["deferred_revenue"][11:, 0] == pytest.approx([0, 0, 0, 0])


def test_who_leaves_within_a_year_paid_ahead_gets_a_credit_note() -> None:
    """From June 2026 on one in ten is lost to failed cards each month."""
    company = quiet_company(months=12, **{**HALF_AHEAD, "annual_prepay_share": 1, "card_share": 1})
    plan = project(Scenario.of(company, [Move("payment_failure_rate", 0.1, start=6)]))
    lost = plan["arr_churn_involuntary"][5, 0]
    assert lost == pytest.approx(120)
    # A year of 120 is taken back: half a month of it counts in June, the rest is taken off deferred revenue. Until then it
    # was 1200 × 5.5 / 12.
    assert plan["billings"][5, 0] == pytest.approx(-120)
    assert plan["deferred_revenue"][5, 0] == pytest.approx(1200 * 5.5 / 12 - 120 * 11.5 / 12)


def test_leakage_found_is_invoiced_as_it_is_earned_until_the_next_yearly_invoice() -> None:
    company = quiet_company(months=15, **{**HALF_AHEAD, "annual_prepay_share": 1, "revenue_leakage": 0.1})
    base, moved = (project(Scenario.of(company, moves)) for moves in ((), (Move("revenue_leakage", 0, start=4),)))
    # At base 1080 of 1200 is invoiced each December, and nothing else.
    assert base["billings"][:, 0] == pytest.approx([0] * 11 + [1080] + [0] * 3)
    # From April on 10 a month is found and invoiced; December invoices 1200, and the last half of what was missing, 5.
    assert moved["billings"][:, 0] == pytest.approx([0] * 3 + [10] * 8 + [1205] + [0] * 3)


def test_figures_of_billing_and_cash_worked_by_hand() -> None:
    """The schedule above with a cost of 10 a month, one payment in ten of a company card failing, four of ten recovered."""
    cards = {"card_share": 0.5, "payment_failure_rate": 0.1, "dunning_recovery": 0.4}
    view = View(project(Scenario.of(quiet_company(**HALF_AHEAD, fixed_costs=120))))
    assert view.metric("billings")[11] == pytest.approx(50 * 11 + 600 + 50)
    assert view.metric("deferred_revenue")[11] == pytest.approx(575)
    assert view.metric("receivables")[11] == pytest.approx(650 + 50 * (45 / (365 / 12) - 1))
    assert view.metric("dso")[11] == pytest.approx(view["receivables"][11] / (50 + 50 + 650) * 91.25)
    # All is as a year before: profit is cash. 1200 of revenue less 120 of cost.
    assert view.metric("operating_cash_flow")[11] == view.metric("operating_profit")[11] == pytest.approx(1080)
    failing = View(project(Scenario.of(quiet_company(**HALF_AHEAD, **cards))))
    kept = 0.97 ** np.arange(12)  # half of ARR by card, a tenth of it fails, six of ten for good: 3 % a month
    assert failing.metric("recovered_arr")[11] == pytest.approx(1200 * 0.5 * 0.1 * 0.4 * kept.sum())
    assert failing.metric("involuntary_churn")[11] == pytest.approx(12 * 0.03)


@pytest.mark.parametrize("share", [0.25, 1])
def test_leakage_is_money_even_where_all_of_it_leaks(share: float) -> None:
    view = View(project(Scenario.of(quiet_company(**HALF_AHEAD, revenue_leakage=share))))
    assert view.metric("leakage")[11] == pytest.approx(1200 * share)
    assert view.metric("leakage")[11] + view.metric("revenue")[11] == pytest.approx(1200)
    assert view.metric("cash_collected")[11] == pytest.approx(1200 * (1 - share))
