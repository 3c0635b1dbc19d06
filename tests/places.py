"""The addresses of all pages, the first one's being empty."""

from __future__ import annotations

from model.frameworks.lens import lenses

PLACES = (
    "",
    *lenses(),
    "assessment",
    "choose",
    "own-lens",
    "scores",
    "delivery",
    "uncertainty",
    "drivers",
    "retention-profit",
    "compare",
    "explain",
    "sensitivity",
    "aim",
    "company",
    "back-test",
    "actuals",
    "history",
    "method",
)
