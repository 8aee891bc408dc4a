"""Samples of every ATen operator that has an MLX lowering; the rows are in op_tables, one file a family."""

from __future__ import annotations

from op_tables import (
    activation,
    arrange,
    bag,
    compare,
    conv,
    create,
    elementwise,
    fold,
    grid,
    indices,
    nn,
    norm,
    order,
    pool,
    recurrent,
    reduce,
    resize,
    shape,
)

FAMILIES = (
    elementwise, activation, compare, reduce, order, shape, arrange, create, nn, norm, conv, indices,
    pool, resize, fold, recurrent, grid, bag,
)  # fmt: skip
ROWS = {row.op: row for family in FAMILIES for row in family.ROWS}
assert len(ROWS) == sum(len(family.ROWS) for family in FAMILIES), "an operator has two rows"
