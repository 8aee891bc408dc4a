x: f32[2, 4, 6, 6, 6]
aten.upsample_nearest3d.default(x, [12, 12, 6]) : f32[2, 4, 12, 12, 6]
