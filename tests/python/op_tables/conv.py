"""Convolutions and pools."""

from op_case import FLOATS, SPECIAL, bf16, call, f16, f32, inf, refused, row, t

SUMS = {f32: 5e-5, f16: 4e-2, bf16: 3.2e-1}
SIDES = "pads one side more"

ROWS = (
    row("aten.conv1d.default", FLOATS, call(t(2, 3, 8), t(4, 3, 3)), call(t(2, 3, 8), t(4, 3, 3), t(4), [2], [1]), call(t(2, 3, 9), t(4, 3, 3), t(4), [1], [2], [2]),
        call(t(2, 4, 8), t(6, 2, 3), t(6), [1], [1], [1], 2), call(t(2, 4, 8), t(4, 1, 3), t(4), [1], [0], [1], 4), call(t(3, 8), t(4, 3, 1)), call(t(2, 3, 8), t(4, 3, 8)),
        call(t(2, 4, 9), t(8, 1, 3), None, [2], [1], [2], 4), tolerance=SUMS),
    row("aten.conv2d.default", FLOATS, call(t(2, 3, 6, 7), t(4, 3, 3, 3)), call(t(2, 3, 6, 7), t(4, 3, 3, 2), t(4), [2, 1], [1, 0]), call(t(2, 3, 8, 8), t(4, 3, 3, 3), t(4), [1, 1], [2, 1], [2, 1]),
        call(t(2, 4, 6, 6), t(6, 2, 3, 3), t(6), [1, 1], [1, 1], [1, 1], 2), call(t(2, 4, 6, 6), t(8, 1, 3, 3), t(8), [1, 1], [1, 1], [1, 1], 4),
        call(t(3, 6, 7), t(4, 3, 1, 1)), call(t(2, 3, 6, 7), t(4, 3, 3, 3), t(4), [2], [1], [1]), call(t(0, 3, 6, 7), t(4, 3, 3, 3)), call(t(1, 3, 4, 4), t(4, 3, 4, 4), None, [4, 4]),
        call(t(1, 4, 9, 9), t(4, 2, 3, 3), t(4), [3, 2], [0, 2], [2, 3], 2), tolerance=SUMS),
    row("aten.conv3d.default", FLOATS, call(t(2, 3, 4, 5, 6), t(4, 3, 2, 3, 3)), call(t(2, 3, 4, 5, 6), t(4, 3, 2, 3, 3), t(4), [1, 2, 1], [1, 0, 1], [1, 1, 2]),
        call(t(3, 4, 4, 4), t(2, 3, 1, 1, 1), t(2)), refused("grouped", t(2, 4, 4, 4, 4), t(4, 2, 1, 1, 1), None, [1, 1, 1], [0, 0, 0], [1, 1, 1], 2), tolerance=SUMS),
    row("aten.conv_transpose1d.default", FLOATS, call(t(2, 3, 5), t(3, 4, 3)), call(t(2, 3, 5), t(3, 4, 3), t(4), [2], [1], [1]), call(t(2, 4, 5), t(4, 3, 2), t(6), [2], [0], [0], 2),
        call(t(3, 5), t(3, 4, 3), t(4), [1], [0], [0], 1, [2]), tolerance=SUMS),
    row("aten.conv_transpose2d.input", FLOATS, call(t(2, 3, 5, 6), t(3, 4, 3, 3)), call(t(2, 3, 5, 6), t(3, 4, 3, 2), t(4), [2, 1], [1, 0], [1, 0]), call(t(2, 4, 5, 4), t(4, 3, 2, 2), t(6), [2, 2], [0, 0], [0, 0], 2),
        call(t(2, 4, 5, 4), t(4, 1, 3, 3), None, [2, 2], [1, 1], [1, 1], 4), call(t(3, 5, 4), t(3, 4, 3, 3), t(4), [1], [0], [0], 1, [2]),
        call(t(2, 3, 4, 4), t(3, 2, 3, 3), None, [3, 3], [1, 2], [2, 1], 1, [1, 2]), tolerance=SUMS),
    row("aten.conv1d.padding", FLOATS, call(t(2, 3, 8), t(4, 3, 3), t(4), [1], "same"), call(t(2, 3, 8), t(4, 3, 3), None, [2], "valid"), call(t(2, 3, 8), t(4, 3, 3), None, [1], "same", [2]),
        call(t(2, 3, 8), t(4, 3, 2), None, [1], "same", [2]), refused(SIDES, t(2, 3, 8), t(4, 3, 2), None, [1], "same"), tolerance=SUMS),
    row("aten.conv2d.padding", FLOATS, call(t(2, 3, 6, 7), t(4, 3, 3, 5), t(4), [1, 1], "same"), call(t(2, 3, 6, 7), t(4, 3, 3, 3), None, [2, 2], "valid"),
        call(t(2, 4, 6, 7), t(4, 2, 3, 3), None, [1, 1], "same", [2, 1], 2), call(t(3, 6, 7), t(4, 3, 3, 3), t(4), [1, 1], "same"), refused(SIDES, t(2, 3, 6, 6), t(4, 3, 3, 2), None, [1, 1], "same"), tolerance=SUMS),
    row("aten.max_pool2d.default", FLOATS, call(t(2, 3, 6, 7), [2, 2]), call(t(2, 3, 6, 7), [3, 2], [2, 1], [1, 0]), call(t(2, 3, 6, 7, low=-4, high=-1), [3], [2], [1]),
        call(t(3, 6, 7), [2]), call(t(2, 3, 7, 7), [2, 2], []), call(t(2, 3, 8, 8), [3, 3], [1, 1]), call(t(1, 1, 3, 3, values=SPECIAL), [2, 2], [1, 1]), call(t(1, 2, 3, 3, values=[-inf] * 18), [2, 2], [1, 1], [1, 1]),
        call(t(2, 3, 7, 7), [2, 2], [2, 2], [0, 0], [1, 1], True), call(t(2, 3, 7, 6), [3, 3], [2, 2], [1, 1], [1, 1], True), call(t(2, 3, 6, 6), [2, 2], [2, 2], [0, 0], [1, 1], True),
        call(t(1, 1, 5, 5), [2, 2], [3, 3], [1, 1], [1, 1], True), call(t(1, 1, 4, 4), [1, 1], [3, 3], [0, 0], [1, 1], True), refused("dilated", t(2, 3, 8, 8), [2, 2], [1, 1], [0, 0], [2, 2])),
    row("aten.avg_pool2d.default", FLOATS, call(t(2, 3, 6, 7), [2, 2]), call(t(2, 3, 6, 7), [3, 2], [2, 1], [1, 0]), call(t(3, 6, 7), [2]), call(t(2, 3, 7, 7), [3, 3], [2, 2], [1, 1]), call(t(2, 3, 6, 7), [3], [2], [1]),
        call(t(2, 3, 7, 7), [3, 3], [2, 2], [1, 1], False, False), call(t(2, 3, 7, 7), [3, 3], [2, 2], [0, 0], False, False), call(t(2, 3, 6, 6), [2, 2], [2, 2], [0, 0], True),
        call(t(2, 3, 7, 7), [2, 2], [2, 2], [0, 0], True), call(t(2, 3, 7, 6), [3, 3], [2, 2], [1, 1], True), call(t(2, 3, 7, 6), [3, 3], [2, 2], [1, 1], True, False),
        call(t(1, 1, 5, 5), [2, 2], [3, 3], [1, 1], True, False), call(t(2, 3, 7, 7), [2, 2], [2, 2], [0, 0], True, True, 5), call(t(2, 3, 6, 7), [2, 2], [2, 2], [0, 0], False, True, 3), call(t(2, 3, 6, 7), [2, 2], [2, 2], [1, 1], False, False, 3), tolerance={f16: 4e-3}),
    row("aten.adaptive_avg_pool2d.default", FLOATS, call(t(2, 3, 6, 8), [1, 1]), call(t(2, 3, 6, 8), [3, 2]), call(t(2, 3, 6, 8), [6, 8]), call(t(3, 6, 8), [2, 4]), call(t(3, 6, 8), [1, 1]), call(t(2, 3, 6, 8), [1, 4]),
        refused("does not divide", t(2, 3, 7, 8), [3, 2]), tolerance={f16: 4e-3}),
)  # fmt: skip
