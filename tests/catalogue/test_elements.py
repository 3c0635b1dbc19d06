"""People, process, technology, data: tags of levers and costs agree, and every lever can be found on a page."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from model import Move, Scenario, assumptions, load_shipped, project
from model.catalogue import DATA
from model.errors import CatalogueError
from model.frameworks.elements import ELEMENTS, cost_lines_of, levers_of
from model.frameworks.lens import LensChart, Stage, lenses
from model.lines import LINES

LENS = lenses()["four-elements"]
COSTS = [name for name in LINES if name.endswith("_cost") or name == "cost_of_revenue"]
PRICES = {"rep_cost": "sales_cost", "commission_rate": "sales_cost", "cost_to_serve": "customer_success_cost",
          "cost_per_lead": "marketing_cost", "cost_per_target_account": "marketing_cost", "gross_margin": "cost_of_revenue",
          "fixed_costs": "overhead_cost", "fixed_cost_growth": "overhead_cost", "overhead_rate": "overhead_cost",
          "revops_cost": "revops_cost"}  # fmt: skip
"""Levers that set a cost and nothing else, and the cost they set."""

"""Levers that may stand on no page: as long as there is no cash, they change nothing."""


def test_every_lever_has_one_element_and_no_fact_has_one() -> None:
    by_element = [name for element in ELEMENTS for name in levers_of(element)]
    assert sorted(by_element) == sorted(name for name, entry in assumptions().items() if entry.across != "fact")


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("win_rate", 'element = "people"\n', ""),
        ("opening_arr", 'across = "fact"\n', 'across = "fact"\nelement = "data"\n'),
    ],
)
def test_a_lever_without_and_a_fact_with_an_element_are_refused(
    name: str, old: str, new: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = Path(shutil.copytree(DATA, tmp_path / "data"))
    file = next(path for path in (copy / "assumptions").glob("*.toml") if f"[{name}]" in path.read_text("utf-8"))
    before, entry = file.read_text("utf-8").split(f"[{name}]")
    file.write_text(f"{before}[{name}]{entry.replace(old, new, 1)}", "utf-8")
    monkeypatch.setattr("model.catalogue.DATA", copy)
    with pytest.raises(CatalogueError, match=f"^{name}: what can be moved has an element, and a fact has none$"):
        assumptions.__wrapped__()


@pytest.mark.parametrize("stage", LENS.stages, ids=lambda stage: stage.id)
def test_every_lever_of_a_stage_carries_its_tag(stage: Stage) -> None:
    assert {assumptions()[name].element for name in stage.levers} == {stage.id}
    assert 6 <= len(stage.levers) <= 8


def test_stages_are_the_elements() -> None:
    assert tuple(stage.id for stage in LENS.stages) == ELEMENTS


def test_every_lever_stands_on_the_page_of_a_lens() -> None:
    shown = {name for lens in lenses().values() for name in lens.levers}
    assert {name for element in ELEMENTS for name in levers_of(element)} <= shown


def test_every_cost_has_an_element_and_nothing_else_has() -> None:
    assert [name for name, line in LINES.items() if line.element] == COSTS
    assert [name for element in ELEMENTS for name in cost_lines_of(element) if name not in COSTS] == []
    assert cost_lines_of("data") == ()


@pytest.mark.parametrize("name", PRICES)
def test_a_lever_that_sets_a_cost_has_the_tag_of_that_cost(name: str) -> None:
    base = Scenario.of(load_shipped("midmarket-saas"))
    moved = project(base.with_move(Move(name, base.company.mean(name) * 0.9)))
    changed = [line for line in COSTS if not np.allclose(moved.total(line), project(base).total(line), rtol=1e-9)]
    assert changed == [PRICES[name]]
    assert assumptions()[name].element == LINES[changed[0]].element


def test_a_chart_of_the_cost_of_an_element_without_cost_is_refused() -> None:
    LensChart(kind="element_worth", of="data")
    with pytest.raises(ValidationError, match="a chart of kind 'element_cost' cannot show 'data'"):
        LensChart(kind="element_cost", of="data")
