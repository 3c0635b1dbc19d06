"""Files in any habit of writing give the same table; any bytes give a table or a sentence."""

from __future__ import annotations

import io
import random
import string
import zipfile
from collections.abc import Callable
from datetime import date
from functools import partial

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from model.errors import ExportError
from model.history.reading.files import GivenFile, Habits, Imported, read_files, recognised
from tests.workbooks import workbook

HEADER = ["Opportunity ID", "Stage", "Created Date", "Close Date", "Amount", "Account Name", "Segment"]
LETTERS = string.ascii_letters + " -&.'äöüßéñç"
NAMES = st.text(LETTERS, min_size=1, max_size=12).map(lambda text: " ".join(text.split())).filter(str.strip)
DAYS = st.dates(date(2015, 1, 1), date(2016, 12, 31))
ROWS = st.lists(st.tuples(st.sampled_from(["Closed Won", "Closed Lost", "Negotiation"]), DAYS, DAYS,
                          st.integers(0, 10**10), NAMES, st.sampled_from(["SMB", "Enterprise", ""])),
                min_size=1, max_size=20)  # fmt: skip
DATE_FORMS = {"day-first": "%d/%m/%Y", "month-first": "%m/%d/%Y", "": "%Y-%m-%d"}
OUTCOMES = {"Closed Won": "won", "Closed Lost": "lost", "Negotiation": "open"}


def frame(rows: list[tuple[str, date, date, int, str, str]]) -> pd.DataFrame:
    cells = [(f"id{n}", stage, min(one, other), max(one, other), cents, name, segment)
             for n, (stage, one, other, cents, name, segment) in enumerate(rows)]  # fmt: skip
    return pd.DataFrame(cells, columns=HEADER)


def wanted(table: pd.DataFrame) -> list[dict[str, object]]:
    spelled: dict[str, str] = {}
    return [
        {"id": row[0], "outcome": OUTCOMES[row[1]], "created": row[2], "amount": row[4],
         "closed": None if row[1] == "Negotiation" else row[3],
         "account": spelled.setdefault(row[5].lower(), row[5]), "segment": row[6]}
        for row in table.itertuples(index=False)
    ]  # fmt: skip


def got(imported: Imported) -> list[dict[str, object]]:
    names = ["id", "outcome", "created", "amount", "closed", "account", "segment"]
    rows: list[dict[str, object]] = imported.tables["opportunities"].select(names).to_pylist()
    return rows


def amount(cents: int, decimal: str) -> str:
    other = "." if decimal == "," else ","
    return f"{cents // 100:,}".replace(",", other) + f"{decimal}{cents % 100:02d}"


@settings(max_examples=120, deadline=None)
@given(ROWS, st.sampled_from([",", ";", "\t", "|"]), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252", "mac_roman"]),
       st.sampled_from([".", ","]), st.sampled_from(list(DATE_FORMS)), st.sampled_from(["\n", "\r\n"]))  # fmt: skip
def test_a_csv_in_any_habit_reads_back_the_same(
    rows: list[tuple[str, date, date, int, str, str]], delimiter: str, encoding: str, decimal: str, dates: str, end: str
) -> None:
    table = frame(rows)
    written = table.assign(Amount=[amount(cents, decimal) for cents in table["Amount"]])
    for column in ("Created Date", "Close Date"):
        written[column] = [day.strftime(DATE_FORMS[dates]) for day in table[column]]
    text = written.to_csv(sep=delimiter, index=False, lineterminator=end)
    told = Habits(encoding=encoding, delimiter=delimiter, decimal=decimal, dates=dates)
    found = read_files([GivenFile("opportunities", "deals.csv", text.encode(encoding), told)])
    assert got(found) == wanted(table)
    assert found.accounts[0].read == found.accounts[0].used == len(table)


@settings(max_examples=60, deadline=None)
@given(ROWS, st.booleans())
def test_a_workbook_and_a_parquet_file_read_back_the_same(
    rows: list[tuple[str, date, date, int, str, str]], typed: bool
) -> None:
    table = frame(rows)
    written = table.assign(Amount=table["Amount"] / 100)
    if not typed:
        written["Created Date"] = [day.strftime("%Y-%m-%d") for day in table["Created Date"]]
    sheet = workbook({"Deals": [HEADER, *written.values.tolist()]})
    assert got(read_files([GivenFile("", "deals.xlsx", sheet)])) == wanted(table)
    held = io.BytesIO()
    pq.write_table(pa.Table.from_pandas(written), held)
    assert got(read_files([GivenFile("", "deals.parquet", held.getvalue())])) == wanted(table)


def refusal(read: Callable[[], object]) -> tuple[str, ...] | None:
    try:
        read()
    except ExportError as error:
        return error.problems
    return None


GOOD = b"Opportunity ID,Stage,Created Date,Close Date,Amount\n1,Won,2024-01-01,2024-02-01,5\n"
STARTS = [b"", GOOD, b"PAR1", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe", b"\xef\xbb\xbf",
          workbook({"a": [["ID", "Stage"], ["1", "Won"]]})]  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(STARTS),
    st.binary(max_size=300),
    st.sampled_from(["", "opportunities", "subscriptions", "invoices"]),
)
@example(GOOD, b'2,"Won', "opportunities")
@example(b"", b"a\r\rb", "")
def test_any_bytes_give_a_table_or_a_sentence(start: bytes, rest: bytes, kind: str) -> None:
    for read in (lambda: read_files([GivenFile(kind, "file", start + rest)]), lambda: recognised("file", start + rest)):
        problems = refusal(read)
        assert problems is None or len(problems) > 0
        assert all(sentence.isprintable() and len(sentence) < 1500 for sentence in problems or ())


ROWS_OF_TEXT = [HEADER, *([f"id{n}", "Won", "2024-01-01", "2024-01-02", "5", "Ann", "SMB"] for n in range(20))]
BOOK = workbook({"Deals": ROWS_OF_TEXT})


def inside(book: bytes, rng: random.Random) -> bytes:
    """Return a workbook whose parts are damaged, and packed as they should be."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as archive, zipfile.ZipFile(held, "w") as copy:
        for name in archive.namelist():
            copy.writestr(name, damaged(archive.read(name), rng) if rng.random() < 0.5 else archive.read(name))
    return held.getvalue()


def damaged(content: bytes, rng: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(rng.choice([1, 2, 8, 40])):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


@pytest.mark.parametrize("seed", range(12))
def test_damaged_workbooks_and_parquet_files_give_a_table_or_a_sentence(seed: int) -> None:
    rng, held = random.Random(seed), io.BytesIO()
    pq.write_table(
        pa.table({name: [row[place] for row in ROWS_OF_TEXT[1:]] for place, name in enumerate(HEADER)}), held
    )
    for _ in range(20):
        for content in (damaged(BOOK, rng), inside(BOOK, rng), damaged(held.getvalue(), rng)):
            problems = refusal(partial(read_files, [GivenFile("opportunities", "deals", content)]))
            assert all(sentence.startswith("deals: ") for sentence in problems or ())


CELL = st.sampled_from(["", "1", "Won", "Lost", "x", "2024-01-31", "2024-05-05", "31.12.2023", "9", "-1", "=A1", '"a"", b"',
                        '"two\nlines"', "1e999", "nan", "NaN", "9" * 400, "٣", "١٢/٣/٢٠٢٤", "0000-00-00", "99999-1-1"])  # fmt: skip
KINDS = {
    "opportunities": "ID,Stage,Created Date,Close Date,Amount,Account,Owner",
    "subscriptions": "ID,Customer,Start Date,End Date,MRR,Is Trial,Term",
    "invoices": "Line ID,Customer,Period Start,Period End,Amount,Status,Plan",
    "leads": "Lead ID,Created Date,Converted,Score,Segment,x,y",
    "payments": "Invoice ID,Date,Amount,Status,Payment Method,Customer,Billing Period",
    "people": "Name,Start Date,End Date,Quota,OTE,Team,x",
    "forecasts": "Quarter,Forecast,Segment,a,b,c,d",
    "actuals": "Month,Segment,arr_new,arr_churn,arr_closing,revenue,x",
}


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(list(KINDS)), st.lists(st.lists(CELL, min_size=6, max_size=8), max_size=30))
def test_every_row_read_is_used_or_set_aside(kind: str, rows: list[list[str]]) -> None:
    text = "\n".join([KINDS[kind], *(",".join(row) for row in rows)])
    given = [GivenFile(kind, "rows.csv", text.encode(), Habits(decimal=".", dates="day-first"))]
    problems = refusal(lambda: read_files(given))
    if problems is not None:
        assert all("rows.csv" in sentence for sentence in problems)
        return
    found = read_files(given)
    (account,), (table,) = found.accounts, found.tables.values()
    assert account.read == account.used + len(account.unused) == sum(any(row) or len(row) > 1 for row in rows)
    assert table.num_rows == account.used
    lines = table["line"].to_pylist() + [row.line for row in account.unused]
    assert len(set(lines)) == account.read
    assert [row.line for row in account.unused] == sorted(row.line for row in account.unused)
    starts = text.encode().split(b"\n")
    assert all(line <= len(starts) for line in lines)
