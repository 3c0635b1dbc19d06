"""Laws that hold for any company and any moves: what is counted adds up, and what is undone is as before."""

from __future__ import annotations

import csv
import io
import random
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import LINES, Company, Move, Projection, Scenario, assumptions, project, read_link, read_move, write_link
from model.catalogue import Assumption, metrics
from model.company_file import company_from
from model.export import Period, projection_csv
from model.metrics import METRICS, View
from tests import reference
from tests.random_companies import random_company, random_moves, random_value

SEEDS = st.integers(0, 10**9)
FEW = settings(max_examples=25, deadline=None, derandomize=True, database=None)
MOVABLE = [entry for entry in assumptions().values() if entry.across != "fact"]
GAINS = ("arr_new", "arr_expansion", "arr_price_uplift")
LOSSES = ("arr_contraction", "arr_churn", "arr_churn_involuntary")


def drawn(seed: int) -> tuple[random.Random, dict[str, Any], list[str], Scenario]:
    """Return a random company as its file, some moves as a link writes them, and the scenario of both."""
    chance = random.Random(seed)
    raw = random_company(chance)
    moves = random_moves(chance, raw)
    company = company_from(raw)
    return chance, raw, moves, Scenario.of(company, [read_move(*move.split("=", 1), company) for move in moves])


def close(found: object, wanted: object, projection: Projection) -> bool:
    """Compare amounts of a projection as precisely as its largest one allows."""
    scale = max(1.0, float(np.nanmax(projection["arr_closing"])), float(np.nanmax(projection["customers_closing"])))
    return bool(np.allclose(np.asarray(found, float), np.asarray(wanted, float), rtol=1e-9, atol=1e-12 * scale))


def same(some: Projection, other: Projection) -> bool:
    """Say whether two projections agree to the last bit."""
    return all(np.array_equal(some[line], other[line], equal_nan=True) for line in LINES)


@FEW
@given(SEEDS)
def test_arr_closes_in_every_month_and_segment(seed: int) -> None:
    projection = project(drawn(seed)[3])
    gained, lost = sum(projection[line] for line in GAINS), sum(projection[line] for line in LOSSES)
    assert close(projection["arr_opening"] + gained - lost, projection["arr_closing"], projection)
    assert np.array_equal(projection["arr_opening"][1:], projection["arr_closing"][:-1])
    opening = projection.scenario.company.base("opening_arr")
    assert close(projection["arr_opening"][0], opening, projection)


@FEW
@given(SEEDS)
def test_customers_close_in_every_month_and_segment(seed: int) -> None:
    projection = project(drawn(seed)[3])
    left = projection["customers_opening"] + projection["customers_new"] - projection["customers_lost"]
    assert close(left, projection["customers_closing"], projection)
    assert np.array_equal(projection["customers_opening"][1:], projection["customers_closing"][:-1])


@FEW
@given(SEEDS, st.sampled_from(["quarter", "year"]))
def test_bridges_add_up_over_quarters_and_years(seed: int, period: Period) -> None:
    projection = project(drawn(seed)[3])
    months, rows = table(projection, "month"), table(projection, period)
    segments = [*projection.scenario.company.segments, "all"]
    for segment in segments:
        own = [row for row in rows if row["segment"] == segment]
        for row in own:
            gained, lost = sum(number(row, line) for line in GAINS), sum(number(row, line) for line in LOSSES)
            assert close(number(row, "arr_opening") + gained - lost, number(row, "arr_closing"), projection)
        for before, after in pairwise(own):
            assert before["arr_closing"] == after["arr_opening"]
        for line in (*GAINS, *LOSSES, "revenue", "customers_new"):
            whole = sum(number(row, line) for row in months if row["segment"] == segment)
            assert close(sum(number(row, line) for row in own), whole, projection)
    for date in {row["date"] for row in rows}:
        by_segment = {row["segment"]: number(row, "arr_closing") for row in rows if row["date"] == date}
        assert close(sum(by_segment[segment] for segment in segments[:-1]), by_segment["all"], projection)
    assert sum(int(row["months_in_period"]) for row in rows if row["segment"] == "all") == projection.months


def table(projection: Projection, period: Period) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(projection_csv(projection, period).decode())))


def number(row: dict[str, str], column: str) -> float:
    return float(row[column])


@FEW
@given(SEEDS, st.floats(0, 0.5), st.integers(1, 24), st.integers(0, 12))
def test_more_retention_never_means_less_arr(seed: int, more: float, start: int, ramp: int) -> None:
    _, _, _, scenario = drawn(seed)
    before = project(scenario.without("retention_rate"))
    company = scenario.company
    raised = before.scenario
    for segment, rate in company.assumptions["retention_rate"].items():
        if f"retention_rate.{segment}" not in raised.by_key:
            raised = raised.with_move(Move("retention_rate", min(1.0, rate + more), segment, start, ramp))
    after = project(raised)
    for line in ("arr_closing", "customers_closing"):
        assert (after[line] >= before[line] * (1 - 1e-12) - 1e-9).all(), line


@FEW
@given(SEEDS)
def test_twice_the_money_is_twice_the_money_and_nothing_else(seed: int) -> None:
    """As in another currency: amounts double to the last bit, counts and ratios stay."""
    _, raw, _, _ = drawn(seed)
    twice = {**raw, "company": doubled(raw["company"]), "assumptions": doubled(raw["assumptions"])}
    one, two = (project(Scenario.of(company_from(given))) for given in (raw, twice))
    for line in LINES:
        money = not line.startswith(("customers", "leads", "opportunities", "deals")) and line not in ("nrr", "grr")
        assert np.array_equal(two[line], one[line] * (2 if money else 1), equal_nan=True), line
    for name in METRICS:
        factor = 2 if metrics()[name].shown_as == "money" else 1
        once, again = View(one).metric(name), View(two).metric(name)
        assert np.array_equal(again, once * factor, equal_nan=True), name


def doubled(values: dict[str, Any]) -> dict[str, Any]:
    """Return values with every amount of money doubled."""

    def of(key: str, value: Any) -> Any:
        if assumptions()[key].shown_as != "money":
            return value
        return {segment: 2 * own for segment, own in value.items()} if isinstance(value, dict) else 2 * value

    return {key: of(key, value) for key, value in values.items()}


@FEW
@given(SEEDS)
def test_nrr_and_grr_are_those_of_a_count_by_cohort(seed: int) -> None:
    _, raw, moves, scenario = drawn(seed)
    projection = project(scenario)
    counted = 0
    for row in reference.project(raw, moves):
        segment = "" if row["segment"] == "all" else row["segment"]
        for name in ("nrr", "grr"):
            found = projection.of(name, segment)[row["month"] - 1]
            if row[name] is None:
                assert np.isnan(found)
            else:
                assert found == pytest.approx(row[name], rel=1e-9, abs=1e-9)
                counted += 1
    assert counted or not projection.total("arr_opening")[0]


@FEW
@given(SEEDS)
def test_grr_is_at_most_one_and_at_most_nrr_unless_prices_fall(seed: int) -> None:
    projection = project(drawn(seed)[3])
    known = np.isfinite(projection["grr"])
    grr, nrr = projection["grr"][known], projection["nrr"][known]
    assert ((grr >= -1e-9) & (grr <= 1 + 1e-9)).all()
    if (projection.assumption("price_uplift") >= 0).all():
        assert (grr <= nrr + 1e-9).all()


@FEW
@given(SEEDS)
def test_a_link_read_is_the_scenario_written(seed: int) -> None:
    """A company of one's own travels inside the link, and its moves with it."""
    chance, _, _, scenario = drawn(seed)
    scenario = Scenario.of(scenario.company, scenario.moves, chance.randint(20, 120))
    link = write_link(scenario, "/execute", "abc123")
    reading = read_link(link)
    assert reading.problems == ()
    assert reading.scenario == scenario
    assert reading.check == "abc123"
    assert write_link(reading.scenario, "/execute", "abc123") == link
    assert same(project(reading.scenario), project(scenario))


@FEW
@given(SEEDS)
def test_undoing_a_move_restores_the_scenario(seed: int) -> None:
    chance, _, _, scenario = drawn(seed)
    move = any_move(chance, scenario)
    before = scenario.without(move.key)
    assert before.with_move(move).without(move.key) == before
    assert same(project(before.with_move(move).without(move.key)), project(before))
    assert scenario.with_move(move).with_move(move) == scenario.with_move(move)


def any_move(chance: random.Random, scenario: Scenario) -> Move:
    entry = chance.choice(MOVABLE)
    own = entry.scope == "segment" and chance.random() < 0.5
    segment = chance.choice(list(scenario.company.segments)) if own else ""
    return Move(entry.id, random_value(chance, entry), segment, chance.randint(1, 24), chance.randint(0, 12))


@FEW
@given(SEEDS, st.sampled_from([entry.id for entry in MOVABLE if entry.across == "sum"]), st.floats(0, 1e5))
def test_a_count_of_the_company_is_spread_as_its_segments_are(seed: int, name: str, target: float) -> None:
    company = drawn(seed)[3].company
    base = company.base(name)
    (moved,) = Scenario.of(company, [Move(name, target)]).path(name)
    assert moved.sum() == pytest.approx(target)
    shares = base / base.sum() if base.sum() > 0 else np.full(base.size, 1 / base.size)
    assert moved == pytest.approx(target * shares)


@FEW
@given(SEEDS, st.sampled_from(MOVABLE))
def test_a_move_in_full_and_back_changes_nothing(seed: int, entry: Assumption) -> None:
    """Of the company or of every segment: the same to the last bit."""
    chance, _, _, scenario = drawn(seed)
    company, base = scenario.company, scenario.base
    there = base.with_move(Move(entry.id, random_value(chance, entry)))
    if not _scales_over_nothing(company, entry.id):
        assert same(project(there.with_move(Move(entry.id, company.mean(entry.id)))), project(base))
    if entry.scope == "segment":
        back = [Move(entry.id, value, segment) for segment, value in company.assumptions[entry.id].items()]
        assert same(project(Scenario.of(company, [*there.moves, *back], base.horizon)), project(base))


@FEW
@given(SEEDS, st.sampled_from(MOVABLE), st.integers(1, 24), st.integers(0, 12))
def test_a_slow_move_to_where_the_base_is_changes_nothing(seed: int, entry: Assumption, start: int, ramp: int) -> None:
    """The assumption stays to the last bit; the amounts add up in another order."""
    _, _, _, scenario = drawn(seed)
    company, base = scenario.company, scenario.base
    if _scales_over_nothing(company, entry.id):
        return
    moved = base.with_move(Move(entry.id, company.mean(entry.id), "", start, ramp))
    assert (moved.path(entry.id) == company.base(entry.id)).all()
    before, after = project(base), project(moved)
    for line in LINES:
        assert np.array_equal(np.isnan(after[line]), np.isnan(before[line]))
        assert close(np.nan_to_num(after[line]), np.nan_to_num(before[line]), before), line


def _scales_over_nothing(company: Company, name: str) -> bool:
    """Say whether a mean of zero hides a segment with a value: then a move of the company sets all segments alike."""
    return assumptions()[name].across == "scale" and company.mean(name) == 0 and bool(company.base(name).any())
