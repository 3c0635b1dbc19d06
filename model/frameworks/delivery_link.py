"""A delivery as parameters of a link, whatever a person made of them by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from model.company import Company
from model.errors import ScenarioError
from model.frameworks.delivery import METHODS, Delivery
from model.frameworks.initiatives import NOTHING, Setting, edits, initiatives, settings
from model.moves import LEFT_OUT, NUMBER
from model.text import glance


def read_delivery(query: Mapping[str, str], company: Company) -> tuple[Delivery, list[str]]:
    """Return the delivery that parameters describe, and one sentence for each part that was refused.

    Examples
    --------
    >>> from model import load_shipped
    >>> delivery, problems = read_delivery({"delivery": "agile", "delivery.team": "0"}, load_shipped("launchpad"))
    >>> delivery.method, problems
    ('agile', ['Team (delivery.team=0) is 0; it must lie between 0.5 and 500 (people). 4 is used.'])
    """
    delivery, problems = Delivery(), list[str]()
    for key, text in query.items():
        place, typed = key.split(".")[1:], glance(f"{key}={text}", 80)
        try:
            if place == ["order"]:
                delivery = replace(delivery, order=_order(text, typed, problems))
            elif len(place) == 2:
                delivery = _edited(delivery, place[0], place[1], text, typed, company.currency)
            else:
                delivery = _set(delivery, ".".join(place), text, typed, company.currency)
        except ScenarioError as error:
            problems += error.with_instead
    return delivery, problems


def _set(delivery: Delivery, name: str, text: str, typed: str, currency: str) -> Delivery:
    """Return the delivery with another method, or another value of a setting."""
    changed: dict[str, Any] = {}
    if not name:
        if text not in METHODS:
            raise ScenarioError(f"Delivery ({typed}) must be one of {', '.join(METHODS)}.", "None is used.")
        changed["method"] = text
    elif entry := settings().get(name):
        changed[name] = _number(entry, text, f"{entry.label} ({typed})", entry.default or 0.0, currency)
    else:
        raise _unknown(name, typed)
    return replace(delivery, **changed)


def _edited(delivery: Delivery, name: str, what: str, text: str, typed: str, currency: str) -> Delivery:
    """Return the delivery with another effort or strength of an initiative."""
    entry, initiative = edits().get(what), initiatives().get(name)
    if entry is None:
        raise _unknown(f"{name}.{what}", typed)
    if initiative is None:
        raise ScenarioError(f"There is no initiative {glance(name)!r} ({typed}); {_there_are()}.", LEFT_OUT)
    declared = initiative.effort if what == "effort" else 1.0
    value = _number(entry, text, f"{entry.label} of {initiative.label} ({typed})", declared, currency)
    return delivery.with_effort(name, value) if what == "effort" else delivery.with_strength(name, value)


def _number(entry: Setting, text: str, what: str, instead: float, currency: str) -> float:
    """Return a number within the bounds of a setting."""
    used = f"{entry.show(instead, currency)} is used."
    if not NUMBER.fullmatch(text):
        raise ScenarioError(f"{what} is not a number; {entry.allowed(currency)}.", used)
    value = float(text)
    if problem := entry.problem(value, currency):
        raise ScenarioError(f"{what} {problem}.", used)
    return value


def _order(text: str, typed: str, problems: list[str]) -> tuple[str, ...]:
    """Return the initiatives that an order names, each once, and say which it cannot use."""
    if text == NOTHING:
        return ()
    named = text.split(".")
    known = tuple(dict.fromkeys(name for name in named if name in initiatives()))
    if not known:
        raise ScenarioError(f"Order ({typed}) names no initiative; {_there_are()}.", "All are used.")
    for name in dict.fromkeys(named):
        if name not in initiatives():
            problems.append(f"There is no initiative {glance(name)!r} ({typed}); {_there_are()}. {LEFT_OUT}")
        elif named.count(name) > 1:
            problems.append(f"Order ({typed}) names {name} more than once; its first place is used.")
    return known


def _there_are() -> str:
    return f"there are {', '.join(initiatives())}"


def _unknown(name: str, typed: str) -> ScenarioError:
    known = ", ".join(["order", *settings(), *(f"<initiative>.{what}" for what in edits())])
    return ScenarioError(f"A delivery has no {glance(name)!r} ({typed}); it has {known}.", LEFT_OUT)
