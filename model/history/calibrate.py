"""Real data in: a company measured from exports of opportunities and subscriptions.

The opportunities give win rate, price, sales cycle and how many are created; the subscriptions give the opening book,
its contract term, retention, contraction and growth. What exports do not show is taken from a template and listed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from model.catalogue import assumptions
from model.company import Book, Company
from model.company_file import company_from
from model.errors import ExportError
from model.history.cells import shown
from model.history.draft import Draft, set_what_follows
from model.history.grouping import slug
from model.history.measures import (
    YEAR,
    Codes,
    CustomerBook,
    Measured,
    Opportunities,
    Subscriptions,
    month_text,
    new_customer_measures,
    opportunities_until,
    opportunity_measures,
    read_opportunities,
    read_subscriptions,
    recent_owners,
    subscription_measures,
)
from model.history.segments import Segments, segments_of
from model.history.tables import FILES, Export, UnusedRow, read_exports
from model.text import counted


@dataclass(frozen=True)
class Calibration:
    """A company made from exports, and how each of its values came about.

    Attributes
    ----------
    company : Company
        The company, checked.
    measured : tuple of Measured
        The values found in the rows.
    left : tuple of str
        What is the template's, and why.
    unused : tuple of UnusedRow
        Every row that could not be used.
    rows_read, rows_used : mapping of str to int
        Rows by file; read = used + set aside.
    notes : tuple of str
        What else the reader should know.
    """

    company: Company
    measured: tuple[Measured, ...]
    left: tuple[str, ...]
    unused: tuple[UnusedRow, ...]
    rows_read: Mapping[str, int]
    rows_used: Mapping[str, int]
    notes: tuple[str, ...]


def calibrate(
    opportunities: bytes | None,
    subscriptions: bytes | None,
    *,
    template: Company,
    title: str,
    columns: Mapping[str, str] | None = None,
    day_first: bool | None = None,
    progress: Callable[[float], None] = lambda _: None,
) -> Calibration:
    """Return a company measured from CSV exports.

    Parameters
    ----------
    opportunities, subscriptions : bytes or None
        The two files; one of them may be missing.
    template : Company
        Gives what the files do not show, the currency and the horizon.
    title : str
        Title of the new company.
    columns : mapping of str to str
        Header by field, for columns that go by an unknown name; the fields are those of data/columns.toml.
    day_first : bool or None
        How to read dates like 3/4/2017 in a column in which no day is above 12.
    progress : callable
        Is told the share of the work done, 0 to 1.

    Raises
    ------
    ExportError
        Everything that keeps the files from being used.
    """
    given = zip(FILES, (opportunities, subscriptions), strict=True)
    files = {file: content for file, content in given if content is not None}
    if not files:
        raise ExportError("There is no file; opportunities, subscriptions or both are needed.")
    name = _clean(title)
    progress(0.0)
    exports = read_exports(files, columns or {})
    progress(0.5)
    deals, subscribed = _tables(exports, day_first)
    progress(0.8)
    findings = _findings(deals, subscribed)
    draft = _drafted(findings, template, deals is not None, subscribed is not None)
    company = company_from(_raw(draft, name, findings))
    progress(1.0)
    return _calibration(company, draft, exports)


def _clean(title: str) -> str:
    name = " ".join(shown(title).split())[:80].strip()
    if not name:
        raise ExportError("The new company needs a title.")
    return name


def _calibration(company: Company, draft: Draft, exports: Mapping[str, Export]) -> Calibration:
    return Calibration(
        company, tuple(draft.measured), tuple(draft.left),
        tuple(row for export in exports.values() for row in export.unused),
        {file: export.rows_read for file, export in exports.items()},
        {file: int(export.used.sum()) for file, export in exports.items()},
        (*_columns_used(exports), *(note for export in exports.values() for note in export.notes), *draft.notes),
    )  # fmt: skip


def _tables(exports: Mapping[str, Export], day_first: bool | None) -> tuple[Opportunities | None, Subscriptions | None]:
    """Return the rows of both files as numbers, or the problems of both."""
    deals = read_opportunities(exports["opportunities"], day_first) if "opportunities" in exports else None
    subscribed = read_subscriptions(exports["subscriptions"], day_first) if "subscriptions" in exports else None
    problems = [problem for export in exports.values() for problem in export.problems]
    if problems:
        raise ExportError(problems)
    return deals, subscribed


def _columns_used(exports: Mapping[str, Export]) -> Iterator[str]:
    for file, export in exports.items():
        yield f"{file}: columns read: {', '.join(f'{name} = {header}' for name, header in export.headers.items())}."


@dataclass
class _Findings:
    """What both files say, before the template is asked."""

    segments: Segments
    shares: Mapping[str, float]
    opening: int = 0
    measured: list[Measured] = field(default_factory=list)
    new_customers: list[Measured] = field(default_factory=list)
    representatives: int = 0
    book: dict[str, Book] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def share_out(self, totals: Mapping[str, float]) -> None:
        """Take the shares of the segments from totals by segment, if there are such."""
        whole = sum(totals.values())
        if "" not in totals and whole > 0:
            self.shares = {segment: total / whole for segment, total in totals.items()}


def _findings(deals: Opportunities | None, subscribed: Subscriptions | None) -> _Findings:
    """Return what the files say; the opening month and the shares are those of the subscriptions if there are any."""
    tables = [table for table in (deals, subscribed) if table is not None]
    segments = segments_of(tables)
    findings = _Findings(segments, dict.fromkeys(segments.titles, 1 / len(segments.titles)))
    findings.notes += [segments.note] if segments.note else []
    if deals is not None:
        _find_in_opportunities(findings, deals, segments.of_rows[0])
    if subscribed is not None:
        _find_in_subscriptions(findings, subscribed, segments.of_rows[-1])
    return findings


def _find_in_opportunities(findings: _Findings, deals: Opportunities, codes: Codes | None) -> None:
    groups = findings.segments.groups(codes, len(deals.won))
    findings.opening = opportunities_until(deals)
    findings.measured += opportunity_measures(deals, groups)
    findings.share_out({segment: float(deals.weights[group].sum()) for segment, group in groups.items()})
    findings.representatives = recent_owners(deals)
    wins, accounts = int(deals.won.sum()), len(np.unique(deals.accounts[deals.won]))
    if deals.accounts.any() and wins > accounts:
        findings.notes.append(f"{wins:,} opportunities were won from {accounts:,} accounts; each is a new customer.")
    unpriced = int((deals.won & np.isnan(deals.amount)).sum())
    if unpriced:
        findings.notes.append(f"{unpriced:,} opportunities won have no amount; the price is that of the others.")


def _find_in_subscriptions(findings: _Findings, subscribed: Subscriptions, codes: Codes | None) -> None:
    book = CustomerBook.of(subscribed)
    groups = findings.segments.groups(_main_segment(book, codes), book.count)
    measured = list(subscription_measures(book, groups))
    findings.measured += measured
    findings.new_customers += new_customer_measures(book, groups)
    findings.share_out({one.segment: one.value for one in measured if one.assumption == "opening_arr"})
    tables = {segment: book.table(groups[segment if segment in groups else ""]) for segment in findings.segments.titles}
    findings.book = {segment: table for segment, table in tables.items() if table["arr"]}
    apart = abs(findings.opening - book.month) if findings.opening else 0
    if apart > YEAR:
        findings.notes.append(f"The opportunities end in {month_text(findings.opening)}, the subscriptions in "
                              f"{month_text(book.month)}; they may not belong together.")  # fmt: skip
    findings.opening = book.month


def _main_segment(book: CustomerBook, codes: Codes | None) -> Codes | None:
    """Return the segment of each customer: that of most of its amounts, over all its subscriptions."""
    if codes is None:
        return None
    by_segment = [book.by_customer(np.where(codes == place, book.rows.yearly, 0.0)) for place in range(codes.max() + 1)]
    return np.asarray(np.argmax(by_segment, axis=0), np.int64)


def _drafted(findings: _Findings, template: Company, has_deals: bool, has_book: bool) -> Draft:
    """Return the company in the making with every value in place."""
    arr = sum(one.value for one in findings.measured if one.assumption == "opening_arr")
    of_template = float(template.base("opening_arr").sum())
    size = arr / of_template if has_book and arr > 0 and of_template > 0 else 1.0
    draft = Draft(template, findings.segments.titles, findings.shares, size)
    draft.notes += [f"Amounts are taken as {template.currency}, the template's currency.", *findings.notes]
    draft.fill()
    draft.accept(findings.measured)
    if not has_book:
        draft.notes.append("There are no subscriptions: opening ARR, churn and growth are the template's, not yours.")
    if not has_deals:
        draft.notes.append("There are no opportunities: win rate and sales cycle are the template's, not yours.")
        draft.accept(list(_as_opportunities(findings.new_customers, draft)))
    elif has_book:
        draft.notes.append(_agreement(draft, findings.new_customers))
    if findings.representatives:
        draft.accept([_representatives(findings.representatives)])
    set_what_follows(draft, findings.representatives, book=has_book)
    draft.close()
    return draft


def _as_opportunities(new_customers: Sequence[Measured], draft: Draft) -> Iterator[Measured]:
    """Yield new customers as the opportunities they took, at the template's win rate."""
    for one in new_customers:
        rate = draft.values["win_rate"][one.segment or next(iter(draft.titles))]
        yield replace(one, value=one.value / rate if rate > 0 else 0.0) if one.assumption == "leads_per_month" else one


def _agreement(draft: Draft, new_customers: Sequence[Measured]) -> str:
    """Return how many wins a month the two files show, each by itself."""
    rate = draft.values["win_rate"]
    wins = sum(leads * rate[segment] for segment, leads in draft.values["leads_per_month"].items())
    new = sum(one.value for one in new_customers if one.assumption == "leads_per_month")
    return f"The opportunities give {wins:,.1f} wins a month, the subscriptions {new:,.1f} new customers: compare them."


def _representatives(count: int) -> Measured:
    return Measured("sales_reps", "", float(count), count, "representatives",
                    "Different owners of the opportunities decided in the last 12 full months.")  # fmt: skip


def _raw(draft: Draft, title: str, findings: _Findings) -> dict[str, Any]:
    """Return the company as its file has it."""
    return {
        "id": slug(title)[:60].strip("-") or "company", "version": 1, "title": title,
        "currency": draft.template.currency, "first_month": month_text(findings.opening + 1),
        "horizon_months": draft.template.horizon_months, "segments": dict(draft.titles),
        "company": draft.company, "assumptions": draft.values, "sources": draft.sources, "book": findings.book,
    }  # fmt: skip


def report(calibration: Calibration) -> str:
    """Return what was measured, what was left, and every row that could not be used, as text to print."""
    company = calibration.company
    segments = counted(len(company.segments), "segment").lower()
    lines = [f"{company.title}: {segments}, {company.currency}, first month {company.first_month}", "", "Measured"]
    lines += _measured_lines(calibration)
    for heading, texts in (("Left at the template", calibration.left), ("Notes", calibration.notes)):
        lines += ["", heading, *(f"  {text}" for text in texts)]
    lines += ["", "Rows"]
    for file, read in calibration.rows_read.items():
        used = calibration.rows_used[file]
        lines.append(f"  {file}: {read:,} read = {used:,} used + {read - used:,} set aside")
    if calibration.unused:
        lines += ["", "Set aside", *(f"  {row}" for row in calibration.unused)]
    return "\n".join(lines) + "\n"


def _measured_lines(calibration: Calibration) -> Iterator[str]:
    """Yield a line for each measure and how it was taken, and one for each segment it was taken in."""
    by_measure: dict[tuple[str, str], list[Measured]] = {}
    for one in calibration.measured:
        by_measure.setdefault((one.assumption, one.method), []).append(one)
    for (name, method), those in by_measure.items():
        entry, company = assumptions()[name], calibration.company
        yield f"  {entry.label}: {method}"
        for one in those:
            segment = f"{company.segments[one.segment]}: " if one.segment else ""
            unit = entry.unit_label.removeprefix("% ")
            yield f"    {segment}{entry.show(one.value, company.currency)} {unit}; {one.rows:,} {one.noun}"
