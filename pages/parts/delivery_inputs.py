"""Inputs of a delivery: its settings as sliders, its initiatives with their order, effort and strength."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from model import assumptions
from model.frameworks.delivery import METHODS, WORD, Delivery
from model.frameworks.initiatives import Initiative, Setting, edits, initiatives, settings
from model.text import difference, number, rate, signed, symbol
from pages.parts.blocks import escaped, small
from pages.parts.inputs import Range, headed, line
from pages.parts.state import Session

METHOD_TITLES = {"none": "Neither, only compare", "waterfall": "Waterfall", "agile": "Agile"}


def delivery_of(session: Session) -> Delivery:
    """Return the delivery of the scenario, or the one that nobody has touched."""
    plan = session.scenario.plan(WORD)
    return plan if isinstance(plan, Delivery) else Delivery()


def set_delivery(session: Session, **changes: Any) -> None:
    """Change something of the delivery."""
    session.set_plan(replace(delivery_of(session), **changes))


def method(session: Session) -> None:
    """Ask which way of delivery acts in the scenario."""
    present = delivery_of(session).method
    session.widget(
        "delivery:method", present,
        lambda: st.segmented_control("Acts in the scenario", METHODS, default=present, key="delivery:method", required=True,
                                     format_func=METHOD_TITLES.__getitem__),
        lambda s, chosen: set_delivery(s, method=chosen),
    )  # fmt: skip


def all_settings(session: Session, title: str) -> None:
    """Draw the settings as sliders under a heading; the default is marked on each."""
    popover = headed(title, f"{WORD}.settings")
    with st.container(gap="xxsmall"):
        for entry in settings().values():
            _setting(session, entry)
    if popover.open:
        with popover:
            _setting_details(session)


def _setting(session: Session, entry: Setting) -> None:
    """Draw one setting like a lever."""
    value, currency, default = getattr(delivery_of(session), entry.id), _currency(session), entry.default or 0.0
    shape, key = _range(entry, value), f"{WORD}.{entry.id}"
    unit = f"{symbol(currency).strip()} {entry.unit_label}" if entry.shown_as == "money" else entry.unit_label
    told = _change(entry, value, default, currency) if value != default else ""
    st.html(line(entry.label, unit, told, entry.show(value, currency), shape.share(default)))
    _slider(session, entry, shape, value, key, partial(_set, entry=entry, shape=shape))


def _setting_details(session: Session) -> None:
    """Draw question, reason and exact value of one setting at a time."""
    name = st.pills("Setting", list(settings()), default=next(iter(settings())), required=True, key=f"details-of:{WORD}",
                    format_func=lambda name: settings()[name].label, label_visibility="collapsed")  # fmt: skip
    entry, value, currency = settings()[name], getattr(delivery_of(session), name), _currency(session)
    shape = _range(entry, value)
    default, low, high = (entry.show(number, currency) for number in (entry.default or 0.0, entry.min, entry.max))
    small(f"{entry.question} Unless changed {default}; allowed {low} to {high}. Judgement: {entry.reason}")
    _exact(session, entry, shape, value, f"{WORD}.{name}", partial(_set, entry=entry, shape=shape))


def _set(session: Session, shown: float, entry: Setting, shape: Range) -> None:
    set_delivery(session, **{entry.id: _meant(entry, shape, shown)})


def _currency(session: Session) -> str:
    return session.scenario.company.currency


def chosen_initiatives(session: Session) -> None:
    """Draw all initiatives: those delivered in their order, then the others."""
    delivery = delivery_of(session)
    with st.container(gap="xxsmall"):
        for key in [*delivery.order, *(key for key in initiatives() if key not in delivery.order)]:
            _initiative(session, initiatives()[key])


def _initiative(session: Session, entry: Initiative) -> None:
    """Draw one initiative: whether it is delivered, what it does behind its name, its effort, and a way forward."""
    delivery, key = delivery_of(session), f"{WORD}.{entry.id}"
    chosen, effort, strength = entry.id in delivery.order, delivery.effort(entry.id), delivery.strength(entry.id)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key=f"initiative_{entry.id}"):
        session.widget(
            f"on:{key}", chosen,
            lambda: st.checkbox(f"Deliver {entry.label}", chosen, key=f"on:{key}", label_visibility="collapsed"),
            lambda s, on: _choose(s, entry.id, on),
        )  # fmt: skip
        st.button("↑", key=f"earlier:{key}", help="Work on it earlier", type="tertiary",
                  disabled=not chosen or delivery.order[0] == entry.id, on_click=session.operations.append,
                  args=(partial(_earlier, name=entry.id),))  # fmt: skip
        popover = st.popover(entry.label, type="tertiary", key=f"details:{key}", on_change="rerun")
        edited = f" at {rate(strength, 0)}" if strength != 1 else ""
        told = escaped(f"{number(effort, 1).removesuffix('.0')} person-months{edited}")
        colour = "blue" if edited or effort != entry.effort else "gray"
        st.markdown(f":{colour}[:small[{told}]]", width="stretch")
    if popover.open:
        with popover:
            _details(session, entry, effort, strength)


def _choose(session: Session, name: str, on: bool) -> None:
    order = tuple(key for key in delivery_of(session).order if key != name)
    set_delivery(session, order=(*order, name) if on else order)


def _earlier(session: Session, name: str) -> None:
    """Let an initiative change places with the one before it."""
    order = list(delivery_of(session).order)
    if name in order[1:]:
        place = order.index(name)
        order[place - 1 : place + 1] = order[place], order[place - 1]
        set_delivery(session, order=tuple(order))


def _details(session: Session, entry: Initiative, effort: float, strength: float) -> None:
    """Draw what an initiative does, why, what it costs, and its effort and strength to edit."""
    key, work, power = f"{WORD}.{entry.id}", edits()["effort"], edits()["effect"]
    st.markdown(f"**{escaped(entry.label)}**")
    small(f"{entry.about} One-off {rate(entry.one_off, 2)} and then {rate(entry.running, 2)} a year of opening ARR.")
    for change in entry.effects:
        of = assumptions()[change.assumption]
        amount = strength * change.change
        moved = f"{signed(rate(amount))}" if of.across in ("sum", "scale") else f"{signed(number(100 * amount, 2))} pts"
        small(f"{of.label} {moved}: {change.reason} ({entry.kind})")
    for name, declared, value, apply in (
        (work, entry.effort, effort, lambda s, shown: s.set_plan(delivery_of(s).with_effort(entry.id, float(shown)))),
        (power, 1.0, strength, lambda s, shown: s.set_plan(delivery_of(s).with_strength(entry.id, shown / 100))),
    ):
        shape = _range(name, value)
        small(f"{name.label}, {name.unit_label}. Declared: {name.show(declared)}")
        _exact(session, name, shape, value, f"{key}.{name.id}", apply)


def _slider(session: Session, entry: Setting, shape: Range, value: float, key: str, apply: Any) -> None:
    session.widget(
        f"slider:{key}", shape.shown(value),
        lambda: st.slider(entry.label, shape.low, shape.high, shape.shown(value), shape.step, key=f"slider:{key}",
                          format=f"%.{shape.digits}f %%" if entry.shown_as == "rate" else f"%.{shape.digits}f",
                          label_visibility="collapsed"),
        apply,
    )  # fmt: skip


def _exact(session: Session, entry: Setting, shape: Range, value: float, key: str, apply: Any) -> None:
    unit = "%" if entry.shown_as == "rate" else entry.unit_label
    session.widget(
        f"exact:{key}", shape.shown(value),
        lambda: st.number_input(f"{entry.label}, {unit}", entry.min * shape.factor, entry.max * shape.factor,
                                shape.shown(value), shape.step, key=f"exact:{key}", format="%g"),
        apply,
    )  # fmt: skip


def _range(entry: Setting, value: float) -> Range:
    """Return the slider of a setting: its usual range, and further if the value lies outside."""
    factor = 100.0 if entry.shown_as == "rate" else 1.0
    low = max(entry.min, math.floor(min(entry.usual[0], value) / entry.step + 1e-9) * entry.step)
    high = min(entry.max, math.ceil(max(entry.usual[1], value) / entry.step - 1e-9) * entry.step)
    return Range(round(low * factor, 10), round(high * factor, 10), round(entry.step * factor, 10), factor)


def _meant(entry: Setting, shape: Range, shown: float) -> float:
    """Return what a widget shows as a value of the setting: a whole number where only those are possible."""
    return float(round(shown)) if entry.choices else shape.meant(shown)


def _change(entry: Setting, value: float, default: float, currency: str) -> str:
    return difference(value - default, entry.shown_as, currency)
