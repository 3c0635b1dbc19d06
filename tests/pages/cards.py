"""The figures that a page shows side by side, read from its HTML."""

from __future__ import annotations

import html
import re
from typing import NamedTuple

from streamlit.testing.v1 import AppTest

CARD = re.compile(r'<div class="card"><div class="label">([^<]*)<span[^>]* aria-label="([^"]*)">\?</span></div>'
                  r'<div class="value">([^<]*)</div><span class="delta (\w+)">([^<]*)</span>')  # fmt: skip


class Shown(NamedTuple):
    """A figure as a reader sees it."""

    label: str
    told: str
    value: str
    colour: str
    delta: str


def cards(app: AppTest) -> list[Shown]:
    """Return all figures of a page, in their order."""
    bodies = [block.proto.body for block in app.get("html")]
    found = [Shown(*map(html.unescape, groups)) for body in bodies for groups in CARD.findall(body)]
    assert len(found) == sum(body.count('class="card"') for body in bodies), "each is read"
    return found
