"""A second, deliberately plain implementation of the RevLens revenue model.

It exists to check the product: month by month, segment by segment, cohort by cohort, with plain
dicts and floats and no cleverness. Docstrings quote the rule of the model page which the function
implements.

Public function: `project`.
"""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from scipy.stats import gamma

# --------------------------------------------------------------------------------------------------
# The table of assumptions
# --------------------------------------------------------------------------------------------------

FACTS = ("opening_arr", "opening_customers", "contract_term_months")

# Segment-scope assumptions: name -> (across rule, lower bound, upper bound).
SEGMENT_ASSUMPTIONS: dict[str, tuple[str, float, float]] = {
    # engage
    "leads_per_month": ("sum", 0.0, 1e7),
    "lead_growth": ("shift", -0.9, 5.0),
    "lead_conversion": ("shift", 0.0, 1.0),
    "target_accounts": ("sum", 0.0, 1e7),
    "account_engagement": ("shift", 0.0, 1.0),
    "engagement_conversion": ("shift", 0.0, 1.0),
    "referral_rate": ("scale", 0.0, 10.0),
    "cost_per_lead": ("scale", 0.0, 1e6),
    "cost_per_target_account": ("scale", 0.0, 1e6),
    # execute
    "win_rate": ("shift", 0.0, 1.0),
    "sales_cycle_months": ("scale", 0.5, 24.0),
    "average_selling_price": ("scale", 0.0, 1e9),
    "price_discount": ("shift", 0.0, 0.95),
    "slip_rate": ("shift", 0.0, 0.9),
    "sales_reps": ("sum", 0.0, 1e6),
    "deals_per_rep_month": ("scale", 0.0, 1000.0),
    "quota_per_rep": ("scale", 0.0, 1e9),
    "rep_cost": ("scale", 0.0, 1e7),
    "commission_rate": ("shift", 0.0, 1.0),
    "forecast_accuracy": ("shift", 0.0, 1.0),
    # expand
    "retention_rate": ("shift", 0.0, 1.0),
    "loyalty_spread": ("shift", 0.0, 0.9),
    "upsell_rate": ("shift", 0.0, 5.0),
    "cross_sell_rate": ("shift", 0.0, 5.0),
    "contraction_rate": ("shift", 0.0, 1.0),
    "price_uplift": ("shift", -0.9, 5.0),
    "cost_to_serve": ("scale", 0.0, 1e8),
    # renewals
    "renewal_coverage": ("shift", 0.0, 1.0),
    "risk_detection": ("shift", 0.0, 1.0),
    "customer_feedback": ("shift", 0.0, 1.0),
    "renewal_outreach": ("shift", 0.0, 1.0),
    "automated_outreach": ("shift", 0.0, 1.0),
    "cost_per_approach": ("scale", 0.0, 1e6),
    "save_rate": ("shift", 0.0, 1.0),
    # billing
    "card_share": ("shift", 0.0, 1.0),
    "payment_failure_rate": ("shift", 0.0, 1.0),
    "dunning_recovery": ("shift", 0.0, 1.0),
    "self_serve_expansion": ("shift", 0.0, 5.0),
    "revenue_leakage": ("shift", 0.0, 1.0),
    "annual_prepay_share": ("shift", 0.0, 1.0),
    "days_to_collect": ("scale", 0.0, 365.0),
    "invoicing_delay_days": ("scale", 0.0, 180.0),
    # money
    "gross_margin": ("shift", -1.0, 1.0),
}

# Company-scope assumptions: name -> (lower bound, upper bound).
COMPANY_ASSUMPTIONS: dict[str, tuple[float, float]] = {
    "fixed_costs": (0.0, 1e12),
    "fixed_cost_growth": (-0.9, 5.0),
    "overhead_rate": (0.0, 5.0),
    "revops_cost": (0.0, 1e12),
    "cost_of_capital": (0.0, 1.0),
}

# The columns of a projection which are plain sums over segments in the row `all`.
SUMMED_COLUMNS = (
    "arr_opening",
    "arr_new",
    "arr_expansion",
    "arr_price_uplift",
    "arr_contraction",
    "arr_churn",
    "arr_churn_involuntary",
    "arr_closing",
    "arr_due_for_renewal",
    "customers_opening",
    "customers_new",
    "customers_lost",
    "customers_closing",
    "leads",
    "opportunities",
    "pipeline_created",
    "opportunities_decided",
    "opportunities_open",
    "deals_waiting",
    "revenue",
    "cost_of_revenue",
    "marketing_cost",
    "sales_cost",
    "customer_success_cost",
)

# Plain sums over segments that joined the CSV later, each at its end.
LATER_COLUMNS = ("arr_at_risk", "arr_saved", "customers_approached")

# Invoices and cash, summed as well.
BILLING_COLUMNS = ("billings", "cash_collected", "deferred_revenue", "receivables")

# All columns, in the order of the CSV; the parts of NRR and GRR left out.
COLUMNS = (
    "month",
    "date",
    "segment",
    *SUMMED_COLUMNS,
    "overhead_cost",
    "revops_cost",
    "operating_profit",
    "nrr",
    "grr",
    *LATER_COLUMNS,
    *BILLING_COLUMNS,
)

OLDEST_OPENING_AGE = 119  # months
LAST_DECISION_MONTH = 35  # an opportunity is decided 0 to 35 months after its creation
FIRST_INVOICE_MONTH = -35  # older invoices are earned and paid by the opening day: 12 months and 545 days later
DAYS_IN_MONTH = 365 / 12


# --------------------------------------------------------------------------------------------------
# Values over time
# --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Path:
    """The value of one assumption over the months: a base and, when a move changes it, a target."""

    base: float
    target: float
    start: int = 1
    ramp: int = 0

    def value_in(self, month: int) -> float:
        """Rule: "In month t the value is base for t < start; target for t >= start+ramp; else base
        + (target-base)*(t-start+1)/(ramp+1)." "For months <= 0 every assumption has its base
        value"."""
        if month <= 0 or month < self.start:
            return self.base
        if month >= self.start + self.ramp:
            return self.target
        return self.base + (self.target - self.base) * (month - self.start + 1) / (self.ramp + 1)


@dataclass(frozen=True)
class Move:
    """A change of one assumption, for one segment or (segment None) for the company."""

    name: str
    segment: str | None
    target: float
    start: int
    ramp: int


class MoveRefused(ValueError):
    """A move which the model does not accept."""


def values_in(paths: dict[str, Path], month: int) -> dict[str, float]:
    """The value of every assumption in one month."""
    return {name: path.value_in(month) for name, path in paths.items()}


# --------------------------------------------------------------------------------------------------
# Moves
# --------------------------------------------------------------------------------------------------

MOVE_PATTERN = re.compile(
    r"(?P<name>[a-z_]+)"
    r"(\.(?P<segment>[^=]+))?"
    r"="
    r"(?P<target>[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?)"
    r"(from(?P<start>[0-9]+)(over(?P<ramp>[0-9]+))?)?"
)


def parse_move(text: str, segments: list[str]) -> Move:
    """Rule: "name[.segment]=target[from<start>[over<ramp>]]. Default start 1, ramp 0." "Facts are
    company data, not moves." "A target outside its bounds is refused; NaN and infinities are
    refused"."""
    match = MOVE_PATTERN.fullmatch(text)
    if match is None:
        raise MoveRefused(f"not a move: {text!r}")
    name = match["name"]
    segment = match["segment"]
    target = float(match["target"])

    if name in SEGMENT_ASSUMPTIONS:
        _, lower, upper = SEGMENT_ASSUMPTIONS[name]
        if segment is not None and segment not in segments:
            raise MoveRefused(f"unknown segment in {text!r}")
    elif name in COMPANY_ASSUMPTIONS:
        lower, upper = COMPANY_ASSUMPTIONS[name]
        if segment is not None:
            raise MoveRefused(f"{name} belongs to the company, not to a segment: {text!r}")
    else:
        raise MoveRefused(f"no assumption to move in {text!r}")

    if not math.isfinite(target) or target < lower or target > upper:
        raise MoveRefused(f"{name}: {target} is outside {lower}...{upper}")
    return Move(name, segment, target, int(match["start"] or 1), int(match["ramp"] or 0))


def parse_moves(texts: Sequence[str], segments: list[str]) -> dict[tuple[str, str | None], Move]:
    """Moves by (name, segment). "A target outside its bounds is refused; the rest of the scenario
    stands." Of two moves of the same assumption and segment the later one counts."""
    moves: dict[tuple[str, str | None], Move] = {}
    for text in texts:
        try:
            move = parse_move(text, segments)
        except MoveRefused as refusal:
            warnings.warn(f"move refused: {refusal}", stacklevel=3)
            continue
        moves[(move.name, move.segment)] = move
    return moves


def mean_over_segments(bases: dict[str, float], opening_arr: dict[str, float]) -> float:
    """Rule: "The mean is weighted by opening ARR (equally when there is none)"."""
    total_arr = sum(opening_arr.values())
    if total_arr == 0:
        return sum(bases.values()) / len(bases)
    return sum(bases[segment] * opening_arr[segment] for segment in bases) / total_arr


def spread_over_segments(
    name: str, target: float, bases: dict[str, float], opening_arr: dict[str, float]
) -> dict[str, float]:
    """Each segment's target under a move of the whole company.

    "sum (counts): each segment scales by target/sum of bases; shift (rates): each segment moves by
    target - base mean; scale (money and time per unit): each segment scales by target/base mean."
    "A sum over a zero total is split equally, a scale over a zero mean sets the target." "Results
    of shift and scale are clipped to the assumption's bounds"."""
    across, lower, upper = SEGMENT_ASSUMPTIONS[name]

    if across == "sum":
        total = sum(bases.values())
        if total == 0:
            return {segment: target / len(bases) for segment in bases}
        return {segment: base * target / total for segment, base in bases.items()}

    mean = mean_over_segments(bases, opening_arr)
    if across == "shift":
        spread = {segment: base + (target - mean) for segment, base in bases.items()}
    elif mean == 0:
        spread = dict.fromkeys(bases, target)
    else:
        spread = {segment: base * target / mean for segment, base in bases.items()}
    return {segment: min(max(value, lower), upper) for segment, value in spread.items()}


# --------------------------------------------------------------------------------------------------
# Reading the company
# --------------------------------------------------------------------------------------------------


def base_values(company: dict[str, Any], name: str) -> dict[str, float]:
    """The base value of one assumption or fact in every segment: "one value for all, or one per
    segment"."""
    given = company["assumptions"][name]
    if isinstance(given, dict):
        return {segment: float(given[segment]) for segment in company["segments"]}
    return {segment: float(given) for segment in company["segments"]}


def segment_paths(
    company: dict[str, Any],
    moves: dict[tuple[str, str | None], Move],
    opening_arr: dict[str, float],
) -> dict[str, dict[str, Path]]:
    """The path of every assumption, by segment and name.

    "A move without a segment states the company-level value: the assumption's across rule spreads
    it." "A move with a segment sets that segment's target and overrides the company-level move"."""
    paths: dict[str, dict[str, Path]] = {segment: {} for segment in company["segments"]}
    for name in SEGMENT_ASSUMPTIONS:
        bases = base_values(company, name)
        company_move = moves.get((name, None))
        spread_targets: dict[str, float] = {}
        if company_move is not None:
            spread_targets = spread_over_segments(name, company_move.target, bases, opening_arr)

        for segment, base in bases.items():
            own_move = moves.get((name, segment))
            if own_move is not None:
                path = Path(base, own_move.target, own_move.start, own_move.ramp)
            elif company_move is not None:
                path = Path(base, spread_targets[segment], company_move.start, company_move.ramp)
            else:
                path = Path(base, base)
            paths[segment][name] = path
    return paths


def company_paths(company: dict[str, Any], moves: dict[tuple[str, str | None], Move]) -> dict[str, Path]:
    """The path of every assumption of scope company."""
    paths: dict[str, Path] = {}
    for name in COMPANY_ASSUMPTIONS:
        base = float(company["company"][name])
        move = moves.get((name, None))
        if move is None:
            paths[name] = Path(base, base)
        else:
            paths[name] = Path(base, move.target, move.start, move.ramp)
    return paths


def calendar_number(date: str) -> int:
    """Months since year 0 of a date "YYYY-MM"."""
    year, month = date.split("-")
    return int(year) * 12 + int(month) - 1


def date_of_month(first_month: str, month: int) -> str:
    """The date "YYYY-MM" of a month of the projection; month 1 is first_month."""
    number = calendar_number(first_month) + month - 1
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


# --------------------------------------------------------------------------------------------------
# The opening book
# --------------------------------------------------------------------------------------------------


def rescale(weights: dict[int, float], total: float) -> dict[int, float]:
    """The weights, scaled to sum to the total."""
    weight_sum = sum(weights.values())
    if total == 0:
        return dict.fromkeys(weights, 0.0)
    if weight_sum == 0:
        raise ValueError("an opening book without weight cannot be scaled to a total that is not zero")
    return {sale_month: weight * total / weight_sum for sale_month, weight in weights.items()}


def modelled_weights(base_retention_rate: float) -> dict[int, float]:
    """Rule: "ARR and customers by sale month c = 0, -1, ... -119, weights retention_rate^(j/12)
    (base value) for age j = -c months"."""
    return {-age: base_retention_rate ** (age / 12) for age in range(OLDEST_OPENING_AGE + 1)}


def recorded_weights(amounts: dict[str, float], first_month: str) -> dict[int, float]:
    """Rule: "A company made from data carries its real book instead (ARR and customers by sale
    month; older than 119 months counts as 119)." The month before first_month is sale month 0."""
    weights = {-age: 0.0 for age in range(OLDEST_OPENING_AGE + 1)}
    opening_month = calendar_number(first_month) - 1
    for date, amount in amounts.items():
        age = opening_month - calendar_number(date)
        if age < 0:
            raise ValueError(f"sale month {date} of the book lies after the opening month")
        weights[-min(age, OLDEST_OPENING_AGE)] += float(amount)
    return weights


def opening_book(
    company: dict[str, Any],
    segment: str,
    base_retention_rate: float,
    opening_arr: float,
    opening_customers: float,
) -> tuple[dict[int, float], dict[int, float]]:
    """ARR by sale month and customers by sale month, "scaled to opening_arr and
    opening_customers"."""
    recorded = company.get("book", {}).get(segment)
    if recorded is None:
        arr_weights = modelled_weights(base_retention_rate)
        customer_weights = modelled_weights(base_retention_rate)
    else:
        arr_weights = recorded_weights(recorded["arr"], company["first_month"])
        customer_weights = recorded_weights(recorded["customers"], company["first_month"])
    return rescale(arr_weights, opening_arr), rescale(customer_weights, opening_customers)


# --------------------------------------------------------------------------------------------------
# Opportunities and decisions
# --------------------------------------------------------------------------------------------------


def leads_in(month: int, values: dict[str, float]) -> float:
    """Rule: "leads*(1+lead_growth)^((t-1)/12) is that month's leads (also for t <= 0)"."""
    return values["leads_per_month"] * (1 + values["lead_growth"]) ** ((month - 1) / 12)


def opportunities_in(month: int, values: dict[str, float], customers_at_start: float) -> float:
    """Rule: "inbound = leads*lead_conversion; outbound =
    target_accounts*account_engagement*engagement_conversion; referral = customers at the month's
    start*referral_rate/12 (t <= 0: opening_customers). opportunities = their sum"."""
    inbound = leads_in(month, values) * values["lead_conversion"]
    outbound = values["target_accounts"] * values["account_engagement"] * values["engagement_conversion"]
    referral = customers_at_start * values["referral_rate"] / 12
    return inbound + outbound + referral


def decision_shares(sales_cycle_months: float, slip_rate: float) -> list[float]:
    """The share decided j = 0...35 months after creation.

    "A gamma distribution of mean sales_cycle_months and shape 4, mass of [j-1/2, j+1/2) (j = 0: [0,
    1/2)); slips move a decision by 3 months, repeatedly: h'_j = sum over i of (1-p)*p^i*h_(j-3i)
    with p = slip_rate; then normalised to sum 1"."""
    upper_edges = [j + 0.5 for j in range(LAST_DECISION_MONTH + 1)]
    shape = 4
    scale = sales_cycle_months / shape
    cumulative = [float(share) for share in gamma.cdf(upper_edges, shape, scale=scale)]
    unslipped = []
    for j in range(LAST_DECISION_MONTH + 1):
        below = cumulative[j - 1] if j > 0 else 0.0
        unslipped.append(cumulative[j] - below)

    slipped = []
    for j in range(LAST_DECISION_MONTH + 1):
        share = 0.0
        slips = 0
        while j - 3 * slips >= 0:
            share += (1 - slip_rate) * slip_rate**slips * unslipped[j - 3 * slips]
            slips += 1
        slipped.append(share)

    total = sum(slipped)
    return [share / total for share in slipped]


def decided_in(month: int, opportunities: dict[int, float], shares: dict[int, list[float]]) -> float:
    """Rule: "decided = sum over j of h'_j(t-j)*opportunities(t-j), with months -34...0 at base
    values"."""
    decided = 0.0
    for j in range(LAST_DECISION_MONTH + 1):
        created = month - j
        decided += shares[created][j] * opportunities[created]
    return decided


def undecided_after(month: int, opportunities: dict[int, float], shares: dict[int, list[float]]) -> float:
    """Opportunities "created, not decided" at the end of the month; "created before month -34 count
    as decided"."""
    undecided = 0.0
    for created in range(month - LAST_DECISION_MONTH + 1, month + 1):
        months_since = month - created
        share_still_open = sum(shares[created][months_since + 1 :])
        undecided += share_still_open * opportunities[created]
    return undecided


# --------------------------------------------------------------------------------------------------
# The existing book
# --------------------------------------------------------------------------------------------------


def yearly_renewal_rate(year_of_life: int, values: dict[str, float]) -> float:
    """Rule: "The chance of renewing for year y of life is r_y = (R*K + y-1)/(K + y-1), K =
    1/loyalty_spread - 1; R itself when the spread is 0"."""
    retention_rate = values["retention_rate"]
    loyalty_spread = values["loyalty_spread"]
    if loyalty_spread == 0:
        return retention_rate
    k = 1 / loyalty_spread - 1
    return (retention_rate * k + year_of_life - 1) / (k + year_of_life - 1)


def renewal_chance(age: int, term: int, values: dict[str, float]) -> float:
    """Rule: "The chance at this renewal is the product of r_y^(1/12) over the months of the ending
    term, the m-th month of life being in year floor((m-1)/12)+1, all at month t's values"."""
    chance = 1.0
    for month_of_life in range(age - term + 1, age + 1):
        year_of_life = (month_of_life - 1) // 12 + 1
        chance *= yearly_renewal_rate(year_of_life, values) ** (1 / 12)
    return chance


def seen_share(values: dict[str, float]) -> float:
    """Rule: "seen = renewal_coverage*[1-(1-risk_detection)(1-customer_feedback)]"."""
    overlooked = (1 - values["risk_detection"]) * (1 - values["customer_feedback"])
    return values["renewal_coverage"] * (1 - overlooked)


def saved_share(values: dict[str, float]) -> float:
    """Rule: "saved = seen*[1-(1-renewal_outreach)(1-automated_outreach)]*save_rate"."""
    not_reached = (1 - values["renewal_outreach"]) * (1 - values["automated_outreach"])
    return seen_share(values) * (1 - not_reached) * values["save_rate"]


def involuntary_churn_rate(values: dict[str, float]) -> float:
    """Rule: "Every cohort loses card_share*payment_failure_rate*(1-dunning_recovery)"."""
    return values["card_share"] * values["payment_failure_rate"] * (1 - values["dunning_recovery"])


def term_contraction_rate(term: int, values: dict[str, float]) -> float:
    """Rule: "Contraction takes 1-(1-contraction_rate)^(term/12) of what renewed"."""
    return 1 - (1 - values["contraction_rate"]) ** (term / 12)


def term_uplift_rate(term: int, values: dict[str, float]) -> float:
    """Rule: "Price uplift adds (1+price_uplift)^(term/12)-1 of what is left"."""
    return (1 + values["price_uplift"]) ** (term / 12) - 1


def monthly_expansion_rate(values: dict[str, float]) -> float:
    """Rule: "Every cohort sold before t grows by
    (1+upsell_rate+cross_sell_rate+self_serve_expansion)^(1/12) - 1"."""
    yearly = values["upsell_rate"] + values["cross_sell_rate"] + values["self_serve_expansion"]
    return (1 + yearly) ** (1 / 12) - 1


@dataclass
class CohortMonth:
    """What one month does to one cohort."""

    arr: float  # at the end of the month
    customers: float  # at the end of the month
    kept_share: float  # product of the month's loss factors, for GRR
    at_risk: float = 0.0
    saved: float = 0.0
    customers_approached: float = 0.0
    customers_lost: float = 0.0
    churn_involuntary: float = 0.0
    due_for_renewal: float = 0.0
    churn: float = 0.0
    contraction: float = 0.0
    price_uplift: float = 0.0
    expansion: float = 0.0


def age_cohort(arr: float, customers: float, age: int, term: int, values: dict[str, float]) -> CohortMonth:
    """One month of one cohort sold before that month: "in this order: (1) involuntary churn; (2)
    renewals: cohorts of age a = t-c > 0 with a divisible by the term are due; (3) expansion"."""
    result = CohortMonth(arr=arr, customers=customers, kept_share=1.0)

    involuntary_rate = involuntary_churn_rate(values)
    result.churn_involuntary = result.arr * involuntary_rate
    result.customers_lost = result.customers * involuntary_rate
    result.arr -= result.churn_involuntary
    result.customers -= result.customers_lost
    result.kept_share *= 1 - involuntary_rate

    if age % term == 0:
        risk = 1 - renewal_chance(age, term, values)
        loss_rate = risk * (1 - saved_share(values))
        contraction_rate = term_contraction_rate(term, values)
        result.due_for_renewal = result.arr
        result.at_risk = result.arr * risk
        result.saved = result.arr * risk - result.arr * loss_rate
        result.customers_approached = result.customers * risk * seen_share(values) * values["renewal_outreach"]

        result.churn = result.arr * loss_rate
        customers_churned = result.customers * loss_rate
        result.arr -= result.churn
        result.customers -= customers_churned
        result.customers_lost += customers_churned

        result.contraction = result.arr * contraction_rate
        result.arr -= result.contraction

        result.price_uplift = result.arr * term_uplift_rate(term, values)
        result.arr += result.price_uplift

        result.kept_share *= (1 - loss_rate) * (1 - contraction_rate)

    result.expansion = result.arr * monthly_expansion_rate(values)
    result.arr += result.expansion
    return result


# --------------------------------------------------------------------------------------------------
# One segment
# --------------------------------------------------------------------------------------------------


def cohort_retention(
    month: int, arr_at_end: dict[int, dict[int, float]], kept_shares: dict[int, dict[int, float]]
) -> dict[str, float]:
    """The numerators and the denominator of NRR and GRR in a month from 12 on.

    NRR: "ARR today of the customers of 12 months ago / their ARR then (by cohort)". GRR: "sum over
    cohorts of (ARR then * product of the cohort's loss factors since: involuntary, churn,
    contraction) / ARR then"."""
    arr_then = arr_at_end[month - 12]
    arr_kept = 0.0
    for cohort, arr in arr_then.items():
        for later_month in range(month - 11, month + 1):
            arr *= kept_shares[later_month][cohort]
        arr_kept += arr
    return {
        "cohort_arr_then": sum(arr_then.values()),
        "cohort_arr_now": sum(arr_at_end[month][cohort] for cohort in arr_then),
        "cohort_arr_kept": arr_kept,
    }


def project_segment(
    paths: dict[str, Path],
    term: int,
    opening_arr: dict[int, float],
    opening_customers: dict[int, float],
    horizon: int,
) -> list[dict[str, float]]:
    """The months 1...horizon of one segment, from its opening book by sale month.

    Each month is a dict of the summed columns of the CSV and, from month 12, the parts of NRR and
    GRR."""
    arr_by_cohort = dict(opening_arr)
    customers_by_cohort = dict(opening_customers)
    arr_at_end = {0: dict(arr_by_cohort)}
    kept_shares: dict[int, dict[int, float]] = {}
    deals_waiting = 0.0

    # The months before the projection, at base values.
    opportunities: dict[int, float] = {}
    shares: dict[int, list[float]] = {}
    customers_before = sum(customers_by_cohort.values())
    for month in range(1 - LAST_DECISION_MONTH, 1):
        values = values_in(paths, month)
        opportunities[month] = opportunities_in(month, values, customers_before)
        shares[month] = decision_shares(values["sales_cycle_months"], values["slip_rate"])

    months = []
    for month in range(1, horizon + 1):
        values = values_in(paths, month)
        row = dict.fromkeys((*SUMMED_COLUMNS, *LATER_COLUMNS), 0.0)
        row["arr_opening"] = sum(arr_by_cohort.values())
        row["customers_opening"] = sum(customers_by_cohort.values())

        # Opportunities.
        row["leads"] = leads_in(month, values)
        row["opportunities"] = opportunities_in(month, values, row["customers_opening"])
        row["pipeline_created"] = row["opportunities"] * values["average_selling_price"]
        opportunities[month] = row["opportunities"]
        shares[month] = decision_shares(values["sales_cycle_months"], values["slip_rate"])

        # Decisions: "ready = win_rate*decided + deals waiting; won = min(ready,
        # sales_reps*deals_per_rep_month); deals waiting = ready - won. new ARR =
        # won*average_selling_price*(1-price_discount)."
        row["opportunities_decided"] = decided_in(month, opportunities, shares)
        ready = values["win_rate"] * row["opportunities_decided"] + deals_waiting
        won = min(ready, values["sales_reps"] * values["deals_per_rep_month"])
        deals_waiting = ready - won
        row["deals_waiting"] = deals_waiting
        row["opportunities_open"] = undecided_after(month, opportunities, shares) + deals_waiting
        row["customers_new"] = won
        row["arr_new"] = won * values["average_selling_price"] * (1 - values["price_discount"])

        # The existing book.
        kept_shares[month] = {}
        for cohort in list(arr_by_cohort):
            result = age_cohort(arr_by_cohort[cohort], customers_by_cohort[cohort], month - cohort, term, values)
            arr_by_cohort[cohort] = result.arr
            customers_by_cohort[cohort] = result.customers
            kept_shares[month][cohort] = result.kept_share
            row["arr_churn_involuntary"] += result.churn_involuntary
            row["arr_due_for_renewal"] += result.due_for_renewal
            row["arr_churn"] += result.churn
            row["arr_at_risk"] += result.at_risk
            row["arr_saved"] += result.saved
            row["customers_approached"] += result.customers_approached
            row["arr_contraction"] += result.contraction
            row["arr_price_uplift"] += result.price_uplift
            row["arr_expansion"] += result.expansion
            row["customers_lost"] += result.customers_lost

        # "New ARR joins as cohort t."
        arr_by_cohort[month] = row["arr_new"]
        customers_by_cohort[month] = row["customers_new"]
        arr_at_end[month] = dict(arr_by_cohort)
        row["arr_closing"] = sum(arr_by_cohort.values())
        row["customers_closing"] = sum(customers_by_cohort.values())

        add_segment_money(row, values)
        if month >= 12:
            row.update(cohort_retention(month, arr_at_end, kept_shares))
        months.append(row)
    return months


def add_segment_money(row: dict[str, float], values: dict[str, float]) -> None:
    """Rule: "revenue = (opening+closing)/2/12*(1-revenue_leakage). cost of revenue =
    revenue*(1-gross_margin). marketing = leads*cost_per_lead +
    target_accounts*cost_per_target_account/12. sales = sales_reps*rep_cost/12 + commission_rate*new
    ARR. customer success = mean of opening and closing customers*cost_to_serve/12 +
    customers_approached*cost_per_approach"."""
    row["revenue"] = (row["arr_opening"] + row["arr_closing"]) / 2 / 12 * (1 - values["revenue_leakage"])
    row["cost_of_revenue"] = row["revenue"] * (1 - values["gross_margin"])
    row["marketing_cost"] = (
        row["leads"] * values["cost_per_lead"] + values["target_accounts"] * values["cost_per_target_account"] / 12
    )
    row["sales_cost"] = values["sales_reps"] * values["rep_cost"] / 12 + values["commission_rate"] * row["arr_new"]
    mean_customers = (row["customers_opening"] + row["customers_closing"]) / 2
    served = mean_customers * values["cost_to_serve"] / 12
    row["customer_success_cost"] = served + row["customers_approached"] * values["cost_per_approach"]


# --------------------------------------------------------------------------------------------------
# Invoices and cash
# --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Invoice:
    """An invoice: its month, its amount, what of it is earned in which month, and what is paid in which."""

    month: int
    amount: float
    earned: dict[int, float]
    paid: dict[int, float]


def contracts_beginning(rows: list[dict[str, float]], opening_arr: dict[int, float], horizon: int) -> dict[int, float]:
    """Rule: "All ARR is contracts of one year. Those of the opening book begin each year in the month of their sale; in
    month t begins what began in t-12 plus the change of ARR in t"."""
    begins: dict[int, float] = {}
    for month in range(-11, 1):
        begins[month] = sum(arr for sale_month, arr in opening_arr.items() if (month - sale_month) % 12 == 0)
    for month in range(-12, FIRST_INVOICE_MONTH - 1, -1):
        begins[month] = begins[month + 12]
    for month in range(1, horizon + 1):
        row = rows[month - 1]
        begins[month] = begins[month - 12] + row["arr_closing"] - row["arr_opening"]
    return begins


def earned_over_a_year(month: int, amount: float) -> dict[int, float]:
    """Rule: "contracts begin in the middle of the month": half a month, eleven months, half a month."""
    earned = {month: amount / 24, month + 12: amount / 24}
    for later in range(month + 1, month + 12):
        earned[later] = amount / 12
    return earned


def paid_after(month: int, amount: float, days: float) -> dict[int, float]:
    """Rule: "an invoice is paid days_to_collect + invoicing_delay_days later, invoices spread evenly over their month; a
    month is 365/12 days"."""
    whole = int(days // DAYS_IN_MONTH)
    rest = days / DAYS_IN_MONTH - whole
    return {month + whole: amount * (1 - rest), month + whole + 1: amount * rest}


def add_billing(
    rows: list[dict[str, float]], paths: dict[str, Path], opening_arr: dict[int, float], horizon: int
) -> None:
    """Rule: "of what begins in a month the share annual_prepay_share is invoiced a year ahead, less leakage; the rest of
    a month's revenue is invoiced in that month"."""
    begins = contracts_beginning(rows, opening_arr, horizon)
    invoices: list[Invoice] = []
    for month in range(FIRST_INVOICE_MONTH, horizon + 1):
        values = values_in(paths, month)
        days = values["days_to_collect"] + values["invoicing_delay_days"]
        ahead = begins[month] * values["annual_prepay_share"] * (1 - values["revenue_leakage"])
        invoices.append(Invoice(month, ahead, earned_over_a_year(month, ahead), paid_after(month, ahead, days)))
        if month >= FIRST_INVOICE_MONTH + 12:
            revenue = sum(opening_arr.values()) / 12 * (1 - values["revenue_leakage"])
            if month >= 1:
                revenue = rows[month - 1]["revenue"]
            monthly = revenue - sum(invoice.earned.get(month, 0.0) for invoice in invoices)
            invoices.append(Invoice(month, monthly, {month: monthly}, paid_after(month, monthly, days)))

    for month in range(1, horizon + 1):
        row = rows[month - 1]
        for column in BILLING_COLUMNS:
            row[column] = 0.0
        for invoice in invoices:
            if invoice.month > month:
                continue
            if invoice.month == month:
                row["billings"] += invoice.amount
            row["cash_collected"] += invoice.paid.get(month, 0.0)
            row["deferred_revenue"] += sum(part for when, part in invoice.earned.items() if when > month)
            row["receivables"] += sum(part for when, part in invoice.paid.items() if when > month)


# --------------------------------------------------------------------------------------------------
# The company
# --------------------------------------------------------------------------------------------------


def sum_of_segments(segment_months: list[dict[str, float]]) -> dict[str, float]:
    """The segments' columns (and the parts of NRR and GRR) of one month, added up."""
    return {key: sum(row[key] for row in segment_months) for key in segment_months[0]}


def add_company_money(row: dict[str, float], month: int, values: dict[str, float]) -> None:
    """Rule: "overhead = fixed_costs/12*(1+fixed_cost_growth)^((t-1)/12) + overhead_rate*revenue;
    RevOps = revops_cost/12. operating profit = revenue - all of these"."""
    fixed = values["fixed_costs"] / 12 * (1 + values["fixed_cost_growth"]) ** ((month - 1) / 12)
    row["overhead_cost"] = fixed + values["overhead_rate"] * row["revenue"]
    row["revops_cost"] = values["revops_cost"] / 12
    row["operating_profit"] = (
        row["revenue"]
        - row["cost_of_revenue"]
        - row["marketing_cost"]
        - row["sales_cost"]
        - row["customer_success_cost"]
        - row["overhead_cost"]
        - row["revops_cost"]
    )


def csv_row(month: int, date: str, segment: str, amounts: dict[str, float]) -> dict[str, Any]:
    """One row of the CSV, in its order of columns; None where a cell is empty: the company's costs
    and profit in segment rows, NRR and GRR before month 12 and where there was no ARR 12 months
    ago."""
    row: dict[str, Any] = {column: amounts.get(column) for column in COLUMNS}
    row["month"] = month
    row["date"] = date
    row["segment"] = segment
    arr_then = amounts.get("cohort_arr_then", 0.0)
    if arr_then != 0:
        row["nrr"] = amounts["cohort_arr_now"] / arr_then
        row["grr"] = amounts["cohort_arr_kept"] / arr_then
    return row


def project(company: dict[str, Any], moves: Sequence[str] = (), horizon: int | None = None) -> list[dict[str, Any]]:
    """The projection of a company under moves: one dict per row of the CSV.

    "One row per month and segment, then segment `all`." The company is the parsed TOML file, with
    an optional table `book.<segment>` of `arr` and `customers` by sale month "YYYY-MM"."""
    segments = list(company["segments"])
    last_month = int(company["horizon_months"]) if horizon is None else horizon
    parsed_moves = parse_moves(moves, segments)

    opening_arr = base_values(company, "opening_arr")
    opening_customers = base_values(company, "opening_customers")
    terms = base_values(company, "contract_term_months")
    paths_by_segment = segment_paths(company, parsed_moves, opening_arr)
    paths_of_company = company_paths(company, parsed_moves)

    months_by_segment: dict[str, list[dict[str, float]]] = {}
    for segment in segments:
        paths = paths_by_segment[segment]
        book_arr, book_customers = opening_book(
            company,
            segment,
            paths["retention_rate"].base,
            opening_arr[segment],
            opening_customers[segment],
        )
        months_by_segment[segment] = project_segment(paths, int(terms[segment]), book_arr, book_customers, last_month)
        add_billing(months_by_segment[segment], paths, book_arr, last_month)

    rows = []
    for month in range(1, last_month + 1):
        date = date_of_month(company["first_month"], month)
        segment_months = [months_by_segment[segment][month - 1] for segment in segments]
        for segment, amounts in zip(segments, segment_months, strict=True):
            rows.append(csv_row(month, date, segment, amounts))
        total = sum_of_segments(segment_months)
        add_company_money(total, month, values_in(paths_of_company, month))
        rows.append(csv_row(month, date, "all", total))
    return rows
