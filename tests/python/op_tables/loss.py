"""Losses."""

from op_case import FLOATS, bf16, call, f16, f32, only, row, t

LOGITS, SIDES = t(2, 5), t(2, 5, values=[1.0, -1.0, -1.0, 1.0, 1.0] * 2)

ROWS = (
    row("aten.soft_margin_loss.default", FLOATS, *(call(LOGITS, SIDES, reduction) for reduction in (0, 1, 2)), *(call(t(0, 3), t(0, 3), reduction) for reduction in (0, 1, 2)), only(FLOATS, call(t(values=[-30.0, 30.0, -8.0, 8.0]), t(values=[1.0, 1.0, -1.0, -1.0]), 0)), tolerance={f32: 1e-5, f16: 1e-2, bf16: 6e-2}),
)  # fmt: skip
