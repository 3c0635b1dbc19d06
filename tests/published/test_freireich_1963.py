"""Freireich and others 1963: weeks in remission of 21 patients on 6-MP, the example of most textbooks for Kaplan-Meier.

Nine relapsed; twelve were still in remission when last seen. Printed are the survival after each relapse and its
standard error by Greenwood's formula, for example in Kleinbaum and Klein, Survival Analysis, chapter 2.
"""

from __future__ import annotations

import numpy as np
import pytest

from model.history.measuring.decisions import curve
from model.history.measuring.intervals import jackknife
from tests.printed import printed

RELAPSED = [6, 6, 6, 7, 10, 13, 16, 22, 23]
IN_REMISSION = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
TABLE = {
    6: ("0.857", "0.0764"), 7: ("0.807", "0.0869"), 10: ("0.753", "0.0963"), 13: ("0.690", "0.1068"),
    16: ("0.627", "0.1141"), 22: ("0.538", "0.1282"), 23: ("0.448", "0.1346"),
}  # fmt: skip


def counts(relapsed: list[int], censored: list[int]) -> tuple[np.ndarray, np.ndarray]:
    days = np.unique([*relapsed, *censored])
    found = np.zeros((len(days), 3))
    for outcome, weeks in ((0, relapsed), (2, censored)):
        for week in weeks:
            found[np.searchsorted(days, week), outcome] += 1
    return days.astype(float), found


def test_survival_after_each_relapse() -> None:
    seen = curve(*counts(RELAPSED, IN_REMISSION))
    by_week = dict(zip(seen.days.tolist(), seen.undecided.tolist(), strict=True))
    assert [by_week[week] for week in TABLE] == [printed(survival) for survival, _ in TABLE.values()]
    assert seen.won == pytest.approx(1 - seen.undecided)


def test_the_jackknife_gives_the_standard_error_of_greenwood() -> None:
    """With one patient a group, it is close to Greenwood's while half of the patients are still watched."""
    days, whole = counts(RELAPSED, IN_REMISSION)
    patients = [(week, 0) for week in RELAPSED] + [(week, 2) for week in IN_REMISSION]
    parts = np.zeros((len(patients), *whole.shape))
    for number, (week, outcome) in enumerate(patients):
        parts[number, np.searchsorted(days, week), outcome] = 1
    ends = [ends for _, ends in jackknife(parts, lambda sums: curve(days, sums).undecided)]
    t_20 = 1.7247
    for week, (_, error) in list(TABLE.items())[:5]:
        low, high = ends[int(np.searchsorted(days, week))]
        assert (high - low) / 2 / t_20 == pytest.approx(float(error), rel=0.06)
