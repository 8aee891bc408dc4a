"""Norms over groups of channels, and lengths of vectors."""

from op_case import FLOATS, bf16, call, f16, f32, refused, row, t

NORMS = {f32: 1e-5, f16: 1e-2, bf16: 8e-2}
CHANNELS = (t(6), t(6))

ROWS = (
    row("aten.group_norm.default", FLOATS, call(t(2, 6, 4, 5), 3), call(t(2, 6, 4, 5), 3, *CHANNELS), call(t(2, 6), 2, *CHANNELS),
        call(t(2, 6, 5), 6, *CHANNELS), call(t(2, 6, 5), 1, t(6), None, 0.1), call(t(2, 6, 2, 3, 2), 2, *CHANNELS), tolerance=NORMS),
    row("aten.instance_norm.default", FLOATS, call(t(2, 6, 4, 5), None, None, None, None, True, 0.1, 1e-5, True),
        call(t(2, 6, 4, 5), *CHANNELS, None, None, True, 0.1, 1e-3, True), call(t(2, 6, 7), *CHANNELS, None, None, True, 0.1, 1e-5, True),
        refused("running statistics", t(2, 6, 7), None, None, t(6), t(6, low=0.5, high=1), False, 0.1, 1e-5, True), tolerance=NORMS),
)  # fmt: skip
