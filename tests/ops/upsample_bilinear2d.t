x: f32[2, 4, 6, 6]
aten.upsample_bilinear2d.default(x, [12, 6], False) : f32[2, 4, 12, 6]
