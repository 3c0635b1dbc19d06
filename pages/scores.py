"""Segments and lead scores: what working the best leads first brings, and in which segment a lead brings most."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import streamlit as st

from model.company import Numbers
from model.frameworks.scoring import LeadScores
from model.frameworks.segmentation import LeadReturn, Limit, lead_returns, limit, worked_conversion
from model.metrics import View
from model.projection import Projection
from model.text import counted, money, number, rate, symbol
from pages.parts import cards, charts, inputs, score_editor
from pages.parts.blocks import chart, escaped, head, kpi_strip, small, sources_of
from pages.parts.cards import Card
from pages.parts.charts import Series
from pages.parts.gains import gains_curve
from pages.parts.periods import dates, end_name, years_name
from pages.parts.state import Session, projected

LEVERS = ("leads_per_month", "lead_conversion", "sales_reps", "deals_per_rep_month")
FIGURES = ("pipeline_created", "new_arr", "cac", "quota_attainment", "next_quarter_coverage")


@dataclass(frozen=True)
class Both:
    """The scenario with its leads worked as they come, and in score order."""

    scores: LeadScores
    first: Projection
    ordered: Projection

    @staticmethod
    def of(session: Session) -> Both:
        """Return both orders under the scores of the scenario."""
        scores = score_editor.scores_of(session.scenario)
        plans = (replace(scores, ordered=on) for on in (False, True))
        return Both(scores, *(projected(session.scenario.with_plan(plan)) for plan in plans))

    def added(self, line: str, segment: str) -> float:
        """Return what score order adds to a line over all months."""
        return float((self.ordered.of(line, segment) - self.first.of(line, segment)).sum())


def page(session: Session) -> None:
    """Draw the page."""
    both = Both.of(session)
    bound = limit(both.first, both.ordered, session.segment)
    head(
        _answer(session, both, bound), "Segments and lead scores", "Which leads first, and where is a lead worth most?"
    )
    if told := _contradiction(session, both):
        st.warning(escaped(told), icon=":material/warning:")
    left, right = st.columns([5, 7], gap="medium")
    with right:
        _curve(both.scores)
    with left:
        score_editor.draw(session)
    left, right = st.columns(2, gap="medium")
    with left:
        _opportunities(session, both)
    with right:
        _new_arr(session, both, bound)
    left, right = st.columns([5, 7], gap="medium")
    with right:
        _segments(session)
    with left:
        inputs.levers(session, "Leads, and who closes them", LEVERS)
    _quality(session, both)
    kpi_strip(session, FIGURES)
    small("Leads are scored within each segment, and every segment works the same share of its own. Lead conversion as observed is "
          "taken as leads worked as they come; cost per lead stays as it is.")  # fmt: skip
    sources_of([*LEVERS, *FIGURES])


def _answer(session: Session, both: Both, bound: Limit) -> str:
    """Say what score order adds, or why it adds nothing."""
    scores, segment, company = both.scores, session.segment, session.scenario.company
    added = both.added("arr_new", segment)
    if scores.gain == 1:
        reason = "every lead is worked" if scores.worked == 1 else "all bands convert alike"
        return f"The order of leads changes nothing: {reason}"
    if both.added("opportunities", segment) <= 0:
        return "The order of leads changes nothing: no lead becomes an opportunity"
    if bound.all_lost:
        return f"Score order {'brings' if scores.ordered else 'would bring'} nothing: {number(bound.waiting)} won deals wait for a rep"
    of = f"{company.segments[segment]} " if segment else ""
    wait = f"; {number(bound.more_waiting)} more deals then wait" if bound.binds else ""
    verb = "adds" if scores.ordered else "would add"
    return f"Score order {verb} {money(added, company.currency)} of {of}new ARR over {years_name(session.projection)}{wait}"


def _contradiction(session: Session, both: Both) -> str:
    """Say where the lead conversion leaves no room for the bands at the share worked, if anywhere."""
    scores, company = both.scores, session.scenario.company
    wanted = {
        title: worked_conversion(both.first, scores.worked, segment) * max(scores.relative)
        for segment, title in company.segments.items()
    }
    told = [f"{rate(share, 0)} in {title}" for title, share in wanted.items() if share > 1 + 1e-9]
    if not told:
        return ""
    return (f"With {rate(scores.worked)} of the leads worked, the best band would have to convert {', '.join(told)}. More leads are "
            "worked than this, or the bands lie closer: the gain is overstated.")  # fmt: skip


def _curve(scores: LeadScores) -> None:
    worked, reached = (rate(value, 0) for value in (scores.worked, scores.reached))
    title = f"The best {worked} of leads hold {reached} of the conversions"
    if scores.gain == 1:
        title = f"Any {worked} of leads hold {reached} of the conversions"
    chart(
        title,
        "Share of leads worked, best band first, and share of all conversions reached",
        gains_curve(scores),
        "gains",
    )


def _against(session: Session, both: Both, title: str, subtitle: str, key: str, of: Callable[[View], Numbers],
             said: Callable[[float], str], sign: str = "") -> None:  # fmt: skip
    """Draw a figure over time in both orders; grey: first come."""
    first, ordered = (of(View(p, session.segment)) for p in (both.first, both.ordered))
    lines = [Series(f"First come {said(first[-1])}", first, "base", 1.75, name="First come"),
             Series(f"Score order {said(ordered[-1])}", ordered, "scenario", 2.75, True, "Score order")]  # fmt: skip
    figure = charts.over_time(dates(session.projection), lines, money=sign, height=198, zero=True)
    figure["layout"]["margin"]["r"] = 132
    chart(title, subtitle, figure, key)


def _opportunities(session: Session, both: Both) -> None:
    more = both.added("opportunities", session.segment)
    per_cent = 100 * more / float(both.first.of("opportunities", session.segment).sum() or 1.0)
    title = f"Score order finds {number(more)} more opportunities, {number(per_cent)}\u202f% more in all"
    if round(more) < 1:
        title = "Both orders find the same opportunities"
    _against(session, both, title, "Opportunities by month, those of accounts and referrals included. Grey: first come",
             "score-opportunities", lambda view: view["opportunities"], lambda value: number(value))  # fmt: skip


def _new_arr(session: Session, both: Both, bound: Limit) -> None:
    currency = session.scenario.company.currency
    first, ordered = (View(p, session.segment).metric("new_arr")[-1] for p in (both.first, both.ordered))
    title = f"The last quarter gains {money(ordered - first, currency)} of new ARR"
    if ordered - first < 1:
        title = "The last quarter gains no new ARR"
    if bound.binds:
        title += f"; {number(bound.waiting)} won deals wait for a rep"
    _against(session, both, title, "New ARR of three months. Grey: first come", "score-arr",
             lambda view: view.metric("new_arr"), lambda value: money(value, currency), symbol(currency))  # fmt: skip


def _segments(session: Session) -> None:
    """Rank the segments by the new ARR a lead brings."""
    company = session.scenario.company
    found = [one for one in lead_returns(session.projection) if np.isfinite(one.new_arr)]
    if not found:
        small("No segment has leads.")
        return
    names = [company.segments[one.segment] for one in found]
    texts = [f"{money(one.new_arr, company.currency)}{_times(one)}" for one in found]
    best = money(found[0].new_arr, company.currency)
    title = f"A lead of {names[0]} brings {best} of new ARR"
    if len(found) > 1 and found[0].new_arr > 0:
        title += f", {names[-1]} {money(found[-1].new_arr, company.currency)}"
    figure = charts.ranked(names, [one.new_arr for one in found], texts, height=198, left=118)
    figure["layout"]["margin"]["r"] = 136
    chart(title, f"New ARR a lead, last twelve months to {end_name(session.projection)}, and how many times the lead's cost that is", figure, "score-segments")  # fmt: skip


def _times(one: LeadReturn) -> str:
    return f", {number(one.new_arr / one.cost, 1)}× its cost" if one.cost > 0 else ""


def _quality(session: Session, both: Both) -> None:
    """Show how good the score is and what it gains."""
    scores = both.scores
    auc = scores.auc(worked_conversion(both.first, scores.worked, session.segment))
    bands = counted(len(scores.bands), "band").lower()
    cards.row([
        Card(label, value, "", "gray", told) for label, value, told in (
            ("Lead conversion gains", f"×{number(scores.gain, 2)}", "Conversions reached in score order over the share of leads worked; 1 says that the order does not matter."),
            ("Conversions reached", rate(scores.reached), "Share of all conversions to be had that the leads worked bring, best band first."),
            ("Gini of the score", number(scores.gini, 2), f"Twice the area between the gains curve and random order, over {bands}: 0 for a score that says nothing. Also called the Gini coefficient of conversions over leads."),
            ("AUC of the score", number(auc, 2), "Chance that a lead which converts has the higher score than one which does not, ties by a coin: 0.5 for a score that says nothing. (1 + Gini ÷ (1 − conversion of a worked lead)) ÷ 2."),
        )
    ], across=4)  # fmt: skip
