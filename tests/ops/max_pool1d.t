x: f32[2, 4, 8]
aten.max_pool1d.default(x, [2]) : f32[2, 4, 4]
