"""What is true of made-up companies is found again: nine in ten intervals hold it, and no value is far off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest

from model import load_shipped
from model.history.asking.engine import in_process
from model.history.asking.gather import gather
from model.history.measuring.calibrate import Calibration, calibrate
from model.history.measuring.intervals import trend
from model.history.measuring.measure import Measured
from model.history.reading.files import GivenFile, read_files
from tests import sample_exports as made
from tests.simulated import larger, simulated

TEMPLATE = load_shipped("midmarket-saas")
TIMES = {"samples": 1, "three times as large": 3}
QUARTER = 91 / 30.4375
FARTHEST = 2.5
"""No value may lie farther from the truth than so many times the distance to the end of its interval."""


@cache
def calibrated(name: str, seed: int = 0) -> Calibration:
    """Return the sample exports as files measure them, or a company drawn like them."""
    if name == "samples":
        kinds = [kind for kind in made.HEADERS if kind != "actuals"]
        files = [GivenFile(kind, f"{kind}.csv", (made.FOLDER / f"{kind}.csv").read_bytes()) for kind in kinds]
        tables = dict(read_files(files).tables)
    else:
        tables = simulated(seed, TIMES[name])
    with in_process(tables) as engine:
        return calibrate(gather(engine), template=TEMPLATE, title="Ours")


def truths(truth: made.Truth) -> dict[str, float]:
    """Return what measures of a segment should find."""
    months = np.arange(made.MONTHS)
    leads = 0.5 * truth.leads_per_month * 1.15 ** (months / 12)
    opportunities = leads * truth.lead_conversion + truth.outbound
    slips = truth.slip_rate / (1 - truth.slip_rate)
    found = {
        "win_rate": truth.win_rate,
        "eventual_win_rate": truth.win_rate,
        "slip_rate": truth.slip_rate,
        "sales_cycle": truth.cycle_months - 0.5 / 30.4375 + QUARTER * slips,  # days are cut off
        "time_to_won": truth.cycle_months - 0.5 / 30.4375 + QUARTER * slips,
        "cycle_spread": np.sqrt(truth.cycle_months**2 / 4 + QUARTER**2 * slips * (1 + slips)),
        "discount": truth.discount,
        "average_selling_price": truth.price * (1 - truth.discount),
        "opportunities_per_month": opportunities[-12:].mean(),
        "opportunity_trend": trend(opportunities[-36:])[0],
        "won_arr": 12 * opportunities[-12:].mean() * truth.win_rate * truth.price * (1 - truth.discount)
        * 1.15 ** (-(truth.cycle_months + QUARTER * slips) / 12),
        "leads_per_month": leads[-12:].mean(),
        "lead_conversion": truth.lead_conversion,
        "contract_term": truth.term,
    }  # fmt: skip
    if truth.card_share:
        found |= {"card_share": truth.card_share, "payment_failure_rate": made.FAILING_INVOICES / 12,
                  "dunning_recovery": made.RECOVERY}  # fmt: skip
    if truth.term == 12:
        found |= {"first_year_retention": truth.retention_rate, "loyalty_spread": truth.loyalty_spread}
    return found


@dataclass(frozen=True)
class Found:
    """A measure of a segment beside the truth."""

    one: Measured
    truth: float

    @property
    def held(self) -> bool:
        return self.one.low <= self.truth <= self.one.high

    @property
    def off(self) -> float:
        """How far the value is from the truth, as a multiple of the distance to the end of its interval that way."""
        reach = self.one.high - self.one.value if self.truth > self.one.value else self.one.value - self.one.low
        return abs(self.truth - self.one.value) / max(reach, 1e-12)


def beside(name: str, seed: int = 0) -> Iterator[Found]:
    calibration = calibrated(name, seed)
    ids = {title: segment for segment, title in calibration.company.segments.items()}
    for truth in larger(TIMES[name]):
        true = truths(truth)
        for one in calibration.measured:
            if one.segment == ids[truth.title] and one.measure in true and one.enough and one.has_interval:
                yield Found(one, true[one.measure])


EVERY = [("samples", 0), *(("three times as large", seed) for seed in range(3))]


def test_nine_in_ten_intervals_of_whole_companies_hold_the_truth() -> None:
    """About a hundred measures of the samples and of three larger companies, through files, facts and measures."""
    found = [one for name, seed in EVERY for one in beside(name, seed)]
    assert len(found) > 90
    assert 0.83 <= np.mean([one.held for one in found]) <= 0.97, [str(one.one) for one in found if not one.held]
    assert {(one.one.measure, one.one.segment, round(one.off, 2)) for one in found if one.off > FARTHEST} == set()


@pytest.mark.parametrize("name", ["win_rate", "slip_rate", "sales_cycle", "average_selling_price", "won_arr"])
def test_the_middle_of_all_values_is_near_the_truth(name: str) -> None:
    """By chance they lie on both sides; a measure that errs one way does not."""
    ratios = [found.one.value / found.truth for given in EVERY for found in beside(*given) if found.one.measure == name]
    assert np.mean(ratios) == pytest.approx(1, abs=0.08)


def test_a_value_off_by_half_would_be_found_out() -> None:
    for found in beside("three times as large"):
        tight = found.one.measure in ("win_rate", "slip_rate", "sales_cycle", "average_selling_price")
        if tight and found.one.segment == "small-business":
            wrong = Found(found.one, found.truth * 1.5)
            assert not wrong.held
            assert wrong.off > FARTHEST


def test_the_company_takes_what_was_found() -> None:
    """The assumptions of the sample company, beside what is true of it, each within the reach of its measure."""
    company = calibrated("samples").company
    ids = {title: segment for segment, title in company.segments.items()}
    for truth in made.TRUTHS:
        of = {name: company.assumptions[name][ids[truth.title]] for name in company.assumptions}
        assert of["win_rate"] == pytest.approx(truth.win_rate, rel=0.4)
        assert of["slip_rate"] == pytest.approx(truth.slip_rate, rel=0.15)
        assert of["sales_cycle_months"] == pytest.approx(truth.cycle_months, rel=0.1)
        assert of["average_selling_price"] == pytest.approx(truth.price, rel=0.12)
        assert of["price_discount"] == pytest.approx(truth.discount, rel=0.1)
        assert of["contract_term_months"] == truth.term
        failing = of["card_share"] * of["payment_failure_rate"] * (1 - of["dunning_recovery"])
        assert of["retention_rate"] * (1 - failing) ** 12 == pytest.approx(truth.retention_rate, abs=0.04)
        grown = (1 + of["upsell_rate"]) * (1 - of["contraction_rate"]) - 1
        assert grown == pytest.approx(truth.expansion, abs=0.05)
