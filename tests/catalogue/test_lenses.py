"""What every lens must keep to: each stage of each framework has sliders that move its own figures."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from model import Move, Scenario, assumptions, load_shipped, project, shipped
from model.frameworks.lens import Stage, lenses
from model.frameworks.maturity import Maturity
from model.metrics import METRICS, View

STAGES = {f"{lens.id}:{stage.id}": stage for lens in lenses().values() for stage in lens.stages}


@cache
def figures(scenario: Scenario, names: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Return some metrics of a scenario."""
    view = View(project(scenario))
    return {name: METRICS[name](view) for name in names}


def moves_one_of(name: str, kpis: tuple[str, ...]) -> bool:
    """Say whether a lever, moved to the end of its usual range, moves one of some metrics of a shipped company."""
    for company in map(load_shipped, shipped()):
        base = Scenario.of(company)
        for target in assumptions()[name].usual:
            before, after = figures(base, kpis), figures(base.with_move(Move(name, target)), kpis)
            if any(not np.array_equal(before[kpi], after[kpi], equal_nan=True) for kpi in kpis):
                return True
    return False


def element_moves(stage: Stage, slider: str, kpis: tuple[str, ...]) -> bool:
    """Say whether the slider of an element's target, or of today under a target, moves some metrics."""
    plan = Maturity() if slider == "target" else Maturity().with_target(stage.element, 4.0)
    moved = plan.with_target(stage.element, 5.0) if slider == "target" else plan.with_today(stage.element, 3.0)
    for company in map(load_shipped, shipped()):
        before, after = (figures(Scenario.of(company).with_plan(held), kpis) for held in (plan, moved))
        if any(not np.array_equal(before[kpi], after[kpi], equal_nan=True) for kpi in kpis):
            return True
    return False


def sliders_that_move(stage: Stage, kpis: tuple[str, ...]) -> list[str]:
    """Return the sliders of a stage that move some metrics: its levers, and today and target of its element."""
    own = [what for what in ("today", "target") if stage.element and element_moves(stage, what, kpis)]
    return own + [name for name in stage.levers if moves_one_of(name, kpis)]


@pytest.mark.parametrize("stage", STAGES.values(), ids=STAGES)
def test_every_stage_has_two_sliders_that_move_its_own_figures(stage: Stage) -> None:
    assert len(sliders_that_move(stage, stage.kpis)) >= 2


@pytest.mark.parametrize("stage", [s for s in STAGES.values() if s.element], ids=lambda stage: stage.element)
def test_today_and_target_of_an_element_move_its_stage_s_own_figures(stage: Stage) -> None:
    assert sliders_that_move(stage, stage.kpis)[:2] == ["today", "target"]
    assert [kpi for kpi in stage.kpis if not element_moves(stage, "target", (kpi,))] == []


@pytest.mark.parametrize("stage", STAGES.values(), ids=STAGES)
def test_every_figure_of_a_stage_is_moved_by_one_of_its_sliders(stage: Stage) -> None:
    assert [kpi for kpi in stage.kpis if not any(moves_one_of(name, (kpi,)) for name in stage.levers)] == []
