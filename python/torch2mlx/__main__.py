"""`python -m torch2mlx` and the `torch2mlx` script: the native command line with live PyTorch objects added."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType

_stopped_by: list[int] = []


def main() -> int:
    """Runs the command line on sys.argv; gives the exit status."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name)
        if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup wants it
            signal.signal(number, _stop)
    status = _run()
    if status and _stopped_by:
        # Who started us is to see what ended us.
        signal.signal(_stopped_by[0], signal.SIG_DFL)
        os.kill(os.getpid(), _stopped_by[0])
    return status


def _run() -> int:
    from .errors import Torch2MLXError

    try:
        from . import _native
        from .cli import Hooks

        return _native.core().run(sys.argv[1:], Hooks())
    except Torch2MLXError as error:
        print(f"torch2mlx: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        print("torch2mlx: interrupted", file=sys.stderr)
    return 1


def _stop(number: int, _frame: FrameType | None) -> None:
    # As Ctrl-C: whoever writes removes what is half written.
    _stopped_by.append(number)
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
