x: f32[2, 4, 4, 4, 4]
aten.adaptive_max_pool3d.default(x, [2, 2, 2]) : f32[2, 4, 2, 2, 2], i64[2, 4, 2, 2, 2]
