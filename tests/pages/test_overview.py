"""Overview: what the moves cost is told beside what they add, and nothing that matters is left out in silence."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from model import project, read_link
from model.text import money, plus
from pages.parts.theme import LIGHT
from tests.pages.test_pages import figures, opened

COSTLY = "company=midmarket-saas&v=1&horizon=24&sales_reps=31&retention_rate=0.901667&average_selling_price=64968.75"
MANY = (f"{COSTLY}&win_rate=0.24&gross_margin=0.82&upsell_rate=0.12&cross_sell_rate=0.05&price_uplift=0.05&lead_conversion=0.03"
        "&leads_per_month=2600&sales_cycle_months=3.5&contraction_rate=0.015&slip_rate=0.15&price_discount=0.05")  # fmt: skip


def told(app: AppTest) -> list[str]:
    return [text.value.replace("\\", "") for text in app.markdown]


def heading(app: AppTest, part: str) -> str:
    return next(text for text in told(app) if text.startswith("## ") and part in text)


def ranking(app: AppTest) -> list[str]:
    """Return what is written in the chart of moves: each name, then its amounts."""
    return [note["text"] for note in figures(app)[-1]["layout"]["annotations"]]


def test_a_loss_beside_a_gain_of_arr_stands_in_the_title() -> None:
    app = opened("", COSTLY)
    now, base = (project(one) for one in (read_link(f"?{COSTLY}").scenario, read_link(f"?{COSTLY}").scenario.base))
    arr = float(now.total("arr_closing")[-1] - base.total("arr_closing")[-1])
    profit = float(now.total("operating_profit").sum() - base.total("operating_profit").sum())
    assert arr > 0 > profit
    assert app.title[0].value.replace("\\", "") == (
        f"Three moves add {money(arr)} of ARR by Dec 2027 but cost {money(-profit)} of profit over 2 years"
    )


def test_a_move_that_adds_no_arr_is_ranked_by_what_it_costs() -> None:
    app = opened("", COSTLY)
    scenario = read_link(f"?{COSTLY}").scenario
    cost = float(
        (
            project(scenario).total("operating_profit")
            - project(scenario.without("sales_reps")).total("operating_profit")
        ).sum()
    )
    written = ranking(app)
    at = written.index("Sales reps")
    assert written[at + 1 : at + 3] == ["$0 ARR", f"{money(cost)} profit"]
    assert heading(app, "Sales reps cost most: ").partition("\n")[0].endswith(f"{money(-cost)} of profit")


def test_of_many_moves_the_costliest_is_drawn_and_the_rest_is_told_in_money() -> None:
    app = opened("", MANY)
    scenario = read_link(f"?{MANY}").scenario
    assert len(scenario.moves) == 14
    written = ranking(app)
    assert "Sales reps" in written
    names = [text for text in written if not text.endswith((" ARR", " profit"))]
    left = [move for move in scenario.moves if scenario.title_of(move.key) not in names]
    assert len(left) == 8
    without = scenario
    for move in left:
        without = without.without(move.key)
    more = [
        project(scenario).total(line) - project(without).total(line) for line in ("arr_closing", "operating_profit")
    ]
    assert (f"Not drawn: eight moves, together {plus(money(float(more[0][-1])))} of ARR and {plus(money(float(more[1].sum())))} of profit"
            in heading(app, " most"))  # fmt: skip


@pytest.mark.parametrize(("company", "role"), [("launchpad", "churn"), ("midmarket-saas", "profit")])
def test_a_loss_has_the_colour_of_losses(company: str, role: str) -> None:
    app = opened("", f"company={company}&horizon=60" if company == "launchpad" else f"company={company}")
    traces: list[Any] = figures(app)[2]["data"]
    line = next(trace for trace in traces if trace["name"] in ("Profit", "Loss"))
    assert (line["name"], line["line"]["color"]) == ("Loss" if role == "churn" else "Profit", LIGHT[role])


def test_what_churn_takes_says_whether_failed_cards_are_in_it() -> None:
    lines = project(read_link("?company=midmarket-saas&v=1").scenario)
    lost = float((lines.total("arr_churn") + lines.total("arr_churn_involuntary")).sum())
    assert heading(opened("", "company=midmarket-saas&v=1"), f"Churn and failed cards take {money(lost)};")
