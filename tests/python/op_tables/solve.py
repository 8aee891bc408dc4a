"""Inverses, determinants, factorizations."""

from op_case import call, f32, refused, row, t

FLOAT = (f32,)
CLOSE = {f32: 2e-5}
# Far from singular, and positive definite.
REGULAR = t(3, 3, values=[[4.0, 1.0, 0.5], [1.0, 3.0, -0.5], [0.5, -0.5, 2.0]])
SKEW = t(3, 3, values=[[2.0, -1.0, 0.5], [3.0, 1.0, -2.0], [0.0, 1.5, 4.0]])
UPPER = t(3, 3, values=[[2.0, -1.0, 0.5], [0.0, 1.0, -2.0], [0.0, 0.0, 4.0]])
LOWER = t(3, 3, values=[[2.0, 0.0, 0.0], [-1.0, 1.0, 0.0], [0.5, -2.0, 4.0]])
BATCH = t(2, 2, 2, values=[[[2.0, 1.0], [1.0, 3.0]], [[5.0, -1.0], [-1.0, 1.0]]])
NEGATIVE = t(2, 2, values=[[1.0, 2.0], [3.0, 4.0]])
SQUARES = (call(REGULAR), call(SKEW), call(BATCH), call(NEGATIVE))
DEFINITE = (call(REGULAR), call(BATCH))

# Without elements: the matrices, or the batch.
EMPTY = (call(t(0, 0)), call(t(2, 0, 0)), call(t(0, 2, 2)))
THIN = (call(t(0, 2)), call(t(2, 3, 0)), call(t(0, 3, 2)))
TALL = t(3, 2, values=[[1.0, 2.0], [0.0, 1.0], [3.0, -1.0]])
SINGULAR = t(3, 3, values=[[1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [1.0, 0.0, 1.0]])
INDEFINITE = t(
    2,
    3,
    3,
    values=[[[4.0, 1.0, 0.0], [1.0, -3.0, 0.0], [0.0, 0.0, 1.0]], [[4.0, 1.0, 0.0], [1.0, 3.0, 0.0], [0.0, 0.0, 1.0]]],
)
PSEUDO_INVERSES = (
    *SQUARES,
    *THIN,
    call(TALL),
    call(t(2, 5, values=[[1.0, 2.0, 0.0, -1.0, 3.0], [0.0, 1.0, 4.0, 1.0, 0.5]])),
    call(SINGULAR),
    call(SKEW, hermitian=True),
    call(BATCH, hermitian=True),
)

ROWS = (
    row("aten.linalg_inv.default", FLOAT, *SQUARES, call(t(0, 0)), call(t(0, 2, 2)), tolerance=CLOSE),
    row("aten.inverse.default", FLOAT, *SQUARES, tolerance=CLOSE),
    row("aten.linalg_pinv.atol_rtol_float", FLOAT, *PSEUDO_INVERSES, call(REGULAR, rtol=0.5), call(REGULAR, atol=3.0), call(REGULAR, atol=0.5, rtol=0.9), call(BATCH, rtol=0.5), tolerance=CLOSE),
    row("aten.linalg_pinv.atol_rtol_tensor", FLOAT, *PSEUDO_INVERSES, call(REGULAR, rtol=t(values=0.5)), call(REGULAR, atol=t(values=3.0)), call(BATCH, rtol=t(2, values=[0.5, 0.0])), call(BATCH, atol=t(2, values=[2.0, 0.0]), rtol=t(values=0.1)), tolerance=CLOSE),
    row("aten.linalg_inv_ex.default", FLOAT, *SQUARES, *EMPTY, tolerance=CLOSE),
    row("aten._linalg_det.default", FLOAT, *SQUARES, results=1, tolerance=CLOSE),
    row("aten._linalg_slogdet.default", FLOAT, *SQUARES, results=2, tolerance=CLOSE),
    row("aten.linalg_cholesky_ex.default", FLOAT, *DEFINITE, *EMPTY, call(BATCH, upper=True), call(INDEFINITE), tolerance=CLOSE),
    row("aten.linalg_solve_ex.default", FLOAT, call(REGULAR, t(3, 2)), call(SKEW, t(3)), call(BATCH, t(2, 2)), call(t(2, 0, 0), t(2, 0, 1)), tolerance=CLOSE),
    row("aten._linalg_solve_ex.default", FLOAT, call(REGULAR, t(3, 2)), call(SKEW, t(3)), results=1, tolerance=CLOSE),
    row("aten.linalg_det.default", FLOAT, *SQUARES, *EMPTY, tolerance=CLOSE),
    row("aten.det.default", FLOAT, *SQUARES, tolerance=CLOSE),
    row("aten.linalg_slogdet.default", FLOAT, *SQUARES, *EMPTY, tolerance=CLOSE),
    row("aten.slogdet.default", FLOAT, *SQUARES, tolerance=CLOSE),
    row("aten.logdet.default", FLOAT, *SQUARES, *EMPTY, tolerance=CLOSE),
    row("aten.cholesky.default", FLOAT, *DEFINITE, call(REGULAR, True), tolerance=CLOSE),
    row("aten.linalg_cholesky.default", FLOAT, *DEFINITE, call(t(0, 0)), call(REGULAR, upper=True), tolerance=CLOSE),
    row("aten.cholesky_solve.default", FLOAT, call(t(0, 2), t(0, 0)), call(t(3, 2), LOWER), call(t(3, 2), UPPER, True), tolerance=CLOSE),
    row("aten.cholesky_inverse.default", FLOAT, call(LOWER), call(UPPER, True), tolerance=CLOSE),
    row("aten.linalg_solve.default", FLOAT, call(REGULAR, t(3, 2)), call(t(0, 0), t(0, 2)), call(SKEW, t(3)), call(BATCH, t(2, 2, 3)), call(BATCH, t(2, 2)), call(SKEW, t(2, 3), left=False), call(BATCH, t(1, 2, 3)), tolerance=CLOSE),
    row("aten.linalg_solve_triangular.default", FLOAT, call(UPPER, t(3, 2), upper=True), call(LOWER, t(3, 2), upper=False), call(UPPER, t(2, 3), upper=True, left=False),
        call(UPPER, t(3, 2), upper=True, unitriangular=True), call(SKEW, t(2, 3), upper=False, left=False, unitriangular=True), call(t(0, 0), t(0, 2), upper=True, unitriangular=True), tolerance=CLOSE),
    row("aten.triangular_solve.default", FLOAT, call(t(3, 2), UPPER), call(t(3, 2), LOWER, False), call(t(3, 2), UPPER, True, True), tolerance=CLOSE),
    row("aten.linalg_qr.default", FLOAT, call(REGULAR), call(t(4, 2, values=[[1.0, 2.0], [0.0, 1.0], [3.0, -1.0], [1.0, 1.0]])), call(SKEW, "complete"), refused("complete", t(4, 2), "complete"), *THIN, call(t(0, 0)), tolerance=CLOSE),
    row("aten.qr.default", FLOAT, call(REGULAR), call(BATCH), tolerance=CLOSE),
    row("aten.linalg_svdvals.default", FLOAT, *SQUARES, *THIN, call(t(3, 2)), tolerance=CLOSE),
    row("aten.linalg_eigvalsh.default", FLOAT, *DEFINITE, *EMPTY, call(SKEW), call(SKEW, "U"), tolerance=CLOSE),
)  # fmt: skip
