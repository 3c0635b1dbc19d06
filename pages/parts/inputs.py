"""Inputs: an assumption as a lever, its exact value and timing behind its name, all from one declaration."""

from __future__ import annotations

import math
from dataclasses import dataclass

import streamlit as st

from model import assumptions
from model.catalogue import Assumption
from model.scenario import MAX_MONTH, Move
from model.text import counted, difference, month_name, symbol
from pages.parts.blocks import escaped
from pages.parts.state import Session

STEPS_ACROSS = 100


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


def levers(session: Session, names: list[str]) -> None:
    """Draw levers one below the other; in view of a segment they move that segment alone."""
    with st.container(gap="xxsmall"):
        for name in names:
            entry = assumptions()[name]
            segment = session.segment if entry.scope == "segment" else ""
            lever(session, entry, f"{name}.{segment}" if segment else name)


def lever(session: Session, entry: Assumption, key: str) -> None:
    """Draw one lever: its name opens the exact value and timing, its slider marks the base."""
    scenario, currency = session.scenario, session.scenario.company.currency
    base, move = session.base_of(key), scenario.by_key.get(key)
    value = move.target if move else _value_now(session, key)
    shape = slider_range(entry, base, value)
    box = f"lever_{key.replace('.', '_')}"
    # the name and one text of two paragraphs in a row, the slider below: the page's CSS sets them so
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key=box):
        popover = st.popover(entry.label, type="tertiary", key=f"details:{key}", on_change="rerun")
        unit = entry.unit_label if entry.shown_as != "money" else f"{symbol(currency).strip()} {entry.unit_label}"
        reading = _reading(session, entry, key, base, value)
        st.markdown(f":gray[:small[{escaped(unit)}]]\n\n{reading}", width="stretch")
        session.widget(
            f"slider:{key}", shape.shown(value),
            lambda: st.slider(entry.label, shape.low, shape.high, shape.shown(base), shape.step, key=f"slider:{key}",
                              format=_format(entry, shape, currency), label_visibility="collapsed"),
            lambda s, shown: s.set_target(key, shape.meant(shown)),
        )  # fmt: skip
    if popover.open:
        with popover:
            _details(session, entry, key, shape)
    st.session_state.setdefault("base_marks", {})[box] = shape.share(base)


def _value_now(session: Session, key: str) -> float:
    """Return what an assumption comes to where no move of its own is: for a segment the company's move may act."""
    name, _, segment = key.partition(".")
    wide = session.scenario.by_key.get(name)
    if not segment or not wide:
        return session.base_of(key)
    return float(session.scenario.spread(wide)[0][list(session.scenario.company.segments).index(segment)])


def _reading(session: Session, entry: Assumption, key: str, base: float, value: float) -> str:
    """Return the right end of a lever's row: the difference to the base, a clock if timed, the value."""
    currency = session.scenario.company.currency
    move = session.scenario.by_key.get(key)
    own = [m for m in session.scenario.moves if m.segment and m.name == entry.id and "." not in key]
    changed = (
        f":blue[:small[{escaped(difference(value - base, entry.shown_as, currency))}]] "
        if abs(value - base) > 1e-12
        else ""
    )
    clock = ":blue[:material/schedule:] " if move and (move.start > 1 or move.ramp) else ""
    by_plans = entry.id in session.scenario.effects
    planned = f":blue[:small[{escaped(_with_plans(session, entry, key))} with plans]] " if by_plans else ""
    split = f":blue[:small[{counted(len(own), 'segment').lower()} apart]] " if own else ""
    return f"{split}{planned}{changed}{clock}**{escaped(_exact(entry, value, currency))}**"


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


def _details(session: Session, entry: Assumption, key: str, shape: Range) -> None:
    """Draw what stands behind a lever's name: question, exact value, timing and the way back."""
    scenario, currency = session.scenario, session.scenario.company.currency
    segment = key.partition(".")[2]
    move = scenario.by_key.get(key)
    base = session.base_of(key)
    value = move.target if move else _value_now(session, key)
    of = f" · {escaped(scenario.company.segments[segment])}" if segment else ""
    st.markdown(f"**{entry.label}**{of}")
    low, high = entry.show(entry.min, currency), entry.show(entry.max, currency)
    st.markdown(
        f":gray[:small[{escaped(f'{entry.question} Base {_exact(entry, base, currency)}; allowed {low} to {high}.')}]]"
    )
    unit = "%" if entry.shown_as == "rate" else entry.unit_label
    session.widget(
        f"exact:{key}", shape.shown(value),
        lambda: st.number_input(f"Exact value, {unit}", entry.min * shape.factor, entry.max * shape.factor,
                                shape.shown(value), shape.step, key=f"exact:{key}",
                                format=f"%.{max(shape.digits, _decimals(shape.shown(value)))}f"),
        lambda s, shown: s.set_target(key, shape.meant(shown)),
    )  # fmt: skip
    if move:
        _timing(session, key, move)
        st.button(f"Back to base, {escaped(_exact(entry, base, currency))}", key=f"back:{key}", width="stretch",
                  icon=":material/undo:", on_click=session.operations.append,
                  args=(lambda s: s.change(s.scenario.without(key)),))  # fmt: skip
    else:
        st.markdown(":gray[:small[Move it, and you can also say from which month on.]]")


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
    st.markdown(f":gray[:small[{told}]]")


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
