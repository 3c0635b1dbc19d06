"""Lead scores: the laws of score order, a case worked by hand, and leads drawn one by one as the second route."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import Company, Move, Scenario, load_shipped, project, read_link, write_link
from model.frameworks.scoring import Band, LeadScores
from model.frameworks.segmentation import lead_returns, limit, worked_conversion
from model.plans import Effect
from tests.quiet_company import quiet_company

FEW = settings(max_examples=60, deadline=None, derandomize=True, database=None)
HAND = LeadScores((Band(0.2, 3.0), Band(0.3, 1.0), Band(0.5, 0.2)), 0.4, True)
SHARES = st.floats(0.001, 1).map(lambda value: round(value, 6))
CONVERSIONS = st.floats(0, 100).map(lambda value: round(value, 6))
BANDS = st.lists(st.builds(Band, SHARES, CONVERSIONS), min_size=2, max_size=6).filter(
    lambda bands: any(band.conversion for band in bands)
)
WORKED = st.floats(0.01, 1).map(lambda value: round(value, 6))
SCORES = st.builds(LeadScores, BANDS.map(tuple), WORKED, st.booleans())


def test_the_case_worked_by_hand() -> None:
    """The best fifth holds 0.2 × 3 = 0.6 of the conversions; 0.4 of leads reach 0.6 + 0.2 × 1 = 0.8, twice random.

    Area under the curve: 0.2 × 0.6/2 + 0.3 × (0.6 + 0.9)/2 + 0.5 × (0.9 + 1)/2 = 0.76, so the Gini is 0.52.
    """
    assert HAND.curve[0] == pytest.approx([0, 0.2, 0.5, 1])
    assert HAND.curve[1] == pytest.approx([0, 0.6, 0.9, 1])
    assert (HAND.reached, HAND.gain, HAND.gini) == pytest.approx((0.8, 2.0, 0.52))


def test_each_segment_converts_twice_its_own_base() -> None:
    company = quiet_company(("one", "two"), leads_per_month=100, lead_conversion={"one": 0.1, "two": 0.2},
                            cost_per_lead=3)  # fmt: skip
    before, after = (project(Scenario.of(company, plans=plans)) for plans in ([], [HAND]))
    assert before["opportunities"] == pytest.approx(np.tile([10, 20], (12, 1)))
    assert after["opportunities"] == pytest.approx(np.tile([20, 40], (12, 1)))
    assert np.array_equal(after["marketing_cost"], before["marketing_cost"])


def test_score_order_acts_on_top_of_a_move_and_stops_at_its_bound() -> None:
    company = quiet_company(leads_per_month=100, lead_conversion=0.1)
    scenario = Scenario.of(company, [Move("lead_conversion", 0.3, "", 7)], plans=[HAND])
    assert scenario.path("lead_conversion")[:, 0] == pytest.approx([0.2] * 6 + [0.6] * 6)
    high = scenario.with_move(Move("lead_conversion", 0.7))
    assert high.path("lead_conversion").max() == 1
    assert high.warnings() == (
        "Working leads in score order would carry lead conversion past its bound; 100.00\u202f% is used there.",
    )


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    "scores",
    [HAND, LeadScores(), LeadScores((Band(0.5, 1.4), Band(0.1, 4.0), Band(0.4, 0.2)), 0.75)],
    ids=["hand", "default", "unsorted"],
)
def test_the_gain_is_that_of_leads_drawn_one_by_one(seed: int, scores: LeadScores) -> None:
    """Each lead has a band and converts or not, if worked; the same number is worked in both orders."""
    chance, count, conversion = random.Random(seed), 200_000, 0.1
    shares = [band.share for band in scores.bands]
    drawn = chance.choices(scores.relative, shares, k=count)
    converts = [chance.random() < conversion * relative for relative in drawn]
    worked = round(scores.worked * count)
    came = sum(converts[:worked])
    best = sorted(range(count), key=lambda lead: -drawn[lead])[:worked]
    assert sum(converts[lead] for lead in best) / came == pytest.approx(scores.gain, rel=0.03)


def test_auc_and_gini_are_those_of_pairs_counted() -> None:
    """Every pair of a lead that converts and one that does not, weighed by how often it occurs."""
    shares, conversion = [band.share for band in HAND.bands], 0.25
    pays = [share * conversion * relative for share, relative in zip(shares, HAND.relative, strict=True)]
    fails = [share - paid for share, paid in zip(shares, pays, strict=True)]
    pairs = sum(
        paid * failed * (1.0 if one < other else 0.5 if one == other else 0.0)
        for one, paid in enumerate(pays)
        for other, failed in enumerate(fails)
    )
    assert HAND.auc(conversion) == pytest.approx(pairs / (sum(pays) * sum(fails)))
    assert np.isnan(HAND.auc(0.4)), "the best band would convert 120 % of its leads"


@FEW
@given(SCORES)
def test_score_order_never_loses_and_never_beats_the_best_band(scores: LeadScores) -> None:
    assert 1 <= scores.gain <= max(scores.relative) * (1 + 1e-9)
    assert scores.worked * (1 - 1e-9) <= scores.reached <= 1 + 1e-9
    assert scores.gain * scores.worked <= 1 + 1e-6
    assert 0 <= scores.gini < 1


@FEW
@given(SCORES, WORKED)
def test_the_more_leads_are_worked_the_less_the_order_gains(scores: LeadScores, more: float) -> None:
    low, high = sorted((scores.worked, more))
    few, many = replace(scores, worked=low), replace(scores, worked=high)
    assert many.gain <= few.gain * (1 + 1e-9)
    assert many.reached >= few.reached - 1e-9


@FEW
@given(SCORES)
def test_with_all_leads_worked_or_all_alike_nothing_changes(scores: LeadScores) -> None:
    company = load_shipped("midmarket-saas")
    alike = tuple(Band(band.share, 2.5) for band in scores.bands)
    for still in (replace(scores, worked=1.0), replace(scores, bands=alike), replace(scores, ordered=False)):
        assert not still.effects(company, 36)
    assert replace(scores, worked=1.0).gain == replace(scores, bands=alike).gain == 1


@FEW
@given(SCORES)
def test_the_order_in_which_bands_are_named_does_not_matter(scores: LeadScores) -> None:
    turned = replace(scores, bands=scores.bands[::-1])
    assert (turned.gain, turned.gini) == pytest.approx((scores.gain, scores.gini))


@FEW
@given(SCORES, st.integers(2, 6))
def test_splitting_a_band_changes_nothing_and_joining_two_loses_sharpness(scores: LeadScores, count: int) -> None:
    found = scores.with_count(count)
    assert len(found.bands) == count
    if count > len(scores.bands) and min(band.share for band in found.bands) > 0.01:
        assert found.gain == pytest.approx(scores.gain, rel=1e-3)
    if count < len(scores.bands) and max(band.share for band in found.bands) < 1:
        assert found.gini <= scores.gini + 1e-3


@FEW
@given(SCORES)
def test_a_link_read_is_the_scores_written(scores: LeadScores) -> None:
    scenario = Scenario.of(load_shipped("midmarket-saas"), plans=[scores])
    link = write_link(scenario, "/scores")
    reading = read_link(link)
    assert reading.scenario == scenario
    assert reading.scenario.plan("scores") == (scores if scores.written() else None)
    assert reading.problems == ()
    assert "%" not in link, "nothing in it needs escaping"
    assert all(len(value) <= 200 for value in scores.written().values())


@dataclass(frozen=True)
class Adding:
    """A plan that adds two points to lead conversion."""

    word = label = "adding"

    def written(self) -> Mapping[str, str]:
        return {"adding": "1"}

    def effects(self, company: Company, horizon: int) -> Sequence[Effect]:  # noqa: ARG002 - all plans are asked alike
        return (Effect("lead_conversion", 0.02, np.ones(horizon), "Adding"),)


def test_what_plans_do_together_does_not_depend_on_their_order() -> None:
    company = quiet_company(lead_conversion=0.1)
    paths = [
        Scenario.of(company, plans=plans).path("lead_conversion") for plans in ([HAND, Adding()], [Adding(), HAND])
    ]
    assert np.array_equal(*paths)
    assert paths[0][0, 0] == pytest.approx((0.1 + 0.02) * 2)


def test_new_arr_a_lead_brings_leaves_accounts_and_referrals_out() -> None:
    """100 leads at 0.1 win 10 customers, 50 accounts 5 more; of 15 × 900 of new ARR two thirds stem from leads."""
    company = quiet_company(("few", "many"), leads_per_month={"few": 0, "many": 100}, lead_conversion=0.1, cost_per_lead=7,
                            target_accounts=50, account_engagement=0.5, engagement_conversion=0.2,
                            average_selling_price=1000, price_discount=0.1)  # fmt: skip
    many, few = lead_returns(project(Scenario.of(company)))
    assert (many.segment, many.leads, many.opportunities, many.cost) == ("many", 1200, pytest.approx(120), 7)
    assert many.new_arr == pytest.approx(10 * 900 / 100)
    assert many.won == pytest.approx(many.new_arr * many.leads / 900)
    assert few.segment == "few"
    assert np.isnan(few.new_arr)


def test_conversion_of_a_worked_lead_is_observed_conversion_over_the_share_worked() -> None:
    company = quiet_company(("one", "two"), leads_per_month={"one": 300, "two": 100},
                            lead_conversion={"one": 0.1, "two": 0.2})  # fmt: skip
    projection = project(Scenario.of(company))
    assert worked_conversion(projection, 0.5, "two") == pytest.approx(0.4)
    assert worked_conversion(projection, 0.5) == pytest.approx((30 + 20) / 400 / 0.5)


def test_where_reps_are_the_limit_more_opportunities_bring_nothing() -> None:
    busy = quiet_company(leads_per_month=100, lead_conversion=0.1, deals_per_rep_month=10)
    free = quiet_company(leads_per_month=100, lead_conversion=0.1, deals_per_rep_month=1000)
    for company, binds in ((busy, True), (free, False)):
        before, after = (project(Scenario.of(company, plans=plans)) for plans in ([], [HAND]))
        found = limit(before, after)
        assert (found.binds, found.all_lost) == (binds, binds)
        more = (after["opportunities_decided"] - before["opportunities_decided"]).sum()
        assert found.more_waiting + found.more_won == pytest.approx(more)


def test_the_gains_curve_bends_one_way() -> None:
    leads, conversions = HAND.curve
    slopes = np.diff(conversions) / np.diff(leads)
    assert all(one > other for one, other in pairwise(slopes))
