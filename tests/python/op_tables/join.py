"""Splitting and joining."""

from op_case import ALL, bf16, boolean, call, f16, f32, i64, only, row, t

X = t(2, 3, 4)
PLAIN = (f32, i64, boolean)
EVEN = (
    call(t(7, 2), 3),
    call(t(2, 6), 2, -1),
    call(t(4), 4),
    call(t(4), 100),
    call(t(0, 3), 2),
    call(t(3, 0), 1),
    call(t(0), 0),
)
SIZES = (call(t(7, 2), [3, 4]), call(t(2, 6), [1, 0, 5], -1), call(t(4), [4]), call(t(0), [0, 0]))
CHUNKS = (
    call(t(7, 2), 3),
    call(t(2, 6), 2, -1),
    call(t(4), 1),
    call(t(5), 4),
    call(t(3), 7),
    call(t(0), 3),
    call(t(2, 0), 3, 1),
)
INDICES = (call(t(5, 6, 7), [1, 3]), call(t(5, 6, 7), [-2, 1]), call(t(2, 3, 2), [1, 100]), call(t(2, 3, 4), []))
CATS = (
    call([t(2, 3), t(1, 3)]),
    call([t(2, 3), t(2, 1)], -1),
    call([t(2, 3)]),
    call([t(0), t(2, 3)]),
    call([t(2, 3), t(0), t(2, 3)], 1),
    call([t(0), t(0)]),
    call([t(0, 3), t(2, 3)]),
    call([t(2, 3), t(2, 3, dtype=f32)]),
    call([t(2, 3), t(2, 3, dtype=i64)]),
    call([t(2, 3), t(2, 3, dtype=boolean)]),
    call([t(0, dtype=f32), t(2, 3)]),
    only((f16,), call([t(2, 3), t(2, 3, dtype=bf16)])),
)
STACKS = (
    call([t(), t()]),
    call([t(3), t(3), t(3)]),
    call([t(2, 3), t(2, 3)]),
    call([t(2, 3, 4), t(2, 3, 4)]),
    call([t(2, 3), t(2, 3, dtype=f32)]),
)

ROWS = (
    row("aten.split.Tensor", PLAIN, *EVEN),
    row("aten.unsafe_split.Tensor", PLAIN, *EVEN),
    row("aten.split.sizes", PLAIN, *SIZES),
    row("aten.split_with_sizes.default", PLAIN, *SIZES),
    row("aten.unsafe_split_with_sizes.default", PLAIN, *SIZES),
    row("aten.chunk.default", PLAIN, *CHUNKS),
    row("aten.unsafe_chunk.default", PLAIN, *CHUNKS),
    row("aten.tensor_split.sections", PLAIN, call(t(7, 2), 3), call(t(2, 6), 2, -1), call(t(2), 4), call(t(0), 2), call(t(4), 1)),
    row("aten.tensor_split.indices", PLAIN, call(t(7, 2), [3, 4]), call(t(2, 6), [-2, 1, 100], -1), call(t(4), []), call(t(5), [4, 2])),
    row("aten.hsplit.int", PLAIN, call(t(6), 2), call(t(5, 6, 7), 3)),
    row("aten.hsplit.array", PLAIN, call(t(6), [2, 4]), *INDICES),
    row("aten.vsplit.int", PLAIN, call(t(6, 2), 2), call(t(6, 6, 7), 3)),
    row("aten.vsplit.array", PLAIN, *INDICES),
    row("aten.dsplit.int", PLAIN, call(t(5, 6, 8), 2)),
    row("aten.dsplit.array", PLAIN, *INDICES),
    row("aten.unbind.int", PLAIN, call(X), call(X, -1), call(t(1)), call(t(2, 0)), call(t(3), -1)),
    row("aten.cat.default", ALL, *CATS),
    row("aten.concat.default", ALL, *CATS),
    row("aten.concatenate.default", ALL, *CATS),
    row(
        "aten.stack.default",
        ALL,
        call([t(2, 3), t(2, 3)]),
        call([t(2, 3), t(2, 3)], -1),
        call([t(2, 3), t(2, 3)], 1),
        call([t(), t(), t()]),
        call([t(0, 2), t(0, 2)], 2),
        call([t(2), t(2, dtype=f32)]),
        call([t(2)], -2),
    ),
    row("aten.hstack.default", PLAIN, *STACKS),
    row("aten.vstack.default", PLAIN, *STACKS),
    row("aten.dstack.default", PLAIN, *STACKS),
    row("aten.column_stack.default", PLAIN, *STACKS),
)  # fmt: skip
