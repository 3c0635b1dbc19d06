"""The page Aim: what it shows is what the model says, and an answer that is applied holds."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from model import project, read_link
from model.outcomes import Outcome
from model.studies.aim import aim
from model.studies.aim_link import Allowed
from model.studies.needs import goal_of, needs
from model.text import counted, money, plain, plus, rate
from pages.parts.blocks import capacity
from pages.parts.state import projected
from tests.pages.lists import named
from tests.pages.test_compare_explain import tables, words
from tests.pages.test_pages import figures, held, opened
from tests.pages.test_sensitivity_page import MOVES, SCENARIO, heading_of, title


def test_a_target_is_offered_and_the_shortest_way_there_is_the_title() -> None:
    app = opened("aim", MOVES)
    present = Outcome().of(project(SCENARIO))
    target = app.number_input(key="goal").value
    assert target is not None
    assert 1.05 * present < target < 1.15 * present
    assert held(app, "target") == ""
    best = aim(SCENARIO, Outcome(), target).mixes[0]
    first = best.used[0]
    others = counted(len(best.used) - 1, "other lever").lower()
    assert title(app).startswith(
        f"{first.lever.title} at {first.lever.show(first.move.target)} and {others} reach {money(target)}"
    )
    assert (
        f"No target is given: {money(target)} is about a tenth above the {money(present)} of this scenario, rounded."
        in words(app)
    )
    assert len(title(app)) <= 90


def test_a_mix_is_applied_and_reaches_the_target_and_undo_takes_it_back() -> None:
    app = opened("aim", f"{MOVES}&target=52000000&aim.retention_rate=x1&aim.upsell_rate=x2")
    allowed = (Allowed("retention_rate"), Allowed("upsell_rate", 2.0))
    best = aim(SCENARIO, Outcome(), 52e6, allowed).mixes[0]
    assert "Least effort: two levers" in words(app)
    for part in best.used:
        assert (
            f"{part.lever.title}|{part.lever.show(part.lever.today)}|{part.lever.show(part.move.target)}|"
            in tables(app)[0]
        )
    before = dict(app.query_params)
    app.button(key="apply:best").click().run()
    applied = {part.lever.key: part.move.value for part in best.used}
    assert {key: held(app, key) for key in applied} == applied
    assert applied["retention_rate"].endswith("from6over3")
    added = project(best.scenario)["operating_profit"].sum() - project(SCENARIO.base)["operating_profit"].sum()
    assert title(app) == f"These two moves reach $52.0M in Dec 2028 and add {money(added)} of profit up to then"
    assert f"ARR stands at {money(best.outcome)} in Dec 2028" in words(app)
    assert f"and at {money(Outcome().of(project(SCENARIO.base)))} without them." in words(app)
    for part in best.used:
        base = SCENARIO.company.mean(part.lever.key)
        assert f"{part.lever.title}|{part.lever.show(base)}|{part.lever.show(part.move.target)}" in tables(app)[0]
    app.button(key="undo").click().run()
    assert dict(app.query_params) == before


def test_what_is_hardly_more_than_today_is_told_with_as_many_digits_as_it_takes() -> None:
    target = 1.0001 * Outcome().of(project(SCENARIO))
    app = opened("aim", f"{MOVES}&target={target:.0f}")
    cells = tables(app)[0].split("|")
    needed = [cells[at : at + 3] for at in range(4, len(cells) - 3, 4)]
    assert len(needed) > 1
    assert all(today != then for _, today, then in needed)
    name, _, then = needed[0]
    assert title(app).startswith(f"{name} at {then} and")
    labels = [label.split(">", 1)[1] for label in _alone(app)["layout"]["yaxis"]["ticktext"]]
    today, then = zip(*(label.split(" → <b>") for label in labels), strict=True)
    assert all(one.split(">")[-1] != other.split("<")[0] for one, other in zip(today, then, strict=True))


def _alone(app: AppTest) -> Any:
    """Return the chart of each lever alone."""
    return next(figure for figure in figures(app) if "annotations" in figure["layout"])


def test_a_lever_that_moves_already_keeps_its_timing_and_the_page_says_so() -> None:
    told = "Answers act in full from month 1, Jan 2026; Retention in full from Sep 2026, as its move does."
    assert told in words(opened("aim", f"{MOVES}&target=50000000"))


def test_moves_that_reach_a_target_and_lose_money_are_said_to_cost_it() -> None:
    query = "company=midmarket-saas&v=1&horizon=36&kpi=arrat12&target=31000000&leads_per_month=2500&cost_per_lead=2000"
    scenario = read_link(query).scenario
    cost = project(scenario.base)["operating_profit"][:12].sum() - project(scenario)["operating_profit"][:12].sum()
    assert cost > 0
    assert (
        title(opened("aim", query))
        == f"These two moves reach $31.0M in Dec 2026 and cost {money(cost)} of profit up to then"
    )


def test_one_lever_alone_is_applied_too() -> None:
    app = opened("aim", f"{MOVES}&target=50000000")
    first = needs(goal_of(SCENARIO, Outcome(), 50e6))[0]
    app.button(key=f"apply:{first.lever.key}").click().run()
    assert held(app, first.lever.key) == first.move.value
    assert title(app).startswith("These two moves reach $50.0M in Dec 2028 and ")
    app.button(key="aim:reset").click().run()
    assert held(app, first.lever.key) == held(app, "retention_rate") == ""


def test_levers_bounds_and_weights_are_edited_and_travel() -> None:
    app = opened("aim", f"{MOVES}&target=52000000&aim.retention_rate=x1&aim.upsell_rate=x2")
    named(app.multiselect, "aim:levers").set_value(["retention_rate", "upsell_rate", "price_uplift"]).run()
    assert (held(app, "aim.price_uplift"), held(app, "aim.upsell_rate")) == ("x1", "x2")
    app.session_state["aim:bounds"] = True
    app.run()
    app.number_input(key="aim:high:retention_rate").set_value(91.0).run()
    assert held(app, "aim.retention_rate") == "0.6to0.91"
    app.number_input(key="aim:weight:price_uplift").set_value(5.0).run()
    assert held(app, "aim.price_uplift") == "x5"
    app.number_input(key="aim:low:retention_rate").set_value(95.0).run()
    assert held(app, "aim.retention_rate") == "0.6to0.91"
    assert "Retention: the lower bound must be below the upper one; both stay as they were." in words(app)
    named(app.multiselect, "aim:levers").set_value([]).run()
    assert held(app, "aim") == "none"
    assert "No lever is chosen, so there is no mix; each lever alone is below." in words(app)


def test_undo_takes_a_target_back_before_what_was_moved_earlier() -> None:
    app = opened("aim", "company=midmarket-saas&v=1&horizon=36&win_rate=0.25&target=50000000")
    app.number_input(key="goal").set_value(60e6).run()
    app.number_input(key="goal").set_value(None).run()
    assert held(app, "target") == ""
    for target in ("60000000", "50000000"):
        app.button(key="undo").click().run()
        assert (held(app, "target"), held(app, "win_rate")) == (target, "0.25")


@pytest.mark.parametrize(("query", "wanted"), [
    ("target=300000000", "$300M is out of reach within these bounds: these eight levers reach $"),
    ("target=1000", "Nothing is needed: ARR at $45.8M reaches $1.00K already"),
    ("kpi=cac_payback&target=9", "other levers reach 9.0 months"),
    ("kpi=nrrat3", "NRR has no value in Mar 2026: choose another month or metric"),
    ("target=49000000&aim.retention_rate=x1", " alone reaches $49.0M"),
    ("kpi=grr&target=0.99&aim=none", "No lever alone reaches 99.0\u202f% in its usual range"),
])  # fmt: skip
def test_each_case_has_its_title(query: str, wanted: str) -> None:
    app = opened("aim", f"{MOVES}&{query}")
    assert not app.exception
    assert wanted in title(app)
    assert len(title(app)) <= 90


def test_a_target_stays_with_its_metric() -> None:
    app = opened("aim", f"{MOVES}&target=52000000")
    named(app.selectbox, "outcome:metric").set_value("nrr").run()
    assert held(app, "target") == ""
    app.number_input(key="goal").set_value(115.0).run()
    assert held(app, "target") == "1.15"


def test_levers_of_a_segment_go_with_it() -> None:
    app = opened("aim", f"{MOVES}&target=52000000&aim.win_rate.ent=x2&levers=win_rate.ent~slip_rate")
    named(app.selectbox, "company").set_value("launchpad").run()
    assert not app.exception
    assert (held(app, "aim.win_rate.ent"), held(app, "levers")) == ("", "")


def test_an_answer_says_what_it_does_to_profit_and_what_it_would_be_warned_of() -> None:
    """Selling more than the sellers can close is told before it is applied, and what effort is."""
    app = opened("aim", "company=midmarket-saas&v=1&horizon=36&kpi=arrat24&target=45010000")
    found = aim(SCENARIO.base, Outcome(month=24), 45.01e6)
    for mix in found.mixes:
        assert f"in Dec 2027. Operating profit up to then {plus(money(mix.profit))}" in words(app)
    assert "Answers act in full from month 1, Jan 2026." in words(app)
    assert "what each answer changes from the first month up to Dec 2027, the month of the target" in words(app)
    assert "What it costs to get there is not included" in words(app)
    assert "Effort is not money." in words(app)
    (warning,) = capacity(projected(found.mixes[0].scenario))
    assert warning in words(app)
    assert "If the target were $75.0K further (1\u202f% of the way), the mix would take" in words(app)
    assert not app.warning
    alone = next(figure for figure in figures(app) if "annotations" in figure["layout"])
    profits = [plus(money(need.profit)) for need in found.needs if need.reached]
    assert [note["text"] for note in alone["layout"]["annotations"]] == profits


def test_one_move_that_reaches_a_target_is_said_of_it_alone() -> None:
    app = opened("aim", "company=midmarket-saas&v=1&horizon=36&kpi=nrr&target=1.03&retention_rate=0.92")
    made = project(read_link("company=midmarket-saas&v=1&horizon=36&retention_rate=0.92").scenario)
    added = float((made["operating_profit"] - project(made.scenario.base)["operating_profit"]).sum())
    assert title(app) == f"This move reaches 103.0\u202f% in Dec 2028 and adds {money(added)} of profit up to then"
    assert "and at 102.2\u202f% without it." in words(app)
    assert app.button(key="aim:reset").label == "Take it back"


def test_where_nothing_helps_there_is_no_mix() -> None:
    app = opened("aim", "company=launchpad&v=1&horizon=36&kpi=outreach_cost&target=-1")
    assert "No lever brings it nearer without costing ARR, so there is no mix; each lever alone is below." in words(app)


def test_what_changes_no_profit_is_told_without_a_sign() -> None:
    assert "Operating profit up to then $0" in words(opened("aim", f"{MOVES}&kpi=forecast_spread&target=0.17"))


def test_a_bound_that_stops_a_lever_is_priced_in_a_sentence() -> None:
    app = opened("aim", f"{MOVES}&target=52000000&aim.retention_rate=x1&aim.upsell_rate=0to0.055&aim.price_uplift=x1")
    mix = aim(
        SCENARIO,
        Outcome(),
        52e6,
        (Allowed("retention_rate"), Allowed("upsell_rate", 1, 0, 0.055), Allowed("price_uplift")),
    ).mixes[0]
    wider = (Allowed("retention_rate"), Allowed("upsell_rate", 1, 0, 0.0575), Allowed("price_uplift"))
    less = rate(1 - aim(SCENARIO, Outcome(), 52e6, wider).mixes[0].effort / mix.effort, 1)
    assert f"If Upsell could go to 5.75\u202f% instead of 5.50\u202f%, the mix would take {less} less effort." in words(
        app
    )


def test_a_target_is_entered_as_a_change_against_the_base() -> None:
    app = opened("aim", f"{MOVES}&kpi=arrat24")
    base = Outcome(month=24).of(project(SCENARIO.base))
    app.number_input(key="goal:change").set_value(20.0).run()
    assert held(app, "target") == plain(float(f"{1.2 * base:.6g}"))
    assert app.number_input(key="goal:change").value == 20.0
    assert app.number_input(key="goal").value == float(held(app, "target"))
    app.number_input(key="goal").set_value(60e6).run()
    assert app.number_input(key="goal:change").value == round(100 * (60e6 / base - 1), 2)
    named(app.selectbox, "outcome:metric").set_value("nrr").run()
    app.number_input(key="goal:change").set_value(5.0).run()
    nrr = Outcome("nrr", month=24).of(project(SCENARIO.base))
    assert float(held(app, "target")) == pytest.approx(nrr + 0.05, abs=1e-5)
    app.number_input(key="goal:change").set_value(None).run()
    assert held(app, "target") == ""


@pytest.mark.parametrize("target", [1e15, -1e15])
@pytest.mark.parametrize("kpi", ["arr", "nrr", "cac", "forecast_spread"])
def test_the_farthest_targets_are_told_in_few_digits(target: float, kpi: str) -> None:
    app = opened("aim", f"{MOVES}&kpi={kpi}&target={target:g}".replace("+", ""))
    assert not app.exception
    assert "1.00e1" in title(app)
    assert "0" * 15 not in words(app) + title(app)


def test_a_share_in_per_cent_is_asked_about() -> None:
    app = opened("aim", f"{MOVES}&kpi=nrr&target=115")
    assert [one.value for one in app.warning] == [
        "NRR of 115 is 11,500.0\u202f%; did you mean 1.15 \\(115.0\u202f%\\)?"
    ]
    assert title(app).startswith("11,500.0\u202f% is out of reach within these bounds: these eight levers reach ")
    assert not opened("aim", f"{MOVES}&kpi=nrr&target=1.15").warning


def test_every_lever_is_counted_and_named_wherever_it_is_not_drawn() -> None:
    asked = "company=midmarket-saas&v=1&horizon=24&kpi=operating_profitat24&target=3857787.6"
    app = opened("aim", asked)
    scenario = read_link(f"?{asked}").scenario
    found = aim(scenario, Outcome("operating_profit", "", 24), 3857787.6).needs
    usual = [need for need in found if need.is_usual]
    beyond = [need for need in found if need.reached and not need.is_usual]
    cannot = [need for need in found if not need.reached]
    assert len(usual) + len(beyond) + len(cannot) == len(found)
    assert len(usual) > 12
    assert beyond
    assert heading_of(app, " alone could reach ") == (
        f"## {counted(len(usual), 'lever')} alone could reach $3.86M, {counted(len(beyond), 'lever').split()[0].lower()} more only beyond their usual range"
    )
    assert heading_of(app, " cannot, even far ").startswith(f"## {counted(len(cannot), 'lever')} cannot")
    drawn = [label.split("<br>")[0] for label in _alone(app)["layout"]["yaxis"]["ticktext"]]
    said = words(app).replace("\u2060", "") + " ".join((*drawn, *tables(app)))
    for need in found:
        assert need.lever.title in said or need.lever.entry.label in said, need.lever.title
    for need in (*usual[12:], *beyond):
        assert f"{need.lever.title} {need.lever.from_today(need.value)[1]}" in said


def test_where_lower_is_better_a_mix_that_falls_short_reaches_the_least() -> None:
    app = opened("aim", "company=midmarket-saas&v=1&horizon=24&kpi=cac_paybackat24&target=0")
    assert heading_of(app, " is the least they reach")
    assert "is the most they reach" not in words(app)


def test_a_change_says_what_it_is_against() -> None:
    app = opened("aim", "company=midmarket-saas&v=1&horizon=24&kpi=operating_profitat24")
    assert next(field.label for field in app.number_input if field.key == "goal:change") == "Or against base, %"
