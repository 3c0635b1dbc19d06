"""Random deliveries: any that a link may describe, the ends of the bounds among them."""

from __future__ import annotations

import random
from typing import Any

from model.frameworks.delivery import METHODS, Delivery
from model.frameworks.initiatives import Setting, edits, initiatives, settings


def random_delivery(chance: random.Random) -> Delivery:
    """Return a delivery with a random choice, order, settings and edits."""
    order = tuple(chance.sample(list(initiatives()), chance.randint(1, len(initiatives()))))
    given: dict[str, Any] = {name: random_setting(chance, entry) for name, entry in settings().items()}
    found = Delivery(chance.choice(METHODS), order, **given)
    for key in chance.sample(list(initiatives()), chance.randint(0, 3)):
        found = found.with_effort(key, random_setting(chance, edits()["effort"]))
        found = found.with_strength(key, random_setting(chance, edits()["effect"]))
    return found


def random_setting(chance: random.Random, entry: Setting) -> float:
    """Return a value of a setting: mostly a usual one, sometimes an end of its bounds."""
    if entry.choices:
        return float(chance.choice(entry.choices))
    return chance.choice([entry.min, entry.max, *(chance.uniform(*entry.usual) for _ in range(6))])
