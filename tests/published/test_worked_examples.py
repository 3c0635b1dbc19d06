"""Worked examples from the web, each by a company that does just what the example says.

Left out: the typing of single subscription events (an export, not a projection), churn of the other sign (its figures
could not be read at the source).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from model import Move, Projection, Scenario, project
from model.metrics import View
from tests.printed import printed
from tests.quiet_company import quiet_company


def metric(projection: Projection, name: str, month: int = 12, segment: str = "") -> float:
    return float(View(projection, segment).metric(name)[month - 1])


def bridge(opening: float, new: float, grown: float, contracted: float, churned: float) -> Projection:
    """Return a year that opens with an ARR all due for renewal in month 12, when what remains also rises."""
    kept = opening - churned
    company = quiet_company(
        opening_arr=opening,
        opening_customers=100,
        retention_rate=1 - churned / opening,
        contraction_rate=contracted / kept,
        price_uplift=grown / (kept - contracted),
        leads_per_month=1,
        average_selling_price=new / 12,
    )
    return project(Scenario.of(company))


@pytest.mark.parametrize(
    ("amounts", "closing"),
    [
        pytest.param((200_000, 12_000, 8_000, 3_000, 5_000), "212000", id="metrickit-waterfall"),
        pytest.param((380_000, 42_000, 28_000, 0, 22_000), "428000", id="calclet-bridge"),
        pytest.param((12.0, 2.1, 0.84, 0.36, 0.78), "13.8", id="ryan-consulting"),
    ],
)
def test_the_bridge_closes(amounts: Sequence[float], closing: str) -> None:
    projection = bridge(*amounts)
    assert projection.total("arr_closing")[-1] == printed(closing)
    lines = ("arr_new", "arr_price_uplift", "arr_contraction", "arr_churn")
    assert [projection.total(line).sum() for line in lines] == pytest.approx(amounts[1:])


@pytest.mark.parametrize(
    ("amounts", "gross", "net"),
    [
        pytest.param((200_000, 12_000, 8_000, 3_000, 5_000), "96", "100", id="metrickit-waterfall"),
        pytest.param((10.0, 0, 1.8, 0.6, 0.9), "85", "103", id="pulse-revops"),
        pytest.param((100, 0, 10, 10, 10), "80", "90", id="chartmogul-churn-rates"),
        pytest.param((12.0, 2.1, 0.84, 0.36, 0.78), "90.5", "97.5", id="ryan-consulting-by-its-own-formulas"),
    ],
)
def test_retention(amounts: Sequence[float], gross: str, net: str) -> None:
    """The last page prints 94.5 and 105.0 %, which its own formulas do not give."""
    projection = bridge(*amounts)
    assert 100 * metric(projection, "grr") == printed(gross)
    assert 100 * metric(projection, "nrr") == printed(net)


@pytest.mark.parametrize(
    ("amounts", "quick", "net"),
    [
        ((200, 12, 8, 3, 5), "2.5", 12),
        ((100, 20, 8, 5, 3), "3.5", 20),
        ((100, 25, 10, 8, 4), "2.92", 23),
        ((100, 95, 28, 18, 7), "4.92", 98),
        ((100, 40, 5, 32, 8), "1.13", 5),
        ((100, 10, 0, 0, 2), "5", 8),
        ((100, 16, 0, 0, 8), "2", 8),
    ],
)
def test_quick_ratio(amounts: Sequence[float], quick: str, net: float) -> None:
    projection = bridge(*amounts)
    assert metric(projection, "quick_ratio") == printed(quick)
    assert projection.total("arr_closing")[-1] - amounts[0] == pytest.approx(net)


def test_next_month_of_a_monthly_book() -> None:
    """MRR 58,000, 2.25 % lost and 4 % won back by growth, both of the opening MRR."""
    company = quiet_company(
        opening_arr=12 * 58_000,
        opening_customers=100,
        contract_term_months=1,
        retention_rate=(1 - 0.0225) ** 12,
        upsell_rate=(1 + 0.04 / (1 - 0.0225)) ** 12 - 1,
    )
    arr = project(Scenario.of(company)).total("arr_closing")[0]
    assert (arr / 12, arr) == (printed("59015"), printed("708180"))


@pytest.mark.parametrize(
    ("cost", "revenue_a_month", "margin", "months"),
    [
        (600, 120, 0.80, "6.25"),
        (250, 99, 0.70, "3.6"),
        (1200, 100, 1.00, "12.0"),
        (1200, 100, 0.80, "15.0"),
        (1200, 100, 0.65, "18.5"),
    ],
)
def test_cac_payback(cost: float, revenue_a_month: float, margin: float, months: str) -> None:
    company = quiet_company(
        opening_arr=100 * 12 * revenue_a_month,
        opening_customers=100,
        leads_per_month=10,
        cost_per_lead=cost,
        average_selling_price=12 * revenue_a_month,
        gross_margin=margin,
    )
    projection = project(Scenario.of(company))
    assert metric(projection, "cac") == pytest.approx(cost)
    assert metric(projection, "cac_payback") == printed(months)


@pytest.mark.parametrize(
    ("revenue_added", "cost", "ratio"), [(480_000, 1_800_000, "1.07"), (5_000, 10_000, "2.0"), (30_000, 120_000, "1.0")]
)
def test_magic_number(revenue_added: float, cost: float, ratio: str) -> None:
    """The pages take four times the revenue a quarter adds; here that is the ARR it adds."""
    added = 4 * revenue_added
    company = quiet_company(leads_per_month=1, average_selling_price=added / 3, cost_per_lead=cost / 3)
    assert metric(project(Scenario.of(company)), "magic_number") == printed(ratio)


def monthly_book(mrr: float, new_mrr: float, churn: float, months: int = 120) -> Projection:
    company = quiet_company(
        months=months,
        opening_arr=12 * mrr,
        opening_customers=100,
        contract_term_months=1,
        retention_rate=(1 - churn) ** 12,
        leads_per_month=1 if new_mrr else 0,
        average_selling_price=12 * new_mrr,
    )
    return project(Scenario.of(company))


def test_the_path_to_the_ceiling_of_growth() -> None:
    """5,000 of new MRR a month and 5 % churn: 50,000 grows towards 100,000 and never beyond."""
    mrr = monthly_book(50_000, 5_000, 0.05).total("arr_closing") / 12
    path = {1: "52500", 2: "54875", 6: "63245", 12: "72982", 24: "85401", 36: "92111", 60: "97697"}
    assert [mrr[month - 1] for month in path] == [printed(value) for value in path.values()]
    assert (np.diff(mrr) > 0).all()
    assert mrr[-1] < 100_000


@pytest.mark.parametrize(
    ("new_mrr", "churn", "ceiling"),
    [(5_000, 0.05, "100000"), (10_000, 0.05, "200000"), (500, 0.05, "10000"), (500, 0.04, "12500")],
)
def test_at_the_ceiling_nothing_grows(new_mrr: float, churn: float, ceiling: str) -> None:
    mrr = monthly_book(float(ceiling), new_mrr, churn).total("arr_closing") / 12
    assert mrr == pytest.approx(float(ceiling))


def test_less_churn_lifts_the_ceiling_by_as_much_and_no_more() -> None:
    """From 5 to 3 % churn one page says the ceiling "doubles"; it rises by two thirds, and from double the book falls."""
    at_the_ceiling, doubled = (monthly_book(mrr, 5_000, 0.03).total("arr_closing") for mrr in (500_000 / 3, 200_000))
    assert at_the_ceiling == pytest.approx(12 * 500_000 / 3)
    assert doubled[-1] < doubled[0] < 12 * 200_000


@pytest.mark.parametrize(("monthly", "yearly"), [(0.05, "46.0"), (0.08, "63.2")])
def test_monthly_churn_made_yearly(monthly: float, yearly: str) -> None:
    """Not twelve times the monthly rate. The page prints 63.1 for 8 %, rounded down from 63.23."""
    projection = monthly_book(1_000, 0, monthly, months=12)
    assert 100 * (1 - metric(projection, "grr")) == printed(yearly)
    assert 100 * metric(projection, "logo_churn") == printed(yearly)


def test_logo_churn_is_not_churn_of_revenue() -> None:
    """Of two customers, 1,000 and 5,000 a month, the larger leaves."""
    company = quiet_company(
        ("small", "large"),
        opening_arr={"small": 12_000, "large": 60_000},
        opening_customers=1,
        retention_rate={"small": 1, "large": 0},
    )
    projection = project(Scenario.of(company))
    assert 100 * metric(projection, "logo_churn") == printed("50")
    assert 100 * (1 - metric(projection, "grr")) == printed("83")


def test_marginal_and_blended_cost_of_a_customer() -> None:
    """100,000 wins 1,000 customers; 50,000 more wins 300 more, the next 50,000 only 150."""
    company = quiet_company(months=24, leads_per_month=1_000 / 12, cost_per_lead=100)
    spent, won, blended, marginal = [100_000.0], [1_000.0], [], []
    for cost, customers in ((150_000, 1_300), (200_000, 1_450)):
        moves = [Move("leads_per_month", customers / 12), Move("cost_per_lead", cost / customers)]
        projection = project(Scenario.of(company, moves))
        spent.append(projection.total("marketing_cost")[12:].sum())
        won.append(projection.total("customers_new")[12:].sum())
        blended.append(metric(projection, "cac", 24))
        marginal.append((spent[-1] - spent[-2]) / (won[-1] - won[-2]))
    assert blended == [printed("115"), printed("138")]
    assert marginal == [printed("167"), printed("333")]
