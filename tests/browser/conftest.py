"""A running app and a browser for the browser tests; without a browser they skip and say why, and with CI=true they fail."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
SECONDS = 60


@contextmanager
def running_app() -> Iterator[str]:
    """Start the app on a free port, yield its address once it answers, and stop it."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port), "--server.address", "localhost",
               "--server.headless", "true", "--server.fileWatcherType", "none"]  # fmt: skip
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        _wait_for(f"http://localhost:{port}/_stcore/health", server)
        yield f"http://localhost:{port}"
    finally:
        server.terminate()
        server.communicate(timeout=20)


def _wait_for(address: str, server: subprocess.Popen[str]) -> None:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if server.poll() is not None:
            pytest.fail(f"The app stopped as it started:\n{server.communicate()[0]}")
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - its own server
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    pytest.fail(f"The app did not answer within {SECONDS} seconds.")


@pytest.fixture(scope="session")
def app() -> Iterator[str]:
    """Yield the address of an app that all tests share."""
    with running_app() as address:
        yield address


@pytest.fixture(scope="session")
def browser_type_launch_args(playwright: Playwright) -> dict[str, Any]:
    """Return how the browser starts: the system's Chromium, else Playwright's own."""
    found = next((path for name in NAMES if (path := shutil.which(name))), "")
    if not found and not Path(playwright.chromium.executable_path).exists():
        told = f"No browser: none of {', '.join(NAMES)} is on PATH, and Playwright has no Chromium of its own."
        if os.environ.get("CI") == "true":
            pytest.fail(told)
        pytest.skip(told)
    return {"args": FLAGS} | ({"executable_path": found} if found else {})


@pytest.fixture(scope="session")
def browser_context_args(app: str) -> dict[str, Any]:
    """Return how a browser window is opened: on the app, of an office's size."""
    return {"base_url": app, "viewport": {"width": 1440, "height": 900}, "accept_downloads": True}


class Watch:
    """What a browser asked for, and what failed in it."""

    def __init__(self) -> None:
        self.addresses: list[str] = []
        self.errors: list[str] = []

    def over(self, context: BrowserContext) -> BrowserContext:
        """Watch a window."""
        context.on("request", lambda request: self.addresses.append(request.url))
        context.on("weberror", lambda error: self.errors.append(str(error.error)))
        return context


@pytest.fixture(autouse=True)
def watch(context: BrowserContext) -> Iterator[Watch]:
    """Watch the browser; after each test, nothing may have been asked of others and nothing have failed."""
    found = Watch()
    found.over(context)
    yield found
    assert {urlsplit(address).hostname for address in found.addresses} <= {"localhost", None}
    assert not found.errors


@pytest.fixture
def window(browser: Browser, browser_context_args: dict[str, Any], watch: Watch) -> Iterator[Callable[..., Page]]:
    """Return a way to open a window of its own, with its own size or colours."""
    opened: list[BrowserContext] = []

    def open_window(**options: Any) -> Page:
        opened.append(watch.over(browser.new_context(**(browser_context_args | options))))
        return opened[-1].new_page()

    yield open_window
    for context in opened:
        context.close()


@pytest.fixture
def fresh_app() -> Callable[[], Any]:
    """Return a way to start an app of its own."""
    return running_app
