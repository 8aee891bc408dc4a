"""F.interpolate."""

from op_case import FLOATS, bf16, call, f16, f32, only, refused, row, t, u8

SUMS = {f32: 1e-5, f16: 6e-3, bf16: 5e-2}
LINE, IMAGE, VOLUME = t(2, 3, 7), t(2, 3, 5, 6), t(2, 3, 4, 5, 3)


def lists(*options):
    """Calls of an overload of lists: a size, whole and broken scales, up and down."""
    return lambda x, sizes, scales: (
        *(call(x, size, *options, None) for size in sizes),
        *(call(x, None, *options, scale) for scale in scales),
    )


SIZES1, SCALES1 = ([7], [14], [3], [1], [11]), ([2.0], [2.5], [0.5], [3.0], [0.7])
SIZES2, SCALES2 = ([5, 6], [10, 12], [3, 4], [1, 1], [13, 7]), ([2.0, 2.0], [2.5, 1.5], [0.5, 0.7], [3.0, 1.0])
SIZES3, SCALES3 = ([8, 10, 6], [3, 7, 2], [4, 5, 3]), ([2.0, 2.0, 2.0], [1.5, 0.6, 3.0])
# 41 * (1 / 41) is less than 1 in float32.
PLAIN1 = (
    *lists()(LINE, SIZES1, SCALES1),
    only((f32,), call(t(1, 1, 41), None, [41.0])),
    only((f32,), call(t(1, 1, 3), [3 * 41], None)),
)
PLAIN2 = (*lists()(IMAGE, SIZES2, SCALES2), only((u8,), call(t(2, 3, 5, 6, low=0, high=255), None, [2.0, 2.5])))
PLAIN3 = lists()(VOLUME, SIZES3, SCALES3)


def aligned(x, sizes, scales):
    return (*lists(False)(x, sizes, scales), *lists(True)(x, sizes, scales))


ROUNDED = only((u8,), refused("integers", t(2, 3, 5, 6, low=0, high=255), None, False, [2.0, 2.0]))

ROWS = (
    row("aten.upsample_nearest1d.vec", FLOATS, *PLAIN1),
    row("aten.upsample_nearest2d.vec", FLOATS, *PLAIN2),
    row("aten.upsample_nearest3d.vec", FLOATS, *PLAIN3),
    row("aten._upsample_nearest_exact1d.vec", FLOATS, *PLAIN1),
    row("aten._upsample_nearest_exact2d.vec", FLOATS, *PLAIN2),
    row("aten._upsample_nearest_exact3d.vec", FLOATS, *PLAIN3),
    row("aten.upsample_linear1d.vec", FLOATS, *aligned(LINE, SIZES1, SCALES1), tolerance=SUMS),
    row("aten.upsample_bilinear2d.vec", FLOATS, *aligned(IMAGE, SIZES2, SCALES2), ROUNDED, tolerance=SUMS),
    row("aten.upsample_trilinear3d.vec", FLOATS, *aligned(VOLUME, SIZES3, SCALES3), tolerance=SUMS),
    row("aten.upsample_bicubic2d.vec", FLOATS, *aligned(IMAGE, SIZES2, SCALES2), tolerance=SUMS),
    row("aten._upsample_bilinear2d_aa.vec", (f32,), *aligned(t(2, 3, 13, 16), ([5, 6], [20, 16], [1, 3]), ([0.5, 0.3], [2.0, 1.5])), tolerance=SUMS),
    row("aten._upsample_bicubic2d_aa.vec", (f32,), *aligned(t(2, 3, 13, 16), ([5, 6], [20, 16], [1, 3]), ([0.5, 0.3], [2.0, 1.5])), tolerance=SUMS),
    row("aten.upsample_nearest1d.default", FLOATS, call(LINE, [14]), call(LINE, [17], 2.5)),
    row("aten.upsample_nearest2d.default", FLOATS, call(IMAGE, [10, 12]), call(IMAGE, [12, 9], 2.5, 1.5)),
    row("aten.upsample_nearest3d.default", FLOATS, call(VOLUME, [8, 10, 6]), call(VOLUME, [6, 3, 9], 1.5, 0.6, 3.0)),
    row("aten._upsample_nearest_exact1d.default", FLOATS, call(LINE, [14]), call(LINE, [17], 2.5)),
    row("aten._upsample_nearest_exact2d.default", FLOATS, call(IMAGE, [10, 12]), call(IMAGE, [12, 9], 2.5, 1.5)),
    row("aten._upsample_nearest_exact3d.default", FLOATS, call(VOLUME, [8, 10, 6]), call(VOLUME, [6, 3, 9], 1.5, 0.6, 3.0)),
    row("aten.upsample_linear1d.default", FLOATS, call(LINE, [14], False), call(LINE, [17], True, 2.5), tolerance=SUMS),
    row("aten.upsample_bilinear2d.default", FLOATS, call(IMAGE, [10, 12], True), call(IMAGE, [12, 9], False, 2.5, 1.5), tolerance=SUMS),
    row("aten.upsample_trilinear3d.default", FLOATS, call(VOLUME, [8, 10, 6], True), call(VOLUME, [6, 3, 9], False, 1.5, 0.6, 3.0), tolerance=SUMS),
    row("aten.upsample_bicubic2d.default", FLOATS, call(IMAGE, [10, 12], True), call(IMAGE, [12, 9], False, 2.5, 1.5), tolerance=SUMS),
    row("aten._upsample_bilinear2d_aa.default", (f32,), call(IMAGE, [3, 4], False), tolerance=SUMS),
    row("aten._upsample_bicubic2d_aa.default", (f32,), call(IMAGE, [3, 4], False), tolerance=SUMS),
)  # fmt: skip
