x: f32[2, 4, 6, 6]
aten.upsample_bicubic2d.vec(x, [9, 6], False, None) : f32[2, 4, 9, 6]
