"""What each layer of billing leaves on the table: the cash it would bring if nothing in it failed, waited or leaked."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from model.engine import project_many
from model.moves import Move
from model.scenario import Scenario

LAYERS: Mapping[str, Mapping[str, float]] = {
    "Payment processing": {"payment_failure_rate": 0, "days_to_collect": 0},
    "Billing automation": {"dunning_recovery": 1, "invoicing_delay_days": 0},
    "Subscription management": {"price_discount": 0},
    "Revenue operations": {"revenue_leakage": 0},
}
"""What each layer comes to at its best, from month 1 on. Yearly prepayment is not among them, since customers must agree
to it, nor is what has no best: growth, price and win rate."""

_LINES = ("operating_profit", "revenue", "cash_collected")


@lru_cache(maxsize=128)
def left_on_the_table(scenario: Scenario) -> Mapping[str, float]:
    """Return for each layer the cash after costs that the company would have more at the end of the plan.

    Each layer by itself, all else as it is: a payment that does not fail needs no recovery, so layers do not add up.
    """
    found = project_many([scenario, *(_at_its_best(scenario, best) for best in LAYERS.values())], _LINES)
    profit, revenue, cash = (found[line] for line in _LINES)
    total = profit.sum(axis=0) + (cash - revenue).sum(axis=(0, 1))
    return MappingProxyType({layer: float(more) for layer, more in zip(LAYERS, total[1:] - total[0], strict=True)})


def _at_its_best(scenario: Scenario, best: Mapping[str, float]) -> Scenario:
    """Return a scenario with some assumptions at their best in every segment, whatever moves there were."""
    kept = [move for move in scenario.moves if move.name not in best]
    moves = [Move(name, value, segment) for name, value in best.items() for segment in scenario.company.segments]
    return Scenario.of(scenario.company, [*kept, *moves], scenario.horizon, scenario.plans)
