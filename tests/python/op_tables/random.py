"""Random numbers: enough of them that their distribution shows."""

import functools

from op_case import FLOATS, bf16, boolean, call, f16, f32, i32, i64, only, refused, row, t, u8

ONCE = (f32,)  # without a tensor argument there is no dtype to vary
draws = functools.partial(row, random=True)
MANY = t(100, 100)
POSITIVE = t(100, 100, low=0.1)

ROWS = (
    draws("aten.rand.default", ONCE, call([100, 100]), call([10_000], dtype=f16), call([10_000], dtype=bf16), call([0])),
    draws("aten.rand_like.default", FLOATS, call(MANY), call(t()), only(ONCE, call(MANY, dtype=f16))),
    draws("aten.uniform.default", FLOATS, call(MANY, -1.0, 3.0), call(MANY, 0.0, 1.0), call(MANY, -2.0, 0.0)),
    draws("aten.randn.default", ONCE, call([100, 100]), call([10_000], dtype=bf16), call([])),
    draws("aten.randn_like.default", FLOATS, call(MANY), call(t(0, 3))),
    draws("aten.normal_functional.default", FLOATS, call(MANY), call(MANY, 2.0, 0.5)),
    draws("aten.normal.float_float", ONCE, call(1.0, 2.0, [100, 100]), call(0.0, 1.0, [10_000])),
    draws("aten.normal.Tensor_float", FLOATS, call(MANY, 0.5), call(MANY)),
    draws("aten.normal.float_Tensor", FLOATS, call(0.0, POSITIVE), call(-1.0, POSITIVE)),
    draws("aten.normal.Tensor_Tensor", FLOATS, call(MANY, POSITIVE), call(t(1, 100), t(100, 1, low=1)), call(t(100), POSITIVE), call(MANY, t(100, low=1))),
    draws("aten.log_normal.default", ONCE, call(MANY), call(MANY, 0.0, 0.25)),
    draws("aten.randint.default", ONCE, call(7, [100, 100]), call(2, [10_000], dtype=i32), call(5, [10_000], dtype=f32), refused("beyond 2.24", 2**25, [4])),
    draws("aten.randint.low", ONCE, call(-3, 4, [100, 100]), call(250, 256, [10_000], dtype=u8)),
    draws("aten.randint_like.default", (*FLOATS, i32, i64), call(MANY, 9)),
    draws("aten.randint_like.low_dtype", (f32, i64), call(MANY, -9, -2), call(MANY, 0, 3, dtype=i64)),
    draws("aten.random.to", (f32, i64), call(MANY, 6)),
    draws("aten.randperm.default", ONCE, call(50), call(0), call(9, dtype=i32)),
    draws("aten.bernoulli.default", FLOATS, call(t(100, 100, low=0, high=1))),
    draws("aten.bernoulli.p", (*FLOATS, i64, boolean), call(MANY, 0.3), call(MANY, 1.0), call(MANY, 0.0)),
    draws("aten.exponential.default", FLOATS, call(MANY), call(MANY, 2.5)),
    draws("aten.geometric.default", (f32, i64), call(MANY, 0.3), call(MANY, 0.9)),
    draws("aten.cauchy.default", ONCE, call(MANY), call(MANY, 1.0, 0.5)),
    draws("aten.multinomial.default", ONCE, call(t(5, low=0.1), 10_000, True), call(t(100, 7, low=0.1), 100, True), call(t(10_000, 4, low=0.1), 1, False), call(t(4000, 6, low=0.1), 3, False), call(t(3, values=[0.0, 1.0, 2.0]), 2, False)),
)  # fmt: skip
