"""The shipped companies: each loads, names a source for every value, and its base plan is one a CFO would believe."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model import Company, Projection, Scenario, company_toml, load_shipped, project, read_company, shipped, sources
from model.catalogue import assumptions
from model.claim import CLAIMED_GAIN, company_reading
from model.links import read_link, write_link
from model.metrics import METRICS, View
from model.moves import Move

PLAUSIBLE = tomllib.loads((Path(__file__).parent / "plausible.toml").read_text(encoding="utf-8"))
RANGES = [(company, figure, entry) for company, figures in PLAUSIBLE.items()
          for figure, entries in figures.items() for entry in entries]  # fmt: skip
MOVABLE = [name for name, entry in assumptions().items() if entry.across != "fact"]
IN_METRICS_ONLY = {"quota_per_rep", "forecast_accuracy", "cost_of_capital"}


def _year(view: View, *lines: str) -> np.ndarray:
    """Return the sum of lines over the last 12 months, by month."""
    summed = np.cumsum(sum(view[line] for line in lines))
    return summed - np.concatenate([np.zeros(12), summed[:-12]])


def _capacity_used(view: View) -> np.ndarray:
    capacity = (view.given("sales_reps") * view.given("deals_per_rep_month")).sum(axis=1)
    return view["customers_new"] / capacity


FIGURES: Mapping[str, Callable[[View], np.ndarray]] = {
    **METRICS,
    "gross_margin": lambda v: 1 - _year(v, "cost_of_revenue") / _year(v, "revenue"),
    "monthly_churn": lambda v: _year(v, "arr_churn", "arr_churn_involuntary") / _year(v, "arr_opening"),
    "involuntary_share": lambda v: _year(v, "arr_churn_involuntary") / _year(v, "arr_churn", "arr_churn_involuntary"),
    "expansion_share": lambda v: (
        _year(v, "arr_expansion", "arr_price_uplift") / _year(v, "arr_expansion", "arr_price_uplift", "arr_new")
    ),
    "sales_and_marketing_share": lambda v: _year(v, "marketing_cost", "sales_cost") / _year(v, "revenue"),
    "sales_cycle_without_slips": lambda v: v.given("sales_cycle_months").mean(axis=1),
    "days_to_collect": lambda v: v.given("days_to_collect").mean(axis=1),
    "capacity_used": _capacity_used,
    "cash_needed": lambda v: -np.minimum.accumulate(np.cumsum(v["operating_profit"])),
}
"""What a range may name: every metric, and some figures worked out here."""


@pytest.fixture(scope="module")
def base() -> Mapping[str, Projection]:
    return {name: project(Scenario.of(load_shipped(name))) for name in shipped()}


def test_three_companies_are_shipped_smallest_first() -> None:
    assert shipped() == ("launchpad", "midmarket-saas", "enterprise-multiyear")
    arr = [load_shipped(name).mean("opening_arr") for name in shipped()]
    assert arr == sorted(arr)


@pytest.mark.parametrize("name", shipped())
def test_titles_fit_their_boxes(name: str) -> None:
    company = load_shipped(name)
    assert len(company.title) <= 24
    assert all(len(title) <= 16 for title in company.segments.values())


@pytest.mark.parametrize("name", shipped())
def test_every_value_has_a_source(name: str) -> None:
    company = load_shipped(name)
    given = {key for key, entry in assumptions().items() if entry.default is None}
    assert given <= set(company.sources) <= set(assumptions())
    for key, source in company.sources.items():
        assert source in sources() or source.startswith("judgement: "), (key, source)
        assert source != "judgement", f"{key}: a judgement says why"


@pytest.mark.parametrize("name", shipped())
def test_a_company_written_and_read_is_the_same(name: str) -> None:
    company = load_shipped(name)
    text = company_toml(company)
    assert read_company(text) == company
    assert company_toml(read_company(text)) == text


@pytest.mark.parametrize("name", shipped())
def test_the_base_plan_has_no_warning_and_a_short_link(name: str) -> None:
    scenario = Scenario.of(load_shipped(name))
    assert scenario.warnings() == ()
    reading = read_link(write_link(scenario))
    assert (reading.scenario, reading.problems) == (scenario, ())
    assert "file=" not in write_link(scenario)


def test_every_company_has_its_ranges() -> None:
    assert set(PLAUSIBLE) == set(shipped())


@pytest.mark.parametrize(("name", "figure", "entry"), RANGES, ids=[f"{c}-{f}-{e['of']}" for c, f, e in RANGES])
def test_the_base_plan_is_plausible(
    name: str, figure: str, entry: Mapping[str, Any], base: Mapping[str, Projection]
) -> None:
    assert entry["source"] in sources()
    year, _, segment = entry["of"].partition(", ")
    month = 12 * int(year.removeprefix("year "))
    found = FIGURES[figure](View(base[name], segment))[month - 1]
    assert entry["low"] <= found <= entry["high"], f"{found} is not plausible: {entry['why']} ({entry['source']})"


@pytest.mark.parametrize("name", shipped())
def test_every_metric_is_known_at_the_end_of_the_first_year(name: str, base: Mapping[str, Projection]) -> None:
    company = load_shipped(name)
    no_accounts = company.mean("target_accounts") == 0
    for metric in METRICS:
        known = bool(np.isfinite(View(base[name]).metric(metric)[11:]).all())
        assert known != (metric == "account_engagement" and no_accounts), metric


@pytest.mark.parametrize("name", shipped())
def test_monthly_cards_keep_less_than_yearly_invoices_and_those_less_than_longer_ones(
    name: str, base: Mapping[str, Projection]
) -> None:
    company = load_shipped(name)
    terms = company.assumptions["contract_term_months"]
    kept = {terms[segment]: View(base[name], segment).metric("grr")[11] for segment in company.segments}
    assert list(kept.values()) == [kept[term] for term in sorted(kept)]
    assert all((rate < 0.75) == (term == 1) for term, rate in kept.items())


@pytest.mark.parametrize("move", [Move("leads_per_month", 1_764), Move("win_rate", 0.24)], ids=str)
def test_a_fifth_more_demand_makes_sellers_of_the_mid_market_company_the_limit(
    move: Move, base: Mapping[str, Projection]
) -> None:
    assert not base["midmarket-saas"]["deals_waiting"].any()
    assert move.target == pytest.approx(1.2 * load_shipped("midmarket-saas").mean(move.name), rel=0.01)
    moved = project(Scenario.of(load_shipped("midmarket-saas"), [move]))
    assert moved["deals_waiting"][-1].all()


def test_a_profit_gain_of_a_quarter_depends_on_the_company() -> None:
    """Five points more retention: no profit to compare with; a gain above the claim; one below."""
    readings = {name: company_reading(Scenario.of(load_shipped(name)), "points") for name in shipped()}
    for reading in readings.values():
        assert (reading.after > reading.before).all()
        assert (np.diff(reading.after - reading.before) > 0).all(), "what retention brings grows by the year"
    assert np.isnan(readings["launchpad"].total_gain)
    assert readings["midmarket-saas"].total_gain > CLAIMED_GAIN + 0.01
    assert readings["enterprise-multiyear"].total_gain < CLAIMED_GAIN - 0.05
    assert readings["enterprise-multiyear"].gains[0] < 0.1


@pytest.mark.parametrize("name", shipped())
@pytest.mark.parametrize("assumption", MOVABLE)
def test_both_ends_of_every_bound_project_to_numbers(name: str, assumption: str) -> None:
    company, entry = load_shipped(name), assumptions()[assumption]
    for end in (entry.min, entry.max):
        for segment in ("", *company.segments) if entry.scope == "segment" else ("",):
            _projects(Scenario.of(company, [Move(assumption, end, segment)], horizon=24))


@pytest.mark.parametrize("name", shipped())
@pytest.mark.parametrize("fact", ["opening_arr", "opening_customers", "contract_term_months"])
def test_both_ends_of_every_fact_project_to_numbers(name: str, fact: str) -> None:
    for end in (assumptions()[fact].min, assumptions()[fact].max):
        _projects(Scenario.of(_with_fact(load_shipped(name), fact, end), horizon=24))


def _projects(scenario: Scenario) -> None:
    projection = project(scenario)
    for line in ("arr_closing", "revenue", "operating_profit", "cash_collected", "deferred_revenue"):
        assert np.isfinite(projection[line]).all(), (line, scenario.moves)
    assert (projection["arr_closing"] >= 0).all()


def _with_fact(company: Company, fact: str, value: float) -> Company:
    return replace(company, assumptions={**company.assumptions, fact: dict.fromkeys(company.segments, value)})


@pytest.mark.parametrize("assumption", MOVABLE)
def test_a_move_of_every_assumption_moves_a_line(assumption: str, base: Mapping[str, Projection]) -> None:
    before, entry = base["midmarket-saas"], assumptions()[assumption]
    company = before.scenario.company
    targets = [end for end in entry.usual if end != company.mean(assumption)]
    moved = [project(Scenario.of(company, [Move(assumption, target)])) for target in targets]
    lines = {line for after in moved for line in before.lines if not _same(after[line], before[line])}
    metrics = {m for after in moved for m in METRICS if not _same(View(after).metric(m), View(before).metric(m))}
    assert metrics
    assert bool(lines) != (assumption in IN_METRICS_ONLY)


def _same(some: np.ndarray, other: np.ndarray) -> bool:
    return np.array_equal(some, other, equal_nan=True)
