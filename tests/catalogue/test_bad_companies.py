"""Company files with one mistake each: every one gives its exact message, with its line."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from model import CompanyError, assumptions, load_company, read_company

OF_SEGMENTS = sum(entry.scope == "segment" and entry.default is None for entry in assumptions().values())


def company(change: Callable[[str], str] = str) -> str:
    """Return the text of a good company's file, changed."""
    by_segment = [f"{key} = {max(entry.min, 0.5)}" for key, entry in assumptions().items() if entry.scope == "segment"]
    whole = [f"{key} = {max(entry.min, 0.5)}" for key, entry in assumptions().items() if entry.scope == "company"]
    heading = ['id = "ours"', "version = 1", 'title = "Ours"', 'currency = "EUR"', 'first_month = "2026-01"',
               "horizon_months = 36"]  # fmt: skip
    lines = [*heading, "", "[segments]", 'smb = "Small"', 'ent = "Large"', "", "[company]", *whole, "", "[assumptions]",
             *by_segment, "", "[sources]", 'win_rate = "judgement: a guess"']  # fmt: skip
    text = "\n".join([*lines, ""])
    text = text.replace("contract_term_months = 1\n", "contract_term_months = 12\n")
    text = text.replace("win_rate = 0.5", "win_rate = { smb = 0.25, ent = 0.2 }", 1)
    return change(text)


def line(start: str, text: str = "") -> int:
    """Return the number of the line that begins with `start`."""
    return next(number for number, row in enumerate((text or company()).split("\n"), 1) if row.startswith(start))


def instead(old: str, new: str) -> Callable[[str], str]:
    """Return a change of a text: the line that begins with `old` becomes `new`."""

    def change(text: str) -> str:
        rows = text.split("\n")
        rows[line(old, text) - 1] = new
        return "\n".join(rows)

    return change


def win_rate(value: str) -> Callable[[str], str]:
    return instead("win_rate = {", f"win_rate = {value}")


def segment_ent(name: str) -> Callable[[str], str]:
    """Return a change of a text: the segment ent has another id."""
    return lambda text: win_rate("0.2")(instead("ent =", f'{name} = "Large"')(text))


def without(start: str, end: str) -> Callable[[str], str]:
    """Return a change of a text: what stands from `start` until `end` is left out."""
    return lambda text: text[: text.index(start)] + text[text.index(end) :]


def behind(more: str) -> Callable[[str], str]:
    return lambda text: f"{text}\n{more}\n"


def refused(text: str) -> tuple[str, ...]:
    with pytest.raises(CompanyError) as error:
        read_company(text, "ours.toml")
    return error.value.problems


HEADING = {
    key: number for number, key in enumerate(["id", "version", "title", "currency", "first_month", "horizon_months"], 1)
}
WIN = f"line {line('win_rate = {')}: assumptions.win_rate"
WIN_BOUNDS = "it must lie between 0.0\u202f% and 100.0\u202f% (share of opportunities decided)."
SEGMENTS_NEEDED = 'a table of 1 to 8 segments, id = "title", is needed.'
TITLE_NEEDED = "a text of 1 to 80 characters on one line is needed."
ID_NEEDED = "1 to 63 lower-case letters, digits and hyphens are needed, no hyphen first."
MONTH_NEEDED = 'a month from 1900-01 to 2199-12 is needed, such as "2026-01".'
VERSION_NEEDED = "a whole number from 1 to 1,000,000,000 is needed."
HORIZON_NEEDED = "a whole number from 12 to 120 is needed."
CURRENCY_NEEDED = "three capital letters as in ISO 4217 are needed, such as USD."
KEYS = ("there are id, version, title, currency, first_month, horizon_months, segments, company, assumptions, "
        "sources, book.")  # fmt: skip
AMOUNT = "a month such as 2025-06 with an amount from 0 to 1e12 is needed."
EMPTY = "adds up to 0, but the segment opens with 0.5; give amounts, or leave the book out."
BOOK_HEAD = line('win_rate = "') + 3
BOOK = "[book.ent]\narr = { 2025-06 = 5 }\ncustomers = { 2025-06 = 1 }"
SEGMENT_ROWS = 'smb = "Small"\nent = "Large"'

SYNTAX = {
    "no value": (instead("version", "version ="), ("line 2: cannot be read: Invalid value.",)),
    "no quotes": (instead("title", "title = Ours"), ("line 3: cannot be read: Invalid value.",)),
    "a quote left open": (instead("title", 'title = "Ours'), (r"line 3: cannot be read: Illegal character '\n'.",)),
    "no equals sign": (
        instead("title", 'title "Ours"'),
        ("line 3: cannot be read: Expected '=' after a key in a key/value pair.",),
    ),
    "a comma for a point": (
        instead("version", "version = 1,5"),
        ("line 2: cannot be read: Expected newline or end of document after a statement.",),
    ),
    "a key twice": (
        instead("version", "version = 1\nversion = 1"),
        ("line 3: the key is given twice; remove one of the two.",),
    ),
    "a table twice": (
        behind("[segments]\nmid = 'Mid'"),
        (f"line {BOOK_HEAD - 1}: the key is given twice; remove one of the two.",),
    ),
    "a segment twice in a row": (
        win_rate("{ smb = 0.1, smb = 0.2, ent = 0.3 }"),
        (f"line {line('win_rate')}: cannot be read: Duplicate inline table key 'smb'.",),
    ),
    "two at once": (
        lambda text: win_rate("{{")(instead("version", "version = =")(text)),
        (
            "line 2: cannot be read: Invalid value.",
            f"line {line('win_rate')}: cannot be read: Invalid initial character for a key part.",
        ),
    ),
    "a text never closed": (
        instead("title", 'title = """Ours'),
        ("cannot be read as TOML: Unterminated string (at end of document).",),
    ),
    "a web page": (lambda _: "<html><body>Not found</body></html>", ("line 1: cannot be read: Invalid statement.",)),
    "a table of commas": (
        lambda _: "name,value\n" * 40,
        (
            "has more than 20 lines that cannot be read; is it a company file?",
            *(
                f"line {number}: cannot be read: Expected '=' after a key in a key/value pair."
                for number in range(1, 21)
            ),
        ),
    ),
    "nested too deeply": (behind("deep = " + "[" * 5_000), ("is nested too deeply to be a company file.",)),
    "tables nested too deeply": (
        behind("[a" + ".a" * 5_000 + "]\nx = 1"),
        (f"line {BOOK_HEAD - 1}: cannot be read: more than 9 names are joined by dots.",),
    ),
}
HEADINGS = {
    "no id": (instead("id", ""), (f"id is missing; {ID_NEEDED}",)),
    "no version": (instead("version", ""), ("version is missing; a whole number from 1 to 1,000,000,000 is needed.",)),
    "no title": (instead("title", ""), (f"title is missing; {TITLE_NEEDED}",)),
    "no currency": (instead("currency", ""), (f"currency is missing; {CURRENCY_NEEDED}",)),
    "no first month": (instead("first_month", ""), (f"first_month is missing; {MONTH_NEEDED}",)),
    "no horizon": (
        instead("horizon_months", ""),
        ("horizon_months is missing; a whole number from 12 to 120 is needed.",),
    ),
    "a key too many": (
        instead("version", 'version = 1\ncolour = "red"'),
        (f"line 3: colour is not a key of a company file; {KEYS}",),
    ),
    "a table too many": (
        behind("[extra]\na = 1"),
        (f"line {BOOK_HEAD - 1}: extra is not a key of a company file; {KEYS}",),
    ),
}
for key, values, needed in (
    ("id", ("''", "'Ours'", "'our s'", "'../ours'", "'-ours'", "'öurs'", "5", "true", "['ours']"), ID_NEEDED),
    ("version", ("0", "-1", "1.5", "'1'", "true", "1000000001", "nan"), VERSION_NEEDED),
    ("title", ("''", "'  '", "5", "true"), TITLE_NEEDED),
    ("currency", ("'usd'", "'US'", "'USDX'", "'US1'", "'€'", "5"), CURRENCY_NEEDED),
    ("first_month", ("'2026-13'", "'2026-00'", "'Jan 2026'", "'2026-1'", "'1899-12'", "'2200-01'", "1"), MONTH_NEEDED),
    ("horizon_months", ("0", "7", "11", "121", "1000", "12.5", "'36'", "true"), HORIZON_NEEDED),
):  # fmt: skip
    for value in values:
        told = f"line {HEADING[key]}: {key} is {value}; {needed}"
        HEADINGS[f"{key} = {value}"] = (instead(key, f"{key} = {value}"), (told,))
HEADINGS |= {
    "first_month as a date": (
        instead("first_month", "first_month = 2026-01-01"),
        (f"line 5: first_month is 2026-01-01; {MONTH_NEEDED}",),
    ),
    "id of 64 letters": (instead("id", f"id = '{'a' * 64}'"), (f"line 1: id is '{'a' * 56}…; {ID_NEEDED}",)),
    "title of 81 letters": (
        instead("title", f"title = '{'a' * 81}'"),
        (f"line 3: title is '{'a' * 56}…; {TITLE_NEEDED}",),
    ),
    "title with a control character": (
        instead("title", r'title = "a\u0007b"'),
        (rf"line 3: title is 'a\x07b'; {TITLE_NEEDED}",),
    ),
    "title of two lines": (instead("title", r'title = "a\nb"'), (rf"line 3: title is 'a\nb'; {TITLE_NEEDED}",)),
    "title that turns the writing": (
        instead("title", r'title = "a\u202Eb"'),
        (rf"line 3: title is 'a\u202eb'; {TITLE_NEEDED}",),
    ),
}
SEGMENTS = {
    "no segments": (without("[segments]", "[company]"), (f"segments is missing; {SEGMENTS_NEEDED}",)),
    "an empty table of segments": (
        without(SEGMENT_ROWS, "\n[company]"),
        (f"line 8: segments has 0; {SEGMENTS_NEEDED}",),
    ),
    "segments as a list": (
        lambda text: without("[segments]", "[company]")("segments = ['smb', 'ent']\n" + text),
        (f"line 1: segments is ['smb', 'ent']; {SEGMENTS_NEEDED}",),
    ),
    "nine segments": (
        lambda text: win_rate("0.2")(text).replace(SEGMENT_ROWS, "\n".join(f's{n} = "S"' for n in range(9))),
        (f"line 8: segments has 9; {SEGMENTS_NEEDED}",),
    ),
    "a segment called all": (
        segment_ent("all"),
        (
            "line 10: segments.all is not an id; 1 to 32 letters, digits, hyphens and underscores are needed, "
            'and not "all".',
        ),
    ),
    "a segment with a space": (
        segment_ent('"large ones"'),
        (
            "line 8: segments.large ones is not an id; 1 to 32 letters, digits, hyphens and underscores are needed, "
            'and not "all".',
        ),
    ),
    "a segment of 33 letters": (
        segment_ent("e" * 33),
        (
            f"line 10: segments.{'e' * 33} is not an id; 1 to 32 letters, digits, hyphens and underscores are needed, "
            'and not "all".',
        ),
    ),
    "a segment whose title is no text": (
        instead("ent", "ent = true"),
        (f"line 10: segments.ent is true; {TITLE_NEEDED}",),
    ),
    "a segment without a title": (instead("ent", "ent = ''"), (f"line 10: segments.ent is ''; {TITLE_NEEDED}",)),
}
VALUES = {
    "a missing value": (
        instead("win_rate = {", ""),
        (f"line {line('[assumptions]')}: assumptions.win_rate is missing; {WIN_BOUNDS}",),
    ),
    "a missing value of a segment": (win_rate("{ smb = 0.2 }"), (f"{WIN} has no value for segment ent.",)),
    "no value of any segment": (
        win_rate("{}"),
        (f"{WIN} has no value for segment ent.", f"{WIN} has no value for segment smb."),
    ),
    "an unknown segment": (
        win_rate("{ smb = 0.2, ent = 0.2, pub = 0.3 }"),
        (f"{WIN}.pub is not a segment of this company.",),
    ),
    "a text": (win_rate("'high'"), (f"{WIN} is 'high'; a number is needed and {WIN_BOUNDS}",)),
    "a number as text": (win_rate("'0.2'"), (f"{WIN} is '0.2'; a number is needed and {WIN_BOUNDS}",)),
    "a text of 1,000 letters": (
        win_rate(f"'{'x' * 1000}'"),
        (f"{WIN} is '{'x' * 56}…; a number is needed and {WIN_BOUNDS}",),
    ),
    "true": (win_rate("true"), (f"{WIN} is true; a number is needed and {WIN_BOUNDS}",)),
    "a list": (win_rate("[0.2, 0.3]"), (f"{WIN} is [0.2, 0.3]; a number is needed and {WIN_BOUNDS}",)),
    "a date": (win_rate("2026-01-01"), (f"{WIN} is 2026-01-01; a number is needed and {WIN_BOUNDS}",)),
    "a time": (win_rate("07:30:00"), (f"{WIN} is 07:30:00; a number is needed and {WIN_BOUNDS}",)),
    "a table in a table": (
        win_rate("{ smb = { a = 1 }, ent = 0.2 }"),
        (f"{WIN}.smb is {{'a': 1}}; a number is needed and {WIN_BOUNDS}",),
    ),
    "a bad value in a row of its own": (
        lambda text: instead("win_rate = {", "win_rate.smb = 0.2\nwin_rate.ent = 9")(text),
        (f"line {line('win_rate = {') + 1}: assumptions.win_rate.ent is 900.0\u202f%; {WIN_BOUNDS}",),
    ),
    "a bad value in a table of its own": (
        lambda text: behind("[assumptions.win_rate]\nsmb = 0.2\nent = 9")(instead("win_rate = {", "")(text)),
        (f"line {BOOK_HEAD + 1}: assumptions.win_rate.ent is 900.0\u202f%; {WIN_BOUNDS}",),
    ),
    "above its bound": (win_rate("9"), (f"{WIN} is 900.0\u202f%; {WIN_BOUNDS}",)),
    "below its bound": (win_rate("{ smb = -0.5, ent = 0.2 }"), (f"{WIN}.smb is −50.0\u202f%; {WIN_BOUNDS}",)),
    "1e300": (win_rate("1e300"), (f"{WIN} is 1.00e302\u202f%; {WIN_BOUNDS}",)),
    "nan": (win_rate("nan"), (f"{WIN} is not a finite number; {WIN_BOUNDS}",)),
    "inf": (win_rate("inf"), (f"{WIN} is not a finite number; {WIN_BOUNDS}",)),
    "-inf": (win_rate("{ smb = 0.2, ent = -inf }"), (f"{WIN}.ent is not a finite number; {WIN_BOUNDS}",)),
    "1e400": (win_rate("1e400"), (f"{WIN} is not a finite number; {WIN_BOUNDS}",)),
    "10 to the power of 400": (win_rate("1" + "0" * 400), (f"{WIN} is too large a number; {WIN_BOUNDS}",)),
    "a term that is none": (
        instead("contract_term_months", "contract_term_months = 7"),
        (
            f"line {line('contract_term')}: assumptions.contract_term_months is 7; "
            "it must be one of 1, 3, 6, 12, 24, 36 (months).",
        ),
    ),
    "an unknown assumption": (
        instead("win_rate = {", "win_rate = 0.2\nwinrate = 0.2"),
        (f"line {line('win_rate') + 1}: assumptions.winrate is not an assumption.",),
    ),
    "an unknown assumption of the company": (
        instead("[company]", "[company]\nrent = 5"),
        (f"line {line('[company]') + 1}: company.rent is not an assumption.",),
    ),
    "a company's value by segment": (
        lambda text: instead("win_rate = {", "win_rate = 0.2\nfixed_costs = 1")(instead("fixed_costs", "")(text)),
        (
            f"line {line('[company]')}: company.fixed_costs is missing; "
            "it must lie between $0 and $1.00T (currency per year).",
            f"line {line('win_rate') + 1}: assumptions.fixed_costs is not an assumption of [assumptions]; "
            "it belongs to [company].",
        ),
    ),
    "a segment's value for the company": (
        lambda text: instead("fixed_costs", "fixed_costs = 1\nwin_rate = 0.2")(instead("win_rate = {", "")(text)),
        (
            f"line {line('fixed_costs') + 1}: company.win_rate is not an assumption of [company]; "
            "it belongs to [assumptions].",
            f"line {line('[assumptions]') + 1}: assumptions.win_rate is missing; {WIN_BOUNDS}",
        ),
    ),
    "a company's value as a table": (
        instead("fixed_costs", "fixed_costs = { smb = 1 }"),
        (
            f"line {line('fixed_costs')}: company.fixed_costs is {{'smb': 1}}; "
            "a number is needed and it must lie between $0 and $1.00T (currency per year).",
        ),
    ),
    "no table of the company": (
        without("[company]", "[assumptions]"),
        ("company is missing; a table with 5 values is needed.",),
    ),
    "no table of assumptions": (
        without("[assumptions]", "[sources]"),
        (f"assumptions is missing; a table with {OF_SEGMENTS} values is needed.",),
    ),
}
SOURCE_LINE = line('win_rate = "')
SOURCES_AND_BOOKS = {
    "a source that is no text": (
        instead('win_rate = "', "win_rate = 5"),
        (f"line {SOURCE_LINE}: sources.win_rate is 5; a text of at most 400 characters on one line is needed.",),
    ),
    "a source of 401 letters": (
        instead('win_rate = "', f'win_rate = "{"x" * 401}"'),
        (
            f"line {SOURCE_LINE}: sources.win_rate is '{'x' * 56}…; "
            "a text of at most 400 characters on one line is needed.",
        ),
    ),
    "a source of an unknown assumption": (
        instead('win_rate = "', 'winrate = "a guess"'),
        (f"line {SOURCE_LINE}: sources.winrate is not an assumption.",),
    ),
    "sources as a text": (
        lambda text: (
            'sources = "books"\n' + without("[sources]", 'win_rate = "')(text).replace('win_rate = "judge', '# "')
        ),
        ('line 1: sources must be a table, assumption = "where its value comes from".',),
    ),
    "a book of an unknown segment": (
        behind("[book.pub]\narr = {}\ncustomers = {}"),
        (f"line {BOOK_HEAD - 1}: book.pub is not a segment of this company.",),
    ),
    "a book without customers": (
        behind("[book.ent]\narr = { 2025-06 = 5 }"),
        (f"line {BOOK_HEAD - 1}: book.ent must have the two tables arr and customers.",),
    ),
    "a book with a third table": (
        behind(f"{BOOK}\nrevenue = {{}}"),
        (f"line {BOOK_HEAD - 1}: book.ent must have the two tables arr and customers.",),
    ),
    "a book without months": (
        behind("[book.ent]\narr = 5\ncustomers = { 2025-06 = 1 }"),
        (f"line {BOOK_HEAD}: book.ent.arr must be a table, sale month = amount.",),
    ),
    "a book that is a list": (behind("[[book]]\na = 1"), (f"line {BOOK_HEAD - 1}: book must be a table of segments.",)),
    "a book with a month 13": (
        behind(BOOK.replace("2025-06 = 5", "2025-13 = 5")),
        (f"line {BOOK_HEAD}: book.ent.arr.2025-13 is 5; {AMOUNT}",),
    ),
    "a book with bad amounts": (
        behind("[book.ent]\narr = { 2025-06 = -1 }\ncustomers = { 2025-06 = nan, 2025-07 = 'x', 2025-08 = true }"),
        (
            f"line {BOOK_HEAD}: book.ent.arr.2025-06 is -1; {AMOUNT}",
            f"line {BOOK_HEAD + 1}: book.ent.customers.2025-06 is nan; {AMOUNT}",
            f"line {BOOK_HEAD + 1}: book.ent.customers.2025-07 is 'x'; {AMOUNT}",
            f"line {BOOK_HEAD + 1}: book.ent.customers.2025-08 is true; {AMOUNT}",
        ),
    ),
    "a book of the future": (
        behind("[book.ent]\narr = { 2026-01 = 5 }\ncustomers = { 2025-12 = 1 }"),
        (
            f"line {BOOK_HEAD}: book.ent.arr.2026-01 is not before the first month, 2026-01; "
            "a book holds what was sold before it.",
        ),
    ),
    "an empty book": (
        behind("[book.ent]\narr = { 2025-06 = 0 }\ncustomers = {}"),
        (
            f"line {BOOK_HEAD}: book.ent.arr {EMPTY}",
            f"line {BOOK_HEAD + 1}: book.ent.customers {EMPTY}",
        ),
    ),
}
BROKEN = SYNTAX | HEADINGS | SEGMENTS | VALUES | SOURCES_AND_BOOKS


def named(problem: str) -> str:
    """Return a problem as the file's name and its line begin it."""
    return f"ours.toml, {problem}" if problem.startswith("line ") else f"ours.toml: {problem}"


def test_the_file_that_is_broken_below_is_a_company() -> None:
    assert read_company(company()).title == "Ours"
    assert read_company(company(behind(BOOK))).book["ent"]["arr"] == {"2025-06": 5}


def test_no_two_cases_are_the_same_by_mistake() -> None:
    assert len(BROKEN) == sum(map(len, (SYNTAX, HEADINGS, SEGMENTS, VALUES, SOURCES_AND_BOOKS)))
    assert all(company(change) != company() for change, _ in BROKEN.values())


@pytest.mark.parametrize("case", BROKEN)
def test_a_mistake_is_named_with_its_line(case: str) -> None:
    change, problems = BROKEN[case]
    assert refused(company(change)) == tuple(map(named, problems))


def test_a_problem_is_named_at_its_line_whatever_ends_the_lines() -> None:
    assert refused(company(win_rate("9")).replace("\n", "\r\n")) == (named(f"{WIN} is 900.0\u202f%; {WIN_BOUNDS}"),)


def test_a_byte_order_mark_and_other_line_ends_do_no_harm() -> None:
    assert read_company("\ufeff" + company().replace("\n", "\r\n")) == read_company(company())


def test_all_problems_of_a_file_are_named_at_once_in_the_order_of_their_lines() -> None:
    changes = [instead("id", "id = 'Our s'"), instead("version", "version = ="), instead("hori", "horizon_months = 7"),
               instead("[segments]", "[segments]\npub = 5"), win_rate("9"),
               instead("sales_cycle", "sales_cycle_months = 'x'"),
               instead('win_rate = "', "winrate = 'x'"), behind("[book.gov]\narr = {}\ncustomers = {}")]  # fmt: skip
    text = company()
    for change in changes:
        text = change(text)
    assert refused(text) == tuple(map(named, [
        f"line 1: id is 'Our s'; {ID_NEEDED}",
        "line 2: cannot be read: Invalid value.",
        "line 6: horizon_months is 7; a whole number from 12 to 120 is needed.",
        f"line 9: segments.pub is 5; {TITLE_NEEDED}",
        f"line {line('win_rate') + 1}: assumptions.win_rate is 900.0\u202f%; {WIN_BOUNDS}",
        f"line {line('sales_cycle') + 1}: assumptions.sales_cycle_months is 'x'; a number is needed and "
        "it must lie between 0.50 and 24.0 (months).",
        f"line {SOURCE_LINE + 1}: sources.winrate is not an assumption.",
        f"line {BOOK_HEAD}: book.gov is not a segment of this company.",
    ]))  # fmt: skip


def test_a_file_without_anything_lacks_everything() -> None:
    assert [problem.removeprefix("ours.toml: ").split(" ")[0] for problem in refused("")] == [
        "assumptions", "company", "currency", "first_month", "horizon_months", "id", "segments", "title", "version",
    ]  # fmt: skip


def test_a_file_too_large_is_not_even_parsed() -> None:
    text = company() + "#" * 250_000
    begun = time.perf_counter()
    told = f"ours.toml has {len(text):,} characters; a company file has at most 250,000."
    assert refused(text) == (told,)
    assert time.perf_counter() - begun < 0.1


@pytest.mark.parametrize(
    "text", ["a = 1\n" * 40_000, "=\n" * 120_000, "[a]\n" * 60_000], ids=["keys", "signs", "tables"]
)
def test_a_large_file_full_of_mistakes_is_refused_soon(text: str) -> None:
    begun = time.perf_counter()
    assert refused(text)[0] == "ours.toml: has more than 20 lines that cannot be read; is it a company file?"
    assert time.perf_counter() - begun < 5


@pytest.mark.parametrize("text", ["a." * 60_000 + "a=1", "[" + '"a" . ' * 20_000 + "a]", "x={" + "a." * 9 + "a=1}"])
def test_names_joined_by_many_dots_take_no_memory(text: str) -> None:
    tracemalloc.start()
    told = refused(company() + text)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert told[-1].endswith(": cannot be read: more than 9 names are joined by dots.")
    assert peak < 30_000_000


def test_of_very_many_problems_the_first_are_told_and_the_rest_counted() -> None:
    told = refused("".join(f"key_{number} = 1\n" for number in range(500)) + company())
    assert len(told) == 101
    assert told[-1] == "ours.toml: 400 more problems are not listed."


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    latin = tmp_path / "ours.toml"
    latin.write_bytes(company().replace("Ours", "Müller").encode("latin-1"))
    for path, told in (
        (latin, f"ours.toml is not UTF-8 text (byte {company().index('Ours') + 1} is not); save it as UTF-8."),
        (tmp_path / "none.toml", f"{tmp_path / 'none.toml'} cannot be read: No such file or directory."),
        (tmp_path, f"{tmp_path} cannot be read: Is a directory."),
    ):
        with pytest.raises(CompanyError) as error:
            load_company(str(path))
        assert error.value.problems == (told,)
