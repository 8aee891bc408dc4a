"""Reductions, softmax and what runs along an axis."""

from op_case import (
    ALL,
    FLOATS,
    NUMBERS,
    SPECIAL,
    bf16,
    boolean,
    call,
    f16,
    f32,
    f64,
    i32,
    i64,
    inf,
    nan,
    only,
    row,
    t,
    u8,
)

X = t(2, 3, 4)
# Dims and keepdim, without and with them.
OVER_DIMS = (
    call(X, [1]),
    call(X, [-1], True),
    call(X, [0, 2]),
    call(X, [-1, -3], True),
    call(X, []),
    call(X, [0, 1, 2]),
    call(t(), [0]),
    call(t(), [-1], True),
    call(t(0, 3), [1]),
    call(t(2, 3, 4, order=(2, 0, 1)), [1]),
    call(t(1, 1), [0, 1], True),
    only(FLOATS, call(t(3, 3, values=SPECIAL), [1])),
    only(FLOATS, call(t(2, 2, values=[1.0, inf, -inf, 2.0]), [0])),
)
LONG = (
    call(t(2, 1000, low=0, high=1), [1]),
    call(t(1000, 3, low=0, high=1), [0]),
    call(t(3, 4, 500, low=0, high=1), [0, 2]),
)
EVERYTHING = (
    call(X),
    call(t(40, 50, low=0, high=1)),
    call(t()),
    call(t(1)),
    only(FLOATS, call(t(values=SPECIAL))),
    only(FLOATS, call(t(values=[1.0, -inf]))),
)
TRUTHS = (
    call(t(2, 3, low=0, high=1), 1),
    call(t(2, 3, low=0, high=1), -2, True),
    call(t(), 0),
    call(t(0, 3), 1),
    only(FLOATS, call(t(3, 3, values=SPECIAL), 1)),
    call(t(3, 0), 1),
)
SMALL_INTEGERS = (
    only((i32,), call(t(2, values=[2**31 - 1, 2]), dtype=None)),
    only((u8,), call(t(3, values=[200, 200, 200]), dtype=None)),
    only((boolean,), call(t(4, 5), dtype=None)),
    call(X, dtype=f32),
    call(X, dtype=f64),
)
SMALL_INTEGERS_DIM = tuple(type(c)((c.args[0], [0]), c.kwargs, c.refused, c.dtypes) for c in SMALL_INTEGERS)
SPREADS = (
    call(X),
    call(X, [1]),
    call(X, [-1], keepdim=True),
    call(X, [0, 2], correction=0),
    call(X, [1], correction=1),
    call(X, None, correction=0, keepdim=True),
    call(t(2, 300, low=99, high=101), [1], correction=0),
    call(t(3, 1), [1]),
    call(t(3, 1), [1], correction=0),
    call(t(3, 2), [1], correction=0.0),
    call(t(2, 5), [1], correction=2),
    call(t(0, 3), [0]),
    call(t(2, 5), [1], correction=0.5),
    call(t(2, 5), [1], correction=4.5, keepdim=True),
    call(t(2, 5), [1], correction=5.5),
    call(t(2, 5), None, correction=-3),
    call(t(2, 5), [0, 1], correction=12),
    call(t(2, 1), [1], correction=1.5),
    call(t(5, values=[1.0, 2.0, nan, 3.0, 4.0]), [0]),
)
OLD_SPREADS = (
    call(X, [1]),
    call(X, [0, -1], False),
    call(X, None, True, True),
    call(X, [], False),
    call(X, [2], False, True),
    call(t(3, 1), [1]),
    call(t(0, 3), [0]),
    call(t(2, 300, low=99, high=101), [1]),
)
ALL_SPREADS = (call(X), call(X, False), call(t(1)), call(t()), call(t(0)))
SOME = (
    call(t(2, 3, 4, low=0, high=1), [1, 2]),
    call(t(2, 3, 4, low=0, high=1), [-1], True),
    call(t(2, 3, low=0, high=1)),
    call(t(2, 3, low=0, high=1), None, True),
    call(t(2, 3, low=-1, high=1), []),
    call(t(), [0]),
    call(t(0, 3), [0]),
    call(t(0, 3), [1]),
    only(FLOATS, call(t(3, 3, values=SPECIAL), [1])),
)
PICKS = (
    call(X),
    call(X, 1),
    call(X, -1, True),
    call(X, 0, keepdim=True),
    call(X, None, True),
    call(t()),
    call(t(), 0),
    call(t(1, 3), 0),
    call(t(2, 6, values=[3, 1, 3, 1, 2, 2, 0, 0, 0, 0, 0, 0]), 1),
    only(FLOATS, call(t(2, 4, values=[1.0, nan, 3.0, nan, -inf, inf, inf, 0.0]), 1)),
)
MASKED = [0.5, -inf, 1.0, -inf, -inf, -inf, 3.0, 7.0, 1.0, 1.0, nan, 2.0]
SOFTMAX = (
    call(X, -1),
    call(X, 0),
    call(t(2, 3, low=-300, high=300), 1),
    call(t(values=[1.0, inf, -2.0]), 0),
    call(t(), 0),
    call(t(), -1),
    call(t(3, 0), 0),
    call(t(1, 3), 0),
    only((f32, bf16), call(t(2, 3, low=-1e30, high=1e30), 1)),
    call(t(4, 3, values=MASKED), 1),
    call(t(2, 500), -1),
)
HALF_TO_FLOAT = tuple(type(c)((*c.args, False), {}, c.refused, c.dtypes) for c in SOFTMAX)
TYPED = (call(X, -1, f32), call(X, -1, dtype=f16), call(t(2, 3), 1, dtype=f64))
WIDE = {f16: 4e-3, bf16: 3.2e-2}

ROWS = (
    row("aten.sum.dim_IntList", (*ALL, u8), *OVER_DIMS, *SMALL_INTEGERS_DIM, call(X, None), call(t(3, 0), [0]), call(t(3, 0), [1]), call(t(3, 0), [-1], True), *LONG),
    row("aten.sum.default", (*ALL, u8), *EVERYTHING, *SMALL_INTEGERS, call(t(0))),
    row("aten.mean.dim", FLOATS, *OVER_DIMS, call(X, None), call(t(2, 3, dtype=i32), [1], dtype=f32), call(X, [1], dtype=f32),
        call(t(2, 1000, low=100, high=200), [1]), call(t(3, 0), [1]), call(t(3, 0), [-1], True), *LONG),
    row("aten.mean.default", FLOATS, *EVERYTHING, call(t(2, 3, dtype=i64), dtype=f32), call(t(3, dtype=boolean), dtype=f32)),
    row("aten.prod.default", ALL, call(t(2, 3, 4, low=-1.5, high=1.5)), *EVERYTHING[1:], call(t(0)), call(X, dtype=f32)),
    row("aten.prod.dim_int", ALL, call(X, 1), call(X, -1, True), call(t(), 0), call(t(0, 3), 0), call(t(3, 0), 1, True), call(X, 0, dtype=f32)),
    row("aten.linalg_vector_norm.default", FLOATS, call(t(3, 4)), call(t(3, 4), 2, [1], True), call(t(3, 4), 1, [0]), call(t(3, 4), 2, [-1, 0]),
        call(t(2, 300, low=100, high=200), 2, [1]), call(t()), call(t(3, 4), 2, [1], dtype=f32), *(call(t(3, 4), order, [1]) for order in (inf, -inf, 0, 3, 0.5, -1)),
        call(t(0, 3), 2, [0]), call(t(0, 3)), call(t(3, 4), inf, [0, 1], True), call(t(), 3), only(FLOATS, call(t(values=SPECIAL), 3)), only(FLOATS, call(t(values=SPECIAL), inf))),
    row("aten.amax.default", ALL, *OVER_DIMS),
    row("aten.amin.default", ALL, *OVER_DIMS),
    row("aten.max.default", ALL, *EVERYTHING, only((i64,), call(t(2, values=[2**53 + 1, 2**53])))),
    row("aten.min.default", ALL, *EVERYTHING, only((i64,), call(t(2, values=[-(2**53) - 1, -(2**53)])))),
    row("aten.any.default", (*ALL, u8), *EVERYTHING, call(t(3, values=[0, 0, 0]))),
    row("aten.any.dim", (*ALL, u8), *TRUTHS),
    row("aten.all.default", (*ALL, u8), *EVERYTHING, call(t(3, values=[1, 1, 1]))),
    row("aten._is_any_true.default", (boolean,), call(t(3, values=[0, 0, 0])), call(t(2, 3, values=[0, 1, 0, 0, 0, 1])), call(t())),
    row("aten._is_all_true.default", (boolean,), call(t(3, values=[1, 1, 1])), call(t(2, 3, values=[0, 1, 0, 0, 0, 1])), call(t())),
    row("aten.all.dim", (*ALL, u8), *TRUTHS),
    row("aten.any.dims", (*ALL, u8), *SOME),
    row("aten.all.dims", (*ALL, u8), *SOME),
    row("aten.var.correction", FLOATS, *SPREADS, tolerance=WIDE),
    row("aten.var.dim", FLOATS, *OLD_SPREADS, tolerance=WIDE),
    row("aten.var.default", FLOATS, *ALL_SPREADS, tolerance=WIDE),
    row("aten.std.correction", FLOATS, *SPREADS, tolerance=WIDE),
    row("aten.std.dim", FLOATS, *OLD_SPREADS, tolerance=WIDE),
    row("aten.std.default", FLOATS, *ALL_SPREADS, tolerance=WIDE),
    row("aten.var_mean.correction", FLOATS, *SPREADS, tolerance=WIDE),
    row("aten.std_mean.correction", FLOATS, *SPREADS, tolerance=WIDE),
    row("aten.argmax.default", NUMBERS, *PICKS),
    row("aten.argmin.default", NUMBERS, *PICKS),
    row("aten.softmax.int", FLOATS, *SOFTMAX, *TYPED, call(t(2, 3, dtype=i32), 1, f32)),
    row("aten._softmax.default", FLOATS, *HALF_TO_FLOAT),
    row("aten.log_softmax.int", FLOATS, *SOFTMAX, *TYPED, tolerance=WIDE),
    row("aten._log_softmax.default", FLOATS, *HALF_TO_FLOAT, tolerance=WIDE),
    row("aten.cumsum.default", ALL, call(X, 0), call(X, -1), call(t(), 0), call(t(0, 3), 1), call(X, 1, dtype=f32), call(X, 1, dtype=i64),
        call(t(), 0, dtype=f32), only((i32,), call(t(2, values=[2**31 - 1, 2]), 0)), only((boolean,), call(t(300), 0)), only(FLOATS, call(t(values=SPECIAL), 0)), call(t(1000, low=0, high=1), 0), call(t(500, 2, low=0, high=1), 0), tolerance=WIDE),
)  # fmt: skip
