"""Convolutions."""

from op_case import FLOATS, bf16, call, f16, f32, row, t

SUMS = {f32: 5e-5, f16: 4e-2, bf16: 3.2e-1}

ROWS = (
    row("aten.conv1d.default", FLOATS, call(t(2, 3, 8), t(4, 3, 3)), call(t(2, 3, 8), t(4, 3, 3), t(4), [2], [1]), call(t(2, 3, 9), t(4, 3, 3), t(4), [1], [2], [2]),
        call(t(2, 4, 8), t(6, 2, 3), t(6), [1], [1], [1], 2), call(t(2, 4, 8), t(4, 1, 3), t(4), [1], [0], [1], 4), call(t(3, 8), t(4, 3, 1)), call(t(2, 3, 8), t(4, 3, 8)),
        call(t(2, 4, 9), t(8, 1, 3), None, [2], [1], [2], 4), tolerance=SUMS),
    row("aten.conv2d.default", FLOATS, call(t(2, 3, 6, 7), t(4, 3, 3, 3)), call(t(2, 3, 6, 7), t(4, 3, 3, 2), t(4), [2, 1], [1, 0]), call(t(2, 3, 8, 8), t(4, 3, 3, 3), t(4), [1, 1], [2, 1], [2, 1]),
        call(t(2, 4, 6, 6), t(6, 2, 3, 3), t(6), [1, 1], [1, 1], [1, 1], 2), call(t(2, 4, 6, 6), t(8, 1, 3, 3), t(8), [1, 1], [1, 1], [1, 1], 4),
        call(t(3, 6, 7), t(4, 3, 1, 1)), call(t(2, 3, 6, 7), t(4, 3, 3, 3), t(4), [2], [1], [1]), call(t(0, 3, 6, 7), t(4, 3, 3, 3)), call(t(1, 3, 4, 4), t(4, 3, 4, 4), None, [4, 4]),
        call(t(1, 4, 9, 9), t(4, 2, 3, 3), t(4), [3, 2], [0, 2], [2, 3], 2), tolerance=SUMS),
    row("aten.conv3d.default", FLOATS, call(t(2, 3, 4, 5, 6), t(4, 3, 2, 3, 3)), call(t(2, 3, 4, 5, 6), t(4, 3, 2, 3, 3), t(4), [1, 2, 1], [1, 0, 1], [1, 1, 2]),
        call(t(3, 4, 4, 4), t(2, 3, 1, 1, 1), t(2)), call(t(2, 4, 4, 4, 4), t(6, 2, 1, 2, 1), t(6), [1, 1, 1], [0, 0, 0], [1, 1, 1], 2), tolerance=SUMS),
    row("aten.conv_transpose1d.default", FLOATS, call(t(2, 3, 5), t(3, 4, 3)), call(t(2, 3, 5), t(3, 4, 3), t(4), [2], [1], [1]), call(t(2, 4, 5), t(4, 3, 2), t(6), [2], [0], [0], 2),
        call(t(3, 5), t(3, 4, 3), t(4), [1], [0], [0], 1, [2]), tolerance=SUMS),
    row("aten.conv_transpose2d.input", FLOATS, call(t(2, 3, 5, 6), t(3, 4, 3, 3)), call(t(2, 3, 5, 6), t(3, 4, 3, 2), t(4), [2, 1], [1, 0], [1, 0]), call(t(2, 4, 5, 4), t(4, 3, 2, 2), t(6), [2, 2], [0, 0], [0, 0], 2),
        call(t(2, 4, 5, 4), t(4, 1, 3, 3), None, [2, 2], [1, 1], [1, 1], 4), call(t(3, 5, 4), t(3, 4, 3, 3), t(4), [1], [0], [0], 1, [2]),
        call(t(2, 3, 4, 4), t(3, 2, 3, 3), None, [3, 3], [1, 2], [2, 1], 1, [1, 2]), call(t(2, 3, 6, 7), t(3, 2, 1, 2), t(2), [1, 2], [1, 2], [0, 1]), tolerance=SUMS),
    row("aten.conv1d.padding", FLOATS, call(t(2, 3, 8), t(4, 3, 3), t(4), [1], "same"), call(t(2, 3, 8), t(4, 3, 3), None, [2], "valid"), call(t(2, 3, 8), t(4, 3, 3), None, [1], "same", [2]),
        call(t(2, 3, 8), t(4, 3, 2), None, [1], "same", [2]), call(t(2, 3, 8), t(4, 3, 2), None, [1], "same"), tolerance=SUMS),
    row("aten.conv2d.padding", FLOATS, call(t(2, 3, 6, 7), t(4, 3, 3, 5), t(4), [1, 1], "same"), call(t(2, 3, 6, 7), t(4, 3, 3, 3), None, [2, 2], "valid"),
        call(t(2, 4, 6, 7), t(4, 2, 3, 3), None, [1, 1], "same", [2, 1], 2), call(t(3, 6, 7), t(4, 3, 3, 3), t(4), [1, 1], "same"), call(t(2, 3, 6, 6), t(4, 3, 3, 2), None, [1, 1], "same"), tolerance=SUMS),
    row("aten.conv3d.padding", FLOATS, call(t(2, 3, 4, 5, 4), t(4, 3, 3, 1, 3), t(4), [1, 1, 1], "same"), call(t(2, 4, 4, 5, 4), t(4, 2, 2, 3, 2), None, [1, 1, 1], "same", [1, 2, 1], 2), tolerance=SUMS),
    row("aten.conv_transpose3d.input", FLOATS, call(t(2, 3, 3, 4, 3), t(3, 4, 2, 3, 2)), call(t(2, 3, 3, 4, 3), t(3, 4, 2, 3, 2), t(4), [2, 1, 2], [1, 0, 1], [1, 0, 1]),
        call(t(2, 4, 3, 2, 3), t(4, 3, 2, 2, 2), t(6), [2, 2, 2], [0, 0, 0], [0, 0, 0], 2), call(t(3, 3, 4, 3), t(3, 2, 2, 2, 2), None, [1], [0], [0], 1, [2]),
        call(t(1, 2, 4, 5, 2), t(2, 3, 4, 3, 1), t(3), [2, 2, 2], [1, 1, 1], [1, 1, 1], 1, [2, 3, 2]), call(t(1, 2, 4, 5, 4), t(2, 3, 2, 1, 1), t(6), [1, 2, 2], [2, 2, 1], [0, 1, 1], 2), tolerance=SUMS),
    row("aten.convolution.default", FLOATS, call(t(2, 3, 6, 7), t(4, 3, 3, 2), t(4), [2, 1], [1, 0], [1, 1], False, [0, 0], 1), call(t(2, 4, 8), t(6, 2, 3), None, [1], [1], [1], False, [0], 2),
        call(t(2, 4, 3, 4, 5), t(4, 2, 2, 2, 2), t(4), [1, 1, 1], [0, 0, 0], [1, 1, 1], False, [0, 0, 0], 2), call(t(2, 3, 5, 6), t(3, 4, 3, 2), t(4), [2, 1], [1, 0], [1, 1], True, [1, 0], 1), tolerance=SUMS),
    row("aten._convolution.default", FLOATS, call(t(2, 3, 6, 7), t(4, 3, 3, 2), t(4), [2, 1], [1, 0], [1, 1], False, [0, 0], 1, False, False, True, True),
        call(t(2, 3, 5, 6), t(3, 4, 3, 2), t(4), [2, 1], [1, 0], [1, 1], True, [1, 0], 1, False, False, True, True), tolerance=SUMS),
)  # fmt: skip
