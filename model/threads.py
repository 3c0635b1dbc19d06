"""Threads: work in parts, shared by the processor's cores. Compiled code and NumPy let go of the interpreter's lock."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

THREADS = os.cpu_count() or 1
"""How many threads share work; a process that is one of many sets it to 1."""

Part = TypeVar("Part")
Result = TypeVar("Result")
_here = threading.local()


def shared(work: Callable[[Part], Result], parts: Sequence[Part]) -> Generator[Result]:
    """Yield what work makes of its parts, in their order, done by several threads; whoever asks is one of them.

    One of those threads that shares work in turn does it alone: the others are busy. All who share work have the same
    helpers. Whoever stops asking for more stops the work after the parts under way.
    """
    if min(THREADS, len(parts)) < 2 or getattr(_here, "busy", False):
        yield from map(work, parts)
        return
    futures = [_helpers(THREADS - 1).submit(work, part) for part in parts]
    try:
        untried, own = deque(enumerate(parts)), dict[int, Result]()
        for place, future in enumerate(futures):
            while untried and not (place in own or future.done()):
                other, part = untried.popleft()
                if futures[other].cancel():  # nobody has begun it
                    own[other] = _alone(work, part)
            yield own.pop(place) if place in own else future.result()
    finally:
        for future in futures:
            future.cancel()


@cache
def _helpers(count: int) -> ThreadPoolExecutor:
    """Return some threads that take parts of whatever is shared; to start new ones each time takes half a millisecond."""
    return ThreadPoolExecutor(count, "shared-work", initializer=lambda: setattr(_here, "busy", True))


def _alone(work: Callable[[Part], Result], part: Part) -> Result:
    """Return what work makes of a part in this thread, which meanwhile shares nothing."""
    _here.busy = True
    try:
        return work(part)
    finally:
        _here.busy = False
