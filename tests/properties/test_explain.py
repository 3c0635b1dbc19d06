"""A difference split over moves: Shapley's axioms on projections, and other routes to the same numbers."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from model import Move, Scenario, ScenarioError, load_shipped, project, read_link
from model.company_file import company_from, company_raw
from model.metrics import View
from model.moves import read_move as read
from model.outcomes import Outcome
from model.studies import explain as explain_module
from model.studies.explain import Explanation, explain, explanation_csv
from model.studies.mixture import Mixture, after, differing, players_between

COMPANY = load_shipped("midmarket-saas")
MOVES = ("retention_rate=0.93", "win_rate=0.3from6over3", "win_rate.ent=0.2", "leads_per_month=900from4",
         "average_selling_price.ent=90000", "price_discount=0.05", "upsell_rate=0.1", "slip_rate=0.1",
         "gross_margin=0.8", "sales_cycle_months.smb=2")  # fmt: skip
PLANNED = (
    "company=midmarket-saas&horizon=30&retention_rate=0.93&win_rate=0.3&delivery=agile&scores=on&scores.worked=0.4"
)
OUTCOMES = [Outcome(), Outcome("operating_profit"), Outcome("nrr", "ent"), Outcome("cac", month=18), Outcome("npv")]


def moved(*moves: str, horizon: int = 30) -> Scenario:
    return Scenario.of(COMPANY, [read(*move.split("=", 1), COMPANY) for move in moves], horizon)


def value(scenario: Scenario, outcome: Outcome) -> float:
    return float(View(project(scenario), outcome.segment).metric(outcome.metric)[outcome.row(scenario.horizon)])


@pytest.mark.parametrize("outcome", OUTCOMES, ids=str)
def test_shares_add_up_to_the_difference(outcome: Outcome) -> None:
    end = moved(*MOVES)
    found = explain(end.base, end, outcome)
    assert (found.start, found.end) == pytest.approx((value(end.base, outcome), value(end, outcome)), rel=1e-12)
    scale = max(abs(found.start), abs(found.end))
    assert found.shares.sum() == pytest.approx(found.difference, abs=1e-9 * scale)
    assert found.in_order.sum() == pytest.approx(found.difference, abs=1e-9 * scale)
    assert found.alone.sum() + found.unexplained == pytest.approx(found.difference, abs=1e-9 * scale)
    assert (found.low <= found.shares + 1e-9 * scale).all()
    assert (found.shares <= found.high + 1e-9 * scale).all()


def test_a_split_is_the_mean_over_all_orders_projected_one_by_one() -> None:
    end, outcome = moved(*MOVES[:5]), Outcome("operating_profit")
    keys, orders = [move.key for move in end.moves], []
    for order in permutations(range(5)):
        come = end.base
        row = np.zeros(5)
        for player in order:
            before, come = come, come.with_move(end.by_key[keys[player]])
            row[player] = value(come, outcome) - value(before, outcome)
        orders.append(row)
    found, scale = explain(end.base, end, outcome), value(end, outcome)
    for column, wanted in ((found.shares, np.mean(orders, axis=0)), (found.low, np.min(orders, axis=0)),
                           (found.high, np.max(orders, axis=0)), (found.in_order, orders[0])):  # fmt: skip
        assert column == pytest.approx(wanted, abs=1e-9 * scale)
    for player, key in enumerate(keys):
        assert found.alone[player] == pytest.approx(
            value(end.base.with_move(end.by_key[key]), outcome) - found.start, abs=1e-9 * scale
        )
        assert found.taken_back[player] == pytest.approx(found.end - value(end.without(key), outcome), abs=1e-9 * scale)


def test_every_mixture_is_the_scenario_of_these_moves_and_plans() -> None:
    end = read_link(PLANNED).scenario
    start = Scenario.of(end.company, [Move("win_rate", 0.25), Move("upsell_rate", 0.02, "mid")], 30)
    players = players_between(start, end)
    assert len(players) == 5
    places = np.arange(2 ** len(players))
    coalitions = (places >> np.arange(len(players))[:, np.newaxis] & 1).astype(bool)
    found = Mixture(start, end, players).values(coalitions, Outcome("operating_profit"))
    for place in places:
        keys = {key for player, here in zip(players, coalitions[:, place], strict=True) if here for key in player.keys}
        assert found[place] == pytest.approx(value(after(start, end, keys), Outcome("operating_profit")), rel=1e-12)


def test_moves_of_twin_segments_bring_the_same() -> None:
    raw = company_raw(COMPANY)
    raw["segments"] = {"one": "One", "two": "Two"}
    raw["assumptions"] = {name: next(iter(by.values())) for name, by in raw["assumptions"].items()}
    raw["book"] = {}
    twins = company_from(raw)
    end = Scenario.of(
        twins, [Move("retention_rate", 0.9, "one"), Move("leads_per_month", 500), Move("retention_rate", 0.9, "two")]
    )
    found = explain(end.base, end, Outcome("operating_profit"))
    assert found.shares[0] == pytest.approx(found.shares[2], rel=1e-9)
    assert found.shares[0] > 0


def test_moves_that_do_nothing_bring_nothing() -> None:
    end = moved(
        "retention_rate=0.93", f"win_rate.smb={COMPANY.assumptions['win_rate']['smb']!r}", "upsell_rate=0.2from31"
    )
    found = explain(end.base, end, Outcome())
    for column in (found.shares, found.low, found.high, found.alone, found.in_order, found.taken_back):
        assert (column[1:] == 0).all()
    assert found.shares[0] == pytest.approx(found.difference, rel=1e-12)


def test_the_company_s_split_is_the_sum_of_its_segments() -> None:
    end = moved(*MOVES[:6])
    parts = [explain(end.base, end, Outcome("arr", segment)).shares for segment in COMPANY.segments]
    assert sum(parts) == pytest.approx(explain(end.base, end, Outcome()).shares, rel=1e-9)


def test_the_way_back_is_the_way_there_with_its_signs_turned() -> None:
    one, other = moved(*MOVES[:4]), moved(*MOVES[2:7], "retention_rate=0.9")
    there, back = explain(one, other, Outcome("npv")), explain(other, one, Outcome("npv"))
    by_key = dict(zip((player.keys for player in back.players), back.shares, strict=True))
    for player, share in zip(there.players, there.shares, strict=True):
        assert by_key[player.keys] == pytest.approx(-share, rel=1e-9)


def test_stages_share_what_their_moves_do() -> None:
    end = moved(*MOVES)
    found = explain(end.base, end, Outcome(), by_stage=True)
    assert [player.label for player in found.players] == ["Expand", "Execute", "Engage", "Money"]
    assert sum(len(player.keys) for player in found.players) == len(MOVES)
    assert found.shares.sum() == pytest.approx(found.difference, rel=1e-9)


def drawn(end: Scenario, outcome: Outcome) -> Explanation:
    return explain_module._drawn(Mixture(end.base, end, players_between(end.base, end)), outcome)


def test_drawn_orders_come_as_close_as_they_say() -> None:
    end = moved(*MOVES)
    whole, some = explain(end.base, end, Outcome("operating_profit")), drawn(end, Outcome("operating_profit"))
    assert some.orders == 408
    assert some.shares.sum() == pytest.approx(whole.difference, rel=1e-9)
    assert (some.error > 0).any()
    assert (np.abs(some.shares - whole.shares) <= 4 * some.error + 1e-6).all()
    for exact, sampled in (
        (whole.alone, some.alone),
        (whole.in_order, some.in_order),
        (whole.taken_back, some.taken_back),
    ):
        assert sampled == pytest.approx(exact, rel=1e-9, abs=1e-3)
    assert (some.low >= whole.low - 1e-3).all()
    assert (some.high <= whole.high + 1e-3).all()


def test_more_than_twelve_moves_are_drawn_and_the_same_each_time() -> None:
    end = moved(*MOVES, "referral_rate=0.02", "card_share=0.3", "contraction_rate=0.01")
    found = explain(end.base, end, Outcome())
    assert len(found.players) == 13
    assert (found.orders, found.together, found.pairs()) == (314, None, [])
    assert found.shares.sum() == pytest.approx(found.difference, rel=1e-9)
    assert (found.error < 0.02 * abs(found.difference)).all()
    assert explanation_csv(found) == explanation_csv(drawn(end, Outcome()))


def test_shares_within_two_errors_of_each_other_are_not_ranked() -> None:
    end = moved(*MOVES, "referral_rate=0.02", "card_share=0.3", "contraction_rate=0.01")
    found = explain(end.base, end, Outcome())
    shares, error = np.linspace(130.0, 10.0, 13), np.full(13, 1.0)
    shares[1] = 128.0  # apart by 2; the error of a difference is √2, twice that is 2.8
    found = replace(found, shares=shares, error=error)
    assert (found.near(0), found.near(1), found.near(2)) == ([1], [0], [])
    assert replace(found, error=np.zeros(13)).near(0) == []


def test_what_differs_is_target_and_timing_and_not_how_sure_it_is() -> None:
    one = moved("retention_rate=0.93in0.9to0.95", "win_rate=0.3", "upsell_rate=0.1")
    other = moved("retention_rate=0.93", "win_rate=0.3from6", "slip_rate=0.1")
    assert differing(one, other) == ("win_rate", "slip_rate", "upsell_rate")


def refused(start: Scenario, end: Scenario, outcome: Outcome) -> tuple[str, ...]:
    with pytest.raises(ScenarioError) as error:
        explain(start, end, outcome)
    return error.value.problems


def test_what_cannot_be_explained_is_said() -> None:
    end = moved("retention_rate=0.93", "win_rate=0.3")
    last = "so its difference cannot be explained; choose another month or metric."
    assert refused(end, end, Outcome()) == (
        "There is nothing to explain: no move or plan tells the two scenarios apart.",
    )
    assert refused(end.base, end, Outcome("nrr", month=3)) == (f"NRR has no value in Mar 2026, {last}",)
    none = moved("sales_reps=0", "leads_per_month=900")
    assert refused(none.base, none, Outcome("cac")) == (f"CAC has no value in the 12 months to Jun 2028, {last}",)
    no_loss = "payment_failure_rate=0"
    start, end = (
        moved(no_loss, f"retention_rate.smb={kept}", f"contraction_rate.smb={shrunk}")
        for kept, shrunk in ((1, 0.1), (0.9, 0))
    )
    assert refused(start, end, Outcome("quick_ratio", "smb")) == (
        f"Quick ratio of Small business has no value in the 12 months to Jun 2028 with only Contraction, Small business, {last}",
    )
    other = Scenario.of(load_shipped("launchpad"))
    assert refused(other, end, Outcome()) == (
        "Mid-market SaaS and Launchpad, self-serve differ in more than moves; only scenarios of the same company can be explained by their moves.",
    )


def test_the_horizon_of_the_second_scenario_holds() -> None:
    end = moved("retention_rate=0.93")
    assert explain(end.base.with_horizon(60), end, Outcome()).start == explain(end.base, end, Outcome()).start
    assert replace(end, moves=()) == end.base
