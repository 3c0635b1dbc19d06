"""Lists to choose from, found by their names whatever their labels; see pages/parts/choices.py."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def named(lists: Iterable[Any], name: str) -> Any:
    """Return the one list of that name on a page."""
    (found,) = (one for one in lists if (one.key or "").rpartition(":")[0] == name)
    return found
