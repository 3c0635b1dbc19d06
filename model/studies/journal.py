"""The journal of a long study: what is done already, kept line by line, so that a run that was killed goes on from there.

Each line is a checksum, a space, and JSON. The first line says which question is answered, each other line answers it for
one company. A line that was cut short or damaged counts for nothing; its company is worked out again.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from model.errors import ScenarioError
from model.text import glance

DIGITS = 16

Settings = Mapping[str, object]


class Journal:
    """A journal that is open, by nobody else.

    Parameters
    ----------
    path : Path
        Its file; made if it is not there.
    settings : mapping
        What the question is, as JSON can hold it.

    Attributes
    ----------
    done : dict of str to str
        The answers, by the key of who was asked.

    Raises
    ------
    ScenarioError
        Another run uses the file, it is no journal, or one of another question; it is left as it is.
    """

    def __init__(self, path: Path, settings: Settings) -> None:
        self.path, self.done, self._settings = path, dict[str, str](), settings
        self._file = path.open("a+b")
        try:
            self._lock()
            good = self.read()
            self._file.truncate(good)
            if not good:
                self._write(settings)
        except BaseException:
            self._file.close()
            raise

    def add(self, key: str, answer: str) -> None:
        """Keep an answer; when this returns, it is on the disk."""
        self._write([key, answer])
        self.done[key] = answer

    def read(self) -> int:
        """Read what is done and return how many bytes of the file are whole lines."""
        self._file.seek(0)
        first, *lines = self._file.readlines() or [b""]
        if not _line(self._settings).startswith(first):
            self._check(_content(first), empty=not lines)
            return 0
        good = len(first) if first.endswith(b"\n") else 0
        for line in lines:
            match _content(line):
                case [str(key), str(answer)]:
                    self.done[key] = answer
            good += len(line) if line.endswith(b"\n") else 0
        return good

    def forget(self) -> None:
        """Forget the answers, which are kept elsewhere by now."""
        self.done.clear()

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close the file; one without answers is not left behind."""
        if not self.done:
            self.path.unlink(missing_ok=True)
        self._file.close()

    def _lock(self) -> None:
        """Take the file for this process; the lock ends with it, however it ends."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ScenarioError(f"{self.path} is in use by another run; wait for it, or take another --out.") from error

    def _write(self, content: object) -> None:
        self._file.write(_line(content))
        self._file.flush()
        os.fsync(self._file.fileno())

    def _check(self, found: object, *, empty: bool) -> None:
        """Refuse a first line that is not the one asked for, unless no answer follows it."""
        if not isinstance(found, dict):
            raise ScenarioError(f"{self.path} is not a journal of RevLens; move it away, or take another --out.")
        told = [
            f"{name} was {_told(before, now)}, now {_told(now, before)}"
            for name in dict.fromkeys([*found, *self._settings])
            if (before := found.get(name)) != (now := self._settings.get(name))
        ]
        if not empty:
            raise ScenarioError(f"{self.path} was begun with other settings: {'; '.join(told)}. Give those again, take "
                                "another --out, or delete that file to begin anew.")  # fmt: skip


def _line(content: object) -> bytes:
    text = json.dumps(content)
    return f"{_checksum(text.encode())} {text}\n".encode()


def _content(line: bytes) -> object:
    """Return what a line holds, or nothing if it is not whole."""
    checksum, _, text = line.partition(b" ")
    if not line.endswith(b"\n") or checksum.decode("ascii", "replace") != _checksum(text[:-1]):
        return None
    return json.loads(text)


def _checksum(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()[:DIGITS]


def _told(value: object, other: object) -> str:
    """Return a setting as people read it, of a list only what the other one lacks."""
    if isinstance(value, list) and isinstance(other, list):
        value = [one for one in value if one not in other]
    return "none" if value in (None, []) else glance(json.dumps(value, ensure_ascii=False), 80)
