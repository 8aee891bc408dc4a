"""Tensors with a part replaced."""

from op_case import ALL, FLOATS, SPECIAL, boolean, call, f16, f32, i64, row, t

POSITIVE = {"low": 0.5, "high": 2}
PLAIN = (f32, f16, i64, boolean)
END = 2**63 - 1
X = t(4, 5, 6)

ROWS = (
    row("aten.slice_scatter.default", PLAIN,
        call(X, t(4, 5, 6)),
        call(X, t(2, 5, 6), 0, 1, 3),
        call(X, t(4, 5, 2), -1, -2),
        call(X, t(4, 3, 6), 1, 0, END, 2),
        call(X, t(4, 2, 6), 1, 1, -1, 2),
        call(X, t(4, 0, 6), 1, 3, 2),
        call(t(3), t(2, values=[float("nan"), float("inf")]), 0, 1),
        call(t(0, 3), t(0, 1), 1, 0, 1)),
    row("aten.select_scatter.default", PLAIN,
        call(X, t(5, 6), 0, 1), call(X, t(4, 5), -1, -1), call(X, t(4, 6), 1, 4), call(t(3), t(), 0, 2), call(t(3), t(), 0, -3)),
    row("aten.diagonal_scatter.default", PLAIN,
        call(t(4, 4), t(4)), call(t(3, 5), t(3), 1), call(t(3, 5), t(1), 4), call(t(5, 3), t(2), -3), call(t(5, 3), t(3), -1),
        call(X, t(6, 4)), call(X, t(5, 4), 0, 0, 2), call(X, t(4, 5), 1, 2, 1), call(X, t(4, 4), -1, -2, -1), call(X, t(5, 3), 1, -1, 0),
        call(t(3, 3), t(0), 3), call(t(2, 2), t(2, values=[float("nan"), float("inf")]))),
    row("aten.copy.default", ALL,
        call(X, t(4, 5, 6)), call(X, t(5, 6)), call(X, t()), call(X, t(5, 1)), call(X, t(5, 6, dtype=i64)), call(X, t(6, dtype=boolean)),
        call(t(), t()), call(t(0, 2), t(2)), call(t(len(SPECIAL)), t(values=SPECIAL, dtype=f32))),
    row("aten.fill.Scalar", ALL, call(X, 2), call(X, 2.5), call(X, -1), call(t(), 0), call(t(0, 2), 1), call(X, True)),
    row("aten.fill.Tensor", ALL, call(X, t()), call(t(), t()), call(X, t(dtype=i64))),
    row("aten.zero.default", ALL, call(X), call(t()), call(t(0, 2)), call(t(values=SPECIAL))),
    row("aten._native_batch_norm_legit_functional.default", (f32,),
        call(t(6, 3), t(3), t(3), t(3), t(3, **POSITIVE), True, 0.1, 1e-5),
        call(t(2, 3, 4), t(3), t(3), t(3), t(3, **POSITIVE), True, 0.25, 1e-3),
        call(t(2, 3, 4, 5), None, None, t(3), t(3, **POSITIVE), True, 0.1, 1e-5),
        call(t(2, 3, 2, 2, 2), t(3), t(3), t(3), t(3, **POSITIVE), True, 1.0, 1e-5),
        tolerance={f32: 1e-5}),
)  # fmt: skip
