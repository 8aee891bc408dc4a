"""The native program under test: TORCH2MLX_CLI, else the build folder's."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

PROGRAM = Path(os.environ.get("TORCH2MLX_CLI", Path(__file__).parents[2] / "build/cli/torch2mlx"))


def run(*arguments: object, check: int | None = 0, start: bool = False, **options: Any) -> Any:
    """Runs the program and checks its exit status; with `start` gives the running process."""
    command = [str(PROGRAM), *map(str, arguments)]
    if start:
        return subprocess.Popen(command, **options)
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, **options)
    if check is not None:
        assert done.returncode == check, done.stderr
    return done
