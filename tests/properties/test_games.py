"""Shapley's axioms for random games, and his value as the mean over all orders written out."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from model.company import Numbers
from model.studies.games import interactions, marginals, players_of, shapley

SIZES = range(1, 13)


def random_game(players: int, seed: int = 0) -> Numbers:
    return np.random.default_rng([players, seed]).normal(scale=1e6, size=2**players)


@pytest.mark.parametrize("players", SIZES)
def test_efficiency(players: int) -> None:
    game = random_game(players)
    assert players_of(game) == players
    assert shapley(game).sum() == pytest.approx(game[-1] - game[0], abs=1e-9 * np.abs(game).max())


@pytest.mark.parametrize("players", SIZES)
def test_linearity(players: int) -> None:
    one, other = random_game(players), random_game(players, 1)
    assert shapley(3 * one - other) == pytest.approx(3 * shapley(one) - shapley(other), abs=1e-3)


@pytest.mark.parametrize("players", SIZES[1:])
def test_symmetry(players: int) -> None:
    """Two who may change places without any coalition's changing bring the same."""
    places = np.arange(2**players)
    first, last = places & 1, places >> (players - 1) & 1
    swapped = places + (last - first) - (last - first) * 2 ** (players - 1)
    game = random_game(players)
    values = shapley(game + game[swapped])
    assert values[0] == pytest.approx(values[-1], abs=1e-3)
    assert shapley(game[swapped])[0] == pytest.approx(shapley(game)[-1], abs=1e-3)


@pytest.mark.parametrize("players", SIZES)
def test_dummy(players: int) -> None:
    """Who adds the same to every coalition brings just that, and interacts with nobody."""
    without = random_game(players - 1) if players > 1 else np.zeros(1)
    game = np.concatenate([without, without + 7.0])
    assert shapley(game)[-1] == pytest.approx(7, abs=1e-6)
    assert interactions(game)[-1] == pytest.approx(np.zeros(players), abs=1e-3)
    assert shapley(game)[:-1] == pytest.approx(shapley(without), abs=1e-3)


@pytest.mark.parametrize("players", range(1, 7))
def test_the_value_is_the_mean_over_all_orders_and_the_range_their_ends(players: int) -> None:
    game, added = random_game(players), []
    for order in permutations(range(players)):
        come, row = 0, np.zeros(players)
        for player in order:
            row[player] = game[come | 1 << player] - game[come]
            come |= 1 << player
        added.append(row)
    assert shapley(game) == pytest.approx(np.mean(added, axis=0), abs=1e-3)
    found = marginals(game)
    assert (found.min(axis=1) == np.min(added, axis=0)).all()
    assert (found.max(axis=1) == np.max(added, axis=0)).all()


@pytest.mark.parametrize("players", range(2, 6))
def test_interaction_is_the_mean_of_what_is_joint_over_all_orders(players: int) -> None:
    """Over all orders in which the two come as one."""
    game, found = random_game(players), interactions(random_game(players))
    assert found == pytest.approx(found.T, abs=1e-3)
    for one, other in permutations(range(players), 2):
        others = [bit for bit in range(players) if bit not in (one, other)]
        total, orders = 0.0, 0
        for order in permutations([*others, -1]):  # -1: the two, who come as one
            come = sum(1 << bit for bit in order[: order.index(-1)])
            both, first, second = (come | bits for bits in (1 << one | 1 << other, 1 << one, 1 << other))
            total, orders = total + game[both] - game[first] - game[second] + game[come], orders + 1
        assert found[one, other] == pytest.approx(total / orders, abs=1e-3)
