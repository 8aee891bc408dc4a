"""Norms over groups of channels, and lengths of vectors."""

from op_case import FLOATS, bf16, call, f16, f32, refused, row, t

NORMS = {f32: 1e-5, f16: 1e-2, bf16: 8e-2}
CHANNELS = (t(6), t(6))

ROWS = (
    row("aten.group_norm.default", FLOATS, call(t(2, 6, 4, 5), 3), call(t(2, 6, 4, 5), 3, *CHANNELS), call(t(2, 6), 2, *CHANNELS),
        call(t(2, 6, 5), 6, *CHANNELS), call(t(2, 6, 5), 1, t(6), None, 0.1), call(t(2, 6, 2, 3, 2), 2, *CHANNELS), call(t(2, 6, 5), 2, *CHANNELS, -0.5), call(t(2, 6), 1, None, None, 0.0), call(t(0, 6, 2), 3, *CHANNELS), tolerance=NORMS),
    row("aten.instance_norm.default", FLOATS, call(t(2, 6, 4, 5), None, None, None, None, True, 0.1, 1e-5, True),
        call(t(2, 6, 4, 5), *CHANNELS, None, None, True, 0.1, 1e-3, True), call(t(2, 6, 7), *CHANNELS, None, None, True, 0.1, 1e-5, True),
        call(t(2, 6, 7), *CHANNELS, t(6), t(6, low=0.5, high=1), False, 0.1, 1e-5, True),
        refused("updates running statistics", t(2, 6, 7), None, None, t(6), t(6, low=0.5, high=1), True, 0.1, 1e-5, True), tolerance=NORMS),
    row("aten.native_group_norm.default", FLOATS, call(t(2, 6, 4, 5), t(6), t(6), 2, 6, 20, 3, 1e-5), call(t(2, 6, 5), None, None, 2, 6, 5, 2, 0.1), call(t(2, 6, 5), *CHANNELS, 2, 6, 5, 2, -0.5), call(t(0, 6, 5), *CHANNELS, 0, 6, 5, 2, 0.1), tolerance=NORMS),
    row("aten.native_layer_norm.default", (f32,), call(t(2, 3, 8), [8], t(8), t(8), 1e-5), call(t(2, 3, 8), [3, 8], None, None, 0.1), tolerance=NORMS),
    row("aten._weight_norm.default", (f32,), call(t(4, 3, 2), t(4, 1, 1)), call(t(4, 3, 2), t(1, 1, 2), 2), call(t(4, 3), t(), -1), call(t(4), t(4), 0), tolerance=NORMS),
    row("aten._weight_norm_interface.default", (f32,), call(t(4, 3, 2), t(4, 1, 1)), call(t(4, 3, 2), t(1, 1, 2), 2), tolerance=NORMS),
)  # fmt: skip
