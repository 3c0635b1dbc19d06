"""How far a long command is, on standard error: one line that changes, or one a minute where nobody looks."""

from __future__ import annotations

import sys
import time
from types import TracebackType

SECONDS_APART = 60.0


def told(done: int, of: int, rate: float) -> str:
    """Return how far it is: companies done, companies a second, and how long the rest will take.

    >>> told(137, 500, 1.13)
    '137 of 500 companies, 1.1 a second, 5 min 21 s left'
    >>> told(0, 500, 0.0)
    '0 of 500 companies'
    >>> told(500, 500, 1.13)
    '500 of 500 companies, 1.1 a second'
    """
    found = f"{done:,} of {of:,} companies"
    if rate > 0:
        found += f", {rate:.2g} a second"
        found += f", {_duration((of - done) / rate)} left" if done < of else ""
    return found


def _duration(seconds: float) -> str:
    """Return a time as people say it.

    >>> _duration(9.6), _duration(150), _duration(9_000)
    ('10 s', '2 min 30 s', '2 h 30 min')
    """
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3_600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3_600} h {whole % 3_600 // 60} min"


class Progress:
    """Tells how far it is while it is entered.

    Parameters
    ----------
    of : int
        Companies in all.
    before : int
        Those that were done before.
    """

    def __init__(self, of: int, before: int) -> None:
        self._of, self._before, self._done = of, before, before
        self._looked_at = sys.stderr.isatty()
        self._start = self._last = time.monotonic()

    def step(self) -> None:
        """Count one company more."""
        self._done += 1
        self._tell()

    def __enter__(self) -> Progress:
        if self._before:
            self._print(f"Going on: {self._before:,} of {self._of:,} companies are done.\n")
        self._tell()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._looked_at:
            self._print("\n")

    def _tell(self) -> None:
        now = time.monotonic()
        rate = (self._done - self._before) / max(now - self._start, 1e-9)
        if self._looked_at:
            self._print(f"\r{told(self._done, self._of, rate)}\033[K")
        elif now - self._last >= SECONDS_APART:
            self._last = now
            self._print(f"{told(self._done, self._of, rate)}\n")

    def _print(self, text: str) -> None:
        print(text, end="", file=sys.stderr, flush=True)
