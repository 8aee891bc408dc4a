"""Tensors with a slice replaced, and state that is."""

from op_case import boolean, call, f16, f32, i64, row, t

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
        call(t(0, 3), t(0, 1), 1, 0, 1), call(t(2, 5), t(2, 2), 1, 1, 5, 2), call(t(2, 5), t(2, 3), -1, -3), call(t(5), t(2), 0, None, -3),
        call(t(5), t(2), 0, -4, -1, 2), call(t(2, 5), t(2, 3), 1, 2, 100), call(t(2, 5), t(2, 5), 1, -100, 100)),
    row("aten.select_scatter.default", PLAIN,
        call(X, t(5, 6), 0, 1), call(X, t(4, 5), -1, -1), call(X, t(4, 6), 1, 4), call(t(3), t(), 0, 2), call(t(3), t(), 0, -3)),
    row("aten._native_batch_norm_legit_functional.default", (f32,),
        call(t(6, 3), t(3), t(3), t(3), t(3, **POSITIVE), True, 0.1, 1e-5),
        call(t(2, 3, 4), t(3), t(3), t(3), t(3, **POSITIVE), True, 0.25, 1e-3),
        call(t(2, 3, 4, 5), None, None, t(3), t(3, **POSITIVE), True, 0.1, 1e-5),
        call(t(2, 3, 2, 2, 2), t(3), t(3), t(3), t(3, **POSITIVE), True, 1.0, 1e-5),
        tolerance={f32: 1e-5}),
)  # fmt: skip
