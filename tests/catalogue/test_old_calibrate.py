"""Exports into a company: numbers that can be computed by hand, every habit of writing, every refusal word by word."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import ExportError, Scenario, assumptions, company_toml, load_shipped, project, read_company
from model.company_file import company_from
from model.history.old_calibrate import Calibration, calibrate, report
from model.history.old_draft import marketing_share
from tests.random_companies import random_company

DEALS = "Opportunity ID,Stage,Created Date,Close Date,Amount"
SUBSCRIPTIONS = "Subscription ID,Customer ID,Start Date,End Date,MRR,Is Trial"
TEMPLATE = load_shipped("midmarket-saas")


def table(header: str, rows: Sequence[str], encoding: str = "utf-8") -> bytes:
    return ("\n".join([header, *rows]) + "\n").encode(encoding)


def measured(
    deals: bytes | None = None, subscriptions: bytes | None = None, *, title: str = "Ours",
    columns: Mapping[str, str] | None = None, day_first: bool | None = None,
) -> Calibration:  # fmt: skip
    return calibrate(deals, subscriptions, template=TEMPLATE, title=title, columns=columns, day_first=day_first)


def refused(
    deals: bytes | None = None, subscriptions: bytes | None = None, *, title: str = "Ours",
    columns: Mapping[str, str] | None = None,
) -> tuple[str, ...]:  # fmt: skip
    with pytest.raises(ExportError) as error:
        measured(deals, subscriptions, title=title, columns=columns)
    return error.value.problems


def value(calibration: Calibration, name: str, segment: str = "") -> float:
    return calibration.company.assumptions[name][segment or next(iter(calibration.company.segments))]


def deal_rows(extra: Sequence[str] = ()) -> list[str]:
    """12 won at 1,000 and 8 lost in 2024, each decided 30.4375 × 2 days later on average; one still open."""
    won = [f"w{n},Closed Won,2024-{n:02}-01,2024-{n:02}-01,1000" for n in range(1, 13)]
    lost = [f"l{n},Closed Lost,2024-01-01,2024-01-11," for n in range(8)]
    return [*won, *lost, "o1,Negotiation,2024-12-31,2025-09-30,9999", *extra]


def subscription_rows() -> list[str]:
    """12 customers at 100 a month from 2022: two leave, one doubles, one halves; a trial on the last day of 2024."""
    rows = [f"s{n},c{n},2022-01-05,{'2024-06-15' if n < 2 else ''},100,false" for n in range(11)]
    return [*rows, "s11,c11,2022-01-05,2024-03-10,100,no", "s12,c11,2024-03-10,,50,no", "s13,c2,2024-01-10,,100,",
            "s14,c99,2024-12-31,,70,TRUE"]  # fmt: skip


def test_opportunities_give_win_rate_price_cycle_and_how_many() -> None:
    found = measured(table(DEALS, deal_rows()))
    assert value(found, "win_rate") == 12 / 20
    assert value(found, "average_selling_price") == 1000
    assert value(found, "sales_cycle_months") == 0.5  # 80 days over 20 deals are 0.13 months; 0.5 is the bound
    assert any(note.startswith("Sales cycle as measured, 0.1") for note in found.notes)
    assert value(found, "leads_per_month") == 21 / 12
    assert value(found, "lead_conversion") == 1
    assert value(found, "target_accounts") == value(found, "referral_rate") == value(found, "price_discount") == 0
    assert found.company.first_month == "2025-01"
    assert found.company.sources["win_rate"] == "measured: 20 decided opportunities"
    assert found.company.sources["slip_rate"] == "judgement: template Mid-market SaaS"
    assert found.rows_read == found.rows_used == {"opportunities": 21}


def test_the_sales_cycle_is_the_mean_of_days() -> None:
    rows = [f"w{n},Won,2024-01-01,2024-03-{n + 1:02},1000" for n in range(10)]  # 60 to 69 days
    assert value(measured(table(DEALS, rows)), "sales_cycle_months") == pytest.approx(64.5 / 30.4375)


def test_subscriptions_give_the_book_and_how_it_changes() -> None:
    found = measured(None, table(SUBSCRIPTIONS, subscription_rows()))
    whole, gone = 12 * 12 * 1200, 7 * 2 * 1200  # 12 month ends; two customers missing at 7 of them
    assert value(found, "opening_arr") == 8 * 1200 + 2400 + 600
    assert value(found, "opening_customers") == 10
    assert value(found, "retention_rate") == pytest.approx(1 - gone / whole)
    assert value(found, "upsell_rate") == pytest.approx(12 * 1200 / (whole - gone))
    assert value(found, "contraction_rate") == pytest.approx(10 * 600 / (whole - gone))
    for name in ("payment_failure_rate", "save_rate", "cross_sell_rate", "self_serve_expansion", "price_uplift"):
        assert value(found, name) == 0
    assert found.company.first_month == "2025-01"
    assert found.company.book["customers"] == {"arr": {"2022-01": 12600.0}, "customers": {"2022-01": 10.0}}
    assert found.company.company["fixed_costs"] == pytest.approx(
        TEMPLATE.company["fixed_costs"] * 12600 / TEMPLATE.base("opening_arr").sum()
    )
    assert "subscriptions: 1 trials and zero amounts are not customers." in found.notes


def test_growth_of_a_young_book_is_not_carried_on() -> None:
    rows = [f"{n},c{n},2023-01-31,,100,no" for n in range(12)] + [f"u{n},c{n},2024-06-30,,900,no" for n in range(12)]
    found = measured(None, table(SUBSCRIPTIONS, rows))
    assert value(found, "upsell_rate") == assumptions()["upsell_rate"].usual[1]
    assert any(note.startswith("Upsell as measured is ") for note in found.notes)
    assert value(found, "loyalty_spread") == 0


def test_the_company_opens_with_the_book_and_can_be_saved() -> None:
    found = measured(table(DEALS, deal_rows()), table(SUBSCRIPTIONS, subscription_rows()))
    projection = project(Scenario.of(found.company))
    assert projection.total("arr_opening")[0] == pytest.approx(12600)
    assert projection.total("deals_waiting")[:24].max() == 0
    assert read_company(company_toml(found.company)).fingerprint == found.company.fingerprint
    assert "The opportunities give 1.1 wins a month, the subscriptions 0.0 new customers: compare them." in found.notes


def test_segments_of_subscriptions_split_what_opportunities_do_not() -> None:
    rows = [f"{n},c{n},2023-12-31,,{300 if n < 10 else 100},no,{'Big' if n < 10 else 'small '}" for n in range(20)]
    found = measured(table(DEALS, deal_rows()), table(SUBSCRIPTIONS + ",Plan", rows))
    assert dict(found.company.segments) == {"big": "Big", "small": "small"}
    assert value(found, "opening_arr", "big") == 36_000
    assert value(found, "leads_per_month", "big") == pytest.approx(21 / 12 * 0.75)
    assert value(found, "win_rate", "small") == 0.6
    assert any(
        line.startswith("Retention of small: 0 customers, 10 are needed; the template gives") for line in found.left
    )


def test_more_than_eight_segments_become_seven_and_other() -> None:
    rows = [f"{n},Won,2024-01-01,2024-01-31,{100 + n % 11},Segment {n % 11}" for n in range(110)]
    found = measured(table(DEALS + ",Segment", [*rows, "x,Won,2024-01-01,2024-01-31,5,"]))
    assert list(found.company.segments) == [f"segment-{n}" for n in (10, 9, 8, 7, 6, 5, 4)] + ["other"]
    assert found.company.segments["other"] == "Other"
    assert "Segments beyond the 7 largest are in Other: Segment 0, Segment 1, Segment 2, Segment 3." in found.notes
    assert sum(one.rows for one in found.measured if one.assumption == "win_rate") == 111


def test_a_customer_with_two_plans_is_one_customer_of_the_larger() -> None:
    rows = [f"{n},c{n // 2},2023-01-31,,{100 + n % 2},no,{'Basic' if n % 2 else 'All'}" for n in range(40)]
    found = measured(None, table(SUBSCRIPTIONS + ",Tier", rows))
    assert dict(found.company.segments) == {"basic": "Basic", "all-2": "All"}
    assert value(found, "opening_customers", "basic") == 20
    assert value(found, "opening_arr", "all-2") == 0


@pytest.mark.parametrize(
    ("term", "months"), [("monthly", 1), ("Quarterly", 3), ("ANNUAL", 12), ("36", 36), ("odd", 12)]
)
def test_the_contract_term_is_that_of_most_arr(term: str, months: int) -> None:
    rows = [f"{n},c{n},2024-01-31,,100,no,{term}" for n in range(12)] + ["x,y,2024-01-31,,1,no,24 months"]
    wanted = 24 if term == "odd" else months
    assert value(measured(None, table(SUBSCRIPTIONS + ",Billing Frequency", rows)), "contract_term_months") == wanted


def test_few_rows_leave_the_template() -> None:
    found = measured(table(DEALS, deal_rows()[:9]))
    assert value(found, "win_rate") == pytest.approx(TEMPLATE.mean("win_rate"))
    rate, slip = (assumptions()[name].show(TEMPLATE.mean(name)) for name in ("win_rate", "slip_rate"))
    assert f"Win rate: 9 decided opportunities, 10 are needed; the template gives {rate}." in found.left
    assert f"Slip rate: not in these exports; the template gives {slip}." in found.left


def test_representatives_are_the_owners_of_recent_decisions() -> None:
    rows = [f"{row},{'Ann' if n % 2 else 'Bo'}" for n, row in enumerate(deal_rows())]
    found = measured(table(DEALS + ",Owner", rows))
    assert value(found, "sales_reps") == 2
    assert value(found, "sales_reps") * value(found, "deals_per_rep_month") >= 1.3 * 0.6 * 21 / 12


def test_costs_keep_the_proportions_of_the_template() -> None:
    base = project(Scenario.of(measured(table(DEALS, deal_rows())).company))
    assert base.total("marketing_cost")[0] / (21 / 12 * 0.6 * 1000) == pytest.approx(
        marketing_share(TEMPLATE), abs=0.01
    )


MARCH_3 = ["2017-03-03", "2017-03-03T10:00:00Z", "2017/3/3 09:15", "3.3.2017", "03/03/2017", "3-3-2017 9:00 AM",
           "3 Mar 2017", "03-Mar-2017", "March 3, 2017", "mar 3 2017"]  # fmt: skip


@pytest.mark.parametrize("day", MARCH_3)
def test_a_day_is_read_however_it_is_written(day: str) -> None:
    rows = [f'w{n},Won,"{day}",2017-03-13,1000' for n in range(10)]
    found = measured(table(DEALS, rows))
    assert not found.unused
    assert value(found, "sales_cycle_months") == 0.5
    assert any(note.startswith("Sales cycle as measured, 0.33") for note in found.notes)


@pytest.mark.parametrize(("last", "day_first", "months"), [
    ("25/4/2017", None, 1), ("25/4/2017", False, 1), ("4/25/2017", None, 3), ("4/25/2017", True, 3),
    ("4/5/2017", True, 1), ("4/5/2017", False, 3),
])  # fmt: skip
def test_the_order_of_day_and_month_is_settled_by_the_column_then_by_the_reader(
    last: str, day_first: bool | None, months: int
) -> None:
    rows = [
        f"w{n},Won,2017-01-01,1/2/2017,1000" if months == 1 else f"w{n},Won,2017-01-01,4/1/2017,10" for n in range(60)
    ]
    found = measured(table(DEALS, [*rows, f"x,Open,2017-01-01,{last},"]), day_first=day_first)
    days = 31 if months == 1 else 90
    assert value(found, "sales_cycle_months") == pytest.approx(days / 30.4375)
    said = any("by their own days above 12" in note for note in found.notes)
    assert said == (day_first is not None and "25" in last)


@pytest.mark.parametrize(("amounts", "mean"), [
    (["1,234.50", "$1,234"], 1234.25), (["1.234,50 €", "1.234"], 1234.25), (["12,5", "7,5"], 10), (["1,234"], 1234),
    (["1.234"], 1234), (["1,234,567"], 1234567), (["1 234,50", "1234,5"], 1234.5), (["1'234.5"], 1234.5),
    (["+5", "5.0"], 5),
    (["1234"], 1234), (["USD 1,200.00"], 1200), (["0.500"], 0.5), (["1234.500"], 1234.5),
])  # fmt: skip
def test_amounts_are_read_by_the_habit_of_their_column(amounts: list[str], mean: float) -> None:
    rows = [f"{n}-{k};Won;2017-01-01;2017-01-31;{amount}" for n in range(10) for k, amount in enumerate(amounts)]
    found = measured(table(DEALS.replace(",", ";"), rows))
    assert not found.unused
    assert value(found, "average_selling_price") == pytest.approx(mean)


def test_thousands_that_could_be_decimals_are_noted() -> None:
    rows = [f'{n},Won,2017-01-01,2017-01-31,"1,234"' for n in range(10)]
    assert ("opportunities: the amounts of Amount could have ',' as decimal mark or between thousands (1,234); "
            "it is read as thousands.") in measured(table(DEALS, rows)).notes  # fmt: skip


@pytest.mark.parametrize(("cell", "reason"), [
    ("=1+1", "Amount '=1+1' is not an amount"), ("@SUM(A1)", "Amount '@SUM(A1)' is not an amount"),
    ("-5", "Amount '-5' is below zero"), ("(5)", "Amount '(5)' is below zero"),
    ("12K", "Amount '12K' is not an amount"),
    ("1e3", "Amount '1e3' is not an amount"), ("nan", "Amount 'nan' is not an amount"),
    ("9" * 13, "Amount '9999999999999' is above 1e12"),
    ("<b>" + "x" * 60, "Amount '<b>xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…' is not an amount"),
])  # fmt: skip
def test_nothing_in_a_cell_is_evaluated(cell: str, reason: str) -> None:
    found = measured(table(DEALS, deal_rows([f"bad,Won,2024-01-01,2024-01-31,{cell}"])))
    assert [str(row) for row in found.unused] == [f"opportunities line 23: {reason}"]
    assert "  opportunities: 22 read = 21 used + 1 set aside\n" in report(found)
    assert report(found).endswith(f"Set aside\n  opportunities line 23: {reason}\n")


@pytest.mark.parametrize(("row", "reason"), [
    ("w1,Won,2024-01-01,2024-01-31,5", "Opportunity ID 'w1' stands in an earlier row"),
    (",Won,2024-01-01,2024-01-31,5", "Opportunity ID '' is empty"),
    ("x, ,2024-01-01,2024-01-31,5", "Stage ' ' is empty"),
    ("x,Won,,2024-01-31,5", "Created Date '' is empty"),
    ("x,Won,2024-02-30,2024-01-31,5", "Created Date '2024-02-30' is not a date"),
    ("x,Open,9999-12-31,,", "Created Date '9999-12-31' lies after 2099"),
    ("x,Lost,2024-02-01,,5", "Close Date '' is empty"),
    ("x,Lost,2024-02-01,2024-01-31,5", "Close Date '2024-01-31' is before the day it was created"),
    ("x,Won,2024-02-01", "has 3 cells where the header has 5"),
    ("x,Won,2024-02-01,2024-03-01,5,6", "has 6 cells where the header has 5"),
])  # fmt: skip
def test_a_row_that_cannot_be_used_is_set_aside_with_its_reason(row: str, reason: str) -> None:
    found = measured(table(DEALS, deal_rows([row])))
    assert [str(one) for one in found.unused] == [f"opportunities line 23: {reason}"]


@pytest.mark.parametrize(("row", "reason"), [
    ("x, ,2024-01-01,,5,", "Customer ID ' ' is empty"),
    ("x,c,2024-02-01,2024-01-31,5,", "End Date '2024-01-31' is before the day it started"),
    ("x,c,2024-02-01,soon,5,", "End Date 'soon' is not a date"),
    ("x,c,2024-02-01,,,", "MRR '' is empty"),
])  # fmt: skip
def test_a_subscription_that_cannot_be_used_is_set_aside(row: str, reason: str) -> None:
    found = measured(None, table(SUBSCRIPTIONS, [*subscription_rows(), row]))
    assert [str(one) for one in found.unused] == [f"subscriptions line 17: {reason}"]


def test_a_last_date_that_stands_alone_is_noted() -> None:
    found = measured(None, table(SUBSCRIPTIONS, [*subscription_rows(), "x,c5,2042-07-31,,5,"]))
    assert found.company.first_month == "2042-08"
    assert ("subscriptions: Start Date ends with 2042-07-31, more than a year after all other dates; "
            "it sets the opening month, so check it.") in found.notes  # fmt: skip


def test_customers_who_begin_after_the_last_full_month_are_not_in_the_book() -> None:
    found = measured(None, table(SUBSCRIPTIONS, ["1,a,2024-05-31,,0,no", "2,b,2024-06-03,,5,no"]))
    assert (value(found, "opening_arr"), value(found, "leads_per_month"), found.company.book) == (0, 0, {})


@pytest.mark.parametrize("seed", range(40))
def test_any_company_can_be_the_template(seed: int) -> None:
    template = company_from(random_company(random.Random(seed)))
    deals = table(DEALS + ",Segment", [f"{row},{'SMB' if n % 2 else 'Other'}" for n, row in enumerate(deal_rows())])
    found = calibrate(deals, table(SUBSCRIPTIONS, subscription_rows()), template=template, title="Ours")
    assert list(found.company.segments) == ["smb", "other"]
    assert project(Scenario.of(found.company)).total("arr_opening")[0] == pytest.approx(12600)


def test_lines_are_counted_through_cells_of_several_lines() -> None:
    rows = [row + ',"one\ntwo"' for row in deal_rows(["bad,Won,never,2024-01-31,5"])]
    assert measured(table(DEALS + ",Notes", rows)).unused[0].line == 2 + 2 * 21


HEADERS = "Opportunity ID, Stage, Created Date, Close Date, Amount"
REFUSED: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "opportunities: the file is empty; a header line and rows are needed."),
    "blank": (b"\xef\xbb\xbf \r\n\n", "opportunities: the file is empty; a header line and rows are needed."),
    "header only": (table(DEALS, []), "opportunities: there is a header line and no row below it."),
    "binary": (
        b"PK\x03\x04\x00\x00",
        "opportunities: byte 4 is NUL, so this is not a text file; save it as CSV in UTF-8.",
    ),
    "Latin-1": (
        table(DEALS, ["1,Gewonnen für immer,2024-01-01,2024-01-01,5"], "latin-1"),
        "opportunities: line 2 is not UTF-8 text (byte 64 is 0xFC); save it as UTF-8.",
    ),
    "half of UTF-16": (
        table(DEALS, deal_rows(), "utf-16")[:-1],
        "opportunities: byte 1786 is not UTF-16 text; save it as UTF-8.",
    ),
    "1000 columns": (
        table(",".join(f"c{n}" for n in range(1000)), ["x"]),
        "opportunities: the header has 1,000 columns; at most 200 can be read.",
    ),
    "repeated header": (
        table(DEALS + ",Stage", ["x"]),
        "opportunities: the header 'Stage' stands 2 times; give each column its own name.",
    ),
    "open quote": (
        table(DEALS, [*deal_rows(), '1,"Won,2024-01-01,2024-01-02,5', "2,Won,2024-01-01,2024-01-02,5"]),
        "opportunities: line 23 opens a quote that is not closed; close it, or write a quote within a cell twice.",
    ),
    "quote in a cell": (
        table(DEALS, ['1,"Won"now,2024-01-01,2024-01-02,5']),
        "opportunities: line 2 has a quote within a cell; write it twice.",
    ),
    "order of the day": (
        table(DEALS, ["1,Won,1/2/2024,2024-03-04,5"]),
        "opportunities: the dates of Created Date can be read day-first or month-first; say which: day-first or "
        "month-first.",
    ),
    "mixed days": (
        table(DEALS, ["1,Won,13/2/2024,2024-03-04,5", "2,Won,2/13/2024,2024-03-04,5"]),
        "opportunities: the dates of Created Date are partly day-first, partly month-first; say which: day-first or "
        "month-first.",
    ),
    "mixed amounts": (
        table(DEALS, ["1,Won,2024-01-01,2024-01-02,1.5", '2,Won,2024-01-01,2024-01-02,"1,5"']),
        "opportunities: the amounts of Amount are written in two ways ('1.5' and '1,5'); write them in one.",
    ),
    "two currencies": (
        table(DEALS, ["1,Won,2024-01-01,2024-01-02,$5", "2,Won,2024-01-01,2024-01-02,5 €"]),
        "opportunities: the amounts of Amount are in several currencies ($, €); bring them to one first.",
    ),
    "no row of use": (
        table(DEALS, ["1,Won,never,2024-01-02,5", "2"]),
        "opportunities: none of the 2 rows can be used; opportunities line 2: Created Date 'never' is not a date.",
    ),
    "missing column": (
        table(DEALS.replace("Amount", "Price"), ["x"]),
        "opportunities: no column for amount (the recurring amount a year); known headers are ARR, ACV, Annual "
        "Contract Value, Annual Recurring Revenue, Annual Amount, Amount, Deal - Value, Deal Value, Deal Amount, "
        "Close Value, Value; the file has Opportunity ID, Stage, Created Date, Close Date, Price. "
        "Name the right one: HEADER=amount.",
    ),
}


@pytest.mark.parametrize("mistake", REFUSED)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(mistake: str) -> None:
    content, sentence = REFUSED[mistake]
    assert refused(content) == (sentence,)


def test_both_files_are_refused_at_once() -> None:
    assert refused(b"", b"\0") == (
        "opportunities: the file is empty; a header line and rows are needed.",
        "subscriptions: byte 0 is NUL, so this is not a text file; save it as CSV in UTF-8.",
    )
    day = "can be read day-first or month-first; say which: day-first or month-first."
    deals = table(DEALS, ["1,Won,1/2/2024,3/4/2024,5"])
    assert refused(deals, table(SUBSCRIPTIONS, ["1,c,1/2/2024,,5,"])) == (
        f"opportunities: the dates of Created Date {day}",
        f"opportunities: the dates of Close Date {day}",
        f"subscriptions: the dates of Start Date {day}",
    )


def test_other_refusals_are_sentences_too() -> None:
    assert refused() == ("There is no file; opportunities, subscriptions or both are needed.",)
    assert refused(table(DEALS, deal_rows()), title=" \n ") == ("The new company needs a title.",)
    assert refused(b"x" * 200_000_001) == ("opportunities: the file has 200.0 MB; at most 200 MB can be read.",)
    trials = table(SUBSCRIPTIONS, ["1,c,2024-01-01,,5,yes", "2,c,2024-01-01,,0,no"])
    assert refused(None, trials) == (
        "subscriptions: all 2 rows are trials or have the amount 0; nobody is a customer.",
    )
    (sentence,) = refused(None, table(SUBSCRIPTIONS.replace("MRR", "Fee"), ["x"]))
    assert sentence.startswith(
        "subscriptions: no column for yearly_amount (the recurring amount a year) or monthly_amount"
    )
    assert sentence.endswith("Name the right one: HEADER=monthly_amount.")


def test_columns_can_be_named_by_hand() -> None:
    deals = table(DEALS.replace("Amount", "Price"), deal_rows())
    assert value(measured(deals, columns={"amount": "price"}), "average_selling_price") == 1000
    assert refused(deals, columns={"price": "amount", "amount": "Worth"})[:2] == (
        "price is not a field of these files; there are id, outcome, created, closed, amount, segment, account, owner. "
        "Write HEADER=FIELD.",
        "There is no column 'Worth' for amount; "
        "opportunities has Opportunity ID, Stage, Created Date, Close Date, Price.",
    )


@pytest.mark.parametrize("header", [
    "Record ID,Deal Stage,Create Date,Close Date,Amount", "Id,StageName,CreatedDate,CloseDate,Amount",
    "Deal - ID,Deal - Status,Deal - Deal created,Deal - Deal closed on,Deal - Value",
    "ID,OUTCOME,created_at,closed_at,acv",
])  # fmt: skip
def test_headers_of_known_systems_are_recognised(header: str) -> None:
    assert value(measured(table(header, deal_rows())), "win_rate") == 0.6


@pytest.mark.parametrize("header", [
    "id,Customer ID,Start Date (UTC),Ended At (UTC),MRR,Status",
    "subscription_id,account_id,start_date,end_date,mrr_amount,is_trial",
    "subscriptions.id,customers.id,subscriptions.started_at,subscriptions.cancelled_at,subscriptions.mrr,"
    "subscriptions.status",
])  # fmt: skip
def test_headers_of_billing_systems_are_recognised(header: str) -> None:
    assert value(measured(None, table(header, subscription_rows())), "opening_arr") == 12600


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_delimiters_and_line_ends_make_no_difference(encoding: str, delimiter: str, end: str) -> None:
    text = end.join([DEALS, *deal_rows(), ""]).replace(",", delimiter)
    assert value(measured(text.encode(encoding)), "win_rate") == 0.6


def test_names_reach_the_company_clean() -> None:
    names = ["<script>alert(1)</script>", "=HYPERLINK(1)", "a\x07b", "日本", "all", "ALL ", "Ünïted", '"; [x]']
    quoted = ['"' + name.replace('"', '""') + '"' for name in names]
    rows = [f"{n}-{k},Won,2024-01-01,2024-01-31,{100 - k},{name}" for n in range(10) for k, name in enumerate(quoted)]
    company = measured(table(DEALS + ",Segment", rows), title="=1+1\x00\n<b>").company
    assert (company.title, company.id) == ("=1+1 <b>", "1-1-b")
    assert dict(company.segments) == {
        "script-alert-1-script": "<script>alert(1)</script>", "hyperlink-1": "=HYPERLINK(1)", "all-2": "all",
        "a-b": "a b", "segment": "日本", "united": "Ünïted", "x": '"; [x]',
    }  # fmt: skip
    assert read_company(company_toml(company)).fingerprint == company.fingerprint


CELL = st.sampled_from(
    ["", "1", "Won", "Lost", "x", "2024-01-31", "2024-05-05", "31/12/2023", "9", "-1", "=A1", '"a"", b"']
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(CELL, min_size=4, max_size=6), min_size=1, max_size=30), st.integers(0, 10**6))
def test_every_row_read_is_used_or_set_aside(rows: list[list[str]], seed: int) -> None:
    mixed = [",".join(row) for row in rows]
    deals, subscribed = [*deal_rows(), *mixed], [*subscription_rows(), *mixed]
    random.Random(seed).shuffle(deals)
    found = measured(table(DEALS, deals), table(SUBSCRIPTIONS, subscribed))
    assert found.rows_read == {"opportunities": len(deals), "subscriptions": len(subscribed)}
    for file, read in found.rows_read.items():
        aside = [row for row in found.unused if row.file == file]
        assert read == found.rows_used[file] + len(aside)
        assert len({row.line for row in aside}) == len(aside)
    assert all(str(row) in report(found) for row in found.unused)
    assert project(Scenario.of(found.company)).total("arr_closing").min() >= 0


def test_the_model_alone_does_not_load_pandas() -> None:
    code = "import model, model.history.old_calibrate, sys; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_progress_runs_from_nothing_to_all() -> None:
    seen: list[float] = []
    calibrate(table(DEALS, deal_rows()), None, template=TEMPLATE, title="Ours", progress=seen.append)
    assert seen == sorted(seen)
    assert (seen[0], seen[-1]) == (0, 1)
