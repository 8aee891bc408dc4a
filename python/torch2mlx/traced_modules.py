"""What modules do to themselves while they are traced: `layer.to(dtype)` in forward()."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import torch

from .errors import InputError, UnsupportedError


@contextlib.contextmanager
def converting() -> Iterator[None]:
    """While it lasts, casts of a module's parameters are computed like those of any tensor, since torch swaps the
    parameters themselves, which nothing may do to those that are traced; they are as they were afterwards."""
    original = torch.nn.Module._apply
    held: list[tuple[dict[str, Any], str, Any, Any]] = []

    def apply(module: torch.nn.Module, change: Callable[[Any], Any], recurse: bool = True) -> torch.nn.Module:
        if not any(_is_traced(tensor) for tensor in (*module.parameters(), *module.buffers())):
            return original(module, change, recurse)
        for child in module.children() if recurse else ():
            apply(child, change)
        for tensors in (module._parameters, module._buffers):
            for name, tensor in list(tensors.items()):
                changed = tensor if tensor is None else change(tensor)
                if changed is not tensor:
                    held.append((tensors, name, tensor, changed))
                    tensors[name] = changed
        return module

    torch.nn.Module._apply = apply
    try:
        yield
    finally:
        torch.nn.Module._apply = original
        for tensors, name, tensor, changed in reversed(held):
            if tensors.get(name) is changed:  # torch.export may have put back what was there before it
                tensors[name] = tensor


def _is_traced(tensor: torch.Tensor) -> bool:
    from torch._subclasses.fake_tensor import is_fake

    return bool(is_fake(tensor))


def require_python(model: torch.nn.Module) -> None:
    """Raises UnsupportedError for modules of TorchScript, which hold no code of Python to trace, InputError for fake
    tensors and for parameters of lazy layers that have no size yet."""
    from ._tensors import CALL_ONCE, without_elements

    scripted = [
        path or "(root)" for path, module in model.named_modules() if isinstance(module, torch.jit.ScriptModule)
    ]
    if scripted:
        raise UnsupportedError(
            "holds modules of TorchScript, which have no Python code to trace",
            place=type(model).__qualname__,
            hint="give the nn.Module that was scripted or traced; torch2mlx.convert takes its weights as they are",
            details=scripted,
        )
    named = [*model.named_parameters(), *model.named_buffers()]
    if lazy := [name for name, tensor in named if torch.nn.parameter.is_lazy(tensor)]:
        raise InputError("has parameters without sizes", place=type(model).__qualname__, hint=CALL_ONCE, details=lazy)
    if empty := [name for name, tensor in named if tensor.device.type != "meta" and without_elements(tensor)]:
        raise InputError(
            "its tensors are fake and have no elements",
            place=type(model).__qualname__,
            hint="build the model outside of FakeTensorMode, and load its weights",
            details=empty,
        )
