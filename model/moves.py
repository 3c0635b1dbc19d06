"""A move: a change of one assumption from a month on, perhaps with a range, and how a link writes and reads it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np

from model.catalogue import Assumption, assumptions, retired
from model.company import HORIZON_MONTHS, Company, Numbers
from model.errors import ScenarioError
from model.text import glance, plain

_MOVE = re.compile(
    r"(?P<target>[+-]?inf.*?|.*?)(?:in(?P<range>.*?))?(?P<timing>from.*|over.*)?", re.DOTALL | re.IGNORECASE
)
NUMBER = re.compile(r"[+-]?((\d+\.?\d*|\.\d+)(e[+-]?\d+)?|nan|inf|infinity)", re.IGNORECASE | re.ASCII)
_TIMING = re.compile(r"from(?P<start>\d{1,200})(?:over(?P<ramp>\d{1,200}))?", re.ASCII)
MAX_MONTH = HORIZON_MONTHS[1]
LEFT_OUT = "It is left out."


@dataclass(frozen=True)
class Move:
    """A change of one assumption, for the company ('' as segment) or for one segment.

    In month t the value is the base before `start`, `target` from `start` + `ramp` on, and on a straight line between.
    With a `range`, low and high, the target is what is likely and not certain; a projection takes the target.
    """

    name: str
    target: float
    segment: str = ""
    start: int = 1
    ramp: int = 0
    range: tuple[float, float] | None = None

    @property
    def key(self) -> str:
        """What the move is of: "win_rate" or "win_rate.ent"."""
        return f"{self.name}.{self.segment}" if self.segment else self.name

    @property
    def value(self) -> str:
        """The right-hand side of the move as a link writes it: "0.3in0.25to0.35from6over3"."""
        ends = f"in{plain(self.range[0])}to{plain(self.range[1])}" if self.range else ""
        timing = f"from{self.start}" if self.start > 1 or self.ramp else ""
        return f"{plain(self.target)}{ends}{timing}" + (f"over{self.ramp}" if self.ramp else "")

    @property
    def full(self) -> int:
        """The month from which it acts in full, 1 being the first."""
        return self.start + self.ramp

    def __str__(self) -> str:
        return f"{self.key}={self.value}"

    def to(self, target: float) -> Move:
        """Return the move with another target; a range that does not hold it is widened as far as it."""
        ends = (min(self.range[0], target), max(self.range[1], target)) if self.range else None
        return replace(self, target=target, range=ends)

    def progress(self, months: int) -> Numbers:
        """Return how much of the move is done in months 1..`months`: 0 before `start`, 1 at the end of its ramp."""
        month = np.arange(1, months + 1)
        done = (month - self.start + 1) / (self.ramp + 1)
        return np.clip(done, 0.0, 1.0)


def read_move(key: str, text: str, company: Company) -> Move:
    """Return the move written as `key`=`text`, for example win_rate.ent = 0.3from6over3.

    Raises
    ------
    ScenarioError
        One sentence: the name, the value and its bounds; apart from it, what a link takes instead.
    """
    typed = glance(f"{key}={text}", 80)
    entry, segment = _named(key, typed, company)
    of = f" of {company.segments[segment]}" if segment else ""
    base = company.assumptions[entry.id][segment] if segment else company.mean(entry.id)
    shown = entry.show(base, company.currency)
    instead = f"It is left out; the base{of} is {shown}." if segment else f"The base, {shown}, is used."
    parts = _MOVE.fullmatch(text)
    if not parts or not NUMBER.fullmatch(parts["target"]):
        raise ScenarioError(f"{entry.label}{of} ({typed}) is not a number; {entry.allowed(company.currency)}.", instead)
    target = float(parts["target"])
    if problem := entry.problem(target, company.currency):
        raise ScenarioError(f"{entry.label}{of} ({typed}) {problem}.", instead)
    what = f"{entry.label}{of} ({typed})"
    start, ramp = _timing(parts["timing"], parts["target"], what, instead)
    ends = None if parts["range"] is None else _range(parts["range"], target, entry, company.currency, what, instead)
    return Move(entry.id, target, segment, start, ramp, ends)


def _range(text: str, target: float, entry: Assumption, currency: str, what: str, instead: str) -> tuple[float, float]:
    """Return low and high of "0.88to0.96", for the move that `what` names."""
    low, to, high = text.partition("to")
    if not (to and NUMBER.fullmatch(low) and NUMBER.fullmatch(high)):
        low_end, high_end = min(entry.usual[0], target), max(entry.usual[1], target)
        example = f"{plain(target)}in{plain(low_end)}to{plain(high_end)}"
        raise ScenarioError(f"{what} has a range that cannot be read; write {example}.", instead)
    ends = float(low), float(high)
    for end in ends:
        if problem := entry.problem(end, currency):
            raise ScenarioError(f"{what} has a range whose end {problem}.", instead)
    if not (ends[0] <= target <= ends[1] and ends[0] < ends[1]):
        raise ScenarioError(
            f"{what} has a range from {plain(ends[0])} to {plain(ends[1])}; it must rise and hold {plain(target)}.",
            instead,
        )
    return ends


def _named(key: str, typed: str, company: Company) -> tuple[Assumption, str]:
    """Return the assumption and the segment that the key of a move names."""
    name, dot, segment = key.partition(".")
    entry = assumptions().get(retired().get(name, name))
    if entry is None:
        raise ScenarioError(f"There is no assumption {glance(name)!r} ({typed}).", LEFT_OUT)
    if entry.across == "fact":
        raise ScenarioError(f"{entry.label} ({typed}) is a fact of the company and cannot be moved.", LEFT_OUT)
    if dot and entry.scope == "company":
        raise ScenarioError(f"{entry.label} ({typed}) is one value for the company, not by segment.", LEFT_OUT)
    if dot and segment not in company.segments:
        known = ", ".join(company.segments)
        raise ScenarioError(f"{company.title} has no segment {glance(segment)!r} ({typed}); it has {known}.", LEFT_OUT)
    return entry, segment


def _timing(text: str | None, target: str, what: str, instead: str) -> tuple[int, int]:
    """Return start and ramp of "from6over3", for the move that `what` names."""
    if not text:
        return 1, 0
    parts = _TIMING.fullmatch(text)
    if not parts:
        example = f"write {target}from6 or {target}from6over3"
        raise ScenarioError(f"{what} has a timing that cannot be read; {example}.", instead)
    start, ramp = int(parts["start"]), int(parts["ramp"] or 0)
    if not (1 <= start <= MAX_MONTH and 0 <= ramp <= MAX_MONTH):
        raise ScenarioError(
            f"{what} has a timing out of range; it must start in month 1 to {MAX_MONTH} "
            f"and take 0 to {MAX_MONTH} months.", instead,
        )  # fmt: skip
    return start, ramp
