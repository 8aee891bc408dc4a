"""Reading by index tensors."""

from op_case import boolean, call, f16, f32, i32, i64, index, refused, row, t

X = t(3, 4, 5)
PLAIN = (f32, f16, i64, boolean)

ROWS = (
    row(
        "aten.index.Tensor",
        PLAIN,
        call(X, [index(2, below=3)]),
        call(X, [index(2, 3, below=3, low=-3)]),
        call(X, [None, index(6, below=4)]),
        call(X, [None, None, index(2, 2, below=5, low=-5)]),
        call(X, [index(2, below=3), index(2, below=4)]),
        call(X, [index(2, below=3, low=-3), index(2, below=4, low=-4)]),
        call(X, [index(2, 1, below=3), index(3, below=4)]),
        call(X, [None, index(2, below=4), index(2, below=5)]),
        call(X, [index(2, below=3), index(2, below=4), index(2, below=5)]),
        call(X, [index(below=3)]),
        call(X, [index(below=3), index(2, below=4)]),
        call(X, [index(0, below=3)]),
        call(X, [index(2, below=3, dtype=i32)]),
        call(X, [index(2, below=3), None, index(2, below=5)]),
        call(X, [None, index(2, below=4), None]),
        call(t(3, 4, 5, 2), [None, index(2, 2, below=4), index(2, below=5)]),
        call(t(3), [index(4, below=3, low=-3)]),
        refused("depends on data", t(3), [t(3, dtype=boolean)]),
        refused("depends on data", X, [None, t(4, dtype=boolean)]),
    ),
    row(
        "aten._unsafe_index.Tensor",
        PLAIN,
        call(X, [index(2, below=3)]),
        call(X, [None, index(2, 1, below=4), index(3, below=5)]),
    ),
    row(
        "aten._unsafe_masked_index.default",
        (f32, i64),
        call(t(4), t(3, dtype=boolean), [index(3, below=4)], 2),
        call(X, t(2, dtype=boolean), [index(2, below=3), index(2, below=4), index(2, below=5)], 0),
    ),
    row(
        "aten.take.default",
        PLAIN,
        call(X, index(2, 3, below=60, low=-60)),
        call(X, index(below=60)),
        call(t(3), index(0, below=3)),
    ),
    row(
        "aten.take_along_dim.default",
        PLAIN,
        call(X, index(3, 4, 2, below=5), 2),
        call(X, index(1, 2, 1, below=4), 1),
        call(t(1, 4), index(3, 2, below=4), 1),
        call(X, index(7, below=60)),
    ),
    row(
        "aten.index_select.default",
        PLAIN,
        call(X, 0, index(2, below=3)),
        call(X, -1, index(7, below=5)),
        call(X, 1, index(0, below=4)),
        call(X, 1, index(2, below=4, dtype=i32)),
        call(t(3), 0, index(2, below=3)),
        call(t(3), 0, index(below=3)),
        call(t(), 0, index(1, below=1)),
    ),
    row(
        "aten.gather.default",
        PLAIN,
        call(X, 0, index(3, 4, 5, below=3)),
        call(X, -1, index(3, 4, 2, below=5)),
        call(X, 1, index(2, 6, 3, below=4)),
        call(X, 2, index(3, 4, 0, below=5)),
        call(t(4), 0, index(2, below=4)),
        call(t(4), 0, index(below=4)),
        call(t(), 0, index(below=1)),
        call(t(), 0, index(1, below=1)),
        call(t(0, 3), 0, index(0, 3, below=1)),
        call(t(5), 0, index(2, 0, below=5)),
    ),
)
