x: f32[2, 4, 6, 6]
aten._upsample_bilinear2d_aa.default(x, [6, 3], False) : f32[2, 4, 6, 3]
