"""Recurrent layers while torch.export traces: its own rule for their shapes takes every step, which makes the number of
steps a constant."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator
from typing import Any

import torch


@contextlib.contextmanager
def whole() -> Iterator[None]:
    """While it lasts, fake tensors of any length go through recurrent layers as they are."""
    from torch._decomp import decomposition_table

    aten = torch.ops.aten
    ops = [aten.lstm.input, aten.gru.input, aten.rnn_tanh.input, aten.rnn_relu.input]
    kept = [(op, dict(op.py_kernels), decomposition_table[op]) for op in ops]
    try:
        for op, kernels, steps in kept:
            rule = functools.partial(_shapes, steps)
            op.py_kernels.update(dict.fromkeys(kernels, rule))
            op._dispatch_cache.clear()
            decomposition_table[op] = rule
        yield
    finally:
        for op, kernels, steps in kept:
            op.py_kernels.update(kernels)
            op._dispatch_cache.clear()
            decomposition_table[op] = steps


def _shapes(steps: Callable[..., Any], x: torch.Tensor, states: Any, *rest: Any) -> tuple[torch.Tensor, ...]:
    """The output, as wide as the hidden states of all directions, and the last states; `steps` computes real ones."""
    from torch._subclasses.fake_tensor import is_fake

    if not is_fake(x):
        result: tuple[torch.Tensor, ...] = steps(x, states, *rest)
        return result
    *_, bidirectional, _batch_first = rest
    several = [states] if isinstance(states, torch.Tensor) else states
    width = several[0].shape[-1] * (2 if bidirectional else 1)
    return x.new_empty((*x.shape[:-1], width)), *(torch.empty_like(state) for state in several)
