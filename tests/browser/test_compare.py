"""Scenarios side by side in a browser: pinned on one page, compared and explained on others, sent as one link."""

from __future__ import annotations

from urllib.parse import urlencode

from playwright.sync_api import Page, expect

from tests.browser.test_app import BASE, drawn, fill, go, holds, path, press, query, to_page

LAUNCHPAD = "https://revlens.example/engage?company=launchpad&v=1&win_rate=0.4"


def test_a_set_is_made_by_hand_and_opens_again_from_its_link(page: Page) -> None:
    go(page, path("expand", **BASE, retention_rate="0.92"))
    page.get_by_role("button", name="Pin").click()
    pinned = {f"b.{key}": value for key, value in ({"name": "Scenario B"} | BASE | {"retention_rate": "0.92"}).items()}
    holds(page, retention_rate="0.92", **pinned)
    press(page, "Retention", "ArrowRight")
    holds(page, retention_rate="0.925", **pinned)
    to_page(page, "Studies", "Compare")
    drawn(page)
    fill(page, "Name of scenario B", "Cautious")
    pinned["b.name"] = "Cautious"
    holds(page, retention_rate="0.925", **pinned)
    fill(page, "Paste a link", LAUNCHPAD)
    pasted = {
        "c.name": "Launchpad, self-serve",
        "c.company": "launchpad",
        "c.v": "1",
        "c.horizon": "36",
        "c.win_rate": "0.4",
    }
    holds(page, retention_rate="0.925", **pinned, **pasted)
    fill(page, "Paste a link", LAUNCHPAD)
    holds(page, retention_rate="0.925", **pinned, **pasted, **{key.replace("c.", "d.", 1): value for key, value in pasted.items()}
          | {"d.name": "Scenario D"})  # fmt: skip
    page.get_by_role("button", name="Undo").click()
    holds(page, retention_rate="0.925", **pinned, **pasted)
    title = page.get_by_role("heading", level=1).inner_text()
    go(page, f"/compare?{urlencode(query(page))}")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.get_by_role("button", name="Make current").first.click()
    swapped = pinned | {"a.name": "Cautious", "b.name": "This scenario", "b.retention_rate": "0.925"}
    holds(page, retention_rate="0.92", **swapped, **pasted)
    page.get_by_role("button", name="Undo").click()
    holds(page, retention_rate="0.925", **pinned, **pasted)
    to_page(page, "Studies", "Explain")
    drawn(page)
    page.get_by_text("Cautious", exact=True).click()
    holds(page, retention_rate="0.925", **pinned, **pasted, reference="b")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Retention explains all of the ")
