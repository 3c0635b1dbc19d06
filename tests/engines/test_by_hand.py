"""Small histories whose facts are worked out by hand."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from model.errors import ExportError
from model.history.asking.engine import in_process
from model.history.asking.expressions import part_of
from model.history.asking.facts import Facts
from model.history.asking.gather import gather
from tests.engines.histories import tables_of


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def month(text: str) -> int:
    return (int(text[:4]) - 1970) * 12 + int(text[5:7]) - 1


def subscription(customer: str, started: str, ended: str = "", yearly: int = 120_000, **more: Any) -> dict[str, Any]:
    return {
        "customer": customer,
        "started": day(started),
        "ended": day(ended) if ended else None,
        "yearly": yearly,
        "term": 0,
        "billed": 0,
        **more,
    }


def facts_of(**rows: list[dict[str, Any]]) -> Facts:
    return facts_with(rows)


def facts_with(rows: dict[str, list[dict[str, Any]]], **options: Any) -> Facts:
    with in_process(tables_of(rows)) as engine:
        return gather(engine, **options)


def rows_of(table: pd.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in table[list(columns)].astype(object).values.tolist()]


END = subscription("The End", "2024-12-31", "2025-01-01", yearly=0)  # a trial; with it December is a full month


def moves(*subscriptions: dict[str, Any]) -> list[tuple[Any, ...]]:
    facts = facts_of(subscriptions=[*subscriptions, END])
    return rows_of(facts.movements, "month", "movement", "customers", "arr")


def test_a_trial_is_nobodys_movement() -> None:
    assert moves(subscription("Ada", "2024-01-01", yearly=0)) == []


def test_what_starts_and_ends_within_a_month_leaves_nothing() -> None:
    assert moves(subscription("Ada", "2024-03-02", "2024-03-30")) == []


def test_what_ends_on_the_first_of_a_month_ran_until_the_last_of_the_month_before() -> None:
    assert moves(subscription("Ada", "2024-01-31", "2024-03-01")) == [
        (month("2024-01"), "new", 1, 120_000), (month("2024-03"), "churn", 1, 120_000),
    ]  # fmt: skip


def test_a_renewal_on_the_day_of_the_end_is_no_movement_and_a_dearer_one_is_expansion() -> None:
    assert moves(
        subscription("Ada", "2024-01-10", "2024-05-10"), subscription("ada", "2024-05-10", "2024-09-10"),
        subscription("ADA", "2024-09-10", yearly=150_000),
    ) == [(month("2024-01"), "new", 1, 120_000), (month("2024-09"), "expansion", 1, 30_000)]  # fmt: skip


def test_overlapping_subscriptions_add_up() -> None:
    assert moves(
        subscription("Ada", "2024-01-10", "2024-06-01"), subscription("Ada", "2024-04-01", "2024-08-01", yearly=60_000)
    ) == [
        (month("2024-01"), "new", 1, 120_000), (month("2024-04"), "expansion", 1, 60_000),
        (month("2024-06"), "contraction", 1, 120_000), (month("2024-08"), "churn", 1, 60_000),
    ]  # fmt: skip


def test_who_comes_back_is_reactivated_and_keeps_the_first_sale_month() -> None:
    facts = facts_of(subscriptions=[
        subscription("Ada", "2023-01-10", "2023-06-01"), subscription("Ada", "2024-02-01", yearly=60_000), END,
    ])  # fmt: skip
    assert rows_of(facts.movements, "month", "sold", "movement", "arr") == [
        (month("2023-01"), month("2023-01"), "new", 120_000), (month("2023-06"), month("2023-01"), "churn", 120_000),
        (month("2024-02"), month("2023-01"), "reactivation", 60_000),
    ]  # fmt: skip
    assert rows_of(facts.lifetimes, "sold", "age", "lost", "customers", "arr") == [
        (month("2023-01"), 5, True, 1, 120_000)
    ]


def test_a_customer_is_in_the_segment_of_most_of_its_amounts() -> None:
    facts = facts_of(subscriptions=[
        subscription("Ada", "2024-01-10", yearly=100, segment="Mid"), subscription("ada", "2024-02-10", yearly=101, segment="ENT"),
        subscription("Bob", "2024-01-10", yearly=900, segment="mid"), END,
    ])  # fmt: skip
    assert list(facts.segments.items()) == [("mid", "Mid"), ("ent", "ENT"), ("other", "Other")]  # the trial names none
    assert rows_of(facts.movements, "month", "segment", "movement", "arr") == [
        (month("2024-01"), "ent", "new", 100), (month("2024-01"), "mid", "new", 900), (month("2024-02"), "ent", "expansion", 101),
    ]  # fmt: skip


def test_in_a_tie_the_larger_segment_has_the_customer() -> None:
    facts = facts_of(subscriptions=[
        subscription("Ada", "2024-01-10", yearly=100, segment="A"), subscription("Ada", "2024-01-10", yearly=100, segment="B"),
        subscription("Bob", "2024-01-10", yearly=900, segment="B"), END | {"segment": "B"},
    ])  # fmt: skip
    assert rows_of(facts.movements, "segment", "customers", "arr") == [("b", 2, 1100)]


def test_a_year_is_held_against_the_year_before_at_each_month_end() -> None:
    facts = facts_of(subscriptions=[
        subscription("Stays", "2023-06-15", yearly=100), subscription("Grows", "2023-06-15", yearly=100),
        subscription("Grows", "2024-11-15", yearly=50), subscription("Shrinks", "2023-06-15", "2024-12-01", yearly=40),
        subscription("Shrinks", "2023-06-15", yearly=60), subscription("Leaves", "2023-06-15", "2024-10-31", yearly=100), END,
    ])  # fmt: skip
    sums = facts.year_on_year.drop(columns=["segment", "part"]).groupby("month").sum()
    assert sums.index.tolist() == [month(f"2024-{number:02d}") for number in range(6, 13)]
    assert sums.loc[month("2024-09")].tolist() == [4, 400, 0, 0, 0, 0]
    assert sums.loc[month("2024-10")].tolist() == [4, 400, 1, 100, 0, 0]
    assert sums.loc[month("2024-12")].tolist() == [4, 400, 1, 100, 50, 40]


def test_the_next_renewal_is_after_the_opening_month() -> None:
    facts = facts_of(subscriptions=[
        subscription("Ada", "2023-12-20", term=12), subscription("Bob", "2024-01-20", term=12), subscription("Cem", "2023-05-20", term=36),
        subscription("Dan", "2023-05-20"), subscription("Eve", "2024-06-20", term=1), END,
    ])  # fmt: skip
    assert facts.until == month("2024-12")
    by_renewal = facts.terms.groupby(["term", "due"], as_index=False).sum()
    assert rows_of(by_renewal, "term", "due", "subscriptions", "arr") == [
        (0, -1, 1, 120_000), (1, month("2025-01"), 1, 120_000), (12, month("2025-01"), 1, 120_000),
        (12, month("2025-12"), 1, 120_000), (36, month("2026-05"), 1, 120_000),
    ]  # fmt: skip


def deal(created: str, closed: str = "", outcome: str = "open", **more: Any) -> dict[str, Any]:
    blank = {"first_due": None, "amount": None, "list_amount": None}
    return {"created": day(created), "closed": day(closed) if closed else None, "outcome": outcome, **blank, **more}


def test_open_opportunities_have_waited_up_to_the_last_day_anything_happened() -> None:
    facts = facts_of(
        opportunities=[
            deal("2024-01-01"),
            deal("2024-01-11", "2024-01-31", "won"),
            deal("2024-01-30", "2024-01-31", "lost"),
        ]
    )
    assert rows_of(facts.decisions.sort_values("outcome"), "outcome", "days") == [
        ("lost", 1),
        ("open", 30),
        ("won", 20),
    ]


def test_what_came_later_is_not_known_in_an_earlier_opening_month() -> None:
    rows = {
        "opportunities": [
            deal("2024-01-01", "2024-03-05", "won"),
            deal("2024-02-10", "2024-02-29", "lost"),
            deal("2024-03-31"),
        ]
    }
    facts = facts_with(rows, until=month("2024-02"))
    assert rows_of(facts.decisions.sort_values("outcome"), "outcome", "days") == [("lost", 19), ("open", 59)]


def test_owners_of_a_year_are_counted_once() -> None:
    facts = facts_of(opportunities=[
        deal("2023-01-01", "2023-01-31", "won", owner="Eve"), deal("2023-01-01", "2023-05-02", "won", owner="EVE"),
        deal("2023-01-01", "2023-05-02", "won", owner="Fay"), deal("2023-01-01", "2024-04-30", "won", owner="Fay"),
        deal("2023-01-01", "2024-05-31", "won", owner="Gus"),
    ])  # fmt: skip
    assert rows_of(facts.owners, "month", "owners", "year_owners") == [
        (month("2023-01"), 1, 1), (month("2023-05"), 2, 2), (month("2024-04"), 1, 2), (month("2024-05"), 1, 2),
    ]  # fmt: skip


def test_a_list_price_counts_beside_an_amount_only() -> None:
    won = {"outcome": "won", "created": "2024-01-01", "closed": "2024-01-31"}
    facts = facts_of(opportunities=[
        deal(**won, amount=80, list_amount=100), deal(**won, amount=50), deal(**won, list_amount=70), deal(**won)
    ])  # fmt: skip
    sums = facts.prices.drop(columns=["segment", "part", "month"]).sum()
    assert sums.to_dict() == {
        "decided": 4,
        "won": 4,
        "named": 0,
        "accounts": 0,
        "priced": 2,
        "amount": 130,
        "listed": 1,
        "list_amount": 100,
        "listed_amount": 80,
    }


def test_an_account_counts_as_won_in_the_month_of_its_first_win() -> None:
    """Ada wins in January and, spelled otherwise, in March; Bob loses first; a win without an account is nobody's."""
    won = {"outcome": "won", "created": "2024-01-01"}
    facts = facts_of(opportunities=[
        deal(**won, closed="2024-03-31", account="ADA"), deal(**won, closed="2024-01-15", account="Ada"),
        deal("2024-01-01", "2024-01-10", "lost", account="Bob"), deal(**won, closed="2024-03-02", account="bob"),
        deal(**won, closed="2024-03-03"),
    ])  # fmt: skip
    by_month = facts.prices.groupby("month", as_index=False).sum()
    assert rows_of(by_month, "month", "decided", "won", "named", "accounts") == [
        (month("2024-01"), 2, 1, 1, 1), (month("2024-03"), 3, 3, 2, 1),
    ]  # fmt: skip


def test_amounts_of_created_opportunities_are_counted() -> None:
    facts = facts_of(opportunities=[deal("2024-01-31", amount=0), deal("2024-01-02", amount=70), deal("2024-01-03")])
    assert rows_of(facts.created, "opportunities", "priced", "amount") == [(3, 2, 70)]


def test_what_is_billed_ahead_stands_beside_the_term() -> None:
    facts = facts_of(subscriptions=[
        subscription("Ada", "2024-12-01", term=36, billed=12), subscription("Ada", "2024-12-01", term=36, billed=1), END,
    ])  # fmt: skip
    assert rows_of(facts.terms, "term", "billed", "subscriptions", "arr") == [(36, 1, 1, 120_000), (36, 12, 1, 120_000)]


def test_a_decision_slips_by_the_quarters_it_is_late() -> None:
    facts = facts_of(opportunities=[
        deal("2024-01-01", closed, "won", first_due=day("2024-03-31"))
        for closed in ("2024-02-01", "2024-03-31", "2024-04-01", "2024-12-31")
    ])  # fmt: skip
    assert rows_of(facts.slips, "quarters", "still_open", "opportunities") == [
        (0, False, 2),
        (1, False, 1),
        (3, False, 1),
    ]


def test_what_is_not_decided_has_moved_by_every_full_quarter_since_it_was_due() -> None:
    """At the end of November the third quarter is the last full one; what is decided after it was open then."""
    facts = facts_with({"opportunities": [
        deal("2024-01-01", first_due=day("2024-02-15")), deal("2024-01-01", first_due=day("2024-10-01")),
        deal("2024-01-01", "2024-11-15", "won", first_due=day("2024-09-30")),
        deal("2024-01-01", "2024-09-30", "lost", first_due=day("2024-04-01")),
    ]}, until=month("2024-11"))  # fmt: skip
    assert rows_of(facts.slips, "quarters", "still_open", "opportunities") == [
        (1, False, 1),
        (1, True, 1),
        (3, True, 1),
    ]


def test_score_bands_are_fifths_and_equal_scores_share_one() -> None:
    scores = [1.0, 1.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]
    leads = [{"created": day("2024-01-31"), "score": score, "converted": (score or 0) > 6} for score in [*scores, None]]
    assert rows_of(facts_of(leads=leads).leads.fillna(0.0), "band", "leads", "converted", "score_low", "score_high") == [
        (0, 1, 0, 0.0, 0.0), (1, 3, 0, 1.0, 1.0), (2, 1, 0, 2.0, 2.0), (3, 2, 0, 3.0, 4.0), (4, 2, 0, 5.0, 6.0),
        (5, 2, 2, 7.0, 8.0),
    ]  # fmt: skip


def test_an_invoice_fails_by_its_first_attempt_and_is_recovered_by_a_later_one() -> None:
    def attempt(invoice: str, date: str, paid: bool) -> dict[str, Any]:
        return {"invoice": invoice, "day": day(date), "amount": 100, "card": True, "paid": paid, "term": 1}

    facts = facts_of(payments=[
        attempt("paid", "2024-01-01", True), attempt("recovered", "2024-01-31", False), attempt("recovered", "2024-02-02", True),
        attempt("lost", "2024-01-01", False), attempt("lost", "2024-01-05", False), attempt("end", "2024-02-29", True),
    ])  # fmt: skip
    sums = facts.payments.groupby("month")[
        ["invoices", "amount", "failed_invoices", "failed", "recovered_invoices", "recovered"]
    ].sum()
    assert sums.loc[month("2024-01")].tolist() == [3, 300, 2, 200, 1, 100]
    assert sums.loc[month("2024-02")].tolist() == [1, 100, 0, 0, 0, 0]


def test_people_are_there_from_the_month_they_start_to_the_one_before_they_leave() -> None:
    people = [
        {"started": day("2024-01-15"), "left": day("2024-03-01"), "quota": 500, "cost": 90},
        {"started": day("2024-03-01"), "left": day("2024-03-20"), "quota": None, "cost": 90},
        {"started": day("2024-03-31"), "left": None, "quota": None, "cost": 90},
    ]
    assert rows_of(facts_of(people=people).people.drop(columns="segment"), "month", "people", "joined", "left", "quota", "quota_people", "cost") == [
        (month("2024-01"), 1, 1, 0, 500, 1, 90), (month("2024-02"), 1, 0, 0, 500, 1, 90), (month("2024-03"), 1, 2, 2, 0, 0, 90),
    ]  # fmt: skip


def test_forecasts_are_held_against_quarters_that_are_over() -> None:
    facts = facts_of(
        subscriptions=[
            subscription("Ada", "2024-01-31", yearly=300),
            subscription("Bob", "2024-03-01", yearly=500),
            END,
        ],
        forecasts=[{"quarter": day(text), "amount": 1000} for text in ("2024-01-01", "2024-10-01", "2025-01-01")],
    )
    assert rows_of(facts.forecasts, "quarter", "segment", "forecast", "actual") == [
        (month("2024-01"), "customers", 1000, 800), (month("2024-10"), "customers", 1000, 0),
    ]  # fmt: skip


def test_bands_of_size_have_round_edges_and_no_small_band() -> None:
    sizes = [90_000] * 6 + [900_000] * 3 + [9_000_000]
    rows = {
        "subscriptions": [subscription(f"c{number}", "2024-01-31", yearly=size) for number, size in enumerate(sizes)]
    }
    facts = facts_with(rows, segments_by="size")
    assert list(facts.segments.values()) == ["Under 1k a year", "1k to 10k a year", "From 10k a year"]
    assert rows_of(facts.movements, "segment", "customers") == [
        ("1k-to-10k-a-year", 3),
        ("from-10k-a-year", 1),
        ("under-1k-a-year", 6),
    ]


def test_customers_of_one_size_make_no_bands() -> None:
    facts = facts_with({"subscriptions": [subscription("Ada", "2024-01-31")]}, segments_by="size")
    assert facts.segments == {"customers": "All customers"}
    assert facts.notes == ("All are of about the same size, so there are no bands.",)


def test_rows_kept_by_month_make_their_last_month_a_full_one() -> None:
    rows = [subscription(name, "2024-02-01") for name in ("Ada", "Bob")] + [subscription("Cid", "2024-01-01")]
    assert facts_with({"subscriptions": rows}).until == month("2024-02")
    assert facts_with({"subscriptions": [*rows, subscription("Dan", "2024-01-15")]}).until == month("2024-01")


def test_ends_after_the_last_start_are_named_and_count_once_the_opening_month_is_given() -> None:
    rows = [subscription("Ada", "2024-01-31"), subscription("Bob", "2024-01-10", "2024-04-30")]
    facts = facts_with({"subscriptions": rows})
    assert facts.until == month("2024-01")
    assert facts.notes == (
        "The opening month is 2024-01, the last full one in which subscriptions start; 1 that ends later counts as running. "
        "Where these are past losses and no ends to come, give the opening month.",
    )
    later = facts_with({"subscriptions": rows}, until=month("2024-04"))
    assert rows_of(later.movements, "month", "movement", "customers") == [
        (month("2024-01"), "new", 2),
        (month("2024-04"), "churn", 1),
    ]


@pytest.mark.parametrize(("start", "ends"), [(("2024-01-01", "2024-02-01"), ("2024-02-01", "2024-03-01")),
                                             (("2024-01-15", "2024-02-15"), ("2024-02-15", "2024-03-15"))])  # fmt: skip
def test_rows_of_a_month_each_do_not_end_later(start: tuple[str, str], ends: tuple[str, str]) -> None:
    rows = [subscription(name, *days) for name in ("Ada", "Bob") for days in (start, ends)]
    assert facts_with({"subscriptions": rows}).notes == ()


@pytest.mark.parametrize(("rows", "options", "said"), [
    ({"subscriptions": []}, {}, "There is no row to measure."),
    ({"subscriptions": [subscription("Ada", "2024-01-31")]}, {"until": month("2024-02")},
     "The opening month 2024-02 is outside the months of the subscriptions, 2024-01 to 2024-01."),
])  # fmt: skip
def test_what_cannot_be_measured_is_refused(rows: Any, options: Any, said: str) -> None:
    with pytest.raises(ExportError) as error:
        facts_with(rows, **options)
    assert error.value.problems == (said,)


def test_progress_names_every_question() -> None:
    told: list[tuple[float, str]] = []
    facts_with(
        {"subscriptions": [subscription("Ada", "2024-01-31")]}, progress=lambda share, what: told.append((share, what))
    )
    assert [share for share, _ in told] == sorted(share for share, _ in told)
    assert told[0] == (0.0, "How far the rows reach")
    assert told[-1] == (1.0, "Done")
    assert "ARR movements" in {what for _, what in told}


def test_an_answer_is_interrupted_and_the_next_one_is_given() -> None:
    with in_process({"numbers": pa.table({"id": list(range(300_000))})}) as engine:
        ids = engine.tables["numbers"]
        threading.Timer(0.3, engine.interrupt).start()
        with pytest.raises(ExportError, match="Interrupted"):
            engine.answer(ids.cross_join(ids.view()).aggregate(sum=(ids.id * ids.id % 7).sum()))
        assert engine.answer(ids.aggregate(rows=ids.count()))["rows"].tolist() == [300_000]
    engine.interrupt()


def test_the_process_is_sealed(tmp_path: Any) -> None:
    with in_process(tables_of({"subscriptions": [subscription("Ada", "2024-01-31")]})) as engine:
        own = engine.connection.con
        for refused in (f"COPY subscriptions TO '{tmp_path}/x.csv'", "SELECT * FROM '/etc/passwd'", "SET threads = 1"):
            with pytest.raises(Exception, match=r"disabled by configuration|has been locked|does not exist"):
                own.execute(refused)
        assert own.execute("SELECT current_setting('temp_directory')").fetchone() == ("",)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("pattern", ["{}", "cust-{:06d}", "C{:05d}-EU", "acct_{:08x}"])
def test_keys_in_a_row_are_spread_over_all_parts(pattern: str) -> None:
    keys = pa.table({"key": [pattern.format(number) for number in range(1600)]})
    with in_process({"keys": keys}) as engine:
        table = engine.tables["keys"]
        parts = engine.answer(table.select(part=part_of(table.key)))["part"].value_counts()
    assert len(parts) == 16
    assert ((parts - 100) ** 2 / 100).sum() < 25  # 95 % of even deals stay below, for 15 degrees of freedom
