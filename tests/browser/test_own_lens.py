"""A lens of one's own in a browser: put together, sent to somebody else, saved, opened again, and a page chosen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from model.frameworks.own_lens import START, read_lens_file, read_own_lens
from tests.browser.test_app import drawn, go, path, press, query, slider

NAME = "Board & <b>Co</b> ~ é 会"


def test_a_lens_is_put_together_sent_saved_and_opened(
    page: Page, window: Callable[..., Page], tmp_path: Path, app: str
) -> None:
    go(page, path("own-lens"))
    page.get_by_label("Name").fill(NAME)
    page.get_by_label("Name").press("Enter")
    page.wait_for_url(lambda address: "lens=" in address)
    page.locator(".st-key-lens-levers input").click()
    page.keyboard.type("dunning")
    page.get_by_role("option", name="Dunning recovery").click()
    page.keyboard.press("Escape")
    expect(slider(page, "Dunning recovery")).to_be_visible()
    press(page, "Win rate", "ArrowRight")
    page.wait_for_url(lambda address: "win_rate=0.205" in address)
    drawn(page)
    own, problems = read_own_lens(query(page))
    assert own is not None
    assert (own.name, own.levers, problems) == (NAME, (*START.levers, "dunning_recovery"), ())

    other = window()
    go(other, page.url.removeprefix(app))
    expect(other.get_by_text(f"{NAME} · {START.question}")).to_be_visible()
    expect(slider(other, "Dunning recovery")).to_be_visible()
    expect(other.get_by_label("Name")).to_have_count(0)
    assert query(other) == query(page)

    with page.expect_download() as started:
        page.get_by_role("button", name="Download as a lens file").click()
    saved = tmp_path / started.value.suggested_filename
    started.value.save_as(saved)
    assert read_lens_file(saved.read_bytes(), saved.name) == (own, ())

    go(page, path("own-lens", win_rate="0.3"))
    page.get_by_text("Open a lens file").click()
    page.locator("input[type=file]").set_input_files(saved)
    page.wait_for_url(lambda address: "dunning_recovery" in address)
    drawn(page)
    assert read_own_lens(query(page))[0] == own
    assert query(page)["win_rate"] == "0.3"


def test_choosing_leads_to_a_page_with_the_scenario_and_back(page: Page) -> None:
    go(page, path("choose", company="launchpad", win_rate="0.3"))
    page.get_by_role("radio", name="Each function").click()
    page.wait_for_url(lambda address: "by-function" in address)
    drawn(page)
    page.get_by_test_id("stPageLink").get_by_role("link", name="Engage").click()
    page.wait_for_url(lambda address: urlsplit(address).path == "/engage")
    drawn(page)
    assert (query(page)["company"], query(page)["win_rate"]) == ("launchpad", "0.3")
    page.go_back()
    expect(page.get_by_role("radio", name="Each function")).to_be_checked()
