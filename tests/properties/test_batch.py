"""Many projections at once are the same as one at a time."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from model import LINES, Move, Scenario, assumptions, load_shipped, project, project_many, read_move, varied
from model import engine as engine_module
from model import threads as threads_module
from model.company import Company, Numbers
from model.company_file import company_from
from model.inputs import inputs_of, swept
from model.rates import LANES
from tests.random_companies import random_company, random_moves, random_value

VARIED = ("retention_rate", "win_rate", "sales_cycle_months", "upsell_rate", "lead_growth")


def scenarios_of(chance: random.Random, count: int) -> list[Scenario]:
    """Return scenarios of one company, each with its own moves."""
    raw = random_company(chance, segments=chance.randint(2, 4))
    company = company_from(raw)
    written = [random_moves(chance, raw) for _ in range(count)]
    return [Scenario.of(company, [read_move(*move.split("=", 1), company) for move in moves]) for moves in written]


def still_scenario(chance: random.Random) -> Scenario:
    return scenarios_of(chance, 1)[0].base


def drawn_values(chance: random.Random, runs: int) -> dict[str, Numbers]:
    entries = assumptions()
    return {name: np.array([random_value(chance, entries[name]) for _ in range(runs)]) for name in VARIED}


def by_hand(company: Company, values: Mapping[str, Numbers], run: int) -> list[Move]:
    return [Move(name, float(of_run[run]), segment) for name, of_run in values.items() for segment in company.segments]


def assert_same(found: Mapping[str, Numbers], wanted: Mapping[str, Numbers]) -> None:
    """Compare all lines; a difference of two large lines may differ by their rounding."""
    for name in LINES:
        scale = np.nanmax(np.abs(wanted["arr_closing" if LINES[name].over_time != "ratio" else name]), initial=1.0)
        np.testing.assert_allclose(found[name], wanted[name], rtol=1e-12, atol=1e-14 * scale, err_msg=name)


def run_of(batch: Mapping[str, Numbers], run: int) -> dict[str, Numbers]:
    return {name: values[..., run] for name, values in batch.items()}


@pytest.mark.parametrize("seed", range(12))
def test_a_batch_of_scenarios_is_each_of_them(seed: int) -> None:
    scenarios = scenarios_of(random.Random(seed), 5)
    batch = project_many(scenarios)
    for run, scenario in enumerate(scenarios):
        assert_same(run_of(batch, run), project(scenario).lines)


@pytest.mark.parametrize("seed", range(12))
def test_values_by_run_are_moves_from_the_first_month(seed: int) -> None:
    chance = random.Random(seed)
    scenario, values = still_scenario(chance), drawn_values(chance, 4)
    batch = project_many(varied(scenario, values))
    for run in range(4):
        moved = Scenario.of(scenario.company, by_hand(scenario.company, values, run), scenario.horizon)
        assert_same(run_of(batch, run), project(moved).lines)


@pytest.mark.parametrize("seed", range(12))
def test_a_batch_of_one_is_the_projection(seed: int) -> None:
    scenario = scenarios_of(random.Random(seed), 1)[0]
    for name, values in project_many([scenario]).items():
        np.testing.assert_array_equal(values[..., 0], project(scenario)[name], err_msg=name)


@pytest.mark.parametrize("base", [False, True])
def test_runs_in_several_chunks_are_the_runs_at_once(base: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(7)
    scenario = still_scenario(chance)
    inputs = varied(scenario, drawn_values(chance, 23), base=base)
    whole = project_many(inputs)
    monkeypatch.setattr(engine_module, "COLUMNS_AT_ONCE", 5 * len(inputs.terms))
    chunks = project_many(inputs)
    assert chunks["arr_closing"].shape[-1] == 23
    assert_same(chunks, whole)


def test_two_threads_give_the_same_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(11)
    inputs = varied(still_scenario(chance), drawn_values(chance, 40))
    monkeypatch.setattr(engine_module, "COLUMNS_AT_ONCE", 6 * len(inputs.terms))
    found = {}
    for threads in (1, 2):
        monkeypatch.setattr(threads_module, "THREADS", threads)
        found[threads] = project_many(inputs)
    for name in LINES:
        np.testing.assert_array_equal(found[1][name], found[2][name], err_msg=name)


def test_a_run_is_the_same_to_the_last_bit_whatever_runs_beside_it() -> None:
    chance = random.Random(5)
    scenario, values = still_scenario(chance), drawn_values(chance, 75)
    values["fixed_cost_growth"] = np.array([chance.uniform(-0.5, 2) for _ in range(75)])
    whole = project_many(varied(scenario, values))
    for runs in (slice(3, 4), slice(2, 11), slice(20, 75), slice(None, None, -1)):
        some = project_many(varied(scenario, {name: of_run[runs] for name, of_run in values.items()}))
        for name in LINES:
            np.testing.assert_array_equal(some[name], whole[name][..., runs], err_msg=name)


@pytest.mark.parametrize("differing", ["path", "base", "opening"])
def test_runs_like_those_before_but_for_one_thing_are_not_taken_for_them(differing: str) -> None:
    chance = random.Random(17)
    drawn = varied(still_scenario(chance), drawn_values(chance, 50), base=True)
    which = np.repeat([3, 3, 41, 41, 41, 9, 3, 3], LANES)
    which[3 * LANES - 1] = 5  # the last of a group whose others are those of the group after

    def of(runs: Numbers, *, one_thing: bool) -> Numbers:
        return runs[..., which] if one_thing and runs.shape[-1] > 1 else runs[..., :1]

    path = {name: of(values, one_thing=differing == "path") for name, values in drawn.path.items()}
    base = {name: of(values, one_thing=differing == "base") for name, values in drawn.base.items()}
    opening = of(drawn.opening, one_thing=differing == "opening")
    inputs = replace(drawn, runs=len(which), path=path, base=base, opening=opening)
    batch = project_many(inputs)
    assert len(np.unique(batch["opportunities_open"][0, 0] + batch["arr_closing"][0, 0])) == 4
    for run in range(len(which)):
        assert_same(run_of(batch, run), run_of(project_many(inputs.part(slice(run, run + 1))), 0))


@pytest.mark.parametrize("lines", [["arr_closing"], ["operating_profit", "nrr"], ["cash_collected"], ["leads"]])
def test_many_chunks_give_the_lines_asked_for(lines: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(9)
    inputs = varied(still_scenario(chance), drawn_values(chance, 40))
    whole = project_many(inputs)
    monkeypatch.setattr(engine_module, "COLUMNS_AT_ONCE", 16 * len(inputs.terms))
    found = project_many(inputs, lines)
    assert list(found) == lines
    for name in lines:
        np.testing.assert_array_equal(found[name], whole[name], err_msg=name)


def test_lines_asked_for_are_the_lines_of_all() -> None:
    chance = random.Random(3)
    inputs = varied(still_scenario(chance), drawn_values(chance, 9))
    whole = project_many(inputs)
    for name in LINES:
        np.testing.assert_array_equal(project_many(inputs, [name])[name], whole[name], err_msg=name)


def test_runs_that_are_all_alike_are_as_many_as_were_asked_for() -> None:
    base = Scenario.of(load_shipped("midmarket-saas"))
    own = [Move("win_rate", 0.3, segment) for segment in base.company.segments]
    covered = swept(Scenario.of(base.company, own), {"win_rate": np.linspace(0.1, 0.4, 7)})  # no segment follows it
    for batch in ([base] * 7, covered, replace(inputs_of(base), runs=7)):
        for values in project_many(batch).values():
            assert values.shape[-1] == 7
            np.testing.assert_array_equal(values, values[..., :1].repeat(7, axis=-1))
    assert covered.part(slice(5, 9)).runs == 2


def test_arrays_of_other_runs_than_stated_are_refused() -> None:
    inputs = inputs_of(Scenario.of(load_shipped("midmarket-saas")))
    with pytest.raises(ValueError, match=r"^arrays of \[3\] runs among inputs of 1$"):
        replace(inputs, path={**inputs.path, "win_rate": inputs.path["win_rate"].repeat(3, axis=-1)})
