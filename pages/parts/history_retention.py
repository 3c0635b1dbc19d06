"""The history of retention: what is left of each cohort, how long customers stay, and what one rate would miss."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from model.company import Numbers
from model.text import numbered, rate
from pages.parts import history_figures as figures
from pages.parts.blocks import chart, small
from pages.parts.charts import Series
from pages.parts.history_figures import Point
from pages.parts.history_seen import Seen, quarter_of
from pages.parts.own_data import current
from pages.parts.state import Session

if TYPE_CHECKING:
    from model.history.measuring.cohorts import Weight

FEW, YEAR, MOST_WRITTEN = 10, 12, 12
BY = {"12": "Years", "3": "Quarters"}
OF = {"arr": "ARR", "customers": "Customers"}


def draw(session: Session, seen: Seen) -> None:
    """Draw what is left of customers and how long they stay."""
    of, by = _choices(session)
    _cohorts(seen, of, by)
    left, right = st.columns([6, 5], gap="medium")
    with left:
        _staying(seen, of)
    with right:
        _rates(seen)


def _choices(session: Session) -> tuple[Weight, int]:
    """Ask what is counted, and how long a cohort is."""
    with st.container(horizontal=True, gap="medium"):
        of: Weight = "customers" if _chosen(session, "of", OF, "Share of") == "customers" else "arr"
        by = _chosen(session, "by", BY, "Cohorts by")
    return of, int(by)


def _chosen(session: Session, name: str, options: dict[str, str], label: str) -> str:
    own = current()
    present = own.view.get(name, next(iter(options)))
    key = f"history:{name}"

    def choose(_: Session, value: str) -> None:
        current().view[name] = value

    session.widget(
        key, present,
        lambda: st.segmented_control(label, list(options), default=present, format_func=options.__getitem__, key=key, required=True),
        choose,
    )  # fmt: skip
    return present


def answer(seen: Seen) -> str:
    """Say how much of its ARR the company keeps."""
    grr, nrr = seen.measured("grr"), seen.measured("nrr")
    if grr is None or nrr is None:
        kept = seen.measured("arr_retention")
        return (
            f"{seen.shown(kept)} of ARR stays for a year"
            if kept
            else "Too little history to say how long customers stay"
        )
    return f"Of every {seen.symbol}100 of ARR, {seen.symbol}{100 * grr.value:.0f} stay after a year, {seen.symbol}{100 * nrr.value:.0f} with growth"


def _cohorts(seen: Seen, of: Weight, by: int) -> None:
    from model.history.measuring.cohorts import cohorts

    found = seen.result.once(("cohorts", seen.segment, of, by), lambda: cohorts(seen.facts, seen.segment, by, of))
    together, unit = found.together, "year" if by == YEAR else "quarter"
    title = "No cohort is old enough yet to see what is left of it"
    if len(together) > 1:
        last, first = len(together) - 1, min(YEAR // by, len(together) - 1)
        title = f"{rate(together[first], 0)} of {OF[of].lower()} {'is' if of == 'arr' else 'are'} left after {_ages(first, by)}"
        title += f", {rate(together[last], 0)} after {_ages(last, by)}" if last > first else ""
        title = title.replace("arr ", "ARR ")
    names = [f"{1970 + month // 12}" if by == YEAR else quarter_of(month) for month in found.firsts]
    ages = ["Sold" if age == 0 else _ages(age, by) for age in range(len(together))]
    if by != YEAR:
        ages = ["Sold", *(f"{age} q" for age in range(1, len(together)))]
    figure = figures.cohort_map(
        names, ages, found.left, found.customers, few=FEW, written=len(together) <= MOST_WRITTEN
    )
    what = "ARR, growth included," if of == "arr" else "customers"
    chart(title, f"Share of {what} left by {unit} of sale and age. Grey: less than sold, green: more; faint: fewer than {FEW} customers{seen.of}",
          figure, "history-cohorts")  # fmt: skip


def _ages(count: int, by: int) -> str:
    unit = "year" if by == YEAR else "quarter"
    return numbered(count, f"{unit}s")


def _staying(seen: Seen, of: Weight) -> None:
    """Draw the share still there as it was seen, and the two models that carry it on."""
    from model.history.measuring.cohorts import staying

    seen_so_far = seen.result.once(("staying", seen.segment, of), lambda: staying(seen.facts, seen.segment, of))
    fitted = {one.segment: one for one in seen.result.calibration.fits}
    months, share = seen_so_far.times, seen_so_far.share
    if len(months) <= YEAR:
        small(f"How long customers stay: fewer than {FEW} were followed for a year.")
        return
    series = [Series("■ Seen", share, "expansion", 2.75, True, "Seen")]
    years, model = (len(months) - 1) // YEAR, fitted.get(seen.segment)
    title = f"{rate(share[YEAR], 0)} are still there after a year, {rate(share[years * YEAR], 0)} after {years}"
    times: Numbers = months
    if model is not None:
        from model.retention import survival

        fit = model.by_arr if of == "arr" else model.by_customer
        times = np.arange((years + 5) * YEAR + 1.0)
        bend = np.interp(times / YEAR, np.arange(years + 6), survival(fit.alpha, fit.beta, years + 5))
        series += [Series("■ One rate", fit.constant_rate ** (times / YEAR), "base", 1.75, False, "One rate for all"),
                   Series("■ Customers differ", bend, "scenario", 2.25, False, "Customers differ")]  # fmt: skip
        title = _missed(seen, model.differ) or title
    figure = figures.shares(times, series, bands=[(seen_so_far.low, seen_so_far.high, "expansion")], every=YEAR, unit="mo",
                            height=258, steps=("Seen",))  # fmt: skip
    marks = list(range(0, int(times[-1]) + 1, YEAR))
    figure["layout"]["xaxis"] |= {"tickvals": marks, "ticktext": [str(month // YEAR) for month in marks]}
    figure["layout"]["margin"]["r"] = 128
    weighed = "weighed by first ARR" if of == "arr" else "each counted once"
    chart(title, f"Customers still there by years since the sale, {weighed}; shaded: 90 % interval of what was seen{seen.of}",
          figure, "history-staying")  # fmt: skip


def _missed(seen: Seen, differ: bool) -> str:
    """Say what one rate for all customers would get wrong in money, and whether that is beyond chance."""
    fitted, alike = seen.measured("arr_in_5_years"), seen.measured("arr_in_5_years_constant")
    if fitted is None or alike is None:
        return ""
    gap = fitted.value - alike.value
    if not differ:
        return (
            f"Customers may be all alike: {seen.shown(alike)} to {seen.shown(fitted)} of today's ARR is left in 5 years"
        )
    return f"One rate for all would {'miss' if gap > 0 else 'add'} {seen.money(abs(gap))} of today's ARR in 5 years"


RATES = ("nrr", "grr", "arr_retention", "logo_retention", "first_year_retention", "constant_retention")


def _rates(seen: Seen) -> None:
    found = [one for one in map(seen.measured, RATES) if one is not None]
    if not found:
        small("NRR and GRR need customers of a year ago.")
        return
    points = [Point(", ".join(filter(None, (one.declared.label, one.bound))), one.value, one.low, one.high, one.enough, seen.shown(one),
                    f"{one.declared.label} {seen.shown(one)}, {seen.between(one) or 'no interval'}, {numbered(one.n, one.declared.noun)}")
              for one in found]  # fmt: skip
    bounds = "".join(f". {one.declared.label}: {one.mark}" for one in found if one.bound)
    nrr = seen.measured("nrr")
    title = f"NRR is {seen.shown(nrr)} ({seen.between(nrr)})" if nrr and nrr.has_interval else "How much of ARR stays"
    figure = figures.dots(points, height=258, left=176, right=66, at=1.0)
    chart(title, f"Rates of a year with their 90 % intervals{seen.of}{bounds}", figure, "history-rates")
