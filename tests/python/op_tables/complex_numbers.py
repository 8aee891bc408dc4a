"""Complex numbers."""

from op_case import FLOATS, c64, call, f16, f32, i64, inf, nan, only, refused, row, t

Z = (call(t(2, 3)), call(t()), call(t(0, 2)))
PARTS = (
    call(t(2, 3), t(2, 3)),
    call(t(2, 1), t(3)),
    call(t(), t()),
    call(t(3, values=[inf, nan, 0.0]), t(3, values=[1.0, -inf, nan])),
)
BOTH = (f32, c64)

ROWS = (
    row("aten.view_as_real.default", (c64,), *Z),
    row("aten.view_as_complex.default", (f32,), call(t(2, 3, 2)), call(t(2)), call(t(0, 2))),
    row("aten.complex.default", (f32,), *PARTS, only((f16,), refused("complex32", t(2, 3), t(2, 3)))),
    row("aten.polar.default", (f32,), call(t(2, 3), t(2, 3)), call(t(2, 1), t(3))),
    row("aten.real.default", (*BOTH, i64), *Z),
    row("aten.imag.default", (c64,), *Z),
    row("aten.conj.default", (*BOTH, i64), *Z),
    row("aten._conj.default", (c64,), *Z),
    row("aten.conj_physical.default", (*BOTH, i64), *Z),
    row("aten._conj_physical.default", (c64,), *Z),
    row("aten.resolve_conj.default", BOTH, *Z),
    row("aten.resolve_neg.default", BOTH, *Z),
    row("aten._neg_view.default", FLOATS, *Z),
    row("aten.angle.default", (c64, *FLOATS, i64), *Z, only(FLOATS, call(t(values=[0.0, 1.0, -1.0, inf, -inf, nan])))),
    row("aten.sgn.default", (c64, f32, i64), *Z, call(t(values=[0, 1, -2]))),
)  # fmt: skip
