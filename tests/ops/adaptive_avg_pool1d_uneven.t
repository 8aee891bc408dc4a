x: f32[2, 4, 7]
aten.adaptive_avg_pool1d.default(x, [3]) : f32[2, 4, 3]
