"""Layers and operators of one's own, added to the tables that everything else reads."""

from __future__ import annotations

import functools
import inspect
import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from . import _native
from .errors import InputError, Torch2MLXError, UnsupportedError, needs_packages


@needs_packages
def register_layer(
    torch: str | type,
    mlx: str = "",
    permute: Mapping[str, Sequence[int]] | None = None,
    *,
    override: bool = False,
) -> None:
    """Tells how a module class keeps its parameters, for conversion, analysis and generated code alike.

    Args:
        torch: the class, or its full name ("my.pkg.Conv").
        mlx: the class of mlx.nn that computes it, of those in the table of layers ("nn.Conv2d"): parameters are laid
            out as that one's are, and where the class computes it on exactly its parameters, the generated code uses
            it. Empty: parameters stay bare.
        permute: {parameter: torch axes in MLX's order}, where the layout is another: {"weight": (0, 2, 3, 1)} is OIHW
            to OHWI.
        override: replaces a row of the table.

    Raises InputError for what is no such class or permutation, and for a class that has a row.
    """
    name = f"{torch.__module__}.{torch.__qualname__}" if isinstance(torch, type) else torch
    if not isinstance(name, str) or not isinstance(mlx, str):
        raise InputError("the classes are given by name", place=f"register_layer({torch!r})", hint='"my.pkg.Conv"')
    if not isinstance(permute or {}, Mapping):
        raise InputError(f"{permute!r} is no mapping", place="permute", hint='{"weight": (0, 2, 3, 1)}')
    layouts: dict[str, list[int]] = {}
    for parameter, axes in (permute or {}).items():
        sequence = isinstance(axes, Sequence) and all(isinstance(axis, int) for axis in axes)
        if not isinstance(parameter, str) or not sequence:
            raise InputError(f"{parameter!r}: {axes!r} is no name and axes", place="permute")
        layouts[parameter] = list(axes)
    _native.register_layer(name, mlx, layouts, override)


@needs_packages
def register_lowering(op: str, fn: Callable[..., Any], *, override: bool = False) -> None:
    """Tells what an operator is in MLX's words, as a row of the table of lowerings does (docs/adding-an-op.md).

    Args:
        op: "mylib::scale.default", an operator that torch knows; without an overload the default one.
        fn: called with the builder and the operator's arguments in the schema's order, defaults filled in (Layout,
            Device, MemoryFormat and Generator left out). `mx("multiply", x, 2)` appends an op of the table of MLX ops
            and gives its result. Arrays have `shape` and `dtype`; sizes are integers, or values where they vary, and
            compute with + - * //. `mx.refuse("MLX has no ...")` is for what has no exact form. It returns the
            results, as the schema has them; their shapes and dtypes are compared with PyTorch's.
        override: replaces a lowering.

    Raises InputError for an operator that torch does not know, that has a lowering, or that writes to its arguments,
    and for a function that cannot take its arguments.
    """
    schema = _schema(op)
    if not callable(fn):
        raise InputError(f"{fn!r} is no callable", place=f"register_lowering({op!r})")
    meaningless = ("Layout", "Device", "MemoryFormat", "Generator")
    taken = [
        argument.name
        for argument in schema.arguments
        if argument.name != "pin_memory" and not any(name in str(argument.type) for name in meaningless)
    ]
    try:
        inspect.signature(fn).bind(None, *taken)
    except TypeError as error:
        wanted = ", ".join(["mx", *taken])
        raise InputError(f"{_name(fn)} cannot be called with ({wanted}): {error}", place=op) from error

    @functools.wraps(fn)
    def lower(*args: Any) -> Any:
        try:
            return fn(*args)
        except Torch2MLXError:
            raise
        except Exception as error:  # the user's own code
            line = traceback.extract_tb(error.__traceback__)[-1]
            raise UnsupportedError(
                f"its lowering {_name(fn)} raised {type(error).__name__}: {error} ({line.filename}:{line.lineno})"
            ) from error

    _native.graph().register_lowering(str(schema), lower, override)


def _name(fn: Callable[..., Any]) -> str:
    return getattr(fn, "__qualname__", repr(fn))


def _schema(op: str) -> Any:
    import torch

    if not isinstance(op, str) or op.count("::") != 1:
        raise InputError("is no name of an operator", place=f"register_lowering({op!r})", hint='"mylib::scale.default"')
    name, _, overload = op.partition(".")
    try:
        return torch._C._get_schema(name, "" if overload == "default" else overload)
    except RuntimeError as error:
        raise InputError(
            "torch knows no such operator", place=op, hint="define it first, as with torch.library.custom_op"
        ) from error
