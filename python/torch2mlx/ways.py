"""Which operators a model calls for inputs of some sizes, without computing anything."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

from .capture import evaluating

# They change where a tensor's elements lie, and nothing else.
_PLACES = frozenset({"aten::clone", "aten::contiguous", "aten::view", "aten::_unsafe_view", "aten::reshape"})


class _Recorder(TorchDispatchMode):
    def __init__(self) -> None:
        super().__init__()
        self.calls: list[Any] = []

    def __torch_dispatch__(self, op: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if op.name().partition(".")[0] not in _PLACES:
            given = {**dict(zip((a.name for a in op._schema.arguments), args, strict=False)), **kwargs}
            numbers = [
                (a.name, repr(given[a.name]))
                for a in op._schema.arguments
                if a.name in given and a.name not in _sizes(op) and not _holds_tensors(given[a.name])
            ]
            self.calls.append((op.name(), numbers))
        return op(*args, **kwargs)


@functools.cache
def _sizes(op: Any) -> frozenset[str]:
    """Names of arguments that are sizes, which the schema's text alone tells from other integers."""
    return frozenset(re.findall(r"SymInt(?:\[\d*\])?\?? (\w+)", str(op._schema)))


def _holds_tensors(value: Any) -> bool:
    return any(isinstance(leaf, torch.Tensor) for leaf in torch.utils._pytree.tree_leaves(value))


def way(model: torch.nn.Module, call: Callable[[], Any]) -> list[Any] | None:
    """Names of operators with the numbers that are no sizes; None where values decide. `call` makes (args, kwargs)."""
    from torch._subclasses.fake_tensor import FakeTensorMode

    recorder = _Recorder()
    try:
        with evaluating(model), FakeTensorMode(allow_non_fake_inputs=True):
            args, kwargs = call()
            with recorder:
                model(*args, **kwargs)
    except Exception:  # whatever a model raises for tensors without values
        return None
    return recorder.calls
