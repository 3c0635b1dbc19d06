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


def players_of(game: Numbers) -> int:
    """Return the number of players n of a game of 2**n values."""
    return int(game.size).bit_length() - 1


def marginals(game: Numbers) -> Numbers:
    """Return what each player adds to each coalition without it, (n, 2**(n - 1)).

    Row i holds the coalitions in the order of their places in the game.
    """
    count = players_of(game)
    found = np.empty((count, game.size // 2))
    for player in range(count):
        pairs = game.reshape(-1, 2, 2**player)
        found[player] = (pairs[:, 1] - pairs[:, 0]).ravel()
    return found


def shapley(game: Numbers) -> Numbers:
    """Return the Shapley value of each player, (n,): the mean of what it adds over all orders of arrival.

    The values add up to what all come to less what nobody comes to. Shapley, "A value for n-person games" (1953).

    Examples
    --------
    A left glove and two right ones; only a pair has a value:

    >>> import numpy as np
    >>> shapley(np.array([0, 0, 0, 1, 0, 1, 0, 1.0])).round(4).tolist()
    [0.6667, 0.1667, 0.1667]
    """
    count = players_of(game)
    return marginals(game) @ _weights(count) if count else np.zeros(0)


def interactions(game: Numbers) -> Numbers:
    """Return the Shapley interaction index of each two players, (n, n), with zeros on the diagonal.

    It is positive where two bring more together than each by itself, over all coalitions of the others they may meet.
    Grabisch and Roubens, "An axiomatic approach to the concept of interaction among players" (1999).
    """
    count = players_of(game)
    found = np.zeros((count, count))
    for one in range(count):
        alone = marginals(game)[one]  # the game of what `one` adds: the others are its players, in the same order
        for place, value in enumerate(marginals(alone) @ _weights(count - 1) if count > 1 else ()):
            found[one, place + (place >= one)] = value
    return found


def _weights(count: int) -> Numbers:
    """Return the share of orders in which a player finds each coalition of the others before it, (2**(n - 1),)."""
    sizes = np.bitwise_count(np.arange(2 ** (count - 1)))
    shares = [factorial(size) * factorial(count - size - 1) / factorial(count) for size in range(count)]
    weights: Numbers = np.array(shares)[sizes]
    return weights
