"""What is said to a link whose lead scores cannot be used, word for word; the rest of the link stands."""

from __future__ import annotations

import pytest

from model import Move, read_link
from model.command_line import main
from model.frameworks.scoring import Band, LeadScores

GOOD = "company=midmarket-saas&win_rate=0.3"
USED = "20\u202f% at 2×, 30\u202f% at 1×, 50\u202f% at 0.6× are used."
UNREAD = f"cannot be read; write share x conversion, as in 0.2x2-0.3x1-0.5x0.6. {USED}"
SHARES = f"have a share of leads out of bounds; each must lie between 0.1\u202f% and 100.0\u202f%. {USED}"
WORKED = "must be a number from 0.01 to 1. 60.0\u202f% is used."
BAD = {
    "order": ("scores=maybe", "Lead scores (scores=maybe) must be on or off. Off is used."),
    "order with HTML": ("scores=<b>", "Lead scores (scores=<b>) must be on or off. Off is used."),
    "part": ("scores.colour=1", "Lead scores have no part 'colour' (scores.colour=1); they have bands and worked. It is left out."),
    "words": ("scores.bands=good-bad", f"Lead bands (scores.bands=good-bad) {UNREAD}"),
    "nothing": ("scores.bands=", f"Lead bands (scores.bands=) {UNREAD}"),
    "not a number": ("scores.bands=nanx1-0.5x1", f"Lead bands (scores.bands=nanx1-0.5x1) {UNREAD}"),
    "exponent": ("scores.bands=1e999x1-0.5x1", f"Lead bands (scores.bands=1e999x1-0.5x1) {UNREAD}"),
    "below zero": ("scores.bands=0.5x1--0.5x1", f"Lead bands (scores.bands=0.5x1--0.5x1) {UNREAD}"),
    "one": ("scores.bands=1x1", f"Lead bands (scores.bands=1x1) are 1; there must be 2 to 6. {USED}"),
    "seven": ("scores.bands=" + "-".join(["0.1x1"] * 7),
              f"Lead bands (scores.bands=0.1x1-0.1x1-0.1x1-0.1x1-0.1x1-0.1x1-0.1…) are 7; there must be 2 to 6. {USED}"),
    "share of nothing": ("scores.bands=0x1-1x1", f"Lead bands (scores.bands=0x1-1x1) {SHARES}"),
    "share of all and more": ("scores.bands=2x1-1x1", f"Lead bands (scores.bands=2x1-1x1) {SHARES}"),
    "conversion": ("scores.bands=0.5x101-0.5x1",
                   "Lead bands (scores.bands=0.5x101-0.5x1) have a conversion out of bounds; each must lie between 0 and 100 "
                   f"times the mean. {USED}"),
    "none converts": ("scores.bands=0.5x0-0.5x0",
                      f"Lead bands (scores.bands=0.5x0-0.5x0) convert nothing; at least one must convert. {USED}"),
    "nothing worked": ("scores.worked=0", f"Share of leads worked (scores.worked=0) {WORKED}"),
    "more than all worked": ("scores.worked=1.5", f"Share of leads worked (scores.worked=1.5) {WORKED}"),
    "worked not a number": ("scores.worked=nan", f"Share of leads worked (scores.worked=nan) {WORKED}"),
    "worked without end": ("scores.worked=" + "9" * 199,
                           f"Share of leads worked (scores.worked={'9' * 39}…) {WORKED}"),
}  # fmt: skip


@pytest.mark.parametrize(("part", "message"), BAD.values(), ids=BAD)
def test_a_bad_part_is_named_once_and_the_rest_stands(part: str, message: str) -> None:
    reading = read_link(f"?{GOOD}&{part}".replace("<", "%3C").replace(">", "%3E"))
    assert reading.problems == (message,)
    assert reading.scenario.moves == (Move("win_rate", 0.3),)


@pytest.mark.parametrize("part", ["scores.x=1", "scores.worked=abc", "scores.bands=junk", "scores=banana"])
def test_what_cannot_be_used_turns_nothing_on(part: str) -> None:
    assert read_link(f"?{GOOD}&{part}").scenario.effects == {}


def test_good_parts_stand_beside_bad_ones() -> None:
    reading = read_link(f"?{GOOD}&scores=on&scores.bands=x&scores.worked=0.4&scores.a=1&scores.b=2")
    assert reading.scenario.plan("scores") == LeadScores(worked=0.4, ordered=True)
    assert len(reading.problems) == 3


def test_typed_by_hand_any_part_will_do() -> None:
    for written, wanted in {
        "scores=on": LeadScores(ordered=True),
        "scores=on&scores.worked=.5": LeadScores(worked=0.5, ordered=True),
        "scores.bands=.25x2-0.75x1": LeadScores((Band(0.25, 2), Band(0.75, 1))),
        "scores=off&scores.worked=0.5": LeadScores(worked=0.5),
        "scores=off": None,
    }.items():
        reading = read_link(f"?{written}")
        assert (reading.problems, reading.scenario.plan("scores")) == ((), wanted)


def test_the_command_line_takes_scores_and_refuses_bad_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["link", "--move", "scores=on", "--move", "scores.worked=0.5"]) == 0
    assert "scores=on&scores.bands=0.2x2-0.3x1-0.5x0.6&scores.worked=0.5" in capsys.readouterr().out
    assert main(["link", "--move", "scores.worked=" + "9" * 100_000]) == 2
    assert "must be a number from 0.01 to 1" in capsys.readouterr().err
