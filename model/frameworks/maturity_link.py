"""Maturity in a link: what a person may have written, read part by part; each refused part is named once."""

from __future__ import annotations

import re
from collections.abc import Mapping

from model.catalogue import assumptions
from model.company import Company
from model.errors import ScenarioError
from model.frameworks.framework import LARGEST_STEP, LEVELS, STRENGTHS, elements, framework_of, frameworks
from model.frameworks.maturity import HALF_A_YEAR, Maturity, Step
from model.moves import LEFT_OUT, MAX_MONTH
from model.text import glance, number

_LEVEL = r"\d{1,200}(?:\.\d{1,200})?"
_STEP = re.compile(rf"({_LEVEL})(?:to({_LEVEL}))?(?:from(\d{{1,200}})(?:over(\d{{1,200}}))?)?", re.ASCII)
_NUMBER = re.compile(r"[+-]?((\d+\.?\d*|\.\d+)(e[+-]?\d+)?|nan|inf|infinity)", re.IGNORECASE | re.ASCII)


def read_maturity(query: Mapping[str, str], _: Company) -> tuple[Maturity | None, list[str]]:
    """Return the plan that the parameters "maturity…" describe, if any, and a sentence for each refused part."""
    plan, problems = Maturity(), list[str]()
    for key, text in query.items():
        try:
            plan = _with_part(plan, key, text, f"({glance(f'{key}={text}', 80)})")
        except ScenarioError as error:
            problems += error.with_instead
    return (plan if plan.written() else None), problems


def _with_part(plan: Maturity, key: str, text: str, typed: str) -> Maturity:
    """Return the plan with one parameter taken over."""
    parts = key.split(".")[1:]
    if parts == ["range"]:
        return _with_range(plan, text, typed)
    if not parts or parts[0] not in frameworks():
        known = ", ".join(frameworks())
        raise ScenarioError(f"Maturity {typed} names no framework; write maturity.<framework> of {known}.", LEFT_OUT)
    framework = frameworks()[parts[0]]
    if parts[1:] == ["answers"]:
        return _with_answers(plan, framework.id, text, typed)
    element = ".".join(parts[:2])
    if element not in elements() or len(parts) > 3:
        told = glance(".".join(parts[1:]))
        known = ", ".join(entry.id for entry in framework.elements)
        raise ScenarioError(f"{framework.framework} has no element {told!r} {typed}; it has {known}.", LEFT_OUT)
    if len(parts) == 2:
        return plan.with_step(element, _step(text, f"{elements()[element].label} {typed}"))
    return _with_edit(plan, element, parts[2], text, typed)


def _with_range(plan: Maturity, text: str, typed: str) -> Maturity:
    for strength in STRENGTHS:
        if text == strength:
            return Maturity(plan.steps, plan.edits, plan.answers, strength)
    raise ScenarioError(f"The range of effects {typed} must be low, likely or high.", "Likely is used.")


def _with_answers(plan: Maturity, framework_id: str, text: str, typed: str) -> Maturity:
    framework = frameworks()[framework_id]
    if not framework.answers:
        raise ScenarioError(f"{framework.framework} has no statements to answer {typed}.", LEFT_OUT)
    shape = r"\.".join(rf"[0-5-]{{{len(element.statements)}}}" for element in framework.elements)
    if not re.fullmatch(shape, text):
        sizes = ", ".join(str(len(element.statements)) for element in framework.elements)
        raise ScenarioError(f"The answers {typed} cannot be read; groups of {sizes} digits from 0 to 5 are needed, "
                            "with dots between.", "They are left out.")  # fmt: skip
    for key, group in zip(framework.keys, text.replace("-", "0").split("."), strict=True):
        plan = plan.with_answers(key, tuple(map(int, group)))
    return plan


def _step(text: str, what: str) -> Step:
    """Return the step written as "2to4from3over6"."""
    parts = _STEP.fullmatch(text)
    if not parts:
        raise ScenarioError(f"{what} cannot be read; write 2to4, 2to4from3 or 2to4from3over6.", LEFT_OUT)
    for level in (parts[1], parts[2] or parts[1]):
        value = float(level)
        if not LEVELS[0] <= value <= LEVELS[1] or value != round(value, 1):
            raise ScenarioError(
                f"{what} has a level of {glance(level)}; it must lie between 1 and 5, in tenths.", LEFT_OUT
            )
    today, target = float(parts[1]), float(parts[2]) if parts[2] else None
    if not parts[3]:
        return Step(today, target, 1, HALF_A_YEAR if target is None else 0)
    start, ramp = int(parts[3]), int(parts[4] or 0)
    if not (1 <= start <= MAX_MONTH and ramp <= MAX_MONTH):
        raise ScenarioError(f"{what} has a timing out of range; it must start in month 1 to {MAX_MONTH} and take 0 to "
                            f"{MAX_MONTH} months.", LEFT_OUT)  # fmt: skip
    return Step(today, target, start, ramp)


def _with_edit(plan: Maturity, element: str, name: str, text: str, typed: str) -> Maturity:
    """Return the plan with the reader's own change per level of one assumption."""
    declared = next((effect for effect in elements()[element].effects if effect.name == name), None)
    label = elements()[element].label
    if declared is None:
        known = ", ".join(effect.name for effect in elements()[element].effects)
        raise ScenarioError(f"{label} of {framework_of(element).framework} has no effect on {glance(name)!r} {typed}; "
                            f"it acts on {known}.", LEFT_OUT)  # fmt: skip
    what = f"{label} on {assumptions()[name].label.lower()} {typed}"
    instead = f"The declared {number(declared.likely, 4)} is used."
    allowed = f"it must lie between {number(-LARGEST_STEP, 2)} and {number(LARGEST_STEP, 2)} a level"
    if not _NUMBER.fullmatch(text):
        raise ScenarioError(f"{what} is not a number; {allowed}.", instead)
    if not abs(float(text)) <= LARGEST_STEP:
        raise ScenarioError(f"{what} is out of bounds; {allowed}.", instead)
    return plan.with_edit(element, name, float(text))
