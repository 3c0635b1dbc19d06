"""Laws of plan and actuals: a plan that happens has no variance, every bridge adds up, nothing is guessed."""

from __future__ import annotations

import csv
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import Move, Scenario, load_shipped, project
from model.history.reading.adding_up import LINES, SIGNS
from model.history.trust.actual_rows import own_months
from model.history.trust.actuals import MonthRow, first_month, month_of, read_months
from model.history.trust.variance import NOT_SPLIT, plan_and_actuals, variance_csv
from model.projection import Projection
from tests.histories import facts

SCENARIO = Scenario.of(load_shipped("midmarket-saas"), horizon=24)
PLAN = project(SCENARIO)
FIRST = first_month(SCENARIO)


def rows_of(plan: Projection, months: range, segments: bool = False, lines: tuple[str, ...] = LINES) -> list[MonthRow]:
    """Return months of a plan as if they had happened; months from 1."""
    of = list(plan.scenario.company.segments) if segments else [""]
    return [
        MonthRow(2, FIRST + month - 1, segment, {line: float(plan.of(line, segment)[month - 1]) for line in lines})
        for month in months for segment in of
    ]  # fmt: skip


@pytest.mark.parametrize("by_segment", [False, True])
@pytest.mark.parametrize(
    "lines", [LINES, (*SIGNS, "arr_closing"), (*SIGNS, "arr_opening"), ("arr_opening", "arr_closing")]
)
def test_a_plan_that_happens_has_no_variance(lines: tuple[str, ...], by_segment: bool) -> None:
    actuals = read_months(rows_of(PLAN, range(1, 16), by_segment, lines), SCENARIO)
    assert not actuals.unused
    assert not actuals.notes
    for segment in ["", *SCENARIO.company.segments] if by_segment else [""]:
        found = plan_and_actuals(actuals, PLAN, segment)
        assert found.months[0], found.months[-1] == ("2026-01", "2027-03")
        for one in found.rows:
            assert one.actual == pytest.approx(one.plan)
        assert found.replanned == pytest.approx(PLAN.of("arr_closing", segment))
        assert sum(abs(amount) for _, amount, _ in found.bridge) < 1.0
        if "arr_new" in lines:
            assert found.accuracy is not None
            assert (found.accuracy.value, found.accuracy.count, found.accuracy.period) == (
                pytest.approx(1.0),
                5,
                "quarter",
            )


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.sets(st.sampled_from(list(LINES)), min_size=3),
    st.sets(st.integers(1, 20), min_size=1, max_size=20),
)
def test_the_bridge_adds_up_whatever_is_given(seed: int, given_lines: set[str], there: set[int]) -> None:
    random = np.random.default_rng(seed)
    rows = [
        MonthRow(2, FIRST + month - 1, "", {line: float(random.normal(1e6, 1e6)) for line in given_lines})
        for month in sorted(there)
    ]
    found = plan_and_actuals(read_months(rows, SCENARIO), PLAN)
    actual, plan = found.closing.total
    if found.bridge:
        assert plan + sum(amount for _, amount, _ in found.bridge) == pytest.approx(actual)
    shown = {line for one in found.movements for line in (one.line,)}
    assert shown == given_lines & set(SIGNS), "no movement is shown that was not given"
    held = sum(one.total[1] * one.better for one in found.movements)
    siblings = {"arr_price_uplift": "arr_expansion", "arr_churn_involuntary": "arr_churn"}
    split = {line for line in SIGNS if line in given_lines or siblings.get(line) in given_lines}
    months = np.array(sorted(there)) - 1
    assert held == pytest.approx(sum(SIGNS[line] * PLAN.total(line)[months].sum() for line in split))
    assert any(label == NOT_SPLIT for label, _, _ in found.bridge) == (bool(found.bridge) and split != set(SIGNS))
    assert len(found.months) - len(found.missing) == len(there)


def test_variance_by_hand() -> None:
    plan = {line: PLAN.total(line)[:2] for line in LINES}
    opening = 25_000_000.0
    rows = [MonthRow(2, FIRST, "", {"arr_opening": opening, "arr_new": 400_000.0, "arr_expansion": 300_000.0, "arr_contraction": 50_000.0,
                                    "arr_churn": 100_000.0}),
            MonthRow(3, FIRST + 1, "", {"arr_new": 600_000.0, "arr_expansion": 100_000.0, "arr_contraction": 0.0,
                                        "arr_churn": 0.0})]  # fmt: skip
    found = plan_and_actuals(read_months(rows, SCENARIO), PLAN)
    new, expansion, contraction, churn = found.movements
    assert [one.label for one in found.movements] == [
        "New customers",
        "Expansion and uplift",
        "Contraction",
        "Churn and failed payments",
    ]
    assert new.total == (1_000_000.0, pytest.approx(plan["arr_new"].sum()))
    assert expansion.total[1] == pytest.approx((plan["arr_expansion"] + plan["arr_price_uplift"]).sum())
    assert churn.relative == pytest.approx(100_000 / (plan["arr_churn"] + plan["arr_churn_involuntary"]).sum() - 1)
    assert (churn.favourable, contraction.favourable, new.favourable) == (
        True,
        contraction.variance <= 0,
        new.variance >= 0,
    )
    assert found.closing.actual.tolist() == [25_550_000.0, 26_250_000.0]
    assert found.bridge[0] == ("Opening ARR", pytest.approx(1_000_000.0), "base")
    gap = 26_250_000.0 - plan["arr_closing"][1]
    assert found.replanned[1:] == pytest.approx(PLAN.total("arr_closing")[1:] + gap)
    misses = [
        abs(400_000 - plan["arr_new"][0]) / plan["arr_new"][0],
        abs(600_000 - plan["arr_new"][1]) / plan["arr_new"][1],
    ]
    assert found.accuracy is not None
    assert (found.accuracy.value, found.accuracy.count, found.accuracy.enough) == (
        pytest.approx(1 - sum(misses) / 2),
        2,
        False,
    )


def test_four_whole_quarters_make_an_accuracy_of_quarters() -> None:
    rows = rows_of(PLAN, range(2, 17))  # February 2026 to April 2027: quarters 2, 3, 4 and 1
    missed = [MonthRow(row.line, row.month, "", {"arr_new": row.amounts["arr_new"] * (1.2 if at % 2 else 0.8)})
              for at, row in enumerate(rows)]  # fmt: skip
    found = plan_and_actuals(read_months(missed, SCENARIO), PLAN).accuracy
    quarters = [PLAN.total("arr_new")[at : at + 3] for at in (3, 6, 9, 12)]
    signs = (np.array([0.8, 1.2, 0.8]), np.array([1.2, 0.8, 1.2]))
    misses = [abs(float((months * signs[at % 2]).sum() / months.sum()) - 1) for at, months in enumerate(quarters)]
    assert found is not None
    assert (found.count, found.enough, found.value) == (4, True, pytest.approx(1 - np.mean(misses)))


def test_a_scenario_is_held_against_its_own_moves() -> None:
    moved = project(SCENARIO.with_move(Move("win_rate", 0.5)))
    found = plan_and_actuals(read_months(rows_of(PLAN, range(1, 7)), SCENARIO), moved)
    assert found.movements[0].variance == pytest.approx((PLAN.total("arr_new") - moved.total("arr_new"))[:6].sum())
    assert found.movements[0].variance < 0


def test_own_history_after_the_opening_day_are_actual_months() -> None:
    month = month_of(date(2026, 1, 1))
    moves = [(month - 30, "smb", month - 30, "new", 3, 90_000_00), (month - 1, "ent", month - 1, "new", 1, 10_000_00),
             (month, "smb", month - 30, "churn", 1, 30_000_00), (month, "ent", month, "new", 2, 50_000_00),
             (month + 1, "smb", month - 30, "reactivation", 1, 20_000_00), (month + 1, "ent", month, "contraction", 1, 5_000_00)]  # fmt: skip
    own = facts(month + 2, {"smb": "Small", "mid": "Mid", "ent": "Large"}, movements=moves)
    actuals = own_months(own, SCENARIO)
    whole = {line: actuals.of(line, SCENARIO).tolist() for line in LINES[:-1]}
    assert whole["arr_opening"] == [100_000, 120_000, 135_000]
    assert (whole["arr_new"], whole["arr_churn"]) == ([50_000, 20_000, 0], [30_000, 0, 0])
    assert whole["arr_closing"] == [120_000, 135_000, 135_000]
    assert actuals.of("arr_closing", SCENARIO, "smb").tolist() == [60_000, 80_000, 80_000]
    other = own_months(facts(month + 2, {"a": "A"}, movements=[(*row[:1], "a", *row[2:]) for row in moves]), SCENARIO)
    assert other.of("arr_closing", SCENARIO).tolist() == whole["arr_closing"], "of other segments, the company alone"
    assert np.isnan(other.of("arr_closing", SCENARIO, "smb")).all()


def test_the_csv_adds_up_to_what_is_shown() -> None:
    rows = rows_of(PLAN, range(1, 8))
    changed = [MonthRow(2, row.month, "", {key: value * 1.1 for key, value in row.amounts.items()}) for row in rows]
    found = plan_and_actuals(read_months(changed, SCENARIO), PLAN)
    table = list(csv.DictReader(variance_csv(found).decode().splitlines()))
    for one in found.rows:
        months = [row for row in table if row["line"] == one.line]
        assert [float(row["variance"]) for row in months] == (one.actual - one.plan).tolist()
        assert float(months[-1]["variance_so_far"]) == pytest.approx(one.variance)
        assert {row["favourable"] for row in months} == {"yes" if one.better > 0 else "no"}
