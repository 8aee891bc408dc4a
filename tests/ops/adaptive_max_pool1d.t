x: f32[2, 4, 7]
aten.adaptive_max_pool1d.default(x, [3]) : f32[2, 4, 3], i64[2, 4, 3]
