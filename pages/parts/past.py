"""What undo brings back: what was on screen before a change, and what was asked that the change may take away."""

from __future__ import annotations

from dataclasses import dataclass

from model import Scenario
from model.outcomes import Outcome
from model.studies.aim_link import Allowed
from model.studies.beside import Beside
from model.studies.sensitivity import Looking

PAST = 100
"""How many changes can be undone."""


@dataclass(frozen=True)
class Before:
    """What there was before a change; each field is that of the session."""

    scenario: Scenario
    segment: str
    beside: Beside
    outcome: Outcome
    target: float | None
    looking: Looking
    allowed: tuple[Allowed, ...] | None
    driving: tuple[str, ...] | None
