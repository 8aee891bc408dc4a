"""Activation functions, and remainders."""

from op_case import FLOATS, NUMBERS, SPECIAL, bf16, call, f16, f32, i64, inf, nan, only, refused, row, t
from op_tables.elementwise import function

FINITE = [0.0, -0.0, 1.0, -1.0, 0.5, -2.5, nan]
POINTS = t(8, low=-30, high=30)
DIVISIONS = (
    call(t(6, values=[7, -7, 7, -7, 0, 6]), t(6, values=[2, 2, -2, -2, 3, -3])),
    call(t(2, 3), t(3, low=1, high=5)),
    call(t(3, 4), t(4, low=1, high=5, dtype=f32)),
    call(t(3, 4), t(dtype=i64, values=3)),
    call(t(0, 4), t(4, low=1, high=5)),
    only(FLOATS, call(t(4, values=[5.5, -5.5, 5.5, -5.5]), t(4, values=[2.0, 2.0, -2.0, -2.0]))),
)
BY_NUMBER = (
    call(t(6, values=[7, -7, 1, -1, 0, 6]), 2),
    call(t(6, values=[7, -7, 1, -1, 0, 6]), -4),
    call(t(6, values=[7, -7, 1, -1, 0, 6]), 2.5),
    call(t(), 3),
)
REDUCED = {f16: 4e-3, bf16: 3.2e-2}

ROWS = (
    function("aten.softplus.default", call(POINTS), call(t(3, 4), 2.0), call(t(3, 4), 0.5, 1), dtypes=FLOATS),
    function(
        "aten.elu.default",
        call(POINTS),
        call(t(3, 4), 0.5),
        call(t(3, 4), 1.67, 1.05),
        refused("input scale", t(3), 1, 1, 2),
        dtypes=FLOATS,
        values=[*FINITE, -inf],
        tolerance=REDUCED,
    ),
    function("aten.hardsigmoid.default", call(POINTS), dtypes=FLOATS, values=[0.0, 1.0, inf, -inf]),
    function("aten.hardswish.default", call(POINTS), dtypes=FLOATS, values=[0.0, 1.0, inf], tolerance=REDUCED),
    function("aten.mish.default", call(POINTS), dtypes=FLOATS, values=[*FINITE, inf], tolerance=REDUCED),
    function("aten.log_sigmoid.default", call(POINTS), dtypes=FLOATS, values=[*FINITE, inf]),
    row("aten.glu.default", FLOATS, call(t(3, 4)), call(t(4, 3), 0), call(t(2, 6, 3), 1), tolerance=REDUCED),
    row(
        "aten.prelu.default",
        FLOATS,
        call(t(2, 3, 4), t(3)),
        call(t(2, 3), t(3)),
        call(t(2, 3, 4, 5), t(1)),
        call(t(3), t(1)),
        call(t(), t(1)),
        call(t(), t()),
    ),
    row("aten.remainder.Tensor", NUMBERS, *DIVISIONS),
    row("aten.remainder.Scalar", NUMBERS, *BY_NUMBER),
    row("aten.remainder.Scalar_Tensor", NUMBERS, call(7, t(4, low=1, high=5)), call(-7.5, t(4, low=1, high=5))),
    row("aten.fmod.Tensor", NUMBERS, *DIVISIONS),
    row("aten.fmod.Scalar", NUMBERS, *BY_NUMBER),
    function("aten.log1p.default", call(t(4, low=-1e-3, high=1e-3)), low=-0.9),
    function("aten.expm1.default", call(t(4, low=-1e-3, high=1e-3))),
    function("aten.tan.default", low=-1, high=1, values=[0.0, -0.0, 1.0, nan]),
    function(
        "aten.round.default", only(FLOATS, call(t(values=[0.5, 1.5, 2.5, -0.5, -1.5, 2.4999, 3.7]))), dtypes=NUMBERS
    ),
    row(
        "aten.round.decimals",
        NUMBERS,
        call(t(2, 3), decimals=0),
        only((f32,), call(t(8, low=-400, high=400), decimals=2)),
        only((f32,), call(t(8, low=-400, high=400), decimals=-2)),
        only((f32,), call(t(values=SPECIAL), decimals=1)),
    ),
    function("aten.trunc.default", only(FLOATS, call(t(values=[0.5, 1.5, -2.5, -0.5, 3.7]))), dtypes=NUMBERS),
    row(
        "aten.clamp_min.default",
        NUMBERS,
        call(t(3, 4), 1),
        call(t(3, 4), -0.5),
        call(t(), 0),
        only(FLOATS, call(t(values=SPECIAL), 0.25)),
    ),
    row(
        "aten.clamp_max.default",
        NUMBERS,
        call(t(3, 4), 1),
        call(t(3, 4), -0.5),
        call(t(), 0),
        only(FLOATS, call(t(values=SPECIAL), 0.25)),
    ),
    row(
        "aten.clamp.Tensor",
        NUMBERS,
        call(t(3, 4), t(3, 4, low=-3, high=0), t(3, 4, low=0, high=3)),
        call(t(3, 4), t(3, 1), None),
        call(t(4), None, t(3, 4)),
        call(t(3, 4), t(3, 4), t(3, 4)),
        call(t(3, 4), t(dtype=f32), t()),
        call(t(3, 4), t(3, 4, dtype=f32)),
        call(t(), t(2), t(2)),
        call(t(0, 3), t(3)),
        only(FLOATS, call(t(values=SPECIAL), t(values=SPECIAL[::-1]))),
        only(FLOATS, call(t(9), t(values=SPECIAL), t(values=SPECIAL[::-1]))),
    ),
    *(
        row(
            f"aten.{name}.Tensor",
            NUMBERS,
            call(t(3, 4), t(3, 1)),
            call(t(3, 4), t(dtype=f32)),
            call(t(0, 3), t(3)),
            only(FLOATS, call(t(values=SPECIAL), t(values=SPECIAL[::-1]))),
        )
        for name in ("clamp_min", "clamp_max")
    ),
    row(
        "aten.rrelu_with_noise_functional.default",
        (f32,),
        call(t(3, 4), t(3, 4)),
        call(t(values=SPECIAL), t(9), 0.1, 0.5),
        call(t(), t(), 0.25, 0.25, False),
        refused("training", t(3, 4), t(3, 4), 0.1, 0.3, True),
    ),
    function("aten.sign.default", values=[0.0, 1.0, -3.0, inf, -inf]),
    function("aten.isnan.default"),
    function("aten.isinf.default"),
    function("aten.isfinite.default"),
)
