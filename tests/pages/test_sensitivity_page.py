"""The page What moves it: bars, curve and map are those of the model."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from model import Move, read_link
from model.outcomes import Outcome
from model.studies.sensitivity import curve, surface, tornado
from model.text import counted, rate
from pages.parts.blocks import capacity
from pages.parts.state import projected
from tests.pages.lists import named
from tests.pages.test_compare_explain import words
from tests.pages.test_pages import ODD, figures, held, opened

MOVES = "company=midmarket-saas&v=1&horizon=36&retention_rate=0.9from6over3"
SCENARIO = read_link(MOVES).scenario


def title(app: AppTest) -> str:
    return app.title[0].value.replace("\\", "")


def test_the_bars_are_those_of_the_model_coloured_by_what_is_better() -> None:
    app = opened("sensitivity", f"{MOVES}&kpi=operating_profitat24")
    found = tornado(SCENARIO, Outcome("operating_profit", month=24))
    chart = figures(app)[0]
    assert chart["layout"]["yaxis"]["ticktext"][:3] == [bar.lever.entry.label for bar in found.bars[:3]]
    (bars,) = chart["data"]
    ends = {round(bars["base"] + x, 2) for row, x in zip(bars["y"], bars["x"], strict=True) if row == 0}
    assert ends == {round(found.bars[0].at_low, 2), round(found.bars[0].at_high, 2)}
    for x, colour in zip(bars["x"], bars["marker"]["color"], strict=True):
        assert colour == ("#2E8049" if x > 0 else "#8A2F10")
    texts = {note["text"] for note in chart["layout"]["annotations"]}
    assert {found.bars[0].lever.show(found.bars[0].low), found.bars[0].lever.show(found.bars[0].high)} <= texts
    lower = figures(opened("sensitivity", f"{MOVES}&kpi=cac"))[0]["data"][0]
    assert all(
        c == ("#2E8049" if x < 0 else "#8A2F10") for x, c in zip(lower["x"], lower["marker"]["color"], strict=True)
    )
    assert len(title(app)) <= 90


def test_levers_that_do_nothing_and_ends_without_a_value_are_named() -> None:
    app = opened("sensitivity", MOVES)
    idle = tornado(SCENARIO, Outcome()).idle
    assert f"Doing nothing to it by a tenth: {', '.join(lever.entry.label for lever in idle)}." in words(app).replace(
        "\u2060", ""
    )
    none = opened("sensitivity", f"{MOVES}&kpi=nrrat3")
    assert not none.exception
    assert title(none) == "Nothing can be said about NRR in Mar 2026"
    assert (
        "NRR has no value in Mar 2026, so nothing can be said about what moves it; choose another month or metric."
        in [one.value for one in none.warning]
    )


def test_the_curve_and_the_map_are_of_the_levers_chosen_and_travel_in_the_link() -> None:
    app = opened("sensitivity", f"{MOVES}&target=50000000")
    strongest = [bar.lever for bar in tornado(SCENARIO, Outcome()).bars[:2]]
    assert app.segmented_control(key="vary").value == "tenth"
    assert named(app.selectbox, "lever:Lever").value == strongest[0].key
    named(app.selectbox, "lever:and another").set_value("upsell_rate").run()
    named(app.selectbox, "lever:Lever").set_value("average_selling_price").run()
    named(app.selectbox, "lever:and another").set_value("win_rate").run()
    assert held(app, "levers") == "average_selling_price~win_rate"
    _, along, over = figures(app)
    found = curve(SCENARIO, Outcome(), "average_selling_price", 50e6)
    assert along["data"][1]["y"] == pytest.approx(found.values.tolist())
    assert along["data"][3]["x"] == pytest.approx(list(found.crossings))
    assert found.lever.show(found.crossings[0]) in words(app)
    assert over["data"][0]["z"][3] == pytest.approx(
        surface(SCENARIO, Outcome(), "average_selling_price", "win_rate").values[3].tolist()
    )
    assert over["data"][2]["contours"]["start"] == 50e6
    assert {"$35M", "$50M"} <= {note["text"] for note in over["layout"]["annotations"]}
    app.segmented_control(key="vary").set_value("step").run()
    assert (held(app, "vary"), held(app, "levers")) == ("step", "average_selling_price~win_rate")
    app.number_input(key="goal").set_value(None).run()
    assert held(app, "target") == ""
    assert len(figures(app)[1]["data"]) == 2


def test_levers_are_of_the_segment_in_view() -> None:
    app = opened("sensitivity", f"{MOVES}&segment=ent")
    found = tornado(SCENARIO, Outcome(), "ent")
    assert figures(app)[0]["layout"]["yaxis"]["ticktext"][0] == found.bars[0].lever.entry.label
    assert "each lever of Enterprise alone" in words(app)


@pytest.mark.parametrize("page", ["sensitivity", "aim"])
def test_hostile_settings_are_named_and_shown_as_text(page: str) -> None:
    app = opened(
        page,
        f"{MOVES}&target={ODD[:30]}&levers={ODD[:30]}&vary={ODD[:30]}&aim.win_rate={ODD[:30]}&aim.{ODD[:20]}=x1&aim=1e999",
    )
    assert not app.exception
    assert len(app.warning) == 6
    assert "<img" not in str(figures(app))
    assert held(app, "retention_rate") == "0.9from6over3"


def test_the_page_says_what_the_length_of_a_bar_means() -> None:
    app = opened("sensitivity", f"{MOVES}&win_rate=0.2in0.15to0.25&vary=usual")
    assert "* Win rate: over the range given. Usual ranges are those of the sliders" in words(app)
    assert "each lever alone over the range given where it has one (*), else over its usual range" in words(app)
    most = tornado(read_link(f"{MOVES}&win_rate=0.2in0.15to0.25").scenario, Outcome(), "", "usual").bars[0].lever.title
    assert title(app) == f"Ranges given, else usual ranges: {most} moves ARR in Dec 2028 most"
    app.segmented_control(key="vary").set_value("step").run()
    assert "Steps are those of the sliders" in words(app)
    assert "over the range given" not in words(app)
    assert not any("*" in name for name in figures(app)[0]["layout"]["yaxis"]["ticktext"])
    app.segmented_control(key="vary").set_value("tenth").run()
    assert "each lever alone over the range given where it has one (*), else a tenth of its value down and up" in words(
        app
    )
    assert [name for name in figures(app)[0]["layout"]["yaxis"]["ticktext"] if "*" in name] == ["Win rate *"]
    assert title(app) == "Ranges given, else a tenth: Win rate moves ARR in Dec 2028 most"
    assert held(app, "vary") == ""


def test_a_curve_that_flattens_because_capacity_binds_says_so_and_no_other_does() -> None:
    """More win rate only lengthens the queue of won deals; retention has no part in it, nor has capacity in low win rates."""
    app = opened("sensitivity", f"{MOVES}&levers=win_rate~slip_rate")
    end = curve(SCENARIO, Outcome(), "win_rate").at[-1]
    (warning,) = capacity(projected(SCENARIO.with_move(Move("win_rate", float(end)))))
    assert f"It flattens towards {rate(float(end))}, where s{warning[1:]}" in words(app)
    assert words(app).count("It flattens") == 1
    for lever in ("retention_rate", "fixed_costs", "sales_reps"):
        assert "It flattens" not in words(opened("sensitivity", f"{MOVES}&levers={lever}~slip_rate"))


def test_the_lines_of_the_map_are_named_in_billions_as_axes_are() -> None:
    app = opened("sensitivity", "average_selling_price=1000000000&leads_per_month=10000000")
    names = {note["text"] for note in figures(app)[2]["layout"]["annotations"]}
    assert {"$200B", "$300B", "$400B"} <= names


def heading_of(app: AppTest, part: str) -> str:
    return next(
        line
        for text in app.markdown
        for line in text.value.replace("\\", "").splitlines()
        if line.startswith("## ") and part in line
    )


def test_where_a_tenth_moves_nothing_the_page_says_what_was_tried_and_agrees_with_itself() -> None:
    asked = "company=midmarket-saas&v=1&horizon=24&kpi=burn_multipleat24"
    app = opened("sensitivity", asked)
    scenario, outcome = read_link(f"?{asked}").scenario, Outcome("burn_multiple", "", 24)
    assert not tornado(scenario, outcome).bars
    wide = tornado(scenario, outcome, "", "usual").bars
    assert title(app) == "By a tenth, no lever moves Burn multiple in 2027"
    assert f"Over usual ranges, as in the curve and the map, {counted(len(wide), 'lever').lower()} move it." in words(
        app
    )
    assert "from 0.0× to 0.0×" not in words(app)
    assert heading_of(app, wide[0].lever.title)  # the curve is that of the lever which moves it most over usual ranges


def test_a_lever_that_moves_nothing_is_said_to_leave_it() -> None:
    app = opened(
        "sensitivity",
        "company=midmarket-saas&v=1&horizon=24&kpi=burn_multipleat24&levers=cost_of_capital~days_to_collect",
    )
    assert heading_of(app, "Cost of capital leaves it at 0.0×")
    assert heading_of(app, "Both together leave it at 0.0×")
