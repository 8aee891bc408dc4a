"""Pools."""

from op_case import FLOATS, SPECIAL, call, f16, f32, i64, inf, nan, only, row, t

MEANS = {f16: 4e-3}
# Ties, infinities and what is no number: which element of a window is taken.
TIES = t(1, 1, 4, 4, values=[0.0, 1.0, 1.0, 0.0, nan, 2.0, 2.0, -inf, 0.0, nan, -inf, -inf, 3.0, inf, -inf, -inf])

ROWS = (
    row("aten.max_pool2d.default", FLOATS, call(t(2, 3, 6, 7), [2, 2]), call(t(2, 3, 6, 7), [3, 2], [2, 1], [1, 0]), call(t(2, 3, 6, 7, low=-4, high=-1), [3], [2], [1]),
        call(t(3, 6, 7), [2]), call(t(2, 3, 7, 7), [2, 2], []), call(t(2, 3, 8, 8), [3, 3], [1, 1]), call(t(1, 1, 3, 3, values=SPECIAL), [2, 2], [1, 1]), call(t(1, 2, 3, 3, values=[-inf] * 18), [2, 2], [1, 1], [1, 1]),
        call(t(2, 3, 7, 7), [2, 2], [2, 2], [0, 0], [1, 1], True), call(t(2, 3, 7, 6), [3, 3], [2, 2], [1, 1], [1, 1], True), call(t(2, 3, 6, 6), [2, 2], [2, 2], [0, 0], [1, 1], True),
        call(t(1, 1, 5, 5), [2, 2], [3, 3], [1, 1], [1, 1], True), call(t(1, 1, 4, 4), [1, 1], [3, 3], [0, 0], [1, 1], True), call(t(2, 3, 8, 8), [2, 2], [1, 1], [0, 0], [2, 2]), call(t(2, 3, 8, 8), [2, 3], [2, 1], [1, 1], [2, 1], True)),
    row("aten.avg_pool2d.default", FLOATS, call(t(2, 3, 6, 7), [2, 2]), call(t(2, 3, 6, 7), [3, 2], [2, 1], [1, 0]), call(t(3, 6, 7), [2]), call(t(2, 3, 7, 7), [3, 3], [2, 2], [1, 1]), call(t(2, 3, 6, 7), [3], [2], [1]),
        call(t(2, 3, 7, 7), [3, 3], [2, 2], [1, 1], False, False), call(t(2, 3, 7, 7), [3, 3], [2, 2], [0, 0], False, False), call(t(2, 3, 6, 6), [2, 2], [2, 2], [0, 0], True),
        call(t(2, 3, 7, 7), [2, 2], [2, 2], [0, 0], True), call(t(2, 3, 7, 6), [3, 3], [2, 2], [1, 1], True), call(t(2, 3, 7, 6), [3, 3], [2, 2], [1, 1], True, False),
        call(t(1, 1, 5, 5), [2, 2], [3, 3], [1, 1], True, False), call(t(2, 3, 7, 7), [2, 2], [2, 2], [0, 0], True, True, 5), call(t(2, 3, 6, 7), [2, 2], [2, 2], [0, 0], False, True, 3), call(t(2, 3, 6, 7), [2, 2], [2, 2], [1, 1], False, False, 3), tolerance={f16: 4e-3}),
    row("aten.adaptive_avg_pool2d.default", FLOATS, call(t(2, 3, 6, 8), [1, 1]), call(t(2, 3, 6, 8), [3, 2]), call(t(2, 3, 6, 8), [6, 8]), call(t(3, 6, 8), [2, 4]), call(t(3, 6, 8), [1, 1]), call(t(2, 3, 6, 8), [1, 4]),
        call(t(2, 3, 7, 8), [3, 2]), call(t(2, 3, 5, 7), [8, 7]), call(t(2, 3, 5, 7, values=[inf] + [1.0] * 209), [3, 4]), tolerance={f16: 4e-3}),
    row("aten.max_pool1d.default", FLOATS, call(t(2, 3, 9), [2]), call(t(2, 3, 9), [3], [2], [1]), call(t(3, 9), [2], [1]), call(t(2, 3, 9), [3], [2], [1], [2]), call(t(2, 3, 8), [3], [2], [0], [1], True)),
    row("aten.max_pool3d.default", FLOATS, call(t(2, 3, 4, 6, 5), [2, 2, 2]), call(t(2, 3, 4, 6, 5), [2, 3, 2], [1, 2, 2], [1, 1, 0]), call(t(3, 4, 6, 5), [2]), call(t(2, 3, 5, 6, 5), [2], [2], [0], [1], True),
        call(t(2, 3, 4, 6, 5), [2], [1], [0], [1, 2, 1])),
    row("aten.max_pool1d_with_indices.default", FLOATS, call(t(2, 3, 9), [2]), call(t(2, 3, 9), [3], [2], [1], [2]), call(t(3, 9), [3], [2], [1])),
    row("aten.max_pool2d_with_indices.default", FLOATS, call(t(2, 3, 6, 7), [2, 2]), call(t(2, 3, 6, 7), [3, 2], [2, 1], [1, 0]), call(t(3, 6, 7), [2]), call(TIES, [2, 2], [1, 1]), call(TIES, [3, 3], [1, 1], [1, 1]),
        call(t(1, 1, 3, 3, values=[-inf] * 9), [3, 3], [1, 1], [1, 1]), call(t(2, 3, 7, 7), [3, 3], [2, 2], [1, 1], [2, 2]), call(t(1, 1, 4, 4, values=[-inf] * 16), [2, 2], [1, 1], [1, 1], [2, 2]),
        call(t(2, 3, 6, 7), [2, 2], [2, 2], [0, 0], [1, 1], True)),
    row("aten.max_pool3d_with_indices.default", FLOATS, call(t(2, 3, 4, 6, 5), [2, 2, 2]), call(t(2, 3, 4, 6, 5), [2, 3, 2], [1, 2, 2], [1, 1, 0]), call(t(3, 4, 6, 5), [2])),
    row("aten.avg_pool1d.default", FLOATS, call(t(2, 3, 9), [2]), call(t(2, 3, 9), [3], [2], [1]), call(t(3, 9), [2], [1]), call(t(2, 3, 9), [3], [2], [1], True, False), call(t(2, 3, 8), [3], [2], [0], True), tolerance=MEANS),
    row("aten.avg_pool3d.default", FLOATS, call(t(2, 3, 4, 6, 5), [2, 2, 2]), call(t(2, 3, 4, 6, 5), [2, 3, 2], [1, 2, 2], [1, 1, 0], False, False), call(t(3, 4, 6, 5), [2]), call(t(2, 3, 5, 6, 5), [2], [2], [0], True),
        call(t(2, 3, 4, 6, 5), [2], [2], [0], False, True, 3), tolerance=MEANS),
    row("aten.adaptive_avg_pool1d.default", FLOATS, call(t(2, 3, 9), [3]), call(t(2, 3, 9), [4]), call(t(3, 9), [1]), call(t(2, 3, 5), [7]), tolerance=MEANS),
    row("aten.adaptive_avg_pool3d.default", FLOATS, call(t(2, 3, 4, 6, 5), [2, 3, 5]), call(t(2, 3, 4, 6, 5), [3, 4, 1]), call(t(3, 4, 6, 5), [1, 1, 1]), tolerance=MEANS),
    row("aten._adaptive_avg_pool2d.default", FLOATS, call(t(2, 3, 7, 8), [3, 2]), call(t(2, 3, 6, 8), [1, 1]), tolerance=MEANS),
    row("aten._adaptive_avg_pool3d.default", FLOATS, call(t(2, 3, 4, 6, 5), [3, 2, 5]), tolerance=MEANS),
    row("aten.adaptive_max_pool1d.default", FLOATS, call(t(2, 3, 9), [3]), call(t(2, 3, 9), [4]), call(t(3, 9), [1]), call(t(2, 3, 5), [7])),
    row("aten.adaptive_max_pool2d.default", FLOATS, call(t(2, 3, 7, 8), [3, 2]), call(t(2, 3, 6, 8), [2, 4]), call(t(3, 7, 5), [4, 9]), call(TIES, [3, 3]), call(TIES, [2, 2]), only((f32,), call(t(2, 3, 7, 8), [1, 1]))),
    row("aten.adaptive_max_pool3d.default", FLOATS, call(t(2, 3, 4, 6, 5), [3, 2, 5]), call(t(3, 4, 6, 5), [1, 1, 1])),
    row("aten.max_unpool2d.default", FLOATS, call(t(1, 2, 2, 2), t(1, 2, 2, 2, values=[5, 7, 13, 10, 0, 2, 8, 15], dtype=i64), [4, 4]), call(t(2, 1, 2), t(2, 1, 2, values=[0, 5, 3, 4], dtype=i64), [2, 3])),
    row("aten.max_unpool3d.default", (f32,), call(t(1, 1, 1, 2, 2), t(1, 1, 1, 2, 2, values=[21, 7, 13, 10], dtype=i64), [2, 3, 4], [2, 2, 2], [0, 0, 0])),
)  # fmt: skip
