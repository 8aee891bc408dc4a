"""Arrays of positions: what a model asks of them is asked of sizes, as the largest of `arange(L)` is L - 1."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import sympy
import torch
from torch.fx import Node

aten = torch.ops.aten

_SAME = {  # operators that rearrange: the largest and the smallest element stay
    aten.unsqueeze.default,
    aten.view.default,
    aten.reshape.default,
    aten.expand.default,
    aten.permute.default,
    aten.transpose.int,
    aten.t.default,
    aten.clone.default,
    aten.contiguous.default,
    aten.to.dtype,
    aten._to_copy.default,
    aten.to.dtype_layout,
    aten.to.device,
    aten.alias.default,
    aten.detach.default,
    aten.repeat.default,
    aten.squeeze.default,
    aten.squeeze.dim,
}
_ARITHMETIC: dict[Any, Callable[[Any, Any], Any]] = {
    aten.add.Tensor: operator.add,
    aten.add.Scalar: operator.add,
    aten.sub.Tensor: operator.sub,
    aten.sub.Scalar: operator.sub,
}
_COMPARISONS: dict[Any, Callable[[Any, Any], Any]] = {
    overload: compare
    for name, compare in (("gt", sympy.Gt), ("ge", sympy.Ge), ("lt", sympy.Lt), ("le", sympy.Le), ("eq", sympy.Eq))
    for overload in (getattr(aten, name).Scalar, getattr(aten, name).Tensor)
}


def expression(value: Any) -> Any:
    """Of a size, as sympy's."""
    return value.node.expr if isinstance(value, torch.SymInt) else sympy.sympify(value)


def _value(argument: Any) -> Any:
    """Of a node of a size or a number."""
    return expression(argument.meta["val"] if isinstance(argument, Node) else argument)


def _bounds(node: Any) -> tuple[Any, Any] | None:
    """(smallest, largest) element of an integer tensor, where sizes alone tell both."""
    if not isinstance(node, Node) or not isinstance(node.meta.get("val"), torch.Tensor):
        if isinstance(node, int) or (isinstance(node, Node) and isinstance(node.meta.get("val"), torch.SymInt)):
            return _value(node), _value(node)
        return None
    if node.meta["val"].is_floating_point():
        return None
    if node.target is aten.arange.default:
        return sympy.Integer(0), _value(node.args[0]) - 1
    if node.target is aten.arange.start:
        return _value(node.args[0]), _value(node.args[1]) - 1
    if node.target in _SAME:
        return _bounds(node.args[0])
    if node.target in _ARITHMETIC and len(node.args) == 2:
        a, b = _bounds(node.args[0]), _bounds(node.args[1])
        if a is None or b is None or (a[0] != a[1] and b[0] != b[1]):
            return None  # two arrays that vary need not be largest together
        compute = _ARITHMETIC[node.target]
        ends = compute(a[0], b[0]), compute(a[1], b[1])
        return (ends[1], ends[0]) if compute is operator.sub and a[0] == a[1] and b[0] != b[1] else ends
    if node.target in (aten.max.default, aten.amax.default) and len(node.args) == 1:
        inner = _bounds(node.args[0])
        return inner and (inner[1], inner[1])
    if node.target in (aten.min.default, aten.amin.default) and len(node.args) == 1:
        inner = _bounds(node.args[0])
        return inner and (inner[0], inner[0])
    return None


def exact(node: Any) -> Any:
    """The only element of a tensor, where sizes alone tell it: an expression, or a condition for a boolean."""
    if not is_tensor(node):
        return None
    if node.target in _COMPARISONS:
        sides = [side[0] for side in map(_bounds, node.args) if side is not None and side[0] == side[1]]
        return _COMPARISONS[node.target](*sides) if len(sides) == len(node.args) else None
    if node.target is aten.logical_not.default:
        inner = exact(node.args[0])
        return None if inner is None else sympy.Not(inner)
    found = _bounds(node)
    return found[0] if found and found[0] == found[1] else None


def is_tensor(value: Any) -> bool:
    """Is it a node of a tensor?"""
    return isinstance(value, Node) and isinstance(value.meta.get("val"), torch.Tensor)
