"""The numbers of compiled code, eight side by side, against NumPy's."""

from __future__ import annotations

import numpy as np
import pytest
from numba import njit

from model.company import Numbers
from model.lanes import LANES, alike, differ, eights, exp, power, room, with_lane

RESULTS = 9


@njit(error_model="numpy")
def work_out(floats: Numbers, found: Numbers) -> bool:
    """Fill the rows of `found` with what `expected` says of the first two rows of `floats`."""
    numbers, results = eights(floats), eights(found)
    one, other = numbers[0], numbers[1]
    total = 0.0
    for number in range(len(numbers)):
        total += numbers[number]
    results[0] = total
    results[1] = 1 - one * 2.5
    results[2] = one / other
    results[3] = min(one, other)
    results[4] = exp(one)
    results[5] = power(one, other)
    results[6] = 3
    results[7] = with_lane(alike(0.5), 2, 7.0)
    product = one
    product *= other
    results[8] = product
    return differ(one, other)


def expected(floats: Numbers) -> list[Numbers]:
    one, other = floats[0], floats[1]
    lane = np.where(np.arange(LANES) == 2, 7.0, 0.5)
    return [floats.sum(axis=0), 1 - one * 2.5, one / other, np.minimum(one, other), np.exp(one), one**other,
            np.full(LANES, 3.0), lane, one * other]  # fmt: skip


@pytest.fixture(scope="module")
def floats() -> Numbers:
    return np.random.default_rng(1).uniform(0.1, 3, (5, LANES))


def test_each_lane_is_worked_out_by_itself(floats: Numbers) -> None:
    found = np.empty((RESULTS, LANES))
    assert work_out(floats, found)
    for number, wanted in enumerate(expected(floats)):
        np.testing.assert_allclose(found[number], wanted, rtol=1e-14, err_msg=str(number))


def test_a_difference_in_one_lane_is_a_difference(floats: Numbers) -> None:
    found, same = np.empty((RESULTS, LANES)), floats.copy()
    same[1] = same[0]
    assert not work_out(same, found)
    same[1, LANES - 1] += 1e-9
    assert work_out(same, found)


def test_room_begins_at_a_line_of_the_cache() -> None:
    found = room((3, 2))
    assert found.shape == (3, 2, LANES)
    assert found.ctypes.data % (8 * LANES) == 0
