"""Plan and actuals: how the months so far compare with the scenario, movement by movement."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import streamlit as st

from model.text import alike, counted, money, month_name, number, plus, rate, symbol
from pages.parts import actual_months, charts, own_files, trust_charts
from pages.parts.actual_months import ActualMonths, Read, months
from pages.parts.blocks import chart, escaped, few, head, small
from pages.parts.cards import Card, Colour, row
from pages.parts.charts import Series
from pages.parts.own_data import OwnData, current
from pages.parts.periods import dates, end_name
from pages.parts.state import Session

if TYPE_CHECKING:
    from model.history.trust.actuals import Actuals
    from model.history.trust.variance import Compared, PlanAndActuals

QUESTION = "How do the months so far compare with this scenario?"
FIGURES = ("arr_closing", "arr_new", "arr_expansion", "arr_contraction", "arr_churn")
COLOURS: dict[str, Colour] = {"better": "green", "worse": "red"}
SO_FAR = "All months so far"


def page(session: Session) -> None:
    """Draw the page."""
    asked, own = months(), current()
    read = None if asked.adopting or _open(asked, own) else asked.read(session.scenario)
    if read is None or read.actuals is None:
        _not_yet(session, asked, own, read)
        return
    from model.history.trust.variance import plan_and_actuals

    found = plan_and_actuals(read.actuals, session.projection, session.segment)
    head(_answer(session, found), _where(session, asked, own), QUESTION)
    if doubt := found.far_off(session.scenario.company.currency):
        st.warning(escaped(doubt), icon=":material/help:")
        for key, file in own.actuals.items() if not asked.of_history(own) else ():
            own_files.units(session, own, key, file, "doubt")
    _figures(session, found)
    left, right = st.columns([6, 5], gap="medium")
    with left:
        _arr(session, found)
        _movements(session, found)
    with right:
        _bridge(session, found)
        _accuracy(session, found)
    _table(session, found)
    _notes(read.actuals)
    _source(session, asked, own)


def _open(asked: ActualMonths, own: OwnData) -> list[str]:
    """Return what must be said of the files before their months can be compared."""
    return [] if asked.of_history(own) else list(own_files.hindrances(own, own.actuals.values()))


def _not_yet(session: Session, asked: ActualMonths, own: OwnData, read: Read | None) -> None:
    """Say what the page needs, and take it."""
    if asked.adopting:
        head(
            "The sample company is being measured; its months are compared as soon as it is",
            "Plan and actuals",
            QUESTION,
        )
        return
    if asked.work is not None:
        head(
            "The months of your history are being counted; they are compared as soon as that is done",
            "Plan and actuals",
            QUESTION,
        )
        return
    head("These actual months cannot be compared yet" if own.actuals or asked.of_history(own) else
         "No actual months yet: give a file of them, and see where the plan stands", "Plan and actuals", QUESTION)  # fmt: skip
    small("One row for each month, or month and segment: new, expansion, contraction, churn and what else you keep of ARR movements, "
          "opening and closing ARR, revenue; or, as a P&L has it, these lines down the side and months across. Losses are positive numbers. "
          "Names as in the CSV of a projection are known, and many others.")  # fmt: skip
    _source(session, asked, own)
    if waiting := _open(asked, own):
        st.warning(escaped(" ".join(few(waiting))), icon=":material/help:")
    for problem in few([*(read.problems if read else ()), *asked.problems, *own.problems]):
        st.error(escaped(problem), icon=":material/error:")
    small("What you give stays in the memory of this tab: never on disk, never in a link, gone when the tab closes.")


def _source(session: Session, asked: ActualMonths, own: OwnData) -> None:
    """Take a file, the measured history or the sample, and show what was given, here or on the page Company."""
    given = st.file_uploader(
        "Actual months: CSV, Excel or Parquet", type=own_files.TYPES, key=f"actuals-{own.uploader}"
    )
    if given is not None:
        actual_months.take(given.name, own_files.taken(given))
        st.rerun()
    own_files.draw(session, own, own.actuals)

    def button(label: str, key: str, icon: str, does: Callable[[Session], None], tells: str = "") -> None:
        st.button(label, key=key, icon=icon, help=tells or None, disabled=own.measuring,
                  on_click=session.operations.append, args=(does,))  # fmt: skip

    with st.container(horizontal=True, vertical_alignment="center"):
        if own.result is not None and asked.source != "history":
            button("Use my history", "actuals-history", ":material/history:", actual_months.use_history,
                   "The months that the files given on the page Company hold after this plan begins")  # fmt: skip
        if own.actuals and asked.of_history(own):
            button("Use the file", "actuals-use-file", ":material/table:", actual_months.use_files)
        if own.actuals or asked.of_history(own):
            button("Forget these months", "actuals-forget", ":material/delete:", lambda _: actual_months.forget())
        else:
            button("Try the sample", "actuals-samples", ":material/science:", actual_months.use_samples,
                   "Measures the sample exports of a made-up company, shows that company, and takes the six months that followed")  # fmt: skip


def _where(session: Session, asked: ActualMonths, own: OwnData) -> str:
    whose = "Sample" if own.made_up else "Your own"
    source = f"{whose} {'history' if asked.of_history(own) else 'months'}{', made up' if own.made_up else ', in this tab only'}"
    title = session.scenario.company.segments.get(session.segment, "")
    return " · ".join(filter(None, ("Plan and actuals", source, title)))


def _money(session: Session, value: float, *, sign: bool = False) -> str:
    text = money(value, session.scenario.company.currency)
    return plus(text) if sign else text


def _answer(session: Session, found: PlanAndActuals) -> str:
    """Say how far ARR is from plan, and what explains most of it."""
    after = f"After {counted(len(found.months) - len(found.missing), 'month').lower()}"
    if len(found.missing) == len(found.months):
        whose = session.scenario.company.segments.get(session.segment, "the company")
        return f"None of these months is known as a whole for {whose}"
    if not found.bridge:
        worst = max(found.movements, key=lambda one: abs(one.variance), default=None)
        if worst is None:
            return f"{after}, only revenue can be compared with the plan"
        return f"{after}, {worst.label.lower()} is {_money(session, worst.variance, sign=True)} against plan; ARR is not known"
    gap, planned = found.closing.variance, found.closing.total[1]
    if alike(planned + gap, planned):
        return f"{after}, ARR is on plan at {_money(session, planned + gap)}"
    name = max(found.bridge, key=lambda step: step[1] * (1 if gap > 0 else -1))[0]
    share = f" ({rate(abs(gap) / abs(planned))})" if planned else ""
    away = f"{_money(session, abs(gap))}{share} {'above' if gap > 0 else 'below'} plan"
    return f"{after}, ARR of {_money(session, planned + gap)} is {away}, mostly by {name[0].lower()}{name[1:]}"


def _figures(session: Session, found: PlanAndActuals) -> None:
    """Draw closing ARR and its main movements, each against plan."""
    cards = []
    by_line = {one.line: one for one in found.rows}
    for one in (by_line[line] for line in FIGURES if line in by_line):
        actual, plan = one.total
        matched = one.verdict == "as planned"
        relative = plus(rate(one.relative)) if np.isfinite(one.relative) else "–"
        cards.append(Card(one.label, _money(session, actual), "On plan" if matched else relative, COLOURS.get(one.verdict, "gray"),
                          f"{_meaning(one)} Planned: {_money(session, plan)}.", against="" if matched else "against plan"))  # fmt: skip
    row(cards, across=min(5, len(cards)))


def _meaning(one: Compared) -> str:
    return "At the end of the last actual month." if one.over_time == "closing" else "All actual months together."


def _arr(session: Session, found: PlanAndActuals) -> None:
    plan = session.projection.of("arr_closing", session.segment)
    actual = np.full(len(plan), np.nan)
    first = dates(session.projection).index(found.months[0])
    last = first + len(found.months)
    actual[first:last] = found.closing.actual
    ahead = np.where(np.arange(len(plan)) >= last - 1, found.replanned, np.nan)
    lines = [
        Series(f"Re-planned {_money(session, ahead[-1])}", ahead, "base", 1.75, name="Re-planned"),
        Series(f"Plan {_money(session, plan[-1])}", plan, trust_charts.PLAN, 2.25, name="Plan"),
        Series("", actual, trust_charts.ACTUAL, 3, name="Actual"),
    ]  # fmt: skip
    figure = charts.over_time(
        dates(session.projection), lines, money=symbol(session.scenario.company.currency), height=258
    )
    figure["layout"]["margin"]["r"] = 132
    if found.closing.known:
        end = float(found.closing.actual[-1])
        trust_charts.at_end(figure, found.months[-1], end, f"Actual {_money(session, end)}")
    title = (
        f"If the gap stays as it is, ARR ends at {_money(session, ahead[-1])}"
        if found.closing.known
        else "Actual ARR is not known"
    )
    chart(title, f"ARR at month end to {end_name(session.projection)}. Grey: ARR as it is, plus the movements planned in money for the "
          "months that remain", figure, "plan-and-actual")  # fmt: skip


def _bridge(session: Session, found: PlanAndActuals) -> None:
    if not found.bridge:
        small(
            "Without opening and closing ARR, or all movements from the first month of the plan on, there is no bridge."
        )
        return
    actual, plan = found.closing.total
    moved = [step for step in found.bridge if abs(step[1]) >= 0.5]
    steps = [("Plan", plan, "scenario"), *moved, ("Actual", actual, "ink")]
    texts = [_money(session, amount, sign=0 < at < len(steps) - 1) for at, (_, amount, _) in enumerate(steps)]
    year, month = map(int, found.months[-1].split("-"))
    losses = sum(amount for _, amount, _ in moved if amount < 0)
    gains = sum(amount for _, amount, _ in moved if amount > 0)
    told = [f"{_money(session, gains)} came on top"] if gains else []
    told += [f"{_money(session, -losses)} is missing"] if losses else []
    title = f"Against plan, {' and '.join(told)}" if told else "Every movement is on plan"
    chart(title, f"From planned to actual ARR at the end of {month_name(year, month)}; both ends are cut", trust_charts.variance(steps, texts),
          "variance", alt="; ".join(f"{label} {text}" for (label, _, _), text in zip(steps, texts, strict=True)))  # fmt: skip


def _movements(session: Session, found: PlanAndActuals) -> None:
    if not found.movements:
        return
    sums = [one.total for one in found.movements]
    texts = [(_money(session, actual), _money(session, plan)) for actual, plan in sums]
    figure = trust_charts.pairs([one.label for one in found.movements], sums, texts, height=244)
    worst = max(found.movements, key=lambda one: abs(one.relative) if np.isfinite(one.relative) else 0.0)
    title = f"{worst.label}: {_money(session, worst.total[0])} came, {_money(session, worst.total[1])} was planned"
    if all(one.verdict == "as planned" for one in found.movements):
        title = "Every movement came as planned"
    chart(title, "ARR movements of all actual months: planned in colour, actual beside it", figure, "movements",
          alt="; ".join(f"{one.label}: planned {text[1]}, actual {text[0]}" for one, text in zip(found.movements, texts, strict=True)))  # fmt: skip


def _accuracy(session: Session, found: PlanAndActuals) -> None:
    """Show how accurate the plan was, and offer to take it over."""
    measured = found.accuracy
    if measured is None:
        return
    planned = session.scenario.company.mean("forecast_accuracy")
    mark = "" if measured.enough else ", on too few quarters"
    st.markdown(f"## Forecast accuracy so far is {rate(measured.value)}{mark}; the company assumes {rate(planned)}")
    small(f"1 less the mean of |actual − plan| ÷ plan. {measured.told}")
    value = round(measured.value, 3)
    now = session.scenario.by_key.get("forecast_accuracy")
    if now is not None and now.target == value:
        small("The scenario uses it: see the band of the forecast on Execute.")
        return
    if found.far_off(session.scenario.company.currency):
        return
    st.button("Use the accuracy measured", key="use-accuracy", icon=":material/check:",
              on_click=session.operations.append, args=(lambda s: s.set_target("forecast_accuracy", value),))  # fmt: skip


def _table(session: Session, found: PlanAndActuals) -> None:
    """List every line, of all months or of one."""
    from model.history.trust.variance import variance_csv

    st.markdown("## Every line against plan")
    period = st.selectbox(
        "Months", [SO_FAR, *found.months], key="actuals-period", label_visibility="collapsed", width=220
    )
    at = found.months.index(period) if period in found.months else None
    rows = [_listed(session, one, at) for one in found.rows]
    st.dataframe(pd.DataFrame(rows), hide_index=True, height=3 + 35 * (len(rows) + 1), row_height=35, key="variances")
    st.download_button("Every month and line as CSV", variance_csv(found), "plan-and-actuals.csv", "text/csv",
                       key="actuals-csv", on_click="ignore", icon=":material/download:")  # fmt: skip


def _listed(session: Session, one: Compared, at: int | None) -> dict[str, str]:
    """Return a row of the table, of one month or of all."""
    from model.history.trust.variance import verdict

    actual, plan = one.total if at is None else (float(one.actual[at]), float(one.plan[at]))
    gap = actual - plan
    known = np.isfinite(gap)
    share = plus(rate(gap / abs(plan))) if plan and known else "–"
    return {"Line": one.label, "Actual": _money(session, actual), "Plan": _money(session, plan),
            "Variance": _money(session, gap, sign=True), "Of plan": share, "Verdict": verdict(actual, plan, one.better)}  # fmt: skip


def _notes(actuals: Actuals) -> None:
    for note in few(list(actuals.notes)):
        small(note)
    if actuals.unused:
        count = len(actuals.unused)
        with st.expander(f"{number(count)} row{' is' if count == 1 else 's are'} set aside", icon=":material/rule:"):
            st.code("\n".join(map(str, actuals.unused[:1000])), language=None, wrap_lines=True)
