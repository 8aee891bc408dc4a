"""Inputs like those of the example with other values: what was baked in shows there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch.utils import _pytree as pytree

Call = tuple[tuple[Any, ...], dict[str, Any]]
SCALE = -0.75  # of floating elements: another sign, a size that no threshold of the example's has


def calls(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Iterator[Call]:
    """Calls of the same shapes and types, those that change most first: all values, then floating ones alone.

    Integers stay among those of the example, or below them, so that they still name rows of embeddings.
    """
    for changed in (_is_tensor, _is_floating):
        yield _mapped((args, kwargs), changed)


def _mapped(call: Call, changed: Callable[[Any], bool]) -> Call:
    result: Call = pytree.tree_map(lambda leaf: other(leaf) if changed(leaf) else leaf, call)
    return result


def _is_tensor(leaf: Any) -> bool:
    return isinstance(leaf, torch.Tensor)


def _is_floating(leaf: Any) -> bool:
    return isinstance(leaf, torch.Tensor) and (leaf.is_floating_point() or leaf.is_complex())


def other(tensor: torch.Tensor) -> torch.Tensor:
    """Other values of the same shape and dtype."""
    if tensor.numel() == 0:
        return tensor
    if _is_floating(tensor):
        return tensor.roll(1, -1).mul(SCALE) if tensor.dim() else tensor * SCALE
    if tensor.dim() == 0:
        return ~tensor if tensor.dtype == torch.bool else torch.where(tensor > 0, tensor - 1, tensor + 1)
    flipped = tensor.flip(-1)
    if not torch.equal(flipped, tensor):
        return flipped
    changed = tensor.clone()
    if tensor.shape[-1] > 1:
        changed[..., -1] = 0  # of masks: the last position is padding
    return changed
