"""Sorting, and extremes together with their places."""

from op_case import NUMBERS, call, f32, inf, nan, only, refused, row, t, u8

X = t(2, 3, 4)
# Only different numbers have one order.
DIFFERENT = t(2, 6, values=[3, 1, 5, -1, 2, 7, 0, 9, -8, 4, 6, -2])
TIES = t(2, 6, values=[3, 1, 3, 1, 2, 2, 0, 0, 0, 5, 0, 0])
EXTREMES = (
    call(X, 1),
    call(X, -1, True),
    call(t(), 0),
    call(DIFFERENT, 0),
    call(TIES, 1),
    only((f32,), call(t(1, 4, values=[1.0, nan, 3.0, nan]), 1)),
)
ORDERS = (
    call(DIFFERENT),
    call(DIFFERENT, 0),
    call(DIFFERENT, -1, True),
    call(t(4, values=[3, 1, 2, 0]), 0),
    only((f32,), call(t(5, values=[1.0, inf, -inf, 0.0, -3.0]), 0, True)),
    only((u8,), refused("unsigned", t(4, values=[3, 1, 2, 0]), 0, True)),
)

ROWS = (
    row("aten.max.dim", NUMBERS, *EXTREMES),
    row("aten.min.dim", NUMBERS, *EXTREMES),
    row("aten.sort.default", NUMBERS, *ORDERS, call(t(), 0)),
    row("aten.sort.stable", NUMBERS, call(TIES, stable=True), call(TIES, stable=True, dim=0), call(TIES, stable=True, descending=True), call(DIFFERENT, stable=False, dim=1)),
    row("aten.argsort.default", NUMBERS, *ORDERS),
    row("aten.topk.default", NUMBERS, call(DIFFERENT, 2), call(DIFFERENT, 1, 0), call(DIFFERENT, 3, -1, False), call(DIFFERENT, 6), call(DIFFERENT, 2, 1, True, True),
        refused("the largest of a number", t(), 1)),
)  # fmt: skip
