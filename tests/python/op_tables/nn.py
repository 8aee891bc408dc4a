"""Linear layers, norms, embeddings, attention."""

from op_case import (
    FLOATS,
    INTEGERS,
    bf16,
    boolean,
    call,
    f16,
    f32,
    i32,
    i64,
    index,
    inf,
    nan,
    only,
    refused,
    row,
    t,
    u8,
)
from op_tables.elementwise import HUGE

# Sums of products: torch rounds halves once at the end, MLX may do so on the way.
SUMS = {f32: 2e-5, f16: 1e-2, bf16: 8e-2}
NORMS = {f32: 1e-5, f16: 6e-3, bf16: 5e-2}
U = {"low": -1, "high": 1}
POSITIVE = {"low": 0.5, "high": 2}


def qkv(*shape, keys=None, key_heads=None, width=None):
    """Queries of this shape, keys and values of another length, number of heads and value width."""
    *batch, heads, length, size = shape if len(shape) > 3 else (*shape[:-2], None, *shape[-2:])
    kept = [*batch] if heads is None else [*batch, key_heads or heads]
    return t(*shape, **U), t(*kept, keys or length, size, **U), t(*kept, keys or length, width or size, **U)


def mask(*shape, dtype=None):
    return t(*shape, dtype=dtype, **U)


# Every row shows at least its first key.
TRIANGLE = t(4, 4, values=[[i >= j for j in range(4)] for i in range(4)], dtype=boolean)
HIDING = t(3, 4, values=[0.0, -inf, 0.0, -inf] * 3)
BLIND = t(2, 4, values=[[True] * 4, [False] * 4], dtype=boolean)
BLIND_FLOATS = t(2, 4, values=[[0.0] * 4, [-inf] * 4])

ROWS = (
    row("aten.linear.default", (*FLOATS, i64), call(t(2, 3), t(4, 3)), call(t(2, 3), t(4, 3), t(4)), call(t(3), t(4, 3), t(4)), call(t(2, 5, 3), t(4, 3), t(4)),
        call(t(0, 3), t(4, 3), t(4)), call(t(2, 2, 2, 3), t(1, 3)), call(t(2, 0), t(4, 0), t(4)), refused("one-dimensional", t(2, 3), t(3)), tolerance=SUMS),
    row("aten.matmul.default", (*FLOATS, *INTEGERS), only((i64,), call(t(values=HUGE), t(values=HUGE))), only((u8,), call(t(4, 300, low=0, high=255), t(300, 2, low=0, high=255))), call(t(2, 3), t(3, 4)), call(t(3), t(3)), call(t(2, 3), t(3)), call(t(3), t(3, 4)), call(t(5, 2, 3), t(3, 4)),
        call(t(5, 2, 3), t(5, 3, 4)), call(t(2, 1, 2, 3), t(4, 3, 2)), call(t(3), t(5, 3, 4)), call(t(5, 2, 3), t(3)), call(t(0, 3), t(3, 2)), call(t(2, 0), t(0, 3)), tolerance=SUMS),
    row("aten.mm.default", (*FLOATS, *INTEGERS), call(t(2, 3), t(3, 4)), call(t(1, 1), t(1, 1)), call(t(0, 3), t(3, 4)), call(t(2, 0), t(0, 3)), call(t(2, 3), t(4, 3, order=(1, 0))), tolerance=SUMS),
    row("aten.bmm.default", (*FLOATS, *INTEGERS), call(t(2, 3, 0), t(2, 0, 4)), call(t(2, 2, 3), t(2, 3, 4)), call(t(0, 2, 3), t(0, 3, 4)), call(t(2, 3, 2, order=(0, 2, 1)), t(2, 3, 4)), tolerance=SUMS),
    row("aten.addmm.default", FLOATS, only((i64,), call(t(4), t(2, 3), t(3, 4), beta=2, alpha=-3)), call(t(4), t(2, 3), t(3, 4)), call(t(2, 4), t(2, 3), t(3, 4)), call(t(), t(2, 3), t(3, 4)), call(t(1, 4), t(2, 3), t(3, 4)),
        call(t(4), t(2, 3), t(3, 4), beta=2, alpha=0.5), call(t(4), t(2, 3), t(3, 4), beta=0), call(t(4, values=[nan] * 4), t(2, 3), t(3, 4), beta=0), tolerance=SUMS),
    row("aten.embedding.default", FLOATS, call(t(7, 4), index(2, 3, below=7)), call(t(7, 4), index(5, below=7), 0), call(t(7, 4), index(below=7)),
        call(t(7, 4), index(3, below=7, dtype=i32), -1, False, False), call(t(7, 4), index(0, below=7))),
    row("aten.layer_norm.default", FLOATS, call(t(2, 3, 8), [8]), call(t(2, 3, 8), [8], t(8), t(8)), call(t(2, 3, 8), [3, 8], t(3, 8), t(3, 8)), call(t(2, 8), [8], t(8)),
        call(t(2, 8), [8], t(8), None, 0.1), call(t(2, 8), [8], None, t(8)), call(t(2, 8, values=[3.0] * 16), [8], None, None, 1e-12), call(t(2, 8, low=9, high=11), [8]),
        call(t(8), [8]), call(t(2, 3, 4), [2, 3, 4]), tolerance=NORMS),
    row("aten.rms_norm.default", FLOATS, call(t(2, 3, 8), [8]), call(t(2, 3, 8), [8], t(8)), call(t(2, 3, 8), [3, 8], t(3, 8)), call(t(2, 8), [8], t(8), 1e-6),
        call(t(2, 8, low=-1e-3, high=1e-3), [8]), call(t(2, 8), [8], None, 1.0), tolerance=NORMS),
    row("aten._native_batch_norm_legit_no_training.default", FLOATS, call(t(2, 3, 4, 4), t(3), t(3), t(3), t(3, **POSITIVE), 0.1, 1e-5),
        call(t(4, 3), None, None, t(3), t(3, **POSITIVE), 0.1, 1e-3), call(t(2, 3, 5), t(3), t(3), t(3), t(3, **POSITIVE), 0.1, 1e-5), tolerance=SUMS),
    row("aten.batch_norm.default", FLOATS,
        call(t(2, 3, 4, 4), t(3), t(3), t(3), t(3, **POSITIVE), False, 0.1, 1e-5, True),
        call(t(2, 3, 4, 4), None, None, t(3), t(3, **POSITIVE), False, 0.1, 0.5, True),
        call(t(2, 3, 4, 4), t(3), None, t(3), t(3, **POSITIVE), False, 0.1, 1e-5, True),
        call(t(2, 3, 4, 4), None, t(3), t(3), t(3, **POSITIVE), False, 0.1, 1e-5, True),
        call(t(4, 3), t(3), t(3), t(3), t(3, **POSITIVE), False, 0.1, 1e-5, True),
        call(t(2, 3, 2, 3, 2), t(3), t(3), t(3), t(3, **POSITIVE), False, 0.1, 1e-5, True),
        only((f16, bf16), call(t(2, 3, 4), t(3, dtype=f32), t(3, dtype=f32), t(3, dtype=f32), t(3, dtype=f32, **POSITIVE), False, 0.1, 1e-5, True)),
        only(FLOATS, call(t(2, 3, 4, 4), t(3), t(3), t(3), t(3, low=1e-7, high=1e-6), False, 0.1, 1e-5, True)),
                call(t(2, 3, 4), t(3), t(3), None, None, True, 0.1, 1e-5, True), call(t(2, 3, 4, 4), None, None, None, None, True, 0.1, 0.5, True), tolerance=SUMS),
    row("aten.native_batch_norm.default", FLOATS, call(t(2, 3, 4, 4), t(3), t(3), t(3), t(3, **POSITIVE), False, 0.1, 1e-5),
        refused("training", t(2, 3, 4), t(3), t(3), t(3), t(3, **POSITIVE), True, 0.1, 1e-5), results=1, tolerance=SUMS),
    row("aten._native_batch_norm_legit.default", FLOATS, call(t(2, 3, 4, 4), t(3), t(3), t(3), t(3, **POSITIVE), False, 0.1, 1e-5),
        call(t(4, 3), None, None, t(3), t(3, **POSITIVE), False, 0.1, 1e-3), tolerance=SUMS),
    row("aten._native_batch_norm_legit.no_stats", FLOATS, call(t(2, 3, 4, 4), t(3), t(3), True, 0.1, 1e-5), call(t(4, 3), None, None, True, 0.1, 1e-5), results=1, tolerance=SUMS),
    row("aten._fused_rms_norm.default", FLOATS, call(t(2, 3, 8), [8], t(8), 1e-6), call(t(2, 3, 8), [3, 8], None, None), results=1, tolerance=NORMS),
    row("aten.scaled_dot_product_attention.default", FLOATS,
        call(*qkv(2, 3, 4, 8)),
        call(*qkv(2, 3, 4, 8, keys=6, width=5)),
        call(*qkv(2, 4, 8)),
        call(*qkv(4, 8)),
        call(*qkv(1, 2, 1, 8, keys=5)),
        call(*qkv(2, 3, 4, 8), mask(4, 4)),
        call(*qkv(2, 3, 4, 8, keys=6), mask(2, 1, 1, 6)),
        call(*qkv(2, 3, 4, 8, keys=6), mask(2, 3, 4, 6)),
        call(*qkv(2, 3, 4, 8), TRIANGLE),
        call(*qkv(2, 4, 8), TRIANGLE),
        call(*qkv(2, 4, 8), mask(2, 4, 4)),
        call(*qkv(2, 3, 3, 8, keys=4), HIDING),
        call(*qkv(2, 3, 2, 8, keys=4), BLIND),
        call(*qkv(2, 3, 2, 8, keys=4), BLIND_FLOATS),
        call(*qkv(2, 3, 4, 8), None, 0.0, True),
        call(*qkv(2, 4, 8), None, 0.0, True),
        call(*qkv(2, 3, 4, 8, keys=6), None, 0.0, True),
        call(*qkv(2, 3, 6, 8, keys=4), None, 0.0, True),
        call(*qkv(2, 3, 4, 8), scale=1.0),
        call(*qkv(2, 3, 4, 8), scale=-0.25),
        call(*qkv(2, 3, 4, 8), None, 0.0, True, scale=0.1),
        call(*qkv(2, 4, 3, 8, key_heads=2), enable_gqa=True),
        call(*qkv(2, 4, 3, 8, key_heads=2), None, 0.0, True, enable_gqa=True),
        call(*qkv(2, 4, 3, 8, key_heads=1, keys=5), mask(2, 1, 3, 5), enable_gqa=True),
        call(*qkv(2, 3, 4, 3)),
        call(*qkv(2, 2, 3, 4, 8)),
        call(*qkv(2, 2, 3, 4, 8, keys=6), mask(2, 1, 3, 4, 6)),
        refused("training", *qkv(2, 3, 4, 8), None, 0.5), tolerance={f32: 5e-6, f16: 4e-3, bf16: 3e-2}),
    row("aten._scaled_dot_product_flash_attention_for_cpu.default", FLOATS, call(*qkv(2, 3, 4, 8)), call(*qkv(2, 3, 4, 8), 0.0, True), call(*qkv(2, 3, 4, 8, keys=6), attn_mask=mask(2, 1, 4, 6)),
        call(*qkv(2, 3, 4, 8), scale=0.5), results=1, tolerance={f32: 5e-6, f16: 4e-3, bf16: 3e-2}),
)  # fmt: skip
