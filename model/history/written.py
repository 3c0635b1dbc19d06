"""What was measured as CSV files: measures, movements and rows set aside, safe to open in a spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from model.export import csv_of, safe
from model.history.schema import month_text

if TYPE_CHECKING:
    from model.history.measuring.calibrate import Calibration
    from model.history.reading.unused import UnusedRows

MEASURES = (
    "measure",
    "label",
    "segment",
    "part",
    "value",
    "unit",
    "low",
    "high",
    "n",
    "of_what",
    "enough",
    "period",
    "sets",
    "method",
    "mark",
)
MOVEMENTS = ("month", "segment", "sold", "movement", "customers", "arr")
UNUSED = ("file", "line", "column", "value", "reason")
CENTS = 100


def measures_csv(calibration: Calibration) -> bytes:
    """Return every measure with its 90 % interval; full precision, rates as fractions, a cell without a value empty."""
    rows = [
        [one.measure, one.declared.label, _segment(calibration, one.segment), one.of, _number(one.value), one.declared.unit_label,
         _number(one.low), _number(one.high), str(one.n), one.declared.noun, "yes" if one.enough else "no", one.period,
         one.declared.sets, one.declared.how, one.mark]
        for one in calibration.measured
    ]  # fmt: skip
    text = {2, 3}
    return csv_of(
        [MEASURES, *([safe(cell) if place in text else cell for place, cell in enumerate(row)] for row in rows)]
    )


def movements_csv(calibration: Calibration) -> bytes:
    """Return the movements of ARR by month, segment and sale month, in currency; losses are not negative either."""
    moved = calibration.facts.movements.sort_values(list(MOVEMENTS[:4]))
    rows = [
        [
            month_text(month),
            safe(_segment(calibration, segment)),
            month_text(sold),
            movement,
            str(customers),
            _number(arr / CENTS),
        ]
        for month, segment, sold, movement, customers, arr in moved[list(MOVEMENTS)].itertuples(index=False)
    ]
    return csv_of([MOVEMENTS, *rows])


def unused_csv(files: Sequence[UnusedRows]) -> bytes:
    """Return every row that could not be used: file, line, column, value as it is written, and why."""
    rows = [[safe(row.file), str(row.line), safe(row.column), safe(row.value), safe(row.reason)]
            for rows_of_file in files for row in rows_of_file]  # fmt: skip
    return csv_of([UNUSED, *rows])


def _segment(calibration: Calibration, segment: str) -> str:
    return calibration.facts.segments.get(segment, segment) if segment else "all"


def _number(value: float) -> str:
    return repr(float(value)) if np.isfinite(value) else ""
