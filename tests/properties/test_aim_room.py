"""What a step more room at a bound, or a little more of the target, is said to do is what solving again gives."""

from __future__ import annotations

from dataclasses import replace

import pytest

from model import Scenario, load_shipped
from model.outcomes import Outcome
from model.studies.aim import Mix, aim, with_room, with_target
from model.studies.aim_link import Allowed

BASE = Scenario.of(load_shipped("midmarket-saas"))
PROFIT = Outcome("operating_profit", month=24)
TARGET = 4_018_530.0
HELD = (Allowed("retention_rate", 1, 0.6, 0.9), Allowed("win_rate", 1, 0.05, 0.21),
        Allowed("average_selling_price", 1, 30_937.5, 63_000.0), Allowed("upsell_rate"), Allowed("rep_cost", 5.0))  # fmt: skip
"""The search ends a hair short of the upper bounds of win rate and of price."""


def best_of(target: float, *allowed: Allowed) -> Mix:
    return aim(BASE, PROFIT, target, allowed).mixes[0]


def test_a_lever_that_a_bound_stops_is_at_it_exactly_and_that_one_is_named() -> None:
    stopped = {part.lever.key: part for part in best_of(TARGET, *HELD).parts if part.relaxed}
    assert {key: part.value for key, part in stopped.items()} == {"win_rate": 0.21, "average_selling_price": 63_000.0}
    for part in stopped.values():
        assert part.move.target == part.value == part.bound == part.allowed.high
        assert part.further == part.value + part.lever.entry.step


def test_the_bound_that_stops_a_lever_from_below_is_the_lower_one() -> None:
    mix = best_of(TARGET, Allowed("rep_cost", 1, 220_000.0, 300_000.0), Allowed("retention_rate"))
    part = next(part for part in mix.parts if part.lever.key == "rep_cost")
    assert (part.value, part.bound, part.further) == (220_000.0, 220_000.0, 220_000.0 - part.lever.entry.step)
    assert part.relaxed > 0


@pytest.mark.parametrize("key", ["win_rate", "average_selling_price"])
def test_a_step_more_room_is_solved_again(key: str) -> None:
    """Effort falls less and less with room: the price at the bound, times a step, would promise too much."""
    mix = best_of(TARGET, *HELD)
    part = next(part for part in mix.parts if part.lever.key == key)
    wider = best_of(TARGET, *(replace(one, high=part.further) if one.key == key else one for one in HELD))
    assert with_room(mix, part).effort == pytest.approx(wider.effort, rel=1e-12)
    assert 0 < mix.effort - wider.effort < part.relaxed


def test_the_other_mixes_keep_to_their_levers_when_solved_again() -> None:
    without = aim(BASE, PROFIT, TARGET, HELD).mixes[1]
    part = next(part for part in without.used if part.lever.key == "win_rate")
    again = with_room(without, part)
    assert again.effort < without.effort
    assert "rep_cost" not in {one.lever.key for one in again.used}
    fewer = tuple(replace(one, high=part.further) if one.key == "win_rate" else one for one in HELD[:-1])
    assert again.effort == pytest.approx(best_of(TARGET, *fewer).effort, rel=1e-9)


def test_out_of_reach_a_step_more_room_adds_what_solving_again_gives() -> None:
    short = best_of(TARGET, *HELD[:2])
    part = next(part for part in short.parts if part.lever.key == "win_rate")
    wider = best_of(TARGET, HELD[0], replace(HELD[1], high=part.further))
    assert short.outcome < with_room(short, part).outcome == pytest.approx(wider.outcome, rel=1e-12)


def test_a_little_more_of_the_target_is_solved_again() -> None:
    mix = best_of(TARGET, *HELD)
    assert with_target(mix, 1.001 * TARGET).effort == pytest.approx(best_of(1.001 * TARGET, *HELD).effort, rel=1e-12)
    assert not with_target(mix, 10 * TARGET).reached


@pytest.mark.parametrize("part", [0.1, 0.5, 1.0, 1.5])
def test_effort_does_not_jump_where_a_lever_that_a_bound_stops_carries_little(part: float) -> None:
    """The price is stopped a step above today, with 1 % of the effort; without it the others would have to do much more."""
    without = aim(BASE, PROFIT, TARGET, HELD).mixes[1]
    way = part * 0.01 * (TARGET - without.goal.present)
    again = with_target(without, TARGET + way)
    assert again.effort - without.effort == pytest.approx(without.price * way, rel=0.05)


@pytest.mark.parametrize("ends", [(1e-20, 2e-20), (0.2, 0.2 + 1e-9)])
def test_bounds_next_to_each_other_are_kept(ends: tuple[float, float]) -> None:
    for part in best_of(TARGET, Allowed("win_rate", 1, *ends), Allowed("retention_rate")).parts:
        low, high = part.allowed.bounds(part.lever)
        assert low <= part.value <= high
