"""Trigonometry, logarithms, the gamma and error functions."""

from op_case import ALL, FLOATS, call, f32, inf, nan, only, row, t

from .elementwise import PAIRS, WITH_BOOLEANS, function

# The series' own digits: relative to max(1, |torch|).
SERIES = {f32: 6e-6}
ZEROS = [0.0, -0.0, 1.0, nan]

ROWS = (
    function("aten.asin.default", low=-1, high=1),
    function("aten.acos.default", low=-1, high=1),
    function("aten.atan.default", call(t(8, low=-100, high=100))),
    function("aten.sinh.default"),
    function("aten.cosh.default"),
    function("aten.asinh.default", call(t(8, low=-100, high=100))),
    function("aten.acosh.default", low=1, high=10),
    function("aten.atanh.default", low=-0.99, high=0.99),
    function("aten.log2.default", low=0.1),
    function("aten.log10.default", low=0.1),
    function("aten.erfinv.default", low=-0.99, high=0.99),
    function("aten.exp2.default"),
    row("aten.atan2.default", ALL, *PAIRS, *WITH_BOOLEANS),
    row("aten.hypot.default", FLOATS, *PAIRS[:6], only((f32,), call(t(values=[3e30, inf, nan, 0.0, 1e-30]), t(values=[4e30, nan, inf, 0.0, 1e-30])))),
    function("aten.erfc.default", call(t(16, low=-12, high=12)), tolerance=SERIES),
    function("aten.special_erfcx.default", call(t(16, low=-2, high=12)), low=-2, dtypes=(f32,), values=[0.0, 1.0, inf, nan, 20.0], tolerance=SERIES),
    function("aten.lgamma.default", call(t(16, low=-12, high=12)), call(t(8, low=10, high=1000)), dtypes=FLOATS, values=[0.0, -0.0, 1.0, 2.0, -1.0, -7.0, inf, -inf, nan, 1e30, 1e-30], tolerance=SERIES),
    function("aten.digamma.default", call(t(16, low=0.1, high=12)), call(t(8, low=10, high=1000)), dtypes=(f32,), low=0.1, values=[0.0, -0.0, 1.0, -1.0, -1.25, -7.0, inf, nan], tolerance=SERIES),
    row("aten.polygamma.default", (f32,), call(0, t(3, 4, low=0.1)), call(1, t(3, 4, low=0.2)), call(1, t(5, values=[1.0, 0.5, -0.5, 30.0, nan])), call(1, t()), *(call(n, t(40, low=-6, high=9)) for n in (2, 3, 5, 8)), *(call(n, t(values=[0.0, -1.0, -3.0, 0.5, 1e-3, -0.25, 30.0, 1e4, nan, inf, -inf])) for n in (2, 3)), tolerance={f32: 2e-5}),
    row("aten.special_zeta.default", (f32,), call(t(20, low=1, high=9), t(20, low=0.1, high=20)), call(t(4, 1, values=[2.0, 3.0, 1.0, 0.5]), t(5, values=[0.0, -1.0, -2.5, 3.0, nan])),
        call(t(4, values=[2.5, 60.0, 200.0, 1.0001]), t(4, values=[-0.5, 1.5, 0.9, 2.0])), call(t(), t(3, low=1)), tolerance=SERIES),
)  # fmt: skip
