"""Waterfall or agile in a browser: quick moves are kept, the order changes, what acts shows in the figures on top."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from model.frameworks.initiatives import initiatives, settings
from tests.browser.test_app import drawn, go, headline, holds, path, query, sidebar

ORDER = ".".join(initiatives())


def setting(page: Page, name: str) -> Locator:
    return page.get_by_role("group", name=settings()[name].label, exact=True).get_by_role("slider")


def test_quick_moves_of_a_setting_are_all_kept(page: Page) -> None:
    go(page, path("delivery"))
    setting(page, "team").focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    setting(page, "overhead").focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    holds(page, **{"delivery": "none", "delivery.order": ORDER, "delivery.team": "8", "delivery.overhead": "0.12"})
    expect(headline(page)).to_have_text("$44.9M")


def test_what_acts_is_chosen_shown_and_taken_back(page: Page) -> None:
    go(page, path("delivery"))
    page.get_by_role("radio", name="Agile").or_(page.get_by_role("button", name="Agile", exact=True)).first.click()
    holds(page, **{"delivery": "agile", "delivery.order": ORDER})
    expect(headline(page)).not_to_have_text("$44.9M")
    page.locator(".st-key-initiative_dunning").get_by_role("button", name="↑").click()
    page.wait_for_url(lambda address: "dunning.alerts" in address)
    drawn(page)
    page.get_by_role("button", name="Lead scoring, routing").click()
    page.get_by_label("Effort, person-months").fill("9")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "delivery.scoring.effort=9" in address)
    drawn(page)
    page.keyboard.press("Escape")
    sidebar(page).get_by_role("button", name="Agile delivery").click()
    holds(page)
    expect(headline(page)).to_have_text("$44.9M")
    assert not [key for key in query(page) if key.startswith("delivery")]
