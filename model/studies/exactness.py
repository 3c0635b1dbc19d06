"""How exact studies are: how many runs are drawn, and how many points taken; more are more exact, and take longer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from model import view_words
from model.errors import ScenarioError
from model.studies.draws import POINTS as RUNS_OF_A_BATCH
from model.studies.sobol import POINTS, read_points
from model.studies.uncertainty import BATCHES, read_runs


@dataclass(frozen=True)
class Exactness:
    """Batches of runs of the study of uncertainty, and points for each lever of the study of what drives a figure."""

    batches: int = BATCHES
    points: int = POINTS

    def written(self) -> dict[str, str]:
        """Return its parameters of a link; what is usual is not written."""
        runs = {view_words.RUNS: str(self.batches * RUNS_OF_A_BATCH)} if self.batches != BATCHES else {}
        return runs | ({view_words.POINTS: str(self.points)} if self.points != POINTS else {})


def exactness_of_link(query: Mapping[str, str]) -> tuple[Exactness, tuple[str, ...]]:
    """Return how exact a link asks studies to be, and one sentence for each part that was refused."""
    batches, points, problems = BATCHES, POINTS, list[str]()
    try:
        batches = read_runs(query[view_words.RUNS]) if view_words.RUNS in query else BATCHES
    except ScenarioError as error:
        problems += [f"{problem} {BATCHES * RUNS_OF_A_BATCH:,} are drawn." for problem in error.problems]
    try:
        points = read_points(query[view_words.POINTS]) if view_words.POINTS in query else POINTS
    except ScenarioError as error:
        problems += [f"{problem} {POINTS:,} is taken." for problem in error.problems]
    return Exactness(batches, points), tuple(problems)
