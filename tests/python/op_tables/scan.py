"""Scans, the median and the mode."""

from op_case import ALL, FLOATS, NUMBERS, boolean, call, f32, i64, inf, nan, only, refused, row, t

from .order import DIFFERENT, TIES

X = t(2, 3, 4, low=-2, high=2)
ALONG = (call(X, 1), call(X, -1), call(X, 0), call(t(), 0), call(t(0, 3), 1), call(t(2, 3, order=(1, 0)), 0))
UNORDERED = t(1, 6, values=[1.0, nan, 3.0, -inf, inf, nan])
PLACES = (
    call(DIFFERENT, 0),
    call(DIFFERENT, 1),
    call(DIFFERENT, -1, True),
    call(t(5, values=[3, 1, 2, 9, 4]), 0),
    call(t(), 0),
)

ROWS = (
    row("aten.cumprod.default", ALL, *ALONG, only((i64, boolean), call(X, 1, dtype=f32)), tolerance={f32: 1e-5}),
    row("aten.logcumsumexp.default", FLOATS, *ALONG, only(FLOATS, call(t(1, 4, values=[-inf, -inf, 1.0, nan]), 1))),
    row("aten.cummax.default", ALL, *ALONG, call(TIES, 1), only(FLOATS, call(UNORDERED, 1))),
    row("aten.cummin.default", ALL, *ALONG, call(TIES, 1), only(FLOATS, call(UNORDERED, 1))),
    row("aten.mode.default", NUMBERS, call(TIES), call(TIES, 0), call(TIES, 1, True), call(DIFFERENT), call(t(), 0), call(t(1, 1)), only((i64,), call(t(3, 16, low=0, high=3)))),
    row("aten.median.default", NUMBERS, call(DIFFERENT), call(t(5)), call(t()), only(FLOATS, call(UNORDERED)), refused("nothing", t(0))),
    row("aten.nanmedian.default", NUMBERS, call(DIFFERENT), call(t(5)), call(t()), only(FLOATS, call(UNORDERED))),
    row("aten.median.dim", NUMBERS, *PLACES, only(FLOATS, call(t(1, 4, values=[1.0, nan, 3.0, 2.0]), 1))),
    row("aten.nanmedian.dim", NUMBERS, *PLACES, only(FLOATS, call(t(1, 4, values=[1.0, nan, 3.0, 2.0]), 1))),
)  # fmt: skip
