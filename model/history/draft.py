"""A company in the making: the template's values, over them what was measured, and what then must follow.

What exports do not show keeps the template's proportions: marketing to new ARR, ARR a representative can close,
service to ARR, fixed costs to ARR.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from model.catalogue import Assumption, assumptions
from model.company import COUNTED, Company
from model.history.old_measures import Measured

MIN_ROWS = 10
HEADROOM = 1.3
GROWTH = ("upsell_rate",)
Values = dict[str, float]


@dataclass
class Draft:
    """Values by assumption and segment while they are gathered.

    Attributes
    ----------
    template : Company
        Gives every value that is not measured, and all proportions.
    titles : mapping of str to str
        The segments of the new company.
    shares : mapping of str to float
        How a total is split among them.
    size : float
        Opening ARR of the new company ÷ that of the template.
    values, company : dict
        The values of both scopes.
    measured : list of Measured
        What was accepted, clipped to its bounds.
    sources : dict
        Where each value comes from, by assumption.
    left, notes : list of str
        What stayed the template's and why; what the reader should know.
    reasons : dict
        Labels of the values that were set, by the reason.
    refused : set of str
        Assumptions measured on too few rows somewhere.
    """

    template: Company
    titles: Mapping[str, str]
    shares: Mapping[str, float]
    size: float
    values: dict[str, Values] = field(default_factory=dict)
    company: Values = field(default_factory=dict)
    measured: list[Measured] = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    reasons: dict[str, list[str]] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)

    def fill(self) -> None:
        """Take every value from the template: counts split by share and brought to size, rates as they are."""
        for name, entry in assumptions().items():
            self.sources[name] = f"judgement: template {self.template.title}"
            if entry.scope == "company":
                self.company[name] = self.template.company[name]
            else:
                self.values[name] = {segment: self._of_template(entry, segment) for segment in self.titles}

    def _of_template(self, entry: Assumption, segment: str) -> float:
        if entry.across == "sum" or entry.id in COUNTED:
            total = float(self.template.base(entry.id).sum())
            return entry_bounded(entry, total * self.shares[segment] * self.size)
        value = self.template.assumptions[entry.id].get(segment, self.template.mean(entry.id))
        if entry.choices:
            return float(min(entry.choices, key=lambda choice: abs(choice - value)))
        return entry_bounded(entry, value)

    def accept(self, found: Sequence[Measured]) -> None:
        """Put measured values over the template's; rates and means of fewer than 10 rows stay out."""
        for one in found:
            entry = assumptions()[one.assumption]
            label = self.label(one.assumption, one.segment)
            counted = entry.across in ("sum", "fact")
            if not math.isfinite(one.value) or (one.rows < MIN_ROWS and not counted):
                self.refused.add(one.assumption)
                why = f"{one.rows} {one.noun}, {MIN_ROWS} are needed"
                self.left.append(f"{label}: {why}; {self._shown(entry, one.segment)}.")
                continue
            value = entry_bounded(entry, one.value)
            if entry.id in GROWTH:
                value = min(value, entry.usual[1])
            self._note_odd(entry, label, one.value, value)
            self.measured.append(Measured(one.assumption, one.segment, value, one.rows, one.noun, one.method))
            split = one.assumption in COUNTED or entry.across == "sum"
            for segment in self._those(one.segment):
                whole = not one.segment and split
                self.values[one.assumption][segment] = value * self.shares[segment] if whole else value
        for name in {one.assumption for one in self.measured}:
            self.sources[name] = self._measured_source(name)

    def _those(self, segment: str) -> tuple[str, ...]:
        return (segment,) if segment else tuple(self.titles)

    def measured_in(self, name: str) -> tuple[str, ...]:
        """Return the segments in which an assumption was measured."""
        return tuple(segment for one in self.measured if one.assumption == name for segment in self._those(one.segment))

    def _measured_source(self, name: str) -> str:
        those = [one for one in self.measured if one.assumption == name]
        text = f"measured: {sum(one.rows for one in those):,} {those[0].noun}"
        missing = set(self.titles) - set(self.measured_in(name))
        return f"{text}; where they are fewer than {MIN_ROWS}: template {self.template.title}" if missing else text

    def label(self, name: str, segment: str = "") -> str:
        """Return an assumption as it is called in a sentence: "Win rate of Enterprise"."""
        label = assumptions()[name].label
        return f"{label} of {self.titles[segment]}" if segment and len(self.titles) > 1 else label

    def _shown(self, entry: Assumption, segment: str = "") -> str:
        """Return the template's value as a clause."""
        values = [self.company[entry.id]] if entry.scope == "company" else [
            self.values[entry.id][one] for one in self._those(segment)
        ]  # fmt: skip
        ends = dict.fromkeys(entry.show(value, self.template.currency) for value in (min(values), max(values)))
        return f"the template gives {' to '.join(ends)}"

    def _note_odd(self, entry: Assumption, label: str, value: float, used: float) -> None:
        shown = entry.show(value, self.template.currency)
        low, high = (entry.show(end, self.template.currency) for end in entry.usual)
        if value != used and entry.id in GROWTH:
            self.notes.append(f"{label} as measured is {shown}: a young book grows so, and not for years. The top of the "
                              f"usual range, {high}, is used; set your own where you know better.")  # fmt: skip
        elif value != used:
            self.notes.append(f"{label} as measured, {shown}, is out of bounds; "
                              f"{entry.show(used, self.template.currency)} is used.")  # fmt: skip
        elif entry.across in ("shift", "scale") and not entry.usual[0] <= value <= entry.usual[1]:
            self.notes.append(f"{label} as measured, {shown}, is unusual: {low} to {high} is usual. "
                              "The projection carries it on; look at the rows.")  # fmt: skip

    def put(self, name: str, values: Mapping[str, float], why: str) -> None:
        """Set values that are neither measured nor the template's, and say why."""
        entry = assumptions()[name]
        for segment, value in values.items():
            self.values[name][segment] = entry_bounded(entry, value)
        if values:
            self.because(name, why)

    def because(self, name: str, why: str) -> None:
        """Keep why a value was set."""
        self.sources[name] = f"set: {why}"
        self.reasons.setdefault(why, []).append(assumptions()[name].label)

    def close(self) -> None:
        """List what was set and why, and every assumption that stayed the template's because exports do not show it."""
        self.notes += [f"{', '.join(labels)}: {why}." for why, labels in self.reasons.items()]
        for name, entry in assumptions().items():
            if self.sources[name].startswith("judgement") and name not in self.refused:
                self.left.append(f"{entry.label}: not in these exports; {self._shown(entry)}.")


def entry_bounded(entry: Assumption, value: float) -> float:
    """Return a value clipped to the bounds of its assumption."""
    return float(min(max(value, entry.min), entry.max))


def set_what_follows(draft: Draft, representatives: int, *, book: bool) -> None:
    """Set what measured values imply, so that nothing is counted twice and nothing is out of proportion."""
    _set_churn(draft)
    if draft.measured_in("leads_per_month"):
        _set_engagement(draft)
        _set_capacity(draft, representatives)
    if not book and draft.measured_in("average_selling_price"):
        price = _net_price(draft)
        customers = {s: arr / price[s] for s, arr in draft.values["opening_arr"].items() if price[s] > 0}
        draft.put("opening_customers", customers, "the template's opening ARR ÷ the price measured")
    _set_costs(draft)


def _set_churn(draft: Draft) -> None:
    """Leave out what measured churn and growth already contain."""
    churn = "churn as measured contains it already"
    for name in ("payment_failure_rate", "save_rate"):
        draft.put(name, dict.fromkeys(draft.measured_in("retention_rate"), 0.0), f"0, since {churn}")
    for name in ("cross_sell_rate", "self_serve_expansion", "price_uplift"):
        zero = dict.fromkeys(draft.measured_in("upsell_rate"), 0.0)
        draft.put(name, zero, "0, since growth as measured contains it and cannot be told apart; it is all in upsell")
    alike = dict.fromkeys(draft.measured_in("retention_rate"), 0.0)
    draft.put("loyalty_spread", alike, "0, since retention is measured on customers of all ages together")


def _set_engagement(draft: Draft) -> None:
    """Enter opportunities as leads that all convert; nothing else brings any."""
    everyone = dict.fromkeys(draft.titles, 0.0)
    why = "opportunities are entered as leads that all convert, since the exports do not say where they came from"
    draft.put("lead_conversion", dict.fromkeys(draft.titles, 1.0), f"1; {why}")
    draft.put("target_accounts", everyone, f"0; {why}")
    draft.put("referral_rate", everyone, f"0; {why}")
    measured = dict.fromkeys(draft.measured_in("average_selling_price"), 0.0)
    draft.put("price_discount", measured, "0, since the amounts measured are after discount")


def _net_price(draft: Draft) -> Values:
    price, discount = draft.values["average_selling_price"], draft.values["price_discount"]
    return {segment: price[segment] * (1 - discount[segment]) for segment in draft.titles}


def _wins(draft: Draft) -> Values:
    """Return won opportunities a month."""
    rate = draft.values["win_rate"]
    return {segment: leads * rate[segment] for segment, leads in draft.values["leads_per_month"].items()}


def _set_capacity(draft: Draft, representatives: int) -> None:
    """Give representatives room for the wins measured: as much ARR each as in the template, or what is needed."""
    base, price, wins = draft.template.base, _net_price(draft), _wins(draft)
    closable = base("deals_per_rep_month") * base("average_selling_price") * (1 - base("price_discount"))
    arr_each = ratio(float(base("sales_reps") @ closable), float(base("sales_reps").sum()))
    deals = {s: arr_each / price[s] if price[s] > 0 and arr_each > 0 else max(wins[s], 1.0) for s in draft.titles}
    needed = {s: HEADROOM * wins[s] / deals[s] for s in draft.titles}
    total = sum(needed.values())
    if representatives:
        stretch = max(1.0, total / representatives)
        deals = {s: stretch * value for s, value in deals.items()}
        split = {s: ratio(needed[s], total) if total > 0 else draft.shares[s] for s in draft.titles}
        why = "as much ARR each as in the template, or 1.3 times the wins measured if that is more"
        draft.put("deals_per_rep_month", deals, why)
        draft.values["sales_reps"] = {s: representatives * split[s] for s in draft.titles}
    else:
        draft.put("deals_per_rep_month", deals, "as much ARR each as in the template")
        draft.put(
            "sales_reps",
            needed,
            "1.3 times those needed for the wins measured, so that they do not limit sales at first",
        )


def _set_costs(draft: Draft) -> None:
    """Bring costs to the size of the company: in the template's proportion to ARR."""
    base = draft.template.base
    if draft.measured_in("leads_per_month"):
        share, price, rate = marketing_share(draft.template), _net_price(draft), draft.values["win_rate"]
        costs = {segment: share * rate[segment] * price[segment] for segment in draft.titles}
        draft.put("cost_per_lead", costs, f"so that marketing costs {share:.0%} of new ARR, as in the template")
    served = ratio(float(base("opening_customers") @ base("cost_to_serve")), float(base("opening_arr").sum()))
    if served > 0 and draft.measured:
        each = {segment: served * arr for segment, arr in _arr_per_customer(draft).items()}
        draft.put("cost_to_serve", each, f"{served:.1%} of the ARR of a customer, as in the template")
    if draft.size != 1:
        for name in ("fixed_costs", "revops_cost"):
            draft.company[name] = entry_bounded(assumptions()[name], draft.template.company[name] * draft.size)
            draft.because(name, "the template's, in proportion to opening ARR")


def _arr_per_customer(draft: Draft) -> Values:
    price, customers = _net_price(draft), draft.values["opening_customers"]
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
