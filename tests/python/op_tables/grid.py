"""grid_sample and affine_grid."""

from op_case import bf16, call, f16, f32, row, t

SUMS = {f32: 2e-5, f16: 2e-2, bf16: 1.6e-1}
IMAGE, GRID = t(2, 3, 5, 6), t(2, 4, 3, 2, low=-1.6, high=1.6)
VOLUME, SPACE = t(2, 3, 4, 5, 3), t(2, 2, 3, 2, 3, low=-1.6, high=1.6)
BILINEAR, NEAREST, BICUBIC = 0, 1, 2
FAR = t(1, 1, 4, 2, values=[-30.0, 4.0, 999.0, 0.0, -1.0, 1.0, 0.3, -7.7])


def every(modes, *tensors):
    return tuple(
        call(*tensors, mode, padding, corners) for mode in modes for padding in range(3) for corners in (False, True)
    )


PLANE = (
    *every((BILINEAR, NEAREST, BICUBIC), IMAGE, GRID),
    *every((BILINEAR,), t(1, 2, 3, 4), FAR),
    *every((BILINEAR,), t(1, 2, 1, 4), t(1, 2, 2, 2, low=-1.5, high=1.5)),
)
SOLID = every((BILINEAR, NEAREST), VOLUME, SPACE)

ROWS = (
    row("aten.grid_sampler.default", (f32,), *PLANE, *SOLID, tolerance=SUMS),
    row("aten.grid_sampler_2d.default", (f32,), *PLANE[:4], tolerance=SUMS),
    row("aten.grid_sampler_3d.default", (f32,), *SOLID[:4], tolerance=SUMS),
    row("aten.affine_grid_generator.default", (f32,), call(t(2, 2, 3), [2, 3, 4, 5], False), call(t(2, 2, 3), [2, 3, 4, 5], True), call(t(2, 3, 4), [2, 1, 3, 4, 2], False),
        call(t(2, 3, 4), [2, 1, 3, 1, 2], True), call(t(1, 2, 3), [1, 3, 1, 1], True), tolerance=SUMS),
)  # fmt: skip
