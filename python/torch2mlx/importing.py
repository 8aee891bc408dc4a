"""The program of torch.export as the library's graph."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch.export import ExportedProgram

from . import _native, dynamic_shapes, trees
from ._tensors import describe_all, describe_modules, state_of, tied
from .errors import Torch2MLXError, UnsupportedError, first_line


def with_conditions(
    model: torch.nn.Module, program: ExportedProgram, guards: list[str], bound: Mapping[str, Any]
) -> Any:
    """The graph, in which largest sizes are conditions unless its operators rely on them."""
    ranges = dict(program.range_constraints)
    limits = dynamic_shapes.maxima(program, bound, dynamic_shapes.position_limit(model))
    graph = _import(model, program, [*guards, *limits])
    if not limits:
        return graph
    try:
        graph.lower()
        return graph
    except UnsupportedError:
        program.range_constraints.update(ranges)
        return _import(model, program, guards)


def lowers(model: torch.nn.Module, program: ExportedProgram) -> bool:
    """Has the program a graph of MLX, as where nothing but rows by themselves have a size that data decides?"""
    try:
        _import(model, program, []).lower()
    except Torch2MLXError:
        return False
    return True


def _import(model: torch.nn.Module, program: ExportedProgram, guards: list[str]) -> Any:
    """`guards`: conditions on sizes that the tracing relied on beside their ranges."""
    from torch._export.serde import serialize as serde

    # The tensors stay where they are: the library reads them in place.
    try:
        with trees.told(serde.GraphModuleSerializer):
            text = serde.serialize(
                program, serialize_state_dict=False, serialize_constants=False, serialize_example_inputs=False
            ).exported_program
    except Exception as error:  # sparse inputs, operators that are known to one process alone
        raise UnsupportedError(
            f"torch.export has no serialized form of it: {first_line(error)}", place=type(model).__qualname__
        ) from error
    constants = {name: value for name, value in program.constants.items() if isinstance(value, torch.Tensor)}
    state = state_of(model)
    return _native.graph().Graph.import_program(
        text.decode(), describe_all(constants), describe_modules(model), list(state), tied(state), guards
    )
