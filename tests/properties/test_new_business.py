"""New business is measured over one stretch of months, so that the plan begins at the pace of the last year."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from model import load_shipped
from model.history.asking.facts import Facts
from model.history.measuring.agreement import Agreement
from model.history.measuring.calibrate import Calibration, calibrate, report
from model.history.measuring.measure import Measured
from tests.histories import Deal, Held, book_tables, deal_tables, facts

MONTHS, UNTIL, LAST_DAY = 60, 659, 660 * 30
TEMPLATE = load_shipped("midmarket-saas")


def company(
    seed: int,
    win_rates: tuple[float, ...],
    *,
    a_month: float = 40,
    to_win: float = 2,
    to_lose: float = 2,
    grows: float = 0,
) -> Facts:
    """Return five years of opportunities whose win rate is that of the year they were created in."""
    rng = np.random.default_rng(seed)
    deals = []
    for month in range(MONTHS):
        for _ in range(rng.poisson(a_month * (1 + grows) ** (month / 12))):
            created = (UNTIL - MONTHS + 1 + month) * 30 + int(rng.integers(30))
            won = rng.random() < win_rates[month // 12]
            decided = created + int(rng.gamma(4, (to_win if won else to_lose) * 30 / 4))
            known = decided < LAST_DAY
            price = int(rng.lognormal(11, 0.4))
            deals.append(
                Deal(created, decided if known else None, ("won" if won else "lost") if known else "open", price)
            )
    return facts(UNTIL, **deal_tables(deals, LAST_DAY))


def measured(found: Calibration, name: str) -> Measured:
    return next(one for one in found.measured if one.measure == name and not one.segment)


@cache
def calibrated(seed: int, *given: float, **more: float) -> Calibration:
    return calibrate(company(seed, given, **more), template=TEMPLATE, title="Ours")


FALLING = (0.40, 0.36, 0.32, 0.28, 0.24)


def test_a_win_rate_that_drifts_is_that_of_the_last_year() -> None:
    """Opportunities × win rate × price come back to what was won; the rate of all years would promise a third more."""
    pace, all_years = [], []
    for seed in range(20):
        found = calibrated(seed, *FALLING)
        won, rate = measured(found, "won_arr"), measured(found, "win_rate")
        assert (rate.period, won.period) == ("2024-01 to 2024-12",) * 2
        assert found.agreement is not None
        pace.append(found.agreement.pace / won.value)
        counts = found.facts.prices[["won", "decided"]].sum()
        all_years.append(pace[-1] * counts["won"] / counts["decided"] / rate.value)
    assert np.mean(pace) == pytest.approx(1, abs=0.02)
    assert np.mean(all_years) > 1.2


def test_the_plan_of_a_steady_company_begins_where_its_last_year_ended() -> None:
    projected = []
    for seed in range(20):
        found = calibrated(seed, *[0.3] * 5)
        assert found.agreement is not None
        projected.append(found.agreement.projected / measured(found, "won_arr").value)
    assert np.mean(projected) == pytest.approx(1, abs=0.03)


def test_decisions_of_a_year_miss_no_slow_win_as_opportunities_of_a_year_do() -> None:
    """Losses take one month and wins six; of the opportunities created this year, the wins to come are still open."""
    rates, of_created = [], []
    for seed in range(20):
        found = calibrated(seed, *[0.3] * 5, to_win=6.0, to_lose=1.0)
        rates.append(measured(found, "win_rate").value)
        rows = found.facts.decisions
        young = rows[(rows["days"] <= 360) & (rows["outcome"] != "open")].groupby("outcome")["opportunities"].sum()
        recent = (1 - 6 / 12) * young["won"], (1 - 1 / 12) * young["lost"]  # decided within the year of their creation
        of_created.append(recent[0] / sum(recent))
    assert np.mean(rates) == pytest.approx(0.3, abs=0.01)
    assert np.mean(of_created) < 0.22


def test_where_growth_tips_the_win_rate_of_a_year_the_plan_still_wins_what_comes() -> None:
    """With 20 % growth and wins five months later than losses, wins are those of a smaller pipeline: e^(−0.18 × 5 / 12).

    The model decides won and lost at one pace, sooner than wins come; at the lower rate it wins what really comes.
    """
    found = [calibrated(seed, *[0.3] * 5, to_win=6.0, to_lose=1.0, grows=0.2) for seed in range(20)]
    tipped = 0.3 * np.exp(-np.log(1.2) * 5 / 12)
    assert np.mean([measured(one, "win_rate").value for one in found]) == pytest.approx(
        tipped / (tipped + 0.7), abs=0.01
    )
    plans = [one.agreement.projected / measured(one, "won_arr").value for one in found if one.agreement]
    assert np.mean(plans) == pytest.approx(1.2, abs=0.04)
    assert ("A win takes 6.0 months, a decision 2.4; the plan decides won and lost at the same pace, so its wins come 3.6 months too early."
            in found[0].notes)  # fmt: skip


def test_few_wins_are_taken_from_more_months_and_it_is_said() -> None:
    found = calibrated(1, *[0.3] * 5, a_month=7.0)
    in_year = found.facts.prices[found.facts.prices["month"] > UNTIL - 12]["won"].sum()
    assert in_year < 30
    for name in ("win_rate", "average_selling_price", "opportunities_per_month", "pipeline_per_month", "repeat_wins"):
        assert measured(found, name).period == "2023-01 to 2024-12"
    assert measured(found, "won_arr").period == "2024-01 to 2024-12"
    assert ("Fewer than 30 opportunities were won in the last 12 months, so opportunities, win rate and price are those of 24 months."
            in found.notes)  # fmt: skip
    assert "of the 24 months measured to the first" in found.company.sources["leads_per_month"] or (
        found.company.sources["lead_growth"].startswith("set: 0")
    )


def test_the_agreement_is_the_first_thing_a_report_says() -> None:
    found = calibrated(1, *FALLING)
    lines = report(found).splitlines()
    assert lines[2].startswith("New ARR: $")
    assert " in the plan's first 12 months; the last 12 brought $" in lines[2]
    assert " by the opportunities won ($" in lines[2]
    assert lines[2].endswith(" a year.")
    assert not found.agreement.off


def one(measure: str, value: float, low: float, high: float, n: int = 100) -> Measured:
    return Measured(measure, "", value, n, low, high, "2024-01 to 2024-12")


def test_a_plan_beyond_chance_is_warned_of() -> None:
    won, new = one("won_arr", 1e6, 9e5, 1.1e6), one("new_arr", 8e5, 7e5, 1.3e6)
    assert Agreement(1.2e6, 1.1e6, (won, new), "USD").off == (won,)
    assert Agreement(1.2e6, 1.1e6, (won, new), "USD").warnings == (
        "The plan begins with 20.0\u202f% more new ARR than the last 12 months brought by the opportunities won, which is more than "
        "chance: look at opportunities created and decided, and at the trend.",
    )
    assert Agreement(1.05e6, 1.1e6, (won, new), "USD").warnings == ()
    assert Agreement(1.2e6, 1.1e6, (one("won_arr", 1e6, 9e5, 1.1e6, n=9),), "USD").off == ()


def test_without_opportunities_the_book_says_what_new_arr_was() -> None:
    held = [Held(n, 620 + n % 40, 900, 1_200_000) for n in range(400)]
    found = calibrate(facts(UNTIL, **book_tables(held, UNTIL)), template=TEMPLATE, title="Ours")
    assert found.agreement is not None
    assert [one.measure for one in found.agreement.real] == ["new_arr"]
    assert found.agreement.real[0].value == found.agreement.pace == pytest.approx(120 * 12_000)
    assert found.agreement.projected == pytest.approx(120 * 12_000, rel=0.01)


def test_wins_of_accounts_that_won_before_are_counted_and_told() -> None:
    prices = [("customers", part, 650 + part % 10, 10, 5, 5, 1, 5, 5_000_000, 0, 0, 0) for part in range(16)]
    seen = facts(UNTIL, prices=prices, created=[("customers", 650 + n, 20, 20, 9_000_000) for n in range(10)],
                 decisions=[("customers", part, outcome, 40, 5) for part in range(16) for outcome in ("won", "lost")])  # fmt: skip
    found = calibrate(seen, template=TEMPLATE, title="Ours")
    again = measured(found, "repeat_wins")
    assert (again.value, again.n) == (0.8, 80)
    assert any(
        note.startswith("80.0\u202f% of the opportunities won are of accounts that had won before")
        for note in found.notes
    )


def test_a_pipeline_amount_says_how_many_opportunities_have_one() -> None:
    seen = facts(UNTIL, prices=[("customers", 0, 659, 10, 10, 0, 0, 10, 5_000_000, 0, 0, 0)],
                 created=[("customers", 659, 20, 15, 9_000_000)])  # fmt: skip
    found = calibrate(seen, template=TEMPLATE, title="Ours")
    assert (measured(found, "opportunities_per_month").n, measured(found, "pipeline_per_month").n) == (20, 15)
