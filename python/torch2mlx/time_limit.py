"""A limit on what torch.export computes in a block. It is looked at where sizes are computed and where operators are
traced, so that nothing is raised elsewhere; a block that comes by none of these is interrupted wherever it is."""

from __future__ import annotations

import contextlib
import ctypes
import functools
import importlib
import itertools
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

AGAIN = 1.0  # seconds, after which what somebody's code swallowed is raised once more
LATE = 3.0  # seconds after the end, from which on a block is interrupted wherever it is


class OutOfTime(BaseException):
    """The block has computed for longer than it may. Code that catches every Exception lets it through."""


@contextlib.contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raises OutOfTime in the block once the process has computed for `seconds` (of CPU time, so that a busy machine
    changes nothing)."""
    thread, end = threading.get_ident(), time.process_time() + seconds

    calls = itertools.count()

    def look() -> None:
        nonlocal end
        if next(calls) % 32:  # asking for the time takes longer than most of what is watched
            return
        now = time.process_time()
        if now > end and threading.get_ident() == thread:
            end = now + AGAIN
            raise OutOfTime

    def watch() -> None:
        while not done.wait(0.2):
            if time.process_time() > end + LATE:
                interrupt(ctypes.c_ulong(thread), ctypes.py_object(OutOfTime))
                if done.wait(AGAIN):
                    return

    done = threading.Event()
    interrupt = ctypes.pythonapi.PyThreadState_SetAsyncExc
    watcher = threading.Thread(target=watch, daemon=True)
    watched = [(owner, name, vars(owner)[name]) for owner, name in _busy()]
    for owner, name, original in watched:
        setattr(owner, name, _looking(original, look))
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
        interrupt(ctypes.c_ulong(thread), None)  # what has not been raised yet
        for owner, name, original in watched:
            setattr(owner, name, original)


def _busy() -> list[tuple[Any, str]]:
    """(owner, method): whatever takes long, calls one of these again and again."""
    import sympy
    from torch._subclasses.fake_tensor import FakeTensorMode
    from torch.fx.experimental.symbolic_shapes import ShapeEnv
    from torch.utils._sympy.value_ranges import ValueRanges

    return [
        (importlib.import_module("sympy.core.assumptions"), "_ask"),  # sympy has a function of this name too
        (sympy.Basic, "_xreplace"),
        (sympy.Add, "flatten"),
        (sympy.Mul, "flatten"),
        (sympy.core.function.Application, "__new__"),
        (ValueRanges, "__init__"),
        (ShapeEnv, "evaluate_expr"),
        (FakeTensorMode, "dispatch"),
    ]


def _looking(original: Any, look: Callable[[], None]) -> Any:
    kind = type(original) if isinstance(original, classmethod | staticmethod) else None
    function = original.__func__ if kind else original

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        look()
        return function(*args, **kwargs)

    return kind(call) if kind else call
