"""Own data in a browser: real files given, a question answered, measured, used, seen, stopped, and gone with the tab."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Watch
from tests.browser.test_app import drawn, go, path, press, query, to_page

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
LONG = 60_000
NOTHING = "nothing is read yet"
LARGE = 300
"""Megabytes that measuring takes before the tab is closed: many times what an allocator may keep in holes."""


def heading(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def give(page: Page, *files: Path) -> None:
    """Give files to the import."""
    page.get_by_role("tab", name="Measure from exports").click()
    page.get_by_label("Measure from exports").locator("input[type=file]").set_input_files(files)
    expect(page.get_by_text("columns read").nth(len(files) - 1)).to_be_visible()
    drawn(page)


def with_open_dates(folder: Path) -> Path:
    """Return the sample's subscriptions with days that can be read in two ways."""
    lines = (SAMPLES / "subscriptions.csv").read_text().splitlines()
    day = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
    changed = [day.sub(lambda found: f"{int(found[2])}/{min(int(found[3]), 12)}/{found[1]}", line) for line in lines]
    made = folder / "Kunden & Verträge.csv"
    made.write_text("\n".join(changed), encoding="utf-8")
    return made


def test_files_are_read_asked_about_measured_used_and_gone_after_a_reload(page: Page, tmp_path: Path) -> None:
    go(page, path("company"))
    give(page, with_open_dates(tmp_path), SAMPLES / "opportunities.csv")
    question = page.get_by_role("combobox", name="The order of its dates")
    expect(question).to_be_visible(timeout=LONG)
    expect(page.get_by_role("button", name="Measure", exact=True)).to_be_disabled()
    question.click()
    page.get_by_role("option", name=re.compile("month first")).click()
    page.get_by_role("textbox", name="Title of the company").fill("Nordlicht GmbH")
    page.get_by_role("button", name="Measure", exact=True).click()
    expect(page.get_by_text(re.compile(r"rows read = .* used \+"))).to_be_visible(timeout=LONG)
    page.get_by_role("button", name="Use this company").click()
    page.wait_for_url(re.compile("company=nordlicht-gmbh"))
    drawn(page)
    link = page.url
    assert not {"C00002", "D00001", "Ines", "Kunden"} & set(re.findall(r"\w+", link))
    assert set(query(page)) >= {"company", "file"}

    page.get_by_role("link", name="See its history").click()
    expect(heading(page)).to_contain_text("of ARR at the end of")
    page.get_by_role("radio", name="Retention", exact=True).click()
    expect(heading(page)).to_contain_text("stay after a year")
    to_page(page, "Company and method", "Method")
    expect(heading(page)).to_contain_text("declarations")
    page.go_back()
    expect(heading(page)).to_contain_text("stay after a year")

    page.reload()
    drawn(page)
    expect(heading(page)).to_contain_text(NOTHING)
    expect(page.get_by_role("combobox", name="Company")).to_have_value("Nordlicht GmbH")
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_back_from_the_history_leads_to_the_import_it_was_left_at(page: Page) -> None:
    go(page, path("company"))
    tab = page.get_by_role("tab", name="Measure from exports")
    tab.click()
    page.get_by_role("button", name="Try the sample exports").click()
    page.get_by_role("link", name="See its history").click(timeout=LONG)
    expect(heading(page)).to_contain_text("of ARR at the end of")
    page.go_back()
    expect(tab).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("button", name="Forget my data")).to_be_visible()
    page.get_by_role("button", name="Forget my data").click()
    expect(page.get_by_role("button", name="Forget my data")).to_be_disabled()
    expect(tab).to_have_attribute("aria-selected", "true")
    page.get_by_role("tab", name="Values").click()
    to_page(page, "Company and method", "Method")
    page.go_back()
    expect(page.get_by_role("tab", name="Values")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_the_sample_is_one_click_and_forgotten_by_one(page: Page) -> None:
    go(page, path("history"))
    expect(heading(page)).to_contain_text(NOTHING)
    page.get_by_role("button", name="Try the sample exports").click()
    expect(heading(page)).to_contain_text("of ARR at the end of Dec 2025", timeout=LONG)
    with page.expect_download() as started:
        page.get_by_role("radio", name="How sure").click()
        page.get_by_role("button", name="Measures, CSV").click()
    assert started.value.suggested_filename == "measures.csv"
    to_page(page, "Company and method", "Company")
    page.get_by_role("tab", name="Measure from exports").click()
    page.get_by_role("button", name="Forget my data").click()
    expect(page.get_by_text("columns read")).to_have_count(0)
    expect(page.get_by_role("button", name="Forget my data")).to_be_disabled()


def large(folder: Path, copies: int = 400) -> Path:
    """Return the sample's subscriptions many times over, each copy with ids of its own."""
    header, *rows = (SAMPLES / "subscriptions.csv").read_text().splitlines()
    lines = (row.replace("S0", f"S{copy}-").replace("C0", f"C{copy}-") for copy in range(copies) for row in rows)
    made = folder / "large.csv"
    made.write_text("\n".join([header, *lines]))
    return made


def measuring(page: Page, file: Path) -> None:
    """Give a file and measure it."""
    go(page, path("company"))
    give(page, file)
    page.get_by_role("button", name="Measure", exact=True).click()
    expect(page.get_by_test_id("stProgress")).to_be_visible()


def test_measuring_is_stopped_and_the_files_stay(page: Page, tmp_path: Path) -> None:
    measuring(page, large(tmp_path))
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Stop")).to_have_count(0, timeout=5_000)
    drawn(page)
    expect(
        page.get_by_test_id("stBottom").get_by_text("Measuring was stopped; nothing was changed.")
    ).to_be_in_viewport()
    expect(page.get_by_role("button", name="Measure", exact=True)).to_be_enabled()
    expect(page.get_by_text("columns read")).to_have_count(1)
    expect(page.get_by_text(re.compile(r"rows read ="))).to_have_count(0)


def test_measuring_goes_on_while_the_app_is_used_and_its_result_appears_by_itself(page: Page, tmp_path: Path) -> None:
    measuring(page, large(tmp_path, 200))
    to_page(page, "Engage, execute, expand", "Execute")
    expect(page.get_by_test_id("stProgress")).to_be_visible()
    for key in ("Home", "End", "Home"):
        press(page, "Win rate", key)
    page.wait_for_url(re.compile("win_rate="))
    to_page(page, "Company and method", "History")
    expect(heading(page)).to_contain_text("of ARR at the end of", timeout=2 * LONG)
    expect(page.get_by_test_id("stProgress")).to_have_count(0)
    assert "win_rate" in query(page)
    page.get_by_role("radio", name="Retention", exact=True).click()
    expect(heading(page)).to_contain_text("stay after a year")


def test_a_closed_tab_ends_its_measuring_and_gives_its_memory_back(
    fresh_app: Callable[[], Any], browser: Browser, watch: Watch, tmp_path: Path
) -> None:
    with fresh_app() as address:
        server = process_at(address)
        window = watch.over(browser.new_context(base_url=address))
        page = window.new_page()
        go(page, path("history"))
        page.get_by_role("button", name="Try the sample exports").click()  # loads what measuring needs
        expect(heading(page)).to_contain_text("of ARR at the end of", timeout=LONG)
        before = memory(server)
        measuring(page, large(tmp_path, 1_500))
        end = time.monotonic() + 60
        while (taken := memory(server) - before) < LARGE:
            assert time.monotonic() < end, f"no more than {taken:.0f} MB were taken"
            time.sleep(0.1)
        window.close()
        end = time.monotonic() + 90
        while busy(server) > 0.5 or memory(server) - before > 0.5 * LARGE:
            assert time.monotonic() < end, f"{memory(server) - before:.0f} MB of {taken:.0f} MB are still held"


def process_at(address: str) -> Path:
    """Return where the system tells about the server of an address."""
    port = f"--server.port\0{urlsplit(address).port}\0".encode()
    return next(place.parent for place in Path("/proc").glob("[0-9]*/cmdline") if port in place.read_bytes())


def memory(server: Path) -> float:
    """Return the megabytes that a process holds."""
    lines = (server / "status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1000


def busy(server: Path) -> float:
    """Return the share of a processor that a process takes for a second."""

    def taken() -> int:
        words = (server / "stat").read_text().rpartition(")")[2].split()
        return int(words[11]) + int(words[12])

    start = taken()
    time.sleep(1)
    return (taken() - start) / os.sysconf("SC_CLK_TCK")


def test_quick_answers_are_all_kept(page: Page) -> None:
    go(page, path("company"))
    give(page, SAMPLES / "subscriptions.csv")
    page.get_by_role("textbox", name="Title of the company").fill("Quick")
    page.get_by_role("combobox", name="Segments").click()
    page.get_by_role("option", name="Bands of size").click()
    page.get_by_role("combobox", name="Currency").click()
    page.get_by_role("option", name="EUR").click()
    drawn(page)
    to_page(page, "", "Overview")
    expect(heading(page)).to_contain_text("reaches")
    to_page(page, "Company and method", "Company")
    page.get_by_role("tab", name="Measure from exports").click()
    expect(page.get_by_role("textbox", name="Title of the company")).to_have_value("Quick")
    expect(page.get_by_role("combobox", name="Segments")).to_have_value("Bands of size")
    expect(page.get_by_role("combobox", name="Currency")).to_have_value("EUR")


def test_history_and_import_fit_a_phone(window: Callable[..., Page]) -> None:
    page = window(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    go(page, path("history"))
    page.get_by_role("button", name="Try the sample exports").click()
    expect(heading(page)).to_contain_text("of ARR at the end of", timeout=LONG)
    for view in ("Retention", "Pipeline", "How sure"):
        page.get_by_role("radio", name=view, exact=True).click()
        drawn(page)
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), view
