x: f32[2, 4, 8, 8]
aten.adaptive_max_pool2d.default(x, [2, 2]) : f32[2, 4, 2, 2], i64[2, 4, 2, 2]
