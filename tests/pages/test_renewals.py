"""The page of renewals: what its charts draw is what the projection holds."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from model import Projection, project, read_link
from model.frameworks.lens import lenses
from model.metrics import View
from tests.pages.test_pages import opened

QUERY = "company=midmarket-saas&v=1&horizon=36&customer_feedback=0.3&automated_outreach=0.4&cost_per_approach=300"
STAGES = [stage.id for stage in lenses()["renewals"].stages]
FIRST, FUNNEL, WORTH = 0, 1, 2
"""The chart of a stage, then the two of the whole lens."""


def page(stage: str, query: str = QUERY) -> AppTest:
    app = opened("renewals", f"{query}&stage={stage}")
    assert not app.exception
    return app


def bars(app: AppTest, number: int) -> dict[str, np.ndarray]:
    """Return the bars of a stacked chart by name."""
    spec = json.loads(app.get("plotly_chart")[number].proto.spec)
    return {trace["name"]: np.array(trace["y"]) for trace in spec["data"]}


def headings(app: AppTest) -> str:
    """Return the titles of all charts, without escapes."""
    return "\n".join(
        text.value.partition("\n")[0].replace("\\", "") for text in app.markdown if text.value.startswith("## ")
    )


def projection(query: str = QUERY) -> Projection:
    return project(read_link(f"/?{query}").scenario)


@pytest.mark.parametrize("segment", ["", "ent"])
def test_the_calendar_stacks_to_what_is_due(segment: str) -> None:
    query = QUERY + (f"&segment={segment}" if segment else "")
    drawn, held = bars(page("systems", query), FIRST), projection()
    assert list(drawn) == ["Renews", "Saved", "Lost"]
    assert sum(drawn.values()) == pytest.approx(held.of("arr_due_for_renewal", segment)[:24])
    assert drawn["Saved"] == pytest.approx(held.of("arr_saved", segment)[:24])
    assert drawn["Lost"] == pytest.approx(held.of("arr_churn", segment)[:24])


def test_the_funnel_ends_with_what_is_saved() -> None:
    spec = json.loads(page("process").get("plotly_chart")[FUNNEL].proto.spec)
    (trace,) = spec["data"]
    assert trace["y"] == ["At risk", "Tracked", "Seen in time", "Approached", "Kept"]
    assert trace["x"][0] == pytest.approx(projection().total("arr_at_risk")[-12:].sum())
    assert trace["x"][-1] == pytest.approx(projection().total("arr_saved")[-12:].sum())
    assert trace["x"] == sorted(trace["x"], reverse=True)


def test_how_risks_are_seen_and_approached_adds_up() -> None:
    seen, approached = bars(page("analytics"), FIRST), bars(page("process"), FIRST)
    at_risk = projection().total("arr_at_risk").reshape(12, 3).sum(axis=1)
    assert sum(seen.values()) == pytest.approx(at_risk)
    assert sum(approached.values()) == pytest.approx(seen["Analytics"] + seen["Feedback"])
    assert (seen["Feedback"] > 0).all()
    assert (approached["Automatic"] > 0).all()


@pytest.mark.parametrize(("move", "told"), [
    ("", "goes unseen"), ("renewal_coverage=0", "goes untracked"),
    ("renewal_coverage=1&risk_detection=1&renewal_outreach=0", "is not approached"),
    ("renewal_coverage=1&risk_detection=1&renewal_outreach=1&save_rate=0.1", "leaves all the same"),
])  # fmt: skip
def test_the_funnel_names_the_largest_gap(move: str, told: str) -> None:
    assert f" is kept; the largest part {told}" in headings(page("process", f"company=midmarket-saas&{move}"))


def of_all(**values: float) -> str:
    """Return a link that moves each segment to some values: a move of the company would shift them."""
    moves = [f"{name}.{segment}={value}" for name, value in values.items() for segment in ("smb", "mid", "ent")]
    return "&".join(["company=midmarket-saas", *moves])


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize(("query", "told"), [
    (of_all(retention_rate=1), dict.fromkeys(STAGES, "Nobody who comes due leaves")),
    (of_all(save_rate=0, renewal_coverage=0), dict.fromkeys(STAGES, "No further point of one element alone adds to profit")),
    ("company=midmarket-saas&horizon=12", dict.fromkeys(STAGES, "One more point of save rate is worth")),
])  # fmt: skip
def test_the_ends_of_the_elements_are_said_in_words(stage: str, query: str, told: dict[str, str]) -> None:
    assert told[stage] in headings(page(stage, query))


def test_retention_and_nrr_are_those_of_the_metrics() -> None:
    spec = json.loads(page("enablement").get("plotly_chart")[FIRST].proto.spec)
    drawn: dict[str, Any] = {trace["name"]: trace["y"][-1] for trace in spec["data"]}
    view = View(projection())
    assert drawn["Retention"] == pytest.approx(view.metric("effective_retention")[-1])
    assert drawn["NRR"] == pytest.approx(view.metric("nrr")[-1])
    assert {"Retention, base", "NRR, base"} < set(drawn)
