"""Overview: where the company ends up, and what the moves change."""

from __future__ import annotations

import streamlit as st

from model import Projection, assumptions
from model.company import Numbers
from model.moves import Move
from model.scenario import Scenario
from model.text import counted, money, month_name, symbol
from pages.parts import charts
from pages.parts.blocks import chart, head, kpi_strip, small, sources_of
from pages.parts.charts import Series
from pages.parts.periods import dates, end_name, years_name
from pages.parts.state import Session, projected

MOST_MOVES = 6
FIGURES = ("arr_growth", "operating_margin", "rule_of_40", "npv", "burn_multiple", "cac", "cac_payback", "ltv_cac",
           "magic_number", "cac_ratio")  # fmt: skip


def page(session: Session) -> None:
    """Draw the page."""
    added = _added(session)
    head(_answer(session, added), "Overview", "Where does the company end up, and what do my moves change?")
    left, right = st.columns([6, 5], gap="medium")
    with left:
        _arr(session)
    with right:
        _bridge(session)
    left, right = st.columns([6, 5], gap="medium")
    with left:
        _profit(session)
    with right:
        _ranking(session, added)
    kpi_strip(session, FIGURES)
    sources_of(FIGURES)


LEAST = 0.5
"""Money that is shown as nothing."""
MEASURES = {"arr_closing": "ARR", "operating_profit": "profit", "cash_collected": "cash"}


def _measure(session: Session) -> str:
    """Return the line by which moves are told and ranked: ARR, or where it stays as it is profit, or else cash."""
    return next(
        (line for line in MEASURES if abs(_worth(session.projection, line, session.segment)
                                          - _worth(session.base, line, session.segment)) >= LEAST), "arr_closing",
    )  # fmt: skip


def _worth(projection: Projection, line: str, segment: str) -> float:
    """Return ARR at the end, or profit or cash of the whole plan."""
    values = projection.of(line, segment)
    return float(values[-1] if line == "arr_closing" else values.sum())


def _when(session: Session, line: str) -> str:
    return f"by {end_name(session.projection)}" if line == "arr_closing" else f"over {years_name(session.projection)}"


def _money(session: Session, value: float, *, sign: bool = False) -> str:
    text = money(value, session.scenario.company.currency)
    return f"+{text}" if sign and value > 0 and any(digit in text for digit in "123456789") else text


def _added(session: Session) -> list[tuple[str, float]]:
    """Return what each move and plan adds to what is measured: what is lost when it alone is taken back, largest first."""
    line = _measure(session)

    def added(without: Scenario) -> float:
        return _worth(session.projection, line, session.segment) - _worth(projected(without), line, session.segment)

    found = []
    for move in session.scenario.moves:
        of = f" · {session.scenario.company.segments[move.segment]}" if move.segment else ""
        found.append((f"{assumptions()[move.name].label}{of}", added(session.scenario.without(move.key))))
    for plan in session.scenario.plans:
        if not plan.effects(session.scenario.company, session.scenario.horizon):
            continue  # a plan may only be compared, and then it adds nothing to rank
        found.append((plan.label, added(session.scenario.without_plan(plan.word))))
    return sorted(found, key=lambda item: -abs(item[1]))


def _answer(session: Session, added: list[tuple[str, float]]) -> str:
    if not added:
        now, when = _worth(session.projection, "arr_closing", session.segment), end_name(session.projection)
        return (
            f"On its present course, {session.scenario.company.title} reaches {_money(session, now)} of ARR by {when}"
        )
    line = _measure(session)
    now, base = (_worth(projection, line, session.segment) for projection in (session.projection, session.base))
    if abs(now - base) < LEAST:
        return f"{counted(len(added), 'move')} change{'s' * (len(added) == 1)} neither ARR, profit nor cash"
    verb = ("add", "adds") if now >= base else ("cost", "costs")
    subject = f"{counted(len(added), 'move')} {verb[len(added) == 1]}"
    (name, most), second = added[0], abs(added[1][1]) if len(added) > 1 else 0.0
    share = (
        f"; {name.lower()} brings most of it" if second < most / 2 and most > 0.5 * (now - base) > 0 < second else ""
    )
    return f"{subject} {_money(session, abs(now - base))} of {MEASURES[line]} {_when(session, line)}{share}"


def _arr(session: Session) -> None:
    now, base = session.projection.of("arr_closing", session.segment), session.base.of("arr_closing", session.segment)
    change = now[-1] - base[-1]
    moved = bool(session.scenario.changed)
    opening = session.projection.of("arr_opening", session.segment)[0]
    side = "above" if change >= 0 else "below"
    title = (f"ARR reaches {_money(session, now[-1])}, {_money(session, abs(change))} {side} base" if abs(change) >= LEAST
             else f"ARR {'grows' if now[-1] >= opening else 'falls'} from {_money(session, opening)} to {_money(session, now[-1])}")  # fmt: skip
    lines = [Series(_money(session, now[-1]), now, "scenario", 2.75, True, "Scenario")]
    if moved:
        lines.insert(0, Series(f"Base {_money(session, base[-1])}", base, "base", 1.75, name="Base"))
    figure = charts.over_time(dates(session.projection), lines, money=_symbol(session), height=258)
    chart(title, "ARR at month end" + (". Grey: base" if moved else ""), figure, "arr")


def _bridge(session: Session) -> None:
    def of(line: str) -> Numbers:
        return session.projection.of(line, session.segment)

    parts = [
        ("New customers", of("arr_new").sum(), "new"),
        ("Expansion", of("arr_expansion").sum(), "expansion"),
        ("Price uplift", of("arr_price_uplift").sum(), "uplift"),
        ("Contraction", -of("arr_contraction").sum(), "contraction"),
        ("Churn", -of("arr_churn").sum(), "churn"),
        ("Failed cards", -of("arr_churn_involuntary").sum(), "involuntary"),
    ]
    company = session.scenario.company
    first, last = (month_name(*company.month(month)) for month in (1, session.scenario.horizon))
    steps = [(f"Opening, {first}", float(of("arr_opening")[0]), "base"), *parts,
             (f"End, {last}", float(of("arr_closing")[-1]), "scenario")]  # fmt: skip
    texts = [_money(session, amount, sign=0 < row < len(steps) - 1) for row, (_, amount, _) in enumerate(steps)]
    lost, back = -parts[4][1] - parts[5][1], parts[1][1] + parts[2][1]
    title = f"Churn takes {_money(session, lost)}; expansion and uplift give back {_money(session, back)}"
    chart(title, f"ARR from the opening of {first} to the end of {last}", charts.bridge(steps, texts), "bridge",
          alt="; ".join(f"{label} {text}" for (label, _, _), text in zip(steps, texts, strict=True)))  # fmt: skip


def _profit(session: Session) -> None:
    """Draw revenue, cost and profit of the whole company: profit exists only there."""
    revenue, profit = session.projection.total("revenue"), session.projection.total("operating_profit")
    base = session.base.total("operating_profit")
    moved = bool(session.scenario.changed)
    change = profit[-1] - base[-1]
    verb = "rises to" if profit[-1] >= profit[0] else "falls to"
    word = "Profit" if profit[-1] >= 0 else "Loss"
    if word == "Loss":
        verb = "shrinks to" if profit[-1] >= profit[0] else "grows to"
    title = f"{word} {verb} {_money(session, abs(profit[-1]))} a month"
    if abs(change) >= LEAST:
        title += f", {_money(session, abs(change))} {'better' if change >= 0 else 'worse'} than base"
    lines = [Series("Revenue", revenue, "revenue"), Series("Cost", revenue - profit, "cost"),
             Series(word, profit, "profit", 3, True)]  # fmt: skip
    if moved:
        lines.insert(0, Series("Base profit", base, "base", 1.75))
    figure = charts.over_time(dates(session.projection), lines, money=_symbol(session), zero=True)
    whole = ", whole company" if session.segment else ""
    chart(title, f"Revenue, cost and operating profit by month{whole}", figure, "profit")


def _ranking(session: Session, added: list[tuple[str, float]]) -> None:
    line = _measure(session)
    when, what = _when(session, line), MEASURES[line]
    if not added:
        st.markdown("## Nothing moved yet")
        small("What each move adds will be ranked here.")
        with st.container(border=True):
            st.markdown(f"**{_best_lever(session)}**")
            st.page_link(_lens_page("expand"), label="Expand: keep and grow customers", icon=":material/arrow_forward:",
                         query_params=session.address())  # fmt: skip
            st.page_link(_lens_page("execute"), label="Execute: win more, sooner", icon=":material/arrow_forward:",
                         query_params=session.address())  # fmt: skip
        return
    shown = added[:MOST_MOVES]
    texts = [_money(session, value, sign=True) for _, value in shown]
    title = (
        f"{shown[0][0]} matters most among your moves"
        if len(shown) > 1
        else f"{shown[0][0]} is worth {texts[0]} of {what}"
    )
    if all(abs(value) < LEAST for _, value in shown):
        title = "No move changes ARR, profit or cash"
    more = f"; {len(added) - MOST_MOVES} smaller ones left out" if len(added) > MOST_MOVES else ""
    chart(title, f"{what[0].upper()}{what[1:]} {when}, less what it would be without that move alone{more}",
          charts.ranked([name for name, _ in shown], [value for _, value in shown], texts), "ranking")  # fmt: skip


def _best_lever(session: Session) -> str:
    """Say what one point of retention and of win rate is worth, as a place to start."""
    scenario: Scenario = session.scenario
    worth = []
    for name in ("retention_rate", "win_rate"):
        target = min(1.0, scenario.company.mean(name) + 0.01)
        moved = projected(scenario.with_move(Move(name, target)))
        worth.append(float(moved.total("arr_closing")[-1] - session.projection.total("arr_closing")[-1]))
    first, second = (money(value, scenario.company.currency).replace("$", "\\$") for value in worth)
    when = end_name(session.projection)
    return f"One point of retention is worth {first} of ARR by {when}; one point of win rate {second}."


def _lens_page(lens: str) -> st.Page:
    page: st.Page = st.session_state["pages"][lens]
    return page


def _symbol(session: Session) -> str:
    return symbol(session.scenario.company.currency)
