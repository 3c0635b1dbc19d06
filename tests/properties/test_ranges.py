"""A range is what it says: its ends are the quantiles stated, its median is the likely value, no bound is passed."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from model import Scenario, assumptions, load_shipped, read_move
from model.doubt import Doubt
from model.studies.ranges import Even, Range, ranges_of

MOVABLE = [entry for entry in assumptions().values() if entry.across != "fact"]
COMPANY = load_shipped("midmarket-saas")


@st.composite
def ranges(draw: st.DrawFn) -> Range:
    """Any range of any assumption, its ends and likely value on a bound now and then."""
    entry = draw(st.sampled_from(MOVABLE))
    width = entry.usual[1] - entry.usual[0]
    inside = st.floats(0, 1).map(lambda share: float(np.clip(entry.usual[0] + share * width, entry.min, entry.max)))
    low, likely, high = sorted(draw(st.tuples(inside, inside, inside)))
    if draw(st.booleans()):
        low = entry.min
    return Range(low, likely, high, (entry.min, entry.max), draw(st.floats(0.5, 0.99)))


@given(ranges())
def test_low_and_high_are_the_quantiles_stated_and_likely_is_the_median(found: Range) -> None:
    tail = (1 - found.confidence) / 2
    stated = [found.low, found.likely, found.high]
    scale = max(abs(value) for value in stated)
    np.testing.assert_allclose(found.ppf(np.array([tail, 0.5, 1 - tail])), stated, rtol=1e-9, atol=1e-9 * scale)


@given(ranges())
def test_no_value_leaves_the_bounds_and_none_falls_where_the_chance_rises(found: Range) -> None:
    values = found.at(np.concatenate([[-1e9], np.linspace(-12, 12, 400), [1e9]]))
    assert np.isfinite(values).all()
    assert values.min() >= found.bounds[0]
    assert values.max() <= found.bounds[1]
    assert (np.diff(values) >= -1e-12 * np.abs(values[1:])).all()


def test_an_amount_is_log_normal_where_its_ends_are_as_many_times_apart() -> None:
    found = Range(1e5, 2e5, 4e5, (0, 1e12), 0.8)
    exact = stats.lognorm(math.log(2) / stats.norm.ppf(0.9), scale=2e5)
    chance = np.linspace(0.001, 0.999, 99)
    np.testing.assert_allclose(found.ppf(chance), exact.ppf(chance), rtol=1e-5)


def test_a_share_is_logit_normal_where_its_ends_are_as_far_apart_in_log_odds() -> None:
    found = Range(0.2, 0.5, 0.8, (0, 1), 0.9)
    chance = np.linspace(0.001, 0.999, 99)
    width = math.log(4) / stats.norm.ppf(0.95)
    np.testing.assert_allclose(found.ppf(chance), 1 / (1 + np.exp(-width * stats.norm.ppf(chance))), rtol=1e-12)


def test_what_would_lie_beyond_a_bound_lies_on_it() -> None:
    found = Range(0.9, 0.95, 1.0, (0, 1), 0.8)
    values = found.ppf(np.array([0.5, 0.7, 0.9, 0.95, 0.999]))
    line = 0.95 + 0.05 * stats.norm.ppf(0.7) / stats.norm.ppf(0.9)
    np.testing.assert_allclose(values, [0.95, line, 1, 1, 1], rtol=1e-12)


def test_a_range_on_one_side_alone_puts_half_of_the_chance_on_the_likely_value() -> None:
    found = Range(0.1, 0.1, 0.3, (0, 1), 0.8)
    np.testing.assert_allclose(found.ppf(np.array([0.01, 0.3, 0.5, 0.9])), [0.1, 0.1, 0.1, 0.3], rtol=1e-12)


def test_ranges_of_a_scenario_are_those_of_its_moves_at_its_confidence() -> None:
    moves = [read_move(*pair, COMPANY) for pair in (
        ("retention_rate", "0.93in0.88to0.96"), ("win_rate", "0.3"), ("lead_growth.ent", "0.1in-0.1to0.3from6"))]  # fmt: skip
    assert ranges_of(Scenario.of(COMPANY, moves, doubt=Doubt(0.9))) == {
        "retention_rate": Range(0.88, 0.93, 0.96, (0, 1), 0.9),
        "lead_growth.ent": Range(-0.1, 0.1, 0.3, (-0.9, 5), 0.9),
    }


def test_where_all_values_are_alike_the_chance_rises_in_a_straight_line() -> None:
    assert Even(2, 6).ppf(np.array([0, 0.25, 1])) == pytest.approx([2, 3, 6])
