"""Bags of embeddings, embeddings of bounded length, bilinear layers."""

from op_case import FLOATS, bf16, call, f16, f32, i64, index, inf, row, t

SUMS = {f32: 2e-5, f16: 2e-2, bf16: 1.6e-1}
TABLE, WORDS = t(9, 4), index(7, below=9)
OFFSETS, EMPTY = t(3, values=[0, 2, 5], dtype=i64), t(4, values=[0, 2, 2, 7], dtype=i64)
SUM, MEAN, MAX = 0, 1, 2

BAGS = (
    *(call(TABLE, WORDS, offsets, False, mode) for mode in (SUM, MEAN, MAX) for offsets in (OFFSETS, EMPTY)),
    call(TABLE, WORDS, OFFSETS, False, SUM, False, t(7)),
    call(TABLE, WORDS, EMPTY, False, MEAN, False, None, True),
)
PADDED = t(7, values=[1, 2, 2, 2, 2, 0, 1], dtype=i64)

ROWS = (
    row("aten.embedding_bag.default", FLOATS, *BAGS, results=1, tolerance=SUMS),
    row("aten.embedding_bag.padding_idx", FLOATS, *(call(TABLE, PADDED, offsets, False, mode, False, None, False, padding) for mode in (SUM, MEAN, MAX) for offsets, padding in ((OFFSETS, 2), (EMPTY, -7), (OFFSETS, None))), results=1, tolerance=SUMS),
    row("aten._embedding_bag.default", FLOATS, *BAGS, call(TABLE, PADDED, OFFSETS, False, MEAN, False, None, False, 2), results=1, tolerance=SUMS),
    row("aten._embedding_bag_forward_only.default", FLOATS, *BAGS, results=1, tolerance=SUMS),
    row("aten.embedding_renorm.default", (f32,), *(call(TABLE, index(2, 3, below=9), size, kind) for size, kind in ((1.0, 2.0), (3.0, 1.0), (2.0, inf), (2.5, 3.0))), tolerance=SUMS),
    row("aten.bilinear.default", FLOATS, call(t(3, 4), t(3, 5), t(6, 4, 5), t(6)), call(t(2, 3, 4), t(2, 3, 5), t(6, 4, 5)), call(t(4), t(5), t(1, 4, 5), t(1)), tolerance={f32: 5e-5, f16: 8e-2, bf16: 6e-1}),
)  # fmt: skip
