"""A company measured from its own history: what the facts bear over what a template gives, and a report of both."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from model.company import Company
from model.company_file import company_from
from model.errors import ExportError
from model.history.asking.facts import Facts
from model.history.asking.grouping import slug
from model.history.measuring.agreement import Agreement, agreement, agreement_lines
from model.history.measuring.book import opening_books
from model.history.measuring.draft import Draft
from model.history.measuring.following import net_price, set_what_follows, wins
from model.history.measuring.lifetimes import Lives, lives
from model.history.measuring.measures import Measured, measured, measures, unmeasured
from model.history.measuring.taking import take_all
from model.history.reading.unused import all_unused, much_aside
from model.history.schema import month_text
from model.rates import YEAR
from model.text import counted, money


@dataclass(frozen=True)
class Calibration:
    """A company made from its history, and how each of its values came about.

    Attributes
    ----------
    company : Company
        The company, checked; `sources` of each value say what it was measured from.
    facts : Facts
        What the rows said.
    measured : tuple of Measured
        Every measure, those on too few rows too.
    fits : tuple of Lives
        How long customers stay, all together first, where enough was seen.
    left : tuple of str
        What is the template's, and why; what cannot be measured, and what it needs.
    notes : tuple of str
        What else the reader should know.
    agreement : Agreement or None
        New ARR of the first 12 months projected beside that of the last 12; None where nothing tells the latter.
    """

    company: Company
    facts: Facts
    measured: tuple[Measured, ...]
    fits: tuple[Lives, ...]
    left: tuple[str, ...]
    notes: tuple[str, ...]
    agreement: Agreement | None = None


def calibrate(
    facts: Facts, *, template: Company, title: str, currency: str = "", notes: Sequence[str] = (),
    progress: Callable[[float, str], None] = lambda _share, _what: None,
) -> Calibration:  # fmt: skip
    """Return the company that the facts show.

    Parameters
    ----------
    facts : Facts
        What the rows say.
    template : Company
        Gives what the facts do not show, and the horizon.
    title : str
        Title of the new company.
    currency : str
        Of the files' amounts; the template's if they show none.
    notes : sequence of str
        What is known already, put first.
    progress : callable
        Is told the share done and what is estimated next; what it raises stops the work.

    Raises
    ------
    ExportError
        There is nothing to measure, or the company has no title.
    """
    name = " ".join("".join(letter if letter.isprintable() else " " for letter in title).split())[:80].strip()
    if not name:
        raise ExportError("The new company needs a title.")
    progress(0.0, "How long customers stay")
    fits = tuple(lives(facts))
    found = measured(facts, fits, lambda share, what: progress(0.4 + 0.5 * share, what))
    if not found:
        raise ExportError(
            "There is nothing to measure: no opportunity, subscription, lead, payment or person can be used."
        )
    progress(0.9, "The company")
    draft = _draft(facts, found, template, currency)
    draft.notes += (*facts.notes, *notes)
    draft.fill()
    take_all(draft, facts, found, fits)
    won = wins(draft)
    set_what_follows(draft, facts)
    pace = YEAR * sum(count * net_price(draft)[segment] for segment, count in won.items())
    missing = unmeasured(found)
    draft.close({measures()[name].sets: told for name, told in missing.items()})
    company = company_from(_raw(draft, name, facts))
    draft.notes += list(_worth(company, fits))
    told = {name for name, clause in missing.items() if any(line.startswith(clause) for line in draft.left)}
    left = (*draft.left, *_not_measured(missing.keys() - told))
    return Calibration(company, facts, found, fits, left, tuple(draft.notes), agreement(company, pace, found))


def _not_measured(names: Collection[str]) -> Iterator[str]:
    """Yield a sentence for all measures that need the same."""
    by_need: dict[str, list[str]] = {}
    for name, entry in measures().items():
        if name in names:
            by_need.setdefault(entry.wants, []).append(entry.label)
    for wants, labels in by_need.items():
        they = "it needs" if len(labels) == 1 else "they need"
        yield f"{', '.join(labels)}: cannot be measured from these files; {they} {wants}."


def _draft(facts: Facts, found: Sequence[Measured], template: Company, currency: str) -> Draft:
    """Return the company in the making, with the shares of its segments and its size."""
    arr = {one.segment: one.value for one in found if one.measure == "opening_arr"}
    of_template = float(template.base("opening_arr").sum())
    size = arr[""] / of_template if arr.get("", 0.0) > 0 and of_template > 0 else 1.0
    draft = Draft(template, currency or template.currency, facts.segments, _shares(facts, arr), size)
    if not currency:
        draft.notes.append(f"The files show no currency; amounts are taken as {template.currency}, the template's.")
    return draft


def _shares(facts: Facts, arr: Mapping[str, float]) -> dict[str, float]:
    """Return how totals are split: by opening ARR, else by the amounts won, else alike."""
    if len(arr) > 1:
        weights = {segment: max(arr.get(segment, 0.0), 0.0) for segment in facts.segments}
    else:
        won: Any = facts.prices.groupby("segment")["amount"].sum() if len(facts.prices) else {}
        weights = {segment: float(won.get(segment, 0)) for segment in facts.segments}
    whole = sum(weights.values())
    return {s: weight / whole if whole > 0 else 1 / len(weights) for s, weight in weights.items()}


def _raw(draft: Draft, title: str, facts: Facts) -> dict[str, Any]:
    """Return the company as its file has it."""
    return {
        "id": slug(title)[:60].strip("-") or "company", "version": 1, "title": title,
        "currency": draft.currency, "first_month": month_text(facts.until + 1),
        "horizon_months": draft.template.horizon_months, "segments": dict(draft.titles),
        "company": draft.company, "assumptions": draft.values, "sources": draft.sources, "book": opening_books(facts),
    }  # fmt: skip


def _worth(company: Company, fits: Sequence[Lives]) -> Iterator[str]:
    """Yield what a single retention rate would get wrong in money, where customers differ."""
    for one in fits:
        if one.segment or not one.differ:
            continue
        margin = float(company.base("gross_margin") @ company.opening_shares)
        fitted, constant = one.remaining_margin(margin, company.mean("cost_of_capital"))
        more = "too little" if constant < fitted else "too much"
        yield (f"Today's customers are worth {money(fitted, company.currency)} of discounted margin over 50 years without growth, "
               f"by the model of customers who differ; one retention rate for all would say {money(constant, company.currency)}, "
               f"{money(abs(fitted - constant), company.currency)} {more}.")  # fmt: skip


def report(calibration: Calibration, accounts: Sequence[Any] = (), unused: str = "") -> str:
    """Return what was measured, what was not and why, and what became of the rows, as text to print.

    Of each reason the first rows set aside are listed; `unused` is the file that has all of them, "" if there is none.
    `accounts` are those of `files.read_files` or of a warehouse: rows read, used and set aside of each file or table.
    """
    company = calibration.company
    segments = counted(len(company.segments), "segment").lower()
    lines = [f"{company.title}: {segments}, {company.currency}, first month {company.first_month}"]
    lines += [f"Warning: {text}" for text in map(much_aside, accounts) if text]
    lines += ["", *agreement_lines(calibration.agreement)] if calibration.agreement else []
    lines += ["", "Measured, with 90 % intervals", *_measured_lines(calibration)]
    for heading, texts in (("Not measured", calibration.left), ("Notes", calibration.notes)):
        lines += ["", heading, *(f"  {text}" for text in texts)]
    for account in accounts:
        lines += ["", *account_lines(account, unused)]
    return "\n".join(lines) + "\n"


def _measured_lines(calibration: Calibration) -> Iterator[str]:
    """Yield a line for each measure and how it was taken, and one for each segment it was taken in."""
    company, last = calibration.company, ""
    for one in calibration.measured:
        if one.measure != last:
            yield f"  {one.declared.label}: {one.declared.how}"
        last = one.measure
        segment = company.segments.get(one.segment, "All") if len(company.segments) > 1 else ""
        where = ": ".join(part for part in (segment, one.of) if part)
        yield f"    {where + ': ' if where else ''}{one.shown(company.currency)}; {one.period}"


def account_lines(account: Any, unused: str = "") -> Iterator[str]:
    """Yield the rows of a file: read = used + set aside, the columns, what is to be known, the first rows set aside."""
    aside = account.read - account.used
    yield f"{account.kind}, {account.name}: {account.read:,} rows read = {account.used:,} used + {aside:,} set aside"
    yield f"  columns read: {', '.join(f'{name} = {header}' for name, header in account.headers.items())}"
    yield from (f"  {note}" for note in account.notes)
    yield from (f"  {row}" for row in account.unused.told(all_unused(aside, unused)))
