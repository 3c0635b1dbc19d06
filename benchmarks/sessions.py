"""How long an answer takes when many readers move sliders at once.

`python -m benchmarks.sessions` starts RevLens and opens 25 sessions on its page Expand. Each moves a slider once a
second for 30 seconds, as a browser would: one message over the websocket, with the address and the values of the
widgets. An answer has come when the script has finished. It must show the ARR that the model gives for these moves. No
two moves ask for the same scenario.
"""

from __future__ import annotations

import argparse
import asyncio
import html
import os
import random
import re
import statistics
import sys
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.serving import Server, percentile, served
from model import Move, Scenario, load_shipped, project, shipped
from model.links import write_query
from model.metrics import View
from model.text import money

MOST_MILLISECONDS = 400.0
ALONE, PATIENCE = 20, 20.0
LEVER, STEP = "retention_rate", 0.005
LOWEST = 0.62
HEADLINE = re.compile(r'class="cards headline".*?<div class="label">ARR,.*?<div class="value">([^<]*)</div>')


@dataclass
class Reader:
    """One browser tab: its websocket, the address it shows and the values of its widgets."""

    socket: ClientConnection
    base: Scenario
    query: str = ""
    page: str = ""
    headline: str = ""
    widgets: dict[str, WidgetState] = field(default_factory=dict)
    milliseconds: list[float] = field(default_factory=list)
    sent: int = 0
    wrong: list[str] = field(default_factory=list)

    @classmethod
    async def open(cls, server: Server, base: Scenario) -> Reader:
        """Connect and ask for the page, as a browser does that follows a link."""
        address = f"ws://localhost:{server.port}/_stcore/stream"
        socket = await connect(address, subprotocols=["streamlit"], max_size=None, ping_interval=None)  # type: ignore[list-item]  # it wants a type of its own for names
        reader = cls(socket, base, urlencode(write_query(base)))
        await reader._run("expand")
        return reader

    async def _run(self, page_name: str = "") -> None:
        """Have the script run and take in all it sends."""
        request = BackMsg()
        state = request.rerun_script
        state.query_string, state.page_script_hash, state.page_name = self.query, self.page, page_name
        state.context_info.timezone, state.context_info.color_scheme = "UTC", "light"
        state.widget_states.widgets.extend(self.widgets.values())
        await self.socket.send(request.SerializeToString())
        while True:
            message = ForwardMsg.FromString(await asyncio.wait_for(self.socket.recv(decode=False), PATIENCE))
            self._take_in(message)
            if message.WhichOneof("type") == "script_finished":
                return

    def _take_in(self, message: ForwardMsg) -> None:
        """Keep of a message what the next request or the check needs."""
        match message.WhichOneof("type"):
            case "navigation":
                self.page = message.navigation.page_script_hash
            case "page_info_changed":
                self.query = message.page_info_changed.query_string
            case "delta" if message.delta.WhichOneof("type") == "new_element":
                element = message.delta.new_element
                self._keep(element)
                if element.WhichOneof("type") == "html" and (found := HEADLINE.search(element.html.body)):
                    self.headline = html.unescape(found[1])

    def _keep(self, element: Element) -> None:
        """Keep what a widget holds: its first value, or the one that the server sets."""
        kind = element.WhichOneof("type")
        if kind not in ("slider", "selectbox", "button_group"):
            return
        widget = getattr(element, kind)
        if widget.id in self.widgets and not widget.set_value:
            return
        state = self.widgets[widget.id] = WidgetState(id=widget.id)
        if kind == "slider":
            state.double_array_value.data.extend(widget.value if widget.set_value else widget.default)
        elif kind == "selectbox":
            state.string_value = widget.raw_value
        else:
            state.string_array_value.data.extend(widget.raw_values)

    async def move(self, number: int, expected: str, due: float) -> None:
        """Move the slider to its next value and check the answer; the clock runs from when the move was due."""
        key = next(key for key in self.widgets if key.endswith(f"slider:{LEVER}"))
        self.widgets[key].double_array_value.data[:] = [round(100 * target(number), 10)]
        self.sent += 1
        self.headline = ""
        try:
            await self._run()
        except TimeoutError:
            return
        self.milliseconds.append(1000 * (time.perf_counter() - due))
        if self.headline != expected:
            self.wrong.append(f"move {number}: ARR {self.headline!r} instead of {expected!r}")


def target(number: int) -> float:
    """Return where the slider stands after a move."""
    return round(LOWEST + number * STEP, 4)


def scenario_of(reader: int) -> Scenario:
    """Return what a reader looks at before the first move, different for each."""
    names = list(shipped())
    company = load_shipped(names[reader % len(names)])
    return Scenario.of(company, [Move("upsell_rate", round(0.05 + 0.0025 * reader, 4))])


def expected_arr(base: Scenario, number: int) -> str:
    """Return the headline ARR after a move."""
    view = View(project(base.with_move(Move(LEVER, target(number)))), "")
    return money(float(view.metric("arr")[-1]), base.company.currency)


async def read(reader: Reader, expected: list[str], start: float, pause: float) -> None:
    """Move once every `pause` seconds, or as soon as the last answer is there if that comes later."""
    for number, text in enumerate(expected):
        due = start + number * pause
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        await reader.move(number, text, due if pause else time.perf_counter())


async def measure(server: Server, sessions: int, seconds: int) -> int:
    """Measure one session alone, then all; print and judge."""
    loner = await Reader.open(server, scenario_of(sessions))
    answers = [expected_arr(loner.base, number) for number in range(ALONE)]
    before = server.cpu_seconds()
    await read(loner, answers, time.perf_counter(), 0.0)
    median, busy = statistics.median(loner.milliseconds), 1000 * (server.cpu_seconds() - before) / ALONE
    print(f"One session alone: an answer takes {median:.0f} ms, of which the server computes {busy:.0f} ms "
          f"({busy / median:.0%} is Python time)")  # fmt: skip

    bases = [scenario_of(number) for number in range(sessions)]
    expected = [[expected_arr(base, number) for number in range(seconds)] for base in bases]
    readers = [await Reader.open(server, base) for base in bases]
    chance = random.Random(1)  # noqa: S311 - the same moves each time
    before, start = server.cpu_seconds(), time.perf_counter() + 0.5
    await asyncio.gather(*(read(reader, texts, start + chance.random(), 1.0)
                           for reader, texts in zip(readers, expected, strict=True)))  # fmt: skip
    elapsed = time.perf_counter() - start
    return _judge([*readers], [loner], (server.cpu_seconds() - before) / elapsed)


def _judge(readers: list[Reader], alone: list[Reader], load: float) -> int:
    """Print what was measured and return 1 if a mark is missed."""
    took = sorted(value for reader in readers for value in reader.milliseconds)
    wrong = [text for reader in readers + alone for text in reader.wrong]
    sent, middle, high = sum(reader.sent for reader in readers), percentile(took, 0.5), percentile(took, 0.95)
    print(f"{len(readers)} sessions, a move a second each, {os.cpu_count()} processors")
    print(f"  {sent} moves sent, {len(took)} answers received, {len(wrong)} with a wrong ARR")
    print(
        f"  p50 {middle:.0f} ms   p95 {high:.0f} ms   longest {took[-1]:.0f} ms (mark: p95 below {MOST_MILLISECONDS:.0f})"
    )
    print(f"  the server's process was busy {load:.0%} of one processor")
    print("\n".join(f"  {text}" for text in wrong[:5]))
    return int(high >= MOST_MILLISECONDS or len(took) < sent or bool(wrong))


def main() -> int:
    """Read the options, start RevLens and measure."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--sessions", type=int, default=25)
    options.add_argument("--seconds", type=int, default=30)
    chosen = options.parse_args()
    with served("app.py") as server:
        return asyncio.run(measure(server, chosen.sessions, chosen.seconds))


if __name__ == "__main__":
    sys.exit(main())
