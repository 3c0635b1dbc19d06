"""Fixtures of the tests of what is declared and written."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from model.command_line import main
from tests.commands import Ran, Run


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs one command in an empty directory."""
    monkeypatch.chdir(tmp_path)

    def command(*arguments: str) -> Ran:
        code = main(arguments)
        sys.stdout.flush()
        out, err = capfdbinary.readouterr()
        errors = err.decode().splitlines()
        assert all(line.startswith("revlens: ") for line in errors)
        return Ran(code, out, [line.removeprefix("revlens: ") for line in errors])

    return command
