"""Branches on values of tensors: decided as the example inputs decide them, and told."""

from __future__ import annotations

import contextlib
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from torch.export import ExportedProgram

TORCH = str(Path(torch.__file__).parent)


def are_to_blame(error: Exception) -> bool:
    """Did torch.export fail since it may not look at values?"""
    from torch.fx.experimental.symbolic_shapes import GuardOnDataDependentSymNode

    return isinstance(error, GuardOnDataDependentSymNode)


@contextlib.contextmanager
def decided() -> Iterator[list[str]]:
    """While it lasts, torch.export computes real values beside the symbolic ones and decides by them. Gives a list, to
    which each decision is added: the line of the user's code, and what was taken to be true there."""
    from torch._functorch import config
    from torch.fx.experimental.symbolic_shapes import ShapeEnv

    decisions: list[str] = []
    original = ShapeEnv._log_real_tensor_propagation

    def note(_self: Any, expression: Any, result: Any) -> None:
        text = (
            f"{_place()}: branches on values of tensors; the code is for what the example inputs give there ({result})"
        )
        decisions.extend([text] if text not in decisions and expression.free_symbols else [])

    ShapeEnv._log_real_tensor_propagation = note
    try:
        with config.patch(fake_tensor_propagate_real_tensors=True):
            yield decisions
    finally:
        ShapeEnv._log_real_tensor_propagation = original


def _place() -> str:
    """The innermost line that is neither torch's nor ours."""
    for frame in reversed(traceback.extract_stack()):
        path = Path(frame.filename)
        if not frame.filename.startswith((TORCH, "<")) and path.parent != Path(__file__).parent:
            return f"{path.name}:{frame.lineno}"
    return "the model"


def drop_checks(program: ExportedProgram) -> None:
    """Takes out what only checks values and sizes at run time, and what is computed for that alone."""
    graph = program.graph_module.graph
    for node in list(graph.nodes):
        if node.target in (torch.ops.aten._assert_scalar.default, torch.ops.aten._assert_async.msg):
            graph.erase_node(node)
    graph.eliminate_dead_code()
    program.graph_module.recompile()
