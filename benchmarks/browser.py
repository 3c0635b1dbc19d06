"""How long a reader waits: from a key press on a slider to the first chart redrawn, beside a bare Streamlit page.

`python -m benchmarks.browser` starts both, opens both in Chromium and measures them in turn. It ends with an error if
RevLens takes more than 1.2 times as long, or runs its script more than once a move.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial

from playwright.sync_api import Browser, Page, WebSocket, sync_playwright
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.serving import percentile, served

MOST_TIMES = 1.2
BLOCK, WARM_UP = 5, 5
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
QUICK_TRIES, QUICK_PRESSES, QUICK_PAUSE = 30, 4, 8

_PROBE = """() => {
  const curves = () => {
    const chart = document.querySelector('.js-plotly-plot');
    const lines = chart ? [...chart.querySelectorAll('.scatterlayer path.js-line')] : [];
    return lines.map(line => line.getAttribute('d')).join();
  };
  window.probe = { pressed: 0, changed: 0, before: curves() };
  document.addEventListener('keydown', () => {
    window.probe = { pressed: performance.now(), changed: 0, before: curves() };
  }, true);
  new MutationObserver(() => {
    const probe = window.probe;
    if (!probe.pressed || probe.changed) return;
    const now = curves();
    if (now && now !== probe.before) probe.changed = performance.now();
  }).observe(document.body, { subtree: true, childList: true, attributes: true });
}"""
_IDLE = "document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'"
_FIRST_SLIDER = "[data-testid=stMain] [data-testid=stSlider] input"


@dataclass
class Watched:
    """A page under measurement: its presses so far, what each took, and the script runs the server began."""

    page: Page
    presses: int = 0
    milliseconds: list[float] = field(default_factory=list)
    answers: list[bytes] = field(default_factory=list)
    requests: list[bytes] = field(default_factory=list)

    @classmethod
    def open(cls, browser: Browser, address: str) -> Watched:
        """Open an address and wait for its charts."""
        watched = cls(browser.new_page(viewport={"width": 1440, "height": 900}))
        watched.page.on("websocket", watched._listen)
        watched.page.goto(address)
        watched.page.wait_for_selector(".scatterlayer path.js-line", timeout=60_000)
        watched.rest(1_000)
        watched.page.evaluate(_PROBE)
        return watched

    def _listen(self, socket: WebSocket) -> None:
        for event, frames in (("framereceived", self.answers), ("framesent", self.requests)):
            socket.on(event, partial(_keep, frames))

    @property
    def runs(self) -> int:
        """How many script runs the server has begun."""
        return sum(ForwardMsg.FromString(frame).WhichOneof("type") == "new_session" for frame in self.answers)

    def rest(self, milliseconds: int = 250) -> None:
        """Wait until the script has run and nothing is left to draw."""
        self.page.wait_for_function(_IDLE)
        self.page.wait_for_timeout(milliseconds)

    def press(self, key: str) -> float:
        """Press a key and return the milliseconds until the first chart showed it."""
        self.page.keyboard.press(key)
        self.page.wait_for_function("window.probe.changed > 0", polling=20)
        took = float(self.page.evaluate("window.probe.changed - window.probe.pressed"))
        self.rest()
        return took

    def block(self, key: str, count: int, *, counted: bool = True) -> None:
        """Press a key on the first slider several times."""
        self.page.bring_to_front()
        self.page.locator(_FIRST_SLIDER).first.focus()
        took = [self.press(key) for _ in range(count)]
        self.presses += count
        if counted:
            self.milliseconds += took

    def hurry(self, key: str) -> bool:
        """Press a key several times very quickly; say whether the slider then shows what it sent last."""
        slider = self.page.locator(_FIRST_SLIDER).first
        slider.focus()
        for _ in range(QUICK_PRESSES):
            self.page.keyboard.press(key)
            self.page.wait_for_timeout(QUICK_PAUSE)
        self.rest(600)
        states = BackMsg.FromString(self.requests[-1]).rerun_script.widget_states.widgets
        sent = next(state.double_array_value.data[0] for state in states if "slider:" in state.id)
        return abs(float(slider.input_value()) - sent) < 1e-9


def _keep(frames: list[bytes], frame: str | bytes) -> None:
    if isinstance(frame, bytes):
        frames.append(frame)


def main() -> int:
    """Measure, print and judge."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--blocks", type=int, default=10, help=f"blocks of {BLOCK} presses for each app")
    options.add_argument("--chromium", default=shutil.which("chromium"), help="the browser, if not Playwright's own")
    options.add_argument("--hurry", action="store_true", help="also press too quickly for Streamlit's slider")
    chosen = options.parse_args()
    with ExitStack() as stack:
        servers = {"RevLens": stack.enter_context(served("app.py")),
                   "bare page": stack.enter_context(served("benchmarks/bare_page.py"))}  # fmt: skip
        player = stack.enter_context(sync_playwright())
        browser = player.chromium.launch(executable_path=chosen.chromium, args=FLAGS)
        apps = {
            name: Watched.open(browser, server.address + ("/expand" if name == "RevLens" else ""))
            for name, server in servers.items()
        }
        # From the left end upwards, so that no move meets a scenario that was shown before.
        began = {name: app.runs for name, app in apps.items()}
        for app in apps.values():
            app.block("Home", 1, counted=False)
        for number in range(-1, chosen.blocks):
            for app in apps.values():
                app.block("ArrowRight", WARM_UP if number < 0 else BLOCK, counted=number >= 0)
        missed = _judge(apps, began)
        if chosen.hurry:
            _hurry(apps)
        return missed


def _hurry(apps: dict[str, Watched]) -> None:
    """Print how often a slider shows an older value than it sent, after presses in quick succession."""
    behind = dict.fromkeys(apps, 0)
    for number in range(QUICK_TRIES):
        for name, app in apps.items():
            app.page.bring_to_front()
            behind[name] += not app.hurry("ArrowLeft" if number % 2 else "ArrowRight")
    print(f"A slider shows an older value than it sent, after {QUICK_PRESSES} presses {QUICK_PAUSE} ms apart")
    for name, count in behind.items():
        print(f"  {name:10} {count} of {QUICK_TRIES} tries")


def _judge(apps: dict[str, Watched], began: dict[str, int]) -> int:
    """Print what was measured and return 1 if a mark is missed."""
    medians, runs = {}, {}
    print(f"From a key press on a slider to the first chart redrawn, {os.cpu_count()} processors")
    for name, app in apps.items():
        medians[name] = statistics.median(app.milliseconds)
        runs[name] = (app.runs - began[name]) / app.presses
        high, count = percentile(app.milliseconds, 0.95), len(app.milliseconds)
        print(f"  {name:10} median {medians[name]:5.0f} ms   p95 {high:5.0f} ms   {count} presses   "
              f"{runs[name]:.2f} script runs a move")  # fmt: skip
    ratio = medians["RevLens"] / medians["bare page"]
    print(f"  ratio of medians {ratio:.2f} (mark: at most {MOST_TIMES}); one script run a move wanted")
    return int(ratio > MOST_TIMES or runs["RevLens"] > 1)


if __name__ == "__main__":
    sys.exit(main())
