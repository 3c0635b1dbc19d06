"""Which measures set which assumptions, and where they do not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from model.catalogue import assumptions
from model.history.asking.facts import Facts
from model.history.measuring.book import first_arr_to_all
from model.history.measuring.draft import Draft
from model.history.measuring.following import wins
from model.history.measuring.lifetimes import Lives
from model.history.measuring.measures import Measured, measures
from model.history.measuring.slices import ENOUGH_WON, in_months, new_business, span, total
from model.history.schema import month_text
from model.rates import YEAR
from model.text import number, numbered, rate

AGAIN = 0.1
"""Where more of the wins than this are of accounts that won before, the reader is told."""
HALF_A_MONTH = 0.5
"""The plan goes by months; what is less than half of one apart is the same to it."""
BACK = 0.1
"""Where more of the churn than this comes back, a life that ended is no end, and no model of lives is used."""
PLAIN = ("opening_arr", "opening_customers", "contraction_rate", "expansion_rate", "annual_prepay", "win_rate", "sales_cycle",
         "discount", "slip_rate", "card_share", "payment_failure_rate", "dunning_recovery", "quota_per_rep", "rep_cost",
         "forecast_accuracy")  # fmt: skip
"""What is taken as it is; all other measures that set something are chosen among."""

ByMeasure = Mapping[str, Sequence[Measured]]


def take_all(draft: Draft, facts: Facts, found: Sequence[Measured], fits: Sequence[Lives]) -> None:
    """Put all that was measured over the template's values."""
    by: dict[str, list[Measured]] = {}
    for one in found:
        by.setdefault(one.measure, []).append(one)
    for name in PLAIN:
        _take(draft, by, name)
    _take_terms(draft, by.get("contract_term", ()))
    if len(facts.movements):
        _take_retention(draft, by, {one.segment: one for one in fits})
        _show_hidden_losses(draft, by)
    else:
        draft.notes.append("There are no subscriptions: opening ARR, churn and growth are the template's, not yours.")
    _take(draft, by, "sales_reps" if "sales_reps" in by else "owners")
    if "win_rate" in by:
        _take_prices(
            draft, facts, by.get("first_arr" if _split_by_newcomers(draft, facts) else "average_selling_price", ())
        )
        _take_opportunities(draft, by)
    else:
        none = "No opportunity is decided" if len(facts.created) else "There are no opportunities"
        draft.notes.append(f"{none}: win rate and sales cycle are the template's, not yours.")
        _take_new_customers(draft, facts, by)
    draft.notes += _agreement(draft, facts, by)
    draft.notes += _of_deals(facts, by)


def _take(draft: Draft, by: ByMeasure, name: str) -> dict[str, Measured]:
    those = by.get(name, ())
    return draft.take(those[0].declared.sets, those) if those else {}


def _take_terms(draft: Draft, terms: Sequence[Measured]) -> None:
    """Take the term of each segment from its own rows alone: what others signed says nothing of it."""
    used = draft.take("contract_term_months", [one for one in terms if one.segment] or terms)
    for segment in draft.titles.keys() - used.keys() if used else ():
        kept = assumptions()["contract_term_months"].show(draft.values["contract_term_months"][segment])
        draft.left.append(
            f"{draft.label('contract_term_months', segment)}: no row tells it; the template gives {kept}."
        )


def _take_retention(draft: Draft, by: ByMeasure, fits: Mapping[str, Lives]) -> None:
    """Take first-year retention and spread where customers differ, else the retention of year-on-year pairs."""
    pairs, fitted, spread, back = (
        {one.segment: one for one in by.get(name, ())}
        for name in ("arr_retention", "first_year_retention", "loyalty_spread", "reactivated_share")
    )
    returning = "" in back and back[""].enough and back[""].value > BACK
    usable = {s for s, one in fitted.items() if one.enough and fits[s].differ and not returning}
    chosen = [fitted[s] if s in usable else one for s, one in pairs.items()]
    used = draft.take("retention_rate", chosen)
    spreads = {s: spread[one.segment] for s, one in used.items() if one.measure == "first_year_retention"}
    for segment, one in spreads.items():
        draft.values["loyalty_spread"][segment] = min(one.value, 0.9)
    if spreads:
        draft.took["loyalty_spread"] = tuple(spreads)
        draft.sources["loyalty_spread"] = draft.sources["retention_rate"]
    alike = {s: 0.0 for s in used if s not in spreads}
    set_to_zero = draft.adjust if spreads else draft.put
    set_to_zero("loyalty_spread", alike, "0 where retention is measured on customers of all ages together")
    draft.notes += _why(draft, used, fits, back[""].value if returning else 0.0)


def _show_hidden_losses(draft: Draft, by: ByMeasure) -> None:
    """Take losses month by month where growth within the year hid them and that growth is not carried on."""
    by_month, grown = ({one.segment: one for one in by.get(name, ())} for name in ("grr_monthly", "expansion_rate"))
    losses = {}
    for segment in draft.measured_in("upsell_rate"):
        source = segment if segment in by_month and grown.get(segment, grown[""]).enough else ""
        values = {name: draft.values[name][segment] for name in ("retention_rate", "contraction_rate", "upsell_rate")}
        if (
            source in by_month
            and grown.get(source, grown[""]).value > values["upsell_rate"]
            and values["retention_rate"] > 0
        ):
            seen = 1 - by_month[source].value / values["retention_rate"]
            if seen > values["contraction_rate"]:
                losses[segment] = seen
    why = "as GRR by months shows it: over a year, growth that is not carried on makes up for most of it within a customer"
    draft.adjust("contraction_rate", losses, why)


def _why(draft: Draft, used: Mapping[str, Measured], fits: Mapping[str, Lives], back: float) -> Iterator[str]:
    """Yield why retention is the fitted model's or that of pairs, once for each segment that decided it."""
    used_fit = {one.segment: one.measure == "first_year_retention" for one in used.values()}
    for segment in used_fit:
        label, fit = draft.label("retention_rate", segment), fits.get(segment)
        if back:
            yield (f"{label} is that of year-on-year pairs, without a spread of loyalty: {rate(back)} of the churn came back, "
                   "so a life that ended is no end.")  # fmt: skip
            return
        if fit is None:
            yield (f"{label} is that of year-on-year pairs, without a spread of loyalty: fewer than three years of life "
                   "of 10 customers and 10 losses were seen.")  # fmt: skip
        else:
            chance = fit.by_customer.chance_if_alike
            told = "less than 0.1 %" if chance < 0.001 else rate(chance)
            verdict = (
                "customers differ, and the fitted model is used" if used_fit[segment]
                else "customers differ, but they are too few, and year-on-year pairs are used" if fit.differ
                else "customers may be alike, and year-on-year pairs are used"
            )  # fmt: skip
            yield (f"{label}: {verdict}; were all alike, a spread that fits so much better would have a chance of {told} "
                   "(likelihood ratio, 5 % is the limit).")  # fmt: skip


def _split_by_newcomers(draft: Draft, facts: Facts) -> bool:
    """Split opportunities that tell no segment by the new customers of the same months, and tell whether that can be done.

    By ARR they would go where customers stay longest, not where they come from; at one price they would all bring the same.
    """
    if len(facts.segments) == 1 or not len(facts.created) or facts.created["segment"].isin([*facts.segments]).any():
        return False
    first, last = new_business(facts)
    new = in_months(facts.movements[facts.movements["movement"] == "new"], first, last)
    count = total(new, "customers")
    if count < measures()["first_arr"].least:
        return False
    draft.newcomers = {s: total(new[new["segment"] == s], "customers") / count for s in facts.segments}
    draft.notes.append(f"The opportunities tell no segment of the subscriptions: they are split as the {number(count)} new customers of "
                       f"{span(first, last)}, won at one rate, and sold at what new customers of each segment first paid.")  # fmt: skip
    return True


def _take_prices(draft: Draft, facts: Facts, prices: Sequence[Measured]) -> None:
    """Take the price of each segment: of 12 months, of 24 or 36 where it has too few; else the price of all, in proportion.

    A segment with few customers is often the one with the largest: everybody's price would be far from its own. What its
    customers first paid, beside all customers, says how far.
    """
    several = any(one.segment for one in prices)
    used = draft.take("average_selling_price", prices, relative=first_arr_to_all(facts) if several else {})
    usual = next((one.period for one in prices if not one.segment), "")
    for segment, one in used.items():
        if one.segment and one.period != usual:
            label, entry = draft.label("average_selling_price", segment), one.declared
            draft.notes.append(
                f"{label} is that of {one.period}: in {usual} there were fewer than {entry.least} {entry.noun}."
            )


def _take_opportunities(draft: Draft, by: ByMeasure) -> None:
    """Take how many opportunities are created, as leads: all of them decided, or the share that ever is."""
    _take(draft, by, "opportunities_per_month")
    if not draft.measured_in("leads_per_month"):
        return
    ever = [one for one in by.get("decided_share", ()) if one.enough]
    used = draft.take("lead_conversion", ever, unusual=False) if "" in {one.segment for one in ever} else {}
    why = "opportunities are entered as leads, since the files do not say where they came from"
    draft.put("lead_conversion", {s: 1.0 for s in draft.titles if s not in used}, f"1; {why}")
    for name in ("target_accounts", "referral_rate"):
        draft.put(name, dict.fromkeys(draft.titles, 0.0), f"0; {why}")
    _take_trend(draft, by)
    if not _take_leads(draft, by) and used:
        draft.notes.append("Lead conversion is the share of opportunities that is ever decided: some are open for longer than any "
                           "decision took.")  # fmt: skip


def _take_trend(draft: Draft, by: ByMeasure) -> None:
    """Take the trend of opportunities if it is beyond chance; else none."""
    for one in (one for one in by.get("opportunity_trend", ()) if not one.segment):
        if not one.enough or not one.low <= 0 <= one.high:
            draft.take("lead_growth", [one])
        else:
            why = "0, since the trend of opportunities is not beyond chance"
            draft.put("lead_growth", dict.fromkeys(draft.titles, 0.0), why)


def _take_leads(draft: Draft, by: ByMeasure) -> bool:
    """Enter leads as leads, converting so that the opportunities stay those counted, and tell whether there are enough."""
    counted = {one.segment: one for one in by.get("leads_per_month", ())}
    if "" not in counted or not counted[""].enough:
        return False
    created = {s: n * draft.values["lead_conversion"][s] for s, n in draft.values["leads_per_month"].items()}
    draft.take("leads_per_month", list(counted.values()))
    leads = draft.values["leads_per_month"]
    if any(created[s] > leads[s] for s in draft.titles):
        draft.notes.append("There are more opportunities than leads somewhere, so opportunities are entered as leads.")
        _take(draft, by, "opportunities_per_month")
        return False
    shares = {s: created[s] / leads[s] if leads[s] > 0 else 0.0 for s in draft.titles}
    draft.put("lead_conversion", shares, "opportunities created ÷ leads, so that both are those counted")
    for name in ("target_accounts", "referral_rate"):
        draft.put(
            name, dict.fromkeys(draft.titles, 0.0), "0; the opportunities counted are all taken to come from leads"
        )
    converted = next((one for one in by.get("lead_conversion", ()) if not one.segment), None)
    if converted is not None:
        draft.notes.append(f"{rate(converted.value)} of the leads are marked as converted; "
                           f"{rate(sum(created.values()) / max(sum(leads.values()), 1e-9))} would give the opportunities "
                           "counted and is used.")  # fmt: skip
    return True


def _take_new_customers(draft: Draft, facts: Facts, by: ByMeasure) -> None:
    """Take new customers as the opportunities they took, at the template's win rate."""
    news = by.get("new_customers", ())
    if not news or not news[0].enough:
        return
    _take_prices(draft, facts, by.get("first_arr", ()))
    draft.take("leads_per_month", news)
    why = "new customers are entered as leads that all convert, at the template's win rate"
    win = draft.values["win_rate"]
    leads = {s: n / win[s] if win[s] > 0 else 0.0 for s, n in draft.values["leads_per_month"].items()}
    draft.adjust("leads_per_month", leads, "new customers a month ÷ the template's win rate")
    draft.put("lead_conversion", dict.fromkeys(draft.titles, 1.0), f"1; {why}")
    for name in ("target_accounts", "referral_rate"):
        draft.put(name, dict.fromkeys(draft.titles, 0.0), f"0; {why}")


def _agreement(draft: Draft, facts: Facts, by: ByMeasure) -> Iterator[str]:
    """Yield how the two files agree: where they end, and how many wins a month each shows."""
    if not len(facts.movements) or not len(facts.created):
        return
    last = int(facts.created["month"].max())
    if facts.until - last > YEAR:
        yield (f"The opportunities end in {month_text(last)}, the subscriptions in {month_text(facts.until)}; "
               "they may not belong together.")  # fmt: skip
    if "win_rate" not in by:
        return
    won = sum(wins(draft).values())
    new = sum(one.value for one in by.get("new_customers", ()) if not one.segment)
    yield (f"Opportunities × win rate let {number(won, 1)} wins a month be expected; the subscriptions had {number(new, 1)} new customers "
           "a month.")  # fmt: skip


def _of_deals(facts: Facts, by: ByMeasure) -> Iterator[str]:
    """Yield what of the opportunities is not as the projection takes it: months, accounts that win again, time to a win."""
    all_of = {name: one for name, those in by.items() for one in those if not one.segment and one.enough}
    if "win_rate" not in all_of:
        return
    first, last = new_business(facts)
    if last - first + 1 > YEAR:
        yield (f"Fewer than {ENOUGH_WON} opportunities were won in the last 12 months, so opportunities, win rate and price are those "
               f"of {numbered(last - first + 1, 'months')}.")  # fmt: skip
    again = all_of.get("repeat_wins")
    if again is not None and again.value > AGAIN:
        yield (f"{rate(again.value)} of the opportunities won are of accounts that had won before; the projection takes each as a new "
               "customer, so that there are too many of them, at too low a price.")  # fmt: skip
    decided, won = all_of.get("sales_cycle"), all_of.get("time_to_won")
    if (
        decided is not None
        and won is not None
        and abs(decided.value - won.value) > max(won.high - won.value, HALF_A_MONTH)
    ):
        later = "late" if decided.value > won.value else "early"
        yield (f"A win takes {number(won.value, 1)} months, a decision {number(decided.value, 1)}; the plan decides won and lost at the same "
               f"pace, so its wins come {number(abs(decided.value - won.value), 1)} months too {later}.")  # fmt: skip
