"""Work in processes of their own, which may crash, hang or fill the memory without taking the rest with them."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PATHS = [str(Path(__file__).parent), str(ROOT / "python")]
# Processes part from one that has loaded what all of them need, and has computed nothing.
SERVER = multiprocessing.get_context("forkserver")
MEMORY = 8 << 30  # bytes that a process may ask for
SLOW = "slow"


def in_a_process(job: Callable[[str], dict[str, Any]], name: str, cpu: int, wall: int) -> dict[str, Any]:
    """What `job(name)` gives; {"outcome": "error", "why"} of what it raises and of how its process ended, {"outcome":
    "slow"} past `cpu` seconds of computing or `wall` seconds. `job` is a function of a module's own."""
    with tempfile.NamedTemporaryFile("r", errors="replace") as log:
        receiver, sender = SERVER.Pipe(duplex=False)
        process = SERVER.Process(target=_work, args=(job, name, cpu, log.name, sender))
        process.start()
        sender.close()
        try:
            if receiver.poll(wall):
                result: dict[str, Any] = receiver.recv()
                return result
            return {"outcome": SLOW, "why": f"not done in {wall} s"}
        except EOFError:
            process.join()
            if process.exitcode == -signal.SIGXCPU:
                return {"outcome": SLOW, "why": f"more than {cpu} s of CPU time"}
            tail = log.read().strip().splitlines()
            return {"outcome": "error", "why": f"exit {process.exitcode}: {tail[-1] if tail else ''}"}
        finally:
            process.join(10)
            process.kill()
            process.join()


def _work(job: Callable[[str], dict[str, Any]], name: str, cpu: int, log: str, out: Connection) -> None:
    """Sends what the job gives. What is printed goes to `log`."""
    sys.path[:0] = [path for path in PATHS if path not in sys.path]
    with open(log, "w") as file:
        os.dup2(file.fileno(), 1), os.dup2(file.fileno(), 2)
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 10))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    try:
        result = job(name)
    except Exception as error:
        text = traceback.format_exc().strip().splitlines()
        why = f"{type(error).__name__}: {first_line(error)}"
        result = {"outcome": "error", "why": why, "traceback": text[-8:]}
    used = resource.getrusage(resource.RUSAGE_SELF)
    out.send({**result, "seconds": round(used.ru_utime + used.ru_stime, 1)})


def first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:200] if lines else ""
