"""Segments under other names: rows keep everything else, letters large and small count alike, two of one name are one."""

from __future__ import annotations

from model.history.files import GivenFile, read_files
from model.history.renaming import renamed

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
