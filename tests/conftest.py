"""Options of the test suite, and what its files share."""

from __future__ import annotations

import datetime
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from model import catalogue as model_catalogue
from model import clock
from model.catalogue import DATA
from model.frameworks import lens as model_lens
from model.frameworks.lens import lenses


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite-docs", action="store_true", help="write the tables of docs/model.md anew")
    parser.addoption("--rewrite-golden", action="store_true", help="write the results that golden tests compare with")


TODAY = datetime.date(2027, 2, 15)
MAIN = sys.modules["__main__"]


@pytest.fixture(autouse=True)
def _main_module() -> Iterator[None]:
    """Put back the main module where a page took its place: processes that a test starts run it first."""
    yield
    sys.modules["__main__"] = MAIN


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every test run on one day, so that no result hangs on the day it is."""
    monkeypatch.setattr(clock, "today", lambda: TODAY)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Yield a copy of data/ that the model reads instead."""
    copy = Path(shutil.copytree(DATA, tmp_path / "data"))
    for module in (model_catalogue, model_lens):
        monkeypatch.setattr(module, "DATA", copy)
    lenses.cache_clear()
    yield copy
    lenses.cache_clear()
