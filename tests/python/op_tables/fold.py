"""F.unfold and F.fold."""

from op_case import FLOATS, bf16, call, f16, f32, inf, row, t

SUMS = {f32: 1e-5, f16: 2e-2, bf16: 1.2e-1}

ROWS = (
    row("aten.im2col.default", FLOATS, call(t(2, 3, 6, 7), [2, 3], [1, 1], [0, 0], [1, 1]), call(t(2, 3, 6, 7), [3, 2], [2, 1], [1, 2], [2, 3]), call(t(3, 6, 6), [3, 3], [1, 1], [0, 0], [3, 3]), call(t(1, 2, 4, 4), [4, 4], [1, 1], [0, 0], [4, 4])),
    row("aten.col2im.default", FLOATS, call(t(2, 12, 20), [5, 6], [2, 2], [1, 1], [0, 0], [1, 1]), call(t(2, 18, 12), [5, 7], [3, 2], [1, 2], [1, 1], [2, 2]), call(t(12, 6), [4, 6], [2, 2], [1, 1], [0, 0], [2, 2]),
        call(t(1, 4, 2, values=[inf, 1.0, 2.0, 3.0, 4.0, -inf, 6.0, 7.0]), [2, 3], [2, 2], [1, 1], [0, 0], [1, 1]), tolerance=SUMS),
)  # fmt: skip
