"""PyTorch's own decompositions, for the operators that the library's table lacks."""

from __future__ import annotations

import contextlib
import functools
import json
from collections.abc import Callable
from typing import Any

import torch

from . import _native
from .errors import UnsupportedError


def _known() -> frozenset[str]:
    return frozenset(json.loads(_native.graph().ops())["aten"])


@functools.cache
def _torchs() -> dict[Any, Callable[..., Any]]:
    """Every decomposition there is: of composite operators, those that are registered, and for prims, in which some of
    these are written, the ATen calls they stand for."""
    from torch import _decomp

    prims = [getattr(torch.ops.prims, name).default for name in torch.ops.prims]
    in_aten = {prim: prim.impl_aten for prim in prims if hasattr(prim, "impl_aten")}
    # What is a prim by another name has no decomposition but into that prim, and so back into itself.
    elementary = {name for prim, call in in_aten.items() for name in (_name(prim), call.__name__)}
    every = {**_decomp.decomposition_table, **torch.export.default_decompositions().materialize()}
    implicit = torch._C.DispatchKey.CompositeImplicitAutograd
    real = {
        op: call
        for op, call in every.items()
        if _name(op) not in elementary or op.has_kernel_for_dispatch_key(implicit)
    }
    return {**real, **in_aten}


def _name(op: Any) -> str:
    """Without namespace and overload."""
    return str(op.name()).partition("::")[2].partition(".")[0]


def decomposed(program: torch.export.ExportedProgram) -> torch.export.ExportedProgram:
    """The program made functional, operators without a lowering decomposed. Raises UnsupportedError."""
    with contextlib.suppress(Exception):  # a decomposition that writes to its arguments, or branches on values
        return program.run_decompositions(fallback())
    try:
        return program.run_decompositions({})
    except Exception as error:  # resize_as_, for one
        reason = str(error).partition("\n")[0][:300]
        raise UnsupportedError(f"PyTorch cannot make the program functional: {reason}") from error


def fallback() -> dict[Any, Callable[..., Any]]:
    """{overload: decomposition} as run_decompositions takes it; nothing that has a lowering is in it."""
    known = _known()
    return {op: decompose for op, decompose in _torchs().items() if str(op) not in known}
