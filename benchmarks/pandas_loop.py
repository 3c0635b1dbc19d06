"""The RevLens revenue model as an analyst would write it with pandas and NumPy.

A loop over months per segment, with the cohort table as a DataFrame indexed by sale month. It has
no moves: every assumption keeps its base value. It serves as the yardstick of the benchmarks.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import gamma

SUMMED_COLUMNS = [
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
]
COLUMNS = [
    "month",
    "date",
    "segment",
    *SUMMED_COLUMNS,
    "overhead_cost",
    "revops_cost",
    "operating_profit",
    "nrr",
    "grr",
]

OLDEST = 119  # age in months of the oldest cohort of the opening book
DECISION_MONTHS = 36  # an opportunity is decided 0 to 35 months after its creation


def segment_assumptions(company: dict) -> pd.DataFrame:
    """Assumptions in rows, segments in columns; a single value holds for all segments."""
    segments = list(company["segments"])
    table = {
        name: {segment: value[segment] for segment in segments}
        if isinstance(value, dict)
        else dict.fromkeys(segments, value)
        for name, value in company["assumptions"].items()
    }
    return pd.DataFrame.from_dict(table, orient="index", columns=segments).astype(float)


def decision_curve(cycle: float, slip: float) -> np.ndarray:
    """Share of opportunities decided 0 to 35 months after creation: gamma of shape 4, with slips of
    3 months."""
    edges = np.concatenate([[0.0], np.arange(DECISION_MONTHS) + 0.5])
    on_time = np.diff(gamma.cdf(edges, 4, scale=cycle / 4))
    curve = np.zeros(DECISION_MONTHS)
    for slips in range((DECISION_MONTHS + 2) // 3):
        curve[3 * slips :] += (1 - slip) * slip**slips * on_time[: DECISION_MONTHS - 3 * slips]
    return curve / curve.sum()


def renewal_chances(retention: float, spread: float, term: int, oldest_age: int) -> np.ndarray:
    """Chance to renew by age in months (0 where nothing is due): shifted beta-geometric, per month
    of the term."""
    year = np.arange(oldest_age) // 12 + 1
    if spread == 0:
        yearly = np.full(oldest_age, retention)
    else:
        k = 1 / spread - 1
        yearly = (retention * k + year - 1) / (k + year - 1)
    monthly = yearly ** (1 / 12)
    chances = np.zeros(oldest_age + 1)
    for age in range(term, oldest_age + 1, term):
        chances[age] = monthly[age - term : age].prod()
    return chances


def opening_book(company: dict, segment: str, a: pd.Series) -> pd.DataFrame:
    """ARR and customers by sale month -119 to 0, scaled to the opening balance."""
    sale_months = pd.RangeIndex(-OLDEST, 1, name="sale_month")
    recorded = company.get("book", {}).get(segment)
    if recorded is None:
        weight = a["retention_rate"] ** (-sale_months.to_numpy() / 12)
        book = pd.DataFrame({"arr": weight, "customers": weight}, index=sale_months)
    else:
        opening_month = pd.Period(company["first_month"], "M") - 1
        book = pd.DataFrame(recorded, dtype=float)[["arr", "customers"]].fillna(0.0)
        age = opening_month.ordinal - pd.PeriodIndex(book.index, freq="M").astype("int64")
        book = book.groupby(-np.minimum(age, OLDEST)).sum().reindex(sale_months, fill_value=0.0)
    for column, total in (("arr", a["opening_arr"]), ("customers", a["opening_customers"])):
        if total:
            book[column] *= total / book[column].sum()
        else:
            book[column] = 0.0
    return book


def project_segment(company: dict, segment: str, a: pd.Series, horizon: int) -> pd.DataFrame:
    """Months 1 to horizon of one segment, with the parts of NRR and GRR as extra columns."""
    term = int(a["contract_term_months"])
    book = opening_book(company, segment, a).reindex(range(-OLDEST, horizon + 1), fill_value=0.0)
    sale_month = book.index.to_numpy()

    # Rates that stay the same in every month.
    involuntary = a["card_share"] * a["payment_failure_rate"] * (1 - a["dunning_recovery"])
    saved = a["renewal_coverage"] * a["risk_detection"] * a["renewal_outreach"] * a["save_rate"]
    chances = renewal_chances(a["retention_rate"], a["loyalty_spread"], term, OLDEST + horizon)
    loss_by_age = (1 - chances) * (1 - saved)
    contraction = 1 - (1 - a["contraction_rate"]) ** (term / 12)
    uplift = (1 + a["price_uplift"]) ** (term / 12) - 1
    expansion = (1 + a["upsell_rate"] + a["cross_sell_rate"] + a["self_serve_expansion"]) ** (1 / 12) - 1
    capacity = a["sales_reps"] * a["deals_per_rep_month"]

    # Leads and opportunities from 35 months before the first month; referrals join month by month.
    created = pd.RangeIndex(2 - DECISION_MONTHS, horizon + 1, name="month")
    leads = pd.Series(a["leads_per_month"] * (1 + a["lead_growth"]) ** ((created - 1) / 12), index=created)
    outbound = a["target_accounts"] * a["account_engagement"] * a["engagement_conversion"]
    opportunities = leads * a["lead_conversion"] + outbound
    opportunities.loc[:0] += a["opening_customers"] * a["referral_rate"] / 12
    decided_share = decision_curve(a["sales_cycle_months"], a["slip_rate"])
    open_share = np.append(decided_share[::-1].cumsum()[::-1][1:], 0.0)

    arr_history = {0: book["arr"].copy()}
    kept_history = {}
    deals_waiting = 0.0
    rows = []
    for month in range(1, horizon + 1):
        arr_opening = book["arr"].sum()
        customers_opening = book["customers"].sum()

        # Pipeline and sales.
        opportunities.loc[month] += customers_opening * a["referral_rate"] / 12
        recent = opportunities.loc[month - DECISION_MONTHS + 1 : month].to_numpy()[::-1]
        decided = recent @ decided_share
        ready = a["win_rate"] * decided + deals_waiting
        won = min(ready, capacity)
        deals_waiting = ready - won
        arr_new = won * a["average_selling_price"] * (1 - a["price_discount"])

        # The existing book: involuntary churn, renewals, expansion.
        age = month - sale_month
        due = (age > 0) & (age % term == 0)
        loss = np.where(due, loss_by_age[np.maximum(age, 0)], 0.0)

        arr_churn_involuntary = book["arr"] * involuntary
        after_involuntary = book["arr"] - arr_churn_involuntary
        arr_churn = after_involuntary * loss
        renewed = after_involuntary - arr_churn
        arr_contraction = renewed * np.where(due, contraction, 0.0)
        contracted = renewed - arr_contraction
        arr_price_uplift = contracted * np.where(due, uplift, 0.0)
        uplifted = contracted + arr_price_uplift
        arr_expansion = uplifted * expansion
        customers_lost = book["customers"] * (involuntary + (1 - involuntary) * loss)

        book["arr"] = uplifted + arr_expansion
        book["customers"] -= customers_lost
        book.loc[month] = {"arr": arr_new, "customers": won}

        arr_history[month] = book["arr"].copy()
        kept_history[month] = (1 - involuntary) * (1 - loss) * np.where(due, 1 - contraction, 1.0)
        rows.append(
            {
                "month": month,
                "arr_opening": arr_opening,
                "arr_new": arr_new,
                "arr_expansion": arr_expansion.sum(),
                "arr_price_uplift": arr_price_uplift.sum(),
                "arr_contraction": arr_contraction.sum(),
                "arr_churn": arr_churn.sum(),
                "arr_churn_involuntary": arr_churn_involuntary.sum(),
                "arr_closing": book["arr"].sum(),
                "arr_due_for_renewal": after_involuntary[due].sum(),
                "customers_opening": customers_opening,
                "customers_new": won,
                "customers_lost": customers_lost.sum(),
                "customers_closing": book["customers"].sum(),
                "leads": leads.loc[month],
                "opportunities": opportunities.loc[month],
                "opportunities_decided": decided,
                "opportunities_open": recent @ open_share + deals_waiting,
                "deals_waiting": deals_waiting,
            }
        )
        if month >= 12:
            arr_then = arr_history[month - 12]
            kept = np.prod([kept_history[m] for m in range(month - 11, month + 1)], axis=0)
            rows[-1]["arr_then"] = arr_then.sum()
            rows[-1]["arr_now"] = book["arr"].loc[: month - 12].sum()
            rows[-1]["arr_kept"] = (arr_then * kept).sum()

    table = pd.DataFrame(rows).reindex(columns=["month", *SUMMED_COLUMNS, "arr_then", "arr_now", "arr_kept"])
    table["pipeline_created"] = table["opportunities"] * a["average_selling_price"]
    table["revenue"] = (table["arr_opening"] + table["arr_closing"]) / 2 / 12 * (1 - a["revenue_leakage"])
    table["cost_of_revenue"] = table["revenue"] * (1 - a["gross_margin"])
    table["marketing_cost"] = (
        table["leads"] * a["cost_per_lead"] + a["target_accounts"] * a["cost_per_target_account"] / 12
    )
    table["sales_cost"] = a["sales_reps"] * a["rep_cost"] / 12 + a["commission_rate"] * table["arr_new"]
    mean_customers = (table["customers_opening"] + table["customers_closing"]) / 2
    table["customer_success_cost"] = mean_customers * a["cost_to_serve"] / 12
    table["segment"] = segment
    return table


def project(company: dict, horizon: int) -> pd.DataFrame:
    """The projection of a company without moves: one row per month and segment, then segment `all`.

    Empty cells of the CSV (company costs in segment rows, NRR and GRR before month 12) are NaN."""
    assumptions = segment_assumptions(company)
    segments = pd.concat(
        [project_segment(company, segment, assumptions[segment], horizon) for segment in company["segments"]],
        ignore_index=True,
    )

    c = company["company"]
    total = segments.drop(columns="segment").groupby("month").sum().reset_index()
    total["segment"] = "all"
    growth = (1 + c["fixed_cost_growth"]) ** ((total["month"] - 1) / 12)
    total["overhead_cost"] = c["fixed_costs"] / 12 * growth + c["overhead_rate"] * total["revenue"]
    total["revops_cost"] = c["revops_cost"] / 12
    costs = [
        "cost_of_revenue",
        "marketing_cost",
        "sales_cost",
        "customer_success_cost",
        "overhead_cost",
        "revops_cost",
    ]
    total["operating_profit"] = total["revenue"] - total[costs].sum(axis=1)

    result = pd.concat([segments, total], ignore_index=True).sort_values("month", kind="stable")
    arr_then = result["arr_then"].where(result["arr_then"] != 0)
    result["nrr"] = result["arr_now"] / arr_then
    result["grr"] = result["arr_kept"] / arr_then
    dates = pd.period_range(company["first_month"], periods=horizon, freq="M").astype(str)
    result["date"] = dates.to_numpy()[result["month"].to_numpy() - 1]
    return result[COLUMNS].reset_index(drop=True)
