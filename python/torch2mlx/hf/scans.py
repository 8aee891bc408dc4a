"""Models whose steps over time are a loop, by doubling: after k rounds each position knows the last 2**k steps. So the
graph is the same at any length; the originals' loops are written out, for one length alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch.utils import _pytree as pytree

ROUNDS = 16  # sequences of up to 65,536 steps


def while_tracing(made: Callable[..., Any]) -> Callable[[Any], Any]:
    """Takes the place of an original in what is traced; what PyTorch computes to compare with stays the original's."""

    def replaced(original: Any) -> Any:
        return lambda *args, **kwargs: (made if torch.compiler.is_compiling() else original)(*args, **kwargs)

    return replaced


def by_doubling(
    combine: Callable[[Any, Any], Any], xs: Any, dim: int, reverse: bool = False, combine_mode: str = ""
) -> Any:
    """`torch.associative_scan`: at each position along `dim`, all up to it combined from left to right."""
    parts, tree = pytree.tree_flatten(xs)
    axis = dim % parts[0].dim()
    if reverse:
        parts = [part.flip(axis) for part in parts]
    length = parts[0].shape[axis]
    torch._check(length <= 2**ROUNDS)
    positions = torch.arange(length, device=parts[0].device)
    for k in range((length - 1).bit_length() if isinstance(length, int) else ROUNDS):
        earlier = (positions - 2**k).clamp(min=0)
        before = tree.unflatten([part.index_select(axis, earlier) for part in parts])
        combined = pytree.tree_leaves(combine(before, tree.unflatten(parts)))
        inside = positions >= 2**k
        parts = [
            torch.where(inside.reshape([-1] + [1] * (old.dim() - axis - 1)), new, old)
            for new, old in zip(combined, parts, strict=True)
        ]
    return tree.unflatten([part.flip(axis) for part in parts] if reverse else parts)


def selective_scan(original: Any) -> Any:
    """Mamba's, by the branch that it has for torch.compile."""
    from .replacements import with_names

    function = with_names(
        getattr(original, "__wrapped__", original),
        is_torchdynamo_compiling=lambda: True,
        is_torchdynamo_exporting=lambda: False,
    )

    def scan(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **{**kwargs, "use_associative_scan": True, "use_mambapy": False})

    return while_tracing(scan)(original)


def rwkv_attention(
    time_decay: torch.Tensor,
    time_first: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    state: Any = None,
    return_state: bool = False,
) -> tuple[torch.Tensor, Any]:
    """Means of values weighted by exp(key + distance * decay); sums are kept relative to their largest exponent."""
    first = torch.zeros_like(key[:, :1], dtype=torch.float32)
    start = (first, first, first - 1e38) if state is None else [part[:, None] for part in state]
    decay, keys = -torch.exp(time_decay), key.float()
    steps = torch.ones_like(keys[:1, :, :1])

    def combine(left: list[torch.Tensor], right: list[torch.Tensor]) -> list[torch.Tensor]:
        count, numerator, denominator, exponent = left
        decayed = exponent + right[0] * decay
        largest = torch.maximum(decayed, right[3])
        old, new = torch.exp(decayed - largest), torch.exp(right[3] - largest)
        sums = old * numerator + new * right[1], old * denominator + new * right[2]
        return [count + right[0], *sums, largest]

    each = (value.float(), torch.ones_like(keys), keys)
    joined = (torch.cat(pair, dim=1) for pair in zip(start, each, strict=True))
    _, *states = by_doubling(combine, [torch.cat([steps[:, :1], steps], dim=1), *joined], dim=1)
    numerator, denominator, exponent = (part[:, :-1] for part in states)
    largest = torch.maximum(exponent, keys + time_first)
    old, new = torch.exp(exponent - largest), torch.exp(keys + time_first - largest)
    output = (old * numerator + new * value) / (old * denominator + new)
    last = [part[:, -1] for part in states] if return_state or state is not None else state
    return output.to(key.dtype), last
