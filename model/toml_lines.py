"""TOML read so that every problem in it has its line, and one problem does not hide the others."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from typing import Any

MOST_UNREADABLE = 20
MOST_DOTS = 8
_SYNTAX_LINE = re.compile(r"^(.*) \(at line (\d+), column \d+\)$", re.DOTALL)
_KEY = re.compile(r"\s*([A-Za-z0-9_.\"' -]+?)\s*=")
_WORD = re.compile(r"\s*([A-Za-z0-9_.\"'-]+)")
_NOWHERE = "-left-out-"
TOO_DOTTED = f"more than {MOST_DOTS + 1} names are joined by dots"
_UNREADABLE = f"has more than {MOST_UNREADABLE} lines that cannot be read; is it a company file?"
_PART = r"""(?:"[^"\n]*+"|'[^'\n]*+'|[\w-]++)"""
_DOTTED = re.compile(rf"{_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{{MOST_DOTS + 1},}}")


def too_dotted(line: str) -> bool:
    """Say whether a line joins more names by dots than any key or number needs.

    The parser keeps all beginnings of a dotted key, which takes memory by the square of its length.
    """
    return _DOTTED.search(line) is not None


def parse(text: str) -> tuple[dict[str, Any], list[tuple[int, str]]]:
    """Parse TOML; a line that cannot be read is named, left out and the rest parsed again.

    The head of a table that cannot be read becomes one that nobody reads, so that its keys land nowhere else.
    """
    lines: list[str] = text.split("\n")
    problems: list[tuple[int, str]] = []
    for number, line in enumerate(lines, 1):
        if too_dotted(line) and len(problems) < MOST_UNREADABLE:
            problems.append((number, f"cannot be read: {TOO_DOTTED}."))
            lines[number - 1] = _without(line, number)
        elif len(problems) == MOST_UNREADABLE:
            return {}, [*problems, (0, _UNREADABLE)]
    for _ in range(MOST_UNREADABLE):
        try:
            raw = tomllib.loads("\n".join(lines))
            return {key: value for key, value in raw.items() if not key.startswith(_NOWHERE)}, problems
        except RecursionError:
            return {}, [*problems, (0, "is nested too deeply to be a company file.")]
        except ValueError as error:
            known = _SYNTAX_LINE.match(str(error))
            if not known:
                return {}, [*problems, (0, f"cannot be read as TOML: {error}.")]
            at = int(known[2])
            repeated = "overwrite" in known[1] or "twice" in known[1]
            what = "the key is given twice; remove one of the two." if repeated else f"cannot be read: {known[1]}."
            problems.append((at, what))
            lines[at - 1] = _without(lines[at - 1], at)
    return {}, [*problems, (0, _UNREADABLE)]


def _without(line: str, number: int) -> str:
    """Return what stands in place of a line that cannot be read."""
    return f"[{_NOWHERE}{number}]" if line.lstrip().startswith("[") else ""


def lines_of(text: str, unread: Collection[int] = ()) -> dict[str, int]:
    """Return the line of each key and table of a TOML text, by its path: "assumptions.win_rate".

    Of an `unread` line the first word is taken for its key.
    """
    found: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.split("\n"), 1):
        if header := re.match(r"\s*\[+\s*([^\[\]]+?)\s*\]+", line):
            table = header[1].replace('"', "")
            found.setdefault(table, number)
            found.setdefault(table.partition(".")[0], number)
        elif key := (_KEY.match(line) or (_WORD.match(line) if number in unread else None)):
            name = key[1].replace('"', "").replace("'", "")
            found.setdefault(f"{table}.{name}" if table else name, number)
    return found


def line_of(problem: str, lines: Mapping[str, int]) -> int:
    """Return the line of the value that a problem begins with, or of the nearest table around it, or 0."""
    path = problem.split(" ", 1)[0]
    while path:
        if path in lines:
            return lines[path]
        path = path.rpartition(".")[0]
    return 0
