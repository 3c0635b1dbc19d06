"""Facts → measures: each value with what it rests on, its period and its interval."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from model.history.around import forecast_measures, lead_measures, payment_measures, team_measures
from model.history.book import book_measures, retained_measures, term_measures
from model.history.decisions import decision_measures
from model.history.facts import Facts
from model.history.lifetimes import Lives, life_measures, lives
from model.history.measure import Measure, Measured, measures
from model.history.pipeline import pipeline_measures

__all__ = ["Measure", "Measured", "measured", "measures", "unmeasured"]


def measured(facts: Facts, fitted: Sequence[Lives] | None = None) -> tuple[Measured, ...]:
    """Return every measure that the facts bear, in the order of data/measures.toml, all segments together first.

    Parameters
    ----------
    facts : Facts
        What the rows say.
    fitted : sequence of Lives
        Models of how long customers stay, if they are fitted already.
    """
    order = {name: place for place, name in enumerate(measures())}
    segments = {name: place for place, name in enumerate(("", *facts.segments))}
    found = _all(facts, tuple(lives(facts)) if fitted is None else fitted)
    return tuple(sorted(found, key=lambda one: (order[one.measure], segments[one.segment], one.of)))


def _all(facts: Facts, fitted: Sequence[Lives]) -> Iterator[Measured]:
    yield from book_measures(facts)
    yield from retained_measures(facts)
    yield from life_measures(facts, fitted)
    yield from term_measures(facts)
    yield from decision_measures(facts)
    yield from pipeline_measures(facts)
    yield from lead_measures(facts)
    yield from payment_measures(facts)
    yield from team_measures(facts)
    yield from forecast_measures(facts)


def unmeasured(found: Sequence[Measured]) -> dict[str, str]:
    """Return a clause for every measure that the files do not bear at all, by id: what it would need."""
    seen = {one.measure for one in found}
    return {
        name: f"{entry.label}: cannot be measured from these files; it needs {entry.wants}"
        for name, entry in measures().items()
        if name not in seen
    }
