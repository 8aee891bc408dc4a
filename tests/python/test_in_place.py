"""In-place overloads and views have no rows of their own: the samples of the functional rows are theirs too."""

from __future__ import annotations

import json
from typing import Any

import mlx.core as mx
import pytest
import torch
from torch.utils import _pytree as pytree

import op_program
from op_case import TOLERANCE, Row
from op_samples import ROWS
from test_ops import compare, same_distribution, seed_of
from torch2mlx import _native
from torch2mlx._tensors import to_mlx

SEED = 20_261


def leaves(tree: Any) -> list[torch.Tensor]:
    return [leaf for leaf in pytree.tree_leaves(tree) if isinstance(leaf, torch.Tensor)]


ALIASES = frozenset(json.loads(_native.graph().ops())["aliases"])


def _in_place(row: Row) -> str:
    """The overload that writes its result to the first operand, or nothing."""
    namespace, packet, variant = row.op.split(".")
    packet = f"__i{packet[2:]}" if packet.startswith("__") else f"{packet}_"
    name = f"{namespace}.{packet}.{variant}"
    try:
        op_program.overload(name)
    except AttributeError:
        return ""
    first = op_program.overload(row.op)._schema.arguments[0]
    return name if row.op not in ALIASES and str(first.type) == "Tensor" else ""


IN_PLACE = [row for row in ROWS.values() if _in_place(row)]


@pytest.mark.parametrize("row", IN_PLACE, ids=[_in_place(row) for row in IN_PLACE])
def test_in_place_overloads(row: Row) -> None:
    ran = 0
    torch.manual_seed(SEED)
    for number, sample in enumerate(row.calls):
        for dtype in sample.dtypes or row.dtypes:
            args, kwargs = sample.make(dtype, seed_of(row, number, SEED))
            if sample.refused or not isinstance(args[0], torch.Tensor):
                continue
            try:
                program = op_program.program(_in_place(row), (args[0].clone(), *args[1:]), kwargs)
            except (RuntimeError, NotImplementedError, IndexError):  # eager torch does not take it
                continue
            if program.inputs[0].shape != args[0].shape:  # eager torch resizes it, a graph does not
                continue
            program.inputs[0] = args[0]  # as it was
            place = f"{row.op} {number} {dtype}"
            executor = _native.graph().Executor(program.graph.lower().optimized())
            keys = [mx.random.key(SEED)] if row.random else []
            results = executor.run({}, [*map(to_mlx, program.inputs), *keys])[0]
            if row.random:
                same_distribution(program.outputs[0], results[-1], place)
            else:
                compare(program, results[-1:], {**TOLERANCE, **row.tolerance}, place)
            ran += 1
    assert ran, "no sample runs in place"


def test_every_view_is_known() -> None:
    """Whatever shares memory with its operand in eager torch must be in the table of aliases."""
    shared = set()
    for row in ROWS.values():
        for number, sample in enumerate(row.calls):
            args, kwargs = sample.make(row.dtypes[0], seed_of(row, number, SEED))
            try:
                results = op_program.overload(row.op)(*args, **kwargs)
            except (RuntimeError, NotImplementedError, IndexError):
                continue
            given = {leaf.untyped_storage().data_ptr() for leaf in leaves((args, kwargs)) if leaf.numel()}
            if any(leaf.untyped_storage().data_ptr() in given for leaf in leaves(results) if leaf.numel()):
                shared.add(row.op)
    assert shared <= ALIASES
    assert "aten.view.default" in shared
    schemas = {op: op_program.overload(op)._schema for op in ROWS if op.startswith("aten.")}
    annotated = {
        op
        for op, schema in schemas.items()
        if any(a.alias_info and not a.alias_info.is_write for a in schema.arguments)
    }
    assert annotated <= ALIASES, "torch's schema says that they share memory"
