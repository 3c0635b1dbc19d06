"""Numbers as a publication prints them: anything that rounds to the same digits is the same."""

from __future__ import annotations

import pytest


def printed(text: str, digits_off: int = 0) -> object:
    """Return what compares equal to all numbers within half the last printed digit, or so many whole last digits more.

    >>> 0.6681 == printed("0.668"), 0.6686 == printed("0.668"), 250.4 == printed("250"), 9.852 == printed("9.86", 1)
    (True, False, True, True)
    """
    last = 10.0 ** -len(text.partition(".")[2])
    return pytest.approx(float(text), rel=0, abs=(0.5 + digits_off) * last + 1e-9)
