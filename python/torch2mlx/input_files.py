"""Example inputs from a file of tensors: --inputs x.safetensors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from . import _native
from .errors import InputError


def load(path: Path) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """(args, kwargs) of a call: tensors named 0, 1 ... are positional, the others are arguments of these names.

    The file is read inertly. Raises InputError if it is no file of tensors, or numbers are missing.
    """
    source = _native.core().open(path)
    tensors = {name: _tensor(source, name, dtype, shape) for name, dtype, shape in source.tensors}
    count = sum(name.isdigit() for name in tensors)
    missing = [str(index) for index in range(count) if str(index) not in tensors]
    if missing or not tensors:
        raise InputError(
            f"holds no tensor named {missing[0] if missing else '0'}",
            place=f"--inputs {path}",
            hint="tensors are named as the arguments of forward(), or 0, 1 ... by position",
        )
    named = {name: tensor for name, tensor in tensors.items() if not name.isdigit()}
    return tuple(tensors[str(index)] for index in range(count)), named


def _tensor(source: Any, name: str, dtype: str, shape: tuple[int, ...]) -> torch.Tensor:
    data = bytearray(source.bytes(name))
    kind = getattr(torch, dtype)
    return torch.frombuffer(data, dtype=kind).reshape(shape) if data else torch.empty(shape, dtype=kind)
