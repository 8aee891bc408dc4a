"""A limit on what is computed in a block, also within code that catches every Exception."""

from __future__ import annotations

import contextlib
import ctypes
import threading
import time
from collections.abc import Iterator

AGAIN = 30.0  # seconds, after which an interruption that a finalizer swallowed is made once more


class OutOfTime(BaseException):
    """The block has computed for longer than it may."""


@contextlib.contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raises OutOfTime in the block, between two steps of Python, once the process has computed for `seconds` (of CPU
    time, so that a busy machine changes nothing)."""
    thread, done = ctypes.c_ulong(threading.get_ident()), threading.Event()
    interrupt = ctypes.pythonapi.PyThreadState_SetAsyncExc
    end = time.process_time() + seconds

    def watch() -> None:
        while not done.wait(min(1.0, max(0.01, end - time.process_time()))):
            if time.process_time() >= end:
                interrupt(thread, ctypes.py_object(OutOfTime))
                if done.wait(AGAIN):
                    return

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
        interrupt(thread, None)  # what has not been raised yet
