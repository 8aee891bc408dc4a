"""Writing by index and by mask."""

from op_case import FLOATS, NUMBERS, bf16, boolean, call, f16, f32, i32, i64, index, nan, only, refused, row, t, u8

SUMS = {f16: 1e-2, bf16: 8e-2}  # added up in the type itself, in another order
PLAIN = (f32, f16, i32, i64, boolean)
# Each place is written once: torch leaves open which of several writes stays.
ONCE = t(3, 2, dtype=i64, values=[[1, 0], [4, 2], [0, 3]])
ROWS_ONCE = t(2, 5, dtype=i64, values=[[0, 1, 2, 0, 1], [2, 0, 1, 1, 0]])
TWO = t(2, dtype=i64, values=[2, 0])
SETS = (
    call(t(3, 5), 1, ONCE, t(3, 2)),
    call(t(3, 5), -1, ONCE, t(4, 3)),
    call(t(3, 5), 0, ROWS_ONCE, t(2, 5)),
    call(t(4, 5, 2), 1, t(2, 2, 1, dtype=i64, values=[[[1], [0]], [[4], [2]]]), t(2, 2, 2)),
    call(t(4), 0, TWO, t(2)),
    call(t(4), 0, index(below=4), t()),
    call(t(), 0, index(below=1), t()),
    call(t(3, 5), 1, index(3, 0, below=5), t(3, 0)),
)
MANY = (
    call(t(3, 5), 1, index(3, 4, below=5), t(3, 4)),
    call(t(3, 5), 0, index(6, 5, below=3), t(6, 5)),
    call(t(4), 0, index(7, below=4), t(8)),
    call(t(), 0, index(below=1), t()),
    call(t(2, 3, 4), 1, index(2, 5, 4, below=3), t(2, 5, 4)),
)
PART = (call(t(3, 5), 1, index(2, 4, below=5), t(3, 4)),)
REDUCED = tuple(
    call(*c.args, reduce, include_self=own)
    for reduce in ("sum", "prod", "mean", "amax", "amin")
    for own in (True, False)
    for c in MANY[:3]
)
ONE_OF_VECTOR = call(t(4), 0, index(below=4), t())  # eager index_add refuses it
SLICES = (
    call(t(4, 3), 0, TWO, t(2, 3)),
    call(t(4, 3), 1, t(3, dtype=i64, values=[1, 2, 0]), t(4, 3)),
    call(t(2, 4, 3), -2, TWO, t(2, 2, 3)),
    call(t(4), 0, TWO, t(2)),
    ONE_OF_VECTOR,
    call(t(), 0, index(below=1), t()),
    call(t(4, 3), 0, index(0, below=4), t(0, 3)),
)
REPEATED = (
    call(t(4, 3), 0, index(5, below=4), t(5, 3)),
    call(t(2, 4, 3), 1, index(6, below=4), t(2, 6, 3)),
    call(t(4, 3), -1, index(2, below=3, dtype=i32), t(4, 2)),
)
FILLS = (
    call(t(4, 3), 0, TWO, 2),
    call(t(2, 4), -1, TWO, -1),
    call(t(), 0, index(below=1), 3),
    call(t(4), 0, index(0, below=4), 2),
)
MASKS = (
    call(t(4, 3), [t(4, 3, dtype=boolean)], t()),
    call(t(4, 3), [t(4, dtype=boolean)], t()),
    call(t(4, 3), [t(4, dtype=boolean)], t(3)),
    call(t(4, 3), [t(4, dtype=boolean)], t(1, 3)),
    call(t(4, 3), [None, t(3, dtype=boolean)], t(4, 1)),
    call(t(2, 4, 3), [None, t(4, 3, dtype=boolean)], t(2, 1)),
    call(t(2, 4, 3), [None, t(4, dtype=boolean)], t(1, 3)),
)
PUTS = (
    call(t(4, 3), [TWO], t(2, 3)),
    call(t(4, 3), [TWO], t()),
    call(t(4, 3), [t(2, dtype=i64, values=[-1, 1])], t(3)),
    call(t(4, 3), [TWO, t(2, dtype=i64, values=[-1, 1])], t(2)),
    call(t(4, 3), [t(2, 1, dtype=i64, values=[[2], [-4]]), t(2, dtype=i64, values=[0, -1])], t(2, 2)),
    call(t(4, 3), [None, TWO], t(4, 2)),
    call(t(4, 3), [None, t(2, 1, dtype=i64, values=[[2], [0]])], t(4, 2, 1)),
    call(t(4, 3, 5), [TWO, None, TWO], t(2, 3)),
    call(t(4, 3, 5), [None, t(2, dtype=i64, values=[-2, 0]), TWO], t(4, 2)),
    call(t(4, 3, 5), [None, TWO, TWO], t(1, 2)),
    call(t(4, 3), [index(below=4)], t(3)),
    call(t(4, 3), [index(0, below=4)], t(0, 3)),
    call(t(4, 3), [t(2, dtype=i32, values=[1, 3])], t(2, 3)),
)
ADDS = (
    call(t(4, 3), [index(6, below=4, low=-4)], t(6, 3), True),
    call(t(4, 3), [index(6, below=4), index(6, below=3, low=-3)], t(6), True),
    call(t(4, 3, 5), [index(6, below=4), None, index(6, below=5)], t(6, 3), True),
    call(t(4, 3), [None, index(2, 5, below=3)], t(4, 2, 5), True),
    call(t(4, 3), [index(5, below=4)], t(), True),
    call(t(4, 3), [t(4, dtype=boolean)], t(3), True),
)

ROWS = (
    row("aten.scatter.src", PLAIN, *SETS),
    row("aten.scatter.value", PLAIN, *(call(*c.args[:3], 2) for c in SETS), only(FLOATS, call(t(3, 5), 1, ONCE, nan))),
    row("aten.scatter.reduce", FLOATS, *(call(*c.args, reduce=how) for c in (*MANY, *PART) for how in ("add", "multiply"))),
    row("aten.scatter.value_reduce", FLOATS, *(call(*c.args[:3], 2, reduce=how) for c in MANY for how in ("add", "multiply"))),
    row("aten.scatter_add.default", NUMBERS, *MANY, only(FLOATS, PART[0]), only((i64,), refused("a part of the other axes", *PART[0].args)), tolerance=SUMS),
    row("aten.scatter_reduce.two", NUMBERS, *REDUCED, only(FLOATS, call(*PART[0].args, "amax")), only(FLOATS, call(*PART[0].args, "mean", include_self=False)),
        only((f32,), call(t(3), 0, t(3, dtype=i64, values=[0, 0, 1]), t(3, values=[1.0, nan, 2.0]), "amax"))),
    row("aten.index_add.default", NUMBERS, *(c for c in SLICES if c is not ONE_OF_VECTOR), *REPEATED, call(t(4, 3), 0, TWO, t(2, 3), alpha=2), only(FLOATS, call(t(4, 3), 0, TWO, t(2, 3), alpha=-0.5))),
    row("aten.index_copy.default", PLAIN, *SLICES),
    row("aten.index_fill.int_Scalar", PLAIN, *FILLS),
    row("aten.index_fill.int_Tensor", PLAIN, *(call(*c.args[:3], t()) for c in FILLS)),
    row("aten.index_reduce.default", FLOATS, *(call(*c.args, how, include_self=own) for c in REPEATED for how in ("prod", "mean", "amax", "amin") for own in (True, False))),
    row("aten.masked_scatter.default", PLAIN, call(t(2, 3), t(2, 3, dtype=boolean), t(6)), call(t(2, 3), t(3, dtype=boolean), t(2, 3)), call(t(4), t(4, dtype=boolean, values=[False] * 4), t(2)),
        call(t(0), t(0, dtype=boolean), t(2)), call(t(), t(dtype=boolean), t(1)), call(t(2, 3), t(2, 1, dtype=boolean), t(9))),
    row("aten.diagonal_scatter.default", PLAIN, call(t(3, 4), t(3)), call(t(3, 4), t(3), 1), call(t(3, 4), t(2), -1), call(t(2, 3, 4), t(3, 2), 0, 0, 2), call(t(2, 3, 4), t(3, 1), -1, 0, 2),
        call(t(4, 3), t(3), -1)),
    row("aten.copy.default", (*PLAIN, u8), call(t(3, 4), t(3, 4)), call(t(3, 4), t(4, dtype=f32)), call(t(3, 4), t()), call(t(), t())),
    row("aten.index_put.default", PLAIN, *PUTS, *MASKS, *(only(NUMBERS, c) for c in ADDS), refused("depends on data", t(4), [t(4, dtype=boolean, values=[True, False, True, False])], t(2)),
        refused("together with other indices", t(4, 4), [t(4, dtype=boolean, values=[True, False, True, False]), TWO], t())),
    row("aten._unsafe_index_put.default", PLAIN, *PUTS[:6]),
    row("aten._unsafe_masked_index_put_accumulate.default", (f32,), call(t(4), t(2, dtype=boolean), [TWO], t(2)), call(t(4, 3), t(2, dtype=boolean), [TWO, TWO], t(2))),
    row("aten.put.default", PLAIN, call(t(4, 3), t(2, dtype=i64, values=[11, 3]), t(2)), call(t(4, 3), t(2, 1, dtype=i64, values=[[-1], [3]]), t(2, 1)), only(NUMBERS, call(t(4, 3), index(5, below=12), t(5), True))),
)  # fmt: skip
