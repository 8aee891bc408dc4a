symbol s0: 1..64
x: f32[2, 4, s0, s0]
aten.upsample_bilinear2d.vec(x, None, False, [2.0, 2.0]) : f32[2, 4, 2*s0, 2*s0]
