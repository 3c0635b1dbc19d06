"""Inputs: assumptions as levers, exact values and timing behind their heading, all from one declaration."""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import streamlit as st
from streamlit.elements.lib.mutable_popover_container import PopoverContainer

from model import assumptions
from model.catalogue import Assumption
from model.moves import MAX_MONTH, Move
from model.text import counted, difference, month_name, rate, symbol
from pages.parts.blocks import escaped, small
from pages.parts.state import Session

STEPS_ACROSS = 100
SetEnd = Callable[[Session, str, float | None], None]


@dataclass(frozen=True)
class Range:
    """A slider: its ends and step in what it shows (per cent for rates), and the factor from fractions to that."""

    low: float
    high: float
    step: float
    factor: float

    @property
    def digits(self) -> int:
        """Decimals the step needs."""
        return max(0, math.ceil(-math.log10(self.step) - 1e-9))

    def share(self, value: float) -> float:
        """Return how far along the slider a value of the model lies, 0 to 1."""
        return min(1.0, max(0.0, (value * self.factor - self.low) / (self.high - self.low)))

    def shown(self, value: float) -> float:
        """Return a value of the model as the slider shows it."""
        return round(value * self.factor, 10)

    def meant(self, shown: float) -> float:
        """Return what the slider shows as a value of the model."""
        return round(shown / self.factor, 12)


def slider_range(entry: Assumption, base: float, value: float) -> Range:
    """Return the slider of an assumption: the usual range of a rate, about twice the base of a count or price.

    It always holds the base and the present value.
    """
    factor = 100.0 if entry.shown_as == "rate" else 1.0
    low, high, step = entry.usual[0], entry.usual[1], entry.step
    if entry.across in ("sum", "scale", "none") and entry.shown_as != "rate" and base > 0:
        low, high = entry.min, _round_up(2 * base)
        step = min(step, _round_up((high - low) / STEPS_ACROSS / 2))
    high = min(entry.max, math.ceil(max(high, base, value) / step - 1e-9) * step)
    low = max(entry.min, math.floor(min(low, base, value) / step + 1e-9) * step)
    low, high, step = (round(end * factor, 10) for end in (low, high, step))
    return Range(low, high, step, factor)


def levers(session: Session, title: str, names: Sequence[str]) -> None:
    """Draw levers one below the other under a heading; in view of a segment they move that segment alone."""
    keys = [_key(session, assumptions()[name]) for name in names]
    popover = headed(title, names[0])
    with st.container(gap="xxsmall"):
        for key in keys:
            lever(session, key)
    if popover.open:
        with popover:
            _details(session, keys)


def headed(title: str, key: str) -> PopoverContainer:
    """Draw a heading of levers, and beside it what opens their exact values; return that."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="top"):
        st.markdown(f"## {escaped(title)}", width="content")
        return st.popover("Exact values, timing", type="tertiary", key=f"details:{key}", on_change="rerun")


def _key(session: Session, entry: Assumption) -> str:
    return f"{entry.id}.{session.segment}" if session.segment and entry.scope == "segment" else entry.id


def _entry(key: str) -> Assumption:
    return assumptions()[key.partition(".")[0]]


def lever(session: Session, key: str) -> None:
    """Draw one lever: a line with its name, unit and what it stands at, over its slider."""
    entry, currency = _entry(key), session.scenario.company.currency
    base, value = session.base_of(key), _value_of(session, key)
    shape = slider_range(entry, base, value)
    st.html(_line(session, key, base, value, shape))
    session.widget(
        f"slider:{key}", shape.shown(value),
        lambda: st.slider(entry.label, shape.low, shape.high, shape.shown(base), shape.step, key=f"slider:{key}",
                          format=_format(entry, shape, currency), label_visibility="collapsed"),
        lambda s, shown: s.set_target(key, shape.meant(shown)),
    )  # fmt: skip


def _line(session: Session, key: str, base: float, value: float, shape: Range) -> str:
    """Return what stands over a slider: name, unit, difference to the base, a clock if timed, value, marks of base and range."""
    entry, currency, move = _entry(key), session.scenario.company.currency, session.scenario.by_key.get(key)
    unit = entry.unit_label if entry.shown_as != "money" else f"{symbol(currency).strip()} {entry.unit_label}"
    own = [m for m in session.scenario.moves if m.segment and m.name == key]
    changed = [counted(len(own), "segment").lower() + " apart"] if own else []
    changed += [f"{_with_plans(session, entry, key)} with plans"] if entry.id in session.scenario.effects else []
    changed += [difference(value - base, entry.shown_as, currency)] if abs(value - base) > 1e-12 else []
    timed = bool(move and (move.start > 1 or move.ramp))
    ends = (shape.share(move.range[0]), shape.share(move.range[1])) if move and move.range else None
    shown = _exact(entry, value, currency)
    return line(entry.label, unit, " ".join(changed), shown, shape.share(base), timed=timed, ends=ends)


def line(
    name: str, unit: str, told: str, value: str, mark: float, *, timed: bool = False,
    ends: tuple[float, float] | None = None,
) -> str:  # fmt: skip
    """Return the words over a slider as HTML, all escaped; marks at a share of its length, and from one to another."""
    name, unit, told, value = map(html.escape, (name, unit, told, value))
    clock = '<i title="From a later month on">schedule</i>' if timed else ""
    ranged = f";--low:{ends[0]:.4f};--high:{ends[1]:.4f}" if ends else ""
    return (
        f'<div class="lever{" ranged" if ends else ""}" style="--base:{mark:.4f}{ranged}"><span>{name}</span><small title="{unit}">{unit}</small>'
        f"<em>{told}</em>{clock}<b>{value}</b></div>"
    )


def _value_of(session: Session, key: str) -> float:
    """Return where a lever stands: at the target of its move, else where the company's move or its base leave it."""
    move = session.scenario.by_key.get(key)
    return move.target if move else _value_now(session, key)


def _value_now(session: Session, key: str) -> float:
    """Return what an assumption comes to where no move of its own is: for a segment the company's move may act."""
    name, _, segment = key.partition(".")
    wide = session.scenario.by_key.get(name)
    if not segment or not wide:
        return session.base_of(key)
    return float(session.scenario.spread(wide)[0][list(session.scenario.company.segments).index(segment)])


def _with_plans(session: Session, entry: Assumption, key: str) -> str:
    """Return what an assumption comes to at the end with what plans do to it."""
    company, segment = session.scenario.company, key.partition(".")[2]
    values = session.scenario.path(entry.id)[-1]
    if entry.scope == "company":
        value = values[0]
    elif segment:
        value = values[list(company.segments).index(segment)]
    else:
        value = values.sum() if entry.across == "sum" else values @ company.opening_shares
    return _exact(entry, float(value), company.currency)


def _exact(entry: Assumption, value: float, currency: str) -> str:
    """Return a lever's value: money below a million in full, so that a small step shows."""
    if entry.shown_as == "money" and 10 <= abs(value) < 1e6:
        return f"{symbol(currency)}{value:,.0f}"
    return entry.show(value, currency)


def _details(session: Session, keys: Sequence[str]) -> None:
    """Draw what a slider has no room for, of one lever at a time."""
    moved = [move.key for move in session.scenario.moves if move.key in keys]
    key = st.pills("Lever", keys, default=[*keys[:1], *moved][-1], required=True, key=f"details-of:{keys[0]}",
                   format_func=lambda key: _entry(key).label, label_visibility="collapsed")  # fmt: skip
    details(session, key)


def details(session: Session, key: str) -> None:
    """Draw question, exact value, range, timing and the way back of one lever."""
    scenario, currency = session.scenario, session.scenario.company.currency
    entry, move, base, value = _entry(key), scenario.by_key.get(key), session.base_of(key), _value_of(session, key)
    shape = slider_range(entry, base, value)
    segment = key.partition(".")[2]
    of = f"{scenario.company.segments[segment]}: " if segment else ""
    low, high = entry.show(entry.min, currency), entry.show(entry.max, currency)
    small(f"{of}{entry.question} Base {_exact(entry, base, currency)}; allowed {low} to {high}.")
    unit = "%" if entry.shown_as == "rate" else entry.unit_label
    session.widget(
        f"exact:{key}", shape.shown(value),
        lambda: st.number_input(f"Exact value, {unit}", entry.min * shape.factor, entry.max * shape.factor,
                                shape.shown(value), shape.step, key=f"exact:{key}",
                                format=f"%.{max(shape.digits, _decimals(shape.shown(value)))}f"),
        lambda s, shown: s.set_target(key, shape.meant(shown)),
    )  # fmt: skip
    _range(session, key, shape, unit)
    if move:
        _timing(session, key, move)
        st.button(f"Back to base, {escaped(_exact(entry, base, currency))}", key=f"back:{key}", width="stretch",
                  icon=":material/undo:", on_click=session.operations.append,
                  args=(lambda s: s.change(s.scenario.without(key)),))  # fmt: skip
    else:
        small("Move it, and you can also say from which month on.")


def _range(session: Session, key: str, shape: Range, unit: str) -> None:
    """Draw between what a lever may come to: low and high, both empty where it is certain."""
    low, high = _ends(session, key) or (None, None)
    low_column, high_column = st.columns(2, wrap=False)
    with low_column:
        _end(session, key, shape, f"Low, {unit}", low, _set_low)
    with high_column:
        _end(session, key, shape, f"High, {unit}", high, _set_high)
    sure = rate(session.scenario.doubt.confidence, 0)
    entry, currency = _entry(key), session.scenario.company.currency
    least, value, most = (_exact(entry, one, currency) for one in (entry.min, _value_of(session, key), entry.max))
    small(f"Between low and high it comes with {sure} confidence; low lies from {least} to {value}, high from {value} to {most}. "
          "Empty: it is certain.")  # fmt: skip


def _end(session: Session, key: str, shape: Range, label: str, end: float | None, apply: SetEnd) -> None:
    """Draw one end of a range; only an input whose own value is none can be emptied."""
    entry, widget = _entry(key), f"{label.partition(',')[0].lower()}:{key}"
    shown = None if end is None else shape.shown(end)
    decimals = max(shape.digits, 0 if shown is None else _decimals(shown))
    session.widget(
        widget, shown,
        lambda: st.number_input(label, entry.min * shape.factor, entry.max * shape.factor, None, shape.step, key=widget,
                                format=f"%.{decimals}f", placeholder="none"),
        lambda s, given: apply(s, key, None if given is None else shape.meant(given)),
    )  # fmt: skip


def _set_low(session: Session, key: str, low: float | None) -> None:
    """Take a low end over: without a high one, that lies as far above the value; with none, the range goes."""
    entry, value, ends = _entry(key), _value_of(session, key), _ends(session, key)
    high = ends[1] if ends else min(entry.max, round(2 * value - (low or 0), 12))
    _set_range(session, key, None if low is None else (min(low, value), high))
    if low is not None and low > value:
        _say_held(session, key, "low", low, "above")


def _set_high(session: Session, key: str, high: float | None) -> None:
    """Take a high end over: without a low one, that lies as far below the value; with none, the range goes."""
    entry, value, ends = _entry(key), _value_of(session, key), _ends(session, key)
    low = ends[0] if ends else max(entry.min, round(2 * value - (high or 0), 12))
    _set_range(session, key, None if high is None else (low, max(high, value)))
    if high is not None and high < value:
        _say_held(session, key, "high", high, "below")


def _say_held(session: Session, key: str, end: str, given: float, side: str) -> None:
    """Say that an end of a range was held at the value it must not pass."""
    currency, value = session.scenario.company.currency, _value_of(session, key)
    given_text, value_text = (_exact(_entry(key), one, currency) for one in (given, value))
    session.notices = (f"The {end} end of {session.scenario.title_of(key)}, {given_text}, lies {side} its value, {value_text}. "
                       f"It is held there; move the value first to go on.",)  # fmt: skip


def _ends(session: Session, key: str) -> tuple[float, float] | None:
    move = session.scenario.by_key.get(key)
    return move.range if move else None


def _set_range(session: Session, key: str, ends: tuple[float, float] | None) -> None:
    """Give the move of a lever a range, or a lever that does not move a move to where it stands."""
    name, _, segment = key.partition(".")
    move = session.scenario.by_key.get(key, Move(name, _value_of(session, key), segment))
    session.set_move(replace(move, range=ends if ends and ends[0] < ends[1] else None))


def _timing(session: Session, key: str, move: Move) -> None:
    """Draw when a move starts and how long it takes."""
    start_column, ramp_column = st.columns(2, wrap=False)
    with start_column:
        session.widget(
            f"from:{key}", move.start,
            lambda: st.number_input("From month", 1, MAX_MONTH, move.start, 1, key=f"from:{key}"),
            lambda s, start: s.set_timing(key, int(start), s.scenario.by_key[key].ramp),
        )  # fmt: skip
    with ramp_column:
        session.widget(
            f"over:{key}", move.ramp,
            lambda: st.number_input("Over months", 0, MAX_MONTH, move.ramp, 1, key=f"over:{key}"),
            lambda s, ramp: s.set_timing(key, s.scenario.by_key[key].start, int(ramp)),
        )  # fmt: skip
    company = session.scenario.company
    begins, ends = (month_name(*company.month(month)) for month in (move.start, move.start + move.ramp))
    told = f"Starts in {begins}, complete in {ends}" if move.ramp else f"Complete from {begins} on"
    small(told)


def _format(entry: Assumption, shape: Range, currency: str) -> str:
    """Return the slider's own number format, which shows while it is moved."""
    if entry.shown_as == "rate":
        return f"%.{shape.digits}f %%"
    sign = symbol(currency).replace("%", "%%") if entry.shown_as == "money" else ""
    return f"{sign}%.{shape.digits}f"


def _decimals(value: float) -> int:
    """Return how many decimals a number has, at most six."""
    text = f"{value:.6f}".rstrip("0")
    return len(text.partition(".")[2])


def _round_up(value: float) -> float:
    """Return the next 1, 2, 2.5 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= value * (1 - 1e-9))
