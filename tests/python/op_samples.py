"""Samples of every ATen operator that has an MLX lowering; the rows are in op_tables, one file a family."""

from __future__ import annotations

from op_tables import (
    activation,
    arrange,
    compare,
    complex_numbers,
    conv,
    create,
    elementwise,
    fill,
    fourier,
    indices,
    join,
    linalg,
    nn,
    norm,
    order,
    reduce,
    scatter,
    search,
    shape,
    solve,
    views,
)

FAMILIES = (
    elementwise,
    activation,
    compare,
    reduce,
    order,
    shape,
    join,
    views,
    arrange,
    create,
    fill,
    nn,
    norm,
    conv,
    indices,
    scatter,
    search,
    linalg,
    solve,
    complex_numbers,
    fourier,
)
ROWS = {row.op: row for family in FAMILIES for row in family.ROWS}
assert len(ROWS) == sum(len(family.ROWS) for family in FAMILIES), "an operator has two rows"
