"""Which sizes of a call torch.export is to leave open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import torch
from torch.export import Dim, ExportedProgram
from torch.utils import _pytree as pytree

from . import trees


def wider_batches(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    """A batch of one traces as the constant 1, so examples of batch one are traced as two of the same. Which axes are
    the batch's, of several inputs, only the model can tell: the likeliest first."""
    leaves, structure = pytree.tree_flatten((args, kwargs))
    shapes = [tuple(leaf.shape) if isinstance(leaf, torch.Tensor) else () for leaf in leaves]
    first = [0 if shape[:1] == (1,) else None for shape in shapes]
    if not any(axis == 0 and len(shape) > 1 for axis, shape in zip(first, shapes, strict=True)):
        return
    long = [axis if len(shape) > 1 else None for axis, shape in zip(first, shapes, strict=True)]
    # States of recurrent layers have their batch behind the layers.
    states = [1 if len(shape) == 3 and shape[1] == 1 else None for shape in shapes]
    mixed = [one if two is None else two for one, two in zip(first, states, strict=True)]
    widest = max(map(len, shapes))
    largest = [axis if len(shape) == widest else None for axis, shape in zip(first, shapes, strict=True)]
    for axes in distinct([first, long, mixed, largest]):
        pairs = zip(leaves, axes, strict=True)
        yield pytree.tree_unflatten(
            [leaf if axis is None else torch.cat([leaf, leaf], axis) for leaf, axis in pairs], structure
        )


def fits(program: ExportedProgram, leaves: Sequence[Any]) -> bool:
    """Does a program that was traced with a wider call take these arguments? Sizes of one symbol must be equal."""
    values = {node.name: node.meta.get("val") for node in program.graph.find_nodes(op="placeholder")}
    sizes: dict[Any, int] = {}
    for name, leaf in zip(program.graph_signature.user_inputs, leaves, strict=False):
        traced = values.get(str(name))
        if not isinstance(leaf, torch.Tensor) or not isinstance(traced, torch.Tensor):
            continue
        for size, own in zip(traced.shape, leaf.shape, strict=True):
            symbol = size.node.expr if isinstance(size, torch.SymInt) else size
            if sizes.setdefault(symbol, own) != own or (isinstance(size, int) and size != own):
                return False
    return True


def distinct(items: Sequence[Any]) -> list[Any]:
    return [item for place, item in enumerate(items) if item not in items[:place]]


def with_leaves(tree: Any, shapes: Any) -> list[tuple[Any, Any]]:
    """Every leaf of the arguments with its sizes."""
    leaves, spec = pytree.tree_flatten(trees.as_lists(tree))
    return list(zip(leaves, spec.flatten_up_to(shapes), strict=True))


def shapes(bound: dict[str, Any], dim: Any) -> dict[str, Any]:
    def of(leaf: Any) -> Any:
        return (
            {axis: dim(size, axis) for axis, size in enumerate(leaf.shape)} if isinstance(leaf, torch.Tensor) else None
        )

    shapes: dict[str, Any] = trees.as_lists(pytree.tree_map(of, bound))
    return shapes


def shared_shapes(model: torch.nn.Module, bound: dict[str, Any]) -> dict[str, Any]:
    counts: dict[tuple[int, int], int] = {}
    lengths: set[int] = set()  # of token ids
    for leaf in pytree.tree_leaves(bound):
        if isinstance(leaf, torch.Tensor):
            for axis, size in enumerate(leaf.shape):
                counts[axis, size] = counts.get((axis, size), 0) + 1
            if leaf.dim() == 2 and leaf.dtype in (torch.int32, torch.int64):
                lengths.add(leaf.shape[1])
    limit = position_limit(model)
    named: dict[tuple[int, int], Any] = {}

    def dim(size: int, axis: int) -> Any:
        limited = axis == 1 and limit is not None and size in lengths
        if (counts[axis, size] < 2 and not limited) or size < 2 or axis > 1:
            return Dim.AUTO
        if (axis, size) not in named:
            bounds = {"max": limit} if axis == 1 and limit and size <= limit else {}
            named[axis, size] = Dim(f"{'batch' if axis == 0 else 'length'}_{size}", **bounds)
        return named[axis, size]

    return shapes(bound, dim)


def maxima(program: ExportedProgram, bound: Mapping[str, Any], limit: int | None) -> list[str]:
    """Largest sizes but for `limit`, as conditions that may turn out to change nothing."""
    from torch.utils._sympy.numbers import int_oo
    from torch.utils._sympy.value_ranges import ValueRanges

    texts, ranges = [], program.range_constraints
    placeholders = [node for node in program.graph.find_nodes(op="placeholder") if node.name in bound]
    for node in placeholders:
        for axis, size in enumerate(getattr(node.meta.get("val"), "shape", ())):
            found = ranges.get(size.node.expr) if isinstance(size, torch.SymInt) else None
            if found is not None and found.upper not in (int_oo, limit) and found.lower < found.upper < 2**31 - 1:
                ranges[size.node.expr] = ValueRanges(found.lower, int_oo)
                texts.append(f"L['{node.name}'].size()[{axis}] <= {int(found.upper)}")
    return texts


def position_limit(model: torch.nn.Module) -> int | None:
    """Longest sequence that the model's configuration has positions for, where a table holds them. (Rotary ones are
    computed, and have no end.)"""
    limit = getattr(getattr(model, "config", None), "max_position_embeddings", None)
    if not isinstance(limit, int):
        return None
    spare = 2  # rows in front, as of OPT and BART
    tensors = [*model.parameters(), *model.buffers()]
    tabled = any(limit <= size <= limit + spare for tensor in tensors for size in tensor.shape)
    return limit if tabled else None
