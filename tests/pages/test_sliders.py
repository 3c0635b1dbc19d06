"""A slider holds whatever a link or an exact entry may give it."""

from __future__ import annotations

import random

import pytest

from model import assumptions
from pages.parts.inputs import slider_range


@pytest.mark.parametrize("name", [name for name, entry in assumptions().items() if entry.across != "fact"])
def test_a_slider_holds_base_and_value_and_gives_values_back(name: str) -> None:
    entry, chance = assumptions()[name], random.Random(name)
    for _ in range(200):
        base, value = (chance.choice([entry.min, 0.0, entry.usual[1], entry.max, chance.uniform(entry.min, entry.max),
                                      chance.uniform(*entry.usual)]) for _ in range(2))  # fmt: skip
        base, value = max(base, entry.min), max(value, entry.min)
        shape = slider_range(entry, base, value)
        assert shape.low < shape.high
        assert shape.low <= shape.shown(base) <= shape.high
        assert shape.low <= shape.shown(value) <= shape.high
        assert shape.low >= entry.min * shape.factor - 1e-6
        assert shape.high <= entry.max * shape.factor + 1e-6
        assert shape.meant(shape.shown(value)) == pytest.approx(value, rel=1e-9, abs=1e-10)
