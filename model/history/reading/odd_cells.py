"""Cells of a workbook that its reader leaves out or stumbles over, written as text that says what they hold."""

from __future__ import annotations

import re
from collections.abc import Mapping

SHEETS = "xl/worksheets/"
KNOWN = (b"", b"str", b"inlineStr", b"d")
"""Types of cells that are read whatever is in them."""
ODD = b"#VALUE! "
"""Stands before what a cell holds that is not what its type says, so that it is read as nothing else."""
_ERROR = re.compile(rb"(<(?:\w+:)?c\b[^>]*?\st\s*=\s*)[\"']e[\"']")
_CELL = re.compile(
    rb"<(?:\w+:)?c\b[^>]*?\st\s*=\s*[\"'](\w*)[\"'][^>]*>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)", re.DOTALL
)
_TYPE = re.compile(rb"(\st\s*=\s*)[\"']\w*[\"']")
_UNFILLED = re.compile(
    rb"<((?:\w+:)?)c\b((?:(?!\st\s*=)[^>])*)>\s*<\1f\b(?:[^>]*/>|[^>]*>[^<]*</\1f>)\s*(?:<\1v\s*/>|<\1v\s*>\s*</\1v>)?\s*</\1c>"
)
"""A cell that holds a formula and no value; one that came to an empty text says that it is a text."""
UNFILLED = b"#VALUE! formula without a value"
_TEXTS = re.compile(rb"<(?:\w+:)?si\b")


def with_errors_as_text(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the parts of a workbook with errors of formulas as text; its reader leaves them out as if they were empty.

    So it does with formulas whose value was never worked out, as of a file that a program wrote and nobody opened.
    """
    return {name: _with_errors(xml) if name.startswith(SHEETS) else xml for name, xml in parts.items()}


def _with_errors(xml: bytes) -> bytes:
    if b"f>" in xml or b"<f" in xml:
        xml = _UNFILLED.sub(rb'<\1c\2 t="str"><\1v>' + UNFILLED + rb"</\1v></\1c>", xml)
    return _ERROR.sub(rb'\1"str"', xml) if _has_errors(xml) else xml


def _has_errors(xml: bytes) -> bool:
    """Say whether a sheet may have errors; most have none, and need not be copied."""
    return b'"e"' in xml or b"'e'" in xml


def with_odd_cells_as_text(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the parts of a workbook with every cell as text that is not what its type says."""
    texts = sum(len(_TEXTS.findall(xml)) for name, xml in parts.items() if name.startswith("xl/sharedStrings"))
    return {name: _CELL.sub(lambda cell: _readable(cell, texts), xml) if name.startswith(SHEETS) else xml
            for name, xml in parts.items()}  # fmt: skip


def _readable(cell: re.Match[bytes], texts: int) -> bytes:
    written, kind, value = cell[0], cell[1], cell[2].strip()
    if kind in KNOWN:
        return written
    if kind == b"n":
        return _TYPE.sub(b"", written, count=1)
    if kind == b"b" and value in (b"0", b"1", b"true", b"false"):
        return written
    if kind == b"s" and value.isdigit() and int(value[:12]) < texts:
        return written
    start = len(written) - len(cell[2])
    return _TYPE.sub(rb'\1"str"', written[:start], count=1) + ODD + value
