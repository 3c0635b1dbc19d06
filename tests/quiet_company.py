"""A company in which nothing happens that a test does not ask for."""

from __future__ import annotations

from typing import Any

from model import Company, assumptions
from model.company_file import company_from

AWAKE = {"contract_term_months": 12, "sales_cycle_months": 0.5, "lead_conversion": 1, "win_rate": 1, "sales_reps": 1,
         "deals_per_rep_month": 1000, "retention_rate": 1, "gross_margin": 1}  # fmt: skip
"""All else is 0: every lead is won at once, everybody renews, nothing costs anything."""


def quiet_company(segments: tuple[str, ...] = ("one",), *, months: int = 12, **values: Any) -> Company:
    """Return a company whose customers were all won the month before it starts, with the values given."""
    given = dict.fromkeys(assumptions(), 0) | AWAKE | values
    of_company = {key for key, entry in assumptions().items() if entry.scope == "company"}
    month_before = {"arr": {"2025-12": 1}, "customers": {"2025-12": 1}}
    return company_from(
        {
            "id": "quiet",
            "version": 1,
            "title": "Quiet",
            "currency": "USD",
            "first_month": "2026-01",
            "horizon_months": months,
            "segments": {segment: segment.title() for segment in segments},
            "company": {key: value for key, value in given.items() if key in of_company},
            "assumptions": {key: value for key, value in given.items() if key not in of_company},
            "book": dict.fromkeys(segments, month_before),
        }
    )
