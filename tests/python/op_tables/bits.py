"""Signs, shifts and bits."""

from op_case import ALL, FLOATS, INTEGERS, NUMBERS, SPECIAL, boolean, call, f32, i32, i64, inf, nan, only, row, t, u8

from .elementwise import PAIRS

BITS = (*INTEGERS, boolean)
INTEGER_PAIRS = (
    call(t(2, 3), t(2, 3)),
    call(t(2, 1, 3), t(4, 1)),
    call(t(2, 3), t()),
    call(t(), t()),
    call(t(0, 3), t(1, 3)),
)
BY_INTEGER = (call(t(2, 3), 6), call(t(2, 3), -3), call(t(), 5), call(t(0), 1), only((boolean,), call(t(2, 3), True)))
FROM_INTEGER = (call(6, t(2, 3)), call(-3, t(2, 3)), call(5, t()), only((boolean,), call(True, t(2, 3))))
SHIFTS = (
    call(t(2, 3), t(2, 3, low=0, high=6)),
    call(t(2, 3), t(1, 3, low=0, high=6)),
    call(t(), t(low=0, high=3)),
    call(t(5, values=[3, -3, 3, -3, 1]), t(5, values=[31, 31, 64, 64, 70])),
    only((i32,), call(t(2, 3), t(2, 3, dtype=i64, low=0, high=3))),
    only((i32,), call(t(2, 3, dtype=u8, low=0), t(2, 3, dtype=u8, low=0, high=9))),
)
BY_SHIFT = (call(t(2, 3), 2), call(t(2, 3), 0), call(t(2, 3), 80), call(t(), 1))

ROWS = (
    row("aten.bitwise_xor.Tensor", BITS, *INTEGER_PAIRS),
    row("aten.bitwise_xor.Scalar", BITS, *BY_INTEGER),
    row("aten.bitwise_and.Scalar", BITS, *BY_INTEGER),
    row("aten.bitwise_or.Scalar", BITS, *BY_INTEGER),
    row("aten.bitwise_xor.Scalar_Tensor", BITS, *FROM_INTEGER),
    row("aten.bitwise_and.Scalar_Tensor", BITS, *FROM_INTEGER),
    row("aten.bitwise_or.Scalar_Tensor", BITS, *FROM_INTEGER),
    row("aten.bitwise_left_shift.Tensor", INTEGERS, *SHIFTS),
    row("aten.bitwise_left_shift.Tensor_Scalar", INTEGERS, *BY_SHIFT),
    row("aten.bitwise_left_shift.Scalar_Tensor", INTEGERS, call(3, t(4, low=0, high=6))),
    row("aten.__lshift__.Tensor", INTEGERS, *SHIFTS),
    row("aten.__lshift__.Scalar", INTEGERS, *BY_SHIFT),
    row("aten.bitwise_right_shift.Tensor", INTEGERS, *SHIFTS),
    row("aten.bitwise_right_shift.Tensor_Scalar", INTEGERS, *BY_SHIFT),
    row("aten.bitwise_right_shift.Scalar_Tensor", INTEGERS, call(-300, t(4, low=0, high=6))),
    row("aten.__rshift__.Tensor", INTEGERS, *SHIFTS),
    row("aten.__rshift__.Scalar", INTEGERS, *BY_SHIFT),
    row("aten.signbit.default", ALL, call(t(3, 4)), call(t()), call(t(0, 3)), only(FLOATS, call(t(values=SPECIAL)))),
    row("aten.copysign.Tensor", ALL, *PAIRS[:6]),
    row("aten.copysign.Scalar", ALL, call(t(2, 3), 2.0), call(t(2, 3), -0.0), call(t(), -3)),
    row(
        "aten.nextafter.default",
        (f32,),
        call(t(2, 3), t(2, 3)),
        call(t(2, 3), t(3)),
        call(t(), t()),
        call(t(values=[1.0, -1.0, 1.0, -1.0, 2.0, inf, -inf, nan, 1.0]), t(values=[inf, inf, -inf, -inf, 2.0, 0.0, 0.0, 1.0, nan])),
    ),
    row("aten.frexp.Tensor", FLOATS, call(t(3, 4, low=-100, high=100)), call(t()), call(t(0)), only((f32,), call(t(values=[0.0, -0.0, 1.0, -1.0, 0.5, 1e-40, -1e-42, 3e38, inf, -inf, nan])))),
    row("aten.fmax.default", NUMBERS, *PAIRS[:6]),
    row("aten.fmin.default", NUMBERS, *PAIRS[:6]),
)  # fmt: skip
