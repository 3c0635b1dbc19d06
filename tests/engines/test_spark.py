"""DuckDB and Spark answer every question with exactly the same rows."""

from __future__ import annotations

from random import Random
from typing import Any

import pandas as pd
import pytest

from model.history.asking.engine import in_process, spark
from model.history.asking.gather import COLUMNS, gather
from tests.engines.histories import tables_of
from tests.engines.random_history import random_history


@pytest.mark.parametrize("by", ["column", "size"])
def test_spark_and_duckdb_agree_exactly(by: Any, spark_session: Any) -> None:
    tables = tables_of(random_history(Random(7), 300))
    with in_process(tables) as engine:
        expected = gather(engine, segments_by=by)
    found = gather(spark(spark_session, tables), segments_by=by)
    assert (found.until, found.segments, found.notes) == (expected.until, expected.segments, expected.notes)
    for name in COLUMNS:
        assert len(getattr(expected, name)), name
        pd.testing.assert_frame_equal(getattr(found, name), getattr(expected, name), obj=name)
    assert len(expected.segments) == (4 if by == "column" else 3)
