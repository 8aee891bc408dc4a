x: f32[2, 4, 8]
aten.avg_pool1d.default(x, [2]) : f32[2, 4, 4]
