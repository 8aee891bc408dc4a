"""Bessel functions."""

from op_case import FLOATS, call, f32, inf, nan, t

from .elementwise import function

FITTED = {f32: 4e-6}
WIDE = (call(t(24, low=-20, high=20)), call(t(16, low=-3, high=3)), call(t(8, low=-80, high=80)))
POSITIVE = (call(t(24, low=0.01, high=20)), call(t(16, low=0.01, high=3)), call(t(8, low=10, high=80)))
SPECIAL = [0.0, -0.0, 1.0, -1.0, 3.75, 2.0, 3.0, nan]


def of_any(op):
    return function(op, *WIDE, dtypes=(f32,), values=SPECIAL, tolerance=FITTED)


def of_positive(op):
    return function(op, *POSITIVE, dtypes=(f32,), low=0.01, values=[*SPECIAL, inf], tolerance=FITTED)


ROWS = (
    *(of_any(f"aten.special_{name}.default") for name in ("i1", "modified_bessel_i0", "modified_bessel_i1")),
    function("aten.i0.default", *WIDE, dtypes=FLOATS, values=SPECIAL, tolerance=FITTED),
    *(
        function(f"aten.special_{name}.default", *WIDE, dtypes=(f32,), values=[*SPECIAL, inf, -inf], tolerance=FITTED)
        for name in ("i0e", "i1e", "bessel_j0", "bessel_j1", "spherical_bessel_j0")
    ),
    *(
        of_positive(f"aten.special_{name}.default")
        for name in (
            "bessel_y0",
            "bessel_y1",
            "modified_bessel_k0",
            "modified_bessel_k1",
            "scaled_modified_bessel_k0",
            "scaled_modified_bessel_k1",
        )
    ),
)
