"""What is asked of a company's history: every question once, in Ibis, for every engine alike.

Only whole numbers are added, compared and counted, so that DuckDB, Spark and a warehouse give exactly the same answers;
nothing here is written in the language of one of them. Tables are those of `schema`; `place` is a segment's number
(`grouping`), `part` the lot of a customer (`part_of`). The answers are the tables of `facts`, shaped by `gather`.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from functools import reduce
from operator import add

import ibis

from model.history.asking.facts import PARTS
from model.history.asking.grouping import EDGES, NOWHERE, Grouping
from model.history.asking.known import YEAR, Table, Value, month_of

BANDS = 5
QUARTER = 3
ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"
LETTERS = 12
PRIME, MULTIPLIER, LONGEST = 1_000_003, 48_271, 64


# What the other questions are made of


def part_of(key: Value) -> Value:
    """Return which of 16 parts a key belongs to: by its last 12 letters and digits, weighted, modulo a prime.

    No hash is known to all engines. The weights are powers of a number modulo the prime, so that numbers in a row are
    spread over all parts; sums stay within 32 bits. A key with no Latin letter or digit among its last twelve letters
    is dealt by its length.
    """
    text = ibis.literal("." * LETTERS).concat(key.lower()).right(LETTERS)
    found = [ibis.literal(ALPHABET).find(text.substr(place, 1)) + 1 for place in range(LETTERS)]
    weighted = [one * pow(MULTIPLIER, power, PRIME) for power, one in enumerate([key.length() % LONGEST, *found], 2)]
    return (reduce(add, weighted) % PRIME % PARTS).cast("int64")


_WEIGHTS = {
    "subscriptions": lambda rows: rows.yearly,
    "opportunities": lambda rows: ((rows.outcome == "won") & rows.amount.notnull()).ifelse(rows.amount, 0),
}


def segment_names(table: Table, kind: str) -> Table:
    """Return the names in the segment column: name (lower case), written, amount (cents that rank it)."""
    amount = _WEIGHTS[kind](table) if kind in _WEIGHTS else ibis.literal(0, "int64")
    rows = table.select(name=table.segment.lower(), written=table.segment, amount=amount)
    return rows.group_by("name").agg(written=rows.written.min(), amount=_total(rows.amount))


def placed(table: Table, kind: str, grouping: Grouping) -> Table:
    """Return the rows with the place of their segment: by their column, or an opportunity's size by its amount."""
    if len(grouping.titles) == 1:
        return table.mutate(place=ibis.literal(0, "int64"))
    if kind not in grouping.telling:
        return table.mutate(place=ibis.literal(NOWHERE, "int64"))
    if grouping.edges:
        return table.mutate(
            place=(table.amount > 0).fill_null(False).ifelse(_band(table.amount, grouping.edges), NOWHERE)
        )
    places = [(name, place) for place, name in enumerate(grouping.names)]
    return table.mutate(place=table.segment.lower().cases(*places, else_=grouping.elsewhere).cast("int64"))


def _band(amount: Value, edges: Sequence[int]) -> Value:
    """Return how many of the edges an amount reaches."""
    return reduce(add, [(amount >= edge).ifelse(1, 0) for edge in edges]).cast("int64")


def _total(amount: Value, where: Value = None) -> Value:
    """Return a sum, 0 if there is nothing to add."""
    return amount.sum(where=where).fill_null(0).cast("int64")


def _count(condition: Value) -> Value:
    return _total(condition.ifelse(1, 0))


# Subscriptions


def changes(subscriptions: Table) -> Table:
    """Return by customer and month, where ARR changed: change, after (ARR at its end), sold (month of the first ARR).

    A subscription gives its amount in the month of its start and takes it in that of its end; one that ends in the month
    of its start leaves nothing. `after` is what runs at the month's end, whatever started and ended within it. Amounts below zero are discounts:
    they are taken off what runs of the customer, and a month of which nothing is left counts as 0.
    """
    rows = subscriptions.filter(subscriptions.yearly != 0)
    rows = rows.select(
        customer=rows.customer.lower(), begin=month_of(rows.started), end=month_of(rows.ended), yearly=rows.yearly
    )
    rows = rows.filter(rows.end.isnull() | (rows.end > rows.begin))
    ended = rows.filter(rows.end.notnull())
    starts = rows.select(customer=rows.customer, month=rows.begin, change=rows.yearly)
    ends = ended.select(customer=ended.customer, month=ended.end, change=-ended.yearly)
    events = starts.union(ends)
    monthly = events.group_by("customer", "month").agg(change=_total(events.change))
    monthly = monthly.filter(monthly.change != 0)
    so_far = ibis.window(group_by=monthly.customer, order_by=monthly.month, rows=(None, 0))
    monthly = monthly.mutate(sum=monthly.change.sum().over(so_far).cast("int64"))
    after, before = (ibis.greatest(each, 0).cast("int64") for each in (monthly["sum"], monthly["sum"] - monthly.change))
    monthly = monthly.select("customer", "month", change=after - before, after=after)
    monthly = monthly.filter(monthly.change != 0)
    so_far = ibis.window(group_by=monthly.customer, order_by=monthly.month, rows=(None, 0))
    return monthly.mutate(sold=monthly.month.min().over(so_far))


def customers(subscriptions: Table, changed: Table, grouping: Grouping) -> Table:
    """Return customer, place, part. A customer is where most of its yearly amounts are, the larger segment in a tie."""
    if grouping.edges:
        largest = changed.group_by("customer").agg(largest=changed.after.max())
        found = largest.select(customer=largest.customer, place=_band(largest.largest, grouping.edges))
        return found.mutate(part=part_of(found.customer))
    rows = placed(subscriptions.filter(subscriptions.yearly > 0), "subscriptions", grouping)
    rows = rows.select(customer=rows.customer.lower(), place=rows.place, yearly=rows.yearly)
    if len(grouping.titles) == 1 or "subscriptions" not in grouping.telling:
        found = rows.group_by("customer").agg(place=rows.place.min())
        return found.mutate(part=part_of(found.customer))
    names = [f"of_{place}" for place in range(len(grouping.titles))]
    amounts = {name: _total(rows.yearly, rows.place == place) for place, name in enumerate(names)}
    by_place = rows.group_by("customer").agg(**amounts)
    most = ibis.greatest(*[by_place[name] for name in names])
    place = ibis.cases(*[(by_place[name] == most, place) for place, name in enumerate(names)], else_=0).cast("int64")
    return by_place.select(customer=by_place.customer, place=place, part=part_of(by_place.customer))


def book(changed: Table, customer_places: Table) -> Table:
    """Return the changes with the place and part of their customer."""
    return changed.join(customer_places, "customer")


def sizes(changed: Table) -> Table:
    """Return by stretch between two EDGES: customers whose largest ARR lies in it, amount (the sum of that ARR)."""
    largest = changed.group_by("customer").agg(largest=changed.after.max())
    return _by_stretch(largest, largest.largest)


def opportunity_sizes(opportunities: Table) -> Table:
    """Return by stretch between two EDGES: customers (opportunities won), amount."""
    rows = opportunities.filter((opportunities.outcome == "won") & (opportunities.amount > 0))
    return _by_stretch(rows, rows.amount)


def _by_stretch(rows: Table, amount: Value) -> Table:
    by_amount = rows.select(stretch=_band(amount, EDGES), amount=amount)
    return by_amount.group_by("stretch").agg(customers=by_amount.count(), amount=_total(by_amount.amount))


def priced(opportunities: Table) -> Table:
    """Return decided (how many opportunities are), priced (how many of them have an amount above 0)."""
    decided = opportunities.outcome != "open"
    return opportunities.aggregate(
        decided=_count(decided), priced=_count(decided & (opportunities.amount > 0).fill_null(False))
    )


def movements(booked: Table) -> Table:
    """Return ARR movements by month, place and sale month: month, place, sold, movement, customers, arr."""
    before = booked.after - booked.change
    movement = ibis.cases(
        (booked.month == booked.sold, "new"),
        (before == 0, "reactivation"),
        (booked.after == 0, "churn"),
        (booked.change > 0, "expansion"),
        else_="contraction",
    )
    rows = booked.select("month", "place", "sold", movement=movement, change=booked.change.abs())
    return rows.group_by("month", "place", "sold", "movement").agg(customers=rows.count(), arr=_total(rows.change))


def year_on_year(booked: Table, until: int) -> Table:
    """Return by place and part, for each of 12 month ends (0 is that of `until`): what became of the ARR a year before.

    The columns end in the number of the month end: customers_0, arr_0, lost_customers_0, lost_0, grown_0, shrunk_0 …
    """
    balances = {f"at_{ago}": _total(booked.change, booked.month <= until - ago) for ago in range(2 * YEAR)}
    rows = booked.group_by("customer").agg(place=booked.place.min(), part=booked.part.min(), **balances)
    found: dict[str, Value] = {}
    for ago in range(YEAR):
        was, now = rows[f"at_{ago + YEAR}"], rows[f"at_{ago}"]
        gone, stays = (was > 0) & (now == 0), (was > 0) & (now > 0)
        found |= {
            f"customers_{ago}": _count(was > 0),
            f"arr_{ago}": _total(was),
            f"lost_customers_{ago}": _count(gone),
            f"lost_{ago}": _total(was, gone),
            f"grown_{ago}": _total(now - was, stays & (now > was)),
            f"shrunk_{ago}": _total(was - now, stays & (now < was)),
        }
    return rows.group_by("place", "part").agg(**found)


def lifetimes(booked: Table, until: int) -> Table:
    """Return place, part, sold, age, lost, customers, arr: how long customers stayed before their first end."""
    rows = booked.group_by("customer").agg(
        place=booked.place.min(), part=booked.part.min(), sold=booked.sold.min(),
        first_arr=_total(booked.change, booked.month == booked.sold),
        end=booked.month.min(where=booked.after == 0),
    )  # fmt: skip
    rows = rows.mutate(age=ibis.coalesce(rows.end, until) - rows.sold, lost=rows.end.notnull())
    by_age = rows.group_by("place", "part", "sold", "age", "lost")
    return by_age.agg(customers=rows.count(), arr=_total(rows.first_arr))


def terms(subscriptions: Table, customer_places: Table, until: int) -> Table:
    """Return place, part, term, billed, due, subscriptions, arr: what runs at the end of `until`, and its next renewal."""
    rows = subscriptions.filter((subscriptions.yearly > 0) & subscriptions.ended.isnull())
    begin = month_of(rows.started)
    rows = rows.select(
        customer=rows.customer.lower(),
        term=rows.term,
        billed=rows.billed,
        yearly=rows.yearly,
        ahead=(until + 1 - begin) % rows.term.nullif(0),
    )
    rows = rows.join(customer_places, "customer")
    wait = (rows.ahead == 0).ifelse(0, rows.term - rows.ahead)
    rows = rows.mutate(due=(rows.term > 0).ifelse(until + 1 + wait, -1).cast("int64"))
    return rows.group_by("place", "part", "term", "billed", "due").agg(
        subscriptions=rows.count(), arr=_total(rows.yearly)
    )


# Opportunities


def dealt(opportunities: Table) -> Table:
    """Return opportunities with their part: by account, or by their own number where no account is named."""
    key = (opportunities.account == "").ifelse(opportunities.id, opportunities.account)
    return opportunities.mutate(part=part_of(key))


def decisions(opportunities: Table, seen: datetime.date) -> Table:
    """Return place, part, outcome, days, opportunities; those open are waited for up to the last day seen."""
    days = ibis.coalesce(opportunities.closed, ibis.literal(seen)).delta(opportunities.created, unit="day")
    rows = opportunities.select("place", "part", "outcome", days=days.cast("int64"))
    return rows.group_by("place", "part", "outcome", "days").agg(opportunities=rows.count())


def created(opportunities: Table) -> Table:
    """Return place, month, opportunities, priced, amount."""
    rows = opportunities.select("place", "amount", month=month_of(opportunities.created))
    by_month = rows.group_by("place", "month")
    return by_month.agg(opportunities=rows.count(), priced=_count(rows.amount.notnull()), amount=_total(rows.amount))


def prices(opportunities: Table) -> Table:
    """Return place, part, month, decided, and of those won: won, named, accounts, priced, amount, listed, list_amount, listed_amount."""
    decided = opportunities.filter(opportunities.outcome != "open")
    won = decided.outcome == "won"
    in_order = ibis.window(group_by=[won, decided.account.lower()], order_by=[decided.closed, decided.id, decided.line])
    turn = ibis.row_number().over(in_order)
    rows = decided.select("place", "part", "amount", "list_amount", won=won, named=won & (decided.account != ""), turn=turn,
                          month=month_of(decided.closed))  # fmt: skip
    priced = rows.won & rows.amount.notnull()
    both = priced & rows.list_amount.notnull()
    return rows.group_by("place", "part", "month").agg(
        decided=rows.count(), won=_count(rows.won), named=_count(rows.named), accounts=_count(rows.named & (rows.turn == 0)),
        priced=_count(priced), amount=_total(rows.amount, priced),
        listed=_count(both), list_amount=_total(rows.list_amount, both), listed_amount=_total(rows.amount, both),
    )  # fmt: skip


def slips(opportunities: Table, until: int) -> Table:
    """Return place, quarters, still_open, opportunities: by how many quarters decisions moved, up to the last full quarter.

    What is decided after that quarter, or not at all, was still open at its end, and moved by every quarter since it was due.
    Of decisions made alone, those that moved the most would be missing: they are not made yet.
    """
    full = (until + 1) // QUARTER
    rows = opportunities.filter(opportunities.first_due.notnull())
    closed, due = (((day.year() - 1970) * 4 + day.quarter() - 1).cast("int64") for day in (rows.closed, rows.first_due))
    still_open = (closed >= full).fill_null(True)
    rows = rows.select(
        "place", still_open=still_open, quarters=ibis.greatest(still_open.ifelse(full, closed) - due, 0).cast("int64")
    )
    rows = rows.filter(~rows.still_open | (rows.quarters > 0))
    return rows.group_by("place", "quarters", "still_open").agg(opportunities=rows.count())


def owners(opportunities: Table) -> Table:
    """Return month, owners, year_owners, without their names.

    An owner counts for the 12 months from a decision; stretches that touch are one, so that nobody is counted twice.
    """
    rows = opportunities.filter((opportunities.outcome != "open") & (opportunities.owner != ""))
    rows = rows.select(owner=rows.owner.lower(), month=month_of(rows.closed)).distinct()
    by_month = ibis.window(group_by=rows.owner, order_by=rows.month)
    rows = rows.mutate(before=rows.month.lag().over(by_month), after=rows.month.lead().over(by_month))
    begin = rows.filter(rows.before.isnull() | (rows.month - rows.before > YEAR))
    end = rows.filter(rows.after.isnull() | (rows.after - rows.month > YEAR))
    none, one = ibis.literal(0, "int64"), ibis.literal(1, "int64")
    events = rows.select("month", owners=one, step=none)
    events = events.union(begin.select("month", owners=none, step=one))
    events = events.union(end.select(month=end.month + YEAR, owners=none, step=-one))
    monthly = events.group_by("month").agg(owners=_total(events.owners), step=_total(events.step))
    so_far = ibis.window(order_by=monthly.month, rows=(None, 0))
    monthly = monthly.mutate(year_owners=monthly.step.sum().over(so_far).cast("int64"))
    return monthly.filter(monthly.owners > 0).select("month", "owners", "year_owners")


# Leads, payments, people, forecasts


def score_bands(leads: Table) -> Table:
    """Return band (quintile, 1 the lowest), score_low, score_high; equal scores are in the same band.

    A score's band follows from how many leads score less: 0 to 20 % of all, the first; and so on.
    """
    rows = leads.filter(leads.score.notnull())
    scores = rows.group_by("score").agg(leads=rows.count())
    up_to = ibis.window(order_by=scores.score, rows=(None, 0))
    scores = scores.mutate(
        less=scores.leads.sum().over(up_to) - scores.leads, all=scores.leads.sum().over(ibis.window())
    )
    above = [(scores.less * BANDS >= scores["all"] * share).ifelse(1, 0) for share in range(1, BANDS)]
    scores = scores.select("score", band=(reduce(add, above) + 1).cast("int64"))
    return scores.group_by("band").agg(score_low=scores.score.min(), score_high=scores.score.max())


def lead_bands(leads: Table, lows: Mapping[int, float]) -> Table:
    """Return month, place, band, leads, converted; a band begins at its lowest score."""
    steps = [(leads.score >= low, band) for band, low in sorted(lows.items(), reverse=True)]
    band = ibis.cases(*steps, else_=0).cast("int64") if steps else ibis.literal(0, "int64")
    rows = leads.select("place", "converted", month=month_of(leads.created), band=band)
    return rows.group_by("month", "place", "band").agg(leads=rows.count(), converted=_count(rows.converted))


def with_customer_places(payments: Table, customer_places: Table) -> Table:
    """Return payments with the place of their customer; NOWHERE for a customer without a subscription."""
    rows = payments.drop("place").mutate(key=payments.customer.lower())
    found = rows.left_join(customer_places.select(key=customer_places.customer, place=customer_places.place), "key")
    return found.mutate(place=ibis.coalesce(found.place, NOWHERE))


def payments(attempts: Table) -> Table:
    """Return month, place, part, card, term, invoices, amount and what failed first and was paid later."""
    in_order = ibis.window(group_by=attempts.invoice, order_by=[attempts.day, attempts.line])
    rows = attempts.mutate(turn=ibis.row_number().over(in_order).cast("int64"),
                           payers=_count(attempts.paid).over(ibis.window(group_by=attempts.invoice)))  # fmt: skip
    first = rows.filter(rows.turn == 0)
    key = (first.customer == "").ifelse(first.invoice, first.customer)
    first = first.select(
        "place", "card", "term", "amount", "paid", "payers", month=month_of(first.day), part=part_of(key)
    )
    failed = ~first.paid
    recovered = failed & (first.payers > 0)
    return first.group_by("month", "place", "part", "card", "term").agg(
        invoices=first.count(), amount=_total(first.amount),
        failed_invoices=_count(failed), failed=_total(first.amount, failed),
        recovered_invoices=_count(recovered), recovered=_total(first.amount, recovered),
    )  # fmt: skip


def people(listed: Table) -> Table:
    """Return month, place, joined, left, quota, quota_people, cost, cost_people: what changed, in months with a change."""
    gone = listed.filter(listed.left.notnull())
    none, one = ibis.literal(0, "int64"), ibis.literal(1, "int64")
    comes = listed.select("place", month=month_of(listed.started), joined=one, left=none, **_quota_and_cost(listed, 1))
    goes = gone.select("place", month=month_of(gone.left), joined=none, left=one, **_quota_and_cost(gone, -1))
    events = comes.union(goes)
    totals = {name: _total(events[name]) for name in events.columns if name not in ("month", "place")}
    return events.group_by("month", "place").agg(**totals)


def _quota_and_cost(rows: Table, sign: int) -> dict[str, Value]:
    """Return quota and cost of each person, and 1 where they are known, with a sign."""
    found = {}
    for name in ("quota", "cost"):
        found[name] = (ibis.coalesce(rows[name], 0) * sign).cast("int64")
        found[f"{name}_people"] = rows[name].notnull().ifelse(sign, 0).cast("int64")
    return found


def forecasts(said: Table) -> Table:
    """Return quarter (its first month), place, forecast."""
    rows = said.select("place", "amount", quarter=month_of(said.quarter))
    return rows.group_by("quarter", "place").agg(forecast=_total(rows.amount))
