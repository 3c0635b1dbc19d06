"""The facts once more, in plain Python: row by row, month by month, with nothing shared with the expressions."""

from __future__ import annotations

import calendar
import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

Row = dict[str, Any]
Key = tuple[Any, ...]


def month(day: dt.date) -> int:
    return (day.year - 1970) * 12 + day.month - 1


def end_of(number: int) -> dt.date:
    year, index = 1970 + number // 12, number % 12 + 1
    return dt.date(year, index, calendar.monthrange(year, index)[1])


def part(key: str) -> int:
    """Deal a key: the length and the last 12 letters, each times the next power of 48271 modulo 1000003."""
    letters = ("." * 12 + key.lower())[-12:]
    codes = [len(key) % 64] + ["0123456789abcdefghijklmnopqrstuvwxyz".find(letter) + 1 for letter in letters]
    return sum(code * (48271**power % 1000003) for power, code in enumerate(codes, 2)) % 1000003 % 16


class Plain:
    """A history as lists of rows, the segments' ids by lower-case name, and how a customer's segment is found."""

    def __init__(
        self, rows: Mapping[str, list[Row]], until: int, titles: Mapping[str, str], edges: tuple[int, ...] = ()
    ) -> None:
        self.until, self.last = until, end_of(until)
        self.ids = list(titles)
        self.by_name = {title.lower(): name for name, title in titles.items()}
        self.edges = edges
        self.rows = {kind: [dict(row) for row in listed] for kind, listed in rows.items()}
        self._forget_what_came_later()

    def _forget_what_came_later(self) -> None:
        begins = {"subscriptions": "started", "opportunities": "created", "leads": "created", "payments": "day",
                  "people": "started", "forecasts": "quarter"}  # fmt: skip
        for kind, listed in self.rows.items():
            self.rows[kind] = [row for row in listed if row[begins[kind]] <= self.last]
        for kind, name in (("subscriptions", "ended"), ("people", "left"), ("opportunities", "closed")):
            for row in self.rows.get(kind, []):
                if row[name] is not None and row[name] > self.last:
                    row[name] = None
                    row |= {"outcome": "open"} if kind == "opportunities" else {}

    def segment(self, kind: str, row: Row) -> str:
        if len(self.ids) == 1:
            return self.ids[0]
        if self.edges:
            decided = [other for other in self.rows["opportunities"] if other["outcome"] != "open"]
            priced = [other for other in decided if other["amount"]]
            sized = kind == "opportunities" and row["amount"] and len(priced) >= 0.9 * len(decided) > 0
            return self.ids[sum(row["amount"] >= edge for edge in self.edges)] if sized else ""
        told = {other["segment"].lower() for other in self.rows[kind]} - {"", "other"}
        if not told & set(self.by_name):
            return ""
        return self.by_name.get(row["segment"].lower(), self.by_name.get("other", ""))

    def customers(self) -> dict[str, list[Row]]:
        found = defaultdict(list)
        for row in self.rows["subscriptions"]:
            if row["yearly"] > 0:
                found[row["customer"].lower()].append(row)
        return found

    def customer_segment(self, rows: list[Row]) -> str:
        if self.edges:
            largest = max(
                self.arr(self.with_discounts(rows), at)
                for at in range(month(rows[0]["started"]) - 1200, self.until + 1)
            )
            return self.ids[sum(largest >= edge for edge in self.edges)]
        totals: dict[str, int] = defaultdict(int)
        for row in rows:
            totals[self.segment("subscriptions", row)] += row["yearly"]
        return max(totals, key=lambda name: (totals[name], -self.ids.index(name) if name else 0))

    def with_discounts(self, rows: list[Row]) -> list[Row]:
        """Add a customer's amounts below zero to its rows."""
        key = rows[0]["customer"].lower()
        return [
            *rows,
            *(row for row in self.rows["subscriptions"] if row["yearly"] < 0 and row["customer"].lower() == key),
        ]

    @staticmethod
    def arr(rows: Iterable[Row], at: int) -> int:
        """Add up what runs at a month's end, nothing where discounts are more."""
        day = end_of(at)
        return max(0, sum(
            row["yearly"] for row in rows if row["started"] <= day and not (row["ended"] and row["ended"] <= day)
        ))  # fmt: skip

    def balances(self) -> Iterable[tuple[str, str, dict[int, int]]]:
        """Yield each customer that ever had ARR: key, segment, ARR by month from the first one to the last."""
        for key, rows in self.customers().items():
            first, paid = min(month(row["started"]) for row in rows), self.with_discounts(rows)
            by_month = {at: self.arr(paid, at) for at in range(first - 1, self.until + 1)}
            if any(by_month.values()):
                yield key, self.customer_segment(rows), by_month

    def movements(self) -> dict[Key, list[int]]:
        found: dict[Key, list[int]] = defaultdict(lambda: [0, 0])
        for _, segment, arr in self.balances():
            sold = min(at for at in arr if arr[at] > 0)
            for at in sorted(arr)[1:]:
                before, after = arr[at - 1], arr[at]
                if before == after:
                    continue
                came = "new" if at == sold else "reactivation" if before == 0 else "expansion"
                went = "churn" if after == 0 else "contraction"
                _count(found, (at, segment, sold, came if after > before else went), 1, abs(after - before))
        return found

    def year_on_year(self) -> dict[Key, list[int]]:
        found: dict[Key, list[int]] = defaultdict(lambda: [0] * 6)
        for key, segment, arr in self.balances():
            for at in range(self.until - 11, self.until + 1):
                was, now = arr.get(at - 12, 0), arr.get(at, 0)
                if was:
                    gone = now == 0
                    _count(found, (at, segment, part(key)), 1, was, gone, was * gone,
                           max(now - was, 0), max(was - now, 0) * (not gone))  # fmt: skip
        return found

    def lifetimes(self) -> dict[Key, list[int]]:
        found: dict[Key, list[int]] = defaultdict(lambda: [0, 0])
        for key, segment, arr in self.balances():
            sold = min(at for at in arr if arr[at] > 0)
            ends = [at for at in arr if at > sold and arr[at] == 0]
            age = min(ends, default=self.until) - sold
            _count(found, (segment, part(key), sold, age, bool(ends)), 1, arr[sold])
        return found

    def terms(self) -> dict[Key, list[int]]:
        found: dict[Key, list[int]] = defaultdict(lambda: [0, 0])
        for rows in self.customers().values():
            for row in rows:
                if row["ended"] is None:
                    due = month(row["started"]) if row["term"] else -1
                    while row["term"] and due <= self.until:
                        due += row["term"]
                    key = (self.customer_segment(rows), part(row["customer"].lower()), row["term"], row["billed"], due)
                    _count(found, key, 1, row["yearly"])
        return found

    def decisions(self) -> dict[Key, list[int]]:
        rows = self.rows["opportunities"]
        seen = max([row[name] for row in rows for name in ("created", "closed") if row[name]], default=None)
        return self._opportunities(lambda row: (
            self._part(row), row["outcome"], ((row["closed"] or seen) - row["created"]).days), lambda _: (1,))  # fmt: skip

    def created(self) -> dict[Key, list[int]]:
        return self._opportunities(
            lambda row: (month(row["created"]),), lambda row: (1, row["amount"] is not None, row["amount"] or 0)
        )

    def prices(self) -> dict[Key, list[int]]:
        won = sorted((row["closed"], row["id"], row["account"].lower()) for row in self.rows["opportunities"]
                     if row["outcome"] == "won" and row["account"])  # fmt: skip
        first = {account: number for _, number, account in reversed(won)}

        def values(row: Row) -> Key:
            if row["outcome"] == "lost":
                return (1, *[0] * 8)
            amount, listed, account = row["amount"], row["list_amount"], row["account"].lower()
            both = amount is not None and listed is not None
            named = (bool(account), first.get(account) == row["id"])
            return (1, 1, *named, amount is not None, amount or 0, both, listed if both else 0, amount if both else 0)

        return self._opportunities(
            lambda row: (self._part(row), month(row["closed"])), values, lambda row: row["outcome"] != "open"
        )

    def slips(self) -> dict[Key, list[int]]:
        ended = end_of((self.until + 1) // 3 * 3 - 1)

        def key(row: Row) -> Key:
            made = row["closed"] is not None and row["closed"] <= ended
            at = month(row["closed"]) // 3 if made else month(ended) // 3 + 1
            return (max(at - month(row["first_due"]) // 3, 0), not made)

        return self._opportunities(
            key, lambda _: (1,), lambda row: row["first_due"] is not None and key(row) != (0, True)
        )

    def _part(self, row: Row) -> int:
        return part(row["account"] or row["id"])

    def _opportunities(
        self, key: Callable[[Row], Key], values: Callable[[Row], Key], use: Callable[[Row], bool] = lambda _: True
    ) -> dict[Key, list[int]]:
        found: dict[Key, list[int]] = {}
        for row in filter(use, self.rows["opportunities"]):
            place = (self.segment("opportunities", row), *key(row))
            _count(found.setdefault(place, [0] * len(values(row))), None, *values(row))
        return found

    def owners(self) -> dict[Key, list[int]]:
        decided = [(month(row["closed"]), row["owner"].lower()) for row in self.rows["opportunities"]
                   if row["outcome"] != "open" and row["owner"]]  # fmt: skip
        return {(at,): [len({name for other, name in decided if other == at}),
                        len({name for other, name in decided if at - 12 < other <= at})]
                for at, _ in decided}  # fmt: skip

    def leads(self) -> dict[Key, list[float]]:
        scores = sorted(row["score"] for row in self.rows["leads"] if row["score"] is not None)
        bands = {score: scores.index(score) * 5 // len(scores) + 1 for score in scores}
        found: dict[Key, list[float]] = defaultdict(lambda: [0, 0])
        for row in self.rows["leads"]:
            key = (month(row["created"]), self.segment("leads", row), bands.get(row["score"], 0))
            _count(found, key, 1, row["converted"])
        for (_, _, band), values in found.items():
            within = [score for score in scores if bands[score] == band] or [float("nan")]
            values += [min(within), max(within)]
        return found

    def payments(self) -> dict[Key, list[int]]:
        invoices = defaultdict(list)
        for row in self.rows["payments"]:
            invoices[row["invoice"]].append(row)
        segments = {key: self.customer_segment(rows) for key, rows in self.customers().items()}
        told = len(self.ids) == 1 or (
            not self.edges and any(self.segment("payments", row) for row in self.rows["payments"])
        )
        found: dict[Key, list[int]] = defaultdict(lambda: [0] * 6)
        for attempts in invoices.values():
            first = min(attempts, key=lambda row: (row["day"], row["line"]))
            own = self.segment("payments", first)
            segment = own if told else segments.get(first["customer"].lower(), "")
            failed, amount = not first["paid"], first["amount"]
            recovered = failed and any(row["paid"] for row in attempts)
            key = (
                month(first["day"]),
                segment,
                part(first["customer"] or first["invoice"]),
                first["card"],
                first["term"],
            )
            _count(found, key, 1, amount, failed, amount * failed, recovered, amount * recovered)
        return found

    def people(self) -> dict[Key, list[int]]:
        found: dict[Key, list[int]] = {}
        by_segment = defaultdict(list)
        for row in self.rows["people"]:
            by_segment[self.segment("people", row)].append(row)
        first = min((month(row["started"]) for row in self.rows["people"]), default=0)
        for segment, rows in by_segment.items():
            for at in range(first, self.until + 1):
                there = [
                    row
                    for row in rows
                    if row["started"] <= end_of(at) and not (row["left"] and row["left"] <= end_of(at))
                ]
                quotas, costs = ([row[name] for row in there if row[name] is not None] for name in ("quota", "cost"))
                found[at, segment] = [
                    len(there), sum(month(row["started"]) == at for row in rows),
                    sum(row["left"] is not None and month(row["left"]) == at for row in rows),
                    sum(quotas), len(quotas), sum(costs), len(costs),
                ]  # fmt: skip
        return found

    def forecasts(self) -> dict[Key, list[int]]:
        found: dict[Key, list[int]] = defaultdict(lambda: [0, 0])
        for row in self.rows["forecasts"]:
            if month(row["quarter"]) + 2 <= self.until:
                _count(found, (month(row["quarter"]), self.segment("forecasts", row)), row["amount"], 0)
        new = [(key, arr) for key, (_, arr) in self.movements().items() if key[3] in ("new", "reactivation")]
        for (quarter, segment), values in found.items():
            values[1] = sum(arr for (at, of, _, _), arr in new if 0 <= at - quarter < 3 and segment in ("", of))
        return found


def _count(found: Any, key: Any, *values: Any) -> None:
    """Add values to those of a key, or to a list itself."""
    sums = found if key is None else found[key]
    for place, value in enumerate(values):
        sums[place] += int(value)
