"""The declarations in data/: nothing twice, nothing without a use, nothing without a function behind it."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path

import pytest

from model import assumptions, load_shipped, shipped, sources
from model.catalogue import DATA, Source, metrics, retired
from model.frameworks.initiatives import initiatives, told_by
from model.frameworks.lens import lenses
from model.metrics import METRICS
from tests import reference

PLAUSIBLE = tomllib.loads((Path(__file__).parent / "plausible.toml").read_text(encoding="utf-8"))
READING = {"gupta-2004", "reichheld-sasser-1990", "bain-2001", "sharp", "benchmarkit-2026", "forentrepreneurs-2017",
           "lightspeed-2023"}  # fmt: skip
"""Sources to read on, on which no value, metric or range rests."""


def test_every_assumption_is_in_exactly_one_file() -> None:
    found = Counter(
        key for path in (DATA / "assumptions").glob("*.toml") for key in tomllib.loads(path.read_text("utf-8"))
    )
    assert set(found) == set(assumptions())
    assert found.total() == len(found)


def test_assumptions_are_those_of_the_plain_implementation() -> None:
    by_segment = {key: (entry.across, entry.min, entry.max) for key, entry in assumptions().items()
                  if entry.scope == "segment" and entry.across != "fact"}  # fmt: skip
    of_company = {key: (entry.min, entry.max) for key, entry in assumptions().items() if entry.scope == "company"}
    assert by_segment == reference.SEGMENT_ASSUMPTIONS
    assert of_company == reference.COMPANY_ASSUMPTIONS
    assert [key for key, entry in assumptions().items() if entry.across == "fact"] == list(reference.FACTS)


def test_every_metric_has_a_function_and_every_function_a_metric() -> None:
    assert set(metrics()) == set(METRICS)


def test_every_source_is_used() -> None:
    used = {entry.source for entry in [*assumptions().values(), *metrics().values(), *lenses().values()]}
    used |= {source for name in shipped() for source in load_shipped(name).sources.values()}
    used |= {entry["source"] for ranges in PLAUSIBLE.values() for entries in ranges.values() for entry in entries}
    used |= {entry.source for entry in initiatives().values()} | set(told_by())
    assert set(sources()) - used <= READING


@pytest.mark.parametrize("source", sources().values(), ids=lambda source: source.id)
def test_a_source_says_something_and_is_reached_over_the_web_if_at_all(source: Source) -> None:
    assert source.title
    assert source.says.endswith(".")
    assert not source.address or source.address.startswith(("https://", "http://"))


def test_retired_names_are_not_current_ones_and_lead_to_current_ones() -> None:
    assert not set(retired()) & set(assumptions())
    assert set(retired().values()) <= set(assumptions())
