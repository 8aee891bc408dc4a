"""Samples of every ATen operator that has an MLX lowering; the rows are in op_tables, one file a family."""

from __future__ import annotations

from op_tables import activation, arrange, compare, conv, create, elementwise, indices, nn, norm, order, reduce, shape, update

FAMILIES = (elementwise, activation, compare, reduce, order, shape, arrange, create, nn, norm, conv, indices, update)
ROWS = {row.op: row for family in FAMILIES for row in family.ROWS}
assert len(ROWS) == sum(len(family.ROWS) for family in FAMILIES), "an operator has two rows"
