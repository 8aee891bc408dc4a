"""The two extensions, loaded when they are needed: `core` without MLX, `graph` for exactly one version of it."""

from __future__ import annotations

import functools
from importlib import metadata
from types import ModuleType
from typing import Any

from .errors import Torch2MLXError, UnsupportedError

_layers: list[tuple[Any, ...]] = []  # registered, for `graph` where it is not loaded yet


@functools.cache
def core() -> ModuleType:
    """Reading, weights, command line."""
    try:
        from . import _core
    except ImportError as error:
        raise Torch2MLXError(
            "the extension torch2mlx._core cannot be loaded", hint=f"build it with `make build` ({error})"
        ) from error
    return _core


@functools.cache
def graph() -> ModuleType:
    """Graphs, generated source, execution."""
    wanted = core().mlx_version
    try:
        found = metadata.version("mlx")
    except metadata.PackageNotFoundError as error:
        raise UnsupportedError("generating and running code needs MLX", hint=f"pip install mlx=={wanted}") from error
    if found != wanted:
        raise Torch2MLXError(
            f"this torch2mlx is built for mlx {wanted}, installed is mlx {found}", hint=f"pip install mlx=={wanted}"
        )
    try:
        import mlx.core  # noqa: F401  (its libmlx is the one that _graph must share)

        from . import _graph
    except ImportError as error:  # half installed
        raise UnsupportedError(f"MLX cannot be loaded: {error}", hint=f"pip install mlx=={wanted}") from error

    for row in _layers:
        _graph.register_layer(*row)
    return _graph


def register_layer(*row: Any) -> None:
    """Adds a row to the table of layers, of which each extension has its own."""
    core().register_layer(*row)
    _layers.append(row)
    if graph.cache_info().currsize:
        graph().register_layer(*row)
