"""The four elements in a browser: from a stage to the pages of its other levers, the scenario with it."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.test_app import go, holds


def test_four_elements_link_to_the_pages_of_their_other_levers_with_the_scenario(page: Page) -> None:
    go(page, "/four-elements?company=midmarket-saas&v=1&horizon=36&win_rate=0.3")
    page.get_by_role("radio", name="Data").click()
    holds(page, win_rate="0.3", stage="data")
    page.get_by_role("radio", name="People").click()
    page.get_by_role("link", name="Execute: ").click()
    page.wait_for_url("**/execute?**win_rate=0.3**")
