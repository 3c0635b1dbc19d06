"""The engine against the plain second implementation of the same formulas, for random companies and moves."""

from __future__ import annotations

import random

import pytest

from model import Scenario, project, read_move
from model.company_file import company_from
from tests import reference
from tests.random_companies import random_company, random_moves


@pytest.mark.parametrize("seed", range(60))
def test_every_cell_agrees_with_the_plain_implementation(seed: int) -> None:
    chance = random.Random(seed)
    raw = random_company(chance)
    moves = random_moves(chance, raw)
    company = company_from(raw)
    scenario = Scenario.of(company, [read_move(*move.split("=", 1), company) for move in moves])
    projection = project(scenario)
    for row in reference.project(raw, moves):
        segment = "" if row["segment"] == "all" else row["segment"]
        for name, wanted in row.items():
            if name in ("month", "date", "segment") or wanted is None:
                continue
            found = projection.of(name, segment)[row["month"] - 1]
            scale = max(abs(row["arr_closing"]), abs(row["customers_closing"]) if "arr" not in name else 0, 1.0)
            if name in reference.BILLING_COLUMNS:  # sums of what was invoiced up to three years ago
                scale = max(scale, projection.of("arr_opening", segment)[0])
            assert found == pytest.approx(wanted, rel=1e-9, abs=1e-12 * scale), (
                seed,
                name,
                row["month"],
                segment,
                moves,
            )
