"""What a command of the command line did, as tests look at it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Ran:
    """What one command did: its exit code, and what it wrote to standard output and standard error."""

    code: int
    out: bytes
    errors: list[str]

    @property
    def text(self) -> str:
        return self.out.decode()


def refusal(*problems: str) -> Ran:
    """Return what a command does that was refused."""
    return Ran(2, b"", [*problems, "Nothing was written."])


Run = Callable[..., Ran]
