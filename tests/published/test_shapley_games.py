"""Games whose Shapley values are printed or can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from model.studies.games import interactions, shapley


def test_gloves() -> None:
    """One left glove and two right ones, a pair is worth 1: 2/3, 1/6, 1/6; Shapley and Shubik (1969)."""
    game = np.array([0, 0, 0, 1, 0, 1, 0, 1.0])
    assert shapley(game) == pytest.approx([2 / 3, 1 / 6, 1 / 6])


def test_airport() -> None:
    """A runway as long as its longest plane needs: each part is shared by those who use it; Littlechild and Owen (1973)."""
    costs = [1.0, 2.0, 4.0, 7.0]
    game = np.array(
        [max((cost for bit, cost in enumerate(costs) if place >> bit & 1), default=0.0) for place in range(16)]
    )
    assert shapley(game) == pytest.approx([1 / 4, 1 / 4 + 1 / 3, 1 / 4 + 1 / 3 + 1, 1 / 4 + 1 / 3 + 1 + 3])


def test_council() -> None:
    """A weighted vote of 4, 3, 2, 1 with a quota of 6: 5/12, 3/12, 3/12, 1/12, worked out over the 24 orders."""
    weights = [4, 3, 2, 1]
    game = np.array([float(sum(w for bit, w in enumerate(weights) if place >> bit & 1) >= 6) for place in range(16)])
    assert shapley(game) == pytest.approx([5 / 12, 3 / 12, 3 / 12, 1 / 12])


def test_two_factors() -> None:
    """Price 10 to 12 times volume 100 to 130: the joint 60 of the 560 more is halved, and is all their interaction."""
    game = np.array([10 * 100, 12 * 100, 10 * 130, 12 * 130.0])
    assert shapley(game) == pytest.approx([200 + 30, 300 + 30])
    assert interactions(game) == pytest.approx(np.array([[0, 60], [60, 0]]))


def test_all_or_nothing() -> None:
    """Three who bring something only together share it alike; each two interact by half of it."""
    game = np.array([0, 0, 0, 0, 0, 0, 0, 1.0])
    assert shapley(game) == pytest.approx([1 / 3] * 3)
    assert interactions(game)[0] == pytest.approx([0, 1 / 2, 1 / 2])
