"""Companies as files: reading, checking, writing them, and those that are shipped."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, time
from functools import cache
from pathlib import Path
from typing import Any

from model.catalogue import DATA, Assumption, assumptions
from model.company import HORIZON_MONTHS, Book, Company
from model.errors import CompanyError
from model.opening import BOOK_COLUMNS
from model.text import glance, plain
from model.toml_lines import line_of, lines_of, parse

COMPANIES = DATA / "companies"
MAX_SEGMENTS = 8
MAX_FILE_BYTES = 250_000
MOST_PROBLEMS = 100
MAX_SOURCE = 400
MAX_NAME = 255
TITLE_NEEDED = "a text of 1 to 80 characters on one line is needed"
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_SEGMENT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")
_MONTH = re.compile(r"(19|20|21)\d\d-(0[1-9]|1[0-2])")
_TOP = ("id", "version", "title", "currency", "first_month", "horizon_months",
        "segments", "company", "assumptions", "sources", "book")  # fmt: skip


def read_company(text: str, name: str = "company file") -> Company:
    """Return the company a TOML text describes.

    Raises
    ------
    CompanyError
        Every problem of the text, each with its line.
    """
    if len(text) > MAX_FILE_BYTES:
        raise CompanyError(f"{name} has {len(text):,} characters; a company file has at most {MAX_FILE_BYTES:,}.")
    raw, problems = parse(text.removeprefix("\ufeff"))
    unread = {line for line, _ in problems}
    lines = lines_of(text, unread)
    try:
        company = company_from(raw) if raw or not problems else None
    except CompanyError as error:
        found = [(line_of(problem, lines), problem) for problem in error.problems]
        problems += [(line, problem) for line, problem in found if not (line in unread and " is missing; " in problem)]
    if problems or company is None:
        told = [f"{name}, line {line}: {problem}" if line else f"{name}: {problem}"
                for line, problem in sorted(problems)[:MOST_PROBLEMS]]  # fmt: skip
        left = len(problems) - MOST_PROBLEMS
        raise CompanyError([*told, f"{name}: {left:,} more problems are not listed."] if left > 0 else told)
    return company


def company_from(raw: Mapping[str, Any]) -> Company:
    """Return the company that a parsed file or a form describes.

    Raises
    ------
    CompanyError
        Every problem, each beginning with the path of its value: "assumptions.win_rate.smb is 'high'; …".
    """
    problems = list(_heading_problems(raw))
    segments = raw.get("segments")
    known = tuple(segments) if isinstance(segments, Mapping) and segments else None
    company, found = _values(raw.get("company"), "company", ())
    problems += found
    by_segment, found = _values(raw.get("assumptions"), "segment", known)
    problems += found
    problems += _book_problems(raw, known, by_segment)
    if problems:
        raise CompanyError(problems)
    return Company(
        id=raw["id"], version=raw["version"], title=raw["title"], currency=raw["currency"],
        first_month=raw["first_month"], horizon_months=raw["horizon_months"], segments=dict(raw["segments"]),
        company={key: values[""] for key, values in company.items()}, assumptions=by_segment,
        sources=dict(raw.get("sources", {})), book=_book(raw.get("book", {})),
    )  # fmt: skip


def company_raw(company: Company) -> dict[str, Any]:
    """Return the company as its parsed file; `company_from` gives the same company back."""
    raw: dict[str, Any] = {key: getattr(company, key) for key in _TOP[:6]}
    raw |= {
        "segments": dict(company.segments),
        "company": dict(company.company),
        "assumptions": {key: dict(values) for key, values in company.assumptions.items()},
        "sources": dict(company.sources),
        "book": {
            segment: {column: dict(rows) for column, rows in book.items()} for segment, book in company.book.items()
        },
    }
    return raw


def company_toml(company: Company) -> str:
    """Return the company as the text of its file; `read_company` gives the same company back."""
    import tomlkit

    def inline(values: Mapping[str, float]) -> Any:
        table = tomlkit.inline_table()
        table.update({key: _tidy(value) for key, value in values.items()})
        return table

    raw = company_raw(company)
    raw["company"] = {key: _tidy(value) for key, value in company.company.items()}
    raw["assumptions"] = {
        key: _tidy(next(iter(values.values()))) if len(set(values.values())) == 1 else inline(values)
        for key, values in company.assumptions.items()
    }
    raw["book"] = {
        segment: {column: inline(rows) for column, rows in book.items()} for segment, book in company.book.items()
    }
    return str(tomlkit.dumps({key: value for key, value in raw.items() if value != {}}))


@cache
def shipped() -> tuple[str, ...]:
    """Return the ids of the shipped companies, smallest first, as their files are numbered."""
    found = (_file_parts(path)[0] for path in sorted(COMPANIES.glob("*.toml")))
    return tuple(dict.fromkeys(found))


@cache
def load_shipped(company_id: str, version: int | None = None) -> Company:
    """Return a shipped company: the version asked for, or the newest.

    Raises
    ------
    CompanyError
        There is no such company, or not in that version.
    """
    versions = {_file_parts(path)[1]: path for path in COMPANIES.glob("*.toml") if _file_parts(path)[0] == company_id}
    if not versions:
        raise CompanyError(f"There is no company {company_id!r} here; there are {', '.join(shipped())}.")
    chosen = max(versions) if version is None else version
    if chosen not in versions:
        known = ", ".join(map(str, sorted(versions)))
        raise CompanyError(f"Company {company_id!r} has no version {chosen} here; there is {known}.")
    path = versions[chosen]
    return read_company(path.read_text(encoding="utf-8"), path.name)


def load_company(id_or_file: str) -> Company:
    """Return a shipped company by its id, or the company in a file by its path."""
    path = Path(id_or_file)
    return load_file(path) if path.suffix == ".toml" or path.exists() else load_shipped(id_or_file)


def load_file(path: Path) -> Company:
    """Return the company in a file; of one that is too large no more is read than it takes to see that."""
    name, most = glance(path.name, MAX_NAME), 4 * MAX_FILE_BYTES
    try:
        with path.open("rb") as file:
            content = file.read(most + 1)
        if len(content) > most:
            raise CompanyError(
                f"{name} has more than {most:,} bytes; a company file has at most {MAX_FILE_BYTES:,} characters."
            )
        return read_company(content.decode("utf-8"), name)
    except OSError as error:
        raise CompanyError(f"{glance(str(path), MAX_NAME)} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise CompanyError(f"{name} is not UTF-8 text (byte {error.start} is not); save it as UTF-8.") from error


def _file_parts(path: Path) -> tuple[str, int]:
    """Return id and version from a name like "2-midmarket-saas.v1.toml"."""
    stem, _, version = path.stem.rpartition(".v")
    return stem.partition("-")[2], int(version)


def _is_title(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= 80 and value.isprintable()


def _is_whole(value: object, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _heading_problems(raw: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong outside the values: identity, dates, segments, unknown keys."""
    tests: dict[str, tuple[Callable[[Any], object], str]] = {
        "id": (lambda v: isinstance(v, str) and _ID.fullmatch(v), "1 to 63 lower-case letters, digits and hyphens are needed, no hyphen first"),
        "version": (lambda v: _is_whole(v, 1, 10**9), "a whole number from 1 to 1,000,000,000 is needed"),
        "title": (_is_title, TITLE_NEEDED),
        "currency": (lambda v: isinstance(v, str) and re.fullmatch("[A-Z]{3}", v),
                     "three capital letters as in ISO 4217 are needed, such as USD"),
        "first_month": (lambda v: isinstance(v, str) and _MONTH.fullmatch(v), 'a month from 1900-01 to 2199-12 is needed, such as "2026-01"'),
        "horizon_months": (lambda v: _is_whole(v, *HORIZON_MONTHS), "a whole number from 12 to 120 is needed"),
    }  # fmt: skip
    for key, (holds, needed) in tests.items():
        if key not in raw:
            yield f"{key} is missing; {needed}."
        elif not holds(raw[key]):
            yield f"{key} is {_quoted(raw[key])}; {needed}."
    for key in raw:
        if key not in _TOP:
            yield f"{key} is not a key of a company file; there are {', '.join(_TOP)}."
    yield from _segment_problems(raw.get("segments"))
    yield from _source_problems(raw.get("sources", {}))


def _source_problems(sources: object) -> Iterator[str]:
    if not isinstance(sources, Mapping):
        yield 'sources must be a table, assumption = "where its value comes from".'
        return
    for key, text in sources.items():
        if key not in assumptions():
            yield f"sources.{key} is not an assumption."
        elif not (isinstance(text, str) and len(text) <= MAX_SOURCE and text.isprintable()):
            yield f"sources.{key} is {_quoted(text)}; a text of at most {MAX_SOURCE} characters on one line is needed."


def _segment_problems(segments: object) -> Iterator[str]:
    if not isinstance(segments, Mapping) or not 1 <= len(segments) <= MAX_SEGMENTS:
        needed = f'a table of 1 to {MAX_SEGMENTS} segments, id = "title", is needed'
        given = f"has {len(segments)}" if isinstance(segments, Mapping) else f"is {_quoted(segments)}"
        yield f"segments {'is missing' if segments is None else given}; {needed}."
        return
    for key, title in segments.items():
        if not _SEGMENT_ID.fullmatch(key) or key == "all":
            yield (f"segments.{key} is not an id; 1 to 32 letters, digits, hyphens and underscores are needed, "
                   'and not "all".')  # fmt: skip
        if not _is_title(title):
            yield f"segments.{key} is {_quoted(title)}; {TITLE_NEEDED}."


def _values(raw: object, scope: str, segments: tuple[str, ...] | None) -> tuple[dict[str, dict[str, float]], list[str]]:
    """Return the values of one scope by assumption and segment (company scope: segment ""), and what is wrong.

    Where the segments are not known, any will do, so that one mistake is not named at each value.
    """
    table = "company" if scope == "company" else "assumptions"
    known = {key: entry for key, entry in assumptions().items() if entry.scope == scope}
    if not isinstance(raw, Mapping):
        needed = sum(entry.default is None for entry in known.values())
        return {}, [f"{table} is missing; a table with {needed} values is needed."]
    values: dict[str, dict[str, float]] = {}
    problems: list[str] = []
    for key in raw:
        if key not in known:
            other = "assumptions" if scope == "company" else "company"
            home = f" of [{table}]; it belongs to [{other}]" if key in assumptions() else ""
            problems.append(f"{table}.{key} is not an assumption{home}.")
    for key, entry in known.items():
        if key not in raw and entry.default is None:
            problems.append(f"{table}.{key} is missing; {entry.allowed()}.")
            continue
        given = raw.get(key, entry.default)
        if scope == "segment" and isinstance(given, Mapping) and segments is None:
            cells = dict(given)
        elif scope == "segment" and isinstance(given, Mapping) and segments is not None:
            problems += [f"{table}.{key}.{s} is not a segment of this company." for s in given if s not in segments]
            problems += [f"{table}.{key} has no value for segment {s}." for s in segments if s not in given]
            cells = {segment: given[segment] for segment in segments if segment in given}
        else:
            cells = dict.fromkeys(segments or ("",), given)
        path = f"{table}.{key}"
        found = {f"{path}.{s}" if s and isinstance(given, Mapping) else path: _value_problem(v, entry)
                 for s, v in cells.items()}  # fmt: skip
        problems += [f"{where} {problem}." for where, problem in found.items() if problem]
        if not any(found.values()):
            values[key] = {segment: float(value) for segment, value in cells.items()}
    return values, problems


def _value_problem(value: object, entry: Assumption) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"is {_quoted(value)}; a number is needed and {entry.allowed()}"
    try:
        return entry.problem(float(value))
    except OverflowError:
        return f"is too large a number; {entry.allowed()}"


def _book_problems(
    raw: Mapping[str, Any], segments: tuple[str, ...] | None, by_segment: Mapping[str, Mapping[str, float]]
) -> Iterator[str]:
    """Yield what is wrong with the opening books: shape, months, amounts, and a book that holds nothing."""
    books = raw.get("book", {})
    if not isinstance(books, Mapping):
        yield "book must be a table of segments."
        return
    for segment, columns in books.items():
        if segments is not None and segment not in segments:
            yield f"book.{segment} is not a segment of this company."
        elif not isinstance(columns, Mapping) or set(columns) != set(BOOK_COLUMNS):
            yield f"book.{segment} must have the two tables arr and customers."
        else:
            for column, rows in columns.items():
                opening = by_segment.get(f"opening_{column}", {}).get(segment, 0.0)
                yield from _rows_problems(f"book.{segment}.{column}", rows, str(raw.get("first_month", "")), opening)


def _rows_problems(path: str, rows: object, first_month: str, opening: float) -> Iterator[str]:
    if not isinstance(rows, Mapping):
        yield f"{path} must be a table, sale month = amount."
        return
    total, good = 0.0, True
    for month, amount in rows.items():
        number = isinstance(amount, int | float) and not isinstance(amount, bool)
        if not _MONTH.fullmatch(month) or not number or not 0 <= amount <= 1e12:
            good = False
            yield f"{path}.{month} is {_quoted(amount)}; a month such as 2025-06 with an amount from 0 to 1e12 is needed."
        elif _MONTH.fullmatch(first_month) and month >= first_month:
            good = False
            yield f"{path}.{month} is not before the first month, {first_month}; a book holds what was sold before it."
        else:
            total += amount
    if good and total == 0 and opening > 0:
        yield f"{path} adds up to 0, but the segment opens with {plain(opening)}; give amounts, or leave the book out."


def _book(raw: Mapping[str, Mapping[str, Mapping[str, float]]]) -> dict[str, Book]:
    return {
        segment: {column: {month: float(amount) for month, amount in rows.items()} for column, rows in columns.items()}
        for segment, columns in raw.items()
    }


def _quoted(value: object) -> str:
    """Return a value as typed, cut short: never more than a glance of it in a message."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date | time):
        return str(value)
    text = plain(float(value)) if isinstance(value, int | float) and abs(value) < 1e300 else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _tidy(value: float) -> float | int:
    return int(value) if float(value).is_integer() and abs(value) < 1e15 else value
