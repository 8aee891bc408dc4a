x: f32[2, 4, 6, 6]
aten._upsample_nearest_exact2d.vec(x, [9, 6], None) : f32[2, 4, 9, 6]
