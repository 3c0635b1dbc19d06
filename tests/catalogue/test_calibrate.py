"""Files into a company: numbers that can be computed by hand, what sets what, what stays and why, word by word."""

from __future__ import annotations

import csv
import io
import random
import subprocess
import sys
from collections.abc import Sequence
from functools import cache

import pytest

from model import Company, ExportError, Scenario, assumptions, company_toml, load_shipped, project, read_company
from model.company_file import company_from
from model.history.asking.engine import in_process
from model.history.asking.facts import Facts
from model.history.asking.gather import gather
from model.history.measuring.calibrate import Calibration, calibrate, report
from model.history.measuring.following import marketing_share
from model.history.measuring.measures import ESTIMATES, Measured
from model.history.reading.files import GivenFile, Imported, read_files
from model.history.written import measures_csv
from tests.histories import Held, book_tables, facts
from tests.random_companies import random_company

DEALS = "Opportunity ID,Stage,Created Date,Close Date,Amount"
SUBSCRIPTIONS = "Subscription ID,Customer ID,Start Date,End Date,MRR,Is Trial"
TEMPLATE = load_shipped("midmarket-saas")


def table(header: str, rows: Sequence[str]) -> bytes:
    return ("\n".join([header, *rows]) + "\n").encode()


def imported(**files: bytes) -> Imported:
    return read_files([GivenFile(kind, f"{kind}.csv", content) for kind, content in files.items()])


@cache
def gathered(**files: bytes) -> tuple[Facts, str]:
    read = imported(**files)
    with in_process(read.tables) as engine:
        return gather(engine), read.currency


def found_in(template: Company = TEMPLATE, **files: bytes) -> Calibration:
    seen, currency = gathered(**files)
    return calibrate(seen, template=template, title="Ours", currency=currency)


def value(calibration: Calibration, name: str, segment: str = "") -> float:
    return calibration.company.assumptions[name][segment or next(iter(calibration.company.segments))]


def one(calibration: Calibration, measure: str, segment: str = "") -> Measured:
    (found,) = [m for m in calibration.measured if (m.measure, m.segment) == (measure, segment)]
    return found


def deal_rows(extra: Sequence[str] = ()) -> list[str]:
    """12 won at once at 1,000 and 8 lost after 10 days, all in 2024; one still open."""
    won = [f"w{n},Closed Won,2024-{n:02}-01,2024-{n:02}-01,1000" for n in range(1, 13)]
    lost = [f"l{n},Closed Lost,2024-01-01,2024-01-11," for n in range(8)]
    return [*won, *lost, "o1,Negotiation,2024-12-31,2025-09-30,9999", *extra]


def subscription_rows() -> list[str]:
    """12 customers at 100 a month from 2022: two leave, one doubles, one halves; a trial on the last day of 2024."""
    rows = [f"s{n},c{n},2022-01-05,{'2024-06-15' if n < 2 else ''},100,false" for n in range(11)]
    return [*rows, "s11,c11,2022-01-05,2024-03-10,100,no", "s12,c11,2024-03-10,,50,no", "s13,c2,2024-01-10,,100,",
            "s14,c99,2024-12-31,,70,TRUE"]  # fmt: skip


def test_opportunities_give_win_rate_price_cycle_and_how_many() -> None:
    found = found_in(opportunities=table(DEALS, deal_rows()))
    assert value(found, "win_rate") == 12 / 20
    assert value(found, "average_selling_price") == 1000
    cycle = 10 * 9 / 21 / 30.4375  # of 21, 12 are decided on day 0 and one is open since; so 9 in 21 take the 10 days
    assert one(found, "sales_cycle").value == pytest.approx(cycle)
    assert value(found, "sales_cycle_months") == 0.5  # its bound
    assert any(note.startswith("Sales cycle as measured, 0.1") for note in found.notes)
    assert value(found, "leads_per_month") == 21 / 12
    assert value(found, "lead_conversion") == 1
    for name in ("target_accounts", "referral_rate", "price_discount", "slip_rate"):
        assert value(found, name) == 0
    assert found.company.first_month == "2025-01"
    assert found.company.sources["win_rate"] == "measured: 20 decided opportunities, 2024-01 to 2024-12"
    assert found.company.sources["slip_rate"].startswith("set: 0, since the cycle as measured contains")
    assert found.company.sources["commission_rate"] == "judgement: template Mid-market SaaS"
    low, high = (round(end, 3) for end in (one(found, "win_rate").low, one(found, "win_rate").high))
    assert (low, high) == (0.419, 0.758)


def test_the_sales_cycle_is_the_mean_of_days() -> None:
    rows = [f"w{n},Won,2024-01-01,2024-03-{n + 1:02},1000" for n in range(10)]  # 60 to 69 days
    rows += ["later,Open,2024-04-01,,"]
    assert value(found_in(opportunities=table(DEALS, rows)), "sales_cycle_months") == pytest.approx(64.5 / 30.4375)


def test_where_nothing_moved_for_years_nobody_new_comes() -> None:
    """40 customers a month at the same amount for 4 years: those of the first month are no newcomers of the last year."""
    rows = [f"c{n},{2021 + m // 12}-{m % 12 + 1:02},100" for n in range(40) for m in range(48)]
    found = found_in(invoices=table("Customer,Month,MRR", rows))
    new = one(found, "new_customers")
    assert (new.value, new.n, new.low, new.enough, new.period) == (0, 0, 0, True, "2024-01 to 2024-12")
    assert new.high == pytest.approx(3.0 / 12, rel=0.002)
    assert value(found, "leads_per_month") == 0
    assert project(Scenario.of(found.company, horizon=12))["arr_new"].sum() == 0
    assert found.company.sources["leads_per_month"].startswith("measured: 0 new customers, 2024-01 to 2024-12")
    assert any(line.startswith("Expansion: cannot be measured from these files; it needs more than a year of subscriptions or invoice lines in "
                               "which a customer pays more or less than before: where none does, the rows may hold the amounts of today alone")
               for line in found.left)  # fmt: skip
    few = found_in(invoices=table("Customer,Month,MRR", [row for row in rows if int(row[1 : row.index(",")]) < 9]))
    assert not one(few, "new_customers").enough


def test_opportunities_that_come_evenly_have_no_trend_and_an_interval() -> None:
    rows = [f"o{m}-{n},{'Won' if n % 4 == 0 else 'Lost'},{2022 + m // 12}-{m % 12 + 1:02}-05,{2022 + m // 12}-{m % 12 + 1:02}-25,1000"
            for m in range(36) for n in range(8)]  # fmt: skip
    found = found_in(opportunities=table(DEALS, [*rows, "x,Open,2025-01-15,,"]))
    trend = one(found, "opportunity_trend")
    assert trend.value == pytest.approx(0, abs=1e-9)
    assert trend.enough
    assert trend.low < -0.05 < 0.05 < trend.high
    assert value(found, "lead_growth") == 0
    assert found.company.sources["lead_growth"] == "set: 0, since the trend of opportunities is not beyond chance"


def test_opportunities_open_longer_than_any_decision_took_are_not_leads_that_convert() -> None:
    """Of 40, half are decided within a month and the rest are open after a year: every second lead converts."""
    rows = [f"w{n},{'Won' if n % 2 else 'Lost'},2024-01-01,2024-01-31,1000" for n in range(20)]
    rows += [f"o{n},Open,2024-01-01,," for n in range(20)] + ["x,Lost,2024-12-01,2024-12-31,"]
    found = found_in(opportunities=table(DEALS, rows))
    assert value(found, "win_rate") == pytest.approx(10 / 21)
    assert value(found, "lead_conversion") == one(found, "decided_share").value == pytest.approx(21 / 41)
    assert one(found, "decided_share").n == 20
    assert one(found, "eventual_win_rate").value == pytest.approx(10 / 41)


def test_subscriptions_give_the_book_and_how_it_changes() -> None:
    found = found_in(subscriptions=table(SUBSCRIPTIONS, subscription_rows()))
    whole, gone = 12 * 12 * 1200, 7 * 2 * 1200  # 12 month ends; two customers missing at 7 of them
    assert value(found, "opening_arr") == 8 * 1200 + 2400 + 600
    assert value(found, "opening_customers") == 10
    assert value(found, "retention_rate") == pytest.approx(1 - gone / whole)
    assert one(found, "expansion_rate").value == pytest.approx(12 * 1200 / (whole - gone))
    assert value(found, "contraction_rate") == pytest.approx(10 * 600 / (whole - gone))
    assert value(found, "upsell_rate") == pytest.approx(12 * 1200 / (whole - gone - 10 * 600))
    for name in (
        "payment_failure_rate",
        "save_rate",
        "cross_sell_rate",
        "self_serve_expansion",
        "price_uplift",
        "loyalty_spread",
    ):
        assert value(found, name) == 0
    assert found.company.first_month == "2025-01"
    assert found.company.book["customers"] == {"arr": {"2022-01": 12600.0}, "customers": {"2022-01": 10.0}}
    assert found.company.company["fixed_costs"] == pytest.approx(
        TEMPLATE.company["fixed_costs"] * 12600 / TEMPLATE.base("opening_arr").sum()
    )
    assert one(found, "grr").value == pytest.approx(1 - (2 * 1200 + 600) / (12 * 1200))
    assert one(found, "nrr").value == pytest.approx(12600 / 14400)


@pytest.mark.parametrize("months", [12, 24])
def test_the_plan_grows_by_what_those_who_stay_grew(months: int) -> None:
    """Every year two in five customers add half, two in five give up a quarter, none leaves: 110 % a year of what was there.

    Expansion is a share of the ARR that customers had, and the model lets what is left of it grow: 0.85 × (1 + 0.2 / 0.85).
    """
    held = []
    for customer in range(200):
        sold, yearly = 600 + customer % 12, 1_000_000
        for year in range(5):
            held.append(Held(customer, sold + 12 * year, sold + 12 * (year + 1), yearly, term=months))
            yearly = round(yearly * {0: 1.5, 1: 1.5, 2: 0.75, 3: 0.75}.get((customer // 12 + 2 * year) % 5, 1))
    found = calibrate(facts(659, **book_tables(held, 659)), template=TEMPLATE, title="Ours")
    grew, shrank = one(found, "expansion_rate").value, one(found, "contraction_rate").value
    assert (grew, shrank) == (pytest.approx(0.2, abs=0.03), pytest.approx(0.1, abs=0.02))
    assert value(found, "upsell_rate") == pytest.approx(grew / (1 - shrank))
    raw = _raw(found.company)
    raw["assumptions"] = {**found.company.assumptions, "leads_per_month": {"customers": 0.0},
                          **{key: {"customers": 0.0} for key in ("target_accounts", "referral_rate")}}  # fmt: skip
    arr = project(Scenario.of(company_from(raw), horizon=48)).total("arr_closing")
    truth = (1 + grew - shrank) ** 2
    assert arr[35] / arr[11] == pytest.approx(truth, rel=2e-3)
    assert truth - ((1 + grew) * (1 - shrank)) ** 2 > 0.03


def test_growth_of_a_young_book_is_not_carried_on() -> None:
    rows = [f"{n},c{n},2023-01-31,,100,no" for n in range(12)] + [f"u{n},c{n},2024-06-30,,900,no" for n in range(12)]
    found = found_in(subscriptions=table(SUBSCRIPTIONS, rows))
    assert value(found, "upsell_rate") == assumptions()["upsell_rate"].usual[1]
    assert any(note.startswith("Upsell as measured is ") for note in found.notes)
    assert value(found, "loyalty_spread") == 0


def test_losses_that_growth_hid_show_where_the_growth_is_not_carried_on() -> None:
    """Each customer doubles every quarter but gives up a tenth the month after."""
    arr = {m: 100_000 * 2 ** (m // 3) * (9 if m % 3 else 10) // 10 for m in range(30)}
    held = [Held(c, 630 + m, 631 + m, arr[m]) for c in range(20) for m in arr]
    seen = facts(659, **book_tables(held, 659))
    found = calibrate(seen, template=TEMPLATE, title="Ours")
    assert value(found, "retention_rate") == 1
    assert one(found, "contraction_rate").value == 0
    assert value(found, "contraction_rate") == pytest.approx(1 - one(found, "grr_monthly").value)
    assert "as GRR by months shows it" in found.company.sources["contraction_rate"]


def test_the_company_opens_with_the_book_and_can_be_saved() -> None:
    found = found_in(opportunities=table(DEALS, deal_rows()), subscriptions=table(SUBSCRIPTIONS, subscription_rows()))
    projection = project(Scenario.of(found.company))
    assert projection.total("arr_opening")[0] == pytest.approx(12600)
    assert projection.total("deals_waiting")[:24].max() == 0
    assert read_company(company_toml(found.company)).fingerprint == found.company.fingerprint
    assert (
        "Opportunities × win rate let 1.1 wins a month be expected; the subscriptions had 0.0 new customers a month."
        in found.notes
    )


def test_segments_of_subscriptions_split_what_opportunities_do_not() -> None:
    rows = [f"{n},c{n},2023-12-31,,{300 if n < 10 else 100},no,{'Big' if n < 10 else 'small '}" for n in range(20)]
    found = found_in(
        opportunities=table(DEALS, deal_rows()),
        subscriptions=table(SUBSCRIPTIONS + ",Plan", [*rows, "x,z,2024-12-31,,0,no,Big"]),
    )
    assert dict(found.company.segments) == {"big": "Big", "small": "small"}
    assert value(found, "opening_arr", "big") == 36_000
    assert value(found, "leads_per_month", "big") == pytest.approx(21 / 12 * 0.75)
    assert value(found, "win_rate", "small") == 0.6


def test_a_small_segment_takes_the_rate_of_all() -> None:
    rows = [f"{row},{'Big' if n < 17 else 'Small'}" for n, row in enumerate(deal_rows())]
    found = found_in(opportunities=table(DEALS + ",Segment", rows))
    assert one(found, "win_rate", "small").n == 3
    assert value(found, "win_rate", "small") == 12 / 20
    assert value(found, "win_rate", "big") == 12 / 17
    assert "Win rate of Small: 3 decided opportunities, 10 are needed; that of all segments is used." in found.left
    assert found.company.sources["win_rate"] == (
        "measured: 17 decided opportunities, 2024-01 to 2024-12; where they are fewer than 10: all segments together"
    )


@pytest.mark.parametrize(
    ("term", "months"), [("monthly", 1), ("Quarterly", 3), ("ANNUAL", 12), ("36", 36), ("odd", 24)]
)
def test_the_contract_term_is_that_of_most_arr(term: str, months: int) -> None:
    rows = [f"{n},c{n},2024-01-31,,100,no,{term}" for n in range(12)] + ["x,y,2024-01-31,,1,no,24 months"]
    found = found_in(subscriptions=table(SUBSCRIPTIONS + ",Billing Frequency", rows))
    assert value(found, "contract_term_months") == months


def test_few_rows_leave_the_template() -> None:
    found = found_in(opportunities=table(DEALS, deal_rows()[:10]))
    assert value(found, "win_rate") == pytest.approx(TEMPLATE.mean("win_rate"))
    rate, commission = (assumptions()[name].show(TEMPLATE.mean(name)) for name in ("win_rate", "commission_rate"))
    assert f"Win rate: 9 decided opportunities, 10 are needed; the template gives {rate}." in found.left
    assert f"Commission: not in these files; the template gives {commission}." in found.left
    assert (
        "Slip rate: cannot be measured from these files; it needs the day on which each decision was first expected; "
        f"the template gives {assumptions()['slip_rate'].show(TEMPLATE.mean('slip_rate'))}."
    ) in found.left


def test_representatives_are_the_owners_of_recent_decisions() -> None:
    rows = [f"{row},{'Ann' if n % 2 else 'Bo'}" for n, row in enumerate(deal_rows())]
    found = found_in(opportunities=table(DEALS + ",Owner", rows))
    assert value(found, "sales_reps") == 2
    assert value(found, "sales_reps") * value(found, "deals_per_rep_month") >= 1.3 * 0.6 * 21 / 12


def test_costs_keep_the_proportions_of_the_template() -> None:
    base = project(Scenario.of(found_in(opportunities=table(DEALS, deal_rows())).company))
    assert base.total("marketing_cost")[0] / (21 / 12 * 0.6 * 1000) == pytest.approx(
        marketing_share(TEMPLATE), abs=0.01
    )


def test_a_measured_discount_brings_the_price_back_to_the_list() -> None:
    rows = [f"{n},Won,2024-01-01,2024-12-31,900,1200" for n in range(10)]
    found = found_in(opportunities=table(DEALS + ",List Amount", rows))
    assert one(found, "discount").value == value(found, "price_discount") == 0.25
    assert value(found, "average_selling_price") == pytest.approx(1200)


@pytest.mark.parametrize(("cycle", "slips", "left", "rate"), [(6.0, 0.25, 5.0, 0.25), (1.0, 0.5, 0.5, 0.5 / 3.5)])
def test_slips_measured_come_out_of_the_cycle_measured(cycle: float, slips: float, left: float, rate: float) -> None:
    """A slip rate of ¼ adds 3 × ¼ ÷ ¾ = 1 month; what a short cycle cannot hold is left out of the slip rate."""
    days = round(cycle * 30.4375)
    moved = round(100 * slips / (1 - slips))
    seen = facts(
        659,
        decisions=[("customers", n, "won", days, 10) for n in range(10)],
        prices=[("customers", 0, 659, 100, 100, 0, 0, 100, 1_000_000, 0, 0, 0)],
        created=[("customers", 659, 100, 0, 0)],
        slips=[("customers", 0, False, 99), ("customers", moved, False, 1)],
    )
    found = calibrate(seen, template=TEMPLATE, title="Ours")
    assert one(found, "slip_rate").value == pytest.approx(slips, abs=0.003)
    assert value(found, "sales_cycle_months") == pytest.approx(left, abs=0.03)
    assert value(found, "slip_rate") == pytest.approx(rate, abs=0.01)
    total = value(found, "sales_cycle_months") + 3 * value(found, "slip_rate") / (1 - value(found, "slip_rate"))
    assert total == pytest.approx(one(found, "sales_cycle").value)


def yearly_book(seed: int, alpha: float, beta: float, customers: int = 600) -> list[Held]:
    """Return customers on contracts of a year who differ as a beta distribution of chances to leave."""
    draw = random.Random(seed)
    held = []
    for customer in range(customers):
        leaves, sold = draw.betavariate(alpha, beta), draw.randrange(560, 648)
        end = sold + 12
        while draw.random() >= leaves and end <= 660:
            end += 12
        held.append(Held(customer, sold, end, draw.randrange(50, 150) * 1000, term=12))
    return held


def test_customers_who_differ_set_first_year_retention_and_spread() -> None:
    found = calibrate(facts(659, **book_tables(yearly_book(1, 0.7, 1.2), 659)), template=TEMPLATE, title="Ours")
    assert found.fits[0].differ
    assert (
        value(found, "retention_rate") == one(found, "first_year_retention").value == pytest.approx(1.2 / 1.9, abs=0.08)
    )
    assert value(found, "loyalty_spread") == one(found, "loyalty_spread").value == pytest.approx(1 / 2.9, abs=0.12)
    assert any(note.startswith("Retention: customers differ, and the fitted model is used") for note in found.notes)
    assert one(found, "arr_in_5_years").value > one(found, "arr_in_5_years_constant").value
    (worth,) = [note for note in found.notes if note.startswith("Today's customers are worth")]
    assert worth.endswith(" too little.")


def test_the_projection_loses_what_the_fitted_model_says() -> None:
    """The engine on the measured company, nothing sold and nobody growing, leaves in five years what the fit foresees."""
    seen = facts(659, **book_tables(yearly_book(1, 0.7, 1.2), 659))
    company = calibrate(seen, template=TEMPLATE, title="Ours").company
    alone = dict.fromkeys(("leads_per_month", "target_accounts", "referral_rate", "contraction_rate", "upsell_rate", "cross_sell_rate",
                           "self_serve_expansion", "price_uplift"), 0)  # fmt: skip
    raw = read_company(company_toml(company))
    still = company_from(
        {**_raw(raw), "assumptions": {**raw.assumptions, **{k: {"customers": v} for k, v in alone.items()}}}
    )
    left = project(Scenario.of(still, horizon=60)).total("arr_closing")[59]
    assert left == pytest.approx(
        one(calibrate(seen, template=TEMPLATE, title="Ours"), "arr_in_5_years").value,
        rel=0.02,  # small months of the book are pooled
    )


def _raw(company: Company) -> dict[str, object]:
    return {name: getattr(company, name) for name in ("id", "version", "title", "currency", "first_month", "horizon_months",
                                                       "segments", "company", "assumptions", "sources", "book")}  # fmt: skip


def test_customers_who_may_be_alike_keep_one_rate() -> None:
    found = calibrate(facts(659, **book_tables(yearly_book(3, 60, 340), 659)), template=TEMPLATE, title="Ours")
    assert not found.fits[0].differ
    assert value(found, "loyalty_spread") == 0
    assert value(found, "retention_rate") == one(found, "arr_retention").value
    assert any(
        note.startswith("Retention: customers may be alike, and year-on-year pairs are used") for note in found.notes
    )


def test_where_churn_comes_back_no_life_is_fitted_into_the_company() -> None:
    held = yearly_book(1, 0.7, 1.2)
    back = [Held(row.customer, row.end + 2, row.end + 14, row.arr, term=12) for row in held if row.customer % 3 == 0]
    found = calibrate(facts(659, **book_tables(held + back, 659)), template=TEMPLATE, title="Ours")
    assert value(found, "loyalty_spread") == 0
    assert any("of the churn came back, so a life that ended is no end." in note for note in found.notes)


def test_payments_measured_come_out_of_churn_measured() -> None:
    held = yearly_book(3, 60, 340)
    invoices = [
        (650 + month, "customers", part, True, 1, 10, 100_000, 1, 500, 0, 0)
        for month in range(10)
        for part in range(16)
    ]
    seen = facts(659, **book_tables(held, 659), payments=invoices)
    found = calibrate(seen, template=TEMPLATE, title="Ours")
    failing = one(found, "payment_failure_rate").value
    assert failing == value(found, "payment_failure_rate") == pytest.approx(0.005)
    assert one(found, "dunning_recovery").value == value(found, "dunning_recovery") == 0
    stays = (1 - failing) ** 12
    assert value(found, "retention_rate") * stays == pytest.approx(one(found, "arr_retention").value)


def test_a_trend_counts_where_it_is_beyond_chance() -> None:
    def trended(counts: Sequence[int]) -> Calibration:
        created = [("customers", 659 - len(counts) + 1 + n, count, 0, 0) for n, count in enumerate(counts)]
        won = {"decisions": [("customers", n, "won", 30, 10) for n in range(16)],
               "prices": [("customers", n, 655, 10, 10, 0, 0, 10, 1_000_000, 0, 0, 0) for n in range(16)]}  # fmt: skip
        return calibrate(facts(659, created=created, **won), template=TEMPLATE, title="Ours")

    rising = trended([round(100 * 1.2 ** (n / 12)) for n in range(36)])
    assert value(rising, "lead_growth") == pytest.approx(0.2, abs=0.01)
    assert value(rising, "leads_per_month") == pytest.approx(100 * 1.2 ** (36 / 12), rel=0.02)
    flat = trended([100, 110, 90] * 12)
    assert value(flat, "lead_growth") == 0
    assert flat.company.sources["lead_growth"].startswith(
        "set: 0, since the trend of opportunities is not beyond chance"
    )
    young = trended([round(100 * 1.2 ** (n / 12)) for n in range(20)])
    assert value(young, "lead_growth") == pytest.approx(TEMPLATE.mean("lead_growth"))
    assert any(line.startswith("Lead growth: 20 months, 24 are needed; the template gives") for line in young.left)


def test_leads_convert_so_that_the_opportunities_stay_those_counted() -> None:
    leads = [(648 + n, "customers", 1 + n % 5, 100, 5, 20.0 * (n % 5), 20.0 * (n % 5) + 19) for n in range(12)]
    won = {"decisions": [("customers", n, "won", 30, 10) for n in range(12)], "created": [("customers", 648 + n, 10, 0, 0) for n in range(12)],
           "prices": [("customers", n, 655, 10, 10, 0, 0, 10, 1_000_000, 0, 0, 0) for n in range(12)]}  # fmt: skip
    found = calibrate(facts(659, leads=leads, **won), template=TEMPLATE, title="Ours")
    assert value(found, "leads_per_month") == 100
    assert value(found, "lead_conversion") == pytest.approx(0.1)
    assert one(found, "lead_conversion").value == 0.05
    assert (
        "5.0\u202f% of the leads are marked as converted; 10.0\u202f% would give the opportunities counted and is used."
        in found.notes
    )
    bands = [m for m in found.measured if m.measure == "lead_conversion_by_score"]
    assert [m.of for m in bands] == [
        "fifth 1, 0 to 19",
        "fifth 2, 20 to 39",
        "fifth 3, 40 to 59",
        "fifth 4, 60 to 79",
        "fifth 5, 80 to 99",
    ]


def test_people_and_forecasts_set_team_and_accuracy() -> None:
    seen = facts(
        659,
        people=[(659, "customers", 4, 0, 0, 200_000_00, 2, 450_000_00, 3)],
        forecasts=[
            (648 + 3 * n, "customers", 100_00, actual) for n, actual in enumerate((110_00, 80_00, 100_00, 90_00))
        ],
    )
    found = calibrate(seen, template=TEMPLATE, title="Ours")
    assert value(found, "quota_per_rep") == 100_000
    assert value(found, "rep_cost") == 150_000
    assert value(found, "sales_reps") == 4
    assert value(found, "forecast_accuracy") == pytest.approx(1 - (0.1 + 0.2 + 0 + 0.1) / 4)


def test_a_currency_is_that_of_the_files_or_said_to_be_the_templates() -> None:
    rows = [f"{n},Won,2024-01-01,2024-01-31,€1000" for n in range(12)]
    assert found_in(opportunities=table(DEALS, rows)).company.currency == "EUR"
    plain = found_in(opportunities=table(DEALS, deal_rows()))
    assert "The files show no currency; amounts are taken as USD, the template's." in plain.notes


def test_customers_who_begin_after_the_last_full_month_are_not_in_the_book() -> None:
    rows = ["1,a,2024-05-31,,5,no", "2,b,2024-06-03,,5,no"]
    found = found_in(subscriptions=table(SUBSCRIPTIONS, rows))
    assert found.company.book["customers"]["customers"] == {"2024-05": 1.0}
    assert found.company.first_month == "2024-06"


def test_no_contract_can_be_read_from_the_opening_book() -> None:
    sold = ["2024-01"] * 3 + ["2024-02"] * 4 + ["2024-03"] * 6 + ["2024-05", "2024-06", "2024-06"]
    rows = [f"{place},c{place},{month}-01,,{100 + place}.37,no" for place, month in enumerate(sold)]
    found = found_in(subscriptions=table(SUBSCRIPTIONS, rows))
    book = found.company.book["customers"]
    assert book["customers"] == {"2024-02": 7.0, "2024-03": 9.0}
    assert all(amount == round(amount) for amount in book["arr"].values())
    assert sum(book["arr"].values()) == pytest.approx(value(found, "opening_arr"), abs=len(book["arr"]))
    assert value(found, "opening_customers") == len(sold)


def test_yearly_renewals_stay_in_their_month_in_the_opening_book() -> None:
    sold = ["2022-03"] * 2 + ["2022-09"] * 3 + ["2023-03"] * 4 + ["2023-09", "2024-09"]
    rows = [f"{place},c{place},{month}-01,,100,no" for place, month in enumerate(sold)]
    book = found_in(subscriptions=table(SUBSCRIPTIONS, rows)).company.book["customers"]
    assert book["customers"] == {"2023-03": 6.0, "2023-09": 5.0}


def test_failures_of_more_than_the_churn_measured_are_brought_down_to_it() -> None:
    held = yearly_book(3, 60, 340)
    invoices = [
        (650 + month, "customers", part, True, 1, 10, 100_000, 1, 9_000, 0, 0)
        for month in range(10)
        for part in range(16)
    ]
    found = calibrate(facts(659, **book_tables(held, 659), payments=invoices), template=TEMPLATE, title="Ours")
    assert one(found, "payment_failure_rate").value == pytest.approx(0.09)
    assert value(found, "retention_rate") == 1
    assert (1 - value(found, "payment_failure_rate")) ** 12 == pytest.approx(one(found, "arr_retention").value)


@pytest.mark.parametrize("seed", range(20))
def test_any_company_can_be_the_template(seed: int) -> None:
    template = company_from(random_company(random.Random(seed)))
    deals = table(DEALS + ",Segment", [f"{row},{'SMB' if n % 2 else 'Other'}" for n, row in enumerate(deal_rows())])
    found = found_in(template, opportunities=deals, subscriptions=table(SUBSCRIPTIONS, subscription_rows()))
    assert list(found.company.segments) == ["smb", "other"]
    assert project(Scenario.of(found.company)).total("arr_opening")[0] == pytest.approx(12600)


def test_the_report_reconciles_rows_and_lists_those_set_aside() -> None:
    read = imported(opportunities=table(DEALS, deal_rows(["bad,Won,2024-01-01,2024-01-31,=1+1"])))
    with in_process(read.tables) as engine:
        seen = gather(engine)
    text = report(calibrate(seen, template=TEMPLATE, title="Ours"), read.accounts)
    assert "opportunities, opportunities.csv: 22 rows read = 21 used + 1 set aside\n" in text
    assert text.endswith("opportunities.csv line 23: Amount '=1+1' is not an amount\n")
    assert (
        "    60.0\u202f% of decided (41.9\u202f% to 75.8\u202f%); 20 decided opportunities; 2024-01 to 2024-12\n"
        in text
    )
    assert (
        "  Win rate: Won of the opportunities decided in the last 12 full months, whenever they were created; of 24, 36 … months "
        in text
    )
    assert ("  Leads, Lead conversion: cannot be measured from these files; they need a file of leads.\n") in text


def test_nothing_to_measure_and_no_title_are_refused() -> None:
    with pytest.raises(ExportError) as error:
        calibrate(facts(659), template=TEMPLATE, title="Ours")
    assert error.value.problems == (
        "There is nothing to measure: no opportunity, subscription, lead, payment or person can be used.",
    )
    seen = facts(659, **book_tables(yearly_book(1, 1, 4, 20), 659))
    for title in ("", " \n\x00"):
        with pytest.raises(ExportError) as error:
            calibrate(seen, template=TEMPLATE, title=title)
        assert error.value.problems == ("The new company needs a title.",)
    assert calibrate(seen, template=TEMPLATE, title="a\nb" * 100).company.title == ("a b" * 100)[:80].strip()


def test_measuring_tells_what_is_estimated_and_stops_where_telling_it_says_so() -> None:
    seen, _ = gathered(opportunities=table(DEALS, deal_rows()))
    told: list[tuple[float, str]] = []
    calibrate(seen, template=TEMPLATE, title="Ours", progress=lambda share, what: told.append((share, what)))
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert [what for _, what in told] == ["How long customers stay", *ESTIMATES, "The company"]

    def stop(_share: float, what: str) -> None:
        if what == "Decisions":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        calibrate(seen, template=TEMPLATE, title="Ours", progress=stop)


def test_measuring_is_loaded_only_when_it_is_used() -> None:
    heavy = "{'ibis', 'duckdb', 'pyarrow', 'pandas', 'scipy'}"
    code = f"import sys, model, model.command_line; print(sorted({heavy} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_amounts_of_today_alone_tell_neither_growth_nor_nrr() -> None:
    """Where nobody ever pays more or less, the ARR of a year ago may be in today's amounts: what rests on it is not measured, retention is."""
    rows = [
        f"c{n},{2021 + n % 4}-{n % 12 + 1:02}-05,{'2024-10-05' if n % 5 == 0 else ''},{1000 + 10 * n}"
        for n in range(80)
    ]
    header = "Customer,Start Date,End Date,ARR"
    untold = {"arr_growth", "nrr", "nrr_movements", "nrr_monthly", "expansion_rate", "contraction_rate"}
    found = found_in(subscriptions=table(header, rows))
    names = {one.measure for one in found.measured}
    assert not names & untold
    assert {"arr_retention", "logo_retention", "opening_arr"} <= names
    assert any(
        "ARR growth" in line and "NRR" in line and "the rows may hold the amounts of today alone" in line
        for line in found.left
    )
    raised = found_in(subscriptions=table(header, [*rows, "c1,2024-03-05,,500"]))
    assert untold <= {one.measure for one in raised.measured}


BOUNDS = {"quick_ratio": "not exact", "grr": "at most", "grr_movements": "at most", "grr_monthly": "at most"}


def test_what_amounts_of_today_alone_bound_is_marked_in_report_and_csv() -> None:
    rows = [
        f"c{n},{2021 + n % 4}-{n % 12 + 1:02}-05,{'2024-10-05' if n % 5 == 0 else ''},{1000 + 10 * n}"
        for n in range(80)
    ]
    header = "Customer,Start Date,End Date,ARR"
    found = found_in(subscriptions=table(header, rows))
    assert {one.measure: one.bound for one in found.measured if one.bound} == BOUNDS
    told = (
        "at most, since no customer ever pays more or less in these files: amounts may be today's alone, and what was "
        "added or given up before is not seen"
    )
    assert one(found, "grr").mark == told
    assert one(found, "grr").enough
    assert f"customers: {told}; 2024-" in report(found)
    written = list(csv.DictReader(io.StringIO(measures_csv(found).decode("utf-8-sig"))))
    assert {
        row["measure"]: row["mark"].split(",")[0] for row in written if row["enough"] == "yes" and row["mark"]
    } == BOUNDS
    few = found_in(subscriptions=table(header, rows[:8]))
    assert one(few, "grr").mark == f"too few, 10 are needed; {told}"
    raised = found_in(subscriptions=table(header, [*rows, "c1,2024-03-05,,500"]))
    assert not [one for one in raised.measured if one.bound]
