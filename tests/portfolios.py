"""Portfolios for tests: folders of company files, and the command that studies them."""

from __future__ import annotations

import csv
import io
import random
from pathlib import Path

from model import company_toml, load_shipped
from model.command_line import main
from model.company_file import company_from
from tests.random_companies import random_company

RANGES = ("--move", "retention_rate=0.9in0.85to0.94", "--move", "win_rate=0.2in0.15to0.26from6over3",
          "--move", "range.retention_rate~win_rate=0.5", "--target", "5e6")  # fmt: skip


def portfolio(folder: Path, count: int, seed: int = 1) -> Path:
    """Write random companies into a new folder: 01.toml, 02.toml, …"""
    folder.mkdir()
    chance = random.Random(seed)
    for number in range(1, count + 1):
        raw = random_company(chance) | {"id": f"company-{number}", "title": f"Company {number}", "horizon_months": 24}
        (folder / f"{number:02d}.toml").write_text(company_toml(company_from(raw)), encoding="utf-8")
    return folder


def shipped_portfolio(folder: Path) -> Path:
    """Write two shipped companies into a new folder."""
    folder.mkdir()
    for name in ("launchpad", "midmarket-saas"):
        (folder / f"{name}.toml").write_text(company_toml(load_shipped(name)), encoding="utf-8")
    return folder


def call(folder: Path, out: Path, *options: str, runs: int = 2048) -> list[str]:
    """Return the arguments of a study of all companies in a folder; by one worker unless the options say otherwise."""
    who = () if {"--workers", "--dask"} & {*options} else ("--workers", "1")
    asked = ["--companies", str(folder), "--runs", str(runs), "--out", str(out)]
    return ["study", "uncertainty", *asked, *RANGES, *who, *options]


def studied(folder: Path, out: Path, *options: str, runs: int = 2048) -> bytes:
    """Study a folder of good companies and return the CSV."""
    assert main(call(folder, out, *options, runs=runs)) == 0
    assert not journal(out).exists()
    return out.read_bytes()


def journal(out: Path) -> Path:
    """Return the journal of a result."""
    return out.with_name(f"{out.name}.journal")


def rows(content: bytes) -> list[dict[str, str]]:
    """Return the rows of a CSV."""
    return list(csv.DictReader(io.StringIO(content.decode())))
