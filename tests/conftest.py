"""Options of the test suite."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite-docs", action="store_true", help="write the tables of docs/model.md anew")
    parser.addoption("--rewrite-golden", action="store_true", help="write the results that golden tests compare with")
