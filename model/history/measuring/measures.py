"""Facts → measures: each value with what it rests on, its period and its interval."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from model.history.asking.facts import Facts
from model.history.measuring.around import forecast_measures, lead_measures, payment_measures, team_measures
from model.history.measuring.book import amounts_change, book_measures, retained_measures, term_measures
from model.history.measuring.decisions import decision_measures
from model.history.measuring.lifetimes import Lives, life_measures, lives
from model.history.measuring.measure import Measure, Measured, measures
from model.history.measuring.pipeline import pipeline_measures

__all__ = ["Measure", "Measured", "measured", "measures", "unmeasured"]

ESTIMATES: Mapping[str, Callable[[Facts, Sequence[Lives]], Iterable[Measured]]] = {
    "ARR and its movements": lambda facts, _: book_measures(facts),
    "Retention": lambda facts, _: retained_measures(facts),
    "How long customers stay": life_measures,
    "Contract terms": lambda facts, _: term_measures(facts),
    "Decisions": lambda facts, _: decision_measures(facts),
    "Pipeline": lambda facts, _: pipeline_measures(facts),
    "Leads": lambda facts, _: lead_measures(facts),
    "Payments": lambda facts, _: payment_measures(facts),
    "Sales people": lambda facts, _: team_measures(facts),
    "Forecasts": lambda facts, _: forecast_measures(facts),
}
"""What is estimated, by what it is called meanwhile."""


def measured(
    facts: Facts,
    fitted: Sequence[Lives] | None = None,
    progress: Callable[[float, str], None] = lambda _share, _what: None,
) -> tuple[Measured, ...]:
    """Return every measure that the facts bear, in the order of data/measures.toml, all segments together first.

    Parameters
    ----------
    facts : Facts
        What the rows say.
    fitted : sequence of Lives
        Models of how long customers stay, if they are fitted already.
    progress : callable
        Is told the share done and what is estimated next; what it raises stops the work.
    """
    order = {name: place for place, name in enumerate(measures())}
    segments = {name: place for place, name in enumerate(("", *facts.segments))}
    fitted = tuple(lives(facts)) if fitted is None else fitted
    found: list[Measured] = []
    for place, (told, of_facts) in enumerate(ESTIMATES.items()):
        progress(place / len(ESTIMATES), told)
        found += of_facts(facts, fitted)
    if len(facts.movements) and not amounts_change(facts):
        found = [replace(one, unchanged=True) for one in found]
    return tuple(sorted(found, key=lambda one: (order[one.measure], segments[one.segment], one.of)))


def unmeasured(found: Sequence[Measured]) -> dict[str, str]:
    """Return a clause for every measure that the files do not bear at all, by id: what it would need."""
    seen = {one.measure for one in found}
    return {
        name: f"{entry.label}: cannot be measured from these files; it needs {entry.wants}"
        for name, entry in measures().items()
        if name not in seen
    }
