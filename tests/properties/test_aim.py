"""Aim: answers in closed form, the conditions of an optimum, a second and a third route, and that answers hold when projected."""

from __future__ import annotations

import math
from urllib.parse import parse_qsl, urlencode

import numpy as np
import pytest
from scipy.optimize import minimize

from model import Move, Scenario, ScenarioError, load_shipped, project, read_link
from model.company import Numbers
from model.links import write_query
from model.metrics import View
from model.outcomes import Outcome, read_target, target_of_link
from model.studies import effort
from model.studies.aim import BEST, Mix, aim, mixes, offered, problem_of
from model.studies.aim_link import Allowed, aim_of_link, written
from model.studies.effort import Problem, least_effort
from model.studies.levers import lever_of, values_of
from model.studies.needs import goal_of, needs
from tests.quiet_company import quiet_company

COMPANY = load_shipped("midmarket-saas")
BASE = Scenario.of(COMPANY)
EIGHT = ("retention_rate", "win_rate", "sales_reps", "leads_per_month", "average_selling_price", "upsell_rate", "price_discount",
         "sales_cycle_months")  # fmt: skip
STEADY = Scenario.of(quiet_company(leads_per_month=10, average_selling_price=1_000, sales_reps=10, win_rate=0.4))
"""30 leads a quarter, of which 0.4 are won at 1,000 each: new ARR of 12,000."""
NEW = Outcome("new_arr")


def best_of(scenario: Scenario, outcome: Outcome, target: float, *allowed: Allowed) -> Mix:
    return mixes(goal_of(scenario, outcome, target), allowed)[0]


def test_one_lever_has_the_closed_form() -> None:
    found = {need.lever.key: need for need in needs(goal_of(STEADY, NEW, 15_000))}
    assert found["average_selling_price"].value == pytest.approx(1_250, rel=1e-10)
    assert found["win_rate"].value == pytest.approx(0.5, rel=1e-10)
    assert not found["price_discount"].reached  # there is none to take back
    assert found["price_discount"].does_nothing
    assert found["gross_margin"].does_nothing
    lower = {need.lever.key: need for need in needs(goal_of(STEADY, NEW, 27_000))}
    assert lower["win_rate"].value == pytest.approx(0.9, rel=1e-9)
    assert lower["average_selling_price"].value == pytest.approx(2_250, rel=1e-10)
    assert not lower["average_selling_price"].is_usual


def test_two_levers_have_the_closed_form() -> None:
    """30 p w = T with sizes 1,000 and 0.4: least effort where marginal effort per gain is the same for both."""
    mix = best_of(STEADY, NEW, 15_000, Allowed("average_selling_price"), Allowed("win_rate", 2.0))
    price, win = (
        next(part.value for part in mix.parts if part.lever.key == key) for key in ("average_selling_price", "win_rate")
    )
    assert price * win == pytest.approx(500, rel=1e-9)
    assert (price - 1_000) / 1_000**2 / win == pytest.approx(2 * (win - 0.4) / 0.4**2 / price, rel=1e-5)
    assert mix.effort == pytest.approx(((price - 1_000) / 1_000) ** 2 + 2 * ((win - 0.4) / 0.4) ** 2, rel=1e-9)
    assert mix.reached
    assert sum(part.share for part in mix.parts) == pytest.approx(1)


@pytest.fixture
def every_lever(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let levers move that carry next to nothing, so that an answer can be held against the exact one."""
    monkeypatch.setattr(effort, "LEAST_SHARE", 5e-4)


def linear(slope: Numbers, needed: float) -> Problem:
    n = slope.size
    return Problem(lambda z: slope @ z - needed, np.arange(1.0, n + 1), np.full(n, -0.5), np.full(n, 0.5))


@pytest.mark.usefixtures("every_lever")
@pytest.mark.parametrize("seed", range(8))
def test_on_a_plane_the_answer_is_a_projection_onto_it_and_slsqp_agrees(seed: int) -> None:
    chance = np.random.default_rng(seed)
    slope = chance.normal(size=5)
    problem = linear(slope, 0.3 * float(np.abs(slope).sum() * 0.5))
    answer = least_effort(problem)
    other = minimize(lambda z: problem.weights @ z**2, np.zeros(5), bounds=[(-0.5, 0.5)] * 5, method="SLSQP",
                     constraints={"type": "ineq", "fun": lambda z: float(problem.gain(z[:, np.newaxis])[0])},
                     options={"ftol": 1e-14, "maxiter": 500})  # fmt: skip
    assert answer.reached
    assert problem.weights @ answer.z**2 == pytest.approx(
        other.fun, rel=2e-3
    )  # a lever that carries next to nothing rests
    free = (np.abs(answer.z) > 0) & (np.abs(answer.z) < 0.5)
    assert (2 * problem.weights * answer.z)[free] == pytest.approx((answer.price * slope)[free], rel=1e-6)


def test_several_hills_are_all_climbed() -> None:
    """Two ways to the level, the far one with less effort in weight: the better is found from fixed starts."""
    weights = np.array([1.0, 1.0])

    def gain(z: Numbers) -> Numbers:
        return np.maximum(1 - ((z[0] - 0.9) ** 2 + z[1] ** 2) / 0.04, 1 - (z[0] ** 2 + (z[1] + 0.6) ** 2) / 0.04)

    answer = least_effort(Problem(gain, weights, np.full(2, -1.0), np.full(2, 1.0)))
    assert answer.z == pytest.approx([0, -0.4], abs=1e-6)


KINKED = [
    (BASE, Outcome(), 52e6, EIGHT),
    (Scenario.of(COMPANY, [Move("win_rate", 0.22, start=6, ramp=6)]), Outcome("operating_profit"), 8e6, EIGHT),
    (BASE, Outcome("cac_payback"), 15.0, ("win_rate", "average_selling_price", "sales_reps", "cost_per_lead")),
    (BASE, Outcome("arr", "ent"), 20e6, ("win_rate.ent", "retention_rate.ent", "upsell_rate.ent")),
]
SMOOTH = [
    (BASE, Outcome(), 52e6, ("retention_rate", "upsell_rate", "average_selling_price", "price_discount", "contraction_rate")),
    (Scenario.of(COMPANY, [Move("retention_rate", 0.9, start=6, ramp=6)]), Outcome("operating_profit"), 9e6,
     ("retention_rate", "gross_margin", "price_uplift", "fixed_costs", "cost_to_serve")),
    (BASE, Outcome("cac"), 17_000.0, ("rep_cost", "cost_per_lead", "commission_rate")),
    (BASE, Outcome("nrr", "ent"), 1.12, ("retention_rate.ent", "upsell_rate.ent", "price_uplift.ent")),
]  # fmt: skip


def exactly(mix: Mix) -> Scenario:
    """Return the scenario of a mix before its moves are rounded."""
    found = mix.goal.scenario
    for part in mix.used:
        found = found.with_move(part.lever.move.to(part.value))
    return found


@pytest.mark.parametrize(("scenario", "outcome", "target", "keys"), [*SMOOTH, *KINKED])
def test_the_answer_reaches_the_target_when_projected(
    scenario: Scenario, outcome: Outcome, target: float, keys: tuple[str, ...]
) -> None:
    mix = best_of(scenario, outcome, target, *map(Allowed, keys))
    assert mix.reached
    assert mix.outcome == outcome.of(project(mix.scenario))
    assert mix.goal.sense * (mix.outcome - target) >= 0
    assert mix.outcome == pytest.approx(target, rel=2e-3)  # moves are rounded, a little past it
    assert outcome.of(project(exactly(mix))) == pytest.approx(target, rel=1e-7)


@pytest.mark.parametrize(("scenario", "outcome", "target", "keys"), SMOOTH)
def test_the_conditions_of_an_optimum_hold(
    scenario: Scenario, outcome: Outcome, target: float, keys: tuple[str, ...]
) -> None:
    """Karush, Kuhn and Tucker: effort and outcome pull alike at every lever that is free, and rightly at each bound."""
    mix = best_of(scenario, outcome, target, *map(Allowed, keys))
    exact = exactly(mix)
    for part in mix.parts:
        lever, (low, high) = part.lever, part.allowed.bounds(part.lever)
        at = np.clip(part.value + 1e-4 * lever.size * np.array([-1, 1]), low, high)
        ends = [outcome.of(project(exact.with_move(lever.move.to(float(value))))) for value in at]
        pull = mix.price * mix.goal.sense * (ends[1] - ends[0]) / (at[1] - at[0]) * lever.size
        push = 2 * part.allowed.weight * (part.value - lever.today) / lever.size
        if low < part.value < high and part.is_used:
            assert pull == pytest.approx(push, rel=1e-3)
        elif part.is_used:
            assert (pull - push) * (1 if part.value == high else -1) >= -1e-6


@pytest.mark.usefixtures("every_lever")
@pytest.mark.parametrize(("scenario", "outcome", "target", "keys"), KINKED)
def test_no_point_around_does_with_less(
    scenario: Scenario, outcome: Outcome, target: float, keys: tuple[str, ...]
) -> None:
    """Where capacity binds the outcome has kinks and no one slope; then points drawn around the answer tell."""
    mix = best_of(scenario, outcome, target, *map(Allowed, keys))
    levers = [lever_of(scenario, key) for key in keys]
    values = {part.lever.key: part.value for part in mix.parts}
    chance, size = np.random.default_rng(3), math.sqrt(mix.effort)
    for scale in (0.1, 0.01, 0.001):
        at = {lever.key: np.clip(values[lever.key] + scale * size * lever.size * chance.normal(size=800), *lever.usual)
              for lever in levers}  # fmt: skip
        efforts = sum(((at[lever.key] - lever.today) / lever.size) ** 2 for lever in levers)
        reached = mix.goal.gain(values_of(scenario, outcome, levers, at)) >= mix.goal.level
        assert reached.any()
        assert efforts[reached].min() >= mix.effort * (1 - 1e-4)


@pytest.mark.usefixtures("every_lever")
@pytest.mark.parametrize(("keys", "outcome", "target"), [
    (("sales_reps", "leads_per_month"), Outcome(), 48e6),
    (("retention_rate", "upsell_rate"), Outcome(), 52e6),
    (("win_rate", "sales_reps"), Outcome("operating_profit"), 6.6e6),
    (("average_selling_price", "retention_rate"), Outcome("ltv_cac"), 3.0),
])  # fmt: skip
def test_no_point_of_a_fine_grid_does_with_less(keys: tuple[str, str], outcome: Outcome, target: float) -> None:
    goal = goal_of(BASE, outcome, target)
    mix = best_of(BASE, outcome, target, *map(Allowed, keys))
    levers = [lever_of(BASE, key) for key in keys]
    grids = [np.sort(np.append(np.linspace(*lever.usual, 81), lever.today)) for lever in levers]
    x, y = (grid.ravel() for grid in np.meshgrid(*grids))
    values = values_of(BASE, outcome, levers, {levers[0].key: x, levers[1].key: y})
    efforts = sum(((at - lever.today) / lever.size) ** 2 for at, lever in zip((x, y), levers, strict=True))
    reached = np.nan_to_num(goal.gain(values), nan=-1) >= goal.level
    least = float(efforts[reached].min())
    assert mix.reached
    assert mix.effort <= least * (1 + 1e-9)
    assert mix.effort >= least - 2 * math.sqrt(least) * 2 / 80 - 1e-3  # and no farther below than the grid is coarse


def test_the_price_of_the_target_is_what_a_little_more_costs() -> None:
    keys = [Allowed("retention_rate"), Allowed("upsell_rate"), Allowed("price_uplift")]
    mix, more = (best_of(BASE, Outcome(), target, *keys) for target in (52e6, 52e6 * 1.001))
    assert (more.effort - mix.effort) / 52e3 == pytest.approx(mix.price, rel=0.02)


def test_the_price_of_a_bound_is_what_a_step_of_room_saves() -> None:
    others = [Allowed("retention_rate"), Allowed("price_uplift")]
    tight = best_of(BASE, Outcome(), 52e6, Allowed("upsell_rate", 1, 0.0, 0.055), *others)
    part = next(part for part in tight.parts if part.lever.key == "upsell_rate")
    assert part.value == 0.055
    room = lever_of(BASE, "upsell_rate").entry.step / 10
    wide = best_of(BASE, Outcome(), 52e6, Allowed("upsell_rate", 1, 0.0, 0.055 + room), *others)
    assert 10 * (tight.effort - wide.effort) == pytest.approx(part.relaxed, rel=0.05)
    assert all(other.relaxed == 0 for other in tight.parts if other is not part)


def test_out_of_reach_the_best_is_said_and_what_room_would_add() -> None:
    allowed = [Allowed("retention_rate", 1, 0.8, 0.9), Allowed("price_discount", 1, 0.05, 0.3)]
    found = aim(BASE, Outcome(), 100e6, tuple(allowed))
    (mix,) = found.mixes
    assert not mix.reached
    assert {part.lever.key: part.value for part in mix.parts} == {"retention_rate": 0.9, "price_discount": 0.05}
    made = BASE.with_move(Move("retention_rate", 0.9)).with_move(Move("price_discount", 0.05))
    assert mix.outcome == pytest.approx(Outcome().of(project(made)), rel=1e-12)
    part = next(part for part in mix.parts if part.lever.key == "retention_rate")
    more = Outcome().of(project(made.with_move(Move("retention_rate", 0.9 + part.lever.entry.step))))
    assert part.relaxed == pytest.approx(more - mix.outcome, rel=0.02)


def test_other_mixes_differ_and_reach_the_target_with_more_effort() -> None:
    found = aim(BASE, Outcome(), 52e6, tuple(map(Allowed, EIGHT)))
    best, *others = found.mixes
    assert best.kind == BEST
    assert {mix.kind for mix in others} == {"without", "fewer"}
    assert len({frozenset(part.lever.key for part in mix.used) for mix in found.mixes}) == len(found.mixes)
    for mix in others:
        assert mix.reached
        assert mix.effort >= best.effort
    without, fewer = others
    assert best.parts[0].lever.key not in {part.lever.key for part in without.used}
    assert len(fewer.used) < len(best.used)


@pytest.mark.parametrize("weight", [0.2, 5.0])
def test_a_weight_moves_effort_to_other_levers(weight: float) -> None:
    def way(heavy: float) -> float:
        mix = best_of(BASE, Outcome(), 52e6, Allowed("retention_rate", heavy), Allowed("upsell_rate"))
        return next(part.value for part in mix.parts if part.lever.key == "retention_rate")

    assert (way(weight) < way(1.0)) == (weight > 1)


def test_every_need_is_reached_when_projected_and_just_missed_before() -> None:
    scenario = Scenario.of(COMPANY, [Move("leads_per_month", 1_600, start=4)])
    for outcome, target in ((Outcome(), 50e6), (Outcome("operating_profit"), 7.5e6), (Outcome("logo_churn"), 0.1)):
        goal = goal_of(scenario, outcome, target)
        found = needs(goal)
        assert sum(need.reached for need in found) >= 2
        for need in found:
            if not need.reached:
                assert not goal.reached(need.best) or need.best == goal.present
                continue
            assert goal.reached(outcome.of(project(scenario.with_move(need.move))))
            short = need.lever.today + (need.value - need.lever.today) * 0.999
            assert not goal.reached(outcome.of(project(scenario.with_move(need.lever.move.to(short)))))
            assert need.move.start == need.lever.move.start


def test_a_lever_that_is_good_only_in_between_is_crossed_nearest_to_today() -> None:
    """More sellers pay until nobody waits; then they cost. From too many, the way down is the short one."""
    many = Scenario.of(COMPANY, [Move("sales_reps", 40)])
    need = next(
        need for need in needs(goal_of(many, Outcome("operating_profit"), 6e6)) if need.lever.key == "sales_reps"
    )
    assert need.reached
    assert 21 < need.value < 40
    top = next(
        need for need in needs(goal_of(many, Outcome("operating_profit"), 8e6)) if need.lever.key == "sales_reps"
    )
    assert not top.reached
    assert 10 < top.at_best < 21
    assert top.best > 6.3e6


def test_a_target_that_is_met_needs_nothing_in_either_direction() -> None:
    for outcome, target in ((Outcome(), 40e6), (Outcome("cac_payback"), 30.0), (Outcome("logo_churn"), 1.0)):
        found = aim(BASE, outcome, target)
        assert found.goal.is_met
        assert (found.needs, found.mixes) == ((), ())
    neither = goal_of(BASE, Outcome("renewals_due"), 1.0)
    assert (neither.sense, neither.is_met) == (-1.0, False)


def test_the_same_question_has_the_same_answer() -> None:
    first = mixes(goal_of(BASE, Outcome(), 52e6), [Allowed("retention_rate"), Allowed("win_rate")])
    again = mixes(goal_of(BASE, Outcome(), 52e6), [Allowed("retention_rate"), Allowed("win_rate")])
    assert [[part.value for part in mix.parts] for mix in first] == [
        [part.value for part in mix.parts] for mix in again
    ]


@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "1e999", "12,000", "", "<b>", "0x10", "9" * 400])
def test_what_is_no_target_is_refused(text: str) -> None:
    with pytest.raises(ScenarioError, match=r"must be a finite number, rates as fractions\.$"):
        read_target(text)
    target, problems = target_of_link({"target": text})
    assert target is None
    assert problems[0].endswith("must be a finite number, rates as fractions. It is left out.")
    assert target_of_link({"target": "-1.5e6"}) == (-1.5e6, ())


@pytest.mark.parametrize("target", [math.nan, math.inf, -math.inf])
def test_an_aim_without_a_target_or_levers_is_refused(target: float) -> None:
    with pytest.raises(ScenarioError) as error:
        aim(BASE, Outcome(), target)
    assert error.value.problems == (f"The target ({target}) must be a finite number, rates as fractions.",)
    with pytest.raises(ScenarioError) as error:
        mixes(goal_of(BASE, Outcome(), 52e6), ())
    assert error.value.problems == ("No lever is chosen; a mix needs at least one.",)
    with pytest.raises(ScenarioError) as error:
        mixes(goal_of(BASE, Outcome(), 52e6), [Allowed("win_rate")] * 13)
    assert error.value.problems == ("A mix uses at most 12 levers; 13 are chosen.",)
    with pytest.raises(ScenarioError) as error:
        mixes(goal_of(BASE, Outcome(), 52e6), [Allowed("opening_arr")])
    assert error.value.problems == ("Opening ARR (opening_arr) is a fact of the company and no lever.",)
    assert aim(BASE, Outcome(), 52e6, ()).mixes == ()
    with pytest.raises(ScenarioError) as error:
        goal_of(BASE, Outcome("nrr", month=2), 1.2)
    assert error.value.problems == (
        "NRR has no value in Feb 2026, so there is no way to a target; choose another month or metric.",
    )


def test_bounds_that_leave_today_out_are_kept() -> None:
    mix = best_of(
        BASE, Outcome(), 46e6, Allowed("retention_rate", 1, 0.92, 0.95), Allowed("price_discount", 1, 0.2, 0.3)
    )
    values = {part.lever.key: part.value for part in mix.parts}
    assert 0.92 <= values["retention_rate"] <= 0.95
    assert 0.2 <= values["price_discount"] <= 0.3


def test_levers_are_read_as_they_were_written() -> None:
    for allowed in ((), (Allowed("win_rate"),), (Allowed("win_rate", 2.5), Allowed("price_uplift.ent", 1, -0.02, 0.1),
                    Allowed("fixed_costs", 0.01, 0.0, 1e7))):  # fmt: skip
        query = dict(parse_qsl(urlencode(write_query(BASE) | written(allowed))))
        assert "%" not in urlencode(written(allowed))
        assert aim_of_link(query, BASE) == (allowed, ())
        reading = read_link("?" + urlencode(query))
        assert (reading.scenario, reading.problems) == (BASE, ())
    assert aim_of_link({}, BASE) == (None, ())


@pytest.mark.parametrize(("query", "problem"), [
    ("aim.win_rate=x0", "aim.win_rate=x0 has a weight of 0; it must lie between 0.01 and 100. It is left out."),
    ("aim.win_rate=xnan", "aim.win_rate=xnan has a weight of nan; it must lie between 0.01 and 100. It is left out."),
    ("aim.win_rate=x1e999", "aim.win_rate=x1e999 has a weight of inf; it must lie between 0.01 and 100. It is left out."),
    ("aim.win_rate=0.1to2", "aim.win_rate=0.1to2 has a bound that is 200.0\u202f%; it must lie between 0.0\u202f% and 100.0\u202f% "
     "(share of opportunities decided). It is left out."),
    ("aim.win_rate=nanto0.2", "aim.win_rate=nanto0.2 has a bound that is not a finite number; it must lie between 0.0\u202f% and "
     "100.0\u202f% (share of opportunities decided). It is left out."),
    ("aim.win_rate=0.3to0.2", "aim.win_rate=0.3to0.2 has bounds that do not rise. It is left out."),
    ("aim.win_rate=<b>", "aim.win_rate=<b> cannot be read; write bounds and a weight as in 0.05to0.5x2, or x1. It is left out."),
    ("aim.win_rate=", "aim.win_rate= cannot be read; write bounds and a weight as in 0.05to0.5x2, or x1. It is left out."),
    ("aim.opening_arr=x1", "aim.opening_arr=x1: Opening ARR (opening_arr) is a fact of the company and no lever. It is left out."),
    ("aim.moon=x1", "aim.moon=x1: There is no lever 'moon'; `revlens assumptions` lists them. It is left out."),
    ("aim=win_rate", "aim=win_rate must be none, or name levers as in aim.win_rate=x1. It is left out."),
])  # fmt: skip
def test_what_is_refused_of_a_link_is_named_and_the_rest_stands(query: str, problem: str) -> None:
    allowed, problems = aim_of_link(dict(parse_qsl(f"{query}&aim.upsell_rate=x3", keep_blank_values=True)), BASE)
    assert allowed == (Allowed("upsell_rate", 3.0),)
    assert problems == (problem,)


def test_a_mix_has_at_most_twelve_levers_of_a_link() -> None:
    keys = [allowed.key for allowed in offered(goal_of(BASE, Outcome(), 52e6))]
    keys += [
        f"{name}.{segment}" for name in ("win_rate", "slip_rate", "price_discount") for segment in COMPANY.segments
    ]
    allowed, problems = aim_of_link({f"aim.{key}": "x1" for key in keys}, BASE)
    assert len(allowed or ()) == 12
    assert problems[0] == f"aim.{keys[12]}: a mix uses at most 12 levers. It is left out."


@pytest.mark.parametrize(("outcome", "targets"), [
    (Outcome(month=24), [1e9, 1e12, 1e16, 1e20, 1e30, 1e308]), (Outcome("nrr"), [50.0, 115.0, 1e10, 1e16, 1e308]),
    (Outcome("cac"), [-1e7, -1e20, -1e308]),
])  # fmt: skip
def test_what_is_out_of_reach_is_the_same_however_far_the_target(outcome: Outcome, targets: list[float]) -> None:
    near, *others = (aim(BASE, outcome, target) for target in targets)
    assert not near.mixes[0].reached
    assert near.mixes[0].used
    for far in others:
        (mix,) = far.mixes
        assert mix.outcome == pytest.approx(near.mixes[0].outcome, rel=1e-9)
        assert {part.lever.key: part.value for part in mix.parts} == pytest.approx(
            {part.lever.key: part.value for part in near.mixes[0].parts}
        )
        assert {need.lever.key: (need.reached, need.best, need.at_best) for need in far.needs} == {
            need.lever.key: (need.reached, need.best, need.at_best) for need in near.needs
        }


def test_the_best_a_lever_can_do_is_its_projection() -> None:
    for need in needs(goal_of(BASE, Outcome(), 1e300)):
        made = project(BASE.with_move(need.lever.move.to(need.at_best)))
        assert need.best == pytest.approx(Outcome().of(made), rel=1e-12)


@pytest.mark.parametrize(("metric", "target", "meant"), [
    ("nrr", 115, "NRR of 115 is 11,500.0\u202f%; did you mean 1.15 (115.0\u202f%)?"),
    ("logo_churn", 5, "Logo churn of 5 is 500.0\u202f%; did you mean 0.05 (5.0\u202f%)?"),
    ("operating_margin", -20, "Operating margin of -20 is −2,000.0\u202f%; did you mean -0.2 (−20.0\u202f%)?"),
    ("nrr", 5, ""), ("nrr", 1.15, ""), ("nrr", 1e30, ""), ("arr", 1e20, ""),
])  # fmt: skip
def test_a_share_written_in_per_cent_is_asked_about(metric: str, target: float, meant: str) -> None:
    assert goal_of(BASE, Outcome(metric), target).question == meant


def test_effort_is_the_same_in_any_currency() -> None:
    allowed = Allowed("average_selling_price"), Allowed("win_rate")
    mix = best_of(STEADY, NEW, 15_000, *allowed)
    dear = Scenario.of(quiet_company(leads_per_month=10, average_selling_price=130_000, sales_reps=10, win_rate=0.4))
    other = best_of(dear, NEW, 15_000 * 130, *allowed)
    assert other.effort == pytest.approx(mix.effort, rel=1e-8)
    assert [part.share for part in other.parts] == pytest.approx([part.share for part in mix.parts], rel=1e-6)


def test_a_share_and_what_is_missing_of_it_take_the_same_effort() -> None:
    """Closing a tenth of the churn is what raising a win rate of 12 % by a tenth is; the length of a slider is no matter."""
    low, high = (Scenario.of(quiet_company(win_rate=share)) for share in (0.12, 0.88))
    assert lever_of(low, "win_rate").size == pytest.approx(0.12)
    assert lever_of(high, "win_rate").size == pytest.approx(0.12)
    assert lever_of(BASE, "retention_rate").size == pytest.approx(1 - lever_of(BASE, "retention_rate").today)
    assert lever_of(BASE, "cross_sell_rate").size == pytest.approx(0.1 * 0.3)  # next to nothing: a tenth of the slider
    assert lever_of(STEADY, "customer_feedback").size == pytest.approx(0.1 * 0.8)
    assert lever_of(BASE, "sales_reps").size == 21


def test_up_and_down_take_the_same_effort() -> None:
    for scenario, key in ((STEADY, "average_selling_price"), (BASE, "retention_rate")):
        lever = lever_of(scenario, key)
        problem = problem_of(goal_of(scenario, NEW, 15_000), [lever], [Allowed(key)])
        z = np.array([[-0.3, 0.3]])
        assert problem.effort(z)[0] == problem.effort(z)[1]
        assert (problem.low[0], problem.high[0]) == pytest.approx(
            tuple((end - lever.today) / lever.size for end in lever.usual)
        )


@pytest.mark.parametrize(("outcome", "part"), [(Outcome(month=24), 0.2), (Outcome("nrr"), 0.05)])
@pytest.mark.parametrize("company", ["launchpad", "midmarket-saas", "enterprise-multiyear"])
def test_the_first_answer_leaves_no_lever_far_from_where_it_stands(company: str, outcome: Outcome, part: float) -> None:
    """A long slider makes no lever easy: none has to double for a fifth more ARR or five points of retention."""
    scenario = Scenario.of(load_shipped(company))
    present = outcome.of(project(scenario))
    best = aim(scenario, outcome, present * (1 + part)).mixes[0]
    assert best.reached
    assert len(best.used) >= 4
    for one in best.used:
        assert abs(one.value - one.lever.today) <= 0.4 * one.lever.size


def test_levers_are_offered_that_help_together_and_none_that_costs_arr() -> None:
    """Sellers bring nothing alone while some are idle, and are needed once more is sold; fewer wins would raise NRR."""
    together = offered(goal_of(BASE, Outcome(month=24), 45e6))
    assert {"win_rate", "sales_reps", "leads_per_month"} <= {one.key for one in together}
    start = Scenario.of(load_shipped("launchpad"))
    assert not {"win_rate", "leads_per_month"} & {one.key for one in offered(goal_of(start, Outcome("nrr"), 0.9))}
    assert offered(goal_of(BASE, Outcome(), 52e6), "ent")[0].key.endswith(".ent")


def test_no_lever_is_said_to_reach_a_target_by_an_absurd_value() -> None:
    """No price and no sellers make no spread; a hundred times the leads no plan."""
    goal = goal_of(BASE, Outcome("forecast_spread"), 0.0)
    reaching = {need.lever.key for need in needs(goal) if need.reached}
    assert not reaching & {"average_selling_price", "sales_reps", "win_rate"}
    for need in needs(goal_of(BASE, Outcome(), 1e12)):
        lever, at = need.lever, need.at_best
        if lever.today > 0 and not lever.usual[0] <= at <= lever.usual[1]:
            assert lever.today / 10 * (1 - 1e-12) <= at <= 10 * lever.today * (1 + 1e-12)
            assert lever.entry.min < at < lever.entry.max


def test_what_an_answer_does_to_profit_is_that_of_its_projection() -> None:
    """It is summed up to the month of the target: "what does it cost to be there by then" asks for no month more."""

    def profit(scenario: Scenario) -> float:
        return float(View(project(scenario))["operating_profit"][:24].sum())

    scenario = Scenario.of(COMPANY, [Move("leads_per_month", 1_600, start=4)])
    found = aim(scenario, Outcome(month=24), 44e6)
    for mix in found.mixes:
        assert mix.profit == pytest.approx(profit(mix.scenario) - profit(scenario), rel=1e-9)
    for need in found.needs:
        made = scenario.with_move(need.move if need.reached else need.lever.move.to(need.at_best))
        assert need.profit == pytest.approx(profit(made) - profit(scenario), rel=1e-9, abs=1e-3)
    applied = goal_of(found.mixes[0].scenario, Outcome(month=24), 44e6)
    assert applied.is_met
    assert applied.made == pytest.approx(profit(applied.scenario) - profit(scenario.base), rel=1e-9)


def test_a_metric_that_is_neither_good_nor_bad_stays_reached_when_its_answer_is_applied() -> None:
    due = Outcome("renewals_due")
    found = aim(BASE, due, 0.9 * due.of(project(BASE)), (Allowed("retention_rate"),))
    (mix,) = found.mixes
    assert mix.outcome < mix.goal.target
    assert goal_of(mix.scenario, due, mix.goal.target).is_met
