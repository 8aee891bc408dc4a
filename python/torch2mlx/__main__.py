"""`python -m torch2mlx` and the `torch2mlx` script: the native command line with live PyTorch objects added."""

from __future__ import annotations

import signal
import sys
from types import FrameType


def main() -> int:
    """Runs the command line on sys.argv; gives the exit status."""
    from .errors import Torch2MLXError

    try:
        for name in ("SIGTERM", "SIGHUP"):
            signal.signal(getattr(signal, name), _stop)
        from . import _native
        from .cli import Hooks

        return _native.core().run(sys.argv[1:], Hooks())
    except Torch2MLXError as error:
        print(f"torch2mlx: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        print("torch2mlx: interrupted", file=sys.stderr)
    return 1


def _stop(_signal: int, _frame: FrameType | None) -> None:
    # As Ctrl-C: whoever writes removes what is half written.
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
