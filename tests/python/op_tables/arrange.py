"""Repetition, reversal, triangles, padding by what is there."""

from op_case import boolean, call, f16, f32, i32, i64, refused, row, t

PLAIN = (f32, i64, boolean)
X = t(2, 3, 4)
DIAGONALS = (
    call(t(4, 4)),
    call(t(3, 5), 1),
    call(t(5, 3), -1),
    call(t(2, 3, 4), 2),
    call(t(3, 3), -5),
    call(t(3, 3), 5),
)
SIGNALS = (f32, f16)

ROWS = (
    row(
        "aten.repeat.default",
        PLAIN,
        call(X, [1, 2, 1]),
        call(t(3), [2, 3]),
        call(t(2, 1), [3, 1, 2]),
        call(t(), [2]),
        call(t(), []),
    ),
    row("aten.tile.default", PLAIN, call(X, [1, 2, 1]), call(t(3), [2, 3]), call(X, [2]), call(t(), [2])),
    row(
        "aten.repeat_interleave.self_int",
        PLAIN,
        call(X, 2, 1),
        call(X, 3),
        call(X, 1, -1),
        call(t(3), 0, 0),
        call(t(), 2),
    ),
    row(
        "aten.repeat_interleave.self_Tensor",
        PLAIN,
        call(t(3, 2), t(3, dtype=i64, values=[2, 0, 3]), 0),
        call(X, t(4, dtype=i64, values=[1, 2, 0, 1]), -1),
        call(t(2, 2), t(4, dtype=i64, values=[1, 2, 0, 1])),
        refused("one number of repeats", X, t(1, dtype=i64, values=[2]), 1),
    ),
    row(
        "aten.repeat_interleave.Tensor",
        (i32, i64),
        call(t(3, values=[2, 0, 3])),
        call(t(3, values=[1, 1, 1]), output_size=3),
    ),
    row(
        "aten.diff.default",
        (f32, f16, i64, boolean),
        call(X),
        call(X, 2, 1),
        call(X, 1, 0, t(1, 3, 4)),
        call(X, 2, -1, t(2, 3, 2), t(2, 3, 1)),
        call(t(3), 5),
        call(t(1)),
    ),
    row("aten.flipud.default", PLAIN, call(X), call(t(3))),
    row("aten.fliplr.default", PLAIN, call(X), call(t(3, 2))),
    row(
        "aten.rot90.default",
        PLAIN,
        *(call(X, k, dims) for k in (-1, 0, 1, 2, 3, 6) for dims in ([0, 1], [2, 1])),
    ),
    row(
        "aten.flip.default", PLAIN, call(X, [0]), call(X, [-1, 0]), call(X, []), call(t(3), [0]), call(t(1, 2), [0, 1])
    ),
    row(
        "aten.roll.default",
        PLAIN,
        call(X, [1], [0]),
        call(X, [-1, 5], [1, 2]),
        call(X, [3]),
        call(t(5), [-2], [-1]),
        call(X, [0], [1]),
    ),
    row("aten.tril.default", PLAIN, *DIAGONALS),
    row("aten.triu.default", PLAIN, *DIAGONALS),
    row(
        "aten.pad.default",
        SIGNALS,
        call(X, [1, 2]),
        call(X, [1, 2, 0, 1], "constant", 2.5),
        call(X, [-1, 1]),
        call(X, [1, 2], "reflect"),
        call(X, [3, 0, 1, 2], "replicate"),
        call(t(2, 3, 4, 5), [1, 2, 2, 1], "reflect"),
        call(t(2, 3, 4, 5), [1, 2, 2, 1], "circular"),
        call(X, [4, 4], "circular"),
        call(X, [0, 0], "reflect"),
        call(X, [-1, 1], "circular"),
        call(t(1, 3, 4, 4), [-1, 1, -2, 1], "circular"),
        call(t(1, 2, 4, 4), [-4, 5, 0, 0], "replicate"),
        call(t(1, 2, 4, 4), [3, -2, -1, 2], "replicate"),
        call(t(2, 3, 5), [-2, 2], "reflect"),
        call(t(2, 3, 5), [-2, -1], "reflect"),
    ),
    row("aten.reflection_pad1d.default", SIGNALS, call(X, [1, 2]), call(t(3, 4), [3, 0])),
    row("aten.reflection_pad2d.default", SIGNALS, call(t(2, 3, 4, 5), [1, 2, 2, 1]), call(t(3, 4, 5), [0, 1, 0, 3])),
    row(
        "aten.reflection_pad3d.default",
        SIGNALS,
        call(t(2, 3, 4, 5, 3), [1, 2, 2, 1, 3, 0]),
        call(t(2, 3, 3, 4), [0, 1, 0, 2, 1, 1]),
    ),
    row("aten.replication_pad1d.default", SIGNALS, call(X, [1, 2]), call(t(3, 4), [5, 0])),
    row("aten.replication_pad2d.default", SIGNALS, call(t(2, 3, 4, 5), [1, 2, 2, 1]), call(t(3, 4, 5), [0, 1, 0, 6])),
    row(
        "aten.replication_pad3d.default",
        SIGNALS,
        call(t(2, 3, 4, 5, 3), [1, 2, 2, 1, 3, 5]),
        call(t(2, 3, 3, 4), [0, 1, 0, 6, 1, 0]),
    ),
)
