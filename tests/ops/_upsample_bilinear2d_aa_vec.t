x: f32[2, 4, 9, 6]
aten._upsample_bilinear2d_aa.vec(x, [4, 6], False, None) : f32[2, 4, 4, 6]
