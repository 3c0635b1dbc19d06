"""Everything RevLens refuses is one of these.

RevLensError          carries every problem found, one sentence each
├── CatalogueError    a declaration shipped in data/ is broken
├── CompanyError      a company's file or one of its values cannot be used
├── ScenarioError     a move, a link or a horizon cannot be used
├── LensError         a file of a lens of one's own cannot be used
└── ExportError       an export of another system cannot be read
"""

from __future__ import annotations

from collections.abc import Iterable


class RevLensError(ValueError):
    """A refusal that names all its problems at once.

    Attributes
    ----------
    problems : tuple of str
        One sentence each: what, which value, what is allowed, what to do.
    """

    def __init__(self, problems: str | Iterable[str]) -> None:
        self.problems: tuple[str, ...] = (problems,) if isinstance(problems, str) else tuple(problems)
        super().__init__("\n".join(self.problems))


class CatalogueError(RevLensError):
    """A declaration shipped in data/ is broken."""


class CompanyError(RevLensError):
    """A company's file or one of its values cannot be used."""


class ScenarioError(RevLensError):
    """A move, a link or a horizon cannot be used.

    Attributes
    ----------
    instead : str
        What a link that holds it takes instead: "The base, 88.2 %, is used." The command line takes nothing instead.
    """

    def __init__(self, problems: str | Iterable[str], instead: str = "") -> None:
        super().__init__(problems)
        self.instead = instead

    @property
    def with_instead(self) -> tuple[str, ...]:
        """The problems, each with what is used instead."""
        return tuple(f"{problem} {self.instead}".rstrip() for problem in self.problems)


class LensError(RevLensError):
    """A file of a lens of one's own cannot be used."""


class ExportError(RevLensError):
    """An export of another system cannot be read."""
