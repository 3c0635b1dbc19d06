"""Maturity in a browser: a step by the keyboard, twenty answers in a hurry, and a plan of one level more."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from model.frameworks.framework import frameworks
from tests.browser.test_app import drawn, go, headline, holds, path, query, sidebar, slider

ANSWERS = "32415.22222.11111.34333"
TARGET = "Target, Data"


def answer(page: Page, key: str, row: int) -> Locator:
    """Return the five buttons of a statement."""
    return page.locator(f"[class*=st-key-answer-{key.replace('.', '-')}-{row}]").get_by_role("radio")


def test_a_step_of_maturity_moves_by_key_and_stays_on_other_pages(page: Page) -> None:
    go(page, path("six-elements", stage="data"))
    before = headline(page).inner_text()
    slider(page, TARGET).focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    holds(page, stage="data", **{"maturity.gartner.data": "2to2.5from1over6"})
    expect(sidebar(page)).to_contain_text("Data 2 → 2.5")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Data to level 2.5 adds")
    page.reload()
    drawn(page)
    expect(slider(page, TARGET)).to_have_value("2.5")
    sidebar(page).get_by_role("button", name="Data 2 → 2.5").click()
    holds(page, stage="data")
    assert headline(page).inner_text() == before


def test_answers_given_in_a_hurry_are_all_kept(page: Page) -> None:
    go(page, path("assessment"))
    for key, group in zip(frameworks()["mcalign"].keys, ANSWERS.split("."), strict=True):
        for row, level in enumerate(group):
            answer(page, key, row).nth(int(level) - 1).click()
    page.wait_for_url(re.compile(re.escape(ANSWERS)))
    drawn(page)
    expect(page.get_by_text("20 of 20 answered")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Platform is weakest, at 1")
    page.get_by_role("button", name="Plan one level more in platform: 1 → 2").click()
    page.wait_for_url(re.compile("maturity.mcalign.platform=2to2"))
    drawn(page)
    assert query(page)["maturity.mcalign.answers"] == ANSWERS
    page.get_by_role("link", name="Targets, timing and effects of each pillar").click()
    page.wait_for_url(re.compile("/four-pillars"))
    drawn(page)
    assert query(page)["maturity.mcalign.answers"] == ANSWERS


@pytest.mark.parametrize("stage", ["process", "technology"])
def test_a_stage_with_steps_of_two_frameworks_fits_a_phone(stage: str, window: Callable[..., Page]) -> None:
    page = window(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    go(
        page,
        path("six-elements", stage=stage, **{f"maturity.gartner.{stage}": "1to5", "maturity.mcalign.people": "1to5"}),
    )
    expect(page.get_by_text("counts twice")).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
