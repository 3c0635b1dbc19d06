"""The charts of maturity that a lens can ask for: radar, map, worth of a level, life cycle, attributes, scoreboard."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import streamlit as st

from model import assumptions
from model.catalogue import metrics
from model.frameworks.framework import LEVELS, LevelEffect, elements, frameworks
from model.frameworks.level_worth import Path, Reach, Worth, reach, worth_of_a_level
from model.frameworks.life_cycle import coverage, functions, functions_of, known_share
from model.frameworks.maturity import UNJUDGED, Maturity, level_shown, maturity_of
from model.frameworks.scoreboard import NOTICED, Score, conflict, scoreboard, spending
from model.scenario import Scenario
from model.text import NARROW_SPACE, counted, difference, money, number, rate, signed
from pages.parts import cards
from pages.parts import maturity_figures as figures
from pages.parts.blocks import chart, small
from pages.parts.cards import Card
from pages.parts.maturity_figures import Flow, Node, Ranged, Row
from pages.parts.periods import years_name
from pages.parts.state import Session

MOST_METRICS = 5
STRENGTH_NAMES = {"low": "Cautious", "likely": "Likely", "high": "Hopeful"}
ON_THE_MAP = ("arr", "operating_profit", "new_arr", "pipeline_created", "account_engagement", "win_rate", "sales_cycle",
              "cac_payback", "effective_retention", "forecast_spread")  # fmt: skip
"""Metrics that the map may show: one of each kind, so that no change is told twice."""


@lru_cache(maxsize=128)
def worth(scenario: Scenario, framework: str) -> tuple[Worth, ...]:
    """Return what one level more of each element is worth, the most first, those with no level more last."""
    return tuple(sorted(worth_of_a_level(scenario, framework), key=lambda entry: (not entry.levels, -entry.profit[1])))


@lru_cache(maxsize=128)
def _reach(scenario: Scenario, key: str, segment: str) -> Reach:
    return reach(scenario, key, ON_THE_MAP, segment)


def gained(session: Session, amount: float) -> str:
    """Return an amount of money with its sign."""
    return signed(money(amount, session.scenario.company.currency))


def per_level(effect: LevelEffect, amount: float) -> str:
    """Return what one level changes in an assumption: points of a rate, else per cent."""
    text = signed(number(100 * amount, 2).rstrip("0").rstrip("."))
    return f"{text}{NARROW_SPACE}%" if effect.relative else f"{text} pts"


def within(label: str) -> str:
    """Return a label as it stands within a sentence: "win rate", but "NRR"."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def radar(session: Session, framework: str, key: str) -> None:
    """The levels of all elements: today and planned."""
    plan, declared = maturity_of(session.scenario), frameworks()[framework]
    steps = [plan.step(entry) for entry in declared.keys]
    labels = [element.label for element in declared.elements]
    judged = _judged(plan, framework)
    guessed = [label.lower() for entry, label in zip(declared.keys, labels, strict=True) if entry not in judged]
    title = f"{standing(plan, framework)}{_rising(plan, framework)}"
    told = "Levels 1 to 5. Grey: today; blue: planned"
    if guessed:
        told += f". {level_shown(UNJUDGED)} is our guess, not judged yet: {', '.join(guessed) if judged else 'all'}"
    chart(title, told, figures.radar(labels, [step.today for step in steps], [step.aim for step in steps]), key)


def _judged(plan: Maturity, framework: str) -> list[str]:
    """Return the elements of a framework whose level of today somebody has judged."""
    known = {entry for entry, _ in (*plan.steps, *plan.answers)}
    return [entry for entry in frameworks()[framework].keys if entry in known]


def standing(plan: Maturity, framework: str) -> str:
    """Say which elements are weakest of those that were judged, or that these stand alike; of all if none was."""
    whole = frameworks()[framework].keys
    judged = _judged(plan, framework) or list(whole)
    lowest = min(plan.step(entry).today for entry in judged)
    weakest = [entry for entry in judged if plan.step(entry).today == lowest]
    if len(weakest) == len(judged) > 1:
        return f"All {'' if len(judged) == len(whole) else 'judged so far '}stand at {level_shown(lowest)}"
    who = _named(weakest, len(whole))
    if len(judged) == 1:
        return f"Only {who} is judged, at {level_shown(lowest)}"
    return f"{who[0].upper()}{who[1:]} {_is(weakest)} weakest, at {level_shown(lowest)}"


def _rising(plan: Maturity, framework: str) -> str:
    """Say which elements are to rise, and how high."""
    whole = frameworks()[framework].keys
    rising = [entry for entry in whole if plan.step(entry).levels > 0]
    if not rising:
        return ""
    highest = max(plan.step(entry).aim for entry in rising)
    if any(plan.step(entry).aim != highest for entry in rising):
        return f"; {len(rising)} of {len(whole)} are to rise, to {level_shown(highest)} at most"
    who = "all" if len(rising) == len(whole) else _named(rising, len(whole))
    return f"; {who} {_is(rising)} to reach {level_shown(highest)}"


def _named(entries: Sequence[str], of: int) -> str:
    """Name one or two elements of several, of more say how many: "people and process", "3 of 4"."""
    labels = [elements()[entry].label.lower() for entry in entries]
    return " and ".join(labels) if len(labels) < 3 else f"{len(labels)} of {of}"


def _is(entries: Sequence[str]) -> str:
    return "is" if len(entries) == 1 else "are"


def no_level_more(plan: Maturity, framework: str) -> str:
    """Say that all elements are, or are planned to be, at the top; nothing where one has a level left."""
    steps = [plan.step(entry) for entry in frameworks()[framework].keys]
    if any(step.aim < LEVELS[1] for step in steps):
        return ""
    told = "All stand at" if all(step.today == LEVELS[1] for step in steps) else "With the plan all reach"
    return f"{told} the top; there is no level more"


def element_map(session: Session, element: str, key: str) -> None:
    """From an element through assumptions to metrics: what one level more moves, and how much."""
    whole, declared = _reach(session.scenario, element, session.segment), elements()[element]
    found = [path for path in whole.paths if path.share >= NOTICED]
    strongest = sorted(
        {path.metric for path in found}, key=lambda name: -max(p.share for p in found if p.metric == name)
    )
    right = strongest[:MOST_METRICS]
    left = [effect.name for effect in declared.effects]
    most = max((path.share for path in found), default=1.0)
    plan = maturity_of(session.scenario)
    nodes = [Node(assumptions()[effect.name].label, per_level(effect, plan.per_level(element, effect)))
             for effect in declared.effects]  # fmt: skip
    told = [Node(metrics()[name].label, _changed(session, name, whole.whole[name])) for name in right]
    flows = [Flow(left.index(path.assumption), right.index(path.metric), min(1.0, path.share / most), _is_better(path))
             for path in found if path.metric in right]  # fmt: skip
    title = f"{'The last level of' if whole.last else 'One level more in'} {declared.label.lower()} moves "
    title += f"{within(metrics()[right[0]].label)} most" if right else "nothing here"
    acts = f" with {STRENGTH_NAMES[plan.strength].lower()} effects" if plan.strength != "likely" else ""
    chart(title, f"What the level changes{acts}, and what it moves by the end; width: strength; teal is better",
          figures.flow_map(nodes, told, flows), key,
          alt="; ".join(f"{assumptions()[p.assumption].label} to {metrics()[p.metric].label}" for p in found))  # fmt: skip


def _changed(session: Session, name: str, change: float) -> str:
    """Return a change of a metric, small points of a rate with a second digit so that they do not read zero."""
    shown_as, currency = metrics()[name].shown_as, session.scenario.company.currency
    if name == "operating_profit":
        return f"{gained(session, change)} over {years_name(session.projection)}"
    small_rate = shown_as == "rate" and abs(change) < 0.001
    text = f"{signed(number(100 * change, 2))} pts" if small_rate else difference(change, shown_as, currency)
    return text if any(digit in text for digit in "123456789") else "in balance"


def _is_better(path: Path) -> bool:
    return (path.change > 0) == (metrics()[path.metric].better == "up")


def level_worth(session: Session, framework: str, key: str) -> None:
    """What one level more of each element is worth in profit, with its range, the most on top."""
    found = worth(session.scenario, framework)
    currency = session.scenario.company.currency
    bars = [
        Ranged(elements()[entry.key].label, float(entry.profit.min()), float(entry.profit[1]), float(entry.profit.max()),
               gained(session, float(entry.profit[1])) if entry.levels else "at the top",
               f"ARR {gained(session, float(entry.arr[1]))}" if entry.levels else "")
        for entry in found
    ]  # fmt: skip
    step = "one level" if found[0].levels == 1 else f"the last {number(found[0].levels, 1)} of a level"
    title = f"{bars[0].label} is worth most: {money(bars[0].likely, currency)} of profit for {step}"
    if bars[0].likely <= 0:
        title = "No level more brings a profit here"
    title = no_level_more(maturity_of(session.scenario), framework) or title
    subtitle = f"Profit of the company over {years_name(session.projection)}, ARR at the end. Whiskers: cautious to hopeful. All is judgement"
    chart(title, subtitle, figures.whiskers(bars), key,
          alt="; ".join(f"{bar.label} {bar.text}" for bar in bars))  # fmt: skip


def life_cycle(_: Session, framework: str, key: str) -> None:
    """Which parts of the customer's life can be moved, and on which this framework's elements act."""
    found = coverage(framework)
    gaps = [entry.part.title.lower() for entry in found if not entry.levers]
    texts = [f"{entry.acted_on} of {entry.levers}" if entry.levers else "no lever yet" for entry in found]
    covered = counted(len(found) - len(gaps), "part").lower()
    title = f"{covered[0].upper()}{covered[1:]} of a customer's life can be moved"
    title += f"; {' and '.join(gaps)} has no lever yet" if gaps else ", from end to end"
    chart(title, "Levers of each part; blue: those on which an element acts",
          figures.parts([entry.part.title for entry in found], [entry.acted_on for entry in found],
                        [entry.levers for entry in found], texts), key)  # fmt: skip


def attributes(session: Session, framework: str, _: str) -> None:
    """The three attributes of the definition, each as a figure of this framework and this company."""
    found = coverage(framework)
    covered = sum(bool(entry.acted_on) for entry in found)
    touched = [len(functions_of(entry)) for entry in frameworks()[framework].keys]
    widest = [elements()[entry].label.lower() for entry, count in zip(frameworks()[framework].keys, touched, strict=True)
              if count == max(touched)]  # fmt: skip
    known = known_share(session.scenario.company)
    of = len(functions())
    gaps = ", ".join(entry.part.title.lower() for entry in found if not entry.acted_on)
    told = (
        ("End to end", f"{covered} of {len(found)} parts",
         f"Parts of the customer's life on which an element acts. None yet: {gaps}." if gaps else "All parts."),
        ("Unifying workflows", f"{number(sum(touched) / len(touched), 1)} of {of} functions",
         f"Functions on whose work one element acts, on average; most: {', '.join(widest)}, {max(touched)}."),
        ("Visibility", rate(known, 0),
         "Share of this company's assumptions that rest on its books or a source; the others are judgement."),
    )  # fmt: skip
    st.markdown("## What the definition asks for, and how far this is true here")
    cards.row([Card(label, value, "", "gray", meaning) for label, value, meaning in told], across=3)
    small(" ".join(meaning for _, _, meaning in told))


def board(session: Session, _: str, key: str) -> None:
    """The metrics of all functions against the base: who gains, who pays."""
    scores = scoreboard(session.projection, session.base, session.segment)
    currency = session.scenario.company.currency
    rows = []
    for function in functions().values():
        own = [score for score in scores if score.function is function]
        rows.append(Row(function.title, _side([score.gain for score in own])))
        for score in own:
            change = difference(score.value - score.base, score.metric.shown_as, currency)
            rows.append(Row(score.metric.label, change if score.gain else "as base", score.gain))
    chart(_verdict(scores), "Shared metrics against base: right is better, left worse; lengths are square roots of shares",
          figures.gains_and_losses(rows), key, alt="; ".join(f"{row.label} {row.text}" for row in rows))  # fmt: skip
    small(_who_pays(session))


def _side(gains: list[float]) -> str:
    """Say whether a function gains, pays, or both."""
    better, worse = any(gain > 0 for gain in gains), any(gain < 0 for gain in gains)
    return "both" if better and worse else "gains" if better else "pays" if worse else "untouched"


def _verdict(scores: list[Score]) -> str:
    """Say whether one function gains at another's cost, and name the two."""
    if found := conflict(scores):
        best, worst = found
        return (f"{best.function.title} gains on {within(best.metric.label)} while {worst.function.title.lower()} loses on "
                f"{within(worst.metric.label)}")  # fmt: skip
    side = _side([score.gain for score in scores])
    return {
        "untouched": "Nobody gains and nobody pays: every figure is the base",
        "gains": "No conflict: nobody's number gets worse",
        "pays": "Nobody gains: every change is for the worse",
        "both": "One function both gains and loses; no other one pays for it",
    }[side]


def _who_pays(session: Session) -> str:
    """Say what the company earns more and which function spends more."""
    found = spending(session.projection, session.base)
    spent = [f"{functions()[name].title.lower()} {gained(session, amount)}" for name, amount in found.spent.items()
             if abs(amount) >= 1]  # fmt: skip
    if not spent and abs(found.profit) < 1:
        return "Move a slider or plan a step, and the scoreboard shows who gains and who pays."
    return (f"Over {years_name(session.projection)}, against base: revenue after its own cost and overhead {gained(session, found.earned)}; cost of "
            f"{', '.join(spent) or 'no function changes'}; profit {gained(session, found.profit)}.")  # fmt: skip


MATURITY_KINDS = {
    "element_map": element_map,
    "maturity_radar": radar,
    "level_worth": level_worth,
    "life_cycle": life_cycle,
    "attributes": attributes,
    "scoreboard": board,
}
