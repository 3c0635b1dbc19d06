"""Lists to choose from: the browser sends back the label of what was chosen, so that labels must tell options apart.

It goes on sending the label it knows when the list changes under it. A list whose labels may come to mean something else
is therefore another widget for each set of labels.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import TypeVar

Option = TypeVar("Option")


def apart(labels: Mapping[Option, str]) -> dict[Option, str]:
    """Return labels by option, with a number behind those that an earlier option has.

    >>> apart({"a": "Ours", "b": "Ours", "c": "Theirs"})
    {'a': 'Ours', 'b': 'Ours (2)', 'c': 'Theirs'}
    """
    found: dict[Option, str] = {}
    taken: set[str] = set()
    for option, label in labels.items():
        count, told = 1, label
        while told in taken:
            count += 1
            told = f"{label} ({count})"
        taken.add(told)
        found[option] = told
    return found


def key_of(name: str, labels: Mapping[Option, str]) -> str:
    """Return the key of a list: of the same labels for the same options, in whatever order, always the same."""
    pairs = sorted(f"{label}\n{option}" for option, label in labels.items())
    return f"{name}:{zlib.crc32(chr(0).join(pairs).encode()):08x}"
