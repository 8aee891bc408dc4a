"""A program of one ATen operator, in torch.export's JSON, without the tracing: eager torch tells the result types."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import torch
from torch.utils import _pytree as pytree

from torch2mlx import _native

# Codes of torch/_export/serde/schema.py, ScalarType.
SCALAR_TYPES = {
    torch.uint8: 1, torch.int8: 2, torch.int16: 3, torch.int32: 4, torch.int64: 5, torch.float16: 6,
    torch.float32: 7, torch.float64: 8, torch.complex32: 9, torch.complex64: 10, torch.bool: 12, torch.bfloat16: 13,
}  # fmt: skip
CONTIGUOUS, STRIDED = 1, 7


@dataclasses.dataclass
class Program:
    """One call of an operator: its graph, its tensor arguments and what eager torch gives for them."""

    graph: Any  # _graph.Graph of ATen operators
    inputs: list[torch.Tensor]
    outputs: list[torch.Tensor]


def overload(name: str) -> Any:
    """The operator of a name such as "aten.add.Tensor"."""
    namespace, packet, variant = name.split(".")
    return getattr(getattr(getattr(torch.ops, namespace), packet), variant)


def program(name: str, args: tuple[Any, ...], kwargs: dict[str, Any], used: int | None = None) -> Program:
    """`args` and `kwargs` as eager torch takes them; the first `used` results are returned. Raises what the operator
    raises."""
    op = overload(name)
    outputs = [leaf for leaf in pytree.tree_leaves(op(*args, **kwargs)) if leaf is not None]
    writer = _Writer(op)
    node_inputs = [
        {"name": op._schema.arguments[i].name, "arg": writer.argument(value, op._schema.arguments[i]), "kind": 1}
        for i, value in enumerate(args)
    ]
    by_name = {argument.name: argument for argument in op._schema.arguments}
    node_inputs += [
        {"name": key, "arg": writer.argument(value, by_name[key]), "kind": 2} for key, value in kwargs.items()
    ]
    text = json.dumps(writer.program(name, node_inputs, outputs, used))
    return Program(_native.graph().Graph.import_program(text, [], [], []), writer.inputs, outputs[:used])


class _Writer:
    def __init__(self, op: Any) -> None:
        self.op = op
        self.inputs: list[torch.Tensor] = []
        self.types: dict[str, Any] = {}

    def argument(self, value: Any, parameter: Any) -> dict[str, Any]:
        if isinstance(value, list | tuple):
            return self._list(list(value), parameter)
        if value is None:
            return {"as_none": True}
        if isinstance(value, torch.Tensor):
            return {"as_tensor": {"name": self._input(value)}}
        if isinstance(value, bool):
            return {"as_bool": value}
        if isinstance(value, int):
            return {"as_int": value}
        if isinstance(value, float):
            return {"as_float": _number(value)}
        if isinstance(value, complex):
            return {"as_complex": {"real": _number(value.real), "imag": _number(value.imag)}}
        if isinstance(value, str):
            return {"as_string": value}
        if isinstance(value, torch.dtype):
            return {"as_scalar_type": SCALAR_TYPES[value]}
        if isinstance(value, torch.memory_format):
            return {"as_memory_format": CONTIGUOUS}
        raise TypeError(f"{parameter.name}: {type(value).__name__} has no place in a program")

    def _list(self, values: list[Any], parameter: Any) -> dict[str, Any]:
        if "Optional[Tensor]" in str(parameter.type):
            return {"as_optional_tensors": [self.argument(value, parameter) for value in values]}
        if any(isinstance(value, torch.Tensor) for value in values):
            return {"as_tensors": [{"name": self._input(value)} for value in values]}
        if any(isinstance(value, float) for value in values):
            return {"as_floats": [_number(float(value)) for value in values]}
        return {"as_ints": values}

    def _input(self, tensor: torch.Tensor) -> str:
        name = f"x{len(self.inputs)}"
        self.inputs.append(tensor)
        self.types[name] = _meta(tensor)
        return name

    def program(
        self, name: str, node_inputs: list[Any], outputs: list[torch.Tensor], used: int | None
    ) -> dict[str, Any]:
        names = [f"y{i}" for i in range(len(outputs))]
        for result, tensor in zip(names, outputs, strict=True):
            self.types[result] = _meta(tensor)
        several = len(self.op._schema.returns) == 1 and "List" in str(self.op._schema.returns[0].type)
        results = [{"as_tensor": {"name": result}} for result in names]
        node = {
            "target": f"torch.ops.{name}",
            "inputs": node_inputs,
            "outputs": [{"as_tensors": [{"name": result} for result in names]}] if several else results,
            "metadata": {"nn_module_stack": "L__self__,,__main__.Op"},
        }
        results = results[:used]
        given = [{"as_tensor": {"name": f"x{i}"}} for i in range(len(self.inputs))]
        graph = {
            "inputs": given,
            "outputs": results,
            "nodes": [node],
            "tensor_values": self.types,
            "sym_int_values": {},
            "sym_bool_values": {},
            "is_single_tensor_return": len(results) == 1,
        }
        return {
            "graph_module": {
                "graph": graph,
                "signature": {
                    "input_specs": [{"user_input": {"arg": arg}} for arg in given],
                    "output_specs": [{"user_output": {"arg": arg}} for arg in results],
                },
                "module_call_graph": [{"fqn": "", "signature": _call(len(given), len(results))}],
            },
            "range_constraints": {},
        }


def comparison(name: str, number: int) -> Any:
    """The graph of `x.shape[0] OP number` for a vector x, as "sym.gt" calls it. torch.export answers such questions
    itself, but for those of torch.cond."""
    size = {"as_expr": {"expr_str": "s0", "hint": {"as_int": 4}}}
    x, n, y = ({"as_tensor": {"name": "x"}}, {"as_sym_int": {"as_name": "n"}}, {"as_sym_bool": {"as_name": "y"}})
    nodes = [
        ("torch.ops.aten.sym_size.int", [x, {"as_int": 0}], n),
        (f"_operator.{name.removeprefix('sym.')}", [n, {"as_int": number}], y),
    ]
    program = {
        "graph_module": {
            "graph": {
                "inputs": [x],
                "outputs": [y],
                "nodes": [
                    {
                        "target": target,
                        "inputs": [{"name": "", "arg": arg, "kind": 1} for arg in args],
                        "outputs": [result],
                        "metadata": {"nn_module_stack": "L__self__,,__main__.Op"},
                    }
                    for target, args, result in nodes
                ],
                "tensor_values": {"x": {"dtype": SCALAR_TYPES[torch.float32], "sizes": [size], "layout": STRIDED}},
                "sym_int_values": {"n": size},
                "sym_bool_values": {"y": {"as_expr": {"expr_str": "s0", "hint": None}}},
                "is_single_tensor_return": False,
            },
            "signature": {
                "input_specs": [{"user_input": {"arg": x}}],
                "output_specs": [{"user_output": {"arg": y}}],
            },
            "module_call_graph": [{"fqn": "", "signature": _call(1, 1)}],
        },
        "range_constraints": {"s0": {"min_val": 2, "max_val": 64}},
    }
    return _native.graph().Graph.import_program(json.dumps(program), [], [], [])


def _call(inputs: int, outputs: int) -> dict[str, Any]:
    in_spec = pytree.tree_structure((tuple(range(inputs)), {}))
    out_spec = pytree.tree_structure(tuple(range(outputs)) if outputs != 1 else 0)
    names = [f"x{i}" for i in range(inputs)]
    return {
        "in_spec": pytree.treespec_dumps(in_spec),
        "out_spec": pytree.treespec_dumps(out_spec),
        "forward_arg_names": names,
    }


def _number(value: float) -> float | str:
    if value != value:
        return "NaN"
    return value if abs(value) != float("inf") else "Infinity" if value > 0 else "-Infinity"


def _meta(tensor: torch.Tensor) -> dict[str, Any]:
    return {
        "dtype": SCALAR_TYPES[tensor.dtype],
        "sizes": [{"as_int": size} for size in tensor.shape],
        "layout": STRIDED,
    }
