x: f32[2, 4, 3, 3]
i: i64[2, 4, 3, 3]
aten.max_unpool2d.default(x, i, [6, 6]) : f32[2, 4, 6, 6]
