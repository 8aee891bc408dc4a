"""PyTorch models to MLX: weights, readable mlx.nn code, and proof that both agree.

Importing this imports neither torch nor MLX; each function imports what its input needs.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from .errors import InputError, InternalError, Torch2MLXError, UnsupportedError, VerificationError

if TYPE_CHECKING:
    from .analysis import Analysis, analyze
    from .generation import GeneratedCode, generate
    from .optimizers import convert_optimizer, load_optimizer
    from .registration import register_layer, register_lowering
    from .verification import Verification, verify
    from .weights import convert, export, load_converted, restore

_HOMES = {
    "Analysis": "analysis",
    "analyze": "analysis",
    "GeneratedCode": "generation",
    "generate": "generation",
    "convert_optimizer": "optimizers",
    "load_optimizer": "optimizers",
    "register_layer": "registration",
    "register_lowering": "registration",
    "Verification": "verification",
    "verify": "verification",
    "convert": "weights",
    "export": "weights",
    "load_converted": "weights",
    "restore": "weights",
}

__all__ = [
    "Analysis",
    "GeneratedCode",
    "InputError",
    "InternalError",
    "Torch2MLXError",
    "UnsupportedError",
    "Verification",
    "VerificationError",
    "analyze",
    "convert",
    "convert_optimizer",
    "export",
    "generate",
    "load_converted",
    "load_optimizer",
    "register_layer",
    "register_lowering",
    "restore",
    "verify",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from . import _native

        return _native.core().version
    if name in _HOMES:
        return getattr(importlib.import_module(f".{_HOMES[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
