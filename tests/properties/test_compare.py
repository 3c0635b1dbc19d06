"""Scenarios side by side: their figures are those of each alone, and only what can be compared is."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest

from model import Move, Scenario, load_shipped, project
from model.company_file import company_from, company_raw
from model.metrics import METRICS, View
from model.studies.beside import Named
from model.studies.compare import FIGURES, TABLES, Comparison, compare, comparison_csv

COMPANY = load_shipped("midmarket-saas")
SCENARIO = Scenario.of(COMPANY, [Move("retention_rate", 0.93), Move("win_rate", 0.3, "ent", 6, 3)])
EUROS = company_from(company_raw(COMPANY) | {"id": "euros", "currency": "EUR", "first_month": "2025-04"})


def beside(*scenarios: Scenario, reference: int = 0, segment: str = "") -> Comparison:
    return compare(tuple(Named(f"S{number}", one) for number, one in enumerate(scenarios)), reference, segment)


@pytest.mark.parametrize("segment", ["", "ent"])
def test_figures_are_those_of_each_alone_in_the_last_month_that_all_have(segment: str) -> None:
    scenarios = (SCENARIO, SCENARIO.base.with_horizon(24), SCENARIO.with_horizon(60))
    found = beside(*scenarios, reference=1, segment=segment)
    assert found.months == 24
    for figure, name in zip(found.figures(), FIGURES, strict=True):
        alone = [METRICS[name](View(project(scenario), segment))[23] for scenario in scenarios]
        np.testing.assert_allclose(figure.values, alone, rtol=1e-12)
        np.testing.assert_allclose(figure.differences, np.array(alone) - alone[1], rtol=1e-12)
    assert found.notes() == [
        "Horizons differ (24, 36, 60 months): charts and figures end with month 24, the last that all have."
    ]
    for curve in found.curves():
        assert {len(values) for values in curve.values} == {24}


def test_curves_are_the_lines_of_each() -> None:
    found = beside(SCENARIO, SCENARIO.base)
    for curve, line in zip(found.curves(), ("arr_closing", "revenue", "operating_profit"), strict=True):
        assert curve.shown_as == "money"
        for values, scenario in zip(curve.values, (SCENARIO, SCENARIO.base), strict=True):
            assert (values == project(scenario).total(line)).all()


def test_currencies_are_never_set_against_each_other() -> None:
    found = beside(SCENARIO, Scenario.of(EUROS))
    assert found.notes() == [
        "First months differ (Apr 2025, Jan 2026): months are aligned by their number.",
        "Currencies differ (USD, EUR): amounts are shown and not compared; charts show multiples and shares.",
    ]
    for figure in found.figures():
        assert np.isnan(figure.differences).all() == (figure.entry.shown_as == "money")
    arr, revenue, margin = found.curves()
    assert {arr.shown_as, revenue.shown_as, margin.shown_as} == {"rate"}
    projection = project(Scenario.of(EUROS))
    np.testing.assert_allclose(arr.values[1], projection.total("arr_closing") / projection.total("arr_opening")[0])
    assert revenue.values[1][0] == 1
    np.testing.assert_allclose(margin.values[1], projection.total("operating_profit") / projection.total("revenue"))


def test_only_assumptions_that_differ_are_listed_by_segment_and_timing() -> None:
    later = Scenario.of(COMPANY, [Move("retention_rate", 0.93, "", 12)])
    rows = {(row.entry.id, row.segment): row.settings for row in beside(SCENARIO, later).differing()}
    assert list(rows) == [("win_rate", "ent"), ("retention_rate", "")]
    first, second = rows["win_rate", "ent"]
    assert (first.value, first.move, second.move) == (0.3, SCENARIO.moves[1], None)
    assert second.value == COMPANY.assumptions["win_rate"]["ent"]
    one, other = rows["retention_rate", ""]
    assert one.value == pytest.approx(0.93)
    assert other.value == pytest.approx(0.93)
    assert one.move is not None
    assert other.move is not None
    assert (one.move.start, other.move.start) == (1, 12)
    assert beside(SCENARIO, SCENARIO.with_horizon(60)).differing() == []


def test_companies_of_different_segments_are_compared_as_a_whole() -> None:
    launchpad = load_shipped("launchpad")
    found = beside(SCENARIO, Scenario.of(launchpad), segment="ent")
    assert found.segment == ""
    assert "Segments differ: assumptions are compared for each company as a whole." in found.notes()
    rows = {row.entry.id: row for row in found.differing()}
    assert {row.segment for row in rows.values()} == {""}
    assert rows["opening_arr"].settings[1].value == pytest.approx(launchpad.base("opening_arr").sum())
    assert rows["win_rate"].settings[1].value == pytest.approx(launchpad.mean("win_rate"))


@pytest.mark.parametrize("table", TABLES)
def test_tables_hold_full_precision_and_no_formula(table: str) -> None:
    sides = (Named("=1+1", SCENARIO), Named("Base", SCENARIO.base))
    rows = list(csv.DictReader(io.StringIO(comparison_csv(compare(sides, 1), table).decode())))
    assert {row["name"] for row in rows} == {"'=1+1", "Base"}
    if table == "figures":
        (arr,) = [row for row in rows if row["metric"] == "arr" and row["scenario"] == "a"]
        assert float(arr["value"]) == project(SCENARIO).total("arr_closing")[-1]
    if table == "months":
        assert [row["month"] for row in rows if row["scenario"] == "b"] == [str(month) for month in range(1, 37)]
