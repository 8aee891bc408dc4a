"""Sorting, and extremes together with their places."""

from op_case import NUMBERS, boolean, call, f32, i32, i64, inf, nan, only, row, t, u8

X = t(2, 3, 4)
SORTED_TYPES = (*NUMBERS, u8)
# Only different numbers have one order.
DIFFERENT = t(2, 6, values=[3, 1, 5, 11, 2, 7, 0, 9, 8, 4, 6, 10])
TIES = t(2, 6, values=[3, 1, 3, 1, 2, 2, 0, 0, 0, 5, 0, 0])
SPECIALS = t(8, values=[1.0, inf, -inf, nan, 0.0, -3.0, nan, 0.5])
LEAST = t(3, values=[5, -(2**31), 2**31 - 1])
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
    only((i32, i64), call(LEAST, 0, True)),
    call(t(0, 3), 1, True),
)
STABLE = (
    call(TIES, stable=True),
    call(TIES, stable=True, dim=0),
    call(TIES, stable=True, descending=True),
    call(DIFFERENT, stable=False, dim=1),
    only((f32,), call(SPECIALS, stable=True)),
    only((f32,), call(SPECIALS, stable=True, descending=True)),
    only((boolean,), call(t(6, values=[True, False, True, False, False, True]), stable=True, descending=True)),
)

ROWS = (
    row("aten.max.dim", NUMBERS, *EXTREMES),
    row("aten.min.dim", NUMBERS, *EXTREMES),
    row("aten.sort.default", SORTED_TYPES, *ORDERS, call(t(), 0)),
    row("aten.sort.stable", SORTED_TYPES, *STABLE),
    row("aten.argsort.default", SORTED_TYPES, *ORDERS),
    row("aten.argsort.stable", SORTED_TYPES, *STABLE),
    row("aten.msort.default", SORTED_TYPES, call(DIFFERENT), call(TIES), call(t(3, values=[2, 0, 1])), call(t())),
    row("aten.topk.default", SORTED_TYPES, call(DIFFERENT, 2), call(DIFFERENT, 1, 0), call(DIFFERENT, 3, -1, False), call(DIFFERENT, 6), call(DIFFERENT, 2, 1, True, True), call(DIFFERENT, 0),
        only((f32,), call(t(4, values=[1.0, nan, 3.0, 2.0]), 2)), only((f32,), call(t(4, values=[1.0, nan, 3.0, 2.0]), 2, 0, False)), call(t(), 1), call(t(), 1, -1, False)),
    row("aten.kthvalue.default", NUMBERS, call(DIFFERENT, 2), call(DIFFERENT, 6, -1, True), call(DIFFERENT, 1, 0), call(t(), 1)),
)  # fmt: skip
