"""The app in a browser: what a person does with it, from the first link to the last download."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Locator, Page, expect

from model import load_shipped, read_link
from tests.browser.conftest import ROOT, Watch
from tests.places import PLACES

SECONDS = 20
expect.set_options(timeout=SECONDS * 1000)
BASE = {"company": "midmarket-saas", "v": "1", "horizon": "36"}


def path(page: str = "", **query: str) -> str:
    return f"/{page}?{urlencode(query)}" if query else f"/{page}"


def go(page: Page, address: str) -> None:
    """Open an address and wait until its page is drawn."""
    page.goto(address)
    drawn(page)


def drawn(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("[data-testid=stApp]")).to_have_attribute("data-test-script-state", "notRunning")


def query(page: Page) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(page.url).query, keep_blank_values=True))


def holds(page: Page, **wanted: str) -> None:
    """Wait until the address holds the shipped company with these parameters and nothing else."""
    found = BASE | wanted
    page.wait_for_url(lambda address: dict(parse_qsl(urlsplit(address).query)) == found, timeout=SECONDS * 1000)
    drawn(page)


def headline(page: Page) -> Locator:
    """Return the first of the four figures, ARR at the end."""
    return page.locator(".headline .card").filter(has_text=re.compile("^ARR, ")).locator(".value")


def sidebar(page: Page) -> Locator:
    return page.locator("[data-testid=stSidebar]")


def slider(page: Page, label: str) -> Locator:
    return page.get_by_role("group", name=label, exact=True).get_by_role("slider")


def press(page: Page, label: str, key: str) -> None:
    slider(page, label).focus()
    page.keyboard.press(key)


def choose(page: Page, box: str, option: str) -> None:
    """Choose in a select box of the sidebar."""
    sidebar(page).get_by_role("combobox", name=box).click()
    page.get_by_role("option", name=option, exact=True).click()


def years(page: Page, count: int, *, wait: bool = True) -> None:
    """Choose a horizon, and wait until it is drawn."""
    name = str(count)
    sidebar(page).get_by_role("radio", name=name, exact=True).or_(
        sidebar(page).get_by_role("button", name=name, exact=True)
    ).first.click()
    if wait:
        page.wait_for_url(lambda address: f"horizon={12 * count}&" in f"{address}&")
        drawn(page)


def fill(page: Page, label: str, value: str) -> None:
    field = page.get_by_label(label, exact=True)
    field.fill(value)
    field.press("Enter")


def to_page(page: Page, group: str, name: str) -> None:
    """Change the page by the menu."""
    if group:
        page.get_by_text(group, exact=True).click()
    page.get_by_role("menuitem" if group else "link", name=name).click()
    page.wait_for_url(re.compile(r"/[a-z-]+\?|/\?"))


def test_the_first_request_after_the_start_may_be_a_deep_link(
    fresh_app: Callable[[], Any], context: BrowserContext
) -> None:
    with fresh_app() as address:
        page = context.new_page()
        go(page, f"{address}/execute?win_rate=0.3")
        expect(page.get_by_role("heading", name="Win, at a price")).to_be_visible()
        expect(sidebar(page)).to_contain_text("Win rate 30.0\u202f%")
        expect(slider(page, "Win rate")).to_have_value("30")
        holds(page, win_rate="0.3")
        assert urlsplit(page.url).path == "/execute"
        page.close()


def test_a_key_moves_a_slider_and_with_it_address_and_figures(page: Page) -> None:
    go(page, path("execute", win_rate="0.15"))
    before = headline(page).inner_text()
    press(page, "Win rate", "ArrowRight")
    holds(page, win_rate="0.155")
    expect(headline(page)).not_to_have_text(before)
    expect(sidebar(page)).to_contain_text("Win rate 15.5\u202f%")
    press(page, "Win rate", "End")
    holds(page, win_rate="0.5")


def test_quick_moves_are_all_kept(page: Page) -> None:
    go(page, path("execute", win_rate="0.3", slip_rate="0.2"))
    slider(page, "Win rate").focus()
    for _ in range(6):
        page.keyboard.press("ArrowRight", delay=30)
    press(page, "Slip rate", "ArrowLeft")
    press(page, "Forecast accuracy", "End")
    holds(page, win_rate="0.33", slip_rate="0.19", forecast_accuracy="1")


def test_exact_value_and_timing_are_typed_behind_the_heading_of_levers(page: Page) -> None:
    go(page, path("execute"))
    page.get_by_role("button", name="Exact values, timing").first.click()
    fill(page, "Exact value, %", "33.3")
    holds(page, win_rate="0.333")
    fill(page, "From month", "6")
    holds(page, win_rate="0.333from6")
    fill(page, "Over months", "3")
    holds(page, win_rate="0.333from6over3")
    expect(page.get_by_text("Starts in Jun 2026, complete in Sep 2026")).to_be_visible()
    expect(sidebar(page)).to_contain_text("Win rate 33.3\u202f% · Jun 26")
    page.get_by_role("button", name=re.compile("Back to base")).click()
    holds(page)
    page.get_by_test_id("stPopoverBody").get_by_text("Discount", exact=True).click()
    expect(page.get_by_text("What share of the list price")).to_be_visible()
    fill(page, "Exact value, %", "7.5")
    holds(page, price_discount="0.075")


def test_moves_are_taken_back_one_by_one_by_undo_and_by_reset(page: Page) -> None:
    go(page, path("execute", win_rate="0.3", slip_rate="0.2"))
    sidebar(page).get_by_role("button", name=re.compile("Win rate")).click()
    holds(page, slip_rate="0.2")
    sidebar(page).get_by_role("button", name="Undo").click()
    holds(page, win_rate="0.3", slip_rate="0.2")
    sidebar(page).get_by_role("button", name="Reset").click()
    holds(page)
    expect(sidebar(page)).to_contain_text("None yet")
    expect(sidebar(page).get_by_role("button", name="Reset")).to_be_disabled()
    sidebar(page).get_by_role("button", name="Undo").click()
    holds(page, win_rate="0.3", slip_rate="0.2")
    press(page, "Win rate", "ArrowRight")
    holds(page, win_rate="0.305", slip_rate="0.2")


def test_back_and_reload_show_what_the_address_says(page: Page) -> None:
    go(page, path("execute", win_rate="0.3"))
    holds(page, win_rate="0.3")
    press(page, "Win rate", "ArrowRight")
    holds(page, win_rate="0.305")
    moved = headline(page).inner_text()
    page.reload()
    holds(page, win_rate="0.305")
    expect(headline(page)).to_have_text(moved)
    press(page, "Win rate", "ArrowRight")
    holds(page, win_rate="0.31")
    page.go_back()
    holds(page, win_rate="0.305")
    expect(slider(page, "Win rate")).to_have_value("30.5")
    expect(headline(page)).to_have_text(moved)


def test_moves_stay_from_page_to_page(page: Page) -> None:
    go(page, path("execute", win_rate="0.3"))
    moved = headline(page).inner_text()
    for group, name, place in (
        ("Engage, execute, expand", "Expand", "/expand"),
        ("Company and method", "Method", "/method"),
        ("", "Overview", "/"),
        ("Studies", "Retention and profit", "/retention-profit"),
        ("Engage, execute, expand", "Execute", "/execute"),
    ):
        to_page(page, group, name)
        page.wait_for_url(lambda address, place=place: urlsplit(address).path == place)
        holds(page, win_rate="0.3")
        expect(headline(page)).to_have_text(moved)
    expect(slider(page, "Win rate")).to_have_value("30")
    press(page, "Win rate", "ArrowLeft")
    holds(page, win_rate="0.295")


def test_two_tabs_do_not_know_of_each_other(context: BrowserContext) -> None:
    one, other = context.new_page(), context.new_page()
    go(one, path("execute", win_rate="0.3"))
    go(other, path("execute", slip_rate="0.2"))
    press(one, "Win rate", "ArrowRight")
    holds(one, win_rate="0.305")
    press(other, "Slip rate", "ArrowLeft")
    holds(other, slip_rate="0.19")
    one.reload()
    holds(one, win_rate="0.305")
    expect(sidebar(other)).not_to_contain_text("Win rate")


def test_a_change_of_horizon_keeps_the_moves(page: Page) -> None:
    go(page, path("", win_rate="0.3"))
    holds(page, win_rate="0.3")
    expect(page.get_by_text("ARR, Dec 2028")).to_be_visible()
    years(page, 5)
    holds(page, win_rate="0.3", horizon="60")
    expect(page.get_by_text("ARR, Dec 2030")).to_be_visible()


@pytest.mark.parametrize("place", ["aim", "uncertainty", "drivers", "sensitivity", "explain"])
def test_a_study_of_the_last_month_follows_the_horizon(page: Page, place: str) -> None:
    go(page, path(place, win_rate="0.3"))
    for count in (2, 3, 1, 5):
        years(page, count)
        assert "kpi" not in query(page)
        expect(page.get_by_role("combobox", name="When")).to_have_value(f"Dec {2025 + count}")
    sidebar(page).get_by_role("button", name="Undo").click()
    holds(page, win_rate="0.3", horizon="12")
    expect(page.get_by_role("combobox", name="When")).to_have_value("Dec 2026")
    assert "kpi" not in query(page)


def test_an_edited_company_undone_stays_undone_though_both_have_one_title(page: Page) -> None:
    go(page, path("company"))
    fill(page, "Horizon, months", "24")
    page.get_by_role("button", name="Use these values").first.click()
    expect(page.get_by_role("combobox", name="Company")).to_have_value("Mid-market SaaS (2)")
    sidebar(page).get_by_role("button", name="Undo").click()
    holds(page, company="midmarket-saas", horizon="36")
    to_page(page, "Engage, execute, expand", "Execute")
    press(page, "Win rate", "ArrowRight")
    page.wait_for_url(re.compile("win_rate="))
    drawn(page)
    assert query(page)["company"] == "midmarket-saas"
    expect(page.get_by_role("combobox", name="Company")).to_have_value("Mid-market SaaS")


def test_a_horizon_is_taken_back_while_a_long_study_computes(page: Page) -> None:
    asked = {"retention_rate": "0.9in0.85to0.94", "runs": "40960"}
    go(page, path("uncertainty", **BASE, **asked))
    years(page, 10, wait=False)
    expect(page.get_by_text("ARR, Dec 2035")).to_be_visible()
    sidebar(page).get_by_role("button", name="Undo").click()
    holds(page, **asked)
    expect(page.get_by_text("ARR, Dec 2028")).to_be_visible()


def test_another_company_starts_without_moves_and_undo_brings_them_back(page: Page) -> None:
    go(page, path("execute", win_rate="0.3"))
    choose(page, "Company", "Launchpad, self-serve")
    holds(page, company="launchpad")
    expect(page.get_by_text("One move stayed with Mid-market SaaS.")).to_be_visible()
    sidebar(page).get_by_role("button", name="Undo").click()
    holds(page, win_rate="0.3")


def test_in_view_of_a_segment_a_lever_moves_that_segment(page: Page) -> None:
    go(page, path("execute"))
    choose(page, "Segment", "Enterprise")
    holds(page, segment="ent")
    press(page, "Win rate", "ArrowRight")
    page.wait_for_url(re.compile(r"win_rate\.ent=0\.\d+"))
    drawn(page)
    assert set(query(page)) == {*BASE, "segment", "win_rate.ent"}
    expect(sidebar(page)).to_contain_text("Win rate Enterprise")
    choose(page, "Segment", "All segments")
    page.wait_for_url(lambda address: "segment=" not in address)
    drawn(page)
    expect(sidebar(page)).to_contain_text("Win rate Enterprise")
    assert "win_rate.ent" in query(page)


def test_a_company_edited_on_its_page_travels_in_the_address(page: Page) -> None:
    go(page, path("company", win_rate="0.3"))
    page.get_by_label("Title", exact=True).fill("Ours & theirs")
    page.get_by_label("First month", exact=True).fill("2027-07")
    page.get_by_role("button", name="Use these values").first.click()
    page.wait_for_url(re.compile("file="))
    drawn(page)
    assert query(page)["win_rate"] == "0.3"
    company = read_link(page.url).scenario.company
    assert (company.title, company.first_month) == ("Ours & theirs", "2027-07")
    page.reload()
    drawn(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ours & theirs starts with")
    to_page(page, "Engage, execute, expand", "Execute")
    page.wait_for_url(lambda address: urlsplit(address).path == "/execute")
    drawn(page)
    expect(page.get_by_text("ARR, Jun 2030")).to_be_visible()
    assert read_link(page.url).scenario.company == company


def test_a_company_that_cannot_be_is_refused_in_words(page: Page) -> None:
    go(page, path("company"))
    page.get_by_label("First month", exact=True).fill("July")
    page.get_by_role("button", name="Use these values").first.click()
    expect(page.get_by_text("first_month is 'July'; a month from 1900-01 to 2199-12 is needed")).to_be_visible()
    holds(page)


def test_the_downloaded_csv_is_that_of_the_command_line(page: Page) -> None:
    go(page, path("execute", **{"win_rate": "0.3", "retention_rate.ent": "0.95from3over2"}))
    sidebar(page).get_by_role("button", name="CSV").click()
    for period in ("month", "quarter", "year"):
        with page.expect_download() as download:
            page.get_by_role("button", name=f"By {period}").click()
        assert download.value.suggested_filename == f"midmarket-saas-by-{period}.csv"
        command = [sys.executable, "-m", "model", "project", "--link", page.url, "--period", period]
        expected = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
        assert download.value.path().read_bytes() == expected


def test_a_copied_link_says_that_its_numbers_are_the_same(page: Page, window: Callable[..., Page]) -> None:
    go(page, path("execute", win_rate="0.3"))
    sidebar(page).get_by_role("button", name="Copy link").click()
    code = page.locator("[data-testid=stCode] code")
    expect(code).to_contain_text("check=")
    address = code.inner_text().strip()
    other = window()
    go(other, address)
    expect(other.get_by_text("Same numbers as when shared")).to_have_count(1)
    other.set_viewport_size({"width": 390, "height": 844})
    expect(other.get_by_text("Same numbers as when shared")).to_be_in_viewport()
    assert headline(other).inner_text() == headline(page).inner_text()
    go(other, re.sub(r"(check=\d+~)[^~]+", r"\g<1>1000000", address))
    expect(other.get_by_text("Since this link was shared: ARR at the end was $1.00M, is")).to_be_visible()


@pytest.mark.parametrize("size", [(390, 664), (390, 844), (1440, 664)])
def test_the_link_can_be_copied_from_the_end_of_the_sidebar(window: Callable[..., Page], size: tuple[int, int]) -> None:
    """The button stands at the bottom of the window, where there is no room below it."""
    phone = size[0] < 400
    page = window(viewport={"width": size[0], "height": size[1]}, has_touch=phone, is_mobile=phone,
                  permissions=["clipboard-read", "clipboard-write"])  # fmt: skip
    go(page, path("", sales_reps="31", retention_rate="0.901667", average_selling_price="64968.75"))
    if phone:
        page.get_by_test_id("stExpandSidebarButton").tap()
        expect(sidebar(page)).to_have_attribute("data-collapsed", "false")
    page.get_by_test_id("stSidebarContent").evaluate("it => { it.scrollTop = it.scrollHeight; }")
    sidebar(page).get_by_role("button", name="Copy link").click()
    link = page.locator("[data-testid=stCode] code")
    expect(link).to_contain_text("check=")
    expect(link).to_be_in_viewport(ratio=1)
    copy = page.get_by_test_id("stCode").get_by_role("button")
    expect(copy).to_be_in_viewport(ratio=1)
    assert copy.evaluate("it => getComputedStyle(it).visibility") == "visible"  # without a pointer over it
    (copy.tap if phone else copy.click)()
    assert page.evaluate("() => navigator.clipboard.readText()") == link.inner_text().strip()
    expect(page.get_by_text("Whoever opens it sees whether the numbers are still the same")).to_be_in_viewport(ratio=1)


def test_a_bad_link_is_said_to_be_bad_and_shows_the_rest(page: Page) -> None:
    go(page, path("execute", winrate="0.4", win_rate="0.3", retention_rate="9"))
    expect(page.get_by_text("There is no assumption 'winrate' (winrate=0.4). It is left out.")).to_be_visible()
    expect(page.get_by_text("Retention (retention_rate=9) is 900.0\u202f%")).to_be_visible()
    holds(page, win_rate="0.3")


def test_every_page_fits_a_phone(window: Callable[..., Page]) -> None:
    page = window(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    for place in PLACES:
        go(page, path(place, win_rate="0.3", segment="ent"))
        expect(headline(page)).to_be_visible()
        wide = page.evaluate(
            "() => [document.documentElement, ...document.querySelectorAll('[data-testid=stMain]')]"
            ".filter(e => e.scrollWidth > e.clientWidth).map(e => [e.tagName, e.scrollWidth, e.clientWidth])"
        )
        assert wide == [], place


@pytest.mark.parametrize(("size", "stays"), [((390, 844), False), ((844, 390), False), ((1440, 900), True)])
def test_the_figures_on_top_stay_in_view_where_there_is_room(
    window: Callable[..., Page], size: tuple[int, int], *, stays: bool
) -> None:
    page = window(viewport={"width": size[0], "height": size[1]})
    go(page, path("company"))
    expect(headline(page)).to_be_in_viewport()
    page.get_by_role("button", name="Use these values").last.scroll_into_view_if_needed()
    (expect(headline(page)).to_be_in_viewport if stays else expect(headline(page)).not_to_be_in_viewport)()


def test_every_page_fits_a_screen_and_nothing_is_asked_of_anyone_else(page: Page, watch: Watch, app: str) -> None:
    for place in PLACES:
        go(page, path(place))
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), place
    assert len(watch.addresses) > 20
    asked = [urlsplit(address) for address in watch.addresses if address.startswith(("http", "ws"))]
    assert {address.netloc for address in asked} == {urlsplit(app).netloc}


def violations(page: Page, rules: dict[str, Any]) -> list[str]:
    """Return what axe finds; the role of Streamlit's own drop zone, which it names, is not ours to change."""
    return [
        f"{violation['id']} ({violation['impact']}): {node['target']} {node['html'][:160]}"
        for violation in Axe().run(page, options=rules).response["violations"]
        for node in violation["nodes"]
        if not (violation["id"] == "presentation-role-conflict" and "stFileUploaderDropzone" in node["html"])
    ]


@pytest.mark.parametrize(("scheme", "rules"), [("light", {}), ("dark", {"runOnly": ["color-contrast"]})])
def test_axe_finds_nothing_on_any_page(scheme: str, rules: dict[str, Any], window: Callable[..., Page]) -> None:
    page = window(color_scheme=scheme)
    found = {}
    for place in PLACES:
        go(page, path(place, win_rate="0.3"))
        expect(headline(page)).to_be_visible()
        found[place] = violations(page, rules)
    assert not any(found.values()), found


def test_the_shipped_companies_are_what_these_tests_expect() -> None:
    company = load_shipped("midmarket-saas")
    assert (company.title, company.first_month, company.horizon_months) == ("Mid-market SaaS", "2026-01", 36)


def test_a_click_on_the_words_over_a_slider_moves_nothing(page: Page) -> None:
    go(page, path("expand"))
    for words in (".lever span", ".lever small", ".lever b"):
        box = page.locator(words).first.bounding_box()
        assert box is not None
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_timeout(1_500)
    assert query(page).keys() == BASE.keys()
