"""Comparisons, logic and choice."""

from op_case import ALL, FLOATS, INTEGERS, SPECIAL, bf16, boolean, call, f16, f32, i32, i64, inf, nan, only, refused, row, t, u8

PAIRS = (
    call(t(2, 5, low=-2, high=2), t(2, 5, low=-2, high=2)),
    call(t(2, 1, 3), t(4, 1)),
    call(t(2, 3), t()),
    call(t(), t()),
    call(t(0, 3), t(1, 3)),
    call(t(values=SPECIAL), t(values=SPECIAL[::-1])),
    call(t(values=SPECIAL), t(values=SPECIAL)),
    call(t(2, 3), t(2, 3, dtype=f32)),
    call(t(2, 3), t(2, 3, dtype=i32)),
    call(t(2, 3), t(dtype=f32, values=0.5)),
    call(t(2, 3), t(2, 3, dtype=boolean)),
    only((i64,), call(t(values=[2**53 + 1, 2**53]), t(values=[2**53, 2**53 + 1]))),
    only((f16,), call(t(3, values=[0.1, 0.2, 0.3]), t(dtype=f32, values=0.1))),
    only((i64,), call(t(values=[2**24 + 1, 3]), t(2, dtype=f32, values=[2.0**24, 3.0]))),
    only((f16,), call(t(2, 3), t(2, 3, dtype=bf16))),
)
BY_NUMBER = (
    call(t(values=[0, 1, 2, -1]), 1),
    call(t(values=[0, 1, 2, -1]), 0.5),
    call(t(values=[0, 1, 2, -1]), -1),
    call(t(), 0),
    call(t(0), 0),
    call(t(values=[0, 1, 2, -1]), True),
    only(FLOATS, call(t(values=SPECIAL), inf)),
    only(FLOATS, call(t(values=SPECIAL), -inf)),
    only(FLOATS, call(t(values=SPECIAL), nan)),
    only(FLOATS, call(t(values=[0.1, 0.2, 0.3]), 0.1)),
    only((i64,), call(t(values=[2**53 + 1, 2**40]), 2**53)),
    only((i32,), call(t(values=[2**31 - 1, 5]), 2**31 - 1)),
    only((f32,), call(t(values=[16777216.0, 16777218.0]), 16777217)),
)
LOGIC = (
    call(t(2, 3, low=-1, high=1), t(2, 3, low=-1, high=1)),
    call(t(2, 1, low=0, high=1), t(3, dtype=boolean)),
    call(t(), t()),
    call(t(0), t(1)),
    only(FLOATS, call(t(values=SPECIAL), t(values=SPECIAL[::-1]))),
)
BITS = (
    call(t(3, 4, low=-100, high=100), t(3, 4, low=-100, high=100)),
    call(t(3, 1, low=-9, high=9), t(4, low=-9, high=9)),
    call(t(), t()),
    call(t(0), t(1)),
    call(t(3, 4), t(3, 4, dtype=boolean)),
    call(t(3, 4), t(3, 4, dtype=u8, low=0, high=255)),
)
VALUES = (t(3, 4), t(3, 4))
CONDITION = t(3, 4, dtype=boolean)

ROWS = (
    *(
        made
        for name in ("eq", "ne", "lt", "le", "gt", "ge")
        for made in (row(f"aten.{name}.Tensor", ALL, *PAIRS), row(f"aten.{name}.Scalar", ALL, *BY_NUMBER))
    ),
    row("aten.logical_and.default", ALL, *LOGIC),
    row("aten.logical_or.default", ALL, *LOGIC),
    row(
        "aten.logical_not.default",
        ALL,
        call(t(3, 4, low=-1, high=1)),
        call(t()),
        call(t(0)),
        only(FLOATS, call(t(values=SPECIAL))),
    ),
    row("aten.__and__.Tensor", (*INTEGERS, boolean), *BITS),
    row("aten.__or__.Tensor", (*INTEGERS, boolean), *BITS),
    row("aten.bitwise_and.Tensor", (*INTEGERS, boolean), *BITS),
    row("aten.bitwise_or.Tensor", (*INTEGERS, boolean), *BITS),
    row(
        "aten.bitwise_not.default",
        (*INTEGERS, boolean, u8),
        call(t(3, 4, low=0, high=100)),
        call(t(values=[0, 1])),
        call(t(low=0)),
        call(t(0)),
        only(INTEGERS, call(t(values=[-1, -(2**31), 2**31 - 1]))),
    ),
    row(
        "aten.where.self",
        ALL,
        call(CONDITION, *VALUES),
        call(t(3, 1, dtype=boolean), t(4), t()),
        call(t(dtype=boolean), t(), t()),
        call(t(0, 4, dtype=boolean), t(4), t()),
        call(CONDITION, t(3, 4), t(dtype=f32)),
        call(CONDITION, t(3, 4), t(3, 4, dtype=f32)),
        call(CONDITION, t(3, 4), t(dtype=i64)),
        call(CONDITION, t(dtype=f32), t(3, 4, dtype=f16)),
        call(CONDITION, t(3, 4), t(3, 4, dtype=boolean)),
        only(FLOATS, call(t(9, dtype=boolean), t(values=SPECIAL), t(9))),
    ),
    row(
        "aten.masked_fill.Scalar",
        ALL,
        call(t(3, 4), CONDITION, 0),
        call(t(3, 4), t(4, dtype=boolean), 2),
        call(t(3, 1), t(4, dtype=boolean), 1),
        call(t(), t(dtype=boolean), 1),
        call(t(), t(3, dtype=boolean), 1),
        call(t(0, 4), t(4, dtype=boolean), 1),
        call(t(3, 4), CONDITION, True),
        only(FLOATS, call(t(3, 4), CONDITION, -inf)),
        only(FLOATS, call(t(3, 4), CONDITION, 0.1)),
        only((f32, bf16), call(t(3, 4), CONDITION, -3.3895313892515355e38)),
        only((f16,), call(t(3, 4), CONDITION, -65504.0)),
        only((i64,), call(t(3, 4), CONDITION, 2**40 + 1)),
    ),
    row(
        "aten.masked_fill.Tensor",
        ALL,
        call(t(3, 4), CONDITION, t()),
        call(t(3, 4), t(4, dtype=boolean), t(dtype=boolean)),
        only(FLOATS, call(t(3, 4), CONDITION, t(dtype=f32, values=-inf))),
        only(FLOATS, call(t(3, 4), CONDITION, t(dtype=i64, values=3))),
    ),
)
