"""Members whose names are no Python, while torch.export traces: torch.fx writes `self.lambda`, or breaks a string."""

from __future__ import annotations

import contextlib
import keyword
from collections.abc import Iterator


@contextlib.contextmanager
def written_out() -> Iterator[None]:
    """While it lasts, code of torch.fx reaches such members by getattr."""
    from torch.fx import graph

    original = graph._format_target

    def format_target(base: str, target: str) -> str:
        for part in target.split("."):
            plain = part.isidentifier() and not keyword.iskeyword(part)
            base = f"{base}.{part}" if plain else f"getattr({base}, {part!r})"
        return base

    graph._format_target = format_target
    try:
        yield
    finally:
        graph._format_target = original
