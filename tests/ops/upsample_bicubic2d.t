x: f32[2, 4, 6, 6]
aten.upsample_bicubic2d.default(x, [6, 12], True) : f32[2, 4, 6, 12]
