"""Where actual months come from: a file of them, or a company's own history."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pyarrow as pa

from model.errors import ExportError
from model.history.asking.facts import Facts
from model.history.reading.adding_up import LINES, SIGNS
from model.history.reading.files import Imported
from model.history.schema import CENTS, month_text
from model.history.trust.actuals import Actuals, MonthRow, first_month, month_of, read_months
from model.scenario import Scenario

_OF_FACTS = {
    "new": "arr_new",
    "reactivation": "arr_new",
    "expansion": "arr_expansion",
    "contraction": "arr_contraction",
    "churn": "arr_churn",
}


def read_actuals(files: Imported, scenario: Scenario) -> Actuals:
    """Return the actual months of a file of kind "actuals", laid beside a plan, with all that was set aside.

    Raises
    ------
    ExportError
        Nothing is left to compare, or the amounts are in another currency than the plan.
    """
    account, currency = files.accounts[0], scenario.company.currency
    if files.currency and files.currency != currency:
        raise ExportError(
            f"{account.name} is in {files.currency}, the plan in {currency}; bring them to one currency first."
        )
    found = read_months(rows_of(files.tables["actuals"]), scenario, account.name)
    unseen = () if files.currency else (f"The file does not say its currency; its amounts are taken as {currency}. A file in another "
                                        "currency cannot be told from this one.",)  # fmt: skip
    unused = account.unused.with_those(found.unused)
    return replace(found, unused=unused, notes=(*account.notes, *unseen, *found.notes))


def rows_of(table: pa.Table) -> Iterator[MonthRow]:
    """Yield the rows of a table of actual months."""
    for row in table.to_pylist():
        amounts = {name: row[name] / CENTS for name in LINES if row[name] is not None}
        yield MonthRow(row["line"], month_of(row["month"]), row["segment"] or "", amounts)


def own_months(facts: Facts, scenario: Scenario) -> Actuals:
    """Return the months of a company's own history that lie in a plan: those after its opening day.

    Customers who came back count as new; growth of customers holds price rises, and churn failed payments.

    Raises
    ------
    ExportError
        The history ends before the plan begins.
    """
    first, company = first_month(scenario), scenario.company
    months = range(first, facts.until + 1)
    if not months:
        raise ExportError(f"The history ends in {month_text(facts.until)}, before the plan begins, in "
                          f"{company.first_month}: there is no month to compare yet.")  # fmt: skip
    same = list(facts.segments) == list(company.segments)
    rows = []
    for segment in facts.segments if same else [""]:
        added = _added(facts, segment)
        book = sum(SIGNS[line] * arr for (month, line), arr in added.items() if month < first)
        for month in months:
            amounts = {line: added.get((month, line), 0.0) for line in dict.fromkeys(_OF_FACTS.values())}
            closing = book + sum(SIGNS[line] * arr for line, arr in amounts.items())
            rows.append(MonthRow(0, month, segment, {"arr_opening": book} | amounts | {"arr_closing": closing}))
            book = closing
    return read_months(rows, scenario, "history")


def _added(facts: Facts, segment: str) -> dict[tuple[int, str], float]:
    """Return movements by month and line of a plan, of a segment or of all."""
    found: dict[tuple[int, str], float] = {}
    columns = (facts.movements[name].tolist() for name in ("segment", "month", "movement", "arr"))
    for of, month, movement, arr in zip(*columns, strict=True):
        if segment in ("", of):
            key = month, _OF_FACTS[movement]
            found[key] = found.get(key, 0.0) + arr / CENTS
    return found
