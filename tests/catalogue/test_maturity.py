"""Frameworks of maturity as declared, what a broken file or a damaged link is told, and what each element must do."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import pytest

from model import load_shipped, read_link, write_link
from model.catalogue import DATA, assumptions, declarations, read_toml
from model.errors import CatalogueError
from model.frameworks.framework import LARGEST_STEP, elements, frameworks
from model.frameworks.lens import lenses
from model.frameworks.life_cycle import Function, Part, coverage, functions, functions_of, known_share, life_cycle
from model.frameworks.maturity import Maturity, Step, maturity_of

GARTNER = ["strategy", "process", "workflow", "data", "analytics", "technology"]
PREDICTION = {"forecast_accuracy", "risk_detection"}


def test_the_elements_are_those_of_the_frameworks() -> None:
    assert [element.id for element in frameworks()["gartner"].elements] == GARTNER
    assert [element.id for element in frameworks()["mcalign"].elements] == ["people", "process", "platform", "insights"]
    assert all(len(element.statements) == 5 for element in frameworks()["mcalign"].elements)
    assert len(frameworks()["mcalign"].answers) == 5


@pytest.mark.parametrize("key", ["gartner.analytics", "mcalign.insights"])
def test_analytics_and_prediction_act_on_forecast_and_risk_and_nothing_else(key: str) -> None:
    assert {effect.name for effect in elements()[key].effects} == PREDICTION


@pytest.mark.parametrize("key", elements())
def test_an_effect_is_a_modest_judgement_with_a_reason_of_one_sentence(key: str) -> None:
    for effect in elements()[key].effects:
        assert effect.kind == "judgement"
        assert effect.reason.endswith(".")
        assert ". " not in effect.reason
        assert max(abs(effect.low), abs(effect.high)) <= 0.1
        assert (abs(effect.low) < abs(effect.likely) < abs(effect.high)) != (effect.name == "revops_cost")


@pytest.mark.parametrize("key", elements())
def test_levels_and_statements_are_sentences_of_their_own(key: str) -> None:
    told = [*elements()[key].levels, *elements()[key].statements]
    assert len(set(told)) == len(told)
    assert all(text.endswith(".") and 20 < len(text) < 130 for text in told)


def test_every_element_has_a_stage_and_its_levers_are_those_it_acts_on() -> None:
    stages = {stage.element: stage for lens in lenses().values() for stage in lens.stages if stage.element}
    assert set(stages) == set(elements())
    for key, stage in stages.items():
        assert {effect.name for effect in elements()[key].effects} & set(stage.levers)


BROKEN = {
    "an effect on nothing": (
        'name = "win_rate"', 'name = "luck"',
        "elements.0.effects.1: 'luck' is not an assumption that can be moved",
    ),
    "an effect on a fact": (
        'name = "win_rate"', 'name = "opening_arr"',
        "elements.0.effects.1: 'opening_arr' is not an assumption that can be moved",
    ),
    "a range out of order": (
        "low = 0.001\nlikely = 0.004", "low = 0.005\nlikely = 0.004",
        "elements.0.effects.1: low, likely and high must be in order and change the assumption in one direction",
    ),
    "a range of two directions": (
        "low = 0.001\nlikely = 0.004", "low = -0.001\nlikely = 0.004",
        "elements.0.effects.1: low, likely and high must be in order and change the assumption in one direction",
    ),
    "an effect too large": (
        "likely = 0.004\nhigh = 0.008", "likely = 0.004\nhigh = 0.3",
        f"elements.0.effects.1: a level changes something, and {LARGEST_STEP} at most",
    ),
    "an effect that is no number": (
        "likely = 0.004\nhigh = 0.008", "likely = 0.004\nhigh = inf",
        "elements.0.effects.1.high: Input should be a finite number",
    ),
    "an effect said to be evidence": (
        'kind = "judgement"', 'kind = "benchmark"', "elements.0.effects.0.kind: Input should be 'judgement'",
    ),
    "no reason": (
        'reason = "Fewer deals are begun that could never have been won."', 'reason = "Better."',
        "elements.0.effects.1.reason: String should have at least 20 characters",
    ),
    "two effects on the same": (
        'name = "win_rate"', 'name = "account_engagement"', "elements.0: two effects are on the same assumption",
    ),
    "two elements of one name": ('id = "process"', 'id = "strategy"', ": two elements have the same id"),
    "an unknown source": ('source = "gartner-revops"', 'source = "hearsay"', ": hearsay: no such source"),
    "four levels": (
        '  "Each team sets its own goals; nobody has written down whom we sell to.",\n', "",
        "elements.0.levels.4: Field required",
    ),
    "an unknown key": (
        'label = "Strategy"', 'label = "Strategy"\nweight = 2', "elements.0.weight: Extra inputs are not permitted",
    ),
    "answers without statements": (
        'framework = "Gartner"', 'framework = "Gartner"\nanswers = ["a", "b", "c", "d", "e"]',
        ": a framework with answers has five, and 5 statements for each element",
    ),
    "statements without answers": (
        'label = "Strategy"', 'label = "Strategy"\nstatements = ["One plan."]',
        ": there are statements, and no answers to choose from",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_a_mistake_in_a_framework_is_named_with_its_place(case: str, tmp_path: Path) -> None:
    old, new, told = BROKEN[case]
    text = (DATA / "maturity" / "gartner.toml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "gartner.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CatalogueError) as error:
        frameworks(tmp_path)
    assert error.value.problems == (f"gartner.toml: gartner{told if told.startswith(':') else f'.{told}'}",)


def test_a_framework_that_is_no_toml_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text("title = Own", encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"^own\.toml: Invalid value \(at line 1, column 9\)$"):
        frameworks(tmp_path)


def test_a_copy_of_the_files_is_read_as_the_files_are(tmp_path: Path) -> None:
    assert frameworks(Path(shutil.copytree(DATA / "maturity", tmp_path / "maturity"))) == frameworks()


LEVEL = "it must lie between 1 and 5, in tenths. It is left out."
WRITE = "cannot be read; write 2to4, 2to4from3 or 2to4from3over6. It is left out."
TIMING = "has a timing out of range; it must start in month 1 to 120 and take 0 to 120 months. It is left out."
OWN = "it must lie between −0.25 and 0.25 a level. The declared 0.0075 is used."
ANSWERS = "groups of 5, 5, 5, 5 digits from 0 to 5 are needed, with dots between. They are left out."
NAMES = "names no framework; write maturity.<framework> of gartner, mcalign. It is left out."
HAS = "it has strategy, process, workflow, data, analytics, technology. It is left out."
BAD_PARTS = {
    "=3": f"Maturity (maturity=3) {NAMES}",
    ".=3": f"Maturity (maturity.=3) {NAMES}",
    ".forrester.data=3": f"Maturity (maturity.forrester.data=3) {NAMES}",
    ".<b>=3": f"Maturity (maturity.<b>=3) {NAMES}",
    ".gartner=3": f"Gartner has no element '' (maturity.gartner=3); {HAS}",
    ".gartner.people=3": f"Gartner has no element 'people' (maturity.gartner.people=3); {HAS}",
    ".gartner.data.win_rate.smb=1": (
        f"Gartner has no element 'data.win_rate.smb' (maturity.gartner.data.win_rate.smb=1); {HAS}"
    ),
    ".gartner.data=": f"Data (maturity.gartner.data=) {WRITE}",
    ".gartner.data=nan": f"Data (maturity.gartner.data=nan) {WRITE}",
    ".gartner.data=1e999": f"Data (maturity.gartner.data=1e999) {WRITE}",
    ".gartner.data=-2to4": f"Data (maturity.gartner.data=-2to4) {WRITE}",
    ".gartner.data=2to": f"Data (maturity.gartner.data=2to) {WRITE}",
    ".gartner.data=2over6": f"Data (maturity.gartner.data=2over6) {WRITE}",
    ".gartner.data=٢": f"Data (maturity.gartner.data=٢) {WRITE}",
    ".gartner.data=2to<img src=x>": f"Data (maturity.gartner.data=2to<img src=x>) {WRITE}",
    ".gartner.data=0to4": f"Data (maturity.gartner.data=0to4) has a level of 0; {LEVEL}",
    ".gartner.data=2to5.1": f"Data (maturity.gartner.data=2to5.1) has a level of 5.1; {LEVEL}",
    ".gartner.data=2.55": f"Data (maturity.gartner.data=2.55) has a level of 2.55; {LEVEL}",
    f".gartner.data={'9' * 190}": f"Data (maturity.gartner.data={'9' * 57}…) has a level of {'9' * 39}…; {LEVEL}",
    ".gartner.data=2to4from0": f"Data (maturity.gartner.data=2to4from0) {TIMING}",
    ".gartner.data=2to4from121": f"Data (maturity.gartner.data=2to4from121) {TIMING}",
    ".gartner.data=2to4from3over121": f"Data (maturity.gartner.data=2to4from3over121) {TIMING}",
    ".gartner.data.win_rate=0.1": (
        "Data of Gartner has no effect on 'win_rate' (maturity.gartner.data.win_rate=0.1); it acts on renewal_coverage, "
        "forecast_accuracy, revenue_leakage. It is left out."
    ),
    ".gartner.data.forecast_accuracy=high": (
        f"Data on forecast accuracy (maturity.gartner.data.forecast_accuracy=high) is not a number; {OWN}"
    ),
    ".gartner.data.forecast_accuracy=0.26": (
        f"Data on forecast accuracy (maturity.gartner.data.forecast_accuracy=0.26) is out of bounds; {OWN}"
    ),
    ".gartner.data.forecast_accuracy=nan": (
        f"Data on forecast accuracy (maturity.gartner.data.forecast_accuracy=nan) is out of bounds; {OWN}"
    ),
    ".gartner.data.forecast_accuracy=-1e999": (
        f"Data on forecast accuracy (maturity.gartner.data.forecast_accuracy=-1e999) is out of bounds; {OWN}"
    ),
    ".range=huge": "The range of effects (maturity.range=huge) must be low, likely or high. Likely is used.",
    ".range=": "The range of effects (maturity.range=) must be low, likely or high. Likely is used.",
    ".gartner.answers=11111": "Gartner has no statements to answer (maturity.gartner.answers=11111). It is left out.",
    ".mcalign.answers=": f"The answers (maturity.mcalign.answers=) cannot be read; {ANSWERS}",
    ".mcalign.answers=32415.22222.11111": (
        f"The answers (maturity.mcalign.answers=32415.22222.11111) cannot be read; {ANSWERS}"
    ),
    ".mcalign.answers=32415.22222.11111.34336": (
        f"The answers (maturity.mcalign.answers=32415.22222.11111.34336) cannot be read; {ANSWERS}"
    ),
}  # fmt: skip
GOOD = "maturity.gartner.process=1.5to2.5from2over3&maturity.mcalign.people=4"


@pytest.mark.parametrize("part", BAD_PARTS)
def test_a_bad_part_of_a_link_is_named_once_and_the_rest_stands(part: str) -> None:
    reading = read_link(f"?company=launchpad&{GOOD}&maturity{part}&win_rate=0.3")
    assert reading.problems == (BAD_PARTS[part],)
    assert reading.scenario.written == {
        "win_rate": "0.3", "maturity.gartner.process": "1.5to2.5from2over3", "maturity.mcalign.people": "4",
    }  # fmt: skip


def test_all_bad_parts_together_are_all_named() -> None:
    keys = [part.partition("=")[0] for part in BAD_PARTS]
    alone = [part for part, key in zip(BAD_PARTS, keys, strict=True) if keys.count(key) == 1]
    reading = read_link("?" + "&".join(f"maturity{part}" for part in alone))
    assert reading.problems == tuple(BAD_PARTS[part] for part in alone)
    assert reading.scenario.is_base


def test_a_thousand_parameters_of_maturity_are_read_as_far_as_500() -> None:
    reading = read_link(f"?{GOOD}&" + "&".join(f"maturity.gartner.e{row}=2" for row in range(1000)))
    assert reading.problems[0] == "This link has 1,002 parameters; only the first 500 are read."
    assert len(reading.problems) == 1 + 498
    assert reading.scenario.plan("maturity") is not None


def test_an_answer_may_be_left_out_by_a_dash_or_a_nought() -> None:
    dashed, noughts = (read_link(f"?maturity.mcalign.answers=3{no}415.22222.11111.{no * 5}") for no in "-0")
    assert dashed.problems == ()
    assert dashed.scenario == noughts.scenario
    plan = dashed.scenario.plan("maturity")
    assert isinstance(plan, Maturity)
    assert [plan.step(key).today for key in frameworks()["mcalign"].keys] == [3.2, 2.0, 1.0, 2.0]
    assert write_link(dashed.scenario).endswith("maturity.mcalign.answers=30415.22222.11111.00000")


def test_a_part_or_a_function_with_a_mistake_is_named() -> None:
    for kind, raw, told in (
        (Part, {"title": "Win", "levers": ["luck"]}, "'luck' is not an assumption that can be moved"),
        (Function, {"title": "Sales", "levers": [], "metrics": ["luck"], "cost": "sales_cost"},
         "luck: no metric of which more is better or worse"),
        (Function, {"title": "Sales", "levers": [], "metrics": ["forecast_low"], "cost": "sales_cost"},
         "forecast_low: no metric of which more is better or worse"),
        (Function, {"title": "Sales", "levers": [], "metrics": [], "cost": "luck"}, "luck: no such line"),
    ):  # fmt: skip
        with pytest.raises(CatalogueError) as error:
            declarations(kind, {"x": raw}, "x.toml")
        assert error.value.problems == (f"x.toml: x: {told}",)


def test_no_lever_is_in_two_parts_of_the_customer_s_life_and_onboarding_has_none() -> None:
    levers = [name for part in life_cycle().values() for name in part.levers]
    assert len(levers) == len(set(levers))
    assert [part.title for part in life_cycle().values() if not part.levers] == ["Onboard"]
    assert list(read_toml(DATA / "life_cycle.toml")) == [
        "attract",
        "qualify",
        "win",
        "onboard",
        "expand",
        "renew",
        "bill",
    ]


def test_coverage_counts_the_levers_that_elements_act_on() -> None:
    found = {entry.part.id: (entry.acted_on, entry.levers) for entry in coverage("gartner")}
    raw = tomllib.loads((DATA / "life_cycle.toml").read_text(encoding="utf-8"))
    acted = {effect.name for element in frameworks()["gartner"].elements for effect in element.effects}
    assert found == {key: (len(acted.intersection(part["levers"])), len(part["levers"])) for key, part in raw.items()}
    assert found["onboard"] == (0, 0)
    assert [function.id for function in functions_of("gartner.process")] == list(functions())


def test_visibility_is_the_share_of_assumptions_that_are_no_judgement() -> None:
    company = load_shipped("midmarket-saas")
    guessed = [name for name, entry in assumptions().items()
               if company.sources.get(name, entry.source).partition(":")[0] == "judgement"]  # fmt: skip
    assert known_share(company) == pytest.approx(1 - len(guessed) / len(assumptions()))
    assert known_share(company, ["win_rate"]) == 1.0
    assert known_share(company, ["win_rate", "slip_rate"]) == 0.5


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("2to3", Step(2.0, 3.0, 1, 0)),
        ("2to3from4", Step(2.0, 3.0, 4, 0)),
        ("2to3from1over6", Step(2.0, 3.0, 1, 6)),
        ("3", Step(3.0, None, 1, 6)),
    ],
)
def test_a_step_in_a_link_acts_at_once_unless_it_says_otherwise(text: str, step: Step) -> None:
    plan = maturity_of(read_link(f"company=midmarket-saas&maturity.gartner.strategy={text}").scenario)
    assert plan.step("gartner.strategy") == step
    assert plan.written() == {"maturity.gartner.strategy": text}
    proposed = Maturity().with_target("gartner.strategy", 3.0)
    assert proposed.written() == {"maturity.gartner.strategy": "2to3from1over6"}
