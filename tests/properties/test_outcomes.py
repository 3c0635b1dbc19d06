"""Outcomes of many runs at once are those of each run alone, for every metric, segment and way to put runs together."""

from __future__ import annotations

import numpy as np
import pytest

from model import Move, Scenario, ScenarioError, load_shipped, project, read_move
from model.catalogue import metrics
from model.inputs import stacked, swept
from model.links import read_link
from model.metrics import View
from model.outcomes import Outcome, outcome_of_link, outcomes, over_time, read_outcome
from model.retention import VALUED, lifetime_value

COMPANY = load_shipped("midmarket-saas")
MOVES = (("retention_rate", "0.93"), ("win_rate", "0.3from6over3"), ("average_selling_price.ent", "90000from4"))


def moved(*moves: tuple[str, str]) -> Scenario:
    return Scenario.of(COMPANY, [read_move(key, value, COMPANY) for key, value in moves], 30)


@pytest.mark.parametrize("segment", ["", *COMPANY.segments])
def test_every_metric_of_a_batch_is_that_of_each_scenario(segment: str) -> None:
    scenarios = [moved(), *(moved(move) for move in MOVES), moved(*MOVES)]
    wanted = [Outcome(name, segment) for name in metrics()]
    batch = over_time(moved(), stacked(scenarios), wanted)
    for one, found in zip(wanted, batch, strict=True):
        alone = np.stack([View(project(scenario), segment).metric(one.metric) for scenario in scenarios], axis=-1)
        np.testing.assert_allclose(found, alone, rtol=1e-12, err_msg=one.metric)


def test_swept_targets_are_moves_with_their_timing() -> None:
    scenario = moved(("win_rate", "0.3from6over3"), ("retention_rate.ent", "0.9"))
    targets = {
        "win_rate": np.array([0.2, 0.35]),
        "retention_rate": np.array([0.8, 0.95]),
        "revops_cost": np.array([0.0, 1e6]),
    }
    found = outcomes(scenario, swept(scenario, targets), [Outcome("arr"), Outcome("operating_profit", month=14)])
    for run in range(2):
        alone = scenario
        for key, values in targets.items():
            alone = alone.with_move(alone.by_key.get(key, Move(key, 0.0)).to(float(values[run])))
        projection = project(alone)
        assert found[0, run] == pytest.approx(Outcome("arr").of(projection), rel=1e-12)
        assert found[1, run] == pytest.approx(Outcome("operating_profit", month=14).of(projection), rel=1e-12)


def test_outcomes_are_read_as_they_are_written() -> None:
    for outcome in (Outcome(), Outcome("nrr", "ent"), Outcome("operating_profit", "", 12), Outcome("clv", "ent", 30)):
        assert read_outcome(str(outcome), COMPANY, 30) == outcome


NO_METRIC = "There is no metric 'profitt'; `revlens metrics` lists them, for example arr or operating_profit."


@pytest.mark.parametrize(("text", "message", "found", "instead"), [
    ("profitt", NO_METRIC, Outcome(), "ARR in the last month is shown."),
    ("nrr.nopeat12", "Mid-market SaaS has no segment 'nope'; it has smb, mid, ent.", Outcome("nrr", "", 12),
     "That of the company is shown."),
    ("nrr.entat0", "Month 0 of 'nrr.entat0' must lie between 1 and 30, the last month.", Outcome("nrr", "ent"),
     "The last month is shown."),
    ("nrr.entat121", "Month 121 of 'nrr.entat121' must lie between 1 and 30, the last month.", Outcome("nrr", "ent"),
     "The last month is shown."),
])  # fmt: skip
def test_outcomes_that_there_are_not_are_refused_and_the_rest_of_a_link_stands(
    text: str, message: str, found: Outcome, instead: str
) -> None:
    with pytest.raises(ScenarioError) as error:
        read_outcome(text, COMPANY, 30)
    assert error.value.problems == (message,)
    assert outcome_of_link({"kpi": text}, COMPANY, 30) == (found, (f"{message} {instead}",))


@pytest.mark.parametrize(("text", "sentence"), [
    ("arr.entat36", "ARR of Enterprise is asked for in Dec 2028 (month 36), after the last month, 30; until the horizon is longer it is "
                    "shown in Jun 2028, and a target is held against that."),
    ("operating_profitat36", "Operating profit is asked for in 2028 (month 36), after the last month, 30; until the horizon is longer it "
                             "is shown in the 12 months to Jun 2028, and a target is held against that."),
])  # fmt: skip
def test_a_month_after_the_last_is_kept_and_the_last_stands_in_for_it(text: str, sentence: str) -> None:
    found, problems = outcome_of_link({"kpi": text}, COMPANY, 30)
    assert (str(found), problems, found.row(30)) == (text, (), 29)
    assert found.instead(COMPANY, 30) == sentence
    assert found.instead(COMPANY, 36) == found.instead(COMPANY, 60) == ""
    with pytest.raises(ScenarioError):  # what is typed can be typed again
        read_outcome(text, COMPANY, 30)


def test_a_metric_is_by_segment_unless_it_is_said_to_be_of_the_company_alone() -> None:
    projection = project(moved(*MOVES, ("cost_per_approach", "100"), ("account_engagement.ent", "0.5")))
    for name, entry in metrics().items():
        whole, parts = View(projection).metric(name), [View(projection, one).metric(name) for one in COMPANY.segments]
        alone = all(np.array_equal(part, whole, equal_nan=True) for part in parts)
        assert alone == (entry.scope == "company"), name


ALONE = "Operating margin (operating_margin.entat12) is one value for the company, not by segment."


def test_a_segment_of_a_metric_of_the_company_alone_is_refused_and_a_link_shows_the_company() -> None:
    with pytest.raises(ScenarioError) as refused:
        read_outcome("operating_margin.entat12", COMPANY, 30)
    assert refused.value.problems == (ALONE,)
    found, problems = outcome_of_link({"kpi": "operating_margin.entat12"}, COMPANY, 30)
    assert (found, problems) == (
        Outcome("operating_margin", "", 12),
        (f"{ALONE} That of the company is shown.",),
    )
    assert Outcome("operating_margin", "ent", 12) == Outcome("operating_margin", "", 12)


def test_the_value_of_a_customer_is_that_of_each_month_alone_though_like_months_are_worked_out_once() -> None:
    moved = read_link(
        "?company=midmarket-saas&retention_rate=0.95from6over3&average_selling_price=70000from20&win_rate=0.3"
    ).scenario
    given = {name: moved.path(name)[:, :, np.newaxis] for name in VALUED}
    terms = moved.company.base("contract_term_months").astype(int).tolist()
    together = lifetime_value(given, terms)
    for month in (0, 4, 5, 6, 7, 8, 18, 19, 35):
        alone = lifetime_value(
            {name: path[min(month, len(path) - 1)][np.newaxis] for name, path in given.items()}, terms
        )
        np.testing.assert_allclose(together[month], alone[0], rtol=1e-12)
