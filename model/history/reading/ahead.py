"""What will be asked about a file, told from its beginning before all of it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from model.errors import ExportError
from model.history.reading.files import GivenFile, read_files
from model.history.reading.habits import Asked, Question
from model.history.reading.parquet_file import MAGIC
from model.history.reading.workbook import COMPOUND, ZIP

LOOKED_AT = 2_000_000
"""Bytes of a text file that are looked at: what these many rows leave open, the rest hardly ever proves."""
WHOLE: Mapping[bytes, int] = {ZIP: 500_000, COMPOUND: 2_000_000, MAGIC: 5_000_000}
"""Files that cannot be read in part are read up to this size: workbooks, zipped and old, and Parquet."""


def questions_ahead(upload: GivenFile) -> tuple[Question, ...]:
    """Return what only the reader of an uploaded file can say, as far as its beginning shows; faults are told once all of it is read."""
    beginning = _beginning(upload.content) if isinstance(upload.content, bytes) else b""
    try:
        read_files([replace(upload, content=beginning)])
    except Asked as asked:
        return asked.questions
    except ExportError:
        return ()
    return ()


def _beginning(content: bytes) -> bytes:
    """Return as much of a file as is looked at: whole lines of a text, all or nothing of others."""
    for mark, most in WHOLE.items():
        if content.startswith(mark):
            return content if len(content) <= most else b""
    return content if len(content) <= LOOKED_AT else content[: content.rfind(b"\n", 0, LOOKED_AT) + 1]
