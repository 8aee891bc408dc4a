"""Orthogonal polynomials."""

from op_case import call, f32, refused, row, t

CHEBYSHEV = [f"{name}_polynomial_{kind}" for name in ("chebyshev", "shifted_chebyshev") for kind in "tuvw"]
OTHERS = ["hermite_polynomial_h", "hermite_polynomial_he", "laguerre_polynomial_l", "legendre_polynomial_p"]

ROWS = (
    *(
        row(f"aten.special_{name}.default", (f32,), call(t(30, low=-1, high=1), t(30, low=-2, high=12)), call(t(4, 5, low=-9, high=9), t(5, low=-2, high=9)),
            call(t(8, values=[1.0, -1.0, 0.0, 0.5, 1.0001, -0.9999, -3.0, 8.5]), t(3, 1, values=[0.0, 3.0, 4.0])), tolerance={f32: 2e-5})
        for name in CHEBYSHEV
    ),
    *(
        row(f"aten.special_{name}.n_scalar", (f32,), *(call(t(12, low=-3, high=3), n) for n in (-1, 0, 1, 2, 3, 7.0)), call(t(9, low=-1, high=1), 12), call(t(3, values=[1.0, -1.0, 0.0]), 5),
            refused("up to 30", t(3), 31), tolerance={f32: 1e-5})
        for name in (*CHEBYSHEV, *OTHERS)
    ),
)  # fmt: skip
