"""Named tuples and dataclasses among arguments and results, for torch's trees and their text."""

from __future__ import annotations

import contextlib
import dataclasses
import json
from collections.abc import Iterator
from typing import Any

import torch
from torch.utils import _pytree as pytree


def register(tree: Any) -> bool:
    """Makes torch see the fields of the dataclasses in a tree. Gives whether there were any that it did not know."""
    found = False
    for leaf in pytree.tree_leaves(tree):
        kind = type(leaf)
        if dataclasses.is_dataclass(kind) and kind not in pytree.SUPPORTED_NODES:
            torch.export.register_dataclass(kind, serialized_type_name=_name(kind))
            register(leaf)
            found = True
    return found


def _name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def text(spec: pytree.TreeSpec) -> str:
    """As torch's own, but with the names of the fields."""
    version, _ = json.loads(pytree.treespec_dumps(pytree.tree_structure(0)))
    return json.dumps([version, _node(spec)])


@contextlib.contextmanager
def told(serializer: Any) -> Iterator[None]:
    """While it lasts, torch's class `serializer` writes trees with the names of their fields."""
    original = serializer.serialize_treespec

    def serialize(self: Any, spec: pytree.TreeSpec) -> str:
        return text(spec) if has_fields(spec) else str(original(self, spec))

    serializer.serialize_treespec = serialize
    try:
        yield
    finally:
        serializer.serialize_treespec = original


def has_fields(spec: pytree.TreeSpec) -> bool:
    """Are there named tuples or dataclasses in it?"""
    return _fields(spec) is not None or any(map(has_fields, spec.children()))


def _fields(spec: pytree.TreeSpec) -> list[str] | None:
    """Of this node, those that are not None."""
    kind, context = spec.type, spec.context
    if isinstance(context, type) and pytree.is_namedtuple_class(context):
        return list(context._fields)  # type: ignore[attr-defined]
    # As pytree.register_dataclass has it: those that are given, and those that are None.
    given = context[0] if isinstance(context, list) and len(context) == 2 else None
    if isinstance(kind, type) and dataclasses.is_dataclass(kind) and isinstance(given, list):
        return list(given)
    return None


def _node(spec: pytree.TreeSpec) -> dict[str, Any]:
    children = [_node(child) for child in spec.children()]
    fields = _fields(spec)
    if fields is None:
        node: dict[str, Any] = json.loads(pytree.treespec_dumps(_alone(spec)))[1]
        return {**node, "children_spec": children}
    kind = spec.context if isinstance(spec.context, type) else spec.type
    return {"type": _name(kind), "context": json.dumps(fields), "children_spec": children}


def _alone(spec: pytree.TreeSpec) -> pytree.TreeSpec:
    """The same node with leaves below it."""
    leaf = pytree.tree_structure(0)
    return pytree.TreeSpec(spec.type, spec.context, [leaf] * spec.num_children) if spec.type else leaf


def as_lists(tree: Any) -> Any:
    """With lists in place of dataclasses, as torch.export takes what it is told about arguments."""
    kind = type(tree)
    if dataclasses.is_dataclass(kind) and kind in pytree.SUPPORTED_NODES:
        return [as_lists(child) for child in pytree.SUPPORTED_NODES[kind].flatten_fn(tree)[0]]
    if isinstance(tree, dict):
        return {key: as_lists(value) for key, value in tree.items()}
    if kind in (tuple, list):
        return kind(as_lists(item) for item in tree)
    return tree
