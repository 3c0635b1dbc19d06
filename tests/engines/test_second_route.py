"""Every table of facts, worked out by the expressions and once more in plain Python, over random histories."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from model.history.asking.engine import in_process
from model.history.asking.gather import COLUMNS, gather
from tests.engines.histories import Rows, histories, tables_of
from tests.engines.plain import Plain

KEYS = {"movements": 4, "year_on_year": 3, "lifetimes": 5, "terms": 5, "decisions": 4, "created": 2, "prices": 3, "slips": 3,
        "owners": 1, "leads": 3, "payments": 5, "people": 2, "forecasts": 2}  # fmt: skip


@pytest.mark.parametrize("by", ["column", "size"])
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(rows=histories)
def test_the_expressions_say_what_plain_python_says(by: str, rows: Rows) -> None:
    tables = tables_of(rows)
    with in_process(tables) as engine:
        facts = gather(engine, segments_by=by)
    listed = {kind: table.to_pylist() for kind, table in tables.items()}
    plain = Plain(listed, facts.until, facts.segments, _edges(facts.segments) if by == "size" else ())
    for name, columns in COLUMNS.items():
        expected = getattr(plain, name)()
        assert tuple(getattr(facts, name).columns) == tuple(columns)
        assert _by_key(getattr(facts, name), KEYS[name]) == {
            key: [None if math.isnan(value) else value for value in values] for key, values in expected.items()
        }, name


def _by_key(table: pd.DataFrame, keys: int) -> dict[tuple[object, ...], list[object]]:
    rows = table.astype(object).where(table.notna(), None).values.tolist()
    assert len({tuple(row[:keys]) for row in rows}) == len(rows)
    return {tuple(row[:keys]): row[keys:] for row in rows}


def _edges(titles: dict[str, str]) -> tuple[int, ...]:
    """Return where bands begin, in cents, as their titles say it: "5k to 10k a year"."""
    sizes = {"k": 10**3, "m": 10**6, "n": 10**9}
    return tuple(
        int(word.rstrip("kmbn")) * sizes.get(word[-1], 1) * 100
        for word in (
            title.split()[-3 if title.startswith(("From", "Under")) else 0] for title in list(titles.values())[1:]
        )
        if word[0].isdigit()
    )
