"""Segments under other names: rows keep everything else, letters large and small count alike, two of one name are one."""

from __future__ import annotations

from pathlib import Path

import pytest
from pandas.testing import assert_frame_equal

from model.history.asking.engine import in_process
from model.history.asking.gather import COLUMNS, gather
from model.history.asking.renaming import renamed, renamed_facts, stay_apart
from model.history.reading.files import GivenFile, read_files

SAMPLES = Path(__file__).parents[2] / "data" / "samples"

ROWS = b"Subscription ID,Customer,Segment,Start Date,End Date,ARR\nS1,C1,Big,2024-01-31,,10\nS2,C2,BIG,2024-01-31,,20\nS3,C3,Small,2024-01-31,,30\n"
LEADS = b"Lead ID,Created Date,Converted,Segment\nL1,2024-01-31,no,\n"


def test_names_change_and_nothing_else() -> None:
    tables = read_files([GivenFile("subscriptions", "s.csv", ROWS), GivenFile("leads", "l.csv", LEADS)]).tables
    found = renamed(tables, {"big": "A", "Elsewhere": "B"})
    assert found["subscriptions"]["segment"].to_pylist() == ["A", "A", "Small"]
    assert found["leads"]["segment"].to_pylist() == tables["leads"]["segment"].to_pylist()
    for kind, table in tables.items():
        assert found[kind].schema == table.schema
        assert found[kind].drop_columns("segment") == table.drop_columns("segment")
    assert set(renamed(tables, {"Big": "One", "Small": "One"})["subscriptions"]["segment"].to_pylist()) == {"One"}
    assert renamed(tables, {}) == tables


@pytest.mark.parametrize("names", [
    {"small business": "Zwerge"}, {"Enterprise": "Small business 2", "Small business": "Enterprise"}, {"enterprise": "日本", "Small Business": "all"},
])  # fmt: skip
def test_what_was_counted_is_as_if_counted_under_the_other_names(names: dict[str, str]) -> None:
    tables = read_files(
        [GivenFile(path.stem, path.name, path.read_bytes()) for path in SAMPLES.glob("*.csv") if path.stem != "actuals"]
    ).tables
    assert stay_apart(tables, names)
    with in_process(tables) as before, in_process(renamed(tables, names)) as after:
        found, wanted = renamed_facts(gather(before), names), gather(after)
    assert dict(found.segments) == dict(wanted.segments)
    for table in COLUMNS:
        assert_frame_equal(getattr(found, table), getattr(wanted, table))


def test_segments_that_would_become_one_do_not_stay_apart() -> None:
    tables = read_files([GivenFile("subscriptions", "s.csv", ROWS)]).tables
    assert stay_apart(tables, {"Big": "Small", "Small": "Big"})
    for names in ({"Big": "small"}, {"Big": "One", "Small": "one "}, {"Big": "Other"}):
        assert not stay_apart(tables, names)
