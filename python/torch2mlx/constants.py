"""Inputs of an exported program that are constants of it, checked on entry: those that decide sizes, as `grid_thw`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch.export import ExportedProgram
from torch.export.graph_signature import InputKind, InputSpec, TensorArgument
from torch.fx import Node
from torch.utils import _pytree as pytree

from .errors import UnsupportedError

aten = torch.ops.aten
CHECK = aten._assert_async.msg
WRITTEN_OUT = 64  # elements of an input that an error names
TRACED = "this model was traced with "


def hold(program: ExportedProgram, held: Sequence[tuple[str, torch.Tensor]]) -> set[Node]:
    """Computes what depends on these inputs alone, and has the program check that they have these values. Gives what it
    computed.

    Raises UnsupportedError if a check of the program does not hold for them.
    """
    graph = program.graph_module.graph
    placeholders = {node.name: node for node in graph.find_nodes(op="placeholder")}
    known: dict[Node, Any] = {placeholders[name]: value for name, value in held}
    of_held = set(known)  # the others are computed of nothing: ranges, zeros
    for node in list(graph.nodes):
        if node.op == "call_function" and _compute(node, known) and of_held.intersection(node.all_input_nodes):
            of_held.add(node)
    for node in list(graph.find_nodes(op="call_function", target=CHECK)):
        if node.args[0] in known:
            if not bool(known[node.args[0]]):
                raise UnsupportedError("what the trace relied on does not hold for the example inputs")
            graph.erase_node(node)
    lifted: dict[Node, Node] = {}
    for node in [node for node in graph.nodes if node in of_held]:
        _replace(program, node, known, lifted)
    for name, value in held:
        _check(program, placeholders[name], value)
    return set(known)


def _compute(node: Node, known: dict[Node, Any]) -> bool:
    """Notes the node's value where all that it takes is known and nothing is drawn."""
    drawn = torch.Tag.nondeterministic_seeded in getattr(node.target, "tags", ())
    if node.target is CHECK or drawn or not all(source in known for source in node.all_input_nodes):
        return False
    args, kwargs = pytree.tree_map(
        lambda leaf: known[leaf] if isinstance(leaf, Node) else leaf, (node.args, node.kwargs)
    )
    with torch.no_grad():
        known[node] = node.target(*args, **kwargs)
    return True


def _replace(program: ExportedProgram, node: Node, known: dict[Node, Any], lifted: dict[Node, Node]) -> None:
    """Has users that are not known themselves take the value: a number as it is, a tensor as a constant."""
    users = [user for user in node.users if user not in known]
    if not users or node.op == "placeholder":
        return
    value = known[node]
    if isinstance(value, tuple | list):
        return  # its items are nodes of their own
    if not isinstance(value, torch.Tensor):
        for user in users:
            user.args, user.kwargs = pytree.tree_map(
                lambda leaf: value if leaf is node else leaf, (user.args, user.kwargs)
            )
        return
    constant = lifted.setdefault(node, _lift(program, value))
    node.replace_all_uses_with(constant, delete_user_cb=lambda user: user in users)


def _lift(program: ExportedProgram, value: torch.Tensor) -> Node:
    """A constant of the program, as torch.export keeps tensors of the model's code."""
    graph, signature = program.graph_module.graph, program.graph_signature
    specs = signature.input_specs
    name = f"held_{sum(1 for spec in specs if spec.kind is InputKind.CONSTANT_TENSOR)}"
    first = next(i for i, spec in enumerate(specs) if spec.kind is InputKind.USER_INPUT)
    before = graph.find_nodes(op="placeholder")[first]
    with graph.inserting_before(before):
        node = graph.placeholder(name)
    mode = before.meta["val"].fake_mode if isinstance(before.meta.get("val"), torch.Tensor) else None
    node.meta["val"] = mode.from_tensor(value, static_shapes=True) if mode else value
    specs.insert(first, InputSpec(InputKind.CONSTANT_TENSOR, TensorArgument(name=node.name), node.name, None))
    program.constants[node.name] = value
    return node


def _check(program: ExportedProgram, given: Node, value: torch.Tensor) -> None:
    graph = program.graph_module.graph
    wanted = _lift(program, value)
    told = value.tolist() if value.numel() <= WRITTEN_OUT else "the example's"
    last = graph.find_nodes(op="placeholder")[-1]
    with graph.inserting_after(last):
        message = f"{TRACED}{given.name} == {told}"
        same = graph.call_function(aten.eq.Tensor, (given, wanted))
        whole = graph.call_function(aten.all.default, (same,))
        check = graph.call_function(CHECK, (whole, message))
    # `inserting_after` puts each behind the same node: the last one made comes first.
    for node in (whole, check):
        (same if node is whole else whole).append(node)
    with given.meta["val"].fake_mode:
        same.meta["val"] = aten.eq.Tensor(given.meta["val"], wanted.meta["val"])
        whole.meta["val"] = aten.all.default(same.meta["val"])
