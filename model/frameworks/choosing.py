"""Choosing: which page to begin with, by goal, structure and phase, with the company's own figures as the reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import get_args

from model.frameworks.goals import Phase, Recommended, Structure, goals, other_pages
from model.frameworks.lens import lenses
from model.metrics import View
from model.text import glance, money
from model.view_words import CHOOSE as WORD

FIRST_YEAR = slice(0, 12)
EARLY_ARR = 5e6
MATURE_ARR = 1e8
MATURE_GROWTH = 0.15
LEAST = 0.5
"""Money below which nothing is said about it."""


def _year(view: View, *lines: str) -> float:
    return float(sum(view[line][FIRST_YEAR].sum() for line in lines))


def _payment(view: View) -> dict[str, float]:
    """What waiting for payment costs a year at the cost of capital, and what is earned and never arrives."""
    earned = (view.by_segment("arr_opening") + view.by_segment("arr_closing"))[FIRST_YEAR] / 24
    unbilled = earned * view.given("revenue_leakage")[FIRST_YEAR]
    waiting_years = view.given("days_to_collect")[FIRST_YEAR] / 365
    capital = view.projection.assumption("cost_of_capital")[FIRST_YEAR, :1]
    waiting = (earned - unbilled) * waiting_years * capital
    return {"waiting": float(waiting.sum()), "lost": float(unbilled.sum()) + _year(view, "arr_churn_involuntary")}


def _handovers(view: View) -> dict[str, float]:
    """New ARR whose decision slips, and that of deals won that wait for a representative at the end of the year."""
    new = view.by_segment("arr_new")[FIRST_YEAR]
    price = view.given("average_selling_price") * (1 - view.given("price_discount"))
    waiting = (view.by_segment("deals_waiting") * price)[FIRST_YEAR][-1]
    return {"late": float((new * view.given("slip_rate")[FIRST_YEAR]).sum()), "waiting": float(waiting.sum())}


def _missed(view: View) -> float:
    error = 1 - view.given("forecast_accuracy")[FIRST_YEAR]
    return float((view.by_segment("arr_new")[FIRST_YEAR] * error).sum())


STAKES: Mapping[str, Callable[[View], dict[str, float]]] = {
    "grow-new-business": lambda v: {"won": _year(v, "arr_new")},
    "keep-and-grow-customers": lambda v: {
        "lost": _year(v, "arr_churn", "arr_contraction"),
        "gained": _year(v, "arr_expansion", "arr_price_uplift"),
    },
    "get-paid-faster": _payment,
    "forecast-better": lambda v: {"missed": _missed(v)},
    "align-teams": _handovers,
    "deliver-a-programme": lambda v: {"spent": _year(v.whole, "revops_cost")},
}
"""The money that hangs on each goal in the first twelve months, in parts that its clause in data/goals.toml names."""


@dataclass(frozen=True)
class Choice:
    """What a person answered; '' where nothing was."""

    goal: str = ""
    structure: str = ""
    phase: str = ""

    def written(self) -> dict[str, str]:
        """Return its parameter of a link, none if nothing was answered."""
        answers = (self.goal, self.structure, self.phase)
        return {WORD: "~".join(answers)} if any(answers) else {}


def read_choice(text: str) -> tuple[Choice, tuple[str, ...]]:
    """Return the answers that a link holds as "goal~structure~phase", and a sentence about each that is none.

    >>> read_choice("align-teams~by-function~early")
    (Choice(goal='align-teams', structure='by-function', phase='early'), ())
    """
    known = (list(goals()), get_args(Structure), get_args(Phase))
    parts = [*text.split("~", 3), "", "", ""][:3]
    problems = tuple(
        f"There is no {what} {glance(part)!r} ({WORD}=…); there is {', '.join(allowed)}. It is left out."
        for what, part, allowed in zip(("goal", "structure", "phase"), parts, known, strict=True)
        if part and part not in allowed
    )
    goal, structure, phase = (part if part in allowed else "" for part, allowed in zip(parts, known, strict=True))
    return Choice(goal, structure, phase), problems


@dataclass(frozen=True)
class Recommendation:
    """A page with the goal it serves here, why, and whether that is the goal that was chosen."""

    page: Recommended
    goal: str
    reason: str
    asked_for: bool


@dataclass(frozen=True)
class Advice:
    """What a company's own figures say about goals and pages; the answers given weigh first."""

    view: View
    choice: Choice = Choice()

    @cached_property
    def parts(self) -> Mapping[str, Mapping[str, float]]:
        """The money that hangs on each goal, in its parts."""
        return {name: stake(self.view) for name, stake in STAKES.items()}

    @cached_property
    def stakes(self) -> Mapping[str, float]:
        """The money that hangs on each goal, the most first."""
        totals = {name: sum(self.parts[name].values()) for name in goals()}
        return dict(sorted(totals.items(), key=lambda item: -item[1]))

    @property
    def goal(self) -> str:
        """The goal that was chosen, else the one on which most money hangs."""
        return self.choice.goal or next(iter(self.stakes))

    @property
    def opening_arr(self) -> float:
        """ARR on the opening day."""
        return float(self.view["arr_opening"][0])

    @property
    def growth(self) -> float:
        """Growth of ARR in the first twelve months; none where the company opens without ARR."""
        closing = float(self.view["arr_closing"][FIRST_YEAR][-1])
        return closing / self.opening_arr - 1 if self.opening_arr else 0.0

    @property
    def phase(self) -> str:
        """The phase that was chosen, else that of the company's ARR and growth."""
        if self.choice.phase:
            return self.choice.phase
        if self.opening_arr < EARLY_ARR:
            return "early"
        return "mature" if self.opening_arr >= MATURE_ARR or self.growth < MATURE_GROWTH else "scaling"

    def says(self, goal: str) -> str:
        """Return the sentence about a goal with the company's own figures, without what comes to nothing."""
        currency, parts = self.view.projection.scenario.company.currency, self.parts[goal]
        clauses = dict(zip(parts, goals()[goal].says, strict=True))
        told = [clause for part, clause in clauses.items() if parts[part] >= LEAST] or [goals()[goal].says[0]]
        said = " and ".join(told).format(**{part: money(amount, currency) for part, amount in parts.items()})
        return f"In the first twelve months here, {said}"

    def ranked(self) -> Sequence[Recommendation]:
        """Return every page, the best fit first: by goal, then structure, then phase, then the money at stake."""
        pages: list[Recommended] = [*lenses().values(), *other_pages().values()]
        return [self._recommendation(page) for page in sorted(pages, key=self._order)]

    def _order(self, page: Recommended) -> tuple[int, int, int, float]:
        return (-_fit(page.goals, self.goal), -_fit(page.structures, self.choice.structure),
                -_fit(page.phases, self.phase), -self.stakes[self._served(page)])  # fmt: skip

    def _served(self, page: Recommended) -> str:
        """Return the chosen goal where a page serves it, else that of its goals on which most money hangs."""
        if self.goal in page.goals or not page.goals:
            return self.goal
        return max(page.goals, key=self.stakes.__getitem__)

    def _recommendation(self, page: Recommended) -> Recommendation:
        served = self._served(page)
        because = dict(page.because).get(served if page.goals else "", "")
        reason = f"{self.says(served)}{f'. {because}' if because else ''}, so ask: {page.question}"
        return Recommendation(page, served, reason, served == self.goal)


def _fit(names: Sequence[str], wanted: str) -> int:
    """Return 2 if a page names what is wanted, 1 if it names nothing and so fits all, 0 if it is for others."""
    return 2 if wanted in names else 0 if names and wanted else 1
