"""Threads: work in parts, shared by the processor's cores. Compiled code and NumPy let go of the interpreter's lock."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

THREADS = os.cpu_count() or 1
"""How many threads share work; a process that is one of many sets it to 1."""

Part = TypeVar("Part")
Result = TypeVar("Result")
_here = threading.local()


def shared(work: Callable[[Part], Result], parts: Sequence[Part]) -> Generator[Result]:
    """Yield what work makes of its parts, in their order, done by several threads.

    One of those threads that shares work in turn does it alone: the others are busy. Whoever stops asking for more
    stops the work after the parts under way.
    """
    if min(THREADS, len(parts)) < 2 or getattr(_here, "busy", False):
        yield from map(work, parts)
        return
    pool = ThreadPoolExecutor(THREADS, initializer=lambda: setattr(_here, "busy", True))
    try:
        yield from pool.map(work, parts)
    finally:
        pool.shutdown(cancel_futures=True)
