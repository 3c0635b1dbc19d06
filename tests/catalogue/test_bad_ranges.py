"""Every mistake about ranges in a link gets its exact message, and the rest of the link stands."""

from __future__ import annotations

import csv
import io

import pytest

from model import Move, Scenario, load_shipped, read_link, write_link
from model.command_line import main
from model.doubt import Doubt
from model.export import assumptions_csv

COMPANY = load_shipped("midmarket-saas")
GOOD = "retention_rate=0.93in0.88to0.96&win_rate.ent=0.3in0.2to0.4from6&upsell_rate=0.1"
MOVES = (
    Move("retention_rate", 0.93, range=(0.88, 0.96)),
    Move("win_rate", 0.3, "ent", 6, range=(0.2, 0.4)),
    Move("upsell_rate", 0.1),
)
WITH = "with a range are retention_rate, win_rate.ent. It is left out."
CONFIDENCE = "must lie between 0.5 and 0.99. 80\u202f% is used."
BAD = {
    "range=0.3": f"The confidence of ranges (range=0.3) {CONFIDENCE}",
    "range=1": f"The confidence of ranges (range=1) {CONFIDENCE}",
    "range=nan": f"The confidence of ranges (range=nan) {CONFIDENCE}",
    "range=1e999": f"The confidence of ranges (range=1e999) {CONFIDENCE}",
    "range=": f"The confidence of ranges (range=) {CONFIDENCE}",
    "range=<b>": f"The confidence of ranges (range=<b>) {CONFIDENCE}",
    "range.forecast=maybe": "Whether forecasts miss (range.forecast=maybe) must be on or off. On is used.",
    "range.retention_rate~win_rate.ent=2": "The correlation of Retention and Win rate of Enterprise (range.retention_rate~"
    "win_rate.ent=2) must lie between −1 and 1. They are taken as independent.",
    "range.retention_rate~win_rate.ent=nan": "The correlation of Retention and Win rate of Enterprise (range.retention_rate~"
    "win_rate.ent=nan) must lie between −1 and 1. They are taken as independent.",
    "range.retention_rate~retention_rate=1": "Retention cannot vary together with itself "
    "(range.retention_rate~retention_rate=1). It is left out.",
    "range.retention_rate~upsell_rate=0.5": "'upsell_rate' has no range here, so nothing can vary together with it "
    f"(range.retention_rate~upsell_rate=0.5); {WITH}",
    "range.retention_rate~win_rate=0.5": "'win_rate' has no range here, so nothing can vary together with it "
    f"(range.retention_rate~win_rate=0.5); {WITH}",
    "range.retention_rate~win_rate.nope=0.5": "'win_rate.nope' has no range here, so nothing can vary together with it "
    f"(range.retention_rate~win_rate.nope=0.5); {WITH}",
    "range.retention_rate~nothing=0.5": "There is no assumption 'nothing' (range.retention_rate~nothing=0.5). It is left out.",
    "range.retention_rate=0.5": "range.retention_rate=0.5 names no two levers; write range.retention_rate~upsell_rate=0.5. "
    "It is left out.",
    "range.a~b~c=0.5": "range.a~b~c=0.5 names no two levers; write range.retention_rate~upsell_rate=0.5. It is left out.",
    "range.=0.5": "range.=0.5 names no two levers; write range.retention_rate~upsell_rate=0.5. It is left out.",
}  # fmt: skip


@pytest.mark.parametrize("part", BAD)
def test_a_bad_part_is_named_and_the_rest_stands(part: str) -> None:
    reading = read_link(f"?{GOOD}&{part}")
    assert reading.problems == (BAD[part],)
    assert reading.scenario == Scenario(COMPANY, MOVES, 36)


@pytest.mark.parametrize("bad", ["nan", "2"])
@pytest.mark.parametrize("first", [True, False])
def test_where_a_pair_is_given_twice_the_value_that_can_be_used_stands(bad: str, *, first: bool) -> None:
    parts = [f"range.win_rate.ent~retention_rate={bad}", "range.retention_rate~win_rate.ent=-0.5"]
    reading = read_link(f"?{GOOD}&{'&'.join(parts if first else parts[::-1])}")
    assert reading.problems == (
        f"The correlation of Win rate of Enterprise and Retention ({parts[0]}) must lie between −1 and 1. "
        "The other value given for this pair, −0.5, is used.",
    )
    assert reading.scenario.doubt.together == (("retention_rate", "win_rate.ent", -0.5),)


def test_a_pair_given_both_ways_round_with_other_values_is_named() -> None:
    parts = ["range.win_rate.ent~retention_rate=0.5", "range.retention_rate~win_rate.ent=-0.5"]
    reading = read_link(f"?{GOOD}&{'&'.join(parts)}")
    assert reading.problems == (
        "The correlation of Retention and Win rate of Enterprise is given twice (range.win_rate.ent~retention_rate=0.5 and "
        "range.retention_rate~win_rate.ent=-0.5); −0.5, the last, is used.",
    )
    assert reading.scenario.doubt.together == (("retention_rate", "win_rate.ent", -0.5),)
    assert not read_link(f"?{GOOD}&{'&'.join(parts)}".replace("-0.5", "0.5")).problems


def test_doubt_travels_in_a_link_whose_characters_need_no_escaping() -> None:
    doubt = Doubt(0.9, (("retention_rate", "win_rate.ent", -0.5),), noise=False)
    scenario = Scenario.of(COMPANY, MOVES, doubt=doubt)
    address = write_link(scenario)
    assert address.endswith("&range=0.9&range.forecast=off&range.retention_rate~win_rate.ent=-0.5")
    assert read_link(address).problems == ()
    assert read_link(address).scenario == scenario
    assert "range" not in write_link(Scenario.of(COMPANY, MOVES[2:]))


def test_a_pair_may_be_named_in_either_order_and_0_takes_it_back() -> None:
    reading = read_link(f"?{GOOD}&range.win_rate.ent~retention_rate=0.5")
    assert reading.scenario.doubt == Doubt(together=(("retention_rate", "win_rate.ent", 0.5),))
    assert reading.scenario.doubt.correlated("win_rate.ent", "retention_rate", 0) == Doubt()


def test_correlations_of_a_lever_go_with_its_range() -> None:
    scenario = read_link(f"?{GOOD}&range=0.9&range.retention_rate~win_rate.ent=0.5").scenario
    assert scenario.without("retention_rate").doubt == Doubt(0.9)
    assert scenario.with_move(Move("win_rate", 0.3, "ent", 6)).doubt == Doubt(0.9)
    assert scenario.with_horizon(24).doubt == scenario.doubt
    assert scenario.base.doubt == Doubt()


def test_of_many_levers_that_contradict_each_other_a_few_are_named() -> None:
    names = (
        "retention_rate",
        "win_rate",
        "upsell_rate",
        "cross_sell_rate",
        "save_rate",
        "slip_rate",
        "card_share",
        "gross_margin",
    )
    ranges = "&".join(f"{name}=0.5in0.4to0.6" for name in names)
    pairs = "&".join(f"range.{names[0]}~{name}=0.9" for name in names[1:])
    (told,) = read_link(f"?{ranges}&{pairs}").problems
    assert told.startswith("The correlations between Retention, ")
    assert " and 2 more contradict each other: " in told
    assert len(told) < 300


def test_the_command_line_takes_doubt_and_refuses_what_is_wrong_with_it(capsys: pytest.CaptureFixture[str]) -> None:
    ranged = ["--move", "retention_rate=0.93in0.88to0.96", "--move", "win_rate=0.3in0.2to0.4"]
    assert main(["link", *ranged, "--move", "range=0.9", "--move", "range.retention_rate~win_rate=0.5"]) == 0
    address = capsys.readouterr().out.strip()
    assert "&range=0.9&range.retention_rate~win_rate=0.5&check=" in address
    assert main(["link", address]) == 0
    assert "--move range.retention_rate~win_rate=0.5\n" in capsys.readouterr().out
    assert main(["link", *ranged, "--move", "range=2"]) == 2
    assert capsys.readouterr().err == (
        f"revlens: The confidence of ranges (range=2) {CONFIDENCE}\nrevlens: Nothing was written.\n"
    )


def test_the_assumptions_file_has_low_and_high_of_each_segment_at_its_end() -> None:
    rows = list(csv.DictReader(io.StringIO(assumptions_csv(read_link(f"?{GOOD}").scenario).decode())))
    assert list(rows[0])[-2:] == ["low", "high"]
    of = {(row["assumption"], row["segment"]): (row["low"], row["high"]) for row in rows}
    assert of["win_rate", "ent"] == ("0.2", "0.4")
    assert of["win_rate", "smb"] == of["upsell_rate", "ent"] == ("", "")
    mean, base = COMPANY.mean("retention_rate"), COMPANY.assumptions["retention_rate"]
    for segment in COMPANY.segments:
        low, high = (float(end) for end in of["retention_rate", segment])
        assert low == pytest.approx(base[segment] + 0.88 - mean)
        assert high == pytest.approx(min(1, base[segment] + 0.96 - mean))
