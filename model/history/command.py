"""The command `revlens calibrate`: files or tables of a warehouse in, a company's file and a report out."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model import clock
from model.command_options import write_file
from model.company_file import company_toml, load_company
from model.errors import ExportError
from model.links import DEFAULT_COMPANY

if TYPE_CHECKING:
    from model.history.asking.engine import Engine
    from model.history.reading.files import GivenFile, Habits

KINDS = {
    "opportunities": "opportunities of a CRM, won, lost and open",
    "subscriptions": "subscriptions with start, end and amount",
    "invoices": "invoice lines, one per customer and period, in place of subscriptions",
    "leads": "leads, with their scores if there are any",
    "payments": "attempts to collect invoices",
    "people": "sales people with start, leaving day, quota and cost",
    "forecasts": "forecasts of new ARR by quarter",
}
DECIMALS = {"comma": ",", "point": "."}
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
DATES = ("day-first", "month-first", "year-first")
ENDS = ("last-day", "day-after")
READ = 0.6
EXITS = ("Exit status: 0 done, and what was set aside or could not be compared is listed;\n2 the input or an option was refused, and "
         "why is on standard error; 130 stopped.")  # fmt: skip
OPTIONS = {
    "kind": "Give the file to the option of its kind, such as --opportunities.",
    "encoding": "Give --encoding, such as --encoding cp1252.",
    "delimiter": f"Give --delimiter {', '.join(DELIMITERS)}.",
    "decimal": "Give --decimal comma or --decimal point.",
    "dates": f"Give one of {', '.join(f'--dates {order}' for order in DATES)}.",
    "sheet": "Give --sheet and its name.",
    "values": "Give --values mrr or --values arr.",
    "units": "Give --units KIND=cents or KIND=whole, such as --units subscriptions=cents.",
    "ends": "Give --ends last-day or --ends day-after.",
    "won": "Give --won and their names, such as --won 'Signed & Live'.",
    "lost": "Give --lost and their names, such as --lost 'No budget' Competitor.",
    "currency": "Give --currency and its code, such as --currency USD.",
}


ADDRESSES = """addresses for --connect, each with the sign-in that keeps the password out of it:
  DuckDB     duckdb://company.duckdb              a path from here; duckdb:///srv/company.duckdb one from the root
  Snowflake  'snowflake://USER@ACCOUNT/DATABASE/SCHEMA?warehouse=NAME&authenticator=externalbrowser'
  BigQuery   bigquery://PROJECT/DATASET           after gcloud auth application-default login
  Trino      trino://USER@HOST:PORT/CATALOG/SCHEMA
  Postgres   postgres://USER@HOST:PORT/DATABASE   with the password in ~/.pgpass
for example: revlens calibrate --connect duckdb://company.duckdb --table subscriptions=billing.subs --out ours.toml"""


def add_calibrate(commands: Any) -> None:
    """Add the command to a parser's commands."""
    command = commands.add_parser("calibrate", help="measure a company from exports or a warehouse, and write its file",
                                  epilog=f"{EXITS}\n\n{ADDRESSES}", formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    add_files(command, KINDS)
    command.add_argument("--segments", default="column", choices=("column", "size"),
                         help="segments as a column names them, or bands of size proposed from the amounts")  # fmt: skip
    command.add_argument(
        "--until", metavar="YYYY-MM", help="the opening month; the last full one that is past unless given"
    )
    command.add_argument(
        "--connect", metavar="URL", help="a warehouse, in place of files; its data stay where they are"
    )
    command.add_argument(
        "--table", nargs="+", default=[], metavar="KIND=NAME", help="for example subscriptions=billing.subs"
    )
    command.add_argument(
        "--template", default=DEFAULT_COMPANY, metavar="ID_OR_FILE", help="for what cannot be measured"
    )
    command.add_argument("--title", default="My company")
    command.add_argument("--out", required=True, metavar="FILE.toml", type=Path)
    command.set_defaults(run=run)


class _Once(argparse.Action):
    """Takes one file; a second one is refused, as only one of them could be read."""

    def __call__(
        self, _parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any, _option: str | None = None
    ) -> None:
        """Set the file, or refuse it."""
        if (first := getattr(namespace, self.dest)) is not None:
            raise ExportError(
                f"{first.name} and {values.name} are both read as {self.dest}; remove one, or put them together."
            )
        setattr(namespace, self.dest, values)


def add_files(command: argparse.ArgumentParser, kinds: Mapping[str, str]) -> None:
    """Add the options that give files of some kinds and say how they are written."""
    for kind, says in kinds.items():
        command.add_argument(f"--{kind}", metavar="FILE", type=Path, action=_Once, help=f"{says}; CSV, XLSX or Parquet")
    command.add_argument("--columns", nargs="+", default=[], metavar="HEADER=FIELD",
                         help="where a column is not recognised: close_value=amount, or leads.score=Lead Grade")  # fmt: skip
    command.add_argument("--encoding", default="", help="where a text file does not tell, for example cp1252")
    command.add_argument("--delimiter", default="", choices=("", *DELIMITERS), help="between the cells of a text file")
    command.add_argument(
        "--decimal", default="", choices=("", *DECIMALS), help="the decimal mark, where amounts do not tell"
    )
    command.add_argument("--dates", default="", choices=("", *DATES), help="where the dates do not tell")
    command.add_argument(
        "--ends", default="", choices=("", *ENDS), help="whether an end is the last day of service or the day after"
    )
    command.add_argument("--sheet", default="", help="name of the sheet of a workbook")
    command.add_argument(
        "--values", default="", choices=("", "mrr", "arr"), help="what the cells of a sheet with months across are"
    )
    command.add_argument(
        "--units", nargs="+", default=[], metavar="KIND=UNITS",
        help="cents or whole, where whole numbers of a billing system leave it open: subscriptions=cents; or what all amounts are in: "
        "actuals=thousands, invoices=millions",
    )  # fmt: skip
    for outcome in ("won", "lost") if "opportunities" in kinds else ():
        command.add_argument(f"--{outcome}", nargs="+", default=[], metavar="STAGE",
                             help=f"stages of opportunities that mean {outcome}, where their names do not tell")  # fmt: skip
    command.add_argument(
        "--unused", metavar="FILE.csv", type=Path, help="every row set aside, with line, column, value and reason"
    )
    command.add_argument("--currency", default="", metavar="CODE",
                         help="whose rows are used, where a file has several; none is converted")  # fmt: skip


def run(given: argparse.Namespace) -> None:
    """Measure, write the company and print the report; nothing is written before all is done."""
    template, until, progress = load_company(given.template), opening_month(given.until), line_of_progress()
    from model.history.asking.gather import gather
    from model.history.measuring.calibrate import calibrate, report

    with answered(), ExitStack() as stack:
        engine, accounts, currency = _engine(given, stack, progress)
        facts = gather(
            engine, segments_by=given.segments, until=until, today=clock.today(), progress=within(progress, READ, 1.0)
        )
    found = calibrate(facts, template=template, title=given.title, currency=currency)
    text = report(found, accounts, str(given.unused or ""))
    write_unused(given.unused, accounts)
    write_file(given.out, company_toml(found.company).encode())
    print(text, end="")


def write_unused(path: Path | None, accounts: Sequence[Any]) -> None:
    """Write all rows set aside, if a file is given for them."""
    from model.history.written import unused_csv

    if path:
        write_file(path, unused_csv([account.unused for account in accounts]))


@contextmanager
def answered() -> Iterator[None]:
    """Turn what only the reader of a file can say into the option that says it; end the line of progress at last."""
    from model.history.reading.habits import Asked

    try:
        yield
    except Asked as asked:
        told = (f"{one.sentence} {OPTIONS[one.setting]}" for one in asked.questions)
        raise ExportError([*asked.faults, *told]) from None
    finally:
        if sys.stderr.isatty():
            print(file=sys.stderr)


def _engine(
    given: argparse.Namespace, stack: ExitStack, progress: Callable[[float, str], None]
) -> tuple[Engine, Sequence[Any], str]:
    """Return where the tables are, the account of each, and their currency."""
    files = {kind: path for kind in KINDS if (path := getattr(given, kind)) is not None}
    if given.connect:
        if files:
            raise ExportError("--connect reads tables of a warehouse; give either it or files.")
        if given.unused:
            raise ExportError("--unused lists rows of files; those of a warehouse stay where they are.")
        if given.won or given.lost:
            raise ExportError(
                "--won and --lost name stages of files; of a warehouse's table name the columns is_won and is_closed."
            )
        from model.history.asking.warehouse import connect
        from model.history.reading.units import checked_units

        tables = dict(_pairs(given.table, "--table", "subscriptions=billing.subs"))
        columns = {kind: _of_kind(kind, given.columns, None) for kind in tables}
        engine = connect(given.connect, tables, columns, checked_units(given.units, tables=True), given.ends)
        stack.callback(engine.connection.disconnect)
        return engine, engine.accounts, ""
    if given.table:
        raise ExportError("--table names tables of a warehouse; --connect URL must say which.")
    if not files:
        raise ExportError(
            "There is nothing to measure; give files, such as --opportunities and --subscriptions, or --connect."
        )
    from model.history.asking.engine import in_process
    from model.history.reading.files import read_files

    imported = read_files(list(given_files(given, files)), within(progress, 0.0, READ))
    return stack.enter_context(in_process(imported.tables)), imported.accounts, imported.currency


def given_files(given: argparse.Namespace, files: Mapping[str, Path]) -> Iterator[GivenFile]:
    """Yield the files with how they are written and the columns named by hand."""
    from model.history.reading.files import GivenFile, Habits
    from model.history.reading.units import checked_units

    habits = Habits(given.encoding, DELIMITERS.get(given.delimiter, ""), DECIMALS.get(given.decimal, ""), given.dates, given.sheet,
                    given.currency, given.values, ends=given.ends)  # fmt: skip
    units = checked_units(given.units)
    headers = {kind: _headers(kind, path, habits) for kind, path in files.items()}
    for kind, path in files.items():
        others = {name for other, names in headers.items() if other != kind for name in names}
        yield GivenFile(
            kind,
            path.name,
            path,
            habits.settled(units=units.get(kind, ""), **(_stages(given) if kind == "opportunities" else {})),
            _of_kind(kind, given.columns, others - headers[kind]),
        )


def _stages(given: argparse.Namespace) -> dict[str, str]:
    """Return the stages that are said to mean won and lost."""
    return {outcome: "\n".join(getattr(given, outcome)) for outcome in ("won", "lost")}


def _headers(kind: str, path: Path, habits: Habits) -> set[str]:
    """Return the headers of a file as they are compared; none if it cannot be opened, which is said later."""
    from model.history.reading.files import recognised
    from model.history.reading.texts import matched

    try:
        return {matched(name) for name in recognised(path.name, path, habits, kind).headers}
    except ExportError:
        return set()


def _of_kind(kind: str, given: Sequence[str], elsewhere: set[str] | None) -> dict[str, str]:
    """Return the columns named for a kind of file: header by field.

    HEADER=FIELD is for the file that has the header and for all that have the field if none has it; KIND.FIELD=HEADER
    and HEADER=KIND.FIELD are for one kind alone. A header may hold an equals sign.
    """
    from model.history.reading.columns import fields
    from model.history.reading.texts import matched

    named: dict[str, str] = {}
    for text in given:
        if "=" not in text:
            raise ExportError(f"--columns {text!r} needs an equals sign, as in close_value=amount.")
        first, _, rest = text.partition("=")
        header, _, field = text.rpartition("=")
        of, dot, name = first.partition(".")
        if dot and of in KINDS and name in fields(of):
            header, field = rest, first
        of, dot, name = field.partition(".")
        if dot and of in KINDS:
            if of == kind:
                named[name] = header
        elif (field in fields(kind) or not _anywhere(field)) and matched(header) not in (elsewhere or ()):
            named[field] = header
    return named


def _anywhere(field: str) -> bool:
    from model.history.reading.columns import fields

    return any(field in fields(kind) for kind in KINDS)


def _pairs(given: Sequence[str], option: str, example: str) -> Iterator[tuple[str, str]]:
    for text in given:
        key, equals, value = text.partition("=")
        if not equals or key not in KINDS:
            raise ExportError(
                f"{option} {text!r} is not understood; write KIND=NAME, as in {example}; the kinds are {', '.join(KINDS)}."
            )
        yield key, value


def opening_month(text: str | None) -> int | None:
    """Return a month counted from 1970-01."""
    if text is None:
        return None
    found = re.fullmatch(r"((?:19|20)\d\d)-(0[1-9]|1[0-2])", text, re.ASCII)
    if not found:
        raise ExportError(f"--until {text!r} is not a month; write it as in 2025-06.")
    return (int(found[1]) - 1970) * 12 + int(found[2]) - 1


def line_of_progress() -> Callable[[float, str], None]:
    """Return what shows a line of progress, if somebody is watching."""
    shown = sys.stderr.isatty()

    def progress(share: float, what: str) -> None:
        if shown:
            print(f"\r{share:4.0%} {what[:70]:<70}", end="", file=sys.stderr, flush=True)

    return progress


def within(progress: Callable[[float, str], None], start: float, end: float) -> Callable[[float, str], None]:
    """Return progress of a part of the work."""
    return lambda share, what: progress(start + (end - start) * share, what)
