x: f32[4, 3]
i: i64[1, 2]
aten.take_along_dim.default(x, i, 1) : f32[4, 2]
