"""What measured values imply for others: nothing counted twice, nothing out of proportion.

What exports do not show keeps the template's proportions: marketing to new ARR, ARR a representative can close,
service to ARR, fixed costs to ARR.
"""

from __future__ import annotations

import numpy as np

from model.catalogue import assumptions
from model.company import Company
from model.history.asking.facts import Facts
from model.history.measuring.draft import Draft, Values, bounded
from model.history.measuring.slices import new_business
from model.rates import YEAR
from model.text import numbered

HEADROOM = 1.3
SLIP_MONTHS = 3
SHORTEST_CYCLE = 0.5


def set_what_follows(draft: Draft, facts: Facts) -> None:
    """Set what measured values imply."""
    book = bool(len(facts.movements))
    _set_churn(draft)
    _set_expansion(draft)
    _set_slips(draft)
    _set_price(draft)
    if draft.measured_in("leads_per_month"):
        _set_growth(draft, facts)
        _set_capacity(draft)
    if not book and draft.measured_in("average_selling_price"):
        price = net_price(draft)
        customers = {s: arr / price[s] for s, arr in draft.values["opening_arr"].items() if price[s] > 0}
        draft.put("opening_customers", customers, "the template's opening ARR ÷ the price measured")
    _set_costs(draft)


def _set_churn(draft: Draft) -> None:
    """Leave out of churn and growth what they already contain, or measured failures out of measured churn."""
    both = set(draft.measured_in("payment_failure_rate")) & set(draft.measured_in("retention_rate"))
    if both:
        _part_failures_from_churn(draft, both)
    alone = {s: 0.0 for s in draft.measured_in("retention_rate") if s not in both}
    draft.put("payment_failure_rate", alone, "0, since churn as measured contains it already")
    every = dict.fromkeys(draft.measured_in("retention_rate"), 0.0)
    draft.put("save_rate", every, "0, since churn as measured contains it already")
    for name in ("cross_sell_rate", "self_serve_expansion", "price_uplift"):
        zero = dict.fromkeys(draft.measured_in("upsell_rate"), 0.0)
        draft.put(name, zero, "0, since growth as measured contains it and cannot be told apart; it is all in upsell")


def _set_expansion(draft: Draft) -> None:
    """Bring expansion from the ARR that customers had to what they keep of it, which is what the model lets grow.

    Of those who stayed, 1 + expansion − contraction of their ARR is there a year later; the model has
    (1 − contraction) × (1 + upsell).
    """
    kept = {s: 1 - draft.values["contraction_rate"][s] for s in draft.measured_in("upsell_rate")}
    usual = assumptions()["upsell_rate"].usual[1]
    upsell = draft.values["upsell_rate"]
    grown = {s: upsell[s] / share for s, share in kept.items() if 0 < share < 1 and 0 < upsell[s] < usual}
    draft.adjust("upsell_rate", grown, "÷ (1 − contraction), since the model lets grow what is left of a customer")


def _part_failures_from_churn(draft: Draft, segments: set[str]) -> None:
    """Raise retention so that renewals and failed payments, both measured, lose together what was lost."""
    values, kept, fewer = draft.values, {}, {}
    for segment in segments:
        lost_if_failed = values["card_share"][segment] * (1 - values["dunning_recovery"][segment])
        retention = values["retention_rate"][segment]
        stays = (1 - lost_if_failed * values["payment_failure_rate"][segment]) ** YEAR
        kept[segment] = min(1.0, retention / stays) if stays > 0 else 1.0
        if retention > stays:
            fewer[segment] = (1 - retention ** (1 / YEAR)) / lost_if_failed
    draft.adjust("retention_rate", kept, "raised by what failed payments take, which are measured too")
    draft.adjust(
        "payment_failure_rate", fewer, "lowered, since all failed payments together would lose more than was lost"
    )


def _set_slips(draft: Draft) -> None:
    """Take slips out of the cycle as measured, which runs to the day of the decision."""
    measured = draft.measured_in("sales_cycle_months")
    unknown = {s: 0.0 for s in measured if s not in draft.measured_in("slip_rate")}
    draft.put("slip_rate", unknown, "0, since the cycle as measured contains the quarters that decisions moved by")
    values, shorter, fewer = draft.values, {}, {}
    for segment in set(measured) - set(unknown):
        cycle, slip = values["sales_cycle_months"][segment], values["slip_rate"][segment]
        slipped = min(SLIP_MONTHS * slip / (1 - slip), max(cycle - SHORTEST_CYCLE, 0.0))
        shorter[segment] = cycle - slipped
        if slipped < SLIP_MONTHS * slip / (1 - slip) - 1e-9:
            fewer[segment] = slipped / (SLIP_MONTHS + slipped)
    draft.adjust("sales_cycle_months", shorter, "less the time that slips add, which are measured too")
    draft.adjust("slip_rate", fewer, "lowered, since the cycle is too short to hold slips of three months")


def _set_price(draft: Draft) -> None:
    """Bring the price measured, after discount, back to list price where the discount is measured; else it has none."""
    listed = set(draft.measured_in("average_selling_price")) & set(draft.measured_in("price_discount"))
    price, discount = draft.values["average_selling_price"], draft.values["price_discount"]
    why = "brought from after discount to list price by the discount measured"
    draft.adjust("average_selling_price", {s: price[s] / (1 - discount[s]) for s in listed}, why)
    plain = {s: 0.0 for s in draft.measured_in("average_selling_price") if s not in listed}
    draft.put("price_discount", plain, "0, since the amounts measured are after discount")


def _set_growth(draft: Draft, facts: Facts) -> None:
    """Bring the mean of the months measured to the month the plan starts in, where a trend was measured."""
    if not draft.measured_in("lead_growth"):
        return
    first, last = new_business(facts)
    ahead = facts.until + 1 - (first + last) / 2
    growing = set(draft.measured_in("lead_growth"))
    leads, growth = draft.values["leads_per_month"], draft.values["lead_growth"]
    brought = {s: leads[s] * (1 + growth[s]) ** (ahead / YEAR) for s in draft.titles if s in growing}
    why = f"carried on by the trend from the middle of the {numbered(last - first + 1, 'months')} measured to the first"
    draft.adjust("leads_per_month", brought, why)


def net_price(draft: Draft) -> Values:
    """Return the price after discount by segment."""
    price, discount = draft.values["average_selling_price"], draft.values["price_discount"]
    return {segment: price[segment] * (1 - discount[segment]) for segment in draft.titles}


def wins(draft: Draft) -> Values:
    """Return won opportunities a month by segment."""
    rate, conversion = draft.values["win_rate"], draft.values["lead_conversion"]
    return {s: leads * conversion[s] * rate[s] for s, leads in draft.values["leads_per_month"].items()}


def _set_capacity(draft: Draft) -> None:
    """Give representatives room for the wins measured: as much ARR each as in the template, or what is needed."""
    base, price, won = draft.template.base, net_price(draft), wins(draft)
    closable = base("deals_per_rep_month") * base("average_selling_price") * (1 - base("price_discount"))
    arr_each = ratio(float(base("sales_reps") @ closable), float(base("sales_reps").sum()))
    deals = {s: arr_each / price[s] if price[s] > 0 and arr_each > 0 else max(won[s], 1.0) for s in draft.titles}
    needed = {s: HEADROOM * won[s] / deals[s] for s in draft.titles}
    total = sum(needed.values())
    if not draft.measured_in("sales_reps"):
        draft.put("deals_per_rep_month", deals, "as much ARR each as in the template")
        room = "1.3 times those needed for the wins measured, so that they do not limit sales at first"
        draft.put("sales_reps", needed, room)
        return
    representatives = sum(draft.values["sales_reps"].values())
    stretch = max(1.0, total / representatives) if representatives else 1.0
    why = "as much ARR each as in the template, or 1.3 times the wins measured if that is more"
    draft.put("deals_per_rep_month", {s: stretch * value for s, value in deals.items()}, why)
    split = {s: ratio(needed[s], total) if total > 0 else draft.shares[s] for s in draft.titles}
    draft.values["sales_reps"] = {s: representatives * split[s] for s in draft.titles}


def _set_costs(draft: Draft) -> None:
    """Bring costs to the size of the company: in the template's proportion to ARR."""
    base = draft.template.base
    if draft.measured_in("leads_per_month"):
        share, price, won = marketing_share(draft.template), net_price(draft), wins(draft)
        leads = draft.values["leads_per_month"]
        costs = {s: share * price[s] * ratio(won[s], leads[s]) for s in draft.titles}
        draft.put("cost_per_lead", costs, f"so that marketing costs {share:.0%} of new ARR, as in the template")
    served = ratio(float(base("opening_customers") @ base("cost_to_serve")), float(base("opening_arr").sum()))
    if served > 0 and draft.took:
        each = {segment: served * arr for segment, arr in _arr_per_customer(draft).items()}
        draft.put("cost_to_serve", each, f"{served:.1%} of the ARR of a customer, as in the template")
    if draft.size != 1:
        for name in ("fixed_costs", "revops_cost"):
            draft.company[name] = bounded(assumptions()[name], draft.template.company[name] * draft.size)
            draft.because(name, "the template's, in proportion to opening ARR")


def _arr_per_customer(draft: Draft) -> Values:
    price, customers = net_price(draft), draft.values["opening_customers"]
    arr = draft.values["opening_arr"]
    return {s: arr[s] / customers[s] if customers[s] > 0 else price[s] for s in draft.titles}


def marketing_share(company: Company) -> float:
    """Return a company's marketing cost ÷ its new ARR, as its first month's assumptions imply it; 0 if it has none."""
    base = company.base
    leads, accounts = base("leads_per_month"), base("target_accounts")
    referred = base("opening_customers") * base("referral_rate") / 12
    engaged = accounts * base("account_engagement") * base("engagement_conversion")
    opportunities = leads * base("lead_conversion") + engaged + referred
    new_arr = opportunities * base("win_rate") * base("average_selling_price") * (1 - base("price_discount"))
    cost = leads * base("cost_per_lead") + accounts * base("cost_per_target_account") / 12
    return ratio(float(np.sum(cost)), float(np.sum(new_arr)))


def ratio(part: float, whole: float) -> float:
    """Return part ÷ whole, 0 if the whole is nothing."""
    return part / whole if whole > 0 else 0.0
