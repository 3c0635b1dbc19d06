"""Choosing a page: every goal leads somewhere, the order is fixed, and the reasons hold the company's own figures."""

from __future__ import annotations

import csv
import io
import itertools
from string import Formatter
from typing import get_args

import pytest

from model import CatalogueError, Move, Scenario, load_shipped, project, shipped
from model.catalogue import declarations
from model.export import projection_csv
from model.frameworks.choosing import LEAST, STAKES, Advice, Choice, read_choice
from model.frameworks.goals import Phase, Recommended, Structure, goals, other_pages
from model.frameworks.lens import lenses
from model.metrics import View
from model.text import money


def advice(company: str = "midmarket-saas", choice: Choice | None = None, *moves: Move) -> Advice:
    return Advice(View(project(Scenario.of(load_shipped(company), moves))), choice or Choice())


def titles(found: Advice, *, asked_for: bool = True) -> list[str]:
    return [one.page.title for one in found.ranked() if one.asked_for == asked_for]


def test_every_clause_names_the_figures_of_its_goal() -> None:
    found = advice()
    assert set(goals()) == set(STAKES)
    for name, goal in goals().items():
        fields = [field for clause in goal.says for _, field, _, _ in Formatter().parse(clause) if field]
        assert fields == list(found.parts[name])


def test_the_money_of_goals_is_that_of_the_csv() -> None:
    rows = list(csv.DictReader(io.StringIO(projection_csv(advice().view.projection).decode())))
    year = [row for row in rows if row["segment"] == "all" and int(row["month"]) <= 12]

    def of(*lines: str) -> float:
        return sum(float(row[line]) for row in year for line in lines)

    stakes = advice().stakes
    assert stakes["grow-new-business"] == pytest.approx(of("arr_new"))
    assert stakes["keep-and-grow-customers"] == pytest.approx(
        of("arr_churn", "arr_contraction", "arr_expansion", "arr_price_uplift")
    )
    assert stakes["deliver-a-programme"] == pytest.approx(of("revops_cost")) == pytest.approx(600_000)


def in_each_segment(**targets: float) -> list[Move]:
    return [
        Move(name, target, segment)
        for name, target in targets.items()
        for segment in load_shipped("launchpad").segments
    ]


def test_the_money_of_payment_forecast_and_handovers_is_that_worked_out_by_hand() -> None:
    moves = in_each_segment(revenue_leakage=0.02, days_to_collect=36.5, card_share=0.0, forecast_accuracy=0.75,
                            slip_rate=0.2, sales_reps=1e6)  # fmt: skip
    found = advice("launchpad", None, *moves, Move("cost_of_capital", 0.1))
    view = found.view
    earned = float(view["revenue"][:12].sum()) / 0.98
    # of what is billed a tenth of a year's worth waits, and waiting costs a tenth of it
    assert found.parts["get-paid-faster"]["waiting"] == pytest.approx(0.98 * earned * 0.1 * 0.1)
    assert found.parts["get-paid-faster"]["lost"] == pytest.approx(0.02 * earned)
    new = float(view["arr_new"][:12].sum())
    assert found.parts["forecast-better"] == {"missed": pytest.approx(new / 4)}
    assert found.parts["align-teams"]["late"] == pytest.approx(new / 5)
    assert found.parts["align-teams"]["waiting"] == pytest.approx(0.0, abs=1e-6)


def test_won_deals_that_wait_are_worth_their_price() -> None:
    found = advice("launchpad", None, *in_each_segment(sales_reps=0.0, price_discount=0.5, average_selling_price=2_000))
    waiting = float(found.view["deals_waiting"][11])
    assert waiting > 0
    assert found.parts["align-teams"]["waiting"] == pytest.approx(1_000 * waiting)
    assert "won deals worth $" in found.says("align-teams")


def test_nothing_is_said_about_deals_where_none_wait() -> None:
    found = advice("midmarket-saas")
    assert found.parts["align-teams"]["waiting"] < LEAST
    late = money(found.parts["align-teams"]["late"])
    assert found.says("align-teams") == f"In the first twelve months here, {late} of new ARR slips by a quarter"
    still = advice("midmarket-saas", None, *(Move("slip_rate", 0.0, segment) for segment in ("smb", "mid", "ent")))
    assert still.says("align-teams") == "In the first twelve months here, $0 of new ARR slips by a quarter"


def test_a_page_says_what_leads_from_the_money_to_its_question() -> None:
    by_page = {one.page.id: one.reason for one in advice(choice=Choice("keep-and-grow-customers")).ranked()}
    assert by_page["billing-layers"].endswith(
        ". A card that fails loses a customer who never meant to leave, so ask: How much of what we earn do we bill, "
        "and how much of it do we hold as cash, and when?"
    )
    assert ". What bears on it may stand on several pages, so ask: Which levers" in by_page["own-lens"]
    renewals = "Which renewals are at risk, and how many of them do we keep?"
    assert by_page["renewals"] == f"{advice().says('keep-and-grow-customers')}, so ask: {renewals}"


@pytest.mark.parametrize("company", shipped())
@pytest.mark.parametrize("goal", goals())
def test_every_goal_leads_to_a_page_and_the_reason_has_the_companys_figure(goal: str, company: str) -> None:
    found = advice(company, Choice(goal=goal))
    first = found.ranked()[0]
    assert first.asked_for
    assert first.goal == goal
    for amount in found.parts[goal].values():
        assert amount < LEAST or money(amount) in first.reason
    assert first.reason.endswith(first.page.question)


def test_each_shipped_company_is_of_a_phase_of_its_own() -> None:
    assert [advice(company).phase for company in shipped()] == ["early", "scaling", "mature"]
    assert advice("launchpad", Choice(phase="mature")).phase == "mature"


def test_without_answers_the_goal_with_most_money_counts() -> None:
    assert advice("midmarket-saas").goal == "grow-new-business"
    assert advice("enterprise-multiyear").goal == "keep-and-grow-customers"


def test_the_order_is_goal_then_structure_then_phase_then_money() -> None:
    assert titles(advice())[:2] == ["Engage", "Execute"]
    assert titles(advice("enterprise-multiyear", Choice("grow-new-business")))[0] == "Execute"
    # what names this structure comes first, then what fits all, then what is for others
    with_one_team = titles(advice(choice=Choice("keep-and-grow-customers", "one-team")))
    assert with_one_team.index("Renewals") < with_one_team.index("Expand")
    assert titles(advice(choice=Choice("keep-and-grow-customers", "by-function")))[0] == "Expand"


def test_a_page_for_other_goals_comes_by_the_money_of_its_own() -> None:
    others = [one for one in advice("midmarket-saas", Choice("deliver-a-programme")).ranked() if not one.asked_for]
    stakes = advice().stakes
    assert {one.page.id for one in others} >= {"engage", "execute", "expand"}
    assert [one for one in others if one.goal not in one.page.goals] == []
    assert all(stakes[one.goal] == max(stakes[goal] for goal in one.page.goals) for one in others)


def test_every_page_is_ranked_once_whatever_was_answered() -> None:
    every = sorted([*lenses(), *other_pages()])
    for answers in itertools.product(["", *goals()], ["", *get_args(Structure)], ["", *get_args(Phase)]):
        ranked = advice(choice=Choice(*answers)).ranked()
        assert sorted(one.page.id for one in ranked) == every
        assert ranked == advice(choice=Choice(*answers)).ranked()


@pytest.mark.parametrize("answers", list(itertools.product(["", *goals()], ["", "none-yet"], ["", "early"])))
def test_answers_written_are_answers_read(answers: tuple[str, str, str]) -> None:
    assert read_choice(Choice(*answers).written().get("choose", "")) == (Choice(*answers), ())


def test_answers_that_are_none_are_named_and_the_others_stand() -> None:
    assert read_choice("world-peace~by-function~<b>~x~y") == (
        Choice(structure="by-function"),
        (
            f"There is no goal 'world-peace' (choose=…); there is {', '.join(goals())}. It is left out.",
            "There is no phase '<b>' (choose=…); there is early, scaling, mature. It is left out.",
        ),
    )
    assert read_choice("~" * 10_000) == (Choice(), ())


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ({"goals": ["get-rich"]}, f"x.toml: x.goals: get-rich: no such goal; there are {', '.join(goals())}"),
        ({"because": {"get-rich": "y"}}, "x.toml: x: because names get-rich, which is no goal of the page"),
        ({"structures": ["two-teams"]}, "x.toml: x.structures.0: Input should be 'one-team', 'by-function' or 'none-yet'"),
        ({"phases": ["late"]}, "x.toml: x.phases.0: Input should be 'early', 'scaling' or 'mature'"),
    ],
)  # fmt: skip
def test_a_word_that_is_not_allowed_is_named(entry: dict[str, object], told: str) -> None:
    with pytest.raises(CatalogueError) as error:
        declarations(Recommended, {"x": {"title": "X", "icon": "", "question": "?", **entry}}, "x.toml")
    assert error.value.problems == (told,)
