"""Identity matrices, evenly spaced numbers, places in triangles; what torch leaves undefined has its shape compared."""

from op_case import ALL, boolean, call, f16, f32, f64, i32, i64, refused, row, t

ONCE = (f32,)
EMPTY = (call([0]), call([2, 0], dtype=i64))

ROWS = (
    row("aten.empty.memory_format", ONCE, *EMPTY),
    row("aten.empty_like.default", ALL, call(t(0, 2)), call(t(0), dtype=f16)),
    row("aten.new_empty.default", ALL, call(t(2), [0, 3]), call(t(2), [0], dtype=i32)),
    row("aten.empty_strided.default", ONCE, call([0, 3], [3, 1])),
    row("aten.new_empty_strided.default", ALL, call(t(2), [0, 3], [3, 1])),
    row("aten.empty_permuted.default", ONCE, call([0, 3], [0, 1])),
    row("aten.fill.Scalar", ALL, call(t(4, 5), 2), call(t(4, 5), 2.5), call(t(4, 5), -1), call(t(), 0), call(t(0, 2), 1), call(t(4, 5), True)),
    row("aten.fill.Tensor", ALL, call(t(4, 5), t()), call(t(), t()), call(t(4, 5), t(dtype=i64))),
    row("aten.zero.default", ALL, call(t(4, 5)), call(t()), call(t(0, 2))),
    row("aten.eye.default", ONCE, call(3), call(0), call(2, dtype=i64), call(2, dtype=boolean), call(3, dtype=f16)),
    row("aten.eye.m", ONCE, call(2, 3), call(3, 1), call(0, 2), call(2, 3, dtype=boolean)),
    row("aten.linspace.default", ONCE, call(0, 1, 5), call(-1, 1, 32), call(0.5, -3, 7), call(2, 2, 3), call(0, 1, 1), call(3, 5, 0), call(0, 1, 5, dtype=f16), call(0, 63.5, 128),
        call(0, 1, 9, dtype=f64), refused("evenly spaced integers", 0, 10, 5, dtype=i64)),
    row("aten.logspace.default", ONCE, call(0, 2, 5), call(-1, 1, 4, 2.0), call(0, 1, 1), tolerance={f32: 1e-5}),
    row("aten.tril_indices.default", ONCE, call(3, 3), call(2, 4, 1), call(4, 2, -1), call(2, 2, -5), call(2, 3, dtype=i32)),
    row("aten.triu_indices.default", ONCE, call(3, 3), call(2, 4, 1), call(4, 2, -1), call(2, 2, 5)),
)  # fmt: skip
