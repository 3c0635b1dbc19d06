"""Plan and actuals in a browser: a file that is uploaded stays in the tab; a back-test can be stopped."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.test_app import drawn, go, path, query, to_page

SAMPLE = Path(__file__).parents[2] / "data" / "samples" / "actuals.csv"
TITLE = "After six months, ARR of $6.73M is $20.5M"


def test_uploaded_months_stay_in_the_tab_and_never_reach_the_link(page: Page, window: Callable[..., Page]) -> None:
    rows = [f"2026-0{month},450000,200000,30000,150000" for month in range(1, 7)]
    content = "\n".join(["month,arr_new,arr_expansion,arr_contraction,arr_churn", *rows, ""]).encode()
    go(page, path("actuals"))
    page.locator("input[type=file]").set_input_files({"name": "ours.csv", "mimeType": "text/csv", "buffer": content})
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("After six months, ARR of $2")
    page.get_by_role("button", name="Use the accuracy measured").click()
    page.wait_for_url(re.compile(r"forecast_accuracy=0\.\d+"))
    drawn(page)
    assert set(query(page)) == {"company", "v", "horizon", "forecast_accuracy"}
    to_page(page, "Company and method", "Method")
    expect(heading).to_contain_text("declarations")
    page.go_back()
    expect(heading).to_contain_text("After six months, ARR of $2")
    other = window()
    go(other, page.url)
    expect(other.get_by_role("heading", level=1)).to_contain_text("No actual months yet")


def test_a_back_test_shows_how_far_it_is_and_can_be_stopped(page: Page) -> None:
    go(page, path("back-test"))
    page.get_by_role("button", name="Try the sample exports").click()
    expect(page.get_by_text(re.compile("Hiding 9 months"))).to_be_visible(timeout=90_000)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("has not been held against your past yet")
    expect(page.get_by_text("The back-test was stopped; nothing came of it.")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Run the back-test")).to_be_enabled()
    page.get_by_role("button", name="Run the back-test").click()
    expect(page.get_by_test_id("stProgress")).to_be_visible()
    expect(page.get_by_text("was stopped")).to_have_count(0)


def test_the_comparison_fits_a_phone(window: Callable[..., Page]) -> None:
    page = window(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    go(page, path("actuals"))
    page.locator("input[type=file]").set_input_files(SAMPLE)
    expect(page.get_by_role("heading", level=1)).to_contain_text(TITLE)
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
