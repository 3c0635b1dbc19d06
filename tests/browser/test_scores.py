"""Lead scores in a browser: quick changes of the editor are all kept, in the address and over a reload."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.test_app import fill, go, headline, holds, press, sidebar


def test_quick_changes_of_the_editor_are_all_kept_and_can_be_undone(page: Page) -> None:
    go(page, "/scores?company=midmarket-saas&v=1&horizon=36")
    base = headline(page).inner_text()
    page.get_by_role("radio", name="Score order").click()
    fill(page, "Conversion, times the mean", "3")
    fill(page, "Band 3: share of leads, %", "40")
    press(page, "Share of leads the team can work", "ArrowLeft")
    holds(page, **{"scores": "on", "scores.bands": "0.2x3-0.3x1-0.4x0.6", "scores.worked": "0.59"})
    expect(headline(page)).not_to_have_text(base)
    page.reload()
    expect(page.get_by_label("Conversion, times the mean", exact=True)).to_have_value("3")
    expect(page.get_by_text("Shares add up to 90.0").first).to_be_visible()
    sidebar(page).get_by_role("button", name="Leads in score order").click()
    holds(page)
    expect(headline(page)).to_have_text(base)
    sidebar(page).get_by_role("button", name="Undo").click()
    holds(page, **{"scores": "on", "scores.bands": "0.2x3-0.3x1-0.4x0.6", "scores.worked": "0.59"})
