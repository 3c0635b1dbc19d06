"""company."""
from __future__ import annotations

def page(session):
    """Draw."""
