"""The history of deals: at which price and discount they are won, and how often decisions slip."""

from __future__ import annotations

import streamlit as st

from model.text import number, rate
from pages.parts import history_figures as figures
from pages.parts.blocks import chart, small
from pages.parts.history_figures import Point
from pages.parts.history_seen import Seen, quarter_of

QUARTERS, FEW, MOST_SLIPS = 12, 10, 4


def answer(seen: Seen) -> str:
    """Say at which price deals are won."""
    price, discount = seen.measured("average_selling_price"), seen.measured("discount")
    if price is None:
        return "The files hold no amounts of deals won"
    off = f", {seen.shown(discount)} below list" if discount else ""
    return f"A new customer pays {seen.shown(price)} a year{off}"


def draw(seen: Seen) -> None:
    """Draw price, discount and slips."""
    if not len(seen.facts.prices):
        small("There is no file of opportunities won.")
        return
    left, right = st.columns(2, gap="medium")
    with left:
        _price(seen)
    with right:
        _discount(seen)
    _slips(seen)


def _by_quarter(seen: Seen, value: str, of: str, count: str) -> list[Point]:
    """Return a ratio by quarter of the decision with its interval, the last quarters."""
    from model.history.measuring.intervals import jackknife
    from model.history.measuring.slices import by_part, ratio

    rows = seen.rows(seen.facts.prices)
    rows = rows[rows["won"] > 0]
    found = []
    for start in sorted({int(month) - int(month) % 3 for month in rows["month"]})[-QUARTERS:]:
        own = rows[rows["month"].between(start, start + 2)]
        n = int(own[count].sum())
        ((middle, (low, high)),) = jackknife(
            by_part(own, (value, of)), lambda sums: (ratio(float(sums[0]), float(sums[1])),)
        )
        found.append(Point(quarter_of(start), middle, low, high, n >= FEW, told=f"{n:,} won"))
    return found


def _price(seen: Seen) -> None:
    points = [_scaled(one, 0.01) for one in _by_quarter(seen, "amount", "priced", "priced")]
    points = [_told(one, seen.money(one.value)) for one in points]
    price = seen.measured("average_selling_price")
    title = "Price of deals won"
    if price is not None:
        title = f"The price of a year is {seen.shown(price)}" + (
            f" ({seen.between(price)})" if price.has_interval else ""
        )
    chart(title, f"Mean yearly amount won by quarter, after discount; whiskers: 90 % interval, faint: fewer than {FEW}{seen.of}",
          figures.bars(points, role="scenario", money=seen.symbol), "history-price")  # fmt: skip


def _discount(seen: Seen) -> None:
    discount = seen.measured("discount")
    if discount is None:
        st.markdown("## Discount cannot be measured from these files")
        small("It needs a column with the amount before discount.")
        return
    points = [Point(one.label, 1 - one.value, 1 - one.high, 1 - one.low, one.enough, told=f"{rate(1 - one.value)}, {one.told}")
              for one in _by_quarter(seen, "listed_amount", "list_amount", "listed")]  # fmt: skip
    between = f" ({seen.between(discount)})" if discount.has_interval else ""
    chart(f"Deals are won {seen.shown(discount)} below list{between}",
          f"Discount by quarter of the decision; whiskers: 90 % interval, faint: fewer than {FEW}{seen.of}",
          figures.bars(points, role="cost", rate=True), "history-discount")  # fmt: skip


def _scaled(one: Point, factor: float) -> Point:
    return Point(one.label, one.value * factor, one.low * factor, one.high * factor, one.enough, told=one.told)


def _told(one: Point, value: str) -> Point:
    return Point(one.label, one.value, one.low, one.high, one.enough, told=f"{value}, {one.told}")


def _slips(seen: Seen) -> None:
    from model.history.measuring.intervals import wilson

    slip = seen.measured("slip_rate")
    if slip is None:
        st.markdown("## Slips cannot be measured from these files")
        small("It needs the day on which each decision was first expected.")
        return
    rows = seen.rows(seen.facts.slips)
    rows = rows[~rows["still_open"].astype(bool)]
    counts = rows.assign(quarters=rows["quarters"].clip(upper=MOST_SLIPS)).groupby("quarters")["opportunities"].sum()
    whole = int(counts.sum())
    names = [
        "On time",
        "1 quarter late",
        *(f"{late} quarters late" for late in range(2, MOST_SLIPS)),
        f"{MOST_SLIPS} or more",
    ]
    shares = [int(counts.get(late, 0)) for late in range(MOST_SLIPS + 1)]
    points = [Point(name, count / whole, *wilson(count, whole), count >= FEW or late == 0, rate(count / whole), f"{count:,} of {whole:,} decisions")
              for late, (name, count) in enumerate(zip(names, shares, strict=True))]  # fmt: skip
    between = f" ({seen.between(slip)})" if slip.has_interval else ""
    chart(f"A decision due moves to the next quarter {seen.shown(slip)} of the time{between}",
          f"Decisions by how late they came, {number(whole)} in all, with 90 % intervals{seen.of}",
          figures.dots(points, left=128, right=70, span=(0.0, 1.0)), "history-slips")  # fmt: skip
