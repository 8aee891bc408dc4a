"""Views by other names, moved axes, diagonals, windows."""

from op_case import ALL, FLOATS, bf16, boolean, c64, call, f16, f32, f64, i32, i64, only, refused, row, t, u8

X = t(2, 3, 4)
PLAIN = (f32, i64, boolean)
WITH_COMPLEX = (f32, c64)
MATRICES = (call(t(2, 3)), call(t(4, 2, 3)), call(t(0, 2)))
MOVES = (call(X, 0, -1), call(X, 2, 0), call(X, 1, 1), call(t(), 0, 0))
MOVES_OF_SEVERAL = (call(X, [0, 1], [-1, 0]), call(X, [2], [0]), call(X, [], []), call(X, [0, 1, 2], [2, 0, 1]))
SWAPS = (call(X, 0, 1), call(X, -1, -3), call(t(), 0, -1))
CASTS = (f16, bf16, f32, f64, i32, i64, boolean)
AT_LEAST = (call(t()), call(t(3)), call(t(2, 3)), call(X), call(t(2, 3, 2, 2)))
LISTS = (call([t(), t(3), t(2, 3), X]), call([t(3)]))
DIAGONALS = (
    call(t(3, 4)),
    call(t(3, 4), 1),
    call(t(3, 4), -2),
    call(t(3, 4), 9),
    call(t(3, 4), -3),
    call(t(0, 3)),
    call(X, 0, 2, 1),
    call(X, 1, -1, 0),
    call(t(2, 3, 4, 5), 1, 1, 3),
)

ROWS = (
    row("aten.view_as.default", PLAIN, call(X, t(6, 4)), call(t(), t(1, 1)), call(t(0, 3), t(3, 0))),
    row("aten.reshape_as.default", PLAIN, call(X, t(6, 4)), call(t(4, 3, 2, order=(2, 1, 0)), t(24)), call(t(1), t())),
    row("aten.expand_as.default", PLAIN, call(t(3, 1), t(2, 3, 4)), call(t(), t(2)), call(t(2), t(2))),
    row("aten.broadcast_to.default", PLAIN, call(t(3, 1), [2, -1, 4]), call(t(), [2]), call(t(1), [0])),
    row("aten.broadcast_tensors.default", PLAIN, call([t(3, 1), t(4)]), call([t(), t(2, 1), t(1, 3)]), call([t(2)]), call([t(0), t(1)])),
    row("aten._reshape_alias.default", PLAIN, call(X, [6, 4], [4, 1]), call(t(4), [2, 2], [2, 1])),
    row("aten.ravel.default", PLAIN, call(X), call(t()), call(t(3)), call(t(0, 2))),
    row("aten.unflatten.int", PLAIN, call(X, 2, [2, 2]), call(X, -1, [-1, 2]), call(t(6), 0, [2, 3]), call(t(2, 0), 1, [0, 2])),
    row("aten.type_as.default", ALL, *(call(t(2, 3), t(1, dtype=dtype)) for dtype in CASTS)),
    row("aten.to.device", ALL, *(call(t(2, 3), "cpu", dtype) for dtype in CASTS)),
    row("aten.to.dtype", ALL, *(call(t(2, 3), dtype) for dtype in CASTS), call(t(), f32, False, True)),
    row("aten.to.other", ALL, *(call(t(2, 3), t(1, dtype=dtype)) for dtype in CASTS)),
    row("aten.to.dtype_layout", ALL, *(call(t(2, 3), dtype=dtype) for dtype in CASTS), call(t(2))),
    row("aten.view.dtype", PLAIN, call(t(2, 4), u8), only((f32,), call(t(2, 4), i32)), only((f32,), call(t(2, 4), f16)), only((i64,), call(t(2, 3), i32)),
        only((f32,), call(t(2, 4), f32))),
    row("aten.movedim.int", PLAIN, *MOVES),
    row("aten.movedim.intlist", PLAIN, *MOVES_OF_SEVERAL),
    row("aten.moveaxis.int", PLAIN, *MOVES),
    row("aten.moveaxis.intlist", PLAIN, *MOVES_OF_SEVERAL),
    row("aten.swapaxes.default", PLAIN, *SWAPS),
    row("aten.swapdims.default", PLAIN, *SWAPS),
    row("aten.numpy_T.default", PLAIN, *MATRICES, call(t(3)), call(t())),
    row("aten.mT.default", PLAIN, *MATRICES),
    row("aten.mH.default", WITH_COMPLEX, *MATRICES),
    row("aten.adjoint.default", WITH_COMPLEX, *MATRICES),
    row("aten.matrix_H.default", WITH_COMPLEX, call(t(2, 3)), call(t(0, 2))),
    row("aten.atleast_1d.default", PLAIN, *AT_LEAST),
    row("aten.atleast_2d.default", PLAIN, *AT_LEAST),
    row("aten.atleast_3d.default", PLAIN, *AT_LEAST),
    row("aten.atleast_1d.Sequence", PLAIN, *LISTS),
    row("aten.atleast_2d.Sequence", PLAIN, *LISTS),
    row("aten.atleast_3d.Sequence", PLAIN, *LISTS),
    row("aten.narrow.default", PLAIN, call(X, 2, 1, 2), call(X, -1, -3, 2), call(X, 0, 2, 0), call(X, 1, -1, 1), call(t(5), 0, 0, 5)),
    row("aten.diagonal.default", PLAIN, *DIAGONALS),
    row("aten.linalg_diagonal.default", PLAIN, call(X), call(X, offset=1, dim1=0, dim2=1)),
    row("aten.diag.default", PLAIN, call(t(3)), call(t(3), 2), call(t(2), -1), call(t(3, 4)), call(t(3, 4), -1), call(t(0))),
    row("aten.diag_embed.default", PLAIN, call(t(2, 3)), call(t(2, 3), 1), call(t(2, 3), -2), call(t(2, 3), 1, 0, 2), call(t(2, 3), 1, 2, 0), call(t(3), 0, 1, 0), call(t(2, 0))),
    row("aten.diagflat.default", PLAIN, call(t(2, 2)), call(t(3), 1), call(t(3), -1), call(t())),
    row("aten.trace.default", (*FLOATS, i32, i64), call(t(3, 4)), call(t(2, 2)), call(t(1, 3))),
    row("aten.unfold.default", PLAIN, call(t(2, 10), 1, 4, 2), call(t(2, 10), -1, 3, 5), call(t(6, 2), 0, 2, 1), call(t(2, 5, 3), 1, 5, 1), call(t(3, 2, 10, order=(1, 0, 2)), 2, 4, 3),
        call(t(), 0, 1, 1), call(t(), 0, 0, 1)),
    row("aten.as_strided.default", PLAIN, call(t(10), [4, 3], [2, 1], 1), call(t(3, 4), [4, 3], [1, 4]), call(t(2, 3), [2, 2, 3], [0, 3, 1]), call(t(6), [], []),
        call(t(2, 6), [2, 3, 2], [6, 2, 1])),
    row("aten.as_strided_scatter.default", PLAIN, call(t(3, 3), t(2, 2), [2, 2], [1, 2]), call(t(3, 3), t(2, 2), [2, 2], [1, 2], 1), call(t(16), t(2, 2, 2), [2, 2, 2], [8, 4, 2], 1), call(t(4), t(), [], [], 2),
        refused("written twice", t(3, 3), t(2, 2), [2, 2], [1, 1])),
    row("aten.pixel_shuffle.default", PLAIN, call(t(2, 12, 4, 5), 2), call(t(9, 2, 3), 3), call(t(2, 3, 4, 2, 2), 2), call(t(1, 1, 1, 0), 1), call(t(0, 4, 2, 2), 2)),
    row("aten.pixel_unshuffle.default", PLAIN, call(t(2, 3, 8, 10), 2), call(t(1, 6, 9), 3), call(t(2, 3, 1, 4, 2), 2), call(t(1, 1, 1, 0), 1)),
    row("aten.channel_shuffle.default", PLAIN, call(t(2, 6, 4, 4), 3), call(t(2, 4, 3), 2), call(t(2, 6, 2, 2), 1)),
    row("aten.lift.default", PLAIN, call(X), call(t())),
    row("aten.lift_fresh.default", PLAIN, call(X), call(t())),
)  # fmt: skip
