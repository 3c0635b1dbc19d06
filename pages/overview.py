"""Overview: where the company ends up, and what the moves change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import streamlit as st

from model import Projection, assumptions
from model.company import Numbers
from model.moves import Move
from model.scenario import Scenario
from model.text import agreeing, counted, money, month_name, plus, symbol
from pages.parts import charts
from pages.parts.blocks import chart, head, kpi_strip, small, sources_of
from pages.parts.charts import Series
from pages.parts.periods import dates, end_name, years_name
from pages.parts.ranked_charts import Row, named_above
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
ROLES = {"arr_closing": "scenario", "operating_profit": "profit", "cash_collected": "cash"}


@dataclass(frozen=True)
class Added:
    """A move or plan by its name, what is left without it, and by line what it adds: what is lost when it alone is taken back."""

    name: str
    without: Callable[[Scenario], Scenario]
    by_line: Mapping[str, float]


def _worth(projection: Projection, line: str, segment: str) -> float:
    """Return ARR at the end, or profit or cash of the whole plan."""
    values = projection.of(line, segment)
    return float(values[-1] if line == "arr_closing" else values.sum())


def _when(session: Session, line: str) -> str:
    return f"by {end_name(session.projection)}" if line == "arr_closing" else f"over {years_name(session.projection)}"


def _money(session: Session, value: float, *, sign: bool = False) -> str:
    text = money(value, session.scenario.company.currency)
    return plus(text) if sign else text


def _less(session: Session, other: Projection) -> dict[str, float]:
    """Return by line what the scenario has more than another projection."""
    return {
        line: _worth(session.projection, line, session.segment) - _worth(other, line, session.segment)
        for line in MEASURES
    }


def _added(session: Session) -> list[Added]:
    """Return what each move and plan adds."""
    ways: list[tuple[str, Callable[[Scenario], Scenario]]] = []
    for move in session.scenario.moves:
        of = f" · {session.scenario.company.segments[move.segment]}" if move.segment else ""
        ways.append((f"{assumptions()[move.name].label}{of}", partial(Scenario.without, key=move.key)))
    for plan in session.scenario.plans:
        if not plan.effects(session.scenario.company, session.scenario.horizon):
            continue  # a plan may only be compared, and then it adds nothing to rank
        ways.append((plan.label, partial(Scenario.without_plan, word=plan.word)))
    return [Added(name, without, _less(session, projected(without(session.scenario)))) for name, without in ways]


def _answer(session: Session, added: list[Added]) -> str:
    """Say what the moves add to ARR, or where it stays as it is to profit or cash; a profit that goes the other way is said, too."""
    if not added:
        now, when = _worth(session.projection, "arr_closing", session.segment), end_name(session.projection)
        return (
            f"On its present course, {session.scenario.company.title} reaches {_money(session, now)} of ARR by {when}"
        )
    change = {line: value for line, value in _less(session, session.base).items() if abs(value) >= LEAST}
    if not change:
        return f"{counted(len(added), 'move')} change{'s' * (len(added) == 1)} neither ARR, profit nor cash"
    line, value = next(iter(change.items()))
    subject, s = counted(len(added), "move"), "s" * (len(added) == 1)
    told = f"{subject} {_verb(value)}{s} {_money(session, abs(value))} of {MEASURES[line]} {_when(session, line)}"
    profit = change.get("operating_profit", value)
    if profit * value < 0:
        return f"{told} but {_verb(profit)}{s} {_money(session, abs(profit))} of profit {_when(session, 'operating_profit')}"
    return told + _most_of_it([(one.name, one.by_line[line]) for one in added], value)


def _verb(value: float) -> str:
    return "add" if value >= 0 else "cost"


def _most_of_it(parts: list[tuple[str, float]], whole: float) -> str:
    """Name the move that brings most of a gain, where one does and there are others."""
    (name, most), *rest = sorted(parts, key=lambda part: -abs(part[1]))
    second = abs(rest[0][1]) if rest else 0.0
    return f"; {name.lower()} brings most of it" if second < most / 2 and most > 0.5 * whole > 0 < second else ""


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
    cards = " and failed cards take" if parts[5][1] <= -LEAST else " takes"
    title = f"Churn{cards} {_money(session, lost)}; expansion and uplift give back {_money(session, back)}"
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
             Series(word, profit, "profit" if profit[-1] >= 0 else "churn", 3, True)]  # fmt: skip
    if moved:
        lines.insert(0, Series("Base profit", base, "base", 1.75))
    figure = charts.over_time(dates(session.projection), lines, money=_symbol(session), zero=True)
    whole = ", whole company" if session.segment else ""
    chart(title, f"Revenue, cost and operating profit by month{whole}", figure, "profit")


def _ranking(session: Session, added: list[Added]) -> None:
    """Draw what each move adds to ARR and to profit, or where both stay as they are to cash; the costliest is never left out."""
    if not added:
        _nothing_moved(session)
        return
    lines = [line for line in MEASURES if any(abs(one.by_line[line]) >= LEAST for one in added)][:2] or ["arr_closing"]
    order = sorted(added, key=lambda one: -max(abs(one.by_line[line]) for line in lines))
    worst = min(order, key=lambda one: one.by_line[lines[-1]])
    shown = order[:MOST_MOVES]
    if worst not in shown and worst.by_line[lines[-1]] <= -LEAST:
        shown[-1] = worst
    rows = [Row(one.name, [(one.by_line[line], f"{_money(session, one.by_line[line], sign=True)} {MEASURES[line]}", ROLES[line])
                           for line in lines]) for one in shown]  # fmt: skip
    what = " and ".join(f"{MEASURES[line]} {_when(session, line)}" for line in lines)
    left = _left_out(session, [one for one in order if one not in shown], lines)
    chart(_most(session, shown, worst, lines), f"{what[0].upper()}{what[1:]}, less what it would be without that move alone{left}",
          named_above(rows), "ranking")  # fmt: skip


def _most(session: Session, shown: list[Added], worst: Added, lines: list[str]) -> str:
    """Say which move matters most, and which costs most."""
    first, cost = shown[0], worst.by_line[lines[-1]]
    if all(abs(one.by_line[line]) < LEAST for one in shown for line in lines):
        return "No move changes ARR, profit or cash"
    if len(shown) == 1:
        worth = (f"{_money(session, first.by_line[line], sign=True)} of {MEASURES[line]}" for line in lines)
        return f"{first.name} is worth {' and '.join(worth)}"
    if cost > -LEAST:
        return f"{first.name} {agreeing(first.name, 'matter')} most among your moves"
    costs = f"{worst.name} {agreeing(worst.name, 'cost')} most: {_money(session, -cost)} of {MEASURES[lines[-1]]}"
    return costs if worst is first else f"{first.name} {agreeing(first.name, 'matter')} most; {costs}"


def _left_out(session: Session, left: list[Added], lines: list[str]) -> str:
    """Say how many moves are not drawn, and what they add together."""
    if not left:
        return ""
    without = session.scenario
    for one in left:
        without = one.without(without)
    together = _less(session, projected(without))
    amounts = " and ".join(f"{_money(session, together[line], sign=True)} of {MEASURES[line]}" for line in lines)
    return f". Not drawn: {counted(len(left), 'move').lower()}, together {amounts}"


def _nothing_moved(session: Session) -> None:
    """Lead to the first moves."""
    st.markdown("## Nothing moved yet")
    small("What each move adds will be ranked here.")
    with st.container(border=True):
        st.markdown(f"**{_best_lever(session)}**")
        st.page_link(_lens_page("expand"), label="Expand: keep and grow customers", icon=":material/arrow_forward:",
                     query_params=session.address())  # fmt: skip
        st.page_link(_lens_page("execute"), label="Execute: win more, sooner", icon=":material/arrow_forward:",
                     query_params=session.address())  # fmt: skip


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
