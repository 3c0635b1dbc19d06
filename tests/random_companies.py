"""Random companies and moves: any the catalogue allows, with the ends of the bounds and zero among them."""

from __future__ import annotations

import random
from typing import Any

from model import assumptions
from model.catalogue import Assumption


def random_company(random: random.Random, *, segments: int | None = None) -> dict[str, Any]:
    """Return a company as its parsed file: 1 to 4 segments, any terms, some with a real opening book."""
    ids = ["smb", "mid", "ent", "pub"][: segments or random.randint(1, 4)]
    company: dict[str, Any] = {
        "id": "random", "version": 1, "title": "Random", "currency": "EUR", "first_month": "2025-11",
        "horizon_months": random.choice([12, 13, 24, 36, 60]), "segments": {key: key.upper() for key in ids},
        "company": {}, "assumptions": {},
    }  # fmt: skip
    for key, entry in assumptions().items():
        if entry.scope == "company":
            company["company"][key] = random_value(random, entry)
        else:
            company["assumptions"][key] = {segment: random_value(random, entry) for segment in ids}
    if random.random() < 0.3:
        months = [f"{year}-{month:02d}" for year in (2010, 2024, 2025) for month in range(1, 11)]
        rows = {month: random.uniform(0, 1000) for month in random.sample(months, 7)}
        company["book"] = {random.choice(ids): {"arr": rows, "customers": dict.fromkeys(rows, 2)}}
    return company


def random_value(random: random.Random, entry: Assumption) -> float:
    """Return a value within the bounds: mostly usual ones, sometimes an end or zero."""
    if entry.choices:
        return random.choice(entry.choices)
    low, high = entry.usual
    drawn = random.random()
    if drawn < 0.08:
        return max(entry.min, 0.0)
    if drawn < 0.12 and entry.shown_as == "rate":
        return random.choice([entry.min, min(entry.max, 1.0)])
    return random.uniform(low, high)


def random_moves(random: random.Random, company: dict[str, Any]) -> list[str]:
    """Return up to eight moves, of the company or of a segment, some with a start and a ramp."""
    movable = [entry for entry in assumptions().values() if entry.across != "fact"]
    moves = {}
    for entry in random.sample(movable, random.randint(0, 8)):
        own = entry.scope == "segment" and random.random() < 0.4
        key = f"{entry.id}.{random.choice(list(company['segments']))}" if own else entry.id
        value = repr(random_value(random, entry)).replace("e+", "e")
        timing = random.choice(
            ["", f"from{random.randint(1, 20)}", f"from{random.randint(1, 20)}over{random.randint(0, 9)}"]
        )
        moves[key] = f"{key}={value}{timing}"
    return list(moves.values())
