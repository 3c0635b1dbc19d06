"""The months of a segment, compiled: plain loops in the order of docs/model.md.

Importing this module compiles it, or loads what an earlier import compiled and left on disk.

Eight runs go through the months side by side: arrays hold the eights of `model/lanes.py`, and what is called a float
below is an eight, so that each sum and product is that of eight runs. Cohorts lie by phase: those due in the same
months are side by side, the latest sold first. What happens to all customers alike (failed cards, growth) is noted by
phase, so that a month touches only the cohorts that are due.
"""

from __future__ import annotations

import numpy as np
from numba import float64, int64, njit, types

from model.company import Numbers
from model.lanes import alike, borrowed, differ, eights, exp, power, room, with_lane
from model.opening import ARR, BOOK_MONTHS, CUSTOMERS
from model.rates import BEFORE, CYCLE_MONTHS, LANES, RESULTS, YEAR, Before, Rates

CYCLE_SHAPE = 4
SLIP_MONTHS = 3

SINCE, TOTAL, MATURE, STEADY, OF_PHASE = 0, 2, 4, 5, 6
"""Columns of `phases`. What is left of one customer and of one unit of ARR since their phase was due; customers and ARR
of the phase then; the ARR of those sold a year ago or earlier; the same without the uplifts of the last 12 months."""

(CREATED, REFERRED, SALES_CYCLE_MONTHS, SLIP_RATE, WIN_RATE, CAPACITY, PRICE, FAILED, GROWTH, CONTRACTED, UPLIFTED,
 UNSAVED, RETENTION_RATE, LOYALTY_SPREAD) = range(len(Rates._fields))  # fmt: skip
GROWN, LIFTED, GIVEN = len(Rates._fields), len(Rates._fields) + 1, len(Rates._fields) + 2
"""Columns of `given`: the rates of a month, and the products so far of growth and, of each phase, of uplift."""

OPPORTUNITIES, DECIDED, WAITING, UNDECIDED, DUE_NEXT_QUARTER, DUE, KEPT, KEPT_NET, KEPT_GROSS = range(9)
SOLD, HELD, AT_RISK, STOCK = range(9, len(RESULTS), 2)
"""Columns of `record`, in the order of `RESULTS`; the last four are of customers and, next to them, of ARR."""

REORDERED = {"reassoc", "contract"}
"""Sums may be added in another order; NaN and infinity keep their meaning."""

compiled = njit(forceinline=True, error_model="numpy", fastmath=REORDERED)


@compiled
def walk_months(given: Numbers, cohorts: Numbers, phases: Numbers, pipeline: Numbers, shares: Numbers, risks: Numbers,
                record: Numbers) -> None:  # fmt: skip
    """Take one segment of eight runs through all months; month 0 is the opening day."""
    term = len(cohorts)
    for month in range(1, len(record)):
        if changes(given, month, SALES_CYCLE_MONTHS, SLIP_RATE):
            set_decision_shares(shares, given[month, SALES_CYCLE_MONTHS], given[month, SLIP_RATE])
        sell(given, month, pipeline, shares, record)
        if changes(given, month, RETENTION_RATE, LOYALTY_SPREAD):
            set_risks(risks, term, given[month, RETENTION_RATE], given[month, LOYALTY_SPREAD])
        row = (BOOK_MONTHS - 1 + month) // term
        phase = BOOK_MONTHS - 1 + month - row * term
        renew_due(given, month, row, phase, cohorts, phases, risks, record)
        come_of_age(given, month, term, phase, phases)
        close_month(given, month, term, phase, phases, record)
        enter(cohorts, phases, row, phase, record[month, SOLD + CUSTOMERS], record[month, SOLD + ARR])


@compiled
def changes(given: Numbers, month: int, name: int, other: int) -> bool:
    """Say whether one of two rates differs from the month before."""
    return (
        month == 1
        or differ(given[month, name], given[month - 1, name])
        or differ(given[month, other], given[month - 1, other])
    )


@compiled
def sell(given: Numbers, month: int, pipeline: Numbers, shares: Numbers, record: Numbers) -> None:
    """Create, decide and win the opportunities of a month."""
    referred = record[month - 1, STOCK + CUSTOMERS] * given[month, REFERRED]
    created = given[month, CREATED] + referred
    record[month, OPPORTUNITIES] = created
    now = BEFORE - 1 + month
    record[month, UNDECIDED] = schedule(pipeline, now, created, shares)
    record[month, DUE_NEXT_QUARTER] = pipeline[now + 1] + pipeline[now + 2] + pipeline[now + 3]
    record[month, DECIDED] = pipeline[now]
    ready = given[month, WIN_RATE] * pipeline[now] + record[month - 1, WAITING]
    won = min(ready, given[month, CAPACITY])
    record[month, WAITING] = ready - won
    record[month, SOLD + CUSTOMERS] = won
    record[month, SOLD + ARR] = won * given[month, PRICE]


@compiled
def schedule(pipeline: Numbers, now: int, created: float, shares: Numbers) -> float:
    """Enter opportunities into the months of their decisions; return all that are to be decided later."""
    pipeline[now] += created * shares[0]
    ahead = 0.0
    for age in range(np.uintp(1), np.uintp(CYCLE_MONTHS)):
        decided = pipeline[np.uintp(now) + age] + created * shares[age]
        pipeline[np.uintp(now) + age] = decided
        ahead += decided
    return ahead


@compiled
def set_decision_shares(shares: Numbers, sales_cycle_months: float, slip_rate: float) -> None:
    """Set the share of opportunities decided 0, 1, … 35 months after their creation."""
    before, total = 1.0, 0.0
    step = CYCLE_SHAPE / sales_cycle_months
    fall, fallen = exp(-1 * step), exp(-0.5 * step)
    for month in range(CYCLE_MONTHS):
        x = (month + 0.5) * step
        later = fallen * (1 + x * (1 + x * (1 / 2 + x * (1 / 6))))
        share = (1 - slip_rate) * (before - later)
        if month >= SLIP_MONTHS:
            share += slip_rate * shares[month - SLIP_MONTHS]
        shares[month] = share
        total += share
        before = later
        fallen *= fall
    whole = 1 / total
    for month in range(CYCLE_MONTHS):
        shares[month] *= whole


@compiled
def set_risks(risks: Numbers, term: int, retention_rate: float, loyalty_spread: float) -> None:
    """Set the share of a cohort unwilling to renew at its first, second, … renewal, or at all those of a year of life.

    Shifted beta-geometric: the chance of year y of life is (R·K + y − 1)/(K + y − 1) with K = 1/spread − 1,
    written here without the division by the spread. Source: Fader and Hardie 2007, equation 7.
    """
    years = max(term // YEAR, 1)
    for group in range(len(risks)):
        chance = 1.0
        for year in range(group * years, (group + 1) * years):
            aged = loyalty_spread * year
            chance *= ((1 - loyalty_spread) * retention_rate + aged) / ((1 - loyalty_spread) + aged)
        risks[group] = 1 - (power(chance, term / YEAR) if term < YEAR else chance)


@compiled
def renewals_a_year(term: int) -> int:
    """Return the number of renewals in one year of life, or 1: they have the same risk."""
    return max(YEAR // term, 1)


@compiled
def renew_due(given: Numbers, month: int, row: int, phase: int, cohorts: Numbers, phases: Numbers, risks: Numbers,
              record: Numbers) -> None:  # fmt: skip
    """Renew the cohorts of the phase that is due, after the failed cards of the month."""
    stays, unsaved = 1 - given[month, FAILED], given[month, UNSAVED]
    repriced = (1 - given[month, CONTRACTED]) * (1 + given[month, UPLIFTED]) * given[month, GROWTH]
    customers_left, arr_left = phases[phase, SINCE + CUSTOMERS] * stays, phases[phase, SINCE + ARR] * stays
    customers_risked, arr_risked, customers_kept, arr_kept, arr_of_older = 0.0, 0.0, 0.0, 0.0, 0.0
    youngest, size = place(cohorts, row - 1), renewals_a_year(len(cohorts))
    for group in range((row + size - 1) // size - 1, -1, -1):
        risk = risks[group]
        kept = 1 - risk * unsaved
        customers, arr = renew(
            cohorts, phase, youngest + group * size, min(size, row - group * size),
            kept * customers_left, kept * arr_left * repriced,
        )  # fmt: skip
        customers_risked += risk * customers
        arr_risked += risk * arr
        arr_of_older = arr_kept
        customers_kept += kept * customers
        arr_kept += kept * arr
    record[month, DUE] = phases[phase, TOTAL + ARR] * arr_left
    record[month, AT_RISK + CUSTOMERS] = customers_risked * customers_left
    record[month, AT_RISK + ARR] = arr_risked * arr_left
    record[month, KEPT] = arr_kept * arr_left
    phases[phase, TOTAL + CUSTOMERS] = customers_kept * customers_left
    phases[phase, TOTAL + ARR] = arr_kept * arr_left * repriced
    phases[phase, MATURE] = cohorts[phase, youngest + size - 1, ARR] + arr_of_older * arr_left * repriced


@compiled
def renew(cohorts: Numbers, phase: int, first: int, count: int, of_customers: float,
          of_arr: float) -> tuple[float, float]:  # fmt: skip
    """Renew cohorts of the same risk, which lie side by side; return what they were since their last renewal."""
    all_customers, all_arr = 0.0, 0.0
    for age in range(np.uintp(first), np.uintp(first + count)):
        customers, arr = cohorts[phase, age, CUSTOMERS], cohorts[phase, age, ARR]
        cohorts[phase, age, CUSTOMERS] = customers * of_customers
        cohorts[phase, age, ARR] = arr * of_arr
        all_customers += customers
        all_arr += arr
    return all_customers, all_arr


@compiled
def come_of_age(given: Numbers, month: int, term: int, phase: int, phases: Numbers) -> None:
    """Set anew the ARR sold a year ago or earlier, of the phase now due and of the one sold just a year ago."""
    if term > YEAR:
        year_ago = (BOOK_MONTHS - 1 + month - YEAR) % term
        phases[year_ago, MATURE] = phases[year_ago, STEADY] = phases[year_ago, TOTAL + ARR]
    lifted_before = given[max(month - max(term, YEAR), 0), LIFTED]
    phases[phase, STEADY] = phases[phase, MATURE] * lifted_before / given[month, LIFTED]


@compiled
def close_month(given: Numbers, month: int, term: int, phase: int, phases: Numbers, record: Numbers) -> None:
    """Note for all phases what the month leaves of a customer and of a unit of ARR, and add up the book."""
    of_customers = 1 - given[month, FAILED]
    of_arr = of_customers * given[month, GROWTH]
    phases[phase, SINCE + CUSTOMERS] = phases[phase, SINCE + ARR] = 0.0
    customers, arr, mature, steady = 0.0, 0.0, 0.0, 0.0
    for other in range(np.uintp(term)):
        customers_left, arr_left = phases[other, SINCE + CUSTOMERS] * of_customers, phases[other, SINCE + ARR] * of_arr
        phases[other, SINCE + CUSTOMERS], phases[other, SINCE + ARR] = customers_left, arr_left
        customers += customers_left * phases[other, TOTAL + CUSTOMERS]
        arr += arr_left * phases[other, TOTAL + ARR]
        mature += arr_left * phases[other, MATURE]
        steady += arr_left * phases[other, STEADY]
    phases[phase, SINCE + CUSTOMERS] = phases[phase, SINCE + ARR] = 1.0
    customers += phases[phase, TOTAL + CUSTOMERS]
    arr += phases[phase, TOTAL + ARR]
    record[month, HELD + CUSTOMERS], record[month, HELD + ARR] = customers, arr
    record[month, STOCK + CUSTOMERS] = customers + record[month, SOLD + CUSTOMERS]
    record[month, STOCK + ARR] = arr + record[month, SOLD + ARR]
    record[month, KEPT_NET] = record[month, KEPT_GROSS] = np.nan
    if month >= YEAR:
        record[month, KEPT_NET] = mature + phases[phase, MATURE]
        record[month, KEPT_GROSS] = (steady + phases[phase, STEADY]) * given[month - YEAR, GROWN] / given[month, GROWN]


@compiled
def enter(cohorts: Numbers, phases: Numbers, row: int, phase: int, customers: float, arr: float) -> None:
    """Enter what was sold as a cohort."""
    cohorts[phase, place(cohorts, row), CUSTOMERS], cohorts[phase, place(cohorts, row), ARR] = customers, arr
    phases[phase, TOTAL + CUSTOMERS] += customers
    phases[phase, TOTAL + ARR] += arr


@compiled
def place(cohorts: Numbers, row: int) -> int:
    """Return where a cohort lies in its phase: the oldest, row 0, is the last."""
    return cohorts.shape[1] - 1 - row


@compiled
def open_book(opening: Numbers, segment: int, first: int, cohorts: Numbers, phases: Numbers,
              record: Numbers) -> None:  # fmt: skip
    """Set the book of the opening day."""
    term = len(cohorts)
    for result in range(len(RESULTS)):
        record[0, result] = 0.0
    for phase in range(term):
        phases[phase, SINCE + CUSTOMERS] = phases[phase, SINCE + ARR] = 1.0
        phases[phase, TOTAL + CUSTOMERS] = phases[phase, TOTAL + ARR] = phases[phase, MATURE] = 0.0
    all_customers, all_arr = 0.0, 0.0
    for sale in range(BOOK_MONTHS):
        row, age = sale // term, BOOK_MONTHS - 1 - sale
        phase = sale - row * term
        customers, arr = at(opening, 2 * age + CUSTOMERS, segment, first), at(opening, 2 * age + ARR, segment, first)
        enter(cohorts, phases, row, phase, customers, arr)
        all_customers += customers
        all_arr += arr
        if age >= YEAR:
            phases[phase, MATURE] += arr
    record[0, STOCK + CUSTOMERS], record[0, STOCK + ARR] = all_customers, all_arr
    for phase in range(term):
        phases[phase, STEADY] = phases[phase, MATURE]


@compiled
def open_pipeline(before: Before, segment: int, first: int, pipeline: Numbers, shares: Numbers) -> None:
    """Enter the opportunities under way on the opening day."""
    cycle, slip = at(before.sales_cycle_months, 0, segment, first), at(before.slip_rate, 0, segment, first)
    set_decision_shares(shares, cycle, slip)
    for month in range(len(pipeline)):
        pipeline[month] = 0.0
    for month in range(BEFORE):
        schedule(pipeline, month, at(before.created, month, segment, first), shares)


@compiled
def set_given(given: Numbers, rates: Rates, term: int, segment: int, first: int) -> bool:
    """Lay out the rates of one segment and eight runs, a row for each month from 1; row 0 is empty.

    Say whether they differ from those of the eight runs before.
    """
    different = first == 0
    for name in range(len(rates)):
        values = rates[name]
        if first == 0 or varies(values):
            rate = at(values, 0, segment, first)
            for month in range(1, len(given)):
                if 1 < month <= len(values):
                    rate = at(values, month - 1, segment, first)
                different = different or differ(rate, given[month, name])
                given[month, name] = rate
    if not different:
        return False
    given[0, GROWN] = given[0, LIFTED] = 1.0
    for month in range(1, len(given)):
        given[month, GROWN] = given[month - 1, GROWN] * given[month, GROWTH]
        given[month, LIFTED] = given[max(month - term, 0), LIFTED] * (1 + given[month, UPLIFTED])
    return True


@compiled
def at(values: Numbers, row: int, segment: int, first: int) -> float:
    """Return eight runs of an array of rows, segments and runs; the last stands again where there are fewer."""
    found = alike(values[row, segment, 0])
    if varies(values):
        for lane in range(LANES):
            found = with_lane(found, lane, values[row, segment, min(first + lane, values.shape[2] - 1)])
    return found


@compiled
def varies(values: Numbers) -> bool:
    """Say whether each run has values of its own."""
    return values.shape[2] > 1


@compiled
def walk_segment(segment: int, rates: Rates, before: Before, opening: Numbers, kept: Numbers, found: Numbers,
                 given: Numbers, record: Numbers, cohorts: Numbers, phases: Numbers, risks: Numbers, shares: Numbers,
                 opened: Numbers, pipeline: Numbers) -> None:  # fmt: skip
    """Take all runs of a segment through all months, eight at a time; the arrays from `given` on are room to work."""
    results = eights(found)
    given, record, cohorts, phases = eights(given), eights(record), eights(cohorts), eights(phases)
    risks, shares, opened, pipeline = eights(risks), eights(shares), eights(opened), eights(pipeline)
    for block in range(found.shape[3]):
        first = block * LANES
        different = set_given(given, rates, len(cohorts), segment, first)
        earlier = varies(before.created) or varies(before.sales_cycle_months) or varies(before.slip_rate)
        if block == 0 or earlier:
            open_pipeline(before, segment, first, opened, shares)
        if different or earlier or varies(opening):  # otherwise the record of the eight runs before is theirs as well
            for month in range(len(pipeline)):
                pipeline[month] = opened[month]
            open_book(opening, segment, first, cohorts, phases, record)
            walk_months(given, cohorts, phases, pipeline, shares, risks, record)
        for number in range(len(kept)):
            for month in range(len(record)):
                results[number, month, segment, block] = record[month, kept[number]]


CUBE, BLOCKS = (types.Array(float64, dimensions, "C") for dimensions in (3, 5))
RATES, UNDER_WAY = (types.NamedUniTuple(CUBE, len(kind._fields), kind) for kind in (Rates, Before))
SIGNATURE = types.void(int64[::1], RATES, UNDER_WAY, CUBE, int64[::1], BLOCKS)


@njit(SIGNATURE, cache=True, nogil=True, error_model="numpy", fastmath=REORDERED)
def walk(terms: Numbers, rates: Rates, before: Before, opening: Numbers, kept: Numbers, found: Numbers) -> None:
    """Take all segments and runs through all months.

    Parameters
    ----------
    terms : array of int, (S,)
        Contract terms, months.
    rates : Rates
    before : Before
    opening : array, (240, S, 1 or R)
        Customers and ARR of the opening book by age, in turns.
    kept : array of int, (N,)
        Places in `RESULTS` of those that are asked for.
    found : array, (N, T + 1, S, R / 8 rounded up, 8)
        Takes these results, the opening day first.
    """
    months = found.shape[1]
    ahead = BEFORE + months + CYCLE_MONTHS
    for segment in range(len(terms)):
        term = terms[segment]
        rows = (BOOK_MONTHS + months) // term + 1
        groups = rows // renewals_a_year(term) + 1
        walk_segment(
            segment, borrowed(rates), borrowed(before), opening, kept, found,
            room((months, GIVEN)), room((months, len(RESULTS))), room((term, rows, 2)), room((term, OF_PHASE)),
            room((groups,)), room((CYCLE_MONTHS,)), room((ahead,)), room((ahead,)),
        )  # fmt: skip
