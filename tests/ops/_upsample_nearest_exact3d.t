x: f32[2, 4, 6, 6, 6]
aten._upsample_nearest_exact3d.default(x, [12, 12, 6]) : f32[2, 4, 12, 12, 6]
