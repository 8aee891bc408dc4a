"""Places among sorted numbers, classes as ones and zeros, grids, histograms."""

from op_case import NUMBERS, boolean, call, f16, f32, i64, index, inf, nan, only, refused, row, t

SORTED = t(5, values=[-2, 0, 0, 1, 3])
ROWS_SORTED = t(2, 4, values=[[-2, 0, 0, 3], [-1, 1, 1, 2]])
SPECIALS = (t(4, values=[-inf, -1.0, 0.0, inf]), t(4, values=[nan, inf, -inf, 0.0]))
ROWS_OF_SPECIALS = (t(1, 4, values=[[-inf, -1.0, 0.0, inf]]), t(1, 4, values=[[nan, inf, -inf, 0.0]]))
VALUES = t(2, 3)

ROWS = (
    row(
        "aten.searchsorted.Tensor",
        NUMBERS,
        *(call(SORTED, VALUES, **how) for how in ({}, {"right": True}, {"side": "right"}, {"out_int32": True})),
        *(call(ROWS_SORTED, t(2, 3), **how) for how in ({}, {"right": True})),
        call(SORTED, t()),
        call(t(0), VALUES),
        call(t(4, values=[3, -1, 0, 1]), VALUES, sorter=t(4, dtype=i64, values=[1, 2, 3, 0])),
        *(only((f32,), call(*s, right=right)) for s in (SPECIALS, ROWS_OF_SPECIALS) for right in (False, True)),
    ),
    row("aten.searchsorted.Scalar", NUMBERS, call(SORTED, 0), call(SORTED, 0, right=True), call(SORTED, 2.5), call(SORTED, 9, out_int32=True)),
    row("aten.bucketize.Tensor", NUMBERS, call(VALUES, SORTED), call(VALUES, SORTED, right=True), call(t(0), SORTED), call(VALUES, t(3, dtype=f32, values=[-0.5, 0.5, 1.5]))),
    row("aten.bucketize.Scalar", NUMBERS, call(0, SORTED), call(0, SORTED, right=True)),
    row("aten.one_hot.default", (i64,), call(index(2, 3, below=4), 4), call(index(below=3), 5), call(index(0, below=3), 3), refused("depends on data", index(3, below=4))),
    row("aten.meshgrid.default", (f32, i64, boolean), call([t(2), t(3)]), call([t(2), t(), t(3)]), call([t(4)])),
    row("aten.meshgrid.indexing", (f32, i64), *(call([t(2), t(3), t(4)], indexing=how) for how in ("ij", "xy")), call([t(2)], indexing="xy")),
    row("aten.cartesian_prod.default", (f32, i64), call([t(2), t(3)]), call([t(4)]), call([t(2), t(1), t(3)])),
    row("aten.histc.default", (f32, f16), call(t(40), 4, -4, 4), call(t(40), 7, 0, 3), call(t(5, values=[0.0, 1.0, 2.0, 3.0, 4.0]), 4, 0, 4), call(t(2, 9), 10, -1, 1), call(t(5, 5), 3), call(t(7, values=[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]), 6), call(t(3, values=[2.0, 2.0, 2.0]), 4), call(t(4, 3), 5, 2, 2), call(t(0), 3), call(t(), 4),
        call(t(5, values=[0.0, 0.1, 0.3, 0.6, 0.7]), 10, 0, 1),
        call(t(4, values=[nan, 0.5, inf, -inf]), 2, 0, 1)),
)  # fmt: skip
