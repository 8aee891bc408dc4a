"""The command line under test, through either door: the native program (TORCH2MLX_CLI, else the build folder's), or
`python -m torch2mlx`."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PROGRAM = Path(os.environ.get("TORCH2MLX_CLI", ROOT / "build/cli/torch2mlx"))
NATIVE = (str(PROGRAM),)
PYTHON = (sys.executable, "-m", "torch2mlx")


def run(
    *arguments: object, check: int | None = 0, start: bool = False, program: Sequence[str] = NATIVE, **options: Any
) -> Any:
    """Runs the program and checks its exit status; with `start` gives the running process."""
    command = [*program, *map(str, arguments)]
    options.setdefault("env", {**os.environ, "PYTHONPATH": str(ROOT / "python")})
    if start:
        return subprocess.Popen(command, **options)
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, **options)
    if check is not None:
        assert done.returncode == check, done.stderr
    return done
