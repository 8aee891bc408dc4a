"""Samples of every ATen operator that has an MLX lowering; the rows are in op_tables, one file a family."""

from __future__ import annotations

from op_tables import (
    activation,
    arrange,
    bessel,
    bits,
    compare,
    conv,
    create,
    elementwise,
    indices,
    math,
    nn,
    norm,
    order,
    reduce,
    scan,
    shape,
)

FAMILIES = (
    elementwise, math, bessel, bits, activation, compare, reduce, scan, order, shape, arrange, create, nn, norm, conv,
    indices,
)  # fmt: skip
ROWS = {row.op: row for family in FAMILIES for row in family.ROWS}
assert len(ROWS) == sum(len(family.ROWS) for family in FAMILIES), "an operator has two rows"
