"""Games of players who bring something together: how much of it each brings, whatever the order they come in.

A game of n players is an array of 2**n values, what each coalition comes to; bit i of its place says whether player i
is in it. Place 0 is nobody, the last place is all.
"""

from __future__ import annotations

from math import factorial

import numpy as np

from model.company import Numbers

MOST_PLAYERS = 12
"""Games of more players are too large to be looked at whole: 13 players form 8,192 coalitions."""


def players_of(games: Numbers) -> int:
    """Return the number of players n of games of 2**n values, (..., 2**n)."""
    return int(games.shape[-1]).bit_length() - 1


def marginals(games: Numbers) -> Numbers:
    """Return what each player adds to each coalition without it, (n, ..., 2**(n - 1)), of games (..., 2**n).

    The coalitions are in the order of their places in the game.
    """
    count = players_of(games)
    found = np.empty((count, *games.shape[:-1], games.shape[-1] // 2))
    for player in range(count):
        pairs = games.reshape(*games.shape[:-1], -1, 2, 2**player)
        found[player] = (pairs[..., 1, :] - pairs[..., 0, :]).reshape(found.shape[1:])
    return found


def shapley(games: Numbers) -> Numbers:
    """Return the Shapley value of each player, (n, ...), of games (..., 2**n): the mean of what it adds over all orders.

    The values add up to what all come to less what nobody comes to. Shapley, "A value for n-person games" (1953).

    Examples
    --------
    A left glove and two right ones; only a pair has a value:

    >>> import numpy as np
    >>> shapley(np.array([0, 0, 0, 1, 0, 1, 0, 1.0])).round(4).tolist()
    [0.6667, 0.1667, 0.1667]
    """
    count = players_of(games)
    return marginals(games) @ _weights(count) if count else np.zeros((0, *games.shape[:-1]))


def interactions(game: Numbers) -> Numbers:
    """Return the Shapley interaction index of each two players, (n, n), with zeros on the diagonal.

    It is positive where two bring more together than each by itself, over all coalitions of the others they may meet.
    Grabisch and Roubens, "An axiomatic approach to the concept of interaction among players" (1999).
    """
    count = players_of(game)
    found = np.zeros((count, count))
    adding = marginals(game)  # what each adds is a game of the others, in the same order
    found[~np.eye(count, dtype=bool)] = shapley(adding).T.ravel()
    return found


def _weights(count: int) -> Numbers:
    """Return the share of orders in which a player finds each coalition of the others before it, (2**(n - 1),)."""
    sizes = np.bitwise_count(np.arange(2 ** (count - 1)))
    shares = [factorial(size) * factorial(count - size - 1) / factorial(count) for size in range(count)]
    weights: Numbers = np.array(shares)[sizes]
    return weights
