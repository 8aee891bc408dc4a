x: f32[2, 4, 6, 6]
aten.upsample_bilinear2d.vec(x, [12, 6], True, None) : f32[2, 4, 12, 6]
