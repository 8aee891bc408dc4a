"""Arithmetic and functions, element by element."""

from op_case import (
    ALL,
    FLOATS,
    NUMBERS,
    SPECIAL,
    bf16,
    boolean,
    c64,
    call,
    f16,
    f32,
    f64,
    i32,
    i64,
    inf,
    nan,
    only,
    refused,
    row,
    t,
    u8,
)

BIG = [2**31 - 1, -(2**31), 7, -7]
HUGE = [2**40 + 1, -(2**53) - 1, 2**62, -3]

# Two operands: broadcasting, 0-d tensors, numbers, other dtypes beside the row's, empty tensors.
PAIRS = (
    call(t(2, 3), t(2, 3)),
    call(t(2, 1, 3), t(4, 1)),
    call(t(2, 3), t()),
    call(t(), t()),
    call(t(0, 3), t(1, 3)),
    call(t(values=SPECIAL), t(values=SPECIAL[::-1])),
    call(t(2, 3), t(2, 3, dtype=f32)),
    call(t(2, 3), t(2, 3, dtype=i32)),
    call(t(2, 3), t(dtype=f32)),
    call(t(2, 3), t(dtype=i64)),
    call(t(), t(2, 3, dtype=f16)),
    call(t(2, 3, order=(1, 0)), t(3, 2)),
    only((f16,), call(t(2, 3), t(2, 3, dtype=bf16))),
    only((i32,), call(t(values=BIG), t(values=BIG))),
    only((i64,), call(t(values=HUGE), t(values=HUGE))),
    only((i64,), call(t(2, 3), t(2, 3, dtype=u8, low=0))),
    only((f32,), call(t(2, 3), t(2, 3, dtype=f64))),
)
BY_NUMBER = (
    call(t(2, 3), 2),
    call(t(2, 3), -3),
    call(t(2, 3), 2.5),
    call(t(), 3),
    call(t(0), 3),
    call(t(values=SPECIAL), 2.0),
    only(FLOATS, call(t(2, 3), inf)),
    only(FLOATS, call(t(2, 3), nan)),
    only((f32,), call(t(2, 3), 1e-30)),
    only((f16,), call(t(2, 3), 1e-3)),
    only((i64,), call(t(values=HUGE), 2**33 + 1)),
    only((i32,), call(t(values=BIG), 2)),
    only((f32,), call(t(2, 3), 16777217)),
)
WITH_BOOLEANS = (call(t(2, 3), t(2, 3, dtype=boolean)), call(t(2, 3, dtype=boolean), t(2, 3)))
WITH_ALPHA = (
    call(t(2, 3), t(2, 3), alpha=2),
    call(t(2, 3), t(3), alpha=-0.5),
    call(t(2, 3), t(2, 3, dtype=f32), alpha=0.1),
    call(t(2, 3), t(2, 3, dtype=i32), alpha=3),
    call(t(2, 3), t(dtype=i64), alpha=2),
    only((f16, bf16), call(t(3, values=[1000.0, 3.0, -7.0]), t(3, values=[1.0, 0.3, 0.7]), alpha=0.3)),
)
NONZERO = t(4, low=1, high=5)
DIVISIONS = (
    call(t(6, values=[7, -7, 7, -7, 0, 6]), t(6, values=[2, 2, -2, -2, 3, -3])),
    call(t(2, 3), t(3, low=1, high=5)),
    call(t(6, values=[7, -7, 1, -1, 0, 6]), 2),
    call(t(6, values=[7, -7, 1, -1, 0, 6]), -4),
    call(t(6, values=[7.0, -7.0, 1.0, -1.0, 0.0, 6.5]), 1.5),
    call(t(3, 4), NONZERO),
    call(t(), t(values=3)),
    call(t(0, 4), NONZERO),
    call(t(3, 4), t(4, dtype=f32, low=1, high=5)),
    call(t(3, 4), t(4, dtype=i32, low=1, high=5)),
    call(t(3, 4), t(dtype=i64, values=3)),
    only(FLOATS, call(t(9, values=SPECIAL), t(9, values=SPECIAL[::-1]))),
    only(FLOATS, call(t(9, values=SPECIAL), 0)),
    only(FLOATS, call(t(9, values=SPECIAL), inf)),
    only((i64,), call(t(values=HUGE), 7)),
)
# 138.94, which float16 rounds to 139.
NEAR = tuple(
    only((f16,), call(t(values=[277.75, 278.0]), t(values=divisors)))
    for divisors in ([1.9990234375, 2.0], [1.9990234375])
)


def modes(*calls):
    """The same calls at each rounding mode."""
    return tuple(
        type(c)(c.args, {**c.kwargs, "rounding_mode": mode}, c.refused, c.dtypes)
        for c in calls
        for mode in ("floor", "trunc", None)
    )


def function(op, *more, dtypes=ALL, low=-4.0, high=4.0, values=SPECIAL, **options):
    """A function of one tensor, over this range and at special values."""
    return row(
        op,
        dtypes,
        call(t(3, 5, low=low, high=high)),
        call(t(low=low, high=high)),
        call(t(0, 2)),
        call(t(4, 3, 2, low=low, high=high, order=(2, 0, 1))),
        only([dtype for dtype in dtypes if dtype in FLOATS], call(t(values=values))),
        *more,
        **options,
    )


# torch.export gives complex numbers as they are.
BY_COMPLEX = (
    only((f32, i64, c64), call(t(2, 3), 1j)),
    only((f32, c64), call(t(), 0.5 - 2j)),
    only((f16,), refused("complex32", t(2, 3), 1j)),
)

ROWS = (
    row(
        "aten.add.Tensor",
        ALL,
        *PAIRS,
        *WITH_BOOLEANS,
        *WITH_ALPHA,
        *BY_COMPLEX,
        only((c64,), call(t(3), t(3), alpha=2j)),
    ),
    row("aten.add.Scalar", ALL, *BY_COMPLEX, *BY_NUMBER, call(t(2, 3), 2, 3), call(t(2, 3), 0.5, 2)),
    row("aten.sub.Tensor", ALL, *BY_COMPLEX, *PAIRS, *WITH_ALPHA),
    row("aten.sub.Scalar", ALL, *BY_NUMBER, call(t(2, 3), 2, 3), call(t(2, 3), 0.5, 2)),
    row("aten.rsub.Scalar", ALL, *BY_NUMBER, call(t(2, 3), 2, 3), call(t(2, 3), 0.5, 2)),
    row("aten.mul.Tensor", ALL, *PAIRS, *WITH_BOOLEANS, *BY_COMPLEX),
    row("aten.mul.Scalar", ALL, *BY_NUMBER, *BY_COMPLEX),
    row("aten.div.Tensor", ALL, *BY_COMPLEX[:2], *DIVISIONS, only((boolean,), call(t(3), t(3, values=[1, 1, 1])))),
    row("aten.div.Scalar", ALL, *BY_NUMBER, *(c for c in DIVISIONS if not isinstance(c.args[1], type(NONZERO)))),
    row("aten.div.Tensor_mode", ALL, *modes(*DIVISIONS, *NEAR)),
    row("aten.div.Scalar_mode", ALL, *modes(*BY_NUMBER[:5])),
    row(
        "aten.pow.Scalar",
        NUMBERS,
        call(2, t(2, 3, low=0, high=4)),
        call(-1, t(2, 3)),
        call(0.5, t(2, 3)),
        call(3, t(low=0, high=3)),
        call(2.0, t(0)),
        only(FLOATS, call(2.0, t(values=SPECIAL))),
    ),
    row(
        "aten.pow.Tensor_Tensor",
        NUMBERS,
        only((i32, i64), call(t(7, values=[1, -1, -1, 2, -2, 3, 1]), t(7, values=[-1, -1, -2, -1, -3, 2, 0]))),
        call(t(2, 3, low=0.5, high=3), t(2, 3, low=0, high=3)),
        call(t(6, values=[-2, 2, 3, -3, 0, 1]), t(6, values=[3, 0, 5, 2, 0, 7])),
        call(t(2, 3, low=1, high=3), t(2, 3, dtype=i32, low=0, high=3)),
        call(t(2, 3, low=1, high=3), t(2, 3, dtype=f32, low=0, high=3)),
        call(t(2, 3, low=1, high=3), t(dtype=f32, low=0, high=3)),
        call(t(2, 3, low=1, high=3), t(dtype=i64, values=2)),
        call(t(low=1, high=3), t(2, low=1, high=3)),
        only(FLOATS, call(t(6, values=[-2.0, 0.0, inf, -inf, nan, 1.0]), t(6, values=[0.5, -1.0, 0.0, 3.0, 0.0, nan]))),
        only((i64,), call(t(3, values=[3, -3, 2]), t(3, values=[39, 39, 62]))),
        only((i32,), call(t(3, values=[3, -3, 2]), t(3, values=[19, 19, 31]))),
    ),
    row(
        "aten.pow.Tensor_Scalar",
        NUMBERS,
        *(call(t(2, 3, low=-3, high=3), exponent) for exponent in (0, 1, 2, 3, 4)),
        *(call(t(2, 3, low=0.5, high=3), exponent) for exponent in (0.5, 2.0, 3.0, -1.0, -0.5, 1.7)),
        call(t(low=1, high=3), 2),
        call(t(0, 2), 2),
        only(FLOATS, call(t(values=SPECIAL), 2)),
        # torch's own dtypes disagree about the root of -inf.
        only(FLOATS, call(t(values=[x for x in SPECIAL if x != -inf]), 0.5)),
        only(FLOATS, call(t(values=SPECIAL), -2)),
        only(FLOATS, call(t(values=SPECIAL), 3)),
        only((i64,), call(t(values=[3, -3, 2]), 39)),
        only((i64,), call(t(values=[3_000_000_000, -7]), 2)),
    ),
    row("aten.maximum.default", ALL, *PAIRS, *WITH_BOOLEANS),
    row("aten.max.other", ALL, *PAIRS, *WITH_BOOLEANS),
    row("aten.min.other", ALL, *PAIRS, *WITH_BOOLEANS),
    row("aten.minimum.default", ALL, *PAIRS, *WITH_BOOLEANS),
    function("aten.neg.default", only((i32,), call(t(values=BIG)))),
    function("aten.abs.default", only((i32,), call(t(values=BIG)))),
    function("aten.exp.default", call(t(4, low=-80, high=-10))),
    function("aten.log.default", low=0.1),
    function("aten.sqrt.default", low=0),
    function("aten.rsqrt.default", low=0.1),
    function("aten.reciprocal.default", low=0.5),
    function("aten.sin.default", call(t(5, low=-1000, high=1000)), values=[0.0, -0.0, 1.0, nan, inf]),
    function("aten.cos.default", call(t(5, low=-1000, high=1000)), values=[0.0, -0.0, 1.0, nan, inf]),
    function("aten.tanh.default", call(t(5, low=-30, high=30))),
    function("aten.sigmoid.default", call(t(8, low=-100, high=100))),
    function("aten.erf.default", call(t(8, low=-1e-3, high=1e-3))),
    function("aten.floor.default", only(FLOATS, call(t(values=[0.5, 1.5, -0.5, -1.5, 2.5])))),
    function("aten.ceil.default", only(FLOATS, call(t(values=[0.5, 1.5, -0.5, -1.5, 2.5])))),
    function("aten.relu.default"),
    function("aten.silu.default", call(t(8, low=-100, high=100)), dtypes=FLOATS, values=[0.0, -0.0, 1.0, nan, inf]),
    function(
        "aten.gelu.default",
        call(t(8, low=-10, high=10)),
        call(t(3, 4), approximate="tanh"),
        call(t(8, low=-10, high=10), approximate="tanh"),
        call(t(), approximate="tanh"),
        call(t(5, values=[0.0, inf, nan, 1e4, -1e4]), approximate="tanh"),
        call(t(3, values=[0.0, nan, -1e4])),
        dtypes=FLOATS,
        values=[0.0, -0.0, 1.0, nan],
    ),
    row(
        "aten.clamp.default",
        NUMBERS,
        call(t(3, 4), -1, 2),
        call(t(3, 4), 1),
        call(t(3, 4), None, 1),
        call(t(3, 4), -0.5, 1.5),
        call(t(3, 4), 2, -1),
        call(t(), 0),
        call(t(0, 3), 0, 1),
        only(FLOATS, call(t(values=SPECIAL), -1.0, 1.0)),
        only(FLOATS, call(t(values=SPECIAL), -inf, inf)),
        only((i32, i64), call(t(3, 4), 0.5)),
        only((i64,), call(t(values=HUGE), -(2**52) - 1, 2**40)),
    ),
    row(
        "aten.hardtanh.default",
        NUMBERS,
        call(t(3, 4)),
        call(t(3, 4), 0, 6),
        call(t(3, 4), -0.5, 0.25),
        call(t()),
        only(FLOATS, call(t(values=SPECIAL))),
    ),
    row(
        "aten.leaky_relu.default",
        FLOATS,
        call(t(3, 4)),
        call(t(3, 4), 0.2),
        call(t(3, 4), 0),
        call(t(3, 4), -1.5),
        call(t(3, 4), 1.5),
        call(t()),
        call(t(values=SPECIAL), 0.3),
        call(t(values=SPECIAL), 0.0),
    ),
)
