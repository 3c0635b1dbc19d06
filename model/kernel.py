"""The months of a segment, compiled: plain loops in the order of docs/model.md.

Importing this module compiles it, or loads what an earlier import compiled and left on disk.

Cohorts lie by phase: those due in the same months are side by side, the latest sold first. What happens to all
customers alike (failed cards, growth) is noted by phase, so that a month touches only the cohorts that are due.
"""

from __future__ import annotations

import numpy as np
from numba import float64, int64, njit, types

from model.company import Numbers
from model.opening import ARR, BOOK_MONTHS, CUSTOMERS
from model.rates import BEFORE, CYCLE_MONTHS, YEAR, Before, Rates

CYCLE_SHAPE = 4
SLIP_MONTHS = 3
SIDE_BY_SIDE = 8
PADDING = 16
PHASES = 48
"""The longest term, padded."""

SINCE, TOTAL, MATURE, STEADY = 0, 2, 4, 5
"""Rows of `phases`. What is left of one customer and of one unit of ARR since their phase was due; customers and ARR of
the phase then; the ARR of those sold a year ago or earlier; the same without the uplifts of the last 12 months."""

(CREATED, REFERRED, SALES_CYCLE_MONTHS, SLIP_RATE, WIN_RATE, CAPACITY, PRICE, FAILED, GROWTH, CONTRACTED, UPLIFTED,
 UNSAVED, RETENTION_RATE, LOYALTY_SPREAD) = range(len(Rates._fields))  # fmt: skip
GROWN, LIFTED = len(Rates._fields), len(Rates._fields) + 1
"""Columns of `given`: the rates of a month, and the products so far of growth and, of each phase, of uplift."""

OPPORTUNITIES, DECIDED, WAITING, UNDECIDED, DUE_NEXT_QUARTER, DUE, KEPT, KEPT_NET, KEPT_GROSS = range(9)
SOLD, HELD, AT_RISK, STOCK = range(9, 17, 2)
RESULTS = 17
"""Columns of `record`, what a month leads to; the last four are of customers and, next to them, of ARR."""

REORDERED = {"reassoc", "contract"}
"""Sums may be added in another order; NaN and infinity keep their meaning."""

compiled = njit(forceinline=True, error_model="numpy", fastmath=REORDERED)


@compiled
def walk_months(given: Numbers, cohorts: Numbers, phases: Numbers, pipeline: Numbers, shares: Numbers, risks: Numbers,
                record: Numbers) -> None:  # fmt: skip
    """Take one segment of one run through all months; month 0 is the opening day."""
    term = cohorts.shape[1]
    for month in range(1, len(record)):
        if changes(given, month, SALES_CYCLE_MONTHS, SLIP_RATE):
            set_decision_shares(shares, given[month, SALES_CYCLE_MONTHS], given[month, SLIP_RATE])
        sell(given, month, pipeline, shares, record)
        if changes(given, month, RETENTION_RATE, LOYALTY_SPREAD):
            set_risks(risks, term, given[month, RETENTION_RATE], given[month, LOYALTY_SPREAD])
        row = (BOOK_MONTHS - 1 + month) // term
        phase = BOOK_MONTHS - 1 + month - row * term
        renew_due(given, month, row, phase, cohorts, phases, risks, record)
        come_of_age(given, month, row, phase, cohorts, phases)
        close_month(given, month, row, phase, cohorts, phases, record)


@compiled
def changes(given: Numbers, month: int, name: int, other: int) -> bool:
    """Say whether one of two rates differs from the month before."""
    return month == 1 or given[month, name] != given[month - 1, name] or given[month, other] != given[month - 1, other]


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
    for month in range(CYCLE_MONTHS):
        x = (month + 0.5) * (CYCLE_SHAPE / sales_cycle_months)
        later = np.exp(-x) * (1 + x * (1 + x / 2 * (1 + x / 3)))
        shares[month] = (1 - slip_rate) * (before - later)
        if month >= SLIP_MONTHS:
            shares[month] += slip_rate * shares[month - SLIP_MONTHS]
        total += shares[month]
        before = later
    for month in range(CYCLE_MONTHS):
        shares[month] /= total


@compiled
def set_risks(risks: Numbers, term: int, retention_rate: float, loyalty_spread: float) -> None:
    """Set the share of a cohort unwilling to renew at its first, second, … renewal.

    Shifted beta-geometric: the chance of year y of life is (R·K + y − 1)/(K + y − 1) with K = 1/spread − 1,
    written here without the division by the spread. Source: Fader and Hardie 2007, equation 7.
    """
    stretch, of_stretch = min(term, YEAR), 1.0
    for renewal in range(len(risks)):
        chance = 1.0
        for month in range(renewal * term, (renewal + 1) * term, stretch):
            if month % YEAR == 0:
                aged = loyalty_spread * (month // YEAR)
                of_year = ((1 - loyalty_spread) * retention_rate + aged) / ((1 - loyalty_spread) + aged)
                of_stretch = of_year if stretch == YEAR else of_year ** (stretch / YEAR)
            chance *= of_stretch
        risks[renewal] = 1 - chance


@compiled
def renew_due(given: Numbers, month: int, row: int, phase: int, cohorts: Numbers, phases: Numbers, risks: Numbers,
              record: Numbers) -> None:  # fmt: skip
    """Renew the cohorts of the phase that is due, after the failed cards of the month."""
    first = place(cohorts, row - 1)
    stays, growth = 1 - given[month, FAILED], given[month, GROWTH]
    repriced = (1 - given[month, CONTRACTED]) * (1 + given[month, UPLIFTED]) * growth
    customers, arr = phases[SINCE + CUSTOMERS, phase] * stays, phases[SINCE + ARR, phase] * stays
    unsaved = given[month, UNSAVED]
    at_risk, kept = renew(cohorts, CUSTOMERS, phase, first, row, risks, unsaved, customers)
    record[month, AT_RISK + CUSTOMERS] = at_risk * customers
    phases[TOTAL + CUSTOMERS, phase] = kept * customers
    record[month, DUE] = phases[TOTAL + ARR, phase] * arr
    at_risk, kept = renew(cohorts, ARR, phase, first, row, risks, unsaved, arr * repriced)
    record[month, AT_RISK + ARR] = at_risk * arr
    record[month, KEPT] = kept * arr
    phases[TOTAL + ARR, phase] = kept * (arr * repriced)
    pass_month(phases, cohorts.shape[1], stays, stays * growth)
    phases[SINCE + CUSTOMERS, phase] = phases[SINCE + ARR, phase] = 1.0


@compiled
def renew(cohorts: Numbers, what: int, phase: int, first: int, count: int, risks: Numbers, unsaved: float,
          factor: float) -> tuple[float, float]:  # fmt: skip
    """Renew cohorts that lie side by side; return what is at risk and kept, all as of their last renewal."""
    at_risk, kept = 0.0, 0.0
    for age in range(np.uintp(padded(count))):
        amount = cohorts[what, phase, np.uintp(first) + age]
        risky = amount * risks[age]
        left = amount - risky * unsaved
        at_risk += risky
        kept += left
        cohorts[what, phase, np.uintp(first) + age] = left * factor
    return at_risk, kept


@compiled
def pass_month(phases: Numbers, term: int, of_customers: float, of_arr: float) -> None:
    """Note for all phases what a month leaves of a customer and of a unit of ARR."""
    for phase in range(np.uintp(padded(term))):
        phases[SINCE + CUSTOMERS, phase] *= of_customers
        phases[SINCE + ARR, phase] *= of_arr


@compiled
def come_of_age(given: Numbers, month: int, row: int, phase: int, cohorts: Numbers, phases: Numbers) -> None:
    """Set anew the ARR sold a year ago or earlier, of the phase now due and of the one sold just a year ago."""
    term = cohorts.shape[1]
    if term > YEAR:
        year_ago = BOOK_MONTHS - 1 + month - YEAR
        phases[MATURE, year_ago % term] = phases[STEADY, year_ago % term] = total_of(
            cohorts, year_ago % term, year_ago // term
        )
        phases[MATURE, phase] = phases[TOTAL + ARR, phase]
    elif term < YEAR:
        phases[MATURE, phase] = total_of(cohorts, phase, row - YEAR // term)
    else:
        phases[MATURE, phase] = phases[TOTAL + ARR, phase]
    lifted = given[month, LIFTED] / given[max(month - max(term, YEAR), 0), LIFTED]
    phases[STEADY, phase] = phases[MATURE, phase] / lifted


@compiled
def total_of(cohorts: Numbers, phase: int, row: int) -> float:
    """Return the ARR of the cohorts of a phase up to one of them, as of their last renewal."""
    found, first = 0.0, np.uintp(place(cohorts, row))
    for age in range(np.uintp(padded(row + 1))):
        found += cohorts[ARR, phase, first + age]
    return found


@compiled
def close_month(given: Numbers, month: int, row: int, phase: int, cohorts: Numbers, phases: Numbers,
                record: Numbers) -> None:  # fmt: skip
    """Add up the book, and add the month's sales to it as a cohort."""
    term = cohorts.shape[1]
    record[month, KEPT_NET] = record[month, KEPT_GROSS] = np.nan
    if month >= YEAR:
        grown = given[month, GROWN] / given[month - YEAR, GROWN]
        record[month, KEPT_NET] = total(phases, term, ARR, MATURE)
        record[month, KEPT_GROSS] = total(phases, term, ARR, STEADY) / grown
    for what in range(CUSTOMERS, ARR + 1):
        sold = record[month, SOLD + what]
        record[month, HELD + what] = total(phases, term, what, TOTAL + what)
        record[month, STOCK + what] = record[month, HELD + what] + sold
        phases[TOTAL + what, phase] += sold
        cohorts[what, phase, place(cohorts, row)] = sold


@compiled
def total(phases: Numbers, term: int, what: int, amounts: int) -> float:
    """Return amounts of all phases as they are today."""
    found = 0.0
    for phase in range(np.uintp(padded(term))):
        found += phases[SINCE + what, phase] * phases[amounts, phase]
    return found


@compiled
def place(cohorts: Numbers, row: int) -> int:
    """Return where a cohort lies in its phase: the oldest, row 0, is the last, with zeros behind it."""
    return cohorts.shape[2] - PADDING - 1 - row


@compiled
def padded(count: int) -> int:
    """Return the next multiple of 16: loops of such lengths use the processor's wide registers throughout."""
    return (count + PADDING - 1) // PADDING * PADDING


@compiled
def open_book(opening: Numbers, segment: int, run: int, cohorts: Numbers, phases: Numbers,
              record: Numbers) -> None:  # fmt: skip
    """Set the book of the opening day."""
    cohorts[:], phases[:], record[0] = 0.0, 0.0, 0.0
    phases[SINCE : SINCE + 2] = 1.0
    row, phase = 0, 0
    for sale in range(BOOK_MONTHS):
        for what in range(CUSTOMERS, ARR + 1):
            amount = opening[BOOK_MONTHS - 1 - sale, what, segment, run]
            cohorts[what, phase, place(cohorts, row)] = amount
            phases[TOTAL + what, phase] += amount
            record[0, STOCK + what] += amount
            if what == ARR and sale < BOOK_MONTHS - YEAR:
                phases[MATURE, phase] += amount
        phase += 1
        if phase == cohorts.shape[1]:
            row, phase = row + 1, 0
    phases[STEADY] = phases[MATURE]


@compiled
def open_pipeline(before: Before, segment: int, run: int, pipeline: Numbers, shares: Numbers) -> None:
    """Enter the opportunities under way on the opening day."""
    cycle, slip = at(before.sales_cycle_months, 1, segment, run), at(before.slip_rate, 1, segment, run)
    set_decision_shares(shares, cycle, slip)
    pipeline[:] = 0.0
    for month in range(BEFORE):
        schedule(pipeline, month, at(before.created, month + 1, segment, run), shares)


@compiled
def set_given(given: Numbers, rates: Rates, segment: int, run: int, term: int) -> None:
    """Lay out the rates of one segment and run, a row for each month from 1; row 0 is empty."""
    for name in range(len(rates)):
        values = rates[name]
        if run == 0 or varies(values):
            for month in range(1, len(given)):
                given[month, name] = at(values, month, segment, run)
    given[0, GROWN] = given[0, LIFTED] = 1.0
    for month in range(1, len(given)):
        given[month, GROWN] = given[month - 1, GROWN] * given[month, GROWTH]
        given[month, LIFTED] = given[max(month - term, 0), LIFTED] * (1 + given[month, UPLIFTED])


@compiled
def at(values: Numbers, month: int, segment: int, run: int) -> float:
    """Return a value of an array of months from 1, segments and runs, where months and runs may share one."""
    return values[min(month, values.shape[0]) - 1, segment, run if varies(values) else 0]


@compiled
def varies(values: Numbers) -> bool:
    """Say whether each run has values of its own."""
    return values.shape[-1] > 1


@compiled
def write(found: Numbers, segment: int, first: int, records: Numbers, count: int) -> None:
    """Write the records of runs side by side, which reach the memory together."""
    for result in range(RESULTS):
        for month in range(records.shape[1]):
            for run in range(count):
                found[result, month, segment, first + run] = records[run, month, result]


CUBE, QUARTIC = types.Array(float64, 3, "C"), types.Array(float64, 4, "C")
RATES, UNDER_WAY = (types.NamedUniTuple(CUBE, len(kind._fields), kind) for kind in (Rates, Before))
SIGNATURE = types.void(int64[::1], RATES, UNDER_WAY, QUARTIC, QUARTIC)


@njit(SIGNATURE, cache=True, nogil=True, error_model="numpy", fastmath=REORDERED)
def walk(terms: Numbers, rates: Rates, before: Before, opening: Numbers, found: Numbers) -> None:
    """Take all segments and runs through all months.

    Parameters
    ----------
    terms : array of int, (S,)
        Contract terms, months.
    rates : Rates
    before : Before
    opening : array, (120, 2, S, 1 or R)
        Customers and ARR of the opening book by age.
    found : array, (17, T + 1, S, R)
        Takes the results, the opening day first.
    """
    _, months, segments, runs = found.shape
    given = np.zeros((months, len(rates) + 2))
    shares, phases = np.empty(CYCLE_MONTHS), np.empty((6, PHASES))
    under_way, pipeline = np.empty((2, BEFORE + months + CYCLE_MONTHS))
    records = np.empty((SIDE_BY_SIDE, months, RESULTS))
    for segment in range(segments):
        term = terms[segment]
        rows = (BOOK_MONTHS + months) // term + 1 + PADDING
        cohorts, risks = np.empty((2, term, rows)), np.zeros(rows)
        for run in range(runs):
            set_given(given, rates, segment, run, term)
            if run == 0 or varies(before.created) or varies(before.sales_cycle_months) or varies(before.slip_rate):
                open_pipeline(before, segment, run, under_way, shares)
            pipeline[:] = under_way
            record = records[run % SIDE_BY_SIDE]
            open_book(opening, segment, run if varies(opening) else 0, cohorts, phases, record)
            walk_months(given, cohorts, phases, pipeline, shares, risks, record)
            if (run + 1) % SIDE_BY_SIDE == 0 or run + 1 == runs:
                write(found, segment, run - run % SIDE_BY_SIDE, records, run % SIDE_BY_SIDE + 1)
