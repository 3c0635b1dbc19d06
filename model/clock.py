"""The one clock: only the command line and the pages look at it, and hand the day on."""

from __future__ import annotations

import datetime


def today() -> datetime.date:
    """Return the day it is here."""
    return datetime.date.today()
