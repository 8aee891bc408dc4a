"""New tensors; assertions."""

from op_case import (
    ALL,
    FLOATS,
    bf16,
    boolean,
    call,
    f16,
    f32,
    f64,
    i32,
    i64,
    inf,
    nan,
    only,
    refused,
    row,
    t,
    u8,
)

ONCE = (f32,)  # without a tensor argument there is no dtype to vary
SIZES = ([2, 3], [], [0], [2, 0, 3])
DTYPES = (f32, f16, bf16, f64, i32, i64, boolean, u8)

NEW = (*(call(size, dtype=dtype) for size, dtype in zip([*SIZES, *SIZES], DTYPES, strict=True)), call([2]))
FILLS = (
    call([2, 3], 2),
    call([2], 2.5),
    call([], True),
    call([2], -inf),
    call([2], nan),
    call([2], 0.1, dtype=f16),
    call([2], 0.1, dtype=f64),
    call([2], 7, dtype=f32),
    call([2], 2**40 + 1),
    call([2], 2**53 + 1, dtype=i64),
    call([2], -1, dtype=i32),
    call([2], 2.7, dtype=i32),
    call([2], -2.7, dtype=i64),
    call([2], 3, dtype=boolean),
    call([2], 0.5, dtype=boolean),
    call([0], 1),
    call([1], 16777217, dtype=f32),
)
LIKE = (
    call(t(2, 3)),
    call(t()),
    call(t(0, 2)),
    call(t(2), dtype=f16),
    call(t(2), dtype=i64),
    call(t(2), dtype=boolean),
)
NEW_FILLS = tuple(
    type(c)((t(2), *c.args), c.kwargs, c.refused, c.dtypes) for c in FILLS if abs(c.args[1]) < 1e4 or c.kwargs
)

ROWS = (
    row("aten.zeros.default", ONCE, *NEW),
    row("aten.ones.default", ONCE, *NEW),
    row("aten.full.default", ONCE, *FILLS),
    row("aten.zeros_like.default", ALL, *LIKE),
    row("aten.ones_like.default", ALL, *LIKE),
    row("aten.full_like.default", ALL, call(t(2, 3), 2), call(t(), 0), call(t(2), 2.5), call(t(0), 1), call(t(2), 3, dtype=f32),
        call(t(2), True), call(t(2), 2.5, dtype=i64), only(FLOATS, call(t(2), -inf))),
    row("aten.new_zeros.default", ALL, call(t(2), [3, 2]), call(t(), []), call(t(2), [0, 1], dtype=f16)),
    row("aten.new_ones.default", ALL, call(t(2), [3, 2]), call(t(), []), call(t(2), [2], dtype=boolean)),
    row("aten.new_full.default", ALL, *NEW_FILLS),
    row("aten.scalar_tensor.default", ONCE, call(2), call(2.5), call(-inf), call(True), call(2, dtype=f16), call(2**40 + 1, dtype=i64), call(2.7, dtype=i32), call(3, dtype=boolean)),
    row("aten.arange.default", ONCE, call(5), call(0), call(5, dtype=f32), call(5, dtype=f16), call(300, dtype=bf16), call(5.0), call(4.5), call(5, dtype=i32),
        refused("as integers", 2.5, dtype=i64), call(70000, dtype=i32)),
    row("aten.arange.start", ONCE, call(2, 7), call(-3, 3), call(3, 3), call(2, 7, dtype=f32), call(0.5, 4.5), call(1, 4.25), call(2, 7, dtype=bf16)),
    row("aten.arange.start_step", ONCE, call(0, 10, 3), call(10, 0, -3), call(1, 9, 2, dtype=f32), call(0, 1, 0.1), call(0.0, 1.0, 0.25), call(1, 0, -0.3),
        call(0, 7, 7), call(0, 10, 2.5), call(0, 10, 1), call(5, 5, 2), call(0, 1, 0.1, dtype=f16), call(-1.0, 1.0, 0.3, dtype=f64)),
    row("aten._assert_tensor_metadata.default", ALL, call(t(2, 3), None, None, None), call(t(2, 3), [2, 3])),
    row("aten._assert_scalar.default", ONCE, call(True, "holds")),
    row("aten._assert_async.default", (boolean,), call(t(values=True))),
    row("aten._assert_async.msg", (boolean,), call(t(values=True), "holds")),
    row("aten.sym_constrain_range.default", ONCE, call(3, min=2)),
    row("aten.sym_constrain_range_for_size.default", ONCE, call(3, min=2)),
)  # fmt: skip
