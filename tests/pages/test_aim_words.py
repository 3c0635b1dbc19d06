"""What the page Aim says is what the model says, once it is solved again; what reads as nothing is not said."""

from __future__ import annotations

import re

import pytest

from model import read_link
from model.outcomes import Outcome
from model.studies.aim import aim
from model.studies.aim_link import Allowed
from model.text import rate
from tests.pages.test_compare_explain import words
from tests.pages.test_pages import opened
from tests.pages.test_sensitivity_page import title

COMPANY = "company=midmarket-saas&v=1&horizon=36"
PROFIT = f"{COMPANY}&kpi=operating_profitat24&target=4018530"
BASE = read_link(COMPANY).scenario
HELD = (Allowed("retention_rate", 1, 0.6, 0.9), Allowed("win_rate", 1, 0.05, 0.21),
        Allowed("average_selling_price", 1, 30_937.5, 63_000.0), Allowed("upsell_rate"), Allowed("rep_cost", 5.0))  # fmt: skip


def asked(*allowed: Allowed) -> str:
    return "&".join([PROFIT, *(f"aim.{one.key}={one.value}" for one in allowed)])


def effort(mix: int, *allowed: Allowed) -> float:
    return aim(BASE, Outcome("operating_profit", month=24), 4_018_530.0, allowed).mixes[mix].effort


def test_a_bound_is_named_at_which_the_lever_is_held_and_its_room_is_solved_again() -> None:
    said = words(opened("aim", asked(*HELD)))
    wider = (HELD[0], Allowed("win_rate", 1, 0.05, 0.215), *HELD[2:])
    if_so = "If Win rate could go to 21.5\u202f% instead of 21.0\u202f%, the mix would take"
    for kept in (HELD, HELD[:-1]):
        less = rate(1 - effort(0, *(one for one in wider if one in kept or one.high == 0.215)) / effort(0, *kept), 1)
        assert f"{if_so} {less} less effort." in said
    assert "instead of 5.0\u202f%" not in said
    assert "instead of $30.9K" not in said


@pytest.mark.parametrize(("kpi", "target", "short"), [
    ("nrr", 3, "92.7 pts short"), ("logo_churn", 0, " pts short"), ("grr", 1.2, " pts short"),
])  # fmt: skip
def test_what_a_share_is_short_of_its_target_is_told_in_points(kpi: str, target: float, short: str) -> None:
    said = words(opened("aim", f"{COMPANY}&kpi={kpi}&target={target}"))
    assert short in said
    assert "\u202f% short" not in said


@pytest.mark.parametrize("query", [
    "kpi=cac_payback&target=15", "kpi=cac_payback&target=0", "kpi=logo_churn&target=0", "kpi=nrr&target=1.0151",
])  # fmt: skip
def test_what_reads_as_nothing_is_not_said(query: str) -> None:
    said = words(opened("aim", f"{COMPANY}&{query}"))
    for nothing in ("were 0.0", "bring +0.0", "take 0.0", "bring \u22120.0", "0.0 months further", "0.00 points"):
        assert nothing not in said


def test_where_less_is_better_more_room_is_told_as_less() -> None:
    said = words(opened("aim", f"{COMPANY}&kpi=cac_payback&target=0"))
    assert "the mix would bring \u2212" in said
    assert "the mix would bring +" not in said


@pytest.mark.parametrize(("query", "wanted"), [
    (asked(HELD[1], HELD[0]), "Your two levers reach $3.78M, $240K short of $4.02M"),
    (asked(HELD[0]), "Your one lever reaches $"),
    (f"{COMPANY}&kpi=nrr&target=3&aim.retention_rate=x1&aim.upsell_rate=x1", "Your two levers reach 1"),
    (f"{COMPANY}&kpi=grr&target=0.99&aim.leads_per_month=x1", "Your one lever "),
    (f"{COMPANY}&kpi=nrr&target=1.2&aim.days_to_collect=x1&aim.cost_of_capital=x1",
     "Your two levers bring it no nearer to 120.0\u202f%"),
    (f"{COMPANY}&kpi=operating_profitat24&target=400000000",
     "$400M is out of reach within these bounds: these eight levers reach $36.2M"),
    (f"{COMPANY}&kpi=cac_payback&target=0", "0.0 months is out of reach within these bounds: these eight levers reach 4.4 months"),
])  # fmt: skip
def test_where_a_mix_falls_short_the_title_says_whose_levers_and_how_far(query: str, wanted: str) -> None:
    app = opened("aim", query)
    assert title(app).startswith(wanted)
    assert len(title(app)) <= 90


def test_a_lever_that_leaves_its_bounds_alone_is_told_and_not_offered() -> None:
    app = opened("aim", asked(HELD[1], HELD[0]))
    assert (
        "Beyond the bounds that a mix keeps to: Win rate 22.9\u202f% (5.0\u202f% to 21.0\u202f%), Retention 9"
        in words(app)
    )
    offered = {button.key for button in app.button if button.key and button.key.startswith("apply:")}
    assert offered
    assert not offered & {"apply:win_rate", "apply:retention_rate"}
    assert "Beyond the bounds" not in words(opened("aim", PROFIT))


def test_the_title_counts_no_lever_alone_that_leaves_its_bounds() -> None:
    """Fixed costs are the shortest way alone; kept within narrow bounds another lever is told."""
    keep = (*HELD, Allowed("fixed_costs", 1, 6_400_000.0, 6_900_000.0))
    assert "Fixed costs alone" in title(opened("aim", asked(*HELD)))
    assert "Fixed costs alone" not in title(opened("aim", asked(*keep)))


@pytest.mark.parametrize(("target", "wanted"), [
    ("3880000", "If Win rate could go to 21.5\u202f% instead of 21.0\u202f%, the mix would reach $3.88M."),
    ("3777000", "If the target were $5.62K further (1\u202f% of the way), the mix would not reach it."),
])  # fmt: skip
def test_room_that_reaches_a_target_and_a_target_that_leaves_reach_are_told(target: str, wanted: str) -> None:
    assert wanted in words(opened("aim", asked(HELD[1], HELD[0]).replace("4018530", target)))


def test_of_the_bounds_told_the_one_comes_first_that_brings_most() -> None:
    said = words(opened("aim", f"{COMPANY}&kpi=operating_profitat24&target=400000000"))
    gains = [float(gain) for gain in re.findall(r"mix would bring \+\$(\d+)K", said)]
    assert len(gains) == 3
    assert gains == sorted(gains, reverse=True)
