"""The encoding of a text file: a mark at its start, UTF-8 if it is that throughout, else a question."""

from __future__ import annotations

import codecs
import io
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from model.errors import ExportError
from model.history.reading.habits import Choice, Question, question
from model.history.reading.texts import shown_text

MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF32_BE: "utf-32",
         codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}  # fmt: skip
OTHERS = {
    "cp1252": "Western Europe, Windows", "iso8859-15": "Western Europe, ISO 8859-15", "mac_roman": "Western, old Macs",
    "cp1250": "Central Europe, Windows", "cp1251": "Cyrillic, Windows", "cp1253": "Greek, Windows",
    "cp1254": "Turkish, Windows", "cp1255": "Hebrew, Windows", "cp1256": "Arabic, Windows", "cp1257": "Baltic, Windows",
    "cp932": "Japanese, Shift-JIS", "gbk": "Chinese, GBK", "big5": "Chinese, Big5", "cp949": "Korean, Windows",
}  # fmt: skip
OFFERED = 8
BLOCK = 1 << 20
SAMPLE = 20_000
"""Bytes of lines that are not ASCII, from which the likely encodings are told."""


def binary(content: bytes | Path) -> BinaryIO:
    """Return a file to read bytes from."""
    return io.BytesIO(content) if isinstance(content, bytes) else content.open("rb")


def encoding_of(file: str, content: bytes | Path, told: str) -> str | Question:
    """Return the encoding of a text file, or the question which it is.

    Raises
    ------
    ExportError
        If it is no text, or not in the encoding told.
    """
    with binary(content) as stream:
        start = stream.read(4)
    marked = next((name for mark, name in MARKS.items() if start.startswith(mark)), "")
    if marked and not (marked == "utf-32" and not _decodes(content, "utf-32")):
        return _checked(file, content, marked)
    if told:
        return _checked(file, content, told)
    _refuse_zero(file, content)
    wrong = _first_wrong(content, "utf-8")
    if wrong is None:
        return "utf-8"
    if wrong[1]:
        raise ExportError(f"{file}: the file ends within a character, so it is cut off; export it once more.")
    return _encoding_question(file, _sample(content))


def _checked(file: str, content: bytes | Path, encoding: str) -> str:
    """Return an encoding, or refuse a file that is not written in it."""
    if not encoding.startswith(("utf-16", "utf-32")):
        _refuse_zero(file, content)
    wrong = _first_wrong(content, encoding)
    if wrong is not None:
        name = encoding.removesuffix("-sig").upper()
        raise ExportError(
            f"{file}: byte {wrong[0]:,} is not {name} text; save the file as UTF-8, or name its encoding."
        )
    return encoding


def _refuse_zero(file: str, content: bytes | Path) -> None:
    place = 0
    with binary(content) as stream:
        while block := stream.read(BLOCK):
            if (zero := block.find(b"\0")) >= 0:
                where = f"byte {place + zero:,} is NUL"
                raise ExportError(f"{file}: {where}, so this is not a text file; save it as CSV in UTF-8.")
            place += len(block)


def _decodes(content: bytes | Path, encoding: str) -> bool:
    return _first_wrong(content, encoding) is None


def _first_wrong(content: bytes | Path, encoding: str) -> tuple[int, bool] | None:
    """Return the first byte that is not in an encoding, and whether the file merely ends within a character."""
    decoder, place = codecs.getincrementaldecoder(encoding)(), 0
    with binary(content) as stream:
        while True:
            block = stream.read(BLOCK)
            held = len(decoder.getstate()[0])
            try:
                decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                return place - held + error.start, not block
            except UnicodeError:
                return place, not block
            if not block:
                return None
            place += len(block)


def _sample(content: bytes | Path) -> list[bytes]:
    """Return lines of a file that are not ASCII."""
    lines, size = [], 0
    with binary(content) as stream:
        for line in stream:
            if not line.isascii():
                lines.append(line[:2000])
                size += len(lines[-1])
            if size > SAMPLE:
                break
    return lines


def _encoding_question(file: str, lines: list[bytes]) -> Question:
    """Return the question in which encoding lines are written, the likeliest first, each with what it makes of one."""
    found: dict[str, tuple[float, str, str]] = {}
    for encoding, label in OTHERS.items():
        text = _decoded(lines, encoding)
        if text is not None and all(text != other for _, _, other in found.values()):
            found[encoding] = (_likelihood(text), label, text)
    ranked = sorted(found.items(), key=lambda entry: -entry[1][0])[:OFFERED]
    if not ranked:
        raise ExportError(f"{file}: this is not text in any encoding known; save it as CSV in UTF-8.")
    places = _telling(text for _, (_, _, text) in ranked)
    choices = [Choice(encoding, label, _around(text, places)) for encoding, (_, label, text) in ranked]
    return question(file, "encoding", "", "the file is not UTF-8.", choices)


def _decoded(lines: list[bytes], encoding: str) -> str | None:
    try:
        text = b"".join(lines).decode(encoding)
    except UnicodeDecodeError:
        return None
    return text if all(letter.isprintable() or letter in "\r\n\t\u00a0\u200e\u200f" for letter in text) else None


def _likelihood(text: str) -> float:
    """Return how much a text looks like words: letters among letters of their own script, capitals only in front.

    Latin letters with accents stand alone among plain ones.
    """
    score, count = 0.0, 0
    for before, letter, after in zip(" " + text, text, text[1:] + " ", strict=False):
        if letter.isascii():
            continue
        count += 1
        near = [other for other in (before, after) if other.isalpha()]
        if letter.isalpha():
            alike = all(_script(other) == _script(letter) for other in near)
            score += 1.0 if alike else -1.0
            score -= 1.0 if letter.isupper() and before.islower() else 0.0
            score -= 0.5 * sum(not other.isascii() for other in near) if _script(letter) == "LATIN" else 0.0
            score -= 0.6 if "HALFWIDTH" in unicodedata.name(letter, "") else 0.0
        elif near:
            score -= 0.5
    return score / max(count, 1)


def _script(letter: str) -> str:
    return unicodedata.name(letter, "?").split()[0].replace("HIRAGANA", "CJK").replace("KATAKANA", "CJK")


def _telling(texts: Iterator[str]) -> int:
    """Return the place of the first character that is not ASCII in the likeliest text."""
    text = next(texts)
    return next((place for place, letter in enumerate(text) if not letter.isascii()), 0)


def _around(text: str, place: int) -> str:
    """Return the cell that a place lies in."""
    start = max(text.rfind(mark, 0, place) for mark in ',;\t|"\n') + 1
    end = min((at for at in (text.find(mark, place) for mark in ',;\t|"\r\n') if at >= 0), default=len(text))
    return shown_text(text[start:end].strip())
