"""Explain a difference: how much of it each move brings, the same whatever the order they are told in.

Moves act on each other: more leads are worth more where more of them are won. A bridge that adds moves one by one
gives what is joint to whoever comes last, and one that takes each alone leaves it out. The Shapley value is the mean over
all orders; it adds up to the difference exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from model.company import Numbers
from model.errors import ScenarioError
from model.export import cell_of, csv_of, safe
from model.outcomes import Outcome
from model.scenario import Scenario
from model.studies import games
from model.studies.mixture import Coalitions, Mixture, Player, players_between
from model.text import glance
from model.view_words import SPLIT

BY_MOVE, BY_STAGE = "moves", "stages"
"""Who shares a difference, as a link says it."""
NEAR = 2.0
"""Shares that differ by fewer standard errors are not told apart."""
SEED = 20
MOST_OF = 10.0
"""No share is told as a part of the difference where one is more than this many times all of it. Judgement: of what is
nearly nothing, no part means anything."""
PROJECTIONS, LEAST_PAIRS = 4_096, 16
"""How many projections a sample of orders may take, about, and how many pairs of orders it has at least."""


@dataclass(frozen=True, eq=False)
class Explanation:
    """The difference of an outcome between two scenarios, and who brings it.

    Attributes
    ----------
    start, end : float
        The outcome in the first and in the second scenario.
    players : tuple of Player
        Who shares the difference, in the order in which they were made.
    shares : array, (players,)
        What each brings: Shapley values, which add up to the difference.
    low, high : array, (players,)
        The least and the most that each brings in any order, or in any that was drawn.
    alone, in_order, taken_back : array, (players,)
        What each brings if it comes first, in the order made, and last.
    together : array, (players, players), or None
        How much more two bring together than by themselves: Shapley interaction; None where orders were drawn.
    error : array, (players,)
        Standard error of the shares; zero unless orders were drawn.
    orders : int
        How many orders were drawn; 0 if all count.
    """

    outcome: Outcome
    start: float
    end: float
    players: tuple[Player, ...]
    shares: Numbers
    low: Numbers
    high: Numbers
    alone: Numbers
    in_order: Numbers
    taken_back: Numbers
    together: Numbers | None
    error: Numbers
    orders: int = 0

    @property
    def difference(self) -> float:
        """What is to be explained."""
        return self.end - self.start

    @property
    def parts(self) -> Numbers:
        """The shares as parts of the difference, (players,); NaN where that is small against one of them."""
        whole = self.difference if np.abs(self.shares).max() < MOST_OF * abs(self.difference) else np.nan
        return self.shares / whole

    @property
    def unexplained(self) -> float:
        """What is left when each player is taken alone: it arises only where several come together."""
        return self.difference - float(self.alone.sum())

    @property
    def ranked(self) -> list[int]:
        """The players by position, the largest share first."""
        return sorted(range(len(self.players)), key=lambda player: -abs(self.shares[player]))

    def near(self, player: int) -> list[int]:
        """Return the players whose shares are so near to that of one that the orders drawn cannot rank them."""
        apart = np.abs(self.shares - self.shares[player])
        close = apart < NEAR * np.hypot(self.error, self.error[player])
        return [int(other) for other in np.flatnonzero(close) if other != player]

    def pairs(self) -> list[tuple[str, str, float]]:
        """Return each two players and how much more they bring together than by themselves, the most first."""
        if self.together is None:
            return []
        names, found = [player.label for player in self.players], np.triu(self.together, 1)
        order = np.argsort(-np.abs(found), axis=None, kind="stable")
        places = zip(*np.unravel_index(order, found.shape), strict=True)
        return [(names[one], names[other], float(found[one, other])) for one, other in places if one < other]


@lru_cache(maxsize=64)
def explain(start: Scenario, end: Scenario, outcome: Outcome, *, by_stage: bool = False) -> Explanation:
    """Return who brings the difference of an outcome between two scenarios of one company.

    Up to 12 players share it exactly: all 2**n mixtures are projected. Of more, orders are drawn, each with its reverse.

    Parameters
    ----------
    start, end : Scenario
        From which to which; the horizon of the second holds for both.
    by_stage : bool
        Whether the moves of a stage count as one player.

    Raises
    ------
    ScenarioError
        The companies differ, or the metric has no value in that month, in one sentence.
    """
    if start.company != end.company:
        raise ScenarioError(
            f"{end.company.title} and {start.company.title} differ in more than moves; "
            "only scenarios of the same company can be explained by their moves."
        )
    if not (players := players_between(start, end, by_stage=by_stage)):
        raise ScenarioError("There is nothing to explain: no move or plan tells the two scenarios apart.")
    mixture = Mixture(start.with_horizon(end.horizon), end, players)
    return _whole(mixture, outcome) if len(players) <= games.MOST_PLAYERS else _drawn(mixture, outcome)


def split_of_link(query: Mapping[str, str]) -> tuple[bool, tuple[str, ...]]:
    """Return whether a link lets stages share a difference, and what it says that cannot be used."""
    given = query.get(SPLIT, BY_MOVE)
    if given in (BY_MOVE, BY_STAGE):
        return given == BY_STAGE, ()
    return False, (f"{SPLIT}={glance(given)} must be {BY_MOVE} or {BY_STAGE}; {BY_MOVE} is used.",)


def _whole(mixture: Mixture, outcome: Outcome) -> Explanation:
    """Return the exact split, of all coalitions."""
    count = len(mixture.players)
    places = np.arange(2**count)
    game = _checked(mixture, outcome, (places >> np.arange(count)[:, np.newaxis] & 1).astype(bool))
    added = games.marginals(game)
    prefixes = game[2 ** np.arange(count + 1) - 1]
    return Explanation(
        outcome, float(game[0]), float(game[-1]), mixture.players, games.shapley(game),
        added.min(axis=1), added.max(axis=1), added[:, 0], np.diff(prefixes), added[:, -1],
        games.interactions(game), np.zeros(count),
    )  # fmt: skip


def _drawn(mixture: Mixture, outcome: Outcome) -> Explanation:
    """Return the split over orders drawn at random, the same ones each time.

    Castro, Gómez and Tejada, "Polynomial calculation of the Shapley value based on sampling" (2009).
    """
    count = len(mixture.players)
    pairs = max(LEAST_PAIRS, PROJECTIONS // (2 * count))
    chance = np.random.default_rng(SEED)
    forwards = np.array([chance.permutation(count) for _ in range(pairs)])
    orders = np.stack([forwards, forwards[:, ::-1]], axis=1).reshape(-1, count)
    orders = np.concatenate([[np.arange(count)], orders])  # the order made comes first and counts for itself alone
    first = orders.argsort(axis=1)  # when each player comes, (orders, players)
    come = first[:, np.newaxis] < np.arange(count + 1)[:, np.newaxis]  # (orders, count + 1, players)
    alone = np.eye(count, dtype=bool)
    found = _checked(mixture, outcome, np.concatenate([come.reshape(-1, count), alone, ~alone]).T)
    paths = found[: -2 * count].reshape(len(orders), count + 1)
    added = np.take_along_axis(np.diff(paths, axis=1), first, axis=1)
    start, end = float(paths[0, 0]), float(paths[0, -1])
    single, others = found[-2 * count : -count] - start, end - found[-count:]
    means = added[1:].reshape(pairs, 2, count).mean(axis=1)
    seen = np.vstack([added, single, others])
    return Explanation(
        outcome, start, end, mixture.players, means.mean(axis=0), seen.min(axis=0), seen.max(axis=0),
        single, added[0], others, None, means.std(axis=0, ddof=1) / np.sqrt(pairs), 2 * pairs,
    )  # fmt: skip


def _checked(mixture: Mixture, outcome: Outcome, coalitions: Coalitions) -> Numbers:
    """Return the outcome of coalitions, or say why there is none."""
    found = mixture.values(coalitions, outcome)
    if np.isfinite(found).all():
        return found
    what, when = outcome.name(mixture.end.company), outcome.when(mixture.end.company, mixture.end.horizon)
    come = coalitions[:, ~np.isfinite(found)]
    ends = not (
        come.any(axis=0) & ~come.all(axis=0)
    ).all()  # no value at all before or after: the mixtures do not matter
    least = come[:, come.sum(axis=0).argmin()]
    names = [player.label for player, here in zip(mixture.players, least, strict=True) if here]
    some = "" if ends else f" with only {' and '.join(names)}"
    raise ScenarioError(
        f"{what} has no value {when}{some}, so its difference cannot be explained; choose another month or metric."
    )


def explanation_csv(found: Explanation) -> bytes:
    """Return an explanation as CSV: the first scenario, who shares the difference, the second scenario; full precision."""
    columns = (found.shares, found.low, found.high, found.alone, found.in_order, found.taken_back, found.error)
    rows = [
        ["row", "label", "keys", "value", "lowest", "highest", "alone", "in_order_made", "taken_back", "standard_error"]
    ]
    rows.append(["start", "", "", cell_of(found.start), *[""] * 6])
    for player, values in zip(found.players, zip(*columns, strict=True), strict=True):
        rows.append(["share", safe(player.label), " ".join(player.keys), *map(cell_of, values)])
    rows.append(["unexplained_alone", "", "", "", "", "", cell_of(found.unexplained), "", "", ""])
    rows += [["pair", safe(f"{one} × {other}"), "", cell_of(value), *[""] * 6] for one, other, value in found.pairs()]
    return csv_of([*rows, ["end", "", "", cell_of(found.end), *[""] * 6]])
