"""Compare: scenarios side by side, month by month, figure by figure, and only where their assumptions differ.

Months are aligned by their number. Amounts in different currencies are never set against each other: then ARR and
revenue are told as multiples of where they begin, and profit as a share of revenue.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from model.catalogue import Assumption, Metric, assumptions, metrics
from model.company import Numbers
from model.engine import project
from model.export import cell_of, csv_of, safe
from model.lines import ratio
from model.metrics import View
from model.moves import Move
from model.projection import Projection
from model.studies.beside import LETTERS, Named
from model.text import ShownAs, month_name, reads_alike

FIGURES = ("arr", "revenue", "operating_profit", "operating_margin", "npv", "arr_growth", "rule_of_40", "nrr", "grr",
           "cac", "cac_payback", "ltv_cac", "burn_multiple")  # fmt: skip
TABLES = ("figures", "months", "assumptions")


@dataclass(frozen=True)
class Curve:
    """One figure over the months that all scenarios have; a balance, or of each month alone."""

    label: str
    shown_as: ShownAs
    values: tuple[Numbers, ...]
    balance: bool = False


@dataclass(frozen=True)
class Figure:
    """One metric of all scenarios in the last month that all have; NaN where there is no value or no difference."""

    entry: Metric
    values: tuple[float, ...]
    differences: tuple[float, ...]


@dataclass(frozen=True)
class Setting:
    """What an assumption comes to at the end of a scenario, the move that takes it there, and whether plans act on it."""

    value: float
    move: Move | None
    planned: bool


@dataclass(frozen=True)
class Differing:
    """An assumption that is not the same in all scenarios, of a segment ('' for the company)."""

    entry: Assumption
    segment: str
    settings: tuple[Setting, ...]


@dataclass(frozen=True, eq=False)
class Comparison:
    """Scenarios side by side; make one with `compare`.

    Attributes
    ----------
    sides : tuple of Named
        The scenarios, the one on screen first.
    reference : int
        The position of the one that the others are held against.
    segment : str
        The segment in view, if all have it.
    """

    sides: tuple[Named, ...]
    reference: int
    segment: str

    @cached_property
    def projections(self) -> tuple[Projection, ...]:
        """The scenarios projected."""
        return tuple(project(side.scenario) for side in self.sides)

    @cached_property
    def views(self) -> tuple[View, ...]:
        """The projections as seen for the segment in view."""
        return tuple(View(projection, self.segment) for projection in self.projections)

    @property
    def months(self) -> int:
        """The last month that all scenarios have."""
        return min(side.scenario.horizon for side in self.sides)

    @property
    def one_currency(self) -> bool:
        """Whether amounts can be set against each other."""
        return len({side.scenario.company.currency for side in self.sides}) == 1

    @property
    def same_segments(self) -> bool:
        """Whether all scenarios have the same segments."""
        return len({tuple(side.scenario.company.segments) for side in self.sides}) == 1

    def curves(self) -> tuple[Curve, Curve, Curve]:
        """Return ARR, revenue and profit by month, as far as all have them; without a common currency what can be compared."""
        arr, revenue, profit = (tuple(view[line][: self.months] for view in self.views)
                                for line in ("arr_closing", "revenue", "operating_profit"))  # fmt: skip
        if self.one_currency:
            return (
                Curve("ARR", "money", arr, balance=True),
                Curve("Revenue", "money", revenue),
                Curve("Company profit" if self.segment else "Profit", "money", profit),
            )
        opening = [view["arr_opening"][0] for view in self.views]
        return (
            Curve("ARR over opening ARR", "rate", _over(arr, opening), balance=True),
            Curve("Revenue over that of month 1", "rate", _over(revenue, [values[0] for values in revenue])),
            Curve(
                "Operating margin", "rate", _over(profit, [view.whole["revenue"][: self.months] for view in self.views])
            ),
        )

    def figures(self, names: Sequence[str] = FIGURES) -> list[Figure]:
        """Return metrics in the last month that all have, each less that of the reference."""
        found = []
        for name in names:
            values = [float(view.metric(name)[self.months - 1]) for view in self.views]
            comparable = metrics()[name].shown_as != "money" or self.one_currency
            differences = [value - values[self.reference] if comparable else np.nan for value in values]
            found.append(Figure(metrics()[name], tuple(values), tuple(differences)))
        return found

    def differing(self) -> list[Differing]:
        """Return the assumptions that are not the same, by segment where segments differ in themselves."""
        return list(self._differing())

    def _differing(self) -> Iterator[Differing]:
        companies = [side.scenario.company for side in self.sides]
        for name, entry in assumptions().items():
            whole = entry.scope == "company" or not self.same_segments or self._moved_as_one(name)
            for column, segment in enumerate([""] if whole else companies[0].segments):
                paths = [self._path(place, name, None if whole else column) for place in range(len(self.sides))]
                if any(not _alike(path, paths[0]) for path in paths[1:]):
                    yield Differing(entry, segment, tuple(self._setting(at, name, segment, path[-1])
                                                          for at, path in enumerate(paths)))  # fmt: skip

    def _moved_as_one(self, name: str) -> bool:
        """Say whether all are of one company and none moves an assumption in a segment of its own."""
        one = len({side.scenario.company for side in self.sides}) == 1
        return one and not any(
            move.name == name and move.segment for side in self.sides for move in side.scenario.moves
        )

    def _path(self, place: int, name: str, column: int | None) -> Numbers:
        """Return an assumption over time in a scenario, (1 or months,): of a segment, or of the company as a whole."""
        scenario = self.sides[place].scenario
        path = scenario.path(name)
        if column is not None:
            return path[:, column]
        counted_up = assumptions()[name].across == "sum" or name.startswith("opening_")
        one = path.shape[1] == 1
        return path[:, 0] if one else path.sum(axis=1) if counted_up else path @ scenario.company.opening_shares

    def _setting(self, place: int, name: str, segment: str, value: float) -> Setting:
        scenario = self.sides[place].scenario
        move = scenario.by_key.get(f"{name}.{segment}") or scenario.by_key.get(name)
        return Setting(float(value), move, name in scenario.effects)

    def notes(self) -> list[str]:
        """Return what the reader must know where scenarios are not of one kind, one sentence each."""
        companies = [side.scenario.company for side in self.sides]
        horizons = sorted({side.scenario.horizon for side in self.sides})
        starts = sorted({company.first_month for company in companies})
        found = []
        if len(horizons) > 1:
            found.append(f"Horizons differ ({', '.join(map(str, horizons))} months): charts and figures end with month "
                         f"{self.months}, the last that all have.")  # fmt: skip
        if len(starts) > 1:
            names = ", ".join(month_name(*map(int, start.split("-"))) for start in starts)
            found.append(f"First months differ ({names}): months are aligned by their number.")
        if not self.one_currency:
            names = ", ".join(dict.fromkeys(company.currency for company in companies))
            found.append(
                f"Currencies differ ({names}): amounts are shown and not compared; charts show multiples and shares."
            )
        if not self.same_segments:
            found.append("Segments differ: assumptions are compared for each company as a whole.")
        return found


def _over(values: Sequence[Numbers], by: Sequence[Numbers]) -> tuple[Numbers, ...]:
    return tuple(ratio(one, np.broadcast_to(below, one.shape)) for one, below in zip(values, by, strict=True))


def _alike(path: Numbers, other: Numbers) -> bool:
    """Say whether two paths agree in all months that both have."""
    months = max(len(path), len(other)) if 1 in (len(path), len(other)) else min(len(path), len(other))
    one, two = (np.broadcast_to(values, months) if len(values) == 1 else values[:months] for values in (path, other))
    return np.allclose(one, two, rtol=1e-12, atol=1e-15)


def leading(values: Sequence[float], shown_as: ShownAs, currency: str = "USD") -> tuple[int, ...]:
    """Return the positions of the highest value and of all that read the same; of all where none has a value.

    >>> leading([45_000_768, 45_000_000, 44_000_000], "money")
    (0, 1)
    """
    known = [value for value in values if np.isfinite(value)]
    best = max(known, default=np.nan)
    return tuple(place for place, value in enumerate(values) if reads_alike(value, best, shown_as, currency))


@lru_cache(maxsize=64)
def compare(sides: tuple[Named, ...], reference: int = 0, segment: str = "") -> Comparison:
    """Return scenarios side by side, held against the one at a position; a segment that not all have is not in view."""
    known = all(segment in side.scenario.company.segments for side in sides)
    return Comparison(sides, reference, segment if known else "")


def comparison_csv(found: Comparison, table: str) -> bytes:
    """Return one of the tables as CSV, a row for each scenario and value; full precision, empty where there is none."""
    rows = {"figures": _figure_rows, "months": _month_rows, "assumptions": _assumption_rows}[table](found)
    return csv_of(rows)


def _heads(found: Comparison) -> list[list[str]]:
    """Return letter, name, company and currency of each scenario."""
    return [[letter, safe(side.name), side.scenario.company.id, side.scenario.company.currency]
            for letter, side in zip(LETTERS, found.sides, strict=False)]  # fmt: skip


_HEAD = ["scenario", "name", "company", "currency"]


def _figure_rows(found: Comparison) -> Iterator[list[str]]:
    yield ["metric", "label", "unit", "month", *_HEAD, "value", "difference"]
    for figure in found.figures():
        entry = figure.entry
        for head, value, difference in zip(_heads(found), figure.values, figure.differences, strict=True):
            yield [entry.id, entry.label, entry.unit, str(found.months), *head, cell_of(value), cell_of(difference)]


def _month_rows(found: Comparison) -> Iterator[list[str]]:
    lines = ("arr_closing", "revenue", "operating_profit")
    yield ["month", *_HEAD, "date", *lines]
    for month in range(max(side.scenario.horizon for side in found.sides)):
        for head, side, view in zip(_heads(found), found.sides, found.views, strict=True):
            if month < side.scenario.horizon:
                year, number = side.scenario.company.month(month + 1)
                yield [str(month + 1), *head, f"{year}-{number:02d}", *(cell_of(view[line][month]) for line in lines)]


def _assumption_rows(found: Comparison) -> Iterator[list[str]]:
    yield ["assumption", "label", "segment", "unit", *_HEAD, "value", "from_month", "over_months", "plans"]
    for row in found.differing():
        for head, setting in zip(_heads(found), row.settings, strict=True):
            timing = [str(setting.move.start), str(setting.move.ramp)] if setting.move else ["", ""]
            planned = "yes" if setting.planned else ""
            yield [row.entry.id, row.entry.label, row.segment or "all", row.entry.unit, *head, cell_of(setting.value),
                   *timing, planned]  # fmt: skip
