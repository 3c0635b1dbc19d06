"""What becomes of a renewal at risk: tracked, seen in time, approached in time, kept; each a share of all at risk."""

from __future__ import annotations

from collections.abc import Mapping

from model.company import Numbers

SAVING = ("renewal_coverage", "risk_detection", "customer_feedback", "renewal_outreach", "automated_outreach",
          "save_rate")  # fmt: skip
"""The assumptions that a save takes, in the order of the steps."""

Path = Mapping[str, Numbers]


def tracked_share(path: Path) -> Numbers:
    """Return the share of renewals that a system tracks."""
    return path["renewal_coverage"]


def detected_share(path: Path) -> Numbers:
    """Return the share tracked and seen by analytics in time."""
    return tracked_share(path) * path["risk_detection"]


def seen_share(path: Path) -> Numbers:
    """Return the share tracked and seen in time: analytics sees it, or what the customer says reveals it."""
    return tracked_share(path) * _either(path["risk_detection"], path["customer_feedback"])


def called_share(path: Path) -> Numbers:
    """Return the share that a person approaches in time."""
    return seen_share(path) * path["renewal_outreach"]


def approached_share(path: Path) -> Numbers:
    """Return the share approached in time, by a person or else by an automated step."""
    return seen_share(path) * _either(path["renewal_outreach"], path["automated_outreach"])


def saved_share(path: Path) -> Numbers:
    """Return the share kept after all.

    Parameters
    ----------
    path : mapping of str to array
        The assumptions of `SAVING`, fractions, of any shapes that fit together.

    Examples
    --------
    Nine of ten are tracked; analytics sees half of these and feedback half of the rest; people call four of five,
    mail reaches none of the others; half of those approached stay:

    >>> import numpy as np
    >>> shares = (0.9, 0.5, 0.5, 0.8, 0.0, 0.5)
    >>> saved_share({name: np.array(share) for name, share in zip(SAVING, shares, strict=True)}).round(3)
    np.float64(0.27)
    """
    return approached_share(path) * path["save_rate"]


def _either(one: Numbers, other: Numbers) -> Numbers:
    """Return 1 − (1 − one)(1 − other), written so that an `other` of 0 leaves `one` as it is, to the last bit."""
    return one + (1 - one) * other
