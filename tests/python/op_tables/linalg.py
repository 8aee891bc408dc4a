"""Products of vectors and matrices, distances, norms of matrices."""

from op_case import FLOATS, c64, call, f16, f32, i32, i64, nan, only, refused, row, t, u8

A, B = t(2, 3, 4), t(2, 4, 5)
VECTORS = (call(t(3), t(3)), call(t(0), t(0)))
HALF = {f16: 2e-2}
PRODUCTS = (call(t(3), t(4)), call(t(1), t(2)), call(t(0), t(2)))
CROSS = (call(t(2, 3), t(2, 3)), call(t(3), t(3)), call(t(4, 3), t(1, 3)))
DISTANCES = tuple(call(t(2, 4, 3), t(2, 5, 3), p, None) for p in (2.0, 1.0, 0.0, float("inf"), 3.0))
POWERS = (*(call(t(3, 3, low=-1, high=1), n) for n in (0, 1, 2, 5)), call(t(2, 3, 3, low=-1, high=1), 3))
NOTHING = (
    *(call(t(5, 0), p) for p in (1, 2, float("inf"))),
    call(t(0, 3, 4), -2),
    call(t(3, 0, 4), 2, [1, 2], True),
    call(t(3, 0, 4), 2, [0, 1]),
)

ROWS = (
    row("aten.dot.default", (*FLOATS, i64), *VECTORS, tolerance=HALF),
    # Of complex numbers PyTorch is wrong itself where another BLAS is preloaded than it was built with.
    row("aten.vdot.default", (f32, i64), *VECTORS),
    row("aten.mv.default", (f32, i64), call(t(2, 3), t(3)), call(t(0, 3), t(3))),
    row("aten.outer.default", (*FLOATS, i64), *PRODUCTS, call(t(2), t(3, dtype=f32))),
    row("aten.ger.default", (*FLOATS, i64), *PRODUCTS),
    row("aten.inner.default", (f32, i64), call(t(3), t(3)), call(t(2, 3), t(4, 3)), call(t(), t(2, 3)), call(t(2, 5, 3), t(3))),
    row("aten.kron.default", (*FLOATS, i64), call(t(2, 2), t(2, 3)), call(t(3), t(2)), call(t(2, 1, 2), t(2, 2)), call(t(2), t(2, dtype=f32))),
    row("aten.linalg_vecdot.default", (f32, c64), call(t(2, 3), t(2, 3)), call(t(2, 3), t(3)), call(t(2, 3), t(2, 3), dim=0)),
    row("aten.tensordot.default", (f32, i64), call(A, t(3, 4, 5), [1, 2], [0, 1]), call(A, t(5, 4), [-1], [1]), call(t(2), t(3), [], []), call(t(2, 3), t(1, 4), [1], [0])),
    row(
        "aten.einsum.default",
        (f32, c64, i32, i64, u8),
        call("bij,bjk->bik", [A, B]),
        call("b i j , b j k -> b i k", [A, B]),
        call("ibnd,jbnd->bnij", [t(3, 2, 4, 5), t(6, 2, 4, 5)]),
        call("...ij,...jk->...ik", [A, B]),
        only((f32, c64), call("ii->i", [t(3, 3)])),
        call("ij,jk", [t(2, 3), t(3, 4)]),
        call("i,i,i->", [t(3), t(3), t(3)]),
        call("bhqd,hd->bhq", [t(2, 3, 4, 5), t(3, 5)]),
        call("ij->ji", [t(2, 3)]),
        call("i,j->ij", [t(2), t(3)]),
        call("BHqd,BHkd->BHqk", [t(1, 2, 3, 4), t(1, 2, 5, 4)]),
        call("ij,jk->ik", [t(2, 3), t(3, 4)]),
        call("i...,...k", [t(3, 2, 4), t(2, 4, 5)]),
        call("ba,c", [t(2, 3), t(4)]),
        call("bij->b", [t(2, 3, 4)]),
        only((i64,), refused("diagonal", "ii->i", [t(3, 3)])),
        tolerance={f32: 1e-5, c64: 1e-5},
    ),
    row("aten._trilinear.default", (f32, i64), call(t(3, 4), t(6, 4, 5), t(3, 5), [1, 3], [0], [1, 2], [2, 3]), call(t(4), t(4, 5), t(5), [1], [], [0], [0, 1]),
        call(t(2, 3), t(2, 3), t(2, 3), [], [], [], []), tolerance={f32: 1e-5}),
    row("aten.chain_matmul.default", (f32, i64), call([t(2, 3), t(3, 4), t(4, 2)]), call([t(2, 3)])),
    row("aten.linalg_multi_dot.default", (f32,), call([t(2, 3), t(3, 4), t(4, 2)]), call([t(3), t(3, 4), t(4)]), tolerance={f32: 1e-5}),
    row("aten.baddbmm.default", FLOATS, call(t(2, 3, 5), A, B), call(t(3, 5), A, B, beta=0.5, alpha=2), call(t(5, values=[nan] * 5), A, B, beta=0), tolerance={**HALF, f32: 1e-5}),
    row("aten.addbmm.default", (f32,), only((i64,), call(t(3, 5), A, B, beta=2, alpha=-2)), call(t(3, 5), A, B), call(t(5), A, B, beta=0.5, alpha=-2), call(t(3, 5), A, B, beta=0), tolerance={f32: 1e-5}),
    row("aten.addmv.default", (f32,), call(t(2), t(2, 3), t(3)), call(t(2), t(2, 3), t(3), beta=0, alpha=0.5), call(t(), t(2, 3), t(3))),
    row("aten.addr.default", (f32, i64), call(t(2, 3), t(2), t(3)), call(t(3), t(2), t(3), beta=2, alpha=-1)),
    row("aten.cross.default", (f32, i64), *CROSS[:2], call(t(3, 2), t(3, 2)), call(t(3, 3), t(3, 3), 1)),
    row("aten.linalg_cross.default", (f32, i64), *CROSS, call(t(3, 2), t(3, 2), dim=0)),
    row("aten.cdist.default", (f32,), call(t(4, 3), t(5, 3)), *DISTANCES, call(t(2, 0), t(3, 0)), call(t(0, 3), t(2, 3)), tolerance={f32: 1e-5}),
    row("aten._cdist_forward.default", (f32,), *DISTANCES, tolerance={f32: 1e-5}),
    row("aten._euclidean_dist.default", (f32,), call(t(4, 3), t(5, 3)), tolerance={f32: 1e-5}),
    row("aten._pdist_forward.default", (f32,), call(t(5, 3)), call(t(1, 4)), call(t(4, 1)), *(call(t(4, 3), p) for p in (0.0, 1.0, 2.0, 3.0, float("inf"))), tolerance={f32: 1e-5}),
    row("aten.matrix_power.default", (f32,), *POWERS, only((i64,), call(t(3, 3), 5)), only((i64,), call(t(2, 2), 0)), tolerance={f32: 1e-5}),
    row("aten.linalg_matrix_power.default", (f32,), *POWERS, tolerance={f32: 1e-5}),
    row("aten.linalg_matrix_norm.default", (f32,), *(call(A, p, [-2, -1], keep) for p in (1, -1, float("inf"), -float("inf")) for keep in (True, False)), call(A, 1, [0, 2]), call(t(3, 4), 2),
        call(t(3, 4), -2), call(A, 2), call(A, -2, [0, 2], True), call(A, 2, [2, 0]), call(t(4, 2), 2), *NOTHING, tolerance={f32: 1e-5}),
    row("aten.linalg_matrix_norm.str_ord", (f32,), call(A), call(A, "fro", [0, 1], True), call(t(3, 4), "nuc"), call(A, "nuc"), call(A, "nuc", [1, 0], True), call(A, "nuc", [2, 1]), call(t(3, 0), "nuc"), call(t(0, 3, 2)), call(t(2, 0, 3), "fro", [0, 1], True), tolerance={f32: 1e-5}),
)  # fmt: skip
