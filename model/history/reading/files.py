"""Files of a company's history: uploads or paths → typed tables, every row used or set aside with its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import pyarrow as pa

from model.errors import ExportError
from model.history.reading import sideways, wide
from model.history.reading.account import Account, GivenFile, Imported, Recognition
from model.history.reading.amounts import says_cents
from model.history.reading.columns import (
    alike_problems,
    kinds,
    likely_kinds,
    missing_fields,
    missing_problems,
    named_problems,
    places_of,
    rival_kinds,
)
from model.history.reading.copies import note_copies
from model.history.reading.csv_file import open_csv
from model.history.reading.currency import is_code, settle_currency
from model.history.reading.customers import of_a_ledger, of_one_customer
from model.history.reading.foreign import refuse_foreign
from model.history.reading.habits import Asked, Habits, Question, kind_question
from model.history.reading.opened import MAX_PATH, MAX_UPLOAD, Opened, dated_columns, size_of
from model.history.reading.parquet_file import MAGIC, open_parquet
from model.history.reading.repeats import tell_repeats
from model.history.reading.rows import Rows
from model.history.reading.texts import listed, shown_text
from model.history.reading.typed import TABLES
from model.history.reading.units import question_of_both, settle_units
from model.history.reading.unused import UnusedRow, UnusedRows
from model.history.reading.workbook import COMPOUND, ZIP, open_workbook

Progress = Callable[[float, str], None]
EXAMPLES = 3
FOREIGN = {
    b"%PDF": "a PDF document", b"\x1f\x8b": "packed with gzip", b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture",
    b"Rar!": "a RAR archive", b"7z\xbc\xaf": "a 7-Zip archive", b"{\\rtf": "a text document", b"SQLite format": "a database",
    b"BZh": "packed with bzip2",
}  # fmt: skip
WEB_PAGE = (b"<html", b"<!doctype html", b"<table", b"<?xml")
ASSUMED = ("encoding", "values", "dates")
"""Where only these are asked before the rows are read, these are read by the likeliest answer, to ask at once what they leave open."""
WORKBOOKS = (".xlsx", ".xlsm", ".ods")
"""Names of what is never text; many old systems call a text .xls."""


def read_files(files: Sequence[GivenFile], progress: Progress = lambda _share, _what: None) -> Imported:
    """Return the tables of some files.

    Parameters
    ----------
    files : sequence of GivenFile
        At most one for each table.
    progress : callable
        Is told the share of the work done, 0 to 1, and what is done; what it raises stops the work.

    Raises
    ------
    Asked
        What only the reader of the files can say, with all that keeps the files from being used beside it.
    ExportError
        Everything that keeps the files from being used, where nothing is asked.
    """
    if not files:
        raise ExportError(f"There is no file; one or more of {', '.join(kinds())} are needed.")
    problems: list[str] = []
    questions: list[Question] = []
    done: list[tuple[pa.Table, Account]] = []
    weights = [_weight(file) for file in files]
    for number, file in enumerate(files):
        start, share = sum(weights[:number]) / sum(weights), weights[number] / sum(weights)
        try:
            done.append(_read(file, _within(progress, start, share, shown_text(file.name))))
        except Asked as asked:
            questions += asked.questions
            problems += asked.faults
        except ExportError as error:
            problems += error.problems
    problems += _together([account for _, account in done])
    problems += _currency_problems([account for _, account in done])
    tables = {TABLES[account.kind][0]: table for table, account in done}
    questions += _units_of_both(tables, [account for _, account in done])
    _refuse(questions, problems)
    progress(1.0, "read")
    currency = next((account.habits.currency for _, account in done if account.habits.currency), "")
    return Imported(MappingProxyType(tables), tuple(account for _, account in done),
                    currency if is_code(currency) else "")  # fmt: skip


def recognised(name: str, content: bytes | Path, habits: Habits | None = None, kind: str = "") -> Recognition:
    """Return what the first lines of a file show.

    Raises
    ------
    ExportError
        If it cannot be opened at all.
    """
    file = shown_text(name)
    opened = _open(file, content, (habits or Habits()).checked(file), kind)
    if opened.questions:
        return Recognition(kind, (), (), {}, {}, opened.habits, opened.questions, ())
    refuse_foreign(file, opened.header, kind)
    likely = [opened.made] if opened.made else _likely(opened.header)
    chosen = opened.made or kind or _clear_kind(opened.header, likely)
    asked = (
        () if chosen else (kind_question(file, opened.header, {one: kinds()[one].says for one in likely or kinds()}),)
    )
    places = places_of(chosen, opened.header, _columns(opened, {})) if chosen else {}
    columns = {entry: opened.header[place] for entry, place in places.items()}
    examples = {header: _examples(opened, place) for place, header in enumerate(opened.header) if header}
    return Recognition(chosen, tuple(likely), opened.header, columns, examples, opened.habits, asked, opened.notes)


def _examples(opened: Opened, place: int) -> tuple[str, ...]:
    cells = (row[place].strip() for row in opened.first if place < len(row))
    return tuple(shown_text(cell) for cell in dict.fromkeys(filter(None, cells)))[:EXAMPLES]


def _weight(file: GivenFile) -> float:
    try:
        return max(size_of(file.content), 1)
    except OSError:
        return 1


def _within(progress: Progress, start: float, share: float, name: str) -> Progress:
    return lambda part, what: progress(start + share * part, f"{name}: {what}")


def _read(file: GivenFile, progress: Progress) -> tuple[pa.Table, Account]:
    """Return the table of one file with its account."""
    name = shown_text(file.name)
    progress(0.0, "opening")
    opened, asked = _open_assuming(name, file)
    if opened.questions:
        raise Asked(asked)
    refuse_foreign(name, opened.header, opened.made or file.kind)
    kind = _kind(name, opened.made or file.kind, opened.header, asked)
    columns = _columns(opened, file.columns)
    problems = list(named_problems(name, kind, opened.header, columns))
    problems += (sideways.line_problems(name, opened.header, columns) if opened.made == sideways.KIND
                 else missing_problems(name, kind, opened.header, columns))  # fmt: skip
    if problems:
        _ask_letters_first(opened.header, asked)
    problems += alike_problems(name, opened.header, file.columns) if kind == "actuals" else []
    places = _of_use(kind, places_of(kind, opened.header, columns), columns)
    if problems and not places:
        _refuse(asked, problems)
    others = [] if opened.made else dated_columns(opened, {*places.values()})
    raw = opened.read([*places.values(), *others], lambda share: progress(0.6 * share, "reading"))
    rows = Rows.of(name, kind, places, raw, opened.habits, lambda share: progress(0.6 + 0.35 * share, "checking rows"))
    if not rows.read:
        _refuse(asked, problems)
        raise ExportError(f"{name}: there is a header line and no row below it.")
    rows.above = opened.above
    rows.notes += [*opened.notes, *raw.notes]
    rows.habits = rows.habits.settled(currency=settle_currency(rows), units=settle_units(rows))
    if problems:
        rows.settle_habits()
        _refuse([*asked, *rows.questions], [*problems, *rows.problems])
    table = TABLES[kind][1](rows)
    tell_repeats(rows)
    rows.finish()
    rows.problems += [] if file.columns.get("customer") else [*of_one_customer(rows, table), *of_a_ledger(rows)]
    _refuse([*asked, *rows.questions], rows.problems)
    if not opened.made:
        note_copies(rows, opened, [*places.values(), *others], table)
    headers = {entry: shown_text(opened.header[place]) for entry, place in places.items()}
    used = int(rows.used.sum())
    if kind == "actuals" or opened.made:
        unread = [
            shown_text(header) for place, header in enumerate(opened.header) if header and place not in places.values()
        ]
        what = "lines" if opened.made == sideways.KIND else "columns"
        rows.notes += [f"{name}: {what} not read: {', '.join(unread)}."] if unread else []
    account = Account(
        kind,
        name,
        MappingProxyType(headers),
        rows.habits,
        rows.read,
        used,
        rows.unused,
        tuple(rows.notes),
        rows.money_aside,
    )
    return table, account


def _ask_letters_first(header: Sequence[str], asked: Sequence[Question]) -> None:
    """Ask how letters are written before a column is missed whose name may be another then."""
    letters = [one for one in asked if one.setting == "encoding"]
    if letters and not "".join(header).isascii():
        raise Asked(letters)


def _refuse(questions: Sequence[Question], problems: Sequence[str]) -> None:
    """Raise what is asked and what is wrong, if there is any of it."""
    if questions:
        raise Asked(questions, problems)
    if problems:
        raise ExportError(problems)


def _open_assuming(name: str, file: GivenFile) -> tuple[Opened, tuple[Question, ...]]:
    """Return a file opened, by the likeliest answers where what is asked leaves its columns as they are, and what is asked."""
    opened = _open(name, file.content, habits := file.habits.checked(name), file.kind)
    asked = opened.questions
    while opened.questions and all(one.setting in ASSUMED for one in opened.questions):
        habits = habits.settled(**{one.setting: one.choices[0].value for one in opened.questions})
        opened = _open(name, file.content, habits, file.kind)
        asked += opened.questions
    return opened, asked


def _open(file: str, content: bytes | Path, habits: Habits, kind: str) -> Opened:
    """Return a file opened, with the months that stand in columns made rows."""
    opened = _opened(file, content, habits, kind)
    if sideways.is_sideways(opened, kind):
        return sideways.turned(file, opened, kind)
    return wide.widened(file, opened) if wide.is_wide(opened, kind) else opened


def _columns(opened: Opened, columns: Mapping[str, str]) -> Mapping[str, str]:
    """Return the columns named by hand, with those that months in columns settle."""
    settles = {wide.KIND: wide.columns_of, sideways.KIND: sideways.columns_of}.get(opened.made)
    return settles(opened.header, columns) if settles else columns


def _opened(file: str, content: bytes | Path, habits: Habits, kind: str) -> Opened:
    """Return a file opened by what it is, which its first bytes say."""
    try:
        size = size_of(content)
        start = content[:512] if isinstance(content, bytes) else _start(content)
    except OSError as error:
        raise ExportError(f"{file}: the file cannot be opened: {error.strerror}.") from error
    most = MAX_UPLOAD if isinstance(content, bytes) else MAX_PATH
    if size > most:
        raise ExportError(f"{file}: the file has {size / 1e6:,.1f} MB; at most {most / 1e6:,.0f} MB can be read.")
    if kind and kind not in kinds():
        raise ExportError(f"{file}: {shown_text(kind)!r} is not a kind of file; there are {', '.join(kinds())}.")
    if not start.strip(b"\xef\xbb\xbf \r\n\t") and size <= len(start):
        raise ExportError(f"{file}: the file is empty; a header line and rows are needed.")
    foreign = next((what for mark, what in FOREIGN.items() if start.startswith(mark)), "")
    if foreign:
        raise ExportError(f"{file}: this is {foreign}, not a table; save it as CSV, XLSX or Parquet.")
    if start.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(WEB_PAGE):
        raise ExportError(f"{file}: this is a web page, whatever its name says; open it and save it as CSV or XLSX.")
    if start.startswith(MAGIC):
        return open_parquet(file, content, habits, kind)
    if start.startswith((ZIP, COMPOUND)):
        return open_workbook(file, content, habits, kind)
    if file.lower().endswith(WORKBOOKS):
        raise ExportError(f"{file}: this is no workbook, whatever its name says; if it is text, name it .csv.")
    return open_csv(file, content, habits, kind)


def _start(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(512)


def _likely(header: Sequence[str]) -> list[str]:
    """Return the kinds that a header may be of, the likeliest first."""
    complete = likely_kinds(header)
    return [*rival_kinds(header, complete), *complete]


def _clear_kind(header: Sequence[str], likely: Sequence[str]) -> str:
    """Return the kind that explains more of a header than any other, "" if there is none."""
    explained = [len(set(places_of(kind, header, {}).values())) for kind in likely[:2]]
    clear = bool(explained) and (len(explained) == 1 or explained[0] > explained[1])
    return likely[0] if clear and not missing_fields(likely[0], places_of(likely[0], header, {})) else ""


def _kind(file: str, told: str, header: Sequence[str], asked: Sequence[Question]) -> str:
    """Return what the rows of a file are, or ask, beside what is asked already."""
    likely = _likely(header)
    kind = told or _clear_kind(header, likely)
    if kind:
        return kind
    _ask_letters_first(header, asked)
    if likely:
        raise Asked([*asked, kind_question(file, header, {one: kinds()[one].says for one in likely})])
    problem = (f"{file}: what its rows are cannot be told from its columns ({listed(list(header), 40)}); "
               f"say which kind: {', '.join(kinds())}.")  # fmt: skip
    raise Asked(asked, [problem]) if asked else ExportError(problem)


def _of_use(kind: str, places: Mapping[str, int], columns: Mapping[str, str]) -> dict[str, int]:
    """Return the columns to be read: of amounts that say the same in other units one is enough, the one named by hand."""
    one_of = kinds()[kind].one_of if kind in ("subscriptions", "invoices") else ()
    there = sorted((name for name in one_of if name in places), key=lambda name: not columns.get(name))
    return {name: place for name, place in places.items() if name not in there[1:]}


def _together(accounts: Sequence[Account]) -> list[str]:
    """Return a sentence for each table that several files would make."""
    by_table: dict[str, list[str]] = {}
    for account in accounts:
        by_table.setdefault(TABLES[account.kind][0], []).append(f"{account.name} ({account.kind})")
    return [f"{table} are in {len(names)} files, {' and '.join(names)}; put them in one, or give only one of them."
            for table, names in by_table.items() if len(names) > 1]  # fmt: skip


def _units_of_both(tables: Mapping[str, pa.Table], accounts: Sequence[Account]) -> Iterator[Question]:
    """Yield what the opportunities make doubtful: whether subscriptions worth a hundred times as much are in cents."""
    if {"subscriptions", "opportunities"} <= tables.keys():
        account = next(one for one in accounts if TABLES[one.kind][0] == "subscriptions")
        name = next((name for name in kinds()[account.kind].one_of if name in account.headers), "")
        column, times = account.headers.get(name, ""), 12 if name == "monthly_amount" else 1
        if not account.habits.units and not says_cents(column):
            found = question_of_both(
                account.name, column, tables["subscriptions"], tables["opportunities"], times=times
            )
            yield from (found,) if found else ()


def _currency_problems(accounts: Sequence[Account]) -> list[str]:
    shown = {account.name: account.habits.currency for account in accounts if account.habits.currency}
    if len(set(shown.values())) < 2:
        return []
    told = ", ".join(f"{file}: {code}" for file, code in shown.items())
    return [f"The files are in several currencies ({told}); bring them to one first."]


__all__ = [
    "Account", "Asked", "GivenFile", "Habits", "Imported", "Question", "Recognition", "UnusedRow", "UnusedRows", "read_files", "recognised",
]  # fmt: skip
