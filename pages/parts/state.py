"""The scenario on screen. It is the only state: widgets are drawn from it and write to it, the address holds it.

One `Session` lives in each browser tab; `turn.py` says what it takes over when a script run begins, and what it leaves at
the end. Buttons only append to `operations`, which are carried out as the next run begins.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import streamlit as st

from model import Company, Move, Projection, Scenario, ScenarioError, project, view_words
from model.doubt import Doubt
from model.fingerprint import Verdict, check_of
from model.frameworks.choosing import Choice
from model.frameworks.own_lens import OwnLens
from model.links import is_shipped, write_query
from model.metrics import View
from model.outcomes import Outcome
from model.plans import Plan
from model.studies import aim_link, driver_link, explain
from model.studies.aim_link import Allowed
from model.studies.beside import Beside, Named, read_pasted
from model.studies.exactness import Exactness
from model.studies.sensitivity import Looking
from model.text import counted, plain, shown
from pages.parts.past import PAST, Before

Apply = Callable[["Session", Any], None]


@dataclass
class Session:
    """What one browser tab shows and what was asked of it.

    Attributes
    ----------
    scenario : Scenario
        What is projected.
    segment : str
        The segment in view, '' for the whole company.
    stage : str
        The stage in view of a lens that has several, '' for the first.
    tab : str
        The tab in view of the page Company, '' for the first.
    lens : OwnLens or None
        The lens this person put together, or was sent.
    editing : bool
        Whether its editor is open.
    outcome : Outcome
        The metric and month that studies are about.
    target : float or None
        What that metric is to reach; the plan unless given.
    allowed : tuple of Allowed or None
        The levers that a mix may use to reach it, None for those that move it most.
    driving : tuple of str or None
        The keys of the levers whose shares of a figure's variance are worked out; None for the moves with a range, or
        common levers.
    exactness : Exactness
        How many runs and points studies take.
    looking : Looking
        Which levers the page of sensitivity shows, and how far they vary.
    choice : Choice
        What was answered on the page that helps to choose.
    beside : Beside
        The scenarios beside this one, to be compared with it.
    by_stage : bool
        Whether a difference is shared among stages rather than moves.
    past : list of Before
        What there was before each change, the latest last.
    adopted : bool
        Whether this run has taken over what an address asks for.
    notices : tuple of str
        What could not be used of a link or an upload; they go with the next change.
    verdict : Verdict or None
        Whether a shared link still gives its numbers.
    own : dict of str to Company
        Companies that are not shipped, by fingerprint.
    """

    scenario: Scenario
    segment: str = ""
    stage: str = ""
    tab: str = ""
    lens: OwnLens | None = None
    editing: bool = True
    outcome: Outcome = field(default_factory=Outcome)
    target: float | None = None
    allowed: tuple[Allowed, ...] | None = None
    driving: tuple[str, ...] | None = None
    exactness: Exactness = field(default_factory=Exactness)
    looking: Looking = field(default_factory=Looking)
    choice: Choice = field(default_factory=Choice)
    beside: Beside = field(default_factory=Beside)
    by_stage: bool = False
    past: list[Before] = field(default_factory=list)
    notices: tuple[str, ...] = ()
    verdict: Verdict | None = None
    own: dict[str, Company] = field(default_factory=dict)
    operations: list[Callable[[Session], None]] = field(default_factory=list)
    known: dict[str, tuple[Any, Apply]] = field(default_factory=dict)
    drawn: set[str] = field(default_factory=set)
    echoes: dict[str, list[Any]] = field(default_factory=dict)
    first_run: bool = True
    adopted: bool = False
    must_rerun: bool = False

    @property
    def projection(self) -> Projection:
        """The scenario projected."""
        return projected(self.scenario)

    @property
    def base(self) -> Projection:
        """The same company without any move or plan."""
        return projected(self.scenario.base)

    @property
    def view(self) -> View:
        """The scenario as seen for the segment in view."""
        return _viewed(self.scenario, self.segment)

    @property
    def base_view(self) -> View:
        """The same without any move or plan."""
        return _viewed(self.scenario.base, self.segment)

    def change(self, scenario: Scenario, *notices: str, beside: Beside | None = None) -> None:
        """Show another scenario, or others beside it; the present ones can be had back by undo."""
        beside = self.beside if beside is None else beside
        if (scenario, beside) == (self.scenario, self.beside):
            return
        self.remember()
        self.scenario, self.beside, self.notices, self.verdict = scenario, beside, notices, None
        if self.segment not in scenario.company.segments:
            self.segment = ""
        if self.outcome.segment not in ("", *scenario.company.segments):
            self.outcome = replace(self.outcome, segment="")
        self._keep_levers()

    def remember(self) -> None:
        """Keep what there is, so that undo brings it back."""
        now = Before(
            self.scenario,
            self.segment,
            self.beside,
            self.outcome,
            self.target,
            self.looking,
            self.allowed,
            self.driving,
        )
        self.past = [*self.past, now][-PAST:]

    def _keep_levers(self) -> None:
        """Drop levers of segments that there are not, and bounds and weights with them."""
        segments = ("", *self.scenario.company.segments)
        if self.allowed:
            self.allowed = tuple(one for one in self.allowed if one.key.partition(".")[2] in segments) or None
        if self.driving:
            self.driving = tuple(key for key in self.driving if key.partition(".")[2] in segments) or None
        if any(key.partition(".")[2] not in segments for key in (self.looking.one, self.looking.other)):
            self.looking = Looking(self.looking.vary)

    def ask(self, outcome: Outcome) -> None:
        """Study another outcome; a target stays with the metric it was given for."""
        if outcome.metric != self.outcome.metric:
            self.target = None
        self.outcome = outcome

    def aim_for(self, target: float | None) -> None:
        """Let the outcome reach another target, or none."""
        if target != self.target:
            self.remember()
            self.target = target

    def undo(self) -> None:
        """Go back by one change."""
        if self.past:
            was = self.past.pop()
            is_other = was.scenario.company != self.scenario.company  # what is asked may have gone with its segment
            if is_other or was.target != self.target:
                self.outcome, self.target = was.outcome, was.target
            self.looking = was.looking if is_other else self.looking
            self.scenario, self.segment, self.beside = was.scenario, was.segment, was.beside
            self.allowed, self.driving = was.allowed, was.driving
            self.notices, self.verdict = (), None

    def reset(self) -> None:
        """Take all moves and plans back."""
        self.change(self.scenario.base)

    def set_allowed(self, allowed: tuple[Allowed, ...]) -> None:
        """Let a mix use other levers, or the same with other bounds or weights."""
        if allowed != self.allowed:
            self.remember()
            self.allowed = allowed

    def set_driving(self, keys: tuple[str, ...]) -> None:
        """Share the variance of a figure out over other levers."""
        if keys != self.driving:
            self.remember()
            self.driving = keys

    def set_beside(self, beside: Beside) -> None:
        """Let other scenarios stand beside this one, or the same under other names."""
        self.change(self.scenario, beside=beside)

    def set_reference(self, letter: str) -> None:
        """Hold scenarios against the one of that letter; what is in view, so that undo does not count it."""
        self.beside = replace(self.beside, reference=letter)

    def pin(self, *pins: Named, problems: tuple[str, ...] = ()) -> None:
        """Let scenarios more stand beside this one, and say what of them could not be used and which had no room."""
        beside, full = self.beside.with_pins(self.scenario, pins)
        for one in beside.pinned:
            self.keep(one.scenario.company)
        self.change(self.scenario, *problems, *full, beside=beside)
        self.notices = (*problems, *full)

    def paste(self, address: str) -> None:
        """Let the scenarios of an address stand beside this one."""
        try:
            pins, problems = read_pasted(address)
        except ScenarioError as error:
            self.notices = error.problems
        else:
            self.pin(*pins, problems=problems)

    def swap(self, place: int) -> None:
        """Show the scenario at a position, and let the one shown so far stand there."""
        scenario, beside = self.beside.swapped(self.scenario, place)
        self._turn_to(scenario, [], beside)

    def keep(self, company: Company) -> None:
        """Remember a company that is not shipped."""
        if not is_shipped(company):
            self.own[company.fingerprint] = company

    def show_company(self, company: Company) -> None:
        """Turn to another company, over the horizon chosen; moves stay with the one they were made for, and the notice says so."""
        self.keep(company)
        was, count = self.scenario, len(self.scenario.moves) + len(self.scenario.plans)
        chosen = None if was.horizon == was.company.horizon_months else was.horizon
        moves = [counted(count, "move")] if count else []
        self._turn_to(Scenario.of(company, horizon=chosen), moves)

    def _turn_to(self, scenario: Scenario, left: list[str], beside: Beside | None = None) -> None:
        """Show a scenario, of another company without the target, and say what stayed with the one so far."""
        is_other = scenario.company != self.scenario.company
        left = [*left, *(self._asked_here(scenario.company) if is_other else [])]
        named = " and ".join(filter(None, [", ".join(left[:-1]), *left[-1:]]))
        said = f"{named[:1].upper()}{named[1:]} stayed with {self.scenario.company.title}. Undo brings back that company and all that stayed with it."
        self.change(scenario, *([said] if left else []), beside=beside)
        self.target = None if is_other else self.target

    def _asked_here(self, company: Company) -> list[str]:
        """Return what is asked of this company alone and not of another: the target, and segments that the other has not."""
        own, found = self.scenario.company, []
        if self.target is not None:
            target = shown(self.target, self.outcome.entry.shown_as, own.currency)
            found.append(f"the target of {target} for {self.outcome.name(own)}")
        asked = dict.fromkeys(filter(None, [self.segment, self.outcome.segment]))
        return [*found, *(f"the segment {own.segments[one]}" for one in asked if one not in company.segments)]

    def edit_company(self, company: Company, problems: tuple[str, ...] = ()) -> None:
        """Take an edited company over, with the moves that fit it."""
        self.own[company.fingerprint] = company
        fits = [move for move in self.scenario.moves if not move.segment or move.segment in company.segments]
        gone = len(self.scenario.moves) - len(fits)
        said = (
            [f"{counted(gone, 'move')} went with the segments taken out. Undo brings all of it back."] if gone else []
        )
        self.change(replace(self.scenario, company=company, moves=tuple(fits)), *problems, *said)

    def set_target(self, key: str, target: float) -> None:
        """Move an assumption, keeping timing and range of its move."""
        name, _, segment = key.partition(".")
        self.set_move(self.scenario.by_key.get(key, Move(name, target, segment)).to(target))

    def set_move(self, move: Move) -> None:
        """Take a move over; at its base, without a range and with nothing to override, it goes."""
        needed = move.range or (move.segment and move.name in self.scenario.by_key)
        at_base = move.target == self.base_of(move.key) and not needed
        self.change(self.scenario.without(move.key) if at_base else self.scenario.with_move(move))

    def set_doubt(self, doubt: Doubt) -> None:
        """Let ranges mean something else, or vary together."""
        self.change(replace(self.scenario, doubt=doubt))

    def set_timing(self, key: str, start: int, ramp: int) -> None:
        """Let a move begin in a month and take some months more."""
        if move := self.scenario.by_key.get(key):
            self.change(self.scenario.with_move(replace(move, start=start, ramp=ramp)))

    def base_of(self, key: str) -> float:
        """Return the base value of "win_rate" (the company's) or "win_rate.ent"."""
        name, _, segment = key.partition(".")
        company = self.scenario.company
        return company.assumptions[name][segment] if segment else company.mean(name)

    def set_plan(self, plan: Plan) -> None:
        """Take a plan over in place of the one of its kind."""
        self.change(self.scenario.with_plan(plan))

    def widget(self, key: str, target: Any, draw: Callable[[], Any], apply: Apply) -> Any:
        """Draw a widget with `target` as its value; when a person changes it, `apply` says what that does."""
        if key not in st.session_state:
            st.session_state[key] = target
        elif st.session_state[key] != target:
            self.echoes.setdefault(key, []).append(st.session_state[key])
            st.session_state[key] = target
        self.known[key] = (target, apply)
        self.drawn.add(key)
        value = draw()
        if self.first_run and value != target:
            self.must_rerun = True
        return value

    def address(self, *, check: bool = False) -> dict[str, str]:
        """Return the query parameters of what is shown."""
        query = write_query(self.scenario, check_of(self.projection) if check else "")
        view = {view_words.SEGMENT: self.segment, view_words.STAGE: self.stage}
        if self.outcome != Outcome():
            view[view_words.KPI] = str(self.outcome)
        if self.target is not None:
            view[view_words.TARGET] = plain(self.target)
        if self.by_stage:
            view[view_words.SPLIT] = explain.BY_STAGE
        view |= self.exactness.written() | self.looking.written()
        view |= {} if self.allowed is None else aim_link.written(self.allowed)
        view |= {} if self.driving is None else driver_link.written(self.driving)
        query |= {key: value for key, value in view.items() if value} | self.choice.written()
        query |= self.beside.written(self.scenario.company, checked=check)
        return query | (self.lens.written() if self.lens else {})


@lru_cache(maxsize=512)
def projected(scenario: Scenario) -> Projection:
    """Return the projection of a scenario, worked out once for all who look at it."""
    return project(scenario)


@lru_cache(maxsize=512)
def _viewed(scenario: Scenario, segment: str) -> View:
    """Return a view that remembers its metrics, so that those of the base are worked out once."""
    return View(projected(scenario), segment)
